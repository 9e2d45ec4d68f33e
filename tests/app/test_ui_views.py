"""Every view, walked widget by widget: names, roles, descriptions, targets, keyboard, no clipping at 200 %."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from app.core import Core
from app.dictation import Utterance
from app.ui import theme
from app.ui.first_start import FirstStart
from app.ui.indicator import Indicator
from app.ui.talk_button import TalkButton
from app.ui.window import MainWindow
from engine.transcript import Adaptation, Alternative, Segment, Transcript, Word
from tests.app.conftest import wait_until

VIEWS = ("dictate", "history", "learn", "demo", "reading", "people", "models", "settings", "doctor")
CONTROLS = (QAbstractButton, QLineEdit, QTextEdit, QComboBox, QAbstractSlider, QAbstractItemView, QProgressBar)


@pytest.fixture(scope="module")
def core(qapp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDIOLECT_HOME", str(tmp_path_factory.mktemp("home")))
        core = Core()
        yield core
        core.close()


@pytest.fixture(scope="module")
def only_window(core: Core, qapp) -> Iterator[MainWindow]:  # type: ignore[no-untyped-def]
    theme.apply(qapp, "light")
    window = MainWindow(core)
    window.show()
    yield window
    window.hide()
    window.deleteLater()


@pytest.fixture(scope="module", params=[100, 200])
def percent(request: pytest.FixtureRequest, qapp) -> Iterator[int]:  # type: ignore[no-untyped-def]
    """The text size. All tests of one size run together: restyling every view takes a while."""
    theme.apply(qapp, "light", request.param)
    yield request.param
    theme.apply(qapp, "light", 100)


@pytest.fixture
def window(only_window: MainWindow, qtbot) -> Iterator[MainWindow]:  # type: ignore[no-untyped-def]
    """The same window for all tests, at its first size, with an empty editor."""
    only_window.resize(1180, 820)
    only_window.dictate.editor.clear()
    only_window.dictate.panel.hide()
    only_window.activateWindow()
    qtbot.waitUntil(only_window.isActiveWindow, timeout=5000)
    yield only_window
    only_window.messages.hide()
    only_window.dictate.held.hide()


def utterance() -> Utterance:
    from datetime import UTC, datetime

    text = "My sister is bringing soup for lunch on Thursday."
    words = tuple(Word(w, 0.3 * i, 0.3 * i + 0.2, 0.3 if w == "soup" else 0.9) for i, w in enumerate(text.split()))
    adaptation = Adaptation(0.5, "The voice lies outside the voices of the training.", layers=(0.02, 0.03))
    segment = Segment(0, 3, text, -0.3, 0, 1, adaptation, words, (Alternative(text.replace("soup", "soap"), -0.6),), "")
    transcript = Transcript((segment,), 3.0, "en", "base", "cpu int8")
    return Utterance("u1", text, text, transcript, None, 3.0, datetime.now(UTC), destination="editor")


def fill(window: MainWindow, name: str) -> QWidget:
    """Open a view and show all it can show."""
    view = window.open(name)
    if name == "dictate":
        window.dictate.write(utterance())
        window.dictate.held.offer(utterance(), "You went to another window.")
        window.dictate.show_readings()
        window.messages.tell("A message.")
    if name == "demo":
        from app.comparison import Compared

        transcript = utterance().transcript
        assert transcript is not None
        view.show_result(Compared(Path("a.wav"), "My sister is bringing soap.", 1.0, transcript))  # type: ignore[attr-defined]
    if name == "history":
        from app.utterance import entry

        window.core.history.add(entry(utterance(), window.core.store.current.profile, None))
        view.refresh()  # type: ignore[attr-defined]
        view.list.setCurrentIndex(view.model.index(0))  # type: ignore[attr-defined]
        view.detail.show_readings()  # type: ignore[attr-defined]
    if name == "doctor":
        from engine.doctor import Check

        view.card.show()  # type: ignore[attr-defined]
        view._show([Check("Microphone", "fail", "none was found", "Connect one."), Check("Memory", "ok", "8 GB")])  # type: ignore[attr-defined]
    QApplication.processEvents()
    return view


def shown(root: QWidget) -> list[QWidget]:
    return [widget for widget in (root, *root.findChildren(QWidget)) if widget.isVisible() and own(widget)]


def own(widget: QWidget) -> bool:
    """Not a part of one of Qt's own composite widgets."""
    name = widget.objectName()
    return not name.startswith("qt_") and not isinstance(widget, QScrollBar)


