"""The microphone: open, watched, reopened; its sound goes into the spool.

PortAudio's callback copies into a ring; one thread of ours opens the stream, empties the
ring, writes the spool, measures the level and notices when the sound stops. The UI
thread only leaves it messages. While the microphone is warm the last second is kept in
memory (and nowhere else), so that a first word spoken with the key press is not lost.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app import microphone
from app.microphone import Device, MicrophoneError
from app.ring import Ring
from app.spool import Recording
from engine.audio import SAMPLE_RATE, StreamCleaner
from engine.errors import AudioError

_TICK = 0.02
_TICK_IDLE = 0.1  # while nothing is recorded; a message is heard at once all the same
_RING_SECONDS = 20
_PREROLL = SAMPLE_RATE  # samples kept while nothing is recorded
_POSTROLL = 0.3  # people let go of the key while the last sound fades; and sound takes time to arrive
_POSTROLL_QUIET = 0.1  # of somebody who had finished by then
_POSTROLL_LATE = 1.0  # the longest wait where the sound arrives later than it should
_GONE_AFTER = 2.5  # seconds without a callback: sound servers may deliver a block of two seconds
_FLAT_AFTER = 1.0  # seconds of digital silence after which a microphone is taken to be open
_MUTED_AFTER = 3.0  # ... of a recording without any sound yet: some take all noise away until somebody speaks
_MUTED_LATER = 10.0  # ... after there was some
_REOPEN_EVERY = 1.0
_REOPEN_SELDOM = 4.0  # where nobody speaks and there has been no microphone for a while: looking for one is work
_SELDOM_AFTER = 10.0
_STUCK_AFTER = 15.0  # seconds in which the sound system does not come back from what it was asked for
_STUCK = "The sound system does not answer, so nothing is recorded. Restart Idiolect, or else the computer."
_LEVEL_EVERY = SAMPLE_RATE // 20
_LEVEL_IDLE = SAMPLE_RATE // 10  # while nothing is recorded
_LOG = logging.getLogger(__name__)

Block = NDArray[np.float32]

__all__ = ["Capture", "Device"]


class Capture(QObject):
    """Start with ``arm`` or ``record``; all signals arrive in the thread this object lives in."""

    level = Signal(float, float)  # rms and peak, 0 to 1
    opened = Signal(str)  # the first sound has come from this microphone
    recording = Signal(str)  # utterance id: its sound is being written
    recorded = Signal(object)  # Recording: complete
    problem = Signal(str, str)  # code, sentence
    recovered = Signal()
    devices_found = Signal(object)  # list[Device]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inbox: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._loop = _Loop(self, self._inbox)
        self._thread = threading.Thread(target=self._loop.run, name="microphone", daemon=True)
        self._thread.start()
        self._stuck, self._felt_at = False, time.monotonic()
        self._pulse = QTimer(self, interval=2000)
        self._pulse.timeout.connect(self._feel_pulse)
        self._pulse.start()

    @property
    def is_open(self) -> bool:
        return self._loop.stream is not None

    def choose(self, device: str | None) -> None:
        """Use another microphone (None: the system's default), at once if one is open."""
        self._inbox.put(("choose", device))

    def arm(self) -> None:
        """Open the microphone and keep it warm."""
        self._inbox.put(("arm",))

    def disarm(self) -> None:
        """Close the microphone, unless something is being recorded."""
        self._inbox.put(("disarm",))

    def record(self, recording: Recording, preroll: float, on_block: Callable[[Block], None] | None = None) -> None:
        """Write the microphone's sound into ``recording``, from ``preroll`` seconds ago.

        ``on_block`` gets every block (float32 (n,), 16 kHz) in the microphone's thread.
        """
        self._inbox.put(("record", recording, preroll, on_block))

    def next(self, recording: Recording, again: float = 0.0) -> None:
        """End the utterance here and go on in ``recording`` without losing a sample.

        ``again``: so many of its last seconds stand at the beginning of the next one too.
        """
        self._inbox.put(("next", recording, again))

    def finish(self, state: str = "recorded", asked: float | None = None, quiet: bool = False) -> None:
        """End the utterance: ``recorded`` is emitted when all of it is on the disk.

        ``asked``: when that was wished (monotonic seconds; now). ``quiet``: nobody was speaking then.
        """
        self._inbox.put(("finish", state, asked, quiet))

    def find_devices(self) -> None:
        self._inbox.put(("devices",))

    def close(self) -> None:
        """End a running utterance (it stays in the spool) and close the microphone."""
        self._pulse.stop()
        self._inbox.put(("close",))
        self._thread.join(5.0)

    def _feel_pulse(self) -> None:
        """A driver or a sound server may keep the microphone's thread for ever; it cannot say so itself."""
        now = time.monotonic()
        asleep, self._felt_at = now - self._felt_at > _STUCK_AFTER, now  # the computer: this thread stood still, too
        stuck = not asleep and now - self._loop.alive_at > _STUCK_AFTER
        if stuck and not self._stuck:
            _LOG.warning("the microphone's thread is stuck")
            self.problem.emit("stuck", _STUCK)
        elif self._stuck and not stuck:
            self._inbox.put(("unstuck",))
        self._stuck = stuck


class _Loop:
    """What the microphone's thread does."""

    def __init__(self, capture: Capture, inbox: queue.SimpleQueue[tuple[Any, ...]]) -> None:
        self._capture = capture
        self._inbox = inbox
        self.stream: Any = None
        self._ring = Ring(1, 1)
        self._clean = StreamCleaner(SAMPLE_RATE)
        self._device: str | None = None
        self._name = ""
        self._armed = False
        self._recording: Recording | None = None
        self._on_block: Callable[[Block], None] | None = None
        self._finish_at: tuple[float, float, str] | None = None  # sound is wanted until, waited for until, state
        self._preroll: list[Block] = []
        self._running = True
        self.alive_at = time.monotonic()
        self._rate = SAMPLE_RATE
        self._epoch = math.inf  # when the stream's first sample was spoken
        self._ended = False  # PortAudio says that the stream is over
        self._heard_at = self._tried_at = self._missed_at = 0.0
        self._flat = 0.0  # seconds of digital silence
        self._sounded = False  # whether what is recorded has had any sound
        self._announced = False
        self._problem = ""
        self._levels: list[Block] = []

    def run(self) -> None:
        while self._running:
            self.alive_at = time.monotonic()
            try:
                self._obey()
                self._keep_open()
                self._move()
            except Exception:  # noqa: BLE001 - the thread must outlive whatever a sound driver does
                _LOG.exception("the microphone's thread")
                self._close_stream()
        self._close_stream()

    def _obey(self) -> None:
        """Do what is asked for; wait a moment for it where nothing is."""
        tick: float | None = _TICK if self._recording is not None else _TICK_IDLE
        while self._running:
            try:
                word, *details = self._inbox.get(timeout=tick) if tick else self._inbox.get_nowait()
            except queue.Empty:
                return
            tick = None
            getattr(self, f"_do_{word}")(*details)

    def _do_choose(self, device: str | None) -> None:
        if device != self._device:
            self._device = device
            self._close_stream()
            self._tried_at = 0.0

    def _do_arm(self) -> None:
        self._armed = True

    def _do_disarm(self) -> None:
        self._armed = False
        if self._recording is None:
            self._close_stream()
            self._clear_problem()

    def _do_record(self, recording: Recording, preroll: float, on_block: Callable[[Block], None] | None) -> None:
        if self._recording is not None:
            self._complete(self._end())
        self._recording, self._on_block, self._finish_at = recording, on_block, None
        self._move(store=False)
        self._flat, self._sounded = 0.0, False
        wanted = round(preroll * SAMPLE_RATE)
        if wanted and self._preroll:
            recent = np.concatenate(self._preroll)[-wanted:]
            self._sounded = bool(recent.any())
            self._store(recent)
        self._preroll.clear()
        if self._announced:
            self._capture.recording.emit(recording.note.id)

    def _do_next(self, recording: Recording, again: float) -> None:
        if self._recording is None:
            return
        self._move()
        done, self._recording = self._recording, recording
        if again:
            recording.append(np.round(done.recent(again) * 32768.0).astype(np.int16))
        done.finish()
        self._capture.recorded.emit(done)
        self._capture.recording.emit(recording.note.id)

    def _do_finish(self, state: str, asked: float | None, quiet: bool) -> None:
        if self._recording is not None and self._finish_at is None:
            now = time.monotonic()
            wait = _POSTROLL_QUIET if quiet else _POSTROLL
            if self.stream is None or state != "recorded":
                wait = 0.0
            self._finish_at = ((asked or now) + wait, now + (wait and _POSTROLL_LATE), state)

    def _do_devices(self) -> None:
        try:
            if self._recording is None:
                self._close_stream()  # PortAudio looks for devices only while none is open; it is opened again
            if self.stream is None:
                microphone.refresh()
            found = microphone.devices()
        except Exception as error:  # noqa: BLE001 - PortAudio without any sound system
            _LOG.warning("no list of microphones: %s", error)
            found = []
        self._capture.devices_found.emit(found)

    def _do_unstuck(self) -> None:
        self._problem = ""  # what is still wrong is found and told again
        self._capture.recovered.emit()

    def _do_close(self) -> None:
        self._move()
        if self._recording is not None:
            self._complete(self._end())
        self._running = False

    def _end(self) -> str:
        """How the utterance ends that something else cuts short: as it was to end anyway."""
        return self._finish_at[2] if self._finish_at is not None else "recorded"

    def _keep_open(self) -> None:
        now = time.monotonic()
        wanted = self._armed or self._recording is not None
        if self.stream is None:
            missed = bool(self._problem) and self._recording is None and now - self._missed_at > _SELDOM_AFTER
            if wanted and now - self._tried_at >= (_REOPEN_SELDOM if missed else _REOPEN_EVERY):
                self._tried_at = now
                self._open()
        elif not wanted:
            self._close_stream()
        elif self._ended or now - self._heard_at > _GONE_AFTER:
            self._close_stream()
            self._tell("gone", f"The microphone {self._name} was taken away. What you said is kept; connect it again.")
            self._tried_at = now - _REOPEN_EVERY / 2

    def _open(self) -> None:
        self._ended = self._announced = False
        try:
            if self._problem:
                microphone.refresh()
            stream, name = microphone.open_stream(self._device, self._make_callback, self._on_end)
        except MicrophoneError as error:
            self._tell(error.code, str(error))
            return
        except Exception as error:  # noqa: BLE001 - PortAudio's own and the system library's
            self._tell("refused", f"The microphone cannot be opened ({error}). Check the sound settings.")
            return
        self._heard_at, self._flat = time.monotonic(), 0.0
        self._rate, self._epoch = int(stream.samplerate), math.inf
        self.stream, self._name = stream, name

    def _make_callback(self, rate: int, channels: int) -> Callable[..., None]:
        ring = self._ring = Ring(rate * _RING_SECONDS, channels)
        self._clean = StreamCleaner(rate)

        def callback(block: Block, frames: int, when: Any, status: Any) -> None:
            ring.write(block)

        return callback

    def _on_end(self) -> None:
        self._ended = True

    def _close_stream(self) -> None:
        stream, self.stream = self.stream, None
        self._announced = False
        self._preroll.clear()
        if stream is not None:
            # A driver whose device is gone may never return from this.
            closer = threading.Thread(target=_close, args=(stream,), name="close-microphone", daemon=True)
            closer.start()
            closer.join(3.0)

    def _move(self, store: bool = True) -> None:
        """Take what the ring holds: measure it, write it."""
        now = time.monotonic()
        if self.stream is not None:
            raw = self._ring.read()
            if raw.size:
                self._heard_at = now
                self._epoch = min(self._epoch, now - self._ring.written / self._rate)
                try:
                    block = self._clean(raw)
                except AudioError as error:
                    _LOG.warning("a block of sound was lost: %s", error)
                    block = np.zeros(0, np.float32)
                self._watch(raw.shape[0] / self._rate, bool(raw.any()))
                if block.size:
                    self._measure(block)
                    if self._recording is not None and store:
                        self._store(block)
                    else:
                        self._remember(block)
        if self._finish_at is not None:
            wanted, late, state = self._finish_at
            if self._sound_until() >= wanted or now >= late:
                self._complete(state)

    def _sound_until(self) -> float:
        """The moment up to which all sound has arrived, taking the quickest delivery so far as on time."""
        return self._epoch + self._ring.written / self._rate

    def _watch(self, seconds: float, sounds: bool) -> None:
        self._flat = 0.0 if sounds else self._flat + seconds
        self._sounded = self._sounded or sounds
        if sounds and self._problem:
            self._clear_problem()
        muted = self._flat > (_MUTED_LATER if self._sounded else _MUTED_AFTER)
        if muted and self._recording is not None and not self._problem:
            self._tell("silent", f"No sound at all comes from the microphone {self._name}: is it muted?")
        if not self._announced and (sounds or self._flat > _FLAT_AFTER):
            self._announced = True
            self._capture.opened.emit(self._name)
            if self._recording is not None:
                self._capture.recording.emit(self._recording.note.id)

    def _measure(self, block: Block) -> None:
        self._levels.append(block)
        every = _LEVEL_IDLE if self._recording is None else _LEVEL_EVERY
        if sum(part.size for part in self._levels) >= every:
            whole = np.concatenate(self._levels)
            self._levels.clear()
            rms = float(np.sqrt(np.mean(np.square(whole, dtype=np.float64))))
            self._capture.level.emit(min(1.0, rms), min(1.0, float(np.abs(whole).max())))

    def _store(self, block: Block) -> None:
        assert self._recording is not None
        self._recording.append(np.clip(np.round(block * 32768.0), -32768, 32767).astype(np.int16))
        if self._on_block is not None:
            self._on_block(block)

    def _remember(self, block: Block) -> None:
        self._preroll.append(block)
        while sum(part.size for part in self._preroll[1:]) >= _PREROLL:
            self._preroll.pop(0)

    def _complete(self, state: str) -> None:
        recording, self._recording, self._on_block, self._finish_at = self._recording, None, None, None
        assert recording is not None
        recording.finish(state)
        self._capture.recorded.emit(recording)

    def _tell(self, code: str, message: str) -> None:
        if self._problem != code:
            self._problem, self._missed_at = code, time.monotonic()
            self._capture.problem.emit(code, message)

    def _clear_problem(self) -> None:
        if self._problem:
            self._problem = ""
            self._capture.recovered.emit()


def _close(stream: Any) -> None:
    try:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)
    except Exception as error:  # noqa: BLE001 - the device is gone anyway
        _LOG.debug("closing the microphone: %s", error)
