"""Whisper's log-mel spectrogram in numpy, at the clip's own length.

The numbers are those of OpenAI's ``whisper.audio.log_mel_spectrogram`` and of
``transformers.WhisperFeatureExtractor`` (Radford et al. 2022, section 2.2): 25 ms Hann
window, 10 ms hop, Slaney mel filters from 0 to 8 kHz, log10 clamped to 8 below the
loudest bin, then (x + 4) / 4. Those pad every clip with silence to 30 s first; here the
silent columns are simply not computed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000
N_FFT = 400  # samples, 25 ms
HOP = 160  # samples, 10 ms: a column of the spectrogram
WINDOW_SAMPLES = 30 * SAMPLE_RATE  # what Whisper was trained on


def log_mel(audio: NDArray[np.float32], n_mels: int = 80) -> NDArray[np.float32]:
    """The log-mel spectrogram of ``audio``, float32 (n,) at 16 kHz: float32 (n_mels, ceil(n / 160)).

    Equal to the first columns of Whisper's spectrogram of the same audio padded with
    zeros to 30 s. Longer audio is treated as if the window were as long as the audio.

    Raises:
        ValueError: ``audio`` is not one-dimensional or is empty.
    """
    if audio.ndim != 1 or audio.size == 0:
        raise ValueError(f"log_mel needs a non-empty one-dimensional array, not one of shape {audio.shape}")
    n_frames = -(-audio.size // HOP)
    # A few columns beyond the end still overlap the audio; the clamp below must see them.
    window_samples = max(WINDOW_SAMPLES, audio.size)
    n_computed = min(n_frames + N_FFT // HOP, -(-window_samples // HOP))
    padded = _padded(audio, n_computed, window_samples)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][:n_computed]
    # float64: in float32 the rounding of loud bins shows in the quiet ones beside them.
    spectrum = np.fft.rfft(frames * _hann())
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    mel = mel_filters(n_mels) @ power.T
    log = np.log10(np.maximum(mel, 1e-10))
    # Where the window goes on past the audio its bins are at the floor, far below this maximum.
    log = np.maximum(log, log.max() - 8.0)
    result: NDArray[np.float32] = ((log[:, :n_frames] + 4.0) / 4.0).astype(np.float32, copy=False)
    return np.ascontiguousarray(result)


@cache
def mel_filters(n_mels: int) -> NDArray[np.float32]:
    """Slaney's triangular filters of equal area, float32 (n_mels, 201), as in librosa's default."""
    frequencies = np.linspace(0.0, SAMPLE_RATE / 2, N_FFT // 2 + 1)
    edges = _mel_to_hertz(np.linspace(0.0, _hertz_to_mel(SAMPLE_RATE / 2), n_mels + 2))
    widths = np.diff(edges)
    rising = (frequencies[None, :] - edges[:-2, None]) / widths[:-1, None]
    falling = (edges[2:, None] - frequencies[None, :]) / widths[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    filters: NDArray[np.float32] = (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    filters.flags.writeable = False  # it is shared by every caller
    return filters


def _padded(audio: NDArray[np.float32], n_frames: int, window_samples: int) -> NDArray[np.float64]:
    """The samples that ``n_frames`` centred frames look at: mirrored at both ends of the window, zeros within it."""
    half = N_FFT // 2
    length = (n_frames - 1) * HOP + N_FFT
    padded = np.zeros(length, dtype=np.float64)
    kept = audio[: length - half]
    padded[half : half + kept.size] = kept
    padded[:half] = padded[half + 1 : 2 * half + 1][::-1]
    beyond = length - (half + window_samples)  # samples past the window's end
    if beyond > 0:
        end = half + window_samples
        padded[end:] = padded[end - 1 - beyond : end - 1][::-1]
    return padded


@cache
def _hann() -> NDArray[np.float64]:
    window: NDArray[np.float64] = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(N_FFT) / N_FFT)  # periodic
    return window


# Slaney's mel scale: linear below 1 kHz (200/3 Hz a mel), logarithmic above (27 mels for a factor of 6.4).
_LINEAR_HERTZ = 200.0 / 3.0
_BREAK_HERTZ = 1000.0
_BREAK_MEL = _BREAK_HERTZ / _LINEAR_HERTZ
_LOG_STEP = float(np.log(6.4)) / 27.0


def _hertz_to_mel(hertz: float) -> float:
    if hertz < _BREAK_HERTZ:
        return hertz / _LINEAR_HERTZ
    return _BREAK_MEL + float(np.log(hertz / _BREAK_HERTZ)) / _LOG_STEP


def _mel_to_hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    logarithmic = _BREAK_HERTZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _LINEAR_HERTZ, logarithmic)
