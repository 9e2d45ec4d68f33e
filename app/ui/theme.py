"""How the app looks: three themes, text from 100 to 200 %, one style sheet made from them.

Contrast follows WCAG 2.2: text at least 7:1 on its background (AAA), the edges of controls
and the focus ring at least 3:1. Every target is at least 44 px high, at every text size.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

TARGET = 44  # px, WCAG 2.5.5
THEMES = ("system", "light", "dark", "high-contrast")
_FAMILIES = (
    "Atkinson Hyperlegible Next",
    "Atkinson Hyperlegible",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Inter",
    "Adwaita Sans",
    "Cantarell",
    "Noto Sans",
    "Ubuntu",
    "DejaVu Sans",
)


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, by what they are for. ``#rrggbb``."""

    window: str  # behind everything
    surface: str  # cards, fields, the editor
    sunken: str  # the navigation, hovered rows
    text: str
    muted: str  # secondary text
    line: str  # quiet separators
    edge: str  # edges of controls: 3:1 on window and surface
    accent: str  # the one colour for "act here"
    on_accent: str
    soft: str  # selected rows, quiet emphasis
    focus: str
    listening: str
    on_listening: str
    thinking: str
    problem: str
    good: str
    border: int = 1  # px


LIGHT = Colours(
    window="#f6f5f1", surface="#ffffff", sunken="#eceae4", text="#1a1d21", muted="#474d57", line="#dcd9d1",
    edge="#80858d", accent="#0a5c58", on_accent="#ffffff", soft="#dcedeb", focus="#0b57d0",
    listening="#a3160f", on_listening="#ffffff", thinking="#6b4700", problem="#94170f", good="#14592b",
)  # fmt: skip
DARK = Colours(
    window="#15181b", surface="#1e2226", sunken="#0f1214", text="#f0f2f3", muted="#b9c0c7", line="#343a40",
    edge="#7d868f", accent="#6fd3c8", on_accent="#06211f", soft="#213f3d", focus="#9cc2ff",
    listening="#ff9a8f", on_listening="#310805", thinking="#f2c15f", problem="#ffa79d", good="#86d99c",
)  # fmt: skip
CONTRAST = Colours(
    window="#000000", surface="#000000", sunken="#000000", text="#ffffff", muted="#ffffff", line="#ffffff",
    edge="#ffffff", accent="#ffe600", on_accent="#000000", soft="#00307a", focus="#00e5ff",
    listening="#ffffff", on_listening="#000000", thinking="#ffe600", problem="#ffb3a8", good="#7dff9b", border=2,
)  # fmt: skip
PALETTES = {"light": LIGHT, "dark": DARK, "high-contrast": CONTRAST}


class Theme(QObject):
    """The look in force. Widgets that paint themselves read ``colours`` and listen to ``changed``."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = "light"
        self.colours = LIGHT
        self.scale = 1.0
        self.families: list[str] = []
        self.reduced_motion = False

    def px(self, size: float) -> int:
        """``size`` px at 100 % in px at the present text size."""
        return round(size * self.scale)

    def colour(self, role: str) -> QColor:
        return QColor(getattr(self.colours, role))


_theme: Theme | None = None


def current() -> Theme:
    """The one theme of this process."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def resolve(name: str) -> str:
    """The theme that ``name`` stands for now: "system" follows the desktop."""
    if name in PALETTES:
        return name
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", lambda: None)()  # Qt 6.10 and later
    if accessibility is not None:
        from_desktop = getattr(accessibility, "contrastPreference", lambda: None)()
        if from_desktop is not None and getattr(from_desktop, "name", "") == "HighContrast":
            return "high-contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def prefers_reduced_motion() -> bool:
    """What the desktop says, where Qt can tell; ``IDIOLECT_REDUCED_MOTION=1`` says yes."""
    if os.environ.get("IDIOLECT_REDUCED_MOTION") == "1":
        return True
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", lambda: None)()
    preference = getattr(accessibility, "motionPreference", lambda: None)()
    return getattr(preference, "name", "") == "ReducedMotion"


