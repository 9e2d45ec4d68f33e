"""Whisper's decoder as an ONNX graph, written from the weights of a ``model.bin``.

CTranslate2 cannot change a loaded weight; a graph can take A and B of W1's LoRA as *inputs*.
So nothing is merged, requantised or loaded for an utterance. Matrices are int8 as in CTranslate2
(``DynamicQuantizeMatMul``: the twofold speed of blocks of weights, measured with AVX2 and five
beams), but for the MLP's second one: its inputs have outliers that one scale for all of them
does not suit, and cost two thirds of what int8 costs in accuracy. It is int8 in blocks of 128
(``MatMulNBits``). The keys and values of the recording, all of which every step reads, are
bytes, too (``_Memory``). The rest is float32. Architecture: Radford et al. 2022, as in
``openai/whisper`` model.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engine.checkpoint import Checkpoint, quantize_int8
from engine.statedict import layers_of

OPSET = 20  # the first with Gelu
BLOCK = 128  # weights that share one scale, where they are int8 in blocks
_CONTRIB = "com.microsoft"
_CONTRIBUTED = (
    "DynamicQuantizeMatMul",
    "MatMulIntegerToFloat",
    "MatMulNBits",
    "MultiHeadAttention",
    "QGemm",
    "SkipLayerNormalization",
)
HEAD = 64  # d_model / heads, in every Whisper
_BYTE = 128  # the zero point of bytes that stand for numbers of both signs
# What a byte of the keys and values counts, which are of unit spread but for correlations (``_Memory``). Of real
# speech and of silence, Whisper base and tiny.en, the largest are 12.7 and 10.7; what exceeds a byte is cut off.
_KEY_STEP, _VALUE_STEP = 13 / 127, 9 / 127

Array = NDArray[Any]


class Nodes:
    """Nodes and constants, in the order in which they are added."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix  # a branch's names must not be those of the graph around it
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._known: dict[str, str] = {}

    def op(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        return self.ops(kind, *inputs, outs=(out or f"{self._prefix}{kind}_{len(self.nodes)}",), **attributes)[0]

    def ops(self, kind: str, *inputs: str, outs: tuple[str, ...], **attributes: Any) -> tuple[str, ...]:
        domain = _CONTRIB if kind in _CONTRIBUTED else ""
        self.nodes.append(helper.make_node(kind, list(inputs), list(outs), domain=domain, **attributes))
        return outs

    def constant(self, value: Array, name: str = "") -> str:
        key = name or f"{value.dtype}{value.shape}{value.tobytes()!r}"
        if key not in self._known:
            self._known[key] = name or f"{self._prefix}constant_{len(self._known)}"
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), self._known[key]))
        return self._known[key]

    def shape(self, *sizes: int) -> str:
        return self.constant(np.array(sizes, dtype=np.int64))

    def model(self, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto], **notes: str) -> bytes:
        graph = helper.make_graph(self.nodes, "decoder", inputs, outputs, self.weights)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        helper.set_model_props(model, notes)
        return bytes(model.SerializeToString())


