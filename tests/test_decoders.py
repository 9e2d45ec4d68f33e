"""Both decoders are Whisper, adapted or not. On the real Whisper base and spoken sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers.modeling_outputs import BaseModelOutput

from engine.audio import load_audio
from engine.bake import lora_deltas
from engine.context import clip_frames, encode, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.decoder import DecodeOptions, Decoder
from engine.errors import OptionError
from engine.guards import longest_run
from engine.hypernetwork import Hypernetwork, Lora
from engine.mel import log_mel
from engine.paths import assets_dir
from engine.torch_decoder import TorchDecoder, load_whisper
from tests.conftest import Samples, untrained

GREEDY, BEAM = DecodeOptions(beam_size=1), DecodeOptions(beam_size=5)


def test_an_untrained_hypernetwork_is_exactly_whisper(
    base: Path, exact: Ct2Decoder, torch_decoder: TorchDecoder, states: list[Samples], prompt: list[int]
) -> None:
    lora = untrained(base)(np.ones(1024, dtype=np.float32))
    exact.adapt(lora)
    assert exact.decode(states[0], prompt, BEAM, adapted=True) == exact.decode(states[0], prompt, BEAM, adapted=False)
    torch_decoder.adapt(lora)
    adapted = torch_decoder.logits(states[0][None], [prompt], adapted=True)
    assert torch.equal(adapted, torch_decoder.logits(states[0][None], [prompt], adapted=False))


def test_unmerged_logits_are_those_of_merged_weights(
    base: Path, torch_decoder: TorchDecoder, states: list[Samples], prompt: list[int], loras: list[Lora]
) -> None:
    tokens = [*prompt, 440, 1128, 220, 11]
    for state, lora in list(zip(states, loras))[:2]:
        torch_decoder.adapt(lora)
        unmerged = torch_decoder.logits(state[None], [tokens], adapted=True)
        merged = load_whisper(base, lora_deltas(lora))
        with torch.inference_mode():
            encoded = BaseModelOutput(last_hidden_state=torch.from_numpy(state[None]))
            expected = merged(encoder_outputs=encoded, decoder_input_ids=torch.tensor([tokens])).logits
        plain = torch_decoder.logits(state[None], [tokens], adapted=False)
        assert (unmerged - expected).abs().max() <= 1e-4
        assert (unmerged - plain).abs().max() > 1e-2  # the adaptation does something


def test_encoders_agree_at_any_length(exact: Ct2Decoder, torch_decoder: TorchDecoder, clips: list[Samples]) -> None:
    for frames in (400, 1500):
        mel = padded_mel(log_mel(clips[0]), frames)
        ours, theirs = exact.encode(mel), torch_decoder.encode(mel)
        assert ours.shape == theirs.shape == (frames, 512)
        assert np.abs(ours - theirs).max() < 5e-3


@pytest.mark.parametrize("adapted", [False, True])
def test_ct2_and_torch_write_the_same_text(
    exact: Ct2Decoder,
    torch_decoder: TorchDecoder,
    states: list[Samples],
    prompt: list[int],
    loras: list[Lora],
    adapted: bool,
) -> None:
    for state, lora in list(zip(states, loras))[:4]:
        exact.adapt(lora)
        torch_decoder.adapt(lora)
        ours = exact.decode(state, prompt, BEAM, adapted=adapted)
        theirs = torch_decoder.decode(state, prompt, BEAM, adapted=adapted)
        assert ours.hypotheses[0].tokens == theirs.hypotheses[0].tokens
        assert ours.hypotheses[0].avg_logprob == pytest.approx(theirs.hypotheses[0].avg_logprob, abs=2e-3)
        assert ours.no_speech_prob == pytest.approx(theirs.no_speech_prob, abs=2e-3)


def agreement(base: Path, exact: Decoder, small: Decoder, network: Hypernetwork, prompt: list[int]) -> tuple[int, int]:
    """On the recordings that come with the program: of how many tokens of ``exact``'s texts, with and without
    personalization, ``small`` would write how many, each after the right ones before it.

    Greedy decoding goes on as long as they agree, and again after the token that differs.
    """
    tail = load_tail(exact, base)
    same = total = 0
    for path in sorted(path for kind in ("typical", "samples") for path in (assets_dir() / kind).glob("*.flac")):
        clip = load_audio(path)
        states = encode(exact, log_mel(clip), clip.size, tail)
        lora = network(np.concatenate([states[:200].mean(0), states[:200].std(0)])).scaled(0.5)
        exact.adapt(lora)
        small.adapt(lora)
        for adapted in (False, True):
            text = exact.decode(states, prompt, GREEDY, adapted=adapted).hypotheses[0].tokens
            if longest_run(text) > 2:
                continue  # a loop would count the same few tokens again and again
            right = 0
            while right < len(text):
                after = [*prompt, *text[:right]]
                written = small.decode(states, after, GREEDY, adapted=adapted).hypotheses[0].tokens
                if written[:right] == text[:right]:  # CTranslate2 gives the tokens it was made to start with back
                    written = written[right:]
                agreed = next((n for n, t in enumerate(text[right:]) if written[n : n + 1] != (t,)), len(text) - right)
                same += agreed
                right += agreed + 1
            total += len(text)
    return same, total


def test_int8_keeps_ninety_nine_percent_of_the_tokens(
    base: Path, exact: Ct2Decoder, stirring: Hypernetwork, prompt: list[int]
) -> None:
    same, total = agreement(base, exact, Ct2Decoder(base, "int8", "cpu"), stirring, prompt)
    assert total > 500
    assert same / total >= 0.99


def test_a_batch_keeps_its_utterances_apart(
    torch_decoder: TorchDecoder, states: list[Samples], prompt: list[int], loras: list[Lora]
) -> None:
    length = min(len(state) for state in states)
    batch = np.stack([state[:length] for state in states[:2]])
    torch_decoder.adapt_batch(loras[:2])
    together = torch_decoder.decode_batch(batch, prompt, BEAM, adapted=True)
    logits = torch_decoder.logits(batch, [prompt] * 2, adapted=True)
    for n in range(2):
        torch_decoder.adapt(loras[n])
        alone = torch_decoder.decode(batch[n], prompt, BEAM, adapted=True)
        assert alone.hypotheses[0].tokens == together[n].hypotheses[0].tokens
        apart = torch_decoder.logits(batch[n : n + 1], [prompt], adapted=True)
        assert (apart - logits[n : n + 1]).abs().max() < 1e-4


def test_word_times_agree(
    exact: Ct2Decoder,
    torch_decoder: TorchDecoder,
    states: list[Samples],
    clips: list[Samples],
    prompt: list[int],
    loras: list[Lora],
) -> None:
    exact.adapt(loras[0])
    torch_decoder.adapt(loras[0])
    tokens = list(exact.decode(states[0], prompt, BEAM, adapted=True).hypotheses[0].tokens)
    frames = clip_frames(clips[0].size)
    ours = exact.align(states[0], prompt, tokens, frames, adapted=True)
    theirs = torch_decoder.align(states[0], prompt, tokens, frames, adapted=True)
    assert np.median(np.abs(ours.times - theirs.times)) <= 0.04
    assert np.all(np.diff(ours.times) >= 0)
    assert ours.times[-1] <= clips[0].size / 16000 + 0.04


def test_the_language_is_found(exact: Ct2Decoder, torch_decoder: TorchDecoder, states: list[Samples]) -> None:
    assert exact.detect_language(states[0]) == torch_decoder.detect_language(states[0]) == "en"


@pytest.mark.parametrize("make", [Ct2Decoder, TorchDecoder])
def test_a_device_that_is_not_there_is_named(base: Path, make: type) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(OptionError, match="CUDA"):
        make(base, device="cuda")


def test_a_compute_type_that_cannot_run_here_is_named(base: Path) -> None:
    with pytest.raises(OptionError, match="choose one of"):
        Ct2Decoder(base, "float16", "cpu")