def apply(app: QApplication, name: str, percent: int = 100, reduced_motion: bool = False) -> Theme:
    """Dress the whole app in theme ``name`` with text at ``percent`` (100 to 200)."""
    theme = current()
    theme.name = resolve(name)
    theme.colours = PALETTES[theme.name]
    theme.scale = max(1.0, min(2.0, percent / 100))
    theme.reduced_motion = reduced_motion or prefers_reduced_motion()
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    theme.families = _families()
    font = QFont(theme.families)
    font.setPixelSize(theme.px(16))
    app.setFont(font)
    app.setPalette(_palette(theme.colours))
    app.setStyleSheet(style_sheet(theme))
    theme.changed.emit()
    return theme


def _families() -> list[str]:
    present = set(QFontDatabase.families())
    return [family for family in _FAMILIES if family in present] or QGuiApplication.font().families()


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.sunken,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.PlaceholderText: c.muted,
        QPalette.ColorRole.Button: c.surface,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.ToolTipBase: c.surface,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.on_accent,
        QPalette.ColorRole.Link: c.accent,
        QPalette.ColorRole.Accent: c.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(disabled, role, QColor(c.muted))
    return palette


def style_sheet(theme: Theme) -> str:
    """The style sheet of ``theme``: sizes in px at its text size, colours by role."""
    c, px = theme.colours, theme.px
    row = max(TARGET, px(TARGET * 0.72 + 12))
    values: dict[str, object] = dict(vars(c))
    values.update(
        small=px(14), body=px(16), large=px(20), title=px(26), editor=px(21),
        talk=px(88), target=row - 2 * c.border, row=row, pad=px(14), half=px(7), gap=px(10),
        radius=px(10), round=px(14), ring=3, box=px(22), radio=px(22) // 2 + 2,
        slider=px(22) // 2 - 1, knob=px(22) // 2 + 3,
        nav_edge="border" if theme.name == "high-contrast" else "border-left",
        arrow_down=_themed(theme, "chevron-down"), check=_themed(theme, "check"),
    )  # fmt: skip
    return _SHEET.substitute(values)


def _themed(theme: Theme, icon: str) -> str:
    # Style sheets take pictures from files only, so these three are kept in each theme's colours.
    return (Path(__file__).parent / "icons" / theme.name / f"{icon}.svg").as_posix()


