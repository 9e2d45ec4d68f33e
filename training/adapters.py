"""What can be trained: modules that turn a batch's voices into changes of Whisper's weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.ct2 import Deltas
from engine.hypernetwork import HypernetworkConfig
from training.network import Network
from training.pooling import AttentivePooling
from training.recipe import Recipe
from training.whisper import Lora, Whisper

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
Changes = tuple[Lora, Mapping[str, Tensor]]  # {matrix: (A, B)}, and whole weights by name


class Adapter(nn.Module):
    """Embeddings (n, d), strengths (n,) and dropout (n, hidden) to the changes of a batch's weights.

    ``states`` (n, t, d_model) and ``clip`` (n,), frames of the recordings, are for adapters
    that pool the encoder states by themselves.
    """

    changes_cross = False  # whether the cross-attention's keys and values are changed
    changes_encoder = False  # then also the encoder states: batches need the recordings

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None,
        states: Tensor | None = None, clip: Tensor | None = None,
    ) -> Changes:  # fmt: skip
        raise NotImplementedError

    def groups(self, recipe: Recipe) -> list[dict[str, object]]:
        return [{"params": list(self.parameters()), "lr": recipe.lr_static, "weight_decay": 0.0}]


class Hyper(Adapter):
    """The hypernetwork (or its static part alone: a global LoRA of W1 that the engine can load).

    ``matrices`` names the W1 that each of the network's layers is for; by default the decoder's.
    """

    def __init__(self, network: Network, matrices: Sequence[str] = (), pooling: AttentivePooling | None = None) -> None:
        super().__init__()
        self.network, self.pooling = network, pooling
        self.matrices = tuple(matrices) or tuple(f"decoder.layers.{i}.fc1" for i in range(network.config.layers))
        self.changes_encoder = self.changes_cross = any(name.startswith("encoder.") for name in self.matrices)

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None,
        states: Tensor | None = None, clip: Tensor | None = None,
    ) -> Changes:  # fmt: skip
        if self.pooling is not None and states is not None and clip is not None:
            # The noise of the batch stays: what was drawn for the embedding is added to the new one.
            embedding = embedding + self.pooling(states, clip)
        a, b = self.network(embedding, dropout)
        config = self.network.config
        b = b * (strength * (config.alpha / config.rank))[:, None, None, None]
        return {name: (a[:, i], b[:, i]) for i, name in enumerate(self.matrices)}, {}

    def groups(self, recipe: Recipe) -> list[dict[str, object]]:
        groups = self.network.groups(recipe.lr, recipe.lr_static, recipe.weight_decay)
        if self.pooling is not None:
            groups.append({"params": list(self.pooling.parameters()), "lr": recipe.lr, "weight_decay": 0.0})
        return groups


class StaticLora(Adapter):
    """One LoRA for everybody, on any matrices.

    With ``cores`` A and B are frozen: the leading singular vectors of the matrix itself, with a
    trained core (rank, rank) between them (LoRA-XS), B scaled so that a step of the core moves
    the output as much as a step of a LoRA's B would.
    """

    def __init__(self, whisper: Whisper, recipe: Recipe) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(recipe.seed)
        self.scale = recipe.alpha / recipe.rank
        self.cores = recipe.cores
        self.changes_encoder = any(target.startswith("encoder.") for target in recipe.targets)
        self.changes_cross = self.changes_encoder or bool({"cross.k", "cross.v"} & set(recipe.targets))
        self.a, self.b, self.core = nn.ParameterDict(), nn.ParameterDict(), nn.ParameterDict()
        for name in adapted_matrices(recipe, whisper):
            weight = whisper.weights[f"{name}.weight"]
            d_out, d_in = weight.shape
            key = name.replace(".", "/")
            if not recipe.cores:
                self.a[key] = nn.Parameter(torch.randn(recipe.rank, d_in, generator=generator) / math.sqrt(d_in))
                self.b[key] = nn.Parameter(torch.zeros(d_out, recipe.rank))
                continue
            u, _, vt = torch.linalg.svd(weight.float().cpu(), full_matrices=False)
            grown = u[:, : recipe.rank] * math.sqrt(d_out / recipe.rank)
            self.a[key] = nn.Parameter(vt[: recipe.rank].clone(), requires_grad=False)
            self.b[key] = nn.Parameter(grown.clone(), requires_grad=False)
            self.core[key] = nn.Parameter(torch.zeros(recipe.rank, recipe.rank))

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None,
        states: Tensor | None = None, clip: Tensor | None = None,
    ) -> Changes:  # fmt: skip
        found = {}
        for key, a in self.a.items():
            b = self.b[key] @ self.core[key] if self.cores else self.b[key]
            found[key.replace("/", ".")] = (a, b * self.scale)
        return found, {}

    def groups(self, recipe: Recipe) -> list[dict[str, object]]:
        trained = [value for value in self.parameters() if value.requires_grad]
        return [{"params": trained, "lr": recipe.lr_static, "weight_decay": 0.0}]


class Full(Adapter):
    """Every weight of the decoder's layers, of the encoder's too if asked for: the upper bound.

    The token embedding, which is also the output layer, stays frozen.
    """

    changes_cross = True

    def __init__(self, whisper: Whisper, encoder: bool = False) -> None:
        super().__init__()
        self.changes_encoder = encoder
        self.dtypes = {name: value.dtype for name, value in whisper.weights.items()}
        self.values = nn.ParameterDict(
            {
                name.replace(".", "/"): nn.Parameter(whisper.weights[name].float().clone())
                for name in _layer_weights(whisper, encoder)
            }
        )

    def forward(
        self, embedding: Tensor, strength: Tensor, dropout: Tensor | None,
        states: Tensor | None = None, clip: Tensor | None = None,
    ) -> Changes:  # fmt: skip
        # bfloat16 products where the frozen model uses them; the master weights stay float32.
        named = {key.replace("/", "."): value for key, value in self.values.items()}
        return {}, {name: value.to(self.dtypes[name]) for name, value in named.items()}


def make_adapter(
    recipe: Recipe, whisper: Whisper, config: HypernetworkConfig, mean: Tensor, std: Tensor,
    voices: NDArray[np.float32] | None = None, heard: Tensor | None = None,
) -> Adapter:  # fmt: skip
    """The module that ``recipe`` trains, at its first weights: it changes nothing yet.

    ``heard`` (n, d): the embeddings of training, which the anchor is measured against.
    """
    if not made_by_network(recipe):
        return static_adapter(recipe, whisper)
    static = recipe.method == "lora"
    network = Network(config, mean.numpy(), std.numpy(), recipe.seed, static, None if static else voices)
    pooled = recipe.embedding == "attention" and not static
    if recipe.anchor and heard is not None and not static:
        network.anchor(recipe.anchor, heard, recipe.seed)
    pooling = AttentivePooling(whisper.d_model, recipe.seed) if pooled else None
    return Hyper(network, list(adapted_matrices(recipe, whisper)), pooling)


def made_by_network(recipe: Recipe) -> bool:
    """Whether a ``Network`` is trained: a hypernetwork, or, with heads of zero, a plain LoRA of the decoder's W1."""
    return recipe.method == "hypernetwork" or (
        recipe.method == "lora" and recipe.targets == ("w1",) and not recipe.cores
    )


