"""The end of what is kept: every person's entries go when the time that they chose is over, and not a day sooner.

What is gone is gone, so a clock that runs ahead must delete nothing. When the app starts nobody knows yet whether
the clock is right: until it has run evenly for a while it is believed only up to the newest entry, in whose time the
app was surely used. A wrong clock is set right sooner or later, by the network or by hand: then it jumps, and has to
run evenly anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from app.history import History
from app.settings import SettingsStore
from engine.errors import IdiolectError

EVENLY = 3000.0  # seconds after which a clock is believed
_OFTEN = 3_600_000  # ms
_JUMP = timedelta(seconds=60)


def _now() -> datetime:
    return datetime.now(UTC)


class Retention(QObject):
    """Looks at ``start``, every hour, and whenever it is asked to."""

    problem = Signal(str)

    def __init__(
        self,
        store: SettingsStore,
        history: History,
        parent: QObject | None = None,
        clock: Callable[[], datetime] = _now,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._store, self._history, self._clock, self._stopwatch = store, history, clock, stopwatch
        self._began: tuple[datetime, float] | None = None  # since when the clock has run evenly
        self._surely: datetime | None = None  # the newest entry at the start, later the last time that was believed
        self._timer = QTimer(self, interval=_OFTEN)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start()
        self.look()

    def close(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Delete what is over, of every person; what cannot be deleted is told."""
        try:
            now = self._believed()
            if now is None:
                return
            for person in self._store.profiles.all():
                days = self._store.settings_of(person.id).history_days
                if days is not None:
                    self._history.prune(days, person.id, now)
        except IdiolectError as error:
            self.problem.emit(str(error))

    def _believed(self) -> datetime | None:
        """What the time surely is at least; None where nothing tells."""
        now, ran = self._clock(), self._stopwatch()
        if self._began is None:
            self._surely = self._history.newest(now)
        if self._began is None or abs(now - self._began[0] - timedelta(seconds=ran - self._began[1])) > _JUMP:
            self._began = (now, ran)
        if ran - self._began[1] >= EVENLY:
            self._surely = now
        return None if self._surely is None else min(now, self._surely)
