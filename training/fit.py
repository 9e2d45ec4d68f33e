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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional

from engine.ct2 import Deltas
from engine.errors import OptionError
from engine.hypernetwork import HypernetworkConfig, load_hypernetwork, save_hypernetwork
from engine.paths import write_private
from engine.tokens import WhisperTokenizer
from training import whisper
from training.adapters import (
    Adapter,
    Hyper,
    adapted_matrices,
    deltas,
    made_by_network,
    make_adapter,
    parameters_per_utterance,
    static_adapter,
    writes_hypernetwork,
)  # fmt: skip
from training.batches import Batch, Examples, epoch_order, held_out, make_batch, make_examples, to
from training.export import voice_tensors
from training.pooling import read_layer_embeddings
from training.recipe import Recipe, load_recipe, save_recipe
from training.states import Cached, States
from training.voicespace import voice_directions
from training.whisper import Whisper

CHECKPOINT = "checkpoint.safetensors"
BEST = "best.safetensors"
CURVE = "curve.jsonl"
HYPERNETWORK = "hypernetwork.safetensors"
LOSSES = "losses.json"
_EXTRA = 400  # frames of silence tail in training, as engine.context.SHORT


@dataclass(frozen=True)
class Fitted:
    """What a run ended with; ``hypernetwork`` is None for adaptations the engine cannot load as one."""

    folder: Path
    steps: int
    best_step: int
    best_dev: float
    hypernetwork: Path | None


class Teacher:
    """Frozen Whisper and the silence tail: losses of a batch under an adapter."""

    def __init__(self, model: Whisper, tail: np.ndarray[Any, Any], device: torch.device) -> None:
        self.model = model
        self._states_tail = torch.from_numpy(tail).to(device)
        with torch.no_grad():
            self._tail = whisper.cross(model, self._states_tail[None])

    def seen(self, batch: Batch) -> whisper.Cross:
        with torch.no_grad():
            found = whisper.cross(self.model, batch.states.float())
            return whisper.with_tail(found, batch.lengths, self._tail, _EXTRA)

    def hidden(
        self, batch: Batch, seen: whisper.Cross, lora: whisper.Lora, weights: Mapping[str, Tensor], changes_cross: bool
    ) -> Tensor:
        """Hidden states at the targets, packed: (targets, d_model).

        With the recordings in the batch the encoder runs, too, under the same changes.
        """
        model = self.model.replaced(weights) if weights else self.model
        if changes_cross:
            total = seen.keys[0].shape[2]
            own = (torch.arange(batch.states.shape[1], device=batch.lengths.device) < batch.lengths[:, None])[..., None]
            if batch.mel is not None:
                computed = whisper.encode(model, batch.mel, lora, mask=own[..., 0])
            else:
                computed = batch.states.float()
            start = torch.where(own, computed, self._states_tail[: batch.states.shape[1]])
            rest = self._states_tail[batch.states.shape[1] : total].expand(len(start), -1, -1)
            seen = whisper.cross(model, torch.cat([start, rest], dim=1), lora)
        return whisper.decode(model, batch.tokens, seen, lora)[batch.targets != -100]

    def unadapted(self, batch: Batch, seen: whisper.Cross) -> Tensor:
        """Log-probabilities of plain Whisper at the targets: (targets, vocabulary)."""
        with torch.no_grad():
            hidden = self.hidden(batch, seen, whisper.NO_LORA, {}, False)
            return whisper.logits(self.model, hidden).log_softmax(-1)


