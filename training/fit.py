"""Train an adaptation: one straight loop over ``accelerate``.

Whisper is frozen; its decoder is run by teacher forcing on cached encoder states, and the
gradient goes through it into the adapter (Müller-Eberstein et al. 2024, section 4). The loss
is the cross-entropy of the intended text, and on typical speech the Kullback-Leibler
divergence from unadapted Whisper. Everything random depends on the seed and the step alone,
so a run that was killed goes on as if nothing had happened.
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from engine.errors import OptionError
from engine.hypernetwork import HypernetworkConfig, load_hypernetwork, save_hypernetwork
from engine.paths import write_private
from engine.tokens import WhisperTokenizer
from training import whisper
from training.adapters import (
    Adapter,
    Hyper,
    adapted_matrices,
    make_adapter,
    parameters_per_utterance,
    writes_hypernetwork,
)  # fmt: skip
from training.batches import Examples, epoch_order, held_out, make_batch, make_examples, to
from training.export import voice_tensors
from training.finished import BEST, HYPERNETWORK, load_best
from training.loss import Teacher, loss_of, utterance_losses
from training.pooling import read_layer_embeddings
from training.recipe import Recipe, save_recipe
from training.states import Cached, States
from training.voicespace import voice_directions
from training.whisper import Whisper

CHECKPOINT = "checkpoint.safetensors"
CURVE = "curve.jsonl"
LOSSES = "losses.json"


@dataclass(frozen=True)
class Fitted:
    """What a run ended with; ``hypernetwork`` is None for adaptations the engine cannot load as one."""

    folder: Path
    steps: int
    best_step: int
    best_dev: float
    hypernetwork: Path | None


def fit(
    recipe: Recipe,
    states: States,
    train: Sequence[Cached],
    dev: Sequence[Cached],
    model: Path,
    out: Path,
    judged: Sequence[Cached] = (),
    describe: dict[str, Any] | None = None,
    start: Path | None = None,
    resume: bool = True,
    checkpoint_every: float = 60.0,
    max_steps: int | None = None,
    quiet: bool = False,
) -> Fitted:
    """Train on ``train``, stop by the loss on ``dev`` (other speakers), keep the best under ``out``.

    ``judged`` decides nothing: the best weights' loss of each of them is written to ``losses.json``.
    ``start`` is a hypernetwork file whose weights a new run begins with, to train on with more data.
    ``describe`` goes into the hypernetwork's description. ``max_steps`` ends this call early
    (the schedule is unchanged): call it again to go on.

    Raises:
        OptionError: there is nothing to train on, or ``out`` holds another recipe's run.
    """
    from accelerate import Accelerator
    from tqdm import tqdm

    accelerator = Accelerator(cpu=not torch.cuda.is_available())
    device, main = accelerator.device, accelerator.is_main_process
    frozen = whisper.load(model, device)
    tokenizer = WhisperTokenizer(model)
    heard = read_layer_embeddings(states) if recipe.embedding == "layers" else None
    train = [item for item in train if not held_out(item.utterance, recipe.held_out)]
    examples, development = (make_examples(part, states, tokenizer, embeddings=heard) for part in (train, dev))
    if not len(examples) or not len(development):
        raise OptionError(
            "There are no training or no development utterances with states: run 'idiolect train states'."
        )
    mean, std = examples.embeddings.mean(0), np.maximum(examples.embeddings.std(0), 1e-3)
    config = HypernetworkConfig(
        states.model, states.model_sha256, recipe.generator, examples.embeddings.shape[1], frozen.d_model, frozen.d_ff,
        len(list(adapted_matrices(recipe, frozen))), recipe.hidden, recipe.rank, recipe.alpha,
    )  # fmt: skip
    voices = None
    if recipe.voices and recipe.method == "hypernetwork":
        speakers = [item.utterance.speaker for item in examples.items]
        voices = voice_directions((examples.embeddings - mean) / std, speakers, recipe.voices)
    adapter = make_adapter(
        recipe,
        frozen,
        config,
        torch.from_numpy(mean),
        torch.from_numpy(std),
        voices,
        torch.from_numpy(examples.embeddings),
    ).to(device)
    optimizer = torch.optim.AdamW(adapter.groups(recipe), betas=(0.9, 0.98), eps=1e-8)
    peaks = [float(group["lr"]) for group in optimizer.param_groups]
    teacher = Teacher(frozen, states.tail, device)
    per_epoch = math.ceil(len(examples) / recipe.batch)
    steps = max(1, round(recipe.epochs * per_epoch))

    progress = _Progress(0, 0, math.inf, 0)
    if resume and (out / CHECKPOINT).exists():
        progress = _restore(out, recipe, adapter, optimizer)
    elif start is not None and isinstance(adapter, Hyper):
        adapter.network.load(load_hypernetwork(start))
    if isinstance(adapter, Hyper):
        std = adapter.network.std.cpu().numpy()
    if progress.step == 0 and main:
        write_private(out / CURVE, b"")
        save_recipe(recipe, out / "recipe.json", model=states.model, utterances=len(examples), **(describe or {}))
    wrapped, optimizer = accelerator.prepare(adapter, optimizer)
    writer = _tensorboard(out) if main else None
    bar = tqdm(total=steps, initial=progress.step, unit="step", disable=quiet or not main, mininterval=2.0)
    saved, started = time.monotonic(), time.monotonic()
    last = min(steps, max_steps) if max_steps else steps
    order_epoch, order = -1, []
    if progress.step == 0 and main:
        look = _look(teacher, adapter, development, recipe, device, baselines=True)
        _note(out, writer, 0, {"dev": look})
    while progress.step < last and progress.waited < recipe.patience:
        epoch, position = divmod(progress.step, per_epoch)
        if epoch != order_epoch:
            order_epoch, order = epoch, epoch_order(examples, recipe.batch, recipe.seed, epoch)
        rate = _rate(progress.step, steps, recipe.warmup)
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * rate
        whole = make_batch(
            examples, order[position], recipe, std, progress.step,
            accelerator.process_index, accelerator.num_processes, adapter.changes_encoder,
        )  # fmt: skip
        loss, parts = loss_of(teacher, wrapped, adapter, to(whole, device), recipe)
        # Every process divided by the whole batch's words: the mean that DDP takes must become a sum.
        accelerator.backward(loss * accelerator.num_processes)
        norm = accelerator.clip_grad_norm_(wrapped.parameters(), recipe.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress = _Progress(progress.step + 1, progress.best_step, progress.best, progress.waited)
        bar.update()
        line: dict[str, Any] = {}
        if progress.step % 10 == 0 or progress.step == last:
            summed = accelerator.reduce(torch.tensor([parts["ce"], parts["kl"]], device=device), "sum").tolist()
            line = {"train": {"ce": summed[0], "kl": summed[1]}, "norm": float(norm or 0.0), "lr": peaks[0] * rate}
            line["seconds"] = round(time.monotonic() - started, 1)
        if progress.step % recipe.dev_every == 0 or progress.step == steps:
            look = _look(teacher, adapter, development, recipe, device)
            progress = _judged(progress, look["loss"], recipe.slack)
            if main:
                line["dev"] = look
                bar.set_postfix(dev=f"{look['loss']:.4f}", best=f"{progress.best:.4f}")
                if progress.best_step == progress.step:
                    write_private(out / BEST, save(_tensors(adapter), {"step": str(progress.step)}))
        if line and main:
            _note(out, writer, progress.step, line)
        due = time.monotonic() - saved > checkpoint_every or progress.step == last or progress.waited >= recipe.patience
        if due and main:
            _checkpoint(out, recipe, adapter, optimizer, progress)
            saved = time.monotonic()
    bar.close()
    if writer:
        writer.close()
    accelerator.wait_for_everyone()
    path = None
    if main and (out / BEST).exists():
        load_best(out, adapter)
        if judged:
            _judge(out, teacher, adapter, make_examples(judged, states, tokenizer, embeddings=heard), recipe, device)
    loadable = writes_hypernetwork(recipe) and recipe.embedding == "last"
    if main and loadable and isinstance(adapter, Hyper) and (out / BEST).exists():
        path = export(out, adapter, examples, development, states, describe or {}, recipe, progress, frozen)
    return Fitted(out, progress.step, progress.best_step, progress.best, path)


def export(
    out: Path, adapter: Hyper, examples: Examples, development: Examples, states: States,
    describe: dict[str, Any], recipe: Recipe, progress: _Progress, frozen: Whisper,
) -> Path:  # fmt: skip
    """Write the weights as the engine's hypernetwork file, with the voices it has seen."""
    network = adapter.network
    tensors, labels = voice_tensors(
        examples.embeddings,
        [item.utterance.cohort for item in examples.items],
        network.mean.cpu().numpy(),
        network.std.cpu().numpy(),
    )
    people = {item.utterance.speaker for item in examples.items}
    training = {
        "recipe": asdict(recipe),
        "utterances": len(examples),
        "people": len(people),
        "hours": round(sum(item.row.clip for item in examples.items) * 0.02 / 3600, 2),
        "cohorts": _cohorts(examples),
        "development": {"utterances": len(development), "loss": progress.best, "step": progress.best_step},
        "per_utterance": parameters_per_utterance(recipe, frozen),
        "whisper_parameters": frozen.parameters,
        "map_labels": labels,
        "calibration": {},
        **describe,
    }
    config = HypernetworkConfig(**{**asdict(network.config), "training": training})
    network.config = config
    path = out / HYPERNETWORK
    save_hypernetwork(network.export(tensors), path)
    return path


