"""How well a text was recognised: WER, CER, meaning, loops, all with bootstrap intervals.

Both texts go through Whisper's English normaliser (Radford et al. 2022, appendix C), so that
spelling of numbers, contractions, fillers and punctuation do not count. Every figure is kept as
counts for each utterance, with the same bootstrap draws for the same speakers, so that two
systems on one test set are compared pair by pair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.errors import IdiolectError

DRAWS = 1000
CONFIDENCE = 0.95

Floats = NDArray[np.float64]
Meaning = Callable[[Sequence[str], Sequence[str]], Floats]


class ScoreError(IdiolectError):
    """Texts that cannot be scored, or scores that cannot be compared."""


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f} to {100 * self.high:.1f})"


@dataclass(frozen=True, eq=False)
class Counts:
    """One row per utterance: float64 (n,) each; ``speaker`` int (n,) numbers the speakers."""

    speaker: NDArray[np.int64]
    words: Floats
    substitutions: Floats
    deletions: Floats
    insertions: Floats
    clipped: Floats
    characters: Floats
    character_errors: Floats
    best_errors: Floats
    best_words: Floats
    loops: Floats
    meaning: Floats | None

    @property
    def errors(self) -> Floats:
        return self.substitutions + self.deletions + self.insertions

    def sums(self, weights: Floats) -> dict[str, Floats]:
        """Return the weighted sum of each column: ``weights`` (draws, n) gives (draws,)."""
        columns = {
            "utterances": np.ones_like(self.words),
            "words": self.words,
            "errors": self.errors,
            "clipped": self.clipped,
            "characters": self.characters,
            "character_errors": self.character_errors,
            "best_errors": self.best_errors,
            "best_words": self.best_words,
            "loops": self.loops,
        }
        if self.meaning is not None:
            columns["meaning"] = self.meaning
        return dict(zip(columns, (weights @ np.stack(list(columns.values()), axis=1)).T, strict=True))


@dataclass(frozen=True)
class Score:
    """Figures of one system on one set. Rates are fractions (0.17 is 17 %).

    Attributes:
        wer: word errors over words, pooled over the utterances.
        clipped: the same with the errors of an utterance counted at most once per word, so that
            one loop does not outweigh a hundred good sentences (an utterance without words
            counts at most one error).
        better: as ``clipped``, against whichever of the intended and the verbatim text is closer
            (as in the second Speech Accessibility Project challenge); as ``clipped`` where no
            verbatim text is given.
        cer: character errors over characters, spaces included.
        meaning: mean similarity of sentence embeddings (-1 to 1), if asked for.
        loops: utterances with a loop (see ``has_loop``).
        runaways: utterances with more errors than words: mostly hallucinated text.
        substitutions, deletions, insertions: word errors by kind.
    """

    utterances: int
    speakers: int
    words: int
    wer: Interval
    clipped: Interval
    better: Interval
    cer: Interval
    meaning: Interval | None
    loops: int
    runaways: int
    substitutions: int
    deletions: int
    insertions: int
    counts: Counts = field(repr=False, compare=False)
    draws: dict[str, Floats] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Comparison:
    """A system against a baseline on the same utterances. Negative differences are fewer errors.

    ``relative`` is the relative WER reduction: 0.75 means three quarters of the errors are gone.
    ``loops`` is the difference in loops per utterance.
    """

    wer: Interval
    relative: Interval
    clipped: Interval
    relative_clipped: Interval
    better: Interval
    cer: Interval
    meaning: Interval | None
    loops: Interval


def score(
    references: Sequence[str],
    hypotheses: Sequence[str],
    speakers: Sequence[Hashable] | None = None,
    verbatim: Sequence[str | None] | None = None,
    meaning: Meaning | None = None,
    language: str = "en",
) -> Score:
    """Score ``hypotheses`` against ``references`` (the intended texts).

    Args:
        speakers: who spoke each; the bootstrap draws speakers, then their utterances. Without
            it, utterances only, which makes the intervals too narrow where a speaker has many.
        verbatim: what was really uttered, where it is known.
        meaning: compares texts pair by pair, for example ``training.meaning.similarity``.
        language: English texts get Whisper's English normaliser, all others its basic one.

    Raises:
        ScoreError: no texts, or lists of different lengths.
    """
    n = len(references)
    others = (hypotheses, speakers if speakers is not None else references, verbatim or references)
    if any(len(other) != n for other in others):
        raise ScoreError("References, hypotheses, speakers and verbatim texts must be lists of one length.")
    if n == 0:
        raise ScoreError("There is nothing to score: the list of utterances is empty.")
    intended = [normalise(text, language) for text in references]
    recognised = [normalise(text, language) for text in hypotheses]
    spoken = [None if text is None else normalise(text, language) for text in verbatim or [None] * n]

    words, subs, dels, inss = _word_errors(intended, recognised)
    clipped = _clip(subs + dels + inss, words)
    has_verbatim = np.array([text is not None for text in spoken])
    v_words, *v_errors = _word_errors([text or "" for text in spoken], recognised)
    best_errors, best_words = _better(clipped, words, _clip(np.sum(v_errors, axis=0), v_words), v_words, has_verbatim)
    names = {name: i for i, name in enumerate(dict.fromkeys(speakers if speakers is not None else [0] * n))}
    characters, character_errors = _character_errors(intended, recognised)
    loops = [has_loop(h, r, v or "") for h, r, v in zip(recognised, intended, spoken, strict=True)]
    return summarise(
        Counts(
            speaker=np.array([names[name] for name in (speakers if speakers is not None else [0] * n)]),
            words=words,
            substitutions=subs,
            deletions=dels,
            insertions=inss,
            clipped=clipped,
            characters=characters,
            character_errors=character_errors,
            best_errors=best_errors,
            best_words=best_words,
            loops=np.array(loops, dtype=np.float64),
            meaning=None if meaning is None else np.asarray(meaning(intended, recognised), dtype=np.float64),
        )
    )


def by_group(whole: Score, groups: Sequence[Hashable]) -> dict[Hashable, Score]:
    """Return the score of each group (cohort, severity bin, speaker, ...); None is no group."""
    labels = np.array(_index(groups))
    names = list(dict.fromkeys(groups))
    return {name: summarise(_select(whole.counts, labels == i)) for i, name in enumerate(names) if name is not None}


def compare(baseline: Score, system: Score) -> Comparison:
    """Compare two scores of the same utterances, in the same order, pair by pair.

    Raises:
        ScoreError: the two were made on different utterances.
    """
    a, b = baseline.counts, system.counts
    if not (np.array_equal(a.words, b.words) and np.array_equal(a.speaker, b.speaker)):
        raise ScoreError("These two scores are of different utterances: score both systems on the same list.")

    def difference(rate: str) -> Interval:
        old, new = _rates(baseline)[rate], _rates(system)[rate]
        return _interval(new[0] - old[0], new[1] - old[1])

    def relative(rate: str) -> Interval:
        old, new = _rates(baseline)[rate], _rates(system)[rate]
        return _interval(float(_divide(old[0] - new[0], old[0])), _divide(old[1] - new[1], old[1]))

    return Comparison(
        wer=difference("wer"),
        relative=relative("wer"),
        clipped=difference("clipped"),
        relative_clipped=relative("clipped"),
        better=difference("better"),
        cer=difference("cer"),
        meaning=None if a.meaning is None or b.meaning is None else difference("meaning"),
        loops=difference("loops"),
    )


def normalise(text: str, language: str = "en") -> str:
    """Return ``text`` as Whisper's normaliser for the language writes it."""
    return _normalise(text, language == "en")


