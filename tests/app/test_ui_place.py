"""The window comes back where it was, on whatever screen there is now; a fresh start asks instead of complaining."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.insert import Inserter
from app.main import Desk
from app.settings import SettingsStore
from app.ui import place
from tests.app.conftest import Field, wait_until
from tests.app.test_ui_views import utterance


@pytest.fixture
def desks(qapp, home: Path) -> Iterator[list[Desk]]:  # type: ignore[no-untyped-def]
    opened: list[Desk] = []
    yield opened
    for desk in opened:
        desk.close()
        desk.window.hide()
        if desk.welcome is not None:
            desk.welcome.hide()
    sys.excepthook = sys.__excepthook__


def test_the_window_opens_where_and_as_large_as_it_was(qapp, desks: list[Desk]) -> None:  # type: ignore[no-untyped-def]
    SettingsStore().update(first_start_done=True, sounds=False, warm_microphone=False, show_indicator=False)
    first = Desk(qapp)
    desks.append(first)
    assert wait_until(first.window.isVisible, 5)
    first.window.setGeometry(QRect(120, 90, 900, 640))
    wait_until(lambda: False, 0.3)
    where = first.window.geometry()
    first.window.remember()
    first.close()
    first.window.hide()
    second = Desk(qapp)
    desks.append(second)
    assert wait_until(second.window.isVisible, 5)
    assert second.window.geometry().size() == where.size()
    assert (second.window.geometry().topLeft() - where.topLeft()).manhattanLength() < 60  # the frame counts for some


@pytest.mark.parametrize("rect", [QRect(5000, 4000, 900, 640), QRect(-3000, -900, 700, 500), QRect(10, 10, 4000, 3000)])
def test_a_window_from_a_screen_that_is_gone_is_wholly_on_this_one(qapp, qtbot, rect: QRect) -> None:  # type: ignore[no-untyped-def]
    old, new = QWidget(), QWidget()
    qtbot.addWidget(old)
    qtbot.addWidget(new)
    old.setGeometry(rect)
    place.restore(new, place.kept(old))
    assert QGuiApplication.primaryScreen().availableGeometry().contains(new.geometry())


@pytest.mark.parametrize("size", [(980, 4000), (4000, 780), (4000, 4000)])
def test_a_window_larger_than_a_small_screen_opens_with_its_buttons_and_its_title_bar_on_it(
    qapp, qtbot, size: tuple[int, int]
) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(*size)
    place.fit(window)
    area = QGuiApplication.primaryScreen().availableGeometry()
    assert window.width() <= area.width() and window.height() < area.height()


@pytest.mark.parametrize("text", ["", "???", "AAAA", "nicht ascii: ü"])
def test_a_damaged_place_is_not_followed(qapp, qtbot, text: str) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(500, 400)
    place.restore(window, text)
    assert (window.width(), window.height()) == (500, 400)


def test_a_fresh_start_without_a_model_asks_for_one_and_complains_about_nothing(
    qapp, desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("IDIOLECT_MODELS", str(tmp_path / "models"))
    SettingsStore().update(sounds=False)
    desk = Desk(qapp)
    desks.append(desk)
    assert wait_until(lambda: desk.core.engine.state == "failed", 30)  # there is no model
    first = desk.welcome
    assert first is not None
    for step in (0, 2):
        first.show_step(step)
        wait_until(lambda: False, 0.2)
        assert "model" not in first.messages.text.text() or not first.messages.isVisible()
    assert first.models.get.isVisible() and first.models.get.isEnabled()
    first.show_step(3)
    assert first.talk.height() >= 88
    assert "go back one step" in first.messages.text.text()
    assert not desk.window.messages.text.text().startswith("The model")
    assert not desk.indicator.isVisible()  # it would say that something is wrong
    desk.core.store.update(first_start_done=True)
    first.hide()
    assert wait_until(desk.indicator.isVisible, 5)


def test_the_indicator_is_out_of_the_way_where_the_window_says_the_same(
    qapp, desks: list[Desk], display: str, field: Field
) -> None:  # type: ignore[no-untyped-def]
    SettingsStore().update(first_start_done=True, sounds=False, warm_microphone=False)
    desk = Desk(qapp)
    desks.append(desk)
    assert wait_until(lambda: desk.window.isActiveWindow() and not desk.indicator.isVisible(), 10)
    assert wait_until(lambda: field.focus() or desk.indicator.isVisible(), 10)  # type: ignore[func-returns-value]
    where = desk.indicator.pos()
    desk.window.bring_up()
    assert wait_until(lambda: desk.window.isActiveWindow() and not desk.indicator.isVisible(), 10)
    desk.window.open("history")
    assert not desk.indicator.isVisible()  # at rest it has nothing to tell
    desk.core.dictation._delivery.deliver(utterance(), False, None)
    assert wait_until(desk.indicator.isVisible, 5)  # "Your text waits", which no other view says
    assert desk.indicator.pos() == where


def test_another_program_in_front_is_noticed_before_qt_does(qapp, qtbot, display: str, field: Field) -> None:  # type: ignore[no-untyped-def]
    window, inserter = QWidget(), Inserter()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    assert wait_until(lambda: window.isActiveWindow() and place.in_front(window, inserter.active_window()))
    field.focus()
    assert window.isActiveWindow(), "Qt has not heard of it"
    assert not place.in_front(window, inserter.active_window())
    inserter.close()
