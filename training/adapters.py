"""What can be trained: modules that turn a batch's speaker embeddings into changes of Whisper's decoder."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from engine.hypernetwork import HypernetworkConfig
from training.network import Network
from training.recipe import Recipe
from training.whisper import Whisper

_NAMES = {
    "w1": "fc1",
    "w2": "fc2",
    "q": "self_attn.q_proj",
    "k": "self_attn.k_proj",
    "v": "self_attn.v_proj",
    "o": "self_attn.out_proj",
    "cross.q": "encoder_attn.q_proj",
    "cross.k": "encoder_attn.k_proj",
    "cross.v": "encoder_attn.v_proj",
    "cross.o": "encoder_attn.out_proj",
}


class Adapter(nn.Module):
    """Embeddings (n, d), strengths (n,) and dropout (n, hidden) to {matrix: (A, B)} and {weight: value}."""

    changes_cross = False  # whether the cross-attention's keys and values are changed

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None
    ) -> tuple[dict[str, tuple[Tensor, Tensor]], dict[str, Tensor]]:
        raise NotImplementedError

    def groups(self, recipe: Recipe) -> list[dict[str, object]]:
        return [{"params": list(self.parameters()), "lr": recipe.lr_static, "weight_decay": 0.0}]


class Hyper(Adapter):
    """The hypernetwork (or its static part alone: a global LoRA of W1 that the engine can load)."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None
    ) -> tuple[dict[str, tuple[Tensor, Tensor]], dict[str, Tensor]]:
        a, b = self.network(embedding, dropout)
        config = self.network.config
        b = b * (strength * (config.alpha / config.rank))[:, None, None, None]
        return {f"decoder.layers.{i}.fc1": (a[:, i], b[:, i]) for i in range(config.layers)}, {}

    def groups(self, recipe: Recipe) -> list[dict[str, object]]:
        return self.network.groups(recipe.lr, recipe.lr_static, recipe.weight_decay)


class StaticLora(Adapter):
    """One LoRA for everybody, on any decoder matrices."""

    def __init__(self, whisper: Whisper, recipe: Recipe) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(recipe.seed)
        self.scale = recipe.alpha / recipe.rank
        self.changes_cross = bool({"cross.k", "cross.v"} & set(recipe.targets))
        self.a, self.b = nn.ParameterDict(), nn.ParameterDict()
        for layer in range(whisper.decoder_layers):
            for target in recipe.targets:
                name = f"decoder.layers.{layer}.{_NAMES[target]}"
                d_out, d_in = whisper.weights[f"{name}.weight"].shape
                key = name.replace(".", "/")
                self.a[key] = nn.Parameter(torch.randn(recipe.rank, d_in, generator=generator) / math.sqrt(d_in))
                self.b[key] = nn.Parameter(torch.zeros(d_out, recipe.rank))

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None
    ) -> tuple[dict[str, tuple[Tensor, Tensor]], dict[str, Tensor]]:
        return {key.replace("/", "."): (self.a[key], self.b[key] * self.scale) for key in self.a}, {}


class Full(Adapter):
    """Every decoder weight: the upper bound. The token embedding, which is also the output layer, stays frozen."""

    changes_cross = True

    def __init__(self, whisper: Whisper) -> None:
        super().__init__()
        self.values = nn.ParameterDict(
            {
                name.replace(".", "/"): nn.Parameter(value.float().clone())
                for name, value in whisper.weights.items()
                if name.startswith("decoder.layers.")
            }
        )

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None
    ) -> tuple[dict[str, tuple[Tensor, Tensor]], dict[str, Tensor]]:
        # bfloat16 products where the frozen model uses them; the master weights stay float32.
        return {}, {key.replace("/", "."): value for key, value in self.values.items()}


def make_adapter(recipe: Recipe, whisper: Whisper, config: HypernetworkConfig, mean: Tensor, std: Tensor) -> Adapter:
    """The module that ``recipe`` trains, at its first weights: it changes nothing yet."""
    if recipe.method == "full":
        return Full(whisper)
    if recipe.method == "lora" and recipe.targets != ("w1",):
        return StaticLora(whisper, recipe)
    network = Network(config, mean.numpy(), std.numpy(), recipe.seed, static_only=recipe.method == "lora")
    return Hyper(network)


def parameters_per_utterance(recipe: Recipe, whisper: Whisper) -> int:
    """How many of Whisper's weights' worth the adaptation of one utterance takes."""
    if recipe.method == "full":
        return sum(v.numel() for k, v in whisper.weights.items() if k.startswith("decoder.layers."))
    targets = ("w1",) if recipe.method == "hypernetwork" else recipe.targets
    shapes = [whisper.weights[f"decoder.layers.0.{_NAMES[target]}.weight"].shape for target in targets]
    return whisper.decoder_layers * recipe.rank * sum(sum(shape) for shape in shapes)
