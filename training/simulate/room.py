"""What the microphone hears: reverberation, background, band, codec and level.

Drawn for every person in the same way whatever the cohort, so that the room says nothing
about the disorder.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from training.simulate.person import Room

RATE = 16_000
Floats = NDArray[np.float64]
NOISES = ("quiet", "pink", "brown", "hum", "fan", "babble", "street")
CODECS = ("none", "telephone", "mp3", "opus")


def draw_room(rng: np.random.Generator) -> Room:
    """A room, its background and somebody's microphone: mostly ordinary, sometimes poor."""
    rt60 = float(np.clip(rng.lognormal(np.log(0.35), 0.4), 0.1, 1.0))
    codec = str(rng.choice(CODECS, p=[0.58, 0.07, 0.17, 0.18]))
    return Room(
        rt60=rt60,
        drr_db=float(rng.uniform(1, 16)),
        noise=str(rng.choice(NOISES, p=[0.25, 0.2, 0.12, 0.1, 0.15, 0.09, 0.09])),
        snr_db=float(np.clip(rng.normal(27, 7), 12, 45)),
        low_cut=float(rng.choice([30, 60, 90, 120, 180])),
        high_cut=float(rng.choice([7900, 7500, 7000, 6000, 5000], p=[0.5, 0.15, 0.15, 0.12, 0.08])),
        tilt_db=float(rng.normal(0, 3)),
        codec=codec,
        bitrate=int(rng.choice([16, 24, 32, 48])),
        peak_db=float(rng.uniform(-18, -1)),
        gate=bool(rng.random() < 0.22),
    )


