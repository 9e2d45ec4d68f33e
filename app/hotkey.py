"""The global keys. Which way of listening works here is found out, told, and never guessed at."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from app.keys import key_name, known, label, typing_key

__all__ = ["Hotkey", "KeyStatus", "key_name", "label", "prepare", "wayland"]


@dataclass(frozen=True)
class KeyStatus:
    """``hold``: the release is seen, so push-to-talk works. ``message`` is one sentence for the person."""

    works: bool
    hold: bool
    backend: str  # x11, portal, pynput or none
    message: str


def wayland() -> bool:
    """Is this a Wayland session? Keys and typing through X reach only some programs there."""
    if os.environ.get("XDG_SESSION_TYPE") == "x11":
        return False
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"


def prepare() -> None:
    """To be called before the QApplication is made: on macOS the listener must be first."""
    if sys.platform == "darwin":
        from app.hotkey_pynput import PynputKey

        PynputKey.prepare()


UNDO_COMMAND = (
    "This desktop does not let programs listen for a second key. In the system's keyboard settings, add a shortcut "
    "that runs the command: idiolect undo"
)


class Hotkey(QObject):
    """``pressed`` and ``released`` once each time, whatever the system repeats. ``purpose``: dictate or undo.

    Both tell when that was (monotonic seconds): the thread they come from may wait for the one that hears of it.
    """

    pressed = Signal(float)
    released = Signal(float)
    status_changed = Signal(object)  # KeyStatus
    _told = Signal(int, str)

    def __init__(self, parent: QObject | None = None, purpose: str = "dictate") -> None:
        super().__init__(parent)
        self._purpose = purpose
        self.status = KeyStatus(False, False, "none", "No key is set.")
        self._backend: Any = None
        self._number = 0
        self._key = ""
        self._told.connect(self._on_told)

    def bind(self, key: str) -> None:
        """Listen for ``key`` instead of the one before. ``status_changed`` says how that went."""
        self.unbind()
        self._number += 1
        number, self._key = self._number, key
        if not key:
            self._set(KeyStatus(False, False, "none", "No key is set."))
            return
        if not known(key):
            self._set(KeyStatus(False, False, "none", f"{key} is not a key: choose another in the settings."))
            return
        if self._purpose == "undo" and wayland():
            self._set(KeyStatus(False, False, "none", UNDO_COMMAND))
            return
        make = self._maker()
        if make is None:
            self._set(KeyStatus(False, False, "none", "There is no screen on which a key can be listened for."))
            return
        self._backend = make(
            key,
            lambda: self.pressed.emit(time.monotonic()),
            lambda: self.released.emit(time.monotonic()),
            lambda problem: self._told.emit(number, problem),
        )

    def unbind(self) -> None:
        backend, self._backend = self._backend, None
        self._number += 1
        if backend is not None:
            backend.close()

    def close(self) -> None:
        self.unbind()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Installed on the application: where no global key works, the key works in our own windows."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) or self.status.works:
            return False
        if not isinstance(event, QKeyEvent) or typing_key(self._key) or key_name(event) != self._key:
            return False
        if not event.isAutoRepeat() and isinstance(watched, QWindow):
            (self.pressed if event.type() == QEvent.Type.KeyPress else self.released).emit(time.monotonic())
        return True

    def _maker(self) -> Any:
        if sys.platform in ("win32", "darwin"):
            from app.hotkey_pynput import PynputKey

            return PynputKey
        if wayland():
            from app.hotkey_portal import PortalKey

            return PortalKey
        if os.environ.get("DISPLAY"):
            from app.hotkey_x11 import X11Key

            return X11Key
        return None

    def _on_told(self, number: int, problem: str) -> None:
        if number != self._number:
            return
        backend = type(self._backend).__name__.removesuffix("Key").lower() if self._backend else "none"
        if problem:
            self._set(KeyStatus(False, False, backend, problem))
            return
        sentence = f"{label(self._key)} starts and stops dictation in every program."
        if self._purpose == "undo":
            sentence = f"{label(self._key)} takes back what was written last, in every program."
        if backend == "portal":
            sentence = "The desktop lets a key start dictation. Its system settings show which key."
        elif typing_key(self._key):
            sentence += " It writes nothing any more."
        self._set(KeyStatus(True, True, backend, sentence))

    def _set(self, status: KeyStatus) -> None:
        self.status = status
        self.status_changed.emit(status)
