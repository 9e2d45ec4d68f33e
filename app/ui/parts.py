"""The few building blocks every view is made of: pages, cards, buttons with icons, wrapping rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLayout,
    QLayoutItem,
    QListView,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.ui import a11y, theme
from app.ui.check_box import CheckBox

_ICONS = Path(__file__).parent / "icons"


@lru_cache(maxsize=128)
def _drawing(icon: str) -> str:
    return (_ICONS / f"{icon}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def pixmap(icon: str, colour: str, size: int, ratio: float = 2.0) -> QPixmap:
    """The line drawing ``icon`` (Lucide) in ``colour``, ``size`` px square."""
    svg = _drawing(icon).replace("currentColor", colour)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def picture_of(icon: str, role: str = "text", size: int = 20, gap: int = 0) -> QIcon:
    """``icon`` in the theme's colour ``role``, muted where the button is disabled, with ``gap`` px at its right."""
    look = theme.current()
    result = QIcon()
    for colour, mode in ((getattr(look.colours, role), QIcon.Mode.Normal), (look.colours.muted, QIcon.Mode.Disabled)):
        drawing = pixmap(icon, colour, look.px(size)).copy()
        drawing.setDevicePixelRatio(1.0)
        padded = QPixmap(drawing.width() + 2 * look.px(gap), drawing.height())
        padded.fill(Qt.GlobalColor.transparent)
        painter = QPainter(padded)
        painter.drawPixmap(0, 0, drawing)
        painter.end()
        padded.setDevicePixelRatio(2.0)
        result.addPixmap(padded, mode)
    return result


class PushButton(QPushButton):
    """Enter presses it as the space bar does, which Qt grants in dialogs only."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        super().keyPressEvent(_as_space(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        super().keyReleaseEvent(_as_space(event))


def _as_space(event: QKeyEvent) -> QKeyEvent:
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return event
    return QKeyEvent(event.type(), Qt.Key.Key_Space, event.modifiers(), " ", event.isAutoRepeat())


class Button(PushButton):
    """A button with words and an icon, at least 44 px high. ``role``: "", primary, quiet or danger."""

    def __init__(
        self,
        text: str,
        icon: str = "",
        description: str = "",
        role: str = "",
        on_click: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(text)
        self._icon, self._role = icon, role
        self.setProperty("role", role)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        a11y.name(self, text, description or text)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())
        theme.current().changed.connect(self._dress)
        self._dress()

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._dress()

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the style sheet leaves less around the words."""
        if self.property("narrow") != narrow:
            self.setProperty("narrow", narrow)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_words(self, text: str, description: str = "") -> None:
        """Change what the button says, to the eye and to a screen reader."""
        self.setText(text)
        a11y.name(self, text, description or text)

    def setText(self, text: str) -> None:  # noqa: N802
        """Without words the icon needs no gap beside it."""
        changed = bool(text) != bool(self.text())
        super().setText(text)
        if changed:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._role == "primary" and self.hasFocus():  # a gap before the ring: visible on its fill, too
            look = theme.current()
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.colour("window"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), look.px(10) - 4, look.px(10) - 4)
            painter.end()

    def _dress(self) -> None:
        look = theme.current()
        if self._icon:
            role = {"primary": "on_accent", "danger": "problem", "quiet": "accent"}.get(self._role, "text")
            gap = 6 if self.text() else 0
            self.setIcon(picture_of(self._icon, role, gap=gap))
            self.setIconSize(QSize(look.px(20) + look.px(gap), look.px(20)))


class Picture(QLabel):
    """An icon that only decorates the words beside it."""

    def __init__(self, icon: str, role: str = "accent", size: int = 24) -> None:
        super().__init__()
        self._icon, self._role, self._size = icon, role, size
        theme.current().changed.connect(self._dress)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._dress()

    def set_icon(self, icon: str, role: str = "accent") -> None:
        self._icon, self._role = icon, role
        self._dress()

    def _dress(self) -> None:
        look = theme.current()
        self.setPixmap(pixmap(self._icon, getattr(look.colours, self._role), look.px(self._size)))


def label(text: str = "", role: str = "", selectable: bool = False) -> QLabel:
    """Words that wrap. ``role``: title, heading, muted, small, partial, problem, good, number."""
    result = QLabel(text)
    result.setWordWrap(True)
    result.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        result.setProperty("role", role)
    if selectable:
        result.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        result.setIndent(0)  # its frame, which shows the focus, must not move the words
        result.setAccessibleDescription(QCoreApplication.translate("Parts", "You can select and copy this text."))
    result.setMinimumWidth(40)
    return result