def loss_of(
    teacher: Teacher, adapter: Any, plain: Adapter, batch: Batch, recipe: Recipe
) -> tuple[Tensor, dict[str, float]]:
    """This process's part of the loss, normalised by the counts of the whole batch over all processes."""
    lora, weights = adapter(batch.embedding, batch.strength, batch.dropout, batch.states, batch.clip)
    seen = teacher.seen(batch)
    scores = whisper.logits(teacher.model, teacher.hidden(batch, seen, lora, weights, plain.changes_cross))
    target = batch.targets[batch.targets != -100]
    logs = scores.log_softmax(-1)
    entropy = functional.nll_loss(logs, target, reduction="sum") / batch.words
    total, parts = entropy, {"ce": float(entropy.detach())}
    typical = batch.typical[:, None].expand_as(batch.targets)[batch.targets != -100]
    if recipe.kl_right:
        reference = teacher.unadapted(batch, seen)
        right = reference.argmax(-1) == target
        weight = torch.where(typical, recipe.kl, recipe.kl_right * right)
        divergence = (weight * _kl(reference, logs)).sum() / batch.words
    elif recipe.kl and batch.typical.any():
        reference = teacher.unadapted(_typical_part(batch), seen.rows(batch.typical))
        divergence = recipe.kl * _kl(reference, logs[typical]).sum() / batch.words
    else:
        divergence = torch.zeros((), device=entropy.device)
    total = total + divergence
    parts["kl"] = float(divergence.detach())
    if recipe.size_penalty and lora:
        size = _relative_size(teacher.model, lora)
        share = len(batch.tokens) / max(1, len(batch.tokens))
        total = total + recipe.size_penalty * size * share
        parts["size"] = float(size.detach())
    return total, parts


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
            progress = _judged(progress, look["loss"])
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
    tensors, labels = voice_tensors(examples, network.mean.cpu().numpy(), network.std.cpu().numpy())
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


@dataclass(frozen=True)
class _Progress:
    step: int
    best_step: int
    best: float
    waited: int  # looks since the best


def _judged(progress: _Progress, loss: float) -> _Progress:
    if loss < progress.best:
        return _Progress(progress.step, progress.step, loss, 0)
    return _Progress(progress.step, progress.best_step, progress.best, progress.waited + 1)


def _rate(step: int, steps: int, warmup: int) -> float:
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def _kl(reference: Tensor, logs: Tensor) -> Tensor:
    """Kullback-Leibler divergence of every row, in nats: (n,)."""
    return (reference.exp() * (reference - logs)).sum(-1)


def _relative_size(model: Whisper, lora: whisper.Lora) -> Tensor:
    """Mean over layers and utterances of the change's squared norm over the matrix's own."""
    sizes = []
    for name, (a, b) in lora.items():
        squared = ((a @ a.mT) * (b.mT @ b)).sum((-1, -2))
        sizes.append(squared.mean() / model.weights[f"{name}.weight"].float().square().sum())
    return torch.stack(sizes).mean()


def _typical_part(batch: Batch) -> Batch:
    rows = batch.typical
    return batch._replace(
        states=batch.states[rows], lengths=batch.lengths[rows], tokens=batch.tokens[rows], targets=batch.targets[rows]
    )


@torch.no_grad()
def utterance_losses(
    teacher: Teacher, adapter: Adapter, examples: Examples, batch_size: int, device: torch.device, voice: str = "own"
) -> np.ndarray[Any, Any]:
    """Summed loss of every utterance's tokens: float64 (n,), in the order of ``examples``.

    ``voice``: ``own``; ``mean``, everybody gets the mean embedding; ``unadapted``, plain Whisper.
    """
    found = np.zeros(len(examples))
    order = sorted(range(len(examples)), key=lambda n: examples.items[n].row.frames)
    centre = torch.from_numpy(examples.embeddings.mean(0)).to(device)
    nothing = np.zeros(0, dtype=np.float32)  # no noise without a recipe
    for start in range(0, len(order), batch_size):
        numbers = order[start : start + batch_size]
        batch = to(make_batch(examples, numbers, None, nothing, 0, with_mel=adapter.changes_encoder), device)
        seen = teacher.seen(batch)
        target = batch.targets[batch.targets != -100]
        owner = torch.arange(len(numbers), device=device)[:, None].expand_as(batch.targets)[batch.targets != -100]
        if voice == "unadapted":
            logs = teacher.unadapted(batch, seen)
        else:
            mean = voice == "mean"
            embedding = centre.expand(len(numbers), -1) if mean else batch.embedding
            lora, weights = adapter(embedding, batch.strength, None, *(() if mean else (batch.states, batch.clip)))
            hidden = teacher.hidden(batch, seen, lora, weights, adapter.changes_cross)
            logs = whisper.logits(teacher.model, hidden).log_softmax(-1)
        losses = -logs.gather(1, target[:, None])[:, 0]
        sums = torch.zeros(len(numbers), device=device).index_add_(0, owner, losses)
        found[numbers] = sums.cpu().numpy()
    return found


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
