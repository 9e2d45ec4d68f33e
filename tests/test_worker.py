"""The engine's process may die; what was spoken is written down all the same."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.audio import SAMPLE_RATE, write_wav
from engine.options import EngineOptions, TranscribeOptions
from engine.protocol import Event, Failed, Finished, Partial, Ready, Restarted, Stopped, Transcribe
from engine.transcript import Transcript
from engine.worker import Worker
from tests.conftest import Samples

FAST = TranscribeOptions(beam_size=1)


class Listener:
    """Keeps every event, and waits for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, wanted: Callable[[Event], bool], seconds: float = 90.0) -> Event:
        end = time.monotonic() + seconds
        with self._news:
            while True:
                for event in self.events:
                    if wanted(event):
                        return event
                assert self._news.wait(end - time.monotonic()), f"only {self.events}"

    def end_of(self, job: str) -> Event:
        return self.wait(lambda e: isinstance(e, Finished | Failed | Stopped) and e.job == job)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def worker(base: Path, listener: Listener) -> Iterator[Worker]:
    worker = Worker(EngineOptions(model=str(base)), listener)
    worker.start()
    yield worker
    worker.close()


def test_speech_sent_to_it_comes_back_as_text(worker: Worker, listener: Listener, clips: list[Samples]) -> None:
    worker.submit(Transcribe("one", clips[1], FAST))
    ended = listener.end_of("one")
    assert isinstance(ended, Finished)
    assert "train" in ended.transcript.text
    kinds = [type(event) for event in listener.events]
    assert kinds.index(Ready) < kinds.index(Partial) < kinds.index(Finished)


def test_killed_in_the_middle_the_utterance_is_written_down_after_the_restart(
    worker: Worker, listener: Listener, clips: list[Samples]
) -> None:
    listener.wait(lambda e: isinstance(e, Ready))
    for number, clip in enumerate(clips[:3]):
        worker.submit(Transcribe(str(number), clip, TranscribeOptions()))
    time.sleep(0.1)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    texts = [listener.end_of(str(number)) for number in range(3)]
    assert all(isinstance(text, Finished) for text in texts)
    assert any(isinstance(event, Restarted) for event in listener.events)
    ends = [event.job for event in listener.events if isinstance(event, Finished)]
    assert sorted(ends) == ["0", "1", "2"]  # each exactly once


def test_killed_again_and_again_it_gives_up_with_a_sentence_and_can_be_started_anew(
    worker: Worker, listener: Listener, clips: list[Samples]
) -> None:
    worker.submit(Transcribe("doomed", clips[0], TranscribeOptions()))
    while not any(isinstance(event, Failed) for event in listener.events):
        pid = worker.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    failed = listener.end_of("doomed")
    assert isinstance(failed, Failed) and "kept" in failed.message
    worker.submit(Transcribe("again", clips[0], FAST))
    assert isinstance(listener.end_of("again"), Finished)


def test_a_cancelled_job_ends_as_stopped_and_the_next_goes_on(
    worker: Worker, listener: Listener, clips: list[Samples]
) -> None:
    for number in range(4):
        worker.submit(Transcribe(str(number), clips[number], FAST))
    worker.cancel("2")
    assert isinstance(listener.end_of("2"), Stopped)
    assert isinstance(listener.end_of("3"), Finished)


def test_a_job_that_waits_is_cancelled_at_once(worker: Worker, listener: Listener, clips: list[Samples]) -> None:
    worker.submit(Transcribe("running", np.concatenate(clips[:4] * 4), TranscribeOptions()))
    worker.submit(Transcribe("waiting", clips[0], FAST))
    listener.wait(lambda event: isinstance(event, Partial))
    worker.cancel("waiting")
    assert isinstance(listener.end_of("waiting"), Stopped)
    assert not any(isinstance(event, Finished) for event in listener.events), "not only after what runs"
    worker.cancel("running")
    assert isinstance(listener.end_of("running"), Stopped)


def test_of_waiting_previews_only_the_newest_is_done(worker: Worker, listener: Listener, clips: list[Samples]) -> None:
    listener.wait(lambda e: isinstance(e, Ready))
    # Long enough for the previews to have arrived when it ends, on a busy computer too.
    worker.submit(Transcribe("real", np.concatenate(clips[:6]), TranscribeOptions()))
    for number in range(3):
        worker.submit(Transcribe(f"preview {number}", clips[1], FAST, preview=True))
    assert isinstance(listener.end_of("real"), Finished)
    ends = [type(listener.end_of(f"preview {number}")) for number in range(3)]
    assert ends == [Stopped, Stopped, Finished]


