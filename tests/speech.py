"""Speech for tests, spoken by eSpeak NG: the same words are the same samples, always."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import clean

_ESPEAK = Path(__file__).with_name("espeak.py")


@cache
def say(text: str, voice: str = "en-us", words_per_minute: int = 150, pitch: int = 50) -> NDArray[np.float32]:
    """``text`` spoken: float32 (n,) at 16 kHz.

    In a process of its own: eSpeak's noise depends on what a process has spoken before, so what a test hears would
    depend on which tests ran before it.
    """
    command = [sys.executable, str(_ESPEAK), voice, str(words_per_minute), str(pitch)]
    spoken = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    rate, _, samples = spoken.partition(b"\n")
    audio = clean(np.frombuffer(samples, dtype="<i2"), int(rate))
    audio.flags.writeable = False  # it is shared by every test
    return audio
