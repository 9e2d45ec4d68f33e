"""A day's work for the real engine process and what it costs; then the same while it is killed again and again.

Latency is the time from handing over a recording to its text, as a person waits for it. On a
computer that has other things to do it says as much about those, so the engine's own work, the
processor seconds of its process, is counted for every utterance, too.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.soak_speech import Saying
from engine.audio import write_wav
from engine.options import EngineOptions, TranscribeOptions
from engine.protocol import Event, Failed, Finished, Ready, Restarted, Stopped, Transcribe
from engine.transcript import Segment
from engine.worker import Worker

# As the app asks: readings to choose from, and times and confidence of every word.
DICTATION = TranscribeOptions(n_best=5, words=True)
PREVIEW = TranscribeOptions(beam_size=1, once=True)
_PATIENCE = 300.0  # seconds for one utterance: more is a hang
_WINDOW = 0.05  # memory is compared between the 5 % after the warm-up and the last 5 %


@dataclass(frozen=True)
class Handles:
    """What a process holds: memory in bytes, files and pipes (on Windows: handles), threads; and its work so far."""

    memory: int
    files: int
    threads: int
    work: float  # processor seconds

    @staticmethod
    def of(pid: int) -> Handles:
        process = psutil.Process(pid)
        with process.oneshot():
            files = process.num_fds() if hasattr(process, "num_fds") else process.num_handles()
            times = process.cpu_times()
            return Handles(process.memory_info().rss, files, process.num_threads(), times.user + times.system)


@dataclass(frozen=True)
class Done:
    """One utterance of the day: its kind and length, how it ended, what it took, what the two processes held then."""

    kind: str
    seconds: float
    text: str | None  # None: no text came
    again: bool  # whether it was decoded more than once, because the first text was in doubt
    took: float
    work: float
    engine: Handles
    program: Handles


class Engine:
    """The worker as programs use it, with its events in a queue."""

    def __init__(self, model: str) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.worker = Worker(EngineOptions(model=model), self._events.put)
        self.restarts = 0
        self.ends: dict[str, list[Event]] = {}
        self.worker.start()
        self.until(lambda event: isinstance(event, Ready))

    def until(self, wanted: Any) -> Event:
        """The next event that is wanted; all others are kept in the books."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                event = self._events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise SystemExit(f"The engine said nothing for {_PATIENCE:g} seconds: this is a hang.") from None
            self.note(event)
            if wanted(event):
                return event

    def note(self, event: Event) -> None:
        if isinstance(event, Restarted):
            self.restarts += 1
        if isinstance(event, Finished | Failed | Stopped) and event.job is not None:
            self.ends.setdefault(event.job, []).append(event)

    def wait(self, job: str) -> Event:
        if job not in self.ends:
            self.until(lambda event: job in self.ends)
        return self.ends[job][-1]

    def transcribe(self, job: str, audio: Path | np.ndarray, options: TranscribeOptions = DICTATION) -> Event:
        self.worker.submit(Transcribe(job, audio, options))
        return self.wait(job)

    def drain(self, seconds: float) -> None:
        """Take what comes within ``seconds``: there should be nothing."""
        end = time.monotonic() + seconds
        with contextlib.suppress(queue.Empty):
            while True:
                self.note(self._events.get(timeout=max(0.0, end - time.monotonic())))


def day(model: str, sayings: list[Saying], tell: Callable[[str], None], keep: Callable[[Any], None]) -> dict[str, Any]:
    """Everything in ``sayings`` through one engine process, one after the other; ``keep`` gets the figures so far."""
    engine = Engine(model)
    done: list[Done] = []
    pid = engine.worker.pid
    started = time.monotonic()

    def figures() -> dict[str, Any]:
        minutes = (time.monotonic() - started) / 60
        return {**_figures(done), "took_minutes": round(minutes, 1), "one_process": engine.worker.pid == pid}

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "utterance.wav"
        for number, saying in enumerate(sayings):
            if number % 5 == 0:  # the app asks for previews while somebody speaks
                engine.worker.submit(Transcribe(f"preview {number}", saying.samples[-240_000:], PREVIEW, preview=True))
                engine.wait(f"preview {number}")
            if number % 50 == 25:  # and somebody cancels
                engine.worker.submit(Transcribe(f"cancelled {number}", saying.samples, DICTATION))
                engine.worker.cancel(f"cancelled {number}")
                engine.wait(f"cancelled {number}")
            write_wav(path, saying.samples)
            done.append(_one(engine, str(number), path, saying))
            engine.ends.clear()
            if (number + 1) % 50 == 0:
                keep(figures())
                memory = done[-1].engine.memory / 1e6
                tell(f"  {number + 1} of {len(sayings)}, {time.monotonic() - started:.0f} s, {memory:.0f} MB")
    found = figures()
    engine.worker.close()
    return found


def _one(engine: Engine, job: str, path: Path, saying: Saying) -> Done:
    pid = engine.worker.pid or 0
    work, before = Handles.of(pid).work, time.perf_counter()
    ended = engine.transcribe(job, path)
    took = time.perf_counter() - before
    held = Handles.of(engine.worker.pid or 0)
    text = ended.transcript.text if isinstance(ended, Finished) else None
    again = isinstance(ended, Finished) and any(map(_decoded_again, ended.transcript.segments))
    return Done(saying.kind, saying.seconds, text, again, took, held.work - work, held, Handles.of(os.getpid()))


