"""Speaker embedding in, a LoRA for W1 of every decoder layer out. numpy only.

Müller-Eberstein et al. 2024 (arXiv 2406.04240), section 4: a hypernetwork maps a pooled
encoder representation and a layer embedding to A and B of that layer's LoRA. Here every
layer also has a static A and B that the generated ones are added to, so that what all
voices share need not be generated. B starts at zero: an untrained hypernetwork is Whisper.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import HypernetworkError

Array = NDArray[np.float32]
GENERATORS = ("linear", "mlp")
FORMAT = 1
_CLIP = 5.0  # standard deviations: an embedding coordinate further out says nothing more


@dataclass(frozen=True)
class HypernetworkConfig:
    """Shapes and provenance; stored as JSON in the file's metadata.

    ``base`` is the base model's catalogue name, ``base_sha256`` the sha256 of its weights
    (``engine.models.model_sha256``). ``training`` holds corpora, recipe and results.
    """

    base: str
    base_sha256: str
    generator: str
    d_embedding: int  # 2 * d_model: mean and standard deviation
    d_model: int
    d_ff: int
    layers: int
    hidden: int = 128
    rank: int = 4
    alpha: float = 4.0
    training: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lora:
    """W1' of layer i = W1 + scale * B[i] @ A[i]. ``a`` (layers, rank, d_model), ``b`` (layers, d_ff, rank)."""

    a: Array
    b: Array
    scale: float

    def scaled(self, strength: float) -> Lora:
        return Lora(self.a, self.b, self.scale * strength)

    def delta(self, layer: int) -> Array:
        """The change of W1 in ``layer``: float32 (d_ff, d_model)."""
        return np.asarray(self.b[layer] @ (self.a[layer] * np.float32(self.scale)), dtype=np.float32)

    def norms(self) -> NDArray[np.float64]:
        """The Frobenius norm of each layer's change, without forming it: (layers,)."""
        gram_a = np.einsum("lrd,lsd->lrs", self.a, self.a)
        gram_b = np.einsum("lfr,lfs->lrs", self.b, self.b)
        squared = np.einsum("lrs,lrs->l", gram_a.astype(np.float64), gram_b.astype(np.float64))
        return np.asarray(self.scale * np.sqrt(np.maximum(squared, 0.0)), dtype=np.float64)


@dataclass(frozen=True)
class VoiceMap:
    """The training cohorts in two dimensions, for a picture: points (n, 2), one label each."""

    points: Array
    labels: tuple[str, ...]
    mean: Array
    components: Array  # (2, d_embedding)

    def project(self, embedding: Array) -> Array:
        return np.asarray((embedding - self.mean) @ self.components.T, dtype=np.float32)


