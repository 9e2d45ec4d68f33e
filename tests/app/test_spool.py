"""Speech survives whatever happens to the app and to the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import wave
from pathlib import Path

import numpy as np
import pytest

import app.spool
from app.spool import HEADER_BYTES, Spool
from engine.audio import load_audio
from engine.errors import StorageError

RECORDER = """
import sys, time
import numpy as np
from app.spool import Spool
recording = Spool().begin("ada", print)
print(recording.note.id, flush=True)
count = 0
while True:  # a tenth of a second every tenth of a second, each block with its own number
    recording.append(np.full(1600, count % 1000, np.int16))
    count += 1
    print(count, flush=True)
    time.sleep(0.1)
"""


def tone(seconds: float) -> np.ndarray:
    return (8000 * np.sin(np.arange(round(16000 * seconds)) * 0.1)).astype(np.int16)


def test_after_kill_9_all_but_the_last_half_second_is_there(home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", RECORDER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    utterance = process.stdout.readline().strip()
    while int(process.stdout.readline()) < 30:
        pass
    os.kill(process.pid, signal.SIGKILL)
    appended = 30 + len(process.stdout.read().split())
    process.wait()
    notes = Spool().recover()
    assert [note.id for note in notes] == [utterance]
    assert notes[0].profile == "ada" and notes[0].state == "recording"
    with wave.open(str(Spool().path(utterance))) as file:
        kept = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert len(kept) >= 1600 * appended - 8000
    assert list(kept[::1600]) == [number % 1000 for number in range(len(kept) // 1600)]


def test_every_program_can_read_the_file_while_it_grows(home: Path) -> None:
    recording = Spool().begin("me", print)
    recording.append(tone(1.0))
    time.sleep(app.spool.FLUSH_SECONDS)
    recording.append(tone(1.0))
    assert load_audio(recording.path).size == 32000
    path = recording.finish()
    assert path is not None
    with wave.open(str(path)) as file:
        assert (file.getnframes(), file.getframerate(), file.getnchannels()) == (32000, 16000, 1)
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0


def test_a_full_disk_is_told_and_nothing_is_lost(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    troubles: list[StorageError | None] = []
    recording = Spool().begin("me", troubles.append)
    recording.append(tone(0.5))
    real = app.spool._write_at
    full = [True]

    def write(file, place, data):  # type: ignore[no-untyped-def]
        if full[0] and place >= HEADER_BYTES:
            real(file, place, data[: len(data) // 2])  # a disk fills up in the middle of a block
            raise OSError(28, "No space left on device")
        real(file, place, data)

    monkeypatch.setattr(app.spool, "_write_at", write)
    recording._flushed = 0.0
    recording.append(tone(0.5))
    assert isinstance(troubles[-1], StorageError) and "disk is full" in str(troubles[-1])
    recording.append(tone(1.0))
    assert recording.seconds == 2.0 and recording.samples().size == 32000
    assert recording.finish() is None
    np.testing.assert_allclose(recording.samples()[:8000], tone(0.5) / 32768.0, atol=1e-4)
    full[0] = False
    assert recording.finish() is not None and troubles[-1] is None
    np.testing.assert_allclose(load_audio(recording.path)[:8000], tone(0.5) / 32768.0, atol=1e-3)


def test_a_busy_disk_does_not_hold_the_sound_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sync that takes many seconds: what is spoken meanwhile outlives the app all the same."""
    free = threading.Event()
    monkeypatch.setattr(app.spool.os, "fsync", lambda _: free.wait(20))
    recording = Spool().begin("me", print)
    started = time.monotonic()
    for _ in range(20):
        recording._flushed = 0.0
        recording.append(tone(0.1))
    assert time.monotonic() - started < 1.0
    assert recording.path.stat().st_size == HEADER_BYTES + 2 * 32000
    free.set()
    assert recording.finish() is not None and load_audio(recording.path).size == 32000


def test_what_the_disk_refuses_later_is_written_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some systems say only at the sync that there was no room."""
    troubles: list[StorageError | None] = []
    recording = Spool().begin("me", troubles.append)
    refusing = [True]

    def sync(_: int) -> None:
        if refusing[0]:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(app.spool.os, "fsync", sync)
    recording._flushed = 0.0
    recording.append(tone(0.5))
    recording._sync.exception(5)  # type: ignore[union-attr]
    recording.append(tone(0.5))
    assert isinstance(troubles[-1], StorageError) and recording._written == 0
    os.truncate(recording.path, HEADER_BYTES)  # what was not synced is gone
    refusing[0] = False
    recording._flushed = 0.0
    recording.append(tone(0.5))
    assert troubles[-1] is None and recording.finish() is not None
    np.testing.assert_allclose(load_audio(recording.path)[:8000], tone(0.5) / 32768.0, atol=1e-3)
    assert load_audio(recording.path).size == 24000


def test_a_really_full_file_system(home: Path, tmp_path: Path) -> None:
    """A file size limit of the operating system stands for the disk."""
    script = """
import resource, signal
import numpy as np
from app.spool import Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
troubles = []
recording = Spool().begin("me", troubles.append)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))
recording.append(np.ones(16000, np.int16)); recording._flushed = 0
recording.append(np.ones(16000, np.int16))
print(len(troubles), recording.samples().size, recording.finish())
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(recording.finish() is not None, recording.samples().size, troubles[-1])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["1 32000 None", "True 32000 None"]


def test_recovering_leaves_out_empty_files_and_lost_notes_do_not_matter(home: Path) -> None:
    spool = Spool()
    empty, whole, bare = (spool.begin("me", print) for _ in range(3))
    for recording in (whole, bare):
        recording.append(tone(1.0))
        recording.finish()
    bare.path.with_suffix(".json").write_text("{half")
    notes = spool.recover()
    assert [note.id for note in notes] == [whole.note.id, bare.note.id]
    assert notes[1].profile == "" and not empty.path.exists()


def test_blanked_samples_are_silence_and_the_rest_is_untouched(home: Path) -> None:
    recording = Spool().begin("me", print)
    recording.append(tone(1.0))
    recording.polish = lambda finished: finished.blank(1000, 2000)
    path = recording.finish()
    assert path is not None
    kept = load_audio(path)
    assert not kept[1000:2000].any() and kept[:1000].any() and kept[2000:].any()
