"""The decoder on ONNX Runtime is Whisper too: exactly in float32, nearly in int8, and sturdy. On real weights."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.audio import load_audio
from engine.bake import lora_deltas
from engine.beam import beam_search
from engine.context import FULL, clip_frames, encode, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.decoder import DecodeOptions
from engine.errors import ModelError, OptionError
from engine.guards import longest_run
from engine.hypernetwork import Hypernetwork, Lora
from engine.mel import log_mel
from engine.models import locate, verify
from engine.onnx_decoder import OnnxDecoder, _State, keep_graphs
from engine.options import EngineOptions, TranscribeOptions
from engine.paths import assets_dir
from engine.tokens import WhisperTokenizer
from engine.torch_decoder import TorchDecoder
from engine.transcriber import Transcriber
from tests.conftest import Samples, untrained
from tests.test_decoders import agreement

GREEDY, BEAM = DecodeOptions(beam_size=1), DecodeOptions(beam_size=5)


@pytest.fixture(scope="module")
def onnx(base: Path) -> OnnxDecoder:
    return OnnxDecoder(base, "int8", threads=1)


@pytest.fixture(scope="module")
def onnx_exact(base: Path) -> OnnxDecoder:
    return OnnxDecoder(base, "float32", threads=1)


def logits(decoder: OnnxDecoder, states: Samples, tokens: list[int], adapted: bool) -> Samples:
    """(len(tokens), vocabulary)"""
    rows = list(range(len(tokens)))
    return _State(decoder, states, adapted).run(np.array([tokens]), np.zeros(1, np.int64), rows)[0]


@pytest.mark.parametrize("kind", ["onnx", "onnx_exact"])
def test_an_untrained_hypernetwork_is_exactly_whisper(
    base: Path, kind: str, states: list[Samples], prompt: list[int], request: pytest.FixtureRequest
) -> None:
    decoder: OnnxDecoder = request.getfixturevalue(kind)
    decoder.adapt(untrained(base)(np.ones(1024, dtype=np.float32)))
    assert np.array_equal(logits(decoder, states[0], prompt, True), logits(decoder, states[0], prompt, False))
    ours = decoder.decode(states[0], prompt, BEAM, adapted=True)
    assert ours == decoder.decode(states[0], prompt, BEAM, adapted=False)


def test_in_float32_the_logits_are_those_of_torch(
    onnx_exact: OnnxDecoder,
    torch_decoder: TorchDecoder,
    states: list[Samples],
    prompt: list[int],
    loras: list[Lora],
) -> None:
    """To a rounding error."""
    tokens = [*prompt, 440, 1128, 220, 11]
    for state, lora in list(zip(states, loras))[:2]:
        onnx_exact.adapt(lora)
        torch_decoder.adapt(lora)
        for adapted in (False, True):
            theirs = torch_decoder.logits(state[None], [tokens], adapted=adapted)[0].numpy()
            assert np.abs(logits(onnx_exact, state, tokens, adapted) - theirs).max() <= 2e-3
        plain = torch_decoder.logits(state[None], [tokens], adapted=False)[0].numpy()
        assert np.abs(theirs - plain).max() > 1e-2  # the adaptation does something


@pytest.mark.parametrize(("whole", "tolerance"), [(True, 2e-3), (False, 0.02)])
@pytest.mark.parametrize("adapted", [False, True])
def test_in_float32_it_writes_what_torch_writes(
    onnx_exact: OnnxDecoder,
    torch_decoder: TorchDecoder,
    states: list[Samples],
    prompt: list[int],
    loras: list[Lora],
    monkeypatch: pytest.MonkeyPatch,
    adapted: bool,
    whole: bool,
    tolerance: float,
) -> None:
    """English is a little likelier where nothing of the vocabulary is left for other scripts."""
    if whole:
        monkeypatch.setattr(onnx_exact, "_latin", set())
    for state, lora in list(zip(states, loras))[1:3]:
        onnx_exact.adapt(lora)
        torch_decoder.adapt(lora)
        ours = onnx_exact.decode(state, prompt, BEAM, adapted=adapted)
        theirs = torch_decoder.decode(state, prompt, BEAM, adapted=adapted)
        assert ours.hypotheses[0].tokens == theirs.hypotheses[0].tokens
        assert ours.hypotheses[0].avg_logprob == pytest.approx(theirs.hypotheses[0].avg_logprob, abs=tolerance)
        assert ours.no_speech_prob == pytest.approx(theirs.no_speech_prob, abs=2e-3)


def test_int8_keeps_ninety_eight_percent_of_the_tokens(
    base: Path, onnx: OnnxDecoder, onnx_exact: OnnxDecoder, stirring: Hypernetwork, prompt: list[int]
) -> None:
    """98.6 to 99.0 % on the processors so far: their kernels add in different orders."""
    same, total = agreement(base, onnx_exact, onnx, stirring, prompt)
    assert total > 500
    assert same / total >= 0.98


def test_latin_script_is_written_without_a_look_at_the_others(
    base: Path, onnx: OnnxDecoder, states: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every other language, and whoever has Greek in the vocabulary, with them."""
    tokenizer = WhisperTokenizer(base)
    looked: list[bool] = []
    advance = _State._advance
    monkeypatch.setattr(_State, "_advance", lambda *given, whole: looked.append(whole) or advance(*given, whole))

    def written(prompt: list[int]) -> str:
        looked.clear()
        return tokenizer.decode(onnx.decode(states[1], prompt, GREEDY, adapted=False).hypotheses[0].tokens)

    assert all(ord(letter) < 128 for letter in written(tokenizer.prompt("en")))
    assert not any(looked[1:])  # the first look also asks whether anybody speaks
    assert any("а" <= letter <= "я" for letter in written(tokenizer.prompt("ru")))
    assert all(looked)
    assert written(tokenizer.prompt("en", hotwords=("Ελένη",)))
    assert all(looked)


