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
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from engine.audio import SAMPLE_RATE, load_audio
from engine.checkpoint import Checkpoint
from engine.context import FULL, SETTLED, clip_frames, padded_mel
from engine.errors import ModelError
from engine.mel import log_mel
from engine.onnx_graph import HEAD, Graph, tensor
from engine.paths import assets_dir
from engine.statedict import layers_of

Array = NDArray[Any]
_SHORTEST = SAMPLE_RATE  # samples of a recording of silence's beginning: what silence is like early on


@dataclass(frozen=True)
class Silence:
    """What the encoder makes of silence at every place of its 30 s, float16.

    ``keys`` (layers, heads, 64, 1500), ``values`` (layers, heads, 1500, 64), ``states`` (1500, d).
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

    def linear(x: str, name: str, scale: Array | float = 1.0) -> str:
        weight, bias = (checkpoint.float(f"{name}/{part}") for part in ("weight", "bias"))
        product = g.op("MatMul", x, g.half((weight.T * scale), f"{name}/weight"))
        return g.op("Add", product, g.constant((bias * scale).astype(np.float32), f"{name}/bias"))

    x = g.op("Transpose", _convolved(g, checkpoint), perm=(0, 2, 1))
    x = g.op("Reshape", x, g.shape(-1, d))
    frames, end = g.op("Slice", g.op("Shape", x), g.shape(0), g.shape(1)), g.shape(FULL)
    positions = g.half(checkpoint.float("encoder/position_encodings/encodings"), "positions")
    x = g.op("Add", x, g.op("Slice", positions, g.shape(0), frames, g.shape(0)))
    heads = g.shape(-1, d // HEAD, HEAD)
    # the scale of the scores is in the queries' weights
    scale = np.concatenate([np.full(d, HEAD**-0.5), np.ones(2 * d)]).astype(np.float32)
    layers = layers_of(checkpoint, "encoder")
    normed = g.norm(x, "encoder/layer_0/self_attention/layer_norm")
    outputs = []
    for i in range(layers):
        layer = f"encoder/layer_{i}"
        stacked = linear(normed, f"{layer}/self_attention/linear_0", scale)
        parts = g.ops("Split", stacked, g.shape(d, d, d), outs=(f"q{i}_flat", f"k{i}_flat", f"v{i}_flat"), axis=-1)
        q, k, v = (
            g.op("Transpose", g.op("Reshape", part, heads), perm=turned, out=f"{name}{i}")
            for name, part, turned in zip("qkv", parts, ((1, 0, 2), (1, 2, 0), (1, 0, 2)), strict=True)
        )
        if silence is not None:
            k = g.op(
                "Concat", k, g.op("Slice", g.half(silence.keys[i], f"silent_k{i}"), frames, end, g.shape(2)), axis=2
            )
            v = g.op(
                "Concat", v, g.op("Slice", g.half(silence.values[i], f"silent_v{i}"), frames, end, g.shape(1)), axis=1
            )
        else:
            outputs += [
                tensor(f"k{i}", TensorProto.FLOAT, "heads", HEAD, "n"),
                tensor(f"v{i}", TensorProto.FLOAT, "heads", "n", HEAD),
            ]
        heard = g.op("MatMul", g.op("Softmax", g.op("MatMul", q, k), axis=-1), v)
        heard = g.op("Reshape", g.op("Transpose", heard, perm=(1, 0, 2)), g.shape(-1, d))
        heard = linear(heard, f"{layer}/self_attention/linear_1")
        x, normed = g.sum_and_norm(x, heard, f"{layer}/ffn/layer_norm")
        changed = linear(g.op("Gelu", linear(normed, f"{layer}/ffn/linear_0")), f"{layer}/ffn/linear_1")
        if i + 1 < layers:
            x, normed = g.sum_and_norm(x, changed, f"encoder/layer_{i + 1}/self_attention/layer_norm")
        else:
            x = g.norm(g.op("Add", x, changed), "encoder/layer_norm")
    if silence is not None:
        x = g.op("Concat", x, g.op("Slice", g.half(silence.states, "silent_states"), frames, end, g.shape(0)), axis=0)
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

    ``run`` takes a log-mel to the outputs of ``whole_graph`` without silence, by name. A place counts where the clip
    has ended 1.2 s earlier; the first seconds, of which few such places would be left, are of the beginnings alone.

    Raises:
        ModelError: the clips are missing.
    """
    clips = [load_audio(path) for path in sorted((assets_dir() / "silence").glob("*.flac"))]
    if not clips:
        raise ModelError(f"The recordings of Idiolect are missing from {assets_dir()}: install Idiolect again.")
    counts = np.zeros(FULL)
    totals: dict[str, Array] = {}
    for clip in [*clips, *(clip[:_SHORTEST] for clip in clips[:3])]:
        start = clip_frames(clip.size) + SETTLED
        counts[start:] += 1
        for name, found in run(padded_mel(log_mel(clip, n_mels), FULL)[None]).items():
            silent = np.arange(FULL) >= start
            along = np.moveaxis(found, _time_axis(name), -1)
            totals[name] = totals.get(name, np.float64(0.0)) + along * silent
    mean = {
        name: np.moveaxis(total / np.maximum(counts, 1), -1, _time_axis(name)).astype(np.float16)
        for name, total in totals.items()
    }
    layers = sum(name.startswith("k") for name in mean)
    keys, values = (np.stack([mean[f"{part}{i}"] for i in range(layers)]) for part in "kv")
    return Silence(keys, values, mean["states"])


def _time_axis(name: str) -> int:
    return {"k": 2, "v": 1, "s": 0}[name[0]]
