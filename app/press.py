"""What one key means: a tap, a hold, or a trembling hand.

A release followed by a press within the debounce time is no release. So every mode needs
only one key, and nobody has to press twice, hold, or be quick.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from app.settings import Settings


class Presses(QObject):
    """Turns presses and releases into ``start`` and ``stop``. ``listening`` is told from outside."""

    start = Signal()
    stop = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = Settings()
        self.listening = False
        self._down = False
        self._may_stop = False  # this press began the listening, so its release may end it
        self._long = False
        self.released: float | None = None  # when the key was let go, if that ends the listening (monotonic seconds)
        self._hold = QTimer(self, singleShot=True)
        self._hold.timeout.connect(self._held)
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self._up)

    def press(self) -> None:
        if self._settle.isActive():  # a bounce: the key was never really up
            self._settle.stop()
            if not self._long:
                self._hold.start(self.settings.hold_ms)
            return
        if self._down:
            return
        self._down, self._long = True, False
        self.released = None
        if self.listening:
            self._may_stop = False
            self.stop.emit()
        else:
            self._may_stop = self.settings.mode in ("push-to-talk", "tap-or-hold")
            self._hold.start(self.settings.hold_ms)
            self.start.emit()

    def release(self) -> None:
        if self._down:
            self._hold.stop()
            self.released = time.monotonic()
            self._settle.start(self.settings.debounce_ms)

    def reset(self) -> None:
        """Forget a key that is down: another means ended the listening."""
        self._may_stop = False

    def _held(self) -> None:
        self._long = True

    def _up(self) -> None:
        self._down = False
        if self._may_stop and self.listening and (self._long or self.settings.mode == "push-to-talk"):
            self.stop.emit()
