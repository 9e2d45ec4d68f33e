"""The speaker embedding: pooled encoder states of the frames in which somebody speaks.

Mean and standard deviation over time of the last encoder layer's states; the paper found
Whisper's own encoder a better source than speaker-verification embeddings. Frames of
silence are left out: they tell the room and the microphone, not the voice (arXiv 2211.08833).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.context import FRAME, clip_frames
from engine.vad import VadOptions, spans_of, speech_probabilities

_SPEECH = VadOptions(pause=0.3, padding=0.0, min_speech=0.06)
_FEWEST = 10  # frames, 0.2 s: with less speech than this every frame of the clip counts


def speech_frames(audio: NDArray[np.float32], probabilities: list[float] | None = None) -> NDArray[np.bool_]:
    """Which 20 ms frames of ``audio`` (float32 (n,), 16 kHz) hold speech: bool (clip_frames,).

    ``probabilities``: what ``speech_probabilities`` says of ``audio``, where it has been asked already.
    """
    mask = np.zeros(clip_frames(audio.size), dtype=np.bool_)
    found = speech_probabilities(audio) if probabilities is None else probabilities
    for span in spans_of(found, audio.size, _SPEECH):
        mask[int(span.start * 16000 / FRAME) : int(np.ceil(span.end * 16000 / FRAME))] = True
    return mask


def speaker_embedding(states: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Encoder states (t, d_model) and ``speech_frames`` of the same clip: float32 (2 * d_model,)."""
    clip = states[: mask.size]
    speech = clip[mask[: len(clip)]]
    if len(speech) < _FEWEST:
        speech = clip
    return np.concatenate([speech.mean(axis=0), speech.std(axis=0)]).astype(np.float32)
