"""Does what is dictated next stand behind the text just written? X11 does not say where the cursor is.

Some keys say it nevertheless: Tab leads to another field, Enter to a new line, and behind a
space no second one belongs. So does a click into the window with the text: it puts the cursor
somewhere, most often into another field. A click on anything else (our own button, a menu,
another program) leaves it where it is. Which key was pressed last is looked at, by its kind, and
whether a click was meant for that window, and kept nowhere but in one yes or no; the watching
ends with the next text, or after ten minutes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import struct
import threading
import time
from collections.abc import Iterable
from typing import Any

from app.hotkey_x11 import keysyms

_LOG = logging.getLogger(__name__)
_APART = ("Tab", "ISO_Left_Tab", "Return", "KP_Enter", "space")
_APART_WITH_CTRL = ("a", "f", "k", "l", "n", "o", "t")  # all of it is replaced; find, search, address, new, open
_NEUTRAL = ("Up", "Down", "Left", "Right", "Home", "End", "Prior", "Next", "Escape", "Delete")
_BUTTONS = (1, 2, 3)  # the others turn the wheel, or go back and forth
_FIRST_FUNCTION_KEY = 0xFFBE  # these and what has a higher keysym, Shift and its like, write nothing

_CONTROL, _OTHER_PROGRAMS = {0xFFE3, 0xFFE4}, set(range(0xFFE7, 0xFFED))  # the latter: Meta, Alt, Super


class CursorWatch:
    """``start`` when a text was written; ``continues`` before the next one."""

    def __init__(self) -> None:
        self.continues = True
        self._held: set[int] = set()
        self._thread: threading.Thread | None = None
        self._wake = -1

    def start(self, window: int | None, own_keys: Iterable[str], seconds: float) -> None:
        """Watch ``window`` from now on; presses of ``own_keys`` (to dictate with) mean nothing."""
        self.stop()
        self.continues = True
        self._held.clear()
        reader, self._wake = os.pipe()
        work = (reader, window, tuple(own_keys), time.monotonic() + seconds)
        self._thread = threading.Thread(target=self._run, args=work, name="cursor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                os.write(self._wake, b"x")
            thread.join(2.0)
            os.close(self._wake)

    def _run(self, reader: int, window: int | None, own_keys: tuple[str, ...], end: float) -> None:
        from Xlib import display, error

        server = None
        try:
            server = display.Display()
            self._watch(server, reader, window, own_keys, end)
        except (error.DisplayError, error.ConnectionClosedError, error.XError, AttributeError, OSError) as problem:
            _LOG.info("the cursor cannot be watched: %s", problem)  # then a text is taken for a continuation, as ever
        finally:
            if server is not None:
                with contextlib.suppress(error.ConnectionClosedError, OSError):
                    server.close()
            os.close(reader)

    def _watch(self, server: Any, reader: int, window: int | None, own_keys: tuple[str, ...], end: float) -> None:
        from Xlib.ext import ge, xinput

        server.xinput_query_version()
        root = server.screen().root
        watched = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask | xinput.RawButtonPressMask
        root.xinput_select_events([(xinput.AllMasterDevices, watched)])
        server.sync()
        own = {code for key in own_keys for sym in keysyms(key) for code, _ in server.keysym_to_keycodes(sym)}
        while (left := end - time.monotonic()) > 0:
            if not server.pending_events():
                readable, _, _ = select.select([server.fileno(), reader], [], [], left)
                if reader in readable:
                    return
                continue
            event = server.next_event()
            if event.type != ge.GenericEventCode:
                continue
            _, _, code = struct.unpack_from("=HII", event.data)  # device, time, key or button
            if event.evtype == xinput.RawButtonPress:
                if code in _BUTTONS and window is not None and _under_pointer(root, window):
                    self.continues = False
            elif event.evtype in (xinput.RawKeyPress, xinput.RawKeyRelease) and code not in own:
                self._key(server.keycode_to_keysym(code, 0), event.evtype == xinput.RawKeyPress)

    def _key(self, sym: int, pressed: bool) -> None:
        from Xlib import XK

        if sym in _CONTROL or sym in _OTHER_PROGRAMS:  # by their own events: the keyboard's state may be a later one
            self._held.add(sym) if pressed else self._held.discard(sym)
        elif not pressed or self._held & _OTHER_PROGRAMS:
            pass  # Alt+Tab there and back leaves the cursor where it was
        elif sym in _syms(_NEUTRAL) or sym >= _FIRST_FUNCTION_KEY:
            pass
        elif not self._held:
            self.continues = sym not in _syms(_APART)
        elif (XK.keysym_to_string(sym) or "").lower() in _APART_WITH_CTRL or sym in _syms(_APART):
            self.continues = False


def _under_pointer(root: Any, window: int) -> bool:
    """Whether what is seen under the pointer is (a part of) ``window``."""
    from Xlib import error

    place = root
    try:
        while (place := place.query_pointer().child) not in (None, 0):
            if place.id == window:
                return True
    except error.XError:  # it was closed meanwhile
        pass
    return False


def _syms(names: tuple[str, ...]) -> set[int]:
    from Xlib import XK

    return {XK.string_to_keysym(name) for name in names}