def test_hypotheses_are_different_texts_best_first(
    onnx: OnnxDecoder, exact: Ct2Decoder, states: list[Samples], prompt: list[int]
) -> None:
    found = onnx.decode(states[5], prompt, replace(BEAM, n_best=4), adapted=False).hypotheses
    assert len({hypothesis.tokens for hypothesis in found}) == 4
    ranks = [h.avg_logprob * (len(h.tokens) + 1) / len(h.tokens) for h in found]
    assert ranks == sorted(ranks, reverse=True)
    theirs = exact.decode(states[5], prompt, replace(BEAM, n_best=4), adapted=False).hypotheses
    assert found[0].tokens == theirs[0].tokens
    assert len({h.tokens for h in found} & {h.tokens for h in theirs}) >= 2


@pytest.mark.parametrize("kind", ["onnx", "onnx_exact"])
def test_the_keys_and_values_of_the_silence_tail_are_the_same_kept_or_computed(
    base: Path, kind: str, states: list[Samples], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In int8 to a byte's rounding, which depends on what is computed together. Other states are never taken for it."""
    decoder: OnnxDecoder = request.getfixturevalue(kind)
    tail = load_tail(decoder, base)
    assert np.array_equal(states[0][-1], tail[len(states[0]) - 1])
    changed = np.concatenate([states[0][:700] + 1, states[0][700:]])
    several = [states[0], states[0][:600], states[0][:-1], states[0] + 1, changed, tail[:1000], tail]
    kept = [decoder._heard(state) for state in several]
    monkeypatch.setattr(decoder, "_tail", None)
    for state, found in zip(several, kept):
        for name, computed in decoder._heard(state).items():
            ours, theirs = (value.numpy().astype(np.float32) for value in (found[name], computed))
            assert ours.shape == theirs.shape and len(state) in ours.shape
            assert np.abs(ours - theirs).mean() < (1e-5 if kind == "onnx_exact" else 0.7)


def test_what_beams_have_left_is_forgotten_without_a_trace(
    onnx_exact: OnnxDecoder, states: list[Samples], prompt: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for room in (0, 20, 10_000):
        monkeypatch.setattr("engine.onnx_decoder._ROOM", room)
        found.append(onnx_exact.decode(states[5], prompt, replace(BEAM, n_best=3), adapted=False))
    for other in found[1:]:
        assert [h.tokens for h in other.hypotheses] == [h.tokens for h in found[0].hypotheses]
        scores = [[h.avg_logprob for h in decoded.hypotheses] for decoded in (found[0], other)]
        assert scores[0] == pytest.approx(scores[1], abs=1e-5)


def test_no_n_gram_stands_twice_where_that_is_forbidden(onnx: OnnxDecoder, base: Path, prompt: list[int]) -> None:
    clip = load_audio(assets_dir() / "samples" / "stuttering-9023.flac")
    states = encode(onnx, log_mel(clip), clip.size, load_tail(onnx, base))
    tokens = onnx.decode(states, prompt, replace(BEAM, no_repeat_ngram=3), adapted=False).hypotheses[0].tokens
    grams = [tokens[n : n + 3] for n in range(len(tokens) - 2)]
    assert len(grams) > 5 and len(set(grams)) == len(grams)


def test_the_longest_text_is_kept_to_even_after_a_long_prompt(
    onnx: OnnxDecoder, tokenizer: WhisperTokenizer, states: list[Samples], prompt: list[int]
) -> None:
    short = onnx.decode(states[0], prompt, replace(BEAM, max_tokens=3), adapted=False)
    assert len(short.hypotheses[0].tokens) == 3
    long = tokenizer.prompt("en", "We spoke about the weather and the garden. " * 60, ("Idiolect",))
    assert len(long) > 220
    told = onnx.decode(states[0], long, replace(BEAM, max_tokens=224), adapted=False).hypotheses[0]
    assert "dinner" in tokenizer.decode(told.tokens)


def test_word_times_and_confidence_agree_with_torch(
    onnx: OnnxDecoder,
    torch_decoder: TorchDecoder,
    states: list[Samples],
    clips: list[Samples],
    prompt: list[int],
    loras: list[Lora],
) -> None:
    onnx.adapt(loras[0])
    torch_decoder.adapt(loras[0])
    tokens = list(onnx.decode(states[0], prompt, BEAM, adapted=True).hypotheses[0].tokens)
    frames = clip_frames(clips[0].size)
    ours = onnx.align(states[0], prompt, tokens, frames, adapted=True)
    theirs = torch_decoder.align(states[0], prompt, tokens, frames, adapted=True)
    assert ours.times.shape == theirs.times.shape and ours.probabilities.shape == (len(tokens),)
    assert np.median(np.abs(ours.times - theirs.times)) <= 0.04
    assert np.abs(ours.probabilities - theirs.probabilities).max() < 0.15


def test_what_was_learnt_of_a_person_is_in_both_halves(
    base: Path, onnx: OnnxDecoder, exact: Ct2Decoder, states: list[Samples], prompt: list[int], loras: list[Lora]
) -> None:
    """A residual of the decoder, merged: as the same LoRA unmerged. One of the encoder leaves the graphs alone.

    The LoRA is a strong one, for what rounding to int8 changes depends on the processor, and must stay small beside it.
    """
    strong = loras[0].scaled(3.0)
    residual = OnnxDecoder(base, "int8", 1, merged=lora_deltas(strong))
    onnx.adapt(strong)
    tokens = [*prompt, 440, 1128, 220, 11]
    merged, unmerged = logits(residual, states[0], tokens, False), logits(onnx, states[0], tokens, True)
    plain = logits(onnx, states[0], tokens, False)
    assert np.abs(merged - unmerged).mean() < 0.5 * np.abs(plain - unmerged).mean()

    name = "encoder/layer_0/ffn/linear_0/weight"
    noise = 0.01 * np.random.default_rng(1).standard_normal((2048, 512)).astype(np.float32)
    other = OnnxDecoder(base, "int8", 1, merged={name: noise})
    assert np.array_equal(logits(other, states[0], tokens, False), plain)
    mel = np.ascontiguousarray(log_mel(load_audio(assets_dir() / "samples" / "typical-9010.flac"))[:, :800])
    assert np.abs(other.encode(mel) - onnx.encode(mel)).max() > 0.1


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A model of one's own to damage, without what was made of it."""
    shutil.copytree(tiny, tmp_path / "tiny", ignore=shutil.ignore_patterns("*.onnx", "*.int8.bin"))
    return tmp_path / "tiny"


def written(directory: Path, clip: Samples) -> str:
    return Transcriber(EngineOptions(model=str(directory), threads=2)).transcribe(clip).text


def test_damaged_or_old_files_of_it_are_made_again(copy: Path, tiny: Path, clips: list[Samples]) -> None:
    expected = written(tiny, clips[1])
    assert "London" in expected and written(copy, clips[1]) == expected
    made = sorted(copy.glob("*.onnx"))
    assert len(made) == 3  # the memory, the step and the whole encoder
    sizes = [path.stat().st_size for path in made]
    made[0].write_bytes(made[0].read_bytes()[:1000])
    made[1].write_bytes(os.urandom(5000))
    (copy / "model.int8.bin").write_bytes(b"damaged")
    assert written(copy, clips[1]) == expected
    assert [path.stat().st_size for path in made] == sizes
    for path in made:  # of an older model
        path.write_bytes(b"old")
        os.utime(path, (1, 1))
    assert written(copy, clips[1]) == expected
    assert [path.stat().st_size for path in made] == sizes


def test_a_weight_that_has_changed_in_them_is_found_by_verify(copy: Path, clips: list[Samples]) -> None:
    keep_graphs(copy)
    made = [*copy.glob("*.onnx"), copy / "model.int8.bin"]
    before = {path: path.read_bytes() for path in made}
    verify(copy)
    assert all(path.exists() for path in made)
    for path, content in before.items():
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 64]) + content[middle + 1 :])
    verify(copy)
    assert not any(path.exists() for path in made)
    assert "London" in written(copy, clips[1])
    assert {path: path.read_bytes() for path in made} == before


