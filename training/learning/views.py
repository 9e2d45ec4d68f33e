"""What the fit hears of each correction: the recording and changed copies of it, ready for the encoder's layers.

Nothing in the convolutions, in the layers below the first adapted one or in the unadapted
reference depends on what is learnt: all of it is computed once and shared by every epoch and
every fold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.checkpoint import read_checkpoint
from engine.context import SHORT, SPEECH, computed, encode, load_tail, padded_mel
from engine.embedding import speaker_embedding, speech_frames
from engine.errors import Cancelled
from engine.hypernetwork import Hypernetwork
from engine.mel import log_mel
from engine.onnx_decoder import kept_silence
from engine.options import EngineOptions
from engine.tokens import WhisperTokenizer
from engine.transcriber import load_decoder
from training import whisper
from training.learning.corrections import Correction
from training.learning.options import LearnOptions
from training.whisper import Cross, Lora, Whisper

Array = NDArray[np.float32]
LONGEST_TEXT = 200  # tokens
_TOGETHER = 8  # recordings encoded at a time
_ENOUGH = 20  # recordings to know the language by


@dataclass(frozen=True)
class Example:
    """A correction (``own``) or a recording of typical speech that the residual must leave alone.

    ``views``: for every copy, the input of the first adapted encoder layer, float16 (frames, d_model); copy 0 is the
    recording itself. What Whisper says to that one without a residual is the reference for all of them: ``plain``
    float16 (text tokens, d_model), the decoder's last hidden states; ``held`` bool (text tokens,), where it is to
    stay as it is.
    """

    correction: Correction
    tokens: list[int]
    own: bool
    lora: tuple[Array, Array] | None  # of the hypernetwork, for this utterance: A (layers, rank, d), B
    views: list[Tensor]
    plain: Tensor
    held: Tensor


def language_of(directory: Path, corrections: Sequence[Correction], threads: int = 0) -> str:
    """What most of ``corrections`` are spoken in, as the model hears it."""
    decoder = load_decoder(EngineOptions(device="cpu", threads=threads), directory)
    tail = load_tail(decoder, directory)
    heard = Counter[str]()
    for audio in (correction.audio for correction in corrections[:_ENOUGH]):
        heard[decoder.detect_language(encode(decoder, log_mel(audio, decoder.n_mels), audio.size, tail))] += 1
    return heard.most_common(1)[0][0]


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
        self._decoder = load_decoder(EngineOptions(device="cpu", threads=threads), directory)
        self.n_mels = self._decoder.n_mels
        self.tail = load_tail(self._decoder, directory)
        self._quiet = self._known_silence() if self._decoder.quick_whole else None
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
        count = self.options.views if own else 1
        voices = [self._voice(correction.audio) for correction in corrections]
        tokens = [self._tokens(correction.text) for correction in corrections]
        order = sorted(range(len(corrections)), key=lambda n: corrections[n].audio.size)
        groups = [order[start : start + _TOGETHER] for start in range(0, len(order), _TOGETHER)]
        jobs = [(view, group) for view in range(count) for group in groups]
        views: dict[tuple[int, int], Tensor] = {}
        plain: dict[int, tuple[Tensor, Tensor]] = {}
        for number, (view, group) in enumerate(jobs):
            if cancelled():
                raise Cancelled("Learning was stopped. Start it again to go on.")
            starts = self._starts([self._heard(corrections[n].audio, n, view) for n in group])
            views.update(((n, view), start) for n, start in zip(group, starts, strict=True))
            if view == 0:
                found = self._plain(starts, [tokens[n] for n in group], [voices[n] for n in group], own)
                plain.update(zip(group, found, strict=True))
            on_progress((number + 1) / len(jobs))
        return [
            Example(correction, tokens[n], own, voices[n], [views[n, view] for view in range(count)], *plain[n])
            for n, correction in enumerate(corrections)
        ]

    def _voice(self, audio: Array) -> tuple[Array, Array] | None:
        """The hypernetwork's A and B for one utterance, the scale in B."""
        if self.network is None:
            return None
        states = computed(self._decoder, log_mel(audio, self.n_mels), audio.size)
        made = self.network(speaker_embedding(states, speech_frames(audio)))
        return made.a, made.b * np.float32(made.scale)

    def _tokens(self, text: str) -> list[int]:
        return [*self.prompt, *self.tokenizer.encode(" " + text)[:LONGEST_TEXT], self.tokenizer.special.eot]

    def _heard(self, audio: Array, number: int, view: int) -> Array:
        """Log-mel (n_mels, 2 * frames) of copy ``view``, as long as the engine hears it; 0 is the recording itself."""
        rng = np.random.default_rng([self.options.seed, number, view])
        if view:
            audio = self._changed(audio, rng)
        mel = log_mel(audio, self.n_mels)
        if view:
            mel = self._masked(mel, rng)
        policy = SPEECH if audio.size <= self._decoder.quick_whole else SHORT
        return padded_mel(mel, policy.frames(audio.size))

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
    def _starts(self, mels: list[Array]) -> list[Tensor]:
        """The input of the first adapted layer of every recording, float16 (frames, d_model)."""
        # One by one: where a recording ends the convolutions see the end of it, as in the engine.
        x, lengths = stacked([whisper.encode_start(self.whisper, torch.from_numpy(mel[None]))[0] for mel in mels])
        x = self.encoded(x, lengths, {}, 0, self.options.first_layer)
        return [x[row, :length].half() for row, length in enumerate(lengths.tolist())]

    def encoded(self, x: Tensor, lengths: Tensor, lora: Lora, first: int, last: int | None = None) -> Tensor:
        """Encoder layers ``first`` to ``last`` of rows (n, t, d) of ``lengths`` (n,) frames, each as the engine hears
        it: after the speech of a short clip comes what is known of silence, to the end of the 30 s."""
        return whisper.encode_dictated(self.whisper, x, lengths, lora, self._quiet, first, last)

    def _known_silence(self) -> Cross:
        """Silence's keys and values in every layer of the encoder."""
        known = kept_silence(self.directory, read_checkpoint(self.directory / "model.bin"))
        keys, values = torch.from_numpy(known.keys), torch.from_numpy(known.values)
        return whisper.silence_of(self.whisper, keys, values)

    @torch.no_grad()
    def _plain(
        self, starts: list[Tensor], tokens: list[list[int]], voices: list[tuple[Array, Array] | None], own: bool
    ) -> list[tuple[Tensor, Tensor]]:
        """``plain`` and ``held`` of examples."""
        given, target = whisper.teacher_forced(tokens, len(self.prompt))
        hidden = hidden_states(self, *stacked(starts), given, decoder_lora(voices), {})
        found = []
        for row in range(len(starts)):
            asked = target[row] != -100
            plain = hidden[row][asked]
            right = whisper.logits(self.whisper, plain).argmax(-1) == target[row][asked]
            found.append((plain.half(), right | (not own)))
        return found


