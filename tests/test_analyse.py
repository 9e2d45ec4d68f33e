"""Probes and subspace angles on matrices whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.analyse import _labels, _numbers, subspace_angles, write_moved


def test_angles_between_subspaces_are_those_of_a_rotation() -> None:
    base = np.eye(6)[:, :2] * [2.0, 1.0]
    turned = base.copy()
    turned[:, 1] = np.cos(0.3) * base[:, 1] + np.sin(0.3) * np.eye(6)[:, 4]
    assert subspace_angles(base, base, 2) == pytest.approx([0, 0], abs=1e-7)
    assert sorted(subspace_angles(base, turned, 2)) == pytest.approx([0, 0.3], abs=1e-6)


def test_matrices_of_a_kind_are_told_together(tmp_path: Path) -> None:
    rows = [
        {"matrix": f"{layer}.fc1", "relative_change": 0.01 * layer, "mean_angle": 2.0 * layer, "largest_angle": angle}
        for layer, angle in ((1, 30.0), (3, 20.0))
    ]
    table = write_moved(rows, tmp_path).read_text()
    assert "| fc1 | 2.0 % | 4.0° | 30° |" in table
    assert (tmp_path / "moved.png").read_bytes().startswith(b"\x89PNG")


def test_a_probe_finds_what_is_there_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(200, 30)), rng.normal(size=(100, 30))
    alone = np.arange(100)
    there = _labels("sign", x, ["+" if row[3] > 0 else "-" for row in x], y, ["+" if row[3] > 0 else "-" for row in y],
                    alone)  # fmt: skip
    chance = _labels("coin", x, list(rng.choice(["a", "b"], 200)), y, list(rng.choice(["a", "b"], 100)), alone)
    assert there.score > 0.85 and abs(chance.score - 0.5) < 0.2
    (number,) = _numbers("sum", x, list(x[:, 0] + x[:, 1]), y, list(y[:, 0] + y[:, 1]), alone)
    assert number.score > 0.9
    assert chance.low < 0.5 < chance.high and number.low < number.score < number.high < 1
    assert _numbers("unknown", x, [None] * 200, y, [None] * 100, alone) == []