def test_what_was_rehearsed_is_the_text_if_nobody_said_anything_more(
    worker: Worker, listener: Listener, clips: list[Samples], tmp_path: Path
) -> None:
    said, more = (np.round(clip * 32768).astype(np.int16) / np.float32(32768) for clip in clips[:2])
    quiet = np.zeros(SAMPLE_RATE, np.float32)
    so_far = np.concatenate([said, quiet[: SAMPLE_RATE // 4]])

    def text_after(name: str, audio: Samples, options: TranscribeOptions = FAST) -> tuple[Transcript, bool]:
        """What is written down in the end, and whether it was only made then."""
        worker.submit(Transcribe(f"so far {name}", so_far, FAST, preview=True, rehearsal=True))
        rehearsed = listener.end_of(f"so far {name}")
        write_wav(tmp_path / f"{name}.wav", audio)
        worker.submit(Transcribe(name, tmp_path / f"{name}.wav", options))
        ended = listener.end_of(name)
        assert isinstance(rehearsed, Finished) and isinstance(ended, Finished)
        assert any(isinstance(event, Partial) and event.job == name for event in listener.events)
        return ended.transcript, ended.transcript.timings != rehearsed.transcript.timings

    silent, anew = text_after("silent", np.concatenate([so_far, quiet]))
    assert "dinner" in silent.text and not anew
    assert silent.duration == pytest.approx(so_far.size / SAMPLE_RATE + 1, abs=0.01)
    longer, anew = text_after("longer", np.concatenate([so_far, more]))
    assert "dinner" in longer.text and "train" in longer.text and anew
    worker.submit(Transcribe("cancelled", so_far, FAST, preview=True, rehearsal=True))
    listener.end_of("cancelled")
    worker.forget()
    worker.submit(Transcribe("after it", np.concatenate([so_far, quiet]), FAST))
    after, before = listener.end_of("after it"), listener.end_of("cancelled")
    assert isinstance(after, Finished) and isinstance(before, Finished)
    assert after.transcript.timings != before.transcript.timings
    assert text_after("other sound", np.concatenate([quiet, so_far]))[1]
    assert text_after("other options", so_far, TranscribeOptions(beam_size=2))[1]
    worker.submit(Transcribe("again", np.concatenate([so_far, quiet]), FAST))
    again = listener.end_of("again")
    assert isinstance(again, Finished) and again.transcript.timings != silent.timings, "it is kept for one text only"


def test_a_bad_file_fails_alone(worker: Worker, listener: Listener, clips: list[Samples], tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not audio")
    worker.submit(Transcribe("bad", tmp_path / "text.wav", FAST))
    worker.submit(Transcribe("good", clips[2], FAST))
    failed = listener.end_of("bad")
    assert isinstance(failed, Failed) and "text.wav" in failed.message and "\n" not in failed.message
    assert isinstance(listener.end_of("good"), Finished)


def test_an_engine_that_cannot_start_says_why_and_another_can_be_loaded(
    base: Path, listener: Listener, clips: list[Samples]
) -> None:
    worker = Worker(EngineOptions(model="no such model"), listener)
    worker.submit(Transcribe("early", clips[0], FAST))
    failed = listener.end_of("early")
    assert isinstance(failed, Failed) and "no such model" in failed.message
    worker.reload(EngineOptions(model=str(base)))
    worker.submit(Transcribe("late", clips[0], FAST))
    assert isinstance(listener.end_of("late"), Finished)
    worker.close()


def test_whatever_stops_the_engine_from_loading_is_said_once(base: Path, listener: Listener, tmp_path: Path) -> None:
    shutil.copytree(base, tmp_path / "model", ignore=shutil.ignore_patterns("idiolect.json", "*.onnx", "*.int8.bin"))
    (tmp_path / "model" / "config.json").write_text("[1]")
    worker = Worker(EngineOptions(model=str(tmp_path / "model")), listener)
    worker.start()
    failed = listener.wait(lambda event: isinstance(event, Failed))
    assert isinstance(failed, Failed) and failed.job is None and "\n" not in failed.message
    assert not any(isinstance(event, Restarted) for event in listener.events)
    worker.close()


def test_the_process_ends_with_the_program(worker: Worker, listener: Listener) -> None:
    listener.wait(lambda e: isinstance(e, Ready))
    pid = worker.pid
    assert pid is not None
    worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
