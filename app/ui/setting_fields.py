"""Fields that show one setting each, change it at once, and follow it where it changes elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.keys import combining_key, everyday_key, key_name, label
from app.settings import Settings
from app.ui import a11y
from app.ui.parts import Page, check, combo, field
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core

# Seconds after a key was let go: a trembling hand's second press comes sooner and confirms nothing, and neither
# does the first repeat of a key that is held, which Qt does not always know from a press on X.
_SECOND_PRESS = 0.3
_MODIFIER = Qt.KeyboardModifier
_HELD = _MODIFIER.ShiftModifier | _MODIFIER.ControlModifier | _MODIFIER.AltModifier | _MODIFIER.MetaModifier
# What the press of a key itself adds to the modifiers.
_OWN = {Qt.Key.Key_Shift: _MODIFIER.ShiftModifier, Qt.Key.Key_Control: _MODIFIER.ControlModifier,
        Qt.Key.Key_Alt: _MODIFIER.AltModifier, Qt.Key.Key_Meta: _MODIFIER.MetaModifier,
        Qt.Key.Key_Super_L: _MODIFIER.MetaModifier, Qt.Key.Key_Super_R: _MODIFIER.MetaModifier}  # fmt: skip


class KeyField(QLineEdit):
    """Press the key you want. Tab and Escape leave the field instead of being taken.

    A key that is held for another (Shift for Shift+Tab) is taken when it is let go, if no
    other came in between; one with which people type or move about, only when it is pressed twice.
    """

    picked = Signal(str)

    def __init__(self, key: str) -> None:
        super().__init__(label(key))
        self.setReadOnly(True)
        self._key = key
        self._held = ""  # a key that may yet turn out to be meant for another
        self._asked, self._left_at = "", 0.0  # a key that waits for its second press, and when it was last let go

    def show_key(self, key: str) -> None:
        self._key, self._asked = key, ""
        self.setText(label(key))

    def event(self, event: QEvent) -> bool:
        """Whatever key comes, shortcuts and Tab too: what was held was held for it."""
        pressed = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if pressed and isinstance(event, QKeyEvent) and key_name(event) != self._held:
            self._held = ""
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
            self.show_key(self._key)
            super().keyPressEvent(event)
            return
        name = key_name(event)
        beside = event.modifiers() & _HELD & ~_OWN.get(event.key(), _MODIFIER.NoModifier)
        if event.isAutoRepeat():
            pass  # a key that is held is pressed once
        elif name is not None and combining_key(name):
            self._held = "" if beside else name
        elif name is None:
            if not beside:
                self._say(self.tr("This key cannot be told from others: press another"))
        elif not everyday_key(name):
            self._take(name)
        elif beside & ~_MODIFIER.ShiftModifier:
            super().keyPressEvent(event)  # Ctrl+C is no wish for the key C
        elif name != self._asked:
            self._asked, self._left_at = name, time.monotonic()
            self._say(self.tr("{key}: press it again to use it").format(key=label(name)))
        elif time.monotonic() - self._left_at >= _SECOND_PRESS:
            self._take(name)
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        self._left_at = time.monotonic()
        if self._held and not event.isAutoRepeat() and key_name(event) == self._held:
            self._take(self._held)
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._held = ""
        self.show_key(self._key)
        super().focusOutEvent(event)

    def _say(self, words: str) -> None:
        self.setText(words)
        self.setCursorPosition(0)
        a11y.announce(self, words)

    def _take(self, name: str) -> None:
        self._held, changed = "", name != self._key
        self.show_key(name)
        if changed:
            self.picked.emit(name)


class SettingsPage(Page):
    """A page of settings. ``told`` gives a sentence where a value could not be taken."""

    told = Signal(str, bool)

    def __init__(self, core: Core, title: str, lead: str) -> None:
        super().__init__(title, lead)
        self.core = core
        self._follow: dict[str, Callable[[Settings], None]] = {}
        core.store.changed.connect(self._changed)

    def _set(self, **changes: object) -> None:
        if all(getattr(self.core.store.current, name) == value for name, value in changes.items()):
            return
        try:
            self.core.store.update(**changes)
        except IdiolectError as error:
            self.told.emit(str(error), True)

    def _changed(self, settings: Settings, names: frozenset[str]) -> None:
        for name in names:
            if name in self._follow:
                self._follow[name](settings)

    def _choice(self, name: str, words: str, help_text: str, items: list) -> QWidget:  # type: ignore[type-arg]
        value = getattr(self.core.store.current, name)
        if all(data != value for _, data in items):
            items = [*items, (f"{value:g}" if isinstance(value, float) else str(value), value)]
        box = combo(words, help_text or words, items, value)
        box.currentIndexChanged.connect(lambda _: self._set(**{name: box.currentData()}))
        self._follow[name] = lambda settings: box.setCurrentIndex(max(0, index_of(box, getattr(settings, name))))
        return field(words, box, help_text)

    def _box(self, name: str, words: str, help_text: str) -> QWidget:
        box = check(
            words, help_text or words, getattr(self.core.store.current, name), lambda on: self._set(**{name: on})
        )
        self._follow[name] = lambda settings: box.setChecked(getattr(settings, name))
        return box


def index_of(box: QComboBox, value: object) -> int:
    return next((i for i in range(box.count()) if box.itemData(i) == value), -1)


def fill_devices(box: QComboBox, devices: list, wanted: str | None, own: str) -> None:  # type: ignore[type-arg]
    """List ``devices`` in ``box``, after the computer's ``own`` choice; a missing ``wanted`` one stays listed."""
    box.clear()
    box.addItem(own, None)
    for device in devices:
        box.addItem(device.name, device.id)
    if wanted is not None and box.findData(wanted) < 0:
        box.addItem(f"{wanted} (–)", wanted)
    box.setCurrentIndex(max(0, box.findData(wanted) if wanted is not None else 0))