_SHEET = Template("""
* { font-size: ${body}px; color: $text; outline: none; }
QMainWindow, QDialog, QWidget#page, QWidget#viewport, QStackedWidget { background: $window; }
QScrollArea { background: transparent; border: none; }
QScrollArea:focus { border: ${ring}px solid $focus; }
QLabel { background: transparent; }
QLabel[focusPolicy="11"] { border: ${ring}px solid transparent; border-radius: ${half}px; }
QLabel[focusPolicy="11"]:focus { border-color: $focus; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${large}px; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { font-size: ${small}px; color: $muted; }
QLabel[role="partial"] { font-size: ${large}px; color: $muted; font-style: italic; }
QLabel[role="problem"] { color: $problem; font-weight: 600; }
QLabel[role="good"] { color: $good; font-weight: 600; }
QLabel[role="number"] { font-size: ${title}px; font-weight: 600; }
QFrame[role="card"] { background: $surface; border: ${border}px solid $line; border-radius: ${round}px; }
QFrame[role="notice"] { background: $soft; border: ${border}px solid $accent; border-radius: ${round}px; }
QFrame[role="trouble"] { background: $surface; border: 2px solid $problem; border-radius: ${round}px; }
QFrame[role="rule"] { background: $line; max-height: 1px; min-height: 1px; border: none; }

QPushButton, QToolButton {
  background: $surface; border: ${border}px solid $edge; border-radius: ${radius}px;
  min-height: ${target}px; min-width: ${target}px; padding: 0 ${pad}px; font-weight: 500;
}
QPushButton#talk { min-height: ${talk}px; }
QToolButton { padding: 0 ${half}px; }
QPushButton:hover, QToolButton:hover { background: $sunken; border-color: $accent; }
QPushButton:pressed, QToolButton:pressed { background: $soft; }
QPushButton:checked, QToolButton:checked { background: $soft; border: 2px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: transparent; border: ${border}px dashed $edge; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $text; color: $window; border-color: $text; }
QPushButton[role="primary"]:disabled { background: transparent; color: $muted; border: ${border}px dashed $edge; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[role="quiet"]:hover { background: $soft; }
QPushButton[role="danger"] { color: $problem; border-color: $problem; }
QPushButton[role="danger"]:disabled { color: $muted; border: ${border}px dashed $edge; }
QPushButton:focus, QToolButton:focus, QPushButton[role="primary"]:focus, QPushButton[role="quiet"]:focus,
QPushButton[role="danger"]:focus { border: ${ring}px solid $focus; }

QFrame#nav { background: $sunken; border: none; border-right: ${border}px solid $line; }
QFrame#nav QPushButton {
  text-align: left; border: ${ring}px solid transparent; background: transparent; padding: 0 ${half}px;
  font-weight: 500;
}
QFrame#nav QPushButton[narrow="true"] { text-align: center; padding: 0; }
QFrame#nav QPushButton:hover { background: $window; }
QFrame#nav QPushButton:checked {
  background: $surface; font-weight: 700; ${nav_edge}: ${ring}px solid $accent; color: $accent;
}
QFrame#nav QPushButton:focus { border: ${ring}px solid $focus; }

QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QTextBrowser, QListView, QTreeView,
QTableView, QKeySequenceEdit {
  background: $surface; border: ${border}px solid $edge; border-radius: ${radius}px; padding: ${half}px ${gap}px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QTextEdit { placeholder-text-color: $muted; }
QFrame#talkbar QPushButton[narrow="true"] { padding: 0 ${half}px; }
QFrame#talkbar { background: $window; border: none; border-top: ${border}px solid $line; }
QLineEdit, QComboBox { min-height: ${target}px; padding: 0 ${gap}px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus,
QTextBrowser:focus, QListView:focus, QTreeView:focus, QTableView:focus,
QKeySequenceEdit:focus { border: ${ring}px solid $focus; }
QPlainTextEdit#editor, QTextEdit#editor { font-size: ${editor}px; padding: ${pad}px; }
QTextEdit[role="text"], QTextBrowser[role="text"] { font-size: ${large}px; }
QComboBox::drop-down { width: ${target}px; border: none; subcontrol-origin: padding; subcontrol-position: right; }
QComboBox::down-arrow { image: url($arrow_down); width: ${box}px; height: ${box}px; }
QComboBox QAbstractItemView { background: $surface; border: ${border}px solid $edge; }
QComboBox QAbstractItemView::item { min-height: ${row}px; padding: 0 ${gap}px; }
QComboBox QAbstractItemView::item:selected, QListView::item:selected { background: $soft; color: $text; }
QListView::item { min-height: ${row}px; padding: ${half}px; border-bottom: 1px solid $line; border-radius: 0; }
QListView::item:selected { border-left: ${ring}px solid $accent; }

QCheckBox, QRadioButton { spacing: ${gap}px; min-height: ${target}px; border: ${ring}px solid transparent;
  border-radius: ${radius}px; padding-right: ${half}px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { border: ${ring}px solid $focus; }
QCheckBox::indicator, QRadioButton::indicator {
  width: ${box}px; height: ${box}px; border: 2px solid $edge; background: $surface; border-radius: 5px;
}
QRadioButton::indicator { border-radius: ${radio}px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
  background: $accent; border-color: $accent; image: url($check);
}
QGroupBox { border: none; margin-top: ${box}px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; font-size: ${large}px; }

QSlider { min-height: ${target}px; background: transparent; border: ${ring}px solid transparent;
  border-radius: ${radius}px; }
QSlider:focus { border: ${ring}px solid $focus; }
QSlider::groove:horizontal { height: 8px; border-radius: 4px; background: $line; border: 1px solid $edge; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 4px; }
QSlider::handle:horizontal {
  width: ${box}px; height: ${box}px; margin: -${slider}px 0; border-radius: ${knob}px;
  background: $surface; border: 3px solid $accent;
}
QProgressBar { border: ${border}px solid $edge; border-radius: ${half}px; background: $sunken; min-height: ${box}px;
  text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: ${half}px; }
QToolTip { background: $surface; color: $text; border: ${border}px solid $edge; padding: ${half}px; }
QMenu { background: $surface; border: ${border}px solid $edge; padding: ${half}px; }
QMenu::item { min-height: ${target}px; padding: 0 ${pad}px; border-radius: ${half}px; }
QMenu::item:selected { background: $soft; border: 2px solid $accent; }
QScrollBar:vertical { width: 16px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 16px; background: transparent; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 5px; margin: 3px; min-height: 44px; min-width: 44px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
""")