def card(*children: QWidget | QLayout, role: str = "card", spacing: int = 12) -> QFrame:
    """A quiet box around what belongs together. ``role``: card, notice or trouble."""
    frame = QFrame()
    frame.setProperty("role", role)
    box = QVBoxLayout(frame)
    box.setContentsMargins(20, 18, 20, 18)
    box.setSpacing(spacing)
    for child in children:
        box.addWidget(child) if isinstance(child, QWidget) else box.addLayout(child)
    return frame


def restyle(widget: QWidget, role: str) -> None:
    """Give ``widget`` another style role and have the style sheet look at it again."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Row(QLayout):
    """Widgets side by side that wrap onto further lines where the window is narrow or the text large."""

    def __init__(self, *widgets: QWidget, spacing: int = 10) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            width = min(hint.width(), rect.width())
            height = item.heightForWidth(width) if item.hasHeightForWidth() else hint.height()
            if x + width > rect.right() + 1 and line:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, height)))
            x += width + self.spacing()
            line = max(line, height)
        return y + line - rect.y()


class Page(QScrollArea):
    """A view with a title: one readable column that scrolls where it does not fit."""

    def __init__(self, title: str, lead: str = "", width: int = 900) -> None:
        super().__init__()
        self._width = width
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        a11y.name(self, title, lead or title)
        self.setToolTip("")
        self.column = QWidget()
        self.column.setObjectName("page")
        outer = QVBoxLayout(self.column)
        outer.setContentsMargins(32, 28, 32, 28)
        self.box = QVBoxLayout()
        self.box.setSpacing(18)
        outer.addLayout(self.box)
        outer.addStretch(1)
        self.heading = label(title, "title")
        self.box.addWidget(self.heading)
        if lead:
            self.box.addWidget(label(lead, "muted"))
        self.setWidget(self.column)
        theme.current().changed.connect(self._fit)
        self._fit()

    def add(self, child: QWidget | QLayout) -> None:
        self.box.addWidget(child) if isinstance(child, QWidget) else self.box.addLayout(child)

    def _fit(self) -> None:
        self.column.setMaximumWidth(theme.current().px(self._width))
        focused = QApplication.focusWidget()
        if focused is not None and self.column.isAncestorOf(focused):
            reveal(focused)  # the text size changes here: what it is chosen with stays in sight


def reveal(widget: QWidget) -> None:
    """Bring ``widget`` into sight, once it has its place: with large text it may be below or above what is seen."""

    def scroll() -> None:
        area: QWidget | None = widget.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and widget.isVisible():
            area.ensureWidgetVisible(widget, 0, 12)

    QTimer.singleShot(0, widget, scroll)


def lay_out_anew(view: QWidget) -> None:
    """Forget all heights of the wrapped texts in ``view``: those from before it got its font are too small."""
    for layout in view.findChildren(QLayout):
        layout.invalidate()
    for child in view.findChildren(QWidget):
        child.updateGeometry()


def unknown(bar: QProgressBar) -> None:
    """Show that something goes on, nobody knows how long: moving, unless the person wants less movement."""
    bar.setRange(0, 1 if theme.current().reduced_motion else 0)
    bar.setValue(0)


class Slider(QSlider):
    """A horizontal slider; the wheel scrolls the page and never changes what it happens to pass over."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()


class Choice(QComboBox):
    """A list to choose from, with rows as high as other targets; the wheel scrolls the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setView(QListView())  # the style's own list takes no row height

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()


def combo(name: str, description: str, items: list[tuple[str, object]], value: object) -> QComboBox:
    """A choice from a short list of (words, value); ``value`` is chosen."""
    box = Choice()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(14)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for words, data in items:
        box.addItem(words, data)
    box.setCurrentIndex(max(0, next((i for i, (_, data) in enumerate(items) if data == value), 0)))
    return a11y.name(box, name, description)


def check(text: str, description: str, on: bool, on_change: Callable[[bool], object] | None = None) -> QCheckBox:
    box = CheckBox(text)
    box.setChecked(on)
    a11y.name(box, text, description)
    if on_change is not None:
        box.toggled.connect(on_change)
    return box


def field(text: str, widget: QWidget, help_text: str = "") -> QWidget:
    """``widget`` under its label, with a sentence of help below."""
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(6)
    caption = label(text)
    caption.setBuddy(widget)
    box.addWidget(caption)
    box.addWidget(widget)
    if help_text:
        box.addWidget(label(help_text, "small"))
    if not widget.accessibleName():
        a11y.name(widget, text, help_text or text)
    return holder
