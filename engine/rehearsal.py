"""The text of speech that may not be over yet, kept for when it turns out to have been over: it is made only once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import SAMPLE_RATE, duration, load_audio
from engine.errors import AudioError
from engine.options import TranscribeOptions
from engine.transcript import Transcript
from engine.vad import LONGEST_CHUNK, VadOptions, spans_of, speech_probabilities

_QUIET = 0.1  # seconds without a voice at a rehearsal's end: what was said had been said


@dataclass(frozen=True)
class Rehearsal:
    """``transcript`` of the float32 ``samples`` (n,) at 16 kHz that had been recorded when it was made."""

    samples: NDArray[np.float32]
    options: TranscribeOptions
    transcript: Transcript

    def text_of(self, audio: Path | NDArray[np.float32], options: TranscribeOptions) -> Transcript | None:
        """The transcript of ``audio`` where that goes on from the rehearsal and nobody spoke any more; else None."""
        if options != self.options:
            return None
        try:
            if not isinstance(audio, np.ndarray) and duration(audio) > LONGEST_CHUNK:
                return None
            samples = audio if isinstance(audio, np.ndarray) else load_audio(audio)
        except (AudioError, OSError, MemoryError):
            return None  # whoever writes it down says what is wrong
        heard = self.samples.size
        if samples.size > LONGEST_CHUNK * SAMPLE_RATE or not np.array_equal(samples[:heard], self.samples):
            return None
        vad = VadOptions(pause=options.pause, padding=0.0)
        spans = spans_of(speech_probabilities(samples), samples.size, vad)
        if not spans or spans[-1].end > heard / SAMPLE_RATE - _QUIET:
            return None
        return replace(self.transcript, duration=samples.size / SAMPLE_RATE)
