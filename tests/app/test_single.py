"""One app a person, driven from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from app.single import Instance
from tests.app.conftest import wait_until

SEND = "import sys\nfrom app.single import Instance\nprint(Instance.send(sys.argv[1]))"
HOLD = """
from PySide6.QtCore import QCoreApplication
from app.single import Instance
app = QCoreApplication([])
instance = Instance()
print(instance.listen(), flush=True)
app.exec()
"""


def send(command: str) -> str:
    """From another process, while the event loop runs here."""
    process = subprocess.Popen([sys.executable, "-c", SEND, command], stdout=subprocess.PIPE, text=True)
    assert wait_until(lambda: process.poll() is not None, 10)
    return process.communicate()[0].strip()


def test_commands_arrive_and_unknown_ones_are_refused(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    assert send("toggle") == "False"
    instance = Instance()
    heard: list[str] = []
    instance.command.connect(heard.append)
    assert instance.listen()
    assert send("toggle") == "True" and send("rm -rf") == "False" and send("stop") == "True"
    assert heard == ["toggle", "stop"]
    instance.close()


def test_a_recording_to_show_arrives_whatever_it_is_called(qapp, home: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    instance = Instance()
    shown: list[str] = []
    instance.recording.connect(shown.append)
    assert instance.listen()
    names = ["speech.wav", "Zoë 50% #2?.flac", "two\nlines.ogg", "long " * 40 + ".mp3"]
    for name in names:
        assert send(f"open {(tmp_path / name).as_uri()}") == "True"
    assert send("open https://example.org/speech.wav") == "False"
    assert shown == [str(tmp_path / name) for name in names]
    instance.close()


def test_the_second_instance_learns_that_it_is_the_second(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    first = Instance()
    assert first.listen()
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline().strip() == "False"
    process.kill()
    process.wait()
    first.close()


def test_of_two_apps_started_at_once_one_comes_up(home: Path, display: str) -> None:
    words = [sys.executable, "-c", "import sys; from app.main import run; sys.exit(run([]))"]
    both = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        assert wait_until(lambda: any(app.poll() is not None for app in both), 60)
        (ended,) = [app for app in both if app.poll() is not None]
        assert ended.returncode == 0, ended.communicate()[1]
        assert wait_until(lambda: Instance.send("quit"), 20)
        assert wait_until(lambda: all(app.poll() == 0 for app in both), 30)
    finally:
        for app in both:
            app.kill()
            app.wait()


def test_a_killed_app_does_not_stand_in_the_way(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline().strip() == "True"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    instance = Instance()
    assert instance.listen()
    instance.close()