def _decoded_again(segment: Segment) -> bool:
    reason = segment.adaptation.reason
    return segment.adaptation.decoded_both or "halved" in reason or "switched off" in reason or "attempt" in reason


def _figures(done: list[Done]) -> dict[str, Any]:
    nothing = [one for one in done if one.kind in ("silence", "noise")]
    return {
        "utterances": len(done),
        "spoken_hours": round(sum(one.seconds for one in done) / 3600, 2),
        "lost": sum(one.text is None for one in done),
        "words_out_of_nothing": sum(bool(one.text) for one in nothing),
        "engine": _growth([one.engine for one in done]),
        "program": _growth([one.program for one in done]),
        "decoded_again_percent": round(100 * sum(one.again for one in done) / len(done), 1),
        "latency": _spread(done, "took"),
        "latency_decoded_once": _spread([one for one in done if not one.again], "took"),
        "work": _spread(done, "work"),
    }


def _growth(held: list[Handles]) -> dict[str, Any]:
    """Medians over the utterances after the warm-up and over the last ones."""
    window = max(3, round(_WINDOW * len(held)))
    first, last = held[window : 2 * window], held[-window:]

    def middle(part: list[Handles], name: str) -> float:
        return statistics.median(getattr(one, name) for one in part)

    before, after = middle(first, "memory"), middle(last, "memory")
    return {
        "memory_after_warm_up_mb": round(before / 1e6, 1),
        "memory_at_the_end_mb": round(after / 1e6, 1),
        "memory_most_mb": round(max(one.memory for one in held) / 1e6, 1),
        "memory_growth_percent": round(100 * (after / before - 1), 2),
        "memory_mb": [round(one.memory / 1e6, 1) for one in held[:: max(1, len(held) // 20)]],
        "files": [middle(first, "files"), middle(last, "files")],
        "threads": [middle(first, "threads"), middle(last, "threads")],
    }


def _spread(done: list[Done], name: str) -> dict[str, Any]:
    """Seconds (``took`` or ``work``) of each length of utterance, and of all: half need at most p50, 99 of 100 p99."""
    kinds: dict[str, list[float]] = {}
    for one in done:
        kinds.setdefault(one.kind, []).append(getattr(one, name))
        if one.kind.endswith(" s"):
            kinds.setdefault("all speech", []).append(getattr(one, name))
    found = {}
    for kind, values in sorted(kinds.items()):
        p50, p99 = float(np.percentile(values, 50)), float(np.percentile(values, 99))
        ratio = round(p99 / max(p50, 1e-3), 2)
        found[kind] = {"count": len(values), "p50": round(p50, 3), "p99": round(p99, 3), "ratio": ratio}
    return found


def kills(
    model: str,
    sayings: list[Saying],
    count: int,
    seed: int,
    tell: Callable[[str], None],
    keep: Callable[[Any], None],
) -> dict[str, Any]:
    """Kill -9 of the engine ``count`` times while it works, and see that every utterance is written down, once.

    The texts must be those of an engine that nobody killed.
    """
    random = np.random.default_rng(seed)
    undisturbed = Engine(model)
    expected: dict[int, str] = {}
    took: list[float] = []
    spoken = [number for number, saying in enumerate(sayings) if saying.kind.endswith(" s")]
    spoken = spoken[4 : 4 + min(30, 4 + 2 * count)]  # not the first four, which are the longest of their kind
    for number in spoken:
        before = time.perf_counter()
        ended = undisturbed.transcribe(str(number), sayings[number].samples)
        took.append(time.perf_counter() - before)
        assert isinstance(ended, Finished)
        expected[number] = ended.transcript.text
    undisturbed.worker.close()

    engine = Engine(model)
    sent: list[tuple[str, int]] = []
    killed: set[int] = set()
    while len(killed) < count:
        for _ in range(random.integers(1, 4)):  # up to three wait while it dies
            number = spoken[random.integers(len(spoken))]
            job = f"{len(sent)}"
            sent.append((job, number))
            engine.worker.submit(Transcribe(job, sayings[number].samples, DICTATION))
        for _ in range(random.integers(1, 3)):  # sometimes again while it starts
            engine.drain(random.uniform(0.0, 1.5 * statistics.median(took)))
            pid = engine.worker.pid
            working = any(job not in engine.ends for job, _ in sent)
            if working and pid is not None and pid not in killed and len(killed) < count:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.add(pid)
        for job, _ in sent:
            engine.wait(job)
        keep(_survived(engine, sent, expected, killed))
        tell(f"  {len(killed)} of {count} kills, {len(sent)} utterances")
    engine.drain(1.0)
    engine.worker.close()
    return _survived(engine, sent, expected, killed)


def _survived(
    engine: Engine, sent: list[tuple[str, int]], expected: dict[int, str], killed: set[int]
) -> dict[str, Any]:
    ends = {job: engine.ends.get(job, []) for job, _ in sent}
    finished = {job: ended[0] for job, ended in ends.items() if len(ended) == 1 and isinstance(ended[0], Finished)}
    other = [job for job, number in sent if job in finished and finished[job].transcript.text != expected[number]]
    return {
        "kills": len(killed),
        "restarts": engine.restarts,
        "utterances": len(sent),
        "lost": len(sent) - len(finished),
        "ended_more_than_once": sum(len(ended) > 1 for ended in ends.values()),
        "other_text": len(other),
    }


def handles(pid: int) -> dict[str, int]:
    """For a report: what a process holds now."""
    return asdict(Handles.of(pid))
