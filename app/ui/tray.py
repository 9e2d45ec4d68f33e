"""The icon in the notification area, where the desktop has one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.dictation import WAITS
from app.ui import theme
from app.ui.parts import pixmap
from app.ui.sentences import translated
from app.ui.talk_button import ICONS


class Tray(QObject):
    """Shows the state and offers every way out of it. Does nothing where there is no tray (GNOME)."""

    toggled = Signal()
    cancelled = Signal()
    undone = Signal()
    opened = Signal()
    quitted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu()
        self.talk = QAction(self.tr("Speak"), self.menu)
        self.talk.triggered.connect(self.toggled)
        self.cancel = QAction(self.tr("Cancel (the recording is kept)"), self.menu)
        self.cancel.triggered.connect(self.cancelled)
        undo = QAction(self.tr("Undo last"), self.menu)
        undo.triggered.connect(self.undone)
        show = QAction(self.tr("Open Idiolect"), self.menu)
        show.triggered.connect(self.opened)
        leave = QAction(self.tr("Quit"), self.menu)
        leave.triggered.connect(self.quitted)
        for action in (self.talk, self.cancel, undo):
            self.menu.addAction(action)
        self.menu.addSeparator()
        self.menu.addAction(show)
        self.menu.addAction(leave)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        theme.current().changed.connect(self._dress)
        self._state, self._detail = "idle", ""
        self.icon.messageClicked.connect(self.opened)
        self.set_state("idle", "")

    @property
    def available(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        if self.available:
            self.icon.show()

    def hide(self) -> None:
        self.icon.hide()

    def set_state(self, state: str, detail: str) -> None:
        self._state = state
        busy = state in ("preparing", "listening")
        self.talk.setText(self.tr("Finish speaking") if busy else self.tr("Speak"))
        self.cancel.setEnabled(busy or state == "thinking")
        words = {
            "idle": self.tr("ready"),
            "preparing": self.tr("getting ready"),
            "listening": self.tr("listening"),
            "thinking": self.tr("writing"),
            "problem": self.tr("needs your attention"),
        }[state]
        if detail == WAITS != self._detail and QApplication.activeWindow() is None:
            # Another program is in front: the desktop's notice is seen there, and a screen reader reads it out.
            self.icon.showMessage("Idiolect", translated(detail), QSystemTrayIcon.MessageIcon.Warning)
        self._detail = detail
        self.icon.setToolTip(f"Idiolect: {words}" + (f"\n{translated(detail)}" if detail else ""))
        self._dress()

    def _dress(self) -> None:
        colours = theme.current().colours
        role = {"listening": colours.listening, "problem": colours.problem}.get(self._state, colours.accent)
        self.icon.setIcon(QIcon(pixmap(ICONS[self._state], role, 32)))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.opened.emit()
