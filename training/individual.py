"""Individual LoRAs, judged on what they have not heard: each is fitted on a person's other utterances."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from engine.hypernetwork import HypernetworkConfig, Lora
from engine.paths import write_private
from engine.tokens import WhisperTokenizer
from training import whisper
from training.adapters import Hyper
from training.batches import make_batch, make_examples
from training.loss import Teacher, loss_of
from training.network import Network
from training.recipe import Recipe
from training.states import Cached, States, utterance_key


@dataclass(frozen=True)
class IndividualOptions:
    """``folds``: into how many parts a person's utterances are dealt, each decoded with the LoRA of the others."""

    folds: int = 3
    steps: int = 12
    lr: float = 1e-3
    rank: int = 4
    alpha: float = 4.0
    kl_right: float = 0.5
    most: int = 16  # utterances in a step
    seed: int = 1


def individual_loras(
    wanted: Sequence[str], pool: Sequence[Cached], states: States, model: Path, out: Path, options: IndividualOptions
) -> Iterator[tuple[int, int]]:
    """A LoRA of W1 for every utterance key in ``wanted``, from its speaker's other utterances in ``pool``.

    Kept in ``out``, a file a person, so that it can be stopped; ``read_loras`` reads them.
    People with a single utterance get none. Yields (people done, people in all).
    """
    from safetensors.numpy import save

    of_speaker: defaultdict[str, list[Cached]] = defaultdict(list)
    for item in pool:
        of_speaker[item.utterance.speaker].append(item)
    asked = set(wanted)
    people = [name for name, items in of_speaker.items() if asked & {utterance_key(i.utterance) for i in items}]
    write_private(out / "options.json", json.dumps(asdict(options), indent=1).encode())
    frozen, tokenizer = whisper.load(model), WhisperTokenizer(model)
    teacher = Teacher(frozen, states.tail, torch.device("cpu"))
    for number, name in enumerate(sorted(people)):
        path = out / f"{name}.safetensors"
        if not path.exists():
            tensors = {}
            items = of_speaker[name]
            for fold in range(min(options.folds, len(items))):
                tested = [i for n, i in enumerate(items) if n % options.folds == fold]
                heard = [i for n, i in enumerate(items) if n % options.folds != fold]
                keys = asked & {utterance_key(i.utterance) for i in tested}
                if keys and heard:
                    a, b = _fit(heard, states, teacher, tokenizer, options)
                    for key in keys:
                        tensors |= {f"{key}/a": a, f"{key}/b": b}
            write_private(path, save(tensors))
        yield number + 1, len(people)


def read_loras(folder: Path, options: IndividualOptions) -> dict[str, Lora]:
    """What ``individual_loras`` has written, by the key of the utterance it is for."""
    from safetensors.numpy import load_file

    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        tensors = load_file(path)
        for name in tensors:
            key, part = name.split("/")
            if part == "a":
                found[key] = Lora(tensors[name], tensors[f"{key}/b"], options.alpha / options.rank)
    return found


def _fit(
    heard: Sequence[Cached], states: States, teacher: Teacher, tokenizer: WhisperTokenizer, options: IndividualOptions
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    examples = make_examples(heard, states, tokenizer)
    model, width = teacher.model, 2 * states.d_model
    config = HypernetworkConfig(
        states.model, states.model_sha256, "linear", width, model.d_model, model.d_ff, model.decoder_layers,
        1, options.rank, options.alpha,
    )  # fmt: skip
    nothing, ones = np.zeros(width, np.float32), np.ones(width, np.float32)
    adapter = Hyper(Network(config, nothing, ones, options.seed, static_only=True))
    recipe = Recipe(method="lora", kl_right=options.kl_right, kl=options.kl_right)
    trained = [value for value in adapter.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=options.lr, weight_decay=0.0, betas=(0.9, 0.98))
    rng = np.random.default_rng(options.seed)
    for step in range(options.steps):
        numbers = sorted(int(n) for n in rng.permutation(len(examples))[: options.most])
        loss, _ = loss_of(teacher, adapter, adapter, make_batch(examples, numbers, None, ones, step), recipe)
        for group in optimizer.param_groups:
            group["lr"] = options.lr * (1 - step / options.steps)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    weights = adapter.network.weights
    return weights["static_a"].detach().numpy(), weights["static_b"].detach().numpy()
