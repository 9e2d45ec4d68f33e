"""What every command of training does with trouble: one sentence, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable

from engine.errors import IdiolectError


def guarded(command: Callable[[], int]) -> int:
    """The exit code of ``command``: its own, 1 where it told of trouble, 130 where somebody stopped it."""
    try:
        return command()
    except IdiolectError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Call it again to go on.", file=sys.stderr)
        return 130
