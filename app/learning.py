"""Learning from a person's corrections: ``idiolect learn`` as a process of its own, at low priority.

The process writes one JSON object a line; here each becomes a signal. It may be stopped or
killed at any time: what the profile had stays until something better is written, and the
next start goes on where it stopped.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine.errors import IdiolectError
from engine.models import locate, model_sha256
from engine.paths import packaged

_PATIENCE_MS = 8000  # to stop by itself, at the end of the step it is in
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What a run brought. ``before`` and ``after``: share of wrong words on corrections it had not heard.

    ``reason`` is "better" (and only then something changed), "no gain" or "harmful".
    """

    profile: Path
    reason: str
    utterances: int
    before: float
    after: float
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> bool:
        return self.reason == "better"


def base_of(model: str) -> str | None:
    """The base model's sha256 that what is learnt belongs to; None where the model is not here."""
    try:
        return _sha256(locate(model))
    except IdiolectError:
        return None


_sha256 = lru_cache(maxsize=8)(model_sha256)  # of a folder from elsewhere it takes a moment


def installed() -> bool:
    """Whether this installation has the part that learns."""
    return find_spec("torch") is not None and find_spec("training") is not None


class Learning(QObject):
    """One run at a time, for one profile. It ends in exactly one of ``ended``, ``failed`` and ``stopped``."""

    changed = Signal()  # ``busy`` or ``share``
    ended = Signal(object)  # Outcome
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.profile: Path | None = None  # of the run
        self.share, self.step = 0.0, ""
        self.stopping = False
        self.busy = False
        self._last: dict[str, Any] = {}
        self._closing = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        if not packaged():  # also from a folder nothing was installed from
            paths = [str(_ROOT), environment.value("PYTHONPATH", "")]
            environment.insert("PYTHONPATH", os.pathsep.join(path for path in paths if path))
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._trouble)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._process.kill)

    def start(self, profile: Path, model: str, language: str | None) -> None:
        """Learn from what ``profile`` holds, or go on with it; returns at once."""
        if self.busy:
            return
        self.profile, self.share, self.step, self.stopping, self._last = profile, 0.0, "", False, {}
        program = ["learn"] if packaged() else ["-m", "engine.cli", "learn"]
        options = ["--json", "--stdin", "--model", model, "--language", language or "auto"]
        self.busy = True
        self._process.start(sys.executable, [*program, str(profile), *options])
        self.changed.emit()

    def stop(self) -> None:
        """Stop after the step it is in; ``start`` goes on."""
        if not self.busy or self.stopping:
            return
        self.stopping = True
        self._process.write(b"stop\n")
        self._patience.start()
        self.changed.emit()

    def abandon(self) -> None:
        """Nobody wants the result any more: end it at once, so that it writes nothing."""
        if self.busy:
            self._closing = True  # there is nobody to be told
            self._process.kill()
            self._process.waitForFinished(3000)
            self._closing = False
            self.changed.emit()

    def close(self) -> None:
        """The app ends. What is done so far is kept for the next time."""
        self._closing = True
        if self.busy:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(1500):
                self._process.kill()
                self._process.waitForFinished(2000)

    def _read(self) -> None:
        while self._process.canReadLine():
            try:
                line = json.loads(self._process.readLine().data())
            except ValueError:  # not ours: a library's own words
                continue
            if not isinstance(line, dict):
                continue
            if line.get("event") == "progress":
                self.share, self.step = float(line.get("share", 0.0)), str(line.get("text", ""))
                self.changed.emit()
            else:
                self._last = line

    def _trouble(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._finished(-1)

    def _finished(self, code: int, _status: object = None) -> None:
        self._read()
        self._patience.stop()
        self.busy, was_stopping, self.stopping = False, self.stopping, False
        if self._closing:
            return
        last, event = self._last, self._last.get("event")
        self.changed.emit()
        if event == "result" and self.profile is not None:
            reason = str(last.get("reason") or ("better" if last.get("taken") else "no gain"))
            self.ended.emit(
                Outcome(
                    self.profile, reason, int(last["utterances"]), float(last["before"]), float(last["after"]),
                    {str(why): int(count) for why, count in dict(last.get("left_out") or {}).items()},
                )
            )  # fmt: skip
        elif event == "stopped" or (was_stopping and event is None):
            self.stopped.emit()
        elif event == "error":
            self.failed.emit(str(last.get("sentence", "")))
        else:
            text = QCoreApplication.translate(
                "Learning", "Learning ended without a result ({code}). Nothing was changed: try it again."
            )
            self.failed.emit(text.format(code=code))
