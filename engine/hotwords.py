"""Words that a person uses, preferred while the text is searched for (shallow fusion with a prefix tree).

A text that goes on with a token of a listed word gains by it, and loses that again where the word is not completed
(Zhao et al. 2019, "Shallow-Fusion End-to-End Contextual Biasing"; the tree as in k2's icefall). Words given as a prompt
instead change every text, also one that has none of them: docs/real-speech.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# Nats. What is a single token is a usual word, which may be heard in anything; what follows a name's first token is
# hardly ever said otherwise.
ALONE, FIRST, FURTHER = 2.0, 3.0, 5.0


@dataclass
class _Place:
    """A place in the tree: ``gained`` by its tokens, and what of that stays where the text goes on otherwise."""

    gained: float = 0.0
    kept: float = 0.0  # with the next word
    kept_within: float = 0.0  # with more of the same word: "Ann" is not in "Anna"
    next: dict[int, int] = field(default_factory=dict)


class HotWords:
    """The words as tokens. A *place* is how far a text has come into one of them; 0 is outside of all."""

    def __init__(self, words: Iterable[Sequence[int]], starts_word: Callable[[int], bool]) -> None:
        """``words``: the tokens of each, the leading space's included. ``starts_word``: does a token end the word
        before it?"""
        self._starts_word = starts_word
        self._places = [_Place()]
        for word in sorted({tuple(word) for word in words if word}, key=len):  # first what others may begin with
            place = 0
            for token in word:
                place = self._places[place].next.get(token) or self._grow(place, token, len(word) == 1)
            self._places[place].kept = self._places[place].gained

    def _grow(self, before: int, token: int, alone: bool) -> int:
        old = self._places[before]
        gain = ALONE if alone else FURTHER if before else FIRST
        kept = old.kept if self._starts_word(token) else old.kept_within
        self._places.append(_Place(old.gained + gain, kept, kept))
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
        back = (here.kept if self._starts_word(token) else here.kept_within) - here.gained
        begun = self._places[0].next.get(token, 0)
        return begun, back + self._places[begun].gained

    def likeliest(
        self,
        place: int,
        ids: NDArray[np.int64],
        scores: NDArray[np.float32],
        of: Callable[[list[int]], NDArray[np.float32]],
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k likeliest next tokens with what they gain at ``place``: what they score so (k,) and their ids (k,).

        ``ids`` (k,) and ``scores`` (k,) are the likeliest without; ``of`` gives the scores of others.
        """
        usual = ids.tolist()
        wanted = [token for token in {*self._places[place].next, *self._places[0].next} if token not in usual]
        tokens = [*usual, *wanted]
        change = np.array([self.after(place, token)[1] for token in tokens], dtype=np.float32)
        totals = np.concatenate([scores, of(wanted)]) + change
        best = np.argsort(-totals, kind="stable")[: len(usual)]
        return totals[best], np.array(tokens, dtype=np.int64)[best]

    def gained(self, tokens: Sequence[int]) -> float:
        """What a text has gained in all."""
        place, total = 0, 0.0
        for token in tokens:
            place, change = self.after(place, token)
            total += change
        return total
