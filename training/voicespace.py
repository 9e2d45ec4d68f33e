"""The directions of the speaker embedding in which people differ more than their own utterances do.

Nine tenths of the variance of a short utterance's embedding lie between utterances of the same
person: the embedding tells the words at least as much as the voice. A generator that sees all of
it learns the words. Linear discriminant analysis (Fisher 1936), with the within-speaker covariance
shrunk towards a multiple of the identity (Ledoit and Wolf 2004, here with a fixed share), finds
the few directions that tell people apart; no cohort or severity is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import OptionError

SHRINKAGE = 0.3


def voice_directions(embeddings: NDArray[np.float32], speakers: Sequence[Hashable], count: int) -> NDArray[np.float32]:
    """Standardised embeddings (n, d) and who spoke them to ``count`` directions (count, d), best first.

    A projected embedding has variance 1 in every direction.

    Raises:
        OptionError: fewer than two people have two utterances, or ``count`` is above d.
    """
    of_speaker: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, speaker in enumerate(speakers):
        of_speaker[speaker].append(number)
    several = [numbers for numbers in of_speaker.values() if len(numbers) > 1]
    if len(several) < 2 or count > embeddings.shape[1]:
        raise OptionError("Telling voices apart takes two people with two utterances each: leave --voices at 0.")
    x = embeddings.astype(np.float64)
    residual = np.concatenate([x[numbers] - x[numbers].mean(0) for numbers in several])
    within = residual.T @ residual / (len(residual) - len(several))
    d = len(within)
    within = (1 - SHRINKAGE) * within + SHRINKAGE * np.trace(within) / d * np.eye(d)
    total = np.cov(x.T)
    whiten = np.linalg.inv(np.linalg.cholesky(within))
    vectors = np.linalg.eigh(whiten @ total @ whiten.T)[1][:, ::-1]
    directions = (vectors.T @ whiten)[:count]
    spread = np.sqrt(np.maximum(np.einsum("kd,de,ke->k", directions, total, directions), 0))
    # Fewer utterances than directions: what is left over says nothing.
    known = spread > 1e-3 * spread.max()
    return np.where(known[:, None], directions / np.where(known, spread, 1)[:, None], 0).astype(np.float32)
