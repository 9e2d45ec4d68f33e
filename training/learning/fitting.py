"""The fit: a LoRA for one person through the frozen model, held near what Whisper already gets right."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.errors import Cancelled
from training import whisper
from training.learning.options import TARGETS, LearnOptions
from training.learning.views import Example, Listener, decoder_lora, hidden_states, stacked
from training.whisper import Whisper

Array = NDArray[np.float32]
Chosen = Sequence[tuple[Example, int]]  # examples, and which of their views
_FRAMES = 1600  # encoder frames computed at once: up to 0.8 GB with base, beside the model
_OWN_TO_TYPICAL = 8  # corrections heard for every recording of typical speech
Start = Mapping[str, tuple[Tensor, Tensor]]  # matrix by ``training.whisper``'s name to A (rank, in) and B (out, rank)
NOTHING: Start = {}
_PLACES = {  # of matrices that CTranslate2 keeps as they are
    "fc1": "ffn/linear_0",
    "fc2": "ffn/linear_1",
    "self_attn.out_proj": "self_attention/linear_1",
    "encoder_attn.q_proj": "attention/linear_0",
    "encoder_attn.out_proj": "attention/linear_2",
}
Pairs = dict[str, tuple[Array, Array]]  # matrix by CTranslate2 name to B (out, rank) and A (rank, in)


def fit(
    listener: Listener,
    examples: Sequence[Example],
    typical: Sequence[Example],
    on_progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
    on_epoch: Callable[[int, dict[str, tuple[Tensor, Tensor]]], None] | None = None,
    start: Start = NOTHING,
) -> dict[str, tuple[Tensor, Tensor]]:
    """A LoRA (A, B) for every adapted matrix, by ``training.whisper``'s names; those in ``start`` begin there.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    options = listener.options
    known = set(start if options.start else NOTHING) & set(adapted(listener.whisper, options))
    start = {name: start[name] for name in known}
    peak = options.lr * (1 if start else 2)
    lora = first_lora(listener.whisper, options, start)
    parameters = [value for pair in lora.values() for value in pair]
    optimizer = torch.optim.AdamW(parameters, lr=peak, betas=(0.9, 0.98), weight_decay=0.0)
    steps = max(1, options.epochs * math.ceil(len(examples) / options.batch))
    step = 0
    for epoch in range(options.epochs):
        for numbers in batches(examples, options, epoch):
            if cancelled():
                raise Cancelled("Learning was stopped. Start it again to go on.")
            for group in optimizer.param_groups:
                group["lr"] = rate(peak, step, steps)
            chosen = [(examples[n], (epoch + n) % options.views) for n in numbers]
            if typical and step % max(1, _OWN_TO_TYPICAL // options.batch) == 0:
                chosen.append((typical[step * options.batch // _OWN_TO_TYPICAL % len(typical)], 0))
            words = sum(len(example.tokens) - len(listener.prompt) for example, _ in chosen if example.own)
            held = sum(int(example.held.sum()) for example, _ in chosen)
            for part in parts_of(chosen):
                loss_of(listener, part, lora, words, held).backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            on_progress(step / steps)
        if on_epoch is not None:
            on_epoch(epoch, lora)
    return {name: (a.detach(), b.detach()) for name, (a, b) in lora.items()}


def loss_of(
    listener: Listener, chosen: Chosen, lora: dict[str, tuple[Tensor, Tensor]], words: int, held: int
) -> Tensor:
    """A part of a step's loss: the cross-entropy of the corrections, over the ``words`` tokens of the whole step,
    and the divergence from unadapted Whisper, over the ``held`` ones where it was right already."""
    examples = [example for example, _ in chosen]
    found, wanted, owner = _log_probabilities(listener, chosen, lora)
    own = torch.tensor([example.own for example in examples])[owner]
    loss = functional.nll_loss(found[own], wanted[own], reduction="sum") / max(1, words)
    if listener.options.kl and held:
        with torch.no_grad():
            plain = torch.cat([example.plain for example in examples]).float()
            reference = whisper.logits(listener.whisper, plain).log_softmax(-1)
        divergence = (reference.exp() * (reference - found)).sum(-1)
        loss = loss + listener.options.kl * divergence[torch.cat([example.held for example in examples])].sum() / held
    return loss


@torch.no_grad()
def heldout_loss(listener: Listener, examples: Sequence[Example], lora: dict[str, tuple[Tensor, Tensor]]) -> float:
    """Cross-entropy per token of the unchanged recordings, in nats."""
    total, count = 0.0, 0
    for part in parts_of(sorted(((example, 0) for example in examples), key=_frames)):
        found, wanted, _ = _log_probabilities(listener, part, lora)
        total += float(functional.nll_loss(found, wanted, reduction="sum"))
        count += len(wanted)
    return total / max(1, count)


def parts_of(chosen: Chosen) -> Iterator[Chosen]:
    """``chosen`` in parts of at most ``_FRAMES`` frames, padding counted, so that memory stays small."""
    part: list[tuple[Example, int]] = []
    for item in sorted(chosen, key=_frames):
        if part and (len(part) + 1) * _frames(item) > _FRAMES:
            yield part
            part = []
        part.append(item)
    if part:
        yield part


def _frames(item: tuple[Example, int]) -> int:
    return len(item[0].views[item[1]])


def _log_probabilities(
    listener: Listener, chosen: Chosen, lora: dict[str, tuple[Tensor, Tensor]]
) -> tuple[Tensor, Tensor, Tensor]:
    """For every text token: log-probabilities (tokens, vocabulary), the right one, and the number of its example."""
    tokens, target = whisper.teacher_forced([example.tokens for example, _ in chosen], len(listener.prompt))
    x, lengths = stacked([example.views[view] for example, view in chosen])
    asked = target != -100
    hidden = hidden_states(listener, x, lengths, tokens, decoder_lora([example.lora for example, _ in chosen]), lora)
    owner = torch.arange(len(chosen))[:, None].expand_as(target)[asked]
    return whisper.logits(listener.whisper, hidden[asked]).log_softmax(-1), target[asked], owner


def first_lora(model: Whisper, options: LearnOptions, start: Start = NOTHING) -> dict[str, tuple[Tensor, Tensor]]:
    """A copy of ``start``; matrices that are not in it begin with A random and B zero, which changes nothing yet."""
    generator = torch.Generator().manual_seed(options.seed)
    lora: dict[str, tuple[Tensor, Tensor]] = {}
    for name in adapted(model, options):
        if name in start:
            begun_a, begun_b = start[name]
            lora[name] = (begun_a.clone().requires_grad_(), (options.start * begun_b).requires_grad_())
            continue
        lora[name] = whisper.fresh_lora(model.weights[f"{name}.weight"], options.rank, generator)
    return lora


def adapted(model: Whisper, options: LearnOptions) -> list[str]:
    """Names of the matrices that ``options`` adapt."""
    names = []
    for half, layers in (("encoder", model.encoder_layers), ("decoder", model.decoder_layers)):
        for layer in range(options.first_layer if half == "encoder" else 0, layers):
            names += [f"{half}.layers.{layer}.{TARGETS[t]}" for t in options.targets if t.startswith(half)]
    return names


def batches(examples: Sequence[Example], options: LearnOptions, epoch: int) -> Iterator[list[int]]:
    """Numbers of the examples of every step: shuffled, neighbours in length together."""
    rng = np.random.default_rng([options.seed, len(examples), epoch])
    order = rng.permutation(len(examples))
    order = sorted(order, key=lambda n: len(examples[n].views[0]) // 64)
    parts = [[int(n) for n in order[i : i + options.batch]] for i in range(0, len(order), options.batch)]
    return (parts[n] for n in rng.permutation(len(parts)))


def rate(peak: float, step: int, steps: int) -> float:
    """Up over five steps, then down as a cosine."""
    return peak * min(1.0, (step + 1) / 5) * 0.5 * (1 + math.cos(math.pi * step / steps))


def named(model: Whisper, lora: dict[str, tuple[Tensor, Tensor]]) -> Pairs:
    """(B, A) by CTranslate2 name; q, k and v lie stacked in one matrix there, so theirs become one wider LoRA."""
    out: Pairs = {}
    for name, (tensor_a, tensor_b) in lora.items():
        half, _, layer, target = name.split(".", 3)
        a, b = tensor_a.numpy(), tensor_b.numpy()
        if target in _PLACES:
            out[f"{half}/layer_{layer}/{_PLACES[target]}/weight"] = (b, a)
            continue
        place = "qkv".index(target.removeprefix("self_attn.")[0])
        tall = np.zeros((3 * model.d_model, b.shape[1]), dtype=np.float32)
        tall[place * model.d_model : (place + 1) * model.d_model] = b
        key = f"{half}/layer_{layer}/self_attention/linear_0/weight"
        before = out.get(key)
        out[key] = (tall, a) if before is None else (
            np.concatenate([before[0], tall], axis=1), np.concatenate([before[1], a], axis=0)
        )  # fmt: skip
    return out


def unstacked(model: Whisper, pairs: Pairs) -> Start:
    """What ``named`` was made of."""
    plain = {place: target for target, place in _PLACES.items()}
    out: dict[str, tuple[Tensor, Tensor]] = {}
    for name, (b, a) in pairs.items():
        half, layer, place = name.removesuffix("/weight").split("/", 2)
        prefix = f"{half}.layers.{layer.removeprefix('layer_')}"
        if place in plain:
            out[f"{prefix}.{plain[place]}"] = (torch.from_numpy(a), torch.from_numpy(b))
            continue
        parts = b.reshape(3, model.d_model, -1)
        of = np.abs(parts).sum(axis=1).argmax(axis=0)  # of q, k and v, which one each column changes
        for number in sorted(set(of.tolist())):
            own = of == number
            pair = (np.ascontiguousarray(a[own]), np.ascontiguousarray(parts[number][:, own]))
            out[f"{prefix}.self_attn.{'qkv'[number]}_proj"] = (torch.from_numpy(pair[0]), torch.from_numpy(pair[1]))
    return out