def writes_hypernetwork(recipe: Recipe) -> bool:
    """Whether the engine loads the result: it knows no hypernetwork that writes the encoder."""
    return made_by_network(recipe) and recipe.targets == ("w1",)


def static_adapter(recipe: Recipe, whisper: Whisper) -> StaticLora | Full:
    """A LoRA of any matrices, or full fine-tuning."""
    if recipe.method == "full":
        return Full(whisper, encoder=any(target.startswith("encoder.") for target in recipe.targets))
    return StaticLora(whisper, recipe)


def adapted_matrices(recipe: Recipe, whisper: Whisper) -> Iterator[str]:
    """The names, without ".weight", of the matrices that a LoRA of this recipe changes, written or static."""
    for target in recipe.targets:
        side, short = ("encoder", target.removeprefix("encoder.")) if "encoder." in target else ("decoder", target)
        for layer in range(whisper.encoder_layers if side == "encoder" else whisper.decoder_layers):
            yield f"{side}.layers.{layer}.{_NAMES[short]}"


def parameters_per_utterance(recipe: Recipe, whisper: Whisper) -> int:
    """How many of Whisper's weights' worth the adaptation of one utterance takes."""
    if recipe.method == "full":
        encoder = any(target.startswith("encoder.") for target in recipe.targets)
        return sum(whisper.weights[name].numel() for name in _layer_weights(whisper, encoder))
    names = list(adapted_matrices(recipe, whisper))
    if recipe.cores and recipe.method == "lora":
        return len(names) * recipe.rank**2
    return recipe.rank * sum(sum(whisper.weights[f"{name}.weight"].shape) for name in names)


def deltas(adapter: StaticLora | Full, whisper: Whisper) -> Deltas:
    """What a static adaptation adds to Whisper's weights, by CTranslate2 name, to be merged by the engine.

    ``whisper`` holds the original weights in float32.
    """
    from engine.convert import build

    with torch.no_grad():
        lora, values = adapter(torch.zeros(1, 1), torch.ones(1), None)
        changes = {name: np.broadcast_to(np.float32(0), value.shape) for name, value in whisper.weights.items()}
        for name, (a, b) in lora.items():
            changes[f"{name}.weight"] = (b @ a).numpy()
        for name, value in values.items():
            changes[name] = (value - whisper.weights[name]).numpy()
    sizes = {
        "encoder_layers": whisper.encoder_layers, "decoder_layers": whisper.decoder_layers,
        "encoder_attention_heads": whisper.heads, "decoder_attention_heads": whisper.heads,
    }  # fmt: skip
    built = build(changes, sizes).variables  # type: ignore[arg-type]
    return {
        name: np.asarray(value, dtype=np.float32)
        for name, value in built.items()
        if np.issubdtype(value.dtype, np.floating) and value.any()
    }


def _layer_weights(whisper: Whisper, encoder: bool) -> Iterator[str]:
    prefixes = ("decoder.layers.", "encoder.layers.") if encoder else ("decoder.layers.",)
    return (name for name in whisper.weights if name.startswith(prefixes))
