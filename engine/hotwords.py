"""Words that a person uses, preferred while the text is searched for (shallow fusion with a prefix tree).

A text that goes on with a token of a listed word gains by it, and loses that again where the word is not completed
(Zhao et al. 2019, "Shallow-Fusion End-to-End Contextual Biasing"; the tree as in k2's icefall). Words given as a prompt
instead change every text, also one that has none of them: docs/real-speech.md has the figures.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# Nats: for the first token of a word, for each one more, and at most for all of it. What is a single token is a usual
# word, which may be heard in anything; what follows a name's first token is hardly ever said otherwise.
FIRST, FURTHER, MOST = 3.0, 5.0, 16.0


@dataclass
class _Place:
    """A place in the tree: ``gained`` by its tokens, and what of that is kept if the next word begins here."""

    gained: float = 0.0
    kept: float = 0.0
    next: dict[int, int] = field(default_factory=dict)


class HotWords:
    """Single words as tokens. A *place* is how far a text has come into one of them; 0 is outside of all."""

    def __init__(self, words: Iterable[Sequence[int]], starts_word: Callable[[int], bool]) -> None:
        """``words``: the tokens of each, the leading space's included. ``starts_word``: does a token end the word
        before it?"""
        self._starts_word = functools.cache(starts_word)
        self._places = [_Place()]
        for word in sorted({tuple(word) for word in words if word}, key=len):  # first what others may begin with
            place = 0
            for token in word:
                place = self._places[place].next.get(token) or self._grow(place, token)
            self._places[place].kept = self._places[place].gained

    def _grow(self, before: int, token: int) -> int:
        old = self._places[before]
        gained = min(MOST, old.gained + FURTHER) if before else FIRST
        self._places.append(_Place(gained, old.kept if self._starts_word(token) else 0.0))
        old.next[token] = len(self._places) - 1
        return old.next[token]

    @property
    def tokens(self) -> set[int]:
        return {token for place in self._places for token in place.next}

    def after(self, place: int, token: int) -> tuple[int, float]:
        """Where a text at ``place`` is after ``token``, and what it gains (or gives back)."""
        here = self._places[place]
        on = here.next.get(token)
        if on is not None:
            return on, self._places[on].gained - here.gained
        kept = here.kept if self._starts_word(token) else 0.0  # "Ann" is not in "Anna"
        begun = self._places[0].next.get(token, 0)
        return begun, kept - here.gained + self._places[begun].gained

    def is_within(self, place: int) -> bool:
        """Whether a word has been begun there that is not complete."""
        return self._places[place].kept < self._places[place].gained

    def likeliest(
        self,
        place: int,
        ids: NDArray[np.int64],
        scores: NDArray[np.float32],
        of: Callable[[list[int]], NDArray[np.float32]],
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k likeliest next tokens with what they gain at ``place``: what they score so (k,) and their ids (k,).
        Half of them at most are within words, as long as there are others.

        ``ids`` (k,) and ``scores`` (k,) are the likeliest without; ``of`` gives the scores of others.
        """
        usual = ids.tolist()
        wanted = [token for token in {*self._places[place].next, *self._places[0].next} if token not in usual]
        tokens = [*usual, *wanted]
        moves = [self.after(place, token) for token in tokens]
        totals = np.concatenate([scores, of(wanted)]) + np.array([change for _, change in moves], dtype=np.float32)
        order = np.argsort(-totals, kind="stable").tolist()
        begun = [number for number in order if self.is_within(moves[number][0])]
        last = set(begun[len(usual) // 2 :])  # room is left for what was said
        best = sorted(order, key=lambda number: number in last)[: len(usual)]
        return totals[best], np.array(tokens, dtype=np.int64)[best]

    def found(self, tokens: Sequence[int]) -> tuple[float, list[bool]]:
        """What a finished text of ``tokens`` has gained in all, and which of them are in listed words."""
        place, total, start = 0, 0.0, 0
        inside = [False] * len(tokens)
        for number, token in enumerate([*tokens, None]):
            here = self._places[place]
            if token is None or token not in here.next:
                kept = here.kept if token is None or self._starts_word(token) else 0.0
                if kept:
                    total += kept
                    inside[start:number] = [True] * (number - start)
                start = number
                place = 0 if token is None else self._places[0].next.get(token, 0)
            else:
                start = start if place else number
                place = here.next[token]
        return total, inside
