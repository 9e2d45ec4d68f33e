"""The command line as a person uses it: a process of its own, real files, clear sentences."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.audio import write_wav
from tests.conftest import Samples


@pytest.fixture
def run(base: Path, tmp_path: Path):
    def start(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=200,
            env=os.environ | environment,
            cwd=Path(__file__).parent.parent,
        )

    return start


@pytest.fixture
def speech(tmp_path: Path, clips: list[Samples]) -> Path:
    write_wav(tmp_path / "speech.wav", clips[1])
    return tmp_path / "speech.wav"


def test_a_recording_is_printed_as_text(run, speech: Path) -> None:
    done = run("transcribe", speech, "--model", "base")
    assert done.returncode == 0, done.stderr
    assert "train to London" in done.stdout
    assert done.stderr == ""


def test_compare_prints_both_texts_and_why(run, speech: Path) -> None:
    done = run("transcribe", speech, "--compare")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("without: ") and lines[1].startswith("with: ") and len(lines) == 3


def test_bad_files_are_told_and_the_others_are_done(run, speech: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.mp3").write_text("hello")
    bad = [tmp_path / "missing.wav", tmp_path / "empty.wav", tmp_path / "text.mp3", tmp_path]
    done = run("transcribe", *bad, speech)
    assert done.returncode == 1
    assert "train to London" in done.stdout
    complaints = done.stderr.strip().splitlines()
    assert len(complaints) == len(bad)
    assert all(line.startswith("idiolect: ") and "Traceback" not in line for line in complaints)


@pytest.mark.parametrize("form", ["json", "srt", "vtt", "txt"])
def test_every_format_is_written_to_a_folder(run, speech: Path, tmp_path: Path, form: str) -> None:
    done = run("transcribe", speech, "--format", form, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / f"speech.{form}").read_text()
    assert "London" in text.replace("\n", " ")
    if form == "json":
        segment = json.loads(text)["segments"][0]
        assert {"adaptation", "avg_logprob", "flags", "start", "end"} <= segment.keys()
    if form in ("srt", "vtt"):
        assert " --> " in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "gigantic"], "no model called gigantic"),
        (["--language", "xx"], "language 'xx'"),
        (["--strength", "7"], "strength"),
        (["--pause", "99"], "pause"),
        (["--hypernetwork", "nowhere.safetensors"], "no hypernetwork"),
        (["--threads", "-1"], "-1 threads"),
        (["--alternatives", "60000"], "other readings"),
        (["--compare", "--format", "srt"], "srt has no place"),
        (["second.wav", "--format", "json"], "--output"),
        (["--compute-type", "float16", "--device", "cpu"], "compute type"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(run, speech: Path, arguments: list[str], said: str) -> None:
    done = run("transcribe", speech, *arguments)
    assert done.returncode == 1
    assert said in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_device_or_command_is_a_usage_error(run, speech: Path) -> None:
    assert run("transcribe", speech, "--device", "quantum").returncode == 2
    done = run("transmogrify")
    assert done.returncode == 1 and "no command 'transmogrify'" in done.stderr


def test_a_folder_that_cannot_be_made_is_named(run, speech: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("transcribe", speech, "--output", tmp_path / "file" / "out")
    assert done.returncode == 1 and "cannot be written" in done.stderr and "Traceback" not in done.stderr


def test_silence_is_said_to_be_silent(run, tmp_path: Path, clips: list[Samples]) -> None:
    write_wav(tmp_path / "silence.wav", clips[0] * 0)
    done = run("transcribe", tmp_path / "silence.wav", "--output", tmp_path / "out")
    assert done.returncode == 1 and done.stdout.strip() == "" and "no speech" in done.stderr
    assert not (tmp_path / "out").exists()


def test_recordings_of_one_name_keep_a_text_each(run, speech: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    shutil.copyfile(speech, tmp_path / "other" / "speech.wav")
    done = run("transcribe", speech, tmp_path / "other" / "speech.wav", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["speech (2).txt", "speech.txt"]


def test_models_are_listed_and_a_missing_one_is_told_how_to_get(run, speech: Path, tmp_path: Path) -> None:
    done = run("models", "list")
    assert done.returncode == 0 and "large-v3-turbo" in done.stdout and "installed in" in done.stdout
    done = run("transcribe", speech, IDIOLECT_MODELS=str(tmp_path / "none"))
    assert done.returncode == 1 and "idiolect models fetch base" in done.stderr


def test_help_names_every_command(run) -> None:
    text = run("--help").stdout
    for command in ("transcribe", "models", "bake", "doctor", "train", "evaluate", "learn"):
        assert command in text


def test_a_command_whose_libraries_are_missing_says_what_to_install() -> None:
    """torch is made impossible to import, as where only the app is installed."""
    code = (
        "import sys; sys.modules['torch'] = None; from engine.cli import main; "
        "sys.exit(main(['train', 'fit', '--manifest', 'm', '--states', 's', '--out', 'o']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert done.stderr.strip() == "idiolect: This needs torch, which is not installed: install idiolect[training]."
