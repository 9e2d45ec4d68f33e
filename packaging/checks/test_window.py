"""The window on a real screen: first start by mouse, then a key, a voice, and the words in another program."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Installed, bring_model
from screen import Screen, until
from test_person import children_of, maps

from engine.paths import assets_dir
from engine.wer import word_errors
from tests.app.conftest import Field, Microphone

WARM_STARTS = 7
LIMIT = 2.0  # seconds from the start of the program to a window that answers


@pytest.fixture(scope="module")
def spoken() -> tuple[Path, str]:
    """A recording of clear speech, and what is said in it."""
    lines = (assets_dir() / "samples" / "manifest.jsonl").read_text("utf-8").splitlines()
    first = json.loads(lines[0])
    assert first["cohort"] == "typical"
    return assets_dir() / "samples" / first["audio"], first["text"]


@pytest.fixture(scope="module")
def running(session: Installed, model: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The app as somebody opens it for the first time, through the first start to the window."""
    bring_model(session, model)
    screen = Screen()
    process = session.person.start(session.program)
    try:
        welcome = until(lambda: screen.window("Welcome to Idiolect"), 60)
        assert welcome is not None, told(session)
        assert until(lambda: answers(session), 60)
        for _ in range(4):  # language, microphone, model, the first try
            until(lambda: False, 1.0)
            screen.click(welcome, 90, 44)
        assert until(lambda: screen.window("Idiolect"), 20) is not None, told(session)
        assert until(lambda: engines(process), 60), told(session)
        yield process
    finally:
        quit(session, process)


def test_a_key_is_pressed_somebody_speaks_and_the_words_are_in_the_other_program(
    running: subprocess.Popen[bytes], session: Installed, field: Field, microphone: Microphone, spoken: tuple[Path, str]
) -> None:
    text = dictate(field, microphone, spoken)
    count = word_errors(spoken[1], text)
    print(f"{session.edition}, {'network' if session.person.network else 'no network'}: {text!r}")
    assert count.rate <= 0.2, (text, told(session))


def test_a_killed_engine_is_started_again_and_nothing_is_lost(
    running: subprocess.Popen[bytes], session: Installed, field: Field, microphone: Microphone, spoken: tuple[Path, str]
) -> None:
    old = engines(running)
    assert old, "no engine process"
    for pid in old:
        assert Path(os.readlink(f"/proc/{pid}/exe")) == session.program
        os.kill(pid, signal.SIGKILL)
    text = dictate(field, microphone, spoken)
    assert word_errors(spoken[1], text).rate <= 0.2, (text, told(session))
    assert set(engines(running)) - set(old)


def test_a_recording_from_the_file_manager_is_shown_by_the_running_app(
    running: subprocess.Popen[bytes], session: Installed, screen: Screen, spoken: tuple[Path, str]
) -> None:
    given = session.person.give(spoken[0], "given/a recording.flac")
    done = session.person.run(session.program, "--open", given, seconds=60)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert answers(session) and screen.window("Idiolect") is not None
    missing = session.person.run(session.program, "--send", "nonsense", seconds=60)
    assert missing.returncode == 1


def test_the_window_can_be_used_two_seconds_after_the_start(
    running: subprocess.Popen[bytes], session: Installed, screen: Screen
) -> None:
    """The first start is over: these are the starts of every day. The window is on the screen, and the loop that takes
    its keys and clicks answers."""
    assert running.poll() is None, told(session)  # it has lived through everything so far
    quit(session, running)
    seconds, ready, load = [], [], os.getloadavg()[0]
    for _ in range(WARM_STARTS):
        begun = time.perf_counter()
        process = session.person.start(session.program)
        window = until(lambda: screen.window("Idiolect"), 60, 0.005)
        assert window is not None and until(lambda: answers(session), 60, 0.005), told(session)
        seconds.append(time.perf_counter() - begun)
        assert until(lambda process=process: engines(process), 60)
        ready.append(time.perf_counter() - begun)
        quit(session, process)
    each = ", ".join(f"{value:.2f}" for value in seconds)
    print(f"{session.edition}: window usable after {each} s (median {statistics.median(seconds):.2f}),")
    print(f"engine loaded after {statistics.median(ready):.2f} s; load average {load:.1f}, {os.cpu_count()} processors")
    assert statistics.median(seconds) <= LIMIT


def dictate(field: Field, microphone: Microphone, spoken: tuple[Path, str]) -> str:
    """Hold the key, speak, let go; what then stands in the other program."""
    field.focus()
    subprocess.run(["xdotool", "keydown", "F9"], check=True)
    try:
        until(lambda: False, 1.0)
        microphone.play(spoken[0])
    finally:
        subprocess.run(["xdotool", "keyup", "F9"], check=True)
    last = spoken[1].split()[-1].strip(".,").casefold()
    until(lambda: last in field.text.casefold(), 60, 0.1)
    return field.text


def answers(session: Installed) -> bool:
    """Whether the app's event loop does: it is asked where a second start would ask it (app/single.py)."""
    person = session.person
    owner = f"{person.uid}:{person.home}/.local/share/idiolect"
    path = f"{tempfile.gettempdir()}/idiolect-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(20)
            line.connect(path)
            line.sendall(b"?\n")
            return line.recv(16) == b"unknown\n"
    except OSError:
        return False


def engines(process: subprocess.Popen[bytes]) -> list[int]:
    """The app's engine processes that have their model loaded."""
    return [pid for pid in children_of(process.pid) if "model.int8.bin" in maps(pid) or ".onnx" in maps(pid)]


def quit(session: Installed, process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        session.person.run(session.program, "--send", "quit", seconds=60)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def told(session: Installed) -> Any:
    """What the app printed, for the message of a failure."""
    return (session.person.home / "messages.txt").read_text("utf-8", "replace")[-2000:]
