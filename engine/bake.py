"""A person's mean adaptation merged into a plain CTranslate2 model that any faster-whisper program loads."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.checkpoint import W1, read_checkpoint, write_checkpoint
from engine.ct2 import Deltas, add_deltas, converted
from engine.errors import OptionError, ProfileError
from engine.hypernetwork import Hypernetwork, Lora
from engine.modelfiles import VOCABULARIES
from engine.paths import storage_error
from engine.profile import load_residual, load_voice

_COPIED = ("config.json", "tokenizer.json", *VOCABULARIES, "preprocessor_config.json")


def lora_deltas(lora: Lora) -> Deltas:
    """The change of W1 of every decoder layer, by CTranslate2 name."""
    return {W1.format(layer): lora.delta(layer) for layer in range(len(lora.a))}


def profile_deltas(folder: Path, base_sha256: str, network: Hypernetwork | None, strength: float = 1.0) -> Deltas:
    """Everything a profile changes: the LoRA of its mean voice and the residual of its corrections.

    Raises:
        ProfileError: the profile is damaged, or holds nothing for this base model.
    """
    voice, residual = load_voice(folder, base_sha256), load_residual(folder, base_sha256)
    deltas: Deltas = residual.deltas() if residual else {}
    if voice is not None and network is not None:
        for name, delta in lora_deltas(network(voice.embedding).scaled(strength)).items():
            deltas[name] = deltas[name] + delta if name in deltas else delta
    if not deltas:
        raise ProfileError(f"The profile {folder.name} has heard nobody with this model yet: dictate with it first.")
    return deltas


def bake(directory: Path, deltas: Deltas, target: Path, kind: str = "float16") -> Path:
    """Write the model in ``directory`` with ``deltas`` merged to the new folder ``target``.

    Raises:
        OptionError: ``target`` exists already.
        ModelError: the deltas do not fit the model.
        StorageError: the folder cannot be written.
    """
    if target.exists():
        raise OptionError(f"{target} exists already: choose a folder that does not.")
    checkpoint = converted(add_deltas(read_checkpoint(directory / "model.bin"), deltas), kind)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".baking-") as temporary:
            folder = Path(temporary) / "model"
            folder.mkdir(mode=0o700)  # it holds how somebody speaks
            for name in _COPIED:
                if (directory / name).is_file():
                    shutil.copyfile(directory / name, folder / name)
            with (folder / "model.bin").open("wb") as file:
                write_checkpoint(checkpoint, file)
            for path in folder.iterdir():
                path.chmod(0o600)
            folder.rename(target)
    except OSError as error:
        raise storage_error(target, error) from error
    return target


def mean_embedding(embeddings: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The mean of one or more speaker embeddings, float32 (2 * d_model,)."""
    return np.asarray(np.mean(np.stack(embeddings), axis=0), dtype=np.float32)
