"""Phonemes of an utterance and the slips a person makes in them.

The alphabet is misaki's: one character per phoneme (A I O Q W Y are diphthongs, ʤ ʧ
affricates), stress marks before the vowel, punctuation as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.simulate.person import Sounds

VOWELS = frozenset("AIOQWYaeiouæɑɐɒɔəɚɛɜɪʊʌᵊᵻœɯ")
STOPS = frozenset("pbtdkɡʧʤʔʦʣʈɖ")
FRICATIVES = frozenset("fvszʃʒθðhxɣɸβʁ")
NASALS = frozenset("mnŋ")
LIQUIDS = frozenset("lɹwjɾTɻʋ")
CONTINUANTS = FRICATIVES | NASALS | LIQUIDS
CONSONANTS = STOPS | CONTINUANTS
PUNCTUATION = frozenset(",.?!:;—…")

# name -> {phoneme: what it becomes}; a longer value is drawn from at random
RULES: dict[str, dict[str, str]] = {
    "spirantise": {"p": "ɸf", "b": "βv", "t": "sθ", "d": "ð", "k": "x", "ɡ": "ɣ"},
    "affricate-fricative": {"ʧ": "ʃ", "ʤ": "ʒ"},
    "affricate-stop": {"ʧ": "t", "ʤ": "d"},
    "fricative-near": {"s": "ʃθ", "z": "ðʒ", "ʃ": "s", "θ": "fs", "ð": "dv", "f": "θ", "v": "b", "h": "h"},
    "liquid-glide": {"ɹ": "w", "l": "wj"},
    "gliding": {"ɹ": "w", "l": "wj"},
    "fronting": {"k": "t", "ɡ": "d", "ŋ": "n", "ʃ": "s", "ʧ": "ʦ", "ʤ": "ʣ"},
    "stopping": {"f": "p", "v": "b", "s": "t", "z": "d", "θ": "t", "ð": "d", "ʃ": "t"},
    "lisp": {"s": "θ", "z": "ð"},
    "th-fronting": {"θ": "f", "ð": "v"},
    "voice": {"p": "b", "t": "d", "k": "ɡ", "f": "v", "s": "z", "ʧ": "ʤ"},
    "devoice": {"b": "p", "d": "t", "ɡ": "k", "v": "f", "z": "s", "ʤ": "ʧ"},
    "centralise": {
        "i": "ɪ", "ɪ": "ə", "ɛ": "ə", "æ": "ɛ", "ɑ": "ʌ", "ɔ": "ʌ",
        "u": "ʊ", "ʊ": "ə", "A": "ɛ", "I": "ɑ", "O": "ʌ", "W": "æ",
    },
    "spanish": {
        "ɪ": "i", "z": "s", "v": "b", "ʃ": "ʧ", "ð": "d", "θ": "s",
        "æ": "a", "ʌ": "a", "ʊ": "u", "h": "x", "ɹ": "ɾ", "j": "ʤ",
    },
    "hindi": {
        "v": "ʋ", "w": "ʋ", "t": "ʈ", "d": "ɖ", "θ": "t",
        "ð": "d", "ɹ": "ɾ", "z": "ʤ", "æ": "ɛ", "A": "e", "O": "o",
    },
    "japanese": {
        "l": "ɾ", "ɹ": "ɾ", "θ": "s", "ð": "z", "v": "b", "f": "ɸ",
        "æ": "a", "ʌ": "a", "ɪ": "i", "ɜ": "a", "ə": "a", "ʊ": "ɯ",
    },
    "mandarin": {"θ": "s", "ð": "z", "v": "w", "ɪ": "i", "z": "s", "æ": "a", "ʊ": "u", "ɹ": "ɻ", "n": "nŋ"},
    "french": {
        "h": "", "θ": "s", "ð": "z", "ɪ": "i", "ɹ": "ʁ",
        "ʧ": "ʃ", "ʤ": "ʒ", "ʊ": "u", "æ": "a", "ŋ": "n", "ʌ": "œ",
    },
    "german": {"w": "v", "θ": "s", "ð": "z", "ʤ": "ʧ", "æ": "ɛ", "ɹ": "ʁ", "v": "f", "z": "s"},
}  # fmt: skip

# phonemes one feature apart, for slips that differ every time
NEAR: dict[str, str] = {
    "p": "btf", "b": "pdm", "t": "dks", "d": "tɡn", "k": "tɡp", "ɡ": "kdb", "f": "pvθ", "v": "bf",
    "s": "ʃtθz", "z": "sʒd", "ʃ": "sʧ", "ʧ": "ʃtʤ", "ʤ": "dʒʧ", "θ": "fst", "ð": "dvz", "m": "nb",
    "n": "md", "ŋ": "nm", "l": "ɹwn", "ɹ": "wl", "w": "ɹv", "j": "lw", "h": "f",
}  # fmt: skip


@dataclass(frozen=True)
class Phone:
    """One phoneme, punctuation mark or space. ``mark`` holds stress before and length after it."""

    symbol: str
    stress: str = ""
    length: str = ""

    def text(self) -> str:
        return self.stress + self.symbol + self.length

    @property
    def vowel(self) -> bool:
        return self.symbol in VOWELS


@dataclass(frozen=True)
class Word:
    """A spoken word: its phonemes, the punctuation after it, and what else happens at it.

    ``events`` are (kind, seconds) at the word's start; ``extra`` is True for what is not
    part of the intended text (fillers, false starts).
    """

    phones: tuple[Phone, ...]
    punctuation: str = ""
    events: tuple[tuple[str, float], ...] = ()
    extra: bool = False

    @property
    def syllables(self) -> int:
        return sum(p.vowel for p in self.phones)

    def text(self) -> str:
        return "".join(p.text() for p in self.phones)


def parse(phonemes: str) -> list[Word]:
    """Split a phoneme string into words."""
    words: list[Word] = []
    for chunk in phonemes.replace("-", " ").split():
        phones: list[Phone] = []
        stress, punctuation = "", ""
        for c in chunk:
            if c in "ˈˌ":
                stress = c
            elif c in PUNCTUATION:
                punctuation = c
            elif c == "ː" and phones:
                phones[-1] = replace(phones[-1], length="ː")
            elif c in VOWELS or c in CONSONANTS:
                if stress and c not in VOWELS:
                    phones.append(Phone(c))
                    continue
                phones.append(Phone(c, stress))
                stress = ""
        if phones:
            words.append(Word(tuple(phones), punctuation))
        elif punctuation and words:
            words[-1] = replace(words[-1], punctuation=words[-1].punctuation or punctuation)
    return words


def onset(word: Word) -> int:
    """Number of consonants before the first vowel."""
    for i, phone in enumerate(word.phones):
        if phone.vowel:
            return i
    return len(word.phones)


def slip(words: list[Word], habits: Sounds, rng: np.random.Generator) -> list[Word]:
    """Articulate ``words`` with a person's slips; fillers stay as they are."""
    out = []
    for word in words:
        if word.extra:
            out.append(word)
            continue
        phones = _drop(list(word.phones), habits, rng)
        changed: list[Phone] = []
        for phone in phones:
            symbol = phone.symbol
            for name, chance in habits.rules:
                options = RULES[name].get(symbol)
                if options is None or rng.random() >= chance:
                    continue
                if name == "centralise" and phone.stress == "ˈ" and rng.random() < 0.6:
                    continue
                symbol = options[int(rng.integers(len(options)))] if options else ""
                break
            if symbol in NEAR and rng.random() < habits.vary:
                symbol = NEAR[symbol][int(rng.integers(len(NEAR[symbol])))]
            if symbol:
                changed.append(replace(phone, symbol=symbol))
        if changed and not changed[-1].vowel and rng.random() < habits.epenthesis:
            changed.append(Phone("u" if changed[-1].symbol not in "td" else "o"))
        out.append(replace(word, phones=tuple(changed) or word.phones))
    return out


def _drop(phones: list[Phone], habits: Sounds, rng: np.random.Generator) -> list[Phone]:
    """Lose final consonants, cluster members and unstressed first syllables; never the whole word."""
    if habits.drop_weak and rng.random() < habits.drop_weak:
        first = next((i for i, p in enumerate(phones) if p.vowel), None)
        later = first is not None and any(p.vowel for p in phones[first + 1 :])
        if first is not None and later and not phones[first].stress:
            phones = phones[first + 1 :]
    kept: list[Phone] = []
    for i, phone in enumerate(phones):
        consonant = phone.symbol in CONSONANTS
        beside = (i + 1 < len(phones) and phones[i + 1].symbol in CONSONANTS) or (
            i and phones[i - 1].symbol in CONSONANTS
        )
        last = i == len(phones) - 1
        # In s + stop the s goes; before a liquid the liquid goes (Kim & Gurevich: clusters are worst).
        weak_member = phone.symbol in "sfθlɹwtd"
        if consonant and last and len(phones) > 2 and rng.random() < habits.drop_final:
            continue
        if consonant and beside and weak_member and rng.random() < habits.drop_cluster:
            continue
        kept.append(phone)
    return kept if any(p.vowel for p in kept) or not any(p.vowel for p in phones) else phones
