"""What the engine gives back. Plain frozen data: it is pickled between processes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Word:
    """One written word. ``start`` and ``end`` in seconds of the recording; ``confidence`` 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True)
class Alternative:
    """Another reading of the same utterance; ``score`` is its average token log-probability."""

    text: str
    score: float


@dataclass(frozen=True)
class Adaptation:
    """What personalization did to one utterance.

    ``strength`` is the scale that was really used (0: plain Whisper) and ``reason`` says
    in one plain sentence why. ``layers`` holds, per decoder layer, the Frobenius norm of
    the change of W1 relative to W1. ``distance`` is how far the voice lies from those
    seen in training (1.0: the edge of the familiar). ``embedding`` is the speaker
    embedding, float32 (2 * d_model,).
    """

    strength: float = 0.0
    reason: str = ""
    decoded_both: bool = False
    distance: float = 0.0
    layers: tuple[float, ...] = ()
    embedding: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Segment:
    """One utterance: at most 28 s of audio between pauses. Times in seconds."""

    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    adaptation: Adaptation
    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    unadapted_text: str | None = None  # where it was decoded too
    flags: tuple[str, ...] = ()  # which guards fired, e.g. "loop", "low score"
    tokens: tuple[int, ...] = ()


@dataclass(frozen=True)
class Timings:
    """Seconds of wall clock spent in each part, summed over the segments."""

    mel: float = 0.0
    encode: float = 0.0
    adapt: float = 0.0  # hypernetwork, merge and swap
    decode: float = 0.0
    total: float = 0.0
    embed: float = 0.0  # speaker embedding


@dataclass(frozen=True)
class Transcript:
    """A recording written down. ``duration`` in seconds."""

    segments: tuple[Segment, ...]
    duration: float
    language: str
    model: str
    device: str  # the device really used, e.g. "cpu int8"
    timings: Timings = field(default_factory=Timings)

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments if segment.text)

    @property
    def unadapted_text(self) -> str | None:
        """The text without personalization, or None where it was not asked for."""
        if any(segment.unadapted_text is None for segment in self.segments):
            return None
        return " ".join(segment.unadapted_text for segment in self.segments if segment.unadapted_text)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words)
