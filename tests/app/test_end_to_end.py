"""The whole path: a key pressed on a real screen, a voice in a real microphone, the real model, another program."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from app.core import Core
from app.desktop import Window
from app.sounds import find_cue
from engine.audio import load_audio
from engine.protocol import Finished
from tests.app.conftest import Field, Microphone, wait_until
from tests.app.speech import say


def key(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True)


@pytest.fixture
def core(qapp, home: Path, microphone: Microphone, base: Path) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    core = Core()
    core.store.update(model=str(base), first_start_done=True)
    core.heard = []  # type: ignore[attr-defined]
    core.dictation.finished.connect(core.heard.append)  # type: ignore[attr-defined]
    core.start()
    assert wait_until(lambda: core.engine.state == "ready" and core.hotkey.status.works and core.capture.is_open, 30)
    assert wait_until(lambda: core.undo_key.status.works, 5), core.undo_key.status
    yield core
    core.close()


def test_hold_the_key_speak_let_go_and_the_words_are_in_the_other_program(
    core: Core, field: Field, microphone: Microphone, tmp_path: Path
) -> None:
    """Written down in the pause before; with the longest stall of the event loop, the start sound blanked, and a
    command to take it back."""
    speech = say(tmp_path / "say.wav", "The meeting is on Friday at three in the afternoon.")
    states, partials, stalls, rehearsed = [], [], [0.0], []
    core.engine._event.connect(lambda event: rehearsed.append(event.transcript) if isinstance(event, Finished) else 0)
    core.dictation.state_changed.connect(lambda state, _: states.append(state))
    core.dictation.partial.connect(lambda _, text: partials.append(text))
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        stalls.append(now - last[0])
        last[0] = now

    timer = QTimer(interval=5)
    timer.timeout.connect(beat)
    timer.start()
    key("keydown", "F9")
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    player = microphone.play(speech, wait=False)
    assert wait_until(lambda: player.poll() is not None, 20)
    assert wait_until(lambda: any("afternoon" in early.text for early in rehearsed if early.words), 20)
    released = time.perf_counter()
    key("keyup", "F9")
    assert wait_until(lambda: "afternoon" in field.text, 20), (field.text, core.heard)
    print(f"text {time.perf_counter() - released:.2f} s after the key; stalls {sorted(stalls)[-3:]}; {partials}")
    assert "friday" in field.text.casefold()
    assert wait_until(lambda: core.dictation.state == "idle", 5)
    assert [state for state in states if state != "preparing"] == ["listening", "thinking", "idle"]
    assert partials, "no text while speaking"
    utterance = core.heard[-1]
    assert utterance.state == "done" and utterance.audio is not None
    assert utterance.transcript.timings in [early.timings for early in rehearsed], "it was made anew after the key"
    assert find_cue(load_audio(utterance.audio)[: 3 * 16000]) is None, "the start sound is in the recording"
    assert core.history.get(utterance.id).text == utterance.text
    assert not list((home_of(core) / "spool").iterdir())

    told = []
    core.dictation.problem.connect(lambda code, message: told.append(message))
    other = Field(tmp_path / "other.txt", "Somewhere else")
    key("key", "F8")
    assert wait_until(lambda: bool(told), 5) and "another window" in told[0] and "afternoon" in field.text
    other.close()
    field.focus()
    key("key", "F8")
    assert wait_until(lambda: field.text == "", 5), (field.text, told)


def test_who_goes_on_after_a_pause_loses_nothing_to_what_was_written_down_in_it(
    core: Core, field: Field, microphone: Microphone, tmp_path: Path
) -> None:
    first = say(tmp_path / "first.wav", "The meeting is on Friday.")
    second = say(tmp_path / "second.wav", "Please bring the blue folder with you.")
    partials: list[str] = []
    core.dictation.partial.connect(lambda _, text: partials.append(text))
    key("keydown", "F9")
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    spoken(microphone, first)
    assert wait_until(lambda: any("riday" in text for text in partials), 20)
    spoken(microphone, second)
    key("keyup", "F9")
    assert wait_until(lambda: "folder" in field.text, 20), (field.text, core.heard)
    assert "riday" in field.text


def spoken(microphone: Microphone, speech: Path) -> None:
    """Speak to the end, while the app's event loop runs."""
    player = microphone.play(speech, wait=False)
    assert wait_until(lambda: player.poll() is not None, 20)