@pytest.mark.parametrize("name", VIEWS)
def test_everything_has_a_name_a_role_and_a_description(window: MainWindow, name: str) -> None:
    fill(window, name)
    for widget in shown(window):
        spoken = QAccessible.queryAccessibleInterface(widget)
        assert spoken is not None, widget
        role = spoken.role()
        assert role not in (QAccessible.Role.NoRole,), widget
        if isinstance(widget, CONTROLS) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            label = spoken.text(QAccessible.Text.Name)
            description = spoken.text(QAccessible.Text.Description)
            assert label.strip(), f"no name: {widget} in {name}"
            assert description.strip(), f"no description: {label!r} {widget} in {name}"
            assert role not in (QAccessible.Role.Client, QAccessible.Role.Pane), f"{label!r} has no role of its own"
        if isinstance(widget, QLabel) and not widget.pixmap().isNull() and widget.width() > 60:
            assert spoken.text(QAccessible.Text.Description), widget  # a picture that says something


@pytest.mark.parametrize("name", VIEWS)
def test_targets_are_44_pixels_and_nothing_is_clipped(window: MainWindow, percent: int, name: str) -> None:
    view = fill(window, name)
    for _ in range(3):
        QApplication.processEvents()
    for widget in shown(window):
        if isinstance(widget, (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider)):
            text = widget.accessibleName()
            assert widget.height() >= theme.TARGET, f"{text!r} is {widget.height()} px high"
            assert widget.width() >= theme.TARGET, f"{text!r} is {widget.width()} px wide"
        if isinstance(widget, QAbstractButton):
            wraps = widget.hasHeightForWidth() and widget.height() >= widget.heightForWidth(widget.width())
            assert wraps or widget.width() >= widget.sizeHint().width() - 1, f"{widget.text()!r} is cut in {name}"
            assert widget.height() >= widget.sizeHint().height() - 1, f"{widget.text()!r} is cut in {name}"
        if isinstance(widget, QLabel) and widget.text():
            needed = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            assert widget.height() >= needed - 1, f"{widget.text()!r} is cut in {name}"
            longest = max(widget.fontMetrics().horizontalAdvance(word) for word in widget.text().split() or [""])
            assert widget.width() >= min(longest, 1000) or "<" in widget.text(), f"{widget.text()!r} is cut in {name}"
    for area in [view, *view.findChildren(QScrollArea)]:
        if isinstance(area, QScrollArea) and area.isVisible():
            assert area.horizontalScrollBar().maximum() == 0, f"{name} must be scrolled sideways"


@pytest.mark.parametrize("name", VIEWS)
def test_every_control_is_reached_with_tab(window: MainWindow, name: str) -> None:
    view = fill(window, name)
    wanted = {
        widget
        for widget in shown(window)
        if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    }
    exclusive = {button for button in wanted if isinstance(button, QAbstractButton) and grouped(button)}
    reached: set[QWidget] = set()
    for _ in range(len(wanted) + 10):
        focus = QApplication.focusWidget()
        assert focus is not None, f"the focus was lost in {name} after {len(reached)}"
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    missed = {widget for widget in wanted - exclusive - reached if own(widget)}
    assert not missed, [(widget, widget.accessibleName()) for widget in missed]
    assert view.isVisible()


@pytest.mark.parametrize("name", VIEWS)
def test_whatever_has_the_focus_shows_it(window: MainWindow, name: str) -> None:
    fill(window, name)
    for widget in shown(window):
        if not (widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None):
            continue
        if not own(widget) or (isinstance(widget, QAbstractItemView) and widget.model().rowCount() == 0):
            continue
        other = window._buttons["history" if widget is not window._buttons["history"] else "learn"]
        other.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if isinstance(widget, QTextEdit):
            widget.setCursorWidth(0)  # a blinking line in a large field is no sign of the focus
        plain, size = widget.grab().toImage(), widget.size()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert widget.hasFocus(), (widget, widget.accessibleName())
        ringed = widget.grab().toImage()
        assert widget.size() == size, f"{widget.accessibleName()!r} in {name} changes its size with the focus"
        changed = sum(
            plain.pixel(x, y) != ringed.pixel(x, y) for x in range(plain.width()) for y in range(plain.height())
        )
        outline = 2 * (widget.width() + widget.height())  # a line of 1 px around it; WCAG 2.4.13 asks for two
        assert changed >= outline, f"{widget.accessibleName()!r} {widget} in {name}: {changed} of {outline} pixels"
        if isinstance(widget, QTextEdit):
            widget.setCursorWidth(1)