class Hypernetwork:
    """A hypernetwork's weights and its numpy forward pass."""

    def __init__(self, config: HypernetworkConfig, tensors: dict[str, Array]) -> None:
        needed = tensor_shapes(config) | _facts_of_voices(config, tensors)
        for name, shape in needed.items():
            if name not in tensors or tensors[name].shape != shape:
                raise HypernetworkError("The hypernetwork file does not hold the weights its description promises.")
        self.config = config
        self.tensors = {name: np.asarray(value, dtype=np.float32) for name, value in tensors.items()}

    def __call__(self, embedding: Array) -> Lora:
        """Speaker embedding float32 (d_embedding,) to the LoRA of every layer."""
        c, t = self.config, self.tensors
        x = np.clip((embedding - t["embedding.mean"]) / t["embedding.std"], -_CLIP, _CLIP)
        x = x @ t["trunk.weight"].T + t["trunk.bias"]
        if c.generator == "mlp":
            x = _gelu(_layer_norm(x, t["trunk.norm.weight"], t["trunk.norm.bias"]))
        h = x + t["layer_embedding"]  # (layers, hidden)
        if c.generator == "mlp":
            h = _layer_norm(h, t["mix.norm.weight"], t["mix.norm.bias"])
            h = h + _gelu(h @ t["mix.weight"].T + t["mix.bias"])
        a = (h @ t["head_a.weight"].T).reshape(c.layers, c.rank, c.d_model) + t["static.a"]
        b = (h @ t["head_b.weight"].T).reshape(c.layers, c.d_ff, c.rank) + t["static.b"]
        return Lora(a, b, c.alpha / c.rank)

    def distance(self, embedding: Array) -> float:
        """How far a voice lies from those of training: 1.0 is their 99th percentile.

        The Mahalanobis distance in the training embeddings' leading principal components,
        with what lies outside them measured against its own spread.
        """
        t = self.tensors
        if "voices.components" not in t:
            return 0.0
        x = (embedding - t["embedding.mean"]) / t["embedding.std"]
        z = (x @ t["voices.components"].T - t["voices.centre"]) / t["voices.spread"]
        residual = x - (x @ t["voices.components"].T) @ t["voices.components"]
        outside = float(residual @ residual) / float(t["voices.residual"][0])
        squared = (float(z @ z) + z.size * outside) / (2 * z.size)
        return float(np.sqrt(squared) / t["voices.edge"][0])

    @cached_property
    def map(self) -> VoiceMap | None:
        t = self.tensors
        if "map.points" not in t:
            return None
        labels = tuple(self.config.training.get("map_labels", ()))
        return VoiceMap(t["map.points"], labels, t["map.mean"], t["map.components"])

    def check_base(self, sha256: str) -> None:
        """Refuse a base model other than the one this was trained for.

        Raises:
            HypernetworkError: the sha256 differs.
        """
        if sha256 != self.config.base_sha256:
            raise HypernetworkError(
                f"This hypernetwork was trained for another model ({self.config.base}): "
                "choose that model, or a hypernetwork made for this one."
            )

    @property
    def parameters_per_utterance(self) -> int:
        """Weights of the LoRA written for one utterance."""
        c = self.config
        return c.layers * c.rank * (c.d_model + c.d_ff)


