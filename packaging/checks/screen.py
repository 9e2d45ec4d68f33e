"""Windows as the window manager sees them, and a mouse."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

from Xlib import X, display


def until(condition: Callable[[], Any], seconds: float = 20.0, pause: float = 0.02) -> Any:
    """The first true result of ``condition``; None where there is none in time."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            return None
        time.sleep(pause)


class Screen:
    """One connection to the X server."""

    def __init__(self) -> None:
        self.display = display.Display()
        self.root = self.display.screen().root
        atom = self.display.intern_atom
        self._clients, self._name, self._text = atom("_NET_CLIENT_LIST"), atom("_NET_WM_NAME"), atom("UTF8_STRING")

    def window(self, title: str) -> Any:
        """The window with that title that the window manager shows, or None."""
        listed = self.root.get_full_property(self._clients, X.AnyPropertyType)
        for number in listed.value if listed else ():
            window = self.display.create_resource_object("window", number)
            try:
                name = window.get_full_property(self._name, self._text)
                if name and name.value.decode("utf-8", "replace") == title:
                    return window
            except Exception:  # it has just been closed
                continue
        return None

    def click(self, window: Any, right: int, bottom: int) -> None:
        """Click so many pixels from the window's lower right corner."""
        shape = window.get_geometry()
        at = window.translate_coords(self.root, 0, 0)
        x, y = -at.x + shape.width - right, -at.y + shape.height - bottom
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True)
