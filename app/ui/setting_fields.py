"""Fields that show one setting each, change it at once, and follow it where it changes elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.keys import key_name, label
from app.settings import Settings
from app.ui.parts import Page, check, combo, field
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core


class KeyField(QLineEdit):
    """Press the key you want. Tab and Escape leave the field instead of being taken."""

    picked = Signal(str)

    def __init__(self, key: str) -> None:
        super().__init__(label(key))
        self.setReadOnly(True)

    def show_key(self, key: str) -> None:
        self.setText(label(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
            return
        name = key_name(event)
        if name is not None and label(name) != self.text():
            self.show_key(name)
            self.picked.emit(name)
        event.accept()


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
