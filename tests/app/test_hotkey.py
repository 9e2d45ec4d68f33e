"""A key pressed anywhere on a real X screen."""

from __future__ import annotations

import secrets
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.hotkey import Hotkey, key_name, wayland
from app.keys import known, label
from app.ui.setting_fields import KeyField
from tests.app.conftest import need, wait_until


def xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True)


@pytest.fixture
def hotkey(qapp, display: str):  # type: ignore[no-untyped-def]
    hotkey = Hotkey()
    hotkey.events = []
    hotkey.pressed.connect(lambda: hotkey.events.append("down"))
    hotkey.released.connect(lambda: hotkey.events.append("up"))
    yield hotkey
    hotkey.close()


def bind(hotkey: Hotkey, key: str) -> None:
    statuses = []
    hotkey.status_changed.connect(statuses.append)
    hotkey.bind(key)
    assert wait_until(lambda: bool(statuses), 5)


@pytest.mark.parametrize("key", ["F9", "Pause", "Control_R", "q"])
def test_press_and_release_are_seen_once(hotkey: Hotkey, key: str) -> None:
    bind(hotkey, key)
    assert hotkey.status.works and hotkey.status.hold and label(key) in hotkey.status.message
    xdotool("keydown", key)
    assert wait_until(lambda: hotkey.events == ["down"], 3)
    xdotool("keyup", key)
    assert wait_until(lambda: hotkey.events == ["down", "up"], 3)


def test_a_held_key_that_repeats_is_one_press(hotkey: Hotkey) -> None:
    bind(hotkey, "F9")
    xdotool("keydown", "F9")
    wait_until(lambda: False, 1.3)  # repeats begin after 0.7 s
    assert hotkey.events == ["down"]
    xdotool("keyup", "F9")
    assert wait_until(lambda: hotkey.events == ["down", "up"], 3)


def test_num_lock_and_caps_lock_do_not_matter(hotkey: Hotkey) -> None:
    bind(hotkey, "F9")
    for lock in ("Num_Lock", "Caps_Lock"):
        xdotool("key", lock)
        try:
            hotkey.events.clear()
            xdotool("key", "F9")
            assert wait_until(lambda: hotkey.events == ["down", "up"], 3), lock
        finally:
            xdotool("key", lock)


def test_a_key_another_program_has_is_reported_and_another_can_be_chosen(hotkey: Hotkey) -> None:
    other = Hotkey()
    bind(other, "F8")
    bind(hotkey, "F8")
    assert not hotkey.status.works and "Another program" in hotkey.status.message
    bind(hotkey, "F7")
    assert hotkey.status.works
    xdotool("key", "F7")
    assert wait_until(lambda: hotkey.events == ["down", "up"], 3)
    other.close()


def test_after_unbinding_the_key_is_free(hotkey: Hotkey) -> None:
    bind(hotkey, "F9")
    hotkey.unbind()
    xdotool("key", "F9")
    wait_until(lambda: False, 0.3)
    assert hotkey.events == []
    other = Hotkey()
    bind(other, "F9")
    assert other.status.works
    other.close()


def test_what_is_no_key_is_said(hotkey: Hotkey) -> None:
    bind(hotkey, "no such key")
    assert not hotkey.status.works and "choose another" in hotkey.status.message


def test_the_name_of_a_pressed_key() -> None:
    def press(key: Qt.Key, native: int = 0, text: str = "") -> QKeyEvent:
        return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, 0, native, 0, text)

    assert key_name(press(Qt.Key.Key_F9)) == "F9"
    assert key_name(press(Qt.Key.Key_Control, 0xFFE4)) == "Control_R"
    assert key_name(press(Qt.Key.Key_A, text="a")) == "a"
    assert key_name(press(Qt.Key.Key_Udiaeresis, text="ü")) == "ü"
    assert key_name(press(Qt.Key(ord("Ж")), text="ж")) == "ж"
    assert key_name(press(Qt.Key.Key_unknown)) is None
    assert key_name(press(Qt.Key.Key_Dead_Acute)) is None
    assert known("F9") and not known("F99")


@pytest.fixture
def spare_key(display: str):  # type: ignore[no-untyped-def]
    """Puts a keysym on a key that this keyboard does not use; returns the key's code."""
    from Xlib.display import Display

    server = Display()
    free = next(code for code in range(255, 8, -1) if not any(server.get_keyboard_mapping(code, 1)[0]))

    def use(keysym: int) -> int:
        server.change_keyboard_mapping(free, [[keysym] * 4])
        server.sync()
        wait_until(lambda: False, 0.3)  # everybody has heard of it
        return free

    yield use
    use(0)
    server.close()


