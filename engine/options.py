"""Every choice the engine takes, in three frozen dataclasses.

``EngineOptions`` decide what is loaded, ``TranscribeOptions`` how one recording is
written down, ``GuardOptions`` when a decoded text is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

COMPUTE_TYPES = ("int8", "int8_float16", "float16", "float32")
DEVICES = ("auto", "cpu", "cuda", "mps")
DECODERS = ("auto", "onnx", "ct2", "torch")


@dataclass(frozen=True)
class GuardOptions:
    """When a decoded text is not believed and the utterance is decoded again.

    The thresholds on compression ratio, average log-probability and no-speech
    probability are Whisper's own (Radford et al. 2022, section 4.5).
    """

    compression_ratio: float = 2.4
    avg_logprob: float = -1.0
    no_speech_prob: float = 0.6
    max_ngram_repeats: int = 6  # the same 1- to 12-gram so often in a row is a loop
    tokens_per_second: float = 14.0  # nobody speaks faster: more is a loop


@dataclass(frozen=True)
class TranscribeOptions:
    """How one recording is written down.

    ``strength`` is the most personalization that may be used, 0 (plain Whisper) to 1.
    ``pause`` is the silence in seconds at which long audio may be cut. ``before`` is what was written before: it does
    not change what is heard, but which of several readings is kept, where ``language_model`` may choose.
    """

    language: str | None = "en"  # None: detected by the model
    beam_size: int = 5
    n_best: int = 1
    strength: float = 1.0
    compare: bool = False  # also decode without personalization
    once: bool = False  # for previews: no second decoding, and no text where a guard doubts it
    words: bool = False  # word times and confidence
    prompt: str = ""
    hotwords: tuple[str, ...] = ()
    before: str = ""
    language_model: bool = True
    pause: float = 2.0
    guards: GuardOptions = field(default_factory=GuardOptions)


@dataclass(frozen=True)
class EngineOptions:
    """What is loaded: fixed for the life of a worker process.

    ``model`` is a catalogue name or the path of a model directory. ``hypernetwork`` is a
    path, ``"auto"`` (the shipped one for this base, if there is one) or ``"none"``. The decoder
    ``"auto"`` is ``"onnx"`` for int8 on a CPU, the fastest there, and ``"ct2"`` for all else. ``ready_for``: what a
    doubtful text of recordings asked for so would need is built at leisure; None: when it is first needed.
    """

    model: str = "base"
    device: str = "auto"
    compute_type: str = "int8"
    decoder: str = "auto"
    threads: int = 0  # 0: CTranslate2's choice
    hypernetwork: str = "auto"
    profile: Path | None = None
    ready_for: TranscribeOptions | None = None
