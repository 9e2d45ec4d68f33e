"""What training makes smaller, and how well an adaptation does on every utterance: teacher forcing on cached states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.context import SHORT
from training import whisper
from training.adapters import Adapter
from training.batches import Batch, Examples, make_batch, to
from training.recipe import Recipe
from training.whisper import Whisper


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
            return whisper.with_tail(found, batch.lengths, self._tail, SHORT.tail)

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
        total = total + recipe.size_penalty * size * len(batch.tokens) / recipe.batch
        parts["size"] = float(size.detach())
    return total, parts


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
