"""``python -m training.learning.start``: the residual for everybody that ``engine.practised`` is about.

Fitted as ``training.learning.fitting`` fits one person's, on all of a corpus's training people in one pass. With
``--mean`` the mean of several such residuals, which other speech has taught: what they agree on adds up, and what only
one of them has learnt by heart is halved (Wortsman et al. 2022, arXiv 2203.05482).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from engine.errors import OptionError
from engine.models import locate, model_sha256
from engine.practised import shipped_residual
from engine.profile import Residual, load_residual, save_residual
from engine.transcriber import find_hypernetwork
from training.command import guarded
from training.learning.corrections import usable
from training.learning.fitting import NOTHING, Start, fit, named, unstacked
from training.learning.options import LearnOptions
from training.learning.views import Listener
from training.manifest import read_manifest
from training.whisper import Whisper

OPTIONS = LearnOptions(start=0.0, rank=16, epochs=1, batch=8, views=1)


def shipped_start(base_sha256: str, model: Whisper) -> Start:
    """Where a person's fit begins: the residual that ships for this base model; nothing where there is none.

    Raises:
        ModelError: its file is damaged.
    """
    residual = shipped_residual(base_sha256)
    return unstacked(model, residual.pairs) if residual else NOTHING


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.learning.start", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--manifest", type=Path, help="its training people are learnt from")
    source.add_argument("--mean", type=Path, nargs="+", metavar="FILE", help="residuals that this command has made")
    parser.add_argument(
        "--chosen", type=Path, metavar="JSON", help="learn from these alone: of every person the names of recordings"
    )
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE", help="auto (shipped), none, or a file")
    parser.add_argument("--limit", type=int, default=0, help="at most so many utterances (default: all)")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="assets/residual-MODEL.safetensors")
    options = parser.parse_args(argv)
    return guarded(lambda: _mean(options) if options.mean else _run(options))


def _mean(options: argparse.Namespace) -> int:
    save_residual(options.out.parent, mean_residual([_read(path) for path in options.mean]), options.out.name)
    return 0


def mean_residual(residuals: Sequence[Residual]) -> Residual:
    """The mean of the changes: a LoRA of the sum of the ranks.

    Raises:
        OptionError: they belong to different models, or do not change the same matrices.
    """
    first = residuals[0]
    if any(one.base_sha256 != first.base_sha256 or set(one.pairs) != set(first.pairs) for one in residuals):
        raise OptionError("A mean takes residuals of one model that change the same matrices.")
    share = np.float32(1 / len(residuals))
    pairs = {}
    for name in first.pairs:
        b = np.concatenate([one.pairs[name][0] * share for one in residuals], axis=1)
        a = np.concatenate([one.pairs[name][1] for one in residuals], axis=0)
        pairs[name] = (b.astype(np.float16), a.astype(np.float16))
    return Residual(first.base_sha256, pairs, {"mean_of": [one.facts for one in residuals]})


def _read(path: Path) -> Residual:
    residual = load_residual(path.parent, name=path.name)
    if residual is None:
        raise OptionError(f"There is no residual at {path}: check the path.")
    return residual


def _run(options: argparse.Namespace) -> int:
    utterances = [u for u in read_manifest(options.manifest) if u.split == "train"]
    if options.chosen:
        chosen = json.loads(options.chosen.read_text(encoding="utf-8"))
        utterances = [u for u in utterances if u.audio.stem in chosen.get(u.speaker, "").split()]
    utterances = utterances[: options.limit or None]
    if not utterances:
        raise OptionError(f"{options.manifest} has nobody in training.")
    if options.threads:
        torch.set_num_threads(options.threads)
    directory = locate(options.model)
    sha256 = model_sha256(directory)
    listener = Listener(directory, find_hypernetwork(options.hypernetwork, sha256), OPTIONS, threads=options.threads)
    corrections = usable(utterances)[0]
    with tqdm(total=2, unit="part", file=sys.stderr) as bar:
        examples = listener.examples(corrections, True, lambda share: bar.update(share - bar.n))
        lora = fit(listener, examples, [], lambda share: bar.update(1 + share - bar.n))
    half = {
        name: (b.astype(np.float16), a.astype(np.float16)) for name, (b, a) in named(listener.whisper, lora).items()
    }
    heard = {"utterances": len(corrections), "people": len({utterance.speaker for utterance in utterances})}
    facts = {**heard, "model": options.model, "options": asdict(OPTIONS)}
    save_residual(options.out.parent, Residual(sha256, half, facts), options.out.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
