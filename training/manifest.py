"""Manifests: JSON Lines, one utterance a line, with splits that share no speaker, voice or sentence.

A line holds ``audio`` (a path, relative to the manifest), ``text`` (what the person meant to
say), ``speaker``, ``cohort``, ``severity`` (0 to 1, or null), ``split`` (train, dev, test or
null) and, where known, ``verbatim``, ``seconds``, ``source``, ``licence`` and ``voice``. Any
other key is kept as it is.
"""

from __future__ import annotations

import json
import math
import os
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.errors import IdiolectError
from engine.paths import storage_error, write_private

SPLITS = ("train", "dev", "test")


class ManifestError(IdiolectError):
    """A manifest is damaged, or its splits are not disjoint."""


class _BadLineError(Exception):
    """Why a line is not an utterance."""


@dataclass(frozen=True)
class Utterance:
    """One recording and what the person meant to say.

    ``audio`` is an absolute path once read. ``text`` is the intended text, the target of
    training; ``verbatim`` what was really uttered (repetitions, fillers), where somebody wrote
    it down. ``voice`` names the synthesiser's voice of a simulated speaker; a blend joins its
    parts with ``+``, each with a weight after ``:`` if wanted (``af_heart:0.7+am_adam:0.3``).
    ``extra`` holds every other key of the line.
    """

    audio: Path
    text: str
    speaker: str
    cohort: str
    severity: float | None = None
    split: str | None = None
    verbatim: str | None = None
    seconds: float | None = None
    source: str | None = None
    licence: str | None = None
    voice: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def voices(self) -> frozenset[str]:
        """The names of the voices this one is blended from (empty for real speech)."""
        parts = (part.split(":")[0].strip() for part in (self.voice or "").split("+"))
        return frozenset(part for part in parts if part)


@dataclass(frozen=True)
class Split:
    """Utterances with their split set, and how many could not be kept, by reason."""

    utterances: list[Utterance]
    dropped: dict[str, int]


def sentence_key(text: str) -> str:
    """Return what two writings of the same sentence have in common: words, no case, no punctuation."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text))


def read_manifest(path: str | os.PathLike[str], damaged: list[int] | None = None) -> list[Utterance]:
    """Read a manifest; audio paths come back absolute.

    A last line that was torn by a crash (cut short, no line end) is passed over, so that an
    interrupted run can go on. Where ``damaged`` is given, a damaged line costs that line only
    and its number is put there.

    Raises:
        ManifestError: the file cannot be read, or a line is not an utterance (with its number).
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error.strerror or error}.") from error
    lines = data.decode("utf-8", errors="replace").split("\n")
    folder = Path(os.path.abspath(path)).parent
    utterances = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            utterances.append(_utterance(json.loads(line.lstrip("\ufeff")), folder))
        except json.JSONDecodeError as error:
            if number == len(lines):
                continue
            if damaged is not None:
                damaged.append(number)
                continue
            raise ManifestError(f"Line {number} of {path} is not valid JSON ({error.msg}).") from error
        except _BadLineError as error:
            if damaged is not None:
                damaged.append(number)
                continue
            raise ManifestError(f"Line {number} of {path} is not an utterance: {error}.") from error
    return utterances


def write_manifest(path: str | os.PathLike[str], utterances: Iterable[Utterance]) -> None:
    """Write ``utterances`` in one step (the old file or the new, never half), audio paths relative.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    path = Path(path)
    write_private(path, "".join(_lines(path, utterances)).encode())


def append(path: str | os.PathLike[str], utterances: Utterance | Iterable[Utterance]) -> None:
    """Add lines to a manifest so that a crash can tear only the last one, which is then passed over.

    Meant for one writer at a time: what a crash left of a line is cut off first.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    path = Path(path)
    items = [utterances] if isinstance(utterances, Utterance) else utterances
    data = "".join(_lines(path, items)).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b") as file:
            _mend_end(file)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_error(path, error) from error


def check_splits(utterances: Iterable[Utterance]) -> None:
    """Check that no speaker, voice or sentence is in more than one split.

    Utterances without a split are not looked at.

    Raises:
        ManifestError: something is shared; says what, how much, and gives an example.
    """
    seen: dict[str, defaultdict[str, set[str]]] = {kind: defaultdict(set) for kind in ("speaker", "voice", "sentence")}
    for utterance in utterances:
        if utterance.split is None:
            continue
        seen["speaker"][utterance.speaker].add(utterance.split)
        for voice in utterance.voices:
            seen["voice"][voice].add(utterance.split)
        if key := sentence_key(utterance.text):
            seen["sentence"][key].add(utterance.split)
    for kind, splits_of in seen.items():
        shared = [item for item, splits in splits_of.items() if len(splits) > 1]
        if shared:
            where = " and ".join(s for s in SPLITS if s in splits_of[shared[0]])
            count = f"{len(shared)} {kind}s are" if len(shared) > 1 else f"1 {kind} is"
            raise ManifestError(
                f"The splits are not disjoint: {count} in more than one ({shared[0]!r} in {where}). "
                "Split the manifest again by speaker and sentence."
            )


