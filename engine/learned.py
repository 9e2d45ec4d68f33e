"""What a person's corrections have taught, as files: taken, undone, deleted, exported, imported.

The *residual* of ``engine.profile`` is what counts; the one before it is kept beside it so
that the last learning can be taken back, and ``learning/`` holds what a run needs to go on
after it was stopped. Nothing here needs torch: the app calls it directly.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import IdiolectError, ProfileError
from engine.paths import storage_error, write_private
from engine.profile import RESIDUAL_FILE, Residual, load_residual, save_residual

FEWEST = 8  # corrected utterances: with fewer, nothing can be judged on what was not heard
PREVIOUS_FILE = "residual.previous.safetensors"
FOLDER = "learning"  # in the profile: what is kept of a run, so that it can go on
STAGES_FILE = "stages.json"
_NOTHING = b""  # as the previous residual: there was none


@dataclass(frozen=True)
class Learned:
    """What the residual in use was learnt from, and what it brought there.

    ``before`` and ``after`` are fractions of wrong words on corrections not heard in training.
    """

    base_sha256: str
    utterances: int
    before: float
    after: float
    when: str  # ISO 8601, UTC; "" where unknown
    model: str = ""  # the base model's name; "" where unknown


@dataclass(frozen=True)
class Status:
    """Where a profile stands: ``problem`` is one sentence where what was learnt cannot be used, else empty."""

    corrections: int
    needed: int
    learned: Learned | None
    can_undo: bool
    unfinished: bool
    problem: str = ""


def status(folder: Path, base_sha256: str | None = None) -> Status:
    """What there is to learn from and what was learnt in the profile ``folder``; never raises for a damaged file."""
    learned, problem = None, ""
    try:
        learned = described(folder, base_sha256)
    except IdiolectError as error:
        problem = str(error)
    return Status(
        corrections=_lines(folder / "corrections" / "manifest.jsonl"),
        needed=FEWEST,
        learned=learned,
        can_undo=(folder / RESIDUAL_FILE).exists() or (folder / PREVIOUS_FILE).exists(),
        unfinished=(folder / FOLDER / STAGES_FILE).exists(),
        problem=problem,
    )


def described(folder: Path, base_sha256: str | None = None) -> Learned | None:
    """The residual in ``folder``; None where nothing was learnt.

    Raises:
        ProfileError: it is damaged, or belongs to another base model than ``base_sha256``.
    """
    residual = load_residual(folder, base_sha256)
    if residual is None:
        return None
    facts = residual.facts
    return Learned(
        residual.base_sha256,
        int(_number(facts, "utterances")),
        _number(facts, "before"),
        _number(facts, "after"),
        str(facts.get("when", "")),
        str(facts.get("model", "")),
    )


def take(folder: Path, residual: Residual) -> None:
    """Put ``residual`` into use; what was there can be got back with ``undo``.

    Raises:
        StorageError: the disk is full; what was there is still in use.
    """
    current = folder / RESIDUAL_FILE
    facts = {"when": datetime.now(UTC).isoformat(timespec="seconds"), **residual.facts}
    try:
        had = load_residual(folder) is not None
    except ProfileError:
        had = False  # nobody wants a damaged one back
    write_private(folder / PREVIOUS_FILE, current.read_bytes() if had else _NOTHING)
    save_residual(folder, Residual(residual.base_sha256, residual.pairs, facts))


def undo(folder: Path) -> bool:
    """Go back to what the profile had before the last learning; False where there is nothing to take back.

    Raises:
        StorageError: the folder cannot be written.
    """
    current, previous = folder / RESIDUAL_FILE, folder / PREVIOUS_FILE
    try:
        if previous.exists() and previous.stat().st_size:
            os.replace(previous, current)
            return True
        had = current.exists()
        current.unlink(missing_ok=True)
        previous.unlink(missing_ok=True)
        return had
    except OSError as error:
        raise storage_error(current, error) from error


def forget(folder: Path) -> None:
    """Delete everything learnt from this person's corrections, for good. The corrections themselves stay.

    Raises:
        StorageError: the folder cannot be written.
    """
    for path in (folder / RESIDUAL_FILE, folder / PREVIOUS_FILE, *(folder / FOLDER).glob("*")):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(path, error) from error


def export_learned(folder: Path, file: Path) -> Path:
    """Write what was learnt to ``file`` (safetensors, its suffix added where missing) and return its path.

    Raises:
        ProfileError: nothing was learnt, or the residual is damaged.
        StorageError: ``file`` cannot be written.
    """
    if load_residual(folder) is None:
        raise ProfileError(f"Nothing has been learned in {folder.name} yet, so there is nothing to export.")
    file = file if file.suffix == ".safetensors" else file.with_name(f"{file.name}.safetensors")
    write_private(file, (folder / RESIDUAL_FILE).read_bytes())
    return file


def import_learned(folder: Path, file: Path, base_sha256: str) -> Learned:
    """Put an exported ``file`` into use; what was there can be got back with ``undo``.

    Raises:
        ProfileError: the file is missing, damaged or belongs to another base model.
        StorageError: the folder cannot be written.
    """
    if not file.is_file():
        raise ProfileError(f"There is no file {file}: choose one that was exported with Idiolect.")
    residual = load_residual(file.parent, base_sha256, file.name)
    if residual is None or not residual.pairs:
        raise ProfileError(f"{file} holds nothing that was learned: choose a file that was exported with Idiolect.")
    take(folder, residual)
    found = described(folder, base_sha256)
    assert found is not None
    return found


def _lines(manifest: Path) -> int:
    count = 0
    try:
        for line in manifest.read_text("utf-8").splitlines():
            count += isinstance(json.loads(line or "0"), dict)
    except (OSError, ValueError, RecursionError):
        pass  # a torn line ends the count: it is a figure to show, no more
    return count


def _number(facts: Mapping[str, object], name: str) -> float:
    value = facts.get(name, 0)
    return float(value) if isinstance(value, int | float) else 0.0
