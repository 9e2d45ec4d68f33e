"""Loops are told from speech that repeats, and every utterance ends in a text that can be believed."""

from __future__ import annotations

import pytest

from engine.guards import LOOP, LOW_SCORE, NO_SPEECH, compression_ratio, flags, is_loop, longest_run
from engine.options import GuardOptions

GUARDS = GuardOptions()


@pytest.mark.parametrize(
    ("tokens", "run"),
    [([], 0), ([1], 1), ([1, 2, 3], 1), ([1, 1, 1], 3), ([5, 1, 2, 1, 2, 1, 2, 9], 3), ([1, 2, 3, 4] * 5, 5)],
)
def test_the_longest_run_is_counted(tokens: list[int], run: int) -> None:
    assert longest_run(tokens) == run


def test_a_person_who_repeats_a_word_is_not_a_loop() -> None:
    assert not is_loop("I I I want to go home.", [1, 1, 1, 2, 3, 4, 5, 6], 4.0, GUARDS)


def test_an_endless_syllable_is_a_loop() -> None:
    assert is_loop("frah " * 20, [7, 8] * 20, 10.0, GUARDS)


def test_more_words_than_anyone_can_speak_are_a_loop() -> None:
    assert is_loop("text", list(range(60)), 1.0, GUARDS)


def test_repeated_text_compresses_well() -> None:
    assert compression_ratio("of the " * 40) > 2.4 > compression_ratio("The train leaves at nine in the morning.")
    assert compression_ratio("") == 0.0


def test_a_low_score_is_flagged_and_with_it_silence_is_told_from_noise() -> None:
    assert flags("text", [1, 2], -1.5, 0.1, 2.0, GUARDS) == (LOW_SCORE,)
    assert flags("text", [1, 2], -1.5, 0.9, 2.0, GUARDS) == (NO_SPEECH,)
    assert flags("text", [1, 2], -0.2, 0.9, 2.0, GUARDS) == ()
    assert flags("la " * 40, [4] * 40, -0.1, 0.0, 3.0, GUARDS) == (LOOP,)
