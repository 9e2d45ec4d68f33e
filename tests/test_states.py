"""The cache of encoder states holds what the engine computes, and survives interruption."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from engine.audio import load_audio
from engine.context import SHORT, encode, load_tail, with_tail
from engine.embedding import speaker_embedding, speech_frames
from engine.mel import log_mel
from engine.options import EngineOptions
from engine.transcriber import load_decoder
from training.manifest import Utterance, read_manifest
from training.states import States, StatesError, make_states

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"


@pytest.fixture(scope="module")
def utterances() -> list[Utterance]:
    return read_manifest(DATA)[:4]


@pytest.fixture(scope="module")
def cache(tiny: Path, utterances: list[Utterance], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("states")
    assert [done for done, _, _ in make_states(utterances[:3], folder, tiny, "tiny.en")] == [1, 2, 3]
    return folder


def test_cached_states_are_what_the_engine_computes(cache: Path, tiny: Path, utterances: list[Utterance]) -> None:
    decoder, states = load_decoder(EngineOptions(), tiny), States(cache)
    tail = load_tail(decoder, tiny)
    assert np.allclose(states.tail, tail, atol=1e-2)
    for item in states.select(utterances[:3]):
        audio = load_audio(item.utterance.audio)
        expected = encode(decoder, log_mel(audio), audio.size, tail)
        found = with_tail(states.states(item.row).astype(np.float32), states.tail, SHORT.tail)
        assert found.shape == expected.shape
        assert np.allclose(found, expected, atol=2e-2)
        assert np.allclose(states.embedding(item.row), speaker_embedding(expected, speech_frames(audio)), atol=1e-4)


def test_new_utterances_are_added_and_old_ones_kept(cache: Path, tiny: Path, utterances: list[Utterance]) -> None:
    before = (cache / "shard-00000.safetensors").read_bytes()
    with (cache / "index.jsonl").open("a") as file:
        file.write('{"key": "torn')  # a crash in the middle of a line
    assert [(done, total) for done, total, _ in make_states(utterances, cache, tiny, "tiny.en")] == [(4, 4)]
    assert (cache / "shard-00000.safetensors").read_bytes() == before
    assert len(States(cache).select(utterances)) == 4
    assert list(make_states(utterances, cache, tiny, "tiny.en")) == []


def test_an_unreadable_recording_is_counted_and_left_out(
    tmp_path: Path, tiny: Path, utterances: list[Utterance]
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF nothing")
    items = [replace(utterances[0], audio=broken), utterances[1]]
    counted = list(make_states(items, tmp_path / "states", tiny, "tiny.en"))
    assert counted[-1] == (1, 1, 1)


@pytest.mark.parametrize("change", [{"in_30_s": 0}, {"policy": asdict(replace(SHORT, minimum=300))}])
def test_states_of_another_context_are_refused(
    cache: Path, tiny: Path, utterances: list[Utterance], tmp_path: Path, change: dict[str, object]
) -> None:
    other = shutil.copytree(cache, tmp_path / "states")
    info = json.loads((other / "info.json").read_text())
    (other / "info.json").write_text(json.dumps(info | change))
    with pytest.raises(StatesError, match="another model or context"):
        list(make_states(utterances, other, tiny, "tiny.en"))


def test_a_folder_without_states_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StatesError, match="idiolect train states"):
        States(tmp_path)