def test_the_undo_key_cancels_what_is_being_said_in_any_program(
    core: Core, field: Field, microphone: Microphone, tmp_path: Path
) -> None:
    speech = say(tmp_path / "say.wav", "Nobody is to read this.")
    key("key", "F9")
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    spoken(microphone, speech)
    key("key", "F8")
    assert wait_until(lambda: bool(core.heard), 10) and core.heard[-1].state == "cancelled"
    assert wait_until(lambda: core.dictation.state == "idle", 10) and field.text == ""
    key("key", "F9")
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    spoken(microphone, speech)
    assert core.engine.pid is not None
    os.kill(core.engine.pid, signal.SIGSTOP)  # it is too quick for this test
    key("key", "F9")
    assert wait_until(lambda: core.dictation.state == "thinking", 5)
    key("key", "F8")
    wait_until(lambda: False, 0.3)
    os.kill(core.engine.pid, signal.SIGCONT)
    assert wait_until(lambda: len(core.heard) == 2, 20) and core.heard[-1].state == "cancelled"
    assert field.text == "", "what was being written down is not written"


def home_of(core: Core) -> Path:
    return core.history.folder.parent


def test_killing_the_worker_in_the_middle_loses_nothing(
    core: Core, field: Field, microphone: Microphone, tmp_path: Path
) -> None:
    speech = say(tmp_path / "say.wav", "The meeting is on Friday at three in the afternoon.")
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    player = microphone.play(speech, wait=False)
    for _ in range(3):
        wait_until(lambda: False, 0.7)
        if core.engine.pid is not None:
            os.kill(core.engine.pid, signal.SIGKILL)
    assert wait_until(lambda: player.poll() is not None, 20)
    core.dictation.stop()
    assert wait_until(lambda: "afternoon" in field.text, 40), (field.text, core.heard)


def test_cancelled_speech_can_be_taken_back_and_a_moved_focus_holds_the_text(
    core: Core, field: Field, microphone: Microphone, tmp_path: Path
) -> None:
    speech = say(tmp_path / "say.wav", "The meeting is on Friday.")
    held = []
    core.dictation.held.connect(lambda utterance, why: held.append((utterance, why)))
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    microphone.play(speech)
    core.dictation.cancel()
    assert wait_until(lambda: bool(core.heard), 5)
    assert core.heard[0].state == "cancelled" and core.heard[0].audio is not None
    wait_until(lambda: False, 0.3)
    assert field.text == ""

    other = Field(tmp_path / "second.txt", "Second window")
    core.dictation.take_back(core.heard[0].id)  # the second window is in front now
    field.focus()
    assert wait_until(lambda: bool(held), 15), field.text
    assert field.text == "" and other.text == "" and "Another window" in held[0][1]
    core.dictation.insert_held()
    assert wait_until(lambda: "Friday" in field.text, 5), field.text
    other.close()


def test_hands_free_writes_after_each_pause_and_obeys(
    core: Core, field: Field, microphone: Microphone, tmp_path: Path
) -> None:
    core.store.update(mode="hands-free", pause=0.8, sounds=False)
    first = say(tmp_path / "one.wav", "The meeting is on Friday.")
    second = say(tmp_path / "two.wav", "new line")
    core.dictation.toggle()
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    microphone.play(first)
    assert wait_until(lambda: "Friday" in field.text, 15), (field.text, core.heard)
    assert core.dictation.state in ("listening", "thinking")
    microphone.play(second)
    assert wait_until(lambda: field.text.endswith("\n"), 15), (field.text, core.heard)
    assert wait_until(lambda: core.heard[-1].command == "new line", 5) and "ine" not in field.text
    microphone.play(say(tmp_path / "three.wav", "Stop listening."))
    assert wait_until(lambda: core.dictation.state == "idle", 15), (field.text, core.heard)
    assert "stop listening" in [said.command for said in core.heard] and "isten" not in field.text


def test_a_program_that_types_nowhere_gets_nothing(core: Core, microphone: Microphone, tmp_path: Path) -> None:
    """Silence is not written down as anything."""
    window = core.inserter.active_window()
    assert window is None or isinstance(window, Window)
    core.dictation.start()
    assert wait_until(lambda: core.dictation.state == "listening", 5)
    wait_until(lambda: False, 1.0)
    core.dictation.stop()
    assert wait_until(lambda: bool(core.heard), 10)
    assert core.heard[0].state == "empty" and core.heard[0].text == ""
