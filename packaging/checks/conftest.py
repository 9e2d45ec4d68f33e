"""The built app, given to somebody else on this computer. Run by ``packaging/test``."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from person import Person, own, somebody
from screen import Screen

from engine.models import locate, models_dir
from tests.app.conftest import ALSA, Field, Microphone, display  # noqa: F401  a fixture

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
EDITIONS = {"standard": DIST / "idiolect", "offline": DIST / "idiolect-offline"}
_SOUND = ("XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_SERVER", "PULSE_COOKIE", "ALSA_CONFIG_PATH", "PULSE_SOURCE")


@dataclass
class Installed:
    """An edition of the app in somebody's home."""

    edition: str
    folder: Path
    person: Person

    @property
    def program(self) -> Path:
        return self.folder / "idiolect"


@pytest.fixture(params=EDITIONS)
def folder(request: pytest.FixtureRequest) -> Path:
    """The built folder of each edition."""
    return EDITIONS[request.param]


@pytest.fixture(scope="module", params=EDITIONS)
def installed(request: pytest.FixtureRequest) -> Iterator[Installed]:
    """Each edition moved to an empty home. The offline edition's user has no network and no model."""
    with somebody(network=request.param == "standard") as person:
        yield Installed(request.param, person.give(EDITIONS[request.param], "Idiolect"), person)


@pytest.fixture(scope="session")
def model() -> Path:
    """The real Whisper base, as somebody would bring it on a stick."""
    return locate(models_dir() / "base")


@pytest.fixture
def screen(display: str) -> Screen:  # noqa: F811
    return Screen()


@pytest.fixture(scope="session")
def microphone() -> Iterator[Microphone]:
    """The sound server of ``tests/app``, where other users of this computer may hear and speak, too."""
    folder = Path(tempfile.mkdtemp(prefix="idiolect-sound-"))
    (folder / "alsa.conf").write_text(ALSA)
    before = {key: os.environ.pop(key, None) for key in _SOUND}
    os.environ.update(
        XDG_RUNTIME_DIR=str(folder), PULSE_RUNTIME_PATH=str(folder / "pulse"), PULSE_COOKIE=str(folder / "cookie")
    )
    microphone = Microphone(folder)
    microphone.start()
    # Every program that speaks closes the folder named here to others: give ours another one, then open the server's.
    os.environ.update(PULSE_SERVER=f"unix:{folder}/pulse/native", PULSE_RUNTIME_PATH=str(folder / "ours"))
    time.sleep(2)  # those that keep the server awake have begun by then
    for place in (folder, folder / "pulse"):
        place.chmod(0o755)
    (folder / "alsa.conf").chmod(0o644)
    yield microphone
    microphone.stop()
    for key, value in before.items():
        os.environ.pop(key, None)
        if value is not None:
            os.environ[key] = value
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def session(installed: Installed, display: str, microphone: Microphone) -> Installed:  # noqa: F811
    """The person sits at the screen and speaks into the microphone."""
    installed.person.environment |= {
        "DISPLAY": display,
        "PULSE_SERVER": f"unix:{microphone.folder}/pulse/native",
        "ALSA_CONFIG_PATH": str(microphone.folder / "alsa.conf"),
    }
    return installed


@pytest.fixture
def field(display: str, tmp_path: Path) -> Iterator[Field]:  # noqa: F811
    """Another program's text field, with the keyboard."""
    field = Field(tmp_path / "field.txt", "Other program")
    yield field
    field.close()


def bring_model(installed: Installed, model: Path) -> None:
    """Import the model as a person without a network does; the offline edition has it."""
    if installed.edition == "offline" or (installed.person.home / ".cache/idiolect/models/base").is_dir():
        return
    given = installed.person.give(model, "given/base")
    for made in (*given.glob("*.onnx"), *given.glob("model.int8.bin"), *given.glob("silence_tail*")):
        made.unlink()  # the app makes them itself
    (given / "idiolect.json").unlink()
    own(given, installed.person)
    done = installed.person.run(installed.program, "models", "import", given)
    assert done.returncode == 0, done.stderr
