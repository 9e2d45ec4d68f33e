"""Somebody speaks, and another person takes over before the text is there; the real engine and microphone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.core import Core
from app.ui.window import MainWindow
from tests.app.conftest import Microphone, ready_core, wait_until
from tests.app.speech import say
from tests.app.test_ui_views import utterance


def test_what_somebody_said_before_another_came_goes_into_their_own_text(
    core: Core, window: MainWindow, ann: str
) -> None:
    editor = window.dictate.editor
    core.store.open_profile("me")
    editor.setPlainText("Mine, half written.")
    cursor = editor.textCursor()
    cursor.setPosition(4)
    editor.setTextCursor(cursor)
    late = replace(utterance(), profile=ann)
    core.dictation.for_editor.emit(late)
    assert editor.toPlainText() == "Mine, half written." and editor.textCursor().position() == 4
    core.store.open_profile(ann)
    assert editor.toPlainText() == late.text and editor.words_of(late.id)


def test_the_command_of_somebody_who_has_left_changes_nobody_elses_text(
    qtbot, home: Path, microphone: Microphone, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    with ready_core(home) as core:
        core.store.open_profile(core.store.profiles.create("Ann").id)
        core.store.update(sounds=False, mode="toggle")
        window = MainWindow(core)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        assert wait_until(lambda: window.isActiveWindow() and core.engine.state == "ready", 60)
        core.dictation.start()
        assert wait_until(lambda: core.dictation.state == "listening")
        microphone.play(say(tmp_path / "say.wav", "New paragraph."))
        core.dictation.stop()
        assert wait_until(lambda: core.dictation._writing.waiting == 1, 10)
        core.store.open_profile("me")
        window.dictate.editor.setPlainText("Mine.")
        assert wait_until(lambda: bool(core.history.search()), 60)
        (entry,) = core.history.search()
        assert entry.profile == "ann" and "paragraph" in entry.text.lower()
        assert window.dictate.editor.toPlainText() == "Mine."
