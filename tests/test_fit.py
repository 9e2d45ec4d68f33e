"""Training: torch and numpy agree, the loss falls, and a killed run goes on as if nothing had happened."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers.modeling_outputs import BaseModelOutput

from engine.errors import OptionError
from engine.hypernetwork import HypernetworkConfig, load_hypernetwork
from engine.models import model_sha256
from engine.torch_decoder import encode_any_length, load_whisper
from training import whisper
from training.analyse import moved
from training.fit import _judged, _Progress, fit
from training.manifest import read_manifest
from training.network import Network
from training.recipe import Recipe
from training.states import States, make_states

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"
RECIPE = Recipe(epochs=6, batch=4, warmup=2, dev_every=6, lr=1e-3, lr_static=1e-3, kl_right=0.1, voices=0)

# What the processes that are killed, or run two at a time, execute.
SCRIPT = """
import sys, json
from pathlib import Path
import torch
torch.set_num_threads(1)
from tests.test_fit import RECIPE, run
run(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), max_steps=int(sys.argv[4]) or None)
"""


def run(folder: Path, model: Path, out: Path, recipe: Recipe = RECIPE, max_steps: int | None = None):  # type: ignore[no-untyped-def]
    states = States(folder)
    items = states.select(read_manifest(DATA))
    return fit(recipe, states, items[:8], items[8:], model, out, checkpoint_every=0.0, max_steps=max_steps, quiet=True)


@pytest.fixture(scope="module")
def cache(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("states")
    for _ in make_states(read_manifest(DATA), folder, tiny, "tiny.en"):
        pass
    return folder


@pytest.fixture(scope="module")
def whole(cache: Path, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run."""
    out = tmp_path_factory.mktemp("whole")
    run(cache, tiny, out)
    return out


