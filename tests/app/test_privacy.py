"""What docs/privacy.md promises, held against the whole app on a whole day without a network.

The real window, the real engine process, the real microphone path and another program that the
text goes to. ``tests.watched`` takes the network away and writes down every socket and every file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from engine.paths import private_dir
from tests.app.conftest import Field, Microphone, wait_until
from tests.app.speech import say
from tests.watched import Watch

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="network namespaces are Linux's")

ROOT = Path(__file__).parent.parent.parent
SECRET = "hf_DoNotTellAnybody"
SPOKEN = "The meeting is on Friday at three in the afternoon."
VOCABULARIES = ("tokenizer.json", "vocabulary.json")  # hold every word there is
# What the libraries that find a screen and a microphone open, write to or put aside in memory.
SYSTEM = tuple(Path(path) for path in ("/dev", "/proc/self"))
TELLING = ("friday", "afternoon", "featherstonehaugh", SECRET.lower())  # of the speech, of a correction, a token


@dataclass(frozen=True)
class Day:
    """A day that is over: what was watched, the person's folders, what the programs said, what was in the field.

    ``modes`` are those of all files and folders shortly before the app was closed.
    """

    watch: Watch
    home: Path
    temporary: Path
    reports: Path
    said: str = ""
    field: str = ""
    modes: tuple[tuple[Path, int], ...] = ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The three folders that docs/privacy.md names."""
        return tuple(self.home / part / "idiolect" for part in (".config", ".local/share", ".cache"))


