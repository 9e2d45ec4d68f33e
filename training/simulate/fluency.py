"""Where speech is broken: ordinary hesitations, stuttering, groping and breath groups.

Everything here adds to what is *said*; the intended text stays the reference.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.simulate.clinical import STUTTER_EVENTS
from training.simulate.person import Fluency, Motor, Sounds, Stutter
from training.simulate.sounds import CONTINUANTS, NEAR, Phone, Word, onset, parse


def hesitate(words: list[Word], habits: Fluency, rng: np.random.Generator) -> list[Word]:
    """Fillers, false starts of a phrase and silent pauses, mostly at the start and before long words."""
    out: list[Word] = []
    for i, word in enumerate(words):
        planning = 2.5 if i == 0 else 1.6 if len(word.phones) > 5 else 1.0
        if rng.random() < habits.filler * planning:
            filler = parse(str(rng.choice(habits.fillers)))[0]
            out.append(replace(filler, extra=True, punctuation="," if rng.random() < 0.7 else "…"))
        if i + 2 < len(words) and rng.random() < habits.restart * planning:
            length = 1 if rng.random() < 0.65 else 2
            for k in range(length):
                out.append(replace(words[i + k], extra=True, punctuation="," if k == length - 1 else ""))
        if rng.random() < habits.pause * planning and i:
            word = replace(word, events=(*word.events, ("pause", _seconds(rng, habits.pause_seconds, 0.5))))
        out.append(word)
    return out


def stutter(words: list[Word], habits: Stutter, rng: np.random.Generator) -> list[Word]:
    """Stuttered syllables: nine in ten at a word's start; likelier at the first word and on long or stressed words."""
    if not habits.per_syllable:
        return words
    kinds = [k for k, _ in habits.shares]
    shares = np.array([s for _, s in habits.shares])
    out: list[Word] = []
    for i, word in enumerate(words):
        weight = (1.8 if i == 0 else 1.0) * (1.35 if any(p.stress == "ˈ" for p in word.phones) else 0.6)
        chance = 1 - (1 - min(0.9, habits.per_syllable * weight)) ** max(1, word.syllables)
        if not word.extra and rng.random() < chance:
            kind = str(rng.choice(kinds, p=shares / shares.sum()))
            if kind == "word" and word.syllables > 3:
                kind = "syllable"
            seconds = event_seconds(kind, rng) * habits.scale
            if kind == "interjection":
                out.append(
                    Word((Phone("ʌ", "ˈ"),) if rng.random() < 0.5 else (Phone("ʌ", "ˈ"), Phone("m")), ",", extra=True)
                )
            else:
                word = replace(word, events=(*word.events, (kind, float(np.clip(seconds, 0.12, 3.5)))))
        out.append(word)
    return out


def event_seconds(kind: str, rng: np.random.Generator) -> float:
    """A duration with the clinical p10, p50 and p90: a log-normal with its own spread on either side."""
    low, middle, high = STUTTER_EVENTS[kind][1]
    z = float(np.clip(rng.standard_normal(), -2.0, 2.0))
    spread = np.log(high / middle) if z > 0 else np.log(middle / low)
    return float(middle * np.exp(z * spread / 1.2816))


def grope(words: list[Word], habits: Sounds, rng: np.random.Generator) -> list[Word]:
    """Apraxia: searching for the first sound, with a wrong one or silently, before the word comes."""
    if not habits.grope:
        return words
    out: list[Word] = []
    for word in words:
        if not word.extra and rng.random() < habits.grope * (1.5 if len(word.phones) > 4 else 0.7):
            first = word.phones[0].symbol
            if first in NEAR and rng.random() < 0.5:
                wrong = NEAR[first][int(rng.integers(len(NEAR[first])))]
                out.append(Word((Phone(wrong), Phone("ə")), "…", extra=True))
            else:
                word = replace(word, events=(*word.events, ("block", _seconds(rng, 0.35, 0.4))))
        out.append(word)
    return out


def breathe(words: list[Word], motor: Motor, rng: np.random.Generator) -> list[Word]:
    """Short breath groups: a pause after every few words, wherever they are. Some repeat the last word (palilalia)."""
    out: list[Word] = []
    since = 0
    for i, word in enumerate(words):
        if motor.breath_group and since >= motor.breath_group and rng.random() < 0.7 and i:
            word = replace(word, events=(*word.events, ("breath", _seconds(rng, 0.35, 0.35))))
            since = 0
        since += 1
        out.append(word)
    if out and rng.random() < motor.palilalia:
        last = replace(out[-1], extra=True)
        out[-1] = replace(out[-1], punctuation="")
        out += [last] * int(rng.integers(1, 3))
    return out


def can_hold(word: Word) -> int:
    """The phoneme of ``word`` that can be prolonged: its first continuant at the start, else its first vowel."""
    if word.phones[0].symbol in CONTINUANTS:
        return 0
    return min(onset(word), len(word.phones) - 1)


def _seconds(rng: np.random.Generator, median: float, spread: float) -> float:
    return float(np.clip(median * np.exp(spread * rng.standard_normal()), 0.1, 2.5))
