"""Corrections: which can be learnt from, with their sound, and why the others cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import load_audio
from engine.errors import AudioError
from training.learning.options import LearnError
from training.manifest import Utterance, read_manifest, sentence_key

Array = NDArray[np.float32]
SHORTEST, LONGEST = 0.4, 28.0  # seconds
_SILENT = 1e-4  # of full scale: nobody's speech is that weak


@dataclass(frozen=True)
class Correction:
    """A recording, float32 (n,) at 16 kHz, and what was meant."""

    audio: Array
    text: str


def read_corrections(manifest: Path) -> tuple[list[Correction], dict[str, int]]:
    """The corrections of ``manifest`` that can be used, and how many cannot for which reason.

    Raises:
        LearnError: there is no manifest.
        ManifestError: it cannot be read. A damaged line costs that line only.
    """
    if not manifest.exists():
        raise LearnError("There are no corrections to learn from yet: correct some dictations first.")
    damaged: list[int] = []
    kept, left = usable(read_manifest(manifest, damaged))
    return kept, left | ({"the line in the list is damaged": len(damaged)} if damaged else {})


def usable(utterances: Sequence[Utterance]) -> tuple[list[Correction], dict[str, int]]:
    """Those that can be learnt from, with their sound, and how many cannot for which reason.

    Of several corrections of one recording the last counts.
    """
    kept: dict[bytes, Correction] = {}
    left: Counter[str] = Counter()
    for utterance in {str(utterance.audio): utterance for utterance in utterances}.values():
        if not sentence_key(utterance.text):
            left["the text is empty"] += 1
            continue
        try:
            audio = load_audio(utterance.audio)
        except (AudioError, OSError):
            left["the recording is gone or damaged"] += 1
            continue
        if not SHORTEST <= audio.size / 16000 <= LONGEST:
            left[f"shorter than {SHORTEST:g} s or longer than {LONGEST:g} s"] += 1
        elif np.abs(audio).max() < _SILENT:
            left["the recording is silent"] += 1
        else:
            kept[audio.tobytes()] = Correction(audio, utterance.text.strip())
    return list(kept.values()), dict(left)


def folds_of(count: int, folds: int, seed: int) -> list[list[int]]:
    """``count`` numbers dealt into ``folds`` parts at random, each in order."""
    order = np.random.default_rng(seed).permutation(count)
    return [sorted(int(n) for n in order[start::folds]) for start in range(folds)]
