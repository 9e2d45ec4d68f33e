"""Batches for teacher forcing: cached states, tokens, embeddings; the same for any number of processes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.tokens import WhisperTokenizer
from training.manifest import Utterance
from training.recipe import Recipe
from training.states import Cached, States, utterance_key

MAX_TOKENS = 220  # of text: Whisper's window holds 448 with the prompt
_CHUNK = 32  # batches sorted by length together


class Batch(NamedTuple):
    """One process's share of a batch; ``tokens`` (n, length), ``targets`` (n, length) with -100 where there is none."""

    states: Tensor  # float16 (n, t, d_model), zeros after lengths
    lengths: Tensor  # int64 (n,)
    clip: Tensor  # int64 (n,), frames of the recordings themselves
    mel: Tensor | None  # float32 (n, n_mels, 2 * t), where the encoder is adapted
    tokens: Tensor
    targets: Tensor
    embedding: Tensor  # float32 (n, 2 * d_model)
    strength: Tensor  # float32 (n,)
    dropout: Tensor | None  # float32 (n, hidden)
    typical: Tensor  # bool (n,)
    words: int  # targets of the whole batch, over all processes
    typical_words: int


@dataclass(frozen=True)
class Examples:
    """Cached utterances ready for training: token ids and embeddings in memory, states on disk."""

    items: list[Cached]
    tokens: list[list[int]]  # prompt, text, end
    prompt: int
    embeddings: NDArray[np.float32]
    same_speaker: list[list[int]]  # for each example, all examples of its speaker
    states: States

    def __len__(self) -> int:
        return len(self.items)


def held_out(utterance: Utterance, share: float) -> bool:
    """Whether this utterance of a training person is kept out of training: decided by its key alone."""
    return int(hashlib.sha1(f"held out|{utterance_key(utterance)}".encode()).hexdigest()[:8], 16) < share * 2**32


def make_examples(
    items: Sequence[Cached], states: States, tokenizer: WhisperTokenizer, language: str = "en",
    embeddings: Mapping[str, NDArray[np.float32]] | None = None,
) -> Examples:  # fmt: skip
    """Tokenise; utterances whose text is empty or too long for Whisper are left out.

    ``embeddings`` by the utterance's key take the place of those beside the states; utterances
    without one are left out.
    """
    prompt = tokenizer.prompt(language)
    kept, tokens = [], []
    for item in items:
        text = tokenizer.encode(" " + item.utterance.text.strip())
        known = embeddings is None or item.row.key in embeddings
        if item.utterance.text.strip() and len(text) <= MAX_TOKENS and known:
            kept.append(item)
            tokens.append([*prompt, *text, tokenizer.special.eot])
    if embeddings is not None and kept:
        heard = np.stack([embeddings[item.row.key] for item in kept])
    elif kept:
        heard = states.embeddings([item.row for item in kept])
    else:
        heard = np.zeros((0, 2 * states.d_model), np.float32)
    of_speaker: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(kept):
        of_speaker[item.utterance.speaker].append(number)
    same_speaker = [of_speaker[item.utterance.speaker] for item in kept]
    return Examples(kept, tokens, len(prompt), heard, same_speaker, states)


def epoch_order(examples: Examples, batch: int, seed: int, epoch: int) -> list[list[int]]:
    """Numbers of the utterances of every batch: shuffled, then sorted by length a few batches at a time."""
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(len(examples))
    batches = []
    for start in range(0, len(order), batch * _CHUNK):
        chunk = sorted(order[start : start + batch * _CHUNK], key=lambda n: _length(examples, int(n)))
        batches += [[int(n) for n in chunk[i : i + batch]] for i in range(0, len(chunk), batch)]
    return [batches[i] for i in rng.permutation(len(batches))]


