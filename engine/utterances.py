"""A recording cut into the stretches of speech that are written down one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import SAMPLE_RATE, load_audio, stream_audio
from engine.embedding import speech_frames
from engine.silero import CHUNK
from engine.vad import LONGEST_CHUNK, VadOptions, chunks, spans_of, speech_probabilities

Samples = NDArray[np.float32]
_KEPT_AROUND = 1.0  # seconds of silence left before and after the speech of a short clip


@dataclass(frozen=True)
class Spoken:
    """A stretch of speech of a recording: where it starts, in seconds, and which of its 20 ms frames hold speech."""

    start: float
    samples: Samples
    frames: NDArray[np.bool_]


def utterances(audio: Path | str | Samples, total: float, pause: float) -> Iterator[Spoken]:
    """Every stretch of speech, none longer than 28 s.

    A short recording stays in one piece however long its pauses are; a long one is read
    in blocks and cut at pauses, so that memory does not grow with its length.
    """
    vad = VadOptions(pause=pause)
    if isinstance(audio, np.ndarray):
        samples: Samples | None = audio
    else:
        # may turn out longer: a header need not be right
        samples = load_audio(audio) if total <= LONGEST_CHUNK else None
    if samples is not None and samples.size <= LONGEST_CHUNK * SAMPLE_RATE:
        probabilities = speech_probabilities(samples)
        spans = spans_of(probabilities, samples.size, vad)
        if spans:
            first = max(0, int((spans[0].start - _KEPT_AROUND) * SAMPLE_RATE)) // CHUNK
            last = int((spans[-1].end + _KEPT_AROUND) * SAMPLE_RATE) // CHUNK + 1
            kept = samples[first * CHUNK : last * CHUNK]
            yield Spoken(first * CHUNK / SAMPLE_RATE, kept, speech_frames(kept, probabilities[first:last]))
        return
    blocks = iter([audio]) if isinstance(audio, np.ndarray) else stream_audio(audio)
    for start, piece in chunks(blocks, vad):
        yield Spoken(start, piece, speech_frames(piece))
