"""Preferred words: what a text gains by them, and that texts without them stay as they are. The last on real speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.hotwords import ALONE, FIRST, FURTHER, HotWords
from engine.options import TranscribeOptions
from engine.tokens import WhisperTokenizer
from engine.transcriber import Transcriber
from tests.conftest import Samples
from tests.speech import say

ANN, A, NEW, YORK, ER, OTHER = 1, 2, 3, 4, 5, 6  # " Ann" "a" " New" " York" "er" " other"
STARTS = {ANN, NEW, YORK, OTHER}


@pytest.fixture
def words() -> HotWords:
    """Ann; New; New York; New Yorker."""
    return HotWords([(ANN,), (NEW, YORK), (NEW,), (NEW, YORK, ER)], STARTS.__contains__)


@pytest.mark.parametrize(
    ("text", "gained"),
    {
        "a word": ([ANN, OTHER], ALONE),
        "more of the word: it is another one": ([ANN, A, OTHER], 0),
        "two words, of which one alone is listed as well": ([NEW, YORK], ALONE + FURTHER),
        "that one": ([NEW, OTHER], ALONE),
        "the longest": ([NEW, YORK, ER, OTHER], ALONE + 2 * FURTHER),
        "and more of it": ([NEW, YORK, A], ALONE),
        "one after the other": ([OTHER, ANN, NEW, YORK, ANN], 3 * ALONE + FURTHER),
        "none": ([OTHER, A, ER], 0),
    }.values(),
)
def test_a_text_gains_by_the_whole_words_in_it(words: HotWords, text: list[int], gained: float) -> None:
    assert words.gained([*text, OTHER]) == pytest.approx(gained)


def test_a_name_of_several_tokens_gains_more_than_a_usual_word() -> None:
    assert HotWords([(ANN, A, ER)], STARTS.__contains__).gained([ANN, A, ER]) == FIRST + 2 * FURTHER


def test_a_token_that_is_wanted_comes_among_the_likeliest_and_half_a_word_gives_back(words: HotWords) -> None:
    known = {OTHER: -1.0, A: -2.0, NEW: -2.5, ANN: -9.0, YORK: -6.0, ER: -8.0}
    ids = np.array([OTHER, A, NEW], dtype=np.int64)
    scores = np.array([known[token] for token in (OTHER, A, NEW)], dtype=np.float32)

    def of(tokens: list[int]) -> np.ndarray:
        return np.array([known[token] for token in tokens], dtype=np.float32)

    found, tokens = words.likeliest(0, ids, scores, of)
    assert tokens.tolist() == [NEW, OTHER, A] and found.tolist() == pytest.approx([ALONE - 2.5, -1.0, -2.0])
    new, _ = words.after(0, NEW)
    _, tokens = words.likeliest(new, ids, scores, of)
    assert YORK in tokens, "it was not among the three likeliest"
    york, _ = words.after(new, YORK)
    yorker, _ = words.after(york, ER)
    assert words.after(yorker, A) == (0, pytest.approx(-2 * FURTHER))  # "Yorkera": of all of it "New" stays


def test_words_are_listed_with_a_capital_too_and_end_where_the_next_one_begins(base: Path) -> None:
    tokenizer = WhisperTokenizer(base)
    hot = tokenizer.hotwords([" levodopa ", "", "Ann"])
    for text, count in ((" levodopa helps", 1), (" Levodopa.", 1), (" Ann's", 1), (" Anna", 0), (" dopa", 0)):
        gained = hot.gained([*tokenizer.encode(text), tokenizer.special.eot])
        assert (gained > 0) == bool(count), text


def test_vocabulary_decides_a_spelling_and_leaves_other_texts_alone(
    transcriber: Transcriber, clips: list[Samples]
) -> None:
    options = TranscribeOptions(hotwords=("Kristofer", "levodopa"))
    for spoken, expected in (
        ("Please call my friend Kristofer.", "my friend Kristofer"),
        ("I take levodopa in the morning.", "I take levodopa in the morning"),
    ):
        clip = say(spoken)
        assert expected not in transcriber.transcribe(clip).text
        assert expected in transcriber.transcribe(clip, options).text
    for clip in clips:
        plain, hot = transcriber.transcribe(clip).segments[0], transcriber.transcribe(clip, options).segments[0]
        assert hot.text == plain.text and hot.avg_logprob == pytest.approx(plain.avg_logprob, abs=1e-3)