@dataclass(frozen=True)
class _Progress:
    step: int
    best_step: int
    best: float
    waited: int  # looks since the best


def _judged(progress: _Progress, loss: float, slack: float) -> _Progress:
    """After a look: the lowest loss so far, and the step whose weights are kept."""
    waited = 0 if loss < progress.best else progress.waited + 1
    step = progress.step if loss <= progress.best * (1 + slack) else progress.best_step
    return _Progress(progress.step, step, min(loss, progress.best), waited)


def _rate(step: int, steps: int, warmup: int) -> float:
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def _look(
    teacher: Teacher, adapter: Adapter, examples: Examples, recipe: Recipe, device: torch.device,
    baselines: bool = False,
) -> dict[str, float]:  # fmt: skip
    """Losses per token: ``loss`` (all), by cohort, ``mean`` (everybody gets the mean embedding), ``unadapted``."""
    adapter.eval()
    voices = {"loss": "own"}
    if baselines:
        voices["unadapted"] = "unadapted"
    elif isinstance(adapter, Hyper) and not adapter.network.static_only:
        voices["mean"] = "mean"
    words = np.array([len(tokens) - examples.prompt for tokens in examples.tokens])
    cohorts = np.array([item.utterance.cohort for item in examples.items])
    result = {}
    for name, voice in voices.items():
        sums = utterance_losses(teacher, adapter, examples, recipe.batch, device, voice)
        result[name] = round(float(sums.sum() / words.sum()), 5)
        for cohort in sorted(set(cohorts)):
            mine = cohorts == cohort
            result[f"{name}/{cohort}"] = round(float(sums[mine].sum() / words[mine].sum()), 5)
    adapter.train()
    return result


