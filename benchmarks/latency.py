"""How fast a dictated clip becomes text: Idiolect against faster-whisper and transformers.

    python -m benchmarks.latency [--model base] [--threads 2] [--beam 5] [--runs 7]
    python -m benchmarks.latency --manifest ../shared/real-speech/manifest.jsonl --clips 8

The same weights, clips, beam and threads; every system in a process of its own, runs
interleaved so that a noisy machine is noisy for all. Several clips of every length; a clip
whose text is in doubt is decoded a second time without personalization, and counts as it
is. Prints one Markdown table with the mean of the clips' medians, ratios, peak memory and
cold start (process start to first text).

The clips are whole utterances, those nearest to each length; where a speaker's are shorter,
as many as it takes, one after the other with a pause. Without ``--manifest`` they come
from the bundled samples and the tests' short commands: one atypical speaker each, so that
long clips change their speaker, and far more texts are in doubt than in anybody's use.

``--cpu`` counts the processor's seconds instead of the clock's, with one thread: on a busy
machine these can still be compared.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from engine.audio import SAMPLE_RATE, load_audio
from engine.errors import OptionError
from engine.options import EngineOptions, TranscribeOptions
from engine.paths import assets_dir

Run = Callable[[np.ndarray], dict[str, Any]]  # samples to {"text": …, parts in seconds}
SECONDS = (2, 5, 10, 25)
BUNDLED = (
    assets_dir() / "samples" / "manifest.jsonl",
    Path(__file__).resolve().parent.parent / "tests" / "data" / "simulated" / "manifest.jsonl",
)


def idiolect_onnx(model: str, threads: int, beam: int) -> Run:
    return _idiolect(EngineOptions(model=model, device="cpu", decoder="onnx", threads=threads), beam)


def idiolect_ct2(model: str, threads: int, beam: int) -> Run:
    return _idiolect(EngineOptions(model=model, device="cpu", decoder="ct2", threads=threads), beam)


def idiolect_torch(model: str, threads: int, beam: int) -> Run:
    return _idiolect(EngineOptions(model=model, device="cpu", decoder="torch", threads=threads), beam)


def _idiolect(options: EngineOptions, beam: int) -> Run:
    from engine.transcriber import Transcriber

    transcriber = Transcriber(options)
    assert transcriber.hypernetwork is not None, "there is no hypernetwork for this model: nothing is personalised"

    def run(samples: np.ndarray) -> dict[str, Any]:
        transcript = transcriber.transcribe(samples, TranscribeOptions(beam_size=beam))
        twice = any(segment.adaptation.decoded_both for segment in transcript.segments)
        return {"text": transcript.text, "twice": twice, **asdict(transcript.timings)}

    return run


def faster_whisper_int8(model: str, threads: int, beam: int) -> Run:
    from faster_whisper import WhisperModel

    from engine.models import locate

    whisper = WhisperModel(str(locate(model)), device="cpu", compute_type="int8", cpu_threads=threads)

    def run(samples: np.ndarray) -> dict[str, Any]:
        segments, _ = whisper.transcribe(samples, language="en", beam_size=beam, without_timestamps=True)
        return {"text": " ".join(segment.text.strip() for segment in segments)}

    return run


def transformers_float32(model: str, threads: int, beam: int) -> Run:
    import torch
    from transformers import WhisperFeatureExtractor

    from engine.models import locate
    from engine.tokens import WhisperTokenizer
    from engine.torch_decoder import load_whisper

    torch.set_num_threads(threads)
    directory = locate(model)
    whisper, tokenizer = load_whisper(directory), WhisperTokenizer(directory)
    extractor = WhisperFeatureExtractor()
    prompt = tokenizer.prompt("en")
    whisper.generation_config.update(
        eos_token_id=tokenizer.special.eot,
        pad_token_id=tokenizer.special.eot,
        decoder_start_token_id=tokenizer.special.sot,
        no_timestamps_token_id=tokenizer.special.no_timestamps,
    )

    def run(samples: np.ndarray) -> dict[str, Any]:
        features = extractor(samples, sampling_rate=SAMPLE_RATE, return_tensors="pt").input_features
        with torch.inference_mode():
            tokens = whisper.generate(
                features, decoder_input_ids=torch.tensor([prompt]), num_beams=beam, max_new_tokens=224
            )
        return {"text": tokenizer.decode(tokens[0].tolist()).strip()}

    return run


PEER = "faster-whisper int8"
SYSTEMS: dict[str, Callable[[str, int, int], Run]] = {
    "idiolect onnx int8, personalised": idiolect_onnx,
    "idiolect ct2 int8, personalised": idiolect_ct2,
    PEER: faster_whisper_int8,
    "idiolect torch float32, personalised": idiolect_torch,
    "transformers float32": transformers_float32,
}


Clips = dict[int, list[np.ndarray]]  # length in seconds to samples


def speech(manifest: Path | None) -> list[list[np.ndarray]]:
    """The recordings of each of its speakers; without a manifest those that come with the project, all in one list.

    Raises IdiolectError where a file cannot be read.
    """
    from training.manifest import read_manifest  # here: a cold start imports this module, and is timed

    if manifest is None:
        return [[load_audio(utterance.audio) for path in BUNDLED for utterance in read_manifest(path)]]
    spoken: dict[str, list[np.ndarray]] = {}
    for utterance in read_manifest(manifest):
        spoken.setdefault(utterance.speaker, []).append(load_audio(utterance.audio))
    if not spoken:
        raise OptionError(f"{manifest} has no utterances.")
    return list(spoken.values())


def clips(spoken: Sequence[Sequence[np.ndarray]], count: int) -> Clips:
    """``count`` clips of about 2, 5, 10 and 25 s, by turns from each of the lists of recordings."""
    chosen: Clips = {}
    for seconds in SECONDS:
        wanted = seconds * SAMPLE_RATE
        ranked: list[tuple[int, int, np.ndarray]] = []  # the speaker's nth best, samples too many or too few, the clip
        for said in spoken:
            own = [_joined(said[n:], wanted) for n in range(len(said))]
            own.sort(key=lambda clip: abs(clip.size - wanted))
            ranked += [(rank, abs(clip.size - wanted), clip) for rank, clip in enumerate(own)]
        near = [item for item in ranked if item[1] <= 0.3 * wanted]
        order = sorted(near or ranked, key=lambda item: item[:2])
        chosen[seconds] = [clip for _, _, clip in order[:count]]
    return chosen


def _joined(said: Sequence[np.ndarray], wanted: int) -> np.ndarray:
    """The first of ``said``, or as many of them as come nearest to ``wanted`` samples, 0.3 s apart."""
    pause = np.zeros(int(0.3 * SAMPLE_RATE), np.float32)
    clip = said[0]
    for more in said[1:]:
        longer = np.concatenate([clip, pause, more])
        if abs(longer.size - wanted) >= abs(clip.size - wanted):
            break
        clip = longer
    return clip


def serve(connection: Connection, system: str, model: str, threads: int, beam: int, cpu: bool) -> None:
    """One system in a process of its own: samples in, seconds out, until None comes."""
    clock = time.process_time if cpu else time.perf_counter
    if cpu:
        time.perf_counter = time.process_time  # the engine's own clock, too
    run = SYSTEMS[system](model, threads, beam)
    connection.send("ready")
    while (samples := connection.recv()) is not None:
        started = clock()
        result = run(samples)
        connection.send({**result, "seconds": clock() - started})
    connection.send(_peak_megabytes())


def _peak_megabytes() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def cold_start(system: str, model: str, threads: int, beam: int, runs: int, samples: np.ndarray) -> float:
    """Median seconds from starting Python to the first text of ``samples``."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.npy"
        np.save(clip, samples)
        code = (
            "import sys, numpy as np; from benchmarks.latency import SYSTEMS; "
            f"SYSTEMS[{system!r}]({model!r}, {threads}, {beam})(np.load(sys.argv[1]))"
        )
        times = []
        for _ in range(runs + 1):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code, str(clip)], check=True, stderr=subprocess.DEVNULL)
            times.append(time.perf_counter() - started)
    return statistics.median(times[1:])  # the first fills the disk cache


