"""Where Idiolect keeps its files, and how it writes them: privately and all or nothing.

``IDIOLECT_HOME`` moves everything into one folder. Nothing else is written.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
from pathlib import Path

import platformdirs

from engine.errors import StorageError

_APP = "idiolect"


def config_dir() -> Path:
    """Settings."""
    return _home("config") or Path(platformdirs.user_config_dir(_APP, appauthor=False))


def data_dir() -> Path:
    """Profiles, history and the spool of recorded speech."""
    return _home("data") or Path(platformdirs.user_data_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """Models: everything here can be fetched again."""
    return _home("cache") or Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def assets_dir() -> Path:
    """The folder of shipped weights and samples (inside the bundle when frozen)."""
    return Path(__file__).resolve().parent.parent / "assets"


def bundled_models_dir() -> Path:
    """Models that came with the program (its offline edition); read-only, and often not there."""
    return assets_dir() / "models"


def packaged() -> bool:
    """Whether this is the installed program rather than a Python environment: no pip, no training."""
    return bool(getattr(sys, "frozen", False))


def private_dir(path: Path) -> Path:
    """Create ``path`` (and its parents) readable by this user only, and return it.

    Raises:
        StorageError: the folder cannot be made.
    """
    try:
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in reversed(missing):  # mkdir(parents=True) would leave the parents open to everybody
            folder.mkdir(mode=0o700, exist_ok=True)
        if not missing and not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    except OSError as error:
        raise storage_error(path, error) from error
    return path


def write_private(path: Path, data: bytes, wait: bool = True) -> None:
    """Replace ``path`` with ``data`` in one step, mode 0600: the old file or the new, never half.

    ``wait`` until the disk has it, which may take seconds on a busy one.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    private_dir(path.parent)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if wait:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise storage_error(path, error) from error


def set_aside(path: Path, what: str, consequence: str) -> str:
    """Rename a damaged file so that nothing overwrites it, and say so in a sentence.

    Raises:
        StorageError: it cannot be renamed.
    """
    kept = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}-{number}")
    try:
        path.rename(kept)
    except OSError as error:
        raise StorageError(f"{path} is damaged and cannot be set aside ({error.strerror}): move it away.") from error
    return f"The {what} file was damaged. It was kept as {kept.name}. {consequence}"


def storage_error(path: Path, error: OSError) -> StorageError:
    """Say in one sentence why ``path`` cannot be written and what to do."""
    if error.errno == errno.ENOSPC:
        return StorageError(f"The disk is full, so {path} cannot be written: free some space and try again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"{path} cannot be written: choose a folder you may write to, for example by setting IDIOLECT_HOME."
        )
    return StorageError(f"{path} cannot be written ({error.strerror or error}): check the disk and try again.")


def _home(part: str) -> Path | None:
    home = os.environ.get("IDIOLECT_HOME")
    return Path(home).expanduser() / part if home else None
