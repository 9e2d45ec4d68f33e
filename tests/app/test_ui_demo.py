"""The comparison and the guided reading: whose sentence, which language, what is kept, and how it is stopped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.clips import discard
from app.core import Core
from app.reading import Outcome, Reading, sentences
from app.ui import theme
from app.ui.demo_view import DemoView
from app.ui.reading import ReadingView
from app.ui.window import MainWindow
from engine.audio import SAMPLE_RATE, write_wav
from engine.paths import data_dir
from engine.transcript import Transcript
from engine.wer import Wer
from tests.app.conftest import Microphone, ready_core, wait_until
from tests.speech import say

PROMPT = "Please call my sister and tell her that dinner is ready."


@pytest.fixture(scope="module")
def core(qapp, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    with ready_core(tmp_path_factory.mktemp("home")) as core:
        yield core
        clips = data_dir() / "clips"
        clips.mkdir(exist_ok=True)
        (clips / "clip-0.wav").touch()
    assert not clips.exists()  # with the app goes whatever was recorded in passing


@pytest.fixture
def window(core: Core, qapp) -> Iterator[MainWindow]:  # type: ignore[no-untyped-def]
    theme.apply(qapp, "light")
    window = MainWindow(core)
    window.show()
    yield window
    window.close()
    window.deleteLater()
    core.store.update(language="en")


@pytest.fixture
def demo(window: MainWindow) -> DemoView:
    view = window.open("demo")
    assert isinstance(view, DemoView)
    return view


@pytest.fixture
def reading(window: MainWindow) -> ReadingView:
    view = window.open("reading")
    assert isinstance(view, ReadingView)
    return view


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "dinner.wav"
    write_wav(path, say(PROMPT))
    return path


def clips() -> list[Path]:
    return sorted((data_dir() / "clips").glob("*"))


def choose_sample(view: DemoView, number: int = 1) -> None:
    view.samples.setCurrentIndex(number)
    view.samples.activated.emit(number)
    assert view.comparison.result is None
    assert wait_until(lambda: view.comparison.result is not None, 60)


def record(core: Core, view: DemoView, microphone: Microphone, clip: Path) -> None:
    QTest.mouseClick(view.record, Qt.MouseButton.LeftButton)
    assert not wait_until(lambda: False, 0.5)
    microphone.play(clip)
    before = view.comparison.result
    QTest.mouseClick(view.record, Qt.MouseButton.LeftButton)
    assert wait_until(lambda: view.comparison.result not in (None, before), 60)


def test_a_samples_sentence_goes_with_the_sample_and_a_typed_one_stays(
    core: Core, demo: DemoView, microphone: Microphone, clip: Path
) -> None:
    choose_sample(demo)
    assert demo.prompt.text().startswith("Could you remind me")
    assert demo.comparison.result.errors() is not None  # type: ignore[union-attr]
    record(core, demo, microphone, clip)
    assert demo.prompt.text() == ""
    assert demo.comparison.result.errors() is None  # type: ignore[union-attr]
    demo.prompt.setFocus()
    QTest.keyClicks(demo.prompt, PROMPT)
    record(core, demo, microphone, clip)
    assert demo.prompt.text() == PROMPT
    errors = demo.comparison.result.errors()  # type: ignore[union-attr]
    assert errors is not None and errors[0].rate < 0.5, demo.after.text.text()
    choose_sample(demo)
    QTest.keyClicks(demo.prompt, "!")  # now it is the person's
    assert demo._own_prompt() == demo.prompt.text() != ""


def test_a_recording_is_deleted_with_the_next_one_and_when_the_window_closes(
    core: Core, window: MainWindow, demo: DemoView, microphone: Microphone, clip: Path
) -> None:
    record(core, demo, microphone, clip)
    first = clips()
    assert [path.suffix for path in first] == [".json", ".wav"]
    record(core, demo, microphone, clip)
    assert len(clips()) == 2 and not set(first) & set(clips())
    window.open("settings")
    window.open("demo")
    assert demo.listen.isEnabled() and len(clips()) == 2  # one may look elsewhere and come back
    window.close()
    assert not clips()
    assert not demo.result.isVisibleTo(demo)
    assert clip.exists()
    discard(clip)
    assert clip.exists()  # a person's own file is never touched


def test_another_person_sees_and_hears_nothing_of_the_one_before(
    core: Core, demo: DemoView, microphone: Microphone, clip: Path
) -> None:
    record(core, demo, microphone, clip)
    assert clips() and demo.result.isVisible()
    before = core.store.current.profile
    other = core.store.profiles.create("Somebody else")
    QTest.mouseClick(demo.record, Qt.MouseButton.LeftButton)  # even in the middle of the next recording
    assert not wait_until(lambda: False, 0.5)
    try:
        core.store.open_profile(other.id)
        assert not demo.result.isVisible() and not demo.listen.isEnabled() and demo.comparison.result is None
        assert wait_until(lambda: not clips(), 10), clips()
        assert demo.record.text() == "Record"
        assert not demo.working.isVisible()
    finally:
        core.store.open_profile(before)
        assert wait_until(lambda: core.engine.state == "ready", 60)


def test_what_was_recorded_goes_when_the_window_is_built_anew(
    core: Core, qapp, microphone: Microphone, clip: Path
) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QEvent

    window = MainWindow(core)
    window.show()
    view = window.open("demo")
    assert isinstance(view, DemoView)
    record(core, view, microphone, clip)
    assert clips()
    window.hide()
    window.deleteLater()
    del view
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not clips()


def test_another_strength_can_be_stopped_and_the_slider_goes_back(demo: DemoView, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    write_wav(path, np.concatenate([say(text) for text in sentences("en")[:8]]))
    demo.run(path)
    assert wait_until(demo.working.isVisible, 5)
    assert wait_until(lambda: demo.comparison.result is not None, 120)
    assert not demo.working.isVisible() and not demo.working_again.isVisible()
    assert not wait_until(lambda: False, 0.5)  # everything has found its place
    place = demo.slider.mapTo(demo.column, demo.slider.rect().topLeft())
    before = demo.comparison.result
    demo.slider.setValue(10)
    assert wait_until(demo.working_again.isVisible, 5)
    assert not demo.working.isVisible()
    assert demo.slider.mapTo(demo.column, demo.slider.rect().topLeft()) == place  # nothing moves under the pointer
    QTest.mouseClick(demo.working_again.cancel, Qt.MouseButton.LeftButton)
    assert not demo.working_again.isVisible()
    assert not wait_until(lambda: demo.comparison.result is not before, 3)
    assert demo.slider.value() == 20 and "100 %" in demo.strength.text()
    demo.slider.setValue(0)
    assert wait_until(lambda: demo.comparison.result is not before, 120)
    assert not demo.working_again.isVisible()
    demo.slider.setValue(20)
    assert wait_until(lambda: demo.comparison.result.strength == 1.0, 120)  # type: ignore[union-attr]


def test_samples_and_sentences_are_decoded_in_their_own_language(
    core: Core, window: MainWindow, demo: DemoView, clip: Path
) -> None:
    heard: list[Transcript] = []
    core.engine.finished.connect(lambda _job, transcript: heard.append(transcript))
    core.store.update(language="fr")  # the person's
    choose_sample(demo)
    assert demo.comparison.result.transcript.language == "en"  # type: ignore[union-attr]
    demo.run(clip)
    assert wait_until(lambda: demo.comparison.result is not None, 60)
    assert demo.comparison.result.transcript.language == "fr"  # type: ignore[union-attr]
    view = window.open("reading")
    assert isinstance(view, ReadingView)
    assert view._sentences == sentences("en")  # there are none in French
    heard.clear()
    read(core, view, clip)
    assert wait_until(lambda: len(heard) == 2, 60)
    assert {transcript.language for transcript in heard} == {"en"}
    assert not clips()  # what was read is decoded, and not needed any more


def read(core: Core, view: ReadingView, clip: Path) -> None:
    """As if ``clip`` had just been read into the microphone."""
    copy = data_dir() / "clips" / "clip-1.wav"
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(clip, copy)
    view._recording = True
    core.dictation.clip.emit(copy)


def test_what_one_person_read_is_not_another_persons(core: Core, reading: ReadingView, clip: Path) -> None:
    read(core, reading, clip)
    QTest.mouseClick(reading.stop, Qt.MouseButton.LeftButton)
    assert wait_until(reading.use.isEnabled, 60)
    before = core.store.current.profile
    other = core.store.profiles.create("Somebody else who reads")
    try:
        core.store.open_profile(other.id)
        assert not reading.result.isVisible() and not reading.use.isEnabled()
        assert reading.reading.read == 0 and reading.place.text() == "Sentence 1 of 10"
        settings = core.store.current
        reading._use()
        assert core.store.current == settings
    finally:
        core.store.open_profile(before)
        assert wait_until(lambda: core.engine.state == "ready", 60)


def test_harm_is_not_hidden_by_the_strength_that_avoids_it(reading: ReadingView) -> None:
    errors = {0.0: Wer(1, 0, 0, 20), 0.5: Wer(2, 0, 0, 20), 1.0: Wer(5, 0, 0, 20)}
    reading._finished(Outcome(2, errors, 0.4, 0.0, 2.0))
    assert reading.result_title.text() == "1 of 20 words wrong without personalization, 5 with it"
    assert "Best strength: 0 %, with 1 words wrong" in reading.result_text.text()


def test_a_sentence_that_is_read_again_counts_with_its_last_pauses(core: Core, tmp_path: Path) -> None:
    measure, outcomes = Reading(core.engine), []
    measure.finished.connect(outcomes.append)
    text = sentences("en")[0]
    halting = np.concatenate(
        [say("Could you open the window"), np.zeros(3 * SAMPLE_RATE, np.float32), say("before we start?")]
    )
    for number, audio in enumerate((halting, say(text))):
        path = tmp_path / f"{number}.wav"
        write_wav(path, audio)
        measure.add(0, text, path, core.transcribe_options())
        assert wait_until(lambda: not measure._jobs, 60)
        if number == 0:
            assert 2.5 < max(measure._pauses.values()) < 3.5
    measure.finish()
    assert wait_until(lambda: bool(outcomes), 10)
    assert outcomes[0].longest_pause < 1.0
    assert outcomes[0].pause == 2.0
