"""Beam search over a decoder step, as CTranslate2 and Whisper do it. numpy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# (tokens (beams,), parents (beams,)) to (log-probabilities (beams, k), token ids (beams, k)), best first
Step = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.float32], NDArray[np.int64]]]

_ASKED = 16  # tokens from one look at whether there is hope to the next


@dataclass(frozen=True)
class Beam:
    """Text tokens and the sum of their log-probabilities, the end token's included where there is one."""

    tokens: tuple[int, ...]
    score: float


def beam_search(
    first: tuple[NDArray[np.float32], NDArray[np.int64]],
    step: Step,
    beams: int,
    end: int,
    longest: int,
    hopeless: Callable[[tuple[int, ...]], bool] = lambda tokens: False,
    within: Callable[[int, int], bool] = lambda beam, token: False,
    gained: Callable[[tuple[int, ...]], float] = lambda tokens: 0.0,
) -> list[Beam]:
    """The finished hypotheses, best first, at least one.

    They are compared by the score per token, the end token not counted (CTranslate2).

    Args:
        first: log-probabilities (k,) and ids (k,) of the first token, best first, k at least ``2 * beams``.
        step: one more token for every live beam.
        beams: hypotheses kept alive; the search ends when as many have ended (a patience of 1).
        end: the id of the end token.
        longest: tokens after which everything ends, the end token not counted.
        hopeless: whether nothing that begins with these tokens will be used. Where that is so of every live beam the
            search ends, as at ``longest``; asked every sixteen tokens.
        within: whether a live beam would with this token be within a preferred word that is not complete: of such
            there are at most half, lest they crowd out what was said.
        gained: what a finished text's score holds for preferred words. All texts gain alike by them, long or short; the
            scores of those that are returned are without.
    """
    finished: list[Beam] = []
    scores, tokens = first
    # candidates, best first: (score, parent, token)
    candidates = [(float(s), 0, int(t)) for s, t in zip(scores, tokens, strict=True)]
    alive = [Beam((), 0.0)]
    for length in range(1, longest + 1):
        kept: list[Beam] = []
        parents: list[int] = []
        begun = refused = 0
        for place, (score, parent, token) in enumerate(candidates):
            if token == end:
                if place - refused < beams:  # an end that is less likely than every live beam is not one
                    finished.append(Beam(alive[parent].tokens, score))
            elif len(kept) < beams:
                inside = within(parent, token)
                if inside and begun >= (beams + 1) // 2:
                    refused += 1
                    continue
                begun += inside
                kept.append(Beam((*alive[parent].tokens, token), score))
                parents.append(parent)
        alive = kept
        if len(finished) >= beams or not alive:
            break
        if length == longest or (length % _ASKED == 0 and all(hopeless(beam.tokens) for beam in alive)):
            finished += alive
            break
        found, ids = step(np.array([beam.tokens[-1] for beam in alive], np.int64), np.array(parents, np.int64))
        totals = found + np.array([[beam.score] for beam in alive], dtype=np.float32)
        best = np.argsort(-totals.ravel(), kind="stable")
        candidates = [
            (float(totals.flat[index]), int(index // totals.shape[1]), int(ids.flat[index])) for index in best
        ]
    found_all = [(beam, gained(beam.tokens)) for beam in finished or alive]
    most = max(1, *(len(beam.tokens) for beam, _ in found_all))
    found_all.sort(key=lambda pair: -((pair[0].score - pair[1]) / max(1, len(pair[0].tokens)) + pair[1] / most))
    return [Beam(beam.tokens, beam.score - gain) for beam, gain in found_all]
