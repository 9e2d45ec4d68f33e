"""The big button: tap to talk, tap to finish, or hold while talking. Its words say its state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import a11y, theme
from app.ui.parts import PushButton, pixmap

ICONS = {
    "idle": "mic",
    "preparing": "hourglass",
    "listening": "square",
    "thinking": "pencil",
    "problem": "triangle-alert",
}


class TalkButton(PushButton):
    """Shows one of the states "idle", "preparing", "listening", "thinking", "problem"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self._state, self._key, self._level = "idle", "", 0.0
        self.setObjectName("talk")  # the style gives it a height of its own
        theme.current().changed.connect(self.updateGeometry)
        self.set_state("idle")

    @property
    def state(self) -> str:
        return self._state

    def set_state(self, state: str) -> None:
        self._state = state
        self.setText(self._words()[0])
        a11y.name(self, self.text(), self._words()[1])
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """The global key, shown below the words; "" where none works."""
        self._key = key
        self.set_state(self._state)

    def set_level(self, rms: float, peak: float) -> None:
        self._level = min(1.0, peak * 2.5)
        if self._state == "listening" and not theme.current().reduced_motion:
            self.update()

    def _words(self) -> tuple[str, str]:
        return self._all_words()[self._state]

    def _all_words(self) -> dict[str, tuple[str, str]]:
        press = self.tr("or press {key}").format(key=self._key) if self._key else ""
        return {
            "idle": (self.tr("Speak"), press or self.tr("Press, speak, press again")),
            "preparing": (self.tr("One moment"), self.tr("The microphone is starting.")),
            "listening": (self.tr("Listening"), self.tr("Press when you have finished")),
            "thinking": (self.tr("Writing"), self.tr("You can already speak again")),
            "problem": (self.tr("Try again"), self.tr("See the message above")),
        }

    def _fonts(self) -> tuple[int, int]:
        return theme.current().px(24), theme.current().px(15)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The same in every state: what people aim at must not move."""
        big, small = self._fonts()
        height = theme.current().px(88)
        widest = 0
        for words, hint in self._all_words().values():
            title = self._metrics(big, True).horizontalAdvance(words)
            # A long hint takes two lines: a bit more than half its length each.
            line = self._metrics(small, False).horizontalAdvance(hint)
            widest = max(widest, title, line if line <= theme.current().px(190) else round(line * 0.62))
        return QSize(max(theme.current().px(260), widest + height + 22), height)

    def _metrics(self, size: int, bold: bool) -> QFontMetrics:
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setBold(bold)
        return QFontMetrics(font)

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink = {
            "idle": ("accent", "on_accent"),
            "listening": ("listening", "on_listening"),
            "preparing": ("surface", "thinking"),
            "thinking": ("surface", "thinking"),
            "problem": ("surface", "problem"),
        }[self._state]
        box = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        radius = box.height() / 2
        painter.setBrush(look.colour(fill).lighter(112) if self.underMouse() else look.colour(fill))
        painter.setPen(QPen(look.colour(ink if fill == "surface" else fill), 3))
        if self.isDown():
            box = box.adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():  # a gap and a ring: visible on every fill
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("window"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
            painter.setPen(QPen(look.colour("focus"), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), radius + 3, radius + 3)
        disc = QRectF(box.left() + 10, box.top() + 10, box.height() - 20, box.height() - 20)
        if self._state == "listening" and not look.reduced_motion:
            ring = look.colour(ink)
            ring.setAlpha(70)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ring)
            swell = 8 * self._level
            painter.drawEllipse(disc.adjusted(-swell, -swell, swell, swell))
        size = round(disc.height() * 0.5)
        picture = pixmap(ICONS[self._state], getattr(look.colours, ink), size)
        painter.setPen(QPen(look.colour(ink), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc)
        painter.drawPixmap(round(disc.center().x() - size / 2), round(disc.center().y() - size / 2), picture)
        big, small = self._fonts()
        words, hint = self._words()
        area = box.adjusted(box.height() + 4, 0, -14, 0)
        wrap = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        below = self._metrics(small, False).boundingRect(area.toRect(), wrap, hint)
        title = self._metrics(big, True).height()
        top = area.center().y() - (title + below.height()) / 2
        font = self.font()
        font.setPixelSize(big)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(look.colour(ink))
        painter.drawText(QRectF(area.left(), top, area.width(), title), Qt.AlignmentFlag.AlignLeft, words)
        font.setPixelSize(small)
        font.setBold(False)
        painter.setFont(font)
        painter.drawText(QRectF(area.left(), top + title, area.width(), below.height() + 2), wrap, hint)
        painter.end()