@pytest.mark.parametrize(("letter", "keysym"), [("ü", 0xFC), ("é", 0xE9), ("ч", 0x6DE), ("ğ", 0x2BB), ("ж", 0x1000436)])
def test_a_letter_of_another_language_is_chosen_and_works(
    hotkey: Hotkey, fields: list[KeyField], spare_key, letter: str, keysym: int
) -> None:  # type: ignore[no-untyped-def]
    code = spare_key(keysym)
    field = fields[1]
    for _ in range(2):
        xdotool("key", str(code))
        wait_until(lambda: False, 0.6)
    assert field.text() == label(letter), field.text()
    bind(hotkey, letter)
    assert hotkey.status.works, hotkey.status
    xdotool("key", str(code))
    assert wait_until(lambda: hotkey.events == ["down", "up"], 3)


@pytest.fixture
def fields(qapp, display: str):  # type: ignore[no-untyped-def]
    """Three key fields in a window, the middle one with the keyboard. ``picked`` has what they took."""
    window = QWidget()
    fields, picked = [KeyField("F9") for _ in range(3)], []  # type: ignore[var-annotated]
    box = QVBoxLayout(window)
    for field in fields:
        field.setAccessibleName("The key")
        field.picked.connect(picked.append)
        box.addWidget(field)
    fields[1].taken = picked
    QShortcut(QKeySequence("Alt+8"), window, lambda: None)
    window.show()
    window.activateWindow()
    fields[1].setFocus()
    assert wait_until(fields[1].hasFocus, 5)
    yield fields
    window.close()


@pytest.mark.parametrize("number_lock", [True, False])
@pytest.mark.parametrize(("key", "words"), [("KP_5", "Keypad 5"), ("KP_Add", "Keypad +"), ("KP_Decimal", "Keypad .")])
def test_a_key_of_the_keypad_is_another_than_the_one_that_writes_the_same(
    hotkey: Hotkey, fields: list[KeyField], key: str, words: str, number_lock: bool
) -> None:
    from Xlib import XK
    from Xlib.display import Display

    server = Display()
    code = str(server.keysym_to_keycode(XK.string_to_keysym(key)))
    server.close()
    if number_lock:
        xdotool("key", "Num_Lock")
    try:
        for _ in range(2):
            xdotool("key", code)
            wait_until(lambda: False, 0.6)
        assert fields[1].text() == words and fields[1].taken[-1] == key
        bind(hotkey, key)
        assert hotkey.status.works, hotkey.status
        xdotool("key", "plus" if key == "KP_Add" else "period" if key == "KP_Decimal" else "5")
        wait_until(lambda: False, 0.3)
        assert hotkey.events == []
        xdotool("key", code)
        assert wait_until(lambda: hotkey.events == ["down", "up"], 3)
        if key == "KP_5":
            bind(hotkey, "5")
            hotkey.events.clear()
            xdotool("key", code)
            wait_until(lambda: False, 0.3)
            assert hotkey.events == []
            xdotool("key", "5")
            assert wait_until(lambda: hotkey.events == ["down", "up"], 3)
    finally:
        if number_lock:
            xdotool("key", "Num_Lock")


@pytest.mark.parametrize(("system", "keypad", "row"), [("win32", 0x60, 0x30), ("darwin", 82, 29)])
def test_windows_and_macos_tell_the_keypad_apart_by_the_numbers_of_its_keys(
    monkeypatch: pytest.MonkeyPatch, system: str, keypad: int, row: int
) -> None:
    """pynput is not there on Linux: these are its ``KeyCode``s as its source makes them."""
    from app.hotkey_pynput import PynputKey

    monkeypatch.setattr("sys.platform", system)
    zero, other_zero, f9 = (SimpleNamespace(vk=keypad, char="0"), SimpleNamespace(vk=row, char="0"),
                            SimpleNamespace(name="f9"))  # fmt: skip
    for name, own in (("KP_0", zero), ("0", other_zero), ("f9", f9)):
        key = PynputKey.__new__(PynputKey)
        key._name = name
        assert [key._is(code) for code in (zero, other_zero, f9)] == [code is own for code in (zero, other_zero, f9)]


@pytest.mark.parametrize("keys", ["shift+Tab", "Tab", "alt+8", "ctrl+shift+F2", "ctrl+c", "alt+Tab"])
def test_what_leaves_the_key_field_or_is_a_shortcut_is_not_taken(fields: list[KeyField], keys: str) -> None:
    before = fields[1].taken.copy()
    xdotool("key", keys)
    wait_until(lambda: False, 0.5)
    assert [key for key in fields[1].taken if key != "F2"] == before
    if keys in ("Tab", "shift+Tab"):
        assert fields[2 if keys == "Tab" else 0].hasFocus()