def tensor_shapes(config: HypernetworkConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every weight that the forward pass needs."""
    c = config
    shapes: dict[str, tuple[int, ...]] = {
        "embedding.mean": (c.d_embedding,),
        "embedding.std": (c.d_embedding,),
        "trunk.weight": (c.hidden, c.d_embedding),
        "trunk.bias": (c.hidden,),
        "layer_embedding": (c.layers, c.hidden),
        "head_a.weight": (c.rank * c.d_model, c.hidden),
        "head_b.weight": (c.d_ff * c.rank, c.hidden),
        "static.a": (c.layers, c.rank, c.d_model),
        "static.b": (c.layers, c.d_ff, c.rank),
    }
    if c.generator == "mlp":
        shapes |= {
            "trunk.norm.weight": (c.hidden,),
            "trunk.norm.bias": (c.hidden,),
            "mix.norm.weight": (c.hidden,),
            "mix.norm.bias": (c.hidden,),
            "mix.weight": (c.hidden, c.hidden),
            "mix.bias": (c.hidden,),
        }
    return shapes


def _facts_of_voices(config: HypernetworkConfig, tensors: dict[str, Array]) -> dict[str, tuple[int, ...]]:
    """Name and shape of what tells of training's voices, ``voices.*`` and ``map.*``: all of a group, or none of it."""
    shapes: dict[str, tuple[int, ...]] = {}
    if any(name.startswith("voices.") for name in tensors):
        directions = len(tensors.get("voices.components", ()))
        shapes |= {
            "voices.components": (directions, config.d_embedding),
            "voices.centre": (directions,),
            "voices.spread": (directions,),
            "voices.residual": (1,),
            "voices.edge": (1,),
        }
    if any(name.startswith("map.") for name in tensors):
        shapes |= {
            "map.points": (len(tensors.get("map.points", ())), 2),
            "map.mean": (config.d_embedding,),
            "map.components": (2, config.d_embedding),
        }
    return shapes


def save_hypernetwork(network: Hypernetwork, path: Path) -> None:
    """Write one safetensors file (float16 heads, float32 elsewhere) with the config as metadata.

    Raises:
        StorageError: the file cannot be written.
    """
    from safetensors.numpy import save

    from engine.paths import write_private

    stored = {
        name: value.astype(np.float16) if name.startswith(("head_", "trunk.weight", "static")) else value
        for name, value in network.tensors.items()
    }
    metadata = {"format": str(FORMAT), "config": json.dumps(asdict(network.config))}
    write_private(path, save(stored, metadata=metadata))


def load_hypernetwork(path: Path) -> Hypernetwork:
    """Read a hypernetwork file.

    Raises:
        HypernetworkError: the file is missing, damaged or of a newer format.
    """
    from safetensors import SafetensorError, safe_open

    config = read_config(path)
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise HypernetworkError(f"{path} is not a hypernetwork, or it is damaged: get it again.") from error
    if not all(np.isfinite(value).all() for value in tensors.values()):
        raise HypernetworkError(f"{path} is damaged: get it again.")
    return Hypernetwork(config, tensors)


def read_config(path: Path) -> HypernetworkConfig:
    """The description of a hypernetwork file, without its weights.

    Raises:
        HypernetworkError: the file is missing, damaged or of a newer format.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
        if metadata.get("format") != str(FORMAT):
            raise HypernetworkError(f"{path} is not a hypernetwork this version of Idiolect can read.")
        config = HypernetworkConfig(**json.loads(metadata["config"]))
    except FileNotFoundError:
        raise HypernetworkError(f"There is no hypernetwork at {path}: check the path.") from None
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise HypernetworkError(f"{path} is not a hypernetwork, or it is damaged: get it again.") from error
    if config.generator not in GENERATORS or not _sound(config.training):
        raise HypernetworkError(f"{path} is damaged: get it again.")
    return config


def _sound(training: object) -> bool:
    """Whether what is read from ``training`` to dictate can be."""
    if not isinstance(training, dict):
        return False
    calibration = training.get("calibration", {})
    return isinstance(calibration, dict) and all(isinstance(value, int | float) for value in calibration.values())


def installed_hypernetwork(base_sha256: str) -> Path | None:
    """The file for this base model: the person's own (``install_hypernetwork``) before the shipped one."""
    from engine.paths import assets_dir, data_dir

    own = data_dir() / "hypernetworks" / f"{base_sha256[:16]}.safetensors"
    if own.exists():
        return own
    for path in sorted(assets_dir().glob("hypernetwork-*.safetensors")):
        if read_config(path).base_sha256 == base_sha256:
            return path
    return None


def install_hypernetwork(path: Path) -> HypernetworkConfig:
    """Use the hypernetwork in ``path`` for its base model from now on, in place of the shipped one.

    Raises:
        HypernetworkError: the file is missing or damaged.
        StorageError: the data folder cannot be written.
    """
    from engine.paths import data_dir, write_private

    config = load_hypernetwork(path).config
    write_private(data_dir() / "hypernetworks" / f"{config.base_sha256[:16]}.safetensors", path.read_bytes())
    return config


def remove_hypernetwork(base_sha256: str) -> bool:
    """Go back to the shipped hypernetwork of this base model; False where no other was installed."""
    from engine.paths import data_dir

    own = data_dir() / "hypernetworks" / f"{base_sha256[:16]}.safetensors"
    existed = own.exists()
    own.unlink(missing_ok=True)
    return existed


def identity(
    base: str, base_sha256: str, d_model: int, d_ff: int, layers: int, generator: str = "mlp", seed: int = 0
) -> Hypernetwork:
    """An untrained hypernetwork: B is zero, so every utterance is decoded by plain Whisper."""
    config = HypernetworkConfig(base, base_sha256, generator, 2 * d_model, d_model, d_ff, layers)
    random = np.random.default_rng(seed)
    tensors = {}
    for name, shape in tensor_shapes(config).items():
        if name.endswith("norm.weight") or name == "embedding.std":
            tensors[name] = np.ones(shape, dtype=np.float32)
        elif name.endswith((".bias", "_b.weight", "static.b")) or name == "embedding.mean":
            tensors[name] = np.zeros(shape, dtype=np.float32)
        else:
            tensors[name] = (random.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)
    return Hypernetwork(config, tensors)


def _layer_norm(x: Array, weight: Array, bias: Array) -> Array:
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.sqrt(variance + np.float32(1e-5)) * weight + bias, dtype=np.float32)


def _gelu(x: Array) -> Array:
    """The tanh form, as ``torch.nn.GELU(approximate="tanh")``."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x**3)
    return np.asarray(0.5 * x * (1 + np.tanh(inner)), dtype=np.float32)
