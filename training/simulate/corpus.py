"""A corpus on disk: who speaks, what they say, in which order; written so that it can be stopped at any time."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import IdiolectError, StorageError
from engine.paths import storage_error
from training import text, voices
from training.simulate import clinical, room
from training.simulate.person import COHORTS, HELD_OUT, TRAINED, Person, Voice


@dataclass(frozen=True)
class CorpusOptions:
    """How large a corpus is.

    Attributes:
        seed: decides everything.
        train_people: people in training, 20 % typical, the rest shared by the trained disorders.
        train_each: utterances of each of them.
        dev_people, dev_each: development people of the trained cohorts (together, each).
        test_people, test_each: test people *per cohort*, held-out cohorts included.
        fast_people, fast_each: further training people who all speak with hibari, ten times faster to make, changed in
            pitch and tract; they have sentences of their own and change nothing for the others.
        free_people, free_each: further training people, with the fast voice, who talk freely (``text.free_text``);
            their names start with "free-", and they come first.
        corrections_people, corrections_each: more unseen people, with many utterances each, for learning from
            corrections (split "test", speaker names start with "learn-").
    """

    seed: int = 1
    train_people: int = 400
    train_each: int = 10
    dev_people: int = 24
    dev_each: int = 6
    test_people: int = 8
    test_each: int = 6
    fast_people: int = 0
    fast_each: int = 8
    free_people: int = 0
    free_each: int = 8
    corrections_people: int = 0
    corrections_each: int = 120


@dataclass(frozen=True)
class Line:
    """One utterance to make."""

    number: int
    person: Person
    index: int
    sentence: text.Sentence


_Queued = tuple[float, Person, int, text.Sentence]

# how often each cohort is drawn in training
_SHARES = {"typical": 0.20, "stuttering": 0.26, "dysarthria": 0.27, "parkinsons": 0.27}


def draw_person(
    split: str, cohort: str, number: int, severity: float, seed: int, synthesiser: str | None = None
) -> Person:
    """Draw one person. The same arguments give the same person."""
    home = {"learn": "test", "free": "train"}.get(split, split)
    mine = zlib.crc32(f"{seed}/{split}/{cohort}/{number}".encode())
    rng = np.random.default_rng(mine)
    fluency, stutter, sounds, motor = clinical.habits(cohort, severity, rng)
    return Person(
        name=f"{split}-{cohort}-{number:03d}",
        cohort=cohort,
        severity=round(severity, 3),
        split=home,
        seed=mine,
        voice=draw_voice(home, cohort, rng, synthesiser),
        room=room.draw_room(rng),
        fluency=fluency,
        stutter=stutter,
        sounds=sounds,
        motor=motor,
    )


def draw_voice(split: str, cohort: str, rng: np.random.Generator, only: str | None = None) -> Voice:
    """A voice of the split: a blend of its own Kokoro styles, or another synthesiser, with its own pitch and tract.

    Piper speaks in the test split only; the foreign Kokoro voices only for the accent cohort.
    """
    if cohort == "accent":
        names: tuple[str, ...] = voices.ACCENT_VOICES
    elif split == "train":
        names = voices.train_voices()
    else:
        names = voices.DEV_VOICES if split == "dev" else voices.TEST_VOICES
    u = rng.random()
    synthesiser = "kokoro"
    if split == "test" and cohort != "accent" and u < 0.25:
        synthesiser = "piper"
    elif split == "train" and u < 0.28:
        synthesiser = "hibari"
    synthesiser = only or synthesiser
    british = rng.random() < 0.5
    family = [n for n in names if (n[0] == "b") == british] if cohort != "accent" else list(names)
    # blends of two to three voices of one sex keep a plausible voice; pitch and tract length then go where they like
    sex = "f" if rng.random() < 0.5 else "m"
    family = [n for n in family if n[1] == sex] or family
    chosen = [str(n) for n in rng.choice(family, size=min(len(family), int(rng.integers(1, 4))), replace=False)]
    weights = rng.dirichlet(np.full(len(chosen), 2.0))
    free = synthesiser != "kokoro"
    tract = float(np.exp(rng.uniform(-0.16, 0.10) if free else rng.normal(0, 0.045)))
    pitch = float(np.exp(rng.uniform(-0.55, 0.2) if synthesiser == "hibari" else rng.normal(0, 0.12)))
    if synthesiser == "hibari":  # from a woman's voice: a lower one needs a longer tract
        tract = float(np.clip(np.exp(0.3 * np.log(pitch) + rng.normal(0, 0.03)), 0.82, 1.1))
    return Voice(
        synthesiser=synthesiser,
        blend=tuple((n, float(w)) for n, w in zip(chosen, weights, strict=True)) if synthesiser == "kokoro" else (),
        british=british and synthesiser == "kokoro" and cohort != "accent",
        speed=float(np.clip(rng.normal(1.0, 0.08), 0.85, 1.2)),
        pitch=pitch,
        tract=tract,
        f0_range=float(np.clip(rng.normal(1.0, 0.1), 0.75, 1.25)),
    )


def plan(options: CorpusOptions) -> list[Line]:
    """Every utterance of the corpus, interleaved: any first part is a smaller corpus of the same make-up."""
    people: list[tuple[Person, int]] = []
    for cohort in TRAINED:
        for split, total, each in (
            ("train", round(options.train_people * _SHARES[cohort]), options.train_each),
            ("dev", round(options.dev_people / len(TRAINED)), options.dev_each),
        ):
            people += _draw_group(split, cohort, total, each, options.seed)
    for cohort in COHORTS:
        people += _draw_group("test", cohort, options.test_people, options.test_each, options.seed)
    wanted = {s: sum(each for p, each in people if p.split == s) for s in text.SPLITS}
    pools = text.open_text({s: round(1.1 * n) + 10 for s, n in wanted.items()}, options.seed)
    _check(pools, wanted)
    cursors = {s: iter(pool) for s, pool in pools.items()}
    queue = _interleave(people, options.seed, 5)
    lines: list[_Queued] = [(key, person, j, next(cursors[person.split])) for key, person, j in queue]
    if options.fast_people:
        fast = []
        for cohort in TRAINED:
            total = round(options.fast_people * _SHARES[cohort])
            fast += _draw_group(
                "train", cohort, total, options.fast_each, options.seed, first=1000, synthesiser="hibari"
            )
        extra = text.more_text("train", round(1.02 * sum(each for _, each in fast)) + 5, options.seed, pools)
        _check({"train": extra}, {"train": sum(each for _, each in fast)})
        lines += [(key, p, j, s) for (key, p, j), s in zip(_interleave(fast, options.seed, 6), extra)]
        pools["train"] = pools["train"] + extra
    if options.free_people:
        lines += _free(options, pools)
    if options.corrections_people:
        lines += _corrections(options, pools)
    lines.sort(key=lambda line: line[0])
    return [Line(i, person, j, sentence) for i, (_, person, j, sentence) in enumerate(lines)]


def _free(options: CorpusOptions, pools: dict[str, list[text.Sentence]]) -> list[_Queued]:
    """Training people who talk freely, before everybody else."""
    people = []
    for cohort in TRAINED:
        total = round(options.free_people * _SHARES[cohort])
        people += _draw_group("free", cohort, total, options.free_each, options.seed, synthesiser="hibari")
    count = sum(each for _, each in people)
    extra = text.free_text(round(1.1 * count) + 5, options.seed, pools)
    _check({"train": extra}, {"train": count})
    return [(key - 2.0, person, j, s) for (key, person, j), s in zip(_interleave(people, options.seed, 9), extra)]


def _corrections(options: CorpusOptions, pools: dict[str, list[text.Sentence]]) -> list[_Queued]:
    """Unseen people with many utterances each; they come after everybody else. Three in four speak with Piper."""
    learners = TRAINED[1:] + HELD_OUT[:1]
    severities = np.random.default_rng([options.seed, 8]).permutation(options.corrections_people)
    people = []
    for i, rank in enumerate(severities):
        severity = float((rank + 0.5) / options.corrections_people)
        synthesiser = "kokoro" if i % 4 == 3 else "piper"
        person = draw_person("learn", learners[(i // 2) % len(learners)], i, severity, options.seed, synthesiser)
        people.append((person, options.corrections_each))
    total = sum(each for _, each in people)
    extra = text.more_text("test", round(1.02 * total) + 5, options.seed, pools)
    _check({"test": extra}, {"test": total})
    queue = _interleave(people, options.seed, 7)
    return [(1.0 + key, person, j, sentence) for (key, person, j), sentence in zip(queue, extra)]


def _check(pools: dict[str, list[text.Sentence]], wanted: dict[str, int]) -> None:
    for split, count in wanted.items():
        if len(pools[split]) < count:
            raise IdiolectError(
                f"There are {len(pools[split])} different {split} sentences but {count} are wanted: "
                "ask for a smaller corpus."
            )


def _interleave(people: list[tuple[Person, int]], seed: int, salt: int) -> list[tuple[float, Person, int]]:
    """Everybody's utterances spread evenly over the list."""
    rng = np.random.default_rng([seed, salt])
    queue: list[tuple[float, Person, int]] = []
    for person, each in people:
        offset = rng.random()
        # development and test utterances come in the first 60 %, so that an unfinished corpus can be measured
        pace = 1.0 if person.split == "train" else 0.6
        queue += [(pace * (j + offset) / each, person, j) for j in range(each)]
    queue.sort(key=lambda item: item[0])
    return queue


