"""Reading text aloud with the voice this computer has. One process at a time, stopped at once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

# The text goes in through standard input: it may hold anything, and does not show in the process list.
_WINDOWS = (
    "Add-Type -AssemblyName System.Speech; [Console]::InputEncoding = [Text.Encoding]::UTF8; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)


def command(language: str | None) -> list[str] | None:
    """The program that reads standard input aloud here, or None where there is none."""
    code = language or "en"
    if sys.platform == "darwin":
        return ["say", "-f", "-"]
    if sys.platform == "win32":
        return ["powershell", "-NoProfile", "-Command", _WINDOWS]
    if shutil.which("spd-say"):
        return ["spd-say", "--wait", "--pipe-mode", "-l", code]
    for program in ("espeak-ng", "espeak"):
        if shutil.which(program):
            return [program, "-v", code, "--stdin"]
    return None


class Reader(QObject):
    """Reads text aloud. ``speaking`` says when it starts and ends."""

    speaking = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speaking = False
        self._waiting: tuple[str, str | None] | None = None  # to be read when the last reading has ended
        self._process = QProcess(self)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._ended)

    @property
    def busy(self) -> bool:
        return self._speaking

    def say(self, text: str, language: str | None) -> bool:
        """Read ``text``; False where this computer has no voice."""
        if command(language) is None:
            return False
        self._waiting = (text, language)
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._begin()
        else:
            self._silence()
        return True

    def stop(self) -> None:
        self._waiting = None
        self._silence()
        self._say_whether(False)

    def _silence(self) -> None:
        """End the program that reads; Speech Dispatcher would go on by itself."""
        if Path(self._process.program()).name == "spd-say":
            QProcess.startDetached(self._process.program(), ["--cancel"])
        self._process.kill()

    def _begin(self) -> None:
        assert self._waiting is not None
        (text, language), self._waiting = self._waiting, None
        arguments = command(language)
        if arguments is not None:
            self._say_whether(True)
            self._process.start(arguments[0], arguments[1:])
            self._process.write(text.encode("utf-8"))
            self._process.closeWriteChannel()

    def _ended(self, *_: object) -> None:
        if self._process.state() != QProcess.ProcessState.NotRunning:
            return
        if self._waiting is not None:
            self._begin()
        else:
            self._say_whether(False)

    def _say_whether(self, speaking: bool) -> None:
        if speaking != self._speaking:
            self._speaking = speaking
            self.speaking.emit(speaking)
