"""Text that had nowhere safe to go waits here, with a way to put it where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui import a11y
from app.ui.parts import Button, Picture, Row, label
from app.ui.sentences import translated

if TYPE_CHECKING:
    from app.dictation import Utterance

DELAY = 4.0  # seconds to go back to the other program


class HeldCard(QFrame):
    """Shown while text waits. ``insert_here`` gives the seconds to wait before it is written."""

    insert_here = Signal(float)
    to_editor = Signal(object)  # Utterance
    discarded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._utterance: Utterance | None = None
        self._text = label("")
        self._why = label("", "small")
        words = QVBoxLayout()
        words.addWidget(label(self.tr("Your text is waiting"), "heading"))
        words.addWidget(self._text)
        words.addWidget(self._why)
        self.here = Button(
            self.tr("Insert here in {seconds} seconds").format(seconds=round(DELAY)),
            "text-cursor-input",
            self.tr("Then click into the place where the text belongs: it is written there."),
            role="primary",
            on_click=self._insert,
        )
        keep = Button(
            self.tr("Keep it in this window"),
            "pencil",
            self.tr("Write the text into the editor below."),
            on_click=self._keep,
        )
        away = Button(
            self.tr("Not needed"),
            "x",
            self.tr("Put this text away. It stays in the history."),
            role="quiet",
            on_click=self._away,
        )
        words.addLayout(Row(self.here, keep, away))
        box = QHBoxLayout(self)
        box.setContentsMargins(18, 14, 18, 14)
        box.setSpacing(14)
        box.addWidget(Picture("text-cursor-input"))
        box.addLayout(words, 1)

    def offer(self, utterance: Utterance, why: str) -> None:
        self._utterance, why = utterance, translated(why)
        self._text.setText(f"“{utterance.text}”")
        self._why.setText(why)
        a11y.name(self, self.tr("Your text is waiting"), why)
        self.setToolTip("")
        self.show()
        a11y.announce(self, self.tr("Your text is waiting.") + " " + why, urgent=True)

    def _insert(self) -> None:
        self.insert_here.emit(DELAY)
        self.hide()

    def _keep(self) -> None:
        self.hide()
        if self._utterance is not None:
            self.to_editor.emit(self._utterance)

    def _away(self) -> None:
        self.hide()
        self.discarded.emit()
