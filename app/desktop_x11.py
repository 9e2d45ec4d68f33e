"""X11: windows by EWMH, keys by XTest."""

from __future__ import annotations

import threading
import time
from typing import Any

from app.cursor_x11 import CursorWatch
from app.desktop import InsertionError, Window


class X11Desktop:
    """One connection to the X server behind a lock."""

    works = True
    sees_windows = True
    prefers_typing = False
    status = "Text is pasted into the window that is in front; the clipboard is put back afterwards."

    def __init__(self) -> None:
        from Xlib import display, error

        try:
            self._server = display.Display()
        except (error.DisplayError, error.XError, OSError) as problem:
            raise InsertionError("The screen cannot be reached: the text stays in this window.") from problem
        if not self._server.has_extension("XTEST"):
            raise InsertionError(
                "This screen does not let programs press keys (XTEST is missing): the text stays in this window."
            )
        self._lock = threading.RLock()
        self._cursor = CursorWatch()
        self._root = self._server.screen().root
        self._atoms = {name: self._server.intern_atom(name) for name in ("_NET_ACTIVE_WINDOW", "_NET_WM_NAME")}

    def active_window(self) -> Window | None:
        from Xlib import X, error

        with self._lock:
            try:
                found = self._root.get_full_property(self._atoms["_NET_ACTIVE_WINDOW"], X.AnyPropertyType)
                if found is None or not found.value or not found.value[0]:
                    return self._focused()
                window = self._server.create_resource_object("window", found.value[0])
                return self._described(window)
            except error.XError:  # the window went away meanwhile
                return None
            except (error.ConnectionClosedError, OSError) as problem:
                raise InsertionError("The screen's connection was lost: restart the app.") from problem

    def modifiers_held(self) -> bool:
        """Shift, Control, Alt or Super, held by hand or by sticky keys."""
        from Xlib import X

        with self._lock:
            mask = self._root.query_pointer().mask
        return bool(mask & (X.ShiftMask | X.ControlMask | X.Mod1Mask | X.Mod4Mask))

    def chord(self, *names: str, times: int = 1) -> None:
        with self._lock:
            codes = [self._code(name) for name in names]
        for _ in range(times):
            self._press(codes)

    def type_text(self, text: str) -> bool:
        from Xlib import X

        with self._lock:
            keys = [self._key_of(character) for character in text]
            if any(key is None for key in keys):
                return False
            shift = self._code("Shift_L")
            capitals = bool(self._root.query_pointer().mask & X.LockMask)  # Caps Lock turns letters round
        for character, (code, shifted) in zip(text, keys, strict=True):  # type: ignore[misc]
            self._press([shift, code] if shifted != (capitals and character.isalpha()) else [code])
        return True

    def watch_cursor(self, window: Window | None, own_keys: tuple[str, ...], seconds: float) -> None:
        self._cursor.start(int(window.id) if window is not None else None, own_keys, seconds)

    def continues(self) -> bool:
        return self._cursor.continues

    def close(self) -> None:
        self._cursor.stop()
        with self._lock:
            self._server.close()

    def _press(self, codes: list[int]) -> None:
        from Xlib import X
        from Xlib.ext import xtest

        pressed: list[int] = []
        with self._lock:  # key by key: whoever asks for the window in front meanwhile need not wait for a whole text
            try:
                for code in codes:
                    xtest.fake_input(self._server, X.KeyPress, code)
                    pressed.append(code)
            finally:  # a key that stays down would be worse than anything
                for code in reversed(pressed):
                    xtest.fake_input(self._server, X.KeyRelease, code)
                self._server.sync()
        time.sleep(0.002)

    def _code(self, name: str) -> int:
        from Xlib import XK

        keysym = XK.string_to_keysym(name)
        code = int(self._server.keysym_to_keycode(keysym)) if keysym else 0
        if not code:
            raise InsertionError(f"This keyboard layout has no {name} key: the text is on the clipboard instead.")
        return code

    def _key_of(self, character: str) -> tuple[int, bool] | None:
        """The key that writes an ASCII character in the layout's first group, and whether with Shift."""
        special = {"\n": 0xFF0D, "\t": 0xFF09}
        keysym = special.get(character, ord(character))
        if keysym > 0x7E and character not in special:
            return None
        for code, index in self._server.keysym_to_keycodes(keysym):
            if index in (0, 1):
                return code, index == 1
        return None

    def _focused(self) -> Window | None:
        """Without a window manager: the window with the keyboard."""
        focus = self._server.get_input_focus().focus
        if isinstance(focus, int) or focus.id == self._root.id:
            return None
        return self._described(focus)

    def _described(self, window: Any) -> Window:
        from Xlib import X, error

        kind, place = None, window
        while kind is None and place is not None and place.id != self._root.id:
            kind = place.get_wm_class()
            place = place.query_tree().parent if kind is None else place
        try:
            name = window.get_full_property(self._atoms["_NET_WM_NAME"], X.AnyPropertyType)
            title = name.value.decode("utf-8", "replace") if name is not None else (window.get_wm_name() or "")
        except (error.XError, AttributeError, UnicodeDecodeError):
            title = ""
        return Window(str(window.id), (kind[1] if kind else "").lower(), str(title))
