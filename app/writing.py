"""From a recording to its text: the queue of utterances that the engine works on.

An utterance that fails stays in the spool and is tried again when the engine is ready
again, or at the next start.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.delivery import Delivery
from app.desktop import Window
from app.engine_client import EngineClient
from app.history import History
from app.keep import Keeper
from app.settings import Settings, SettingsStore
from app.spool import Note, Spool
from app.utterance import Utterance, transcribe_options, written
from app.voice import VoiceKeeper
from engine.errors import StorageError
from engine.language import TEXTS_BEFORE
from engine.options import TranscribeOptions
from engine.transcript import Segment, Transcript

_AGAIN_MS = 3000


@dataclass(frozen=True)
class Pending:
    """An utterance that the engine works on, and what is to be done with its text."""

    note: Note
    audio: Path | NDArray[np.float32]
    seconds: float
    own_window: bool
    target: Window | None
    deliver: bool = True
    options: TranscribeOptions | None = None
    readings_only: bool = False  # the text that is kept stays


class Writing(QObject):
    """Submits, keeps and delivers. ``trouble`` holds what is wrong with the engine, empty where nothing is."""

    partial = Signal(str, str)
    progress = Signal(float, float)
    finished = Signal(object)  # Utterance
    problem = Signal(str, str)
    stop_asked = Signal()  # "stop listening" was said
    changed = Signal()  # the queue or the trouble

    def __init__(
        self,
        store: SettingsStore,
        engine: EngineClient,
        delivery: Delivery,
        spool: Spool,
        history: History,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._engine, self._delivery, self._spool = store, engine, delivery, spool
        self._keeper = Keeper(spool, history)
        self._voice = VoiceKeeper()
        self._pending: dict[str, Pending] = {}
        self._given_up: set[str] = set()  # cancelled, and the engine has not answered yet
        self._failed: dict[str, Pending] = {}
        self._parts: dict[str, list[str]] = {}
        self._before: dict[str, deque[str]] = {}  # of every person, what they dictated last; nowhere but here
        self.trouble = ""
        self._unkept: dict[str, tuple[Utterance, Note]] = {}  # the disk did not take them
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self._keep_again)
        engine.partial.connect(self._part)
        engine.progress.connect(self._progress)
        engine.finished.connect(self._transcribed)
        engine.job_failed.connect(self._job_failed)
        engine.stopped.connect(self._job_stopped)
        engine.ready.connect(self._engine_ready)
        engine.failed.connect(self._engine_failed)

    @property
    def waiting(self) -> int:
        """Utterances that are being worked on or wait for it."""
        return len(self._pending)

    @property
    def loading(self) -> bool:
        return self._engine.state == "loading"

    def options(self) -> TranscribeOptions:
        return transcribe_options(self._store.current, " ".join(self._before.get(self._store.current.profile, ())))

    def submit(self, pending: Pending) -> None:
        """Write an utterance down."""
        job = pending.note.id
        if not pending.note.profile:  # its note was damaged
            pending = replace(pending, note=replace(pending.note, profile=self._store.current.profile))
        self._pending[job] = pending
        self._parts[job] = []
        self._engine.transcribe(pending.audio, pending.options or self.options(), job)
        self.changed.emit()

    def cancelled(self, note: Note, seconds: float) -> None:
        """The person cancelled while speaking: the sound is kept, nothing is written."""
        self._finish(self._kept(_bare(note, seconds, "cancelled"), note))

    def cancel(self) -> None:
        """Stop all work; ``again`` takes it up."""
        for job in list(self._pending):
            self._given_up.add(job)
            self._engine.cancel(job)

    def unheard(self, note: Note, seconds: float) -> None:
        """Nobody was heard to speak, and yet there is sound: it is kept, nothing is written."""
        self._finish(self._kept(_bare(note, seconds, "empty"), note))

    def again(self, utterance_id: str, deliver: bool, own_window: bool = False, **changes: Any) -> None:
        """Decode kept sound once more; with ``changes`` of the options for other readings, and the kept text stays.

        ``own_window``: the text is for our editor, whatever is in front.
        """
        known = self._keeper.find(utterance_id)
        if known is None:
            self.problem.emit("gone", "The sound of this dictation was not kept.")
            return
        note, audio, seconds = known
        own, target = (True, None) if own_window else self._delivery.target()
        self._failed.pop(utterance_id, None)
        options = replace(self.options(), **changes)
        self.submit(Pending(note, audio, seconds, own, target, deliver, options, readings_only=bool(changes)))

    def recover(self) -> list[str]:
        """Write down what was spoken before the app ended without warning; returns the ids."""
        found = []
        for note in self._spool.recover():
            seconds = self._keeper.seconds(note.id)
            if note.state == "cancelled":
                self._kept(_bare(note, seconds, "cancelled"), note)
            else:
                found.append(note.id)
                self.submit(Pending(note, self._spool.path(note.id), seconds, True, None))
        return found

    def forget(self, profile: str, recording: frozenset[str]) -> None:
        """Somebody is deleted for good: nothing of theirs is written down, delivered or kept any more.

        ``recording``: utterances that are still being closed.

        Raises:
            StorageError: a recording of theirs cannot be deleted.
        """
        for job, pending in list(self._pending.items()):
            if pending.note.profile == profile:
                del self._pending[job]
                self._parts.pop(job, None)
                self._engine.cancel(job)
        self._failed = {job: known for job, known in self._failed.items() if known.note.profile != profile}
        self._unkept = {job: known for job, known in self._unkept.items() if known[1].profile != profile}
        self._before.pop(profile, None)
        self._voice.forget(self._store.profiles.folder(profile))
        self._delivery.forget(profile)
        self.changed.emit()
        self._keeper.forget_person(profile, recording)

    def close(self) -> None:
        self._again.stop()
        self._keep_again()
        self._keeper.forget()
        self._voice.close()

    def _transcribed(self, job: str, transcript: Transcript) -> None:
        if job in self._given_up:  # it was ready before the engine heard of that
            self._job_stopped(job)
            return
        pending = self._pending.pop(job, None)
        if pending is None:
            return
        heard = transcript.text
        text, command = written(transcript, self._settings_of(pending.note))
        state = "done" if heard else "empty"
        utterance = Utterance(
            job, text, heard, transcript, None, pending.seconds, pending.note.when, command, state,
            profile=pending.note.profile,
        )  # fmt: skip
        utterance = self._kept(utterance, pending.note, pending.readings_only)
        settings = self._settings_of(pending.note)
        if pending.options is None and settings.retention != "nothing":  # a second decoding is the same voice
            folder = self._store.profiles.folder(pending.note.profile)
            self._voice.heard(folder, self._store.current.model, transcript)
        if pending.deliver and command is None and heard:
            self._before.setdefault(pending.note.profile, deque(maxlen=TEXTS_BEFORE)).append(heard)
        self.trouble = ""
        here = pending.note.profile == self._store.current.profile
        if pending.deliver and command is not None and here:  # nobody else's text is changed by it
            if command == "stop listening":
                self.stop_asked.emit()
            self._delivery.obey(command, utterance, pending.own_window, pending.target)
        elif pending.deliver and command is None and utterance.text:
            self._delivery.deliver(utterance, pending.own_window, pending.target)
        self._finish(utterance)

    def _job_failed(self, job: str, message: str) -> None:
        self._given_up.discard(job)
        pending = self._pending.pop(job, None)
        if pending is not None:
            self._failed[job] = pending
            self.trouble = f"{message} What you said is kept."
            self.problem.emit("engine", self.trouble)
            self._finish(_bare(pending.note, pending.seconds, "failed"))

    def _job_stopped(self, job: str) -> None:
        self._given_up.discard(job)
        pending = self._pending.pop(job, None)
        if pending is None:
            return
        if pending.deliver:
            self.cancelled(pending.note, pending.seconds)
        else:  # it was written down long ago, and stays as it is
            self._parts.pop(job, None)
            self.changed.emit()

    def _part(self, job: str, segment: Segment) -> None:
        if job in self._parts and segment.text:
            self._parts[job].append(segment.text)
            self.partial.emit(job, " ".join(self._parts[job]))

    def _progress(self, job: str, done: float, total: float) -> None:
        if job in self._pending:
            self.progress.emit(done, total)

    def _engine_ready(self, _ready: object) -> None:
        self.trouble = ""
        waiting, self._failed = self._failed, {}
        for pending in waiting.values():
            # Long ago for the person: into the editor, not into whatever is in front now.
            self.submit(replace(pending, own_window=True, target=None))
        self.changed.emit()

    def _engine_failed(self, message: str) -> None:
        self.trouble = message
        self.problem.emit("engine", message)
        self.changed.emit()

    def _kept(self, utterance: Utterance, note: Note, readings_only: bool = False) -> Utterance:
        try:
            return self._keep(utterance, note, readings_only)
        except StorageError as error:
            self._unkept[utterance.id] = (utterance, note)
            self._again.start()
            self.problem.emit("disk", str(error))
            return utterance

    def _keep(self, utterance: Utterance, note: Note, readings_only: bool = False) -> Utterance:
        profile = note.profile or self._store.current.profile
        return self._keeper.keep(utterance, self._settings_of(note), profile, readings_only)

    def _keep_again(self) -> None:
        """What the disk did not take is tried again until it does."""
        for utterance, note in list(self._unkept.values()):
            try:
                self._keep(utterance, note)
            except StorageError:
                continue
            del self._unkept[utterance.id]
        if not self._unkept:
            self._again.stop()

    def _settings_of(self, note: Note) -> Settings:
        """How it is written and whether it is kept is for the person who spoke to say."""
        return self._store.settings_of(note.profile)

    def _finish(self, utterance: Utterance) -> None:
        self._parts.pop(utterance.id, None)
        self.finished.emit(utterance)
        self.changed.emit()


def _bare(note: Note, seconds: float, state: str) -> Utterance:
    return Utterance(note.id, "", "", None, None, seconds, note.when, None, state, profile=note.profile)
