"""What people do with what was written: history, people, words to keep, reading aloud, the tray."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.core import Core
from app.history import Entry
from app.ui import speech
from app.ui.history_view import HistoryView
from app.ui.level_meter import LevelMeter
from app.ui.profiles import ProfilesView
from app.ui.setting_fields import KeyField
from app.ui.talk_button import TalkButton
from app.ui.tray import Tray
from app.ui.window import MainWindow
from engine.audio import write_wav
from engine.paths import data_dir
from engine.transcriber import SECOND_KEPT
from engine.transcript import Adaptation, Alternative, Segment, Transcript
from tests.app.conftest import wait_until
from tests.app.test_ui_views import utterance
from tests.speech import say


def remember(
    core: Core, identity: str, text: str, minutes: int = 0, audio: Path | None = None, profile: str = "me"
) -> None:
    when = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    core.history.add(
        Entry(
            id=identity, created=when, profile=profile, text=text, heard=text, unadapted=None, seconds=3.0, audio=audio,
            model="base", language="en", strength=1.0, state="done", words=(), alternatives=(), corrected=False,
        )
    )  # fmt: skip


def press(root: object, words: str) -> None:
    button = next(b for b in root.findChildren(QPushButton) if b.text() == words and b.isVisible())  # type: ignore[attr-defined]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def history(window: MainWindow) -> HistoryView:
    view = window.open("history")
    assert isinstance(view, HistoryView)
    return view


def test_the_history_is_searched_while_typing(core: Core, window: MainWindow) -> None:
    remember(core, "a", "Please call my sister.")
    remember(core, "b", "The train leaves at nine.", 1)
    view = history(window)
    assert view.model.rowCount() == 2
    QTest.keyClicks(view.query, "train")
    assert wait_until(lambda: view.model.rowCount() == 1, 3)
    assert "train" in str(view.model.data(view.model.index(0)))


def test_a_long_history_comes_in_pages(core: Core, window: MainWindow) -> None:
    for number in range(230):
        remember(core, f"e{number}", f"Sentence number {number}.", number)
    view = history(window)
    assert view.model.rowCount() == 200
    view.model.fetchMore(view.model.index(-1))
    assert view.model.rowCount() == 230


def test_an_entry_is_deleted_for_good_only_after_a_question(core: Core, window: MainWindow, tmp_path: Path) -> None:
    audio = tmp_path / "a.wav"
    write_wav(audio, say("Hello."))
    remember(core, "a", "Hello.", audio=audio)
    view = history(window)
    view.list.setCurrentIndex(view.model.index(0))
    press(view, "Delete")
    assert window.focusWidget() is view.confirm.no
    QTest.keyClick(view.confirm.no, Qt.Key.Key_Escape)
    assert core.history.get("a") is not None
    press(view, "Delete")
    press(view.confirm, "Delete")
    assert core.history.get("a") is None
    assert not view.detail.isVisible()


def test_the_history_is_exported_in_each_format(core: Core, window: MainWindow, tmp_path: Path) -> None:
    remember(core, "a", "Grüße aus Köln.")
    remember(core, "b", "Somebody else's words.", profile="ann")
    view = history(window)
    assert view.count.text() == "1 shown of 1"
    for kind in ("txt", "json", "csv"):
        view.export(tmp_path / f"h.{kind}")
        text = (tmp_path / f"h.{kind}").read_text("utf-8")
        assert "Grüße aus Köln." in text and "Somebody" not in text
    assert json.loads((tmp_path / "h.json").read_text("utf-8"))
    view.export(tmp_path / "missing" / "h.txt")
    assert window.messages.isVisible()
    view.query.setText("Hamburg")  # "everything" is not what is searched for
    view.export(tmp_path / "all.txt")
    assert "Grüße aus Köln." in (tmp_path / "all.txt").read_text("utf-8")


def test_a_correction_in_the_history_is_kept_and_its_new_word_learnt(core: Core, window: MainWindow) -> None:
    remember(core, "a", "Please call Eva in the morning.")
    view = history(window)
    view.list.setCurrentIndex(view.model.index(0))
    view.detail.text.setPlainText("Please call Aoife in the morning.")
    press(view, "Keep my correction")
    entry = core.history.get("a")
    assert entry is not None
    assert entry.text == "Please call Aoife in the morning."
    assert "Aoife" in core.corrections.vocabulary()


def test_a_correction_that_is_not_kept_yet_outlives_what_is_dictated_meanwhile(core: Core, window: MainWindow) -> None:
    remember(core, "a", "Please call Eva.")
    view = history(window)
    view.list.setCurrentIndex(view.model.index(0))
    view.detail.text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(view.detail.text, " Today.")
    remember(core, "b", "The train leaves at nine.", 1)
    assert wait_until(lambda: view.model.rowCount() == 2, 3)
    assert view.detail.text.toPlainText() == "Please call Eva. Today."
    assert view.detail.text.textCursor().atEnd()
    press(view, "Keep my correction")
    assert core.history.get("a").text == "Please call Eva. Today."  # type: ignore[union-attr]
    core.history.set_text("a", "Please call Eva tomorrow.")  # corrected elsewhere, and nothing is typed here any more
    assert wait_until(lambda: view.detail.text.toPlainText() == "Please call Eva tomorrow.", 3)
    view.list.setCurrentIndex(view.model.index(0))
    assert view.detail.text.toPlainText() == "The train leaves at nine."


def test_people_are_added_opened_renamed_and_deleted(core: Core, window: MainWindow) -> None:
    view = window.open("people")
    assert isinstance(view, ProfilesView)
    QTest.keyClicks(view.name, "Ann")
    QTest.keyClick(view.name, Qt.Key.Key_Return)
    assert [person.name for person in core.store.profiles.all()].count("Ann") == 1
    row = next(i for i in range(view.list.count()) if view.list.item(i).text() == "Ann")
    view.list.setCurrentRow(row)
    press(view, "Open")
    assert "Ann" in window._person.text()
    core.store.update(strength=0.4)
    me = next(i for i in range(view.list.count()) if "Ann" not in view.list.item(i).text())
    view.list.setCurrentRow(me)
    press(view, "Open")
    assert core.store.current.strength == 1.0  # it was Ann's
    view.list.setCurrentRow(next(i for i in range(view.list.count()) if view.list.item(i).text() == "Ann"))
    press(view, "Delete")
    press(view.confirm, "Delete")
    assert "Ann" not in [person.name for person in core.store.profiles.all()]


def test_a_deleted_person_leaves_nothing_behind_even_while_the_app_is_theirs(
    core: Core, window: MainWindow, tmp_path: Path
) -> None:
    ann = core.store.profiles.create("Ann").id
    for identity, profile in (("a", ann), ("b", "me")):
        audio = core.history.audio_path(identity)
        audio.parent.mkdir(parents=True, exist_ok=True)
        write_wav(audio, say("Hello."))
        remember(core, identity, "Hello.", audio=audio, profile=profile)
    core.store.open_profile(ann)
    view = window.open("people")
    assert isinstance(view, ProfilesView)
    view.list.setCurrentRow(next(i for i in range(view.list.count()) if view.list.item(i).text().startswith("Ann")))
    press(view, "Delete")
    press(view.confirm, "Delete")
    assert core.store.current.profile == "me"
    assert core.history.get("a") is None and not core.history.audio_path("a").exists()
    assert core.history.get("b") is not None and core.history.audio_path("b").exists()
    assert not (data_dir() / "profiles" / ann).exists()
    press(view, "Delete")  # the only one that is left
    press(view.confirm, "Delete")
    assert "only profile" in window.messages.text.text()
    assert core.history.get("b") is not None


def test_what_a_deleted_person_wrote_in_the_editor_is_gone_at_once_and_nobody_with_their_name_finds_it(
    core: Core, window: MainWindow
) -> None:
    me, ann = core.store.current.profile, core.store.profiles.create("Ann").id
    window.dictate.write(replace(utterance(), id="mine", text="What I wrote."))
    core.store.open_profile(ann)
    remember(core, "hers", "My secret is pineapple.", profile=ann)
    window.dictate.write(replace(utterance(), id="hers", text="My secret is pineapple."))
    QTest.keyClicks(window.dictate.editor, " And melon.")
    view = history(window)
    view.list.setCurrentIndex(view.model.index(0))
    assert "pineapple" in view.detail.text.toPlainText()
    window.open("people")
    for _ in range(2):  # a text that was put away and taken out again is not left behind either
        core.store.open_profile(me)
        core.store.open_profile(ann)
    core.delete_person(ann)
    assert core.store.current.profile == me and window.dictate.editor.toPlainText() == "What I wrote."
    assert list(window.dictate._utterances) == ["mine"]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [document.toPlainText() for document in window.findChildren(QTextDocument)]
    assert "What I wrote." in left and not [text for text in left if "pineapple" in text or "melon" in text]
    assert core.store.profiles.create("Ann").id == ann
    core.store.open_profile(ann)
    assert window.dictate.editor.toPlainText() == ""


def test_what_one_person_said_is_neither_shown_to_nor_learnt_for_another(core: Core, window: MainWindow) -> None:
    ann = core.store.profiles.create("Ann").id
    core.store.update(keep_corrections=True)
    remember(core, "a", "My secret is pineapple.")
    view = history(window)
    view.list.setCurrentIndex(view.model.index(0))
    assert view.detail.isVisible()
    window.open("people")
    core.store.open_profile(ann)
    assert history(window).model.rowCount() == 0
    assert not view.detail.isVisible()
    core.corrections.correct("a", "My secret is Zabaglione.")
    assert core.corrections.vocabulary() == () and core.corrections.count() == 0
    entry = core.history.get("a")
    assert entry is not None and "Zabaglione" in entry.text


def test_a_word_is_corrected_by_typing_and_learnt_at_the_next_dictation(core: Core, window: MainWindow) -> None:
    remember(core, "u1", utterance().text)
    window.dictate.write(utterance())
    window.dictate.next_word()
    assert window.dictate.editor.textCursor().selectedText() == "soup"
    QTest.keyClicks(window.dictate.editor, "zabaglione")
    window.dictate._state_changed("listening", "")
    entry = core.history.get("u1")
    assert entry is not None
    assert "zabaglione" in entry.text
    assert "zabaglione" in core.corrections.vocabulary()
    assert "zabaglione" in window.dictate.about.text()


def test_everybody_finds_only_their_own_text_in_the_editor(core: Core, window: MainWindow) -> None:
    me, you = core.store.current.profile, core.store.profiles.create("You").id
    window.dictate.write(utterance())
    marked = len(window.dictate.editor.unsure())
    core.store.open_profile(you)
    assert window.dictate.editor.toPlainText() == "" and window.dictate.editor.corrected() == []
    window.dictate.write(replace(utterance(), id="u2", text="What I wrote."))
    core.store.open_profile(me)
    assert window.dictate.editor.toPlainText() == utterance().text
    assert len(window.dictate.editor.unsure()) == marked
    core.store.open_profile(you)
    assert window.dictate.editor.toPlainText() == "What I wrote."


def test_a_marked_word_that_is_right_loses_its_mark_and_stays(core: Core, window: MainWindow) -> None:
    window.dictate.write(utterance())
    marked = len(window.dictate.editor.unsure())
    window.dictate.next_word()
    assert wait_until(window.isActiveWindow, 10)
    QTest.keyClick(window.dictate.editor, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert len(window.dictate.editor.unsure()) == marked - 1
    assert window.dictate.editor.toPlainText() == utterance().text


def test_what_is_said_again_takes_the_place_of_what_was_wrong(core: Core, window: MainWindow, microphone) -> None:  # type: ignore[no-untyped-def]
    core.store.update(sounds=False, keep_corrections=True)
    view = window.dictate
    view.write(utterance())
    remember(core, "u1", utterance().text)
    view.show_readings()
    press(view.panel, "Say it again")
    anew = core.dictation.start()  # it listens already: this is the utterance
    core.dictation.cancel()
    view.write(replace(utterance(), id="u2", text="Something quite different."))
    assert view.editor.toPlainText() == f"{utterance().text} Something quite different."
    core.dictation.take_back(anew)  # the person meant it after all
    view.write(replace(utterance(), id=anew, text="My brother is bringing cake."))
    assert view.editor.toPlainText() == "My brother is bringing cake. Something quite different."
    remember(core, anew, "My brother is bringing cake.")
    view.editor.setTextCursor(view.editor.document().find("cake"))
    QTest.keyClicks(view.editor, "zabaglione")
    view.learn()  # what is corrected now was said by the new recording
    assert "zabaglione" in core.history.get(anew).text  # type: ignore[union-attr]
    assert core.history.get("u1").text == utterance().text  # type: ignore[union-attr]
    core.dictation.undo()
    assert view.editor.toPlainText().strip() == "Something quite different."


def test_while_it_listens_on_it_does_not_say_that_it_writes(core: Core, window: MainWindow, microphone) -> None:  # type: ignore[no-untyped-def]
    core.store.update(sounds=False, mode="hands-free")
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening", 10)
    core.dictation.progress.emit(1.0, 1.0)  # of what was said before
    assert window.dictate.state_line.text().startswith("Listening")
    core.dictation.cancel()


def test_the_engine_gets_ready_for_what_the_settings_ask_for_and_no_more(core: Core) -> None:
    for language, verbatim in (("en", False), ("de", False), ("en", True)):
        core.store.update(language=language, verbatim=verbatim)
        wanted = core.engine_options().ready_for
        assert wanted is not None and (wanted.language, wanted.language_model) == (language, not verbatim)


def test_all_text_is_copied(window: MainWindow) -> None:
    window.dictate.write(utterance())
    window.dictate.copy_all()
    assert QGuiApplication.clipboard().text() == utterance().text


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no voice installed")
def test_text_is_read_aloud_and_stopped(qapp) -> None:  # type: ignore[no-untyped-def]
    reader, said = speech.Reader(), []
    reader.speaking.connect(said.append)
    assert reader.say('One, two, three; "quoted" $HOME; -v de', "en")
    assert reader.busy
    reader.stop()
    assert said == [True, False]
    assert not reader.busy


def test_no_voice_is_said_in_words(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "command", lambda language: None)
    window.dictate.write(utterance())
    window.dictate.read_aloud()
    assert "no voice" in window.messages.text.text()


def test_the_talk_button_works_like_the_key_and_says_its_state(qapp, qtbot) -> None:  # type: ignore[no-untyped-def]
    button, events = TalkButton(), []
    qtbot.addWidget(button)
    button.show()
    button.pressed.connect(lambda: events.append("press"))
    button.released.connect(lambda: events.append("release"))
    QTest.keyPress(button, Qt.Key.Key_Space)
    QTest.keyRelease(button, Qt.Key.Key_Space)
    assert events == ["press", "release"]
    QTest.keyPress(button, Qt.Key.Key_Return)
    assert button.isDown() and events == ["press", "release", "press"]  # to hold it, too
    QTest.keyRelease(button, Qt.Key.Key_Return)
    assert events == 2 * ["press", "release"]
    texts = []
    for state in ("idle", "preparing", "listening", "thinking", "problem"):
        button.set_state(state)
        texts.append(button.accessibleName())
    assert len(set(texts)) == 5


def test_the_level_is_said_in_words(qapp, qtbot) -> None:  # type: ignore[no-untyped-def]
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.set_level(0.0005, 0.001)
    assert "Quiet" in meter.words()
    meter.set_level(0.1, 0.4)
    assert "Good" in meter.words()
    assert meter.value() > 50
    meter.set_level(0.7, 1.0)
    assert "loud" in meter.words()


def test_any_single_key_can_be_chosen_and_tab_still_leaves(qtbot) -> None:  # type: ignore[no-untyped-def]
    field, picked = KeyField("F9"), []
    qtbot.addWidget(field)
    field.show()
    field.picked.connect(picked.append)
    QTest.keyClick(field, Qt.Key.Key_F7)
    assert field.text() == "F7"
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert picked == ["F7"]


def test_the_tray_offers_a_way_out_of_every_state(qapp) -> None:  # type: ignore[no-untyped-def]
    tray, asked = Tray(), []
    tray.cancelled.connect(lambda: asked.append("cancel"))
    tray.toggled.connect(lambda: asked.append("toggle"))
    for state in ("preparing", "listening"):
        tray.set_state(state, "")
        assert tray.talk.text() == "Finish speaking"
        assert tray.cancel.isEnabled()
    tray.talk.trigger()
    tray.cancel.trigger()
    assert asked == ["toggle", "cancel"]
    tray.set_state("idle", "")
    assert not tray.cancel.isEnabled()


def test_reduced_personalization_says_why(window: MainWindow) -> None:
    window.dictate._finished(utterance())
    assert "reduced to 50 %" in window.dictate.about.text()
    assert "outside the voices" in window.dictate.about.text()


def test_silence_is_said_to_be_silence() -> None:
    from app.ui import wording

    assert "No speech" in wording.personalization(Transcript((), 2.0, "en", "base", "cpu int8"), 1.0)
    segment = Segment(0, 1, "Hello.", -0.2, 0, 1, utterance().transcript.segments[0].adaptation)  # type: ignore[union-attr]
    assert "as you set it" in wording.personalization(Transcript((segment,), 1.0, "en", "base", "cpu"), 0.5)


def test_why_it_was_or_was_not_personalized_is_said_in_plain_words() -> None:
    from app.ui import wording

    def said(adaptation: Adaptation, wanted: float = 1.0) -> str:
        segment = Segment(0, 1, "Hello.", -0.2, 0, 1, adaptation)
        return wording.personalization(Transcript((segment,), 1.0, "en", "base", "cpu"), wanted)

    assert said(Adaptation(1.0, "Personalized fully.")) == (
        "Personalized fully: this voice is like those it has learned from."
    )
    assert "both ways were tried" in said(Adaptation(1.0, "Personalized fully.", decoded_both=True))
    heard_again = Adaptation(1.0, f"Personalized fully. {SECOND_KEPT}", decoded_both=True)
    assert said(heard_again) == f"Personalized fully. {SECOND_KEPT}"
    near = "This voice is somewhat unfamiliar, so personalization was reduced to 40%."
    assert said(Adaptation(0.4, near)) == "Personalization reduced to 40 %: this voice is somewhat unfamiliar."
    plain = "The personalized text was doubtful, and plain Whisper's was no worse, so that was kept."
    assert said(Adaptation(0.0, plain, decoded_both=True)) == f"Not personalized. {plain}"
    loop = "Personalization was halved because of a loop."
    assert said(Adaptation(0.5, loop)).endswith("because of a text that repeated itself.")
    assert said(Adaptation(0.0, "Personalization is switched off."), 0.0) == "Not personalized, as you set it."


def test_readings_with_other_words_come_before_those_that_are_only_written_otherwise() -> None:
    from app.ui import wording

    said = (
        "It's a merciless disease!",
        "It's a merciless, a disease",
        "it's a merciless a disease.",
        "It's a mystery.",
    )
    others = tuple(Alternative(text, -0.1 * number) for number, text in enumerate(said))
    segment = Segment(0.0, 1.0, "It's a merciless disease.", -0.1, 0.0, 1.0, Adaptation(), alternatives=others)
    found = wording.readings(Transcript((segment,), 1.0, "en", "base", "cpu"))
    assert [text for text, _ in found] == [said[1], said[3], said[0], said[2]]
