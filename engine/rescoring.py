"""Which of the texts that were heard is kept: the search's own scores and a language model's, together.

N-best rescoring (Ostendorf et al. 1991), with the text before for what is talked about. It can only choose among what
Whisper heard in the sound: no word is written that the search did not find there, and at most one is left out. The
weights were chosen on simulated development people (docs/experiments.md, thirteenth round).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Of texts, as what comes after another one, in nats
Likelihood = Callable[[Sequence[str], str], NDArray[np.float64]]


@dataclass(frozen=True)
class Rescoring:
    """``doubt``: the average log-probability below which the language model is asked at all. ``weight``: what its
    nats count against the search's; ``word``: nats that every word gains, for both of them prefer fewer; ``fewer``: by
    how many words a text may be shorter than the one that would be kept without."""

    doubt: float = -0.2
    weight: float = 0.3
    word: float = 0.5
    fewer: int = 1


@dataclass(frozen=True)
class Reading:
    """One text that was heard, and the log-probability of all of its tokens together."""

    text: str
    score: float


def best_reading(readings: Sequence[Reading], likelihood: Likelihood, before: str, rules: Rescoring) -> int:
    """Which of ``readings`` is likeliest to the search and the language model together; the first would be kept without
    the language model."""
    least = len(readings[0].text.split()) - rules.fewer
    possible = [place for place, one in enumerate(readings) if len(one.text.split()) >= least]
    texts = list(dict.fromkeys(readings[place].text for place in possible))
    if len(texts) == 1 or not readings[0].text:
        return 0
    known = dict(zip(texts, likelihood(texts, before), strict=True))

    def score(place: int) -> float:
        one = readings[place]
        return one.score + rules.weight * float(known[one.text]) + rules.word * len(one.text.split())

    return max(possible, key=score)  # of equals the first
