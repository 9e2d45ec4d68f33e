"""What waits until the person sees to it: texts that had nowhere to go, and messages."""

from __future__ import annotations

from dataclasses import replace

from app.core import Core
from app.dictation import WAITS
from app.ui.indicator import Indicator
from app.ui.window import MainWindow
from tests.app.conftest import Field, wait_until
from tests.app.test_ui_views import utterance
from tests.app.test_ui_work import history, press


def test_held_text_waits_and_is_kept_in_the_editor(window: MainWindow) -> None:
    card = window.dictate.held
    card.offer(utterance(), "You went to another window.")
    assert card.isVisible()
    press(card, "Keep it in this window")
    assert not card.isVisible()
    assert window.dictate.editor.toPlainText() == utterance().text


def test_two_texts_wait_one_behind_the_other_and_undo_means_the_one_that_was_kept_here(
    core: Core, window: MainWindow, field: Field
) -> None:
    core.store.update(sounds=False)
    delivery, card, sign = core.dictation._delivery, window.dictate.held, Indicator()
    core.dictation.state_changed.connect(sign.set_state)
    inserted: list[object] = []
    core.dictation.inserted.connect(lambda *what: inserted.append(what))
    delivery.deliver(replace(utterance(), id="u0", text="In the other program."), *delivery.target())
    assert wait_until(lambda: field.text == "In the other program." and bool(inserted), 10)
    assert core.dictation.state == "idle"
    history(window)
    for number in (1, 2):
        delivery.deliver(replace(utterance(), id=f"u{number}", text=f"Text {number}."), False, None)
    assert card.waiting == ["u1", "u2"]
    assert core.dictation.state == "problem" and core.dictation.detail == WAITS
    assert sign.accessibleName() == "Idiolect: Your text waits"
    window.bring_up()
    assert window.stack.currentWidget() is window.dictate and card.isVisible()
    assert card._text.text() == "“Text 1.”" and card._more.text() == "Waiting behind it: 1"
    press(card, "Keep it in this window")
    assert window.dictate.editor.toPlainText() == "Text 1."
    assert card.isVisible() and card._text.text() == "“Text 2.”"
    core.dictation.undo()
    assert window.dictate.editor.toPlainText() == ""
    assert not wait_until(lambda: field.text != "In the other program.", 0.5)
    press(card, "Not needed")
    assert not card.isVisible() and core.dictation.state == "idle"


def test_a_waiting_text_is_written_by_the_key_wherever_and_whenever_the_person_gets_there(
    core: Core, window: MainWindow, field: Field
) -> None:
    core.dictation._delivery.deliver(utterance(), False, None)
    card = window.dictate.held
    card.set_key("F9")
    press(card, "Insert with F9")
    assert card.isVisible() and "press F9" in card._why.text()
    assert not wait_until(lambda: bool(field.text), 0.5), "no clock writes it"
    field.focus()
    core.dictation.press()
    core.dictation.release()
    assert wait_until(lambda: field.text == utterance().text, 10)
    assert core.dictation.state == "idle" and not card.isVisible(), "that press began no dictation"


def test_a_waiting_text_is_heard_and_outlives_a_change_of_language(core: Core, window: MainWindow, microphone) -> None:  # type: ignore[no-untyped-def]
    played: list[bool] = []
    core.sounds.finished.connect(lambda: played.append(True))
    core.dictation._delivery.deliver(utterance(), False, None)
    assert wait_until(lambda: bool(played), 10)
    other = MainWindow(core)
    other.dictate.adopt(window.dictate)
    assert other.dictate.held.waiting == ["u1"]
    other.deleteLater()


def test_a_message_waits_behind_the_next_one_and_only_its_own_end_takes_it_away(core: Core, window: MainWindow) -> None:
    bar = window.messages
    core.message.emit("The settings file was damaged.")
    core.message.emit("The history file was damaged.")
    assert bar.text.text() == "The history file was damaged." and bar.more.text() == "Others: 1"
    core.capture.problem.emit("gone", "The microphone x was taken away.")  # the controller tells it too
    assert bar.text.text() == "The microphone x was taken away." and bar.more.text() == "Others: 2"
    core.capture.recovered.emit()
    assert bar.text.text() == "The history file was damaged." and bar.isVisible()
    core.capture.recovered.emit()
    window.dictate.copy_all()
    assert bar.text.text() == "The text is on the clipboard."
    window.dictate.read_aloud()  # the answer to one act gives way to that to the next
    assert "nothing to read" in bar.text.text() and bar.more.text() == "Others: 2"
    for left in ("The history file was damaged.", "The settings file was damaged."):
        press(bar, "Close")
        assert bar.isVisible() and bar.text.text() == left
    press(bar, "Close")
    assert not bar.isVisible()
