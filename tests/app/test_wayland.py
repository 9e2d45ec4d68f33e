"""A real Wayland desktop (Sway without a screen), and the RemoteDesktop portal's protocol."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desktop import NoDesktop, find_desktop
from app.insert import Inserter, Insertion
from engine.paths import config_dir
from tests.app.conftest import need, wait_until

WORDS = "Grüße, “naïve” 日本 – done."


@pytest.fixture
def sway(qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # type: ignore[no-untyped-def]
    need("sway", "swaymsg", "wtype", "wl-copy", "wl-paste")
    folder = Path(f"/tmp/idiolect-sway-{os.getpid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "config").write_text("default_border none\n")
    command = ["sway", "-c", str(folder / "config")]
    if os.geteuid() == 0:  # it refuses to run as root
        need("setpriv")
        os.chown(folder, 65534, 65534)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    settings = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
    settings |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= settings
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not wait_until(lambda: bool(list(folder.glob("sway-ipc*"))) and bool(list(folder.glob("wayland-?"))), 8):
            pytest.skip("Sway does not start here")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        monkeypatch.setenv("WAYLAND_DISPLAY", next(folder.glob("wayland-?")).name)
        monkeypatch.setenv("SWAYSOCK", str(next(folder.glob("sway-ipc*"))))
        monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
        yield
    finally:
        server.kill()
        server.wait(5)
        subprocess.run(["rm", "-rf", str(folder)], check=False)


@pytest.fixture
def inserter(sway: None) -> Iterator[Inserter]:
    inserter = Inserter()
    yield inserter
    inserter.close()


def window(path: Path, title: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "wayland"}
    script = str(Path(__file__).parent / "field.py")
    return subprocess.Popen([sys.executable, script, str(path), title], env=environment, stderr=subprocess.DEVNULL)


def text(path: Path) -> str:
    return path.read_text("utf-8").partition("\0")[0] if path.exists() else ""


def use(path: Path) -> None:
    """Write into the field and empty it, as somebody who dictates there has: a seat without a keyboard gets one, and
    a busy program is late to notice."""
    for _ in range(5):
        subprocess.run(["wtype", "x"], check=True)
        if wait_until(lambda: text(path) != "", 2):
            break
    time.sleep(0.3)  # what came late is there by now
    subprocess.run(["wtype", "-M", "ctrl", "a", "-m", "ctrl", "-k", "BackSpace"], check=True)
    assert wait_until(lambda: path.exists() and text(path) == "", 5), text(path)


def insert(inserter: Inserter, words: str, target, method: str | None = None) -> Insertion:  # type: ignore[no-untyped-def]
    results: list[Insertion] = []
    inserter.insert(words, target, method or inserter.method_for(target, "auto"), results.append)
    assert wait_until(lambda: bool(results), 8)
    return results[0]


def test_writing_into_a_wayland_program(inserter: Inserter, tmp_path: Path) -> None:
    """Paste, type, take back, a window that changed, and the clipboard as it was."""
    assert "wtype" in inserter.status
    field = window(tmp_path / "field.txt", "Field")
    assert wait_until(lambda: (inserter.active_window() or NO).title == "Field", 10)
    target = inserter.active_window()
    use(tmp_path / "field.txt")
    subprocess.run(["wl-copy", "what I had copied"], check=True)
    first = insert(inserter, WORDS, target)
    assert first.done and wait_until(lambda: text(tmp_path / "field.txt") == WORDS, 3), text(tmp_path / "field.txt")
    assert wait_until(lambda: paste() == "what I had copied", 3), paste()

    second = insert(inserter, " typed 日", target, "type")
    assert second.done and wait_until(lambda: text(tmp_path / "field.txt") == f"{WORDS} typed 日", 3)
    problems: list[str] = []
    inserter.undo(second, problems.append)
    assert wait_until(lambda: text(tmp_path / "field.txt") == WORDS, 3), (text(tmp_path / "field.txt"), problems)

    other = window(tmp_path / "other.txt", "Other")
    assert wait_until(lambda: (inserter.active_window() or NO).title == "Other", 10)
    held = insert(inserter, "secret", target)
    assert not held.done and "Another window" in held.note and text(tmp_path / "other.txt") == ""
    for process in (field, other):
        process.kill()
        process.wait(5)


class NO:
    title = ""


def paste() -> str:
    done = subprocess.run(["wl-paste", "--no-newline"], capture_output=True, text=True, timeout=3, check=False)
    return done.stdout


def test_where_nothing_works_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "none")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.delenv("SWAYSOCK", raising=False)
    desktop = find_desktop()
    assert isinstance(desktop, NoDesktop) and "Install wtype" in desktop.status


def test_the_portal_types_and_its_token_is_replaced(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Against a portal on a bus of our own that speaks the documented protocol."""
    need("dbus-daemon")
    from app.desktop_portal import RemoteDesktop

    address = f"unix:path={tmp_path}/bus"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}"], **quiet)  # type: ignore[call-overload]
    try:
        assert wait_until((tmp_path / "bus").exists, 5)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert not RemoteDesktop.offered()
        keys: list[tuple[int, int]] = []
        tokens: list[str | None] = []
        threading.Thread(target=serve_portal, args=(address, keys, tokens), daemon=True).start()
        assert wait_until(RemoteDesktop.offered, 5)
        for turn in range(2):
            desktop = RemoteDesktop()
            assert desktop.type_text("aé日")
            desktop.chord(("Control_L", "z"), 2)
            desktop.close()
            stored = config_dir() / "remote-desktop.token"
            assert stored.read_text() == f"token-{turn + 1}" and stored.stat().st_mode & 0o077 == 0
        assert tokens == [None, "token-1"]
        taps = [(key, down) for key in (0x61, 0xE9, 0x010065E5) for down in (1, 0)]
        control, z = 0xFFE3, 0x7A
        assert keys[: len(keys) // 2] == [*taps, (control, 1), (z, 1), (z, 0), (z, 1), (z, 0), (control, 0)]
    finally:
        daemon.terminate()
        daemon.wait(5)


def serve_portal(address: str, keys: list, tokens: list) -> None:  # type: ignore[type-arg]
    from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
    from jeepney.io.blocking import open_dbus_connection

    bus = open_dbus_connection(bus=address)
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.portal.Desktop"))
    root = "/org/freedesktop/portal/desktop"
    session = f"{root}/session/{secrets.token_hex(4)}"
    started = 0
    while True:
        try:
            call = bus.receive()
        except (EOFError, OSError):  # the test is over
            return
        if call.header.message_type != MessageType.method_call:
            continue
        fields = call.header.fields
        sender, member = fields[HeaderFields.sender], fields[HeaderFields.member]
        if member == "Get":
            bus.send(new_method_return(call, "v", (("u", 3),)))
            continue
        if member == "NotifyKeyboardKeysym":
            keys.append((call.body[2], call.body[3]))
            bus.send(new_method_return(call, "", ()))
            continue
        options = call.body[-1]
        path = f"{root}/request/{sender[1:].replace('.', '_')}/{options['handle_token'][1]}"
        bus.send(new_method_return(call, "o", (path,)))
        results = {}
        if member == "CreateSession":
            results = {"session_handle": ("s", session)}
        elif member == "SelectDevices":
            tokens.append(options["restore_token"][1] if "restore_token" in options else None)
        elif member == "Start":
            started += 1
            results = {"devices": ("u", 1), "restore_token": ("s", f"token-{started}")}
        request = DBusAddress(path, interface="org.freedesktop.portal.Request")
        time.sleep(0.02)
        bus.send(new_signal(request, "Response", "ua{sv}", (0, results)))
