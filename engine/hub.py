"""Download of a pinned revision from the Hugging Face hub: resumable, cancellable, without an account."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.errors import Cancelled, ModelError
from engine.paths import storage_error

DEFAULT_ENDPOINT = "https://huggingface.co"


def endpoint() -> str:
    """The hub's address; ``HF_ENDPOINT`` names a mirror."""
    return os.environ.get("HF_ENDPOINT", DEFAULT_ENDPOINT).rstrip("/")


def reachable(timeout: float = 4.0) -> bool:
    """Whether the hub answers at all. Behind a proxy that cannot be known quickly, so it is assumed."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        return False
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    address = urlsplit(endpoint())
    try:
        with socket.create_connection((address.hostname or "", address.port or 443), timeout=timeout):
            return True
    except OSError:
        return False


def download(
    repo: str,
    revision: str,
    names: tuple[str, ...],
    folder: Path,
    on_bytes: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Fetch the files ``names`` of ``repo`` at commit ``revision`` into ``folder``.

    What an earlier, interrupted call left in ``folder`` is taken up where it stopped
    (HTTP range requests). ``on_bytes`` gets the bytes done over all files.

    Raises:
        ModelError: the hub cannot be reached or does not have the file.
        StorageError: ``folder`` cannot be written.
        Cancelled: ``cancelled()`` became true; the partial files stay.
    """
    # Both are read when huggingface_hub is imported. Plain HTTPS resumes from the partial
    # file; the xet protocol would begin again.
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import logging

    from huggingface_hub import hf_hub_download
    from tqdm import tqdm

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    before = 0

    class Bar(tqdm):  # type: ignore[misc]
        """Counts, draws nothing."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)  # huggingface_hub's own argument
            self.bytes_done = int(kwargs.get("initial") or 0)
            super().__init__(*args, **{**kwargs, "disable": True})

        def update(self, n: float | None = 1) -> bool | None:
            if cancelled is not None and cancelled():
                raise Cancelled("The download was cancelled; it can be taken up again.")
            self.bytes_done += int(n or 0)
            if on_bytes is not None:
                on_bytes(before + self.bytes_done)
            return None

    for name in names:
        try:
            path = hf_hub_download(
                repo, name, revision=revision, local_dir=folder, endpoint=endpoint(), token=False, tqdm_class=Bar
            )
        except Cancelled:
            raise
        except OSError as error:
            # huggingface_hub's own network errors are OSErrors too, without an errno
            if error.errno is not None and not isinstance(error, (ConnectionError, TimeoutError)):
                raise storage_error(folder, error) from error
            raise _unavailable(repo, name, error) from error
        except Exception as error:  # its many other errors have no common base
            raise _unavailable(repo, name, error) from error
        before += Path(path).stat().st_size


def _unavailable(repo: str, name: str, error: Exception) -> ModelError:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return ModelError(
        f"{name} of {repo} could not be downloaded ({reason[:160]}): check the connection and run the same command "
        "again, it goes on where it stopped."
    )