def cold_command_line(model: str, runs: int, samples: np.ndarray) -> float:
    """As ``cold_start``, through ``idiolect transcribe``: its own process and the worker's."""
    from engine.audio import write_wav

    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.wav"
        write_wav(clip, samples)
        times = []
        for _ in range(runs + 1):
            started = time.perf_counter()
            command = [sys.executable, "-m", "engine.cli", "transcribe", str(clip), "--model", model]
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def measure(
    systems: list[str], model: str, threads: int, beam: int, runs: int, cpu: bool, spoken: Clips
) -> dict[str, dict[str, Any]]:
    """Interleaved runs: for every system the results by clip length, and its peak memory."""
    context = multiprocessing.get_context("spawn")
    pipes = {}
    for system in systems:
        ours, theirs = context.Pipe()
        context.Process(target=serve, args=(theirs, system, model, threads, beam, cpu), daemon=True).start()
        assert ours.recv() == "ready"
        pipes[system] = ours
    results: dict[str, dict[str, Any]] = {
        system: {str(s): [[] for _ in spoken[s]] for s in SECONDS} for system in systems
    }
    for run in range(runs + 1):
        for seconds, several in spoken.items():
            for number, samples in enumerate(several):
                for system in systems:
                    pipes[system].send(samples)
                    result = pipes[system].recv()
                    if run:  # the first warms up
                        results[system][str(seconds)][number].append(result)
        print(f"run {run} of {runs}", file=sys.stderr)
    for system in systems:
        pipes[system].send(None)
        results[system]["memory"] = pipes[system].recv()
    return results


