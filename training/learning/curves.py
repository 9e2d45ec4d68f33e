"""``python -m training.learning.curves``: what learning from corrections brings, and how much of it is needed.

Two kinds of figures, for any manifest: *curves*, a fit on each person's first 5, 10, 25, ... utterances, judged on the
same held-out ones of that person; and *cross-validation* (``--cross``), where every utterance of a person is judged by
a fit on the others. Both through the whole engine with its doubts and second hearings, beside plain Whisper's 30 s, and
on typical speech. Only figures are written, never weights or texts. Every fit is a line in ``results.jsonl``: a run can
be stopped and called again to go on, with more sizes, people or variants.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.checkpoint import read_checkpoint
from engine.errors import OptionError
from engine.models import locate, model_sha256
from engine.options import EngineOptions, TranscribeOptions
from engine.paths import private_dir, write_private
from engine.statedict import layers_of
from engine.transcriber import find_hypernetwork
from training.command import guarded
from training.evaluate import in_turn, told_before
from training.learning.corrections import Correction, folds_of, usable
from training.learning.fitting import Pairs, fit, heldout_loss, named
from training.learning.judging import Judged, judge
from training.learning.options import DECODER, ENCODER, LearnOptions
from training.learning.start import shipped_start
from training.learning.trial import typical_speech
from training.learning.views import Example, Listener
from training.manifest import read_manifest
from training.score import Floats, bootstrap_weights, score

RESULTS = "results.jsonl"
VARIANTS = {"encoder": ENCODER, "decoder": DECODER, "both": ENCODER + DECODER}
CROSS = "cross"
BEFORE = "before"


@dataclass(frozen=True)
class Plan:
    """What is measured: ``sizes`` of the curves with ``heldout`` utterances a person kept apart, and, if ``cross``, a
    cross-validation in so many folds. ``typical``: further typical speech to judge on."""

    sizes: tuple[int, ...]
    heldout: int
    cross: int
    losses: bool
    engine: EngineOptions  # that judges
    typical: tuple[Correction, ...] = ()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.learning.curves", description=__doc__)
    parser.add_argument("--people", type=Path, required=True, metavar="MANIFEST")
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX", help="people whose names begin so")
    parser.add_argument("--most", type=int, default=0, help="at most so many people (default: all)")
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE", help="auto (shipped), none, or a file")
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS), default=["encoder"])
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[], help="utterances learnt from (curves); 0: the start alone"
    )
    parser.add_argument("--heldout", type=int, default=20, help="utterances a person kept apart for the curves")
    parser.add_argument("--cross", type=int, default=0, metavar="FOLDS", help="cross-validate in so many folds")
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="options of the fit (training/learning/options.py)"
    )
    parser.add_argument(
        "--typical", type=Path, metavar="MANIFEST", help="judge also on its utterances of the cohort typical"
    )
    parser.add_argument("--losses", action="store_true", help="also the held-out loss after every epoch")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="folder of the figures")
    options = parser.parse_args(argv)
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    base = changed(LearnOptions(), options.set)
    directory = locate(options.model)
    engine = EngineOptions(str(directory), "cpu", threads=options.threads, hypernetwork=options.hypernetwork)
    sizes, typical = tuple(sorted(options.sizes)), typical_of(options.typical)
    plan = Plan(sizes, options.heldout, options.cross, options.losses, engine, typical)
    people = people_of(options.people, options.only, options.most)
    network = find_hypernetwork(options.hypernetwork, model_sha256(directory))
    if options.threads:
        torch.set_num_threads(options.threads)
    results = Results(options.out)
    for name, corrections in people.items():
        for variant in options.variants:
            learnt = of_variant(variant, base, directory)
            listener = Listener(directory, network, learnt, threads=options.threads)
            for line in measure(name, corrections, variant, listener, plan, results):
                print(line, file=sys.stderr, flush=True)
    text = report(results.rows)
    write_private(options.out / "report.md", text.encode())
    print(text)
    return 0


def changed(options: LearnOptions, settings: Sequence[str]) -> LearnOptions:
    """``options`` with NAME=VALUE settings; a list of targets is separated by commas.

    Raises:
        OptionError: there is no such option, or the value does not fit.
    """
    kinds = {field.name: type(getattr(options, field.name)) for field in fields(options)}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in kinds:
            raise OptionError(f"There is no option '{name}': choose one of {', '.join(kinds)}.")
        try:
            made = tuple(value.split(",")) if kinds[name] is tuple else kinds[name](value)
        except ValueError as error:
            raise OptionError(f"'{value}' is no {name}: give a number.") from error
        options = replace(options, **{name: made})
    return options


def typical_of(manifest: Path | None) -> tuple[Correction, ...]:
    """The typical speech in ``manifest``."""
    found = read_manifest(manifest) if manifest else []
    return tuple(usable([utterance for utterance in found if utterance.cohort == "typical"])[0])


def of_variant(variant: str, options: LearnOptions, directory: Path) -> LearnOptions:
    """The options of a variant: where only the decoder learns, the whole encoder is computed once."""
    if variant == "encoder":
        return options
    if variant == "both":
        return replace(options, targets=(*options.targets, *DECODER))
    layers = layers_of(read_checkpoint(directory / "model.bin"), "encoder")
    return replace(options, targets=DECODER, first_layer=layers)


def people_of(manifest: Path, prefixes: Sequence[str], most: int) -> dict[str, list[Correction]]:
    """Everybody's usable utterances, in the order in which they were said.

    Raises:
        OptionError: nobody is there.
    """
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for utterance in in_turn(read_manifest(manifest)):
        if not prefixes or utterance.speaker.startswith(tuple(prefixes)):
            found[utterance.speaker].append(utterance)
    if not found:
        raise OptionError(f"{manifest} holds nobody called {', '.join(prefixes) or 'anything'}.")
    names = sorted(found)[: most or None]
    return {name: usable(found[name])[0] for name in names}


class Results:
    """Lines of figures, appended as they are made; a torn last line is made again."""

    def __init__(self, folder: Path) -> None:
        self._path = private_dir(folder) / RESULTS
        raw = self._path.read_bytes() if self._path.exists() else b""
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) < len(raw):
            self._path.write_bytes(whole)
        self.rows: list[dict[str, Any]] = [json.loads(line) for line in whole.splitlines()]

    def get(self, **key: object) -> dict[str, Any] | None:
        return next((row for row in self.rows if all(row.get(name) == value for name, value in key.items())), None)

    def keep(self, row: dict[str, Any]) -> dict[str, Any]:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self.rows.append(row)
        return row


def measure(
    name: str, corrections: list[Correction], variant: str, listener: Listener, plan: Plan, results: Results
) -> Iterator[str]:
    """Every fit of one person that is not in ``results`` yet; yields a line about each."""
    options = asdict(listener.options) | {"targets": list(listener.options.targets)}
    run = {"person": name, "network": listener.network is not None}

    def judged(pairs: Pairs | None, heard: Sequence[Correction], told: Sequence[str]) -> Judged:
        return judge(plan.engine, pairs, heard, told)[0]

    hold, typical = typical_speech()
    typical += plan.typical
    jobs: list[tuple[dict[str, Any], list[int], list[int]]] = []
    count = len(corrections)
    if plan.sizes:
        order = [int(n) for n in np.random.default_rng(0).permutation(count)]
        apart = sorted(order[: plan.heldout])
        for size in plan.sizes:
            if plan.heldout + size <= count:
                jobs.append(({"kind": "curve", "size": size}, order[plan.heldout : plan.heldout + size], apart))
    if plan.cross:
        for fold, part in enumerate(folds_of(count, plan.cross, 1)):
            heard = [n for n in range(count) if n not in part]
            jobs.append(({"kind": CROSS, "folds": plan.cross, "fold": fold}, heard, part))
    tested = sorted({n for *_, part in jobs for n in part})
    jobs = [job for job in jobs if results.get(**run, **job[0], variant=variant, options=options) is None]
    if not jobs:
        return
    texts = judge(plan.engine, None, corrections)[0].texts
    told = [told_before(texts[:n]) for n in range(count)]  # what it wrote before, learnt from nothing
    before = results.get(**run, kind=BEFORE, part=tested)
    if before is None:
        before = {**run, "kind": BEFORE, "part": tested}
        said = [corrections[n] for n in tested]
        ours, plain = judge(plan.engine, None, said, [told[n] for n in tested], TranscribeOptions(compare=True))
        before |= _figures(ours, said) | {"plain": _figures(plain, said)["errors"]}
        before["typical"] = _typical(judged(None, typical, [""] * len(typical)), typical)
        results.keep(before)
    known = _by_number([before])
    began = time.process_time()
    used = sorted({n for _, heard, _ in jobs for n in heard} | {n for *_, part in jobs for n in part if plan.losses})
    examples = dict(zip(used, listener.examples([corrections[n] for n in used], True), strict=True))
    held = listener.examples(hold, False)
    start = shipped_start(model_sha256(listener.directory), listener.whisper)
    reading = (time.process_time() - began) / max(1, len(used))
    for job, heard, part in jobs:
        began, losses = time.process_time(), []
        on_epoch = _after_epoch(listener, [examples[n] for n in part], losses) if plan.losses else None
        lora = fit(listener, [examples[n] for n in heard], held, on_epoch=on_epoch, start=start)
        fitted = time.process_time()
        pairs = named(listener.whisper, lora)
        unheard = [corrections[n] for n in part]
        row = {**run, **job, "variant": variant, "options": options, "heard": len(heard), "part": part}
        row |= _figures(judged(pairs, unheard, [told[n] for n in part]), unheard)
        row["typical"] = _typical(judged(pairs, typical, [""] * len(typical)), typical)
        row |= {"reading": reading * len(heard), "fitting": fitted - began, "judging": time.process_time() - fitted}
        row |= {"losses": losses}
        results.keep(row)
        was = sum(known["errors"][n] for n in part) / max(1, sum(row["words"]))
        now = sum(row["errors"]) / max(1, sum(row["words"]))
        yield f"{name} {variant} {job}: {100 * was:.1f} -> {100 * now:.1f} %, {fitted - began:.0f} s of processor time"


def _by_number(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What was wrong before: errors and loops by the utterance's number, and typical speech."""
    found: dict[str, Any] = {"errors": {}, "loops": {}, "plain": {}, "typical": rows[-1]["typical"]}
    for row in rows:
        for name in ("errors", "loops", "plain"):
            found[name].update(zip(row["part"], row[name], strict=True))
    return found


