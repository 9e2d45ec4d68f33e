"""Other speaker embeddings than the engine's, to compare with it: attentive pooling, and several encoder layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.paths import write_private
from training.states import Cached, States, utterance_key

LAYERS_FILE = "layers.safetensors"


class AttentivePooling(nn.Module):
    """Attentive statistics pooling (Okabe et al. 2018), as a change of the plain mean and standard deviation.

    States (n, t, d) and the recordings' frames (n,) to what the attention adds to
    (mean, standard deviation) under even weights: (n, 2 * d), zero at first.
    """

    def __init__(self, d_model: int, seed: int, hidden: int = 64) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.inner = nn.Parameter(torch.randn(hidden, d_model, generator=generator) / d_model**0.5)
        self.outer = nn.Parameter(torch.zeros(hidden))

    def forward(self, states: Tensor, clip: Tensor) -> Tensor:
        x = states.float()
        own = torch.arange(x.shape[1], device=x.device) < clip[:, None]
        scores = torch.tanh(x @ self.inner.T) @ self.outer
        weight = scores.masked_fill(~own, -torch.inf).softmax(-1)
        even = own / own.sum(-1, keepdim=True).clamp(min=1)
        return _moments(x, weight) - _moments(x, even)


def _moments(x: Tensor, weight: Tensor) -> Tensor:
    mean = torch.einsum("nt,ntd->nd", weight, x)
    square = torch.einsum("nt,ntd->nd", weight, x.square())
    return torch.cat([mean, (square - mean.square()).clamp(min=1e-6).sqrt()], dim=1)


def make_layer_embeddings(items: Sequence[Cached], states: States, model: Path) -> Iterator[tuple[int, int]]:
    """Mean and standard deviation over the speech frames of every encoder layer, kept beside the states.

    Yields (done, in all). The engine's encoder shows its last layer only, so this is torch's.
    """
    from safetensors.numpy import save

    from engine.audio import load_audio
    from engine.context import padded_mel
    from engine.embedding import speaker_embedding, speech_frames
    from engine.mel import log_mel
    from training import whisper

    known = dict(read_layer_embeddings(states))
    todo = [item for item in items if item.row.key not in known]
    frozen = whisper.load(model)
    for number, item in enumerate(todo):
        if item.row.key == utterance_key(item.utterance):  # changed copies have no recording
            audio = load_audio(item.utterance.audio)
            mel = torch.from_numpy(padded_mel(log_mel(audio), item.row.frames))[None]
            mask = speech_frames(audio)
            with torch.no_grad():
                layers = [whisper.encode_start(frozen, mel)]
                for layer in range(frozen.encoder_layers):
                    layers.append(whisper.encode_layers(frozen, layers[-1], first=layer, last=layer + 1))
                layers = [*layers[1:-1], whisper.encode_end(frozen, layers[-1])]
            known[item.row.key] = np.concatenate([speaker_embedding(layer[0].numpy(), mask) for layer in layers])
        if number % 200 == 199 or number + 1 == len(todo):
            write_private(states.folder / LAYERS_FILE, save({k: v.astype(np.float16) for k, v in known.items()}))
        yield number + 1, len(todo)


def read_layer_embeddings(states: States) -> dict[str, NDArray[np.float32]]:
    """What ``make_layer_embeddings`` has kept: float32 (layers * 2 * d_model,) by the utterance's key."""
    from safetensors.numpy import load_file

    path = states.folder / LAYERS_FILE
    if not path.exists():
        return {}
    return {key: value.astype(np.float32) for key, value in load_file(path).items()}
