"""The engine starts with any of its files damaged: it goes on, or says in one sentence what to do; it never crashes.

Which files a start reads is found out by tracing one (``tests/app/test_faults.py``); all of them are here. What the
engine made itself it makes again. What it is given for a person's voice it does without, and says so. Without its
published files it cannot start, and says how to get them.
"""

from __future__ import annotations

import functools
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.errors import IdiolectError
from engine.options import EngineOptions, TranscribeOptions
from tests.app.test_faults import MODELS
from tests.damage import survey
from tests.lived_in import MODEL, live_in
from tests.speech import say

PUBLISHED = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json", "idiolect.json")
MADE = ("silence_tail.safetensors", "model.int8.bin", "memory.onnx", "step.onnx")
PERSONS = ("residual", "hypernetwork")
KINDS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "noise": lambda data: random.Random(1).randbytes(len(data)),
    "a lost block": lambda data: bytes(512) + data[512:],
}


@functools.cache
def lived_in(model: str) -> Path:
    """One home for all cases of a process."""
    folder = tempfile.mkdtemp(dir=os.environ["FAULTS_FOLDER"])
    os.environ["IDIOLECT_HOME"] = folder
    os.environ.pop("IDIOLECT_MODELS", None)
    live_in(Path(model), np.zeros(1600, np.int16))
    return Path(folder)


def start(case: tuple[str, str, str]) -> str:
    """One file of a lived-in home damaged, the engine started, something said: what came of it."""
    from engine.transcriber import Transcriber

    model, name, kind = case
    home = lived_in(model)
    path = place(home, name)
    whole, status = path.read_bytes(), path.stat()
    broken = KINDS[kind](whole)
    try:
        replace(path, broken, status.st_mtime_ns)  # a disk that forgets changes no times
        try:
            engine = Transcriber(EngineOptions(model=MODEL, profile=home / "data/profiles/me"))
            text = engine.transcribe(say("The train to London leaves at nine."), TranscribeOptions(beam_size=1)).text
        except IdiolectError as error:
            assert "\n" not in str(error) and str(error).endswith("."), str(error)
            return f"{name}|{kind}|refused|{error}"
        assert "London" in text, text
        return f"{name}|{kind}|{'same' if path.read_bytes() == broken else 'new'}|{engine.notice}"
    finally:
        replace(path, whole, status.st_mtime_ns)


def replace(path: Path, content: bytes, time: int) -> None:
    path.unlink(missing_ok=True)  # it may be the installed model's own: never write to it
    path.write_bytes(content)
    os.utime(path, ns=(time, time))


def place(home: Path, name: str) -> Path:
    if name == "residual":
        return home / "data/profiles/me/residual.safetensors"
    if name == "hypernetwork":
        return next((home / "data/hypernetworks").iterdir())
    folder = home / "cache/models" / MODEL
    if name.endswith(".onnx"):  # with the version of its format in its name
        return max(folder.glob(f"{name.removesuffix('.onnx')}.v*.onnx"), key=lambda path: path.stat().st_mtime)
    return folder / name


@pytest.fixture(scope="module")
def outcomes(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    os.environ["FAULTS_FOLDER"] = str(tmp_path_factory.mktemp("faults"))
    cases = [(str(tiny), name, kind) for name in PUBLISHED for kind in KINDS]
    cases += [(str(tiny), name, kind) for name in MADE for kind in ("half", "noise")]
    cases += [(str(tiny), name, "noise") for name in PERSONS]
    told, failures = survey(start, cases, seconds_each=120)
    assert failures == []
    return [line.split("|") for line in told]


def of(outcomes: list[list[str]], names: tuple[str, ...]) -> list[list[str]]:
    return [outcome for outcome in outcomes if outcome[0] in names]


def test_these_are_all_files_of_a_model_that_a_start_reads() -> None:
    assert {*PUBLISHED, *MADE} == set(MODELS)


@pytest.mark.timeout(900)
def test_a_damaged_published_file_is_refused_with_the_way_to_get_it_again(outcomes: list[list[str]]) -> None:
    for name, kind, outcome, sentence in of(outcomes, PUBLISHED):
        assert outcome == "refused", (name, kind, outcome)
        assert any(way in sentence for way in ("fetch", "import", "verify", "get it again")), (name, kind, sentence)


def test_what_the_engine_made_itself_is_made_again(outcomes: list[list[str]]) -> None:
    for name, kind, outcome, notice in of(outcomes, MADE):
        assert (outcome, notice) == ("new", ""), (name, kind, outcome, notice)


def test_a_damaged_file_of_the_persons_voice_is_done_without_told_and_left_alone(outcomes: list[list[str]]) -> None:
    for name, kind, outcome, notice in of(outcomes, PERSONS):
        assert outcome == "same" and "damaged" in notice, (name, kind, outcome, notice)
