"""A check box whose words wrap: Qt's own would make the page scroll sideways where text is large."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton


class CheckBox(QCheckBox):
    """``words`` on as many lines as the width needs."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._words = words
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802
        """All words on one line."""
        return self._size(self._words)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Every word on a line of its own."""
        return QSize(self._size("\n".join(self._words.split())).width(), self._size(self._words).height())

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._size(self._wrapped(width)).height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        wrapped = self._wrapped(event.size().width())
        if wrapped != self.text():
            self.setText(wrapped)

    def _size(self, text: str) -> QSize:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = text
        metrics = self.fontMetrics()
        lines = text.split("\n")
        words = QSize(max(map(metrics.horizontalAdvance, lines)) + 4, metrics.lineSpacing() * len(lines))
        return self.style().sizeFromContents(QStyle.ContentsType.CT_CheckBox, option, words, self)

    def _wrapped(self, width: int) -> str:
        lines: list[str] = []
        for word in self._words.split():
            longer = f"{lines[-1]} {word}" if lines else ""
            if longer and self._size(longer).width() <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return "\n".join(lines)
