"""Where a window is: its place and size, kept between starts and always on a screen that is there; whether in front."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QWidget

from app.desktop import Window


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
    bar = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)  # it has to be on the screen, too
    rect.setSize(rect.size().boundedTo(QSize(area.width(), area.height() - bar)))
    if area.contains(rect):
        window.resize(rect.size())  # where it goes is the desktop's choice
        return
    rect.moveLeft(max(area.left(), min(rect.left(), area.right() - rect.width() + 1)))
    rect.moveTop(max(area.top() + bar, min(rect.top(), area.bottom() - rect.height() + 1)))
    window.setGeometry(rect)


def in_front(window: QWidget, front: Window | None) -> bool:
    """Whether ``window`` has the keyboard; ``front`` is the one that the desktop names, if it names any.

    On X11 Qt learns late, by up to 0.4 s, that another program came to the front: there the desktop's word counts.
    """
    if front is not None and QGuiApplication.platformName() in ("xcb", "windows"):
        return front.id == str(int(window.winId()))
    return window.isActiveWindow()
