"""What a hypernetwork file says about the voices of its training: how far a new one lies from them, and a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
COMPONENTS = 16
POINTS = 400


def voice_tensors(
    heard: Array, cohorts: Sequence[str], mean: Array, std: Array, seed: int = 0
) -> tuple[dict[str, Array], list[str]]:
    """``voices.*`` for ``Hypernetwork.distance`` and ``map.*`` for its picture, with the picture's labels.

    ``heard`` (n, d): embeddings of training, with the cohort of each; ``mean`` and ``std`` (d,) are those that the
    hypernetwork standardises with.
    The distance is Mahalanobis' in the leading principal components of the standardised
    embeddings, with what lies outside them measured against its own spread; ``edge`` is
    chosen so that 99 of 100 training utterances are nearer than 1.
    """
    embeddings = heard.astype(np.float64)
    x = (embeddings - mean) / std
    k = max(1, min(COMPONENTS, len(x) - 1, x.shape[1]))
    components = np.linalg.svd(x, full_matrices=False)[2][:k]
    z = x @ components.T
    centre, spread = z.mean(0), np.maximum(z.std(0), 1e-6)
    outside = np.square(x - z @ components).sum(1)
    residual = max(float(outside.mean()), 1e-9)
    squared = (np.square((z - centre) / spread).sum(1) + k * outside / residual) / (2 * k)
    edge = max(float(np.quantile(np.sqrt(squared), 0.99)), 1e-6)
    rng = np.random.default_rng(seed)
    shown = np.sort(rng.permutation(len(x))[:POINTS])
    flat = np.zeros((2, len(mean)))  # projects (embedding - mean); two utterances lie on a line
    flat[: min(2, k)] = components[:2] / std
    tensors = {
        "voices.components": components,
        "voices.centre": centre,
        "voices.spread": spread,
        "voices.residual": np.array([residual]),
        "voices.edge": np.array([edge]),
        "map.points": (embeddings[shown] - mean) @ flat.T,
        "map.mean": mean,
        "map.components": flat,
    }
    labels = [cohorts[int(n)] for n in shown]
    return {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in tensors.items()}, labels
