"""From a cohort and a severity to a person's habits, in the ranges of the clinical literature.

Every figure with a source is named in docs/simulator.md; ``LIMITS`` states the ranges that
the tests hold the draws to.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.simulate.person import Fluency, Motor, Sounds, Stutter

# Event kinds: share of all events, and p10, p50, p90 of duration in seconds (CASA annotations of Voices-AWS).
STUTTER_EVENTS: dict[str, tuple[float, tuple[float, float, float]]] = {
    "syllable": (0.18, (0.29, 0.63, 1.52)),
    "sound": (0.17, (0.19, 0.49, 1.96)),
    "word": (0.07, (0.41, 1.00, 2.25)),
    "prolongation": (0.16, (0.22, 0.47, 1.51)),
    "block": (0.37, (0.15, 0.55, 2.06)),
    "interjection": (0.05, (0.25, 0.45, 0.80)),
}

LIMITS: dict[str, dict[str, tuple[float, float]]] = {
    "typical": {"jitter": (0.1, 1.0), "shimmer": (0.6, 3.4), "duration": (0.85, 1.15), "f0_range": (0.7, 1.3)},
    "stuttering": {"per_syllable": (0.01, 0.28), "duration": (0.85, 1.25)},
    "parkinsons": {
        "jitter": (0.2, 2.3),
        "shimmer": (1.0, 9.4),
        "level_db": (-8.0, 0.0),
        "duration": (0.8, 1.25),
        "f0_range": (0.15, 0.95),
    },
    "dysarthria": {"jitter": (0.2, 3.0), "duration": (0.95, 1.8), "f0_range": (0.2, 1.1)},
}  # fmt: skip

Habits = tuple[Fluency, Stutter, Sounds, Motor]


def habits(cohort: str, severity: float, rng: np.random.Generator) -> Habits:
    """Draw the habits of a person of ``cohort`` with ``severity`` in [0, 1]."""
    return _DRAWS[cohort](severity, rng)


def _around(rng: np.random.Generator, value: float, spread: float = 0.2) -> float:
    """``value`` times a log-normal factor, at most two spreads away."""
    return float(value * np.exp(spread * np.clip(rng.standard_normal(), -2, 2)))


def _fluency(rng: np.random.Generator, scale: float) -> Fluency:
    fillers = [("ˈʌm", "ˈʌ"), ("ˈʌ",), ("ˈʌm",), ("ˈɜ", "ˈɜm"), ("ˈʌm", "ˈɛ")][int(rng.integers(5))]
    talkative = _around(rng, scale, 0.6)
    return Fluency(
        filler=0.012 * talkative,
        restart=0.006 * talkative,
        pause=0.025 * talkative,
        pause_seconds=_around(rng, 0.42, 0.3),
        fillers=fillers,
    )


def _healthy(rng: np.random.Generator) -> Motor:
    return Motor(
        duration=float(np.clip(_around(rng, 1.0, 0.07), 0.86, 1.14)),
        f0_range=float(np.clip(_around(rng, 1.0, 0.12), 0.71, 1.29)),
        jitter=float(np.clip(rng.normal(0.39, 0.2), 0.12, 0.95)),
        shimmer=float(np.clip(rng.normal(1.76, 0.55), 0.7, 3.3)),
        breath=float(rng.uniform(0, 0.12)),
        tilt_db=float(rng.uniform(-1.0, 1.0)),
        level_db=float(rng.normal(0, 1.5)),
        decay_db=float(rng.uniform(-3.5, 1.0)),  # the voices read and fall by 5 dB by themselves; talk falls by 2
        undershoot_ms=float(rng.uniform(0, 3)),
        fry=float(rng.uniform(0, 0.2)),
    )


def _typical(s: float, rng: np.random.Generator) -> Habits:
    del s
    return _fluency(rng, 1.0), Stutter(), Sounds(), _healthy(rng)


def _stutter(s: float, rng: np.random.Generator) -> Stutter:
    """Severity 0 to 1 is about 2 to 22 % of syllables stuttered: from the mildest band to the gravest (> 20 %)."""
    kinds = list(STUTTER_EVENTS)
    base = np.array([STUTTER_EVENTS[k][0] for k in kinds])
    shares = rng.dirichlet(base * 9)  # people differ much in the mix of their events
    return Stutter(
        per_syllable=float(np.clip(_around(rng, 0.018 + 0.2 * s, 0.15), 0.012, 0.27)),
        shares=tuple(zip(kinds, (float(x) for x in shares), strict=True)),
        scale=_around(rng, 0.75 + 0.5 * s, 0.15),
        tension=float(np.clip(rng.uniform(0, 0.4) + 0.6 * s * rng.random(), 0, 1)),
        schwa=float(rng.uniform(0, 0.5)),
    )


def _stuttering(s: float, rng: np.random.Generator) -> Habits:
    motor = replace(_healthy(rng), duration=float(np.clip(_around(rng, 1.0 + 0.1 * s, 0.06), 0.86, 1.24)))
    return _fluency(rng, 1.6 + s), _stutter(s, rng), Sounds(), motor


def _parkinsons(s: float, rng: np.random.Generator) -> Habits:
    """Hypokinetic dysarthria: monopitch, soft, decaying, breathy, imprecise; articulation rate unchanged on average."""
    rushes = rng.random() < 0.35
    motor = Motor(
        duration=float(np.clip(_around(rng, 1.0, 0.08), 0.82, 1.22)),
        rush=float(rng.uniform(0.1, 0.35) * (0.4 + s)) if rushes else 0.0,
        rush_rate=float(rng.uniform(1.2, 1.45 + 0.25 * s)),
        irregular=0.05 + 0.08 * s,
        undershoot_ms=_around(rng, 3 + 15 * s, 0.25),
        vowel_blur=float(np.clip(_around(rng, 0.04 + 0.26 * s, 0.3), 0, 0.4)),
        weak_db=_around(rng, 1 + 7 * s, 0.3),
        voicing_leak=float(np.clip(0.05 + 0.4 * s * rng.random(), 0, 0.5)),
        f0_range=float(np.clip(_around(rng, 0.8 - 0.45 * s, 0.15), 0.18, 0.94)),
        f0_shift=float(rng.uniform(0.95, 1.12)),
        jitter=float(np.clip(_around(rng, 0.45 + 0.9 * s, 0.35), 0.21, 2.2)),
        shimmer=float(np.clip(_around(rng, 2.2 + 3.2 * s, 0.3), 1.1, 9.0)),
        breath=float(np.clip(_around(rng, 0.10 + 0.35 * s, 0.35), 0, 0.75)),
        tilt_db=-_around(rng, 0.5 + 2.5 * s, 0.3),
        tremor_hz=float(rng.uniform(4, 7)),
        tremor=float(0.035 * s * rng.random()) if rng.random() < 0.4 else 0.0,
        level_db=float(np.clip(rng.normal(-2.0 - 2.5 * s, 0.8), -7.5, -0.2)),
        decay_db=float(rng.uniform(-3.0, 0.0) + 5 * s * rng.random()),
        fry=float(rng.uniform(0.05, 0.2 + 0.3 * s)),
        palilalia=0.12 * max(0.0, s - 0.5),
    )
    sounds = Sounds(
        rules=(
            ("spirantise", 0.01 + 0.13 * s),
            ("centralise", 0.01 + 0.10 * s),
            ("affricate-fricative", 0.04 + 0.25 * s),
        ),
        drop_final=0.01 + 0.07 * s,
        drop_cluster=0.01 + 0.07 * s,
        drop_weak=0.01 + 0.05 * s if rushes else 0.01 * s,
    )
    return _fluency(rng, 2.2 + 1.5 * s), Stutter(), sounds, motor


def _dysarthria(s: float, rng: np.random.Generator) -> Habits:
    return (_spastic if rng.random() < 0.6 else _flaccid)(s, rng)


def _slips(s: float, rng: np.random.Generator, voicing: float) -> Sounds:
    """Consonant slips of dysarthria: within manner mostly, fricatives worst, ends and clusters worse (Platt 1980)."""
    own = float(rng.uniform(0.6, 1.4))
    return Sounds(
        rules=(
            ("spirantise", own * 0.08 * s),
            ("fricative-near", own * (0.02 + 0.16 * s)),
            ("liquid-glide", own * (0.03 + 0.30 * s)),
            ("affricate-stop", own * (0.02 + 0.20 * s)),
            ("affricate-fricative", own * (0.02 + 0.20 * s)),
            ("centralise", own * (0.01 + 0.14 * s)),
            ("voice", voicing * own * (0.01 + 0.10 * s)),
            ("devoice", (1 - voicing) * own * (0.01 + 0.08 * s)),
        ),
        drop_final=own * (0.01 + 0.12 * s),
        drop_cluster=own * (0.02 + 0.22 * s),
        drop_weak=own * 0.02 * s,
    )


def _spastic(s: float, rng: np.random.Generator) -> Habits:
    """Slow, effortful, strained, low and monotonous, hypernasal, imprecise."""
    motor = Motor(
        duration=float(np.clip(_around(rng, 1.05 + 0.58 * s, 0.08), 0.97, 1.78)),
        irregular=0.06 + 0.10 * s,
        syllable_gap=0.05 * s * float(rng.random()),
        breath_group=int(rng.integers(3, 7)) if s > 0.4 and rng.random() < 0.7 else 0,
        undershoot_ms=_around(rng, 5 + 20 * s, 0.25),
        vowel_blur=float(np.clip(_around(rng, 0.06 + 0.32 * s, 0.25), 0, 0.5)),
        weak_db=_around(rng, 1 + 6 * s, 0.3),
        voicing_leak=0.1 + 0.4 * s * float(rng.random()),
        f0_range=float(np.clip(_around(rng, 0.85 - 0.4 * s, 0.2), 0.22, 1.05)),
        f0_shift=float(rng.uniform(0.82, 1.0)),
        jitter=float(np.clip(_around(rng, 0.6 + 1.1 * s, 0.35), 0.25, 2.9)),
        shimmer=_around(rng, 2.5 + 3.5 * s, 0.3),
        nasal=float(np.clip(_around(rng, 0.15 + 0.5 * s, 0.3), 0, 0.9)),
        strain=float(np.clip(_around(rng, 0.2 + 0.6 * s, 0.3), 0, 1)),
        breath=float(rng.uniform(0, 0.15)),
        tilt_db=float(rng.uniform(0, 1.5)),
        decay_db=float(rng.uniform(-3, 1.5)),
        fry=float(rng.uniform(0.1, 0.3 + 0.4 * s)),
    )
    return _fluency(rng, 1.2 + s), Stutter(), _slips(s, rng, 0.7), motor


def _flaccid(s: float, rng: np.random.Generator) -> Habits:
    """Breathy, hypernasal, weak pressure consonants, short breath groups; articulation rate nearly unchanged."""
    motor = Motor(
        duration=float(np.clip(_around(rng, 1.03 + 0.2 * s, 0.08), 0.96, 1.4)),
        irregular=0.05 + 0.06 * s,
        breath_group=int(rng.integers(3, 6)) if s > 0.3 else 0,
        undershoot_ms=_around(rng, 4 + 16 * s, 0.25),
        vowel_blur=float(np.clip(_around(rng, 0.05 + 0.25 * s, 0.25), 0, 0.45)),
        weak_db=_around(rng, 2 + 10 * s, 0.3),
        voicing_leak=0.05 + 0.2 * s,
        f0_range=float(np.clip(_around(rng, 0.85 - 0.3 * s, 0.2), 0.22, 1.05)),
        f0_shift=float(rng.uniform(0.92, 1.08)),
        jitter=float(np.clip(_around(rng, 0.5 + 0.9 * s, 0.35), 0.25, 2.9)),
        shimmer=_around(rng, 2.5 + 3 * s, 0.3),
        nasal=float(np.clip(_around(rng, 0.25 + 0.6 * s, 0.3), 0, 1.0)),
        breath=float(np.clip(_around(rng, 0.18 + 0.45 * s, 0.3), 0, 0.8)),
        tilt_db=-_around(rng, 0.5 + 2 * s, 0.3),
        level_db=-_around(rng, 0.5 + 3 * s, 0.3),
        decay_db=float(rng.uniform(-2.5, 0.5) + 3 * s),
        fry=float(rng.uniform(0, 0.15)),
    )
    return _fluency(rng, 1.2 + s), Stutter(), _slips(s, rng, 0.5), motor


# --- held out: never trained on ---------------------------------------------------------------


def _apraxia(s: float, rng: np.random.Generator) -> Habits:
    """Inconsistent slips, groping, syllables set apart with even stress, slow."""
    motor = replace(
        _healthy(rng),
        duration=_around(rng, 1.1 + 0.4 * s, 0.06),
        irregular=0.08 + 0.08 * s,
        syllable_gap=_around(rng, 0.01 + 0.10 * s, 0.3),
        f0_range=_around(rng, 0.9 - 0.3 * s, 0.1),
    )
    sounds = Sounds(
        rules=(("centralise", 0.02 + 0.06 * s), ("devoice", 0.02 + 0.08 * s)),
        vary=0.02 + 0.13 * s,
        drop_cluster=0.02 + 0.12 * s,
        grope=0.01 + 0.10 * s,
    )
    return _fluency(rng, 1.5 + s), Stutter(), sounds, motor


def _articulation(s: float, rng: np.random.Generator) -> Habits:
    """A few consistent substitutions: the sound disorder that stays into adult life."""
    every = ["gliding", "fronting", "stopping", "lisp", "th-fronting", "affricate-stop"]
    count = 1 + round(2.2 * s + 0.6 * rng.random())
    chosen = [str(x) for x in rng.choice(every, size=min(count, 4), replace=False)]
    rules = tuple((name, float(np.clip(0.55 + 0.4 * s + 0.1 * rng.standard_normal(), 0.4, 0.97))) for name in chosen)
    return _fluency(rng, 1.0), Stutter(), Sounds(rules=rules, drop_final=0.04 * s, drop_cluster=0.10 * s), _healthy(rng)


def _mixed(s: float, rng: np.random.Generator) -> Habits:
    """Two disorders at once, each milder: Parkinson's or dysarthria with a stutter."""
    fluency, _, sounds, motor = (_parkinsons if rng.random() < 0.5 else _dysarthria)(0.7 * s, rng)
    return fluency, _stutter(0.5 * s, rng), sounds, motor


def _accent(s: float, rng: np.random.Generator) -> Habits:
    """Second-language English: substitutions of one first language."""
    language = str(rng.choice(["spanish", "hindi", "japanese", "mandarin", "french", "german"]))
    sounds = Sounds(
        rules=((language, 0.25 + 0.65 * s),),
        epenthesis=0.3 * s if language == "japanese" else 0.0,
        drop_final=0.12 * s if language == "mandarin" else 0.0,
    )
    motor = replace(_healthy(rng), duration=float(np.clip(1.0 + 0.15 * s, 0.9, 1.2)), irregular=0.06)
    return _fluency(rng, 1.5 + s), Stutter(), sounds, motor


_DRAWS = {
    "typical": _typical,
    "stuttering": _stuttering,
    "parkinsons": _parkinsons,
    "dysarthria": _dysarthria,
    "apraxia": _apraxia,
    "articulation": _articulation,
    "mixed": _mixed,
    "accent": _accent,
}
