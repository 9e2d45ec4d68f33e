"""A person: the running mean of their voice, and the residual learnt from their corrections.

A profile is a folder: ``voice.safetensors`` (the speaker embedding's mean and count) and
``residual.safetensors`` (LoRA pairs for weights by CTranslate2 name). Both name the base
model they belong to. Settings, vocabulary and corrections beside them are the app's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.ct2 import Deltas
from engine.errors import ProfileError
from engine.paths import write_private

VOICE_FILE = "voice.safetensors"
RESIDUAL_FILE = "residual.safetensors"


@dataclass(frozen=True)
class Voice:
    """The mean speaker embedding, float32 (2 * d_model,), of ``count`` utterances."""

    base_sha256: str
    count: int
    embedding: NDArray[np.float32]

    def heard(self, embedding: NDArray[np.float32]) -> Voice:
        """With one more utterance. The last hundred weigh most: a voice changes over days."""
        count = self.count + 1
        weight = 1.0 / min(count, 100)
        mean = self.embedding + np.float32(weight) * (embedding - self.embedding)
        return Voice(self.base_sha256, count, mean.astype(np.float32))


@dataclass(frozen=True)
class Residual:
    """A person's own LoRA: for each weight, B (out, rank) and A (rank, in), the scale included in B."""

    base_sha256: str
    pairs: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]
    facts: dict[str, object] = field(default_factory=dict)

    def deltas(self) -> Deltas:
        """The change of every adapted weight, float32."""
        return {name: (b @ a).astype(np.float32) for name, (b, a) in self.pairs.items()}


def load_voice(folder: Path, base_sha256: str) -> Voice | None:
    """The voice kept in ``folder`` for this base model; None where nothing was heard yet.

    Raises:
        ProfileError: the file is damaged.
    """
    read = _read(folder / VOICE_FILE)
    if read is None:
        return None
    metadata, tensors = read
    if metadata.get("base_sha256") != base_sha256:
        return None  # another model was used before: start again, keep the file until then
    embedding, count = tensors.get("embedding"), metadata.get("count", "1")
    if embedding is None or embedding.ndim != 1 or not np.isfinite(embedding).all() or not count.isdecimal():
        raise damaged(folder / VOICE_FILE)
    return Voice(base_sha256, int(count), embedding.astype(np.float32))


def save_voice(folder: Path, voice: Voice) -> None:
    """Raises StorageError where the folder cannot be written."""
    from safetensors.numpy import save

    metadata = {"base_sha256": voice.base_sha256, "count": str(voice.count)}
    write_private(folder / VOICE_FILE, save({"embedding": voice.embedding}, metadata=metadata))


def load_residual(folder: Path, base_sha256: str | None = None, name: str = RESIDUAL_FILE) -> Residual | None:
    """What was learnt from this person's corrections, for any base model where none is named; None: nothing was.

    Raises:
        ProfileError: the file is damaged or belongs to another base model.
    """
    path = folder / name
    read = _read(path)
    if read is None:
        return None
    metadata, tensors = read
    if base_sha256 is not None and metadata.get("base_sha256") != base_sha256:
        raise ProfileError(
            "What was learned from your corrections belongs to another model: choose that model, or learn again."
        )
    names = [name.removesuffix(".a") for name in tensors if name.endswith(".a")]
    try:
        pairs = {name: (tensors[f"{name}.b"], tensors[f"{name}.a"]) for name in names}
        fits = all(
            b.ndim == a.ndim == 2 and b.shape[1] == a.shape[0] and np.isfinite(b).all() and np.isfinite(a).all()
            for b, a in pairs.values()
        )
        facts = json.loads(metadata.get("facts", "{}"))
    except (KeyError, ValueError):
        fits = False
    if not fits or not isinstance(facts, dict):
        raise damaged(path)
    pairs = {name: (b.astype(np.float32), a.astype(np.float32)) for name, (b, a) in pairs.items()}
    return Residual(metadata.get("base_sha256", ""), pairs, facts)


def save_residual(folder: Path, residual: Residual, name: str = RESIDUAL_FILE) -> None:
    """Raises StorageError where the folder cannot be written."""
    from safetensors.numpy import save

    tensors = {}
    for weight, (b, a) in residual.pairs.items():
        tensors[f"{weight}.b"], tensors[f"{weight}.a"] = np.ascontiguousarray(b), np.ascontiguousarray(a)
    metadata = {"base_sha256": residual.base_sha256, "facts": json.dumps(residual.facts)}
    write_private(folder / name, save(tensors, metadata=metadata))


def _read(path: Path) -> tuple[dict[str, str], dict[str, NDArray[np.float32]]] | None:
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            return dict(file.metadata() or {}), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, TypeError, ValueError) as error:  # TypeError: a kind of number numpy has not
        raise damaged(path) from error


def damaged(path: Path) -> ProfileError:
    """The sentence for a profile file that cannot be used."""
    return ProfileError(f"{path} is damaged: remove it and learn again from the corrections, which are kept.")
