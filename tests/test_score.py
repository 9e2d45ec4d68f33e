"""Scores equal the field's own tools, intervals cover the truth, and pairs are compared as pairs."""

from __future__ import annotations

import random

import numpy as np
import pytest

jiwer = pytest.importorskip("jiwer")
pytest.importorskip("whisper_normalizer")

from training.score import (  # noqa: E402
    Interval,
    ScoreError,
    bootstrap_weights,
    by_group,
    compare,
    has_loop,
    normalise,
    score,
)

SENTENCES = [
    "Mr. Park visited the U.S. on the 21st of March, 2019 — wasn't it great?",
    "It'll cost twenty-five dollars and ninety cents, or £3.50.",
    "Um, I, uh, mm-hmm, colour the grey theatre [laughs] (softly).",
    "She'd've gone to St. John's at 10:30 a.m.; let's go!",
    "One oh one Dalmatians, double seven, three point one four.",
    "Naïve café, œuvre, Ångström; 50 % of 1,000,000.",
    "gonna wanna y'all can't won't he's got what's that's",
    "",
    "the twenty first century two hundred and five thousand",
]


def noisy(sentence: str, rng: random.Random, rate: float) -> str:
    words = []
    for word in sentence.split():
        action = rng.random()
        if action > rate:
            words.append(word)
        elif action > rate / 2:
            words += [word + "x", "extra"][: rng.randint(1, 2)]
    return " ".join(words)


def corpus(n: int = 300, rate: float = 0.2, seed: int = 0) -> tuple[list[str], list[str]]:
    rng = random.Random(seed)
    vocabulary = ["river", "window", "garden", "winter", "letter", "doctor", "yellow", "music", "coffee"]
    references = [" ".join(rng.choices(vocabulary, k=rng.randint(2, 12))) for _ in range(n)]
    return references, [noisy(reference, rng, rate) for reference in references]


def test_the_normaliser_is_the_one_of_transformers() -> None:
    english = pytest.importorskip("transformers.models.whisper.english_normalizer")
    from whisper_normalizer.english import EnglishSpellingNormalizer

    theirs = english.EnglishTextNormalizer(EnglishSpellingNormalizer().mapping)
    for sentence in SENTENCES:
        assert normalise(sentence) == theirs(sentence).strip()
    assert normalise("Um, the colour's twenty-one.") == "the color is 21"


def test_a_loop_of_digits_that_breaks_the_normaliser_is_still_scored() -> None:
    result = score(["call me at noon"], ["1" * 5000])
    assert result.wer.value == 1.0 and result.loops == 0


def test_other_languages_keep_their_words() -> None:
    assert normalise("Disattiva vivavoce, è un «test»!", "it") == "disattiva vivavoce è un test"


def test_wer_and_cer_are_those_of_jiwer() -> None:
    references, hypotheses = corpus()
    result = score(references, hypotheses)
    output = jiwer.process_words(references, hypotheses)
    assert result.wer.value == pytest.approx(output.wer)
    assert (result.substitutions, result.deletions, result.insertions) == (
        output.substitutions, output.deletions, output.insertions
    )  # fmt: skip
    assert result.cer.value == pytest.approx(jiwer.cer(references, hypotheses))
    assert result.words == sum(len(r.split()) for r in references)


def test_one_runaway_counts_at_most_its_own_words_when_clipped() -> None:
    result = score(["a good day", "a bad day"], ["word " * 300, "a bad day"])
    assert result.wer.value == 50.0
    assert result.clipped.value == 0.5
    assert result.runaways == 1 and result.loops == 1


def test_text_hallucinated_on_silence_counts_one_error() -> None:
    result = score(["", "two words"], ["thank you for watching", "two words"])
    assert result.wer.value == 2.0
    assert result.clipped.value == 0.5


def test_the_closer_of_two_references_counts() -> None:
    intended, spoken = ["I want to go", "hello there"], ["I I I want to to go", None]
    verbatim_style = score(intended, ["I I I want to to go", "hello"], verbatim=spoken)
    assert verbatim_style.clipped.value == pytest.approx(4 / 6)
    assert verbatim_style.better.value == pytest.approx(1 / 9)  # 7 + 2 words
    fluent_style = score(intended, ["I want to go", "hello"], verbatim=spoken)
    assert fluent_style.better.value == fluent_style.clipped.value == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("text", "references", "loop"),
    [
        ("no no no", ["no"], True),
        ("no no no", ["no no no"], False),
        ("no no no no", ["no no no"], True),
        ("no no", ["no"], False),
        ("fee fee fix", ["fix"], False),
        ("i i i want tea", ["i want tea", "i i i want tea"], False),
        ("to the shop to the shop to the shop", ["to the shop"], True),
        ("thank you very much " * 5, ["thanks"], True),
        ("frahfrahfrahfrahfrahfrah", ["from"], True),
        ("7777777777", ["7777777777"], False),
        ("7777777777", ["seven"], False),
        ("", [""], False),
        ("every word here is another one", ["every word"], False),
    ],
)
def test_loops(text: str, references: list[str], loop: bool) -> None:
    assert has_loop(text, *references) is loop


