"""Whisper's forward pass as plain functions over a dictionary of weights, for training.

``transformers`` computes the cross-attention keys and values of all encoder states anew in
every call; here they are computed once a batch, without gradients where nothing in them is
trained, shared by the adapted and the unadapted pass, and those of the silence tail once and
for all. Frozen matrices are kept in bfloat16 where the processor multiplies it faster. A
parity test holds this against ``transformers``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.checkpoint import read_checkpoint
from engine.context import FULL, SHORT
from engine.statedict import layers_of, state_dict

# Matrix name (without ".weight") to A (rank, in) and B (out, rank), with the scale already in
# B; with a leading dimension n, one LoRA for each utterance of the batch.
Lora = Mapping[str, tuple[Tensor, Tensor]]
NO_LORA: Lora = {}


@dataclass(frozen=True)
class Whisper:
    """Weights by their ``transformers`` names less the leading ``model.``, and the sizes that they do not tell."""

    weights: dict[str, Tensor]
    heads: int
    encoder_layers: int
    decoder_layers: int
    d_model: int
    d_ff: int

    @property
    def parameters(self) -> int:
        return sum(weight.numel() for weight in self.weights.values())

    def replaced(self, weights: Mapping[str, Tensor]) -> Whisper:
        """The same model with some weights replaced, for full fine-tuning."""
        return Whisper(
            {**self.weights, **weights}, self.heads, self.encoder_layers, self.decoder_layers, self.d_model, self.d_ff
        )


@dataclass(frozen=True)
class Cross:
    """Keys and values of every layer: (n, heads, t, d_head) each."""

    keys: list[Tensor]
    values: list[Tensor]

    def rows(self, index: Tensor) -> Cross:
        return Cross([k[index] for k in self.keys], [v[index] for v in self.values])


def load(directory: Path, device: torch.device | str = "cpu", dtype: torch.dtype | None = None) -> Whisper:
    """The CTranslate2 model in ``directory``; ``dtype`` of the matrices, None for the fastest here.

    Raises:
        ModelError: the files are missing or damaged.
    """
    checkpoint = read_checkpoint(directory / "model.bin")
    dtype = dtype or fastest_dtype(torch.device(device))
    weights = {}
    for name, value in state_dict(checkpoint).items():
        matrix = value.ndim == 2 and "embed_positions" not in name
        tensor = torch.from_numpy(np.array(value))
        weights[name.removeprefix("model.")] = tensor.to(device, dtype if matrix else torch.float32)
    d_ff, d_model = checkpoint["decoder/layer_0/ffn/linear_0/weight"].shape
    layers = {side: layers_of(checkpoint, side) for side in ("encoder", "decoder")}
    return Whisper(
        weights, int(checkpoint["decoder/num_heads"]), layers["encoder"], layers["decoder"], int(d_model), int(d_ff)
    )


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the hardware multiplies it natively, else float32."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    return torch.bfloat16 if device.type == "cpu" and _cpu_bfloat16() else torch.float32


@functools.cache
def _cpu_bfloat16() -> bool:
    try:
        return any(flag in Path("/proc/cpuinfo").read_text() for flag in ("avx512_bf16", "amx_bf16"))
    except OSError:
        return False


def encode(model: Whisper, mel: Tensor, lora: Lora = NO_LORA, mask: Tensor | None = None) -> Tensor:
    """Log-mel float32 (n, n_mels, 2 * t) to encoder states float32 (n, t, d_model), any t up to 1500.

    ``mask`` as in ``encode_layers``.
    """
    x = encode_layers(model, encode_start(model, mel), lora, mask=mask)
    return encode_end(model, x)


def encode_start(model: Whisper, mel: Tensor) -> Tensor:
    """Log-mel float32 (n, n_mels, 2 * t) to the input of the first encoder layer, float32 (n, t, d_model)."""
    w = model.weights
    conv = functools.partial(functional.conv1d, padding=1)
    x = functional.gelu(conv(mel, w["encoder.conv1.weight"], w["encoder.conv1.bias"]))
    x = functional.gelu(conv(x, w["encoder.conv2.weight"], w["encoder.conv2.bias"], stride=2)).transpose(1, 2)
    return x + w["encoder.embed_positions.weight"][: x.shape[1]]


def encode_layers(
    model: Whisper,
    x: Tensor,
    lora: Lora = NO_LORA,
    first: int = 0,
    last: int | None = None,
    mask: Tensor | None = None,
    silence: Cross | None = None,
) -> Tensor:
    """Encoder layers ``first`` to ``last`` (exclusive; None: the end), without the last norm: (n, t, d_model).

    ``mask`` bool (n, t): the frames that may be attended to, where the rows have different lengths; with ``silence``
    bool (n, t + 1500): the frames, then the places at which silence's keys and values (1, heads, 1500, d_head) of
    every layer may, as in ``engine.onnx_whole``.
    """
    w = model.weights
    seen = None if mask is None else mask[:, None, None, :]
    for number in range(first, model.encoder_layers if last is None else last):
        layer = f"encoder.layers.{number}"
        y = _norm(w, f"{layer}.self_attn_layer_norm", x)
        q, k, v = (_heads(model, _linear(w, f"{layer}.self_attn.{p}_proj", y, lora)) for p in "qkv")
        if silence is not None:
            k, v = (
                torch.cat([own, known[number].expand(len(own), -1, -1, -1)], dim=2)
                for own, known in ((k, silence.keys), (v, silence.values))
            )
        y = _attention(q, k, v, seen)
        x = x + _linear(w, f"{layer}.self_attn.out_proj", _flat(y), lora).float()
        x = x + _mlp(w, layer, x, lora)
    return x


def encode_dictated(
    model: Whisper, x: Tensor, lengths: Tensor, lora: Lora = NO_LORA, silence: Cross | None = None,
    first: int = 0, last: int | None = None,
) -> Tensor:  # fmt: skip
    """Encoder layers ``first`` to ``last`` of rows (n, t, d_model) of ``lengths`` (n,) frames, each as the engine hears
    it: with ``silence`` after the speech of a short clip comes what is known of it, to the end of the 30 s."""
    seen = torch.arange(x.shape[1], device=x.device) < lengths[:, None]
    whole = lengths < SHORT.minimum
    if silence is None or not whole.any():
        return encode_layers(model, x, lora, first, last, seen)
    silent = torch.arange(FULL, device=x.device) >= torch.where(whole, lengths, FULL)[:, None]
    return encode_layers(model, x, lora, first, last, torch.cat([seen, silent], dim=1), silence)


def silence_of(model: Whisper, keys: Tensor, values: Tensor) -> Cross:
    """Silence's keys and values in every encoder layer, from (layers, 1500, d_model) each (``engine.onnx_whole``)."""
    weight = model.weights["encoder.layers.0.fc1.weight"]
    return Cross(*(
        [_heads(model, layer[None].to(weight.device, weight.dtype)) for layer in part] for part in (keys, values)
    ))  # fmt: skip


