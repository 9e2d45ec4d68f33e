"""A question inside the page instead of a dialog: it waits, and Escape or No leaves everything as it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui import a11y
from app.ui.parts import Button, Picture, Row, label, reveal


class Confirm(QFrame):
    """Hidden until ``ask``; the safe answer has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "trouble")
        self._action: Callable[[], object] | None = None
        self.question = label("", "heading")
        self.yes = Button(self.tr("Yes"), "trash-2", "", role="danger", on_click=self._yes)
        self.no = Button(self.tr("No"), "x", self.tr("Change nothing."), on_click=self.hide)
        words = QVBoxLayout()
        words.addWidget(self.question)
        words.addLayout(Row(self.no, self.yes))
        box = QHBoxLayout(self)
        box.setContentsMargins(18, 14, 18, 14)
        box.setSpacing(14)
        box.addWidget(Picture("triangle-alert", "problem"), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(words, 1)
        self.hide()

    def ask(self, question: str, yes: str, action: Callable[[], object], icon: str = "trash-2") -> None:
        """Put ``question``; ``action`` runs if the person answers ``yes``."""
        self._action = action
        self.question.setText(question)
        self.yes.set_icon(icon)
        self.yes.set_words(yes, question)
        a11y.name(self, self.tr("Question"), question)
        self.setToolTip("")
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal(self)
        a11y.announce(self, question, urgent=True)

    def _yes(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
