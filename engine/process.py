"""What the process that decodes is told about its memory and threads. docs/benchmarks.md has the figures.

Loading the adapted ``ct2`` decoder allocates some 60 MB for every utterance. By default glibc maps and
unmaps it each time, and the page faults take longer (about 50 ms) than all the copying (about 10 ms).

CTranslate2, ONNX Runtime and numpy's BLAS each have threads of their own, and whichever has just
finished waits for more work by spinning: it takes a core from the next. On two cores that was a third
of an utterance's time.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from threadpoolctl import threadpool_limits

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # malloc.h


def settle() -> None:
    """Keep freed memory for the next utterance, and numpy's products on the thread that asks for them."""
    _keep_freed_memory()
    threadpool_limits(limits=1, user_api="blas")


def give_back() -> None:
    """Give freed memory back to the system: after what is done once, such as building an encoder (240 MB)."""
    trim = _malloc("malloc_trim")
    if trim is not None:
        trim(0)


def _keep_freed_memory() -> None:
    """Tell glibc's malloc to reuse memory; does nothing on other systems."""
    mallopt = _malloc("mallopt")
    if mallopt is None:
        return
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
    mallopt(_M_TOP_PAD, 64 << 20)


def _malloc(name: str) -> Any | None:
    """A function of glibc's malloc; None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):  # musl
        return None
