"""A damaged file gives what can be read of it or one clear sentence; never a crash, a hang or a traceback."""

import io
import os
import time
from collections import Counter

import numpy as np
import pytest

from engine.audio import load_audio
from engine.errors import AudioError
from tests.damage import damaged, survey
from tests.recordings import FORMATS, encoded
from tests.speech import say

KINDS = ("wav", "wav float", "aiff", "flac", "ogg vorbis", "ogg opus", "mp3", "m4a", "m4a 7.1", "aac", "webm")
EACH = 120  # damaged files of every kind


def read_recording(data: bytes) -> str:
    try:
        audio = load_audio(io.BytesIO(data))
    except AudioError as error:
        assert str(error).endswith(".") and "\n" not in str(error), f"not a sentence: {error}"
        return "refused"
    assert audio.dtype == np.float32 and audio.ndim == 1 and audio.size > 0
    assert np.isfinite(audio).all() and np.abs(audio).max() <= 1.0
    return "read"


@pytest.mark.timeout(180)
def test_damaged_recordings_are_read_or_refused_with_a_sentence():
    said = say("Good morning.")
    originals = {kind: encoded(kind, said) for kind in KINDS}
    files = [damaged(data, seed) for data in originals.values() for seed in range(EACH)]
    assert len(files) >= 1000 and len(set(files)) > 1200

    outcomes, failures = survey(read_recording, files)

    assert failures == []
    counts = Counter(outcomes)
    assert counts["read"] > 100 and counts["refused"] > 100  # the damage neither spares nor kills everything


@pytest.mark.timeout(60)
def test_recordings_cut_off_anywhere_in_their_header_are_read_or_refused():
    said = say("Good morning.")
    lengths = (1, 3, 4, 8, 11, 12, 20, 36, 44, 45, 100, 400)
    files = [encoded(kind, said)[:length] for kind in FORMATS for length in lengths]
    outcomes, failures = survey(read_recording, files)
    assert failures == [] and len(outcomes) == len(files)


def crash_on_two(case: int) -> str:
    if case == 2:
        os._exit(9)
    if case == 4:
        time.sleep(60)
    if case == 5:
        raise KeyError(case)
    return str(case)


def test_the_survey_itself_notices_crashes_hangs_and_errors():
    outcomes, failures = survey(crash_on_two, list(range(7)), seconds_each=1.5)
    assert outcomes == ["0", "1", "3", "6"]
    assert failures == [
        "case 2: the process ended with code 9",
        "case 4: more than 1.5 seconds",
        "case 5: KeyError: 5",
    ]