class Graph(Nodes):
    """Those of Whisper's decoder, with the weights of a checkpoint."""

    def __init__(self, checkpoint: Checkpoint, int8: bool, prefix: str = "") -> None:
        super().__init__(prefix)
        self.checkpoint = checkpoint
        self.int8 = int8

    def half(self, weights: Array, name: str) -> str:
        """``weights`` kept as float16, which is what Whisper's are, and computed with in float32."""
        if name not in self._known:
            kept = self.constant(weights.astype(np.float16), f"{name}_half")
            self._known[name] = self.op("Cast", kept, to=TensorProto.FLOAT)
        return self._known[name]

    def vector(self, name: str) -> str:
        return self.constant(self.checkpoint.float(name), name)

    def linear(self, x: str, weight: Array, name: str, bias: Array | str | None = None, out: str = "") -> str:
        """x @ weight.T + bias; ``weight`` float32 (n, k), int8 with a scale for each of the n, or as it is."""
        if isinstance(bias, np.ndarray):
            bias = self.constant(bias.astype(np.float32), f"{name}_bias")
        if not self.int8:
            product = self.op("MatMul", x, self.constant(weight.T, name), out=out if bias is None else "")
            return product if bias is None else self.op("Add", product, bias, out=out)
        packed, scale, zero = quantize_columns(weight)
        inputs = [self.constant(value, f"{name}{end}") for value, end in ((packed, ""), (scale, "_scale"))]
        inputs += [self.constant(zero), *([bias] if bias is not None else [])]
        return self.op("DynamicQuantizeMatMul", x, *inputs, out=out)

    def linear_of_outliers(self, x: str, weight: Array, name: str, bias: Array) -> str:
        """As ``linear``, for an ``x`` a few of whose values are far larger than the others."""
        if not self.int8:
            return self.linear(x, weight, name, bias)
        n, k = weight.shape
        packed, scales = quantize_blocks(weight)
        inputs = [x, self.constant(packed, name), self.constant(scales, f"{name}_scales"), "", ""]
        inputs.append(self.constant(bias.astype(np.float32), f"{name}_bias"))
        return self.op("MatMulNBits", *inputs, K=k, N=n, bits=8, block_size=BLOCK, accuracy_level=4)

    def norm(self, x: str, name: str) -> str:
        return self.op(
            "LayerNormalization", x, self.vector(f"{name}/gamma"), self.vector(f"{name}/beta"), axis=-1, epsilon=1e-5
        )

    def sum_and_norm(self, x: str, y: str, name: str) -> tuple[str, str]:
        """x + y, and the norm of it."""
        count = len(self.nodes)
        norm, _, _, total = self.ops(
            "SkipLayerNormalization",
            *(x, y, self.vector(f"{name}/gamma"), self.vector(f"{name}/beta")),
            outs=(f"norm_{count}", "", "", f"sum_{count}"),
            epsilon=1e-5,
        )
        return total, norm

    def branch(self, out: str) -> onnx.GraphProto:
        """These nodes as one of the two ways through an ``If``, to the value ``out`` of three axes."""
        value = tensor(out, TensorProto.FLOAT, "batch", "rows", "columns")
        return helper.make_graph(self.nodes, out, [], [value], self.weights)


def quantize_columns(weight: Array) -> tuple[Array, Array, Array]:
    """float32 (n, k) to uint8 (k, n) around the zero points, float32 scales (n,) and uint8 zero points (n,).

    The same rounding as CTranslate2's int8, as ``DynamicQuantizeMatMul`` of ONNX Runtime wants it
    (ContribOperators.md). Unsigned: without VNNI, products of signed weights saturate.
    """
    whole, scale = quantize_int8(weight)
    packed = (whole.T.astype(np.int16) + 128).astype(np.uint8)
    return packed, (1.0 / scale).astype(np.float32), np.full(len(weight), 128, dtype=np.uint8)