def stacked(starts: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """float16 (frames, d) each to float32 (n, frames, d), zeros after the end, and the lengths (n,)."""
    lengths = torch.tensor([len(start) for start in starts])
    x = torch.zeros(len(starts), int(lengths.max()), starts[0].shape[1])
    for row, start in enumerate(starts):
        x[row, : len(start)] = start
    return x, lengths


def hidden_states(
    listener: Listener, x: Tensor, lengths: Tensor, tokens: Tensor, voices: Lora, residual: Lora
) -> Tensor:
    """From the input of the first adapted layer (n, t, d) to the decoder's last hidden states (n, length, d)."""
    model = listener.whisper
    x = whisper.encode_end(model, listener.encoded(x, lengths, residual, listener.options.first_layer))
    followed = max(0, SHORT.minimum - x.shape[1]) + SHORT.tail  # as ``engine.context.encode``
    seen = whisper.with_tail(whisper.cross(model, x), lengths, listener.silence, followed)
    return whisper.decode(model, tokens, seen, joined(voices, residual))


def decoder_lora(voices: Sequence[tuple[Array, Array] | None]) -> dict[str, tuple[Tensor, Tensor]]:
    """The hypernetwork's LoRA of each example, for W1 of every decoder layer."""
    pairs = [pair for pair in voices if pair is not None]
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
