"""The two pictures of the comparison, painted with QPainter: also into reports, at any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.ui import a11y, theme
from app.ui.theme import Colours

# Okabe and Ito's colours for the colour-blind; each cohort has a shape of its own as well.
_HUES = {
    "light": ("#0072b2", "#b34700", "#00754f", "#8f3b76", "#7a5c00", "#4a4a4a"),
    "dark": ("#56b4e9", "#ff9a4d", "#2fd0a0", "#e59ac8", "#f0e442", "#c8c8c8"),
    "high-contrast": ("#56b4e9", "#ff9a4d", "#2fffb8", "#ff9ed8", "#ffe600", "#ffffff"),
}
_SHAPES = ("circle", "square", "triangle", "diamond", "cross", "plus")
Paint = Callable[[QPainter, QRectF, Colours, str, float], None]


class Plot(QLabel):
    """A painted picture with its message in words as its description."""

    def __init__(self, name: str, height: int = 240) -> None:
        super().__init__()
        self._name, self._height = name, height
        self._paint: Paint | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        a11y.name(self, name, name)
        theme.current().changed.connect(self._draw)

    def show_picture(self, paint: Paint, words: str) -> None:
        """Draw with ``paint``; ``words`` say what is to be seen."""
        self._paint = paint
        a11y.name(self, self._name, words)
        self._draw()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(320, theme.current().px(self._height))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        look = theme.current()
        self.setFixedHeight(look.px(self._height))
        if self._paint is None or self.width() < 20:
            return
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setFont(self.font())
        self._paint(painter, QRectF(0, 0, self.width(), self.height()), look.colours, look.name, look.scale)
        painter.end()
        self.setPixmap(picture)


def image(paint: Paint, width: int, height: int, scale: float = 2.0) -> QImage:
    """The picture on white, for a report: ``width`` by ``height`` px at ``scale`` times the resolution."""
    result = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    result.fill(Qt.GlobalColor.white)
    painter = QPainter(result)
    painter.scale(scale, scale)
    font = QFont(theme.current().families)
    font.setPixelSize(13)
    painter.setFont(font)
    paint(painter, QRectF(0, 0, width, height), theme.LIGHT, "light", 0.9)
    painter.end()
    return result


def bars(values: Sequence[float], axis: str, unit: str = "%") -> Paint:
    """How much each layer's W1 moved: one bar a layer, its number above, the layer below."""

    def paint(painter: QPainter, area: QRectF, c: Colours, _name: str, scale: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(round(14 * scale))
        painter.setFont(font)
        line = painter.fontMetrics().height()
        plot = area.adjusted(8, line + 6, -8, -2 * line - 8)
        top = max(max(values, default=0.0), 1e-9)
        slot = plot.width() / max(1, len(values))
        width = min(slot * 0.62, 54 * scale)
        painter.setPen(QPen(QColor(c.edge), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        stride = max(1, round(painter.fontMetrics().horizontalAdvance("00.00 ") / max(1.0, slot) + 0.49))
        for index, value in enumerate(values):
            x = plot.left() + slot * (index + 0.5)
            height = plot.height() * value / top
            bar = QRectF(x - width / 2, plot.bottom() - height, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawRoundedRect(bar, min(4, width / 3), min(4, width / 3))
            painter.setPen(QColor(c.text))
            if index % stride == 0:
                painter.drawText(
                    QRectF(x - slot * stride / 2, bar.top() - line - 2, slot * stride, line),
                    Qt.AlignmentFlag.AlignCenter,
                    f"{value:.1f}" if unit == "%" else f"{value:.2f}",
                )
                painter.drawText(
                    QRectF(x - slot * stride / 2, plot.bottom() + 4, slot * stride, line),
                    Qt.AlignmentFlag.AlignCenter,
                    str(index + 1),
                )
        painter.setPen(QColor(c.muted))
        painter.drawText(
            QRectF(area.left(), area.bottom() - line - 2, area.width(), line), Qt.AlignmentFlag.AlignCenter, axis
        )

    return paint


def scatter(points: NDArray[np.float32], labels: Sequence[str], here: NDArray[np.float32] | None, you: str) -> Paint:
    """Voices of the training cohorts as small shapes; this voice as a large ring with a name."""

    def paint(painter: QPainter, area: QRectF, c: Colours, name: str, scale: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(round(14 * scale))
        painter.setFont(font)
        cohorts = sorted(set(labels))
        line = painter.fontMetrics().height() + 4
        columns = max(1, int(area.width() // (150 * scale)))
        rows = -(-len(cohorts) // columns)
        plot = area.adjusted(12, 12, -12, -rows * line - 10)
        painter.setPen(QPen(QColor(c.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -rows * line - 2), 8, 8)
        everything = points if here is None else np.vstack([points, here[None, :]])
        low, high = everything.min(axis=0), everything.max(axis=0)
        size = np.maximum(high - low, 1e-6)

        def place(point: NDArray[np.float32]) -> QPointF:
            x, y = (point - low) / size
            return QPointF(plot.left() + float(x) * plot.width(), plot.bottom() - float(y) * plot.height())

        for point, label in zip(points, labels, strict=True):
            number = cohorts.index(label)
            _mark(painter, place(point), _SHAPES[number % 6], QColor(_HUES[name][number % 6]), 3.5 * scale)
        if here is not None:
            centre = place(here)
            painter.setBrush(QColor(c.surface))
            painter.setPen(QPen(QColor(c.text), 3))
            painter.drawEllipse(centre, 8 * scale, 8 * scale)
            painter.setBrush(QColor(c.text))
            painter.drawEllipse(centre, 2.5 * scale, 2.5 * scale)
            font.setBold(True)
            painter.setFont(font)
            width = painter.fontMetrics().horizontalAdvance(you) + 12
            right = centre.x() + 14 + width < plot.right()
            box = QRectF(centre.x() + 12 if right else centre.x() - 12 - width, centre.y() - line / 2, width, line)
            box.moveTop(max(plot.top(), min(box.top(), plot.bottom() - line)))
            painter.setPen(QPen(QColor(c.edge), 1))
            painter.setBrush(QColor(c.surface))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(QColor(c.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, you)
            font.setBold(False)
            painter.setFont(font)
        for number, cohort in enumerate(cohorts):
            x = area.left() + 10 + (number % columns) * (area.width() - 10) / columns
            y = area.bottom() - (rows - number // columns - 0.5) * line
            _mark(painter, QPointF(x + 6, y), _SHAPES[number % 6], QColor(_HUES[name][number % 6]), 5 * scale)
            painter.setPen(QColor(c.text))
            painter.drawText(QPointF(x + 18, y + painter.fontMetrics().ascent() / 2 - 1), cohort)

    return paint


def _mark(painter: QPainter, at: QPointF, shape: str, colour: QColor, size: float) -> None:
    painter.setPen(QPen(colour, max(1.2, size / 3)))
    painter.setBrush(colour if shape in ("circle", "square", "triangle", "diamond") else Qt.BrushStyle.NoBrush)
    x, y = at.x(), at.y()
    if shape == "circle":
        painter.drawEllipse(at, size * 0.9, size * 0.9)
    elif shape == "square":
        painter.drawRect(QRectF(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6))
    elif shape == "triangle":
        painter.drawPolygon(QPolygonF([QPointF(x, y - size), QPointF(x + size, y + size), QPointF(x - size, y + size)]))
    elif shape == "diamond":
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)])
        )
    elif shape == "cross":
        painter.drawLine(QPointF(x - size, y - size), QPointF(x + size, y + size))
        painter.drawLine(QPointF(x - size, y + size), QPointF(x + size, y - size))
    else:
        painter.drawLine(QPointF(x - size, y), QPointF(x + size, y))
        painter.drawLine(QPointF(x, y - size), QPointF(x, y + size))