def _draw_group(
    split: str, cohort: str, total: int, each: int, seed: int, first: int = 0, synthesiser: str | None = None
) -> list[tuple[Person, int]]:
    """``total`` people with severities spread over [0, 1], mild and moderate twice as dense as severe."""
    rng = np.random.default_rng([seed, zlib.crc32(f"{split}/{cohort}".encode()), *([first] if first else [])])
    ranks = (rng.permutation(total) + rng.random(total)) / max(1, total)
    severities = [0.0 if cohort == "typical" else float(u**1.4) for u in ranks]
    return [(draw_person(split, cohort, first + i, s, seed, synthesiser), each) for i, s in enumerate(severities)]


def manifest_line(line: Line, audio: str, seconds: float, said: str) -> dict[str, Any]:
    """The manifest entry of one utterance."""
    person = line.person
    blend = "+".join(f"{name}:{weight:.3f}" for name, weight in person.voice.blend)
    return {
        "audio": audio,
        "text": line.sentence.text,
        "speaker": person.name,
        "cohort": person.cohort,
        "severity": None if person.cohort == "typical" else person.severity,
        "split": person.split,
        "seconds": round(seconds, 3),
        "source": "simulated",
        "licence": "Apache-2.0",
        "voice": blend or person.voice.synthesiser,
        "synthesiser": person.voice.synthesiser,
        "kind": line.sentence.kind,
        "phonemes": said,
        "noise": person.room.noise,
        "codec": person.room.codec,
    }


