"""``python tests/espeak.py VOICE WORDS_PER_MINUTE PITCH < TEXT``: a line with the rate, then eSpeak NG's int16 samples.

The library is the one in the ``espeakng-loader`` wheel; no program is needed.
"""

from __future__ import annotations

import ctypes
import sys

import espeakng_loader

_RETRIEVAL = 1  # give samples to the callback instead of playing them
_UTF8 = 1
_RATE, _PITCH = 1, 3  # espeak_PARAMETER

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main(voice: str, words_per_minute: int, pitch: int) -> None:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    assert rate > 0, "eSpeak NG did not start"
    spoken = bytearray()

    @_Callback
    def receive(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            spoken.extend(ctypes.string_at(samples, 2 * count))
        return 0

    library.espeak_SetSynthCallback(receive)
    assert library.espeak_SetVoiceByName(voice.encode()) == 0
    library.espeak_SetParameter(_RATE, words_per_minute, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    data = sys.stdin.buffer.read() + b"\0"
    assert library.espeak_Synth(data, len(data), 0, 0, 0, _UTF8, None, None) == 0
    library.espeak_Synchronize()
    sys.stdout.buffer.write(f"{rate}\n".encode() + spoken)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
