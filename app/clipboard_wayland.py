"""The clipboard on Wayland, where a window without focus may not write it: through wl-clipboard.

``wl-copy --paste-once`` ends when its text was read, which is what we need to know.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QTimer

_TEXT = "text/plain;charset=utf-8"


def available() -> bool:
    return shutil.which("wl-copy") is not None and shutil.which("wl-paste") is not None


class WaylandLoan(QObject):
    """As ``clipboard.Loan``. One format comes back: an image where there is one, else the text."""

    settle = 0.12  # seconds until other programs have learnt of the new text

    def __init__(self, text: str, give_back: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._give_back = give_back
        self._saved: tuple[str, bytes] | None = None
        self._process = QProcess(self)
        self._done: Callable[[bool], None] = lambda read: None
        self._until = 0.0
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._look)

    def prepare(self) -> None:
        """Save what is there. In a worker thread: its owner may be this very program."""
        if not self._give_back:
            return
        types = _paste("--list-types").decode("utf-8", "replace").split("\n")
        wanted = next((kind for kind in types if kind.startswith("image/")), None)
        wanted = wanted or next((kind for kind in types if kind.startswith("text/") or kind == "UTF8_STRING"), None)
        if wanted is not None:
            self._saved = (wanted, _paste("--no-newline", "--type", wanted))

    def start(self) -> None:
        self._process.start("wl-copy", ["--foreground", "--paste-once", "--type", _TEXT])
        self._process.write(self._text.encode())
        self._process.closeWriteChannel()

    def expect(self) -> None:
        pass

    def watch(self, seconds: float, done: Callable[[bool], None]) -> None:
        self._done, self._until = done, time.monotonic() + seconds
        self._timer.start()

    def cancel(self) -> None:
        self._timer.stop()
        self._end()
        self._return()

    def _look(self) -> None:
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._timer.stop()
            self._return()
            self._done(True)
        elif time.monotonic() > self._until:
            self._timer.stop()
            self._end()
            _keep("text/plain", self._text.encode())
            self._done(False)

    def _end(self) -> None:
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(1000)

    def _return(self) -> None:
        if not self._give_back:
            return
        if self._saved is None:
            subprocess.Popen(["wl-copy", "--clear"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        else:
            _keep(*self._saved)


def _paste(*words: str) -> bytes:
    try:
        return subprocess.run(["wl-paste", *words], capture_output=True, timeout=2, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return b""


def _keep(kind: str, data: bytes) -> None:
    """Leave ``data`` on the clipboard; wl-copy stays in the background for as long as it is wanted."""
    process = subprocess.Popen(
        ["wl-copy", "--type", kind], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
