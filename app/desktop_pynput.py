"""Windows and macOS: keys with pynput, windows with the system's own calls."""

from __future__ import annotations

import sys
import time
from pathlib import PureWindowsPath
from typing import Any

from app.desktop import InsertionError, Window

_NAMES = {
    "Control_L": "ctrl",
    "Shift_L": "shift",
    "Alt_L": "alt",
    "Super_L": "cmd",
    "BackSpace": "backspace",
    "Left": "left",
    "Insert": "insert",
    "Return": "enter",
}


class PynputDesktop:
    """Ctrl is Cmd on macOS."""

    works = True
    sees_windows = True
    prefers_typing = False

    def __init__(self) -> None:
        try:
            from pynput import keyboard
        except Exception as error:
            raise InsertionError(f"Keys cannot be pressed on this system ({error}).") from error
        self._keyboard = keyboard
        self._controller = keyboard.Controller()
        self.status = "Text is pasted into the window that is in front; the clipboard is put back afterwards."
        if sys.platform == "win32":
            self.status += " Programs that run as administrator do not accept it."
        else:
            self.status += " macOS asks once to allow it under Privacy & Security, Accessibility."

    def active_window(self) -> Window | None:
        return _windows_front() if sys.platform == "win32" else _mac_front()

    def modifiers_held(self) -> bool:
        if sys.platform == "win32":
            import ctypes

            state = ctypes.windll.user32.GetAsyncKeyState
            return any(state(code) & 0x8000 for code in (0x10, 0x11, 0x12, 0x5B, 0x5C))
        from Quartz import CGEventSourceFlagsState, kCGEventSourceStateHIDSystemState

        return bool(CGEventSourceFlagsState(kCGEventSourceStateHIDSystemState) & 0x1E0000)

    def chord(self, *names: str, times: int = 1) -> None:
        *modifiers, key = (self._key(name) for name in names)
        pressed: list[Any] = []
        try:
            for modifier in modifiers:
                pressed.append(modifier)
                self._controller.press(modifier)
            for _ in range(times):
                self._controller.tap(key)
                time.sleep(0.002)
        finally:
            for modifier in reversed(pressed):
                self._controller.release(modifier)

    def type_text(self, text: str) -> bool:
        self._controller.type(text)
        return True

    def watch_cursor(self, window: Window | None, own_keys: tuple[str, ...], seconds: float) -> None:
        pass

    def continues(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def _key(self, name: str) -> Any:
        if name == "Control_L" and sys.platform == "darwin":
            name = "Super_L"
        if name == "Left" or name in _NAMES:
            return getattr(self._keyboard.Key, _NAMES[name])
        return self._keyboard.KeyCode.from_char(name)


def _windows_front() -> Window | None:
    import ctypes
    from ctypes import wintypes

    user, kernel = ctypes.windll.user32, ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = user.GetForegroundWindow()
    if not handle:
        return None
    title = ctypes.create_unicode_buffer(512)
    user.GetWindowTextW(handle, title, 512)
    process_id = wintypes.DWORD()
    user.GetWindowThreadProcessId(handle, ctypes.byref(process_id))
    process = kernel.OpenProcess(0x1000, False, process_id.value)  # PROCESS_QUERY_LIMITED_INFORMATION
    name, size = ctypes.create_unicode_buffer(1024), wintypes.DWORD(1024)
    if process:
        kernel.QueryFullProcessImageNameW(process, 0, name, ctypes.byref(size))
        kernel.CloseHandle(process)
    return Window(str(handle), PureWindowsPath(name.value).stem.lower(), title.value)


def _mac_front() -> Window | None:
    from AppKit import NSWorkspace

    front = NSWorkspace.sharedWorkspace().frontmostApplication()
    if front is None:
        return None
    return Window(str(front.processIdentifier()), str(front.localizedName() or "").lower())
