"""What the fit hears of each correction: the recording and changed copies of it, ready for the encoder's layers.

Nothing in the convolutions, in the layers below the first adapted one or in the unadapted
reference depends on what is learnt: all of it is computed once and shared by every epoch and
every fold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.context import SHORT, clip_frames, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.embedding import speaker_embedding, speech_frames
from engine.errors import Cancelled
from engine.hypernetwork import Hypernetwork
from engine.mel import log_mel
from engine.tokens import WhisperTokenizer
from training import whisper
from training.learning.corrections import Correction
from training.learning.options import LearnOptions
from training.whisper import Cross, Lora, Whisper

Array = NDArray[np.float32]
LONGEST_TEXT = 200  # tokens
_TOGETHER = 8  # recordings encoded at a time


@dataclass(frozen=True)
class View:
    """One copy of a recording.

    ``start`` float16 (frames, d_model): the input of the first adapted encoder layer.
    ``plain`` float16 (text tokens, d_model): the decoder's last hidden states without a residual.
    ``held`` bool (text tokens,): where what Whisper says without a residual is to stay as it is.
    """

    start: Tensor
    plain: Tensor
    held: Tensor


@dataclass(frozen=True)
class Example:
    """A correction (``own``) or a recording of typical speech that the residual must leave alone."""

    correction: Correction
    tokens: list[int]
    own: bool
    lora: tuple[Array, Array] | None  # of the hypernetwork, for this utterance: A (layers, rank, d), B
    views: list[View]


class Listener:
    """The frozen model: reads corrections and turns them into examples."""

    def __init__(
        self, directory: Path, network: Hypernetwork | None, options: LearnOptions, language: str = "en",
        threads: int = 0,
    ) -> None:  # fmt: skip
        self.directory, self.network, self.options, self.threads = directory, network, options, threads
        self.tokenizer = WhisperTokenizer(directory)
        self.prompt = self.tokenizer.prompt(language)
        self.whisper: Whisper = whisper.load(directory)
        self._decoder = Ct2Decoder(directory, device="cpu", threads=threads)
        self.n_mels = self._decoder.n_mels
        self.tail = load_tail(self._decoder, directory)
        with torch.no_grad():
            self.silence: Cross = whisper.cross(self.whisper, torch.from_numpy(self.tail)[None])

    def examples(
        self,
        corrections: Sequence[Correction],
        own: bool,
        on_progress: Callable[[float], None] = lambda share: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Example]:
        """``corrections`` with their views; typical speech (not ``own``) is heard unchanged.

        Raises:
            Cancelled: ``cancelled`` said so.
        """
        made = [self._example(correction, own) for correction in corrections]
        work = [(n, view) for view in range(self.options.views if own else 1) for n in range(len(made))]
        # Neighbours in length are encoded together.
        work.sort(key=lambda item: made[item[0]].correction.audio.size)
        views: dict[tuple[int, int], View] = {}
        for start in range(0, len(work), _TOGETHER):
            if cancelled():
                raise Cancelled("Learning was stopped. Start it again to go on.")
            part = work[start : start + _TOGETHER]
            heard = [self._heard(made[n].correction.audio, n, view) for n, view in part]
            views.update(zip(part, self._views(heard, [made[n] for n, _ in part]), strict=True))
            on_progress((start + len(part)) / len(work))
        for n, example in enumerate(made):
            example.views.extend(views[n, view] for view in range(self.options.views if own else 1))
        return made

    def _example(self, correction: Correction, own: bool) -> Example:
        lora = None
        if self.network is not None:
            audio = correction.audio
            mel = padded_mel(log_mel(audio, self.n_mels), SHORT.frames(audio.size))
            made = self.network(speaker_embedding(self._decoder.encode(mel), speech_frames(audio)))
            lora = (made.a, made.b * np.float32(made.scale))
        text = self.tokenizer.encode(" " + correction.text)[:LONGEST_TEXT]
        return Example(correction, [*self.prompt, *text, self.tokenizer.special.eot], own, lora, [])

    def _heard(self, audio: Array, number: int, view: int) -> Array:
        """Log-mel (n_mels, 2 * frames) of copy ``view``; 0 is the recording itself."""
        rng = np.random.default_rng([self.options.seed, number, view])
        mel = log_mel(self._changed(audio, rng) if view else audio, self.n_mels)
        if view:
            mel = self._masked(mel, rng)
        frames = min(1500, clip_frames(mel.shape[1] * 160) + self.options.margin)
        return padded_mel(mel, frames)

    def _changed(self, audio: Array, rng: np.random.Generator) -> Array:
        """Faster or slower (with the pitch that goes with it), and noisier."""
        positions = np.arange(0, audio.size - 1, 1 + rng.uniform(-self.options.speed, self.options.speed))
        changed = np.interp(positions, np.arange(audio.size), audio)
        noise = rng.uniform(0, self.options.noise) * float(np.sqrt(np.mean(np.square(audio)) + 1e-12))
        return np.asarray(changed + noise * rng.standard_normal(changed.size), dtype=np.float32)

    def _masked(self, mel: Array, rng: np.random.Generator) -> Array:
        """Bands of frequency and of time blotted out (SpecAugment, Park et al. 2019)."""
        mel = mel.copy()
        middle = mel.mean()
        for _ in range(self.options.masks):
            start = int(rng.integers(0, self.n_mels - 11))
            mel[start : start + int(rng.integers(1, 11))] = middle
            start = int(rng.integers(0, max(1, mel.shape[1] - 16)))
            mel[:, start : start + int(rng.integers(1, 16))] = middle
        return mel

    @torch.no_grad()
    def _views(self, mels: list[Array], examples: list[Example]) -> list[View]:
        frames = [mel.shape[1] // 2 for mel in mels]
        batch = np.stack([padded_mel(mel, max(frames)) for mel in mels])
        x = whisper.encode_start(self.whisper, torch.from_numpy(batch))
        lengths = torch.tensor(frames)
        mask = torch.arange(x.shape[1]) < lengths[:, None]
        first = self.options.first_layer
        x = whisper.encode_layers(self.whisper, x, last=first, mask=mask)
        tokens, target = teacher_forced(examples, len(self.prompt))
        hidden = hidden_states(self, x, lengths, tokens, decoder_lora(examples), {})
        views = []
        for row, example in enumerate(examples):
            asked = target[row] != -100
            plain = hidden[row][asked]
            right = whisper.logits(self.whisper, plain).argmax(-1) == target[row][asked]
            views.append(View(x[row, : frames[row]].half(), plain.half(), right | (not example.own)))
        return views


def hidden_states(
    listener: Listener, x: Tensor, lengths: Tensor, tokens: Tensor, voices: Lora, residual: Lora
) -> Tensor:
    """From the input of the first adapted layer (n, t, d) to the decoder's last hidden states (n, length, d)."""
    model, first = listener.whisper, listener.options.first_layer
    mask = torch.arange(x.shape[1]) < lengths[:, None]
    x = whisper.encode_end(model, whisper.encode_layers(model, x, residual, first, mask=mask))
    seen = whisper.with_tail(whisper.cross(model, x), lengths, listener.silence, SHORT.tail)
    return whisper.decode(model, tokens, seen, joined(voices, residual))


