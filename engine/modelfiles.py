"""What a model directory must hold, how it is checked, and how its weights are named.

A model directory is a CTranslate2 directory: ``model.bin``, ``config.json``,
``tokenizer.json`` and ``vocabulary.json`` (older conversions: ``vocabulary.txt``). At
installation ``idiolect.json`` is written beside them with the size, time and sha256 of
every file: a start then looks at sizes and times only, a full check reads everything.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.checkpoint import Checkpoint, read_checkpoint
from engine.errors import ModelError
from engine.paths import write_private

RECORD = "idiolect.json"
REQUIRED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_TIMESTAMPS = 1501  # <|0.00|> to <|30.00|>, the last tokens of every Whisper vocabulary


@dataclass(frozen=True)
class Shape:
    """The dimensions of a Whisper model, read from its weights."""

    encoder_layers: int
    decoder_layers: int
    d_model: int
    d_ff: int
    heads: int
    n_mels: int
    vocabulary: int

    @property
    def multilingual(self) -> bool:
        return self.vocabulary >= 51865  # OpenAI's own rule; English-only models have 51864


def file_sha256(path: Path) -> str:
    """The sha256 of a file, as 64 hex digits.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(f"{path} cannot be read ({reason}): check the disk or fetch it again.") from error


def weights_sha256(checkpoint: Checkpoint) -> str:
    """One name for a set of weights, the same whichever program put them into a file.

    The sha256 over name, shape and data of every weight in alphabetical order, floats as
    float16 (the precision Whisper was published in). Flags and counts are left out, so
    the hub's conversion, the package-index carriers and an import of the same
    ``transformers`` checkpoint agree. Quantised weights are another set.
    """
    digest = hashlib.sha256()
    for name in sorted(checkpoint.variables):
        value = checkpoint.variables[name]
        if value.ndim == 0:
            continue
        if np.issubdtype(value.dtype, np.floating):
            value = value.astype(np.float16, copy=False)
        digest.update(f"{name} {value.dtype} {value.shape}\n".encode())
        digest.update(np.ascontiguousarray(value).data)
    return digest.hexdigest()


def check_structure(directory: Path) -> tuple[Shape, Checkpoint]:
    """Read the whole of ``directory`` and see that it is one complete Whisper model.

    Raises:
        ModelError: something is missing, damaged or does not fit together; says what.
    """
    for name in REQUIRED:
        if not (directory / name).is_file():
            raise ModelError(f"{directory} is not a complete model: {name} is missing, fetch or import it again.")
    checkpoint = read_checkpoint(directory / "model.bin")
    shape = _shape(directory, checkpoint)
    _check_layers(directory, checkpoint, shape)
    config = _json(directory / "config.json", dict)
    heads = config.get("alignment_heads") or []
    fits = all(
        isinstance(head, list) and len(head) == 2 and 0 <= head[0] < shape.decoder_layers and 0 <= head[1] < shape.heads
        for head in heads
    )
    ids = [*(config.get("suppress_ids") or []), *(config.get("lang_ids") or [])]
    if not fits or not all(isinstance(i, int) and -1 <= i < shape.vocabulary for i in ids):
        raise ModelError(f"{directory / 'config.json'} belongs to another model: fetch or import the model again.")
    words = vocabulary(directory)
    if len(words) != shape.vocabulary:
        raise ModelError(
            f"The vocabulary in {directory} has {len(words)} entries, but the weights have {shape.vocabulary}: "
            "the files belong to different models, fetch or import the model again."
        )
    _check_tokenizer(directory / "tokenizer.json", shape, words)
    return shape, checkpoint


