"""Commands are commands only when nothing else was said; punctuation words; tidying."""

from __future__ import annotations

import pytest

from app.settings import Settings
from app.spoken import command, punctuate, tidied
from app.utterance import written
from engine.transcript import Adaptation, Segment, Transcript


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("New line.", "new line"),
        ("  new   paragraph ", "new paragraph"),
        ("Undo that!", "undo that"),
        ("Scratch that.", "undo that"),
        ("Stop listening", "stop listening"),
        ("Please stop listening to him.", None),
        ("He drew a new line.", None),
        ("", None),
    ],
)
def test_a_command_is_all_that_was_said(said: str, action: str | None) -> None:
    assert command(said) == action


def test_another_reading_that_is_a_command_counts_where_little_was_said() -> None:
    assert command("Select Matt.", "en", ["Select Mat.", "Select that."]) == "select that"
    assert command("Believe me.", "en", ["Delete that."]) is None
    assert command("Select Matt.", "en", ["Select Mat."]) is None
    assert command("Then we select Matt.", "en", ["Then we select that.", "Select that."]) is None
    assert command("", "en", ["New line."]) is None
    assert command("New line.", "en", ["Undo that."]) == "new line"


def test_commands_follow_the_language() -> None:
    assert command("Neue Zeile.", "de") == "new line"
    assert command("Neue Zeile.", "en") is None
    assert command("New line.", "fr") is None


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Hello comma how are you question mark", "Hello, how are you?"),
        ("Hello, comma, how are you, question mark.", "Hello, how are you?"),
        ("I am here full stop you are not full stop", "I am here. You are not."),
        ("first new line second", "first\nSecond"),
        ("well hyphen known", "well-known"),
        ("he said open quote no close quote", "he said “no”"),
        ("The Jurassic periods were long.", "The Jurassic periods were long."),
        ("nothing to do", "nothing to do"),
    ],
)
def test_punctuation_words_become_signs(said: str, written: str) -> None:
    assert punctuate(said) == written


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Um, I would like, uh, some tea.", "I would like, some tea."),
        ("I I I want to go.", "I want to go."),
        ("The b- b- book is red.", "The book is red."),
        ("I want to, I want to go home.", "I want to go home."),
        ("The umbrella is under her error.", "The umbrella is under her error."),
        ("", ""),
    ],
)
def test_tidying_leaves_what_was_meant(heard: str, meant: str) -> None:
    assert tidied(heard) == meant


def test_where_commands_are_switched_off_they_are_written_as_they_were_said() -> None:
    words = Transcript((Segment(0, 1, "New line.", -0.1, 0, 1, Adaptation(1.0, "")),), 1.0, "en", "base", "cpu int8")
    assert written(words, Settings()) == ("New line.", "new line")
    assert written(words, Settings(spoken_commands=False)) == ("New line.", None)
