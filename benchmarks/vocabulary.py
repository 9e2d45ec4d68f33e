"""What a person's vocabulary does to their texts: nothing listed, listed in the prompt, preferred in the search.

    python -m benchmarks.vocabulary --manifest MANIFEST [--only pd-] [--model base] [--threads 1]

Of each person's recordings one half is corrected, as in the app, which takes words from that; the other half is written
down with these words, then the halves change places. And everything is written down with a list of other people's words
(names, medicines, usual words), most of which never occur. Wrong words through the whole engine, guards and weighing
included; one Markdown table. Only figures are printed.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.corrections import new_words
from engine.options import EngineOptions, TranscribeOptions
from engine.transcriber import Transcriber
from training.command import guarded
from training.learning.corrections import Correction, folds_of, usable
from training.manifest import read_manifest
from training.score import score

# ruff: noqa: SIM905
OTHERS = tuple(
    "Kristofer Siobhan Aoife levodopa Okonkwo Smyth Athlone Madopar dyskinesia neurologist Thistle Mistral physio "
    "Niamh Eoin Wroclaw Zsofia paella hypophonia Donegal Rasagiline apraxia Marguerite Ballymena Tadhg sourdough "
    "crochet allotment Hughie Berwick peace hand step feel body shake once fairly break okay massive dinner "
    "garden bread appointment".split()
)
WAYS = ("prompt", "search")


@dataclass
class Tally:
    """Wrong words of one list: without it, in the prompt, in the search."""

    listed: int = 0
    words: int = 0
    none: int = 0
    prompt: int = 0
    search: int = 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX", help="people whose names begin so")
    parser.add_argument("--model", default="base")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args(argv)
    return guarded(lambda: _compare(args))


def _compare(args: argparse.Namespace) -> int:
    spoken = defaultdict(list)
    for utterance in read_manifest(args.manifest):
        if not args.only or utterance.speaker.startswith(tuple(args.only)):
            spoken[utterance.speaker].append(utterance)
    transcriber = Transcriber(EngineOptions(model=args.model, decoder="onnx", threads=args.threads))
    own, others = Tally(), Tally()
    for name, utterances in sorted(spoken.items()):
        recordings = usable(utterances)[0]
        if len(recordings) < 4:
            continue
        plain = [_text(transcriber, recording, (), "search") for recording in recordings]
        for part in folds_of(len(recordings), 2, 1):
            learnt: dict[str, str] = {}
            for number in set(range(len(recordings))) - set(part):
                for word in new_words(plain[number], recordings[number].text):
                    learnt.setdefault(word.casefold(), word)
            for tally, words in ((own, tuple(learnt.values())), (others, OTHERS)):
                _add(tally, transcriber, [recordings[n] for n in part], [plain[n] for n in part], words)
        print(f"{name}: done", file=sys.stderr, flush=True)
    print(table({"words from the corrections of the other half": own, "other people's words": others}))
    return 0


def _add(
    tally: Tally, transcriber: Transcriber, recordings: Sequence[Correction], plain: list[str], words: tuple[str, ...]
) -> None:
    meant = [recording.text for recording in recordings]
    tally.listed = max(tally.listed, len(words))
    tally.words += int(score(meant, plain).counts.words.sum())
    tally.none += int(score(meant, plain).counts.errors.sum())
    for way in WAYS:
        texts = [_text(transcriber, recording, words, way) for recording in recordings]
        setattr(tally, way, getattr(tally, way) + int(score(meant, texts).counts.errors.sum()))


def _text(transcriber: Transcriber, recording: Correction, words: tuple[str, ...], way: str) -> str:
    transcriber.decoder.takes_hotwords = way == "search"
    return transcriber.transcribe(recording.audio, TranscribeOptions(hotwords=words)).text


def table(tallies: dict[str, Tally]) -> str:
    lines = [
        "| list | at most listed | words | wrong without | in the prompt | in the search |",
        "|---|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        figures = (tally.listed, tally.words, tally.none, tally.prompt, tally.search)
        lines.append(f"| {name} | {' | '.join(map(str, figures))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