def _judge(
    out: Path, teacher: Teacher, adapter: Adapter, examples: Examples, recipe: Recipe, device: torch.device
) -> None:
    """Summed loss and tokens of every utterance, by its key."""
    adapter.eval()
    sums = utterance_losses(teacher, adapter, examples, recipe.batch, device)
    rows = {
        item.row.key: [round(float(total), 4), len(tokens) - examples.prompt]
        for item, total, tokens in zip(examples.items, sums, examples.tokens, strict=True)
    }
    write_private(out / LOSSES, json.dumps(rows).encode())


def _cohorts(examples: Examples) -> dict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for item in examples.items:
        counts[item.utterance.cohort] += 1
    return dict(sorted(counts.items()))


def _note(out: Path, writer: Any, step: int, line: dict[str, Any]) -> None:
    with (out / CURVE).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": step, **line}) + "\n")
    if writer:
        for name, value in line.items():
            for key, number in value.items() if isinstance(value, dict) else [("", value)]:
                writer.add_scalar(f"{name}/{key}" if key else name, number, step)


def _tensorboard(out: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(out / "tensorboard"))


def _tensors(adapter: Adapter) -> dict[str, Tensor]:
    return {name: value.detach().cpu().contiguous() for name, value in adapter.state_dict().items()}


def _checkpoint(out: Path, recipe: Recipe, adapter: Adapter, optimizer: Any, progress: _Progress) -> None:
    """Weights and Adam's moments in one safetensors file, replaced in one step."""
    tensors = {f"weight:{name}": value for name, value in _tensors(adapter).items()}
    for number, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            tensors[f"moment:{number}:{name}"] = torch.as_tensor(value).detach().cpu().contiguous()
    metadata = {"progress": json.dumps(asdict(progress)), "recipe": json.dumps(asdict(recipe))}
    write_private(out / CHECKPOINT, save(tensors, metadata))


def _restore(out: Path, recipe: Recipe, adapter: Adapter, optimizer: torch.optim.Optimizer) -> _Progress:
    try:
        with safe_open(out / CHECKPOINT, framework="pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        progress, held = _Progress(**json.loads(metadata["progress"])), json.loads(metadata["recipe"])
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise OptionError(f"The checkpoint in {out} is damaged: delete the folder to start again.") from error
    if json.loads(json.dumps(asdict(recipe))) != held:
        raise OptionError(f"{out} holds a run with another recipe: choose another folder, or delete it.")
    adapter.load_state_dict({k.removeprefix("weight:"): v for k, v in tensors.items() if k.startswith("weight:")})
    state: defaultdict[int, dict[str, Tensor]] = defaultdict(dict)
    for key, value in tensors.items():
        if key.startswith("moment:"):
            _, number, name = key.split(":", 2)
            state[int(number)][name] = value
    optimizer.load_state_dict({"state": dict(state), "param_groups": optimizer.state_dict()["param_groups"]})
    lines = (out / CURVE).read_text(encoding="utf-8").splitlines() if (out / CURVE).exists() else []
    kept = [line for line in lines if line.endswith("}") and json.loads(line)["step"] <= progress.step]
    write_private(out / CURVE, "".join(line + "\n" for line in kept).encode())
    return progress
