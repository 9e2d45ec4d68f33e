"""What one key means: a tap, a hold, or a trembling hand.

A release followed by a press within the debounce time is no release. So every mode needs
only one key, and nobody has to press twice, hold, or be quick. What counts is when the key
moved, not when this computer came to hear of it.
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
        self._pressed = 0.0  # when the key went down (monotonic seconds)
        self.released: float | None = None  # when it was let go, if that ends the listening
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self._up)

    def press(self, at: float | None = None) -> None:
        """The key went down ``at`` that moment (monotonic seconds; now)."""
        at = time.monotonic() if at is None else at
        if self._settle.isActive():
            self._settle.stop()
            if at - (self.released or at) < self.settings.debounce_ms / 1000:  # a bounce: it was never really up
                self._pressed = at
                return
            self._up()  # its time is over, and nobody has had the time to say so
        if self._down:
            return
        self._down, self._long, self._pressed = True, False, at
        self.released = None
        if self.listening:
            self._may_stop = False
            self.stop.emit()
        else:
            self._may_stop = self.settings.mode in ("push-to-talk", "tap-or-hold")
            self.start.emit()

    def release(self, at: float | None = None) -> None:
        """The key was let go ``at`` that moment (monotonic seconds; now)."""
        if self._down:
            self.released = time.monotonic() if at is None else at
            self._long = self._long or self.released - self._pressed >= self.settings.hold_ms / 1000
            self._settle.start(self.settings.debounce_ms)

    def reset(self) -> None:
        """Forget a key that is down: another means ended the listening."""
        self._may_stop = False

    def _up(self) -> None:
        self._down = False
        if self._may_stop and self.listening and (self._long or self.settings.mode == "push-to-talk"):
            self.stop.emit()
