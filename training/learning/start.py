"""``python -m training.learning.start``: the residual for everybody that ``engine.practised`` is about.

Fitted as ``training.learning.fitting`` fits one person's, on all of a corpus's training people in one pass.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from engine.errors import OptionError
from engine.models import locate, model_sha256
from engine.practised import shipped_residual
from engine.profile import Residual, save_residual
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
    parser.add_argument("--manifest", type=Path, required=True, help="its training people are learnt from")
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE", help="auto (shipped), none, or a file")
    parser.add_argument("--limit", type=int, default=0, help="at most so many utterances (default: all)")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="assets/residual-MODEL.safetensors")
    options = parser.parse_args(argv)
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    utterances = [u for u in read_manifest(options.manifest) if u.split == "train"][: options.limit or None]
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
