"""What the transcriber asks of a Whisper decoder. ``ct2`` and ``torch`` both answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.hotwords import HotWords
from engine.hypernetwork import Lora

HearWhole = Callable[[NDArray[np.float32], int], NDArray[np.float32]]  # as ``Decoder.encode_whole``


@dataclass(frozen=True)
class DecodeOptions:
    beam_size: int = 5
    n_best: int = 1
    max_tokens: int = 224  # half of Whisper's text window, as in its own decoder
    no_repeat_ngram: int = 0  # no n-gram of this size may stand twice; 0: any may
    most_repeats: int = 0  # an n-gram so often in a row is a loop, not worth finishing (onnx only); 0: always finish
    go_on: Callable[[], None] = lambda: None  # called at every token; raises Cancelled to end it (onnx only)
    hotwords: HotWords | None = None  # preferred words (onnx only; elsewhere they stand in the prompt)


@dataclass(frozen=True)
class Hypothesis:
    """Text tokens (no special ones) and their average log-probability, the end token's included."""

    tokens: tuple[int, ...]
    avg_logprob: float

    @property
    def logprob(self) -> float:
        """That of the whole text, in nats."""
        return self.avg_logprob * (len(self.tokens) + 1)


@dataclass(frozen=True)
class Decoded:
    """``hypotheses`` best first, at least one."""

    hypotheses: tuple[Hypothesis, ...]
    no_speech_prob: float


@dataclass(frozen=True)
class Alignment:
    """Where each text token was heard: end times in seconds (n,), and its probability (n,)."""

    times: NDArray[np.float64]  # (n + 1,): token k lies between times[k] and times[k + 1]
    probabilities: NDArray[np.float64]


class Decoder(Protocol):
    """A loaded Whisper. Encoder states are float32 (t, d_model); prompts are token ids."""

    device: str
    d_model: int
    n_mels: int
    quick_whole: int  # samples of the longest clip whose ``encode_whole`` takes no longer than a short context; 0: none
    takes_hotwords: bool  # whether ``DecodeOptions.hotwords`` are preferred; where not they belong into the prompt

    def encode(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-mel float32 (n_mels, 2 * t) to encoder states float32 (t, d_model), t at most 1500."""

    def encode_whole(self, mel: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Log-mel float32 (n_mels, n) of ``n_samples`` to the states of Whisper's own 30 s, float32 (1500, d_model)."""

    def other_encoder(self, changed: dict[str, NDArray[np.float32]]) -> HearWhole | None:
        """``encode_whole`` with other weights, float32 changes by CTranslate2 name; None: this decoder cannot."""

    def adapt(self, lora: Lora | None) -> None:
        """Use ``lora`` for every following ``adapted`` decode; None: the plain weights."""

    def decode(
        self, states: NDArray[np.float32], prompt: list[int], options: DecodeOptions, *, adapted: bool
    ) -> Decoded:
        """Beam search from ``states`` after ``prompt``."""

    def align(
        self, states: NDArray[np.float32], prompt: list[int], tokens: list[int], frames: int, *, adapted: bool
    ) -> Alignment:
        """Times of ``tokens`` by cross-attention; the speech lies in the first ``frames`` states."""

    def detect_language(self, states: NDArray[np.float32]) -> str:
        """The likeliest language, as a code such as "en"."""
