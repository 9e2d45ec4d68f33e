"""Where the packaged app starts: with arguments the command line, without the window.

The engine's process and multiprocessing's helpers start here too: ``freeze_support``
knows them by their arguments and does not return.
"""

import multiprocessing
import os
import sys


def _restore_environment() -> None:
    """Programs of the system that we start (wl-copy, spd-say, pactl) must find their own libraries, not ours."""
    if sys.platform == "linux":
        original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        if original is not None:
            os.environ["LD_LIBRARY_PATH"] = original
        else:
            os.environ.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    _restore_environment()
    multiprocessing.freeze_support()
    from engine.cli import main

    sys.exit(main())