def quantize_blocks(weight: Array, block: int = BLOCK) -> tuple[Array, Array]:
    """float32 (n, k) to uint8 (n, k / block, block) around 128 and float32 scales (n * k / block,).

    The layout of ONNX Runtime's ``MatMulNBits`` (ContribOperators.md).
    """
    n, k = weight.shape
    blocks = weight.astype(np.float32).reshape(n, k // block, block)
    scales = np.maximum(np.abs(blocks).max(axis=-1, keepdims=True) / np.float32(127.0), np.float32(1e-10))
    packed = (np.rint(blocks / scales) + 128).astype(np.uint8)
    return packed, scales.reshape(-1)


def tensor(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
    """An input or output of a graph."""
    return helper.make_tensor_value_info(name, kind, list(shape))


@dataclass(frozen=True)
class _Memory:
    """One layer's cross-attention, such that its keys and values are of one size in every channel, and of a byte's.

    The encoder's last norm fixes the mean and, but for correlations, the spread of each channel of keys and values.
    Both are taken out of them and put into the matrices before (queries) and after (output): the keys' mean changes
    no softmax, and weights that sum to one pass the values' mean on. What is left suits one scale for all of a layer
    (``benchmarks.fidelity``).
    """

    weight: Array  # (2d, d), of keys and values
    bias: Array
    query_scale: Array  # (d,)
    value_scale: Array
    value_mean: Array


def _memory(checkpoint: Checkpoint, layer: int, int8: bool) -> _Memory:
    name = f"decoder/layer_{layer}/attention/linear_1"
    weight, bias = checkpoint.float(f"{name}/weight"), checkpoint.float(f"{name}/bias")
    d = weight.shape[1]
    if not int8:
        return _Memory(weight, bias, np.ones(d, np.float32), np.ones(d, np.float32), np.zeros(d, np.float32))
    gamma, beta = (checkpoint.float(f"encoder/layer_norm/{part}") for part in ("gamma", "beta"))
    spread = np.maximum(np.sqrt(np.square(weight * gamma).sum(axis=1)), np.float32(1e-6))
    mean = weight @ beta + bias
    step = np.repeat(np.array([_KEY_STEP, _VALUE_STEP], np.float32), d) * spread
    return _Memory(weight / step[:, None], (bias - mean) / step, step[:d], step[d:], mean[d:])


def memory_graph(checkpoint: Checkpoint, int8: bool = True) -> bytes:
    """Encoder states (t, d) to every layer's cross-attention keys ``ck{i}`` (heads, 64, t) and values ``cv{i}``
    (heads, t, 64), in int8 as bytes around 128. Computed once for an utterance: beams share them. After the states'
    own come some that are known already: those of ``tk{i}`` and ``tv{i}`` from and to the nth, ``silent`` (2,)."""
    g = Graph(checkpoint, int8)
    inputs, outputs = [tensor("silent", TensorProto.INT64, 2)], []
    start, stop = g.ops("Split", "silent", outs=("start", "stop"), axis=0, num_outputs=2)
    unit, byte = g.constant(np.array(1, dtype=np.float32)), g.constant(np.array(_BYTE, dtype=np.uint8))
    states = g.ops("DynamicQuantizeLinear", "states", outs=("states8", "states_scale", "states_zero")) if int8 else ()
    for i in range(layers_of(checkpoint, "decoder")):
        memory = _memory(checkpoint, i, int8)
        d = memory.weight.shape[1]
        for part, rows, turned, axis in (("k", slice(0, d), (1, 2, 0), 2), ("v", slice(d, 2 * d), (1, 0, 2), 1)):
            weight, bias, name = memory.weight[rows], memory.bias[rows], f"decoder/layer_{i}/attention/{part}"
            if int8:
                packed, scale, zero = quantize_columns(weight)
                offset = g.op("Div", g.constant(bias / scale, f"{name}_bias"), states[1])  # in the product's units
                known = (g.constant(packed, name), g.constant(scale, f"{name}_scale"), g.constant(zero))
                both = g.op("QGemm", *states, *known, g.op("Cast", offset, to=TensorProto.INT32), unit, byte)
            else:
                both = g.linear("states", weight, name, bias)
            own = g.op("Transpose", g.op("Reshape", both, g.shape(0, -1, HEAD)), perm=turned)
            rest = g.op("Slice", f"t{part}{i}", start, stop, g.shape(axis))
            g.op("Concat", own, rest, axis=axis, out=f"c{part}{i}")
        inputs += _memory_values(i, int8, "t")
        outputs += _memory_values(i, int8)
    return g.model([tensor("states", TensorProto.FLOAT, "t", d), *inputs], outputs)


def _memory_values(layer: int, int8: bool, which: str = "c") -> list[onnx.ValueInfoProto]:
    """What ``memory_graph`` gives to ``decoder_graph`` for one layer."""
    kind = TensorProto.UINT8 if int8 else TensorProto.FLOAT
    length = "t" if which == "c" else "tail"
    return [
        tensor(f"{which}k{layer}", kind, "heads", HEAD, length),
        tensor(f"{which}v{layer}", kind, "heads", length, HEAD),
    ]


def _attend(g: Graph, q: str, i: int) -> str:
    """Queries (heads, n, 64) to what they hear in the recording, (heads, n, 64)."""
    if not g.int8:
        weights = g.op("Softmax", g.op("MatMul", q, f"ck{i}"), axis=-1)
        return g.op("MatMul", weights, f"cv{i}")
    byte = g.constant(np.array(_BYTE, dtype=np.uint8))
    unit = g.constant(np.array(1, dtype=np.float32))  # the bytes' sizes are in the matrices before and after
    weights = g.op("Softmax", g.op("DynamicQuantizeMatMul", q, f"ck{i}", unit, byte), axis=-1)
    # A byte is too coarse for a weight, since thousands of small ones count together: each is the sum of two bytes,
    # the second for what the first leaves, which go through the same product as twice as many queries.
    coarse, fine, finer = (g.constant(np.array(size, dtype=np.float32)) for size in (1 / 127, 1 / (127 * 255), 1 / 255))
    first = g.op("QuantizeLinear", weights, coarse, byte)
    rest = g.op("Sub", weights, g.op("DequantizeLinear", first, coarse, byte))
    both = g.op("Concat", first, g.op("QuantizeLinear", rest, fine, byte), axis=1)
    heard = g.op("MatMulIntegerToFloat", both, f"cv{i}", coarse, unit, byte, byte)
    one, two = g.ops("Split", heard, outs=(f"heard{i}", f"rest{i}"), axis=1, num_outputs=2)
    return g.op("Add", one, g.op("Mul", two, finer))


def decoder_graph(checkpoint: Checkpoint, usual: NDArray[np.bool_], int8: bool = True) -> bytes:
    """One step of the decoder, for the prompt and for the tokens after it alike.

    Of the vocabulary only the ``usual`` tokens are computed, unless the others are asked for, too: half of a step's
    weights are the vocabulary's. The model's note ``usual`` says which those are, a bit for each.

    The tokens of all beams are one sequence, and ``mask`` says which token of the past belongs to whose text: no key
    is copied when beams change places, and one product per head does for all of them.

    Inputs: ``x`` (1, n, d) token and position embeddings; ``mask`` (1, 1, n, past + n), added to the self-attention's
    scores; ``pk{i}``, ``pv{i}`` (1, heads, past, 64); what ``memory_graph`` gives; ``a{i}`` (d, r) and ``b{i}``
    (r, d_ff), the LoRA of W1, its scale in ``a``; ``rows``, those of the n that are asked for; ``top``, how many
    tokens of each; ``whole``, whether of the whole vocabulary; ``bias`` (usual,) and ``others_bias``, added to the
    logits. Outputs: ``k{i}``, ``v{i}``; ``logits`` (1, rows, usual or vocabulary), the usual first; ``scores``,
    ``tokens`` (1, rows, top), the likeliest tokens' log-probabilities and ids.
    """
    g = Graph(checkpoint, int8)
    order, most = np.argsort(~usual, kind="stable"), int(usual.sum())
    layers = layers_of(checkpoint, "decoder")
    d = checkpoint.float("decoder/layer_norm/gamma").size
    scale = np.float32(HEAD**-0.5)
    x = "x"
    inputs = [
        tensor("x", TensorProto.FLOAT, 1, "n", d),
        tensor("mask", TensorProto.FLOAT, 1, 1, "n", "all"),
        tensor("rows", TensorProto.INT64, "rows"),
        tensor("top", TensorProto.INT64, 1),
        tensor("whole", TensorProto.BOOL),
        tensor("bias", TensorProto.FLOAT, most),
        tensor("others_bias", TensorProto.FLOAT, len(order) - most),
    ]
    outputs = []
    normed = g.norm(x, "decoder/layer_0/self_attention/layer_norm")

    def linear(x: str, name: str) -> str:
        bias = f"{name}/bias"
        return g.linear(
            x, checkpoint.float(f"{name}/weight"), f"{name}/weight", checkpoint.float(bias) if has(bias) else None
        )

    def has(name: str) -> bool:
        return name in checkpoint.variables or name in checkpoint.aliases

    for i in range(layers):
        layer = f"decoder/layer_{i}"
        # self-attention; the queries' scale is in their weights
        name = f"{layer}/self_attention/linear_0"
        weight, bias = checkpoint.float(f"{name}/weight").copy(), checkpoint.float(f"{name}/bias").copy()
        weight[:d] *= scale
        bias[:d] *= scale
        stacked = g.linear(normed, weight, f"{name}/weight", bias)
        q, k, v = g.ops("Split", stacked, g.shape(d, d, d), outs=(f"sq{i}", f"sk{i}", f"sv{i}"), axis=-1)
        heard, _, _ = g.ops(
            "MultiHeadAttention",
            *(q, k, v, "", "", "mask", f"pk{i}", f"pv{i}"),
            outs=(f"said{i}", f"k{i}", f"v{i}"),
            num_heads=d // HEAD,
            scale=1.0,
        )
        heard = linear(heard, f"{layer}/self_attention/linear_1")
        x, normed = g.sum_and_norm(x, heard, f"{layer}/attention/layer_norm")
        # cross-attention: the beams are so many more queries to the same keys
        name, memory = f"{layer}/attention/linear_0", _memory(checkpoint, i, int8)
        turn = memory.query_scale * scale
        weight = checkpoint.float(f"{name}/weight") * turn[:, None]
        q = g.linear(normed, weight, f"{name}/weight", checkpoint.float(f"{name}/bias") * turn)
        q = g.op("Transpose", g.op("Reshape", q, g.shape(-1, d // HEAD, HEAD)), perm=(1, 0, 2))
        heard = g.op("Transpose", _attend(g, q, i), perm=(1, 0, 2))
        heard = g.op("Reshape", heard, g.shape(1, -1, d))
        name = f"{layer}/attention/linear_2"
        weight = checkpoint.float(f"{name}/weight")
        bias = checkpoint.float(f"{name}/bias") + weight @ memory.value_mean
        heard = g.linear(heard, weight * memory.value_scale, f"{name}/weight", bias)
        x, normed = g.sum_and_norm(x, heard, f"{layer}/ffn/layer_norm")
        # MLP; W1 with its LoRA beside it
        lora = g.op("MatMul", g.op("MatMul", normed, f"a{i}"), f"b{i}")
        wide = g.op("Gelu", g.op("Add", linear(normed, f"{layer}/ffn/linear_0"), lora))
        name = f"{layer}/ffn/linear_1"
        weight, bias = checkpoint.float(f"{name}/weight"), checkpoint.float(f"{name}/bias")
        changed = g.linear_of_outliers(wide, weight, f"{name}/weight", bias)
        if i + 1 < layers:
            x, normed = g.sum_and_norm(x, changed, f"decoder/layer_{i + 1}/self_attention/layer_norm")
        else:
            x = g.op("Add", x, changed)
        for part in ("k", "v"):
            inputs.append(tensor(f"p{part}{i}", TensorProto.FLOAT, 1, d // HEAD, "past", HEAD))
            outputs.append(tensor(f"{part}{i}", TensorProto.FLOAT, 1, d // HEAD, "all", HEAD))
        inputs += [tensor(f"a{i}", TensorProto.FLOAT, d, "r"), tensor(f"b{i}", TensorProto.FLOAT, "r", "d_ff")]
        inputs += _memory_values(i, int8)
    x = g.norm(g.op("Gather", x, "rows", axis=1), "decoder/layer_norm")
    weight = checkpoint.float("decoder/embeddings/weight")[order]
    first, others = g.linear(x, weight[:most], "decoder/usual", "bias"), _others(g, x, weight[most:])
    g.op("Concat", first, others, axis=-1, out="logits")
    _, places = g.ops("TopK", g.op("LogSoftmax", "logits", axis=-1), "top", outs=("scores", "places"), axis=-1)
    g.op("Gather", g.constant(order, "order"), places, out="tokens")
    outputs += [
        tensor("logits", TensorProto.FLOAT, 1, "rows", "vocabulary"),
        tensor("scores", TensorProto.FLOAT, 1, "rows", "top"),
        tensor("tokens", TensorProto.INT64, 1, "rows", "top"),
    ]
    return g.model(inputs, outputs, usual=np.packbits(usual).tobytes().hex())


def _others(g: Graph, x: str, weight: Array) -> str:
    """Logits (1, rows, n) of ``x`` where ``whole`` is true, and else none (1, rows, 0)."""
    yes, no = Graph(g.checkpoint, g.int8, "others_"), Graph(g.checkpoint, g.int8, "none_")
    yes.linear(x, weight, "decoder/others", "others_bias", out="others")
    no.op("Slice", x, no.shape(0), no.shape(0), no.shape(2), out="none")
    return g.op("If", "whole", then_branch=yes.branch("others"), else_branch=no.branch("none"))
