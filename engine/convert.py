"""A ``transformers`` Whisper checkpoint (safetensors) as a CTranslate2 directory, without torch.

Does what CTranslate2's ``ct2-transformers-converter --quantization float16`` does
(``ctranslate2/converters/transformers.py``, ``WhisperLoader``): OpenAI's published
checkpoints give the very bytes of the hub's ``Systran/faster-whisper-*`` files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.checkpoint import Checkpoint, write_checkpoint
from engine.errors import ModelError
from engine.paths import storage_error

Half = NDArray[np.float16]

_GELU = 3  # ctranslate2.specs.common_spec.Activation.GELU


def convert(source: Path, target: Path, on_progress: Callable[[int, int], None] | None = None) -> None:
    """Write ``model.bin``, ``config.json``, ``tokenizer.json`` and ``vocabulary.json`` of ``source`` into ``target``.

    ``on_progress`` gets weights read and weights in all.

    Raises:
        ModelError: ``source`` is not a complete Whisper checkpoint in safetensors.
        StorageError: ``target`` cannot be written.
    """
    config = _read(source / "config.json")
    if config.get("model_type") != "whisper":
        raise ModelError(f"{source} holds a {config.get('model_type', 'nameless')} model: only Whisper can be used.")
    if not (source / "tokenizer.json").is_file():
        raise ModelError(f"{source} has no tokenizer.json: save the model's processor into the same folder.")
    try:
        checkpoint = build(_load(source, on_progress), config)
        settings = decoding_settings(source, config)
        words = build_vocabulary(source / "tokenizer.json", int(config["vocab_size"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{source} is not a complete Whisper checkpoint ({error}): save it again.") from error
    try:
        with (target / "model.bin").open("wb") as file:
            write_checkpoint(checkpoint, file)
        (target / "config.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")
        (target / "vocabulary.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")
        if (source / "preprocessor_config.json").is_file():
            shutil.copyfile(source / "preprocessor_config.json", target / "preprocessor_config.json")
    except OSError as error:
        raise storage_error(target, error) from error


def build(weights: dict[str, Half], config: dict[str, Any]) -> Checkpoint:
    """Rename and stack the weights: q, k, v of self-attention into one matrix, k and v of cross-attention."""
    out: dict[str, NDArray[Any]] = {}

    def linear(name: str, *parts: str) -> None:
        out[f"{name}/weight"] = np.concatenate([weights[f"{part}.weight"] for part in parts])
        out[f"{name}/bias"] = np.concatenate(
            [
                # k_proj has no bias
                weights.get(f"{part}.bias", np.zeros(len(weights[f"{part}.weight"]), np.float16))
                for part in parts
            ]
        )

    def norm(name: str, part: str) -> None:
        out[f"{name}/gamma"], out[f"{name}/beta"] = weights[f"{part}.weight"], weights[f"{part}.bias"]

    for side in ("encoder", "decoder"):
        for i in range(int(config[f"{side}_layers"])):
            name, part = f"{side}/layer_{i}", f"{side}.layers.{i}"
            linear(f"{name}/self_attention/linear_0", *(f"{part}.self_attn.{x}_proj" for x in "qkv"))
            linear(f"{name}/self_attention/linear_1", f"{part}.self_attn.out_proj")
            norm(f"{name}/self_attention/layer_norm", f"{part}.self_attn_layer_norm")
            if side == "decoder":
                linear(f"{name}/attention/linear_0", f"{part}.encoder_attn.q_proj")
                linear(f"{name}/attention/linear_1", *(f"{part}.encoder_attn.{x}_proj" for x in "kv"))
                linear(f"{name}/attention/linear_2", f"{part}.encoder_attn.out_proj")
                norm(f"{name}/attention/layer_norm", f"{part}.encoder_attn_layer_norm")
            linear(f"{name}/ffn/linear_0", f"{part}.fc1")
            linear(f"{name}/ffn/linear_1", f"{part}.fc2")
            norm(f"{name}/ffn/layer_norm", f"{part}.final_layer_norm")
        norm(f"{side}/layer_norm", f"{side}.layer_norm")
        out[f"{side}/position_encodings/encodings"] = weights[f"{side}.embed_positions.weight"]
        out[f"{side}/num_heads"] = np.array(config[f"{side}_attention_heads"], np.int16)
    for conv in ("conv1", "conv2"):
        out[f"encoder/{conv}/weight"] = weights[f"encoder.{conv}.weight"]
        out[f"encoder/{conv}/bias"] = weights[f"encoder.{conv}.bias"]
    out["decoder/embeddings/weight"] = weights["decoder.embed_tokens.weight"]
    flags = {"activation": _GELU, "alibi": 0, "pre_norm": 1, "start_from_zero_embedding": 0}
    flags["scale_embeddings"] = int(bool(config.get("scale_embedding", False)))
    out |= {f"decoder/{name}": np.array(value, np.int8) for name, value in flags.items()}
    out["decoder/alignment_heads"] = np.array(1, np.int16)
    out["decoder/alignment_layer"] = np.array(-1, np.int16)
    return Checkpoint(
        variables={name: out[name] for name in sorted(out)},
        aliases={"decoder/projection/weight": "decoder/embeddings/weight"},
    )


def decoding_settings(source: Path, config: dict[str, Any]) -> dict[str, Any]:
    """CTranslate2's ``config.json``: suppressed tokens, language ids, heads that follow the audio."""
    generation = _read(source / "generation_config.json") if (source / "generation_config.json").is_file() else config
    heads = generation.get("alignment_heads")
    if not heads:  # as CTranslate2's converter: all heads of the upper half
        layers, count = int(config["decoder_layers"]), int(config["decoder_attention_heads"])
        heads = [[layer, head] for layer in range(layers // 2, layers) for head in range(count)]
    languages = sorted((generation.get("lang_to_id") or {}).values()) or _language_ids(source / "tokenizer.json")
    return {
        "alignment_heads": heads,
        "lang_ids": languages,
        "suppress_ids": generation.get("suppress_tokens") or [],
        "suppress_ids_begin": generation.get("begin_suppress_tokens") or [],
    }


def build_vocabulary(tokenizer_json: Path, size: int) -> list[str]:
    """Every token in the order of its id; the timestamps are added where the tokenizer leaves them out."""
    tokenizer = _tokenizer(tokenizer_json)
    words: list[str | None] = [None] * size
    for word, i in tokenizer.get_vocab(with_added_tokens=True).items():
        words[i] = word
    missing = [i for i, word in enumerate(words) if word is None]
    for i in missing:
        if missing[0] != size - len(missing):
            raise ValueError(f"the tokenizer has no token {i}")
        words[i] = f"<|{(i - missing[0]) * 0.02:.2f}|>"
    return [word for word in words if word is not None]


def _load(source: Path, on_progress: Callable[[int, int], None] | None) -> dict[str, Half]:
    """All weights as float16, without the prefix ``model.`` and the output matrix (it is the embeddings')."""
    from safetensors import SafetensorError, safe_open

    names: dict[str, Path] = {}
    weights: dict[str, Half] = {}
    for path in _weight_files(source):
        try:
            with safe_open(path, framework="numpy") as file:
                names |= dict.fromkeys(file.keys(), path)
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{path} is damaged: save or download the checkpoint again.") from error
    for path in sorted(set(names.values())):
        with safe_open(path, framework="numpy") as file:
            for name in (name for name, where in names.items() if where == path):
                short = name.removeprefix("model.")
                if short == "proj_out.weight":
                    continue
                try:
                    value = np.asarray(file.get_tensor(name))
                except (SafetensorError, TypeError) as error:
                    raise ModelError(f"{path} has a weight that cannot be read ({name}): {error}.") from error
                with np.errstate(over="ignore"):
                    weights[short] = value.astype(np.float16)
                if not np.isfinite(weights[short]).all():
                    raise ModelError(f"{path} has values in {name} that float16 cannot hold: it is damaged.")
                if on_progress is not None:
                    on_progress(len(weights), len(names))
    return weights


def _weight_files(source: Path) -> list[Path]:
    index = source / "model.safetensors.index.json"
    if index.is_file():
        shards = sorted({source / Path(str(name)).name for name in _read(index).get("weight_map", {}).values()})
        gone = next((path.name for path in shards if not path.is_file()), None)
        if gone is not None:
            raise ModelError(f"{source} is not complete: {gone} is missing.")
        return shards
    if (source / "model.safetensors").is_file():
        return [source / "model.safetensors"]
    raise ModelError(f"{source} has no model.safetensors: save the checkpoint again with save_pretrained(folder).")


def _language_ids(tokenizer_json: Path) -> list[int]:
    tokenizer = _tokenizer(tokenizer_json)
    start, end = tokenizer.token_to_id("<|startoftranscript|>"), tokenizer.token_to_id("<|translate|>")
    return list(range(start + 1, end)) if start is not None and end is not None else []


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises a bare Exception
        raise ModelError(f"{path} is damaged: save the model's processor again.") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} is missing or damaged: save or download the checkpoint again.") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} is damaged: save or download the checkpoint again.")
    return value
