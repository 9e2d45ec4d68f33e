"""A text field whose hint is shown whole while it is empty: Qt draws its first line only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTextEdit, QWidget


class HintedText(QTextEdit):
    """``setPlaceholderText`` as ever."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = ""

    def setPlaceholderText(self, text: str) -> None:  # noqa: N802
        self._hint = text
        self.viewport().update()

    def placeholderText(self) -> str:  # noqa: N802
        return self._hint

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        composing = self.textCursor().block().layout().preeditAreaText()
        if self._hint and self.document().isEmpty() and not composing:
            margin = round(self.document().documentMargin())
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            room = self.viewport().rect().adjusted(margin, margin, -margin, -margin)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._hint)
            painter.end()
