"""The person's own words: names and terms that the model is told to expect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QVBoxLayout

from app.ui import a11y, theme
from app.ui.parts import Button, Row, label
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core


class WordsCard(QFrame):
    """Add a word, forget a word, forget everything learnt from corrections."""

    def __init__(self, core: Core, set_setting: Callable[..., None]) -> None:
        super().__init__()
        self.core = core
        self._set = set_setting
        self.setProperty("role", "card")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 18)
        box.setSpacing(12)
        box.addWidget(label(self.tr("Your words"), "heading"))
        box.addWidget(label(self.tr("Names and terms you use. Corrections add to them by themselves."), "small"))
        self.entry = a11y.name(QLineEdit(), self.tr("A new word"), self.tr("Write a name or a term, then Enter."))
        self.entry.setPlaceholderText(self.tr("A name or a term"))
        self.entry.returnPressed.connect(self._add)
        self.list = a11y.name(QListWidget(), self.tr("Your words"), self.tr("Words the model expects from you."))
        self.list.setToolTip("")
        box.addWidget(self.entry)
        box.addWidget(self.list)
        box.addLayout(
            Row(
                Button(self.tr("Add"), "check", self.tr("Add the word you wrote."), on_click=self._add),
                Button(
                    self.tr("Forget the chosen word"),
                    "trash-2",
                    self.tr("Take the chosen word out of the list."),
                    on_click=self._forget,
                ),
            )
        )
        core.store.changed.connect(self._changed)
        theme.current().changed.connect(self._fit)
        self._fit()
        self.refresh()

    def _changed(self, _settings: object, names: frozenset[str]) -> None:
        if names & {"vocabulary", "profile"}:
            self.refresh()

    def refresh(self) -> None:
        self.list.clear()
        self.list.addItems(list(self.core.corrections.vocabulary()))

    def _fit(self) -> None:
        self.list.setFixedHeight(theme.current().px(150))

    def _add(self) -> None:
        word = self.entry.text().strip()
        if word:
            self._try(lambda: self.core.corrections.add_word(word))
            self.entry.clear()

    def _forget(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._try(lambda: self.core.corrections.forget_word(item.text()))

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except IdiolectError as error:
            self.core.message.emit(str(error))
        self.refresh()
