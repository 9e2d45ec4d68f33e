"""How it sounds: timing, phonation and articulation, changed in WORLD's parameters.

A rendering is analysed once (F0, spectral envelope, aperiodicity every 5 ms); an edit list
says which stretch of it is played when, how fast and how often; then phonation and
articulation are changed frame by frame and the sound is synthesised again.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import resample_poly

from training.simulate.person import Motor, Voice

RATE = 16_000
HOP = 0.005  # seconds per frame
Floats = NDArray[np.float64]

try:
    import pkg_resources  # noqa: F401  # pyworld asks it for its own version; newer setuptools have dropped it
except ImportError:
    _stub = types.ModuleType("pkg_resources")
    _stub.get_distribution = lambda name: types.SimpleNamespace(version="unknown")  # type: ignore[attr-defined]
    sys.modules["pkg_resources"] = _stub
    import pyworld

    del sys.modules["pkg_resources"]
else:
    import pyworld


@dataclass(frozen=True)
class Piece:
    """Play the source from ``start`` to ``end`` (s) in ``seconds``. ``start`` < 0 is silence.

    ``kind``: what is spoken there (vowel, stop, fricative, other, gap); ``gain_db`` and ``pitch`` apply to it;
    ``hold`` stays on the middle of the source instead of stretching it evenly.
    """

    start: float
    end: float
    seconds: float
    kind: str = "other"
    gain_db: float = 0.0
    pitch: float = 1.0
    hold: bool = False


def silence(seconds: float) -> Piece:
    return Piece(-1.0, -1.0, seconds, "gap")


@dataclass
class Frames:
    """WORLD parameters: f0 (n,) Hz, 0 unvoiced; envelope (n, bins), natural log of power; aperiodicity (n, bins)."""

    f0: Floats
    envelope: Floats
    aperiodicity: Floats


def analyse(audio: NDArray[np.float32], rate: int) -> Frames:
    """float32 (n,) at ``rate`` to WORLD parameters at 16 kHz."""
    x = resample_poly(audio.astype(np.float64), RATE, rate) if rate != RATE else audio.astype(np.float64)
    f0, times = pyworld.dio(x, RATE, f0_floor=65.0, f0_ceil=420.0, frame_period=HOP * 1000)
    f0 = pyworld.stonemask(x, f0, times, RATE)
    envelope = pyworld.cheaptrick(x, f0, times, RATE)
    return Frames(f0, np.log(np.maximum(envelope, 1e-14)), pyworld.d4c(x, f0, times, RATE))


def play(source: Frames, pieces: list[Piece], rng: np.random.Generator) -> tuple[Frames, NDArray[np.str_], Floats]:
    """Follow the edit list.

    Returns:
        the new frames, the kind of every frame, and the gain of every frame in dB (-120 in silence).
    """
    position, kinds, gain, pitch = [], [], [], []
    for piece in pieces:
        n = max(1, round(piece.seconds / HOP))
        if piece.start < 0:
            position.append(np.full(n, -1.0))
        else:
            a, b = piece.start / HOP, piece.end / HOP
            if piece.hold:
                # enter, hover around the middle, leave: nobody's held sound is perfectly still
                middle = (a + b) / 2
                width = max(0.5, 0.25 * (b - a))
                wander = middle + width * np.clip(gaussian_filter1d(rng.standard_normal(n), 6) * 3, -1, 1)
                edge = min(n // 3, max(1, round((b - a) / 2)))
                ramp = np.ones(n)
                ramp[:edge] = np.linspace(0, 1, edge)
                ramp[n - edge :] = np.linspace(1, 0, edge)
                ends = np.where(np.arange(n) < n / 2, a, b)
                position.append(wander * ramp + ends * (1 - ramp))
            else:
                position.append(np.linspace(a, b, n, endpoint=False))
        kinds += [piece.kind] * n
        gain.append(np.full(n, piece.gain_db if piece.start >= 0 else -120.0))
        pitch.append(np.full(n, piece.pitch))
    at = np.concatenate(position)
    loud, ratio = np.concatenate(gain), np.concatenate(pitch)
    last = len(source.f0) - 1
    index = np.clip(at, 0, last)
    low = index.astype(int)
    high = np.minimum(low + 1, last)
    part = (index - low)[:, None]
    envelope = source.envelope[low] * (1 - part) + source.envelope[high] * part
    nearest = np.where(part[:, 0] < 0.5, low, high)
    f0 = source.f0[nearest] * gaussian_filter1d(ratio, 3)
    both = (source.f0[low] > 0) & (source.f0[high] > 0)
    smooth = source.f0[low] * (1 - part[:, 0]) + source.f0[high] * part[:, 0]
    f0 = np.where(both, smooth * gaussian_filter1d(ratio, 3), f0)
    silent = loud < -100
    f0[silent] = 0
    # 10 ms ramps at the edges of silence, instead of clicks
    ramp = gaussian_filter1d(np.where(silent, 0.0, 1.0), 1.2)
    speech_gain = np.where(silent, 0.0, loud)
    loud = gaussian_filter1d(speech_gain, 2) + 20 * np.log10(np.maximum(np.where(silent, 0.0, ramp), 1e-6))
    return Frames(f0, envelope, source.aperiodicity[nearest]), np.array(kinds), loud


def disguise(frames: Frames, voice: Voice) -> Frames:
    """Make another speaker of a voice: mean pitch, pitch range and the length of the vocal tract."""
    f0 = _reshape_pitch(frames.f0, voice.pitch, voice.f0_range)
    if abs(voice.tract - 1) < 1e-3:
        return Frames(f0, frames.envelope, frames.aperiodicity)
    bins = frames.envelope.shape[1]
    source = np.clip(np.arange(bins) / voice.tract, 0, bins - 1)
    low = source.astype(int)
    high = np.minimum(low + 1, bins - 1)
    part = source - low
    envelope = frames.envelope[:, low] * (1 - part) + frames.envelope[:, high] * part
    return Frames(f0, envelope, frames.aperiodicity)


def _reshape_pitch(f0: Floats, shift: float, spread: float) -> Floats:
    voiced = f0 > 0
    if not voiced.any():
        return f0
    log = np.log(f0[voiced])
    out = f0.copy()
    middle = float(np.median(log))
    out[voiced] = np.exp(middle + np.log(shift) + spread * (log - middle))
    return out


def phonate(frames: Frames, kinds: NDArray[np.str_], gain_db: Floats, motor: Motor, rng: np.random.Generator) -> Frames:
    """Apply a person's phonation and articulation, frame by frame; the gain goes into the envelope."""
    n, bins = frames.envelope.shape
    hertz = np.linspace(0, RATE / 2, bins)
    f0, envelope, aperiodicity = frames.f0.copy(), frames.envelope.copy(), frames.aperiodicity.copy()
    speech = gain_db > -60
    vowel, stop, fricative = kinds == "vowel", kinds == "stop", kinds == "fricative"

    # articulation: lagging articulators smear the envelope in time, closures and bursts first
    if motor.undershoot_ms > 0.5:
        sigma = motor.undershoot_ms / 1000 / HOP
        smeared = gaussian_filter1d(envelope, sigma, axis=0)
        weight = np.where(stop | fricative, 1.0, 0.7)[:, None]
        envelope += weight * (smeared - envelope) * speech[:, None]
    if motor.vowel_blur > 0.01 and (vowel & speech).any():
        mean = envelope[vowel & speech].mean(axis=0)
        level = envelope.mean(axis=1, keepdims=True) - mean.mean()
        weight = motor.vowel_blur * gaussian_filter1d(vowel.astype(float), 2)[:, None]
        envelope += weight * (mean + level - envelope)
    if motor.weak_db:
        envelope -= (motor.weak_db / 4.343) * gaussian_filter1d((stop | fricative).astype(float), 1.5)[:, None]
    if motor.nasal:
        # pole at 270 Hz, zero near 700 Hz, damped formants (House & Stevens 1956; Chen 1997)
        wide = gaussian_filter1d(envelope, 2 + 5 * motor.nasal, axis=1)
        voiced = gaussian_filter1d((f0 > 0).astype(float), 2)[:, None]
        colour = (
            7 * np.exp(-(((hertz - 270) / 110) ** 2)) - 9 * np.exp(-(((hertz - 720) / 190) ** 2)) - 3 * (hertz > 1500)
        )
        envelope += voiced * motor.nasal * ((wide - envelope) * 0.8 + colour / 4.343)

    # phonation
    voiced = f0 > 0
    if motor.voicing_leak and voiced.any():
        f0 = _leak(f0, speech, motor.voicing_leak, rng)
        leaked = (f0 > 0) & ~voiced
        aperiodicity[leaked] = np.minimum(aperiodicity[leaked], 0.5)
        voiced = f0 > 0
    f0 = _reshape_pitch(f0, motor.f0_shift, motor.f0_range)
    time = np.arange(n) * HOP
    if motor.tremor:
        wave = np.sin(2 * np.pi * motor.tremor_hz * time + rng.uniform(0, 6.3))
        f0 *= 1 + motor.tremor * wave
        envelope += (motor.tremor * 12 / 4.343) * wave[:, None]
    # frame-to-frame scatter in place of cycle-to-cycle: what the voice has by itself is about 0.3 % and 1.5 %
    f0 *= 1 + (motor.jitter / 100) * (1 + motor.strain) * rng.standard_normal(n)
    shimmer = (motor.shimmer / 100) * (1 + 0.5 * motor.strain)
    envelope += 2 * np.log(np.maximum(0.2, 1 + shimmer * rng.standard_normal(n)))[:, None] * voiced[:, None]
    if motor.fry:
        f0 = _creak(f0, speech, motor.fry, rng)
    if motor.breath > 0.02:
        rise = np.clip((hertz - 300) / 3000, 0.08, 1.0)
        aperiodicity += (1 - aperiodicity) * motor.breath * rise
    if motor.strain > 0.02:
        octaves = np.log2(np.maximum(hertz, 300) / 300)
        envelope += (motor.strain * 1.2 / 4.343) * np.minimum(octaves, 3.5) * voiced[:, None]
    if motor.tilt_db:
        octaves = np.log2(np.maximum(hertz, 1000) / 1000)
        envelope += (motor.tilt_db / 4.343) * octaves

    # loudness falls over the utterance; the level itself is set against the room's noise
    spoken = np.cumsum(speech) / max(1, speech.sum())
    envelope += ((gain_db - motor.decay_db * spoken) / 4.343)[:, None]
    envelope[~speech] = np.minimum(envelope[~speech], -22)
    f0[f0 < 40] = 0
    return Frames(f0, np.clip(envelope, -30, 12), np.clip(aperiodicity, 1e-3, 1.0))


