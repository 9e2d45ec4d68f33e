"""``python -m training.practise pack|unpack|encoder|network|finish``: docs/training.md, "On a machine that is lent".

``pack`` and ``finish`` run here; the others wherever ``torch`` and ``soundfile`` are.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine.hypernetwork import HypernetworkConfig, load_hypernetwork
from training.command import guarded
from training.network import Network
from training.practise.fitting import Model, Options, Static, embeddings, fit_encoder, fit_network, judge
from training.practise.hearing import Changes, Sounds
from training.practise.packed import RATE, unpack
from training.voicespace import voice_directions


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.practise", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack", help="recordings and silence in a few files; call it again to add more")
    packing.add_argument("--manifest", type=Path, action="append", required=True)
    packing.add_argument("--model", default="base")
    packing.add_argument("--splits", nargs="+", default=["train", "dev"])
    packing.add_argument("--out", type=Path, required=True)
    packing.add_argument("--processes", type=int, default=2)
    unpacking = commands.add_parser("unpack", help="decode what was packed, on the machine that trains")
    unpacking.add_argument("--packed", type=Path, required=True)
    unpacking.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    for name, what in (("encoder", "fit the practised encoder"), ("network", "fit a hypernetwork")):
        fit = commands.add_parser(name, help=what)
        fit.add_argument("--packed", type=Path, required=True)
        fit.add_argument("--model", type=Path, required=True, help="folder with Whisper's model.bin")
        fit.add_argument(
            "--out", type=Path, required=True, help="FILE.safetensors; FILE.json beside it says how it went"
        )
        fit.add_argument("--encoder", type=Path, help="a practised encoder to hear with")
        fit.add_argument("--hypernetwork", type=Path, help="whose voices the decoder has while the encoder is fitted")
        fit.add_argument("--judge", nargs="*", default=["dev"], help="splits on which the result is judged")
        fit.add_argument("--cohort", default="", help="train on these people alone")
        fit.add_argument("--static-only", action="store_true", help="one LoRA for everybody instead of a hypernetwork")
        for part in (Options, Changes):
            for field in fields(part):
                fit.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    ending = commands.add_parser("finish", help="what was fitted, as a file of assets/")
    ending.add_argument("fitted", type=Path, help="what encoder or network wrote")
    ending.add_argument("--packed", type=Path, required=True)
    ending.add_argument("--model", default="base")
    ending.add_argument("--out", type=Path, required=True, help="residual-MODEL or hypernetwork-MODEL.safetensors")
    options = parser.parse_args(argv)
    steps = {"pack": _pack, "unpack": _unpack, "finish": _finish}
    return guarded(lambda: steps.get(options.command, _fit)(options))


def _pack(options: argparse.Namespace) -> int:
    from engine.models import locate
    from training.practise.packed import pack, pack_silence

    model = locate(options.model)
    for done in pack(options.manifest, model, options.out, frozenset(options.splits), options.processes):
        print(f"{done} recordings packed", file=sys.stderr)
    pack_silence(model, options.out)
    return 0


def _unpack(options: argparse.Namespace) -> int:
    unpack(options.packed, options.processes)
    return 0


def _finish(options: argparse.Namespace) -> int:
    from training.practise.finishing import finish

    return finish(options.fitted, options.packed, options.model, options.out)


def _fit(arguments: argparse.Namespace) -> int:
    options = Options(**{f.name: getattr(arguments, f.name) for f in fields(Options)})
    changes = Changes(**{f.name: getattr(arguments, f.name) for f in fields(Changes)})
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(options.seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    began = time.monotonic()
    model = Model(arguments.packed, arguments.model, device)
    sounds = Sounds(arguments.packed, ["train", *arguments.judge], device, arguments.cohort)
    train = sounds.units("train")
    seconds = sum(map(sounds.size, train)) / RATE
    heard = {"utterances": len(train), "hours": round(seconds / 3600, 2)}
    curve: list[dict[str, Any]] = []

    def note(**line: Any) -> None:
        line["s"] = round(time.monotonic() - began, 1)
        curve.append(line)
        print(arguments.out.stem, json.dumps(line), file=sys.stderr, flush=True)

    note(**heard)
    encoder = read_static(arguments.encoder, device) if arguments.encoder else {}
    if arguments.command == "encoder":
        network = _network_of(arguments.hypernetwork, device) if arguments.hypernetwork else None
        found = fit_encoder(sounds, model, options, changes, network, note, arguments.judge)
        written = {name: pair for name, pair in found.items() if name.startswith("decoder.")}
        encoder = {name: pair for name, pair in found.items() if name.startswith("encoder.")}
        tensors = {f"{name}.{end}": t for name, pair in found.items() for end, t in zip("ab", pair, strict=True)}
    else:
        begun = _fresh(sounds, model, options, encoder, arguments)
        network = fit_network(sounds, model, options, changes, begun, encoder, note, arguments.judge)
        written = {}
        tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
        tensors["embeddings"] = embeddings(sounds, model, train[::8], encoder)
    stored = {name: value.detach().half().cpu().contiguous() for name, value in tensors.items()}
    facts = {**heard, "options": asdict(options), "changes": asdict(changes), "curve": curve}
    config = asdict(network.config) if arguments.command == "network" and network is not None else {}
    save_file(stored, arguments.out, {"facts": json.dumps(facts), "config": json.dumps(config)})
    note(fitted=True)
    judged: dict[str, Any] = {}
    for split in arguments.judge:
        for voice in ("own", "mean") if network is not None else ("own",):
            judged[f"{split}/{voice}"] = judge(
                sounds, model, split, encoder, network, written, voice, greedy=voice == "own"
            )
            note(**{f"{split}/{voice}": round(judged[f"{split}/{voice}"]["loss"], 4)})
    arguments.out.with_suffix(".json").write_text(json.dumps({"facts": facts, "judged": judged}))
    return 0


def read_static(path: Path, device: torch.device | str = "cpu") -> Static:
    """The encoder's part of a file of ``encoder``: A and B of every matrix, float32."""
    with safe_open(path, framework="pt") as file:
        names = [name.removesuffix(".a") for name in file.keys() if name.endswith(".a")]  # noqa: SIM118
        return {
            name: (file.get_tensor(f"{name}.a").float().to(device), file.get_tensor(f"{name}.b").float().to(device))
            for name in names
            if name.startswith("encoder.")
        }


