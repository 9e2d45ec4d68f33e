"""One key on Wayland, through the desktop's GlobalShortcuts portal.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
The desktop asks the person once; its Deactivated signal makes hold-to-talk possible.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

_LOG = logging.getLogger(__name__)
_PATH, _NAME = "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Desktop"
_SHORTCUTS, _REQUEST = "org.freedesktop.portal.GlobalShortcuts", "org.freedesktop.portal.Request"
_ASK_SECONDS = 300.0  # a dialogue of the desktop's: the person may take their time
UNAVAILABLE = (
    "This desktop does not let programs listen for a key. In the system's keyboard settings, add a shortcut that "
    "runs the command: idiolect toggle"
)


class PortalKey:
    """As ``X11Key``; the desktop may choose another key than the one wished for."""

    def __init__(
        self, key: str, on_press: Callable[[], None], on_release: Callable[[], None], on_status: Callable[[str], None]
    ) -> None:
        self._key = key
        self._on_press, self._on_release, self._on_status = on_press, on_release, on_status
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        from jeepney.io.blocking import open_dbus_connection

        try:
            with open_dbus_connection(bus="SESSION") as bus:
                self._listen(bus)
        except Exception as error:  # noqa: BLE001 - no bus, no portal, refused: one way out for the person
            if not self._closing.is_set():
                _LOG.info("the GlobalShortcuts portal cannot be used: %r", error)
                self._on_status(UNAVAILABLE)

    def _listen(self, bus: Any) -> None:
        from jeepney import MatchRule, message_bus

        rule = MatchRule(type="signal", sender=_NAME, interface=_SHORTCUTS, path=_PATH)
        bus.send_and_get_reply(message_bus.AddMatch(rule))
        token = f"idiolect{secrets.token_hex(4)}"
        created = self._ask(bus, "CreateSession", "a{sv}", (), {"session_handle_token": ("s", token)})
        session = created["session_handle"][1]
        shortcut = ("dictate", {"description": ("s", "Dictate"), "preferred_trigger": ("s", self._key)})
        self._ask(bus, "BindShortcuts", "oa(sa{sv})sa{sv}", (session, [shortcut], ""), {})
        self._on_status("")
        down = False
        while not self._closing.is_set():
            try:
                message = bus.receive(timeout=0.25)
            except TimeoutError:
                continue
            from jeepney import HeaderFields

            member = message.header.fields.get(HeaderFields.member)
            if message.header.fields.get(HeaderFields.interface) != _SHORTCUTS or message.body[0] != session:
                continue
            if member == "Activated" and not down:
                down = True
                self._on_press()
            elif member == "Deactivated" and down:
                down = False
                self._on_release()

    def _ask(self, bus: Any, method: str, signature: str, body: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Call a portal method and wait for the answer that comes as a signal of its request object."""
        return ask(bus, _SHORTCUTS, method, signature, body, options, _ASK_SECONDS, self._closing.is_set)


def ask(
    bus: Any,
    interface: str,
    method: str,
    signature: str,
    body: tuple[Any, ...],
    options: dict[str, Any],
    seconds: float,
    given_up: Callable[[], bool] = lambda: False,
) -> Any:
    """A portal's answer to ``method``: its results as a dict of variants.

    Raises:
        PermissionError: the person or the desktop refused.
        TimeoutError: there was no answer.
        OSError, jeepney.wrappers.DBusErrorResponse: there is no such portal.
    """
    from collections import deque

    from jeepney import DBusAddress, MatchRule, MessageType, message_bus, new_method_call
    from jeepney.wrappers import DBusErrorResponse

    token = f"idiolect{secrets.token_hex(4)}"
    sender = bus.unique_name[1:].replace(".", "_")
    path = f"{_PATH}/request/{sender}/{token}"
    rule = MatchRule(type="signal", interface=_REQUEST, member="Response", path=path)
    bus.send_and_get_reply(message_bus.AddMatch(rule))
    queue: deque[Any] = deque()
    with bus.filter(rule, queue=queue):
        address = DBusAddress(_PATH, bus_name=_NAME, interface=interface)
        call = new_method_call(address, method, signature, (*body, {**options, "handle_token": ("s", token)}))
        reply = bus.send_and_get_reply(call, timeout=10.0)
        if reply.header.message_type == MessageType.error:
            raise DBusErrorResponse(reply)
        waited = 0.0
        while not given_up():
            try:
                code, results = bus.recv_until_filtered(queue, timeout=0.25).body
            except TimeoutError:
                waited += 0.25
                if waited >= seconds:
                    raise
                continue
            if code != 0:
                raise PermissionError(f"{interface}.{method} was refused")
            return results
    raise TimeoutError("given up")
