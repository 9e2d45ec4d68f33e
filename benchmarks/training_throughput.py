"""Training steps on cached states against the naive loop, in utterances per second of processor time.

    python benchmarks/training_throughput.py --manifest FILE --states FOLDER

Naive: ``transformers`` in float32, log-mel to 30 s of encoder states to loss, in every step.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers.modeling_outputs import BaseModelOutput

from engine.audio import load_audio
from engine.context import FULL, padded_mel
from engine.hypernetwork import HypernetworkConfig
from engine.mel import log_mel
from engine.models import locate
from engine.tokens import WhisperTokenizer
from engine.torch_decoder import attach_lora, encode_any_length, load_whisper, set_lora
from training import whisper
from training.adapters import make_adapter
from training.batches import epoch_order, make_batch, make_examples
from training.loss import Teacher, loss_of
from training.manifest import read_manifest
from training.recipe import Recipe
from training.states import States


def seconds(step: Callable[[int], int], steps: int) -> float:
    """Processor time per utterance, after one step to warm up."""
    step(0)
    started, count = time.process_time(), 0
    for number in range(steps):
        count += step(number)
    return (time.process_time() - started) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=6)
    options = parser.parse_args()
    torch.set_num_threads(1)
    states = States(options.states)
    model = locate(states.model)
    tokenizer = WhisperTokenizer(model)
    items = [item for item in states.select(read_manifest(options.manifest)) if item.utterance.split == "train"]
    examples = make_examples(items, states, tokenizer)
    recipe = Recipe()
    mean, std = examples.embeddings.mean(0), examples.embeddings.std(0)
    frozen = whisper.load(model)
    config = HypernetworkConfig(states.model, states.model_sha256, "mlp", 2 * states.d_model, frozen.d_model,
                                frozen.d_ff, frozen.decoder_layers)  # fmt: skip
    adapter = make_adapter(recipe, frozen, config, torch.from_numpy(mean), torch.from_numpy(std))
    teacher = Teacher(frozen, states.tail, torch.device("cpu"))
    order = [numbers for numbers in epoch_order(examples, recipe.batch, 1, 0) if len(numbers) == recipe.batch]

    def cached(number: int) -> int:
        batch = make_batch(examples, order[number], recipe, std, number)
        loss, _ = loss_of(teacher, adapter, adapter, batch, recipe)
        loss.backward()
        return len(order[number])

    naive_model = load_whisper(model)
    naive_model.requires_grad_(False)
    layers = attach_lora(naive_model)

    def naive(number: int) -> int:
        numbers = order[number][:4]
        mels = [padded_mel(log_mel(load_audio(examples.items[n].utterance.audio)), FULL) for n in numbers]
        batch = make_batch(examples, numbers, recipe, std, number)
        with torch.no_grad():
            encoded = encode_any_length(naive_model, torch.from_numpy(np.stack(mels)))
            set_lora(layers, None, None)
            output = BaseModelOutput(last_hidden_state=encoded)
            reference = naive_model(encoder_outputs=output, decoder_input_ids=batch.tokens).logits.log_softmax(-1)
        a, b = adapter.network(batch.embedding, batch.dropout)
        set_lora(layers, a, b)
        found = naive_model(encoder_outputs=output, decoder_input_ids=batch.tokens).logits.log_softmax(-1)
        loss = functional.nll_loss(found.transpose(1, 2), batch.targets)
        (loss + 0.5 * (reference.exp() * (reference - found)).sum(-1).mean()).backward()
        return len(numbers)

    fast, slow = seconds(cached, options.steps), seconds(naive, max(1, options.steps // 3))
    print(f"cached states: {1 / fast:.1f} utterances/s; naive: {1 / slow:.2f}; {slow / fast:.1f} times as fast")


if __name__ == "__main__":
    main()