def _network_of(path: Path, device: torch.device) -> Network:
    """A hypernetwork of the engine, or one that ``network`` has fitted."""
    with safe_open(path, framework="pt") as file:
        config = json.loads(file.metadata().get("config", "{}"))
        fitted = {name.removeprefix("network."): file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    if "mean" in fitted:
        network = Network(HypernetworkConfig(**config), fitted["mean"].numpy(), fitted["std"].numpy())
        network.load_state_dict({name: value for name, value in fitted.items() if name != "embeddings"})
        return network.to(device).requires_grad_(False)
    hypernetwork = load_hypernetwork(path)
    tensors = hypernetwork.tensors
    network = Network(hypernetwork.config, tensors["embedding.mean"], tensors["embedding.std"])
    network.load(hypernetwork)
    return network.to(device).requires_grad_(False)


def _fresh(sounds: Sounds, model: Model, options: Options, encoder: Static, arguments: argparse.Namespace) -> Network:
    """A hypernetwork that changes nothing yet, with what it knows of the training people's voices."""
    units = sounds.units("train")
    bank = embeddings(sounds, model, units, encoder)
    mean, std = bank.mean(0).cpu().numpy(), np.maximum(bank.std(0).cpu().numpy(), 1e-3)
    whisper = model.whisper
    config = HypernetworkConfig(
        arguments.model.name, "", "mlp", bank.shape[1], whisper.d_model, whisper.d_ff, whisper.decoder_layers,
        options.hidden, options.rank_w1, float(options.rank_w1),
    )  # fmt: skip
    directions = None
    if options.voices:
        speakers = [sounds.index[unit[0]].speaker for unit in units]
        directions = voice_directions((bank.cpu().numpy() - mean) / std, speakers, options.voices)
    network = Network(config, mean, std, options.seed, arguments.static_only, directions)
    network.anchor(options.anchor, bank.cpu(), options.seed)
    return network.to(model.device)


if __name__ == "__main__":
    sys.exit(main())
