"""What the desktop lets a dictation program do: hear, be called by a key, write into other programs.

Looked at from outside (environment, libraries, D-Bus), without opening a window; for
``idiolect doctor``. Where there is no desktop at all, nothing fails: files can still be
transcribed.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.portaudio import portaudio

if TYPE_CHECKING:
    from engine.doctor import Check

# Qt's platform plugin opens these; the packages are Debian's.
_QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
}
_PORTAL = "org.freedesktop.portal"


def session() -> str:
    """ "x11", "wayland", "windows", "macos", or "none" where there is no screen."""
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "macos"
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "x11" if os.environ.get("DISPLAY") else "none"


def microphone() -> Iterator[Check]:
    """Whether PortAudio is there and sees an input that records at 16 kHz or its own rate."""
    from engine.doctor import FAIL, OK, WARN, Check

    bad = WARN if session() == "none" else FAIL
    try:
        sounddevice = portaudio()
    except OSError:  # the wheels for Linux leave the library to the system
        fix = "sudo apt-get install libportaudio2  (Fedora: dnf install portaudio, Arch: pacman -S portaudio)"
        yield Check("Microphone", bad, "the library PortAudio is missing", fix)
        return
    try:
        inputs = [device for device in sounddevice.query_devices() if device["max_input_channels"] > 0]
    except sounddevice.PortAudioError as error:
        yield Check(
            "Microphone", bad, f"PortAudio does not answer ({error})", "Restart the sound server or log in again."
        )
        return
    if not inputs:
        fix = "Connect a microphone, and allow its use in the system's privacy settings."
        if sys.platform == "linux" and shutil.which("pactl") and not _succeeds("pactl", "info"):
            fix = "The sound server does not run: log in to a desktop, or run 'systemctl --user start pipewire'."
        yield Check("Microphone", bad, "none was found", fix)
        return
    index = sounddevice.default.device[0]
    chosen = next((device for device in inputs if device["index"] == index), inputs[0])
    detail = f"{chosen['name']} (one of {len(inputs)})"
    for rate in (16000, chosen["default_samplerate"]):
        try:
            sounddevice.check_input_settings(device=chosen["index"], channels=1, samplerate=rate)
        except (sounddevice.PortAudioError, ValueError) as error:
            problem = str(error)
        else:
            yield Check("Microphone", OK, f"{detail}, records at {rate:.0f} Hz")
            return
    yield Check("Microphone", bad, f"{detail} cannot be opened ({problem})", "Close the program that holds it.")


def display() -> Iterator[Check]:
    """The kind of session, and whether a window can be opened in it."""
    from engine.doctor import FAIL, OK, WARN, Check

    kind = session()
    if kind in ("windows", "macos"):
        yield Check("Display", OK, kind)
        return
    if kind == "none":
        yield Check(
            "Display", WARN, "there is no screen here; files can be transcribed", "Log in to a desktop for the app."
        )
        return
    if kind == "x11" and not _x11_answers():
        where = os.environ.get("DISPLAY", "")
        yield Check(
            "Display", FAIL, f"the X server {where} does not answer", "Correct DISPLAY, or log in to a desktop."
        )
        return
    missing = sorted(package for library, package in _QT_LIBRARIES.items() if not _loads(library))
    if missing:
        yield Check(
            "Display", FAIL, f"{kind}, but the window needs libraries", f"sudo apt-get install {' '.join(missing)}"
        )
        return
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    yield Check("Display", OK, f"{kind}{f' ({desktop})' if desktop else ''}")


def global_key() -> Iterator[Check]:
    """Whether one key can start dictation while another program is in front."""
    from engine.doctor import OK, WARN, Check

    kind = session()
    if kind == "none" or (kind == "x11" and not _x11_answers()):
        return
    if kind == "wayland":
        if _portal_has("GlobalShortcuts"):
            yield Check("Global key", OK, "through the desktop's portal: it asks once for permission")
        else:
            yield Check(
                "Global key",
                WARN,
                "this Wayland desktop lets no program listen for a key",
                "In the desktop's keyboard settings give a key the command: idiolect toggle",
            )
    elif kind == "x11" and find_spec("Xlib") is None:
        yield Check("Global key", WARN, "no key can be listened for: python-xlib is missing", _EXTRA_FIX)
    elif kind == "macos" and not _mac_trusted():
        yield Check("Global key", WARN, "macOS has not allowed it yet", _MAC_FIX)
    else:
        yield Check("Global key", OK, f"any key, on {kind}")


def insertion() -> Iterator[Check]:
    """Whether text can be put where the cursor is; if not, it stays on the clipboard."""
    from engine.doctor import OK, WARN, Check

    kind = session()
    if kind == "none" or (kind == "x11" and not _x11_answers()):
        return
    if kind == "wayland":
        if not shutil.which("wl-copy"):
            fix = "sudo apt-get install wl-clipboard"
            yield Check("Insertion", WARN, "the clipboard cannot be set in the background", fix)
        elif find_spec("jeepney") is None:
            yield Check(
                "Insertion", WARN, "text goes to the clipboard only: the package jeepney is missing", _EXTRA_FIX
            )
        elif _portal_has("RemoteDesktop"):
            yield Check("Insertion", OK, "pastes through the desktop's portal: it asks once for permission")
        else:
            fix = "Paste with Ctrl+V; a desktop with the RemoteDesktop portal (GNOME, KDE) can do it by itself."
            yield Check("Insertion", WARN, "text goes to the clipboard only", fix)
    elif kind == "x11":
        if find_spec("Xlib") is None:
            yield Check("Insertion", WARN, "text goes to the clipboard only: python-xlib is missing", _EXTRA_FIX)
        else:
            yield Check("Insertion", OK, "pastes by pressing the keys (XTest)")
    elif kind == "macos" and not _mac_trusted():
        yield Check("Insertion", WARN, "text goes to the clipboard only", _MAC_FIX)
    else:
        yield Check("Insertion", OK, f"pastes into the program in front, on {kind}")


_EXTRA_FIX = "Install the app's packages: pip install 'idiolect[app]'."
_MAC_FIX = "System Settings > Privacy & Security > Accessibility: switch Idiolect on."


def _mac_trusted() -> bool:
    services = ctypes.CDLL("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    services.AXIsProcessTrusted.restype = ctypes.c_bool
    return bool(services.AXIsProcessTrusted())


def _x11_answers() -> bool:
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # cannot be asked; Qt brings no X11 problem of its own
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    handle = x11.XOpenDisplay(None)
    if handle:
        x11.XCloseDisplay(handle)
    return bool(handle)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _portal_has(interface: str) -> bool:
    """Whether the desktop's portal offers ``interface``; asked over D-Bus with the tool that is there."""
    name, path = f"{_PORTAL}.Desktop", "/org/freedesktop/portal/desktop"
    if shutil.which("busctl"):
        command = ["busctl", "--user", "introspect", name, path]
    elif shutil.which("gdbus"):
        command = ["gdbus", "introspect", "--session", "--dest", name, "--object-path", path]
    else:
        return False
    return f"{_PORTAL}.{interface}" in _output(*command)


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=3, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=3, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
