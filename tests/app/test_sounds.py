"""Our own start sound is found in a recording, and speech is not taken for it."""

from __future__ import annotations

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
