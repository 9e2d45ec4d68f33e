"""Everything that is not a window, made and wired in one place."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app import hotkey as hotkeys
from app.capture import Capture
from app.corrections import Corrections
from app.dictation import Dictation
from app.engine_client import EngineClient
from app.extras import Install
from app.history import History
from app.hotkey import Hotkey
from app.insert import Inserter
from app.learning import Learning, Outcome
from app.retention import Retention
from app.settings import Settings, SettingsStore
from app.single import Instance
from app.sounds import Sounds
from app.utterance import transcribe_options
from engine.options import EngineOptions, TranscribeOptions
from engine.protocol import Ready

_ENGINE_SETTINGS = frozenset({"model", "device", "compute_type", "profile"})


class Core(QObject):
    """Made after the QApplication; ``start`` begins the work, ``close`` ends it and loses nothing."""

    message = Signal(str)
    person_deleted = Signal(str)

    def __init__(self, instance: Instance | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = SettingsStore(self)
        self.history = History()
        self.capture = Capture(self)
        self.engine = EngineClient(self)
        self.inserter = Inserter(self)
        self.sounds = Sounds(self)
        self.hotkey = Hotkey(self)
        self.undo_key = Hotkey(self, purpose="undo")
        self.instance = instance or Instance(self)
        self.corrections = Corrections(self.store, self.history)
        self.dictation = Dictation(
            self.store, self.capture, self.engine, self.inserter, self.history, self.sounds, self
        )
        self.retention = Retention(self.store, self.history, self)
        self.learning = Learning(self)
        self.install = Install(self)
        self.store.profiles.all()  # a damaged name is told now, not in the middle of something
        history = [self.history.message] if self.history.message else []
        self.messages = [*self.store.messages, *self.store.profiles.messages, *history]
        self._closed = False
        self.store.message.connect(self.message)
        self.store.changed.connect(self._settings_changed)
        self.sounds.problem.connect(self.message)
        self.retention.problem.connect(self._tell)
        self.hotkey.pressed.connect(self.dictation.press)
        self.hotkey.released.connect(self.dictation.release)
        self.undo_key.pressed.connect(self.dictation.undo_or_cancel)
        self.instance.command.connect(self._obey)
        self.engine.ready.connect(self._engine_ready)
        self.learning.ended.connect(self._learned)

    @staticmethod
    def prepare() -> None:
        """To be called before the QApplication is made."""
        hotkeys.prepare()

    def start(self) -> None:
        """Load the model, listen for the key, open the microphone, and write down what a crash left behind."""
        settings = self.store.current
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self.hotkey)
        self.engine.start(self.engine_options())
        self._bind(settings)
        self.capture.choose(settings.microphone)
        if settings.warm_microphone and settings.first_start_done:
            self.capture.arm()
        self.retention.start()
        self.dictation.recover()

    def close(self) -> None:
        """End everything. What is being said is in the spool and is written down at the next start."""
        if self._closed:
            return
        self._closed = True
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self.hotkey)
        self.hotkey.close()
        self.undo_key.close()
        self.instance.close()
        self.learning.close()
        self.install.close()
        self.capture.close()
        self.dictation.close()
        self.engine.close()
        self.sounds.close()
        self.inserter.close()
        self.retention.close()
        self.history.close()

    def engine_options(self) -> EngineOptions:
        settings = self.store.current
        return EngineOptions(
            model=settings.model,
            device=settings.device,
            compute_type=settings.compute_type,
            profile=self.store.profiles.folder(settings.profile),
            ready_for=transcribe_options(settings),
        )

    def transcribe_options(self) -> TranscribeOptions:
        return replace(self.dictation.options())

    def delete_person(self, profile_id: str) -> None:
        """Delete a person with settings, words, corrections, what was learnt, history and recordings, for good.

        What they are saying, what is being written down and what waits to be inserted goes too.

        Raises:
            ProfileError: there is no such person, or nobody else.
            StorageError: something cannot be deleted.
        """
        profiles = self.store.profiles
        others = [person.id for person in profiles.all() if person.id != profile_id]
        if others:
            if self.learning.profile == profiles.folder(profiles.get(profile_id).id):
                self.learning.abandon()
            self.dictation.forget(profile_id)
            if profile_id == self.store.current.profile:
                self.store.open_profile(others[0])
            self.history.delete_all(profile_id)
        profiles.delete(profile_id)
        self.person_deleted.emit(profile_id)  # whoever still has something of theirs in memory

    def use_learned(self) -> None:
        """What was learnt from the open profile's corrections changed: load it."""
        self.engine.reload(self.engine_options())

    def learn(self) -> None:
        """Learn from the open profile's corrections, or go on with it."""
        settings = self.store.current
        self.learning.start(self.store.profiles.folder(settings.profile), settings.model, settings.language)

    def insertion_status(self) -> str:
        """How text gets into other programs here, in one sentence."""
        return self.inserter.status

    def _settings_changed(self, settings: Settings, names: frozenset[str]) -> None:
        if names & _ENGINE_SETTINGS and self.engine.options is not None:
            self.engine.reload(self.engine_options())
        if names & {"key", "undo_key"}:
            self._bind(settings)
        if "microphone" in names:
            self.capture.choose(settings.microphone)
        if "warm_microphone" in names or "first_start_done" in names:
            self.capture.arm() if settings.warm_microphone else self.capture.disarm()
        if "history_days" in names or "profile" in names:
            self.retention.look()

    def _bind(self, settings: Settings) -> None:
        self.undo_key.unbind()  # first: the keys may have been exchanged
        self.hotkey.bind(settings.key)
        self.undo_key.bind(settings.undo_key if settings.undo_key != settings.key else "")

    def _engine_ready(self, ready: Ready) -> None:
        if ready.notice:
            self.message.emit(ready.notice)

    def _learned(self, outcome: Outcome) -> None:
        if outcome.taken and outcome.profile == self.store.profiles.folder(self.store.current.profile):
            self.use_learned()

    def _tell(self, sentence: str) -> None:
        self.messages.append(sentence)  # for a window that is made later
        self.message.emit(sentence)

    def _obey(self, command: str) -> None:
        dictation = self.dictation
        actions = {
            "toggle": dictation.toggle,
            "start": dictation.start,
            "stop": dictation.stop,
            "cancel": dictation.cancel,
            "undo": dictation.undo,
            "press": dictation.press,
            "release": dictation.release,
        }
        if command in actions:
            actions[command]()
