"""What the embedding encodes, and which matrices an adaptation moves.

The probes are linear (ridge regression on standardised embeddings), trained on training
people and scored on people they have not seen. A control embedding pooled over the frames
in which nobody speaks tells what the room and the microphone alone give away.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import AudioError, OptionError
from engine.paths import write_private
from training.score import DRAWS, bootstrap_weights
from training.states import Cached, States

Array = NDArray[np.float64]
_PENALTIES = (1e1, 1e2, 1e3, 1e4)


@dataclass(frozen=True)
class Probe:
    """``score``: accuracy (labels) or R² (numbers) on unseen people, with its 95 % bootstrap interval over people and
    their utterances; ``chance``: of the commonest label, or 0."""

    name: str
    score: float
    low: float
    high: float
    chance: float
    utterances: int


def probes(states: States, items: Sequence[Cached], silence: int = 400, seed: int = 0) -> list[Probe]:
    """Probe the embeddings of ``items`` for what the manifest says about them.

    ``silence``: at most so many utterances of each side are read again for the control
    embedding of the frames without speech, and for the pitch; 0: neither.
    """
    train = [item for item in items if item.utterance.split == "train"]
    test = [item for item in items if item.utterance.split in ("dev", "test")]
    known = {item.utterance.cohort for item in train}
    test = [item for item in test if item.utterance.cohort in known]
    if len(train) < 20 or len(test) < 10:
        raise OptionError("There are too few utterances with states to probe: 20 of training and 10 of other people.")
    x, y = (states.embeddings([item.row for item in part]) for part in (train, test))
    people = _numbered(test)
    cohorts = [[item.utterance.cohort for item in part] for part in (train, test)]
    found = [_labels("cohort", x, cohorts[0], y, cohorts[1], people)]
    for key in ("noise", "codec", "kind"):
        a, b = ([str(item.utterance.extra.get(key)) for item in part] for part in (train, test))
        if len(set(a)) > 1:
            found.append(_labels(key, x, a, y, b, people))
    severities = [[item.utterance.severity for item in part] for part in (train, test)]
    found += _numbers("severity", x, severities[0], y, severities[1], people)
    found += _numbers("speaking rate", x, [_rate(i) for i in train], y, [_rate(i) for i in test], people)
    if silence:
        rng = np.random.default_rng(seed)
        sides = []
        for part in (train, test):
            chosen = [part[int(n)] for n in rng.permutation(len(part))[:silence]]
            read = [(item, *_silence_and_pitch(states, item)) for item in chosen]
            sides.append([entry for entry in read if entry[1] is not None])
        a, b = sides
        quiet_a, quiet_b = (np.stack([e[1] for e in side]) for side in sides)
        own_a, own_b = (states.embeddings([e[0].row for e in side]) for side in sides)
        people = _numbered([e[0] for e in b])
        labels_a, labels_b = ([e[0].utterance.cohort for e in side] for side in sides)
        found.append(_labels("cohort, same utterances", own_a, labels_a, own_b, labels_b, people))
        found.append(_labels("cohort, from the silence alone", quiet_a, labels_a, quiet_b, labels_b, people))
        noise_a, noise_b = ([str(e[0].utterance.extra.get("noise")) for e in side] for side in sides)
        if len(set(noise_a)) > 1:
            found.append(_labels("noise, from the silence alone", quiet_a, noise_a, quiet_b, noise_b, people))
        found += _numbers("pitch", own_a, [e[2] for e in a], own_b, [e[2] for e in b], people)
    return found


def moved(run: Path, model: Path) -> list[dict[str, Any]]:
    """How much every adapted decoder matrix of a run was turned: change of norm and principal subspace angles.

    Björck and Golub 1973; as the paper (section 3) the subspaces are those of the leading
    singular vectors, here the ``rank`` leading left ones of the original and adapted matrix.

    Raises:
        OptionError: the run holds no static LoRA or full fine-tuning.
    """
    import torch

    from training import whisper
    from training.adapters import made_by_network, static_adapter
    from training.finished import load_best
    from training.recipe import load_recipe

    recipe = load_recipe(run / "recipe.json")
    frozen = whisper.load(model, dtype=torch.float32)
    if made_by_network(recipe):
        raise OptionError(f"{run} holds a {recipe.method} of W1 alone: angles compare several matrices.")
    adapter = static_adapter(recipe, frozen)
    load_best(run, adapter)
    with torch.no_grad():
        lora, values = adapter(torch.zeros(1, 1), torch.ones(1), None)
        deltas = {name: b @ a for name, (a, b) in lora.items()}
        for name, value in values.items():
            if name.endswith(".weight") and value.ndim == 2:
                deltas[name.removesuffix(".weight")] = value - frozen.weights[name]
    rows = []
    for name, delta in sorted(deltas.items()):
        weight = frozen.weights[f"{name}.weight"].numpy().astype(np.float64)
        change = delta.numpy().astype(np.float64)
        angles = subspace_angles(weight, weight + change, 16)
        rows.append(
            {
                "matrix": name.removeprefix("decoder.layers."),
                "relative_change": float(np.linalg.norm(change) / np.linalg.norm(weight)),
                "mean_angle": float(np.degrees(angles.mean())),
                "largest_angle": float(np.degrees(angles.max())),
            }
        )
    return rows


def subspace_angles(a: Array, b: Array, rank: int) -> Array:
    """Principal angles in radians between the ``rank`` leading left singular subspaces of two matrices."""
    u, v = (np.linalg.svd(matrix, full_matrices=False)[0][:, :rank] for matrix in (a, b))
    cosines = np.linalg.svd(u.T @ v, compute_uv=False)
    return np.asarray(np.arccos(np.clip(cosines, -1, 1)))


def write_moved(rows: Sequence[dict[str, Any]], out: Path) -> Path:
    """``moved.json``, ``moved.md`` (kinds of matrices, mean over the layers) and ``moved.png`` (every matrix)."""
    kinds: dict[str, dict[int, dict[str, Any]]] = {}
    for row in rows:
        layer, _, kind = str(row["matrix"]).partition(".")
        kinds.setdefault(kind, {})[int(layer)] = row
    lines = ["| matrix | change of its norm | mean angle | largest angle |", "|---|---|---|---|"]
    for kind, layers in sorted(kinds.items()):
        change, mean = (np.mean([r[key] for r in layers.values()]) for key in ("relative_change", "mean_angle"))
        largest = max(r["largest_angle"] for r in layers.values())
        lines.append(f"| {kind} | {100 * change:.1f} % | {mean:.1f}° | {largest:.0f}° |")
    write_private(out / "moved.md", ("\n".join(lines) + "\n").encode())
    write_private(out / "moved.json", json.dumps(list(rows), indent=1).encode())
    _moved_picture(kinds, out / "moved.png")
    return out / "moved.md"


def _moved_picture(kinds: dict[str, dict[int, dict[str, Any]]], path: Path) -> None:
    from matplotlib.figure import Figure

    names, layers = sorted(kinds), sorted({layer for rows in kinds.values() for layer in rows})
    angles = [
        [kinds[name][layer]["mean_angle"] if layer in kinds[name] else np.nan for layer in layers] for name in names
    ]
    figure = Figure(figsize=(5.5, 0.35 * len(names) + 1.2), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(angles, cmap="cividis", aspect="auto")
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xticks(range(len(layers)), [str(layer) for layer in layers])
    axes.set_xlabel("decoder layer")
    figure.colorbar(image, label="mean principal angle, degrees")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    write_private(path, buffer.getvalue())


def write_analysis(found: Sequence[Probe], states: States, items: Sequence[Cached], out: Path) -> Path:
    """``probes.md``, ``probes.json`` and ``voices.png`` (the first two principal components, by cohort)."""
    lines = ["| what | score on unseen people (95 %) | chance | utterances |", "|---|---|---|---|"]
    for probe in found:
        unit = "R²" if probe.chance == 0 else "accuracy"
        score = f"{probe.score:.2f} ({probe.low:.2f} to {probe.high:.2f})"
        lines.append(f"| {probe.name} | {unit} {score} | {probe.chance:.2f} | {probe.utterances} |")
    write_private(out / "probes.md", ("\n".join(lines) + "\n").encode())
    write_private(out / "probes.json", json.dumps([vars(probe) for probe in found], indent=1).encode())
    _picture(states, items, out / "voices.png")
    return out / "probes.md"


def _picture(states: States, items: Sequence[Cached], path: Path) -> None:
    from matplotlib.figure import Figure

    x = states.embeddings([item.row for item in items]).astype(np.float64)
    x = (x - x.mean(0)) / np.maximum(x.std(0), 1e-3)
    flat = x @ np.linalg.svd(x, full_matrices=False)[2][:2].T
    figure = Figure(figsize=(6, 4.5), layout="constrained")
    axes = figure.subplots()
    cohorts = np.array([item.utterance.cohort for item in items])
    for cohort in sorted(set(cohorts)):
        mine = flat[cohorts == cohort]
        axes.scatter(mine[:, 0], mine[:, 1], s=7, label=cohort, alpha=0.6, linewidths=0)
    axes.set_xlabel("first principal component")
    axes.set_ylabel("second principal component")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, markerscale=2)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    write_private(path, buffer.getvalue())


def _ridge(x: Array, target: Array, y: Array, penalty: float) -> Array:
    """Predictions for ``y`` of a ridge regression of ``target`` (n, k) on ``x`` (n, d)."""
    mean, std = x.mean(0), np.maximum(x.std(0), 1e-3)
    x, y = (x - mean) / std, (y - mean) / std
    offset = target.mean(0)
    gram = x @ x.T + penalty * np.eye(len(x))  # the dual form: fewer utterances than dimensions
    return np.asarray(y @ (x.T @ np.linalg.solve(gram, target - offset)) + offset)


def _chosen_penalty(x: Array, target: Array, seed: int = 0) -> float:
    """By the error on a quarter of the training utterances that is left out."""
    order = np.random.default_rng(seed).permutation(len(x))
    inside, outside = order[len(x) // 4 :], order[: len(x) // 4]
    errors = [
        np.square(_ridge(x[inside], target[inside], x[outside], penalty) - target[outside]).sum()
        for penalty in _PENALTIES
    ]
    return _PENALTIES[int(np.argmin(errors))]


def _numbered(items: Sequence[Cached]) -> NDArray[np.int64]:
    """Who says each utterance, as numbers from 0."""
    return np.unique([item.utterance.speaker for item in items], return_inverse=True)[1].astype(np.int64)


def _labels(name: str, x: Any, a: Sequence[str], y: Any, b: Sequence[str], people: NDArray[np.int64]) -> Probe:
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    names = sorted(set(a))
    target = np.array([[label == other for other in names] for label in a], dtype=np.float64)
    guessed = _ridge(x, target, y, _chosen_penalty(x, target)).argmax(1)
    right = np.array([names[g] == label for g, label in zip(guessed, b, strict=True)], dtype=np.float64)
    weights = bootstrap_weights(people, DRAWS)
    low, high = np.quantile(weights @ right / np.maximum(weights.sum(1), 1e-12), [0.025, 0.975])
    commonest = max(names, key=list(a).count)
    chance = float(np.mean([label == commonest for label in b]))
    return Probe(name, float(right.mean()), float(low), float(high), chance, len(b))


def _numbers(
    name: str, x: Any, a: Sequence[float | None], y: Any, b: Sequence[float | None], people: NDArray[np.int64]
) -> list[Probe]:
    has_a, has_b = ([n for n, value in enumerate(part) if value is not None] for part in (a, b))
    if len(has_a) < 20 or len(has_b) < 10:
        return []
    x, y = np.asarray(x, dtype=np.float64)[has_a], np.asarray(y, dtype=np.float64)[has_b]
    target = np.array([[a[n]] for n in has_a], dtype=np.float64)
    wanted = np.array([b[n] for n in has_b], dtype=np.float64)
    guessed = _ridge(x, target, y, _chosen_penalty(x, target))[:, 0]

    def explained(weights: Array) -> Array:
        """R² of rows of weights (draws, n)."""
        total = np.maximum(weights.sum(1), 1e-12)
        mean = weights @ wanted / total
        spread = weights @ np.square(wanted) / total - np.square(mean)
        return np.asarray(1 - weights @ np.square(guessed - wanted) / total / np.maximum(spread, 1e-12))

    low, high = np.quantile(explained(bootstrap_weights(people[has_b], DRAWS)), [0.025, 0.975])
    return [Probe(name, float(explained(np.ones((1, len(has_b))))[0]), float(low), float(high), 0.0, len(has_b))]


def _rate(item: Cached) -> float:
    return len(item.utterance.text.split()) / max(0.2, item.row.clip * 0.02)


def _silence_and_pitch(states: States, item: Cached) -> tuple[NDArray[np.float32] | None, float | None]:
    """The embedding of the frames in which nobody speaks (None: fewer than ten), and the median pitch in octaves."""
    from engine.audio import load_audio
    from engine.embedding import speech_frames
    from training.simulate.vocoder import pyworld  # which works round its need of an old setuptools

    try:
        audio = load_audio(item.utterance.audio)
    except AudioError:
        return None, None
    mask = speech_frames(audio)
    frames = states.states(item.row)[: mask.size].astype(np.float32)
    quiet = frames[~mask[: len(frames)]]
    if len(quiet) < 10:
        return None, None
    pitch, _ = pyworld.dio(audio.astype(np.float64), 16000, frame_period=20.0)
    voiced = pitch[pitch > 0]
    octaves = float(np.log2(np.median(voiced))) if voiced.size > 5 else None
    return np.concatenate([quiet.mean(0), quiet.std(0)]), octaves