def _make(job: tuple[Line, str]) -> dict[str, Any]:
    """Worker: make one utterance and write its FLAC file, all or nothing."""
    import soundfile

    from training.simulate.utterance import RATE, speak

    line, out = job
    spoken = speak(line.person, line.sentence.text, line.index)
    name = f"audio/{line.person.name}/{line.index:03d}.flac"
    path = Path(out) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    soundfile.write(part, spoken.audio, RATE, format="FLAC", subtype="PCM_16")
    os.replace(part, path)
    return manifest_line(line, name, len(spoken.audio) / RATE, spoken.phonemes)


def _one_thread() -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def _prepare_worker() -> None:
    """One thread, and let the parent answer Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _one_thread()


def build(out: Path, options: CorpusOptions, processes: int = 1, only: str = "") -> Iterator[tuple[int, int]]:
    """Write the corpus into ``out``; yields (utterances there, utterances in all) after each.

    ``only`` makes just the people whose names begin so ("learn-": those for learning from corrections).

    ``out/manifest.jsonl`` grows as utterances are finished; a second call goes on where the
    first was stopped. ``out/options.json`` holds the options, ``out/people.jsonl`` everybody.

    Raises:
        IdiolectError: ``out`` holds a corpus with other options.
        StorageError: the disk is full or the folder cannot be written.
    """
    manifest = out / "manifest.jsonl"
    try:
        out.mkdir(parents=True, exist_ok=True)
        wanted = json.dumps(asdict(options), indent=2)
        written = out / "options.json"
        if written.exists() and written.read_text() != wanted:
            raise IdiolectError(f"{out} holds a corpus with other options: choose another folder.")
        written.write_text(wanted)
        lines = [line for line in plan(options) if line.person.name.startswith(only)]
        done = _finished(manifest)
        people = {line.person.name: line.person for line in lines}
        (out / "people.jsonl").write_text(
            "".join(json.dumps(asdict(p), ensure_ascii=False) + "\n" for p in people.values())
        )
        todo = [line for line in lines if f"audio/{line.person.name}/{line.index:03d}.flac" not in done]
        made = len(lines) - len(todo)
        yield made, len(lines)
        voices.fetch()
        _one_thread()
        jobs = [(line, str(out)) for line in todo]
        with manifest.open("a", encoding="utf-8") as file, contextlib.ExitStack() as stack:
            results: Iterator[dict[str, Any]] = map(_make, jobs)
            if processes > 1:
                pool = stack.enter_context(get_context("spawn").Pool(processes, initializer=_prepare_worker))
                results = pool.imap(_make, jobs, chunksize=4)
            for entry in results:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                file.flush()
                made += 1
                yield made, len(lines)
    except OSError as error:
        raise (error if isinstance(error, StorageError) else storage_error(out, error)) from error


def _finished(manifest: Path) -> set[str]:
    """The audio names in a manifest; a half-written last line is cut off."""
    if not manifest.exists():
        return set()
    raw = manifest.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) < len(raw):
        manifest.write_bytes(whole)
    names = set()
    for row in whole.splitlines():
        audio = json.loads(row)["audio"]
        if (manifest.parent / audio).exists():
            names.add(audio)
    return names


def with_severity(person: Person, severity: float, seed: int) -> Person:
    """The same voice and room with the habits of another severity (for tests and demonstrations)."""
    fluency, stutter, sounds, motor = clinical.habits(person.cohort, severity, np.random.default_rng(seed))
    return replace(person, severity=severity, fluency=fluency, stutter=stutter, sounds=sounds, motor=motor)
