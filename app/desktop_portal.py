"""Keys through the desktop's RemoteDesktop portal: GNOME and KDE on Wayland.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.RemoteDesktop.html
The desktop asks the person once; the token that spares them the question next time is
used up each time and replaced. Text is typed as keysyms: whether a clipboard can be
written without focus differs between desktops, whether a key arrives does not.
"""

from __future__ import annotations

import logging
import secrets
import threading
from typing import Any

from app.desktop import InsertionError
from app.hotkey_portal import ask
from engine.paths import config_dir, write_private

_LOG = logging.getLogger(__name__)
_PATH, _NAME = "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Desktop"
_REMOTE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD, _UNTIL_REVOKED = 1, 2
_SPECIAL = {"\n": 0xFF0D, "\t": 0xFF09}


class RemoteDesktop:
    """One session, opened at the first key."""

    status = "The desktop types for us. It will ask once whether this app may control the keyboard: please allow it."
    prefers_typing = True

    def __init__(self) -> None:
        self._bus: Any = None
        self._session = ""
        self._lock = threading.Lock()

    @staticmethod
    def offered() -> bool:
        """Is there such a portal, and does it have a keyboard?"""
        from jeepney import DBusAddress, MessageType, Properties
        from jeepney.io.blocking import open_dbus_connection

        try:
            with open_dbus_connection(bus="SESSION") as bus:
                address = DBusAddress(_PATH, bus_name=_NAME, interface=_REMOTE)
                reply = bus.send_and_get_reply(Properties(address).get("AvailableDeviceTypes"), timeout=3.0)
                return reply.header.message_type != MessageType.error and bool(reply.body[0][1] & _KEYBOARD)
        except Exception as error:  # noqa: BLE001 - no bus, no portal
            _LOG.info("no RemoteDesktop portal: %r", error)
            return False

    def chord(self, names: tuple[str, ...], times: int) -> None:
        from Xlib import XK

        *modifiers, key = (XK.string_to_keysym(name) for name in names)
        with self._lock:
            self._open()
            pressed: list[int] = []
            try:
                for modifier in modifiers:
                    pressed.append(modifier)
                    self._notify(modifier, True)
                for _ in range(times):
                    self._tap(key)
            finally:
                for modifier in reversed(pressed):
                    self._notify(modifier, False)

    def type_text(self, text: str) -> bool:
        with self._lock:
            self._open()
            for character in text:
                code = ord(character)
                self._tap(_SPECIAL.get(character, code if code < 0x100 else 0x01000000 | code))
        return True

    def close(self) -> None:
        with self._lock:
            if self._bus is not None:
                self._bus.close()
                self._bus = None

    def _tap(self, keysym: int) -> None:
        try:
            self._notify(keysym, True)
        finally:
            self._notify(keysym, False)

    def _notify(self, keysym: int, down: bool) -> None:
        from jeepney import DBusAddress, MessageType, new_method_call

        address = DBusAddress(_PATH, bus_name=_NAME, interface=_REMOTE)
        body: tuple[Any, ...] = (self._session, {}, keysym, int(down))
        reply = self._bus.send_and_get_reply(
            new_method_call(address, "NotifyKeyboardKeysym", "oa{sv}iu", body), timeout=5.0
        )
        if reply.header.message_type == MessageType.error:
            self._bus.close()
            self._bus = None  # the session has ended: the next key opens another
            raise InsertionError("The desktop ended the permission to type, so the text was kept here. Try again.")

    def _open(self) -> None:
        if self._bus is not None:
            return
        from jeepney.io.blocking import open_dbus_connection

        token_file = config_dir() / "remote-desktop.token"
        bus = None
        try:
            bus = open_dbus_connection(bus="SESSION")
            token = f"idiolect{secrets.token_hex(4)}"
            created = ask(bus, _REMOTE, "CreateSession", "a{sv}", (), {"session_handle_token": ("s", token)}, 30.0)
            session = created["session_handle"][1]
            devices: dict[str, Any] = {"types": ("u", _KEYBOARD), "persist_mode": ("u", _UNTIL_REVOKED)}
            if token_file.exists():
                devices["restore_token"] = ("s", token_file.read_bytes().decode("ascii", "ignore").strip())
            ask(bus, _REMOTE, "SelectDevices", "oa{sv}", (session,), devices, 30.0)
            started = ask(bus, _REMOTE, "Start", "osa{sv}", (session, ""), {}, 120.0)
            if "restore_token" in started:
                write_private(token_file, started["restore_token"][1].encode())
            self._bus, self._session = bus, session
        except Exception as error:
            if bus is not None:
                bus.close()
            raise InsertionError(
                "The desktop does not let this app type, so the text was kept here. Allow it when you are asked."
            ) from error
