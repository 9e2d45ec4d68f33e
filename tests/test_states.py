"""The cache of encoder states holds what the engine computes, and survives interruption."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.audio import load_audio
from engine.context import SHORT, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.embedding import speaker_embedding, speech_frames
from engine.mel import log_mel
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
    decoder, states = Ct2Decoder(tiny), States(cache)
    assert np.allclose(states.tail, load_tail(decoder, tiny), atol=1e-2)
    for item in states.select(utterances[:3]):
        audio = load_audio(item.utterance.audio)
        frames = SHORT.frames(audio.size)
        expected = decoder.encode(padded_mel(log_mel(audio), frames))
        found = states.states(item.row).astype(np.float32)
        assert found.shape == (frames, states.d_model)
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


def test_states_of_another_policy_are_refused(cache: Path, tiny: Path, utterances: list[Utterance]) -> None:
    with pytest.raises(StatesError, match="another model or context"):
        list(make_states(utterances, cache, tiny, "tiny.en", replace(SHORT, minimum=300)))


def test_a_folder_without_states_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StatesError, match="idiolect train states"):
        States(tmp_path)