def make_batch(
    examples: Examples,
    numbers: list[int],
    recipe: Recipe | None,
    std: NDArray[np.float32],
    step: int,
    rank: int = 0,
    world: int = 1,
    with_mel: bool = False,
) -> Batch:
    """The share of process ``rank`` in a batch; with a recipe, with its noise, dropout and random strengths.

    ``with_mel`` adds the log-mel of the recordings, all at the longest one's context.

    Everything random is drawn for the whole batch from (seed, step), so that it does not
    depend on how many processes share it, nor on whether the run was interrupted.
    """
    n = len(numbers)
    embedding = examples.embeddings[numbers]
    strength = np.ones(n, dtype=np.float32)
    dropout = None
    if recipe is not None:
        rng = np.random.default_rng([recipe.seed, 7919, step])
        for position, number in enumerate(numbers):
            others = examples.same_speaker[number]
            weights = rng.dirichlet(np.ones(len(others)))
            if rng.random() < recipe.speaker_mean:
                embedding[position] = weights @ examples.embeddings[others]
        noise = rng.standard_normal(embedding.shape).astype(np.float32)
        embedding = embedding + recipe.noise * std * noise
        weaker = rng.random(n) < recipe.weaker
        strength = np.where(weaker, rng.uniform(0.25, 1.0, n), 1.0).astype(np.float32)
        if recipe.dropout:
            keep = rng.random((n, recipe.hidden)) >= recipe.dropout
            dropout = (keep / (1 - recipe.dropout)).astype(np.float32)
    texts = [examples.tokens[k] for k in numbers]
    typical = np.array([examples.items[k].utterance.cohort == "typical" for k in numbers])
    words = [len(text) - examples.prompt for text in texts]
    longest = max(len(text) for text in texts) - 1
    frames = max(examples.items[k].row.frames for k in numbers)
    mine = range(rank, n, world)
    states = np.zeros((len(mine), frames, examples.states.d_model), dtype=np.float16)
    tokens = np.zeros((len(mine), longest), dtype=np.int64)
    targets = np.full((len(mine), longest), -100, dtype=np.int64)
    for position, k in enumerate(mine):
        row = examples.items[numbers[k]].row
        states[position, : row.frames] = examples.states.states(row)
        tokens[position, : len(texts[k]) - 1] = texts[k][:-1]
        targets[position, examples.prompt - 1 : len(texts[k]) - 1] = texts[k][examples.prompt :]
    chosen = list(mine)
    rows = [examples.items[numbers[k]].row for k in chosen]
    return Batch(
        torch.from_numpy(states),
        torch.tensor([row.frames for row in rows]),
        torch.tensor([row.clip for row in rows]),
        _mel([examples.items[numbers[k]] for k in chosen], frames) if with_mel else None,
        torch.from_numpy(tokens),
        torch.from_numpy(targets),
        torch.from_numpy(np.ascontiguousarray(embedding[chosen], dtype=np.float32)),
        torch.from_numpy(strength[chosen]),
        None if dropout is None else torch.from_numpy(dropout[chosen]),
        torch.from_numpy(typical[chosen]),
        sum(words),
        sum(count for count, is_typical in zip(words, typical, strict=True) if is_typical),
    )


def to(batch: Batch, device: torch.device) -> Batch:
    """The batch with its tensors on ``device``."""
    return Batch(*(value.to(device) if isinstance(value, Tensor) else value for value in batch))


def _mel(items: Sequence[Cached], frames: int) -> Tensor:
    from engine.audio import load_audio
    from engine.context import padded_mel
    from engine.mel import log_mel
    from training.states import changed

    mels = []
    for item in items:
        audio = load_audio(item.utterance.audio)
        if item.row.key != utterance_key(item.utterance):
            audio = changed(audio, item.row.key)
        mels.append(padded_mel(log_mel(audio), frames))
    return torch.from_numpy(np.stack(mels))


def _length(examples: Examples, number: int) -> tuple[int, int]:
    return examples.items[number].row.frames, len(examples.tokens[number])
