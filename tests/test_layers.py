"""Who may import whom, and what dictation does not have to wait for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from engine.audio import write_wav
from tests.conftest import Samples

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "scipy", "PySide6", "huggingface_hub", "onnxruntime", "matplotlib", "app", "training")


def imports(path: Path) -> set[str]:
    """The top-level names of everything that ``path`` imports, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [("engine", {"app", "training", "PySide6"}), ("app", {"training"}), ("training", {"app", "PySide6"})],
)
def test_packages_import_downwards_only(package: str, forbidden: set[str]) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    wrong = {str(path.relative_to(ROOT)): imports(path) & forbidden for path in files}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_the_engine_imports_quickly_and_without_heavy_libraries() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); import engine, engine.transcriber, engine.models; "
        f"print(time.perf_counter() - start, *(name for name in {HEAVY} if name in sys.modules))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT) for _ in range(3)]
    assert runs[0].returncode == 0, runs[0].stderr
    seconds, *loaded = runs[0].stdout.split()
    assert loaded == []
    assert min(float(run.stdout.split()[0]) for run in runs) < 1.0, seconds


def test_dictation_needs_neither_torch_nor_transformers(base: Path, clips: list[Samples], tmp_path: Path) -> None:
    write_wav(tmp_path / "clip.wav", clips[1])
    code = (
        "import sys; from engine.transcriber import Transcriber; from engine.options import *; "
        f"t = Transcriber(EngineOptions(model={str(base)!r})).transcribe({str(tmp_path / 'clip.wav')!r}, "
        "TranscribeOptions(words=True, n_best=3, compare=True)); "
        f"print(t.text); print(*(name for name in {HEAVY} if name in sys.modules and name != 'onnxruntime'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    text, loaded = done.stdout.split("\n")[:2]
    assert "London" in text
    assert loaded == ""
