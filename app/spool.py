"""Speech goes to disk before anything else touches it.

Every utterance is ``spool/<id>.wav`` (16 kHz, mono, 16-bit) with ``<id>.json`` beside
it. While recording, the WAV header gives the largest size, which every reader takes as
"until the end"; the true size is filled in at the end, or by ``recover`` after a crash.
What is appended is given to the operating system at once, so that it outlives the app,
and every ``FLUSH_SECONDS`` the disk is told to take it (fsync, in a thread: a busy disk may
need many seconds), so that it outlives a power cut. Until the disk has it, and when it is
full or gone, the sound also stays in memory and is written again as soon as possible.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import SAMPLE_RATE
from engine.errors import StorageError
from engine.paths import data_dir, private_dir, storage_error, write_private

FLUSH_SECONDS = 0.4
HEADER_BYTES = 44
_UNKNOWN_SIZE = 0xFFFFFFFF - HEADER_BYTES
_LOG = logging.getLogger(__name__)
_SYNC = ThreadPoolExecutor(1, thread_name_prefix="spool")


@dataclass(frozen=True)
class Note:
    """What is known of a spooled utterance. ``state``: recording, recorded or cancelled."""

    id: str
    created: str  # ISO 8601, UTC
    profile: str
    state: str = "recording"
    destination: str = ""

    @property
    def when(self) -> datetime:
        try:
            return datetime.fromisoformat(self.created)
        except ValueError:
            return datetime.now(UTC)


class Recording:
    """One utterance being recorded. ``append`` and ``finish`` may be called from any one thread at a time.

    ``on_trouble`` is called with a ``StorageError`` when the disk stops taking the sound
    and with None when it takes it again.
    """

    def __init__(self, folder: Path, note: Note, on_trouble: Callable[[StorageError | None], None]) -> None:
        self.note = note
        self.path = folder / f"{note.id}.wav"
        self._on_trouble = on_trouble
        self._lock = threading.Lock()
        self._unwritten: list[NDArray[np.int16]] = []
        self._fresh: list[NDArray[np.int16]] = []  # in the file, but the disk may not have them yet
        self._syncing: list[NDArray[np.int16]] = []  # the disk is taking them
        self._sync: Future[None] | None = None
        self._written = 0  # samples in the file
        self._waiting = 0  # samples in memory only
        self._recent: list[NDArray[np.int16]] = []  # for previews
        self._n_recent = 0
        self._flushed = time.monotonic()
        self._trouble = False
        self._asked = "recorded"  # what it is to be once it is closed: recorded or cancelled
        self._file: FileIO | None = None
        self.polish: Callable[[Recording], None] | None = None  # called once, before the file is closed
        self._flush(wait=False)

    @property
    def cancelled(self) -> bool:
        """Whether the person wants nothing written of it. The note may not say so yet: the disk may be full."""
        return self._asked == "cancelled"

    @property
    def seconds(self) -> float:
        return (self._written + self._waiting) / SAMPLE_RATE

    def append(self, samples: NDArray[np.int16]) -> None:
        """Add int16 (n,) samples: written at once, or kept in memory. Does not wait for the disk."""
        with self._lock:
            self._unwritten.append(samples)
            self._waiting += samples.size
            self._recent.append(samples)
            self._n_recent += samples.size
            while self._n_recent - self._recent[0].size > 30 * SAMPLE_RATE:
                self._n_recent -= self._recent.pop(0).size
            due = time.monotonic() - self._flushed >= (2.0 if self._trouble else FLUSH_SECONDS)
            if due or not self._trouble:
                self._flush(wait=False, due=due)

    def recent(self, seconds: float) -> NDArray[np.float32]:
        """The last ``seconds`` (at most 30): float32 (n,) at 16 kHz."""
        with self._lock:
            blocks = list(self._recent)
        if not blocks:
            return np.zeros(0, np.float32)
        tail = np.concatenate(blocks)[-round(seconds * SAMPLE_RATE) :]
        return tail.astype(np.float32) / np.float32(32768.0)

    def samples(self) -> NDArray[np.float32]:
        """All of it, from disk and memory: float32 (n,) at 16 kHz."""
        with self._lock:
            stored = np.zeros(0, "<i2")
            if self._written:
                stored = np.frombuffer(self.path.read_bytes()[HEADER_BYTES:], "<i2")[: self._written]
            whole = np.concatenate([stored, *self._unwritten])
        return whole.astype(np.float32) / np.float32(32768.0)

    def head(self, seconds: float) -> NDArray[np.float32]:
        """The first ``seconds``: float32 (n,) at 16 kHz. As ``blank`` only for what the disk took."""
        with self._lock:
            self._flush()
            if not self._written:
                return np.zeros(0, np.float32)
            with self.path.open("rb") as file:
                data = file.read(HEADER_BYTES + 2 * min(self._written, round(seconds * SAMPLE_RATE)))
        return np.frombuffer(data[HEADER_BYTES:], "<i2").astype(np.float32) / np.float32(32768.0)

    def blank(self, start: int, stop: int) -> None:
        """Silence the samples from ``start`` to ``stop``: our own start sound is not speech."""
        with self._lock:
            self._flush()
            stop = min(stop, self._written)
            if self._file is not None and not self._trouble and stop > start:
                try:
                    _write_at(self._file, HEADER_BYTES + 2 * start, bytes(2 * (stop - start)))
                except OSError as error:
                    _LOG.warning("the start sound stays in the recording: %s", error)

    def finish(self, state: str | None = None) -> Path | None:
        """Close the file with its true size. None where the disk did not take all of it: use ``samples``.

        May be called again until the disk takes it; ``state`` is then what it was the first time.
        """
        if self.note.state != "recording":
            return self.path
        self._asked = state or self._asked
        polish, self.polish = self.polish, None
        if polish is not None:
            try:
                polish(self)
            except OSError as error:
                _LOG.warning("%s: %s", self.path, error)
        with self._lock:
            self._flush()
            if self._file is None or self._trouble:
                return None
            try:
                _write_at(self._file, 0, _header(self._written))
                os.fsync(self._file.fileno())
                note = replace(self.note, state=self._asked)
                _write_note(self.path, note)
                self._file.close()
                self._file = None
                self.note = note
            except (OSError, StorageError) as error:
                _LOG.warning("%s is not closed properly: %s", self.path, error)
                return None
            return self.path

    def _flush(self, wait: bool = True, due: bool = True) -> None:
        """Write what is in memory only; where ``due``, onto the disk, and ``wait`` until it is there."""
        if due:
            self._flushed = time.monotonic()
        try:
            self._settle(wait)
            if self._file is None:
                private_dir(self.path.parent)
                self._file = FileIO(self.path, "w+", opener=lambda name, flags: os.open(name, flags, 0o600))
                _write_at(self._file, 0, _header(None))
                _write_note(self.path, self.note)
            data = b"".join(block.astype("<i2").tobytes() for block in self._unwritten)
            if data:
                _write_at(self._file, HEADER_BYTES + 2 * self._written, data)
                self._written += self._waiting
                self._waiting = 0
                self._fresh += self._unwritten
                self._unwritten = []
            if self._fresh and wait:
                os.fsync(self._file.fileno())
                self._fresh = []
            elif self._fresh and due and self._sync is None:
                self._syncing, self._fresh = self._fresh, []
                self._sync = _SYNC.submit(os.fsync, self._file.fileno())
        except (OSError, StorageError) as error:
            self._flushed = time.monotonic()
            self._take_back()
            if not self._trouble:
                self._trouble = True
                self._on_trouble(error if isinstance(error, StorageError) else storage_error(self.path, error))
            return
        if self._trouble:
            self._trouble = False
            self._on_trouble(None)

    def _settle(self, wait: bool) -> None:
        """Forget what the disk has taken by now. Raises OSError where it did not."""
        if self._sync is not None and (wait or self._sync.done()):
            sync, self._sync = self._sync, None
            sync.result()
            self._syncing = []

    def _take_back(self) -> None:
        """What the disk did not take may be gone from the file: it is written again from memory."""
        if self._sync is None:
            lost = sum(block.size for block in (*self._syncing, *self._fresh))
            self._unwritten = [*self._syncing, *self._fresh, *self._unwritten]
            self._syncing, self._fresh = [], []
            self._written -= lost
            self._waiting += lost


class Spool:
    """The folder of utterances that are not safely in the history yet."""

    def __init__(self) -> None:
        self.folder = data_dir() / "spool"
        self._held: dict[str, Recording] = {}

    def begin(self, profile: str, on_trouble: Callable[[StorageError | None], None]) -> Recording:
        """Start an utterance. Never fails: trouble with the disk is told and the sound kept in memory."""
        now = datetime.now(UTC)
        utterance = f"{now:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
        return Recording(self.folder, Note(utterance, now.isoformat(), profile), on_trouble)

    def hold(self, recording: Recording) -> None:
        """The disk did not take all of this: it stays in memory until ``take`` gets it there."""
        self._held[recording.note.id] = recording

    def recover(self) -> list[Note]:
        """Utterances that were not finished when the app ended, oldest first, with their files mended."""
        if not self.folder.is_dir():
            return []
        for path in self.folder.glob("*.json"):  # the sound was deleted while it was being closed
            if not path.with_suffix(".wav").exists():
                with contextlib.suppress(OSError):
                    path.unlink()
        notes = []
        for path in sorted(self.folder.glob("*.wav")):
            try:
                if _mend(path) == 0:
                    self.remove(path.stem)
                    continue
                note = _read_note(path)
            except OSError as error:
                _LOG.warning("%s cannot be recovered now: %s", path, error)
                continue
            notes.append(note)
        return notes

    def path(self, utterance: str) -> Path:
        return self.folder / f"{utterance}.wav"

    def note(self, utterance: str) -> Note:
        """What is noted of an utterance whose sound is here."""
        return _read_note(self.path(utterance))

    def mark(self, utterance: str, **changes: str) -> None:
        """Change what is noted of an utterance (state, destination)."""
        path = self.path(utterance)
        if path.exists():
            _write_note(path, replace(_read_note(path), **changes))

    def remove(self, utterance: str) -> None:
        """Forget an utterance: its sound is deleted."""
        self._held.pop(utterance, None)
        for suffix in (".wav", ".json"):
            (self.folder / f"{utterance}{suffix}").unlink(missing_ok=True)

    def forget(self, profile: str, recording: frozenset[str] = frozenset()) -> None:
        """Delete all sound of one person, also of the utterances that are still being closed (``recording``).

        Raises:
            StorageError: something cannot be deleted.
        """
        for path in self.folder.glob("*.wav"):
            try:
                if _read_note(path).profile == profile:
                    self.remove(path.stem)
            except OSError as error:
                if path.stem not in recording:  # Windows deletes no open file: whoever closes it removes it
                    raise storage_error(path, error) from error

    def take(self, utterance: str, target: Path) -> None:
        """Move the sound of an utterance to ``target`` and forget it here.

        Raises:
            StorageError: it cannot be moved; it stays in the spool.
        """
        private_dir(target.parent)
        held = self._held.get(utterance)
        if held is not None and held.finish() is None:
            raise StorageError(f"The disk does not take {target}: free some space and try again.")
        try:
            os.replace(self.path(utterance), target)
        except OSError as error:
            raise storage_error(target, error) from error
        self.remove(utterance)


def _write_at(file: FileIO, place: int, data: bytes) -> None:
    file.seek(place)
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _header(n_samples: int | None) -> bytes:
    size = _UNKNOWN_SIZE if n_samples is None else min(2 * n_samples, _UNKNOWN_SIZE)
    form = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", size + 36, b"WAVE", b"fmt ", 16, 1, 1, SAMPLE_RATE, 32000, 2, 16)
    return form + struct.pack("<4sI", b"data", size)


def _mend(path: Path) -> int:
    """Give the file its true size and return the number of samples."""
    n_samples = max(0, path.stat().st_size - HEADER_BYTES) // 2
    if n_samples:
        try:
            with path.open("r+b") as file:
                file.write(_header(n_samples))
        except OSError as error:  # a read-only disk: what stands there can be read as well
            _LOG.warning("%s is not mended: %s", path, error)
    return n_samples


def _write_note(path: Path, note: Note) -> None:
    write_private(path.with_suffix(".json"), json.dumps(asdict(note)).encode(), wait=False)


def _read_note(path: Path) -> Note:
    try:
        stored = json.loads(path.with_suffix(".json").read_text("utf-8"))
        return Note(path.stem, *(str(stored[name]) for name in ("created", "profile", "state", "destination")))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # the sound matters, not the note
        created = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
        return Note(path.stem, created, "", "recorded")