def _after_epoch(listener: Listener, examples: list[Example], losses: list[float]) -> Any:
    if not losses:
        losses.append(heldout_loss(listener, examples, {}))
    return lambda epoch, lora: losses.append(heldout_loss(listener, examples, lora))


def _figures(judged: Judged, corrections: Sequence[Correction]) -> dict[str, list[float]]:
    """Per utterance, with Whisper's normaliser: words, errors, and errors counted at most once a word."""
    counts = score([correction.text for correction in corrections], list(judged.texts)).counts
    return {
        "words": counts.words.tolist(),
        "errors": counts.errors.tolist(),
        "clipped": counts.clipped.tolist(),
        "loops": counts.loops.tolist(),
    }


def _typical(judged: Judged, typical: Sequence[Correction]) -> list[float]:
    """Errors and words on typical speech."""
    counts = score([correction.text for correction in typical], list(judged.texts)).counts
    return [float(counts.errors.sum()), float(counts.words.sum())]


# -- the report ---------------------------------------------------------------------


def report(rows: Sequence[dict[str, Any]]) -> str:
    """Tables, Markdown: one line for every variant, setting and size, people pooled."""
    before: defaultdict[_Run, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["kind"] == BEFORE:
            before[_run_of(row)].append(row)
    plain = {who: _by_number(found) for who, found in before.items()}
    groups: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["kind"] == BEFORE:
            continue
        size = f"cross-validated, {row['folds']} folds" if row["kind"] == CROSS else f"{row['size']:4d} utterances"
        settings = _settings(row["options"], row["variant"])
        how = (row["variant"], settings, *_run_of(row)[1:])
        groups[*how, size].append(row)
        if row["kind"] == CROSS:
            groups[*how, f"{size}: {row['person']}"].append(row)
    lines = [
        "| learns | settings | learnt from | people | utterances judged | WER before | WER after | fewer errors "
        "(relative, 95 %) | plain Whisper's WER, fewer errors than that | loops before, after | "
        "typical before, after | fit, s of processor time |",
        "|" + "---|" * 12,
    ]
    for (variant, settings, network, size), found in sorted(groups.items(), key=str):
        what = f"{variant}{'' if network else ', no hypernetwork'}"
        whole = size if not _incomplete(found) else f"{size} (incomplete)"
        lines.append(_line(what, settings, whole, found, plain))
    return "\n".join(lines) + "\n"


_Run = tuple[str, bool]  # who, with the hypernetwork


def _run_of(row: dict[str, Any]) -> _Run:
    return row["person"], row["network"]


def _incomplete(rows: Sequence[dict[str, Any]]) -> bool:
    folds: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row["kind"] == CROSS:
            folds[row["person"]].add(row["fold"])
    return any(len(seen) < rows[0]["folds"] for seen in folds.values())


def _settings(options: dict[str, Any], variant: str) -> str:
    """What differs from the defaults."""
    known = asdict(LearnOptions()) | ({"first_layer": options["first_layer"]} if variant == "decoder" else {})
    unused = {"folds", "worth", "typical"}  # of these figures
    if variant == "encoder" and tuple(options["targets"]) != ENCODER:
        known["targets"] = None
    else:
        unused.add("targets")
    changes = [(name, value) for name, value in options.items() if name not in unused and value != known.get(name)]
    return ", ".join(f"{name} {value}" for name, value in changes) or "default"


def _line(
    variant: str,
    settings: str,
    size: str,
    rows: Sequence[dict[str, Any]],
    known: dict[_Run, dict[str, Any]],
) -> str:
    speakers, words, old, new, plain, loops_old, loops_new = [], [], [], [], [], 0.0, 0.0
    typical = np.zeros((2, 2))
    for row in rows:
        was = known[_run_of(row)]
        speakers += [row["person"]] * len(row["part"])
        words += row["words"]
        old += [was["errors"][n] for n in row["part"]]
        new += row["errors"]
        plain += [was["plain"][n] for n in row["part"]]
        loops_old += sum(was["loops"][n] for n in row["part"])
        loops_new += sum(row["loops"])
        typical += [was["typical"], row["typical"]]
    names = {name: number for number, name in enumerate(dict.fromkeys(speakers))}
    weights = bootstrap_weights(np.array([names[name] for name in speakers]), 1000)
    sums = np.vstack([np.ones(len(words)), weights]) @ np.array([words, old, new, plain]).T
    n_words, n_old, n_new, n_plain = sums.T
    against = f"{100 * n_plain[0] / n_words[0]:.1f} %, {_fewer(n_plain, n_new)}"
    return (
        f"| {variant} | {settings} | {size} | {len(names)} | {len(words)} | {100 * n_old[0] / n_words[0]:.1f} % | "
        f"{100 * n_new[0] / n_words[0]:.1f} % | {_fewer(n_old, n_new)} | {against} | "
        f"{loops_old:.0f}, {loops_new:.0f} | {100 * typical[0, 0] / typical[0, 1]:.1f}, "
        f"{100 * typical[1, 0] / typical[1, 1]:.1f} % | {np.mean([row['fitting'] for row in rows]):.0f} |"
    )


def _fewer(before: Floats, after: Floats) -> str:
    """How many errors fewer, relative, with its interval; the first of the sums are the figures, the others draws."""
    relative = (before - after) / np.maximum(before, 1)
    low, high = np.quantile(relative[1:], [0.025, 0.975])
    return f"{100 * relative[0]:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


if __name__ == "__main__":
    sys.exit(main())
