"""Tables and plots of an evaluation: one JSON, one Markdown file, PNG plots.

Every figure comes with its 95 % bootstrap interval over speakers (``training.score``), and
every system is compared with zero-shot Whisper at 30 s pair by pair.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.paths import write_private
from training.evaluate import ENGINE, SHORT_CONTEXT, ZERO_SHOT, EvaluationError, read_rows
from training.manifest import Utterance
from training.score import Comparison, Interval, Meaning, Score, by_group, compare, score
from training.states import utterance_key

BINS = ((0.0, 1 / 3, "mild"), (1 / 3, 2 / 3, "moderate"), (2 / 3, 1.01, "severe"))


PEOPLE = ("known people, new sentences", "new people, known cohorts", "new people, new cohorts")
Chosen = Mapping[str, Callable[[Utterance], str]]


@dataclass(frozen=True)
class Report:
    """Scores of every system on the utterances that all of them have decoded.

    ``trained`` are the cohorts of training (none: not known), ``weights`` the share of Whisper's
    weights that a system adapts, ``transfer`` the systems that are the LoRA of one cohort.
    """

    utterances: list[Utterance]
    scores: dict[str, Score]
    rows: dict[str, list[dict[str, Any]]]
    trained: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)
    transfer: tuple[str, ...] = ()

    @property
    def baseline(self) -> str:
        return ZERO_SHOT if ZERO_SHOT in self.scores else next(iter(self.scores))

    def groups(self, kind: str) -> list[str | None]:
        """The label of every utterance: its cohort, severity bin, speaker, split, or whether training knows them."""
        if kind == "severity":
            return [_bin(utterance.severity) for utterance in self.utterances]
        if kind == "people":
            return [_people(utterance, self.trained) if self.trained else None for utterance in self.utterances]
        return [getattr(utterance, kind) for utterance in self.utterances]


def make_report(
    utterances: Sequence[Utterance], out: Path, meaning: Meaning | None = None,
    names: Sequence[str] | None = None, chosen: Chosen = MappingProxyType({}), **more: Any,
) -> Report:  # fmt: skip
    """Score what ``training.evaluate`` left in ``out``.

    ``names``: only these systems, in this order. ``chosen`` makes further systems that take, for
    every utterance, the text of the system that a function names. ``more``: see ``Report``.

    Raises:
        EvaluationError: no utterance has been decoded by every system.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {}
    marks: dict[str, str] = {}
    for row in read_rows(out):
        if marks.get(row["name"]) != row["system"]:  # the newest weights of a name count
            marks[row["name"]] = row["system"]
            found[row["name"]] = {}
        found[row["name"]][row["key"]] = row
    if names is not None:
        found = {name: found[name] for name in names if name in found}
    known = [u for u in utterances if found and all(utterance_key(u) in texts for texts in found.values())]
    if not known:
        raise EvaluationError(f"There is nothing to report in {out}: run the evaluation first.")
    rows = {name: [texts[utterance_key(u)] for u in known] for name, texts in found.items()}
    for name, choice in chosen.items():
        rows[name] = [found[choice(u)][utterance_key(u)] for u in known]
    references, speakers = [u.text for u in known], [u.speaker for u in known]
    verbatim = [u.verbatim for u in known] if any(u.verbatim for u in known) else None
    scores = {
        name: score(references, [row["text"] for row in decoded], speakers, verbatim, meaning)
        for name, decoded in rows.items()
    }
    return Report(known, scores, rows, **more)


def write_report(report: Report, out: Path, title: str, notes: Sequence[str] = ()) -> Path:
    """Write ``report.json``, ``report.md`` and ``wer.png`` into ``out``; returns the Markdown file."""
    write_private(out / "report.json", (json.dumps(as_json(report), indent=1) + "\n").encode())
    plotted = _plot(report, out / "wer.png")
    path = out / "report.md"
    write_private(path, markdown(report, title, notes, "wer.png" if plotted else None).encode())
    return path


