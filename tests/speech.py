"""Speech for tests, spoken by eSpeak NG (the library in the ``espeakng-loader`` wheel; no program is needed)."""

from __future__ import annotations

import ctypes
from functools import cache

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from engine.audio import clean

_RETRIEVAL = 1  # give samples to the callback instead of playing them
_UTF8 = 1
_RATE, _PITCH = 1, 3  # espeak_PARAMETER

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@cache
def say(text: str, voice: str = "en-us", words_per_minute: int = 150, pitch: int = 50) -> NDArray[np.float32]:
    """``text`` spoken: float32 (n,) at 16 kHz. Its noise differs with what the process has spoken before."""
    library, rate = _library()
    spoken: list[NDArray[np.int16]] = []

    @_Callback
    def receive(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            spoken.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    library.espeak_SetSynthCallback(receive)
    assert library.espeak_SetVoiceByName(voice.encode()) == 0
    library.espeak_SetParameter(_RATE, words_per_minute, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    data = text.encode() + b"\0"
    assert library.espeak_Synth(data, len(data), 0, 0, 0, _UTF8, None, None) == 0
    library.espeak_Synchronize()
    audio = clean(np.concatenate(spoken), rate)
    audio.flags.writeable = False  # it is shared by every test
    return audio


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    assert rate > 0, "eSpeak NG did not start"
    return library, rate
