"""The paper's comparisons as one command that can be stopped: every fit and every decoded text is kept.

``data.json`` fixes which utterances are used, so a corpus that grows does not change a sweep that
was begun. Every fit lies in ``fits/`` under a digest of what decided it; every text in ``texts-*/``.
All runs of a plan see the same utterances in the same order; what differs is in the table.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import OptionError
from engine.models import locate
from engine.paths import write_private
from training import whisper
from training.adapters import parameters_per_utterance
from training.batches import held_out
from training.evaluate import SHORT_CONTEXT, ZERO_SHOT, System, choose, evaluate, system_of
from training.fit import LOSSES, fit
from training.manifest import Utterance, check_splits, read_manifest, sentence_key
from training.pooling import make_layer_embeddings
from training.recipe import Recipe
from training.states import Cached, States, utterance_key

GLOBAL, COHORT, INDIVIDUAL, FULL = "global LoRA", "cohort LoRA", "individual LoRA", "full fine-tuning"
LORA_OF = "LoRA of {}"
# A pass over some hundred utterances is some fifty steps, and what starts from nothing gets nowhere in them at the
# rates of a whole run: W1's LoRA does best at 5e-3, all weights at 1e-4 (docs/experiments.md).
_RATE, _FULL_RATE = 5e-3, 1e-4


@dataclass(frozen=True)
class SweepOptions:
    """Which utterances, and how long.

    Attributes:
        train: utterances of training, of whole people: what sets voices apart takes several of each.
        dev, test, seen: at most so many utterances, people in turn: of development (unseen people, decides when to
            stop), of test (unseen people and cohorts), and held-out sentences of training people.
        epochs: of every fit; a cohort's LoRA gets twice as many, its cohort being a part.
        beam: of the texts.
    """

    manifest: Path
    states: Path
    out: Path
    model: str = "base"
    train: int = 3000
    dev: int = 96
    test: int = 128
    seen: int = 40
    epochs: float = 1.0
    beam: int = 5
    threads: int = 1


@dataclass(frozen=True)
class Run:
    """One row of a table: a name, a recipe, and the cohort it is trained on (None: all)."""

    name: str
    recipe: Recipe
    cohort: str | None = None


@dataclass(frozen=True)
class Fit:
    """A finished run: ``losses`` holds (loss, tokens) of every test and held-out utterance by its key."""

    run: Run
    folder: Path
    parameters: int
    development: float
    losses: dict[str, tuple[float, int]]
    seconds: float


@dataclass(frozen=True)
class Data:
    """The utterances of a sweep, the same in every call."""

    train: list[Cached]
    dev: list[Cached]
    test: list[Cached]
    seen: list[Cached]
    others: list[Cached]  # all cached utterances, from which individual LoRAs take a person's others

    @property
    def judged(self) -> list[Cached]:
        return [*self.test, *self.seen]

    @property
    def utterances(self) -> list[Utterance]:
        return [item.utterance for item in self.judged]

    @property
    def cohorts(self) -> list[str]:
        """The cohorts of training, typical speech aside."""
        return sorted({item.utterance.cohort for item in self.train} - {"typical"})


# -- plans --------------------------------------------------------------------------


def _hypernetwork(options: SweepOptions) -> Recipe:
    return Recipe(epochs=options.epochs, lr_static=_RATE, anchor=2.0, speaker_mean=0.6)


def _lora(options: SweepOptions) -> Recipe:
    return Recipe(method="lora", epochs=options.epochs, lr_static=_RATE)


def main_runs(options: SweepOptions, cohorts: Sequence[str]) -> list[Run]:
    """Every method at the budget of a rank-4 LoRA of W1; full fine-tuning as the upper bound."""
    hyper, lora = _hypernetwork(options), _lora(options)
    runs = [
        Run("hypernetwork", hyper),
        Run("hypernetwork, linear", replace(hyper, generator="linear")),
        Run(GLOBAL, lora),
        Run(FULL, replace(lora, method="full", lr_static=_FULL_RATE)),
    ]
    return runs + [Run(LORA_OF.format(c), replace(lora, epochs=2 * options.epochs), c) for c in cohorts]


def matrix_runs(options: SweepOptions) -> list[Run]:
    """A LoRA of each kind of matrix, each with as many weights as rank 4 of W1: 4 * (d + 4d) = 10 * (d + d)."""
    lora = _lora(options)
    kinds: list[tuple[str, tuple[str, ...], int]] = [("W1", ("w1",), 4), ("W2", ("w2",), 4)]
    kinds += [("W1 and W2 (whole MLP)", ("w1", "w2"), 2)]
    kinds += [(f"self-attention {name}", (name,), 10) for name in "qkvo"]
    kinds += [(f"cross-attention {name}", (f"cross.{name}",), 10) for name in "qkvo"]
    kinds += [(f"encoder {name.upper()}", (f"encoder.{name}",), 4) for name in ("w1", "w2")]
    kinds += [(f"encoder {name}", (f"encoder.{name}",), 10) for name in "qkvo"]
    return [Run(label, replace(lora, targets=targets, rank=rank)) for label, targets, rank in kinds]


def budget_runs(options: SweepOptions) -> list[Run]:
    """LoRAs of W1 from 1 % of all weights down; below one rank, cores between W1's own singular vectors."""
    lora = _lora(options)
    frozen = whisper.load(locate(options.model))
    d_in, d_out, layers = frozen.d_model, frozen.d_ff, frozen.decoder_layers
    runs = []
    for share in (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5):
        weights = share * frozen.parameters
        rank = round(weights / (layers * (d_in + d_out)))
        if rank >= 2:
            runs.append(Run(f"{100 * share:g} %, LoRA of rank {rank}", replace(lora, rank=rank)))
        else:
            if rank == 1:
                runs.append(Run(f"{100 * share:g} %, LoRA of rank 1", replace(lora, rank=1)))
            side = max(1, round((weights / layers) ** 0.5))
            runs.append(Run(f"{100 * share:g} %, cores {side} x {side}", replace(lora, rank=side, cores=True)))
    return runs


