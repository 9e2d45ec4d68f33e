"""A CTranslate2 checkpoint under the names of ``transformers``, whose fused matrices are separate ones.

``engine.convert`` goes the other way. Needs neither torch nor transformers.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from engine.checkpoint import Checkpoint


def state_dict(checkpoint: Checkpoint) -> dict[str, NDArray[np.float32]]:
    """CTranslate2's names and fused matrices as ``transformers``' (see ``engine.convert`` for the way back)."""
    state: dict[str, NDArray[np.float32]] = {
        "model.decoder.embed_tokens.weight": checkpoint.float("decoder/embeddings/weight"),
        "model.decoder.embed_positions.weight": checkpoint.float("decoder/position_encodings/encodings"),
        "model.encoder.embed_positions.weight": checkpoint.float("encoder/position_encodings/encodings"),
    }
    for side in ("encoder", "decoder"):
        _norm(state, checkpoint, f"model.{side}.layer_norm", f"{side}/layer_norm")
        for number in range(layers_of(checkpoint, side)):
            source, target = f"{side}/layer_{number}", f"model.{side}.layers.{number}"
            _norm(state, checkpoint, f"{target}.self_attn_layer_norm", f"{source}/self_attention/layer_norm")
            own = f"{target}.self_attn"
            _linear(state, checkpoint, [f"{own}.{p}_proj" for p in "qkv"], f"{source}/self_attention/linear_0")
            _linear(state, checkpoint, [f"{own}.out_proj"], f"{source}/self_attention/linear_1")
            if side == "decoder":
                cross = f"{target}.encoder_attn"
                _norm(state, checkpoint, f"{cross}_layer_norm", f"{source}/attention/layer_norm")
                _linear(state, checkpoint, [f"{cross}.q_proj"], f"{source}/attention/linear_0")
                _linear(state, checkpoint, [f"{cross}.k_proj", f"{cross}.v_proj"], f"{source}/attention/linear_1")
                _linear(state, checkpoint, [f"{cross}.out_proj"], f"{source}/attention/linear_2")
            _norm(state, checkpoint, f"{target}.final_layer_norm", f"{source}/ffn/layer_norm")
            _linear(state, checkpoint, [f"{target}.fc1"], f"{source}/ffn/linear_0")
            _linear(state, checkpoint, [f"{target}.fc2"], f"{source}/ffn/linear_1")
    for conv in ("conv1", "conv2"):
        state[f"model.encoder.{conv}.weight"] = checkpoint.float(f"encoder/{conv}/weight")
        state[f"model.encoder.{conv}.bias"] = checkpoint.float(f"encoder/{conv}/bias")
    return state


def _norm(state: dict[str, NDArray[np.float32]], checkpoint: Checkpoint, target: str, source: str) -> None:
    state[f"{target}.weight"] = checkpoint.float(f"{source}/gamma")
    state[f"{target}.bias"] = checkpoint.float(f"{source}/beta")


def _linear(state: dict[str, NDArray[np.float32]], checkpoint: Checkpoint, targets: list[str], source: str) -> None:
    """One stored matrix holds several of ``transformers``', stacked; k projections have no bias."""
    weights = np.split(checkpoint.float(f"{source}/weight"), len(targets))
    biases = np.split(checkpoint.float(f"{source}/bias"), len(targets))
    for target, weight, bias in zip(targets, weights, biases, strict=True):
        state[f"{target}.weight"] = weight
        if not target.endswith("k_proj"):
            state[f"{target}.bias"] = bias


def layers_of(checkpoint: Checkpoint, side: str) -> int:
    """How many layers ``side`` ("encoder" or "decoder") has."""
    pattern = re.compile(rf"{side}/layer_\d+/ffn/linear_0/weight")
    return sum(pattern.fullmatch(name) is not None for name in checkpoint.variables)
