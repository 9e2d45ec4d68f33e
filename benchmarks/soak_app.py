"""Kill -9 of the real app while somebody dictates, and see that what was said is written down at the next start.

The app is started as people start it, with a window on a screen and a microphone into
which speech is played. A second program records the same microphone: what it has heard
when the app dies, and the app's spool has not, is lost.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.desk import Desk, desk
from engine.audio import SAMPLE_RATE, load_audio, write_wav
from engine.paths import assets_dir, data_dir

_HEADER = 44
_PATIENCE = 90.0
_WAV = NDArray[np.int16]


@dataclass(frozen=True)
class Cut:
    """One killed dictation: its id, and how much of what had been spoken the spool had not."""

    id: str
    lost: float  # seconds


def kills(
    model: str, count: int, seed: int, tell: Callable[[str], None], keep: Callable[[Any], None]
) -> dict[str, Any]:
    """Start, dictate, kill, ``count`` times; then start once more and look at the history."""
    random = np.random.default_rng(seed)
    cuts: list[Cut] = []
    stopped: list[str] = []
    with desk() as place, own_home(place.folder / "home", model) as home:
        for number in range(count):
            app = App(place)
            said = app.dictate()
            speech = _speech(place.folder / "speech.wav", random)
            if number % 5 == 4:  # some die while they write down, not while they listen
                stopped.append(_kill_while_writing(app, place, speech, random.uniform(2.0, 4.0), random.uniform(0, 1)))
            else:
                cuts.append(_kill_while_listening(app, place, said, speech, random.uniform(1.5, 6.0)))
            if (number + 1) % 5 == 0:
                most = round(max(cut.lost for cut in cuts), 3)
                keep({"kills": number + 1, "most_lost_seconds": most, "history": "looked at after the last kill"})
                tell(f"  {number + 1} of {count} kills, most lost {most} s")
        waiting = len(list((home / "data" / "spool").glob("*.wav")))
        last = App(place)
        last.wait(lambda: not list((home / "data" / "spool").glob("*.wav")), "the spool is empty", 20 * _PATIENCE)
        last.quit()
        entries = _history(home / "data" / "history.sqlite")
        loss = [cut.lost for cut in cuts]
        everything = [cut.id for cut in cuts] + stopped
        return {
            "kills": count,
            "while_listening": len(cuts),
            "while_writing_down": len(stopped),
            "waiting_at_the_last_start": waiting,
            "lost": sum(not _is_kept(home, entries.get(utterance)) for utterance in everything),
            "most_lost_seconds": round(max(loss), 3),
            "median_lost_seconds": round(float(np.median(loss)), 3),
            "other_text": _other_texts(model, home, [entries[one] for one in everything if one in entries]),
        }


class App:
    """The app in a process of its own, steered as a shortcut or a switch steers it."""

    def __init__(self, place: Desk) -> None:
        self._spool = data_dir() / "spool"
        self._before = self._sounds()
        words = [sys.executable, "-m", "app.main"]
        self.process = subprocess.Popen(words, env=place.environment | _folders())

    def dictate(self) -> Path:
        """Begin to dictate; returns the file into which the sound goes, once it does."""
        from app.single import Instance

        self.wait(lambda: Instance.send("start"), "the app listens to commands")
        self.wait(lambda: any(path.stat().st_size > _HEADER for path in self.new_sounds()), "sound comes")
        return self.new_sounds()[0]

    def stop(self) -> None:
        from app.single import Instance

        assert Instance.send("stop")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def quit(self) -> None:
        from app.single import Instance

        Instance.send("quit")
        self.process.wait(30)

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                self.kill()
                raise SystemExit(f"It did not happen in {seconds:g} seconds that {what}.")
            time.sleep(0.02)

    def _sounds(self) -> set[Path]:
        return set(self._spool.glob("*.wav"))

    def new_sounds(self) -> list[Path]:
        """What is in the spool and was not there when the app was started."""
        return sorted(self._sounds() - self._before)


def _folders() -> dict[str, str]:
    return {name: os.environ[name] for name in ("IDIOLECT_HOME", "IDIOLECT_MODELS")}


@contextmanager
def own_home(home: Path, model: str) -> Iterator[Path]:
    """A person who has been here before, with folders of their own. The models are those that are installed."""
    from engine.models import locate, models_dir

    model_folder, models = str(locate(model)), str(models_dir())
    before = {name: os.environ.get(name) for name in ("IDIOLECT_HOME", "IDIOLECT_MODELS")}
    os.environ.update(IDIOLECT_HOME=str(home), IDIOLECT_MODELS=models)
    for path, settings in (
        (home / "config" / "settings.json", {"first_start_done": True}),
        (home / "data" / "profiles" / "me" / "settings.json", {"model": model_folder}),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(settings))
    yield home
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


def _speech(path: Path, random: np.random.Generator) -> Path:
    """The sentences that come with Idiolect, in any order: half a minute of many voices."""
    clips = sorted((assets_dir() / "samples").glob("*.flac"))
    sentences = [load_audio(clips[place]) for place in random.permutation(len(clips))]
    write_wav(path, np.concatenate(sentences))
    return path


def _kill_while_listening(app: App, place: Desk, said: Path, speech: Path, seconds: float) -> Cut:
    heard = place.folder / "heard.raw"
    witness = place.witness(heard)
    player = place.play(speech)
    app.wait(lambda: heard.stat().st_size > 0, "the witness hears")
    time.sleep(seconds)
    app.process.send_signal(signal.SIGKILL)
    by_then = heard.stat().st_size // 2  # at once: on a busy disk a killed process may take seconds to end
    app.process.wait()
    for process in (player, witness):
        process.kill()
        process.wait()
    witnessed = np.fromfile(heard, "<i2")[:by_then]
    spooled = np.frombuffer(said.read_bytes()[_HEADER:][: (said.stat().st_size - _HEADER) // 2 * 2], "<i2")
    return Cut(said.stem, _lost(witnessed, spooled))


def _kill_while_writing(app: App, place: Desk, speech: Path, seconds: float, after: float) -> str:
    utterance = app.new_sounds()[0].stem
    player = place.play(speech)
    time.sleep(seconds)
    app.stop()
    player.kill()
    player.wait()
    time.sleep(after)
    app.kill()
    return utterance


def _lost(witnessed: _WAV, spooled: _WAV) -> float:
    """Seconds at the end of what the witness heard that are not in the spool."""
    end = spooled[-SAMPLE_RATE:].astype(np.float64)
    end -= end.mean()
    size = 1 << (witnessed.size + end.size).bit_length()
    spectrum = np.fft.rfft(witnessed.astype(np.float64), size) * np.conj(np.fft.rfft(end, size))
    fits = np.fft.irfft(spectrum, size)[: max(1, witnessed.size)]
    # Against how loud it is there: an end in a pause would else be found wherever somebody speaks.
    power = np.concatenate([[0.0], np.cumsum(np.square(witnessed.astype(np.float64)))])
    ends = np.minimum(np.arange(fits.size) + end.size, witnessed.size)
    fits = fits / np.sqrt(power[ends] - power[np.arange(fits.size)] + 1e-3 * power[-1])
    # The spool may be ahead of the witness: then its end lies beyond, and nothing is lost.
    return max(0.0, (witnessed.size - (int(fits.argmax()) + end.size)) / SAMPLE_RATE)


def _history(path: Path) -> dict[str, dict[str, Any]]:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    entries = {row["id"]: dict(row) for row in db.execute("SELECT * FROM entries")}
    db.close()
    return entries


def _is_kept(home: Path, entry: dict[str, Any] | None) -> bool:
    """Is it in the history, with its sound? Where nothing was understood ``_other_texts`` looks at that, too."""
    if entry is None or entry["state"] not in ("done", "empty"):
        return False
    return (home / "data" / "history" / f"{entry['id']}.wav").stat().st_size > _HEADER


def _other_texts(model: str, home: Path, entries: list[dict[str, Any]]) -> int:
    """How many texts differ from what an engine writes that nobody disturbs."""
    from benchmarks.soak_worker import Engine
    from engine.protocol import Finished

    engine = Engine(model)
    other = 0
    for entry in entries:
        ended = engine.transcribe(entry["id"], home / "data" / "history" / f"{entry['id']}.wav")
        other += not isinstance(ended, Finished) or ended.transcript.text != entry["heard"]
    engine.worker.close()
    return other
