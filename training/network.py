"""The hypernetwork as a torch module: the weights and the arithmetic of ``engine.hypernetwork``.

The engine runs it in numpy; a parity test keeps the two within 1e-4 of each other.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.hypernetwork import Hypernetwork, HypernetworkConfig, tensor_shapes

_CLIP = 5.0  # as in engine.hypernetwork
_FIXED = ("embedding.mean", "embedding.std")


class Network(nn.Module):
    """Speaker embeddings (n, d_embedding) to A (n, layers, rank, d_model) and B (n, layers, d_ff, rank).

    ``static_only`` keeps the heads at zero: a global LoRA in the same file format, the
    baseline that a hypernetwork has to beat. ``voices`` (k, d_embedding) are the directions
    that the trunk is confined to (``training.voicespace``); it is then not trained.
    """

    def __init__(
        self,
        config: HypernetworkConfig,
        mean: NDArray[np.float32],
        std: NDArray[np.float32],
        seed: int = 0,
        static_only: bool = False,
        voices: NDArray[np.float32] | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        self.static_only = static_only
        self.register_buffer("mean", torch.from_numpy(mean.astype(np.float32)))
        self.register_buffer("std", torch.from_numpy(std.astype(np.float32)))
        generator = torch.Generator().manual_seed(seed)
        self.weights = nn.ParameterDict()
        for name, shape in tensor_shapes(config).items():
            if name not in _FIXED:
                value = _initial(name, shape, generator)
                if static_only and name.startswith("head_"):
                    value = torch.zeros(shape)
                trained = not static_only or name.startswith("static")
                if voices is not None and name == "trunk.weight":
                    mixed = torch.randn(config.hidden, len(voices), generator=generator) / len(voices) ** 0.5
                    value, trained = mixed @ torch.from_numpy(voices), False
                self.weights[_key(name)] = nn.Parameter(value, requires_grad=trained)

    def forward(self, embedding: Tensor, dropout: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """``dropout`` (n, hidden) multiplies the trunk's output while training."""
        c, w = self.config, self.weights
        n = len(embedding)
        static_a, static_b = w["static_a"], w["static_b"]
        if self.static_only:
            return static_a.expand(n, -1, -1, -1), static_b.expand(n, -1, -1, -1)
        x = ((embedding - self.mean) / self.std).clamp(-_CLIP, _CLIP)
        x = functional.linear(x, w["trunk_weight"], w["trunk_bias"])
        if c.generator == "mlp":
            x = functional.layer_norm(x, (c.hidden,), w["trunk_norm_weight"], w["trunk_norm_bias"])
            x = functional.gelu(x, approximate="tanh")
        if dropout is not None:
            x = x * dropout
        h = x[:, None] + w["layer_embedding"]
        if c.generator == "mlp":
            h = functional.layer_norm(h, (c.hidden,), w["mix_norm_weight"], w["mix_norm_bias"])
            mixed = functional.linear(h, w["mix_weight"], w["mix_bias"])
            h = h + functional.gelu(mixed, approximate="tanh")
        a = functional.linear(h, w["head_a_weight"]).view(n, c.layers, c.rank, c.d_model) + static_a
        b = functional.linear(h, w["head_b_weight"]).view(n, c.layers, c.d_ff, c.rank) + static_b
        return a, b

    def anchor(self, size: float, embeddings: Tensor, seed: int) -> None:
        """Start the trunk's bias at random, ``size`` times as large as what ``embeddings`` (n, d) give beside it."""
        with torch.no_grad():
            x = ((embeddings - self.mean) / self.std).clamp(-_CLIP, _CLIP)
            spread = functional.linear(x, self.weights["trunk_weight"]).square().mean().sqrt()
            bias = self.weights["trunk_bias"]
            bias.copy_(size * spread * torch.randn(bias.shape, generator=torch.Generator().manual_seed(seed + 1)))

    def groups(self, lr: float, lr_static: float, weight_decay: float) -> list[dict[str, object]]:
        """Parameter groups: the static LoRA learns at its own rate; only matrices of the generator decay.

        An Adam step moves every weight of a head by about the rate, and ``hidden`` of them add
        up in one element of B: the heads' rate is divided by that, as in Yang et al. 2022 (muP).
        """
        kinds: dict[str, list[nn.Parameter]] = {"static": [], "heads": [], "matrix": [], "rest": []}
        for name, value in self.weights.items():
            if value.requires_grad:
                kinds[_kind(name)].append(value)
        groups: list[dict[str, object]] = [
            {"params": kinds["static"], "lr": lr_static, "weight_decay": 0.0},
            {"params": kinds["heads"], "lr": lr * 8 / self.config.hidden, "weight_decay": weight_decay},
            {"params": kinds["matrix"], "lr": lr, "weight_decay": weight_decay},
            {"params": kinds["rest"], "lr": lr, "weight_decay": 0.0},
        ]
        return [group for group in groups if group["params"]]

    def export(self, extra: dict[str, NDArray[np.float32]] | None = None) -> Hypernetwork:
        """The engine's hypernetwork; ``extra`` holds the tensors of ``voices.*`` and ``map.*``."""
        tensors = {"embedding.mean": self.mean.cpu().numpy(), "embedding.std": self.std.cpu().numpy()}
        for name in tensor_shapes(self.config):
            if name not in _FIXED:
                tensors[name] = self.weights[_key(name)].detach().cpu().numpy()
        return Hypernetwork(self.config, {**tensors, **(extra or {})})

    def load(self, hypernetwork: Hypernetwork) -> None:
        """Take over the weights of a hypernetwork of the same shapes, to train on from there."""
        with torch.no_grad():
            for name in tensor_shapes(self.config):
                value = torch.from_numpy(hypernetwork.tensors[name])
                if name in _FIXED:
                    getattr(self, name.split(".")[1]).copy_(value)
                else:
                    self.weights[_key(name)].copy_(value)


def _initial(name: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """B starts at zero, so an untrained hypernetwork is Whisper; the generated A starts small beside the static one."""
    if name.endswith("norm.weight"):
        return torch.ones(shape)
    if name.endswith(".bias") or name in ("head_b.weight", "static.b"):
        return torch.zeros(shape)
    value = torch.randn(shape, generator=generator) / shape[-1] ** 0.5
    return value * (0.3 / shape[-1] ** 0.5) if name == "head_a.weight" else value


def _key(name: str) -> str:
    return name.replace(".", "_")


def _kind(key: str) -> str:
    if key.startswith("static"):
        return "static"
    if key.startswith("head_"):
        return "heads"
    return "matrix" if key.endswith("_weight") and "norm" not in key else "rest"
