"""A small sign that stays on top and never takes the focus: idle, listening, writing, problem."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel

from app.dictation import WAITS
from app.ui import a11y, theme
from app.ui.parts import pixmap
from app.ui.sentences import translated
from app.ui.talk_button import ICONS


class Indicator(QLabel):
    """A pill with an icon and a word. A click starts or stops listening; a drag moves it."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
            | (
                Qt.WindowType.X11BypassWindowManagerHint
                if QGuiApplication.platformName() == "xcb"
                else Qt.WindowType(0)
            )
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setWindowTitle(self.tr("Idiolect indicator"))
        self._state, self._detail, self._level = "idle", "", 0.0
        self._grip: QPoint | None = None
        self._moved = False
        theme.current().changed.connect(self._dress)
        self.set_state("idle", "")

    def set_state(self, state: str, detail: str) -> None:
        self._state, self._detail = state, detail
        a11y.name(self, self.tr("Idiolect: {state}").format(state=self._word()), translated(detail) or self._word())
        self._dress()

    def set_level(self, rms: float, peak: float) -> None:
        level = min(1.0, peak * 2)
        if self._state == "listening" and abs(level - self._level) > 0.02:
            self._level = level
            self.update()

    def place(self) -> None:
        """Bottom centre of the screen, above a task bar."""
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.move(screen.center().x() - self.width() // 2, screen.bottom() - self.height() - 24)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if QGuiApplication.screenAt(self.geometry().center()) is None:  # a screen was taken away
            self.place()

    def _word(self) -> str:
        if self._detail == WAITS:
            return self.tr("Your text waits")
        return {
            "idle": self.tr("Ready"),
            "preparing": self.tr("Getting ready"),
            "listening": self.tr("Listening"),
            "thinking": self.tr("Writing"),
            "problem": self.tr("Problem"),
        }[self._state]

    def _dress(self) -> None:
        before = self.width()
        self.setFixedSize(self.sizeHint())
        if QGuiApplication.platformName() == "xcb":  # without a compositor what is transparent would be black
            shape = QPainterPath()
            shape.addRoundedRect(
                QRectF(self.rect()).adjusted(1, 1, -1, -1), self.height() / 2 - 1, self.height() / 2 - 1
            )
            self.setMask(QRegion(shape.toFillPolygon().toPolygon()))
        if self.isVisible():
            # Half the difference, not the centre: rounding that would let it wander off.
            self.move(self.x() - int((self.width() - before) / 2), self.y())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        look = theme.current()
        font = self.font()
        font.setPixelSize(look.px(16))
        font.setBold(True)
        width = max(QFontMetrics(font).horizontalAdvance(self._word()), look.px(80))
        return QSize(width + look.px(60) + 20, max(theme.TARGET, look.px(44)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink = ("listening", "on_listening") if self._state == "listening" else ("surface", "text")
        if self._state == "problem":
            ink = "problem"
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setBrush(look.colour(fill))
        painter.setPen(QPen(look.colour("problem" if self._state == "problem" else "edge"), 2))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        size = look.px(22)
        x = box.left() + box.height() / 2 - size / 2 + 2
        painter.drawPixmap(
            round(x), round(box.center().y() - size / 2), pixmap(ICONS[self._state], getattr(look.colours, ink), size)
        )
        font = self.font()
        font.setPixelSize(look.px(16))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(look.colour(ink))
        painter.drawText(box.adjusted(size + 24, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, self._word())
        if self._state == "listening":
            bar = QRectF(box.left() + box.height() / 2, box.bottom() - 5, (box.width() - box.height()) * self._level, 3)
            painter.fillRect(bar, look.colour(ink))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._grip = event.globalPosition().toPoint() - self.pos()
        self._moved = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._grip is not None:
            target = event.globalPosition().toPoint() - self._grip
            if self._moved or (target - self.pos()).manhattanLength() > 12:  # a tremor is not a drag
                self._moved = True
                self.move(target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._grip is not None and not self._moved:
            self.clicked.emit()
        self._grip = None