def generator_runs(options: SweepOptions) -> list[Run]:
    """Generators and what they hear; at the same rank, with the static part that all have."""
    voices = _hypernetwork(options)
    whole = replace(voices, voices=0, noise=0.7, speaker_mean=0.7)
    return [
        Run("mlp, directions of voices", voices),
        Run("linear, directions of voices", replace(voices, generator="linear")),
        Run("mlp, mean and std", whole),
        Run("linear, mean and std", replace(whole, generator="linear")),
        Run("mlp, attention pooling", replace(whole, embedding="attention")),
        Run("mlp, every encoder layer", replace(whole, embedding="layers")),
        Run("none (global LoRA)", replace(voices, method="lora")),
    ]


def half_runs(options: SweepOptions) -> list[Run]:
    """The decoder's W1, the encoder's or both at the same budget: one LoRA for everybody, or one for each voice."""
    lora, hyper = _lora(options), _hypernetwork(options)
    halves = {"decoder": (("w1",), 4), "encoder": (("encoder.w1",), 4), "both": (("encoder.w1", "w1"), 2)}
    kinds = [("one for everybody", lora), ("hypernetwork", hyper)]
    return [
        Run(f"{half}, {kind}", replace(recipe, targets=targets, rank=rank, alpha=float(rank)))
        for kind, recipe in kinds
        for half, (targets, rank) in halves.items()
    ]


PLANS: dict[str, Callable[[SweepOptions], list[Run]]] = {
    "matrices": matrix_runs,
    "budgets": budget_runs,
    "generators": generator_runs,
    "halves": half_runs,
}


# -- data ---------------------------------------------------------------------------


def load_data(options: SweepOptions) -> tuple[Data, States]:
    """The utterances of the sweep in ``options.out``: chosen at the first call, the same from then on.

    Raises:
        OptionError: a part is empty, or utterances of an earlier call have gone.
    """
    states = States(options.states)
    utterances = read_manifest(options.manifest)
    check_splits(utterances)
    cached = {item.row.key: item for item in states.select(utterances)}
    path = options.out / "data.json"
    if not path.exists():
        chosen = {part: [c.row.key for c in items] for part, items in _choose(options, list(cached.values())).items()}
        write_private(path, json.dumps(chosen).encode())
    held = json.loads(path.read_text(encoding="utf-8"))
    missing = sum(key not in cached for keys in held.values() for key in keys)
    if missing:
        raise OptionError(f"{missing} utterances of {path} are no longer in the manifest or its states.")
    parts = {part: [cached[key] for key in keys] for part, keys in held.items()}
    return Data(**parts, others=list(cached.values())), states