def encode_end(model: Whisper, x: Tensor) -> Tensor:
    """The norm after the last encoder layer."""
    return _norm(model.weights, "encoder.layer_norm", x)


def cross(model: Whisper, states: Tensor, lora: Lora = NO_LORA) -> Cross:
    """Cross-attention keys and values of ``states`` (n, t, d_model) for every decoder layer."""
    keys, values = [], []
    for number in range(model.decoder_layers):
        layer = f"decoder.layers.{number}.encoder_attn"
        keys.append(_heads(model, _linear(model.weights, f"{layer}.k_proj", states, lora)))
        values.append(_heads(model, _linear(model.weights, f"{layer}.v_proj", states, lora)))
    return Cross(keys, values)


def with_tail(found: Cross, lengths: Tensor, tail: Cross, extra: int) -> Cross:
    """``found`` (n, heads, t, d_head), of which row i is valid up to ``lengths[i]``, then the silence tail.

    Every row goes on with the tail's states lengths[i], lengths[i] + 1, …, up to the same
    length, max(lengths) + ``extra``, at most the tail's own.
    """
    t = found.keys[0].shape[2]
    total = min(tail.keys[0].shape[2], t + extra)
    own = (torch.arange(t, device=lengths.device) < lengths[:, None])[:, None, :, None]
    whole = bool((lengths == t).all())  # most often: short clips have the smallest context

    def joined(new: Tensor, silence: Tensor) -> Tensor:
        start = new if whole else torch.where(own, new, silence[:, :, :t])
        return torch.cat([start, silence[:, :, t:total].expand(len(new), -1, -1, -1)], dim=2)

    return Cross(
        [joined(*pair) for pair in zip(found.keys, tail.keys, strict=True)],
        [joined(*pair) for pair in zip(found.values, tail.values, strict=True)],
    )


