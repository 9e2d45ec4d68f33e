"""Whisper's whole 30 s at the cost of the speech alone: near to the real ones, and sturdy. On real weights."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine import onnx_decoder
from engine.checkpoint import read_checkpoint
from engine.context import FULL, SHORT, clip_frames, encode, encode_again, load_tail, padded_mel, with_tail
from engine.ct2 import Ct2Decoder
from engine.decoder import DecodeOptions
from engine.errors import StorageError
from engine.mel import log_mel
from engine.onnx_decoder import OnnxDecoder
from engine.onnx_whole import whole_graph
from engine.tokens import WhisperTokenizer
from tests.conftest import Samples


@pytest.fixture(scope="module")
def onnx(base: Path) -> OnnxDecoder:
    return OnnxDecoder(base, "int8", threads=1)


@pytest.fixture(scope="module")
def float32(base: Path) -> Ct2Decoder:
    return Ct2Decoder(base, "float32", "cpu", threads=1)


def apart(states: Samples, expected: Samples, clip: Samples) -> float:
    """Mean difference of the states of the speech, relative to their size."""
    frames = clip_frames(clip.size)
    return float(np.abs(states - expected)[:frames].mean() / np.abs(expected[:frames]).mean())


def test_it_is_far_nearer_to_30_s_than_a_short_context_is(
    onnx: OnnxDecoder, float32: Ct2Decoder, clips: list[Samples]
) -> None:
    for clip in clips[:2]:
        mel, frames = log_mel(clip), SHORT.frames(clip.size)
        expected, short = (float32.encode(padded_mel(mel, n)) for n in (FULL, frames))
        found = onnx.encode_whole(mel, clip.size)
        assert found.shape == (FULL, 512) and found.dtype == np.float32
        assert apart(found, expected, clip) < 0.7 * apart(short, expected[:frames], clip)


def test_its_text_is_that_of_30_s(
    base: Path, onnx: OnnxDecoder, float32: Ct2Decoder, clips: list[Samples], prompt: list[int]
) -> None:
    tokenizer = WhisperTokenizer(base)
    mel = log_mel(clips[0])
    texts = [
        tokenizer.decode(onnx.decode(states, prompt, DecodeOptions(), adapted=False).hypotheses[0].tokens)
        for states in (onnx.encode_whole(mel, clips[0].size), float32.encode(padded_mel(mel, FULL)))
    ]
    assert "dinner" in texts[0] and texts[0] == texts[1]


def test_a_short_clip_is_heard_so_at_once_and_plain_whisper_hears_no_more_of_it(
    base: Path, onnx: OnnxDecoder, clips: list[Samples]
) -> None:
    tail = load_tail(onnx, base)
    short, long = np.resize(clips[0], onnx.quick_whole), np.resize(clips[0], onnx.quick_whole + 1)
    heard = encode(onnx, log_mel(short), short.size, tail)
    speech = onnx.encode_whole(log_mel(short), short.size)[: SHORT.minimum]
    assert np.array_equal(heard, with_tail(speech, tail, SHORT.tail))
    assert encode_again(onnx, log_mel(short), short.size, heard) is heard
    under_short = encode(onnx, log_mel(long), long.size, tail, SHORT)
    assert np.array_equal(encode(onnx, log_mel(long), long.size, tail), under_short)
    whole = encode_again(onnx, log_mel(long), long.size, under_short)
    assert np.array_equal(whole, onnx.encode_whole(log_mel(long), long.size))


def test_without_silence_the_graph_is_the_encoder(base: Path, float32: Ct2Decoder, clips: list[Samples]) -> None:
    import onnxruntime

    graph = whole_graph(read_checkpoint(base / "model.bin"), None)
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    mel = padded_mel(log_mel(clips[0]), 300)
    assert np.abs(session.run(["states"], {"mel": mel[None]})[0] - float32.encode(mel)).max() < 1e-2


def test_a_persons_own_encoder_hears_short_clips_so_too(base: Path, clips: list[Samples]) -> None:
    change = {
        f"encoder/layer_{layer}/ffn/linear_0/weight": 0.005 * np.random.default_rng(layer).standard_normal((2048, 512))
        for layer in range(6)
    }
    merged = {name: delta.astype(np.float32) for name, delta in change.items()}
    own, theirs = OnnxDecoder(base, "int8", 1, merged), Ct2Decoder(base, "float32", "cpu", 1, merged)
    plain = OnnxDecoder(base, "int8", 1)
    assert own.quick_whole == plain.quick_whole > 0
    other = plain.other_encoder(merged)
    assert other is not None and np.array_equal(other(log_mel(clips[2]), 9), own.encode_whole(log_mel(clips[2]), 9))
    for clip in clips[:2]:
        mel = log_mel(clip)
        expected = theirs.encode(padded_mel(mel, FULL))
        found = apart(own.encode_whole(mel, clip.size), expected, clip)
        assert found < 0.5 * apart(plain.encode_whole(mel, clip.size), expected, clip), "it is not this person's"
        assert found < 0.7 * apart(own.encode(padded_mel(mel, SHORT.frames(clip.size))), expected[:600], clip)


def test_a_damaged_file_of_it_is_made_again(tiny: Path, tmp_path: Path, clips: list[Samples]) -> None:
    shutil.copytree(tiny, tmp_path / "tiny", ignore=shutil.ignore_patterns("whole.*"))
    mel = log_mel(clips[0])
    expected = OnnxDecoder(tmp_path / "tiny", "int8", 1).encode_whole(mel, clips[0].size)
    (made,) = (tmp_path / "tiny").glob("whole.*.onnx")
    size = made.stat().st_size
    made.write_bytes(os.urandom(5000))
    again = OnnxDecoder(tmp_path / "tiny", "int8", 1).encode_whole(mel, clips[0].size)
    assert made.stat().st_size == size and np.abs(again - expected).max() < 1e-3


def test_without_room_for_it_the_encoder_itself_hears_all_30_s(
    tiny: Path, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(which: str, *rest: object) -> object:
        if which == "whole":
            raise StorageError("The disk is full: free some space.")
        return real(which, *rest)  # type: ignore[arg-type]

    real = onnx_decoder._kept
    monkeypatch.setattr(onnx_decoder, "_kept", kept)
    decoder, mel = OnnxDecoder(tiny, "int8", 1), log_mel(clips[0])
    assert np.array_equal(decoder.encode_whole(mel, clips[0].size), decoder.encode(padded_mel(mel, FULL)))