def _leak(f0: Floats, speech: NDArray[np.bool_], chance: float, rng: np.random.Generator) -> Floats:
    """Bridge some unvoiced gaps shorter than 90 ms with voicing."""
    out = f0.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[1], (f0 > 0).astype(int), [1]])))
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        short = 0 < start < end < len(f0) and (end - start) * HOP < 0.09
        if short and speech[start:end].all() and rng.random() < chance:
            out[start:end] = np.linspace(f0[start - 1], f0[end], end - start)
    return out


def _creak(f0: Floats, speech: NDArray[np.bool_], chance: float, rng: np.random.Generator) -> Floats:
    """Creak at the end of phrases: half the pitch, irregular."""
    out = f0.copy()
    ends = np.flatnonzero(speech[:-1] & ~speech[1:])
    for end in [*ends, len(f0) - 1]:
        if rng.random() < chance:
            start = max(0, end - int(rng.integers(15, 50)))
            part = out[start : end + 1]
            part[part > 0] *= 0.55 * (1 + 0.08 * rng.standard_normal((part > 0).sum()))
    return out


def synthesise(frames: Frames) -> NDArray[np.float32]:
    """WORLD parameters to float32 (n,) at 16 kHz. Deterministic: WORLD seeds its own noise."""
    audio = pyworld.synthesize(
        np.ascontiguousarray(frames.f0),
        np.ascontiguousarray(np.exp(frames.envelope)),
        np.ascontiguousarray(frames.aperiodicity),
        RATE,
        HOP * 1000,
    )
    return audio.astype(np.float32)