def teacher_forced(examples: Sequence[Example], prompt: int) -> tuple[Tensor, Tensor]:
    """Decoder input (n, length) and what it should answer, -100 where nothing is asked."""
    longest = max(len(example.tokens) for example in examples) - 1
    tokens = torch.zeros(len(examples), longest, dtype=torch.long)
    target = torch.full((len(examples), longest), -100)
    for row, example in enumerate(examples):
        end = len(example.tokens) - 1
        tokens[row, :end] = torch.tensor(example.tokens[:-1])
        target[row, prompt - 1 : end] = torch.tensor(example.tokens[prompt:])
    return tokens, target


def decoder_lora(examples: Sequence[Example]) -> dict[str, tuple[Tensor, Tensor]]:
    """The hypernetwork's LoRA of each example, for W1 of every decoder layer."""
    pairs = [example.lora for example in examples if example.lora is not None]
    if not pairs:
        return {}
    a, b = (torch.from_numpy(np.stack(part)) for part in zip(*pairs, strict=True))
    return {f"decoder.layers.{n}.fc1": (a[:, n], b[:, n]) for n in range(a.shape[1])}


def joined(voices: Lora, residual: Lora) -> dict[str, Any]:
    """Both changes at once: where they meet in one matrix, a LoRA of the sum of their ranks."""
    out: dict[str, Any] = {name: pair for name, pair in residual.items() if name.startswith("decoder.")}
    for name, (a, b) in voices.items():
        if name in out:
            own_a, own_b = (part.expand(len(a), -1, -1) for part in out[name])
            out[name] = (torch.cat([a, own_a], dim=1), torch.cat([b, own_b], dim=2))
        else:
            out[name] = (a, b)
    return out
