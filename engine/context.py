"""How much audio the encoder sees: one policy, for training and for the engine alike.

Whisper was trained on 30 s windows and has learnt to see the silence after the speech;
fed a short window alone, its decoder loops. So the encoder runs over the clip and a
margin only, and the states of the silence that would have followed are appended from a
cache made once per model: the *silence tail*. docs/context.md holds the measurements.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError, StorageError

if TYPE_CHECKING:
    from engine.decoder import Decoder

FRAME = 320  # samples, 20 ms: one encoder state
QUICK = 250 * FRAME  # samples, 5 s: heard whole this takes as long as CTranslate2's short context (docs/context.md)
FULL = 1500  # encoder states of Whisper's own 30 s window
TAIL_FILE = "silence_tail.safetensors"
_SETTLED = 60  # frames after the end of the speech from which a state counts as silence


@dataclass(frozen=True)
class ContextPolicy:
    """``frames(n) = max(minimum, clip + margin)`` states computed, then ``tail`` cached ones."""

    minimum: int = 600
    margin: int = 128
    tail: int = 400

    def frames(self, n_samples: int) -> int:
        """Encoder states to compute for a clip of ``n_samples`` at 16 kHz, at most 1500."""
        return min(FULL, max(self.minimum, clip_frames(n_samples) + self.margin))


SHORT = ContextPolicy()
WHOLE = ContextPolicy(minimum=FULL, tail=0)  # Whisper's own 30 s: the second opinion and the last fallback
SPEECH = ContextPolicy(minimum=128, margin=64, tail=0)  # what of 30 s is computed where silence's part is known


def clip_frames(n_samples: int) -> int:
    """Encoder states that a clip of ``n_samples`` at 16 kHz covers, rounded up."""
    return -(-n_samples // FRAME)


def padded_mel(mel: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """``mel`` float32 (n_mels, n) followed by the log-mel of silence: (n_mels, 2 * frames)."""
    # Zeros fall below the clamp of 8 (in log10, 2 after scaling) under the loudest bin.
    silence = mel.max() - np.float32(2.0)
    padded = np.full((mel.shape[0], 2 * frames), silence, dtype=np.float32)
    kept = min(mel.shape[1], 2 * frames)
    padded[:, :kept] = mel[:, :kept]
    return padded


def with_tail(states: NDArray[np.float32], tail: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """``states`` (t, d) followed by the tail's states t, t + 1, …: (min(t + length, 1500), d)."""
    return np.concatenate([states, tail[len(states) : len(states) + length]])


def encode(
    decoder: Decoder,
    mel: NDArray[np.float32],
    n_samples: int,
    tail: NDArray[np.float32],
    policy: ContextPolicy | None = None,
) -> NDArray[np.float32]:
    """Encoder states of one clip under ``policy``, without one as dictation hears it: float32 (frames + tail, d)."""
    return with_tail(computed(decoder, mel, n_samples, policy), tail, (policy or SHORT).tail)


def computed(
    decoder: Decoder, mel: NDArray[np.float32], n_samples: int, policy: ContextPolicy | None = None
) -> NDArray[np.float32]:
    """The states of ``encode`` before the silence tail: float32 (frames, d).

    Dictation hears a short clip in Whisper's own 30 s where the decoder can do that as quickly, and keeps as many of
    the states as of any other; all else is heard under ``SHORT``.
    """
    if policy is None and n_samples <= decoder.quick_whole:
        return decoder.encode_whole(mel, n_samples)[: SHORT.frames(n_samples)]
    return decoder.encode(padded_mel(mel, (policy or SHORT).frames(n_samples)))


def encode_again(
    decoder: Decoder, mel: NDArray[np.float32], n_samples: int, states: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What plain Whisper's second opinion on a clip is decoded from, of which dictation had ``states``: 30 s of it."""
    return states if n_samples <= decoder.quick_whole else decoder.encode_whole(mel, n_samples)


def make_silence_tail(directory: Path) -> None:
    """Measure the silence tail of the model in ``directory`` and keep it beside the weights.

    The clips in ``assets/silence`` are encoded at 30 s; at every position the states of those clips
    that have ended 1.2 s earlier are averaged.

    Raises:
        ModelError: the model does not load.
    """
    from engine.ct2 import Ct2Decoder

    measure_tail(Ct2Decoder(directory, compute_type="float32"), directory)


def measure_tail(decoder: Decoder, directory: Path) -> NDArray[np.float32]:
    """As ``make_silence_tail``, with a decoder already loaded: float32 (1500, d_model)."""
    from safetensors.numpy import save

    from engine.paths import write_private

    mean = mean_where_silent(silence_clips(), decoder.n_mels, lambda mel: {"tail": decoder.encode(mel)})
    tail = mean["tail"].astype(np.float32)
    with contextlib.suppress(StorageError):
        write_private(directory / TAIL_FILE, save({"tail": tail.astype(np.float16)}))
    return tail


def silence_clips() -> list[NDArray[np.float32]]:
    """The recordings in ``assets/silence``: speech, after which it is silent to the end of the 30 s.

    Raises:
        ModelError: they are missing.
    """
    from engine.audio import load_audio
    from engine.paths import assets_dir

    clips = [load_audio(path) for path in sorted((assets_dir() / "silence").glob("*.flac"))]
    if not clips:
        raise ModelError(f"The recordings of Idiolect are missing from {assets_dir()}: install Idiolect again.")
    return clips


def mean_where_silent(
    clips: list[NDArray[np.float32]],
    n_mels: int,
    run: Callable[[NDArray[np.float32]], dict[str, NDArray[np.float32]]],
) -> dict[str, NDArray[np.float64]]:
    """What ``run`` makes of a log-mel of 30 s, arrays (1500, d) by name: averaged at every place over the clips that
    have ended 1.2 s earlier; 0 where none has."""
    from engine.mel import log_mel

    totals: dict[str, NDArray[np.float64]] = {}
    counts = np.zeros((FULL, 1))
    for clip in clips:
        start = clip_frames(clip.size) + _SETTLED
        counts[start:] += 1
        for name, found in run(padded_mel(log_mel(clip, n_mels), FULL)).items():
            totals.setdefault(name, np.zeros(found.shape))[start:] += found[start:]
    return {name: total / np.maximum(counts, 1) for name, total in totals.items()}


def load_tail(decoder: Decoder, directory: Path) -> NDArray[np.float32]:
    """The silence tail kept in ``directory``, measured now where there is none: float32 (1500, d_model).

    Where the folder cannot be written it is measured at every start: somebody else's model, a full disk.
    """
    tail = kept_tail(directory, decoder.d_model)
    return measure_tail(decoder, directory) if tail is None else tail


def kept_tail(directory: Path, d_model: int) -> NDArray[np.float32] | None:
    """The silence tail kept in ``directory``: float32 (1500, d_model), None where there is none or it is damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tail = load((directory / TAIL_FILE).read_bytes())["tail"].astype(np.float32)
    except (OSError, KeyError, ValueError, TypeError, SafetensorError):
        return None
    return tail if tail.shape == (FULL, d_model) and np.isfinite(tail).all() else None
