"""Names of the single keys that can start dictation, and what each system calls them.

A key's name is its X keysym's: ``F9``, ``Pause``, ``Control_R``, ``a``. That is what is
stored; ``label`` is what people read. The keypad's keys have names of their own (``KP_5``),
the same whether Num Lock is on or off: it is the key that is chosen, not what it writes.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

_K = Qt.Key
# Name: (Qt key, pynput's name, label)
_KEYS: dict[str, tuple[Qt.Key, str, str]] = {
    **{f"F{n}": (getattr(_K, f"Key_F{n}"), f"f{n}", f"F{n}") for n in range(1, 25)},
    "Pause": (_K.Key_Pause, "pause", QT_TRANSLATE_NOOP("Keys", "Pause")),
    "Scroll_Lock": (_K.Key_ScrollLock, "scroll_lock", QT_TRANSLATE_NOOP("Keys", "Scroll Lock")),
    "Print": (_K.Key_Print, "print_screen", QT_TRANSLATE_NOOP("Keys", "Print Screen")),
    "Insert": (_K.Key_Insert, "insert", QT_TRANSLATE_NOOP("Keys", "Insert")),
    "Delete": (_K.Key_Delete, "delete", QT_TRANSLATE_NOOP("Keys", "Delete")),
    "Home": (_K.Key_Home, "home", QT_TRANSLATE_NOOP("Keys", "Home")),
    "End": (_K.Key_End, "end", QT_TRANSLATE_NOOP("Keys", "End")),
    "Prior": (_K.Key_PageUp, "page_up", QT_TRANSLATE_NOOP("Keys", "Page Up")),
    "Next": (_K.Key_PageDown, "page_down", QT_TRANSLATE_NOOP("Keys", "Page Down")),
    "Menu": (_K.Key_Menu, "menu", QT_TRANSLATE_NOOP("Keys", "Menu")),
    "Caps_Lock": (_K.Key_CapsLock, "caps_lock", QT_TRANSLATE_NOOP("Keys", "Caps Lock")),
    "Num_Lock": (_K.Key_NumLock, "num_lock", QT_TRANSLATE_NOOP("Keys", "Num Lock")),
    "Control_L": (_K.Key_Control, "ctrl_l", QT_TRANSLATE_NOOP("Keys", "Left Ctrl")),
    "Control_R": (_K.Key_Control, "ctrl_r", QT_TRANSLATE_NOOP("Keys", "Right Ctrl")),
    "Shift_L": (_K.Key_Shift, "shift_l", QT_TRANSLATE_NOOP("Keys", "Left Shift")),
    "Shift_R": (_K.Key_Shift, "shift_r", QT_TRANSLATE_NOOP("Keys", "Right Shift")),
    "Alt_L": (_K.Key_Alt, "alt_l", QT_TRANSLATE_NOOP("Keys", "Left Alt")),
    "Alt_R": (_K.Key_Alt, "alt_r", QT_TRANSLATE_NOOP("Keys", "Right Alt")),
    "ISO_Level3_Shift": (_K.Key_AltGr, "alt_gr", QT_TRANSLATE_NOOP("Keys", "AltGr")),
    "Super_L": (_K.Key_Super_L, "cmd_l", QT_TRANSLATE_NOOP("Keys", "Left Super")),
    "Super_R": (_K.Key_Super_R, "cmd_r", QT_TRANSLATE_NOOP("Keys", "Right Super")),
    "space": (_K.Key_Space, "space", QT_TRANSLATE_NOOP("Keys", "Space")),
    "Return": (_K.Key_Return, "enter", QT_TRANSLATE_NOOP("Keys", "Enter")),
    "KP_Enter": (_K.Key_Enter, "enter", QT_TRANSLATE_NOOP("Keys", "Keypad Enter")),
    "BackSpace": (_K.Key_Backspace, "backspace", QT_TRANSLATE_NOOP("Keys", "Backspace")),
    "Tab": (_K.Key_Tab, "tab", QT_TRANSLATE_NOOP("Keys", "Tab")),
    "Up": (_K.Key_Up, "up", QT_TRANSLATE_NOOP("Keys", "Up")),
    "Down": (_K.Key_Down, "down", QT_TRANSLATE_NOOP("Keys", "Down")),
    "Left": (_K.Key_Left, "left", QT_TRANSLATE_NOOP("Keys", "Left")),
    "Right": (_K.Key_Right, "right", QT_TRANSLATE_NOOP("Keys", "Right")),
    "XF86AudioMicMute": (_K.Key_MicMute, "", QT_TRANSLATE_NOOP("Keys", "Microphone Mute")),
    "XF86AudioPlay": (_K.Key_MediaPlay, "media_play_pause", QT_TRANSLATE_NOOP("Keys", "Play")),
    "XF86AudioMedia": (_K.Key_LaunchMedia, "", QT_TRANSLATE_NOOP("Keys", "Media")),
}
# Name: (what is printed on it, its numbers for pynput on Windows and on macOS, Qt's keys with and without Num Lock)
_KEYPAD: dict[str, tuple[str, int, int, tuple[Qt.Key, ...]]] = {
    "KP_0": ("0", 0x60, 82, (_K.Key_0, _K.Key_Insert)),
    "KP_1": ("1", 0x61, 83, (_K.Key_1, _K.Key_End)),
    "KP_2": ("2", 0x62, 84, (_K.Key_2, _K.Key_Down)),
    "KP_3": ("3", 0x63, 85, (_K.Key_3, _K.Key_PageDown)),
    "KP_4": ("4", 0x64, 86, (_K.Key_4, _K.Key_Left)),
    "KP_5": ("5", 0x65, 87, (_K.Key_5, _K.Key_Clear)),
    "KP_6": ("6", 0x66, 88, (_K.Key_6, _K.Key_Right)),
    "KP_7": ("7", 0x67, 89, (_K.Key_7, _K.Key_Home)),
    "KP_8": ("8", 0x68, 91, (_K.Key_8, _K.Key_Up)),
    "KP_9": ("9", 0x69, 92, (_K.Key_9, _K.Key_PageUp)),
    "KP_Decimal": (".", 0x6E, 65, (_K.Key_Period, _K.Key_Comma, _K.Key_Delete)),
    "KP_Add": ("+", 0x6B, 69, (_K.Key_Plus,)),
    "KP_Subtract": ("−", 0x6D, 78, (_K.Key_Minus,)),
    "KP_Multiply": ("×", 0x6A, 67, (_K.Key_Asterisk,)),
    "KP_Divide": ("÷", 0x6F, 75, (_K.Key_Slash,)),
}
_SIDES = {0xFFE3: "Control_L", 0xFFE4: "Control_R", 0xFFE1: "Shift_L", 0xFFE2: "Shift_R", 0xFFE9: "Alt_L"}
_SIDES |= {0xFFEA: "Alt_R", 0xFE03: "ISO_Level3_Shift", 0xFF67: "Menu"}
_MOVING = {"Prior", "Next", "KP_Enter", "Menu"}
_COMBINING = {*_SIDES.values(), "Super_L", "Super_R", "Insert", "Caps_Lock"} - {"Menu"}
_NOT_USABLE = {"Return", "Tab", "BackSpace", "space", "Up", "Down", "Left", "Right", "Delete", "Home", "End"}


def known(key: str) -> bool:
    """Can this be a key's name at all?"""
    return key in _KEYS or key in _KEYPAD or (len(key) == 1 and key.isprintable() and not key.isspace())