def test_files_of_an_older_format_are_taken_away(copy: Path) -> None:
    for name in ("step.v1.onnx", "memory.v1.onnx", "other.v1.onnx"):
        (copy / name).write_bytes(b"old")
    keep_graphs(copy)
    assert {path.name.split(".")[0] for path in copy.glob("*.v1.onnx")} == {"other"}


def test_what_cannot_be_kept_beside_the_model_goes_to_the_cache(
    copy: Path, clips: list[Samples], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder of another user. (Folders stand where the files should be: root may write anywhere.)"""
    monkeypatch.setenv("IDIOLECT_HOME", str(tmp_path / "home"))
    keep_graphs(copy)
    for path in [*copy.glob("*.onnx"), copy / "model.int8.bin"]:
        path.unlink()
        (path / "in the way").mkdir(parents=True)
    assert "London" in written(copy, clips[1])
    made = [path for path in (tmp_path / "home").rglob("*") if path.suffix in (".onnx", ".bin")]
    assert len(made) == 4
    times = [path.stat().st_mtime_ns for path in made]
    assert "London" in written(copy, clips[1])
    assert [path.stat().st_mtime_ns for path in made] == times  # made once


def test_an_installed_model_has_everything_the_first_dictation_needs(copy: Path) -> None:
    keep_graphs(copy)
    before = {path.name: path.stat().st_mtime_ns for path in copy.iterdir()}
    assert {"model.int8.bin"} < before.keys() and sum(name.endswith(".onnx") for name in before) == 3
    OnnxDecoder(locate(copy))
    assert {path.name: path.stat().st_mtime_ns for path in copy.iterdir()} == before


def test_memory_does_not_grow_from_utterance_to_utterance(base: Path, clips: list[Samples]) -> None:
    transcriber = Transcriber(EngineOptions(model=str(base), decoder="onnx", threads=1))
    options = TranscribeOptions(beam_size=3)

    def resident(rounds: int) -> float:
        for n in range(rounds):
            transcriber.transcribe(clips[n % len(clips)][: 16000 + 1600 * (n % 7)], options)
        return float(psutil.Process().memory_info().rss) / 1e6

    settled = resident(14)
    assert resident(28) < settled + 15  # MB


def test_what_it_cannot_do_is_said(base: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="int8 or float32"):
        OnnxDecoder(base, "float16")
    with pytest.raises(OptionError, match="does not run on cuda"):
        Transcriber(EngineOptions(model=str(base), decoder="onnx", device="cuda"))
    with pytest.raises(ModelError):
        OnnxDecoder(tmp_path)


def test_an_end_is_only_believed_among_the_best_and_the_search_ends_when_all_have_ended() -> None:
    """Two beams over a tiny language: token 0 ends, 1 and 2 are words."""
    asked: list[list[int]] = []

    def step(tokens: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked.append(tokens.tolist())
        scores = np.log(np.array([[0.6, 0.3, 0.1]] * len(tokens), dtype=np.float32))
        return scores, np.array([[0, 1, 2]] * len(tokens))

    first = np.log(np.array([0.5, 0.4, 0.1], dtype=np.float32)), np.array([1, 2, 0])
    found = beam_search(first, step, 2, 0, 10)
    assert found[0].tokens == (1,) and found[0].score == pytest.approx(np.log(0.5 * 0.6))
    assert len(found) == 2 and asked[0] == [1, 2] and len(asked) <= 2
    assert beam_search(first, step, 2, 0, 1)[0].tokens == (1,)


def test_a_search_in_which_every_beam_loops_is_not_finished() -> None:
    """Two beams that say 1 or 2 again and again: the search ends at the first look."""

    def step(tokens: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scores = np.log(np.array([[0.9, 0.09, 0.01]] * len(tokens), dtype=np.float32))
        return scores, np.array([[token, 0, 3] for token in tokens])

    first = np.log(np.array([0.5, 0.4, 0.1], dtype=np.float32)), np.array([1, 2, 0])
    found = beam_search(first, step, 2, 0, 100, lambda tokens: longest_run(tokens) >= 6)
    assert found[0].tokens == (1,) * 16
    assert len(beam_search(first, step, 2, 0, 100)[0].tokens) > 16


def test_a_loop_is_left_early_and_still_called_one(onnx: OnnxDecoder, prompt: list[int]) -> None:
    clip = load_audio(assets_dir() / "samples" / "stuttering-9023.flac")
    states = onnx.encode(padded_mel(log_mel(clip), FULL))
    finished = onnx.decode(states, prompt, BEAM, adapted=False).hypotheses[0].tokens
    left = onnx.decode(states, prompt, replace(BEAM, most_repeats=6), adapted=False).hypotheses[0].tokens
    assert longest_run(finished) >= 6 and longest_run(left) >= 6 and len(left) < len(finished)
