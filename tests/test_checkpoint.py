"""CTranslate2 files are read and written to the byte, and damaged ones are refused. On the real Whisper base."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from engine.checkpoint import Checkpoint, checkpoint_bytes, quantize_int8, read_checkpoint
from engine.context import padded_mel
from engine.ct2 import Ct2Decoder
from engine.decoder import DecodeOptions
from engine.errors import ModelError
from engine.mel import log_mel
from engine.tokens import WhisperTokenizer
from tests.conftest import Samples
from tests.damage import damaged, survey


def test_base_survives_a_round_trip_to_the_byte(base: Path) -> None:
    written, offsets = checkpoint_bytes(read_checkpoint(base / "model.bin"))
    assert bytes(written) == (base / "model.bin").read_bytes()
    w1 = read_checkpoint(base / "model.bin")["decoder/layer_3/ffn/linear_0/weight"]
    at = offsets["decoder/layer_3/ffn/linear_0/weight"]
    assert np.array_equal(np.frombuffer(written, w1.dtype, w1.size, at).reshape(w1.shape), w1)


def test_scalars_keep_rank_zero_and_every_dtype_its_own(tmp_path: Path) -> None:
    made = Checkpoint(
        {
            "flag": np.array(1, dtype=np.int8),
            "count": np.array(-3, dtype=np.int16),
            "ids": np.arange(5, dtype=np.int32),
            "half": np.arange(6, dtype=np.float16).reshape(2, 3),
            "full": np.arange(8, dtype=np.float32).reshape(2, 2, 2),
        },
        {"other": "half"},
    )
    (tmp_path / "model.bin").write_bytes(checkpoint_bytes(made)[0])
    read = read_checkpoint(tmp_path / "model.bin")
    assert read.aliases == made.aliases and read.variables.keys() == made.variables.keys()
    for name, value in made.variables.items():
        assert read[name].dtype == value.dtype and read[name].shape == value.shape
        assert np.array_equal(read[name], value)
    assert np.array_equal(read["other"], made["half"])


def test_int8_rows_are_within_half_a_step() -> None:
    weight = np.random.default_rng(0).standard_normal((64, 32)).astype(np.float32)
    weight[7] = 0
    quantized, scale = quantize_int8(weight)
    assert np.abs(quantized / scale[:, None] - weight).max() <= 0.5 / scale.min() + 1e-6
    assert not quantized[7].any()


def test_our_int8_copy_decodes_as_ctranslate2s_own_quantisation(
    base: Path, clips: list[Samples], tokenizer: WhisperTokenizer
) -> None:
    ours = Ct2Decoder(base, "int8", "cpu")
    theirs = ctranslate2.models.Whisper(str(base), device="cpu", compute_type="int8_float32")
    prompt = tokenizer.prompt("en")
    for clip in clips[:3]:
        states = ours.encode(padded_mel(log_mel(clip), 1500))
        mine = ours.decode(states, prompt, DecodeOptions(), adapted=False).hypotheses[0]
        view = ctranslate2.StorageView.from_array(states[None])
        other = theirs.generate(view, [prompt], beam_size=5, return_scores=True)[0]
        assert list(mine.tokens) == other.sequences_ids[0]
        assert mine.avg_logprob == pytest.approx(other.scores[0] * len(mine.tokens) / (len(mine.tokens) + 1), abs=1e-3)


@pytest.mark.parametrize("content", [b"", b"\x06", b"\x06\0\0\0\x0c\0WhisperSpec", b"PK\x03\x04" * 100, b"\0" * 4096])
def test_what_is_no_model_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(ModelError, match="again"):
        read_checkpoint(tmp_path / "model.bin")


@cache
def _small_file() -> bytes:
    random = np.random.default_rng(0)
    variables = {f"layer_{n}/weight": random.standard_normal((4, 8)).astype(np.float16) for n in range(6)}
    return bytes(checkpoint_bytes(Checkpoint(variables, {"alias": "layer_0/weight"}))[0])


def check_damaged(seed: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.bin"
        path.write_bytes(damaged(_small_file(), seed))
        try:
            read_checkpoint(path)
        except ModelError:
            return "refused"
        return "read"


def test_a_thousand_damaged_checkpoints_are_read_or_refused() -> None:
    outcomes, failures = survey(check_damaged, range(1000))
    assert failures == []
    assert outcomes.count("refused") > 500