@pytest.fixture(scope="module")
def day(display: str, microphone: Microphone, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("day")
    day = Day(Watch(folder / "watch"), folder / "home", folder / "tmp", folder / "reports")
    for path in (day.home, day.temporary, day.reports):
        path.mkdir(mode=0o700)
    install(tiny, day.home / ".cache/idiolect/models/tiny.en")
    environment = fresh_environment(day.home, day.temporary)
    set_up(environment)
    speech = say(folder / "say.wav", SPOKEN)
    field = Field(folder / "field.txt", "Another program")
    with (folder / "errors.txt").open("w+") as errors:
        process = day.watch.start(
            [sys.executable, "-m", "tests.app.watched_app", str(day.reports)],
            environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        try:
            said = [until(process, "ready")]
            field.focus()
            said.append(until(process, "behind"))
            subprocess.run(["xdotool", "keydown", "F9"], check=True)
            said.append(until(process, "listening"))
            microphone.play(speech)
            subprocess.run(["xdotool", "keyup", "F9"], check=True)
            said.append(until(process, "heard"))
            wait_until(lambda: "afternoon" in field.text, 30)
            go_on(process)
            said.append(until(process, "all seen"))
            modes = tuple((path, path.stat().st_mode) for path in day.home.rglob("*"))
            go_on(process)
            assert process.wait(60) == 0
        finally:
            day.watch.end(process)
            field.close()
            errors.seek(0)
            said.append(errors.read())
            print(*said)
    yield replace(day, said="".join(said), field=field.text, modes=modes)


def test_a_day_of_dictation_without_a_network_asks_for_none(day: Day) -> None:
    assert "Friday" in day.field and "afternoon" in day.field, day.said
    assert day.watch.isolated or day.watch.traced, "neither unshare nor strace works here"
    started = [" ".join(words) for words in day.watch.processes()]
    assert any("watched_app" in words for words in started) and any("spawn_main" in words for words in started)
    assert day.watch.attempts() == []


def test_nothing_is_written_anywhere_else(day: Day) -> None:
    inside = [*day.folders, day.reports]
    above = {parent for folder in day.folders for parent in folder.parents}
    left = [path for path in day.home.rglob("*") if not any(path.is_relative_to(f) for f in inside)]
    assert set(left) <= above
    assert list(day.temporary.iterdir()) == []  # the socket that commands come through is gone with the app
    if not day.watch.traced:
        pytest.skip("strace does not work here: only what was left behind was looked at")
    allowed = (*inside, day.watch.folder, *SYSTEM, Path(os.environ["XDG_RUNTIME_DIR"]), *sockets(day))
    strays = {path for path in day.watch.touched() if not any(path.is_relative_to(f) for f in allowed)}
    assert strays == set()


def sockets(day: Day) -> list[Path]:
    """The socket that commands come through, and the folder that Qt makes it in before it has its name."""
    found = [path for path in day.watch.touched() if path.parent == day.temporary]
    assert all(re.fullmatch(r"idiolect-[0-9a-f]{16}|\.[A-Za-z0-9]{6}", path.name) for path in found), found
    return found


def test_files_are_for_nobody_else(day: Day) -> None:
    config, data, cache = day.folders
    wrong = {
        str(path.relative_to(day.home)): oct(mode & 0o777)
        for path, mode in day.modes
        if any(path.is_relative_to(f) for f in (config, data)) and mode & 0o077
    }
    assert wrong == {}
    names = {path.name for path, _ in day.modes}
    assert {"settings.json", "history.sqlite", "manifest.jsonl", "voice.safetensors", "running.lock"} <= names
    assert cache.stat().st_mode & 0o777 == 0o700  # models hold nothing of anybody's, and nobody else gets to them
    reports = list(day.reports.iterdir())
    assert len(reports) == 3 and not any(path.stat().st_mode & 0o077 for path in reports)


def test_neither_words_nor_sound_nor_secrets_in_what_is_logged(day: Day) -> None:
    logs = day.watch.logs()
    assert logs.count("watched: ") == len(day.watch.processes())  # everything down to DEBUG was taken down
    for word in TELLING:
        assert word not in logs.casefold() and word not in day.said.casefold()
    elsewhere = [p for p in day.home.rglob("*") if p.is_file() and not p.is_relative_to(day.folders[1])]
    for path in elsewhere:
        if path.suffix not in (".bin", ".onnx", ".safetensors") and path.name not in VOCABULARIES:
            content = path.read_bytes().lower()
            assert not any(word.encode() in content for word in TELLING), path
    assert [p for p in day.home.rglob("*.wav") if not p.is_relative_to(day.folders[1])] == []


def test_a_first_start_asks_for_nothing_by_itself(display: str, microphone: Microphone, tmp_path: Path) -> None:
    """No model is there, and still nobody is called before the person asks for one."""
    watch, home, temporary = Watch(tmp_path / "watch"), tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    environment = fresh_environment(home, temporary)
    app = [sys.executable, "-m", "app.main"]
    process = watch.start(app, environment, cwd=ROOT)
    try:
        assert wait_until(lambda: any(temporary.glob("idiolect-*")), 60)
        wait_until(lambda: False, 3.0)
        assert process.poll() is None
        subprocess.run([*app, "--send", "quit"], env=environment, cwd=ROOT, check=True)
        assert process.wait(30) == 0
    finally:
        watch.end(process)
    assert watch.processes() and watch.attempts() == []


def test_a_download_is_the_one_thing_that_calls_out(tmp_path: Path) -> None:
    environment = fresh_environment(tmp_path, tmp_path) | {"IDIOLECT_HOME": str(tmp_path / "all")}
    watch = Watch(tmp_path / "watch")
    words = [sys.executable, "-m", "engine.cli", "models", "fetch", "tiny.en", "--source", "hub"]
    process = watch.start(words, environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "cannot be reached" in said and "Traceback" not in said
    assert any("huggingface.co" in attempt for attempt in watch.attempts())
    assert SECRET not in said + watch.logs()


def test_the_command_line_stays_in_its_one_folder(tiny: Path, tmp_path: Path) -> None:
    """``IDIOLECT_HOME`` moves everything; a read-only model folder is left alone."""
    everything, home, temporary = tmp_path / "all", tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    install(tiny, everything / "cache/models/tiny.en")
    environment = fresh_environment(home, temporary) | {"IDIOLECT_HOME": str(everything)}
    speech = say(tmp_path / "say.wav", SPOKEN)
    watch = Watch(tmp_path / "watch")
    program = [sys.executable, "-m", "engine.cli"]
    transcribe = ["transcribe", str(speech), "--model", "tiny.en", "--compare"]
    for arguments in (transcribe, ["models", "list"], ["models", "verify", "tiny.en"], ["doctor"]):
        process = watch.start([*program, *arguments], environment, cwd=ROOT, stdout=subprocess.PIPE)
        said, _ = process.communicate(timeout=120)
        assert said
        if arguments is transcribe:
            assert "friday" in said.casefold()
    assert watch.attempts() == []
    assert list(home.rglob("*")) == [] and list(temporary.iterdir()) == []
    if watch.traced:
        allowed = (everything, watch.folder, *SYSTEM, Path(environment["XDG_RUNTIME_DIR"]), temporary)
        assert {p for p in watch.touched() if not any(p.is_relative_to(f) for f in allowed)} == set()


CALLING = """
import ctypes, multiprocessing, os, socket, struct, sys
def call(kind):
    try:
        if kind == "name":
            socket.getaddrinfo("example.org", 443)
        elif kind == "address":
            socket.create_connection(("192.0.2.1", 80), 1)
    except OSError:
        pass
    if kind == "library":
        libc = ctypes.CDLL(None)
        handle = libc.socket(2, 1, 0)
        libc.connect(handle, struct.pack("!HH4s8x", 0x0200, 80, bytes((192, 0, 2, 1))), 16)
        open(os.environ["STRAY"], "w").close()
if __name__ == "__main__":
    call("address")
    process = multiprocessing.get_context("spawn").Process(target=call, args=("name",))
    process.start()
    process.join()
    call("library")
"""


def test_the_watch_itself_sees_calls_and_files(tmp_path: Path) -> None:
    script = tmp_path / "calling.py"
    script.write_text(CALLING)
    watch = Watch(tmp_path / "watch")
    environment = fresh_environment(tmp_path, tmp_path) | {"STRAY": str(tmp_path / "stray")}
    assert watch.start([sys.executable, str(script)], environment).wait(60) == 0
    attempts = "\n".join(watch.attempts())
    assert "192.0.2.1" in attempts and "example.org" in attempts
    assert sum("spawn_main" in " ".join(words) for words in watch.processes()) == 1
    if watch.traced:
        assert "socket(AF_INET" in attempts and tmp_path / "stray" in watch.touched()


def install(model: Path, target: Path) -> None:
    """The model as it is fetched: what Idiolect makes of it at the first use is not there yet."""
    private_dir(target)
    for path in model.iterdir():
        if path.suffix != ".onnx" and ".int8." not in path.name and path.is_file():
            shutil.copy2(path, target / path.name)


def fresh_environment(home: Path, temporary: Path) -> dict[str, str]:
    kept = ("PATH", "DISPLAY", "QT_QPA_PLATFORM", "LANG", "XDG_RUNTIME_DIR", "ALSA_CONFIG_PATH")
    environment = {name: value for name, value in os.environ.items() if name in kept or name.startswith("PULSE_")}
    return environment | {"HOME": str(home), "TMPDIR": str(temporary), "HF_TOKEN": SECRET, "IDIOLECT_DEBUG": "1"}


def set_up(environment: dict[str, str]) -> None:
    """Somebody who has been here before."""
    code = "from app.settings import SettingsStore; SettingsStore().update(model='tiny.en', first_start_done=True)"
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)


def until(process: subprocess.Popen[str], wanted: str) -> str:
    assert process.stdout is not None
    said = ""
    while (line := process.stdout.readline()) and line.strip() != wanted:
        said += line
    assert line, f"it ended before it was {wanted}: {said}"
    return said


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
