"""Work beside the window in threads that end before Python does.

A thread that is in the middle of a library's C++ when Python goes away takes the whole program down with it
("terminate called without an active exception"). So the end of the program waits for them, a little: long work asks
``ending`` now and then, and what never returns (a driver whose device is gone) does not keep the program.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable

ending = threading.Event()  # the program is about to end: whatever is not done is not needed any more
_PATIENCE = 5.0  # seconds
_running: set[threading.Thread] = set()


def start(name: str, work: Callable[[], object]) -> threading.Thread:
    """Do ``work`` in a thread of its own."""

    def run() -> None:
        try:
            work()
        finally:
            _running.discard(threading.current_thread())

    thread = threading.Thread(target=run, name=name, daemon=True)
    _running.add(thread)
    thread.start()
    return thread


@atexit.register
def _wait() -> None:
    ending.set()
    end = time.monotonic() + _PATIENCE
    for thread in list(_running):
        thread.join(max(0.0, end - time.monotonic()))
