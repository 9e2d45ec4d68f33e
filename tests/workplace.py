"""A folder like a checkout, with recordings, corpora and a person in it, in which the documents' commands are run."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from engine.audio import load_audio
from engine.models import model_sha256
from engine.profile import Voice, save_voice
from tests.documents import ROOT

DATA = ROOT / "tests" / "data" / "simulated"
CODE = ("app", "benchmarks", "engine", "packaging", "tests", "training", "pyproject.toml", "constraints.txt")
PATIENCE = 600.0  # seconds for one command, for a busy machine
# What a command writes is not made for it beforehand.
WRITTEN = {"--out", "--output", "--export", "--clips", ">", "-o"}


@dataclass
class Workplace:
    """``folder`` looks like the checkout, but what is written there touches neither it nor the person's own files."""

    folder: Path
    models: Path
    environment: dict[str, str]
    done: dict[tuple[Path, str], float] = field(default_factory=dict)
    app: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        for name in CODE:
            (self.folder / name).symlink_to(ROOT / name)
        for name in ("assets", "docs"):  # some commands write there
            shutil.copytree(ROOT / name, self.folder / name)
        (self.folder / ".venv").symlink_to(sys.prefix)
        self.models_folder.mkdir()
        for name in ("base", "tiny.en", "language"):
            (self.models_folder / name).symlink_to(self.models / name)
        scripts = Path(sys.executable).parent
        self.environment = self.environment | {
            "PATH": f"{scripts}{os.pathsep}{self.environment['PATH']}",
            "IDIOLECT_HOME": str(self.folder / "home"),
            "IDIOLECT_MODELS": str(self.models_folder),
            "MPLBACKEND": "agg",
        }
        self._start = self.folder / ".state"
        self._given()

    @property
    def models_folder(self) -> Path:
        return self.folder / "models"

    def begin(self) -> None:
        """A new document: a new shell in the checkout's folder."""
        self._start.unlink(missing_ok=True)

    def run(self, command: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Run ``command``; what is wrong with how it went, or nothing. Done before in the same place: nothing is done.

        The shell's folder and variables are those in which the command before has left them.
        """
        if (self.folder, command) in self.done:
            return ""
        self._provide(command)
        went = shlex.quote(str(self._start))
        script = f"set -euo pipefail\n[ ! -f {went} ] || . {went}\n{command}\n"
        script += f"{{ export -p; printf 'cd %q\\n' \"$PWD\"; }} > {went}\n"
        start, before = time.monotonic(), _processor_time()
        try:
            ended = subprocess.run(
                ["bash", "-c", script], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as expired:
            return f"it has not ended after {PATIENCE:.0f} s:\n{(expired.output or b'').decode()[-2000:]}"
        output = ended.stdout.decode("utf-8", "replace")
        self.done[self.folder, command] = time.monotonic() - start
        print(f"{time.monotonic() - start:6.1f} s, {_processor_time() - before:5.1f} s of the processor: {command}")
        if ended.returncode not in allowed or "Traceback (most recent call last)" in output:
            return f"it ended with {ended.returncode}:\n{output[-2000:]}"
        return ""

    # -- the app, which stays open until it is told to end ---------------------------------

    def open_app(self, command: str) -> str:
        """Start the app and wait until it answers."""
        if self.app is not None:
            return ""
        with (self.folder / "app.log").open("wb") as log:
            self.app = subprocess.Popen(
                shlex.split(command), cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.app.poll() is not None:
                break
            if self._tell_app("raise"):
                return ""
            time.sleep(0.3)
        return f"the app did not open:\n{self._app_said()}"

    def close_app(self) -> str:
        """Tell the app to end, if it is open; what is wrong with how it ended."""
        app, self.app = self.app, None
        if app is None:
            return ""
        try:
            self._tell_app("quit")
            code = app.wait(60)
        except subprocess.TimeoutExpired:
            return f"the app did not end:\n{self._app_said()}"
        finally:
            app.kill()
        said = self._app_said()
        return f"the app ended with {code}:\n{said}" if code or "Traceback" in said else ""

    def _tell_app(self, what: str) -> bool:
        words = [sys.executable, "-m", "engine.cli", what]
        return subprocess.run(words, cwd=ROOT, env=self.environment, capture_output=True, check=False).returncode == 0

    def _app_said(self) -> str:
        return (self.folder / "app.log").read_text("utf-8", "replace")[-2000:]

    # -- what the reader of a document has -------------------------------------------------

    def _given(self) -> None:
        """What the documents' placeholders stand for."""
        clip = DATA / "dysarthria-916.flac"
        soundfile.write(self.folder / "some.wav", load_audio(clip), 16000, subtype="PCM_16")
        self.manifest(self.folder / "MANIFEST")
        (self.folder / "FOLDER").symlink_to(self.models / "tiny.en")
        self._profile(self.folder / "PROFILE")
        _torgo(self.folder / "data" / "TORGO")
        _librispeech(self.folder / "data" / "LibriSpeech")

    def manifest(self, path: Path) -> None:
        """Four short recordings: two for testing, one each for training and development."""
        rows = [json.loads(line) for line in (DATA / "manifest.jsonl").read_text("utf-8").splitlines()]
        chosen = [row for row in rows if row["audio"].split("-")[0] in ("stuttering", "dysarthria")]
        for row, split in zip(chosen, ("test", "train", "test", "dev"), strict=True):
            row |= {"audio": str(DATA / row["audio"]), "split": split, "voice": row["speaker"]}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in chosen), "utf-8")

    def _profile(self, folder: Path) -> None:
        """A person who was heard before and has corrected four sentences."""
        save_voice(folder, Voice(model_sha256(self.models / "base"), 1, np.zeros(1024, np.float32)))
        self.manifest(folder / "corrections" / "manifest.jsonl")

    def _provide(self, command: str) -> None:
        """Make the corpora, recordings and hypernetworks that ``command`` reads and no command before has made.

        Where anything has been written to their folder, they are not made: there they must be already.
        """
        words = shlex.split(command)
        for before, word in zip(["", *words], words):
            path = self.folder / word.rpartition("=")[2]
            if before in WRITTEN or path.exists() or path.parent.exists():
                continue
            if path.suffix == ".jsonl":
                self.manifest(path)
            elif path.suffix == ".safetensors":
                path.parent.mkdir(parents=True)
                model = "tiny.en" if "tiny.en" in words else "base"
                shutil.copy(ROOT / "assets" / f"hypernetwork-{model}.safetensors", path)
            elif path.suffix in (".wav", ".flac", ".mp3"):
                path.parent.mkdir(parents=True)
                soundfile.write(path, load_audio(DATA / "dysarthria-916.flac"), 16000)


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _recording(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * np.sin(np.arange(16000) * 0.05), 16000)


def _torgo(root: Path) -> None:
    """Three speakers with dysarthria and three without, as TORGO lays them out."""
    for number in range(6):
        name = f"{'M' if number % 2 else 'F'}{'' if number < 3 else 'C'}0{number + 1}"
        session = root / name / "Session1"
        for item in range(2):
            _recording(session / "wav_headMic" / f"000{item + 1}.wav")
            (session / "prompts").mkdir(exist_ok=True)
            (session / "prompts" / f"000{item + 1}.txt").write_text(f"sentence {number} {'one' if item else 'two'}")


def _librispeech(root: Path) -> None:
    chapter = root / "dev-clean" / "84" / "121123"
    _recording(chapter / "84-121123-0000.flac")
    (chapter / "84-121123.trans.txt").write_text("84-121123-0000 GO DO YOU HEAR\n")


def is_app(words: list[str]) -> bool:
    """Whether the command opens the app and stays."""
    return len(words) == 1 and re.fullmatch(r"(.*/)?idiolect", words[0]) is not None
