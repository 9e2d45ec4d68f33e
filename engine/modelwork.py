"""The long work on a model's files: read, copied, hashed in pieces, seen to go on and stopped in the middle."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import Cancelled as Stopped
from engine.errors import ModelError, StorageError
from engine.paths import private_dir, storage_error

Progress = Callable[[int, int], None]  # bytes done, bytes in all
Cancelled = Callable[[], bool]


def copy_model(source: Path, target: Path, on_progress: Progress | None, cancelled: Cancelled | None) -> None:
    """The files that a model needs, from one folder into another."""
    from engine.modelfiles import REQUIRED, VOCABULARIES

    try:
        for name in (*REQUIRED, *VOCABULARIES, "preprocessor_config.json"):
            if (source / name).is_file():
                with (target / name).open("wb") as out:
                    for piece in _pieces(source / name, on_progress if name == "model.bin" else None, cancelled):
                        out.write(piece)
    except OSError as error:
        raise storage_error(target, error) from error


def sha256_of(path: Path, on_progress: Progress | None, cancelled: Cancelled | None) -> str:
    """``modelfiles.file_sha256`` for a large file: seen to go on, and stopped in the middle."""
    digest = hashlib.sha256()
    try:
        for piece in _pieces(path, on_progress, cancelled):
            digest.update(piece)
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(f"{path} cannot be read ({reason}): check the disk or fetch it again.") from error
    return digest.hexdigest()


def _pieces(path: Path, on_progress: Progress | None, cancelled: Cancelled | None) -> Iterator[bytes]:
    watch, total, done = watched(on_progress, cancelled), path.stat().st_size, 0
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            yield piece
            done += len(piece)
            watch(done, total)


def watched(on_progress: Progress | None, cancelled: Cancelled | None) -> Progress:
    """``on_progress`` that also breaks off the work when it is cancelled."""

    def report(done: int, total: int) -> None:
        go_on(cancelled)
        if on_progress is not None:
            on_progress(done, total)

    return report


def go_on(cancelled: Cancelled | None) -> None:
    """Raises engine.errors.Cancelled where somebody wants the work to stop."""
    if cancelled is not None and cancelled():
        raise Stopped("The work on the model was cancelled.")


def fresh(folder: Path) -> Path:
    """``folder``, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    return private_dir(folder)


def need_space(folder: Path, size: int) -> None:
    """Raises StorageError where fewer than ``size`` bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StorageError(
            f"{folder.parent} has {free / 1e9:.1f} GB free, but {size / 1e9:.1f} GB are needed: free some space, "
            "or name another folder in IDIOLECT_MODELS."
        )
