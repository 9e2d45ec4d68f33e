"""The part that learns is added by the real pip: with progress, stopped on request, told in a sentence if it fails."""

from __future__ import annotations

import base64
import hashlib
import http.server
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from app import extras
from app.extras import Install
from tests.app.conftest import wait_until

NAME = "idiolect_trial"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    return environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(tmp_path_factory.mktemp("wheels"), NAME, "1.0")


def environment(folder: Path) -> str:
    """An environment of its own with the same pip, so that ours is left alone; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    import pip

    link = next(folder.glob("lib/python*/site-packages"), folder / "Lib" / "site-packages") / "pip"
    link.symlink_to(Path(pip.__file__).parent)
    return str(next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()))


def wheel(folder: Path, name: str, version: str) -> Path:
    """A real wheel of 300 KB, in ``folder``."""
    files = {
        f"{name}/__init__.py": b"here = True\n",
        f"{name}/weights.bin": bytes(range(256)) * 1200,
        f"{name}-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{name}-{version}.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in files.items()]
    record = f"{name}-{version}.dist-info/RECORD"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        archive.writestr(record, "\n".join([*lines, f"{record},,"]) + "\n")
    return folder


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


@pytest.fixture
def slow(wheels: Path) -> Iterator[str]:
    """A package index that sends the wheel piece by piece."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(wheels))  # type: ignore[arg-type]

        def copyfile(self, source, outputfile) -> None:  # type: ignore[no-untyped-def]
            try:
                while piece := source.read(4096):
                    outputfile.write(piece)
                    time.sleep(0.05)
            except ConnectionError:
                pass

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def followed(install: Install) -> list[str]:
    heard: list[str] = []
    install.done.connect(lambda: heard.append("done"))
    install.stopped.connect(lambda: heard.append("stopped"))
    install.failed.connect(heard.append)
    return heard


def finds(python: str) -> bool:
    return subprocess.run([python, "-c", f"import {NAME}"], capture_output=True, check=False).returncode == 0


def test_fetching_can_be_stopped_and_begun_again(qapp: QCoreApplication, python: str, wheels: Path, slow: str) -> None:
    install = Install(python=python, options=["--no-index", "--find-links", slow, "--no-cache-dir"])
    heard, steps = followed(install), set()
    install.changed.connect(lambda: steps.add(install.step))
    install.start(["idiolect-trial"])
    assert wait_until(lambda: install.step.startswith(NAME), 30), heard
    assert install.busy and install.can_stop
    install.stop()
    assert wait_until(lambda: not install.busy, 10)
    assert heard == ["stopped"]
    assert not finds(python)
    again = Install(python=python, options=["--no-index", "--find-links", str(wheels)])
    heard = followed(again)
    again.start(["idiolect-trial"])
    assert wait_until(lambda: not again.busy, 60)
    assert heard == ["done"]
    assert finds(python)


def test_what_cannot_be_fetched_is_said_in_one_sentence(qapp: QCoreApplication, python: str, tmp_path: Path) -> None:
    install = Install(python=python, options=["--no-index", "--find-links", str(tmp_path)])
    heard = followed(install)
    install.start(["idiolect-nowhere"])
    assert wait_until(lambda: not install.busy, 60)
    assert heard == ["The learning part could not be fetched: check the connection and try again."]


def test_what_learning_needs_is_what_the_project_was_tested_with() -> None:
    wanted = extras.requirements()
    assert wanted and all(line.startswith("torch") and "<" in line and ";" not in line for line in wanted)


def test_an_environment_that_takes_nothing_is_said_in_one_sentence() -> None:
    for problem in ("externally-managed-environment", "[Errno 28] No space left on device", "[Errno 13] Permission"):
        sentence = extras._sentence(problem)
        assert sentence.count(". ") == 0 and problem not in sentence and sentence.endswith(".")
