"""The fast decoder: CTranslate2, with W1 merged and swapped for every utterance.

CTranslate2 knows no LoRA and cannot change a loaded weight. But a decoder-only model
loads from memory in some 20 ms, so W1' = W1 + scale·B·A is formed in float32, requantised
and patched into the bytes of such a model, which is then loaded beside the plain one.
Beam search, scores, n-best, int8 and CUDA are CTranslate2's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from numpy.typing import NDArray

from engine import process
from engine.checkpoint import W1, Checkpoint, checkpoint_bytes, quantize_int8, read_checkpoint
from engine.context import FULL, padded_mel
from engine.decoder import Alignment, Decoded, DecodeOptions, HearWhole, Hypothesis
from engine.errors import ModelError, OptionError
from engine.hypernetwork import Lora
from engine.kept import INT8_FILE, kept_copy
from engine.tokens import WhisperTokenizer

_SMALL_FILES = ("config.json", "vocabulary.json", "vocabulary.txt", "preprocessor_config.json")
_MEDIAN = 7  # frames, the width of Whisper's median filter on attention weights

Deltas = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class _Patch:
    """Where one W1 lies in the decoder-only bytes."""

    offset: int
    scale_offset: int | None
    w1: NDArray[np.float32]


class Ct2Decoder:
    """Two CTranslate2 models: the plain one with the encoder, and the adapted decoder.

    ``merged`` holds changes of any weights, by CTranslate2 name, that stay for the life
    of the decoder: a person's residual. Not thread-safe: one utterance at a time.

    Raises:
        ModelError: the model does not load.
        OptionError: the device or compute type cannot be used here.
    """

    def __init__(
        self,
        directory: Path,
        compute_type: str = "int8",
        device: str = "auto",
        threads: int = 0,
        merged: Deltas | None = None,
    ) -> None:
        process.settle()
        self._directory = directory
        self._device = _device(device)
        self._kind = _stored_as(compute_type)
        self._options: dict[str, Any] = {
            "device": self._device,
            "compute_type": _supported(compute_type, self._device),
            "intra_threads": threads,
            "inter_threads": 1,
        }
        self._files = {n: (directory / n).read_bytes() for n in _SMALL_FILES if (directory / n).is_file()}
        try:
            checkpoint, self._plain = self._load_plain(merged or {})
        except OSError as error:
            raise ModelError(f"{directory} cannot be read ({error.strerror}): fetch the model again.") from error
        self._prepare(checkpoint, merged)
        self.device = f"{self._device} {compute_type}"
        self.d_model = int(checkpoint["decoder/embeddings/weight"].shape[1])
        self.n_mels = int(self._plain.n_mels)
        self._no_timestamps = WhisperTokenizer(directory).special.no_timestamps

    def _prepare(self, checkpoint: Checkpoint, merged: Deltas | None) -> None:
        """Make ready to adapt: here, the bytes of the model that is swapped."""
        self._decoder_bytes, self._patches = self._decoder_only(checkpoint, merged)
        self._adapted: Any = None

    # -- the Decoder protocol -------------------------------------------------------

    quick_whole = 0
    takes_hotwords = False

    def encode(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        features = ctranslate2.StorageView.from_array(np.ascontiguousarray(mel[None], dtype=np.float32))
        states = self._plain.encode(features, to_cpu=True)
        return np.asarray(np.array(states.to(ctranslate2.DataType.float32))[0], dtype=np.float32)

    def encode_whole(self, mel: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        return self.encode(padded_mel(mel, FULL))

    def other_encoder(self, changed: dict[str, NDArray[np.float32]]) -> HearWhole | None:
        return None

    def adapt(self, lora: Lora | None) -> None:
        if lora is None:
            self._adapted = None
            return
        for layer, patch in enumerate(self._patches):
            self._write(patch, patch.w1 + lora.delta(layer))
        self._adapted = None  # freed before the next is loaded: its memory is used again
        self._adapted = self._load(bytes(self._decoder_bytes))

    def decode(
        self, states: NDArray[np.float32], prompt: list[int], options: DecodeOptions, *, adapted: bool
    ) -> Decoded:
        result = self._model(adapted).generate(
            _view(states),
            [prompt],
            beam_size=options.beam_size,
            num_hypotheses=min(options.n_best, options.beam_size),
            max_length=len(prompt) + options.max_tokens,
            no_repeat_ngram_size=options.no_repeat_ngram,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        hypotheses = []
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
            # CTranslate2 divides by the length without the end token; Whisper counts it.
            average = score * len(tokens) / (len(tokens) + 1) if tokens else score
            hypotheses.append(Hypothesis(tuple(tokens), float(average)))
        return Decoded(tuple(hypotheses), float(result.no_speech_prob))

    def align(
        self, states: NDArray[np.float32], prompt: list[int], tokens: list[int], frames: int, *, adapted: bool
    ) -> Alignment:
        start = [token for token in prompt if token != self._no_timestamps]  # CTranslate2 adds it itself
        model = self._model(adapted)
        result = model.align(_view(states), start, [tokens], 2 * frames, median_filter_width=_MEDIAN)[0]
        text, time = np.array(result.alignments, dtype=np.int64).reshape(-1, 2).T
        first = np.concatenate([[True], np.diff(text) > 0]) if text.size else np.zeros(0, dtype=bool)
        starts = np.full(len(tokens) + 1, frames, dtype=np.float64)
        starts[np.clip(text[first], 0, len(tokens))] = time[first]
        return Alignment(starts * 0.02, np.array(result.text_token_probs, dtype=np.float64))

    def detect_language(self, states: NDArray[np.float32]) -> str:
        if not self._plain.is_multilingual:
            return "en"
        return str(self._plain.detect_language(_view(states))[0][0][0]).strip("<|>")

    # -- loading --------------------------------------------------------------------

    def _model(self, adapted: bool) -> Any:
        return self._adapted if adapted and self._adapted is not None else self._plain

    def _load(self, content: bytes) -> Any:
        return _whisper(self._directory, {**self._files, "model.bin": content}, self._options)

    def _load_plain(self, merged: Deltas) -> tuple[Checkpoint, Any]:
        """The weights as they are stored for swapping, and the whole model with ``merged`` added."""
        if self._kind == "int8":
            path, checkpoint = int8_copy(self._directory)
            if not merged:
                return checkpoint, self._load(path.read_bytes())
            changed = add_deltas(read_checkpoint(self._directory / "model.bin"), merged)
            checkpoint = _requantised(checkpoint, changed, merged)
            return checkpoint, self._load(bytes(checkpoint_bytes(checkpoint)[0]))
        checkpoint = converted(add_deltas(read_checkpoint(self._directory / "model.bin"), merged), self._kind)
        if merged:
            return checkpoint, self._load(bytes(checkpoint_bytes(checkpoint)[0]))
        return checkpoint, _whisper(self._directory, None, self._options)

    def _decoder_only(self, checkpoint: Checkpoint, merged: Deltas | None) -> tuple[bytearray, list[_Patch]]:
        kept = {name: value for name, value in checkpoint.variables.items() if not _later_encoder_layer(name)}
        buffer, offsets = checkpoint_bytes(Checkpoint(kept, checkpoint.aliases, checkpoint.spec, checkpoint.revision))
        # W1 itself comes from the original weights: adding to an int8 copy would round twice.
        original = read_checkpoint(self._directory / "model.bin")
        patches = []
        for layer in range(_decoder_layers(original)):
            name = W1.format(layer)
            w1 = original.float(name)
            if merged and name in merged:
                w1 = w1 + merged[name]
            patches.append(_Patch(offsets[name], offsets.get(f"{name}_scale"), np.ascontiguousarray(w1)))
        return buffer, patches

    def _write(self, patch: _Patch, w1: NDArray[np.float32]) -> None:
        weight: NDArray[Any] = w1
        if patch.scale_offset is not None:
            weight, scale = quantize_int8(w1)
            raw = scale.tobytes()
            self._decoder_bytes[patch.scale_offset : patch.scale_offset + len(raw)] = raw
        else:
            weight = w1.astype(self._kind)
        target = np.frombuffer(self._decoder_bytes, weight.dtype, weight.size, patch.offset)
        target.reshape(weight.shape)[:] = weight


def converted(checkpoint: Checkpoint, kind: str) -> Checkpoint:
    """``checkpoint`` with every matrix stored as ``kind`` ("int8", "float16", "float32"); int8 keeps float32 vectors.

    The same matrices that CTranslate2's own ``quantization="int8"`` quantises.
    """
    variables: dict[str, NDArray[Any]] = {}
    for name, value in checkpoint.variables.items():
        if name.endswith("_scale") and name.removesuffix("_scale") in checkpoint.variables:
            continue
        if (not np.issubdtype(value.dtype, np.floating) and value.dtype != np.int8) or value.ndim == 0:
            variables[name] = value
        elif kind == "int8" and value.ndim == 2 and name.endswith("/weight"):
            variables[name], variables[f"{name}_scale"] = quantize_int8(checkpoint.float(name))
        else:
            variables[name] = checkpoint.float(name).astype("float32" if kind == "int8" else kind)
    aliases = {alias: name for alias, name in checkpoint.aliases.items() if not alias.endswith("_scale")}
    if kind == "int8":
        aliases |= {f"{alias}_scale": f"{name}_scale" for alias, name in aliases.items() if name.endswith("/weight")}
    return Checkpoint(variables, aliases, checkpoint.spec, checkpoint.revision)


def add_deltas(checkpoint: Checkpoint, deltas: Deltas) -> Checkpoint:
    """``checkpoint`` with ``deltas`` (CTranslate2 name to float32 matrix) added, those weights in float32."""
    variables = dict(checkpoint.variables)
    for name, delta in deltas.items():
        weight = checkpoint.float(name)
        if weight.shape != delta.shape:
            raise ModelError("The adaptation does not fit this model: it was made for another one.")
        variables[name] = weight + delta
        variables.pop(f"{name}_scale", None)
    return Checkpoint(variables, checkpoint.aliases, checkpoint.spec, checkpoint.revision)


def _requantised(stored: Checkpoint, changed: Checkpoint, names: Iterable[str]) -> Checkpoint:
    """The int8 copy ``stored`` with the weights ``names`` as in ``changed``; all others are quantised already."""
    only = converted(Checkpoint({name: changed[name] for name in names}, {}, stored.spec, stored.revision), "int8")
    return Checkpoint({**stored.variables, **only.variables}, stored.aliases, stored.spec, stored.revision)


def int8_copy(directory: Path) -> tuple[Path, Checkpoint]:
    """An int8 copy of the model, made once: it loads three times as fast as float16."""

    def make() -> bytes:
        return bytes(checkpoint_bytes(converted(read_checkpoint(directory / "model.bin"), "int8"))[0])

    return kept_copy(directory, INT8_FILE, make, lambda path: (path, read_checkpoint(path)))


def _whisper(directory: Path, files: dict[str, bytes] | None, options: dict[str, Any]) -> Any:
    try:
        return ctranslate2.models.Whisper(str(directory), files=files, **options)
    except (RuntimeError, ValueError, MemoryError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        advice = "run 'idiolect models verify'"
        raise ModelError(f"The model in {directory} does not load ({message}): {advice}.") from error


def _view(states: NDArray[np.float32]) -> Any:
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(states[None], dtype=np.float32))


def _device(device: str) -> str:
    if device == "mps":
        raise OptionError("The ct2 decoder does not run on MPS: use the device cpu, or the torch decoder.")
    cuda = ctranslate2.get_cuda_device_count() > 0
    if device == "cuda" and not cuda:
        raise OptionError("No CUDA device was found: use the device cpu, or run 'idiolect doctor'.")
    return "cuda" if device == "cuda" or (device == "auto" and cuda) else "cpu"


def _supported(compute_type: str, device: str) -> str:
    supported = ctranslate2.get_supported_compute_types(device)
    wanted = "int8_float32" if compute_type == "int8" and device == "cpu" else compute_type
    if wanted not in supported:
        raise OptionError(
            f"The compute type {compute_type} does not run on this {device}: "
            f"choose one of {', '.join(sorted(supported))}."
        )
    return wanted


def _stored_as(compute_type: str) -> str:
    return "int8" if compute_type.startswith("int8") else compute_type


def _later_encoder_layer(name: str) -> bool:
    match = re.match(r"encoder/layer_(\d+)/", name)
    return match is not None and int(match[1]) > 0


def _decoder_layers(checkpoint: Checkpoint) -> int:
    return sum(re.fullmatch(W1.format(r"\d+"), name) is not None for name in checkpoint.variables)


def model_config(directory: Path) -> dict[str, Any]:
    """``config.json`` of a CTranslate2 Whisper: alignment heads, suppressed tokens, language ids."""
    try:
        return dict(json.loads((directory / "config.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ModelError(f"{directory}/config.json is missing or damaged: fetch or import the model again.") from error
