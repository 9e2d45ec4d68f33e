"""At 200 % nothing is cut or out of sight, also where the size was changed a moment ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QStyle, QStyleOptionViewItem, QWidget

from app.core import Core
from app.history import Entry
from app.ui import theme
from app.ui.editor import Editor
from app.ui.first_start import FirstStart
from app.ui.history_view import HistoryView
from app.ui.parts import Page
from app.ui.window import MainWindow
from tests.app.conftest import wait_until
from tests.app.test_ui_views import utterance
from tests.app.test_ui_work import press

TROUBLE = "No microphone was found: connect one, and dictation goes on by itself."


@pytest.fixture
def large(qapp) -> Iterator[None]:  # type: ignore[no-untyped-def]
    theme.apply(qapp, "light", 200)
    yield
    theme.apply(qapp, "light", 100)


def in_sight(widget: QWidget) -> bool:
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def test_text_made_larger_in_another_view_is_not_cut_in_this_one(qapp, core: Core, window: MainWindow) -> None:  # type: ignore[no-untyped-def]
    window.resize(1240, 860)
    core.dictation._trouble["microphone"] = TROUBLE
    core.dictation._show()
    window.messages.tell(TROUBLE, True)
    window.dictate.write(utterance())
    window.dictate._say_about("Personalized fully: this voice is like those it has learned from.")
    try:
        for percent in (200, 100, 200):
            window.open("settings")
            theme.apply(qapp, "light", percent)
            window.open("dictate")
            wait_until(lambda: False, 0.3)
            for label in window.dictate.findChildren(QLabel):
                if label.isVisible() and label.wordWrap():
                    assert label.height() >= label.heightForWidth(label.width()) - 1, (percent, label.text())
            assert window.dictate.editor.geometry().bottom() < window.dictate.words_button.geometry().top()
    finally:
        theme.apply(qapp, "light", 100)


def test_the_first_start_shows_its_focus_and_the_big_button_on_a_small_screen(core: Core, large: None, qtbot) -> None:  # type: ignore[no-untyped-def]
    first = FirstStart(core)
    qtbot.addWidget(first)
    first.resize(980, 560)
    first.show()
    first.activateWindow()
    assert wait_until(first.isActiveWindow, 10)
    colours = first.stack.currentWidget().findChildren(QComboBox)[-1]
    colours.setFocus()
    theme.current().changed.emit()  # as where the text size is chosen with it
    assert wait_until(lambda: in_sight(colours), 5)
    first.show_step(3)
    assert wait_until(lambda: in_sight(first.talk) and first.talk.hasFocus(), 5)


def test_cancel_and_take_it_back_have_the_width_of_their_words(core: Core, large: None, window: MainWindow) -> None:
    bar = window.dictate.bar
    for width in (1024, 1600, 1024):
        window.resize(width, 576)
        for identity in ("", "u1"):
            bar._offer(identity)
            wait_until(lambda: False, 0.2)
            assert bar.cancel.width() >= bar.cancel.sizeHint().width() - 2, (width, bar.cancel.text())


def test_a_question_and_what_a_key_opens_are_brought_into_sight(core: Core, large: None, window: MainWindow) -> None:
    window.activateWindow()
    assert wait_until(window.isActiveWindow, 10)
    core.store.profiles.create("Ann")
    window.resize(1000, 700)
    view = window.open("people")
    assert isinstance(view, Page)
    wait_until(lambda: False, 0.2)
    press(view, "Delete")
    wait_until(lambda: False, 0.2)
    assert in_sight(view.confirm.no) and in_sight(view.confirm.yes)  # type: ignore[attr-defined]
    window.open("dictate")
    window.dictate.write(utterance())
    wait_until(lambda: False, 0.2)
    QTest.keyClick(window.dictate.editor, Qt.Key.Key_F2)
    wait_until(lambda: False, 0.2)
    first = window.dictate.panel._list
    assert in_sight(first.viewport()) or first.viewport().visibleRegion().boundingRect().height() >= theme.TARGET
    window.dictate._close_panel()
    core.dictation._delivery._hold(utterance(), "Another window came to the front while you spoke.")
    wait_until(lambda: False, 0.2)
    assert in_sight(window.dictate.held.with_key) or in_sight(window.dictate.held.here)


def test_a_row_of_the_history_shows_all_of_its_text_chosen_or_not(core: Core, large: None, window: MainWindow) -> None:
    text = " ".join(3 * ["We drove to the coast on Sunday and walked along the cliffs until it rained a little on us"])
    words = text.split()
    for count in range(1, len(words)):
        moment = datetime.now(UTC) - timedelta(minutes=count)
        core.history.add(Entry(str(count), moment, "me", " ".join(words[:count]), seconds=3.0))
    view = window.open("history")
    assert isinstance(view, HistoryView)
    wait_until(lambda: False, 0.4)
    for number in range(view.model.rowCount()):
        index = view.model.index(number)
        option = QStyleOptionViewItem()
        view.list.initViewItemOption(option)
        view.list.itemDelegate().initStyleOption(option, index)
        option.rect = QRect(view.list.visualRect(index))
        option.state |= QStyle.StateFlag.State_Selected
        room = view.list.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view.list)
        flags = Qt.TextFlag.TextWordWrap
        margin = view.list.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        needed = option.fontMetrics.boundingRect(QRect(0, 0, room.width() - 2 * margin, 9999), flags, index.data())
        assert needed.height() <= room.height(), (number, index.data())


def test_the_hint_of_an_empty_editor_is_shown_whole(qapp, large: None, qtbot) -> None:  # type: ignore[no-untyped-def]
    editor = Editor()
    qtbot.addWidget(editor)
    editor.resize(700, 260)
    editor.show()
    wait_until(lambda: False, 0.2)
    line = editor.fontMetrics().lineSpacing()

    def drawn(below: int) -> bool:
        picture = editor.viewport().grab(QRect(20, below, 600, line)).toImage()
        colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        return len(colours) > 4

    assert drawn(round(1.2 * line)) and drawn(round(2.2 * line))
    editor.setPlainText("a")
    wait_until(lambda: False, 0.1)
    assert not drawn(round(2.2 * line))
