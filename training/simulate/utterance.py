"""One utterance of one person: from intended text to a recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training import voices
from training.simulate import fluency, room, sounds, vocoder
from training.simulate.person import Motor, Person
from training.simulate.sounds import FRICATIVES, STOPS, Phone, Word
from training.simulate.vocoder import Piece, silence

RATE = vocoder.RATE
_HESITATION_PUNCTUATION = {"…": 0.25, "—": 0.15}


@dataclass(frozen=True)
class Spoken:
    """A recording: float32 (n,) at 16 kHz; what was said, in phonemes; how many syllables were stuttered."""

    audio: NDArray[np.float32]
    phonemes: str
    events: int


@dataclass(frozen=True)
class _Timed:
    """A phoneme and where the synthesiser said it (s)."""

    phone: Phone
    start: float
    end: float


def speak(person: Person, text: str, index: int) -> Spoken:
    """Say ``text`` (the intended words) as ``person``; ``index`` numbers the person's utterances.

    The same person, text and index give the same recording, sample for sample.
    """
    rng = np.random.default_rng([person.seed, index, 77])
    words = sounds.parse(voices.phonemise(text, person.voice.british))
    words = fluency.hesitate(words, person.fluency, rng)
    words = sounds.slip(words, person.sounds, rng)
    words = fluency.grope(words, person.sounds, rng)
    words = fluency.stutter(words, person.stutter, rng)
    words = fluency.breathe(words, person.motor, rng)
    rendering, timed = _render(person, words, index)
    frames = vocoder.analyse(rendering.audio, rendering.rate)
    pieces = _edit(words, timed, person, rng)
    played, kinds, gain = vocoder.play(frames, pieces, rng)
    played = vocoder.disguise(played, person.voice)
    audio = vocoder.synthesise(vocoder.phonate(played, kinds, gain, person.motor, rng))
    audio = room.record(audio, person.room, person.motor.level_db, rng)
    said = " ".join(w.text() + w.punctuation for w in words)
    return Spoken(audio, said, sum(len(w.events) for w in words))


def _render(person: Person, words: list[Word], index: int) -> tuple[voices.Rendering, list[list[_Timed]]]:
    """Synthesise; returns the sound and the timed phonemes of every word."""
    text, owners = "", []
    for w, word in enumerate(words):
        if w:
            text += " "
        for p, phone in enumerate(word.phones):
            for c in phone.text():
                owners.append((len(text), w, p))
                text += c
        text += word.punctuation
    voice = person.voice
    if voice.synthesiser == "kokoro":
        rendering = voices.kokoro(text, voice.blend, voice.speed)
    elif voice.synthesiser == "hibari":
        rendering = voices.hibari(text, person.seed % 65_536 + index, voice.speed)
    else:
        rendering = voices.piper(text, voice.speed)
    spans: dict[tuple[int, int], list[float]] = {}
    for at, w, p in owners:
        a, b = rendering.spans[at]
        span = spans.setdefault((w, p), [float(a), float(b)])
        span[0], span[1] = min(span[0], float(a)), max(span[1], float(b))
    timed = [[_Timed(phone, *spans[(w, p)]) for p, phone in enumerate(word.phones)] for w, word in enumerate(words)]
    return rendering, timed


def _edit(words: list[Word], timed: list[list[_Timed]], person: Person, rng: np.random.Generator) -> list[Piece]:
    """The edit list: every phoneme at the person's pace, with repetitions, prolongations, blocks and pauses."""
    motor = person.motor
    pieces: list[Piece] = [silence(float(rng.uniform(0.1, 0.4)))]
    at = max(0.0, timed[0][0].start - 0.03)
    rushing = 0
    for w, (word, phones) in enumerate(zip(words, timed, strict=True)):
        start, end = phones[0].start, phones[-1].end
        gap = start - at
        if gap > 0.004:  # pause that the synthesiser made at punctuation
            pieces.append(Piece(at, start, min(gap, 0.9) * (0.7 if rushing else 1.0), "gap"))
        if rushing == 0 and motor.rush and rng.random() < motor.rush:
            rushing = int(rng.integers(3, 8))
        pace = motor.duration / (motor.rush_rate if rushing else 1.0)
        rushing = max(0, rushing - 1)
        held: dict[int, float] = {}
        for kind, seconds in word.events:
            _event(kind, seconds, word, phones, person, pieces, held, rng)
        for p, t in enumerate(phones):
            if motor.syllable_gap > 0.004 and p and t.phone.symbol not in sounds.VOWELS and _starts_syllable(phones, p):
                pieces.append(silence(motor.syllable_gap * float(np.exp(0.3 * rng.standard_normal()))))
            pieces.append(_phone_piece(t, pace, motor, held.get(p, 0.0), person, rng))
        at = max(end, at)
        if word.extra and word.punctuation in ("…", ","):
            pieces.append(silence(float(rng.uniform(0.05, 0.3))))
        elif word.punctuation and w + 1 < len(words):
            pieces.append(silence(float(rng.uniform(0.0, 0.12))))
    pieces.append(Piece(at, at + 0.04, 0.04, "gap"))
    pieces.append(silence(float(rng.uniform(0.15, 0.5))))
    return pieces


