"""Learning from corrections: honest about what helps, undoable, and never worse off after bad input."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.context import load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.errors import Cancelled
from engine.mel import log_mel
from engine.models import model_sha256
from engine.profile import Residual, load_residual, save_residual
from training import learn as learning
from training import whisper
from training.learn import LearnError, LearnOptions, forget, learn, undo
from training.manifest import read_manifest, write_manifest

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"
OPTIONS = LearnOptions(epochs=1, lr=5e-4)


def test_the_merged_residual_is_what_was_trained(tiny: Path) -> None:
    model = whisper.load(tiny, dtype=torch.float32)
    random = torch.Generator().manual_seed(0)
    lora = {}
    for layer in range(model.encoder_layers):
        for target in OPTIONS.targets:
            d_out, d_in = model.weights[f"encoder.layers.{layer}.{target}.weight"].shape
            a, b = torch.randn(4, d_in, generator=random), torch.randn(d_out, 4, generator=random)
            lora[f"encoder.layers.{layer}.{target}"] = (a / d_in**0.5, b * 0.02)
    fitter = learning._Fitter.__new__(learning._Fitter)
    fitter.whisper, fitter.options = model, OPTIONS
    named = fitter._named({name: (a.numpy(), b.numpy()) for name, (a, b) in lora.items()})
    decoder = Ct2Decoder(tiny, "float32", "cpu", merged=Residual("", named).deltas())
    plain = Ct2Decoder(tiny, "float32", "cpu")
    mel = padded_mel(log_mel(np.random.default_rng(0).normal(0, 0.05, 32000).astype(np.float32)), 200)
    with torch.no_grad():
        expected = whisper.encode(model, torch.from_numpy(mel)[None], lora)[0].numpy()
    assert np.abs(decoder.encode(mel) - expected).max() < 2e-2
    assert np.abs(plain.encode(mel) - expected).max() > 0.1
    assert load_tail(plain, tiny).shape[0] == 1500


def test_a_person_learns_or_is_told_why_not(tiny: Path, tmp_path: Path) -> None:
    sha256, seen = model_sha256(tiny), []
    learned = learn(tmp_path, tiny, sha256, DATA, None, OPTIONS, lambda share, what: seen.append(share))
    assert seen == sorted(seen) and seen[-1] == 1.0
    assert learned.utterances == len(read_manifest(DATA))
    kept = load_residual(tmp_path, sha256)
    assert (kept is not None) == learned.taken
    assert ("Learned from" in learned.sentence) == learned.taken
    assert learned.taken == (
        (learned.before - learned.after) / learned.before >= OPTIONS.worth
        and learned.typical_after <= learned.typical_before + OPTIONS.typical
    )
    # Where nothing is ever good enough, what was there stays.
    before = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert not learn(tmp_path, tiny, sha256, DATA, None, replace(OPTIONS, worth=2.0)).taken
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == before


def test_too_few_corrections_are_refused_with_the_reasons(tiny: Path, tmp_path: Path) -> None:
    items = read_manifest(DATA)[:4]
    broken = tmp_path / "gone.wav"
    write_manifest(
        tmp_path / "m.jsonl",
        [*items, replace(items[0], audio=broken), replace(items[1], text="...", audio=items[2].audio)],
    )
    with pytest.raises(LearnError, match="4 corrections to learn from, and at least 8.*gone or damaged.*text is empty"):
        learn(tmp_path, tiny, model_sha256(tiny), tmp_path / "m.jsonl", None)


def test_the_last_of_contradictory_corrections_counts() -> None:
    items = read_manifest(DATA)[:2]
    kept, left = learning.usable([*items, replace(items[0], text="Something else.")])
    assert sorted(u.text for u, _ in kept) == sorted([items[1].text, "Something else."]) and not left


def test_a_stopped_run_leaves_the_profile_alone_and_can_go_on(tiny: Path, tmp_path: Path) -> None:
    calls = iter(range(1000))
    with pytest.raises(Cancelled):
        learn(tmp_path, tiny, model_sha256(tiny), DATA, None, OPTIONS, cancelled=lambda: next(calls) > 16)
    assert not (tmp_path / "residual.safetensors").exists()
    stages = json.loads((tmp_path / "learning" / "stages.json").read_text())
    assert "before" in stages  # is not done again


def test_undo_and_forget(tmp_path: Path) -> None:
    def residual(value: float) -> Residual:
        return Residual("x", {"w": (np.full((3, 1), value, np.float32), np.ones((1, 3), np.float32))})

    learning._take(tmp_path, residual(1.0))
    learning._take(tmp_path, residual(2.0))
    assert undo(tmp_path)
    found = load_residual(tmp_path, "x")
    assert found is not None and found.pairs["w"][0][0, 0] == 1.0
    assert undo(tmp_path) and load_residual(tmp_path, "x") is None and not undo(tmp_path)
    save_residual(tmp_path, residual(3.0))
    forget(tmp_path)
    assert load_residual(tmp_path, "x") is None
