"""Of whoever is deleted nothing is written or kept any more; the real engine, microphone and second window."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QLabel, QListWidget

from app.core import Core
from app.spool import Spool
from app.ui import theme
from app.ui.profiles import ProfilesView
from app.ui.window import MainWindow
from engine.paths import data_dir
from tests.app.conftest import Field, Microphone, ready_core, wait_until
from tests.app.speech import say
from tests.app.test_ui_views import utterance
from tests.app.test_ui_work import press

SENTENCE = "Please send the letter to my sister on Friday."


@pytest.fixture
def speaking(qapp, home: Path, microphone: Microphone) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    """The app with its engine, while Ann has it."""
    theme.apply(qapp, "light")
    with ready_core(home) as core:
        core.store.profiles.create("Ann")
        core.store.open_profile("ann")
        core.store.update(sounds=False, mode="toggle")
        assert wait_until(lambda: core.engine.state == "ready", 60)
        yield core


def spooled() -> list[str]:
    return sorted(path.name for path in (data_dir() / "spool").glob("*"))


def nothing_of_ann(core: Core) -> bool:
    return not spooled() and core.history.count() == 0 and not (data_dir() / "profiles" / "ann").exists()


def test_what_was_being_written_down_is_neither_inserted_nor_kept(
    speaking: Core, microphone: Microphone, field: Field, tmp_path: Path
) -> None:
    core = speaking
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening")
    microphone.play(say(tmp_path / "say.wav", SENTENCE))
    core.dictation.stop()
    assert wait_until(lambda: core.dictation._writing.waiting == 1, 10)
    core.delete_person("ann")
    assert core.dictation.state == "idle"
    assert wait_until(lambda: core.engine.state == "ready", 60)
    assert not wait_until(lambda: bool(field.text) or not nothing_of_ann(core), 2.0), (field.text, spooled())


def test_what_is_being_said_is_thrown_away_at_once(
    speaking: Core, microphone: Microphone, field: Field, tmp_path: Path
) -> None:
    core = speaking
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening")
    player = microphone.play(say(tmp_path / "say.wav", SENTENCE), wait=False)
    wait_until(lambda: False, 1.0)
    assert spooled()
    core.delete_person("ann")
    assert not [name for name in spooled() if name.endswith(".wav")]  # also if the app breaks down now
    player.wait(30)
    assert wait_until(lambda: core.dictation.state == "idle", 10)
    assert not wait_until(lambda: bool(field.text) or not nothing_of_ann(core), 2.0), (field.text, spooled())
    core.dictation.start()  # and the one who has the app now is heard
    assert wait_until(lambda: core.dictation.state == "listening")
    microphone.play(say(tmp_path / "say.wav", SENTENCE))
    core.dictation.stop()
    assert wait_until(lambda: "letter" in field.text, 30), field.text
    assert [entry.profile for entry in core.history.search()] == ["me"]


def test_a_recording_that_waited_for_the_engine_or_could_be_taken_back_is_gone(
    core: Core, window: MainWindow, ann: str
) -> None:
    recording = Spool().begin(ann, print)
    recording.append(utterance_samples())
    note = recording.note
    recording.finish("cancelled")
    core.store.update(retention="nothing")
    core.dictation._writing.cancelled(note, 1.0)
    assert window.dictate.bar.cancel.text() == "Take it back" and spooled()
    core.delete_person(ann)
    assert window.dictate.bar.cancel.text() == "Cancel" and not spooled()
    core.dictation.take_back(note.id)
    assert core.dictation._writing.waiting == 0


def utterance_samples():  # type: ignore[no-untyped-def]
    import numpy as np

    return (np.random.default_rng(0).standard_normal(16000) * 3000).astype(np.int16)


def test_a_text_that_waits_is_not_offered_any_more_and_stands_nowhere(
    core: Core, window: MainWindow, ann: str, field: Field
) -> None:
    text = replace(utterance(), id="hers", text="My secret is pineapple.", profile=ann)
    core.dictation._delivery._hold(text, "Another window came to the front while you spoke, so the text was kept here.")
    core.dictation._delivery._hold(replace(text, id="later"), "No window was in front.")
    window.dictate._finished(text)
    core.dictation.arm_held("hers")
    core.dictation.insert_held("later", 0.5)
    assert window.dictate.held.isVisible() and core.dictation.state == "problem"
    core.delete_person(ann)
    assert not window.dictate.held.isVisible() and core.dictation.state == "idle"
    assert not core.dictation._delivery.insert_armed()
    assert not wait_until(lambda: bool(field.text), 1.5)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [label.text() for label in window.findChildren(QLabel)]
    left += [document.toPlainText() for document in window.findChildren(QTextDocument)]
    left += [
        item.text() for list_ in window.findChildren(QListWidget) for item in map(list_.item, range(list_.count()))
    ]
    assert not [words for words in left if "pineapple" in words]
    assert not [said for said in window.dictate._utterances.values() if said.profile == ann]


def test_undo_does_not_reach_behind_what_a_deleted_person_wrote(core: Core, ann: str, field: Field) -> None:
    delivery, there = core.dictation._delivery, []
    delivery.inserted.connect(lambda said, note: there.append(said.id))
    for number, (who, words) in enumerate((("me", "Mine."), (ann, "Hers."), ("me", "Mine again."))):
        delivery.deliver(replace(utterance(), id=str(number), text=words, profile=who), *delivery.target())
        assert wait_until(lambda: len(there) == number + 1, 10)  # noqa: B023
    assert wait_until(lambda: field.text == "Mine. Hers. Mine again.", 3), field.text
    commands: list[str] = []
    delivery.command.connect(commands.append)
    core.delete_person(ann)
    core.dictation.undo()
    assert wait_until(lambda: field.text == "Mine. Hers.", 3), field.text
    wait_until(lambda: False, 0.3)
    core.dictation.undo()
    assert wait_until(lambda: bool(commands), 3)
    assert not wait_until(lambda: field.text != "Mine. Hers.", 0.7), field.text


def test_a_text_on_its_way_is_stopped_and_the_clipboard_is_as_it_was(core: Core, ann: str, field: Field) -> None:
    QGuiApplication.clipboard().setText("what I had copied")
    subprocess.run(["xdotool", "keydown", "Control_L"], check=True)  # it waits until this is let go
    try:
        delivery = core.dictation._delivery
        delivery.deliver(replace(utterance(), text="My secret.", profile=ann), *delivery.target())
        wait_until(lambda: False, 0.3)
        core.delete_person(ann)
    finally:
        subprocess.run(["xdotool", "keyup", "Control_L"], check=True)
    assert wait_until(lambda: not delivery._on_the_way, 5)
    assert not wait_until(lambda: bool(field.text), 0.7), field.text
    assert delivery.waiting == 0 and QGuiApplication.clipboard().text() == "what I had copied"


def test_a_text_that_no_program_took_does_not_stay_on_the_clipboard(core: Core, ann: str, field: Field) -> None:
    delivery = core.dictation._delivery
    for who, on_it in ((ann, ""), ("me", "My secret.")):
        os.kill(field.process.pid, signal.SIGSTOP)
        try:
            delivery.deliver(replace(utterance(), text="My secret.", profile=who), *delivery.target())
            assert wait_until(lambda: delivery.waiting == 1, 10)
        finally:
            os.kill(field.process.pid, signal.SIGCONT)
        assert QGuiApplication.clipboard().text() == "My secret."
        delivery.forget(ann)
        assert QGuiApplication.clipboard().text() == on_it


def test_the_question_says_that_what_waits_goes_too(core: Core, window: MainWindow, ann: str) -> None:
    view = window.open("people")
    assert isinstance(view, ProfilesView)
    press(view, "Delete")
    question = view.confirm.question.text()
    assert question.startswith("Delete Ann with all words") and "(open now)" not in question
    assert "still wait to be written" in question and "taken back" in question