def split_by_speaker_and_sentence(
    utterances: Sequence[Utterance], fractions: Mapping[str, float] | Sequence[float] = (0.8, 0.1, 0.1), seed: int = 0
) -> Split:
    """Give every utterance a split such that no speaker, voice or sentence is in two.

    Speakers are dealt first, cohort by cohort, so that each split gets its share of the
    utterances of each cohort; speakers that share a voice stay together. A sentence spoken in
    one split only stays there. Corpora such as TORGO and UASpeech have everybody read the same
    prompts, so a shared sentence is dealt to one split and dropped from the others. It is dealt
    in proportion to the square root of ``fractions``: in proportion to the fractions themselves
    a tenth of the speakers would keep a tenth of the sentences, a test set of one per cent;
    dealt evenly, training would lose two thirds.

    Args:
        fractions: shares of train, dev and test.
        seed: the same seed gives the same splits.

    Returns:
        The utterances kept, in their order, and ``dropped["sentence in another split"]``.

    Raises:
        ManifestError: too few speakers to fill the splits asked for, or senseless fractions.
    """
    shares = dict(zip(SPLITS, fractions, strict=True)) if not isinstance(fractions, Mapping) else dict(fractions)
    if not shares or set(shares) - set(SPLITS) or min(shares.values()) < 0 or sum(shares.values()) <= 0:
        raise ManifestError("The fractions must name train, dev and test and be at least 0.")
    shares = {name: share / sum(shares.values()) for name, share in shares.items() if share > 0}
    rng = random.Random(seed)
    split_of_speaker = _deal_speakers(utterances, shares, rng)

    splits_of_sentence: defaultdict[str, set[str]] = defaultdict(set)
    for utterance in utterances:
        splits_of_sentence[sentence_key(utterance.text)].add(split_of_speaker[utterance.speaker])
    split_of_sentence = {}
    for key in sorted(splits_of_sentence):
        options = sorted(splits_of_sentence[key])
        weights = [math.sqrt(shares[name]) for name in options]
        split_of_sentence[key] = rng.choices(options, weights)[0] if len(options) > 1 else options[0]

    kept, dropped = [], Counter[str]()
    for utterance in utterances:
        key, split = sentence_key(utterance.text), split_of_speaker[utterance.speaker]
        if key and split_of_sentence[key] != split:
            dropped["sentence in another split"] += 1
        else:
            kept.append(replace(utterance, split=split))
    return Split(kept, dict(dropped))


def ngram_overlap(test: Iterable[str | Utterance], train: Iterable[str | Utterance], n: int) -> float:
    """Return the share (0 to 1) of the n-grams of ``test``, counted as often as they occur, seen in ``train``.

    A high share of 3-grams means that a model can do well by having learnt the sentences.
    Sentences of fewer than ``n`` words have none; without any n-gram the share is 0.
    """
    known = {gram for text in train for gram in ngrams(text, n)}
    grams = [gram for text in test for gram in ngrams(text, n)]
    return sum(gram in known for gram in grams) / len(grams) if grams else 0.0


def ngrams(text: str | Utterance, n: int) -> Iterator[tuple[str, ...]]:
    """Yield the word n-grams of a sentence, normalised by ``sentence_key``."""
    words = sentence_key(text.text if isinstance(text, Utterance) else text).split()
    return zip(*(words[i:] for i in range(n)), strict=False)


