"""``idiolect doctor`` on this very machine: what it says, the fix it gives, and the exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_models import INSTALLED

RUN = "import sys; from engine.doctor import run; sys.exit(run(sys.argv[1:]))"


def doctor(*options: str, **environment: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code and lines by name, in a process without a screen."""
    clean = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--json", *options],
        env={**clean, "IDIOLECT_MODELS": str(INSTALLED), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, {line["name"]: line for line in json.loads(done.stdout)}


def test_a_machine_without_a_desktop_is_fine_for_files() -> None:
    code, lines = doctor()
    assert code == 0
    assert {name for name, line in lines.items() if line["status"] == "fail"} == set()
    assert lines["Model"]["status"] == lines["Python"]["status"] == lines["Speech detection"]["status"] == "ok"
    assert "files can be transcribed" in lines["Display"]["detail"]
    assert all(line["fix"] for line in lines.values() if line["status"] == "warn"), "every limit comes with advice"


def test_missing_and_damaged_models_fail_with_the_fix(tmp_path: Path) -> None:
    code, lines = doctor(IDIOLECT_MODELS=str(tmp_path))
    assert code == 1
    assert lines["Model"]["status"] == "fail" and "idiolect models fetch base" in lines["Model"]["detail"]

    shutil.copytree(INSTALLED / "tiny.en", tmp_path / "tiny.en")
    with (tmp_path / "tiny.en" / "model.bin").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\xff\xff")
    code, lines = doctor("--model", "tiny.en", IDIOLECT_MODELS=str(tmp_path))
    assert code == 1 and "model.bin has changed" in lines["Model"]["detail"]
    assert (
        lines["Language model"]["status"] == "warn"
        and "idiolect models fetch language" in lines["Language model"]["fix"]
    )

    shutil.copytree(INSTALLED / "language", tmp_path / "language")
    assert doctor(IDIOLECT_MODELS=str(tmp_path))[1]["Language model"]["status"] == "ok"
    with (tmp_path / "language" / "model.onnx").open("r+b") as file:
        file.write(b"\xff\xff")
    line = doctor(IDIOLECT_MODELS=str(tmp_path))[1]["Language model"]
    assert line["status"] == "fail" and "model.onnx has changed" in line["detail"]


def test_a_library_that_is_missing_is_named_with_the_command(tmp_path: Path) -> None:
    # What the sounddevice package raises at import where PortAudio is not installed.
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    code, lines = doctor(PYTHONPATH=os.pathsep.join([str(tmp_path), str(Path.cwd())]))
    assert code == 0
    assert lines["Microphone"]["status"] == "warn"
    assert "apt-get install libportaudio2" in lines["Microphone"]["fix"]


def test_folders_that_cannot_be_written_fail(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    code, lines = doctor(IDIOLECT_HOME=str(tmp_path / "home"))
    assert code == 1
    assert lines["Settings folder"]["status"] == "fail" and "IDIOLECT_HOME" in lines["Settings folder"]["fix"]


def test_a_screen_that_does_not_answer_fails() -> None:
    code, lines = doctor(DISPLAY=":4711")
    assert code == 1
    assert "does not answer" in lines["Display"]["detail"] and "DISPLAY" in lines["Display"]["fix"]


def test_the_report_reads_well(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from engine import doctor as module

    monkeypatch.setenv("IDIOLECT_MODELS", str(INSTALLED))
    module.run(["--model", "tiny.en"])
    text = capsys.readouterr().out
    assert "  ok  Model" in text and "tiny.en, 76 MB, complete and unchanged" in text
    assert text.splitlines()[-1].endswith("failed.")