def test_shift_alone_is_taken_when_it_is_let_go(fields: list[KeyField]) -> None:
    xdotool("keydown", "Shift_R")
    wait_until(lambda: False, 0.3)
    assert fields[1].taken == []
    xdotool("keyup", "Shift_R")
    assert wait_until(lambda: fields[1].taken == ["Shift_R"], 3)


@pytest.mark.parametrize("key", ["space", "Down", "Return", "a"])
def test_a_key_to_type_or_move_with_is_taken_only_when_it_is_pressed_again(fields: list[KeyField], key: str) -> None:
    field = fields[1]
    xdotool("keydown", key)
    wait_until(lambda: False, 1.2)  # it repeats: a stiff hand
    xdotool("keyup", key)
    assert wait_until(lambda: "press it again" in field.text(), 3), field.text()
    xdotool("key", "Tab")
    assert wait_until(lambda: field.text() == "F9", 3)
    xdotool("key", "shift+Tab")
    assert wait_until(field.hasFocus, 3)
    xdotool("key", "--delay", "0", key, key)  # a trembling hand
    wait_until(lambda: False, 0.6)
    assert field.taken == []
    xdotool("key", key)
    assert wait_until(lambda: field.taken == [key], 3)
    assert field.text() == label(key)


def test_on_wayland_without_a_portal_a_way_out_is_told(
    hotkey: Hotkey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert wayland()
    bind(hotkey, "F9")
    assert not hotkey.status.works and "idiolect toggle" in hotkey.status.message


def test_where_no_global_key_works_the_key_works_in_our_own_window(
    hotkey: Hotkey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    bind(hotkey, "F9")
    window = QPlainTextEdit()
    window.setWindowTitle("Ours")
    qapp.installEventFilter(hotkey)
    try:
        window.show()
        window.activateWindow()
        assert wait_until(window.hasFocus, 5)
        xdotool("key", "F9")
        assert wait_until(lambda: hotkey.events == ["down", "up"], 3)
        xdotool("key", "a")
        assert wait_until(lambda: window.toPlainText() == "a", 3)
        assert hotkey.events == ["down", "up"]
    finally:
        qapp.removeEventFilter(hotkey)
        window.close()


def test_the_portal_reports_press_and_release(hotkey: Hotkey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Against a portal on a bus of our own that speaks the documented protocol."""
    need("dbus-daemon")
    address = f"unix:path={tmp_path}/bus"
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", f"--address={address}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert wait_until(lambda: Path(tmp_path / "bus").exists(), 5)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
        bound: list[tuple] = []  # type: ignore[type-arg]
        portal = threading.Thread(target=serve_portal, args=(address, bound), daemon=True)
        portal.start()
        time.sleep(0.3)
        bind(hotkey, "F9")
        assert hotkey.status.works and hotkey.status.backend == "portal", hotkey.status
        assert bound[0][0] == "dictate" and bound[0][1]["preferred_trigger"] == ("s", "F9")
        assert wait_until(lambda: hotkey.events == ["down", "up"], 5)
    finally:
        hotkey.close()
        daemon.terminate()
        daemon.wait(5)


def serve_portal(address: str, bound: list) -> None:  # type: ignore[type-arg]
    """GlobalShortcuts as the specification has it: answers come as Response signals of the request object."""
    from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
    from jeepney.io.blocking import open_dbus_connection

    bus = open_dbus_connection(bus=address)
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.portal.Desktop"))
    root = "/org/freedesktop/portal/desktop"
    shortcuts = DBusAddress(root, interface="org.freedesktop.portal.GlobalShortcuts")
    session = f"{root}/session/{secrets.token_hex(4)}"
    while True:
        call = bus.receive()
        if call.header.message_type != MessageType.method_call:
            continue
        fields = call.header.fields
        sender, member = fields[HeaderFields.sender], fields[HeaderFields.member]
        options = call.body[-1]
        path = f"{root}/request/{sender[1:].replace('.', '_')}/{options['handle_token'][1]}"
        bus.send(new_method_return(call, "o", (path,)))
        request = DBusAddress(path, interface="org.freedesktop.portal.Request")
        if member == "CreateSession":
            results = {"session_handle": ("s", session)}
            bus.send(new_signal(request, "Response", "ua{sv}", (0, results)))
        elif member == "BindShortcuts":
            bound.extend(call.body[1])
            bus.send(new_signal(request, "Response", "ua{sv}", (0, {"shortcuts": ("a(sa{sv})", call.body[1])})))
            time.sleep(0.2)
            for name in ("Activated", "Activated", "Deactivated"):
                bus.send(new_signal(shortcuts, name, "osta{sv}", (session, "dictate", 1, {})))
            return
