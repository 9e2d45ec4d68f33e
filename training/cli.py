"""``idiolect train``, ``idiolect evaluate`` and ``idiolect learn``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from engine.errors import OptionError
from training.command import guarded

_GUIDE = """\
From a folder with recordings to a hypernetwork in the app:

  1. idiolect train import torgo ~/corpora/TORGO --out work/torgo
     reads a corpus into a manifest (JSON Lines: audio, intended text, speaker,
     cohort, severity, split); no speaker and no sentence is in two splits.
     No corpus at hand? idiolect train simulate --out work/simulated
  2. idiolect train states --manifest work/torgo/manifest.jsonl --out work/states
     runs Whisper's encoder once over everything.
  3. idiolect train fit --manifest work/torgo/manifest.jsonl --states work/states --out work/run
     trains; can be stopped at any time and called again to go on.
  4. idiolect evaluate --manifest work/torgo/manifest.jsonl --split test \\
         --hypernetwork mine=work/run/hypernetwork.safetensors --out work/report
     decodes the test people with and without it and writes the tables.
  5. idiolect models adopt work/run/hypernetwork.safetensors
     dictates with it from now on, in the app and on the command line.

Add --model to 2 and 4 for another Whisper. 'idiolect train STEP --help' tells more."""


def train(argv: list[str]) -> int:
    """``idiolect train``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="idiolect train",
        description="Train a hypernetwork that personalizes Whisper.",
        epilog=_GUIDE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="STEP")
    for name, what in (("import", "read a corpus into a manifest"), ("simulate", "make a corpus of simulated speech")):
        # Their own parsers take over: see _step below.
        commands.add_parser(name, help=what, add_help=False)
    _add_states(commands)
    _add_fit(commands)
    _add_report(commands)
    _add_analyse(commands)
    _add_sweep(commands)
    if argv[:1] in (["import"], ["simulate"]):
        return _elsewhere(argv)
    options = parser.parse_args(argv)
    steps: dict[str, Callable[[argparse.Namespace], int]] = {
        "states": _states,
        "fit": _fit,
        "report": _report,
        "analyse": _analyse,
        "sweep": _sweep,
    }
    return guarded(lambda: steps[options.command](options))


