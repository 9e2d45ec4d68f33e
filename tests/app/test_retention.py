"""What is kept goes when everyone's own time for it is over, and a clock that is wrong takes nothing with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.history import Entry, History
from app.retention import EVENLY, Retention
from app.settings import SettingsStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clocks:
    """What the wall says, and how long the app has run."""

    def __init__(self, wall: datetime) -> None:
        self.wall, self.ran = wall, 100.0

    def wait(self, span: timedelta) -> None:
        self.wall += span
        self.ran += span.total_seconds()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks(NOW)


@pytest.fixture
def retention(qapp, home: Path, clocks: Clocks) -> Retention:  # type: ignore[no-untyped-def]
    store, history = SettingsStore(), History()
    store.update(history_days=30)
    return Retention(store, history, None, lambda: clocks.wall, lambda: clocks.ran)


def remember(retention: Retention, *days_ago: float, profile: str = "me") -> None:
    for days in days_ago:
        retention._history.add(Entry(f"{profile} {days}", NOW - timedelta(days=days), profile, "said then"))


def kept(retention: Retention) -> set[str]:
    return {entry.id for entry in retention._history.search()}


def test_everyone_keeps_things_as_long_as_they_chose_whoever_has_the_app(retention: Retention, clocks: Clocks) -> None:
    ann = retention._store.profiles.create("Ann").id
    bob = retention._store.profiles.create("Bob").id
    retention._store.open_profile(ann)
    retention._store.update(history_days=7)
    retention._store.open_profile(bob)  # keeps everything
    for profile in ("me", ann, bob):
        remember(retention, 0, 8, 40, profile=profile)
    retention.look()
    assert kept(retention) == {"me 0", "me 8", "ann 0", "bob 0", "bob 8", "bob 40"}


def test_an_app_that_is_never_closed_forgets_too(retention: Retention, clocks: Clocks) -> None:
    remember(retention, 0, 29.5)
    retention.start()
    assert retention._timer.isActive() and retention._timer.interval() == 3_600_000
    assert kept(retention) == {"me 0", "me 29.5"}
    for _ in range(13):
        clocks.wait(HOUR)
        retention._timer.timeout.emit()
    assert kept(retention) == {"me 0"}
    retention.close()


def test_a_clock_that_runs_a_year_ahead_at_the_start_deletes_nothing(retention: Retention, clocks: Clocks) -> None:
    remember(retention, 0, 10, 29)
    clocks.wall += timedelta(days=365)
    retention.look()
    clocks.wait(timedelta(minutes=10))
    remember(retention, -365, profile="me")  # something said by the wrong clock makes it no truer
    retention.look()
    assert kept(retention) == {"me 0", "me 10", "me 29", "me -365"}
    clocks.wait(timedelta(minutes=5))
    clocks.wall -= timedelta(days=365)  # the network sets it right
    for _ in range(3):
        retention.look()
        clocks.wait(HOUR)
    assert kept(retention) == {"me 0", "me 10", "me 29", "me -365"}


def test_a_clock_that_jumps_while_the_app_runs_deletes_nothing_at_once(retention: Retention, clocks: Clocks) -> None:
    remember(retention, 0, 29)
    for _ in range(3):
        retention.look()
        clocks.wait(HOUR)
    clocks.wall += timedelta(days=365)
    retention.look()
    assert kept(retention) == {"me 0", "me 29"}


def test_after_a_long_holiday_what_is_over_goes_within_an_hour(retention: Retention, clocks: Clocks) -> None:
    remember(retention, 0, 10, 40)
    clocks.wall += timedelta(days=25)
    retention.look()
    assert kept(retention) == {"me 0", "me 10"}  # 40 days before the last word that was said
    clocks.wait(timedelta(seconds=EVENLY))
    retention.look()
    assert kept(retention) == {"me 0"}
