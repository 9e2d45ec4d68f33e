"""One key for people who hold, people who tap, and hands that tremble."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from app.press import Presses
from app.settings import Settings
from tests.app.conftest import wait_until


@pytest.fixture
def presses(qapp):  # type: ignore[no-untyped-def]
    presses = Presses()
    presses.log, presses.asked = [], []
    presses.settings = replace(Settings(), hold_ms=150, debounce_ms=60)

    def heard(listening: bool) -> None:
        presses.listening = listening
        presses.log.append("start" if listening else "stop")

    presses.start.connect(lambda: heard(True))
    presses.stop.connect(lambda: heard(False))
    presses.stop.connect(lambda: presses.asked.append(presses.released))
    return presses


def pause(milliseconds: int) -> None:
    wait_until(lambda: False, milliseconds / 1000)


def tap(presses: Presses, milliseconds: int = 20) -> None:
    presses.press()
    pause(milliseconds)
    presses.release()


@pytest.mark.parametrize("mode", ["tap-or-hold", "toggle", "hands-free"])
def test_a_tap_starts_and_a_tap_stops(presses: Presses, mode: str) -> None:
    presses.settings = replace(presses.settings, mode=mode)
    tap(presses)
    pause(100)
    assert presses.log == ["start"]
    tap(presses)
    pause(100)
    assert presses.log == ["start", "stop"]
    assert presses.asked == [None], "it was the press that ended it"


def test_a_tap_is_none_the_longer_for_a_slow_computer(presses: Presses) -> None:
    presses.start.connect(lambda: time.sleep(0.3))  # until it listens; the release is heard of after that
    moment = time.monotonic()
    presses.press(moment)
    presses.release(moment + 0.02)
    pause(100)
    assert presses.log == ["start"]


def test_a_second_tap_that_is_heard_of_late_is_no_bounce(presses: Presses) -> None:
    moment = time.monotonic()
    presses.press(moment)
    presses.release(moment + 0.02)
    time.sleep(0.2)  # the debounce time is over, and the window was too busy to see it end
    presses.press(moment + 0.2)
    assert presses.log == ["start", "stop"]


def test_a_bounce_that_is_heard_of_late_is_one(presses: Presses) -> None:
    moment = time.monotonic()
    presses.press(moment)
    presses.release(moment + 0.02)
    time.sleep(0.1)
    presses.press(moment + 0.04)
    assert presses.log == ["start"]


@pytest.mark.parametrize("mode", ["tap-or-hold", "push-to-talk"])
def test_holding_talks_until_the_key_is_let_go(presses: Presses, mode: str) -> None:
    presses.settings = replace(presses.settings, mode=mode)
    tap(presses, 250)
    let_go = time.monotonic()
    assert presses.log == ["start"]
    pause(100)
    assert presses.log == ["start", "stop"]
    assert presses.asked == [pytest.approx(let_go, abs=0.03)], "waiting for a bounce is not listening longer"


def test_in_push_to_talk_a_short_press_is_short_speech(presses: Presses) -> None:
    presses.settings = replace(presses.settings, mode="push-to-talk")
    tap(presses, 20)
    pause(100)
    assert presses.log == ["start", "stop"]


@pytest.mark.parametrize("mode", ["tap-or-hold", "toggle", "push-to-talk"])
def test_a_trembling_press_is_one_press(presses: Presses, mode: str) -> None:
    presses.settings = replace(presses.settings, mode=mode)
    for _ in range(5):
        tap(presses, 15)
        pause(20)  # shorter than the debounce time
    assert presses.log == ["start"]
    pause(150)
    # Push-to-talk ends once the hand is away; the others were tapped and go on.
    assert presses.log == (["start", "stop"] if mode == "push-to-talk" else ["start"])


def test_a_hold_that_flutters_is_one_hold(presses: Presses) -> None:
    presses.press()
    pause(200)
    presses.release()
    pause(20)
    presses.press()
    pause(100)
    assert presses.log == ["start"]
    presses.release()
    pause(120)
    assert presses.log == ["start", "stop"]


def test_listening_that_was_ended_elsewhere_is_not_ended_again(presses: Presses) -> None:
    presses.press()
    pause(200)
    presses.listening = False
    presses.reset()
    presses.release()
    pause(120)
    assert presses.log == ["start"]
