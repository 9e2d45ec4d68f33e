"""A real screen and a real microphone for the app's tests.

``display`` is an Xvfb with a window manager, ``microphone`` a sound server whose default
source hears what is played into it. Both are this test run's own and end with it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # Qt looks for a screen, and there is none yet
    from app.core import Core
    from app.ui.window import MainWindow

ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
"""
# A second of very soft white noise, over and over; the pipe sets the pace.
NOISE = (
    "import sys, numpy as np\n"
    "second = np.random.default_rng(0).integers(-32, 33, 16000).astype('<i2').tobytes()\n"
    "while True: sys.stdout.buffer.write(second)"
)
SERVER = (
    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-level=error"),
    *("-L", "module-native-protocol-unix auth-anonymous=1"),
    *("-L", "module-null-sink sink_name=speaker rate=16000"),
    *("-L", "module-null-sink sink_name=second rate=44100 channels=2"),
)


SCREEN: list[int] = []  # process ids of the screen's server and its window manager


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Run the Qt event loop (where there is one) until ``condition`` holds."""
    from PySide6.QtCore import QCoreApplication

    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        app = QCoreApplication.instance()
        if app is not None:
            app.processEvents()
        time.sleep(0.005)
    return True


def need(*programs: str) -> None:
    """Programs that ``./test`` installs on Linux: there, a run without them has tested nothing and must say so."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing and sys.platform.startswith("linux"):
        pytest.fail(f"{', '.join(missing)} not installed: run ./test once, it installs what the tests need")
    if missing:
        pytest.skip(f"{', '.join(missing)} only for Linux")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh ``IDIOLECT_HOME``."""
    monkeypatch.setenv("IDIOLECT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def core(qapp, home: Path) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    """A core that has not started: no engine, no microphone."""
    from app.core import Core
    from app.ui import theme

    core = Core()
    theme.apply(qapp, "light")
    yield core
    core.close()


@pytest.fixture
def ann(core: Core) -> str:
    """Somebody who has the app now; the other one is "me"."""
    identity = core.store.profiles.create("Ann").id
    core.store.update(sounds=False)
    core.store.open_profile(identity)
    return identity


@pytest.fixture
def window(core: Core, qtbot) -> MainWindow:  # type: ignore[no-untyped-def]
    from app.ui.window import MainWindow

    window = MainWindow(core)
    qtbot.addWidget(window)
    window.show()
    return window


@contextmanager
def ready_core(home: Path) -> Iterator[Core]:
    """A core in ``home`` whose engine is loaded."""
    from app.core import Core

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDIOLECT_HOME", str(home))
        core = Core()
        core.store.update(sounds=False, warm_microphone=False, first_start_done=True, mode="toggle")
        core.start()
        assert wait_until(lambda: core.engine.state == "ready", 60), core.engine.state
        yield core
        core.close()


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A screen of our own with a window manager; ``DISPLAY`` is set to it."""
    need("Xvfb", "openbox", "xdotool")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
        preexec_fn=_end_with_us,  # Qt needs it to the very end
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = f":{pipe.readline().strip()}"
    before = {key: os.environ.get(key) for key in ("DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
    os.environ.update(DISPLAY=name, QT_QPA_PLATFORM="xcb")
    os.environ.pop("WAYLAND_DISPLAY", None)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager = subprocess.Popen(["openbox"], preexec_fn=_end_with_us, **quiet)  # type: ignore[call-overload]
    SCREEN[:] = [server.pid, manager.pid]
    time.sleep(0.3)
    yield name
    _restore(before)
    assert server.poll() is None, "the screen broke down"


def _end_with_us() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@contextmanager
def before_all_others() -> Iterator[None]:
    """Our threads and the screen's server go before every other program, where the system lets us (Linux, as root).

    A loop that stalls nevertheless was kept by our own work, not by whatever else the
    computer does. The engine's process stays as it is.
    """
    moved: list[int] = []
    try:
        for task in (*map(int, os.listdir("/proc/self/task")), *SCREEN):
            os.sched_setscheduler(task, os.SCHED_RR, os.sched_param(1))
            moved.append(task)
    except (OSError, AttributeError):  # not allowed, or another system
        pass
    try:
        yield
    finally:
        for task in moved:
            with suppress(OSError):  # the thread has ended
                os.sched_setscheduler(task, os.SCHED_OTHER, os.sched_param(0))


@pytest.fixture(scope="session")
def qapp(display: str, qapp):  # type: ignore[no-untyped-def]
    """pytest-qt's application, on that screen."""
    return qapp


class Microphone:
    """The sound server and what is spoken into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: subprocess.Popen[bytes] | None = None
        self.keepers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.server = subprocess.Popen(SERVER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self.control("set-default-source", "speaker.monitor") and self.control("set-default-sink", "speaker"):
                self._keep_awake()
                return
            time.sleep(0.05)
        raise RuntimeError("pulseaudio did not start")

    def _keep_awake(self) -> None:
        """A null sink that nobody plays to closely hands its sound over every two seconds, and no room is silent."""
        noise = subprocess.Popen([sys.executable, "-c", NOISE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        raw = ("pacat", "--latency-msec=20", "--rate=16000", "--channels=1", "--format=s16le")
        self.keepers = [
            noise,
            subprocess.Popen([*raw, "--device=speaker"], stdin=noise.stdout),
            subprocess.Popen([*raw, "--device=second", "/dev/zero"]),
        ]

    def stop(self) -> None:
        for keeper in self.keepers:
            keeper.kill()
            keeper.wait(5)
        if self.server is not None:
            self.server.kill()
            self.server.wait(5)
            self.server = None

    def control(self, *words: str) -> bool:
        return subprocess.run(["pactl", *words], capture_output=True, check=False).returncode == 0

    def play(self, recording: Path, wait: bool = True, sink: str = "speaker") -> subprocess.Popen[bytes]:
        """Speak a WAV file into the microphone."""
        player = subprocess.Popen(["paplay", f"--device={sink}", "--latency-msec=200", str(recording)])
        if wait:
            player.wait(60)
            time.sleep(0.4)  # paplay leaves while the last of it is on its way
        return player


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Microphone]:
    """A sound server of our own whose default source is the monitor of a null sink."""
    need("pulseaudio", "pactl", "paplay", "pacat")
    from engine.portaudio import start_again

    folder = tmp_path_factory.mktemp("sound")
    folder.chmod(0o700)
    (folder / "alsa.conf").write_text(ALSA)
    keys = ("XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_SERVER", "PULSE_COOKIE", "ALSA_CONFIG_PATH", "PULSE_SOURCE")
    before = {key: os.environ.get(key) for key in keys}
    os.environ.update(
        XDG_RUNTIME_DIR=str(folder),
        PULSE_RUNTIME_PATH=str(folder / "pulse"),
        PULSE_COOKIE=str(folder / "cookie"),
        ALSA_CONFIG_PATH=str(folder / "alsa.conf"),
    )
    os.environ.pop("PULSE_SERVER", None)
    os.environ.pop("PULSE_SOURCE", None)
    microphone = Microphone(folder)
    microphone.start()
    start_again()
    yield microphone
    microphone.stop()
    _restore(before)


def _restore(before: dict[str, str | None]) -> None:
    for key, value in before.items():
        if value is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = value


class Field:
    """A second program with a text field."""

    def __init__(self, path: Path, title: str, program: str = "field.py") -> None:
        self._path, self.title = path, title
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).parent / program), str(path), title])
        if not wait_until(lambda: path.exists() and self.focused(), 20):
            raise RuntimeError("the second program did not come to the front")

    def focused(self) -> bool:
        name = subprocess.run(["xdotool", "getactivewindow", "getwindowname"], capture_output=True, text=True)
        return name.stdout.strip() == self.title

    def focus(self) -> None:
        subprocess.run(["xdotool", "search", "--name", f"^{self.title}$", "windowactivate", "--sync"], check=True)

    @property
    def text(self) -> str:
        return self._path.read_text("utf-8").partition("\0")[0]

    @property
    def selected(self) -> str:
        return self._path.read_text("utf-8").partition("\0")[2]

    def close(self) -> None:
        self.process.kill()
        self.process.wait(5)


@pytest.fixture
def field(display: str, tmp_path: Path) -> Iterator[Field]:
    """Another program's text field, with the keyboard."""
    field = Field(tmp_path / "field.txt", "Other program")
    yield field
    field.close()
