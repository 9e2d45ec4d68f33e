"""Short sounds for start, stop, done and trouble, and playing recordings.

The cues are made here from sine tones. Playing happens in a thread: the sound server may
take its time. Whoever records blanks the start cue with ``find_cue``.
"""

from __future__ import annotations

import functools
import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.microphone import in_use
from engine.audio import SAMPLE_RATE, load_audio
from engine.errors import IdiolectError
from engine.portaudio import LOCK, portaudio
from engine.transcript import Word

RATE = 48000
# Hz of the two halves of each cue, and seconds of one half.
CUES = {
    "start": ((660.0, 880.0), 0.07),
    "stop": ((880.0, 660.0), 0.07),
    "done": ((880.0, 1320.0), 0.05),
    "problem": ((330.0, 247.0), 0.16),
}
_LOG = logging.getLogger(__name__)


@functools.cache
def cue(name: str, rate: int = RATE) -> NDArray[np.float32]:
    """The sound of a cue: float32 (n,) with peaks of 1, faded in and out."""
    tones, seconds = CUES[name]
    t = np.arange(round(seconds * rate)) / rate
    fade = np.minimum(1.0, np.minimum(t, seconds - t) / 0.012)
    return np.concatenate([np.sin(2 * np.pi * tone * t) * fade for tone in tones]).astype(np.float32)


def find_cue(heard: NDArray[np.float32], name: str = "start") -> tuple[int, int] | None:
    """Where in ``heard`` (16 kHz) the cue was picked up by the microphone, as (start, stop), or None."""
    template = cue(name, SAMPLE_RATE)
    if heard.size < template.size:
        return None
    size = 1 << (heard.size + template.size).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(template, size))
    # Both phases: a loudspeaker and a room turn the wave.
    matched = np.fft.ifft(np.concatenate([2 * product, np.zeros(size // 2 - 1)]), size)
    strength = np.abs(matched[: heard.size - template.size + 1])
    energy = np.cumsum(np.concatenate([[0.0], np.square(heard, dtype=np.float64)]))
    local = np.sqrt(energy[template.size :] - energy[: -template.size])
    score = strength / (np.linalg.norm(template) * np.maximum(local, 1e-3))
    place = int(np.argmax(score))
    if score[place] < 0.5:
        return None
    margin = SAMPLE_RATE // 50
    return max(0, place - margin), min(heard.size, place + template.size + margin)


class Sounds(QObject):
    """Plays one thing at a time; a new one ends the old one."""

    finished = Signal()
    problem = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.enabled = True
        self.volume = 0.4
        self._told = False  # that nothing can be played
        self._queue: queue.SimpleQueue[tuple[Callable[[], tuple[NDArray[np.float32], int]], Any, bool] | None]
        self._queue = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sounds", daemon=True)
        self._thread.start()

    def play(self, name: str, then: Callable[[], None] | None = None) -> bool:
        """Play a cue if sounds are on. ``then`` is called, in the sound's thread, when it begins to be heard."""
        if not self.enabled or self.volume <= 0:
            return False
        volume = self.volume
        self._start(lambda: (cue(name) * np.float32(volume), RATE), then, is_cue=True)
        return True

    def play_samples(self, samples: NDArray[np.float32], rate: int = SAMPLE_RATE) -> None:
        self._start(lambda: (samples, rate), None)

    def play_file(self, path: Path, start: float | None = None, end: float | None = None) -> None:
        """Play a recording, or the part of it from ``start`` to ``end`` seconds."""

        def part() -> tuple[NDArray[np.float32], int]:
            samples = load_audio(path)
            first = round((start or 0.0) * SAMPLE_RATE)
            last = samples.size if end is None else round(end * SAMPLE_RATE)
            return samples[max(0, first) : max(0, last)], SAMPLE_RATE

        self._start(part, None)

    def play_word(self, path: Path, word: Word) -> None:
        """Play one word of a recording, with a little before and after: cut tight it cannot be understood."""
        self.play_file(path, max(0.0, word.start - 0.15), word.end + 0.2)

    def stop(self) -> None:
        self._stop.set()

    def close(self) -> None:
        self._stop.set()
        self._queue.put(None)
        self._thread.join(2.0)

    def _start(
        self,
        make: Callable[[], tuple[NDArray[np.float32], int]],
        then: Callable[[], None] | None,
        is_cue: bool = False,
    ) -> None:
        self._stop.set()
        self._queue.put((make, then, is_cue))

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            self._stop.clear()
            make, then, is_cue = item
            try:
                samples, rate = make()
                self._play(samples, rate, then)
                self._told = False
            except IdiolectError as error:
                self.problem.emit(str(error))
            except Exception as error:  # noqa: BLE001 - a computer without loudspeakers
                _LOG.info("no sound: %s", error)
                if not (is_cue and self._told):  # not at every press of the key
                    self.problem.emit("Nothing can be played: check the loudspeakers or headphones.")
                self._told = True
            self.finished.emit()

    def _play(self, samples: NDArray[np.float32], rate: int, then: Callable[[], None] | None) -> None:
        sounddevice = portaudio()
        place = 0
        done = threading.Event()

        def callback(block: NDArray[np.float32], frames: int, when: Any, status: Any) -> None:
            nonlocal place
            part = samples[place : place + frames]
            block[: part.size, 0] = part
            block[part.size :] = 0.0
            place += frames
            if place - frames >= samples.size or self._stop.is_set():
                raise sounddevice.CallbackStop

        with in_use():
            with LOCK:
                stream = sounddevice.OutputStream(
                    samplerate=rate,
                    channels=1,
                    dtype="float32",
                    latency=0.08,
                    device=_output(),
                    callback=callback,
                    finished_callback=done.set,
                )
            try:
                stream.start()
                if then is not None:
                    then()
                end = time.monotonic() + samples.size / rate + 2.0
                while not done.wait(0.05) and time.monotonic() < end:
                    pass
            finally:
                stream.close(ignore_errors=True)


def _output() -> int | None:
    sounddevice = portaudio()
    for index, info in enumerate(sounddevice.query_devices()):
        if info["name"] == "pulse" and info["max_output_channels"] > 0:
            return index
    return None