def record(audio: NDArray[np.float32], room: Room, level_db: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """float32 (n,) of clean speech at 16 kHz to what is recorded, same length.

    ``level_db`` is how loud this person speaks against normal effort: the background does
    not get softer with the voice.
    """
    x = audio.astype(np.float64)
    active = np.abs(x) > 0.02 * (np.abs(x).max() + 1e-9)
    power = float(np.mean(x[active] ** 2)) if active.any() else 1e-6
    x /= np.sqrt(power)
    x = reverberate(x, room.rt60, room.drr_db, rng) * 10 ** (level_db / 20)
    snr = room.snr_db + (8 if room.noise == "quiet" else 0) + rng.normal(0, 1.5)
    x += background(room.noise, len(x), rng) * 10 ** (-snr / 20)
    x = microphone(x, room)
    if room.gate:
        x = gate(x)
    x = codec(x, room)
    peak = room.peak_db + rng.normal(0, 1.5)
    x *= 10 ** (min(peak, -0.3) / 20) / (np.abs(x).max() + 1e-9)
    return np.clip(x, -1, 1).astype(np.float32)


def reverberate(x: Floats, rt60: float, drr_db: float, rng: np.random.Generator) -> Floats:
    """Convolve with a direct path, a few early reflections and an exponentially decaying tail that darkens."""
    n = int(rt60 * RATE)
    t = np.arange(n) / RATE
    tail = rng.standard_normal(n) * np.exp(-6.908 * t / rt60)
    tail = sosfilt(butter(1, rng.uniform(2500, 6000), fs=RATE, output="sos"), tail)
    tail[: int(0.003 * RATE)] = 0
    for _ in range(int(rng.integers(3, 8))):
        tail[int(rng.uniform(0.002, 0.03) * RATE) % n] += rng.normal(0, 1.5)
    tail *= np.sqrt(10 ** (-drr_db / 10) / (np.sum(tail**2) + 1e-12))
    tail[0] += 1
    return np.asarray(fftconvolve(x, tail)[: len(x)])


def background(kind: str, n: int, rng: np.random.Generator) -> Floats:
    """Background noise of unit power."""
    t = np.arange(n) / RATE
    if kind in ("quiet", "pink"):
        x = _coloured(n, 1.0, rng)
    elif kind == "brown":
        x = _coloured(n, 2.0, rng)
    elif kind == "hum":
        mains = float(rng.choice([50.0, 60.0]))
        x = sum(rng.uniform(0.2, 1) / k * np.sin(2 * np.pi * mains * k * t + rng.uniform(0, 6)) for k in range(1, 9))
        x = x + 0.5 * _coloured(n, 1.0, rng)
    elif kind == "fan":
        rate = rng.uniform(80, 220)
        x = _coloured(n, 1.4, rng) + 0.3 * np.sin(2 * np.pi * rate * t) + 0.15 * np.sin(4.02 * np.pi * rate * t)
    elif kind == "babble":
        x = np.zeros(n)
        for _ in range(6):  # voices without words: buzz through moving formants, at the rhythm of syllables
            x += _murmur(n, rng)
        x /= x.std() + 1e-9
        x += 0.3 * _coloured(n, 1.0, rng)
    else:
        swell = 1 + 0.6 * np.sin(2 * np.pi * rng.uniform(0.05, 0.3) * t + rng.uniform(0, 6))
        x = _coloured(n, 1.6, rng) * swell + 0.2 * _coloured(n, 0.5, rng)
    return np.asarray(x / (np.sqrt(np.mean(x**2)) + 1e-9))


def _coloured(n: int, slope: float, rng: np.random.Generator) -> Floats:
    spectrum = np.fft.rfft(rng.standard_normal(n))
    frequency = np.maximum(np.fft.rfftfreq(n, 1 / RATE), 30.0)
    x = np.fft.irfft(spectrum / frequency ** (slope / 2), n)
    return np.asarray(x / (x.std() + 1e-12))


def _murmur(n: int, rng: np.random.Generator) -> Floats:
    t = np.arange(n) / RATE
    f0 = rng.uniform(90, 230) * (1 + 0.1 * np.sin(2 * np.pi * rng.uniform(0.3, 1.0) * t + rng.uniform(0, 6)))
    buzz = np.mod(np.cumsum(f0) / RATE, 1.0) - 0.5
    low, high = rng.uniform(300, 600), rng.uniform(1200, 2300)
    x = sosfilt(butter(2, [low, high], "band", fs=RATE, output="sos"), buzz)
    syllables = np.clip(np.sin(2 * np.pi * rng.uniform(3, 5) * t + rng.uniform(0, 6)) + rng.uniform(-0.2, 0.6), 0, None)
    return np.asarray(x * syllables)


def microphone(x: Floats, room: Room) -> Floats:
    """Band limits and a gentle slope."""
    x = sosfilt(butter(2, room.low_cut, "high", fs=RATE, output="sos"), x)
    if room.high_cut < 7800:
        x = sosfilt(butter(4, room.high_cut, fs=RATE, output="sos"), x)
    spectrum = np.fft.rfft(x)
    frequency = np.fft.rfftfreq(len(x), 1 / RATE)
    slope = np.clip(np.log2(np.maximum(frequency, 200) / 200) / np.log2(25), 0, 1)
    return np.asarray(np.fft.irfft(spectrum * 10 ** (room.tilt_db * (slope - 0.5) / 20), len(x)))


def gate(x: Floats) -> Floats:
    """Silence what lies 33 dB or more below the loud parts, with 30 ms ramps and 150 ms hold."""
    hop = 160
    n = len(x) // hop
    if n < 4:
        return x
    level = 10 * np.log10(np.mean(x[: n * hop].reshape(n, hop) ** 2, axis=1) + 1e-12)
    opened = (level > np.percentile(level, 95) - 33).astype(float)
    held = np.convolve(opened, np.ones(19), "same") > 0
    smooth = np.convolve(held.astype(float), np.ones(5) / 5, "same")
    return np.asarray(x * np.interp(np.arange(len(x)), np.arange(n) * hop + hop / 2, smooth))


def codec(x: Floats, room: Room) -> Floats:
    """Send it through a telephone (300-3400 Hz, mu-law at 8 kHz) or a real MP3 or Opus encoder."""
    if room.codec == "none":
        return x
    scale = np.abs(x).max() + 1e-9
    if room.codec == "telephone":
        x = sosfilt(butter(4, [300, 3400], "band", fs=RATE, output="sos"), x / scale)
        compressed = np.sign(x) * np.log1p(255 * np.minimum(np.abs(x), 1)) / np.log(256)
        steps = np.round(compressed * 127) / 127
        expanded = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
        return np.asarray(sosfilt(butter(4, 3500, fs=RATE, output="sos"), expanded) * scale)
    return _lossy(x / scale, room.codec, room.bitrate) * scale


def _lossy(x: Floats, name: str, kilobits: int) -> Floats:
    import av

    pcm = (np.clip(x, -1, 1) * 32000).astype(np.int16)
    rate = 16_000
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp3" if name == "mp3" else "ogg") as container:
        stream: Any = container.add_stream("libmp3lame" if name == "mp3" else "libopus", rate=rate)
        stream.bit_rate = kilobits * 1000
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format.name, "mono", rate, frame_size=stream.frame_size or 960)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    memory.seek(0)
    decoded = []
    with av.open(memory) as container:
        to_float = av.AudioResampler("flt", "mono", RATE)
        for frame in container.decode(audio=0):
            decoded += [f.to_ndarray()[0] for f in to_float.resample(frame)]
        decoded += [f.to_ndarray()[0] for f in to_float.resample(None)]
    y = np.concatenate(decoded).astype(np.float64)
    # encoders delay: line up with what went in, so that the length and the timing stay
    window = min(len(x), len(y), RATE * 4)
    lag = int(np.argmax(np.abs(fftconvolve(y[:window], x[:window][::-1])))) - (window - 1)
    y = y[lag:] if lag >= 0 else np.concatenate([np.zeros(-lag), y])
    out = np.zeros(len(x))
    out[: min(len(x), len(y))] = y[: len(x)]
    return out
