"""Names, descriptions and announcements for people who hear or feel the screen.

Roles come from the kind of widget: what paints itself here is built on a Qt widget that
already has the fitting role and value (a level meter is a progress bar).
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QWidget

W = TypeVar("W", bound=QWidget)


def name(widget: W, text: str, description: str = "") -> W:
    """Give ``widget`` an accessible name and description (shown as its tooltip too); returns it."""
    widget.setAccessibleName(text)
    if description:
        widget.setAccessibleDescription(description)
        widget.setToolTip(description)
    return widget


def announce(source: QWidget, text: str, urgent: bool = False) -> None:
    """Have a screen reader say ``text``. Read only while one of our windows has the focus."""
    if not text or not QAccessible.isActive() or QApplication.activeWindow() is None:
        return
    event = QAccessibleAnnouncementEvent(source, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
