"""The tables of a sweep: its plans with losses and error rates, and all methods side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.hypernetwork import load_hypernetwork
from engine.models import locate
from engine.paths import write_private
from training import whisper
from training.evaluate import SHORT_CONTEXT, ZERO_SHOT, System
from training.individual import IndividualOptions, individual_loras, read_loras
from training.report import Report, as_json, make_report, percent, write_report
from training.score import DRAWS, Meaning, bootstrap_weights, by_group
from training.sweep import (
    COHORT,
    FULL,
    GLOBAL,
    INDIVIDUAL,
    LORA_OF,
    PLANS,
    Data,
    Fit,
    SweepOptions,
    decode,
    load_data,
    main_runs,
    run_fits,
    texts,
)

INDIVIDUALS = IndividualOptions()


def run_plan(name: str, options: SweepOptions, tell: Callable[[str], None] = print) -> Path:
    """Fit, decode and tabulate one of ``PLANS``: ``NAME.md`` and ``NAME.json`` in the sweep's folder."""
    data, states = load_data(options)
    fits = []
    for fitted in run_fits(PLANS[name](options), data, states, options):
        tell(f"{fitted.run.name}: development loss {fitted.development:.4f}, {fitted.seconds:.0f} s of processor time")
        fits.append(fitted)
    for done, total in decode(fits, data, options, whole=False):
        if done % 50 < len(fits):
            tell(f"{done} of {total} texts")
    frozen = whisper.load(locate(options.model))
    names = [SHORT_CONTEXT, *(fit.run.name for fit in fits)]
    report = make_report(data.utterances, texts(options), names=names)
    path = options.out / f"{name}.md"
    write_private(path, ("\n".join(sweep_table(fits, data, report, frozen.parameters)) + "\n").encode())
    rows = [{"name": f.run.name, "recipe": asdict(f.run.recipe), "development": f.development} for f in fits]
    write_private(options.out / f"{name}.json", json.dumps({"fits": rows, **as_json(report)}, indent=1).encode())
    return path


def run_main(
    options: SweepOptions, hypernetworks: Mapping[str, Path] = MappingProxyType({}),
    individual: IndividualOptions = INDIVIDUALS, meaning: Meaning | None = None,
    tell: Callable[[str], None] = print,
) -> Path:  # fmt: skip
    """The whole table: every method, every set of people, into ``main/report.md``.

    ``hypernetworks``: finished ones by their name in the table, in place of the plan's own.
    """
    data, states = load_data(options)
    model = locate(options.model)
    runs = [r for r in main_runs(options, data.cohorts) if not (hypernetworks and r.recipe.method == "hypernetwork")]
    fits = []
    for fitted in run_fits(runs, data, states, options):
        tell(f"{fitted.run.name}: development loss {fitted.development:.4f}, {fitted.seconds:.0f} s of processor time")
        fits.append(fitted)
    folder = options.out / f"individual-{hashlib.sha256(repr(individual).encode()).hexdigest()[:8]}"
    keys = [item.row.key for item in data.judged]
    for done, people in individual_loras(keys, data.others, states, model, folder, individual):
        tell(f"{INDIVIDUAL}: {done} of {people} people")
    given = {name: load_hypernetwork(path) for name, path in hypernetworks.items()}
    more = [System(name, network) for name, network in given.items()]
    more.append(System(INDIVIDUAL, loras=read_loras(folder, individual)))
    for done, total in decode(fits, data, options, more):
        if done % 50 < len(fits) + len(more) + 2:
            tell(f"{done} of {total} texts")
    frozen = whisper.load(model)
    weights = {fit.run.name: fit.parameters / frozen.parameters for fit in fits}
    weights |= {name: network.parameters_per_utterance / frozen.parameters for name, network in given.items()}
    weights[INDIVIDUAL] = weights[COHORT] = weights[GLOBAL]
    transfer = tuple(LORA_OF.format(cohort) for cohort in data.cohorts)
    own = [name for name in weights if name not in (INDIVIDUAL, COHORT, GLOBAL, FULL, *transfer)]
    report = make_report(
        data.utterances, texts(options), meaning, [ZERO_SHOT, SHORT_CONTEXT, *own, GLOBAL, INDIVIDUAL, FULL, *transfer],
        {COHORT: lambda u: LORA_OF.format(u.cohort) if u.cohort in data.cohorts else GLOBAL},
        trained=frozenset({*data.cohorts, "typical"}), weights=weights, transfer=transfer,
    )  # fmt: skip
    people = {item.utterance.speaker for item in data.train}
    notes = [
        f"Trained on {len(data.train)} utterances of {len(people)} people ({', '.join(data.cohorts)} and typical). "
        f"The {COHORT} is that of the speaker's cohort, for typical speech and new cohorts the {GLOBAL}; the "
        f"{INDIVIDUAL} of each utterance is fitted on other utterances of the same person "
        f"({individual.folds} parts, {individual.steps} steps). {FULL.capitalize()} changes all weights of the "
        "decoder's layers: an upper bound, not at the same budget."
    ]
    return write_report(report, options.out / "main", f"Methods at the same budget, Whisper {options.model}", notes)


def sweep_table(fits: Sequence[Fit], data: Data, report: Report, parameters: int) -> list[str]:
    """One row a fit: budget, loss and WER of new people, differences in loss from the first row pair by pair."""
    new = data.test
    speakers = np.unique([item.utterance.speaker for item in new], return_inverse=True)[1]
    draws = bootstrap_weights(speakers.astype(np.int64), DRAWS)
    cohorts = np.array([item.utterance.cohort for item in new])

    def losses(of: Fit, mask: NDArray[np.bool_]) -> tuple[float, NDArray[np.float64]]:
        found = np.array([of.losses.get(item.row.key, (0.0, 0)) for item in new]) * mask[:, None]
        drawn = draws @ found
        return float(found[:, 0].sum() / max(1, found[:, 1].sum())), drawn[:, 0] / np.maximum(1, drawn[:, 1])

    everybody, typical = np.ones(len(new), dtype=bool), cohorts == "typical"
    lines = [
        "| what | weights adapted | loss, new people | change of loss against the first row | loss, typical "
        "| WER, atypical | WER, typical |",
        "|---|---|---|---|---|---|---|",
    ]
    labels = [
        None if u.split == "train" else "typical" if u.cohort == "typical" else "atypical" for u in report.utterances
    ]
    parts = by_group(report.scores[SHORT_CONTEXT], labels)
    lines.append(f"| not adapted | 0 | | | | {parts['atypical'].wer} | {parts['typical'].wer} |")
    first = losses(fits[0], everybody)[1]
    for done in fits:
        value, drawn = losses(done, everybody)
        low, high = np.quantile(drawn / first - 1, [0.025, 0.975])
        change = f"{100 * (value / losses(fits[0], everybody)[0] - 1):+.1f} % ({100 * low:+.1f} to {100 * high:+.1f})"
        rates = ["–", "–"]
        if done.run.name in report.scores:
            parts = by_group(report.scores[done.run.name], labels)
            rates = [str(parts["atypical"].wer), str(parts["typical"].wer)]
        cells = [
            done.run.name,
            percent(done.parameters / parameters),
            f"{value:.4f}",
            change,
            f"{losses(done, typical)[0]:.4f}",
            *rates,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines
