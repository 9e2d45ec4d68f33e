"""What a finished run's folder holds: its best weights, and what they add to a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open

from engine.ct2 import Deltas
from engine.errors import OptionError
from engine.hypernetwork import HypernetworkConfig
from training import whisper
from training.adapters import Adapter, adapted_matrices, deltas, made_by_network, make_adapter, static_adapter
from training.recipe import load_recipe

BEST = "best.safetensors"
HYPERNETWORK = "hypernetwork.safetensors"


def merged_deltas(run: Path, model: Path) -> Deltas:
    """What the static LoRA or full fine-tuning in the folder ``run`` adds to ``model``, by CTranslate2 name.

    Raises:
        OptionError: ``run`` holds no finished run, or one that is a hypernetwork for the engine to load.
    """
    recipe = load_recipe(run / "recipe.json")
    if made_by_network(recipe) or not (run / BEST).exists():
        raise OptionError(f"{run} holds no finished run of a LoRA or of full fine-tuning.")
    frozen = whisper.load(model, dtype=torch.float32)
    adapter = static_adapter(recipe, frozen)
    load_best(run, adapter)
    return deltas(adapter, frozen)


def voice_deltas(run: Path, model: Path) -> Callable[[NDArray[np.float32]], Deltas]:
    """What a hypernetwork that also writes the encoder, in the folder ``run``, adds to ``model`` for a speaker
    embedding: by CTranslate2 name.

    Raises:
        OptionError: ``run`` holds no finished run.
    """
    from engine.profile import Residual
    from training.learning.fitting import named

    recipe = load_recipe(run / "recipe.json")
    if not (run / BEST).exists():
        raise OptionError(f"{run} holds no finished run of a hypernetwork.")
    frozen = whisper.load(model, dtype=torch.float32)
    width, layers = 2 * frozen.d_model, len(list(adapted_matrices(recipe, frozen)))
    config = HypernetworkConfig(
        "", "", recipe.generator, width, frozen.d_model, frozen.d_ff, layers, recipe.hidden, recipe.rank, recipe.alpha
    )
    voices = np.zeros((recipe.voices, width), np.float32) if recipe.voices else None
    adapter = make_adapter(recipe, frozen, config, torch.zeros(width), torch.ones(width), voices)
    load_best(run, adapter)

    def of(embedding: NDArray[np.float32]) -> Deltas:
        with torch.no_grad():
            lora, _ = adapter(torch.from_numpy(embedding)[None], torch.ones(1), None)
        return Residual("", named(frozen, {name: (a[0], b[0]) for name, (a, b) in lora.items()})).deltas()

    return of


def load_best(out: Path, adapter: Adapter) -> None:
    """Take over the weights with the lowest development loss."""
    with safe_open(out / BEST, framework="pt") as file:
        adapter.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
