"""Importers for the corpora that researchers hold: each turns a folder into a manifest.

``CORPORA`` says for each what it should look like, under which licence it comes and where to ask
for it (docs/corpora.md says the same). ``run`` is ``idiolect train import``.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.command import guarded
from training.corpora import easycall, fluencybank, libristutter, mdvr, sap, sep28k, table, torgo, typical, uaspeech
from training.corpora.common import CorpusError, ImportOptions, ImportReport
from training.manifest import SPLITS, Utterance, check_splits, split_by_speaker_and_sentence, write_manifest

__all__ = ["CORPORA", "Corpus", "CorpusError", "ImportOptions", "ImportReport", "run"]


@dataclass(frozen=True)
class Corpus:
    """One importer: ``load(root, options) -> ImportReport``."""

    title: str
    load: Callable[[str | Path, ImportOptions], ImportReport]
    layout: str
    licence: str
    access: str


CORPORA = {
    "torgo": Corpus(
        "TORGO",
        torgo.import_torgo,
        torgo.LAYOUT,
        torgo.LICENCE,
        "https://www.cs.toronto.edu/~complingweb/data/TORGO/torgo.html, or LDC2012S02",
    ),
    "uaspeech": Corpus(
        "UASpeech",
        uaspeech.import_uaspeech,
        uaspeech.LAYOUT,
        uaspeech.LICENCE,
        "https://speechtechnology.web.illinois.edu/uaspeech/ (request form)",
    ),
    "sap": Corpus(
        "Speech Accessibility Project",
        sap.import_sap,
        sap.LAYOUT,
        sap.LICENCE,
        "https://speechaccessibilityproject.beckman.illinois.edu (data use agreement and a one-page proposal)",
    ),
    "mdvr": Corpus("MDVR-KCL", mdvr.import_mdvr, mdvr.LAYOUT, mdvr.LICENCE, "https://zenodo.org/records/2867216"),
    "easycall": Corpus(
        "EasyCall",
        easycall.import_easycall,
        easycall.LAYOUT,
        easycall.LICENCE,
        "http://neurolab.unife.it/easycallcorpus/",
    ),
    "fluencybank": Corpus(
        "FluencyBank",
        fluencybank.import_fluencybank,
        fluencybank.LAYOUT,
        fluencybank.LICENCE,
        "https://talkbank.org/fluency/ (membership)",
    ),
    "sep28k": Corpus(
        "SEP-28k-style clips with transcripts",
        sep28k.import_sep28k,
        sep28k.LAYOUT,
        sep28k.LICENCE,
        "https://github.com/apple/ml-stuttering-events-dataset",
    ),
    "libristutter": Corpus(
        "LibriStutter",
        libristutter.import_libristutter,
        libristutter.LAYOUT,
        libristutter.LICENCE,
        "https://borealisdata.ca (search for LibriStutter)",
    ),
    "common-voice": Corpus(
        "Common Voice",
        typical.import_common_voice,
        typical.COMMON_VOICE_LAYOUT,
        "CC0 1.0",
        "https://commonvoice.mozilla.org/datasets",
    ),
    "librispeech": Corpus(
        "LibriSpeech",
        typical.import_librispeech,
        typical.LIBRISPEECH_LAYOUT,
        "CC BY 4.0",
        "https://www.openslr.org/12",
    ),
    "csv": Corpus(
        "any folder with a CSV file",
        table.import_csv,
        table.LAYOUT,
        "as given by its owner",
        "your own recordings",
    ),
}


def run(argv: Sequence[str]) -> int:
    """Run ``idiolect train import``: returns the exit status, and prints what went wrong in one sentence."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.list or arguments.corpus is None:
        for name, corpus in CORPORA.items():
            print(f"{name}: {corpus.title}\n  expects  {corpus.layout}\n  licence  {corpus.licence}")
            print(f"  from     {corpus.access}")
        return 0
    if arguments.root is None or arguments.out is None:
        parser.error("give the corpus's folder and --out MANIFEST")
    return guarded(lambda: _import(arguments))


def _import(arguments: argparse.Namespace) -> int:
    options = ImportOptions(
        clips=arguments.clips or arguments.out.with_name(f"{arguments.out.stem}-clips"),
        microphones=arguments.microphones,
        progress=sys.stderr.isatty(),
    )
    report = CORPORA[arguments.corpus].load(arguments.root, options)
    if not report.utterances:
        raise CorpusError(f"Nothing in {arguments.root} can be used.\n{report}")
    utterances, skipped = report.utterances, dict(report.skipped)
    if arguments.limit and len(utterances) > arguments.limit:
        chosen = sorted(random.Random(arguments.seed).sample(range(len(utterances)), arguments.limit))
        skipped["over the limit"] = len(utterances) - arguments.limit
        utterances = [utterances[i] for i in chosen]
    if arguments.split:
        split = split_by_speaker_and_sentence(utterances, arguments.split, arguments.seed)
        utterances = split.utterances
        skipped |= split.dropped
    elif arguments.corpus_split:
        utterances = [replace(u, split=u.split or u.extra.get("corpus_split")) for u in utterances]
    check_splits(utterances)
    write_manifest(arguments.out, utterances)
    print(f"{ImportReport(utterances, skipped)}\n{_splits(utterances)}written to {arguments.out}")
    return 0


def _splits(utterances: list[Utterance]) -> str:
    lines = []
    for name in SPLITS:
        chosen = [u for u in utterances if u.split == name]
        if chosen:
            lines.append(f"{name}: {len(chosen)} utterances of {len({u.speaker for u in chosen})} speakers\n")
    return "".join(lines)


def _fractions(text: str) -> list[float]:
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    if len(shares) != 3 or min(shares) < 0 or sum(shares) <= 0:
        raise argparse.ArgumentTypeError("give the shares of train, dev and test, such as 0.8,0.1,0.1")
    return shares


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="idiolect train import", description="Turn a corpus into a manifest. Without arguments: list the corpora."
    )
    parser.add_argument("corpus", nargs="?", choices=list(CORPORA), metavar="NAME", help=", ".join(CORPORA))
    parser.add_argument("root", nargs="?", type=Path, metavar="ROOT", help="the folder it was unpacked into")
    parser.add_argument("--out", type=Path, metavar="MANIFEST", help="the manifest to write (JSON Lines)")
    parser.add_argument("--clips", type=Path, metavar="DIR", help="folder for clips cut out of long recordings")
    parser.add_argument(
        "--microphones",
        choices=("one", "all"),
        default="one",
        help="one recording of an utterance (the default), or that of every microphone",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="keep N utterances, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="for --limit and --split (default 0)")
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--split",
        type=_fractions,
        metavar="TRAIN,DEV,TEST",
        help="deal splits in which no speaker or sentence is shared, such as 0.8,0.1,0.1",
    )
    group.add_argument("--corpus-split", action="store_true", help="take the corpus's own splits, if it has any")
    parser.add_argument("--list", action="store_true", help="list the corpora, their layout, licence and source")
    return parser