def table(results: dict[str, dict[str, Any]], cold: dict[str, float]) -> str:
    """Medians in seconds, and in brackets how many times faster than faster-whisper."""

    def median(system: str, seconds: int, part: str = "seconds") -> float:
        each = results[system][str(seconds)]
        return statistics.mean(statistics.median(result[part] for result in runs) for runs in each)

    head = "| system | " + " | ".join(f"{s} s clip" for s in SECONDS) + " | cold start | peak memory |"
    lines = [head, "|---" * (len(SECONDS) + 3) + "|"]
    for system in results:
        cells = [f"{median(system, s):.2f} ({median(PEER, s) / median(system, s):.1f}×)" for s in SECONDS]
        cells += [f"{cold[system]:.2f} ({cold[PEER] / cold[system]:.1f}×)", f"{results[system]['memory']:.0f} MB"]
        lines.append(f"| {system} | " + " | ".join(cells) + " |")
    lines += ["", "Where the time of a personalised utterance goes (the first system):", ""]
    head = "| clip | log-mel | encoder | adaptation | decoder | adaptation, share of all | decoded twice |"
    lines += [head, "|---" * 7 + "|"]
    ours = next(system for system in results if system.startswith("idiolect"))
    for s in SECONDS:
        parts = [median(ours, s, part) for part in ("mel", "encode", "adapt", "decode")]
        parts[2] += median(ours, s, "embed")
        cells = [f"{1000 * part:.0f} ms" for part in parts]
        twice = sum(runs[0]["twice"] for runs in results[ours][str(s)])
        share = f"{parts[2] / median(ours, s, 'total'):.0%}"
        lines.append(f"| {s} s | " + " | ".join([*cells, share, f"{twice} of {len(results[ours][str(s)])}"]) + " |")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--cpu", action="store_true", help="the processor's seconds, with one thread")
    parser.add_argument("--manifest", type=Path, help="a manifest (docs/training.md) to take the clips from")
    parser.add_argument("--clips", type=int, default=3, help="of every length (default: %(default)s)")
    args = parser.parse_args(argv)
    if min(args.clips, args.runs) < 1:
        parser.error("at least one clip and one run are needed")
    if PEER not in args.systems:
        parser.error(f"{PEER} is what the others are compared with: name it too")

    from training.command import guarded

    return guarded(lambda: _compare(args))


def _compare(args: argparse.Namespace) -> int:
    if args.cpu:
        args.threads = 1
    spoken = clips(speech(args.manifest), args.clips)
    starts, first = min(3, args.runs), spoken[5][0]
    cold = {system: cold_start(system, args.model, args.threads, args.beam, starts, first) for system in args.systems}
    results = measure(args.systems, args.model, args.threads, args.beam, args.runs, args.cpu, spoken)
    machine = platform.processor() or platform.machine()
    print(
        f"{args.model}, beam {args.beam}, {args.threads} threads, median of {args.runs} runs, {machine}"
        + (", processor time" if args.cpu else "")
    )
    print()
    print(table(results, cold))
    whole = cold_command_line(args.model, starts, first)
    print(f"\nCold start of the whole command line, worker process included: {whole:.2f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
