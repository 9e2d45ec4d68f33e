"""A full disk, a folder that cannot be written, damaged files: the whole app, a clear sentence, and nothing is lost.

The disk is a real one: a small file system in memory, or the person's folder mounted read-only, in a
mount namespace of the app's own.
"""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core import Core
from app.history import History
from app.profiles import Profiles
from app.settings import SettingsStore
from app.spool import Spool
from engine.audio import load_audio
from engine.paths import config_dir, data_dir
from tests.app.conftest import Microphone, wait_until
from tests.app.speech import say
from tests.damage import damaged
from tests.lived_in import MODEL, live_in
from tests.watched import Watch

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mount namespaces are Linux's")

ROOT = Path(__file__).parent.parent.parent
SPOKEN = "Please send the letter to my sister on Friday."
FULL = 'mount -t tmpfs -o size=4m,mode=700 tmpfs "$IDIOLECT_HOME" && cp -a "$PREPARED/." "$IDIOLECT_HOME"'
READ_ONLY = 'mount --bind "$IDIOLECT_HOME" "$IDIOLECT_HOME" && mount -o remount,ro,bind "$IDIOLECT_HOME"'


class Troubled:
    """``troubled_app`` in its namespace, after ``mount`` was done there."""

    def __init__(self, folder: Path, home: Path, mount: str = "true", **environment: str) -> None:
        words = [sys.executable, "-m", "tests.app.troubled_app", str(home / "filling")]
        space = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
        self._errors = (folder / "errors.txt").open("w+")
        self.process = subprocess.Popen(
            [*space, *words], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            env={**os.environ, "IDIOLECT_HOME": str(home), "IDIOLECT_DEBUG": "1", **environment},
            start_new_session=True,
        )  # fmt: skip
        self.told: list[list[Any]] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait(self, kind: str, condition: Callable[[list[Any]], bool] = lambda words: True, seconds: float = 90) -> list:  # type: ignore[type-arg]
        """The next thing told of this kind for which ``condition`` holds; what comes before it is read over."""
        end = time.monotonic() + seconds
        while True:
            try:
                told = json.loads(self._lines.get(timeout=max(0.0, end - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"no {kind} in {self.told}; {self.errors}") from None
            self.told.append(told)
            if told[0] == kind and condition(told[1:]):
                return told[1:]

    def obey(self, *words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()

    def history(self) -> list[Any]:
        self.obey("history")
        return self.wait("history")

    @property
    def errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read()

    def quit(self) -> None:
        self.obey("quit")
        assert self.process.wait(60) == 0
        assert "Traceback" not in self.errors and "Error" not in self.errors, self.errors

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._errors.close()


def needs_namespaces() -> None:
    tried = subprocess.run(["unshare", "--map-root-user", "--mount", "true"], capture_output=True)
    if tried.returncode:
        pytest.skip("this system lets nobody have a mount namespace")


@pytest.fixture
def trouble(display: str, microphone: Microphone, tmp_path: Path) -> Iterator[Callable[..., Troubled]]:
    needs_namespaces()
    started: list[Troubled] = []

    def start(home: Path, mount: str = "true", **environment: str) -> Troubled:
        started.append(Troubled(tmp_path, home, mount, **environment))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return say(tmp_path_factory.mktemp("speech") / "say.wav", SPOKEN)


@pytest.fixture
def lived_in(home: Path, tiny: Path, speech: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home with everything in it; the id of the utterance that waits in its spool."""
    monkeypatch.delenv("IDIOLECT_MODELS", raising=False)
    return live_in(tiny, (load_audio(speech) * 32767).astype(np.int16))


# -- the disk -------------------------------------------------------------------------------


@linux
def test_a_disk_that_fills_up_while_somebody_speaks_costs_not_a_word(
    trouble: Callable[..., Troubled], microphone: Microphone, tiny: Path, speech: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    prepared, home = tmp_path / "prepared", tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("IDIOLECT_HOME", str(prepared))
    SettingsStore().update(model=str(tiny), first_start_done=True, sounds=False)
    app = trouble(home, FULL, PREPARED=str(prepared))
    app.wait("ready")
    app.obey("fill", "50000")  # a second and a half of speech
    app.obey("start")
    app.wait("state", lambda words: words[0] == "listening")
    microphone.play(speech)
    (problem,) = app.wait("problem")
    assert "disk is full" in problem and "do not close the app" in problem
    app.obey("stop")
    utterance, text = app.wait("editor")
    assert "Friday" in text and "sister" in text
    assert app.wait("state", lambda words: words[0] in ("problem", "idle"))[0] == "problem"  # nothing is saved yet
    app.obey("theme", "dark")
    app.wait("done", lambda words: words[0] == "theme")
    app.obey("says")
    assert "disk is full" in app.wait("says")[0]
    app.obey("free")
    app.wait("state", lambda words: words[0] == "idle")
    ((kept, words, seconds),) = until(app.history, lambda entries: bool(entries) and entries[0][2] > 0)
    assert (kept, words) == (utterance, text)
    assert seconds >= load_audio(speech).size / 16000
    app.quit()


def until(ask: Callable[[], Any], condition: Callable[[Any], bool], seconds: float = 30.0) -> Any:
    end = time.monotonic() + seconds
    while not condition(found := ask()):
        assert time.monotonic() < end, found
        time.sleep(0.3)
    return found


@linux
def test_where_nothing_can_be_written_dictation_still_works_and_says_what_is_not_kept(
    trouble: Callable[..., Troubled], microphone: Microphone, home: Path, lived_in: str, speech: Path
) -> None:
    before = contents(home)
    app = trouble(home, READ_ONLY)
    messages = app.wait("open")
    assert any("history cannot be opened" in message for message in messages)
    app.wait("ready")
    assert app.wait("editor")[0] == lived_in  # what waited in the spool is written down, and stays there
    app.obey("start")
    app.wait("state", lambda words: words[0] in ("listening", "problem"))
    microphone.play(speech)
    app.obey("stop")
    assert "Friday" in app.wait("editor")[1]
    told = " ".join(words[1] for words in app.told if words[0] == "problem")
    assert "cannot be written" in told and "kept in memory" in told
    app.obey("theme", "dark")
    app.wait("done", lambda words: words[0] == "theme")
    app.obey("says")
    assert "cannot be written" in app.wait("says")[0]
    app.quit()
    assert contents(home) == before


@linux
def test_where_not_even_a_first_start_can_be_written_a_window_says_why(display: str, tmp_path: Path) -> None:
    needs_namespaces()
    home = tmp_path / "home"
    home.mkdir()
    words = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{READ_ONLY} && exec "$@"', "sh"]
    environment = {**os.environ, "IDIOLECT_HOME": str(home)}
    process = subprocess.Popen(
        [*words, sys.executable, "-m", "app.main"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        shown = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Idiolect$"]
        window = subprocess.run(shown, capture_output=True, text=True, check=True, timeout=60).stdout.split()[0]
        wait_until(lambda: False, 0.5)
        subprocess.run(["xdotool", "windowactivate", "--sync", window, "key", "Return"], check=True)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 1
    assert "cannot be written" in said and "Traceback" not in said


# -- damaged files --------------------------------------------------------------------------

# Every file in the person's folders that a start reads, and where what a damage to it does is tested:
# here, and for what belongs to the engine in tests/test_faults.py.
USERS = {
    "config/settings.json": "aside",
    "data/profiles/me/settings.json": "aside",
    "data/profiles/me/person.json": "aside",
    "data/profiles/bea/person.json": "aside",
    "data/history.sqlite": "aside",
    "data/profiles/me/voice.safetensors": "aside",
    "data/profiles/me/residual.safetensors": "left",
    f"data/hypernetworks/{MODEL}": "left",  # its name is the beginning of its base model's sha256
    "data/spool/waiting.wav": "heard",
    "data/spool/waiting.json": "heard",
    "data/running.lock": "replaced",
}
MODELS = (
    *("model.bin", "config.json", "tokenizer.json", "vocabulary.json", "idiolect.json"),
    *("silence_tail.safetensors", "model.int8.bin", "memory.onnx", "step.onnx"),
)


@linux
def test_every_file_that_a_start_reads_is_damaged_in_these_tests(
    display: str, microphone: Microphone, home: Path, lived_in: str, tmp_path: Path
) -> None:
    watch = Watch(tmp_path / "watch")
    if not watch.traced:
        pytest.skip("strace does not work here")
    app = watch.start([sys.executable, "-m", "app.main"], dict(os.environ), cwd=ROOT)
    try:
        assert wait_until(lambda: not list((home / "data/spool").glob("*.wav")), 120), (
            "the waiting speech was not heard"
        )
        wait_until(lambda: (home / "data/profiles/me/voice.safetensors").stat().st_mtime > start_of(watch), 20)
        subprocess.run([sys.executable, "-m", "app.main", "--send", "quit"], cwd=ROOT, check=True)
        assert app.wait(60) == 0
    finally:
        watch.end(app)
    read = {path.relative_to(home) for path in watch.read() if path.is_relative_to(home) and path.suffix}
    names = {canonical(path, lived_in) for path in read}
    own = {name for name in names if not name.startswith("cache/")} - {None}
    engines = {Path(name).name for name in names if name.startswith("cache/")}
    assert own == set(USERS)
    assert engines - {"whole.onnx"} == set(MODELS)  # tests/test_whole.py damages that one


def start_of(watch: Watch) -> float:
    return (watch.folder / "sitecustomize.py").stat().st_mtime


def canonical(path: Path, utterance: str) -> str:
    """Without what differs from run to run; what SQLite and our own writing put beside a file counts as that file."""
    if path.name.startswith("."):  # on its way to its name
        path = path.with_name(path.name[1 : path.name.rindex(".")])
    name = str(path).replace(utterance, "waiting")
    for rest in ("-journal", "-wal", "-shm"):
        name = name.removesuffix(rest)
    if name.startswith("data/hypernetworks/"):
        return f"data/hypernetworks/{MODEL}"
    parts = name.rsplit(".", 2)
    return f"{parts[0]}.onnx" if parts[-1] == "onnx" else name


@linux
def test_with_all_of_ones_files_damaged_at_once_the_app_opens_says_so_and_loses_nothing(
    trouble: Callable[..., Troubled], home: Path, lived_in: str
) -> None:
    originals = {}
    for name in USERS:
        (path,) = [
            p for p in (home / "data").rglob("*") if p.is_file() and canonical(p.relative_to(home), lived_in) == name
        ] or [home / name]
        if name.endswith(".wav"):
            with path.open("r+b") as file:  # the header; the speech is what counts
                file.write(bytes(44))
        else:
            originals[name] = noise = random.Random(name).randbytes(3000)
            path.unlink(missing_ok=True)
            path.write_bytes(noise)
    app = trouble(home)
    messages = app.wait("open")
    for what in ("settings file was damaged", "name file was damaged", "history file was damaged"):
        assert any(what in message for message in messages), messages
    app.obey("model", MODEL)  # the choice was in the damaged settings
    told = [app.wait("message"), app.wait("ready")][0]
    assert "damaged" in told[0] and "understood without personalization" in told[0]
    utterance, text = app.wait("editor")
    assert utterance == lived_in and "Friday" in text
    assert until(app.history, bool)[0][:2] == [utterance, text]
    app.quit()
    assert "voice" in app.errors  # the one that nobody needs to be told of goes to the log
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file() and path.stat().st_size == 3000]
    for name, noise in originals.items():
        if USERS[name] in ("aside", "left"):
            assert noise in kept, name


KINDS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "noise": lambda data: random.Random(1).randbytes(2 * len(data)),
    "another kind": lambda data: b"[1, 2]",
    "deep": lambda data: b"[" * 100_000,
    "not unicode": lambda data: b'{"name": "\xff\xfe"}',
    **{f"seed {seed}": lambda data, seed=seed: damaged(data, seed) for seed in range(25)},  # type: ignore[misc]
}


@pytest.mark.parametrize("name", [name for name, what in USERS.items() if what == "aside" and "voice" not in name])
def test_what_cannot_be_read_is_never_written_over(qapp, home: Path, tiny: Path, name: str) -> None:  # type: ignore[no-untyped-def]
    """Damaged in many ways; then all that an app does with these files, and the damaged one is still there."""
    live_in(tiny, np.ones(1600, np.int16))
    whole = {
        path: path.read_bytes() for folder in (config_dir(), data_dir()) for path in folder.rglob("*") if path.is_file()
    }
    asides = 0
    for kind, damage in KINDS.items():
        for folder in (config_dir(), data_dir()):
            shutil.rmtree(folder)
        for path, content in whole.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        path = home / name
        broken = damage(path.read_bytes())
        path.write_bytes(broken)
        store, history, profiles = SettingsStore(), History(), Profiles()
        people = profiles.all()
        told = [
            *store.messages,
            *store.profiles.messages,
            *profiles.messages,
            *([history.message] if history.message else []),
        ]
        for sentence in told:
            assert "\n" not in sentence and sentence.endswith("."), (kind, sentence)
        store.update(theme="dark", strength=0.5)
        for person in people:
            profiles.rename(person.id, f"{person.name} again")
        history.set_text("20260101-080000-000000-abcdef", "Good evening.")
        history.close()
        assert len(Spool().recover()) == 1
        if any("kept as" in sentence for sentence in told):
            asides += 1
            kept = [p.read_bytes() for p in path.parent.iterdir() if p.name.startswith(f"{path.name}.damaged-")]
            assert broken in kept, kind
    assert len(people) == 2 and asides >= 8


def test_a_line_that_cannot_be_read_costs_that_correction_only_and_is_kept(qapp, home: Path, tiny: Path) -> None:  # type: ignore[no-untyped-def]
    live_in(tiny, np.ones(1600, np.int16))
    core = Core()
    try:
        manifest = core.corrections.manifest_path()
        whole = manifest.read_bytes()
        torn = b'{"audio": "torn.wav", "te\xff'
        manifest.write_bytes(whole + torn)
        assert core.corrections.count() == 1
        core.corrections.forget("20260101-080000-000000-abcdef")
        assert core.corrections.count() == 0
        aside = list(manifest.parent.glob("manifest.jsonl.damaged-*"))
        assert [path.read_bytes() for path in aside] == [whole + torn]
    finally:
        core.close()


# -- the rest of what may go wrong ----------------------------------------------------------


@linux
def test_a_microphone_that_may_not_be_used_is_said_with_a_way_out(qapp, home: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A source that is listed and then refuses to be opened, as where the permission is missing."""
    (tmp_path / "sound.raw").write_bytes(bytes(64000))
    (tmp_path / "alsa.conf").write_text(
        "</usr/share/alsa/alsa.conf>\n"
        f'pcm.refusing {{ type file slave.pcm "null" file "/dev/null" infile "{tmp_path}/sound.raw" format "raw" }}\n'
    )
    script = (
        "import os, sys\n"
        "from app.microphone import devices, open_stream, MicrophoneError\n"
        "(wanted,) = [device.id for device in devices() if device.name == 'refusing']\n"
        "os.unlink(sys.argv[1])\n"
        "try: open_stream(wanted, lambda rate, channels: None, lambda: None)\n"
        "except MicrophoneError as error: print(error.code, error)\n"
    )
    environment = {
        **os.environ,
        "ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf"),
        "PULSE_SERVER": "unix:/nonexistent",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    words = [sys.executable, "-c", script, str(tmp_path / "sound.raw")]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.startswith("refused The microphone refusing cannot be opened"), done
    assert "Check that this app may use it" in done.stdout


def test_an_engine_that_is_killed_ten_times_in_a_row_writes_the_words_down_all_the_same(
    qapp, home: Path, tiny: Path, speech: Path, microphone: Microphone
) -> None:  # type: ignore[no-untyped-def]
    recording = Spool().begin("me", print)
    recording.append((load_audio(speech) * 32767).astype(np.int16))
    recording.finish()
    core = Core()
    texts: list[str] = []
    core.dictation.for_editor.connect(lambda utterance: texts.append(utterance.text))
    try:
        core.store.update(model=str(tiny), first_start_done=True, warm_microphone=False, sounds=False)
        core.start()
        killed: set[int] = set()
        while len(killed) < 10:
            assert wait_until(lambda: core.engine.pid is not None and core.engine.pid not in killed, 30)
            pid = core.engine.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
            assert not texts
        assert wait_until(lambda: bool(texts), 60)
        assert "Friday" in texts[0] and core.dictation.state in ("idle", "thinking")
    finally:
        core.close()


def contents(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
