"""Whisper's encoder over its whole 30 s, at the cost of the speech alone.

Of a short utterance's 30 s most is silence, whose states hardly depend on the speech before
it. So only the frames of the speech and a margin are computed; in every layer they attend to
the keys and values that silence has at the places after them, measured once for a model and
kept in the graph. In float32 the states of the speech differ by 4 % from those of all 1,500
frames, those of CTranslate2's int8 by 9 % (docs/context.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from engine.audio import SAMPLE_RATE
from engine.checkpoint import Checkpoint
from engine.context import FULL, mean_where_silent, silence_clips
from engine.errors import ModelError
from engine.onnx_graph import HEAD, Graph, tensor
from engine.statedict import layers_of

Array = NDArray[Any]
_SHORTEST = SAMPLE_RATE  # samples of a recording of silence's beginning: what silence is like early on


@dataclass(frozen=True)
class Silence:
    """What the encoder makes of silence at every place of its 30 s, float16.

    ``keys`` and ``values`` (layers, 1500, d), ``states`` (1500, d).
    """

    keys: Array
    values: Array
    states: Array


def whole_graph(checkpoint: Checkpoint, silence: Silence | None) -> bytes:
    """Log-mel ``mel`` (1, n_mels, 2 * n) to ``states`` (1500, d), those after the n-th frame the silence's own.

    Without ``silence`` to ``states`` (n, d) of the n frames alone, and every layer's ``k{i}``, ``v{i}``, as in
    ``Silence``. Weights are float16, as published, and computed with in float32.
    """
    g = Graph(checkpoint, int8=False)
    d = checkpoint.float("encoder/layer_norm/gamma").size

    def linear(x: str, name: str) -> str:
        product = g.op("MatMul", x, g.half(checkpoint.float(f"{name}/weight").T, f"{name}/weight"))
        return g.op("Add", product, g.vector(f"{name}/bias"))

    def followed(own: str, known: Array, name: str) -> str:
        """(n, d) and then what is known of the places after the n-th: (1500, d)."""
        return g.op("Concat", own, g.op("Slice", g.half(known, name), frames, g.shape(FULL), rows), axis=0)

    x = g.op("Transpose", _convolved(g, checkpoint), perm=(0, 2, 1))
    x = g.op("Reshape", x, g.shape(-1, d))
    frames, rows = g.op("Slice", g.op("Shape", x), g.shape(0), g.shape(1)), g.shape(0)
    positions = g.half(checkpoint.float("encoder/position_encodings/encodings"), "positions")
    x = g.op("Add", x, g.op("Slice", positions, rows, frames, rows))
    layers = layers_of(checkpoint, "encoder")
    normed = g.norm(x, "encoder/layer_0/self_attention/layer_norm")
    outputs = []
    for i in range(layers):
        layer = f"encoder/layer_{i}"
        stacked = linear(normed, f"{layer}/self_attention/linear_0")
        q, k, v = g.ops("Split", stacked, g.shape(d, d, d), outs=(f"q{i}", f"k{i}", f"v{i}"), axis=-1)
        if silence is not None:
            k, v = (
                followed(own, known[i], f"silent_{name}{i}")
                for name, own, known in (("k", k, silence.keys), ("v", v, silence.values))
            )
        else:
            outputs += [tensor(f"{name}{i}", TensorProto.FLOAT, "n", d) for name in "kv"]
        batch = (g.op("Unsqueeze", part, rows) for part in (q, k, v))
        heard = g.op("MultiHeadAttention", *batch, num_heads=d // HEAD)
        heard = linear(g.op("Squeeze", heard, rows), f"{layer}/self_attention/linear_1")
        x, normed = g.sum_and_norm(x, heard, f"{layer}/ffn/layer_norm")
        changed = linear(g.op("Gelu", linear(normed, f"{layer}/ffn/linear_0")), f"{layer}/ffn/linear_1")
        if i + 1 < layers:
            x, normed = g.sum_and_norm(x, changed, f"encoder/layer_{i + 1}/self_attention/layer_norm")
        else:
            x = g.norm(g.op("Add", x, changed), "encoder/layer_norm")
    if silence is not None:
        x = followed(x, silence.states, "silent_states")
    g.op("Identity", x, out="states")
    return g.model(
        [tensor("mel", TensorProto.FLOAT, 1, "n_mels", "frames")],
        [tensor("states", TensorProto.FLOAT, "t", d), *outputs],
    )


def _convolved(g: Graph, checkpoint: Checkpoint) -> str:
    x = "mel"
    for name, stride in (("conv1", 1), ("conv2", 2)):
        weight = g.half(checkpoint.float(f"encoder/{name}/weight"), f"encoder/{name}/weight")
        x = g.op("Conv", x, weight, g.vector(f"encoder/{name}/bias"), kernel_shape=[3], pads=[1, 1], strides=[stride])
        x = g.op("Gelu", x)
    return x


def measure_silence(run: Callable[[Array], dict[str, Array]], n_mels: int) -> Silence:
    """What silence is like in the encoder: the mean over the clips in ``assets/silence``, and over their first second.

    ``run`` takes a log-mel to the outputs of ``whole_graph`` without silence, by name. The first seconds, of which few
    silent places would be left, are of the beginnings alone.

    Raises:
        ModelError: the clips are missing.
    """
    clips = silence_clips()
    clips += [clip[:_SHORTEST] for clip in clips[:3]]
    found = mean_where_silent(clips, n_mels, lambda mel: run(mel[None]))
    mean = {name: value.astype(np.float16) for name, value in found.items()}
    layers = sum(name.startswith("k") for name in mean)
    keys, values = (np.stack([mean[f"{part}{i}"] for i in range(layers)]) for part in "kv")
    return Silence(keys, values, mean["states"])


def silence_of(path: Path) -> Silence:
    """The silence that ``whole_graph`` put into the file ``path``.

    Raises:
        ModelError: the file is damaged.
    """
    try:
        weights = {weight.name: weight for weight in onnx.load_model(path).graph.initializer}
        layers = sum(name.startswith("silent_k") for name in weights)
        keys, values = (
            np.stack([numpy_helper.to_array(weights[f"silent_{part}{i}_half"]) for i in range(layers)]) for part in "kv"
        )
        return Silence(keys, values, numpy_helper.to_array(weights["silent_states_half"]))
    except Exception as error:  # what the parser raises is protobuf's own
        raise ModelError(f"{path} is damaged.") from error
