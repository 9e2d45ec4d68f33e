"""How fast each Whisper model would be on this computer: measured in about two seconds, before any is fetched.

A Whisper of tiny's shape with random weights is run through CTranslate2, as the engine runs
the real ones; the larger models follow from their share of multiplications. How near that comes
to the real models: ``python -m benchmarks.model_speed``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# name: (width, encoder layers, decoder layers), OpenAI's published shapes.
SHAPES = {
    "tiny.en": (384, 4, 4),
    "tiny": (384, 4, 4),
    "base": (512, 6, 6),
    "small": (768, 12, 12),
    "medium": (1024, 24, 24),
    "large-v3": (1280, 32, 32),
    "large-v3-turbo": (1280, 32, 4),
}
# Word error rate in % on clear read English (LibriSpeech test-clean): Radford et al. 2022, table 8 and
# appendix D; large-v3 and turbo: the Open ASR Leaderboard.
ERRORS = {
    "tiny.en": 5.6, "tiny": 7.6, "base": 5.0, "small": 3.4, "medium": 2.9, "large-v3": 2.0, "large-v3-turbo": 2.1,
}  # fmt: skip
_VOCABULARY = 51865
_FRAMES = 400  # encoder positions: the engine's least, for utterances up to seven seconds
_TOKENS = 20  # about five seconds of speech
_BEAM = 5


@dataclass(frozen=True)
class Speed:
    """Seconds that ``encode`` and ``decode`` of a five-second utterance took."""

    encode: float
    decode: float

    def seconds(self, model: str) -> float:
        """The expected time for a five-second utterance on ``model``, where this was measured on tiny's shape."""
        tiny, other = _work("tiny"), _work(model)
        return self.encode * other[0] / tiny[0] + self.decode * other[1] / tiny[1]


def measure(
    device: str = "cpu",
    compute_type: str = "int8",
    threads: int = 0,
    budget: float = 1.6,
    stop: Callable[[], bool] = lambda: False,
) -> Speed:
    """Run the random model for about ``budget`` seconds, or until ``stop`` says that nobody wants to know any more.

    Raises:
        RuntimeError, ValueError: CTranslate2 cannot run on this device.
    """
    import ctranslate2

    files = {
        "model.bin": _random_model(),
        "config.json": json.dumps({"suppress_ids": [], "suppress_ids_begin": [], "lang_ids": []}).encode(),
        "vocabulary.json": json.dumps(_vocabulary()).encode(),
    }
    model = ctranslate2.models.Whisper(
        "random", files=files, device=device, compute_type=compute_type, intra_threads=threads
    )
    return timed(model, 0.0 if stop() else budget, stop=stop)


def timed(model: Any, budget: float, english_only: bool = False, stop: Callable[[], bool] = lambda: False) -> Speed:
    """What a five-second utterance costs on a loaded ``ctranslate2.models.Whisper``."""
    import ctranslate2

    features = ctranslate2.StorageView.from_array(np.zeros((1, model.n_mels, 2 * _FRAMES), dtype=np.float32))
    prompt, end = ([50257, 50362], 50256) if english_only else ([50258, 50259, 50359, 50363], 50257)

    def encode() -> Any:
        return model.encode(features, to_cpu=True)

    states = encode()  # the first run warms up

    def decode() -> Any:
        return model.generate(
            states, [prompt], beam_size=_BEAM, max_length=len(prompt) + _TOKENS, suppress_tokens=[end]
        )

    decode()
    return Speed(_fastest(encode, budget / 2, stop), _fastest(decode, budget / 2, stop))


def _fastest(action: Any, seconds: float, stop: Callable[[], bool]) -> float:
    """The shortest run: what else the computer does now is not the model's fault."""
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end and not stop():
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def _work(model: str) -> tuple[float, float]:
    """Multiplications for encoding and for decoding the utterance."""
    width, encoder, decoder = SHAPES[model]
    convolutions = 2 * _FRAMES * 3 * 80 * width + _FRAMES * 3 * width * width
    encode = convolutions + encoder * (_FRAMES * 12 * width**2 + 2 * _FRAMES**2 * width)
    # Beam search reads every weight once a token and step; the projection onto the vocabulary is the largest.
    decode = _TOKENS * (decoder * 14 * width**2 + _VOCABULARY * width) + decoder * _FRAMES * 2 * width**2
    return float(encode), float(decode)


def _vocabulary() -> list[str]:
    special = {50257: "<|endoftext|>", 50258: "<|startoftranscript|>", 50259: "<|en|>", 50358: "<|translate|>",
               50359: "<|transcribe|>", 50361: "<|startofprev|>", 50362: "<|nospeech|>", 50363: "<|notimestamps|>",
               50364: "<|0.00|>"}  # fmt: skip
    return [special.get(index, f"<{index}>") for index in range(_VOCABULARY)]


def _random_model() -> bytes:
    from engine.checkpoint import Checkpoint, checkpoint_bytes

    width, encoder, decoder = SHAPES["tiny"]
    block = np.random.default_rng(0).standard_normal(65521, dtype=np.float32) * np.float32(0.02)  # a prime: no pattern
    variables: dict[str, Any] = {}

    def weight(name: str, *shape: int) -> None:
        variables[name] = np.resize(block, shape)

    def norm(name: str) -> None:
        variables[f"{name}/gamma"] = np.ones(width, dtype=np.float32)
        variables[f"{name}/beta"] = np.zeros(width, dtype=np.float32)

    def linear(name: str, rows: int, columns: int) -> None:
        weight(f"{name}/weight", rows, columns)
        variables[f"{name}/bias"] = np.zeros(rows, dtype=np.float32)

    for side, layers in (("encoder", encoder), ("decoder", decoder)):
        for layer in range(layers):
            name = f"{side}/layer_{layer}"
            norm(f"{name}/self_attention/layer_norm")
            linear(f"{name}/self_attention/linear_0", 3 * width, width)
            linear(f"{name}/self_attention/linear_1", width, width)
            if side == "decoder":
                norm(f"{name}/attention/layer_norm")
                linear(f"{name}/attention/linear_0", width, width)
                linear(f"{name}/attention/linear_1", 2 * width, width)
                linear(f"{name}/attention/linear_2", width, width)
            norm(f"{name}/ffn/layer_norm")
            linear(f"{name}/ffn/linear_0", 4 * width, width)
            linear(f"{name}/ffn/linear_1", width, 4 * width)
        norm(f"{side}/layer_norm")
        variables[f"{side}/num_heads"] = np.array(width // 64, dtype=np.int16)
    weight("encoder/conv1/weight", width, 80, 3)
    weight("encoder/conv2/weight", width, width, 3)
    variables["encoder/conv1/bias"] = variables["encoder/conv2/bias"] = np.zeros(width, dtype=np.float32)
    weight("encoder/position_encodings/encodings", 1500, width)
    weight("decoder/embeddings/weight", _VOCABULARY, width)
    weight("decoder/position_encodings/encodings", 448, width)
    for name, value in (("activation", 3), ("alibi", 0), ("pre_norm", 1), ("scale_embeddings", 0),
                        ("start_from_zero_embedding", 0)):  # fmt: skip
        variables[f"decoder/{name}"] = np.array(value, dtype=np.int8)
    variables["decoder/alignment_heads"] = np.array(1, dtype=np.int16)
    variables["decoder/alignment_layer"] = np.array(-1, dtype=np.int16)
    checkpoint = Checkpoint(variables, {"decoder/projection/weight": "decoder/embeddings/weight"})
    return bytes(checkpoint_bytes(checkpoint)[0])
