"""The one controller: key, microphone, spool, engine and delivery. Widgets only watch it.

An utterance is in the spool from its first sample until its text is in the history (or,
where the person keeps nothing, until it is delivered). Whatever fails in between, the
sound is still there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.capture import Capture
from app.clips import Clips
from app.delivery import Delivery
from app.desktop import Window
from app.engine_client import EngineClient
from app.history import History
from app.insert import Inserter
from app.keys import label
from app.press import Presses
from app.previews import Previews
from app.session import Ears, Session, nothing_in, without_cue
from app.settings import Settings, SettingsStore
from app.sounds import Sounds
from app.spool import Recording, Spool
from app.utterance import Utterance
from app.writing import Pending, Writing
from engine.errors import StorageError
from engine.options import TranscribeOptions

STATES = ("idle", "preparing", "listening", "thinking", "problem")
_ROLL_SECONDS = 60.0  # of hands-free listening without a word make a recording of their own
_CARRIED = 1.0  # seconds that such a one shares with the next: a word may just have begun
WAITS = "Your text waits: open Idiolect and say where it belongs."


class Dictation(QObject):
    """States: idle, preparing, listening, thinking, problem."""

    state_changed = Signal(str, str)
    level = Signal(float, float)
    partial = Signal(str, str)
    progress = Signal(float, float)
    finished = Signal(object)  # Utterance
    for_editor = Signal(object)  # Utterance
    command = Signal(str)
    held = Signal(object, str)  # Utterance, why
    waits = Signal(object)  # list[str]: the utterances whose text is still held
    inserted = Signal(object, str)  # Utterance, note
    problem = Signal(str, str)
    recovered = Signal(object)  # list[str]
    queue_changed = Signal(int)
    clip = Signal(object)  # Path
    clip_failed = Signal(str)
    _disk = Signal(object)

    def __init__(
        self,
        store: SettingsStore,
        capture: Capture,
        engine: EngineClient,
        inserter: Inserter,
        history: History,
        sounds: Sounds,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._capture, self._engine, self._sounds = store, capture, engine, sounds
        self._spool = Spool()
        self._presses = Presses(self)
        self._delivery = Delivery(inserter, self)
        self._writing = Writing(store, engine, self._delivery, self._spool, history, self)
        self._clips = Clips(capture, self)
        self._session: Session | None = None
        self._ears: Ears | None = None
        self._ending: dict[str, Session] = {}  # utterance being closed -> where it came from
        self._trouble: dict[str, str] = {}  # microphone or disk -> sentence
        self.state, self.detail = "idle", ""
        self._preview_timer = QTimer(self, interval=150)
        self._preview_timer.timeout.connect(self._preview)
        self._previews = Previews(engine, self.options, self)
        self._connect()
        self._use(store.current)

    # -- what people do -----------------------------------------------------------------

    def press(self, at: float | None = None) -> None:
        """The key, or what stands for it, goes down (``at``: monotonic seconds; now)."""
        self._presses.press(at)

    def release(self, at: float | None = None) -> None:
        self._presses.release(at)

    def toggle(self) -> None:
        self.stop() if self._session is not None else self.start()

    def start(self) -> str:
        """Begin to listen; the id of the utterance that is listened to (from now on, or already).

        Empty where a text waited for the key: that is written instead.
        """
        if self._session is not None:
            return self._session.recording.note.id
        if self._delivery.insert_armed():  # this press was for a text that waited
            return ""
        if self._clips.busy:
            self._clips.stop()
        settings = self._store.current
        own, target = self._delivery.target()
        hands_free = settings.mode == "hands-free"
        session = Session(self._new_recording(), own, target, hands_free)
        ears = Ears(settings, hands_free, self)
        ears.began.connect(lambda: self._speech_began(session))
        ears.ended.connect(lambda: self._speech_ended(session))
        ears.quiet.connect(lambda quiet: self._speech_pauses(session, quiet))
        self._session, self._ears, self._presses.listening = session, ears, True
        preroll = settings.preroll if settings.warm_microphone else 0.0
        self._capture.record(session.recording, preroll, ears.feed)
        self._preview_timer.start()
        self._show()
        return session.recording.note.id

    def stop(self) -> None:
        """End listening; what was said is written down."""
        self._end("recorded")

    def cancel(self) -> None:
        """End listening, or the work on what was said, and write nothing. The sound is kept: ``take_back``."""
        if self._session is not None:
            self._end("cancelled")
            return
        for session in self._ending.values():
            session.cancelled = True
        self._engine.forget()
        self._writing.cancel()

    def take_back(self, utterance_id: str, own_window: bool = False) -> None:
        """Write down after all what was cancelled; ``own_window``: in our editor, whatever is in front."""
        self._writing.again(utterance_id, deliver=True, own_window=own_window)

    def retry(self, utterance_id: str, **options: Any) -> None:
        """Decode the kept sound again with other options. Nothing is inserted.

        ``finished`` comes with the same id, unless the work is cancelled: then all is as it was.
        """
        self._writing.again(utterance_id, deliver=False, **options)

    def undo(self) -> None:
        self._delivery.undo()

    def undo_or_cancel(self) -> None:
        """What the undo key means: give up what is being said or written down, or take back what was written last."""
        self.cancel() if self._session is not None or self._writing.waiting or self._ending else self.undo()

    def select_last(self) -> None:
        self._delivery.select()

    def insert_held(self, utterance_id: str | None = None, delay: float = 0.0) -> None:
        self._delivery.insert_held(utterance_id, delay)

    def arm_held(self, utterance_id: str) -> None:
        """Have the next press of the key write a held text into whatever window is in front by then."""
        self._delivery.arm(utterance_id)

    def discard_held(self, utterance_id: str | None = None) -> None:
        self._delivery.discard_held(utterance_id)

    def keep_held(self, utterance: Utterance) -> None:
        """Have a held text written into our editor."""
        self._delivery.keep_held(utterance)

    def set_own_window(self, has_focus: Callable[[Window | None], bool]) -> None:
        """Tell how to find out that one of our own windows has the keyboard; it is given the one in front, if known."""
        self._delivery.own_window = has_focus

    def start_clip(self) -> None:
        """Record something that is not a dictation; ``clip`` brings its file."""
        if self._session is not None:
            self.clip_failed.emit("Dictation is listening: stop it first.")
        else:
            self._clips.start()

    def stop_clip(self) -> None:
        self._clips.stop()

    def recover(self) -> list[str]:
        """Write down what was spoken before the app ended without warning; returns the ids."""
        ids = self._writing.recover()
        if ids:
            self.recovered.emit(ids)
        return ids

    def forget(self, profile: str) -> None:
        """Somebody is deleted for good: what they say, what is being written down and what waits is thrown away.

        Raises:
            StorageError: a recording of theirs cannot be deleted.
        """
        if self._session is not None and self._session.recording.note.profile == profile:
            self._end("cancelled")
        for session in self._ending.values():
            session.forgotten = session.forgotten or session.recording.note.profile == profile
        self._engine.forget()
        self._writing.forget(profile, frozenset(self._ending))

    def options(self) -> TranscribeOptions:
        """What the settings in force ask of the engine."""
        return self._writing.options()

    def close(self) -> None:
        """End listening. The sound stays in the spool and is written down at the next start."""
        self._session = None
        self._preview_timer.stop()
        self._presses.listening = False
        self._writing.close()
        self._clips.close()

    # -- listening ----------------------------------------------------------------------

    def _new_recording(self) -> Recording:
        return self._spool.begin(self._store.current.profile, self._disk.emit)

    def _end(self, state: str, asked: float | None = None) -> None:
        session = self._session
        if session is None or session.stopping:
            return
        session.stopping = True
        self._ending[session.recording.note.id] = session
        self._session, self._ears, self._presses.listening = None, None, False
        self._presses.reset()
        self._preview_timer.stop()
        self._previews.end(session)
        if state == "cancelled":
            self._engine.forget()
        self._capture.finish(state, asked, session.quiet)
        if not self._store.current.warm_microphone:
            self._capture.disarm()
        self._show()

    def _delivering(self, utterance_id: str) -> None:
        """The microphone's first sound is there: now, and not before, the person may speak."""
        session = self._session
        if session is None or session.recording.note.id != utterance_id or session.heard:
            return
        session.heard = True
        self._trouble.pop("microphone", None)
        if self._sounds.enabled:
            session.cue_at = session.recording.seconds
            session.recording.polish = without_cue(session.cue_at)
            self._sounds.play("start")
        self._show()

    def _speech_began(self, session: Session) -> None:
        session.speech = True

    def _speech_pauses(self, session: Session, quiet: bool) -> None:
        session.quiet, session.rehearsed = quiet, False
        if session is self._session:
            self._previews.look(session) if quiet else self._previews.spoke_on()

    def _speech_ended(self, session: Session) -> None:
        if session is not self._session:
            return
        if not session.hands_free:
            self.stop()
            return
        self._roll(session)

    def _roll(self, session: Session, carried: float = 0.0) -> None:
        """Go on listening in a new recording, which has the last ``carried`` seconds too; the old one is done."""
        done = session.recording
        self._ending[done.note.id] = replace(session, recording=done)
        own, target = self._delivery.target()
        session.recording, session.own_window, session.target = self._new_recording(), own, target
        session.speech = session.quiet = session.rehearsed = False
        session.cue_at = None
        self._capture.next(session.recording, carried)

    def _recorded(self, recording: Recording) -> None:
        note = recording.note
        if self._clips.take(recording):
            return
        session = self._ending.pop(note.id, None)
        if session is None:
            return  # the app is closing: the spool keeps it
        if self._session is None and not self._trouble.get("microphone"):
            self._sounds.play("stop")
        unheard = session.hands_free and not session.speech and not session.stopping
        if session.forgotten or not recording.seconds or (unheard and nothing_in(recording)):
            self._spool.remove(note.id)  # no microphone, or a minute in which nobody said anything
            self._show()
            return
        whole = note.state != "recording"
        if not whole:
            self._spool.hold(recording)
        if unheard:  # a voice too soft for the detector is still somebody's
            self._writing.unheard(note, recording.seconds)
            return
        if recording.cancelled or session.cancelled:
            self._writing.cancelled(note, recording.seconds)
            return
        audio = self._spool.path(note.id) if whole else recording.samples()
        self._writing.submit(Pending(note, audio, recording.seconds, session.own_window, session.target))

    def _preview(self) -> None:
        session = self._session
        if session is None or not session.heard:
            return
        if session.hands_free and not session.speech and session.recording.seconds > _ROLL_SECONDS:
            self._roll(session, _CARRIED)
        self._previews.look(session)

    def _previewed(self, utterance_id: str, text: str) -> None:
        if self._session is not None and self._session.recording.note.id == utterance_id:
            self.partial.emit(utterance_id, text)

    # -- state --------------------------------------------------------------------------

    def _connect(self) -> None:
        capture, engine, delivery, writing = self._capture, self._engine, self._delivery, self._writing
        self._presses.start.connect(self.start)
        self._presses.stop.connect(lambda: self._end("recorded", self._presses.released))
        capture.level.connect(self.level)
        capture.recording.connect(self._delivering)
        capture.recorded.connect(self._recorded)
        capture.problem.connect(self._microphone_problem)
        capture.recovered.connect(self._microphone_back)
        self._previews.text.connect(self._previewed)
        engine.state_changed.connect(lambda _: self._show())
        writing.stop_asked.connect(self.stop)
        writing.changed.connect(self._queue_moved)
        delivery.held.connect(lambda *_: self._sounds.play("problem"))
        delivery.waits.connect(lambda _: self._show())
        for ours, theirs in (
            (self.partial, writing.partial),
            (self.progress, writing.progress),
            (self.finished, writing.finished),
            (self.problem, writing.problem),
            (self.for_editor, delivery.for_editor),
            (self.command, delivery.command),
            (self.held, delivery.held),
            (self.waits, delivery.waits),
            (self.inserted, delivery.inserted),
            (self.problem, delivery.told),
            (self.clip, self._clips.done),
            (self.clip_failed, self._clips.failed),
        ):
            theirs.connect(ours)
        self._disk.connect(self._disk_trouble)
        self._store.changed.connect(lambda settings, _names: self._use(settings))

    def _use(self, settings: Settings) -> None:
        self._presses.settings = self._delivery.settings = settings
        self._sounds.enabled, self._sounds.volume = settings.sounds, settings.sound_volume
        self._delivery.inserter.restore_clipboard = settings.restore_clipboard
        self._show()

    def _queue_moved(self) -> None:
        self.queue_changed.emit(self._writing.waiting)
        self._show()

    def _microphone_problem(self, code: str, message: str) -> None:
        self._trouble["microphone"] = message
        if self._session is not None or self._clips.busy:
            self._sounds.play("problem")
        self.problem.emit(code, message)
        self._show()

    def _microphone_back(self) -> None:
        self._trouble.pop("microphone", None)
        self._show()

    def _disk_trouble(self, error: StorageError | None) -> None:
        if error is None:
            self._trouble.pop("disk", None)
        else:
            message = f"{error} Until then what you say is kept in memory: do not close the app."
            self._trouble["disk"] = message
            self.problem.emit("disk", message)
        self._show()

    def _show(self) -> None:
        """Work out the state from what there is, and tell it if it changed."""
        session = self._session
        trouble = next(iter(self._trouble.values()), "")
        key = label(self._store.current.key)
        if session is not None and trouble:
            state, detail = "problem", trouble
        elif session is not None:
            state, detail = ("listening", f"Speak now. {key} ends it.") if session.heard else (
                "preparing", "The microphone is getting ready."
            )  # fmt: skip
        elif self._writing.waiting or self._ending:
            state, detail = "thinking", "Writing down what you said."
            if self._writing.loading:
                detail = "The model is being loaded; then what you said is written down."
        elif trouble or self._writing.trouble:
            state, detail = "problem", trouble or self._writing.trouble
        elif self._delivery.waiting:
            state, detail = "problem", WAITS
        else:
            state, detail = "idle", f"Press {key} and speak."
        if (state, detail) != (self.state, self.detail):
            self.state, self.detail = state, detail
            self.state_changed.emit(state, detail)


__all__ = ["STATES", "Dictation", "Utterance"]
