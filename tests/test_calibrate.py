"""When personalization is doubted: as much as costs little on development speakers, and never more than a quarter."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.hypernetwork import load_hypernetwork
from engine.paths import assets_dir
from engine.weighing import Weighing
from training import calibrate
from training.calibrate import MOST_DOUBTED, Decodings, choose, errors_under
from training.manifest import read_manifest


def decodings(plain_errors: float) -> Decodings:
    """A hundred utterances, ever more certain; the adapted text of each has one error."""
    adapted = np.linspace(-1.0, -0.1, 100)
    errors = np.full(100, plain_errors)
    errors[50:] = 3.0  # of the more certain half the plain text is far worse
    return Decodings(adapted, adapted + 0.01, np.ones(100), errors, np.linspace(0.2, 0.9, 100))


def test_a_plain_text_as_good_is_preferred_wherever_a_quarter_allows_it() -> None:
    found = decodings(1.0)
    chosen = choose(found)
    doubted = (found.adapted < chosen.doubt).mean()
    assert MOST_DOUBTED - 0.02 < doubted <= MOST_DOUBTED
    assert errors_under(found, chosen.doubt, chosen.margin) == found.adapted_errors.sum()


def test_doubt_costs_at_most_a_twentieth_of_the_gain() -> None:
    found = decodings(2.0)
    chosen = choose(found)
    gain = found.plain_errors.sum() - found.adapted_errors.sum()
    lost = errors_under(found, chosen.doubt, chosen.margin) - found.adapted_errors.sum()
    assert 0 <= lost <= 0.05 * gain
    assert chosen.margin > 0.01  # by which every plain text here scores better: no more of them may be kept


def test_the_thresholds_travel_with_the_hypernetwork(base: Path, tmp_path: Path) -> None:
    network = tmp_path / "hypernetwork.safetensors"
    shutil.copy(assets_dir() / "hypernetwork-base.safetensors", network)
    typical = assets_dir() / "typical" / "manifest.jsonl"
    words = ["--manifest", str(typical), "--hypernetwork", str(network)]
    assert calibrate.main([*words, "--model", str(base), "--each", "1"]) == 0
    kept = load_hypernetwork(network)
    facts = kept.config.training["calibration"]
    assert facts["utterances"] == len({one.speaker for one in read_manifest(typical)}) > 1
    assert Weighing.of(kept) == Weighing(**{name: facts[name] for name in ("near", "far", "doubt", "margin")})


def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = str(assets_dir() / "hypernetwork-base.safetensors")
    manifest = str(assets_dir() / "typical" / "manifest.jsonl")
    for words in (["--manifest", str(tmp_path / "none"), "--hypernetwork", shipped],
                  ["--manifest", manifest, "--hypernetwork", str(tmp_path / "none")],
                  ["--manifest", manifest, "--hypernetwork", shipped, "--split", "train"]):  # fmt: skip
        assert calibrate.main(words) == 1
        told = capsys.readouterr().err
        assert told.endswith(".\n") or "cannot be read" in told
        assert "Traceback" not in told