def vocabulary(directory: Path) -> list[str]:
    """The vocabulary's entries in the order of their ids.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    if (directory / "vocabulary.json").is_file():
        words: list[str] = _json(directory / "vocabulary.json", list)
        return words
    path = directory / "vocabulary.txt"
    try:
        # split by newline only: some entries hold other characters that split lines
        return path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    except FileNotFoundError:
        raise ModelError(f"{directory} is not a complete model: vocabulary.json is missing, fetch it again.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is damaged: fetch or import the model again.") from error


def write_record(directory: Path, name: str, source: str, weights: str, shape: Shape) -> None:
    """Hash every file of ``directory`` and note size, time and sha256 in ``idiolect.json``.

    Raises:
        StorageError: the folder cannot be written.
    """
    files = {}
    for path in (directory / known for known in (*REQUIRED, *VOCABULARIES, "preprocessor_config.json")):
        if path.is_file():
            status = path.stat()
            files[path.name] = {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": file_sha256(path)}
    record = {"format": 1, "name": name, "source": source, "weights_sha256": weights, "shape": vars(shape)}
    write_private(directory / RECORD, json.dumps({**record, "files": files}, indent=1).encode())


def read_record(directory: Path) -> dict[str, Any] | None:
    """The contents of ``idiolect.json``, or None where there is none (a directory of someone else's).

    Raises:
        ModelError: the file is damaged.
    """
    if not (directory / RECORD).exists():
        return None
    record = _json(directory / RECORD, dict)
    files = record.get("files")
    if not isinstance(files, dict) or not isinstance(record.get("weights_sha256"), str) or "model.bin" not in files:
        raise ModelError(f"{directory / RECORD} is damaged: fetch or import the model again.")
    return dict(record)


def check_sizes(directory: Path, record: dict[str, Any]) -> bool:
    """Quick check at start: every recorded file has its size. Returns whether all times agree as well.

    Raises:
        ModelError: a file is missing or has another size.
    """
    unchanged = True
    for name, noted in record["files"].items():
        try:
            status = (directory / name).stat()
        except OSError:
            raise ModelError(f"The model in {directory} has lost its file {name}: fetch or import it again.") from None
        if status.st_size != noted["size"]:
            raise ModelError(
                f"The model in {directory} is damaged ({name} has {status.st_size} bytes instead of {noted['size']}): "
                "fetch or import it again."
            )
        unchanged = unchanged and status.st_mtime_ns == noted["mtime_ns"]
    return unchanged


def check_hashes(directory: Path, record: dict[str, Any]) -> None:
    """Read every recorded file again and compare its sha256.

    Raises:
        ModelError: a file is missing or has changed.
    """
    check_sizes(directory, record)
    for name, noted in record["files"].items():
        if file_sha256(directory / name) != noted["sha256"]:
            raise ModelError(f"The model in {directory} is damaged ({name} has changed): fetch or import it again.")


def _shape(directory: Path, checkpoint: Checkpoint) -> Shape:
    variables = checkpoint.variables
    try:
        conv, embeddings = variables["encoder/conv1/weight"], variables["decoder/embeddings/weight"]
        return Shape(
            encoder_layers=_count_layers(variables, "encoder"),
            decoder_layers=_count_layers(variables, "decoder"),
            d_model=conv.shape[0],
            d_ff=variables["decoder/layer_0/ffn/linear_0/weight"].shape[0],
            heads=int(variables["decoder/num_heads"]),
            n_mels=conv.shape[1],
            vocabulary=embeddings.shape[0],
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ModelError(f"{directory / 'model.bin'} is not a Whisper model: choose another file.") from error


def _count_layers(variables: dict[str, Any], side: str) -> int:
    blocks = {name.split("/")[1] for name in variables if name.startswith(f"{side}/layer_")}
    return sum(block.removeprefix("layer_").isdigit() for block in blocks)  # not layer_norm


def _check_layers(directory: Path, checkpoint: Checkpoint, shape: Shape) -> None:
    d, ff = shape.d_model, shape.d_ff
    block = {
        "self_attention/linear_0/weight": (3 * d, d),
        "self_attention/linear_1/weight": (d, d),
        "ffn/linear_0/weight": (ff, d),
        "ffn/linear_0/bias": (ff,),
        "ffn/linear_1/weight": (d, ff),
        "ffn/layer_norm/gamma": (d,),
    }
    cross = {
        "attention/linear_0/weight": (d, d),
        "attention/linear_1/weight": (2 * d, d),
        "attention/linear_2/weight": (d, d),
    }
    expected = {
        "encoder/conv1/weight": (d, shape.n_mels, 3),
        "encoder/conv2/weight": (d, d, 3),
        "encoder/position_encodings/encodings": (1500, d),
        "encoder/layer_norm/gamma": (d,),
        "decoder/embeddings/weight": (shape.vocabulary, d),
        "decoder/position_encodings/encodings": (448, d),
        "decoder/layer_norm/gamma": (d,),
    }
    for i in range(shape.encoder_layers):
        expected |= {f"encoder/layer_{i}/{name}": size for name, size in block.items()}
    for i in range(shape.decoder_layers):
        expected |= {f"decoder/layer_{i}/{name}": size for name, size in (block | cross).items()}
    for name, size in expected.items():
        value = checkpoint.variables.get(name)
        if value is None or value.shape != size:
            found = "is missing" if value is None else f"has the shape {value.shape} instead of {size}"
            raise ModelError(f"{directory / 'model.bin'} is not a complete Whisper model: {name} {found}.")


def _check_tokenizer(path: Path, shape: Shape, words: list[str]) -> None:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises a bare Exception
        raise ModelError(f"{path} is damaged: fetch or import the model again.") from error
    last = tokenizer.token_to_id("<|notimestamps|>")
    if last is None or last + 1 + _TIMESTAMPS != shape.vocabulary or words[last] != "<|notimestamps|>":
        raise ModelError(f"{path} belongs to another model than the weights beside it: fetch or import it again.")


def _json(path: Path, kind: type) -> Any:
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelError(f"{path.parent} is not a complete model: {path.name} is missing, fetch it again.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} is damaged: fetch or import the model again.") from error
    if not isinstance(value, kind):
        raise ModelError(f"{path} is damaged: fetch or import the model again.")
    return value
