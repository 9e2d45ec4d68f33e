"""Reading text aloud with the voice this computer has. One process at a time, stopped at once."""

from __future__ import annotations

import shutil
import sys

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
        self._process: QProcess | None = None

    @property
    def busy(self) -> bool:
        return self._process is not None

    def say(self, text: str, language: str | None) -> bool:
        """Read ``text``; False where this computer has no voice."""
        self.stop()
        arguments = command(language)
        if arguments is None:
            return False
        process = QProcess(self)
        process.finished.connect(lambda: self._ended(process))
        process.errorOccurred.connect(lambda _: self._ended(process))
        process.start(arguments[0], arguments[1:])
        process.write(text.encode("utf-8"))
        process.closeWriteChannel()
        self._process = process
        self.speaking.emit(True)
        return True

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self.speaking.emit(False)

    def _ended(self, process: QProcess) -> None:
        process.deleteLater()
        if process is self._process:
            self._process = None
            self.speaking.emit(False)
