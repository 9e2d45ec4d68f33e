"""What the engine makes once from a model and keeps: the int8 copy, the decoder's graphs.

Every file has its sha256 beside it, so that ``models verify`` finds a weight that has changed on
the disk; reading 100 MB for that at every start would take longer than loading them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from engine.errors import ModelError, StorageError
from engine.paths import cache_dir, private_dir

Used = TypeVar("Used")
INT8_FILE = "model.int8.bin"
_NOTE = ".sha256"
_VERSION = re.compile(r"\.v\d+\.")  # of the file's format: step.v7.onnx


def kept_copy(directory: Path, name: str, make: Callable[[], bytes], use: Callable[[Path], Used]) -> Used:
    """``use`` of the file ``name``, which ``make`` makes once from the model in ``directory``.

    It is made again when the model is newer, or ``use`` calls it damaged (``ModelError``); those of older formats are
    then taken away. It lies beside the model, or in the cache where that folder cannot be written.

    Raises:
        StorageError: neither place can be written.
    """
    model = (directory / "model.bin").stat().st_mtime_ns
    for path in _places(directory, name, look=True):
        if path.exists() and path.stat().st_mtime_ns >= model:
            with contextlib.suppress(ModelError):
                return use(path)
    content = make()
    for path in _places(directory, name, look=False):
        with contextlib.suppress(OSError, StorageError):
            private_dir(path.parent)
            _replace(path, content)
            with contextlib.suppress(OSError):
                _replace(_note(path), hashlib.sha256(content).hexdigest().encode())
                _remove_older(path)
            return use(path)
    raise StorageError(f"Neither {directory} nor {cache_dir()} can be written: free some space or set IDIOLECT_HOME.")


def remove_damaged(directory: Path) -> None:
    """Take away the kept files of the model in ``directory`` that are not as they were made; the next start makes
    them again."""
    from engine.modelfiles import file_sha256

    for pattern in (INT8_FILE, "*.v*.onnx"):
        for place in _places(directory, pattern, look=True):
            for path in place.parent.glob(place.name):
                with contextlib.suppress(OSError, ModelError):  # it cannot be read, or is older than these notes
                    if file_sha256(path) != _note(path).read_text(encoding="ascii"):
                        path.unlink()


def _places(directory: Path, name: str, look: bool) -> Iterator[Path]:
    """Where ``name`` may lie. To look for it the cache counts only where there is one."""
    from engine.models import model_sha256

    yield directory / name
    cache = cache_dir() / "int8"
    if cache.is_dir() or not look:  # the weights' name takes a moment where the model is not one of ours
        yield cache / f"{model_sha256(directory)[:16]}-{name}"


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)  # of a full disk nothing is taken away for nothing


def _note(path: Path) -> Path:
    return path.with_name(path.name + _NOTE)


def _remove_older(path: Path) -> None:
    if _VERSION.search(path.name):
        for other in path.parent.glob(_VERSION.sub(".v*.", path.name)):
            if other != path:
                other.unlink()
                _note(other).unlink(missing_ok=True)
