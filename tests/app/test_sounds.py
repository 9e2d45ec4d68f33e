"""Our own start sound is found in a recording, and speech is not taken for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from app.capture import Capture
from app.sounds import Sounds, cue, find_cue
from app.spool import Spool
from engine.audio import load_audio
from tests.app.conftest import Microphone, wait_until


def test_the_start_sound_is_found_under_noise() -> None:
    rng = np.random.default_rng(1)
    heard = (0.02 * rng.standard_normal(16000)).astype(np.float32)
    sound = cue("start", 16000)
    heard[5000 : 5000 + sound.size] += 0.2 * sound
    found = find_cue(heard)
    assert found is not None and found[0] <= 5000 and found[1] >= 5000 + sound.size and found[1] - found[0] < 4000


def test_noise_and_a_voice_are_not_the_start_sound() -> None:
    rng = np.random.default_rng(2)
    t = np.arange(16000) / 16000
    voice = sum(np.sin(2 * np.pi * 140 * k * t + k) / k for k in range(1, 20)).astype(np.float32)
    assert find_cue(voice) is None
    assert find_cue((0.1 * rng.standard_normal(16000)).astype(np.float32)) is None
    assert find_cue(np.zeros(16000, np.float32)) is None


def test_a_cue_that_is_played_is_heard_by_the_microphone_and_found(qapp, home: Path, microphone: Microphone) -> None:  # type: ignore[no-untyped-def]
    sounds, capture = Sounds(), Capture()
    done, finished, opened = [], [], []
    capture.recorded.connect(done.append)
    capture.opened.connect(opened.append)
    sounds.finished.connect(lambda: finished.append(True))
    capture.record(Spool().begin("me", print), preroll=0.0)
    assert wait_until(lambda: bool(opened))
    assert sounds.play("start")
    assert wait_until(lambda: bool(finished))
    wait_until(lambda: False, 0.4)
    capture.finish()
    assert wait_until(lambda: bool(done))
    assert find_cue(load_audio(done[0].path)) is not None
    capture.close()
    sounds.close()


_PRESS_THREE_TIMES = """
import sys
from PySide6.QtCore import QCoreApplication
from app.sounds import Sounds
from tests.app.conftest import wait_until
app = QCoreApplication([])
sounds, told, ended = Sounds(), [], []
sounds.problem.connect(told.append)
sounds.finished.connect(lambda: ended.append(True))
for number in range(3):
    sounds.play("start")
    assert wait_until(lambda: len(ended) == number + 1)
print(len(told))
sounds.play_samples(__import__("numpy").zeros(100, "float32"))  # the person wants to hear it
assert wait_until(lambda: len(ended) == 4)
print(len(told))
sounds.close()
"""


def test_without_loudspeakers_that_is_said_once_and_whenever_somebody_wants_to_hear_something(tmp_path: Path) -> None:
    (tmp_path / "alsa.conf").write_text("</usr/share/alsa/alsa.conf>\n")
    environment = {
        **os.environ,
        "ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf"),
        "PULSE_SERVER": "unix:/nonexistent",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    words = [sys.executable, "-c", _PRESS_THREE_TIMES]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.split() == ["1", "2"], done
