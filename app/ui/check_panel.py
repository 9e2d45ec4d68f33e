"""Beside a dictated text: the words to check, and the other readings of the sentence under the cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui import a11y
from app.ui.editor import Unsure
from app.ui.parts import Button, Row, label
from app.ui.rows import wrap

_DATA = Qt.ItemDataRole.UserRole


class NumberedList(QListWidget):
    """A list whose items are also chosen by their number, and left with Escape."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        wrap(self)
        self.setTabKeyNavigation(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        number = event.text()
        if number.isdigit() and 1 <= int(number) <= self.count():
            self.setCurrentRow(int(number) - 1)
            self.itemActivated.emit(self.currentItem())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class CheckPanel(QFrame):
    """Two lists, one shown at a time. ``chosen`` gives the text of the reading that was picked."""

    word_picked = Signal(object)  # Unsure
    chosen = Signal(str, str)  # utterance, text
    more_wanted = Signal(str)  # utterance: listen again for more readings
    again_wanted = Signal(str)  # utterance: the person wants to say it again
    accepted = Signal()  # the word under the cursor is right as it is
    left = Signal()

    def __init__(self, parent: QWidget | None = None, can_say_again: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._utterance, self._can_say_again = "", can_say_again
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        self._title = label("", "heading")
        self._help = label("", "small")
        self._list = NumberedList()
        self._list.itemActivated.connect(self._activated)
        self._list.itemClicked.connect(self._activated)
        self._list.left.connect(self.left)
        self._more = Button(
            self.tr("More readings"),
            "ear",
            self.tr("Listen to the recording again for more readings."),
            on_click=lambda: self.more_wanted.emit(self._utterance),
        )
        self._again = Button(
            self.tr("Say it again"),
            "mic",
            self.tr("Speak this sentence again; the new text takes its place."),
            on_click=lambda: self.again_wanted.emit(self._utterance),
        )
        self._right = Button(
            self.tr("It is right"),
            "check",
            self.tr("Take the mark from the word under the cursor, and go to the next one."),
            on_click=self.accepted.emit,
        )
        close = Button(
            self.tr("Close"),
            "x",
            self.tr("Close this list and go back to the text (Escape)."),
            role="quiet",
            on_click=self.left.emit,
        )
        for widget in (self._title, self._help, self._list):
            box.addWidget(widget)
        box.setStretchFactor(self._list, 1)
        box.addLayout(Row(self._more, self._again, self._right, close))
        self._showing = ""

    @property
    def showing(self) -> str:
        """ "words", "readings" or "" (nothing yet)."""
        return self._showing

    def show_words(self, words: list[Unsure]) -> None:
        """List the words to check."""
        self._show(
            "words",
            self.tr("Words to check ({count})").format(count=len(words)),
            self.tr("I was not sure of these. Choose one to see and hear it."),
        )
        for number, word in enumerate(words, 1):
            text = self.tr("{number}. {word} ({percent} % sure)").format(
                number=number, word=word.text.strip(), percent=round(100 * word.word.confidence)
            )
            self._add(text, word)

    def show_readings(self, utterance: str, readings: list[tuple[str, str]]) -> None:
        """List (text, where it comes from) for ``utterance``, to pick by number."""
        self._utterance = utterance
        text = self.tr("Press its number, or choose it with the arrows and Enter.")
        if not readings:
            text = self.tr("I have no other reading of this sentence.")
        self._show("readings", self.tr("Other readings"), text)
        for number, (reading, source) in enumerate(readings, 1):
            self._add(f"{number}. {reading}" + (f"\n     {source}" if source else ""), reading)

    def clear(self) -> None:
        """Hide it, and hold nothing of what was said."""
        self._list.clear()
        self.hide()

    def take_focus(self) -> None:
        if self._list.count():
            self._list.setCurrentRow(0)
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self, kind: str, title: str, help_text: str) -> None:
        self._showing = kind
        self._title.setText(title)
        self._help.setText(help_text)
        a11y.name(self, title, help_text)
        a11y.name(self._list, title, help_text)
        self.setToolTip("")
        self._more.setVisible(kind == "readings")
        self._again.setVisible(kind == "readings" and self._can_say_again)
        self._right.setVisible(kind == "words")
        self._list.clear()
        self.show()

    def _add(self, text: str, data: object) -> None:
        item = QListWidgetItem(text)
        item.setData(_DATA, data)
        self._list.addItem(item)

    def _activated(self, item: QListWidgetItem) -> None:
        data = item.data(_DATA)
        if isinstance(data, Unsure):
            self.word_picked.emit(data)
        else:
            self.chosen.emit(self._utterance, str(data))
