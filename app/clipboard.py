"""The clipboard, lent for one paste: everything that was on it comes back after the text was read.

The text is served when a program asks for it, so we know that it was read. A hint that
clipboard managers honour asks them to leave it alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

_LARGEST = 64 << 20  # bytes of one format that are kept
_SECRET = "x-kde-passwordManagerHint"
_NOT_CONTENT = {"TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE", "INSERT_SELECTION", "INSERT_PROPERTY"}
_TEXT = "text/plain"
_LOG = logging.getLogger(__name__)


class _Served(QMimeData):
    """Text that says when it is read."""

    def __init__(self, text: str, on_read: Callable[[], None]) -> None:
        super().__init__()
        self._text = text
        self._on_read = on_read

    def formats(self) -> list[str]:
        return [_TEXT, "text/plain;charset=utf-8", _SECRET]

    def hasFormat(self, mime: str) -> bool:
        return mime in self.formats()

    def retrieveData(self, mime: str, kind: Any) -> Any:
        if mime == _SECRET:
            return b"secret"
        if mime.startswith(_TEXT):
            self._on_read()
            return self._text
        return None


def saved(mode: QClipboard.Mode) -> dict[str, bytes]:
    """Everything on the clipboard: bytes by MIME type."""
    source = QGuiApplication.clipboard().mimeData(mode)
    if source is None:
        return {}
    contents: dict[str, bytes] = {}
    for mime in source.formats():
        if mime in _NOT_CONTENT or mime.startswith("application/x-qt-"):
            continue
        data = bytes(source.data(mime).data())
        if len(data) <= _LARGEST:
            contents[mime] = data
    if source.hasText() and not any(mime.startswith(_TEXT) for mime in contents):
        contents[_TEXT] = source.text().encode()
    return contents


def restore(contents: dict[str, bytes], mode: QClipboard.Mode) -> None:
    """Put ``contents`` back."""
    clipboard = QGuiApplication.clipboard()
    if not contents:
        clipboard.clear(mode)
        return
    data = QMimeData()
    for mime, value in contents.items():
        if mime == _TEXT:
            data.setText(value.decode("utf-8", "replace"))
        else:
            data.setData(mime, value)
    clipboard.setMimeData(data, mode)


def take_away(texts: Collection[str]) -> None:
    """Clear the clipboard where one of ``texts`` is on it, and was put there by this app."""
    clipboard, theirs = QGuiApplication.clipboard(), {text.strip() for text in texts} - {""}
    for mode, ours in (
        (QClipboard.Mode.Clipboard, clipboard.ownsClipboard()),
        (QClipboard.Mode.Selection, clipboard.ownsSelection()),
    ):
        if ours and clipboard.text(mode).strip() in theirs:
            clipboard.clear(mode)


class Loan(QObject):
    """One paste. ``start`` puts the text there, ``watch`` waits for it to be read, then gives the clipboard back.

    ``done(read)`` is called once; where nobody read the text, it stays on the clipboard.
    """

    settle = 0.03  # seconds until other programs have learnt of the new text

    def __init__(self, text: str, primary: bool, give_back: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._modes = [QClipboard.Mode.Clipboard]
        if primary and QGuiApplication.clipboard().supportsSelection():
            self._modes.append(QClipboard.Mode.Selection)
        self._give_back = give_back
        self._saved: dict[QClipboard.Mode, dict[str, bytes]] = {}
        self._watching = False
        self._read_at = 0.0
        self._until = 0.0
        self._done: Callable[[bool], None] = lambda read: None
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._look)

    def prepare(self) -> None:
        """Nothing to do in a worker thread: Qt's clipboard belongs to the UI thread."""

    def start(self) -> None:
        clipboard = QGuiApplication.clipboard()
        for mode in self._modes:
            if self._give_back:
                self._saved[mode] = saved(mode)
            clipboard.setMimeData(_Served(self._text, self._on_read), mode)

    def watch(self, seconds: float, done: Callable[[bool], None]) -> None:
        self._done, self._until = done, time.monotonic() + seconds
        self._timer.start()

    def expect(self) -> None:
        """From now on a reading is the paste's: the keys are about to be pressed."""
        self._watching = True

    def cancel(self) -> None:
        """Nothing was pasted: the clipboard goes back at once."""
        self._timer.stop()
        self._return()

    def _on_read(self) -> None:
        if self._watching:
            self._read_at = time.monotonic()

    def _look(self) -> None:
        now = time.monotonic()
        if self._read_at:
            # Programs ask more than once: wait until they are quiet.
            if now - self._read_at < 0.15:
                return
            self._timer.stop()
            if self._give_back:
                self._return()
            self._done(True)
        elif now > self._until:
            self._timer.stop()
            # Plain text from here on: it stays when this app has long forgotten it.
            QGuiApplication.clipboard().setText(self._text)
            self._done(False)

    def _return(self) -> None:
        clipboard = QGuiApplication.clipboard()
        for mode, contents in self._saved.items():
            owns = clipboard.ownsClipboard() if mode == QClipboard.Mode.Clipboard else clipboard.ownsSelection()
            if owns:  # otherwise the person has copied something meanwhile
                restore(contents, mode)
