"""Single keys on Windows and macOS, with pynput."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, ClassVar

from app import keys


class PynputKey:
    """As ``X11Key``. One listener lives as long as the app; binding changes what it looks for."""

    _listener: ClassVar[Any] = None
    _bound: ClassVar[list[PynputKey]] = []

    def __init__(
        self, key: str, on_press: Callable[[], None], on_release: Callable[[], None], on_status: Callable[[str], None]
    ) -> None:
        self._name = keys.pynput_name(key)
        self._on_press, self._on_release = on_press, on_release
        self._down = False
        if not self._name:
            on_status(f"{keys.label(key)} cannot be listened for on this system: choose another key in the settings.")
            return
        try:
            self.prepare()
        except Exception as error:  # noqa: BLE001 - whatever the system's API says, the way out is the same
            on_status(f"Keys cannot be listened for ({error}). Use the button in the window, or restart the app.")
            return
        if sys.platform == "darwin" and not getattr(self._listener, "IS_TRUSTED", True):
            on_status(
                "macOS does not let this app see keys yet: open System Settings, Privacy & Security, Accessibility, "
                "switch Idiolect on, and restart it."
            )
            return
        PynputKey._bound.append(self)
        on_status("")

    @classmethod
    def prepare(cls) -> None:
        """Start the listener once. On macOS before the QApplication (pynput issue 511)."""
        if cls._listener is None:
            from pynput import keyboard

            cls._listener = keyboard.Listener(on_press=cls._pressed, on_release=cls._released)
            cls._listener.start()

    def close(self) -> None:
        if self in PynputKey._bound:
            PynputKey._bound.remove(self)

    @classmethod
    def _pressed(cls, key: Any) -> None:
        for bound in list(cls._bound):
            if bound._is(key) and not bound._down:
                bound._down = True
                bound._on_press()

    @classmethod
    def _released(cls, key: Any) -> None:
        for bound in list(cls._bound):
            if bound._is(key) and bound._down:
                bound._down = False
                bound._on_release()

    def _is(self, key: Any) -> bool:
        keypad = keys.keypad_key(getattr(key, "vk", None))
        if keypad:  # it writes what another key writes too
            return self._name == keypad
        return self._name in (getattr(key, "name", None), (getattr(key, "char", None) or "").lower())
