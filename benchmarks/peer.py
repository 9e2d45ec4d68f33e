"""Word errors of faster-whisper on a manifest, beside those of an evaluation, with the interval of the difference.

    python -m benchmarks.peer --manifest FILE --report FOLDER [--system engine] [--model base] [--threads 1]

``--report``: the folder that ``idiolect evaluate --manifest FILE --engine --out FOLDER`` made. faster-whisper: int8,
beam 5, English, as it is. Intervals as in the report, pair by pair. Typical speech stands apart.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from engine.errors import OptionError
from engine.models import locate
from training.command import guarded
from training.evaluate import ENGINE, read_rows
from training.manifest import Utterance, read_manifest
from training.score import compare, score
from training.states import utterance_key


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--system", default=ENGINE)
    parser.add_argument("--model", default="base")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args(argv)
    return guarded(lambda: _compare(args))


def _compare(args: argparse.Namespace) -> int:
    ours = {row["key"]: row["text"] for row in read_rows(args.report) if row["name"] == args.system}
    chosen = [one for one in read_manifest(args.manifest) if utterance_key(one) in ours]
    if not chosen:
        raise OptionError(
            f"{args.report} has no texts of {args.system} for this manifest: run 'idiolect evaluate' first."
        )
    theirs = peer(chosen, locate(args.model), args.threads)
    print(f"| | faster-whisper | {args.system} | fewer errors (95 %) |\n|---|---|---|---|")
    parts = {"all but typical": lambda one: one.cohort != "typical", "typical": lambda one: one.cohort == "typical"}
    parts |= {who: partial(_is, who) for who in sorted({one.speaker for one in chosen if one.cohort != "typical"})}
    for name, belongs in parts.items():
        rows = [n for n, one in enumerate(chosen) if belongs(one)]
        if not rows:
            continue
        said, people = [chosen[n].text for n in rows], [chosen[n].speaker for n in rows]
        before = score(said, [theirs[n] for n in rows], people)
        after = score(said, [ours[utterance_key(chosen[n])] for n in rows], people)
        gain = compare(before, after).relative
        wrong, left = before.counts.errors.sum(), after.counts.errors.sum()
        cells = f"{wrong:.0f} of {before.words}, {before.wer.value:.1%} | {left:.0f}, {after.wer.value:.1%}"
        print(f"| {name} | {cells} | {gain.value:.1%} ({gain.low:.0%} to {gain.high:.0%}) |")
    return 0


def _is(who: str, one: Utterance) -> bool:
    return one.speaker == who


def peer(chosen: list[Utterance], model: Path, threads: int) -> list[str]:
    """faster-whisper's texts."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=threads)
    found = []
    for one in chosen:
        segments, _ = whisper.transcribe(str(one.audio), language="en", beam_size=5)
        found.append(" ".join(segment.text.strip() for segment in segments))
    return found


if __name__ == "__main__":
    sys.exit(main())
