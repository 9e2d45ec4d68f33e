"""What a language model's say should count between readings: wrong words by weight, on any manifest.

    python -m benchmarks.rescoring --manifest FILE [--split dev test] [--only PREFIX] [--limit N] [--doubts -0.2 -0.1]
        [--weights 0.2 0.3] [--words 0 0.5] [--fewer 0 1] [--agains -0.395 -0.3] [--alone]

Every utterance goes through the whole engine, whose readings are kept, and what was said before with them (of the same
person, as their file names count; ``--alone``: nothing). The rules of ``engine.rescoring`` are then tried on those:
asked below ``--doubts``; ``--weights`` and ``--words`` in nats; ``--fewer`` words may be left out; ``--agains``: below
which score the practised encoder is asked. Errors of an utterance count at most once per word; typical speech stands
apart. "the right one": of all readings that with the fewest errors.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import OptionError
from engine.options import EngineOptions
from engine.rescoring import Reading, Rescoring, best_reading
from engine.transcriber import Transcriber
from training.command import guarded
from training.evaluate import in_turn
from training.manifest import Utterance, read_manifest
from training.score import score


@dataclass(frozen=True)
class Heard:
    """An utterance's readings, that first which is kept without a language model, and each one's likelihood."""

    said: Utterance
    sure: float  # the first decoding's average log-probability
    readings: list[Reading]
    likelihoods: dict[str, float]

    def kept(self, rules: Rescoring) -> str:
        def known(texts: Sequence[str], before: str) -> NDArray[np.float64]:
            return np.array([self.likelihoods[text] for text in texts])

        place = best_reading(self.readings, known, "", rules) if self.sure < rules.doubt else 0
        return self.readings[place].text


class Listener(Transcriber):
    """Keeps the readings of the last utterance instead of choosing among them."""

    sure = 0.0
    readings: tuple[Reading, ...] = ()

    def _reread(self, chosen, decodings, options, seconds, hot):  # type: ignore[no-untyped-def]
        found = self._readings(chosen, decodings, options, seconds, hot)
        self.sure = decodings[0].score
        self.readings = tuple(Reading(text, one.logprob) for _, one, text in found)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Rescoring()
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto")
    parser.add_argument("--split", nargs="*", help="only these splits")
    parser.add_argument("--only", default="", help="only people whose names begin so")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--doubts", nargs="*", type=float, default=[usual.doubt])
    parser.add_argument("--weights", nargs="*", type=float, default=[usual.weight])
    parser.add_argument("--words", nargs="*", type=float, default=[usual.word])
    parser.add_argument("--fewer", nargs="*", type=int, default=[usual.fewer])
    parser.add_argument("--agains", nargs="*", type=float, default=[])
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args(argv)
    return guarded(lambda: _tables(args))


def _tables(args: argparse.Namespace) -> int:
    engine = Listener(EngineOptions(model=args.model, threads=args.threads, hypernetwork=args.hypernetwork))
    if engine._language_model is None:
        raise OptionError("There is no language model here: run 'idiolect models fetch language'.")
    chosen = [
        one
        for one in read_manifest(args.manifest)
        if (not args.split or one.split in args.split) and one.speaker.startswith(args.only)
    ][: args.limit or None]
    if not chosen:
        raise OptionError(f"{args.manifest} has no such utterances.")
    print("| heard again below | asked below | weight | word | fewer | wrong words | WER, clipped | typical |")
    print("|---|---|---|---|---|---|---|---|")
    for again in args.agains or [engine.weighing.again]:
        engine.weighing = replace(engine.weighing, again=again)
        heard = listen(engine, chosen, args.alone)
        right = [min(one.readings, key=_errors_of(one)).text for one in heard]
        _row(f"{again:g} | never | | |", heard, [one.readings[0].text for one in heard])
        _row(f"{again:g} | the right one | | |", heard, right)
        for doubt, weight, word, fewer in product(args.doubts, args.weights, args.words, args.fewer):
            rules = Rescoring(doubt, weight, word, fewer)
            cells = f"{again:g} | {doubt:g} | {weight:g} | {word:g} | {fewer}"
            _row(cells, heard, [one.kept(rules) for one in heard])
    return 0


def listen(engine: Listener, chosen: Sequence[Utterance], alone: bool) -> list[Heard]:
    """Every utterance's readings. What was said before is what the engine keeps without a language model."""
    engine.rescoring = Rescoring(doubt=0.0)  # always asked
    before: defaultdict[str, str] = defaultdict(str)
    found = []
    assert engine._language_model is not None
    for one in in_turn(chosen):
        engine.sure, engine.readings = 0.0, ()
        text = engine.transcribe(one.audio).text
        readings = list(engine.readings) or [Reading(text, 0.0)]
        texts = list(dict.fromkeys(reading.text for reading in readings))
        told = "" if alone else before[one.speaker]
        likelihoods = dict(zip(texts, map(float, engine._language_model.log_probabilities(texts, told)), strict=True))
        found.append(Heard(one, engine.sure, readings, likelihoods))
        before[one.speaker] = f"{before[one.speaker]} {text}"[-1000:]
    return found


def _errors_of(heard: Heard):  # type: ignore[no-untyped-def]
    return lambda reading: float(score([heard.said.text], [reading.text]).counts.clipped[0])


def _row(cells: str, heard: list[Heard], texts: list[str]) -> None:
    counts = score([one.said.text for one in heard], texts).counts
    typical = np.array([one.said.cohort == "typical" for one in heard])
    wrong, words = float(counts.clipped[~typical].sum()), float(counts.words[~typical].sum())
    print(
        f"| {cells} | {wrong:.0f} | {wrong / max(1.0, words):.1%} | {counts.clipped[typical].sum():.0f} |", flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