def evaluate(argv: list[str]) -> int:
    """``idiolect evaluate``; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="idiolect evaluate",
        description="Word error rates with and without personalization, through the engine's own fast path, "
        "with bootstrap intervals. Can be stopped and called again; texts already decoded are kept.",
    )
    parser.add_argument("--manifest", type=Path, required=True, help="JSON Lines: audio, text, speaker, cohort, ...")
    parser.add_argument("--model", default="base", help="catalogue name or model directory (default: %(default)s)")
    parser.add_argument(
        "--hypernetwork", action="append", metavar="[NAME=]FILE",
        help="a hypernetwork or exported LoRA; may be given several times (default: the shipped one)",
    )  # fmt: skip
    parser.add_argument(
        "--cohort-lora", action="append", default=[], metavar="COHORT=FILE", help="a LoRA used for one cohort only"
    )
    parser.add_argument(
        "--adaptation", action="append", default=[], metavar="NAME=RUN",
        help="folder of any run: of a LoRA or of full fine-tuning, merged into the model, or of a hypernetwork, "
        "that of the encoder too",
    )  # fmt: skip
    parser.add_argument(
        "--controls", action="store_true",
        help="also feed the first hypernetwork other voices: same cohort, other cohort, the mean, noise",
    )  # fmt: skip
    parser.add_argument("--engine", action="store_true", help="also the whole engine, with its guards and weighing")
    parser.add_argument("--split", choices=("train", "dev", "test"), help="only this split")
    parser.add_argument(
        "--apart-from", type=Path, metavar="MANIFEST",
        help="leave out texts with five words in a row in common with one that is trained on there",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, help="at most so many utterances, people in turn")
    parser.add_argument("--beam", type=int, default=5, help="beam size (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="0: CTranslate2's choice")
    parser.add_argument("--meaning", action="store_true", help="also a meaning score by sentence embeddings")
    parser.add_argument("--out", type=Path, required=True, help="folder for the decoded texts and the report")
    options = parser.parse_args(argv)
    return guarded(lambda: _evaluate(options))


def learn(argv: list[str]) -> int:
    """``idiolect learn``; returns the exit code."""
    from training.learning.command import main

    return main(argv)


# -- the steps ----------------------------------------------------------------------


def _elsewhere(argv: list[str]) -> int:
    if argv[0] == "import":
        from training.corpora import run

        return run(argv[1:])
    from training.simulate.__main__ import main as simulator

    return simulator(argv[1:] if argv[1:2] in (["build"], ["sample"]) else ["build", *argv[1:]])


def _add_states(commands: Any) -> None:
    parser = commands.add_parser("states", help="run Whisper's encoder over a manifest, once")
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the cache (about 0.4 MB an utterance)")
    parser.add_argument("--model", default="base", help="catalogue name or model directory (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument(
        "--variants",
        type=int,
        default=0,
        help="also so many copies of each training utterance, faster or slower, noisier",
    )


def _states(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from engine.models import locate
    from training.manifest import read_manifest
    from training.states import make_states

    utterances = read_manifest(options.manifest)
    directory = locate(options.model)
    unreadable = 0
    with tqdm(total=len(utterances), unit="utt") as bar:
        for done, total, failed in make_states(
            utterances,
            options.out,
            directory,
            Path(options.model).name,
            threads=options.threads,
            variants=options.variants,
        ):
            bar.total, unreadable = total, failed
            bar.update(done - bar.n)
    if unreadable:
        print(f"{unreadable} recordings could not be read and were left out.", file=sys.stderr)
    return 0


def _add_fit(commands: Any) -> None:
    from training.recipe import Recipe

    parser = commands.add_parser("fit", help="train a hypernetwork, a LoRA or the whole decoder")
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True, help="made by 'idiolect train states'")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; go on where it stopped")
    parser.add_argument("--model", help="model directory (default: the model the states were made with)")
    parser.add_argument("--recipe", type=Path, help="JSON file with the settings below")
    parser.add_argument("--start", type=Path, metavar="FILE", help="begin with the weights of this hypernetwork")
    parser.add_argument("--cohort", help="train on this cohort only (a cohort LoRA)")
    parser.add_argument("--speaker", help="train on this person only (an individual LoRA)")
    parser.add_argument("--threads", type=int, default=0)
    settings = parser.add_argument_group("recipe (defaults are those of the shipped hypernetworks)")
    for field in fields(Recipe):
        flag = f"--{field.name.replace('_', '-')}"
        if field.name == "targets":
            settings.add_argument(flag, nargs="+", metavar="MATRIX")
        else:
            kind: Any = type(field.default)
            settings.add_argument(flag, type=kind, metavar=kind.__name__.upper(), help=f"default: {field.default}")


def _fit(options: argparse.Namespace) -> int:
    import torch

    from engine.models import locate
    from training.fit import fit
    from training.manifest import check_splits, read_manifest
    from training.recipe import Recipe, load_recipe
    from training.states import States

    if options.threads:
        torch.set_num_threads(options.threads)
    recipe = load_recipe(options.recipe) if options.recipe else Recipe()
    given = {f.name: getattr(options, f.name) for f in fields(Recipe) if getattr(options, f.name) is not None}
    if "targets" in given:
        given["targets"] = tuple(given["targets"])
    recipe = replace(recipe, **given)
    states = States(options.states)
    utterances = read_manifest(options.manifest)
    check_splits(utterances)
    cached = states.select(utterances)
    train_set = [c for c in cached if c.utterance.split == "train"]
    train_set += states.variants(c.utterance for c in train_set)
    dev_set = [c for c in cached if c.utterance.split == "dev"]
    for key in ("cohort", "speaker"):
        if wanted := getattr(options, key):
            train_set = [c for c in train_set if getattr(c.utterance, key) == wanted]
    if options.cohort:
        dev_set = [c for c in dev_set if c.utterance.cohort == options.cohort]
    sources = sorted({c.utterance.source or "unnamed" for c in train_set})
    fitted = fit(
        recipe, states, train_set, dev_set, locate(options.model or states.model), options.out,
        describe={"corpora": sources, "manifest": options.manifest.name}, start=options.start,
    )  # fmt: skip
    print(f"{fitted.steps} steps; best development loss {fitted.best_dev:.4f} at step {fitted.best_step}.")
    if fitted.hypernetwork:
        print(f"Hypernetwork: {fitted.hypernetwork}")
    return 0


def _add_report(commands: Any) -> None:
    parser = commands.add_parser("report", help="write the tables of an evaluation again")
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of 'idiolect evaluate'")
    parser.add_argument("--title", default="Evaluation")
    parser.add_argument("--meaning", action="store_true")


def _report(options: argparse.Namespace) -> int:
    from training.manifest import read_manifest

    return _write(read_manifest(options.manifest), options.out, options.title, options.meaning)


def _add_analyse(commands: Any) -> None:
    parser = commands.add_parser("analyse", help="what the embedding encodes; which matrices a run has moved")
    parser.add_argument("--manifest", type=Path, help="probe the embeddings of this manifest (with --states)")
    parser.add_argument("--states", type=Path)
    parser.add_argument("--run", type=Path, help="a run of --method full, or of lora with several targets")
    parser.add_argument("--model", default="base", help="the model of --run (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True)


def _analyse(options: argparse.Namespace) -> int:
    from training import analyse
    from training.manifest import read_manifest
    from training.states import States

    if options.manifest and options.states:
        states = States(options.states)
        items = states.select(read_manifest(options.manifest))
        path = analyse.write_analysis(analyse.probes(states, items), states, items, options.out)
        print(path.read_text(encoding="utf-8"))
    if options.run:
        from engine.models import locate

        path = analyse.write_moved(analyse.moved(options.run, locate(options.model)), options.out)
        print(path.read_text(encoding="utf-8"))
    return 0


def _add_sweep(commands: Any) -> None:
    from training.sweep import PLANS, SweepOptions

    parser = commands.add_parser(
        "sweep",
        help="compare methods, matrices, budgets, generators or halves in one table",
        description="Fits everything a comparison needs, decodes it through the engine's fast path and writes the "
        "table with bootstrap intervals. Can be stopped and called again: finished fits and texts are kept.",
    )
    parser.add_argument(
        "plan", choices=("main", *PLANS), help="main: zero-shot, full fine-tuning, global, cohort and individual "
        "LoRA, hypernetworks; the others: kinds of matrices, budgets, generators and embeddings, encoder or decoder",
    )  # fmt: skip
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True, help="made by 'idiolect train states'")
    parser.add_argument("--out", type=Path, required=True, help="folder of fits, texts and tables")
    parser.add_argument(
        "--hypernetwork", action="append", default=[], metavar="NAME=FILE",
        help="main: a finished hypernetwork, in place of the plan's own; may be given several times",
    )  # fmt: skip
    parser.add_argument("--meaning", action="store_true", help="main: also a meaning score by sentence embeddings")
    helps = {
        "model": "catalogue name or model directory", "train": "training utterances at most",
        "dev": "development utterances at most", "test": "test utterances at most",
        "seen": "held-out sentences of training people at most", "epochs": "passes of every fit",
        "beam": "beam size of the texts", "threads": "threads",
    }  # fmt: skip
    for field in fields(SweepOptions):
        if field.name in helps:
            kind: Any = type(field.default)
            parser.add_argument(f"--{field.name}", type=kind, default=field.default, metavar=kind.__name__.upper(),
                                help=f"{helps[field.name]} (default: %(default)s)")  # fmt: skip


def _sweep(options: argparse.Namespace) -> int:
    import torch

    from training.compare import run_main, run_plan
    from training.sweep import SweepOptions

    torch.set_num_threads(max(1, options.threads))
    settings = SweepOptions(**{field.name: getattr(options, field.name) for field in fields(SweepOptions)})

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    if options.plan == "main":
        meaning: Any = None
        if options.meaning:
            from training.meaning import similarity as meaning
        path = run_main(settings, dict(_named(item) for item in options.hypernetwork), meaning=meaning, tell=tell)
    else:
        path = run_plan(options.plan, settings, tell)
    print(path.read_text(encoding="utf-8"))
    print(f"Written to {path}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from training.evaluate import apart, choose, systems_of
    from training.evaluate import evaluate as run
    from training.manifest import read_manifest

    known = read_manifest(options.manifest)
    if options.apart_from is not None:
        known = apart(known, read_manifest(options.apart_from))
    utterances = choose(known, options.limit, options.split)
    files = [_named(item) for item in options.hypernetwork] if options.hypernetwork else _shipped(options.model)
    loras = dict(_named(item) for item in options.cohort_lora)
    runs = dict(_named(item) for item in options.adaptation)
    systems = systems_of(dict(files), loras, options.controls, options.engine, runs)
    with tqdm(total=len(utterances) * len(systems), unit="text", smoothing=0.05) as bar:
        for done, total in run(utterances, systems, options.model, options.out, options.beam, options.threads):
            bar.total = total
            bar.update(done - bar.n)
    return _write(utterances, options.out, f"Evaluation of {options.manifest.stem}", options.meaning)


def _write(utterances: list[Any], out: Path, title: str, with_meaning: bool) -> int:
    from training.report import make_report, write_report

    meaning = None
    if with_meaning:
        from training.meaning import similarity as meaning
    path = write_report(make_report(utterances, out, meaning), out, title)
    print(path.read_text(encoding="utf-8"))
    print(f"Written to {path}")
    return 0


def _shipped(model: str) -> list[tuple[str, Path]]:
    from engine.hypernetwork import installed_hypernetwork
    from engine.models import locate, model_sha256

    path = installed_hypernetwork(model_sha256(locate(model)))
    return [("hypernetwork", path)] if path is not None else []


def _named(item: str) -> tuple[str, Path]:
    name, sign, path = item.partition("=")
    if not sign:
        return "hypernetwork", Path(item)
    if not name or not path:
        raise OptionError(f"'{item}' must be NAME=FILE.")
    return name, Path(path)