def markdown(report: Report, title: str, notes: Sequence[str] = (), picture: str | None = None) -> str:
    """All tables as Markdown."""
    first = next(iter(report.scores.values()))
    lines = [f"# {title}", ""]
    lines += [f"{first.utterances} utterances of {first.speakers} people, {first.words} words. "
              "Intervals: 95 %, bootstrap over speakers and their utterances. "
              "Differences are pair by pair with the same draws; negative means fewer errors."]  # fmt: skip
    lines += ["", *notes, ""] if notes else [""]
    if picture:
        lines += [f"![Word error rate by cohort]({picture})", ""]
    lines += ["## All utterances", "", *_overall(report), ""]
    lines += ["## Against " + report.baseline, "", *_against(report), ""]
    kinds = (("people", "Known and new people"), ("cohort", "By cohort"), ("severity", "By severity"))
    for kind, heading in kinds:
        if len({g for g in report.groups(kind) if g is not None}) > (0 if kind == "severity" else 1):
            lines += [f"## {heading}: WER", "", *_by(report, kind), ""]
            lines += [f"## {heading}: relative WER reduction", "", *_by(report, kind, relative=True), ""]
    if report.transfer:
        lines += ["## From cohort to cohort", "", *_transfer(report), ""]
    if len(set(report.groups("speaker"))) <= 40:
        lines += ["## By speaker: WER", "", *_by(report, "speaker"), ""]
    if ENGINE in report.rows:
        lines += ["## The engine's weighing", "", *_weighing(report), ""]
    return "\n".join(lines).rstrip() + "\n"


def _overall(report: Report) -> list[str]:
    has_meaning = all(s.meaning is not None for s in report.scores.values())
    heads = ["system", *(["weights adapted"] if report.weights else []), "WER", "clipped WER", "CER"]
    table = [[*heads, *(["meaning"] if has_meaning else []), "loops", "runaways", "s per utterance"]]
    for name, s in report.scores.items():
        if name in report.transfer:
            continue
        seconds = float(np.median([row["seconds"] for row in report.rows[name]]))
        meaning = [f"{s.meaning.value:.3f}"] if has_meaning and s.meaning is not None else []
        weights = [percent(report.weights.get(name, 0.0))] if report.weights else []
        rates = [str(s.wer), str(s.clipped), str(s.cer)]
        table.append([name, *weights, *rates, *meaning, str(s.loops), str(s.runaways), f"{seconds:.2f}"])
    return _table(table)


def _transfer(report: Report) -> list[str]:
    """Relative WER reduction on every cohort of new people with the LoRA of each cohort of training."""
    cohorts = report.groups("cohort")
    new = [label if u.split != "train" else None for label, u in zip(cohorts, report.utterances, strict=True)]
    names = sorted({name for name in new if name is not None})
    against = SHORT_CONTEXT if SHORT_CONTEXT in report.scores else report.baseline
    base = by_group(report.scores[against], new)
    table = [["trained on", *(f"{name} ({new.count(name)})" for name in names)]]
    for system in report.transfer:
        parts = by_group(report.scores[system], new)
        cells = [compare(base[name], parts[name]).relative for name in names]
        table.append([system, *(str(cell) if np.isfinite(cell.value) else "–" for cell in cells)])
    return [f"Relative WER reduction against {against}, new people only.", "", *_table(table)]


def _against(report: Report) -> list[str]:
    table = [["system", "relative WER reduction", "relative, clipped", "WER difference", "loops per 100"]]
    base = report.scores[report.baseline]
    for name, s in report.scores.items():
        if name != report.baseline and name not in report.transfer:
            c = compare(base, s)
            table.append([name, str(c.relative), str(c.relative_clipped), str(c.wer), str(c.loops)])
    others = [n for n in report.scores if n not in (report.baseline, SHORT_CONTEXT, *report.transfer)]
    lines = _table(table)
    if len(others) > 1:
        lead = others[0]
        rows = [[f"{lead} against", "WER difference", "relative WER reduction"]]
        for name in others[1:]:
            c = compare(report.scores[name], report.scores[lead])
            rows.append([name, str(c.wer), str(c.relative)])
        lines += ["", *_table(rows)]
    return lines


def _by(report: Report, kind: str, relative: bool = False) -> list[str]:
    labels = report.groups(kind)
    names = list(dict.fromkeys(sorted(str(g) for g in labels if g is not None)))
    if kind == "severity":
        names = [name for _, _, name in BINS if name in names]
    counts = {name: labels.count(name) for name in names}
    hidden = {*report.transfer, *([report.baseline] if relative else [])}
    systems = [name for name in report.scores if name not in hidden]
    table = [["system", *(f"{name} ({counts[name]})" for name in names)]]
    base = by_group(report.scores[report.baseline], labels)
    for system in systems:
        parts = by_group(report.scores[system], labels)
        cells = []
        for name in names:
            shown: Interval = compare(base[name], parts[name]).relative if relative else parts[name].wer
            cells.append(str(shown) if np.isfinite(shown.value) else "–")
        table.append([system, *cells])
    return _table(table)


