"""Adding the part that learns to this installation: pip, as a process of its own, when the person asks for it."""

from __future__ import annotations

import importlib
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine.errors import IdiolectError

# Learning needs only this of the extra; the rest of it is for training on corpora.
_NEEDED = ("torch",)
# Whoever has no graphics card need not fetch its libraries (gigabytes): the processor's build comes first.
_LINUX_CPU = "https://download.pytorch.org/whl/cpu"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class InstallError(IdiolectError):
    """The part cannot be installed here."""


def requirements(extra: str = "training", names: Sequence[str] = _NEEDED) -> list[str]:
    """What pip is to install: the requirements of ``extra`` called ``names``, in the range we were tested with.

    Raises:
        InstallError: this copy of Idiolect was never installed, or there is no pip.
    """
    try:
        lines = requires("idiolect") or []
    except PackageNotFoundError as error:
        raise InstallError("This copy of Idiolect was not installed by pip: run ./idiolect once.") from error
    found = [line.split(";")[0].strip() for line in lines if re.search(rf"extra == ['\"]{extra}['\"]", line)]
    wanted = [line for line in found if (name := _NAME.match(line)) and name.group() in names]
    if not wanted:
        raise InstallError("This copy of Idiolect does not know what learning needs: install it again.")
    return wanted


class Install(QObject):
    """One installation at a time. It ends in exactly one of ``done``, ``failed`` and ``stopped``."""

    changed = Signal()  # ``busy``, ``share``, ``step`` or ``can_stop``
    done = Signal()
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QObject | None = None, python: str = "", options: Sequence[str] | None = None) -> None:
        """``python``: whose environment (default: ours). ``options``: more of pip's."""
        super().__init__(parent)
        self._python = python or sys.executable
        self._more = list(options) if options is not None else _sources()
        self.share: float | None = None  # of what is being fetched; None: not known
        self.step = ""  # the file that is being fetched
        self.can_stop = False  # not while files are being put in place
        self._stopping = False
        self._problem = ""
        self.busy = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        self._process.setProcessEnvironment(environment)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._trouble)
        self._patience = QTimer(self, singleShot=True, interval=3000)
        self._patience.timeout.connect(self._process.kill)

    def start(self, wanted: Sequence[str] | None = None) -> None:
        """Install ``wanted`` (default: what learning needs); returns at once."""
        if self.busy:
            return
        try:
            wanted = requirements() if wanted is None else wanted
            if self._python == sys.executable and find_spec("pip") is None:
                raise InstallError(f"There is no pip here. Run this instead: uv pip install {' '.join(wanted)}")
        except InstallError as error:
            self.failed.emit(str(error))
            return
        self.share, self.step, self.can_stop, self._stopping, self._problem = None, "", True, False, ""
        pip = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        self.busy = True
        self._process.start(self._python, [*pip, *_bar(), *self._more, *wanted])
        self.changed.emit()

    def stop(self) -> None:
        """Stop fetching. What is installed already stays as it is."""
        if self.busy and self.can_stop:
            self._stopping = True
            if sys.platform != "win32":
                os.kill(self._process.processId(), signal.SIGINT)  # it clears its temporary folder away
                self._patience.start()
            else:
                self._process.kill()

    def close(self) -> None:
        """The app ends. A half-placed library would be worse than a wait of seconds."""
        self.stop()
        if self.busy:
            self._process.waitForFinished(60000)

    def _read(self) -> None:
        while self._process.canReadLine():
            line = self._process.readLine().data().decode("utf-8", "replace").strip()
            if found := re.match(r"Progress (\d+) of (\d+)", line):
                self.share = int(found[1]) / max(1, int(found[2]))
            elif found := re.match(r"(?:Downloading|Using cached) (\S+)(?: \(([^)]+)\))?", line):
                name = found[1].rsplit("/", 1)[-1].split("-")[0]
                self.share, self.step = None, f"{name} ({found[2]})" if found[2] else name
            elif line.startswith("Installing collected packages"):
                self.share, self.step, self.can_stop = None, "", False
            elif line.startswith("ERROR:"):
                self._problem = self._problem or line.removeprefix("ERROR:").strip()
            else:
                continue
            self.changed.emit()

    def _trouble(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._finished(-1)

    def _finished(self, code: int, _status: object = None) -> None:
        self._read()
        self._patience.stop()
        self.busy = False
        importlib.invalidate_caches()
        self.can_stop = False
        self.changed.emit()
        if code == 0 and not self._stopping:
            self.done.emit()
        elif self._stopping:
            self.stopped.emit()
        else:
            self.failed.emit(_sentence(self._problem))


def _sentence(problem: str) -> str:
    """What pip said, as one sentence that says what to do."""
    if "No space left" in problem or "Errno 28" in problem:
        return "The disk is full: free some space (about 2 GB) and try again."
    if "externally-managed" in problem:
        return "This Python belongs to the system and takes no packages: install Idiolect into one of its own."
    if "Permission denied" in problem or "Errno 13" in problem:
        return "This installation may not be changed by you: ask whoever installed Idiolect to add its training part."
    if "No matching distribution" in problem or "Could not find a version" in problem or not problem:
        return "The learning part could not be fetched: check the connection and try again."
    return f"The learning part could not be installed ({problem.rstrip('.')})."


def _sources() -> list[str]:
    return ["--extra-index-url", _LINUX_CPU] if sys.platform == "linux" else []


def _bar() -> list[str]:
    """pip tells how far it is since 24.1."""
    try:
        major, minor = (int(part) for part in version("pip").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return []
    return ["--progress-bar", "raw"] if (major, minor) >= (24, 1) else ["--progress-bar", "off"]
