"""The demonstration of docs/clinicians.md, clicked through as it is written there: real widgets, voice and model."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QWidget

from app.main import Desk
from app.settings import SettingsStore
from app.ui.demo_view import DemoView
from engine.audio import write_wav
from tests.app.conftest import Field, Microphone, wait_until
from tests.speech import say

GUIDE = (Path(__file__).parents[2] / "docs" / "clinicians.md").read_text("utf-8")
SENTENCE = "Please call my sister and tell her that dinner is ready."


@pytest.fixture
def desk(qapp, home: Path, microphone: Microphone, base: Path) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    SettingsStore().update(first_start_done=True, theme="light", interface_language="en", sounds=False)
    desk = Desk(qapp)
    assert wait_until(lambda: desk.core.engine.state == "ready" and desk.core.hotkey.status.works, 60)
    assert wait_until(desk.window.isActiveWindow, 10)
    yield desk
    desk.close()
    desk.window.hide()
    sys.excepthook = sys.__excepthook__


def named(words: str) -> str:
    """What the guide calls something in the window: it must stand there in just these words."""
    assert f"*{words}*" in " ".join(GUIDE.split()), words
    return words


def click(root: QWidget, words: str) -> None:
    buttons = [b for b in root.findChildren(QAbstractButton) if b.text() == named(words) and b.isVisible()]
    assert len(buttons) == 1 and buttons[0].isEnabled(), (words, buttons)
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def alt(desk: Desk, number: int) -> QWidget:
    if not wait_until(desk.window.isActiveWindow, 2):  # after a dialogue the other program may be in front
        desk.window.bring_up()
        assert wait_until(desk.window.isActiveWindow, 10)
    QTest.keyClick(desk.window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.AltModifier)
    return desk.window.stack.currentWidget()


def choose_sample(view: DemoView, words: str) -> None:
    before = view.comparison.result
    view.samples.setFocus()
    view.samples.setCurrentIndex(view.samples.findText(named(words)))
    view.samples.activated.emit(view.samples.currentIndex())
    assert wait_until(lambda: view.comparison.result not in (None, before), 60)


def speak(microphone: Microphone, voice: Path) -> None:
    """The window lives on meanwhile: a press is only over when its time is."""
    player = microphone.play(voice, wait=False)
    assert wait_until(lambda: player.poll() is not None, 60)
    wait_until(lambda: False, 0.4)


def saved(press: Callable[[], None], path: Path) -> None:
    """Press a button that asks for a file, and answer with ``path``."""

    def answer() -> None:
        dialogue = next((w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog)), None)
        if dialogue is None:
            QTimer.singleShot(50, answer)
            return
        dialogue.findChild(QLineEdit).setText(str(path))
        dialogue.accept()

    QTimer.singleShot(50, answer)
    press()
    assert wait_until(path.exists, 20)


def readable(view: DemoView, widget: QWidget) -> bool:
    """Can it be scrolled into sight, all of it?"""
    view.ensureWidgetVisible(widget)
    QApplication.processEvents()
    place = QRect(widget.mapTo(view.viewport(), widget.rect().topLeft()), widget.size())
    return view.viewport().rect().intersects(place) and widget.isVisible()


@pytest.mark.timeout(600)
def test_the_demonstration_goes_as_it_is_written(
    desk: Desk, microphone: Microphone, field: Field, tmp_path: Path
) -> None:
    window, core = desk.window, desk.core
    window.bring_up()
    assert wait_until(window.isActiveWindow, 10)
    voice = tmp_path / "voice.wav"
    write_wav(voice, say(SENTENCE))

    def listens() -> None:
        assert wait_until(lambda: core.dictation.state == "listening", 10), (
            core.dictation.state,
            core.dictation.detail,
        )

    # Before the person comes
    check_up = window.open("doctor")
    assert wait_until(lambda: bool(check_up._found), 60)  # type: ignore[attr-defined]
    assert window._buttons["doctor"].accessibleName() == named("Check-up")
    failed = [check for check in check_up._found if check.status == "fail"]  # type: ignore[attr-defined]
    assert not failed, failed

    # 1 to 3: samples
    view = alt(desk, 4)
    assert isinstance(view, DemoView) and view.heading.text() == named("Compare")
    choose_sample(view, "Stuttering")
    result = view.comparison.result
    assert result is not None
    assert view.before.title.text().startswith(named("Without personalization"))
    assert view.before.isVisible() and view.after.isVisible()
    assert view.before.mapToGlobal(view.before.rect().topLeft()).x() < view.after.mapToGlobal(view.after.pos()).x()
    assert result.before != result.after
    assert re.search("line-through|<s>", view.before.text.text()) or re.search("underline|<u>", view.after.text.text())
    assert view.changes.isVisible() and view.changes.text()
    named("What differs")
    heard: list[bool] = []
    core.sounds.finished.connect(lambda: heard.append(True))
    click(view, "Hear it")
    core.sounds.stop()
    assert wait_until(lambda: bool(heard), 20)
    errors = result.errors()
    assert errors is not None and errors[1].rate < errors[0].rate, "what is to be said of the left and the right text"
    choose_sample(view, "Articulation")
    errors = view.comparison.result.errors()  # type: ignore[union-attr]
    assert errors is not None and min(error.rate for error in errors) > 0.2, "the sense is not lost any more: mend 3"
    assert abs(errors[0].rate - errors[1].rate) < 0.15, "mend what the guide says about Articulation"

    # 4 to 7: the person's own voice
    caption = next(
        part for part in view.findChildren(QLabel) if part.text() == named("What was meant to be said (optional)")
    )
    assert caption.buddy() is view.prompt
    view.prompt.clear()
    QTest.keyClicks(view.prompt, SENTENCE)
    for _ in range(2):
        before = view.comparison.result
        click(view, "Record")
        wait_until(lambda: False, 0.5)  # the microphone opens
        speak(microphone, voice)
        click(view, "Stop recording")
        assert wait_until(lambda before=before: view.comparison.result not in (None, before), 60)  # type: ignore[misc]
        assert view.prompt.text() == SENTENCE
    assert view.verdict.text()
    for card in (view.before, view.after):
        assert card.errors.isVisible() and re.search(r"\d|[Nn]o wrong", card.errors.text()), card.errors.text()
    assert "ersonalized" in view.sentence.text()  # how far and why
    tops = [part.mapToGlobal(part.rect().topLeft()).y() for part in (view.verdict, view.sentence, view.before)]
    assert tops == sorted(tops)

    # 8: the strength
    assert view.slider.accessibleName() == named("Strength of personalization")
    before = view.comparison.result
    view.slider.setFocus()
    QTest.keyClick(view.slider, Qt.Key.Key_Home)
    assert wait_until(lambda: view.comparison.result is not before and view.comparison.result.strength == 0, 60)  # type: ignore[union-attr]
    assert view.comparison.result.before == view.comparison.result.after  # type: ignore[union-attr]
    QTest.keyClick(view.slider, Qt.Key.Key_End)
    assert wait_until(lambda: view.comparison.result.strength == 1, 60)  # type: ignore[union-attr]

    # 9: what was changed
    assert view.layers.accessibleName() or view.layers.isVisible()
    for words, picture in (
        ("How far each layer's W1 moved", view.layers),
        ("Where this voice lies among the voices of the training", view.voices),
    ):
        named(words)
        assert any(part.text() == words and part.isVisible() for part in view.findChildren(QLabel))
        assert readable(view, picture)

    # 12, from here: to take away
    for words, ending in (("Save as PDF", "pdf"), ("Save as web page", "html")):
        saved(lambda words=words: click(view, words), tmp_path / f"report.{ending}")  # type: ignore[misc]
    page = QTextDocument()
    page.setHtml((tmp_path / "report.html").read_text("utf-8"))
    assert "dinner" in page.toPlainText()
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")

    # 10: dictation
    dictate = alt(desk, 1)
    assert dictate is window.dictate
    talk = window.dictate.bar.talk
    assert talk.text().startswith(named("Speak")), talk.text()
    QTest.mouseClick(talk, Qt.MouseButton.LeftButton)
    listens()
    speak(microphone, voice)
    subprocess.run(["xdotool", "key", "F9"], check=True)
    assert wait_until(lambda: "dinner" in window.dictate.editor.toPlainText().lower(), 60)
    assert window.dictate.words_button.text().startswith(named("Words to check"))
    click(dictate, "Other readings")
    assert window.dictate.panel.isVisible()
    click(dictate, "Say it again")
    listens()
    core.dictation.cancel()
    wait_until(lambda: False, 0.2)  # the last press is over by then: sooner, the next would be its bounce
    field.focus()
    assert wait_until(field.focused, 5)
    subprocess.run(["xdotool", "key", "F9"], check=True)
    listens()
    speak(microphone, voice)
    subprocess.run(["xdotool", "key", "F9"], check=True)
    assert wait_until(lambda: "dinner" in field.text.lower(), 60), field.text
    window.bring_up()

    # 8 and 11: the settings
    settings = window.open("settings")
    there = {part.text() for part in settings.findChildren(QLabel)} | {
        b.text() for b in settings.findChildren(QAbstractButton)
    }
    there |= {box.itemText(i) for box in settings.findChildren(QComboBox) for i in range(box.count())}
    for words in ("Personalization", "The key", "Ignore a second press within", "Hands-free: listen until I stop it",
                  "Keep in the history", "How long"):  # fmt: skip
        assert named(words) in there, words

    # 13: going on
    assert window._buttons["people"].accessibleName() == named("People")
    learn = window.open("learn")
    texts = [part.text() for part in learn.findChildren(QLabel)] + [
        b.text() for b in learn.findChildren(QAbstractButton)
    ]
    assert named("Learn from my corrections") in texts
    assert any("8" in text or "eight" in text for text in texts), texts
