"""The hypernetwork: identity when untrained, one file that belongs to one base model."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from engine.errors import HypernetworkError
from engine.hypernetwork import (
    GENERATORS,
    Hypernetwork,
    HypernetworkConfig,
    identity,
    install_hypernetwork,
    installed_hypernetwork,
    load_hypernetwork,
    remove_hypernetwork,
    save_hypernetwork,
    tensor_shapes,
)
from tests.damage import damaged, survey


def small(generator: str = "mlp", trained: bool = True) -> Hypernetwork:
    network = identity("base", "ab" * 32, d_model=16, d_ff=64, layers=3, generator=generator)
    if not trained:
        return network
    random = np.random.default_rng(2)
    noise = {name: 0.3 * random.standard_normal(shape) for name, shape in tensor_shapes(network.config).items()}
    return Hypernetwork(
        network.config,
        {n: network.tensors[n] + noise[n].astype(np.float32) for n in noise}
        | {"embedding.std": network.tensors["embedding.std"]},
    )


def voice(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(32).astype(np.float32)


@pytest.mark.parametrize("generator", GENERATORS)
def test_untrained_it_changes_nothing(generator: str) -> None:
    lora = small(generator, trained=False)(voice())
    assert lora.a.any() and not lora.b.any()
    assert not lora.norms().any()


@pytest.mark.parametrize("generator", GENERATORS)
def test_every_voice_and_every_layer_gets_its_own(generator: str) -> None:
    one, other = small(generator)(voice(1)), small(generator)(voice(2))
    assert one.a.shape == (3, 4, 16) and one.b.shape == (3, 64, 4)
    assert np.abs(one.b - other.b).max() > 1e-3
    assert np.abs(one.b[0] - one.b[1]).max() > 1e-3


def test_norms_are_those_of_the_formed_change() -> None:
    lora = small()(voice()).scaled(0.5)
    assert lora.norms() == pytest.approx([np.linalg.norm(lora.delta(n)) for n in range(3)], rel=1e-4)


@pytest.mark.parametrize("generator", GENERATORS)
def test_a_file_gives_the_same_network(generator: str, tmp_path: Path) -> None:
    network = small(generator)
    save_hypernetwork(network, tmp_path / "h.safetensors")
    read = load_hypernetwork(tmp_path / "h.safetensors")
    assert read.config == network.config
    assert np.abs(read(voice()).b - network(voice()).b).max() < 2e-2  # heads are stored as float16
    assert (tmp_path / "h.safetensors").stat().st_mode & 0o777 == 0o600


def test_another_base_is_refused() -> None:
    with pytest.raises(HypernetworkError, match="trained for another model"):
        small().check_base("cd" * 32)
    small().check_base("ab" * 32)


def facts(voices: np.ndarray) -> dict[str, np.ndarray]:
    """What a file tells of the voices (n, 32) of its training."""
    components = np.linalg.svd(voices, full_matrices=False)[2][:8].astype(np.float32)
    scores = voices @ components.T
    return {
        "voices.components": components,
        "voices.centre": scores.mean(0),
        "voices.spread": scores.std(0),
        "voices.residual": np.array([((voices - scores @ components) ** 2).sum(1).mean()], dtype=np.float32),
        "voices.edge": np.ones(1, dtype=np.float32),
        "embedding.mean": np.zeros(32, dtype=np.float32),
    }


def strangers() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((200, 32)).astype(np.float32)


def test_a_familiar_voice_is_nearer_than_a_strange_one() -> None:
    network = Hypernetwork(small().config, small().tensors | facts(strangers()))
    assert network.distance(strangers()[0]) < network.distance(10 * strangers()[0])


@pytest.mark.parametrize("gone", [name for name in facts(strangers()) if name.startswith("voices.")])
def test_what_tells_of_trainings_voices_is_whole_or_refused(gone: str) -> None:
    tensors = {name: value for name, value in (small().tensors | facts(strangers())).items() if name != gone}
    with pytest.raises(HypernetworkError):
        Hypernetwork(small().config, tensors)


@pytest.mark.parametrize("training", [[1], {"calibration": 3}, {"calibration": {"doubt": "low"}}])
def test_a_description_that_cannot_be_used_is_refused(tmp_path: Path, training: object) -> None:
    network = small()
    config = asdict(network.config) | {"training": training}
    path = tmp_path / "h.safetensors"
    path.write_bytes(save(network.tensors, metadata={"format": "1", "config": json.dumps(config)}))
    with pytest.raises(HypernetworkError, match="damaged"):
        load_hypernetwork(path)


def test_weights_that_do_not_fit_the_description_are_refused(tmp_path: Path) -> None:
    network = small()
    config = asdict(network.config) | {"d_ff": 65}
    content = save(network.tensors, metadata={"format": "1", "config": json.dumps(config)})
    (tmp_path / "h.safetensors").write_bytes(content)
    with pytest.raises(HypernetworkError):
        load_hypernetwork(tmp_path / "h.safetensors")


@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04pickle", b"\xff" * 64])
def test_what_is_no_hypernetwork_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "h.safetensors").write_bytes(content)
    with pytest.raises(HypernetworkError, match="hypernetwork"):
        load_hypernetwork(tmp_path / "h.safetensors")


def test_an_adopted_one_is_used_before_the_shipped_one_until_it_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDIOLECT_HOME", str(tmp_path / "home"))
    save_hypernetwork(small(), tmp_path / "mine.safetensors")
    assert installed_hypernetwork("ab" * 32) is None
    assert install_hypernetwork(tmp_path / "mine.safetensors").base == "base"
    used = installed_hypernetwork("ab" * 32)
    assert used is not None and load_hypernetwork(used).config == small().config
    assert remove_hypernetwork("ab" * 32) and not remove_hypernetwork("ab" * 32)
    assert installed_hypernetwork("ab" * 32) is None


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HypernetworkError, match="no hypernetwork at"):
        load_hypernetwork(tmp_path / "none.safetensors")


@cache
def _file() -> bytes:
    network = small()
    config = json.dumps(asdict(HypernetworkConfig(**asdict(network.config))))
    return save(network.tensors | facts(strangers()), metadata={"format": "1", "config": config})


def check_damaged(seed: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "h.safetensors"
        path.write_bytes(damaged(_file(), seed, header=2048))
        try:
            network = load_hypernetwork(path)
            network(voice())
            network.distance(voice())
        except HypernetworkError:
            return "refused"
        return "read"


def test_hundreds_of_damaged_files_are_read_or_refused() -> None:
    outcomes, failures = survey(check_damaged, range(400))
    assert failures == []
    assert outcomes.count("refused") > 200
