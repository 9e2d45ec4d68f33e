"""Damaged files, the same every time, and a process of its own to open them in.

Used for recordings and for model files alike: ``damaged(data, seed)`` breaks a file,
``survey(check, files)`` opens many and says which crashed, hung or raised what they may not.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

Case = TypeVar("Case")

_TELLING = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x01")


def damaged(data: bytes, seed: int, header: int = 512) -> bytes:
    """``data`` broken in one to four ways, mostly in its first ``header`` bytes, where the lengths and sizes are."""
    rng = random.Random(seed)
    broken = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        end = len(broken) if rng.random() < 0.3 else min(header, len(broken))
        if end < 8:
            break
        at = rng.randrange(end)
        match rng.randrange(8):
            case 0:  # a flipped bit
                broken[at] ^= 1 << rng.randrange(8)
            case 1:  # a few random bytes
                broken[at : at + 4] = rng.randbytes(4)
            case 2:  # a size field of all zeros, all ones, the largest or smallest number
                width = rng.choice((2, 4, 8))
                broken[at : at + width] = rng.choice(_TELLING) * width
            case 3:  # cut off
                del broken[rng.randrange(len(broken)) :]
            case 4:  # a piece is missing
                del broken[at : at + rng.randint(1, 64)]
            case 5:  # a piece is there twice
                broken[at:at] = broken[at : at + rng.randint(1, 64)]
            case 6:  # a block of the disk was lost
                length = rng.randint(16, 512)
                broken[at : at + length] = bytes(length)
            case 7:  # two pieces changed places
                other, length = rng.randrange(end), rng.randint(4, 32)
                first, second = broken[at : at + length], broken[other : other + length]
                broken[at : at + len(second)], broken[other : other + len(first)] = second, first
    return bytes(broken)


def survey(
    check: Callable[[Case], str], cases: Sequence[Case], seconds_each: float = 10.0
) -> tuple[list[str], list[str]]:
    """Run ``check`` on every case in a child process: what it returned, and what went wrong.

    ``check`` is a function of a module; anything it raises, a crash of the process and
    more than ``seconds_each`` for one case are failures, told with the case's number.
    """
    context = multiprocessing.get_context("spawn")
    outcomes: list[str] = []
    failures: list[str] = []
    position = 0
    while position < len(cases):
        ours, theirs = context.Pipe()
        child = context.Process(target=_run, args=(check, cases[position:], theirs), daemon=True)
        child.start()
        theirs.close()
        try:
            while position < len(cases):
                # The first answer also waits for the child's imports.
                if not ours.poll(seconds_each + 20.0 * (len(outcomes) == 0)):
                    failures.append(f"case {position}: more than {seconds_each:g} seconds")
                    position += 1
                    break
                kind, text = ours.recv()
                (outcomes if kind == "ok" else failures).append(text if kind == "ok" else f"case {position}: {text}")
                position += 1
        except EOFError:
            child.join()
            failures.append(f"case {position}: the process ended with code {child.exitcode}")
            position += 1
        finally:
            child.kill()
            child.join()
            ours.close()
    return outcomes, failures


def _run(check: Callable[[Case], str], cases: Sequence[Case], answers: Connection) -> None:
    with contextlib.suppress(BrokenPipeError):
        for case in cases:
            try:
                answers.send(("ok", check(case)))
            except Exception as error:  # noqa: BLE001 - telling which is the purpose
                answers.send(("raised", f"{type(error).__name__}: {error}"))
