"""What a lent machine has fitted, as the engine's own files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from engine.errors import OptionError
from engine.hypernetwork import Hypernetwork, HypernetworkConfig, save_hypernetwork, tensor_shapes
from engine.models import locate, model_sha256
from engine.profile import Residual, save_residual
from training import whisper
from training.export import voice_tensors
from training.learning.fitting import named
from training.practise.packed import read_index


def finish(fitted: Path, packed: Path, model: str, out: Path) -> int:
    """Write the residual or the hypernetwork that ``fitted`` holds to ``out``.

    Raises:
        OptionError: ``fitted`` is no result of ``encoder`` or ``network``.
    """
    try:
        with safe_open(fitted, framework="pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        facts, config = json.loads(metadata["facts"]), json.loads(metadata["config"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise OptionError(f"{fitted} was not written by 'python -m training.practise encoder' or 'network'.") from error
    directory = locate(model)
    sha256 = model_sha256(directory)
    people = [one for one in read_index(packed) if one.split == "train"]
    heard = {
        "model": model,
        "utterances": facts["utterances"],
        "people": len({one.speaker for one in people}),
        "hours": facts["hours"],
        "cohorts": dict(sorted(Counter(one.cohort for one in people).items())),
        "options": facts["options"],
        "changes": facts["changes"],
    }
    if not config:
        names = {name.removesuffix(".a") for name in tensors if name.startswith("encoder.") and name.endswith(".a")}
        lora = {name: (tensors[f"{name}.a"], tensors[f"{name}.b"]) for name in sorted(names)}
        pairs = named(whisper.load(directory), lora)
        half = {name: (b.astype(np.float16), a.astype(np.float16)) for name, (b, a) in pairs.items()}
        save_residual(out.parent, Residual(sha256, half, heard), out.name)
        return 0
    embeddings = tensors.pop("embeddings").numpy()
    cohorts = [one.cohort for one in people[::8]]
    found = {name.removeprefix("network."): value.numpy() for name, value in tensors.items()}
    voices, labels = voice_tensors(embeddings, cohorts, found["mean"], found["std"])
    training = {**heard, "map_labels": labels, "calibration": {}}
    shaped = HypernetworkConfig(**{**config, "base": model, "base_sha256": sha256, "training": training})
    weights = {"embedding.mean": found["mean"], "embedding.std": found["std"]}
    for name in tensor_shapes(shaped):
        if name not in weights:
            weights[name] = found["weights." + name.replace(".", "_")]
    save_hypernetwork(Hypernetwork(shaped, {**weights, **voices}), out)
    return 0
