"""Speech for the tests of the app: sentences in WAV files, to be played into the microphone."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.audio import SAMPLE_RATE, write_wav
from tests import speech


def say(path: Path, text: str, speed: int = 150) -> Path:
    """Speak ``text`` into a 16 kHz WAV at ``path``, with a little silence around it."""
    spoken = speech.say(text, voice="en-us+f3", words_per_minute=speed)
    write_wav(path, np.pad(spoken, (SAMPLE_RATE // 5, 3 * SAMPLE_RATE // 10)))
    return path
