"""How long a person waits for their words once the key is let go: the whole app, into another program's text field.

    python -m benchmarks.after_key [--model base] [--turns 6] [--gaps 0.1 0.3 0.6] [--manifest MANIFEST]

The real app on a screen and with a microphone of its own (``benchmarks.desk``; Linux): the key is held, a sentence is
played, and the key is let go so many seconds (``--gaps``) after its last sound; the clock stops when the words are
in the other program. The peer is what a push-to-talk program around faster-whisper does from that moment on:
decode the same recording, with the same weights, beam and threads; for its way into the text nothing is counted.
Prints one Markdown table. Count it on a quiet machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import queue
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.desk import Desk, desk
from benchmarks.latency import PEER, clips, serve, speech
from benchmarks.soak_app import App, own_home
from engine.audio import load_audio, write_wav

_KEY = "F9"  # the app's default
_PATIENCE = 30.0
# Another program: a text field that tells when its text changes.
_FIELD = """
import time
from PySide6.QtWidgets import QApplication, QPlainTextEdit
app = QApplication([])
field = QPlainTextEdit()
field.textChanged.connect(lambda: print(time.monotonic(), bool(field.toPlainText()), flush=True))
field.show()
field.activateWindow()
app.exec()
"""


@dataclass(frozen=True)
class Turn:
    """One sentence: seconds of speech, seconds from the key to the words, and the peer's for the same recording."""

    speech: float
    ours: float
    peer: float


class Field:
    """The other program."""

    def __init__(self, place: Desk) -> None:
        words = [sys.executable, "-c", _FIELD]
        self.process = subprocess.Popen(words, env=place.environment, stdout=subprocess.PIPE, text=True)
        self._changes: queue.SimpleQueue[float] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            moment, filled = line.split()
            if filled == "True":
                self._changes.put(float(moment))

    def text_after(self, moment: float) -> float:
        """When the first text after ``moment`` arrived, on the clock of ``time.monotonic``."""
        try:
            while (found := self._changes.get(timeout=_PATIENCE)) < moment:
                pass
            return found
        except queue.Empty:
            raise SystemExit(f"No text came into the other program within {_PATIENCE:g} seconds.") from None


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base")
    parser.add_argument("--threads", type=int, default=2, help="of the peer; the app takes what it takes")
    parser.add_argument("--turns", type=int, default=6, help="sentences for every gap")
    parser.add_argument("--gaps", type=float, nargs="+", default=[0.1, 0.3, 0.6], metavar="SECONDS")
    parser.add_argument("--manifest", type=Path, help="a manifest (docs/training.md) to take the sentences from")
    args = parser.parse_args(argv)
    if args.turns < 1 or min(args.gaps) < 0:
        parser.error("at least one turn is needed, and no gap may be below zero")

    from training.command import guarded

    return guarded(lambda: _measure(args))


def _measure(args: argparse.Namespace) -> int:
    said = clips(speech(args.manifest), args.turns)[5]
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    peer = (theirs, PEER, args.model, args.threads, 5, False)
    multiprocessing.get_context("spawn").Process(target=serve, args=peer, daemon=True).start()
    assert ours.recv() == "ready"
    turns: dict[float, list[Turn]] = {gap: [] for gap in args.gaps}
    with desk("openbox", "xdotool") as place, own_home(place.folder / "home", args.model) as home:
        # gives windows the focus; ends with the screen
        subprocess.Popen(["openbox"], env=place.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        app = App(place)
        app.dictate()
        app.stop()
        app.wait(lambda: not app.new_sounds(), "the model is loaded")  # and what was heard until now is written down
        field = Field(place)
        time.sleep(3)
        for number, samples in enumerate([said[0], *said]):  # the first warms up
            for gap in args.gaps:
                recording, waited = _turn(place, app, field, home, samples, gap)
                ours.send(recording)
                result = ours.recv()
                if number:
                    turns[gap].append(Turn(samples.size / 16000, waited, result["seconds"]))
        app.quit()
        field.process.kill()
    ours.send(None)
    ours.recv()  # its memory
    print(table(turns))
    return 0


def _turn(place: Desk, app: App, field: Field, home: Path, samples: np.ndarray, gap: float) -> tuple[np.ndarray, float]:
    """Hold the key, speak, let go ``gap`` seconds after; returns the recording and the seconds until the words came."""
    write_wav(place.folder / "speech.wav", samples)
    kept = home / "data" / "history"
    before = set(kept.glob("*.wav"))
    _key(place, "keydown")
    app.wait(lambda: bool(app.new_sounds()), "the app listens")
    time.sleep(0.5)
    place.play(place.folder / "speech.wav").wait()
    time.sleep(gap)
    released = time.monotonic()
    _key(place, "keyup")
    waited = field.text_after(released) - released
    app.wait(lambda: len(set(kept.glob("*.wav")) - before) == 1 and not app.new_sounds(), "the recording is kept")
    return load_audio((set(kept.glob("*.wav")) - before).pop()), waited


def _key(place: Desk, what: str) -> None:
    subprocess.run(["xdotool", what, _KEY], env=os.environ | place.environment, check=True)


def table(turns: dict[float, list[Turn]]) -> str:
    """Medians and the longest, in seconds, and how many times faster than the peer (medians)."""
    lines = [
        f"| key let go after the last sound | turns | speech | words after the key: median, most | {PEER}, "
        "decoding alone: median, most | times faster |",
        "|---" * 6 + "|",
    ]
    for gap, done in turns.items():
        ours, peer = [turn.ours for turn in done], [turn.peer for turn in done]
        fast = statistics.median(peer) / statistics.median(ours)
        lines.append(
            f"| {gap:g} s | {len(done)} | {min(t.speech for t in done):.1f} to {max(t.speech for t in done):.1f} s | "
            f"{statistics.median(ours):.2f}, {max(ours):.2f} s | {statistics.median(peer):.2f}, {max(peer):.2f} s | "
            f"{fast:.1f}× |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
