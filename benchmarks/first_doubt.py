"""How long the first doubtful text after a start takes, in the engine's own process.

    python -m benchmarks.first_doubt --manifest MANIFEST [--model base] [--runs 3] [--idle 0 3]

Of the manifest the first recording of two to six seconds that is heard a second time and held to the language model. A
worker is started for every run; the recording is sent ``--idle`` seconds after it says that it is ready, and once
more when all is built, which is what the ratios are against. The peer: faster-whisper, loaded, the same recording.
Count it on a quiet machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import queue
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.latency import PEER, serve
from engine.audio import SAMPLE_RATE, load_audio
from engine.errors import OptionError
from engine.options import EngineOptions, TranscribeOptions
from engine.protocol import Event, Failed, Finished, Ready, Transcribe
from engine.transcriber import Transcriber
from engine.worker import Worker
from training.command import guarded
from training.manifest import read_manifest


class Process:
    """An engine in its own process; waits for what it says."""

    def __init__(self, options: EngineOptions) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._worker = Worker(options, self._events.put)
        self._worker.start()
        self._next(Ready)

    def seconds(self, samples: NDArray[np.float32]) -> float:
        """From sending a recording to having its text."""
        started = time.perf_counter()
        self._worker.submit(Transcribe("one", samples, TranscribeOptions()))
        self._next(Finished)
        return time.perf_counter() - started

    def close(self) -> None:
        self._worker.close()

    def _next(self, kind: type[Event]) -> None:
        while True:
            event = self._events.get(timeout=120)
            if isinstance(event, Failed):
                raise OptionError(event.message)
            if isinstance(event, kind):
                return


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--model", default="base")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--idle", type=float, nargs="+", default=[0.0, 3.0], metavar="SECONDS")
    args = parser.parse_args(argv)
    return guarded(lambda: _table(args))


def _table(args: argparse.Namespace) -> int:
    samples = doubtful(args.model, args.manifest)
    first: dict[float, list[float]] = {idle: [] for idle in args.idle}
    built: list[float] = []
    for _ in range(args.runs):
        for idle, found in first.items():
            process = Process(EngineOptions(model=args.model, ready_for=TranscribeOptions()))
            time.sleep(idle)
            found.append(process.seconds(samples))
            built.append(process.seconds(samples))
            process.close()
    usual, peer = statistics.median(built), faster_whisper(args.model, samples, args.runs)
    print(f"{samples.size / SAMPLE_RATE:.1f} s of speech; medians of {args.runs} starts.\n")
    print("| | s | against all built |\n|---|---|---|")
    for idle, found in first.items():
        taken = statistics.median(found)
        print(f"| the first, {idle:g} s after the start | {taken:.2f} | {taken / usual:.1f} |")
    print(f"| all built | {usual:.2f} | 1 |\n| {PEER}, loaded | {peer:.2f} | {peer / usual:.1f} |")
    return 0


def doubtful(model: str, manifest: Path) -> NDArray[np.float32]:
    """The first recording for which everything is needed.

    Raises:
        OptionError: there is none.
    """
    engine = Transcriber(EngineOptions(model=model))
    for utterance in read_manifest(manifest):
        samples = load_audio(utterance.audio)
        if 2 <= samples.size / SAMPLE_RATE <= 6:
            engine.__dict__.pop("_language_model", None)
            again = engine.transcribe(samples).segments[0].adaptation.decoded_both
            if again and "_language_model" in vars(engine):
                return samples
    raise OptionError(f"No recording of {manifest} is in doubt.")


def faster_whisper(model: str, samples: NDArray[np.float32], runs: int) -> float:
    """Seconds (median) that the peer takes for ``samples``."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, PEER, model, 0, 5, False), daemon=True)
    process.start()
    ours.recv()
    found = []
    for _ in range(runs + 1):
        ours.send(samples)
        found.append(float(ours.recv()["seconds"]))
    ours.send(None)
    ours.recv()
    process.join(10)
    return statistics.median(found[1:])


if __name__ == "__main__":
    sys.exit(main())
