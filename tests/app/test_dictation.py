"""What becomes of what was said: kept, tried again, taken back, forgotten. The real engine, sound from the spool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app import dictation
from app.core import Core
from app.session import nothing_in
from app.spool import Spool
from app.ui.window import MainWindow
from engine.audio import SAMPLE_RATE, load_audio, write_wav
from engine.paths import data_dir
from tests.app.conftest import wait_until
from tests.app.speech import say


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return load_audio(say(tmp_path_factory.mktemp("say") / "say.wav", "Please send the letter to my sister on Friday."))


def spool(samples: np.ndarray, profile: str = "me") -> str:
    """As if the app had been killed after this was said."""
    recording = Spool().begin(profile, print)
    recording.append((samples * 32767).astype(np.int16))
    recording._flush()
    return recording.note.id


@pytest.fixture
def make_core(qapp, home: Path, microphone) -> Iterator:  # type: ignore[no-untyped-def, type-arg]
    cores: list[Core] = []

    def make(model: str, start: bool = True, **settings: object) -> Core:
        core = Core()
        cores.append(core)
        core.store.update(model=model, first_start_done=True, warm_microphone=False, sounds=False, **settings)
        core.heard, core.edited, core.problems = [], [], []  # type: ignore[attr-defined]
        core.dictation.finished.connect(core.heard.append)  # type: ignore[attr-defined]
        core.dictation.for_editor.connect(core.edited.append)  # type: ignore[attr-defined]
        core.dictation.problem.connect(lambda code, message: core.problems.append(message))  # type: ignore[attr-defined]
        if start:
            core.start()
        return core

    yield make
    for core in cores:
        core.close()


def test_what_a_crash_left_is_written_down_at_the_next_start(make_core, tiny: Path, spoken: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    utterance = spool(spoken)
    core = make_core(str(tiny))
    assert wait_until(lambda: bool(core.edited), 30)
    assert core.edited[0].id == utterance and "friday" in core.edited[0].text.lower()
    entry = core.history.get(utterance)
    assert entry.audio is not None and load_audio(entry.audio).size == spoken.size
    assert entry.words and entry.words[-1].text.strip(" .").lower() == "friday"
    voice = core.store.profiles.folder("me") / "voice.safetensors"
    assert wait_until(voice.exists, 5)
    assert not list((data_dir() / "spool").iterdir())


def test_text_only_and_nothing_keep_no_more_than_they_say(make_core, tiny: Path, spoken: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    core = make_core(str(tiny), retention="text")
    you = core.store.profiles.create("You").id
    core.store.open_profile(you)
    core.store.update(retention="nothing")
    mine, yours = spool(spoken, "me"), spool(spoken, you)
    core.dictation.recover()
    assert wait_until(lambda: len(core.heard) == 2, 30)
    assert all("friday" in utterance.text.lower() for utterance in core.heard)
    core.close()
    assert (data_dir() / "profiles" / "me" / "voice.safetensors").exists()
    assert not (data_dir() / "profiles" / you / "voice.safetensors").exists()
    core = make_core(str(tiny), start=False)
    assert core.history.get(mine).audio is None and core.history.get(yours) is None
    assert not [path for path in data_dir().rglob("*") if path.suffix == ".wav"]


def test_what_was_dictated_before_helps_the_next_and_stays_with_whoever_said_it(  # type: ignore[no-untyped-def]
    make_core, tiny: Path, spoken: np.ndarray
) -> None:
    core = make_core(str(tiny))
    assert core.dictation.options().before == ""
    spool(spoken)
    core.dictation.recover()
    assert wait_until(lambda: bool(core.edited), 30)
    assert core.dictation.options().before == core.edited[0].heard
    core.dictation.retry(core.edited[0].id, compare=True)
    assert wait_until(lambda: len(core.heard) == 2, 30)
    assert core.dictation.options().before == core.edited[0].heard  # it was said once
    assert core.dictation.options().language_model
    core.store.update(language_model=False)
    assert core.dictation.options().before == "" and not core.dictation.options().language_model
    core.store.update(language_model=True, verbatim=True)  # every word as it was said, usual or not
    assert core.dictation.options().before == "" and not core.dictation.options().language_model
    core.store.update(verbatim=False)
    me, you = core.store.current.profile, core.store.profiles.create("You").id
    core.store.open_profile(you)
    assert core.dictation.options().before == ""
    core.dictation.forget(me)
    core.store.open_profile(me)
    assert core.dictation.options().before == ""


def test_without_a_model_the_sound_waits_until_there_is_one(
    make_core, tiny: Path, spoken: np.ndarray, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    utterance = spool(spoken)
    core = make_core(str(tmp_path / "no-model"))
    assert wait_until(lambda: bool(core.heard), 20)
    assert core.heard[0].state == "failed" and core.dictation.state == "problem"
    assert core.problems and "Traceback" not in core.problems[0]
    assert (data_dir() / "spool" / f"{utterance}.wav").exists()
    core.store.update(model=str(tiny))  # the person picks a model that is there
    assert wait_until(lambda: bool(core.edited), 30)
    assert core.edited[0].id == utterance and core.dictation.state == "idle"


def test_decoding_again_keeps_the_id_and_writes_nothing(make_core, tiny: Path, spoken: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    utterance = spool(spoken)
    core = make_core(str(tiny))
    assert wait_until(lambda: bool(core.edited), 30)
    core.history.set_text(utterance, "My own words.")
    core.dictation.retry(utterance, n_best=3, beam_size=3, compare=True)
    assert wait_until(lambda: len(core.heard) == 2, 30)
    again = core.heard[1]
    assert again.id == utterance and again.transcript.unadapted_text is not None
    assert len(core.edited) == 1 and core.history.get(utterance).text == "My own words."
    core.dictation.retry("no such")
    assert "not kept" in core.problems[-1]


def test_work_that_is_cancelled_or_finds_nothing_takes_no_words_away(make_core, tiny: Path, spoken: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    utterance = spool(np.tile(spoken, 3))
    core = make_core(str(tiny))
    assert wait_until(lambda: bool(core.edited), 30)
    core.history.set_text(utterance, "My own words.")
    before = core.history.get(utterance)
    core.dictation.retry(utterance, n_best=9, beam_size=9, compare=True)
    core.dictation.cancel()
    assert core.dictation.state == "thinking" and wait_until(lambda: core.dictation.state == "idle", 30)
    assert core.history.get(utterance) == before and len(core.heard) == 1
    write_wav(before.audio, np.zeros(spoken.size, np.float32))
    core.dictation.retry(utterance)
    assert wait_until(lambda: len(core.heard) == 2, 30)
    assert core.heard[1].state == "empty" and core.history.get(utterance) == before


def test_what_the_history_takes_back_is_written_into_the_editor_not_into_the_history(
    make_core, tiny: Path, spoken: np.ndarray, qtbot
) -> None:  # type: ignore[no-untyped-def]
    utterance = spool(spoken)
    Spool().mark(utterance, state="cancelled")
    core = make_core(str(tiny))
    assert core.history.get(utterance).state == "cancelled"
    window = MainWindow(core)
    qtbot.addWidget(window)
    window.show()
    view = window.open("history")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)
    view.list.setCurrentIndex(view.model.index(0))
    view.detail.text.setFocus()
    view.detail.back.click()
    assert wait_until(lambda: bool(core.heard), 30)
    assert wait_until(lambda: "friday" in window.dictate.editor.toPlainText().lower(), 5)
    assert view.query.text() == "" and core.edited[0].id == utterance


def test_without_a_microphone_two_presses_leave_nothing_but_the_word_about_it(make_core, tiny: Path) -> None:  # type: ignore[no-untyped-def]
    core = make_core(str(tiny), microphone="no such microphone")
    assert wait_until(lambda: core.engine.state == "ready", 30)
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "problem", 10)
    core.dictation.stop()
    assert not wait_until(lambda: bool(core.heard), 2)
    assert core.dictation.state == "problem" and "not connected" in core.dictation.detail
    assert all("microphone" in problem for problem in core.problems), core.problems
    assert not list((data_dir() / "spool").iterdir()) and core.history.count() == 0


def bursts(seconds: float, loud: float) -> np.ndarray:
    """Breaths, as a detector of speech does not take for any: noise for 0.3 s, every 0.8 s."""
    noise = np.random.default_rng(3).standard_normal(round(seconds * SAMPLE_RATE)) * loud
    return (noise * (np.arange(noise.size) % 12800 < 4800)).astype(np.float32)


def test_a_stretch_of_listening_is_empty_only_where_there_is_surely_no_voice(home: Path, spoken: np.ndarray) -> None:
    rng = np.random.default_rng(4)
    hiss = (0.002 * rng.standard_normal(30 * SAMPLE_RATE)).astype(np.float32)
    rumble = np.cumsum(rng.standard_normal(hiss.size)) - np.linspace(0, 1, hiss.size)
    rumble = np.convolve(rumble, np.ones(400) / 400, "same") * (0.02 / np.abs(rumble).max())
    soft = hiss.copy()
    soft[200_000 : 200_000 + spoken.size] += 0.03 * spoken / np.abs(spoken).max()
    grown = hiss * np.linspace(1, 1.2, hiss.size)

    def empty(sound: np.ndarray) -> bool:
        recording = Spool().begin("me", print)
        recording.append(np.round(sound * 32767).astype(np.int16))
        return nothing_in(recording)

    assert empty(np.zeros(16000)) and empty(np.full(16000, 0.1)) and empty(hiss) and empty(grown)
    assert empty(hiss + rumble)
    assert not empty(soft) and not empty(hiss + bursts(30, 0.003))


def test_hands_free_keeps_what_the_detector_took_for_silence_and_begins_each_minute_a_second_early(
    make_core, tiny: Path, microphone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(dictation, "_ROLL_SECONDS", 3.0)
    write_wav(tmp_path / "breath.wav", bursts(7, 0.02))
    core = make_core(str(tiny), mode="hands-free")
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening", 10)
    microphone.play(tmp_path / "breath.wav", wait=False)
    assert wait_until(lambda: len(core.heard) >= 2, 20)
    kept = [load_audio(utterance.audio) for utterance in core.heard[:2]]
    assert all(utterance.state == "empty" for utterance in core.heard[:2])
    assert [entry.state for entry in core.history.search()][-2:] == ["empty", "empty"]
    assert np.array_equal(kept[0][-SAMPLE_RATE:], kept[1][:SAMPLE_RATE])
    wait_until(lambda: False, 7)  # by now the room is quiet again
    count = core.history.count()
    wait_until(lambda: False, 5)
    assert core.history.count() == count and len(list((data_dir() / "spool").glob("*.wav"))) <= 1
    core.dictation.stop()
    assert wait_until(lambda: core.dictation.state == "idle", 20)


def test_cancelled_work_can_be_taken_back_and_is_forgotten_where_nothing_is_kept(
    make_core, tiny: Path, spoken: np.ndarray
) -> None:  # type: ignore[no-untyped-def]
    utterance = spool(np.tile(spoken, 20))
    core = make_core(str(tiny), retention="nothing")
    assert core.dictation.state == "thinking"
    core.dictation.cancel()
    assert wait_until(lambda: bool(core.heard), 30)
    assert core.heard[0].state == "cancelled" and not core.edited
    core.dictation.take_back(utterance)
    assert wait_until(lambda: core.dictation.state == "thinking", 5)
    core.dictation.cancel()
    assert wait_until(lambda: len(core.heard) == 2, 30)
    core.close()
    assert not list((data_dir() / "spool").iterdir())


@pytest.mark.timeout(400)
def test_a_minute_found_in_the_spool_is_written_down_whole(make_core, tiny: Path, spoken: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    core = make_core(str(tiny))
    assert wait_until(lambda: core.engine.state == "ready", 30)
    spool(np.tile(spoken, 60 * 16000 // spoken.size + 1))
    core.dictation.recover()
    assert wait_until(lambda: bool(core.edited), 240)
    assert core.edited[0].text.lower().count("friday") >= 10


def test_killing_the_whole_app_while_it_listens_loses_nothing(
    home: Path, display: str, microphone, tiny: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    speech = say(tmp_path / "say.wav", "The meeting is on Friday.")
    script = f"""
import faulthandler, sys
faulthandler.dump_traceback_later(60, exit=True)  # a hang is told where it happens
from PySide6.QtWidgets import QApplication
from app.core import Core
app = QApplication([])
core = Core()
core.store.update(model={str(tiny)!r}, first_start_done=True)
core.dictation.state_changed.connect(lambda state, detail: print(state, flush=True))
core.dictation.for_editor.connect(lambda utterance: print("text", utterance.text, flush=True))
core.dictation.set_own_window(lambda front: True)
core.start()
if len(sys.argv) > 1: core.dictation.start()
app.exec()
"""
    process = subprocess.Popen([sys.executable, "-c", script, "listen"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while process.stdout.readline().strip() != "listening":
        assert process.poll() is None
    microphone.play(speech)
    wait_until(lambda: False, 0.5)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        while not (line := process.stdout.readline()).startswith("text"):
            assert process.poll() is None
        assert "friday" in line.lower()
    finally:
        process.kill()
        process.wait()
