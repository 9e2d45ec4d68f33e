"""``idiolect --self-test``: does this installation really write speech down, personalized?

Nothing is imitated: the engine's process is started as the app starts it, loads the
model that would be used, and writes recordings down that come with the program. Their
texts are known.
"""

from __future__ import annotations

import argparse
import json
import queue
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from engine import __version__
from engine.errors import AudioError, WorkerError
from engine.options import EngineOptions, TranscribeOptions
from engine.paths import assets_dir
from engine.protocol import Event, Failed, Finished, Ready, Transcribe
from engine.transcript import Transcript
from engine.wer import word_errors
from engine.worker import Worker

# Clear speech must be written down nearly as it was said; the disordered samples are hard.
_MOST_ERRORS_TYPICAL = 0.2
_MOST_ERRORS = 0.6
_PATIENCE = 300.0  # seconds, for a slow computer's first start


@dataclass(frozen=True)
class Sample:
    """A recording that comes with the program and what is said in it."""

    audio: Path
    text: str
    cohort: str


def samples() -> list[Sample]:
    """The recordings of ``assets/samples``, clear speech first.

    Raises:
        AudioError: they are missing or their list is damaged.
    """
    folder = assets_dir() / "samples"
    try:
        lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines() if line]
        found = [Sample(folder / line["audio"], str(line["text"]), str(line["cohort"])) for line in lines]
    except (OSError, ValueError, KeyError) as error:
        raise AudioError("The recordings that come with Idiolect are missing: install it again.") from error
    return sorted(found, key=lambda sample: sample.cohort != "typical")


def run(argv: list[str]) -> int:
    """Print what was heard; 0 where everything holds, else 1."""
    parser = argparse.ArgumentParser(prog="idiolect --self-test", description="Does this installation work?")
    parser.add_argument("--model", default="base")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args(argv)

    print(f"Idiolect {__version__}, {'packaged' if getattr(sys, 'frozen', False) else sys.prefix}")
    problems: list[str] = []
    errors = words = adapted = 0
    events: queue.Queue[Event] = queue.Queue()
    started = time.perf_counter()
    worker = Worker(EngineOptions(model=args.model, device=args.device), events.put)
    try:
        worker.start()
        ready = _ready(events)
        print(f"engine: process {worker.pid}, {ready.model} on {ready.device}, {time.perf_counter() - started:.1f} s")
        if not ready.personalized:
            problems.append(f"There is no hypernetwork for {args.model}, so nothing is personalized.")
        for number, sample in enumerate(samples()):
            transcript, seconds = _transcribe(worker, events, str(number), sample)
            count = word_errors(sample.text, transcript.text)
            errors, words = errors + count.errors, words + count.words
            strength = max((segment.adaptation.strength for segment in transcript.segments), default=0.0)
            adapted += strength > 0
            result = f"{count.rate:4.0%} wrong, strength {strength:.2f}, {seconds:.1f} s"
            print(f"{sample.cohort:13} {result}: {transcript.text}", flush=True)
            if sample.cohort == "typical" and count.rate > _MOST_ERRORS_TYPICAL:
                problems.append(f'Clear speech was misheard: "{transcript.text}" instead of "{sample.text}".')
    finally:
        worker.close()
    if words and errors / words > _MOST_ERRORS:
        problems.append(f"{errors / words:.0%} of the words of the samples were misheard.")
    if ready.personalized and not adapted:
        problems.append("The hypernetwork was used for none of the samples.")
    for problem in problems:
        print(f"idiolect: {problem}", file=sys.stderr)
    print("self-test failed" if problems else f"self-test passed: {words - errors} of {words} words, {adapted} adapted")
    return 1 if problems else 0


def _transcribe(worker: Worker, events: queue.Queue[Event], job: str, sample: Sample) -> tuple[Transcript, float]:
    started = time.perf_counter()
    worker.submit(Transcribe(job, sample.audio, TranscribeOptions()))
    return _finished(events, job), time.perf_counter() - started


def _finished(events: queue.Queue[Event], job: str) -> Transcript:
    while True:
        event = _next(events)
        if isinstance(event, Finished) and event.job == job:
            return event.transcript


def _ready(events: queue.Queue[Event]) -> Ready:
    while True:
        event = _next(events)
        if isinstance(event, Ready):
            return event


def _next(events: queue.Queue[Event]) -> Event:
    try:
        event = events.get(timeout=_PATIENCE)
    except queue.Empty:
        raise WorkerError("The engine does not answer: restart the computer and try again.") from None
    if isinstance(event, Failed):
        raise WorkerError(event.message)
    return event
