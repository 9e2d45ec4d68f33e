"""Names of the single keys that can start dictation, and what each system calls them.

A key's name is its X keysym's: ``F9``, ``Pause``, ``Control_R``, ``a``. That is what is
stored; ``label`` is what people read.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_K = Qt.Key
# Name: (Qt key, pynput's name, label)
_KEYS: dict[str, tuple[Qt.Key, str, str]] = {
    **{f"F{n}": (getattr(_K, f"Key_F{n}"), f"f{n}", f"F{n}") for n in range(1, 25)},
    "Pause": (_K.Key_Pause, "pause", "Pause"),
    "Scroll_Lock": (_K.Key_ScrollLock, "scroll_lock", "Scroll Lock"),
    "Print": (_K.Key_Print, "print_screen", "Print Screen"),
    "Insert": (_K.Key_Insert, "insert", "Insert"),
    "Delete": (_K.Key_Delete, "delete", "Delete"),
    "Home": (_K.Key_Home, "home", "Home"),
    "End": (_K.Key_End, "end", "End"),
    "Prior": (_K.Key_PageUp, "page_up", "Page Up"),
    "Next": (_K.Key_PageDown, "page_down", "Page Down"),
    "Menu": (_K.Key_Menu, "menu", "Menu"),
    "Caps_Lock": (_K.Key_CapsLock, "caps_lock", "Caps Lock"),
    "Num_Lock": (_K.Key_NumLock, "num_lock", "Num Lock"),
    "Control_L": (_K.Key_Control, "ctrl_l", "Left Ctrl"),
    "Control_R": (_K.Key_Control, "ctrl_r", "Right Ctrl"),
    "Shift_L": (_K.Key_Shift, "shift_l", "Left Shift"),
    "Shift_R": (_K.Key_Shift, "shift_r", "Right Shift"),
    "Alt_L": (_K.Key_Alt, "alt_l", "Left Alt"),
    "Alt_R": (_K.Key_Alt, "alt_r", "Right Alt"),
    "ISO_Level3_Shift": (_K.Key_AltGr, "alt_gr", "AltGr"),
    "Super_L": (_K.Key_Super_L, "cmd_l", "Left Super"),
    "Super_R": (_K.Key_Super_R, "cmd_r", "Right Super"),
    "space": (_K.Key_Space, "space", "Space"),
    "Return": (_K.Key_Return, "enter", "Enter"),
    "KP_Enter": (_K.Key_Enter, "enter", "Keypad Enter"),
    "BackSpace": (_K.Key_Backspace, "backspace", "Backspace"),
    "Tab": (_K.Key_Tab, "tab", "Tab"),
    "Up": (_K.Key_Up, "up", "Up"),
    "Down": (_K.Key_Down, "down", "Down"),
    "Left": (_K.Key_Left, "left", "Left"),
    "Right": (_K.Key_Right, "right", "Right"),
    "XF86AudioMicMute": (_K.Key_MicMute, "", "Microphone Mute"),
    "XF86AudioPlay": (_K.Key_MediaPlay, "media_play_pause", "Play"),
    "XF86AudioMedia": (_K.Key_LaunchMedia, "", "Media"),
}
_SIDES = {0xFFE3: "Control_L", 0xFFE4: "Control_R", 0xFFE1: "Shift_L", 0xFFE2: "Shift_R", 0xFFE9: "Alt_L"}
_SIDES |= {0xFFEA: "Alt_R", 0xFE03: "ISO_Level3_Shift", 0xFF67: "Menu"}
_NOT_USABLE = {"Return", "Tab", "BackSpace", "space", "Up", "Down", "Left", "Right", "Delete", "Home", "End"}


def known(key: str) -> bool:
    """Can this be a key's name at all?"""
    return key in _KEYS or (len(key) == 1 and key.isprintable() and not key.isspace())


def label(key: str) -> str:
    """What people read."""
    return _KEYS[key][2] if key in _KEYS else key.upper()


def pynput_name(key: str) -> str:
    """pynput's ``Key`` member, or the character itself; empty where it has none."""
    return _KEYS[key][1] if key in _KEYS else key


def typing_key(key: str) -> bool:
    """Would people miss this key while writing? It can be chosen, but they should be told."""
    return key not in _KEYS or key in _NOT_USABLE


def key_name(event: QKeyEvent) -> str | None:
    """The name of the key that was pressed, or None where it cannot be told apart from others."""
    name = _SIDES.get(event.nativeVirtualKey())
    if name is not None:
        return name
    if event.key() == _K.Key_Enter:
        return "KP_Enter"
    for name, (key, _, _) in _KEYS.items():
        if key == event.key():
            return name
    if _K.Key_Exclam <= event.key() <= _K.Key_AsciiTilde:
        return chr(event.key()).lower()
    return None
