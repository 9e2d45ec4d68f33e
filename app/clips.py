"""Recordings that are not dictations: for the comparison and the guided reading.

Nobody asked for them to be kept: whoever took one discards it as soon as it is not needed any more.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.capture import Capture
from app.spool import Note, Recording
from engine.errors import StorageError
from engine.paths import data_dir


def discard(*paths: Path) -> None:
    """Delete clips with their notes. Any other file, such as one that was opened, stays."""
    for path in paths:
        if path.parent == data_dir() / "clips":
            for suffix in (".wav", ".json"):
                with contextlib.suppress(OSError):  # still being read, on Windows: it goes when the app ends
                    path.with_suffix(suffix).unlink(missing_ok=True)


class Clips(QObject):
    """One clip at a time, in a folder of its own that is emptied at the end, and after a crash at the next start."""

    done = Signal(object)  # Path
    failed = Signal(str)
    _disk = Signal(object)

    def __init__(self, capture: Capture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capture = capture
        self._folder = data_dir() / "clips"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._recording: Recording | None = None
        self._disk.connect(self._on_disk)

    @property
    def busy(self) -> bool:
        return self._recording is not None

    def start(self) -> None:
        if self._recording is None:
            note = Note(f"clip-{secrets.token_hex(6)}", datetime.now(UTC).isoformat(), "")
            self._recording = Recording(self._folder, note, self._disk.emit)
            self._capture.record(self._recording, 0.0)

    def stop(self) -> None:
        if self._recording is not None:
            self._capture.finish()

    def close(self) -> None:
        """The app ends, and with it whatever was recorded here. To be called when the microphone is closed."""
        self._recording = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def take(self, recording: Recording) -> bool:
        """Is this finished recording the clip? Then tell."""
        if recording is not self._recording:
            return recording.note.id.startswith("clip-")
        self._recording = None
        if recording.note.state == "recorded" and recording.seconds > 0:
            self.done.emit(recording.path)
        else:
            discard(recording.path)
            self.failed.emit("Nothing was recorded: check the microphone and try again.")
        return True

    def _on_disk(self, error: StorageError | None) -> None:
        if error is not None:
            self.failed.emit(str(error))
