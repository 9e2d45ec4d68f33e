"""Where a window was and how large, kept between starts; always wholly on a screen that is there now."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def kept(window: QWidget) -> str:
    """Size, place, screen and whether it fills the screen, as text."""
    return bytes(window.saveGeometry().toBase64().data()).decode("ascii")


def restore(window: QWidget, place: str) -> None:
    """Put ``window`` where ``place`` says; what cannot be read, or lies on no screen, is not followed."""
    if place:
        window.restoreGeometry(QByteArray.fromBase64(place.encode("ascii", "ignore")))
    fit(window)


def fit(window: QWidget) -> None:
    """Make ``window`` no larger than its screen and move it there: screens change and are taken away."""
    if window.isMaximized() or window.isFullScreen():
        return
    rect = window.geometry()
    screen = QGuiApplication.screenAt(rect.center()) or QGuiApplication.primaryScreen()
    if screen is None:
        return
    area = screen.availableGeometry()
    rect.setSize(rect.size().boundedTo(area.size()))
    if not area.contains(rect):
        rect.moveLeft(max(area.left(), min(rect.left(), area.right() - rect.width() + 1)))
        rect.moveTop(max(area.top(), min(rect.top(), area.bottom() - rect.height() + 1)))
        window.setGeometry(rect)
