"""One key, grabbed from the X server in a thread of its own.

A grab sees press and release wherever the focus is, and the key does nothing else. The
server repeats a held key as release and press with the same time stamp: those are left
out.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
from collections.abc import Callable

from app import keys

_LOG = logging.getLogger(__name__)
_REPEAT_WAIT = 0.02  # seconds in which the press of a repeated key follows its release
# Where X had keysyms before Unicode: the high byte of a keysym, and the character set its low byte is taken from.
_CHARSETS = {1: "iso8859_2", 2: "iso8859_3", 3: "iso8859_4", 5: "iso8859_6", 6: "koi8_u", 7: "iso8859_7",
             0xC: "iso8859_8", 0xD: "tis_620"}  # fmt: skip


class X11Key:
    """Calls ``on_press`` and ``on_release`` from its thread; ``on_status`` with an empty string or what is wrong."""

    def __init__(
        self, key: str, on_press: Callable[[], None], on_release: Callable[[], None], on_status: Callable[[str], None]
    ) -> None:
        self._key = key
        self._on_press, self._on_release, self._on_status = on_press, on_release, on_status
        self._wake_reader, self._wake_writer = os.pipe()
        self._thread = threading.Thread(target=self._run, name="hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        os.write(self._wake_writer, b"x")
        self._thread.join(2.0)

    def _run(self) -> None:
        from Xlib import display, error

        try:
            server = display.Display()
        except (error.DisplayError, error.XError, OSError) as problem:
            _LOG.info("no X server: %s", problem)
            self._on_status("There is no screen on which a key can be listened for.")
            return
        try:
            self._listen(server)
        except (error.ConnectionClosedError, error.XError, OSError) as problem:
            _LOG.warning("the key is not listened for any more: %s", problem)
            self._on_status("The screen's connection was lost: restart the app.")
        finally:
            with contextlib.suppress(error.ConnectionClosedError, OSError):
                server.close()
            os.close(self._wake_reader)
            os.close(self._wake_writer)

    def _listen(self, server) -> None:  # type: ignore[no-untyped-def]
        from Xlib import X

        codes = self._grab(server)
        down = False
        while True:
            if not server.pending_events():
                readable, _, _ = select.select([server.fileno(), self._wake_reader], [], [])
                if self._wake_reader in readable:
                    break
                if not server.pending_events():
                    continue
            event = server.next_event()
            if event.type == X.MappingNotify:
                server.refresh_keyboard_mapping(event)
                codes = self._grab(server)
            elif event.type == X.KeyPress and event.detail in codes and not down:
                down = True
                self._on_press()
            elif event.type == X.KeyRelease and event.detail in codes and down and not self._repeated(server, event):
                down = False
                self._on_release()

    def _repeated(self, server, release) -> bool:  # type: ignore[no-untyped-def]
        """Is this release the server's own, with the next press right behind it?"""
        from Xlib import X

        end = time.monotonic() + _REPEAT_WAIT
        while not server.pending_events():
            left = end - time.monotonic()
            if left <= 0 or not select.select([server.fileno()], [], [], left)[0]:
                return False
        following = server.next_event()
        if following.type == X.KeyPress and following.detail == release.detail and following.time - release.time <= 2:
            return True
        if following.type == X.MappingNotify:
            server.refresh_keyboard_mapping(following)
            return False
        if following.type == X.KeyPress and following.detail == release.detail:
            self._on_release()
            self._on_press()
            return True
        return False

    def _grab(self, server) -> set[int]:  # type: ignore[no-untyped-def]
        from Xlib import X
        from Xlib.error import BadAccess, CatchError

        root = server.screen().root
        root.ungrab_key(X.AnyKey, X.AnyModifier)
        codes = {code for keysym in keysyms(self._key) for code, _ in server.keysym_to_keycodes(keysym)}
        if not codes:
            self._on_status(f"This keyboard has no key {keys.label(self._key)}: choose another key in the settings.")
            return codes
        modifier_key = self._key.endswith(("_L", "_R", "_Shift", "_Lock"))
        # Caps Lock, Num Lock and Scroll Lock must not stand in the way; other modifiers make another key.
        locks = (0, X.LockMask, X.Mod2Mask, X.Mod5Mask)
        masks = {X.AnyModifier} if modifier_key else {a | b | c for a in locks for b in locks for c in locks}
        refused = CatchError(BadAccess)
        for code in codes:
            for mask in masks:
                root.grab_key(code, mask, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        server.sync()
        if refused.get_error():
            self._on_status(
                f"Another program already uses {keys.label(self._key)}: choose another key in the settings."
            )
            return set()
        self._on_status("")
        return codes


def keysyms(key: str) -> list[int]:
    """The numbers X may know ``key`` by; a letter outside Latin 1 has an old one on most keyboards, or Unicode's."""
    from Xlib import XK, X

    XK.load_keysym_group("xf86")
    named = XK.string_to_keysym(key.replace("XF86", "XF86_", 1))
    if key == "KP_Decimal":  # a comma on many keyboards
        return [named, XK.string_to_keysym("KP_Separator")]
    if named != X.NoSymbol or len(key) != 1:
        return [named] if named != X.NoSymbol else []
    if ord(key) < 0x100:
        return [ord(key)]
    found = [0x01000000 | ord(key)]
    for page, charset in _CHARSETS.items():
        with contextlib.suppress(UnicodeEncodeError):
            found.append(page << 8 | key.encode(charset)[0])
    return found
