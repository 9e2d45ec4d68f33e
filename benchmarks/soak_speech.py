"""A day of different utterances, made from the recordings that come with Idiolect. The same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import SAMPLE_RATE, load_audio
from engine.paths import assets_dir

Samples = NDArray[np.float32]

# How long people speak before they pause: seconds from, to, and how often of a hundred.
LENGTHS = ((1.0, 4.0, 40), (4.0, 8.0, 40), (8.0, 16.0, 15), (16.0, 27.0, 5))


@dataclass(frozen=True)
class Saying:
    """One utterance. ``kind`` is the length class, "silence" or "noise"."""

    kind: str
    samples: Samples

    @property
    def seconds(self) -> float:
        return self.samples.size / SAMPLE_RATE


def recordings(folder: Path | None = None) -> list[Samples]:
    """The recordings everything is made from: those that come with Idiolect, typical and not, or all of ``folder``."""
    folders = (folder,) if folder else (assets_dir() / "samples", assets_dir() / "typical")
    paths = [path for place in folders for path in sorted(place.rglob("*")) if path.suffix in (".flac", ".wav")]
    found = [load_audio(path) for path in paths]
    if not found:
        raise SystemExit(f"There are no FLAC or WAV recordings in {folder}: give another folder.")
    return found


def day(count: int, seed: int, sources: list[Samples]) -> list[Saying]:
    """``count`` utterances: cut at pauses, joined, faster and slower, louder and softer, in noise; a few of nothing.

    The first ones are the longest of every class, so that a warm-up has seen them all.
    """
    random = np.random.default_rng(seed)
    said = [_speech(random, sources, high, f"{low:g}-{high:g} s") for low, high, _ in reversed(LENGTHS)]
    weights = np.array([share for *_, share in LENGTHS]) / 100
    while len(said) < count:
        place = len(said) % 50
        if place == 7:
            said.append(Saying("silence", np.zeros(2 * SAMPLE_RATE, np.float32)))
        elif place == 31:
            noise = 0.01 * random.standard_normal(3 * SAMPLE_RATE)
            said.append(Saying("noise", noise.astype(np.float32)))
        else:
            low, high, _ = LENGTHS[random.choice(len(LENGTHS), p=weights)]
            said.append(_speech(random, sources, random.uniform(low, high), f"{low:g}-{high:g} s"))
    return said[:count]


def _speech(random: np.random.Generator, sources: list[Samples], seconds: float, kind: str) -> Saying:
    """A recording from its beginning to a pause after about ``seconds``; others follow where it is too short."""
    wanted = round(seconds * SAMPLE_RATE)
    parts: list[Samples] = []
    while sum(part.size for part in parts) < wanted:
        source = sources[random.integers(len(sources))]
        speed = random.uniform(0.85, 1.2)
        places = np.arange(0, source.size - 1, speed)
        parts.append(np.interp(places, np.arange(source.size), source).astype(np.float32))
        parts.append(np.zeros(round(random.uniform(0.2, 1.0) * SAMPLE_RATE), np.float32))
    whole = _to_a_pause(np.concatenate(parts), wanted)
    peak = float(np.abs(whole).max()) or 1.0
    whole = whole * (random.uniform(0.1, 0.9) / peak)
    noise = random.standard_normal(whole.size) * 10 ** random.uniform(-4.5, -2.5)
    return Saying(kind, np.clip(whole + noise, -1, 1).astype(np.float32))


def _to_a_pause(samples: Samples, wanted: int) -> Samples:
    """The beginning of ``samples``, cut where it is quietest in the last half second before ``wanted`` samples: nobody
    lets go of the key in the middle of a word."""
    frame = SAMPLE_RATE // 50
    first = max(0, wanted - SAMPLE_RATE // 2)
    frames = samples[first:wanted][: (wanted - first) // frame * frame].reshape(-1, frame)
    return samples[: first + int(np.argmin((frames**2).mean(axis=1))) * frame + frame]
