"""What is done of a run, kept in the profile, so that one that was stopped goes on after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.learned import STAGES_FILE
from engine.paths import write_private
from training.learning.corrections import Correction
from training.learning.fitting import Pairs
from training.learning.options import LearnOptions


class Stages:
    """Figures and fits by name; those of another run (other corrections, model or options) do not count."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder, self._path = folder, folder / STAGES_FILE
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = {}
        same = isinstance(held, dict) and held.get("fingerprint") == fingerprint
        self._stages: dict[str, Any] = held if same else {"fingerprint": fingerprint}

    def get(self, stage: str) -> dict[str, Any] | None:
        found = self._stages.get(stage)
        return found if isinstance(found, dict) else None

    def keep(self, stage: str, figures: dict[str, Any]) -> dict[str, Any]:
        """Raises StorageError where the folder cannot be written."""
        self._stages[stage] = figures
        write_private(self._path, json.dumps(self._stages).encode())
        return figures

    def keep_fit(self, stage: str, pairs: Pairs) -> None:
        """Raises StorageError where the folder cannot be written."""
        tensors = {f"{name}.{part}": value for name, pair in pairs.items() for part, value in zip("ba", pair)}
        write_private(self._fit(stage), save(tensors))

    def fit(self, stage: str) -> Pairs | None:
        """The fit kept under ``stage``; None where there is none or it is damaged."""
        try:
            tensors = load(self._fit(stage).read_bytes())
            return {name[:-2]: (tensors[name], tensors[f"{name[:-2]}.a"]) for name in tensors if name.endswith(".b")}
        except (OSError, KeyError, SafetensorError):
            return None

    def clear(self) -> None:
        for path in self._folder.glob("*"):
            path.unlink(missing_ok=True)

    def _fit(self, stage: str) -> Path:
        return self._folder / f"{stage}.safetensors"


def fingerprint(base: str, corrections: Sequence[Correction], options: LearnOptions, network: str) -> str:
    """What a run depends on, and how it is judged."""
    digest = hashlib.sha256(json.dumps([base, asdict(options), network, "whole engine"]).encode())
    for correction in corrections:
        digest.update(correction.text.encode() + correction.audio.tobytes())
    return digest.hexdigest()
