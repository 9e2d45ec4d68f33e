"""The tray icon and its notice, in a real notification area; and what there is where the desktop has none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.dictation import WAITS
from app.main import Desk
from app.settings import SettingsStore
from app.ui.tray import Tray
from tests.app.conftest import Field, wait_until
from tests.app.test_ui_views import utterance


@pytest.fixture
def area(display: str) -> Iterator[None]:
    """A desktop with a notification area."""
    host = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "tray_host.py")], stdout=subprocess.PIPE, env={**os.environ}
    )
    assert host.stdout is not None and host.stdout.readline() == b"ready\n"
    yield
    host.kill()
    host.wait(5)


def notices() -> list[QWidget]:
    """What Qt shows where no other program does it for the desktop."""
    return [w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "QBalloonTip" and w.isVisible()]


def make_desk(qapp, hidden: bool = False, **settings: object) -> Desk:  # type: ignore[no-untyped-def]
    SettingsStore().update(
        first_start_done=True, sounds=False, warm_microphone=False, theme="light", interface_language="en", **settings
    )
    return Desk(qapp, hidden=hidden)


def end(desk: Desk) -> None:
    desk.close()
    desk.window.hide()
    sys.excepthook = sys.__excepthook__


def test_a_text_that_waits_is_told_by_a_notice_which_leads_to_it(qapp, home: Path, area: None, field: Field) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk(qapp, hidden=True)
    try:
        assert wait_until(lambda: desk.tray.icon.isVisible() and desk.tray.available, 10)
        assert not desk.window.isVisible()  # there is a way back to it
        field.focus()
        assert wait_until(lambda: QApplication.activeWindow() is None, 5)
        desk.core.dictation._delivery.deliver(utterance(), False, None)
        assert wait_until(lambda: bool(notices()), 5)
        (notice,) = notices()
        words = " ".join(part.text() for part in notice.findChildren(QLabel))
        assert "Your text waits" in words
        assert "Your text waits" in desk.tray.icon.toolTip()
        desk.tray.set_state("problem", WAITS)
        assert len(notices()) == 1  # once, however often it is said
        QTest.mouseClick(notice, Qt.MouseButton.LeftButton)
        assert wait_until(lambda: desk.window.isVisible() and desk.window.dictate.held.isVisible(), 5)
        assert wait_until(lambda: not notices(), 5)
        desk.window.close()
        assert not desk.window.isVisible() and desk.tray.icon.isVisible()  # it goes on in the tray
    finally:
        end(desk)


def test_nothing_is_told_twice_where_the_window_itself_is_in_front(qapp, home: Path, area: None) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk(qapp)
    try:
        assert wait_until(desk.window.isActiveWindow, 10)
        desk.core.dictation._delivery.deliver(utterance(), False, None)
        assert wait_until(desk.window.dictate.held.isVisible, 5)
        assert not wait_until(lambda: bool(notices()), 0.5)
    finally:
        end(desk)


def test_without_a_notification_area_the_window_opens_and_the_indicator_tells(qapp, home: Path, field: Field) -> None:  # type: ignore[no-untyped-def]
    assert not Tray().available
    desk = make_desk(qapp, hidden=True, start_hidden=True)
    left: list[bool] = []
    try:
        assert wait_until(desk.window.isVisible, 10)  # a hidden app without a tray could not be found again
        assert not desk.tray.icon.isVisible()
        # the window may ask for the keyboard a moment after it is shown: as often as that is tried
        assert wait_until(lambda: field.focus() or QApplication.activeWindow() is None, 10)  # type: ignore[func-returns-value]
        desk.core.dictation._delivery.deliver(utterance(), False, None)
        assert wait_until(lambda: desk.indicator.accessibleName() == "Idiolect: Your text waits", 5)
        assert desk.indicator.isVisible() and not notices()
        QTest.mouseClick(desk.indicator, Qt.MouseButton.LeftButton)
        assert wait_until(lambda: desk.window.isActiveWindow() and desk.window.dictate.held.isVisible(), 10)
        desk.quit = lambda: left.append(True)  # type: ignore[method-assign]  # the test goes on
        desk.window.close()
        assert left == [True]  # and closing the window ends it
    finally:
        end(desk)