def label(key: str) -> str:
    """What people read, in the language of the window."""
    if key in _KEYS:
        return QCoreApplication.translate("Keys", _KEYS[key][2])
    if key in _KEYPAD:
        return QCoreApplication.translate("Keys", "Keypad {key}").format(key=_KEYPAD[key][0])
    return key if key == "ß" else key.upper()  # no keyboard has SS on a key


def pynput_name(key: str) -> str:
    """pynput's ``Key`` member, or the character itself; empty where it has none."""
    return _KEYS[key][1] if key in _KEYS else key


def keypad_key(number: int | None) -> str:
    """The name of the keypad's key that this system gives ``number`` (pynput's ``vk``); empty where it is none."""
    column = 2 if sys.platform == "darwin" else 1
    return next((name for name, facts in _KEYPAD.items() if facts[column] == number), "")


def typing_key(key: str) -> bool:
    """Would people miss this key while writing? It can be chosen, but they should be told."""
    return key not in _KEYS or key in _NOT_USABLE


def everyday_key(key: str) -> bool:
    """Does one type or move about with this key, so that one press of it may well be meant for that?"""
    return typing_key(key) or key in _MOVING


def combining_key(key: str) -> bool:
    """Is this key held while another is pressed? Shift and the like, and what screen readers use like them."""
    return key in _COMBINING


def key_name(event: QKeyEvent) -> str | None:
    """The name of the key that was pressed, or None where it cannot be told apart from others."""
    name = _SIDES.get(event.nativeVirtualKey())
    if name is not None:
        return name
    if event.key() == _K.Key_Enter:
        return "KP_Enter"
    if event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        for name, (_, _, _, codes) in _KEYPAD.items():
            # On macOS the arrows count as the keypad's, and there is no Num Lock.
            if event.key() in (codes if sys.platform != "darwin" else [c for c in codes if c < _K.Key_Escape]):
                return name
    for name, (key, _, _) in _KEYS.items():
        if key == event.key():
            return name
    if _K.Key_Exclam <= event.key() <= 0x10FFFF:  # Qt's number of a key that writes is its character's
        name = chr(event.key()).lower()
        return name if known(name) else None
    return None
