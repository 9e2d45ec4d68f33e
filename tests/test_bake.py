"""Profiles, and a voice merged into a plain model. The baked folder is loaded by the real faster-whisper."""

from __future__ import annotations

import stat
from pathlib import Path

import faster_whisper
import numpy as np
import pytest
from faster_whisper.audio import pad_or_trim
from safetensors.numpy import save

from engine.bake import bake, lora_deltas, profile_deltas
from engine.ct2 import Ct2Decoder
from engine.decoder import DecodeOptions
from engine.errors import ModelError, OptionError, ProfileError
from engine.hypernetwork import Hypernetwork
from engine.models import model_sha256
from engine.options import EngineOptions
from engine.profile import (
    RESIDUAL_FILE,
    VOICE_FILE,
    Residual,
    Voice,
    load_residual,
    load_voice,
    save_residual,
    save_voice,
)
from engine.tokens import WhisperTokenizer
from engine.transcriber import Transcriber
from tests.conftest import Samples

CROSS_Q = "encoder/layer_2/self_attention/linear_0/weight"


def a_voice(base: Path) -> Voice:
    return Voice(model_sha256(base), 3, np.random.default_rng(5).standard_normal(1024).astype(np.float32))


def a_residual(base: Path, size: float = 0.02) -> Residual:
    random = np.random.default_rng(6)
    pair = random.standard_normal((1536, 2)) * size, random.standard_normal((2, 512)) * size
    return Residual(model_sha256(base), {CROSS_Q: (pair[0].astype(np.float32), pair[1].astype(np.float32))}, {"n": 5})


def test_faster_whisper_loads_the_baked_model_and_gives_the_adapted_text(
    base: Path, exact: Ct2Decoder, stirring: Hypernetwork, clips: list[Samples], tmp_path: Path
) -> None:
    lora = stirring(a_voice(base).embedding).scaled(0.5)
    path = bake(base, lora_deltas(lora), tmp_path / "baked", kind="float32")
    baked = faster_whisper.WhisperModel(str(path), device="cpu", compute_type="float32")
    tokenizer = WhisperTokenizer(base)
    exact.adapt(lora)
    changed = []
    for clip in clips[:3]:
        segments, _ = baked.transcribe(clip, language="en", beam_size=5, without_timestamps=True, temperature=0.0)
        # faster-whisper pads with another silence than Whisper's own, so both decode from its states.
        whole = np.array(baked.encode(pad_or_trim(baked.feature_extractor(clip)[:, :-1])))[0]
        both = [exact.decode(whole, tokenizer.prompt("en"), DecodeOptions(), adapted=on) for on in (True, False)]
        texts = [tokenizer.decode(one.hypotheses[0].tokens).strip() for one in both]
        assert " ".join(segment.text.strip() for segment in segments) == texts[0]
        changed.append(texts[0] != texts[1])
    assert any(changed), "where both texts are the same, nothing is shown"
    assert stat.S_IMODE(path.stat().st_mode) == 0o700, "it holds how somebody speaks"
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()} == {0o600}


def test_a_profile_is_baked_with_its_voice_and_its_residual(base: Path, stirring: Hypernetwork, tmp_path: Path) -> None:
    save_voice(tmp_path / "ann", a_voice(base))
    save_residual(tmp_path / "ann", a_residual(base))
    deltas = profile_deltas(tmp_path / "ann", model_sha256(base), stirring)
    assert CROSS_Q in deltas and "decoder/layer_5/ffn/linear_0/weight" in deltas and len(deltas) == 7
    assert bake(base, deltas, tmp_path / "out" / "baked").joinpath("model.bin").is_file()
    assert (tmp_path / "out" / "baked" / "tokenizer.json").is_file()


def test_an_empty_profile_has_nothing_to_bake(base: Path, stirring: Hypernetwork, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="dictate"):
        profile_deltas(tmp_path, model_sha256(base), stirring)


def test_nothing_is_overwritten_and_nothing_half_baked_remains(base: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(OptionError, match="exists already"):
        bake(base, {}, tmp_path / "there")
    with pytest.raises(ModelError, match="does not fit"):
        bake(base, {CROSS_Q: np.zeros((2, 2), dtype=np.float32)}, tmp_path / "bad")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


def test_a_residual_changes_what_is_heard_and_costs_nothing_per_utterance(
    base: Path, clips: list[Samples], tmp_path: Path
) -> None:
    save_residual(tmp_path, a_residual(base, 0.2))
    with_it = Transcriber(EngineOptions(model=str(base), profile=tmp_path)).transcribe(clips[0])
    without = Transcriber(EngineOptions(model=str(base))).transcribe(clips[0])
    assert with_it.segments[0].avg_logprob != pytest.approx(without.segments[0].avg_logprob, abs=1e-4)


def test_profiles_are_kept_and_read_back(base: Path, tmp_path: Path) -> None:
    voice, residual = a_voice(base), a_residual(base)
    save_voice(tmp_path, voice)
    save_residual(tmp_path, residual)
    read = load_voice(tmp_path, voice.base_sha256)
    assert read is not None and read.count == 3 and np.array_equal(read.embedding, voice.embedding)
    back = load_residual(tmp_path, residual.base_sha256)
    assert back is not None and back.facts == {"n": 5}
    assert np.allclose(back.deltas()[CROSS_Q], residual.deltas()[CROSS_Q])


def test_a_voice_moves_towards_what_is_heard(base: Path) -> None:
    voice, new = a_voice(base), np.ones(1024, dtype=np.float32)
    heard = voice.heard(new)
    assert heard.count == 4
    assert np.linalg.norm(heard.embedding - new) < np.linalg.norm(voice.embedding - new)


def test_a_profile_of_another_model_or_a_damaged_one_is_refused(base: Path, tmp_path: Path) -> None:
    save_residual(tmp_path, a_residual(base))
    with pytest.raises(ProfileError, match="another model"):
        load_residual(tmp_path, "00" * 32)
    save_voice(tmp_path, a_voice(base))
    assert load_voice(tmp_path, "00" * 32) is None
    voice = {"embedding": np.zeros(4, dtype=np.float32)}
    (tmp_path / VOICE_FILE).write_bytes(save(voice, {"base_sha256": model_sha256(base), "count": "three"}))
    with pytest.raises(ProfileError, match="damaged"):
        load_voice(tmp_path, model_sha256(base))
    for name in (RESIDUAL_FILE, VOICE_FILE):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:200])
    with pytest.raises(ProfileError, match="damaged"):
        load_residual(tmp_path, model_sha256(base))
    with pytest.raises(ProfileError, match="damaged"):
        load_voice(tmp_path, model_sha256(base))


@pytest.mark.parametrize("broken", ["damaged", "of another model", "of another shape"])
def test_what_cannot_be_used_of_a_profile_is_said_and_dictation_goes_on(
    tiny: Path, base: Path, clips: list[Samples], tmp_path: Path, broken: str
) -> None:
    residual = a_residual(base)
    mine = Residual(model_sha256(tiny), residual.pairs)  # base's matrices: they do not fit
    save_residual(tmp_path, residual if broken == "of another model" else mine)
    if broken == "damaged":
        (tmp_path / RESIDUAL_FILE).write_bytes((tmp_path / RESIDUAL_FILE).read_bytes()[:-100])
    transcriber = Transcriber(EngineOptions(model=str(tiny), profile=tmp_path))
    assert "learn again" in transcriber.notice and "\n" not in transcriber.notice
    assert "London" in transcriber.transcribe(clips[1]).text