def _kind(phone: Phone) -> str:
    if phone.vowel:
        return "vowel"
    return "stop" if phone.symbol in STOPS else "fricative" if phone.symbol in FRICATIVES else "other"


def _phone_piece(t: _Timed, pace: float, motor: Motor, extra: float, person: Person, rng: np.random.Generator) -> Piece:
    """Slow speech lengthens vowels most and stops least."""
    kind = _kind(t.phone)
    give = {"vowel": 1.15, "stop": 0.7, "fricative": 0.95, "other": 1.0}[kind]
    factor = float(np.exp(give * np.log(max(pace, 0.3)) + motor.irregular * rng.standard_normal()))
    seconds = max(0.012, (t.end - t.start) * factor)
    if extra:
        return Piece(t.start, t.end, seconds + extra, kind, pitch=1 + 0.12 * person.stutter.tension, hold=True)
    return Piece(t.start, t.end, seconds, kind)


def _starts_syllable(phones: list[_Timed], p: int) -> bool:
    """A consonant directly before a vowel, after an earlier vowel of the word."""
    follows = p + 1 < len(phones) and phones[p + 1].phone.vowel
    return follows and any(t.phone.vowel for t in phones[:p])


def _event(
    kind: str,
    seconds: float,
    word: Word,
    phones: list[_Timed],
    person: Person,
    pieces: list[Piece],
    held: dict[int, float],
    rng: np.random.Generator,
) -> None:
    """Append what happens before a word (or, for a prolongation, note which phoneme is held)."""
    tension = person.stutter.tension
    if kind in ("pause", "breath"):
        pieces.append(silence(seconds))
        return
    if kind == "block":
        # half of the blocks let a little of the first sound out before they close, the rest are silent
        if rng.random() < 0.5:
            first = phones[0]
            pieces.append(Piece(first.start, first.start + 0.6 * (first.end - first.start), 0.05, "stop", gain_db=-8.0))
        pieces.append(silence(seconds))
        return
    if kind == "prolongation":
        held[fluency.can_hold(word)] = seconds
        return
    first_vowel = min(sounds.onset(word), len(phones) - 1)
    if kind == "word":
        until, count = len(phones), 1 + int(rng.geometric(0.65))
    elif kind == "syllable":
        until, count = first_vowel + 1, 1 + int(rng.geometric(0.5))
    else:  # sound: the consonants before the vowel, with a sliver of it; a vowel alone
        until, count = max(1, first_vowel), 1 + int(rng.geometric(0.45))
    count = min(count - (kind == "word"), 6)
    a = phones[0].start
    b = phones[until - 1].end
    if kind == "sound" and first_vowel < len(phones) and first_vowel > 0:
        vowel = phones[first_vowel]
        b = vowel.start + (0.3 + 0.3 * person.stutter.schwa) * (vowel.end - vowel.start)
    natural = max(0.05, b - a)
    each = max(0.09, seconds / count)
    sound = float(np.clip(each * 0.6, 0.7 * natural, 1.5 * natural))
    for k in range(count):
        gain = float(rng.normal(-1, 1))
        pitch = float(1 + 0.06 * tension * k / max(1, count) + 0.02 * rng.standard_normal())
        share = sound * float(np.exp(0.15 * rng.standard_normal()))
        edge = phones[until - 1]
        spans = [(t.start, min(t.end, b), _kind(t.phone)) for t in phones[:until]]
        if b > edge.end:
            spans.append((edge.end, b, "vowel"))
        total = sum(e - s for s, e, _ in spans if e > s) or natural
        for s, e, what in spans:
            if e > s:
                pieces.append(Piece(s, e, max(0.01, share * (e - s) / total), what, gain, pitch))
        pieces.append(silence(float(np.clip(each - share, 0.03, 0.35))))
