"""A dictation in the history is heard word by word and read otherwise, as in the editor; the real engine and sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.capture import Capture
from app.core import Core
from app.history import Entry
from app.spool import Spool
from app.ui import theme
from app.ui.history_view import HistoryView
from app.ui.window import MainWindow
from engine.audio import SAMPLE_RATE, load_audio, write_wav
from engine.transcript import Alternative, Word
from tests.app.conftest import Microphone, ready_core, wait_until
from tests.app.speech import say

TONES = {"One": 400.0, "two": 1000.0, "three": 1900.0}


def remember(core: Core, samples: np.ndarray) -> None:
    audio = core.history.audio_path("a")
    audio.parent.mkdir(parents=True, exist_ok=True)
    write_wav(audio, samples)
    words = tuple(Word(word, float(i), i + 0.8, 0.3 if word == "two" else 0.9) for i, word in enumerate(TONES))
    core.history.add(
        Entry(
            "a", datetime.now(UTC), "me", "One two three", "One two three", "Won two three", 3.0, audio, "base", "en",
            words=words, alternatives=(Alternative("One too free", -0.9), Alternative("One too three", -0.4)),
        )
    )  # fmt: skip


def shown(window: MainWindow) -> HistoryView:
    view = window.open("history")
    assert isinstance(view, HistoryView)
    window.activateWindow()
    assert wait_until(window.isActiveWindow, 10)
    view.list.setCurrentIndex(view.model.index(0))
    return view


def press(view: HistoryView, words: str) -> None:
    button = next(b for b in view.findChildren(QPushButton) if b.text() == words and b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_single_word_is_played_with_the_key_of_the_editor(
    core: Core, window: MainWindow, microphone: Microphone
) -> None:
    t = np.arange(int(0.8 * SAMPLE_RATE)) / SAMPLE_RATE
    quiet = np.zeros(int(0.2 * SAMPLE_RATE), np.float32)
    parts = [np.concatenate([0.3 * np.sin(2 * np.pi * tone * t), quiet]) for tone in TONES.values()]
    remember(core, np.concatenate(parts).astype(np.float32))
    view = shown(window)
    capture, opened, done, ended = Capture(), [], [], []
    capture.opened.connect(opened.append)
    capture.recorded.connect(done.append)
    core.sounds.finished.connect(lambda: ended.append(True))
    capture.record(Spool().begin("me", print), preroll=0.0)
    assert wait_until(lambda: bool(opened))
    view.detail.text.setFocus()
    cursor = view.detail.text.textCursor()
    cursor.setPosition("One t".__len__())
    view.detail.text.setTextCursor(cursor)
    QTest.keyClick(view.detail.text, Qt.Key.Key_F4)
    assert wait_until(lambda: bool(ended))
    wait_until(lambda: False, 0.5)
    capture.finish()
    assert wait_until(lambda: bool(done))
    heard = load_audio(done[0].path)
    capture.close()
    power = np.abs(np.fft.rfft(heard)) ** 2
    hertz = np.fft.rfftfreq(heard.size, 1 / SAMPLE_RATE)
    loud = {word: power[np.abs(hertz - tone) < 20].sum() for word, tone in TONES.items()}
    assert loud["two"] > 100 * loud["three"] and loud["two"] > 10 * loud["One"], loud  # a little of what is around it


def test_another_reading_is_chosen_by_its_number_and_learnt_as_a_correction(core: Core, window: MainWindow) -> None:
    remember(core, np.zeros(3 * SAMPLE_RATE, np.float32))
    view = shown(window)
    assert [word.text for word in view.detail.text.unsure()] == ["two"]  # marked as in the editor
    view.detail.text.setFocus()
    QTest.keyClick(view.detail.text, Qt.Key.Key_F2)
    panel = view.detail.panel
    assert [panel._list.item(i).text().split("\n")[0] for i in range(panel._list.count())] == [
        "1. One too three",
        "2. One too free",
        "3. Won two three",
    ]
    assert window.focusWidget() is panel._list
    QTest.keyClick(panel._list, Qt.Key.Key_Escape)
    assert not panel.isVisible() and window.focusWidget() is view.detail.text
    assert core.history.get("a").text == "One two three"  # type: ignore[union-attr]
    QTest.keyClick(view.detail.text, Qt.Key.Key_F2)
    QTest.keyClick(panel._list, Qt.Key.Key_1)
    entry = core.history.get("a")
    assert entry is not None and entry.text == "One too three" and entry.corrected
    assert not panel.isVisible()
    QTest.keyClick(view.detail.text, Qt.Key.Key_F2)
    last = panel._list.item(panel._list.count() - 1).text()
    assert last.endswith("One two three")  # what was heard can be had back


def test_the_words_to_check_are_gone_through_with_the_keys_of_the_editor(core: Core, window: MainWindow) -> None:
    remember(core, np.zeros(3 * SAMPLE_RATE, np.float32))
    entry = core.history.get("a")
    assert entry is not None
    core.history.add(replace(entry, words=tuple(replace(w, confidence=0.2) for w in entry.words if w.text != "One")))
    view = shown(window)
    card = view.detail
    view.list.setFocus()  # the keys are for the chosen dictation, wherever one has come from
    QTest.keyClick(view.list, Qt.Key.Key_F3)
    assert card.text.textCursor().selectedText() == "two" and window.focusWidget() is card.text
    assert card.panel.isVisible() and card.panel._list.count() == 2
    QTest.keyClick(card.text, Qt.Key.Key_F3)
    assert card.text.textCursor().selectedText() == "three"
    QTest.keyClick(card.text, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert [word.text for word in card.text.unsure()] == ["two"]
    assert card.text.textCursor().selectedText() == "two"
    assert wait_until(lambda: card.panel._list.count() == 1, 2)
    press(view, "It is right")
    assert card.text.unsure() == [] and not card.panel.isVisible()
    assert wait_until(lambda: not card.words.isEnabled(), 2)
    QTest.keyClick(card.text, Qt.Key.Key_F3)
    assert "no word to check" in window.messages.text.text()
    after = core.history.get("a")
    assert after is not None and after.text == "One two three" and not after.corrected
    card.show_entry(None)
    card.show_entry(after)
    assert card.text.toPlainText() and card.text.unsure() == []  # what is right need not be said again


def test_a_dictation_is_read_aloud_and_stopped_with_the_key_of_the_editor(core: Core, window: MainWindow) -> None:
    remember(core, np.zeros(3 * SAMPLE_RATE, np.float32))
    view = shown(window)
    QTest.keyClick(view.list, Qt.Key.Key_F6)
    assert view.detail.reader.busy and view.detail.read.text() == "Stop reading"
    QTest.keyClick(view.list, Qt.Key.Key_F6)
    assert wait_until(lambda: not view.detail.reader.busy, 5) and view.detail.read.text() == "Read aloud"


def test_without_its_sound_a_dictation_still_has_its_readings(core: Core, window: MainWindow) -> None:
    remember(core, np.zeros(3 * SAMPLE_RATE, np.float32))
    entry = core.history.get("a")
    assert entry is not None
    core.history.drop_audio("a")
    view = shown(window)
    assert not view.detail.word.isEnabled() and not view.detail.hear.isEnabled() and view.detail.readings.isEnabled()
    view.detail.play_word()
    assert "no recording of this word" in window.messages.text.text()
    view.detail.show_readings()
    press(view, "More readings")
    assert "was not kept" in window.messages.text.text()
    core.history.add(replace(entry, alternatives=(), unadapted=None))
    view.refresh()
    view.detail.show_readings()
    assert "no other reading" in view.detail.panel._help.text()


@pytest.fixture
def listening(qapp, home: Path, microphone: Microphone) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    theme.apply(qapp, "light")
    with ready_core(home) as core:
        yield core


def test_listening_again_brings_more_readings_and_leaves_the_text_as_it_is(
    listening: Core, tmp_path: Path, qtbot
) -> None:  # type: ignore[no-untyped-def]
    core = listening
    window = MainWindow(core)
    qtbot.addWidget(window)
    window.show()
    samples = load_audio(say(tmp_path / "say.wav", "Please send the letter to my sister on Friday."))
    noise = np.random.default_rng(3).standard_normal(samples.size)
    recording = Spool().begin("me", print)
    recording.append(((samples + 0.02 * noise) * 32767).clip(-32768, 32767).astype(np.int16))
    recording._flush()
    core.dictation.recover()
    assert wait_until(lambda: core.history.count() == 1 and core.dictation.state == "idle", 60)
    view = shown(window)
    before = view.detail.entry
    assert before is not None and before.words
    view.detail.show_readings()
    few = view.detail.panel._list.count()
    press(view, "More readings")
    assert core.dictation.state == "thinking"
    assert wait_until(lambda: core.dictation.state == "idle" and view.detail.panel._list.count() >= max(few, 1), 60)
    after = core.history.get(before.id)
    assert after is not None and after.text == before.text and not after.corrected
    assert len(after.alternatives) > len(before.alternatives)
    QTest.keyClick(view.detail.panel._list, Qt.Key.Key_1)
    chosen = core.history.get(before.id)
    assert chosen is not None and chosen.text != before.text and chosen.corrected