def has_loop(text: str, *references: str, repeats: int = 3, longest: int = 10) -> bool:
    """Return whether words, or phrases of up to ``longest`` words, are repeated on and on.

    A loop is the same phrase at least ``repeats`` times in a row and more often than in any
    reference, or a word that goes round within itself ("frahfrahfrahfrahfrahfrah"). Somebody
    who really said "no no no" has not made the recogniser loop.
    """
    words = text.split()
    given = [reference.split() for reference in references]
    for n in range(1, min(longest, len(words) // repeats) + 1):
        found = _repeats(words, n)
        if found >= repeats and found > max((_repeats(reference, n) for reference in given), default=0):
            return True
    return any(_ROUND.search(word) and word not in " ".join(references) for word in words if not word.isdigit())


_ROUND = re.compile(r"(.{1,6}?)\1{5,}")


def _repeats(words: Sequence[str], n: int) -> int:
    """How often the most repeated phrase of ``n`` words comes in a row."""
    longest = run = 0
    for i in range(n, len(words)):
        run = run + 1 if words[i] == words[i - n] else 0
        longest = max(longest, run)
    return longest // n + 1 if words else 0


def summarise(counts: Counts, draws: int = DRAWS, seed: int = 0) -> Score:
    """Return the figures of ``counts`` with intervals; the same speakers and seed give the same draws."""
    weights = bootstrap_weights(counts.speaker, draws, seed)
    sums = counts.sums(np.vstack([np.ones_like(counts.words), weights]))
    rates = _rates_of(sums)
    return Score(
        utterances=len(counts.words),
        speakers=len(np.unique(counts.speaker)),
        words=int(counts.words.sum()),
        loops=int(counts.loops.sum()),
        runaways=int((counts.errors > counts.words).sum()),
        substitutions=int(counts.substitutions.sum()),
        deletions=int(counts.deletions.sum()),
        insertions=int(counts.insertions.sum()),
        counts=counts,
        draws=sums,
        **{
            name: _interval(rates[name][0], rates[name][1:]) if name in rates else None  # type: ignore[arg-type]
            for name in ("wer", "clipped", "better", "cer", "meaning")
        },
    )


def bootstrap_weights(speaker: NDArray[np.int64], draws: int, seed: int = 0) -> Floats:
    """How often each utterance is drawn: (draws, n).

    Speakers are drawn with replacement, then, for every time a speaker was drawn, as many of
    their utterances as they have, with replacement (the two-stage bootstrap for clustered data,
    Davison and Hinkley 1997, section 3.8).
    """
    rng = np.random.default_rng(seed)
    ids, sizes = np.unique(speaker, return_counts=True)
    times = rng.multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=draws)
    weights = np.zeros((draws, len(speaker)))
    for column, (name, size) in enumerate(zip(ids, sizes, strict=True)):
        drawn = rng.multinomial(times[:, column] * size, np.full(size, 1 / size))
        weights[:, np.flatnonzero(speaker == name)] = drawn
    return weights


def _word_errors(references: list[str], hypotheses: list[str]) -> tuple[Floats, Floats, Floats, Floats]:
    """Words, substitutions, deletions and insertions of each utterance."""
    import jiwer

    output = jiwer.process_words(references, hypotheses)
    counts = np.zeros((4, len(references)))
    counts[0] = [len(words) for words in output.references]
    rows = {"substitute": 1, "delete": 2, "insert": 3}
    for i, chunks in enumerate(output.alignments):
        for chunk in chunks:
            if chunk.type in rows:
                length = max(chunk.ref_end_idx - chunk.ref_start_idx, chunk.hyp_end_idx - chunk.hyp_start_idx)
                counts[rows[chunk.type], i] += length
    return counts[0], counts[1], counts[2], counts[3]


def _character_errors(references: list[str], hypotheses: list[str]) -> tuple[Floats, Floats]:
    """Characters and character errors of each utterance; jiwer's CER, without the alignments it also makes."""
    from rapidfuzz.distance import Levenshtein

    errors = [Levenshtein.distance(r, h) for r, h in zip(references, hypotheses, strict=True)]
    return np.array([len(r) for r in references], float), np.array(errors, float)


def _clip(errors: Floats, words: Floats) -> Floats:
    return np.minimum(errors, np.maximum(words, 1))


def _better(
    errors: Floats, words: Floats, v_errors: Floats, v_words: Floats, known: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Errors and words against the closer reference; the mean of both where they are equally close."""
    rate = _divide(errors, words, empty=np.inf)
    v_rate = np.where(known, _divide(v_errors, v_words, empty=np.inf), np.inf)
    share = np.where(v_rate < rate, 1.0, np.where((v_rate == rate) & known & (v_words > 0), 0.5, 0.0))
    return share * v_errors + (1 - share) * errors, share * v_words + (1 - share) * words


def _divide(a: Floats | float, b: Floats | float, empty: float = np.nan) -> Floats:
    a, b = np.asarray(a, float), np.asarray(b, float)
    out: Floats = np.full(np.broadcast(a, b).shape, empty)
    return np.divide(a, b, out=out, where=b != 0)


def _rates_of(sums: dict[str, Floats]) -> dict[str, Floats]:
    parts = {
        "wer": ("errors", "words"),
        "clipped": ("clipped", "words"),
        "better": ("best_errors", "best_words"),
        "cer": ("character_errors", "characters"),
        "meaning": ("meaning", "utterances"),
        "loops": ("loops", "utterances"),
    }
    return {name: _divide(sums[a], sums[b]) for name, (a, b) in parts.items() if a in sums}


def _rates(result: Score) -> dict[str, tuple[float, Floats]]:
    return {name: (float(rate[0]), rate[1:]) for name, rate in _rates_of(result.draws).items()}


def _interval(value: float, draws: Floats) -> Interval:
    draws = draws[np.isfinite(draws)]
    if not draws.size:
        return Interval(float(value), float("nan"), float("nan"))
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(value), float(low), float(high))


def _index(groups: Sequence[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(group, len(numbers)) for group in groups]


def _select(counts: Counts, mask: NDArray[np.bool_]) -> Counts:
    columns = {name: None if column is None else column[mask] for name, column in vars(counts).items()}
    return Counts(**columns)  # type: ignore[arg-type]


@lru_cache(maxsize=1 << 17)
def _normalise(text: str, english: bool) -> str:
    basic, full = _normalisers()
    if english:
        try:
            return str(full(text)).strip()
        except (AssertionError, ValueError):  # a loop of thousands of digits is too long a number for it
            pass
    return str(basic(text)).strip()


@cache
def _normalisers() -> tuple[Callable[[str], str], Callable[[str], str]]:
    from whisper_normalizer.basic import BasicTextNormalizer
    from whisper_normalizer.english import EnglishTextNormalizer

    return BasicTextNormalizer(), EnglishTextNormalizer()
