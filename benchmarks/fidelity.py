"""What int8 and a shorter context cost, beside float32 and 30 s.

``python -m benchmarks.fidelity --manifest MANIFEST`` has every decoder score the texts of a manifest token by
token (teacher forcing) on the same encoder states, and prints how far its probabilities are from float32's
(Kullback-Leibler divergence, nats per token) and how often the likeliest token is the same. Then how far the
encoder's states of the speech are from those of float32 over 30 s, on average, as a share of their size.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import load_audio
from engine.context import FULL, SHORT, clip_frames, encode, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.mel import log_mel
from engine.models import locate
from engine.onnx_decoder import OnnxDecoder
from engine.tokens import WhisperTokenizer
from training.command import guarded
from training.evaluate import choose
from training.manifest import Utterance, read_manifest

Floats = NDArray[np.float64]


def log_probabilities(
    model: Path, compute_type: str, heard: list[NDArray[np.float32]], texts: list[list[int]]
) -> Floats:
    """(tokens of all texts, vocabulary) of the decoder on ONNX Runtime, unadapted."""
    decoder = OnnxDecoder(model, compute_type)
    prompt = WhisperTokenizer(model).prompt("en")
    pairs = zip(heard, texts, strict=True)
    return np.concatenate(
        [decoder.forced(states, prompt, text, adapted=False) for states, text in pairs], dtype=np.float64
    )


def compare_encoders(model: Path, utterances: list[Utterance]) -> Iterator[str]:
    exact, fast = Ct2Decoder(model, "float32", device="cpu"), OnnxDecoder(model)
    tail = load_tail(fast, model)
    apart = []
    for utterance in utterances:
        audio = load_audio(utterance.audio)
        mel, frames = log_mel(audio, fast.n_mels), clip_frames(audio.size)
        expected = exact.encode(padded_mel(mel, FULL))[:frames]
        found = (
            fast.encode_whole(mel, audio.size),
            fast.encode(padded_mel(mel, FULL)),
            encode(fast, mel, audio.size, tail, SHORT),
        )
        apart.append([np.abs(states[:frames] - expected).mean() / np.abs(expected).mean() for states in found])
    whole, rounded, short = 100 * np.mean(apart, axis=0)
    yield "encoder, apart from float32 over 30 s:"
    yield f"the second opinion's {whole:.1f} %, int8 over 30 s {rounded:.1f} %, int8 at the short context {short:.1f} %"


def compare_decoders(model: Path, utterances: list[Utterance]) -> Iterator[str]:
    encoder = Ct2Decoder(model, device="cpu")
    tail, tokenizer = load_tail(encoder, model), WhisperTokenizer(model)
    heard, texts = [], []
    for utterance in utterances:
        audio = load_audio(utterance.audio)
        heard.append(encode(encoder, log_mel(audio, encoder.n_mels), audio.size, tail))
        texts.append([*tokenizer.encode(" " + utterance.text.strip()), tokenizer.special.eot])
    right = log_probabilities(model, "float32", heard, texts)
    found = log_probabilities(model, "int8", heard, texts)
    divergence = (np.exp(right) * (right - found)).sum(axis=-1)
    same = (right.argmax(axis=-1) == found.argmax(axis=-1)).mean()
    yield f"{len(utterances)} utterances, {len(right)} tokens, int8 against float32:"
    yield f"divergence {divergence.mean():.4f} (largest {divergence.max():.3f}), same first choice {100 * same:.1f} %"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=24, help="utterances at most, people in turn")
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    model, utterances = locate(options.model), choose(read_manifest(options.manifest), options.clips)
    for compare in (compare_decoders, compare_encoders):
        for line in compare(model, utterances):
            print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(guarded(main))