def _deal_speakers(utterances: Sequence[Utterance], shares: Mapping[str, float], rng: random.Random) -> dict[str, str]:
    """Deal groups of speakers (who share a voice) to splits, each cohort in proportion to ``shares``."""
    group_of = _group_speakers(utterances)
    sizes: Counter[str] = Counter(group_of[u.speaker] for u in utterances)
    cohort_of: dict[str, str] = {}
    for utterance in utterances:
        cohort_of.setdefault(group_of[utterance.speaker], utterance.cohort)
    if len(sizes) < len(shares):
        raise ManifestError(
            f"There are too few independent speakers ({len(sizes)}) to fill {len(shares)} splits: "
            "add speakers, or ask for fewer splits."
        )
    cohorts: defaultdict[str, list[str]] = defaultdict(list)
    for group in sorted(sizes):
        cohorts[cohort_of[group]].append(group)

    split_of: dict[str, str] = {}
    # Small splits first: every split gets a speaker of each cohort that has enough of them, and in
    # cohorts that have not, the split that is emptiest over all.
    order = sorted(shares, key=lambda name: (shares[name], name != "test"))
    held: Counter[str] = Counter()
    for cohort in sorted(cohorts, key=lambda name: (len(cohorts[name]), name)):
        groups = cohorts[cohort]
        rng.shuffle(groups)
        total = sum(sizes[g] for g in groups)
        here: Counter[str] = Counter()
        for position, group in enumerate(groups):
            if len(groups) >= len(shares) and position < len(order):
                name = order[position]
            else:
                name = max(shares, key=lambda s: (shares[s] * total - here[s], -held[s] / shares[s]))
            split_of[group] = name
            here[name] += sizes[group]
            held[name] += sizes[group]
    for name in order:  # cohorts of one or two speakers may have left a split empty
        if not held[name]:
            giver = max(shares, key=lambda s: sum(split == s for split in split_of.values()))
            group = min((g for g in split_of if split_of[g] == giver), key=lambda g: (sizes[g], g))
            split_of[group] = name
            held[giver] -= sizes[group]
            held[name] += sizes[group]
    return {speaker: split_of[group] for speaker, group in group_of.items()}


def _group_speakers(utterances: Iterable[Utterance]) -> dict[str, str]:
    """Return for each speaker the name of its group: speakers joined by a voice are one group."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    speakers = set()
    for utterance in utterances:
        speakers.add(utterance.speaker)
        for voice in utterance.voices:
            a, b = sorted((root("speaker " + utterance.speaker), root("voice " + voice)))
            parent[b] = a
    return {speaker: root("speaker " + speaker) for speaker in sorted(speakers)}


_REQUIRED = ("audio", "text", "speaker", "cohort")
_TEXTS = ("verbatim", "source", "licence", "voice")
_FIELDS = (*_REQUIRED, "severity", "split", "seconds", *_TEXTS)


def _utterance(line: Any, folder: Path) -> Utterance:
    if not isinstance(line, dict):
        raise _BadLineError("it must be an object with audio, text, speaker and cohort")
    for key in _REQUIRED:
        if not isinstance(line.get(key), str):
            raise _BadLineError(f'"{key}" is missing or not a text')
        if key != "text" and not line[key].strip():
            raise _BadLineError(f'"{key}" is empty')
    for key in _TEXTS:
        if not isinstance(line.get(key), str | None):
            raise _BadLineError(f'"{key}" must be a text')
    severity = _number(line, "severity")
    if severity is not None and not 0 <= severity <= 1:
        raise _BadLineError(f'"severity" must lie between 0 and 1, not {severity:g}')
    seconds = _number(line, "seconds")
    if seconds is not None and seconds < 0:
        raise _BadLineError('"seconds" must not be negative')
    split = line.get("split")
    if split is not None and split not in SPLITS:
        raise _BadLineError(f'"split" must be train, dev, test or null, not {split!r}')
    return Utterance(
        audio=folder / line["audio"],
        text=line["text"],
        speaker=line["speaker"],
        cohort=line["cohort"],
        severity=severity,
        split=split,
        seconds=seconds,
        **{key: line.get(key) for key in _TEXTS},
        extra={key: value for key, value in line.items() if key not in _FIELDS},
    )


def _number(line: dict[str, Any], key: str) -> float | None:
    value = line.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _BadLineError(f'"{key}" must be a number or null')
    return float(value)


def _lines(path: Path, utterances: Iterable[Utterance]) -> Iterator[str]:
    folder = os.path.abspath(path.parent)
    for utterance in utterances:
        line: dict[str, Any] = {}
        for key in _FIELDS:
            value = getattr(utterance, key)
            # severity and split are part of every line; the rest only where known.
            if value is not None or key in ("severity", "split"):
                line[key] = value
        line["audio"] = _relative(utterance.audio, folder)
        yield json.dumps({**line, **utterance.extra}, ensure_ascii=False) + "\n"


def _relative(audio: Path, folder: str) -> str:
    try:
        return Path(os.path.relpath(audio, folder)).as_posix()
    except ValueError:  # another drive on Windows
        return Path(audio).as_posix()


def _mend_end(file: Any) -> None:
    """Cut off a torn last line, or end a whole one that lacks its line end."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - (1 << 20))
    file.seek(start)
    tail = file.read()
    if not tail or tail.endswith(b"\n"):
        return
    last = tail[tail.rfind(b"\n") + 1 :]
    try:
        json.loads(last)
        file.write(b"\n")
    except ValueError:
        file.truncate(size - len(last))
