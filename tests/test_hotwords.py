"""Preferred words: what a text gains by them, and that texts without them stay as they are. The last on real speech."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.beam import beam_search
from engine.hotwords import FIRST, FURTHER, MOST, HotWords
from engine.options import TranscribeOptions
from engine.tokens import WhisperTokenizer
from engine.transcriber import Transcriber
from tests.conftest import Samples
from tests.speech import say

ANN, A, PARKINSON, S, OTHER, KR, ISTO, FER = range(1, 9)  # " Ann" "a" " Parkinson" "'s" " other" " Kr" "isto" "fer"
STARTS = {ANN, PARKINSON, S, OTHER, KR}


@pytest.fixture
def words() -> HotWords:
    """Ann, Parkinson's, Parkinson, Kristofer."""
    return HotWords([(ANN,), (PARKINSON, S), (PARKINSON,), (KR, ISTO, FER)], STARTS.__contains__)


@pytest.mark.parametrize(
    ("text", "gained", "inside"),
    {
        "a usual word": ([OTHER, ANN, OTHER], FIRST, "010"),
        "more of the word: it is another one": ([ANN, A, OTHER], 0, "000"),
        "a name": ([KR, ISTO, FER], FIRST + 2 * FURTHER, "111"),
        "half of it": ([KR, ISTO, OTHER], 0, "000"),
        "at the very end": ([OTHER, KR, ISTO], 0, "000"),
        "a word of which the beginning is listed as well": ([PARKINSON, S, OTHER], FIRST + FURTHER, "110"),
        "that one": ([PARKINSON, OTHER], FIRST, "10"),
        "one after the other": ([OTHER, ANN, KR, ISTO, FER, ANN], 3 * FIRST + 2 * FURTHER, "011111"),
        "none": ([OTHER, A, FER], 0, "000"),
    }.values(),
)
def test_a_text_gains_by_the_whole_words_in_it(words: HotWords, text: list[int], gained: float, inside: str) -> None:
    assert words.found(text) == (pytest.approx(gained), [mark == "1" for mark in inside])
    place, total = 0, 0.0
    for token in [*text, OTHER]:
        place, change = words.after(place, token)
        total += change
    assert (place, total) == (0, pytest.approx(gained)), "token by token it is the same"


def test_a_long_name_gains_no_more_than_it_takes() -> None:
    name = [KR, *[ISTO] * 9, FER]
    assert HotWords([name], STARTS.__contains__).found(name)[0] == MOST


def test_a_token_that_is_wanted_comes_among_the_likeliest_and_half_a_word_gives_back(words: HotWords) -> None:
    known = {OTHER: -1.0, A: -2.0, KR: -3.5, ANN: -9.0, ISTO: -6.0, PARKINSON: -9.0}
    ids = np.array([OTHER, A, KR], dtype=np.int64)
    scores = np.array([known[token] for token in (OTHER, A, KR)], dtype=np.float32)

    def of(tokens: list[int]) -> np.ndarray:
        return np.array([known[token] for token in tokens], dtype=np.float32)

    found, tokens = words.likeliest(0, ids, scores, of)
    assert tokens.tolist() == [KR, OTHER, A] and found.tolist() == pytest.approx([FIRST - 3.5, -1.0, -2.0])
    begun, _ = words.after(0, KR)
    found, tokens = words.likeliest(begun, ids, scores, of)
    assert tokens.tolist()[0] == ISTO, "it was not among the three likeliest"
    assert found.tolist()[1:] == pytest.approx([-1.0 - FIRST, -2.0 - FIRST]), "what was begun is given back"
    assert words.is_within(begun) and not words.is_within(0) and not words.is_within(words.after(0, ANN)[0])


