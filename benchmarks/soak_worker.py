"""A day's work for the real engine process and what it costs; then the same while it is killed again and again."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.soak_speech import Saying
from engine.audio import write_wav
from engine.options import EngineOptions, TranscribeOptions
from engine.protocol import Event, Failed, Finished, Ready, Restarted, Stopped, Transcribe
from engine.worker import Worker

# As the app asks: readings to choose from, and times and confidence of every word.
DICTATION = TranscribeOptions(n_best=5, words=True)
PREVIEW = TranscribeOptions(beam_size=1)
_PATIENCE = 300.0  # seconds for one utterance: more is a hang
_WINDOW = 0.05  # memory is compared between the 5 % after the warm-up and the last 5 %


@dataclass(frozen=True)
class Handles:
    """What a process holds: memory in bytes, files and pipes (on Windows: handles), threads."""

    memory: int
    files: int
    threads: int

    @staticmethod
    def of(pid: int) -> Handles:
        process = psutil.Process(pid)
        with process.oneshot():
            files = process.num_fds() if hasattr(process, "num_fds") else process.num_handles()
            return Handles(process.memory_info().rss, files, process.num_threads())


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


def day(model: str, sayings: list[Saying], tell: Any = print) -> dict[str, Any]:
    """Everything in ``sayings`` through one engine process, one after the other."""
    engine = Engine(model)
    held: list[Handles] = []
    own: list[Handles] = []
    took: list[float] = []
    texts: dict[int, str] = {}
    lost = 0
    pid = engine.worker.pid
    started = time.monotonic()
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
            before = time.perf_counter()
            ended = engine.transcribe(str(number), path)
            took.append(time.perf_counter() - before)
            if isinstance(ended, Finished):
                texts[number] = ended.transcript.text
            lost += not isinstance(ended, Finished)
            held.append(Handles.of(engine.worker.pid or 0))
            own.append(Handles.of(os.getpid()))
            engine.ends.clear()
            if (number + 1) % 100 == 0:
                seconds = time.monotonic() - started
                tell(f"  {number + 1} of {len(sayings)} utterances, {seconds:.0f} s, {held[-1].memory / 1e6:.0f} MB")
    same = engine.worker.pid == pid
    engine.worker.close()
    nothing = [texts.get(n, "") for n, saying in enumerate(sayings) if saying.kind in ("silence", "noise")]
    return {
        "utterances": len(sayings),
        "spoken_hours": round(sum(saying.seconds for saying in sayings) / 3600, 2),
        "took_minutes": round((time.monotonic() - started) / 60, 1),
        "lost": lost,
        "one_process": same,
        "words_out_of_nothing": sum(bool(text) for text in nothing),
        "engine": _growth(held),
        "program": _growth(own),
        "latency": _latency(sayings, took),
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
        "files": [middle(first, "files"), middle(last, "files")],
        "threads": [middle(first, "threads"), middle(last, "threads")],
    }


def _latency(sayings: list[Saying], took: list[float]) -> dict[str, Any]:
    """Seconds from handing over the recording to its text, for each length of utterance."""
    kinds: dict[str, list[float]] = {}
    for saying, seconds in zip(sayings, took):
        kinds.setdefault(saying.kind, []).append(seconds)
    spoken = [seconds for saying, seconds in zip(sayings, took) if saying.kind not in ("silence", "noise")]
    kinds["all speech"] = spoken
    found = {}
    for kind, values in sorted(kinds.items()):
        p50, p99 = float(np.percentile(values, 50)), float(np.percentile(values, 99))
        found[kind] = {"count": len(values), "p50": round(p50, 3), "p99": round(p99, 3), "ratio": round(p99 / p50, 2)}
    return found


def kills(model: str, sayings: list[Saying], count: int, seed: int, tell: Any = print) -> dict[str, Any]:
    """Kill -9 of the engine ``count`` times while it works, and see that every utterance is written down, once.

    The texts must be those of an engine that nobody killed.
    """
    random = np.random.default_rng(seed)
    undisturbed = Engine(model)
    expected: dict[int, str] = {}
    took: list[float] = []
    spoken = [number for number, saying in enumerate(sayings) if saying.kind.endswith(" s")][:30]
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
        if len(sent) % 20 == 0:
            tell(f"  {len(killed)} of {count} kills, {len(sent)} utterances")
    engine.drain(1.0)
    ends = {job: engine.ends.get(job, []) for job, _ in sent}
    engine.worker.close()
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