def grouped(button: QAbstractButton) -> bool:
    """Arrow keys, not Tab, move inside a group of exclusive buttons."""
    return button.group() is not None and button.group().exclusive()


def test_the_views_open_with_alt_and_a_number(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    assert window.stack.currentWidget() is window._views["settings"]


def test_the_first_start_has_names_and_fits_at_200_percent(core: Core, qapp, qtbot) -> None:  # type: ignore[no-untyped-def]
    theme.apply(qapp, "high-contrast", 200)
    first = FirstStart(core)
    qtbot.addWidget(first)
    first.show()
    for step in range(first.stack.count()):
        first.show_step(step)
        QApplication.processEvents()
        for widget in shown(first):
            if isinstance(widget, CONTROLS):
                assert widget.accessibleName(), widget
                assert widget.accessibleDescription(), widget.accessibleName()
            if isinstance(widget, QAbstractButton):
                assert widget.width() >= widget.sizeHint().width() - 1, widget.text()
                assert widget.height() >= theme.TARGET, widget.text()
        page = first.stack.currentWidget()
        assert isinstance(page, QScrollArea)
        assert page.horizontalScrollBar().maximum() == 0, step
    theme.apply(qapp, "light")


def test_the_indicator_takes_no_focus_and_says_its_state(display: str, qtbot) -> None:  # type: ignore[no-untyped-def]
    box = QLineEdit()
    qtbot.addWidget(box)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow, timeout=3000)
    box.setFocus()
    sign = Indicator()
    qtbot.addWidget(sign)
    sign.show()
    sign.place()
    clicks: list[bool] = []
    sign.clicked.connect(lambda: clicks.append(True))
    for state in ("listening", "thinking", "problem", "idle"):
        sign.set_state(state, "")
        assert sign.accessibleName().split(": ")[1]
    QTest.mouseClick(sign, Qt.MouseButton.LeftButton)
    QTest.qWait(200)
    assert clicks == [True]
    assert box.hasFocus()
    assert box.isActiveWindow()


def test_the_indicator_comes_back_from_a_screen_that_is_gone_and_stays_where_it_was_dragged(
    display: str, qtbot
) -> None:  # type: ignore[no-untyped-def]
    sign = Indicator()
    qtbot.addWidget(sign)
    for at, kept in ((QPoint(9000, 40), False), (QPoint(30, 40), True)):
        sign.move(at)
        sign.show()
        QTest.qWait(50)
        assert QGuiApplication.primaryScreen().availableGeometry().contains(sign.geometry())
        assert (sign.pos() == at) == kept
        sign.hide()


def test_while_listening_goes_on_only_what_is_not_yet_written_is_shown_as_heard_so_far(
    core: Core, window: MainWindow
) -> None:
    bar, written = window.dictate.bar, utterance()
    bar.set_state("listening")
    core.dictation.partial.emit(written.id, "I had noticed")
    assert bar.partial.text() == "I had noticed"
    core.dictation.finished.emit(written)
    assert not bar.partial.text() and bar.partial.isHidden()
    core.dictation.partial.emit("the next", "that I")
    core.dictation.finished.emit(written)
    assert bar.partial.text() == "that I" and not bar.partial.isHidden()


def test_the_indicator_stays_where_it_is_and_the_big_button_keeps_its_size(display: str, qtbot) -> None:  # type: ignore[no-untyped-def]
    sign, talk = Indicator(), TalkButton()
    qtbot.addWidget(sign)
    qtbot.addWidget(talk)
    sign.show()
    sign.place()
    where, sizes = sign.pos(), set()
    for state in ("preparing", "listening", "thinking", "problem", "idle") * 5:
        sign.set_state(state, "")
        talk.set_state(state)
        sizes.add(talk.sizeHint().toTuple())
    assert sign.pos() == where
    assert len(sizes) == 1