def test_beginnings_of_words_do_not_crowd_out_what_was_said() -> None:
    """Eleven listed words begin a little less likely than what was said, and gain by it."""
    said, names, rest = 99, range(1, 12), 50
    hot = HotWords([(name, rest) for name in names], lambda token: token != rest)
    places, alive = [0], []

    def likeliest(place: int) -> tuple[np.ndarray, np.ndarray]:
        scores = np.full(100, -20, dtype=np.float32)
        scores[[said, *names]] = [-0.7, *[-3.4] * len(names)]
        ids = np.argsort(-scores, kind="stable")[:10]
        return hot.likeliest(place, ids, scores[ids], lambda tokens: scores[tokens])

    def step(tokens: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        nonlocal places
        places = [hot.after(places[p], t)[0] for p, t in zip(parents.tolist(), tokens.tolist(), strict=True)]
        alive.append(tokens.tolist())
        found = [likeliest(place) for place in places]
        return np.stack([s for s, _ in found]), np.stack([t for _, t in found])

    def within(beam: int, token: int) -> bool:
        return hot.is_within(hot.after(places[beam], token)[0])

    beam_search(likeliest(0), step, beams=5, end=0, longest=3, within=within)
    assert all(said in tokens and sum(token in names for token in tokens) <= 3 for tokens in alive)


def test_words_are_listed_with_a_capital_too_and_end_where_the_next_one_begins(base: Path) -> None:
    tokenizer = WhisperTokenizer(base)
    hot = tokenizer.hotwords(("levodopa", "Ann"))
    for text, count in ((" levodopa helps", 1), (" Levodopa.", 1), (" Ann's", 1), (" Anna", 0), (" dopa", 0)):
        assert (hot.found(tokenizer.encode(text))[0] > 0) == bool(count), text
    assert tokenizer.hotwords(("levodopa", "Ann")) is hot and tokenizer.hotwords(()) is not hot


def test_of_a_line_of_words_only_the_unusual_ones_count(base: Path) -> None:
    tokenizer = WhisperTokenizer(base)
    line = tokenizer.hotwords(("thank you for the levodopa",))
    assert line.found(tokenizer.encode(" thank you for the"))[0] == 0
    assert line.found(tokenizer.encode(" levodopa"))[0] > 0
    names = tokenizer.hotwords(("Marguerite Featherstonehaugh", "thank you, (Kristofer), don't"))
    for name in ("Marguerite", "Featherstonehaugh", "Kristofer"):
        assert names.found(tokenizer.encode(f" {name} came"))[0] > 0, name
    assert names.found(tokenizer.encode(" thank you, I don't"))[0] == 0


def test_where_words_are_not_set_apart_no_space_is_listed(base: Path) -> None:
    tokenizer = WhisperTokenizer(base)
    hot = tokenizer.hotwords(("北京", "서울"))
    for text, listed in (("我住在北京。", True), ("我住在上海。", False), (" 저는 서울에 갔다", True)):
        assert (hot.found(tokenizer.encode(text))[0] > 0) == listed, text


LISTED = ("Kristofer", "levodopa", "Marguerite Featherstonehaugh", "Good morning Siobhan", "Madopar")


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("Please call my friend Kristofer.", "my friend Kristofer"),
        ("Hello Kristofer.", "Kristofer"),
        ("He takes Madopar twice a day.", "He takes Madopar twice a day"),
        ("We met Kristofer at the station, and then we went home.", "Kristofer at the station"),
    ],
)
def test_a_listed_word_is_written_without_a_doubt_and_with_all_that_is_around_it(
    transcriber: Transcriber, spoken: str, expected: str
) -> None:
    clip = say(spoken)
    plain = transcriber.transcribe(clip).segments[0]
    found = transcriber.transcribe(clip, TranscribeOptions(hotwords=LISTED, n_best=3)).segments[0]
    assert expected not in plain.text and expected in found.text
    assert found.flags == (), "that it is unlikely is no reason to doubt it"
    assert len({found.text, *(other.text for other in found.alternatives)}) == 1 + len(found.alternatives) > 1


def test_texts_without_them_stay_as_they_are(
    transcriber: Transcriber, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        transcriber, "weighing", replace(transcriber.weighing, doubt=-9.0, again=-9.0)
    )  # one is at the edge
    options = TranscribeOptions(hotwords=LISTED)
    for clip in (*clips, say("Good morning, how are you?")):
        plain, hot = transcriber.transcribe(clip).segments[0], transcriber.transcribe(clip, options).segments[0]
        assert hot.text == plain.text and hot.avg_logprob == pytest.approx(plain.avg_logprob, abs=0.03)
    clip = say("Please call my friend Kristofer.")  # one beam could not go back: as without
    quick = replace(options, beam_size=1)
    assert transcriber.transcribe(clip, quick).text == transcriber.transcribe(clip, replace(quick, hotwords=())).text


def test_words_of_another_script_are_found_in_a_language_of_latin_letters(transcriber: Transcriber) -> None:
    """Only tokens of Latin letters are computed otherwise."""
    clip = say("Please call my friend Kristofer.")
    assert "Kristofer" in transcriber.transcribe(clip, TranscribeOptions(hotwords=("Kristofer", "Ελένη"))).text