def test_the_interval_has_the_width_that_theory_gives() -> None:
    rng = np.random.default_rng(1)
    wrong = rng.random(400) < 0.3
    result = score(["yes"] * 400, ["no" if w else "yes" for w in wrong])
    p = wrong.mean()
    assert result.wer.value == pytest.approx(p)
    half = 1.96 * np.sqrt(p * (1 - p) / 400)
    assert result.wer.low == pytest.approx(p - half, abs=0.012)
    assert result.wer.high == pytest.approx(p + half, abs=0.012)


def test_speakers_who_differ_make_the_interval_wider() -> None:
    references = ["yes"] * 400
    hypotheses = ["no" if (i // 50) % 2 else "yes" for i in range(400)]  # eight people: all right or all wrong
    alone = score(references, hypotheses).wer
    people = score(references, hypotheses, speakers=[i // 50 for i in range(400)]).wer
    assert people.high - people.low > 3 * (alone.high - alone.low)


def test_every_draw_holds_as_many_speakers_and_utterances_of_each_drawn_speaker() -> None:
    speaker = np.array([0] * 5 + [1] * 3)
    weights = bootstrap_weights(speaker, draws=200)
    first, second = weights[:, :5].sum(1), weights[:, 5:].sum(1)
    assert set(zip(first, second, strict=True)) == {(10, 0), (5, 3), (0, 6)}
    assert np.array_equal(weights, bootstrap_weights(speaker, draws=200))


def test_pairs_are_compared_as_pairs() -> None:
    references, bad = corpus(400, 0.4)
    rng = random.Random(5)
    better = [r if rng.random() < 0.5 else b for r, b in zip(references, bad, strict=True)]
    speakers = [i % 20 for i in range(400)]
    old, new = score(references, bad, speakers), score(references, better, speakers)
    result = compare(old, new)
    assert result.relative.value == pytest.approx(1 - new.wer.value / old.wer.value)
    assert result.wer.value == pytest.approx(new.wer.value - old.wer.value)
    assert result.relative.low < result.relative.value < result.relative.high < 1
    same = compare(old, old)
    assert (same.wer, same.relative) == (Interval(0, 0, 0), Interval(0, 0, 0))
    with pytest.raises(ScoreError, match="different utterances"):
        compare(old, score(references[:-1], bad[:-1], speakers[:-1]))


def test_groups_are_scored_alone() -> None:
    references, hypotheses = corpus(60)
    cohorts = ["typical" if i % 3 else "stuttering" for i in range(60)]
    speakers = [i % 6 for i in range(60)]
    parts = by_group(score(references, hypotheses, speakers), cohorts)
    chosen = [i for i in range(60) if cohorts[i] == "stuttering"]
    alone = score([references[i] for i in chosen], [hypotheses[i] for i in chosen], [speakers[i] for i in chosen])
    assert parts["stuttering"].wer == alone.wer
    assert parts["typical"].utterances == 40


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ScoreError, match="one length"):
        score(["a", "b"], ["a"])
    with pytest.raises(ScoreError, match="nothing to score"):
        score([], [])


def test_meaning_is_kept_in_a_fair_paraphrase_and_lost_in_nonsense() -> None:
    meaning = pytest.importorskip("training.meaning")
    from engine.errors import ModelError

    try:
        meaning.fetch()
    except ModelError as error:
        pytest.skip(str(error))
    # The figures of the model's own page.
    values = meaning.similarity(
        ["That is a happy person"] * 3 + ["", "", "a"],
        ["That is a happy dog", "That is a very happy person", "Today is a sunny day", "", "x", ""],
    )
    assert values == pytest.approx([0.695, 0.943, 0.257, 1, 0, 0], abs=2e-3)
    result = score(["call my sister"] * 2, ["phone my sister", "gall by blister"], meaning=meaning.similarity)
    assert result.meaning is not None and result.counts.meaning is not None
    assert result.counts.meaning[0] > 0.8 > result.counts.meaning[1]
