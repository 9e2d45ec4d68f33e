"""A screen and a microphone that nobody sees or hears: Xvfb and PulseAudio, for driving the real app. Linux only.

``environment`` is what a program needs in order to use them. Both end with the program
that made them, even where that is killed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
"""
_SERVER = (
    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-level=error"),
    *("-L", "module-native-protocol-unix auth-anonymous=1"),
    *("-L", "module-null-sink sink_name=speaker rate=16000"),
)
# A second of very soft white noise, over and over; the pipe sets the pace.
_NOISE = (
    "import sys, numpy as np\n"
    "second = np.random.default_rng(0).integers(-32, 33, 16000).astype('<i2').tobytes()\n"
    "while True: sys.stdout.buffer.write(second)"
)
_RAW = ("--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=20")
NEEDED = ("Xvfb", "pulseaudio", "pactl", "paplay", "pacat", "parec")


@dataclass(frozen=True)
class Desk:
    """``environment`` for programs that use the screen and the microphone; ``folder`` ends with the desk."""

    environment: dict[str, str]
    folder: Path

    def play(self, recording: Path) -> subprocess.Popen[bytes]:
        """Begin to speak a WAV file into the microphone."""
        words = ["paplay", "--device=speaker", "--latency-msec=50", str(recording)]
        return subprocess.Popen(words, env=self.environment)

    def witness(self, path: Path) -> subprocess.Popen[bytes]:
        """Another program that records the same microphone: raw 16-bit samples at 16 kHz into ``path``."""
        with path.open("wb") as file:
            return subprocess.Popen(["parec", "--device=speaker.monitor", *_RAW], stdout=file, env=self.environment)


@contextmanager
def desk(*more: str) -> Iterator[Desk]:
    """A screen and a microphone of our own; ``more``: further programs that must be there."""
    missing = [program for program in (*NEEDED, *more) if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"{', '.join(missing)} must be installed for this: see TEST_LIBRARIES in packaging.")
    started: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            yield Desk(_start(folder, started), folder)
        finally:
            for process in reversed(started):
                process.kill()
                process.wait(5)


def _start(folder: Path, started: list[subprocess.Popen[bytes]]) -> dict[str, str]:
    def start(*words: str, **more: object) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment} | more
        process = subprocess.Popen(words, preexec_fn=_end_with_us, **quiet)  # type: ignore[call-overload]
        started.append(process)
        return process  # type: ignore[no-any-return]

    (folder / "alsa.conf").write_text(_ALSA)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PULSE_", "WAYLAND_"))}
    environment |= {
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder / "pulse"),
        "PULSE_COOKIE": str(folder / "cookie"),
        "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
    }
    reader, writer = os.pipe()
    start("Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x900x24", "-nolisten", "tcp", pass_fds=[writer])
    os.close(writer)
    with os.fdopen(reader) as pipe:
        environment |= {"DISPLAY": f":{pipe.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
    start(*_SERVER)
    for words in (("set-default-source", "speaker.monitor"), ("set-default-sink", "speaker")):
        for _ in range(200):
            if subprocess.run(["pactl", *words], env=environment, capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.05)
        else:
            raise SystemExit("The sound server did not start.")
    # A null sink that nobody plays to hands its sound over every two seconds; and no room is silent.
    noise = start(sys.executable, "-c", _NOISE, stdout=subprocess.PIPE)
    start("pacat", "--device=speaker", *_RAW, stdin=noise.stdout)
    return environment


def _end_with_us() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