def decode(model: Whisper, tokens: Tensor, seen: Cross, lora: Lora = NO_LORA) -> Tensor:
    """Tokens int64 (n, length) to the decoder's last hidden states, float32 (n, length, d_model)."""
    w = model.weights
    x = w["decoder.embed_tokens.weight"][tokens].float() + w["decoder.embed_positions.weight"][: tokens.shape[1]]
    for number in range(model.decoder_layers):
        layer = f"decoder.layers.{number}"
        y = _norm(w, f"{layer}.self_attn_layer_norm", x)
        q, k, v = (_heads(model, _linear(w, f"{layer}.self_attn.{p}_proj", y, lora)) for p in "qkv")
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + _linear(w, f"{layer}.self_attn.out_proj", _flat(y), lora).float()
        y = _norm(w, f"{layer}.encoder_attn_layer_norm", x)
        q = _heads(model, _linear(w, f"{layer}.encoder_attn.q_proj", y, lora))
        # Not torch's fused attention: its backward pass would also form the gradients of keys and values.
        weight = (q * q.shape[-1] ** -0.5) @ seen.keys[number].mT
        y = weight.softmax(-1) @ seen.values[number]
        x = x + _linear(w, f"{layer}.encoder_attn.out_proj", _flat(y), lora).float()
        x = x + _mlp(w, layer, x, lora)
    return _norm(w, "decoder.layer_norm", x)


def teacher_forced(texts: Sequence[list[int]], prompt: int) -> tuple[Tensor, Tensor]:
    """Decoder input (n, length) and what it should answer, -100 where nothing is asked."""
    longest = max(map(len, texts)) - 1
    tokens = torch.zeros(len(texts), longest, dtype=torch.long)
    target = torch.full((len(texts), longest), -100)
    for row, text in enumerate(texts):
        tokens[row, : len(text) - 1] = torch.tensor(text[:-1])
        target[row, prompt - 1 : len(text) - 1] = torch.tensor(text[prompt:])
    return tokens, target


def fresh_lora(weight: Tensor, rank: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A (rank, in) at random and B (out, rank) zero, to be trained: they change nothing of ``weight`` (out, in) yet."""
    d_out, d_in = weight.shape
    a = (torch.randn(rank, d_in, generator=generator) / math.sqrt(d_in)).to(weight.device)
    return a.requires_grad_(), torch.zeros(d_out, rank, device=weight.device, requires_grad=True)


def logits(model: Whisper, hidden: Tensor) -> Tensor:
    """Hidden states (..., d_model) to float32 (..., vocabulary)."""
    weight = model.weights["decoder.embed_tokens.weight"]
    return functional.linear(hidden.to(weight.dtype), weight).float()


def _linear(w: Mapping[str, Tensor], name: str, x: Tensor, lora: Lora) -> Tensor:
    weight, bias = w[f"{name}.weight"], w.get(f"{name}.bias")
    y = functional.linear(x.to(weight.dtype), weight, None if bias is None else bias.to(weight.dtype))
    if name not in lora:
        return y
    # Added, not merged: bfloat16 would round most of a small change of the matrix away. The
    # skinny products themselves are 6 to 25 times as fast in bfloat16 on a CPU, forward and backward.
    a, b = lora[name]
    if a.ndim == 2:
        change = functional.linear(functional.linear(x.to(weight.dtype), a.to(weight.dtype)), b.to(weight.dtype))
    else:
        change = (x.float() @ a.transpose(1, 2)) @ b.transpose(1, 2)
    return y + change.to(y.dtype) if name.endswith(("q_proj", "k_proj", "v_proj")) else y.float() + change


def _attention(q: Tensor, k: Tensor, v: Tensor, seen: Tensor | None) -> Tensor:
    """Softmax attention (n, heads, t, d_head); ``seen`` bool (n, 1, 1, t) or None for all.

    In plain products where they are at most 700 frames in bfloat16 on a CPU: forward and
    backward take less than half of what torch's fused kernel takes there.
    """
    if q.dtype != torch.bfloat16 or q.device.type != "cpu" or q.shape[2] > 700:
        return functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    scores = (q * q.shape[-1] ** -0.5) @ k.mT
    if seen is not None:
        scores = scores.masked_fill(~seen, -1e4)
    return scores.softmax(-1) @ v


def _mlp(w: Mapping[str, Tensor], layer: str, x: Tensor, lora: Lora) -> Tensor:
    y = _norm(w, f"{layer}.final_layer_norm", x)
    y = functional.gelu(_linear(w, f"{layer}.fc1", y, lora))
    return _linear(w, f"{layer}.fc2", y, lora).float()


def _norm(w: Mapping[str, Tensor], name: str, x: Tensor) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)


def _heads(model: Whisper, x: Tensor) -> Tensor:
    return x.unflatten(-1, (model.heads, -1)).transpose(1, 2)


def _flat(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)
