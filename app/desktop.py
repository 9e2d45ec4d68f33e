"""Other programs' windows and keys: which window is in front, is a modifier held, press these keys.

``find_desktop`` gives the one for this session. All methods may block for a moment: call
them from a worker thread, except ``active_window``, which is quick.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Protocol

from engine.errors import IdiolectError


class InsertionError(IdiolectError):
    """Keys cannot be sent to another program."""


@dataclass(frozen=True)
class Window:
    """A window of some program. ``program`` is its class or process name in small letters."""

    id: str
    program: str
    title: str = ""


class Desktop(Protocol):
    """``status`` says in one sentence how text gets into other programs; ``works`` whether it does at all."""

    works: bool
    status: str
    sees_windows: bool  # False: nobody tells us which window is in front
    prefers_typing: bool  # True: the clipboard cannot be relied on

    def active_window(self) -> Window | None: ...

    def modifiers_held(self) -> bool: ...

    def chord(self, *names: str, times: int = 1) -> None:
        """Press keys together, the last one last and ``times`` times: X keysym names, e.g. ``Control_L``, ``v``."""

    def type_text(self, text: str) -> bool:
        """Type it key by key; False (and nothing typed) where a character has no key."""

    def watch_cursor(self, window: Window | None, own_keys: tuple[str, ...], seconds: float) -> None:
        """A text was just written into ``window``: from now on notice what puts the cursor elsewhere than behind it."""

    def continues(self) -> bool:
        """Does a text now stand behind the one before it, so that a space belongs between them? A guess: True."""

    def close(self) -> None: ...


class NoDesktop:
    """A session in which no keys can be sent."""

    works = False
    sees_windows = False
    prefers_typing = False

    def __init__(self, status: str) -> None:
        self.status = status

    def active_window(self) -> Window | None:
        return None

    def modifiers_held(self) -> bool:
        return False

    def chord(self, *names: str, times: int = 1) -> None:
        raise InsertionError(self.status)

    def type_text(self, text: str) -> bool:
        raise InsertionError(self.status)

    def watch_cursor(self, window: Window | None, own_keys: tuple[str, ...], seconds: float) -> None:
        pass

    def continues(self) -> bool:
        return True

    def close(self) -> None:
        pass


def find_desktop() -> Desktop:
    """The way into other programs that this session has."""
    from app.hotkey import wayland

    try:
        if sys.platform in ("win32", "darwin"):
            from app.desktop_pynput import PynputDesktop

            return PynputDesktop()
        if wayland():
            from app.desktop_wayland import WaylandDesktop

            return WaylandDesktop()
        if os.environ.get("DISPLAY"):
            from app.desktop_x11 import X11Desktop

            return X11Desktop()
    except InsertionError as error:
        return NoDesktop(str(error))
    return NoDesktop("There is no screen with other programs: the text stays in this window.")
