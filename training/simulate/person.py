"""Who a synthetic person is: drawn once, the same in every utterance.

All ranges are means over people; ``clinical`` turns a cohort and a severity into them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TRAINED = ("typical", "stuttering", "dysarthria", "parkinsons")
HELD_OUT = ("apraxia", "articulation", "mixed", "accent")
COHORTS = TRAINED + HELD_OUT


@dataclass(frozen=True)
class Voice:
    """``synthesiser`` is kokoro, hibari or piper; ``blend`` Kokoro styles and weights; the rest are ratios."""

    synthesiser: str
    blend: tuple[tuple[str, float], ...]
    british: bool
    speed: float = 1.0
    pitch: float = 1.0
    tract: float = 1.0
    f0_range: float = 1.0


@dataclass(frozen=True)
class Room:
    """Room, background and microphone.

    Attributes:
        rt60: reverberation time, s. drr_db: direct-to-reverberant ratio, dB.
        noise: kind of background. snr_db: at the person's normal effort.
        low_cut, high_cut: microphone's band, Hz. tilt_db: its slope from 200 Hz to 5 kHz.
        codec: none, mulaw, gsm-like ("telephone"), mp3 or opus, with ``bitrate`` in kbit/s.
        peak_db: recording level. gate: a noise gate silences the pauses, as video calls and edited recordings do.
    """

    rt60: float
    drr_db: float
    noise: str
    snr_db: float
    low_cut: float
    high_cut: float
    tilt_db: float
    codec: str
    bitrate: int
    peak_db: float
    gate: bool = False


@dataclass(frozen=True)
class Fluency:
    """Ordinary disfluency, which everybody has: chances per word."""

    filler: float = 0.01
    restart: float = 0.005
    pause: float = 0.01
    pause_seconds: float = 0.4
    fillers: tuple[str, ...] = ("ˈʌm", "ˈʌ")


@dataclass(frozen=True)
class Stutter:
    """``per_syllable``: share of syllables stuttered; ``shares`` of the event kinds; ``scale`` of their durations."""

    per_syllable: float = 0.0
    shares: tuple[tuple[str, float], ...] = ()
    scale: float = 1.0
    tension: float = 0.0
    schwa: float = 0.0


@dataclass(frozen=True)
class Sounds:
    """Phoneme-level habits.

    Attributes:
        rules: (name of a rule in ``sounds.RULES``, chance per matching phoneme): the same slips every time.
        vary: chance that a consonant is replaced by a near one, differently each time (apraxia).
        drop_final, drop_cluster, drop_weak: chance of a final consonant, a cluster member, an unstressed syllable lost.
        grope: chance per word of a silent or false start.
        epenthesis: chance of a vowel after a final consonant (some accents).
    """

    rules: tuple[tuple[str, float], ...] = ()
    vary: float = 0.0
    drop_final: float = 0.0
    drop_cluster: float = 0.0
    drop_weak: float = 0.0
    grope: float = 0.0
    epenthesis: float = 0.0


@dataclass(frozen=True)
class Motor:
    """Speech motor control and phonation.

    Attributes:
        duration: word duration against typical. rush: chance of a rushed stretch; rush_rate: its speed.
        irregular: SD of log phone duration. syllable_gap: pause between syllables, s.
        breath_group: words between forced breaths (0: none).
        undershoot_ms: articulators lag (SD of the smoothing of the spectral envelope in time).
        vowel_blur: 0 distinct vowels, 1 all alike. weak_db: pressure lost in stops and fricatives.
        voicing_leak: chance that a short voiceless gap is voiced.
        f0_range: against the voice's. f0_shift: ratio. jitter, shimmer: per cent. breath, nasal, strain: 0 to 1.
        tilt_db: spectral slope above 1 kHz, per octave. tremor_hz, tremor: rate and depth of pitch and level tremor.
        level_db: loudness against typical. decay_db: lost between start and end. fry: chance of creak at phrase ends.
        palilalia: chance that the last word is repeated.
    """

    duration: float = 1.0
    rush: float = 0.0
    rush_rate: float = 1.3
    irregular: float = 0.04
    syllable_gap: float = 0.0
    breath_group: int = 0
    undershoot_ms: float = 0.0
    vowel_blur: float = 0.0
    weak_db: float = 0.0
    voicing_leak: float = 0.0
    f0_range: float = 1.0
    f0_shift: float = 1.0
    jitter: float = 0.4
    shimmer: float = 1.8
    breath: float = 0.0
    nasal: float = 0.0
    strain: float = 0.0
    tilt_db: float = 0.0
    tremor_hz: float = 5.0
    tremor: float = 0.0
    level_db: float = 0.0
    decay_db: float = 1.0
    fry: float = 0.05
    palilalia: float = 0.0


@dataclass(frozen=True)
class Person:
    """A synthetic person. ``severity`` in [0, 1]; ``seed`` makes single utterances vary."""

    name: str
    cohort: str
    severity: float
    split: str
    seed: int
    voice: Voice
    room: Room
    fluency: Fluency = field(default_factory=Fluency)
    stutter: Stutter = field(default_factory=Stutter)
    sounds: Sounds = field(default_factory=Sounds)
    motor: Motor = field(default_factory=Motor)