def test_other_readings_are_chosen_by_their_number(window: MainWindow) -> None:
    window.dictate.write(utterance())
    window.dictate.show_readings()
    QTest.keyClick(window.dictate.panel._list, Qt.Key.Key_1)
    assert window.dictate.editor.toPlainText() == "My sister is bringing soap for lunch on Thursday."
    assert not window.dictate.panel.isVisible()


def test_escape_closes_the_readings_and_changes_nothing(window: MainWindow) -> None:
    window.dictate.write(utterance())
    before = window.dictate.editor.toPlainText()
    window.dictate.show_readings()
    QTest.keyClick(window.dictate.panel._list, Qt.Key.Key_Escape)
    assert window.dictate.editor.toPlainText() == before
    assert not window.dictate.panel.isVisible()


def test_settings_follow_each_other_live(window: MainWindow, core: Core) -> None:
    view = window.open("settings")
    strength = next(w for w in view.findChildren(QAbstractSlider) if w.accessibleName() == "Personalization")
    strength.setValue(10)
    assert core.store.current.strength == pytest.approx(0.5)
    core.store.update(strength=0.25)
    assert strength.value() == 5


def test_the_wheel_scrolls_the_page_and_changes_nothing(window: MainWindow, core: Core) -> None:
    view = window.open("settings")
    QApplication.processEvents()
    before = core.store.current
    for widget in [*view.findChildren(QAbstractSlider), *view.findChildren(QComboBox)]:
        if not widget.isVisible() or isinstance(widget, QScrollBar):
            continue
        centre = QPointF(widget.rect().center())
        for step in (-120, 120, 120):
            wheel = QWheelEvent(
                centre,
                widget.mapToGlobal(centre),
                QPoint(0, 0),
                QPoint(0, step),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(widget, wheel)
    assert core.store.current == before


def test_a_row_of_a_list_is_as_high_as_a_button(window: MainWindow) -> None:
    view = window.open("settings")
    box = next(box for box in view.findChildren(QComboBox) if box.count() > 3)
    box.showPopup()
    assert wait_until(box.view().isVisible, 5)
    rows = [box.view().sizeHintForRow(row) for row in range(box.count())]
    box.hidePopup()
    assert min(rows) >= theme.TARGET, rows


def test_the_undo_key_is_another_key_or_none(window: MainWindow, core: Core) -> None:
    core.store.update(key="F8")  # it wins
    assert core.undo_key.status.message == "No key is set."
    core.store.update(key="F9")
    assert wait_until(lambda: core.undo_key.status.works, 5), core.undo_key.status
    core.store.update(key="F8", undo_key="F9")
    assert wait_until(lambda: core.undo_key.status.works and core.hotkey.status.works, 5), core.undo_key.status
    view = window.open("settings")
    without = next(w for w in view.findChildren(QAbstractButton) if w.accessibleName() == "Without this key")
    QTest.mouseClick(without, Qt.MouseButton.LeftButton)
    assert core.store.current.undo_key == ""
    assert not core.undo_key.status.works
    core.store.update(key="F9", undo_key="F8")


def test_damaged_settings_reach_the_person(home: Path, qapp, qtbot) -> None:  # type: ignore[no-untyped-def]
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text("{ not json")
    core = Core()
    window = MainWindow(core)
    qtbot.addWidget(window)
    window.show()
    assert window.messages.isVisible()
    assert "settings" in window.messages.text.text()
    core.close()


def test_damaged_settings_and_a_damaged_history_both_reach_the_person(home: Path, qapp, qtbot) -> None:  # type: ignore[no-untyped-def]
    for name in ("config/settings.json", "data/history.sqlite"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("{ not what it was " * 100)
    core = Core()
    window = MainWindow(core)
    qtbot.addWidget(window)
    window.show()
    told = set()
    while window.messages.isVisible():
        told.add(window.messages.text.text().split(" file")[0])
        window.messages.put_away()
    assert told == {"The settings", "The history"}
    core.close()
