"""PortAudio, started so that no program that died can keep it from starting.

On Linux PortAudio asks for a JACK server each time it starts, and JACK's library then opens a database in ``/dev/shm``
that all programs share. Whoever is killed in the middle of that leaves a lock in it for which every later program waits
for ever; whoever ends without warning often enough fills it (jackaudio/jack2 issues 647 and 988). Where no JACK server
runs nobody needs the database, so it is thrown away first.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

LOCK = threading.RLock()  # PortAudio is started, and streams are opened, by one thread at a time
_SHARED = Path("/dev/shm")


def portaudio() -> Any:
    """The module ``sounddevice``, with PortAudio started. May take a while the first time.

    Raises:
        OSError: PortAudio is not installed.
    """
    if "sounddevice" not in sys.modules:  # later nobody waits here for a thread that a driver keeps
        with LOCK:
            forget_jack()
            import sounddevice
    import sounddevice

    return sounddevice


def start_again() -> None:
    """Make PortAudio look again for devices: it freezes its list. Only while nothing is recorded or played."""
    sounddevice = portaudio()
    with LOCK:
        sounddevice._terminate()
        forget_jack()
        sounddevice._initialize()


def forget_jack(shared: Path = _SHARED, sockets: Path = Path("/proc/net/unix")) -> None:
    """Delete JACK's database in ``shared``, unless a JACK server listens there."""
    if not sys.platform.startswith("linux"):
        return
    try:
        if f"{shared}/jack_" in sockets.read_text("utf-8", errors="replace"):
            return
    except OSError:
        return
    left = shared / f"jack_db-{os.getuid()}"
    with suppress(OSError):  # there is none, or another program starts just now
        for file in left.iterdir():
            file.unlink()
        left.rmdir()
