"""Download of a pinned revision from the Hugging Face hub: resumable, cancellable, without an account."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from engine.errors import Cancelled, IdiolectError, ModelError
from engine.paths import storage_error

DEFAULT_ENDPOINT = "https://huggingface.co"
_TRIES = 5  # in a row without a single new byte
_PATIENCE = 1.0  # factor on the pauses between the tries


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
    port = address.port or (80 if address.scheme == "http" else 443)
    try:
        with socket.create_connection((address.hostname or "", port), timeout=timeout):
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

    What an earlier, interrupted call left in ``folder`` is taken up where it stopped, by
    an HTTP range request (huggingface_hub's own download begins again since 1.0: it keeps
    no partial file). ``on_bytes`` gets the bytes done over all files.

    Raises:
        ModelError: the hub cannot be reached or does not have the file.
        StorageError: ``folder`` cannot be written.
        Cancelled: ``cancelled()`` became true; the partial files stay.
    """
    before = 0
    for name in names:
        target = folder / name
        if not target.exists():
            report = None if on_bytes is None else partial(_add, on_bytes, before)
            download_file(f"{endpoint()}/{repo}/resolve/{revision}/{name}", target, report, cancelled)
        before += target.stat().st_size


def _add(on_bytes: Callable[[int], None], before: int, now: int) -> None:
    on_bytes(before + now)


def download_file(
    url: str, target: Path, on_bytes: Callable[[int], None] | None, cancelled: Callable[[], bool] | None
) -> None:
    """Fetch one file, as ``download`` does; ``on_bytes`` gets the bytes done."""
    part = target.with_name(f"{target.name}.part")
    failures = 0
    while True:
        held = part.stat().st_size if part.exists() else 0
        try:
            with part.open("ab") as file:
                complete = _stream(url, file, held, on_bytes, cancelled)
            if complete:
                part.replace(target)
                return
            reason = "the connection broke"
        except OSError as error:
            if not isinstance(error, (ConnectionError, TimeoutError)):
                raise storage_error(target, error) from error
            reason = str(error)
        grown = part.exists() and part.stat().st_size > held
        failures = 1 if grown else failures + 1
        if failures == _TRIES:
            raise _unavailable(url, reason)
        if cancelled is not None and cancelled():
            raise Cancelled("The download was cancelled; it can be taken up again.")
        time.sleep(min(2**failures, 10) * _PATIENCE)


def _stream(
    url: str, file: BinaryIO, held: int, on_bytes: Callable[[int], None] | None, cancelled: Callable[[], bool] | None
) -> bool:
    """Append what follows the first ``held`` bytes of ``url`` to ``file``. Returns whether it is complete now."""
    session = _session()
    # identity: a compressed answer could not be taken up at a byte
    headers = {"User-Agent": "idiolect", "Accept-Encoding": "identity"}
    if held:
        headers["Range"] = f"bytes={held}-"
    try:
        with session.stream("GET", url, headers=headers, timeout=20, follow_redirects=True) as response:
            if response.status_code == 416:  # nothing follows: it was complete
                return True
            if response.status_code not in (200, 206):
                raise _unavailable(url, f"the server answers {response.status_code}", response.status_code)
            if response.status_code == 200 and held:  # the server sends everything again
                file.truncate(0)
                held = 0
            length = response.headers.get("Content-Length")
            total = None if length is None else held + int(length)
            for chunk in response.iter_raw():
                if cancelled is not None and cancelled():
                    raise Cancelled("The download was cancelled; it can be taken up again.")
                file.write(chunk)
                held += len(chunk)
                if on_bytes is not None:
                    on_bytes(held)
            return total is None or held == total
    except (IdiolectError, OSError):
        raise
    except Exception as error:  # the HTTP library's errors: their classes differ between its versions
        raise ConnectionError(str(error).strip() or type(error).__name__) from error


def _session() -> Any:
    """huggingface_hub's HTTP client: it knows the proxies and certificates of this machine."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import get_session

    return get_session()


def _unavailable(url: str, reason: str, status: int = 0) -> ModelError:
    advice = (
        "the file is not there any more, get a newer Idiolect"
        if status in (401, 403, 404)
        else "check the connection and run the same command again, it goes on where it stopped"
    )
    return ModelError(f"{url} could not be downloaded ({reason[:160]}): {advice}.")
