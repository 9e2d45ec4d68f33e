"""Wayland: programs may not press keys for others, except through what the desktop offers.

Tried in this order, once: ``wtype`` (wlroots desktops such as Sway and Hyprland),
``ydotool`` (any desktop, where its daemon runs), the RemoteDesktop portal (GNOME, KDE),
which asks the person. Which one works is told; none is claimed to work unseen.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

from app.desktop import InsertionError, Window

_LOG = logging.getLogger(__name__)
_WTYPE_MODIFIERS = {"Control_L": "ctrl", "Shift_L": "shift", "Alt_L": "alt", "Super_L": "logo"}
# Linux key codes: positions on the keyboard, as ydotool wants them.
_CODES = {"Control_L": 29, "Shift_L": 42, "v": 47, "z": 44, "Insert": 110, "BackSpace": 14, "Left": 105, "Return": 28}
NOTHING = (
    "This desktop does not let programs write into others. Install wtype or ydotool, or use the button that copies "
    "the text; until then it stays in this window."
)


class Keys(Protocol):
    """A way to press keys. ``prefers_typing``: the clipboard cannot be relied on."""

    status: str
    prefers_typing: bool

    def chord(self, names: tuple[str, ...], times: int) -> None: ...

    def type_text(self, text: str) -> bool: ...

    def close(self) -> None: ...


class WaylandDesktop:
    """Keys by the first way that works; windows only where the compositor tells (Sway)."""

    works = True

    def __init__(self) -> None:
        keys = find_keys()
        if keys is None:
            raise InsertionError(NOTHING)
        self._keys = keys
        self.status = keys.status
        self.prefers_typing = keys.prefers_typing
        self.sees_windows = bool(os.environ.get("SWAYSOCK")) and shutil.which("swaymsg") is not None

    def active_window(self) -> Window | None:
        if not self.sees_windows:
            return None
        tree = json.loads(_run("swaymsg", "-t", "get_tree") or "{}")
        node = _focused(tree)
        if node is None or "name" not in node or node.get("type") not in ("con", "floating_con"):
            return None
        program = node.get("app_id") or (node.get("window_properties") or {}).get("class") or ""
        return Window(str(node["id"]), program.lower(), node["name"] or "")

    def modifiers_held(self) -> bool:
        return False  # nobody tells; the keys pressed here do not mix with those of the real keyboard

    def chord(self, *names: str, times: int = 1) -> None:
        self._keys.chord(names, times)

    def type_text(self, text: str) -> bool:
        return self._keys.type_text(text)

    def close(self) -> None:
        self._keys.close()


class Wtype:
    status = "Text is pasted with wtype into the window that is in front."
    prefers_typing = False

    @staticmethod
    def works() -> bool:
        return shutil.which("wtype") is not None and _run("wtype", "-s", "1") is not None

    def chord(self, names: tuple[str, ...], times: int) -> None:
        *modifiers, key = names
        held = [_WTYPE_MODIFIERS[name] for name in modifiers]
        words = ["-s", "20", "-d", "3"]  # a new keyboard's first key must not be lost
        words += [word for name in held for word in ("-M", name)]
        words += ["-k", key] * times
        words += [word for name in reversed(held) for word in ("-m", name)]
        self._call(*words)

    def type_text(self, text: str) -> bool:
        self._call("-s", "20", "--", text)
        return True

    def close(self) -> None:
        pass

    def _call(self, *words: str) -> None:
        if _run("wtype", *words) is None:
            raise InsertionError("wtype could not press the keys, so the text was kept here.")


class Ydotool:
    status = "Text is pasted with ydotool into the window that is in front."
    prefers_typing = False

    @staticmethod
    def works() -> bool:
        places = (
            os.environ.get("YDOTOOL_SOCKET", ""),
            f"{os.environ.get('XDG_RUNTIME_DIR', '/nonexistent')}/.ydotool_socket",
            "/tmp/.ydotool_socket",
        )
        return shutil.which("ydotool") is not None and any(place and Path(place).exists() for place in places)

    def chord(self, names: tuple[str, ...], times: int) -> None:
        if names == ("Control_L", "v"):
            names = ("Shift_L", "Insert")  # a position, not a letter: the same in every layout
        codes = [_CODES[name] for name in names]
        down = [f"{code}:1" for code in codes[:-1]]
        presses = [f"{codes[-1]}:1", f"{codes[-1]}:0"] * times
        up = [f"{code}:0" for code in reversed(codes[:-1])]
        if _run("ydotool", "key", *down, *presses, *up) is None:
            raise InsertionError("ydotool could not press the keys, so the text was kept here.")

    def type_text(self, text: str) -> bool:
        return False  # it knows positions, not letters

    def watch_cursor(self, window: Window | None, own_keys: tuple[str, ...], seconds: float) -> None:
        pass

    def continues(self) -> bool:
        return True

    def close(self) -> None:
        pass


def find_keys() -> Keys | None:
    """The first way of pressing keys that works in this session."""
    if Wtype.works():
        return Wtype()
    if Ydotool.works():
        return Ydotool()
    from app.desktop_portal import RemoteDesktop

    if RemoteDesktop.offered():
        return RemoteDesktop()
    return None


def _focused(node: dict[str, Any]) -> dict[str, Any] | None:
    if node.get("focused"):
        return node
    for child in (*node.get("nodes", ()), *node.get("floating_nodes", ())):
        found = _focused(child)
        if found is not None:
            return found
    return None


def _run(*words: str) -> str | None:
    """What the program says, or None where it failed."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _LOG.info("%s: %s", words[0], error)
        return None
    if done.returncode != 0:
        _LOG.info("%s: %s", words[0], done.stderr.strip())
        return None
    return done.stdout
