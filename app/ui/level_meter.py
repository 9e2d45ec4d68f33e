"""How loud the microphone hears: a bar that a screen reader knows as a progress bar."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.ui import a11y, theme

_FLOOR = -60.0  # dB below full scale: room noise on a quiet microphone


class LevelMeter(QProgressBar):
    """Shows rms as filled segments and the peak as a line; too loud is said in words too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 100)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._level = self._peak = 0.0
        self._live = False
        self._told = ""
        self._drawn: tuple[int, int] | None = None
        a11y.name(self, self.tr("Microphone level"), self.tr("How loud the microphone hears you, from 0 to 100."))
        theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.current().px(220), theme.current().px(30))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(80, theme.current().px(30))

    def set_level(self, rms: float, peak: float) -> None:
        """``rms`` and ``peak`` of the last samples, 0 to 1 of full scale."""
        self._live = True
        decibels = 20 * math.log10(max(rms, 1e-6))
        self._level = max(0.0, min(1.0, 1 - decibels / _FLOOR))
        top = 20 * math.log10(max(peak, 1e-6))
        self._peak = max(0.0, min(1.0, 1 - top / _FLOOR), self._peak - 0.04)
        # Every change of the value is told to screen readers: only what changes the words is worth it.
        if (words := self.words()) != self._told:
            self._told = words
            self.setValue(round(100 * self._level))
        if self._picture() != self._drawn:  # nor is a picture that stays the same drawn again, all day long
            self.update()

    def clear(self) -> None:
        self._live, self._peak, self._level, self._told = False, 0.0, 0.0, ""
        self.setValue(0)
        self.update()

    def _picture(self) -> tuple[int, int]:
        """How many bars are lit, and where the peak is."""
        return math.ceil(self._level * self._bars()), round(self._peak * self.width()) if self._peak > 0.01 else 0

    def _bars(self) -> int:
        return max(6, self.width() // 12)

    def words(self) -> str:
        """The level in words, for a line of text beside the bar."""
        if not self._live:
            return ""
        if self._peak > 0.985:
            return self.tr("Very loud: move back a little")
        if self._level < 0.12:
            return self.tr("Quiet: I hear almost nothing")
        return self.tr("Good: I can hear you")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawn = self._picture()
        gap, bars = 3.0, self._bars()
        edge = 0.5  # half of the pen's line lies outside of a bar
        width = (self.width() - 2 * edge - gap * (bars - 1)) / bars
        lit = self._level * bars
        for index in range(bars):
            on = index < lit
            bar = QRectF(edge + index * (width + gap), 2.0, width, self.height() - 4.0)
            painter.setPen(Qt.PenStyle.NoPen if on else QPen(look.colour("edge"), 1))
            painter.setBrush(look.colour("accent") if on else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(bar, 3, 3)
        if self._peak > 0.01:
            x = self._peak * self.width() - 2
            painter.fillRect(QRectF(x, 0, 3, self.height()), look.colour("text"))
        painter.end()
