"""Keeps freed memory for the next utterance instead of giving it back to the system.

Loading the adapted decoder allocates some 60 MB for every utterance. By default glibc
maps and unmaps it each time, and the page faults take longer (about 50 ms) than all the
copying (about 10 ms). docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # malloc.h


def keep_freed_memory() -> None:
    """Tell glibc's malloc to reuse memory; does nothing on other systems."""
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # musl
        return
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
    mallopt(_M_TOP_PAD, 64 << 20)
