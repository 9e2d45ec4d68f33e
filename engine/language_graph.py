"""A small Llama as an ONNX graph: how likely every token of several texts is, in one pass.

Architecture: Touvron et al. 2023 (arXiv 2302.13971) with grouped queries (Ainslie et al. 2023), as llama.cpp stores it
in GGUF: rotary positions turn neighbouring channels. Matrices are int8 in blocks, for the activations of the
first tokens have outliers that one scale for all does not suit; the rest is float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from engine.onnx_graph import Nodes, quantize_blocks, tensor

BLOCK = 64  # weights that share one scale

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """The dimensions of a Llama."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    epsilon: float
    rope_base: float

    @property
    def head(self) -> int:
        return self.width // self.heads


def language_graph(weight: Callable[[str], Floats], shape: Shape) -> bytes:
    """The graph of a Llama. ``weight`` gives its weights by their GGUF names, float32 (out, in) or (width,).

    Inputs: ``tokens`` (n,) and ``positions`` (n,), int64; ``mask`` (n, n), 0 where the token of the row sees that of
    the column and very negative elsewhere; ``rows`` (m,), tokens after each of which one is asked for: ``wanted`` (m,).
    Output: ``scores`` (m,), the log-probabilities of those.
    """
    g, d, head = Nodes(), shape.width, shape.head
    embeddings = weight("token_embd.weight")
    table, scales = _blocks(g, embeddings, "token_embd")
    x = _embedded(g, table, scales, d)
    angles = _angles(g, shape)
    for i in range(shape.layers):
        name = f"blk.{i}"
        seen = _norm(g, x, weight(f"{name}.attn_norm.weight"), f"{name}.attn_norm", shape.epsilon)
        q, k, v = (_linear(g, seen, weight(f"{name}.attn_{part}.weight"), f"{name}.{part}") for part in "qkv")
        q, k, v = (g.op("Transpose", g.op("Reshape", part, g.shape(0, -1, head)), perm=[1, 0, 2]) for part in (q, k, v))
        # (kv_heads, queries or keys, head), all queries that share a key's head under it
        q = g.op("Reshape", _turned(g, q, angles, head), g.shape(shape.kv_heads, -1, head))
        k = _turned(g, k, angles, head)
        v = g.op("Reshape", v, g.shape(shape.kv_heads, -1, head))
        k = g.op("Transpose", k, perm=[0, 2, 1])
        scores = g.op("Mul", g.op("MatMul", q, k), _number(g, head**-0.5))
        scores = g.op("Reshape", scores, g.shape(shape.heads, -1, 0))
        weights = g.op("Softmax", g.op("Add", scores, "mask"), axis=-1)
        weights = g.op("Reshape", weights, g.shape(shape.kv_heads, -1, 0))
        heard = g.op("Reshape", g.op("MatMul", weights, v), g.shape(shape.heads, -1, head))
        heard = g.op("Reshape", g.op("Transpose", heard, perm=[1, 0, 2]), g.shape(-1, d))
        x = g.op("Add", x, _linear(g, heard, weight(f"{name}.attn_output.weight"), f"{name}.o"))
        seen = _norm(g, x, weight(f"{name}.ffn_norm.weight"), f"{name}.ffn_norm", shape.epsilon)
        gate, up = (_linear(g, seen, weight(f"{name}.ffn_{part}.weight"), f"{name}.{part}") for part in ("gate", "up"))
        inner = g.op("Mul", g.op("Mul", gate, g.op("Sigmoid", gate)), up)
        x = g.op("Add", x, _linear(g, inner, weight(f"{name}.ffn_down.weight"), f"{name}.down"))
    asked = g.op("Gather", x, "rows", axis=0)
    asked = _norm(g, asked, weight("output_norm.weight"), "output_norm", shape.epsilon)
    logits = _product(g, asked, table, scales, *embeddings.shape)
    chosen = g.op(
        "GatherElements", g.op("LogSoftmax", logits, axis=-1), g.op("Unsqueeze", "wanted", g.shape(1)), axis=1
    )
    g.op("Reshape", chosen, g.shape(-1), out="scores")
    inputs = [tensor(name, TensorProto.INT64, "n") for name in ("tokens", "positions")]
    inputs += [tensor("mask", TensorProto.FLOAT, "n", "n")]
    inputs += [tensor(name, TensorProto.INT64, "m") for name in ("rows", "wanted")]
    outputs = [tensor("scores", TensorProto.FLOAT, "m")]
    return g.model(inputs, outputs)


def _number(g: Nodes, value: float) -> str:
    return g.constant(np.array(value, dtype=np.float32))


def _blocks(g: Nodes, weight: Floats, name: str) -> tuple[str, str]:
    packed, scales = quantize_blocks(weight, BLOCK)
    return g.constant(packed, name), g.constant(scales, f"{name}_scales")


def _product(g: Nodes, x: str, packed: str, scales: str, n: int, k: int) -> str:
    return g.op("MatMulNBits", x, packed, scales, K=k, N=n, bits=8, block_size=BLOCK, accuracy_level=4)


def _linear(g: Nodes, x: str, weight: Floats, name: str) -> str:
    return _product(g, x, *_blocks(g, weight, name), *weight.shape)


def _embedded(g: Nodes, table: str, scales: str, width: int) -> str:
    """Token embeddings (n, width) out of the matrix that is the output's, too."""
    rows = g.op("Sub", g.op("Cast", g.op("Gather", table, "tokens", axis=0), to=TensorProto.FLOAT), _number(g, 128))
    sizes = g.op("Gather", g.op("Reshape", scales, g.shape(-1, width // BLOCK, 1)), "tokens", axis=0)
    return g.op("Reshape", g.op("Mul", rows, sizes), g.shape(-1, width))


def _norm(g: Nodes, x: str, weight: Floats, name: str, epsilon: float) -> str:
    """Root mean square norm (Zhang and Sennrich 2019)."""
    square = g.op("ReduceMean", g.op("Mul", x, x), g.shape(-1), keepdims=1)
    size = g.op("Sqrt", g.op("Add", square, _number(g, epsilon)))
    return g.op("Mul", g.op("Div", x, size), g.constant(weight.astype(np.float32), name))


def _angles(g: Nodes, shape: Shape) -> tuple[str, str]:
    """Cosine and sine (n, head / 2) of the tokens' positions (Su et al. 2021)."""
    rates = shape.rope_base ** (-np.arange(0, shape.head, 2, dtype=np.float64) / shape.head)
    positions = g.op("Reshape", g.op("Cast", "positions", to=TensorProto.FLOAT), g.shape(-1, 1))
    angles = g.op("Mul", positions, g.constant(rates.astype(np.float32), "rates"))
    return g.op("Cos", angles), g.op("Sin", angles)


def _turned(g: Nodes, x: str, angles: tuple[str, str], head: int) -> str:
    """(heads, n, head) turned by its positions: channels 2i and 2i + 1 are one pair. Their order afterwards does not
    matter, for queries and keys have the same."""
    cosine, sine = angles
    pairs, count = g.op("Reshape", x, g.shape(0, 0, head // 2, 2)), len(g.nodes)
    parts = g.ops("Split", pairs, outs=(f"even_{count}", f"odd_{count}"), axis=3, num_outputs=2)
    even, odd = (g.op("Reshape", part, g.shape(0, 0, -1)) for part in parts)
    first = g.op("Sub", g.op("Mul", even, cosine), g.op("Mul", odd, sine))
    second = g.op("Add", g.op("Mul", odd, cosine), g.op("Mul", even, sine))
    return g.op("Concat", first, second, axis=2)
