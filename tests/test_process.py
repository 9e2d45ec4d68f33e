"""What the engine's process keeps of its memory, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

HELD = """
from engine.process import give_back, settle

def held():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmRSS"))

settle()
before = held()
blocks = [b"x" * 50_000 for _ in range(4000)]  # 200 MB
blocks.clear()
kept = held() - before
give_back()
print(kept, held() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no such memory elsewhere")
def test_freed_memory_is_kept_for_the_next_utterance_until_it_is_given_back() -> None:
    kept, left = map(int, subprocess.check_output([sys.executable, "-c", HELD], text=True).split())
    assert kept > 150
    assert left < 50
