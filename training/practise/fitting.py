"""Two fits on packed recordings: the practised encoder, and the hypernetwork that writes the decoder's W1.

Both make the cross-entropy of the intended text small and stay near unadapted Whisper: on typical
speech everywhere, on other speech for the tokens that it gets right by itself. Unadapted Whisper
hears every recording as it is, the fit a changed copy of it.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

from engine.context import SHORT
from training import whisper
from training.network import Network
from training.practise.hearing import Changes, Heard, Sounds, Unit
from training.whisper import Cross, Whisper

Static = dict[str, tuple[Tensor, Tensor]]  # A (rank, in) and B (out, rank) by ``training.whisper``'s names
ENCODER = ("fc1", "fc2", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj")


@dataclass(frozen=True)
class Options:
    """How a fit goes.

    Attributes:
        rank: of the encoder's LoRA, and of the static one of the decoder's W1 beside it (``rank_w1``).
        epochs, frames: passes, and encoder frames in a step.
        lr: peak; rises over ``warmup`` steps and falls as a cosine.
        kl, kl_right: weights of the divergence from unadapted Whisper, on typical speech, and elsewhere where it is
            right.
        averaged, blur, dropout, anchor, voices, hidden: of the hypernetwork, as in ``training.recipe``.
    """

    rank: int = 32
    rank_w1: int = 4
    epochs: int = 5
    frames: int = 40_000
    lr: float = 1e-3
    lr_static: float = 4e-4
    warmup: int = 30
    kl: float = 1.0
    kl_right: float = 0.5
    averaged: float = 0.6
    blur: float = 0.3
    dropout: float = 0.1
    anchor: float = 2.0
    voices: int = 16
    hidden: int = 128
    seed: int = 1


class Model:
    """Frozen Whisper with what it makes of silence."""

    def __init__(self, folder: Path, model: Path, device: torch.device) -> None:
        self.device = device
        self.whisper: Whisper = whisper.load(model, device)
        with safe_open(folder / "silence.safetensors", framework="pt") as file:
            found = {name: file.get_tensor(name).to(device) for name in file.keys()}  # noqa: SIM118
            metadata = file.metadata()
        self.prompt: list[int] = json.loads(metadata["prompt"])
        self.end = int(metadata["end"])
        self._silence = whisper.silence_of(self.whisper, found["keys"], found["values"])
        with torch.no_grad():
            self._tail = whisper.cross(self.whisper, found["tail"].float()[None])

    def encode(self, heard: Heard, lora: Static) -> Tensor:
        """Encoder states (n, t, d_model) as the engine has them."""
        x = whisper.encode_start(self.whisper, heard.mel)
        x = whisper.encode_dictated(self.whisper, x, heard.lengths, lora, self._silence)
        return whisper.encode_end(self.whisper, x)

    def seen(self, states: Tensor, lengths: Tensor) -> Cross:
        followed = max(0, SHORT.minimum - states.shape[1]) + SHORT.tail
        return whisper.with_tail(whisper.cross(self.whisper, states), lengths, self._tail, followed)

    def forced(self, texts: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
        """Decoder input and target of ``texts``, -100 where nothing is asked: int64 (n, length) each."""
        whole = [[*self.prompt, *text, self.end] for text in texts]
        tokens, target = whisper.teacher_forced(whole, len(self.prompt))
        return tokens.to(self.device), target.to(self.device)

    @torch.no_grad()
    def plain(self, sounds: Sounds, units: Sequence[Unit], tokens: Tensor, target: Tensor) -> Tensor:
        """Log-probabilities of unadapted Whisper at the targets, the recordings as they are: (targets, vocabulary)."""
        heard = sounds.hear(units)
        hidden = whisper.decode(self.whisper, tokens, self.seen(self.encode(heard, {}), heard.lengths))
        return whisper.logits(self.whisper, hidden[target != -100]).log_softmax(-1)


def embedding_of(states: Tensor, speech: Tensor) -> Tensor:
    """``engine.embedding.speaker_embedding`` of a batch: (n, 2 * d_model)."""
    weight = speech.float()[..., None]
    count = weight.sum(1).clamp(min=1)
    mean = (states * weight).sum(1) / count
    variance = ((states - mean[:, None]).square() * weight).sum(1) / count
    return torch.cat([mean, variance.sqrt()], dim=1)


def fresh(model: Whisper, options: Options, decoder: bool) -> Static:
    """A LoRA of all matrices of the encoder's layers, with ``decoder`` also of the decoder's W1: B is zero."""
    generator = torch.Generator().manual_seed(options.seed)
    names = [(f"encoder.layers.{n}.{t}", options.rank) for n in range(model.encoder_layers) for t in ENCODER]
    if decoder:
        names += [(f"decoder.layers.{n}.fc1", options.rank_w1) for n in range(model.decoder_layers)]
    return {name: whisper.fresh_lora(model.weights[f"{name}.weight"], rank, generator) for name, rank in names}


def loss_of(
    found: Tensor, target: Tensor, reference: Tensor, typical: Tensor, options: Options
) -> tuple[Tensor, float]:
    """Cross-entropy and hold of log-probabilities (targets, vocabulary); ``typical`` bool (n,)."""
    asked = target != -100
    wanted = target[asked]
    logs = found.log_softmax(-1)
    entropy = functional.nll_loss(logs, wanted)
    own = typical[:, None].expand_as(target)[asked]
    weight = torch.where(own, options.kl, options.kl_right * (reference.argmax(-1) == wanted))
    divergence = (weight * (reference.exp() * (reference - logs)).sum(-1)).mean()
    return entropy + divergence, float(entropy.detach())


def _train(
    sounds: Sounds, model: Model, options: Options, changes: Changes, groups: list[dict[str, Any]],
    scores: Callable[[Sequence[Unit], Heard, Tensor, np.random.Generator], Tensor], note: Callable[..., None],
    look: Callable[[], dict[str, float]],
) -> None:  # fmt: skip
    """The loop of both fits: ``scores`` gives the decoder's last hidden states (n, length, d_model) at the tokens of a
    batch; ``look``, the losses after an epoch, decides nothing."""
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0)
    peaks = [float(group["lr"]) for group in optimizer.param_groups]
    parameters = [p for group in groups for p in group["params"]]
    rngs = [np.random.default_rng([options.seed, epoch]) for epoch in range(options.epochs)]
    units = sounds.units("train")
    epochs = [list(sounds.batches(sounds.joined(units, changes, rng), options.frames, rng)) for rng in rngs]
    steps, step, began = sum(map(len, epochs)), 0, time.monotonic()
    for epoch, (batches, rng) in enumerate(zip(epochs, rngs, strict=True), 1):
        for batch in batches:
            rate = min(1.0, (step + 1) / options.warmup) * 0.5 * (1 + math.cos(math.pi * step / steps))
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * rate
            heard = sounds.hear(batch, changes, rng)
            tokens, target = model.forced([sounds.tokens(unit) for unit in batch])
            reference = model.plain(sounds, batch, tokens, target)
            hidden = scores(batch, heard, tokens, rng)
            typical = torch.tensor([sounds.index[u[0]].cohort == "typical" for u in batch], device=model.device)
            found = whisper.logits(model.whisper, hidden[target != -100])
            loss, entropy = loss_of(found, target, reference, typical, options)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            if step % 20 == 0 or step == 1:
                note(step=step, of=steps, loss=float(loss.detach()), ce=entropy, fit=time.monotonic() - began)
        note(epoch=epoch, **look())


def fit_encoder(
    sounds: Sounds, model: Model, options: Options, changes: Changes, network: Network | None,
    note: Callable[..., None], judged: Sequence[str] = (),
) -> Static:  # fmt: skip
    """A LoRA of the encoder for everybody, under ``network``'s voices, or beside a static LoRA of the decoder's W1."""
    lora = fresh(model.whisper, options, decoder=network is None)
    parts = {"encoder": options.lr, "decoder": options.lr_static}
    groups = [
        {"params": [t for name, pair in lora.items() if name.startswith(half) for t in pair], "lr": rate}
        for half, rate in parts.items()
    ]
    bank = None if network is None else embeddings(sounds, model, sounds.units("train"), {})
    place = {unit[0]: row for row, unit in enumerate(sounds.units("train"))}

    def scores(batch: Sequence[Unit], heard: Heard, tokens: Tensor, rng: np.random.Generator) -> Tensor:
        written: Mapping[str, tuple[Tensor, Tensor]] = {k: v for k, v in lora.items() if k.startswith("decoder")}
        if network is not None and bank is not None:
            with torch.no_grad():
                written = voices(network, bank[[place[unit[0]] for unit in batch]])
        states = model.encode(heard, lora)
        return whisper.decode(model.whisper, tokens, model.seen(states, heard.lengths), written)

    def look() -> dict[str, float]:
        halves = [{k: v for k, v in lora.items() if k.startswith(half)} for half in parts]
        return {s: judge(sounds, model, s, halves[0], network, halves[1], greedy=False)["loss"] for s in judged}

    _train(sounds, model, options, changes, [g for g in groups if g["params"]], scores, note, look)
    return {name: (a.detach(), b.detach()) for name, (a, b) in lora.items()}


def fit_network(
    sounds: Sounds, model: Model, options: Options, changes: Changes, network: Network, encoder: Static,
    note: Callable[..., None], judged: Sequence[str] = (),
) -> Network:  # fmt: skip
    """``network`` trained on the states of the encoder with ``encoder``."""
    units = sounds.units("train")
    bank = embeddings(sounds, model, units, encoder)
    place = {unit[0]: row for row, unit in enumerate(units)}
    of_speaker = {s: [place[n] for n in numbers if n in place] for s, numbers in sounds.of_speaker.items()}
    spread = network.std

    def scores(batch: Sequence[Unit], heard: Heard, tokens: Tensor, rng: np.random.Generator) -> Tensor:
        with torch.no_grad():
            states = model.encode(heard, encoder)
            seen = model.seen(states, heard.lengths)
            embedding = embedding_of(states, heard.speech)
            for row, unit in enumerate(batch):
                if rng.random() < options.averaged:
                    others = of_speaker[sounds.index[unit[0]].speaker]
                    weights = torch.from_numpy(rng.dirichlet(np.ones(len(others)))).float().to(model.device)
                    embedding[row] = weights @ bank[others]
            embedding = embedding + options.blur * spread * torch.randn_like(embedding)
        keep = torch.rand(len(batch), options.hidden, device=model.device) >= options.dropout
        weaker = rng.random(len(batch)) < 0.3
        strength = np.where(weaker, rng.uniform(0.25, 1.0, len(batch)), 1.0).astype(np.float32)
        written = voices(network, embedding, keep / (1 - options.dropout), torch.from_numpy(strength).to(model.device))
        return whisper.decode(model.whisper, tokens, seen, written)

    def look() -> dict[str, float]:
        return {s: judge(sounds, model, s, encoder, network, {}, greedy=False)["loss"] for s in judged}

    _train(sounds, model, options, changes, network.groups(options.lr, options.lr_static, 0.05), scores, note, look)
    return network


def voices(
    network: Network, embedding: Tensor, dropout: Tensor | None = None, strength: Tensor | None = None
) -> dict[str, tuple[Tensor, Tensor]]:
    """The hypernetwork's LoRA of every row, for the decoder's W1."""
    a, b = network(embedding, dropout)
    b = b * (network.config.alpha / network.config.rank)
    if strength is not None:
        b = b * strength[:, None, None, None]
    return {f"decoder.layers.{n}.fc1": (a[:, n], b[:, n]) for n in range(network.config.layers)}


@torch.no_grad()
def embeddings(sounds: Sounds, model: Model, units: Sequence[Unit], encoder: Static, frames: int = 120_000) -> Tensor:
    """The speaker embedding of every unit, heard as it is: (n, 2 * d_model)."""
    found = torch.zeros(len(units), 2 * model.whisper.d_model, device=model.device)
    place = {unit: row for row, unit in enumerate(units)}
    for batch in sounds.batches(units, frames, None):
        heard = sounds.hear(batch)
        found[[place[unit] for unit in batch]] = embedding_of(model.encode(heard, encoder), heard.speech)
    return found


@torch.no_grad()
def judge(
    sounds: Sounds, model: Model, split: str, encoder: Static, network: Network | None, written: Static,
    voice: str = "own", greedy: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Loss per token of ``split``, and what every recording's greedy text is: tokens by key.

    ``voice``: ``own``, or ``mean``: everybody gets the mean embedding of the split.
    """
    units = sounds.units(split)
    bank = embeddings(sounds, model, units, encoder) if network is not None else None
    if bank is not None and voice == "mean":
        bank = bank.mean(0, keepdim=True).expand_as(bank)
    place = {unit: row for row, unit in enumerate(units)}
    rows: dict[str, Any] = {}
    for batch in sounds.batches(units, 40_000, None):
        heard = sounds.hear(batch)
        tokens, target = model.forced([sounds.tokens(unit) for unit in batch])
        seen = model.seen(model.encode(heard, encoder), heard.lengths)
        lora: Mapping[str, tuple[Tensor, Tensor]] = written
        if network is not None and bank is not None:
            lora = voices(network, bank[[place[unit] for unit in batch]])
        logs = whisper.logits(model.whisper, whisper.decode(model.whisper, tokens, seen, lora)).log_softmax(-1)
        losses = functional.nll_loss(logs.mT, target, ignore_index=-100, reduction="none").sum(1)
        texts = _greedy(model, seen, lora, len(batch)) if greedy else [[] for _ in batch]
        for row, unit in enumerate(batch):
            count = len(sounds.tokens(unit)) + 1
            rows[sounds.index[unit[0]].key] = [round(float(losses[row]), 4), count, texts[row]]
    total = sum(row[0] for row in rows.values()) / max(1, sum(row[1] for row in rows.values()))
    return {"loss": total, "rows": rows}


def _greedy(model: Model, seen: Cross, lora: Mapping[str, tuple[Tensor, Tensor]], count: int) -> list[list[int]]:
    """The likeliest token at every place, at most 100, until the end of the text."""
    tokens = torch.tensor([model.prompt], device=model.device).expand(count, -1)
    done = torch.zeros(count, dtype=torch.bool, device=model.device)
    for _ in range(100):
        hidden = whisper.decode(model.whisper, tokens, seen, lora)[:, -1]
        scores = whisper.logits(model.whisper, hidden)
        scores[:, model.end + 1 :] = -math.inf
        chosen = torch.where(done, model.end, scores.argmax(-1))
        tokens = torch.cat([tokens, chosen[:, None]], dim=1)
        done = done | (chosen == model.end)
        if bool(done.all()):
            break
    texts = tokens[:, len(model.prompt) :].tolist()
    return [text[: text.index(model.end)] if model.end in text else text for text in texts]