def _weighing(report: Report) -> list[str]:
    rows = report.rows[ENGINE]
    kept = np.array([row.get("strength", 0.0) for row in rows])
    both = float(np.mean([bool(row.get("decoded_both")) for row in rows]))
    return [
        f"Full strength in {100 * float(np.mean(kept >= 0.99)):.0f} %, weaker in "
        f"{100 * float(np.mean((kept > 0) & (kept < 0.99))):.0f} %, none in {100 * float(np.mean(kept == 0)):.0f} % "
        f"of the utterances; decoded more than once in {100 * both:.0f} %."
    ]


def percent(share: float) -> str:
    """A share of very different sizes, to two digits: 0.00095 is 0.095 %."""
    return f"{np.format_float_positional(100 * share, precision=2, fractional=False, trim='-')} %"


def _table(rows: list[list[str]]) -> list[str]:
    head, *body = rows
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in body]


def _people(utterance: Utterance, trained: frozenset[str]) -> str:
    if utterance.split == "train":
        return PEOPLE[0]
    return PEOPLE[1] if utterance.cohort in trained else PEOPLE[2]


def _bin(severity: float | None) -> str | None:
    if severity is None:
        return None
    return next(name for low, high, name in BINS if low <= severity < high)


def as_json(report: Report) -> dict[str, Any]:
    """Every figure of the tables, rates as fractions with their intervals."""
    base = report.scores[report.baseline]
    result: dict[str, Any] = {"baseline": report.baseline, "systems": {}}
    for name, s in report.scores.items():
        entry: dict[str, Any] = _score_json(s)
        if name != report.baseline:
            entry["against_baseline"] = _comparison_json(compare(base, s))
        for kind in ("cohort", "severity", "people", "speaker"):
            labels = report.groups(kind)
            entry[f"by_{kind}"] = {str(k): _score_json(v) for k, v in by_group(s, labels).items()}
        entry["seconds_median"] = float(np.median([row["seconds"] for row in report.rows[name]]))
        result["systems"][name] = entry
    return result


def _score_json(s: Score) -> dict[str, Any]:
    rates = {name: _interval_json(getattr(s, name)) for name in ("wer", "clipped", "better", "cer", "meaning")}
    counts = ("utterances", "speakers", "words", "loops", "runaways", "substitutions", "deletions", "insertions")
    return {**rates, **{name: getattr(s, name) for name in counts}}


def _comparison_json(c: Comparison) -> dict[str, Any]:
    names = ("wer", "relative", "clipped", "relative_clipped", "cer", "loops")
    return {name: _interval_json(getattr(c, name)) for name in names}


def _interval_json(interval: Interval | None) -> list[float] | None:
    if interval is None or not np.isfinite(interval.value):
        return None
    return [round(float(x), 5) for x in (interval.value, interval.low, interval.high)]


def _plot(report: Report, path: Path) -> bool:
    """WER by cohort and system, with intervals; errors clipped, for one text that loops would hide all others."""
    import io

    try:
        from matplotlib.figure import Figure
    except ImportError:
        return False
    labels = report.groups("cohort")
    cohorts = sorted({str(label) for label in labels})
    shown = [name for name in report.scores if "," not in name and name not in report.transfer][:7]
    figure = Figure(figsize=(1.6 + 1.5 * len(cohorts), 3.6), layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(shown)
    for number, name in enumerate(shown):
        parts = by_group(report.scores[name], labels)
        values = np.array([100 * parts[c].clipped.value for c in cohorts])
        low = values - np.array([100 * parts[c].clipped.low for c in cohorts])
        high = np.array([100 * parts[c].clipped.high for c in cohorts]) - values
        x = np.arange(len(cohorts)) + (number - (len(shown) - 1) / 2) * width
        axes.bar(x, values, width * 0.92, yerr=np.maximum([low, high], 0), label=name, error_kw={"linewidth": 0.8})
    axes.set_xticks(np.arange(len(cohorts)), cohorts)
    axes.set_ylabel("word error rate, clipped, %")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    write_private(path, buffer.getvalue())
    return True