def _choose(options: SweepOptions, cached: list[Cached]) -> dict[str, list[Cached]]:
    of_key = {item.row.key: item for item in cached}

    def some(items: Sequence[Cached], limit: int) -> list[Cached]:
        return [of_key[utterance_key(u)] for u in choose([c.utterance for c in items], limit)]

    share = Recipe().held_out
    training = [c for c in cached if c.utterance.split == "train"]
    kept = _whole_people([c for c in training if not held_out(c.utterance, share)], options.train)
    people, said = {c.utterance.speaker for c in kept}, {sentence_key(c.utterance.text) for c in kept}
    apart = [
        c for c in training
        if held_out(c.utterance, share)
        and c.utterance.speaker in people and sentence_key(c.utterance.text) not in said
    ]  # fmt: skip
    return {
        "train": kept,
        "dev": some([c for c in cached if c.utterance.split == "dev"], options.dev),
        "test": some([c for c in cached if c.utterance.split == "test"], options.test),
        "seen": some(apart, options.seen) if apart else [],
    }


def _whole_people(items: Sequence[Cached], limit: int) -> list[Cached]:
    """Everything of people drawn by chance, up to ``limit`` utterances."""
    of_speaker: defaultdict[str, list[Cached]] = defaultdict(list)
    for item in items:
        of_speaker[item.utterance.speaker].append(item)
    names = sorted(of_speaker)
    np.random.default_rng(0).shuffle(names)
    return [item for name in names for item in of_speaker[name]][:limit]


# -- fits ---------------------------------------------------------------------------


def run_fits(runs: Sequence[Run], data: Data, states: States, options: SweepOptions) -> Iterator[Fit]:
    """Train what is not trained yet, and take the loss of every judged utterance."""
    model = locate(options.model)
    frozen = whisper.load(model)
    if any(run.recipe.embedding == "layers" for run in runs):
        for _ in make_layer_embeddings([*data.train, *data.dev, *data.judged], states, model):
            pass
    for run in runs:
        train, dev = (_of_cohort(items, run.cohort) for items in (data.train, data.dev))
        steps = max(1, round(run.recipe.epochs * len(train) / run.recipe.batch))
        recipe = replace(run.recipe, warmup=min(run.recipe.warmup, steps // 6), dev_every=max(1, steps // 2))
        folder = options.out / "fits" / f"{_slug(run.name)}-{_digest(recipe, train, states)}"
        path = folder / "done.json"
        if not path.exists():
            started = time.process_time()
            describe = {"corpora": ["sweep"], "manifest": options.manifest.name}
            fitted = fit(recipe, states, train, dev, model, folder, data.judged, describe, quiet=True)
            done = {"development": fitted.best_dev, "step": fitted.best_step, "steps": fitted.steps}
            done |= {"seconds": round(time.process_time() - started, 1), "utterances": len(train)}
            done["parameters"] = parameters_per_utterance(recipe, frozen)
            write_private(path, json.dumps(done).encode())
        done = json.loads(path.read_text(encoding="utf-8"))
        losses = json.loads((folder / LOSSES).read_text(encoding="utf-8"))
        yield Fit(run, folder, done["parameters"], done["development"], losses, done["seconds"])


def _of_cohort(items: list[Cached], cohort: str | None) -> list[Cached]:
    return [item for item in items if cohort in (None, item.utterance.cohort)]


def _digest(recipe: Recipe, train: list[Cached], states: States) -> str:
    """What decides a fit."""
    text = json.dumps([asdict(recipe), sorted(item.row.key for item in train), states.model_sha256], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-").replace("--", "-")


# -- texts --------------------------------------------------------------------------


def decode(
    fits: Sequence[Fit], data: Data, options: SweepOptions, more: Sequence[System] = (), whole: bool = True
) -> Iterator[tuple[int, int]]:
    """Decode the judged utterances with every fit; ``more``: systems that need no fit; yields (done, in all)."""
    systems = [System(SHORT_CONTEXT), *([System(ZERO_SHOT, whole=True)] if whole else [])]
    systems += [*more, *(system_of(fit.run.name, fit.folder) for fit in fits if fit.run.recipe.embedding == "last")]
    yield from evaluate(data.utterances, systems, options.model, texts(options), options.beam, options.threads)


def texts(options: SweepOptions) -> Path:
    """The folder of decoded texts."""
    return options.out / f"texts-beam{options.beam}"
