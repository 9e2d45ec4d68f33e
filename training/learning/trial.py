"""One run of learning: judged fold by fold, then fitted to everything, and kept only where it helps.

Every part of the corrections is judged by a fit on all the others, through the whole engine
as in dictation. Where that is better, a last fit hears all of them, which is what is kept: it has heard more than any
that was judged, and must do no harm to typical speech.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ModelError
from engine.hypernetwork import Hypernetwork
from engine.learned import FEWEST, FOLDER, take
from engine.options import EngineOptions, TranscribeOptions
from engine.paths import assets_dir
from engine.profile import Residual
from training.learning.corrections import Correction, folds_of, read_corrections, usable
from training.learning.options import LearnError, LearnOptions
from training.learning.stages import Stages, fingerprint

if TYPE_CHECKING:
    from training.learning.fitting import Start

Progress = Callable[[float, str], None]
BETTER, NO_GAIN, HARMFUL = "better", "no gain", "harmful"
# Shares of the whole run, by measurement: the start, reading, then every fold's fit with its judging and the last fit.
_BEFORE, _READ, _TYPICAL = 0.08, 0.15, 0.03


@dataclass(frozen=True)
class Result:
    """What a run brought. Rates are fractions of wrong words, on corrections not heard in training.

    ``reason``: "better", and only then something changed; "no gain"; "harmful" to typical speech.
    """

    reason: str
    utterances: int
    before: float
    after: float
    typical_before: float
    typical_after: float
    sentence: str
    seconds: float
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> bool:
        return self.reason == BETTER


def learn(
    profile: Path,
    model: Path,
    base_sha256: str,
    manifest: Path,
    hypernetwork: str = "auto",
    options: LearnOptions | None = None,
    on_progress: Progress = lambda share, what: None,
    cancelled: Callable[[], bool] = lambda: False,
    threads: int = 0,
    language: str | None = "en",
) -> Result:
    """Fit a residual for ``profile`` from the corrections in ``manifest``; keep it only if it helps.

    ``hypernetwork``: as in ``EngineOptions``. ``language``: None for the one that most of them are spoken in.

    Whatever happens, what the profile had stays until something better is written; that one
    can then be taken back with ``engine.learned.undo``.

    Raises:
        LearnError: too few usable corrections, or torch is not installed.
        HypernetworkError: the hypernetwork cannot be used.
        Cancelled: ``cancelled`` said so; calling again goes on.
        StorageError: the disk is full.
    """
    options, started = options or LearnOptions(), time.monotonic()
    corrections, left = read_corrections(manifest)
    if len(corrections) < FEWEST:
        raise LearnError(_too_few(len(corrections), left))
    try:
        import torch

        from engine.transcriber import find_hypernetwork
        from training.evaluate import told_before
        from training.learning.fitting import Pairs, fit, named
        from training.learning.judging import Judged, judge
        from training.learning.start import shipped_start
        from training.learning.views import Listener, language_of
    except ImportError as error:
        raise MissingPartError() from error
    if threads:
        torch.set_num_threads(threads)
    on_progress(0.0, "Reading the corrections")
    network = find_hypernetwork(hypernetwork, base_sha256)
    language = language or language_of(model, corrections, threads)
    listener = Listener(model, network, options, language, threads)
    held_clips, typical = typical_speech()
    engine = EngineOptions(str(model), "cpu", threads=threads, hypernetwork=hypernetwork)
    listening = TranscribeOptions(language=language)
    told = [told_before([earlier.text for earlier in corrections[:n]]) for n in range(len(corrections))]

    def judged_on(pairs: Pairs | None, unheard: list[int]) -> Judged:
        said = [corrections[n] for n in unheard]
        return judge(engine, pairs, said, [told[n] for n in unheard], listening, cancelled)[0]

    def judged_on_typical(pairs: Pairs | None) -> Judged:
        return judge(engine, pairs, typical, [""] * len(typical), listening, cancelled)[0]

    start = shipped_start(base_sha256, listener.whisper)
    stages = Stages(profile / FOLDER, fingerprint(base_sha256, corrections, options, _mark(network, start)))

    before = stages.get("before")
    if before is None:
        own, others = judged_on(None, list(range(len(corrections)))), judged_on_typical(None)
        before = stages.keep("before", {"errors": own.errors, "words": own.words, "typical": others.rate})
    on_progress(_BEFORE, "Reading the corrections")
    examples = listener.examples(
        corrections, True, lambda s: on_progress(_BEFORE + (_READ - _BEFORE) * s, "Reading the corrections"), cancelled
    )
    held = listener.examples(held_clips, False)

    parts = folds_of(len(corrections), options.parts(len(corrections)), options.seed)
    each = (1 - _READ - _TYPICAL) / len(parts)  # of the run: a fit to all, for a fold needs that much less

    def fitted(stage: str, heard: list[int], share: float, of: float) -> Pairs:
        pairs = stages.fit(stage)
        if pairs is None:
            chosen = [examples[n] for n in heard]
            lora = fit(
                listener, chosen, held, lambda s: on_progress(share + of * s, "Learning"), cancelled, start=start
            )
            pairs = named(listener.whisper, lora)
            stages.keep_fit(stage, pairs)
        return pairs

    errors, words = np.zeros(len(corrections)), np.array(before["words"], dtype=np.float64)
    for number, part in enumerate(parts):
        of = each * (len(parts) - 1) / len(parts)
        share = _READ + of * number
        judged = stages.get(f"fold-{number}")
        if judged is None:
            pairs = fitted(f"fold-{number}", [n for n in range(len(examples)) if n not in part], share, 0.8 * of)
            on_progress(share + 0.8 * of, "Trying it out on corrections it has not heard")
            judged = stages.keep(f"fold-{number}", {"errors": judged_on(pairs, part).errors})
        errors[part] = judged["errors"]
    was, now = (float(e.sum() / max(1.0, words.sum())) for e in (np.array(before["errors"], dtype=np.float64), errors))
    typical_was = typical_now = float(before["typical"])
    reason = verdict(was, now, typical_was, typical_now, options)
    if reason == BETTER:
        whole = fitted("whole", list(range(len(examples))), 1 - _TYPICAL - each, each)
        on_progress(1 - _TYPICAL, "Trying it out on typical speech")
        typical_now = judged_on_typical(whole).rate
        reason = verdict(was, now, typical_was, typical_now, options)
    if reason == BETTER:
        facts = {
            "utterances": len(corrections), "before": was, "after": now, "typical_before": typical_was,
            "typical_after": typical_now, "model": model.name, "options": asdict(options),
        }  # fmt: skip
        take(profile, Residual(base_sha256, whole, facts))
    stages.clear()
    on_progress(1.0, "Done")
    return Result(
        reason, len(corrections), was, now, typical_was, typical_now, sentence_of(reason, len(corrections), was, now),
        time.monotonic() - started, left,
    )  # fmt: skip


class MissingPartError(LearnError):
    """torch is not installed."""

    def __init__(self) -> None:
        super().__init__("Learning needs a part that is not installed: install idiolect[training].")


def verdict(before: float, after: float, typical_before: float, typical_after: float, options: LearnOptions) -> str:
    """Whether what was learnt is taken, and why not."""
    if not before > 0 or (before - after) / before < options.worth:
        return NO_GAIN
    return BETTER if typical_after <= typical_before + options.typical else HARMFUL


def sentence_of(reason: str, utterances: int, before: float, after: float) -> str:
    """What the person is told."""
    if reason == BETTER:
        return (
            f"Learned from {utterances} corrections: on sentences it had not heard, {100 * before:.0f} wrong words "
            f"in a hundred became {100 * after:.0f}."
        )
    if reason == HARMFUL:
        return "Nothing was changed: what was learned would have made other speech worse. More corrections may help."
    return (
        f"Nothing was changed: on sentences it had not heard, learning brought no clear gain "
        f"({100 * before:.0f} wrong words in a hundred before, {100 * after:.0f} after). More corrections may help."
    )


def typical_speech() -> tuple[list[Correction], list[Correction]]:
    """Typical speech that a residual must leave alone: what the fit hears, and other people for the judging.

    Raises:
        ModelError: the recordings are missing from this installation.
    """
    from training.manifest import read_manifest

    manifest = assets_dir() / "typical" / "manifest.jsonl"
    found = read_manifest(manifest) if manifest.exists() else []
    people = sorted({utterance.speaker for utterance in found})
    heard, others = (usable([u for u in found if people.index(u.speaker) % 2 == n])[0] for n in (0, 1))
    if not heard or not others:
        raise ModelError(f"The recordings of Idiolect are missing from {assets_dir()}: install Idiolect again.")
    return heard, others


def _too_few(count: int, left: dict[str, int]) -> str:
    there = {0: "There are no corrections", 1: "There is 1 correction"}.get(count, f"There are {count} corrections")
    why = "".join(f" {number} left out: {reason}." for reason, number in left.items())
    return f"{there} to learn from, and at least {FEWEST} are needed: correct some more and try again.{why}"


def _mark(network: Hypernetwork | None, start: Start) -> str:
    import hashlib

    digest = hashlib.sha256()
    for name in sorted(network.tensors) if network else ():
        digest.update(np.ascontiguousarray(network.tensors[name]).tobytes())
    for name in sorted(start):
        for part in start[name]:
            digest.update(part.numpy().tobytes())
    return digest.hexdigest()
