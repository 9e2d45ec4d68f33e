"""One stretch of listening: a recording, its end points, and the text so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.desktop import Window
from app.settings import Settings
from app.sounds import find_cue
from app.spool import Recording
from engine.audio import SAMPLE_RATE
from engine.vad import Endpointer, SpeechEnded, SpeechStarted, VadOptions

_SILENT = 8 / 32768  # from the highest sample to the lowest: no microphone is so quiet while somebody speaks
_FRAME = SAMPLE_RATE // 10
_LOUDER = 2.0  # in power: 3 dB
_PAUSE = 0.25  # seconds of silence after which somebody may have finished; within words it is shorter
_CUE_WINDOW = 1.2  # seconds after the start sound was asked for in which it may be heard


@dataclass
class Session:
    """From start to stop. In hands-free dictation one session has many recordings."""

    recording: Recording
    own_window: bool
    target: Window | None
    hands_free: bool
    heard: bool = False  # the microphone delivers
    speech: bool = False  # somebody spoke in this recording
    cue_at: float | None = None  # seconds of the recording at which our start sound was asked for
    quiet: bool = False  # and pauses now
    rehearsed: bool = False  # what was said up to this pause is being written down already
    stopping: bool = False
    cancelled: bool = False  # after it was stopped, before its recording was closed
    forgotten: bool = False  # whoever spoke is deleted


class Ears(QObject):
    """Listens for the beginnings and ends of speech in the microphone's thread; signals arrive in the UI thread."""

    began = Signal()
    ended = Signal()
    quiet = Signal(bool)  # who spoke pauses, or goes on

    def __init__(self, settings: Settings, hands_free: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        ends = hands_free or settings.stop_at_pause
        self._endpointer = Endpointer(VadOptions(pause=settings.pause if ends else None))
        self._quiet = False

    def feed(self, block: NDArray[np.float32]) -> None:
        """Takes float32 (n,) at 16 kHz, in the microphone's thread."""
        for event in self._endpointer.feed(block):
            if isinstance(event, SpeechStarted):
                self.began.emit()
            elif isinstance(event, SpeechEnded):
                self.ended.emit()
        quiet = self._endpointer.speaking and self._endpointer.silence >= _PAUSE
        if quiet != self._quiet:
            self._quiet = quiet
            self.quiet.emit(quiet)


def nothing_in(recording: Recording) -> bool:
    """Whether there is surely no voice in it: (nearly) digital silence, or a background that never gets any louder.

    Doubt is a voice: whatever is for a tenth of a second as loud as the background itself counts.
    """
    try:
        sound = recording.samples()
    except OSError:
        return False
    if sound.size == 0 or float(np.ptp(sound)) <= _SILENT:
        return True
    # Differences: the rumble of a fan comes and goes, and speech has its marks in the higher tones.
    frames = np.diff(sound)[: (sound.size - 1) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    return bool(power.size) and float(power.max()) < _LOUDER * float(np.median(power))


def without_cue(asked_at: float) -> Callable[[Recording], None]:
    """What blanks our own start sound, asked for at ``asked_at`` seconds of the recording.

    So close behind another dictation the pre-roll may hold its stop sound too.
    """

    def polish(recording: Recording) -> None:
        for first, last in _cues(recording.head(asked_at + _CUE_WINDOW), asked_at):
            recording.blank(first, last)

    return polish


def so_far(recording: Recording, cue_at: float | None) -> NDArray[np.float32]:
    """What the recording will be if it ends now, of its last 30 s: float32 (n,) at 16 kHz, without our start sound,
    asked for at ``cue_at`` seconds."""
    sound = recording.recent(30.0)
    if cue_at is not None:
        for first, last in _cues(sound[: round((cue_at + _CUE_WINDOW) * SAMPLE_RATE)], cue_at):
            sound[first:last] = 0.0
    return sound


def _cues(sound: NDArray[np.float32], asked_at: float) -> list[tuple[int, int]]:
    """From which sample to which our own sounds are heard in the beginning of a recording."""
    before = max(0, round((asked_at - 0.1) * SAMPLE_RATE))
    places = []
    for name, first, last in (("start", before, sound.size), ("stop", 0, round(asked_at * SAMPLE_RATE))):
        found = find_cue(sound[first:last], name)
        if found is not None:
            places.append((first + found[0], first + found[1]))
    return places