def curve(out: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in (out / "curve.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("generator", ["mlp", "linear"])
def test_numpy_and_torch_hypernetworks_agree(generator: str) -> None:
    config = HypernetworkConfig("tiny.en", "0" * 64, generator, 64, 32, 128, 3, hidden=16, rank=2, alpha=2.0)
    random = np.random.default_rng(0)
    mean, std = random.normal(size=64).astype(np.float32), random.uniform(0.5, 2, 64).astype(np.float32)
    network = Network(config, mean, std, seed=3)
    with torch.no_grad():
        for value in network.weights.values():
            value.add_(0.1 * torch.randn(value.shape))
    embedding = random.normal(size=(5, 64)).astype(np.float32) * 2
    a, b = network(torch.from_numpy(embedding))
    exported = network.export()
    for n in range(5):
        lora = exported(embedding[n])
        assert np.abs(lora.a - a[n].detach().numpy()).max() < 1e-4
        assert np.abs(lora.b - b[n].detach().numpy()).max() < 1e-4
    other = Network(config, mean * 0, std, seed=4)
    other.load(exported)
    assert torch.allclose(other(torch.from_numpy(embedding))[1], b, atol=1e-5)


@pytest.mark.parametrize(("slack", "kept"), [(0.0, 2), (0.01, 4)])
def test_a_later_look_within_the_slack_of_the_best_is_kept(slack: float, kept: int) -> None:
    progress = _Progress(0, 0, math.inf, 0)
    for step, loss in enumerate((0.5, 0.400, 0.410, 0.403), 1):
        progress = _judged(replace(progress, step=step), loss, slack)
    assert (progress.best_step, progress.best, progress.waited) == (kept, 0.4, 2)


def test_an_untrained_hypernetwork_changes_nothing() -> None:
    config = HypernetworkConfig("tiny.en", "0" * 64, "mlp", 64, 32, 128, 3, hidden=16)
    network = Network(config, np.zeros(64, np.float32), np.ones(64, np.float32))
    lora = network.export()(np.random.default_rng(0).normal(size=64).astype(np.float32))
    assert not lora.norms().any()


def test_with_an_anchor_a_voice_near_the_mean_is_treated_as_the_mean_is() -> None:
    config = HypernetworkConfig("tiny.en", "0" * 64, "mlp", 64, 32, 128, 3, hidden=64)
    random = torch.Generator().manual_seed(0)
    voices = torch.randn(50, 64, generator=random)

    def turned(size: float, anchor: float) -> float:
        """How far the voices, ``size`` times as far from the mean, are from the mean's LoRA."""
        network = Network(config, np.zeros(64, np.float32), np.ones(64, np.float32))
        if anchor:
            network.anchor(anchor, voices, seed=1)
        with torch.no_grad():
            a = network(torch.cat([size * voices, torch.zeros(1, 64)]))[0] - network.weights["static_a"]
            return float((a[:-1] - a[-1]).square().mean().sqrt() / a[-1].square().mean().sqrt())

    assert turned(0.01, anchor=0) > 0.9 * turned(1.0, anchor=0)
    assert turned(0.01, anchor=2) < 0.05 * turned(1.0, anchor=2)


def test_the_forward_pass_is_that_of_transformers(tiny: Path) -> None:
    reference = load_whisper(tiny)
    mine = whisper.load(tiny, dtype=torch.float32)
    random = torch.Generator().manual_seed(0)
    mel = torch.randn(2, 80, 200, generator=random)
    tokens = torch.randint(0, 50000, (2, 9), generator=random)
    with torch.no_grad():
        states = whisper.encode(mine, mel)
        assert torch.allclose(states, encode_any_length(reference, mel), atol=1e-4)
        found = whisper.logits(mine, whisper.decode(mine, tokens, whisper.cross(mine, states)))
        encoded = BaseModelOutput(last_hidden_state=states)
        expected = reference(encoder_outputs=encoded, decoder_input_ids=tokens).logits
    assert torch.allclose(found, expected, atol=1e-3)


def test_training_lowers_the_loss_and_ships_a_hypernetwork(whole: Path, tiny: Path) -> None:
    lines = curve(whole)
    losses = [line["dev"]["loss"] for line in lines if "dev" in line]
    assert lines[0]["dev"]["unadapted"] == pytest.approx(losses[0], abs=1e-3)  # untrained is Whisper
    assert min(losses) < losses[0]
    assert lines[-1]["step"] == 12
    network = load_hypernetwork(whole / "hypernetwork.safetensors")
    network.check_base(model_sha256(tiny))
    assert network.config.training["utterances"] == 8
    rows = States(next(whole.parent.glob("states*"))).select(read_manifest(DATA))[:8]
    embeddings = States(next(whole.parent.glob("states*"))).embeddings([item.row for item in rows])
    assert max(network.distance(embedding) for embedding in embeddings) == pytest.approx(1.0, abs=0.1)
    assert network.map is not None and len(network.map.points) == len(network.map.labels) == 8
    assert np.allclose(network.map.project(embeddings[0]), network.map.points[0], atol=1e-2)


def test_a_killed_run_goes_on_as_if_nothing_had_happened(whole: Path, cache: Path, tiny: Path, tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", SCRIPT, str(cache), str(tiny), str(tmp_path), "0"]
    process = subprocess.Popen(arguments)
    deadline = time.monotonic() + 120
    while not (tmp_path / "checkpoint.safetensors").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() != 0
    run(cache, tiny, tmp_path)
    ours, theirs = load_file(tmp_path / "checkpoint.safetensors"), load_file(whole / "checkpoint.safetensors")
    assert ours.keys() == theirs.keys()
    for name in theirs:
        assert np.allclose(ours[name], theirs[name], atol=1e-5), name
    assert [line["step"] for line in curve(tmp_path)] == [line["step"] for line in curve(whole)]


def test_two_processes_follow_the_curve_of_one(whole: Path, cache: Path, tiny: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29533", "WORLD_SIZE": "2",
        "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true",
    }  # fmt: skip
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(cache), str(tiny), str(tmp_path), "0"],
            env={**environment, "RANK": str(rank), "LOCAL_RANK": str(rank)},
        )
        for rank in range(2)
    ]
    assert [process.wait(timeout=200) for process in processes] == [0, 0]
    for mine, theirs in zip(curve(tmp_path), curve(whole), strict=True):
        assert mine["step"] == theirs["step"]
        if "dev" in theirs:
            assert mine["dev"]["loss"] == pytest.approx(theirs["dev"]["loss"], rel=0.02)
        if "train" in theirs:
            assert mine["train"]["ce"] == pytest.approx(theirs["train"]["ce"], rel=0.03, abs=0.01)


@pytest.mark.parametrize("method", ["lora", "full"])
def test_other_methods_train_too(method: str, cache: Path, tiny: Path, tmp_path: Path) -> None:
    targets = ("q", "cross.v") if method == "lora" else ("w1",)
    recipe = replace(RECIPE, method=method, targets=targets, lr_static=1e-4 if method == "full" else 1e-3, epochs=2)
    fitted = run(cache, tiny, tmp_path, recipe)
    losses = [line["dev"]["loss"] for line in curve(tmp_path) if "dev" in line]
    assert fitted.hypernetwork is None and min(losses) < losses[0]
    turned = {row["matrix"].partition(".")[2]: row["largest_angle"] for row in moved(tmp_path, tiny)}
    kinds = {"self_attn.q_proj", "encoder_attn.v_proj"} if method == "lora" else {"fc1", "fc2", "self_attn.out_proj"}
    assert kinds <= turned.keys() and min(turned.values()) > 0


def test_a_run_with_another_recipe_is_not_overwritten(whole: Path, cache: Path, tiny: Path) -> None:
    with pytest.raises(OptionError, match="another recipe"):
        run(cache, tiny, whole, replace(RECIPE, rank=2))
