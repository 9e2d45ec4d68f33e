"""``python -m training.simulate build|sample|clips``: make a corpus, or hear one person."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from tqdm import tqdm

from engine.errors import IdiolectError
from training.command import guarded
from training.simulate.corpus import CorpusOptions, build, draw_person
from training.simulate.person import COHORTS


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.simulate", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("build", help="write a corpus (can be stopped and called again to go on)")
    make.add_argument("--out", type=Path, required=True, help="folder of the corpus")
    make.add_argument("--processes", type=int, default=1, help="utterances made at the same time")
    make.add_argument("--only", default="", metavar="PREFIX", help="only people whose names begin so, such as learn-")
    for field in fields(CorpusOptions):
        make.add_argument(f"--{field.name.replace('_', '-')}", type=int, default=field.default)
    hear = commands.add_parser("sample", help="write one utterance of one synthetic person")
    hear.add_argument("text")
    hear.add_argument("--cohort", choices=COHORTS, required=True)
    hear.add_argument("--severity", type=float, default=0.5, help="0 (slightest) to 1 (gravest)")
    hear.add_argument("--person", type=int, default=0, help="number of the person")
    hear.add_argument("--seed", type=int, default=1)
    hear.add_argument("--out", type=Path, required=True, help="FLAC or WAV file")
    keep = commands.add_parser("clips", help="write the committed clips again: samples or tiny test clips")
    keep.add_argument("which", choices=("samples", "tiny"))
    keep.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    steps = {"build": _build, "sample": _sample, "clips": _clips}
    return guarded(lambda: steps[options.command](options))


def _build(options: argparse.Namespace) -> int:
    corpus = CorpusOptions(**{f.name: getattr(options, f.name) for f in fields(CorpusOptions)})
    with tqdm(unit="utt", smoothing=0.05, mininterval=2.0) as bar:
        for made, total in build(options.out, corpus, options.processes, options.only):
            if bar.total is None:
                bar.total, bar.initial = total, made
                bar.n = made
            bar.update(made - bar.n)
    return 0


def _sample(options: argparse.Namespace) -> int:
    import soundfile

    from training.simulate.utterance import RATE, speak

    if not 0 <= options.severity <= 1:
        raise IdiolectError("The severity must lie between 0 and 1.")
    person = draw_person("test", options.cohort, options.person, options.severity, options.seed)
    spoken = speak(person, options.text, 0)
    soundfile.write(options.out, spoken.audio, RATE, subtype="PCM_16")
    print(f"{options.out}: {len(spoken.audio) / RATE:.1f} s, {spoken.phonemes}")
    return 0


def _clips(options: argparse.Namespace) -> int:
    from training.simulate import clips

    size = clips.write(options.out, clips.SAMPLES if options.which == "samples" else clips.TINY)
    print(f"{options.out}: {size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
