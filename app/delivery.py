"""Where a finished text goes: our editor, the other program, or a card that offers it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.clipboard import take_away
from app.desktop import Window
from app.insert import Inserter, Insertion
from app.settings import Settings
from app.spoken import TEXT_OF
from app.utterance import Utterance

_JOIN_SECONDS = 600.0  # a text so soon after another in the same window is its continuation


@dataclass(frozen=True)
class _Done:
    utterance: Utterance
    insertion: Insertion | None  # None: it is in our editor
    when: float


@dataclass(eq=False)
class _Way:
    """A text on its way into another program."""

    utterance: Utterance
    wanted: bool = True


class Delivery(QObject):
    """Delivers texts, takes them back, and keeps what could not be delivered."""

    for_editor = Signal(object)
    command = Signal(str)
    held = Signal(object, str)
    waits = Signal(object)  # list[str]: the held texts that still wait, oldest first
    inserted = Signal(object, str)
    told = Signal(str, str)  # code, sentence

    def __init__(self, inserter: Inserter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.inserter = inserter
        self.settings = Settings()
        self.own_window: Callable[[Window | None], bool] = lambda front: False
        self._done: list[_Done] = []
        self._held: dict[str, Utterance] = {}
        self._armed = ""  # the held text that the key is to write
        self._on_the_way: list[_Way] = []
        self._forgotten = 0  # people
        self._afterwards: list[Callable[[], None]] = []  # asked for while a text was on its way

    def target(self) -> tuple[bool, Window | None]:
        """Before the person speaks: is it our own window that is in front, and which window is it?"""
        front = self.inserter.active_window()
        return (True, None) if self.own_window(front) else (False, front)

    def deliver(self, utterance: Utterance, own: bool, target: Window | None) -> None:
        """Put the text where the person was when they began to speak."""
        method = self.inserter.method_for(target, self.settings.insertion, self.settings.insertion_overrides)
        if own or method == "editor":
            self._to_editor(utterance)
        elif target is None and self.inserter.desktop.sees_windows:
            self._hold(utterance, "No window was in front when you began to speak, so the text was kept here.")
        else:
            self._insert(utterance, target, method)

    def obey(self, command: str, utterance: Utterance, own: bool, target: Window | None) -> None:
        """A spoken command."""
        if command in TEXT_OF:
            method = self.inserter.method_for(target, self.settings.insertion, self.settings.insertion_overrides)
            if own or method == "editor":
                self.command.emit(command)
            elif method not in ("paste-terminal", "paste-primary"):  # a line end would run a command
                self._insert(replace(utterance, text=TEXT_OF[command]), target, method)
        elif command in ("undo that", "delete that"):
            self.undo()
        elif command == "select that":
            self.select()
        else:
            self.command.emit(command)

    def undo(self) -> None:
        """Take the last text back, wherever it went."""
        if self._on_the_way:
            self._afterwards.append(self.undo)
            return
        last = self._done.pop() if self._done else None
        if last is None or last.insertion is None:
            self.command.emit("undo that")
        else:
            forgotten = self._forgotten

            def then(problem: str) -> None:
                if problem and forgotten == self._forgotten:  # still there: it can be tried again
                    self._done.append(last)
                elif not problem:
                    self._watch()
                self._tell_undo(problem)

            self.inserter.undo(last.insertion, then)

    def select(self) -> None:
        """Select the last text, wherever it went."""
        if self._on_the_way:
            self._afterwards.append(self.select)
            return
        last = self._done[-1] if self._done else None

        def selected(problem: str) -> None:
            self._watch()  # what comes next takes its place
            self._tell_undo(problem)

        if last is None or last.insertion is None:
            self.command.emit("select that")
        else:
            self.inserter.select(last.insertion, selected)

    def insert_held(self, utterance_id: str | None = None, delay: float = 0.0) -> None:
        """Put a held text (the newest) into the window that will be in front after ``delay`` seconds."""
        utterance = self._held.get(utterance_id or next(reversed(self._held), ""))
        if utterance is None:
            return

        def now() -> None:
            if utterance.id not in self._held:  # meanwhile it went elsewhere, or whoever said it is deleted
                return
            own, target = self.target()
            if own:
                self._hold(utterance, "Go to the window the text is meant for, then try again.")
                return
            self._let_go(utterance.id)
            self.deliver(utterance, own, target)

        QTimer.singleShot(round(delay * 1000), now)

    def arm(self, utterance_id: str) -> None:
        """Have the next press of the key write this held text, wherever the person has gone by then."""
        self._armed = utterance_id

    def insert_armed(self) -> bool:
        """Write the text that waits for the key into the window in front; False where none does, or it is ours."""
        utterance, self._armed = self._held.get(self._armed), ""
        if utterance is None:
            return False
        own, target = self.target()
        if own:
            return False
        self._let_go(utterance.id)
        self.deliver(utterance, own, target)
        return True

    def discard_held(self, utterance_id: str | None = None) -> None:
        """The text is not wanted there any more (it stays in the history)."""
        self._let_go(utterance_id or next(reversed(self._held), ""))

    def keep_held(self, utterance: Utterance) -> None:
        """A held text is wanted in our editor: that is where the last text went, for ``undo`` too."""
        self._let_go(utterance.id)
        self._to_editor(utterance)

    def forget(self, profile: str) -> None:
        """Whoever this is was deleted: nothing of theirs is written any more, and nothing kept to be taken back."""
        self._forgotten += 1
        for way in self._on_the_way:
            way.wanted = way.wanted and way.utterance.profile != profile
        known = [*self._held.values(), *(done.utterance for done in self._done)]
        take_away([utterance.text for utterance in known if utterance.profile == profile])
        for utterance in list(self._held.values()):
            if utterance.profile == profile:
                self._let_go(utterance.id)
        # Undo goes backwards in the other program too: what came before a text of theirs is out of its reach.
        theirs = [place for place, done in enumerate(self._done) if done.utterance.profile == profile]
        self._done = self._done[theirs[-1] + 1 :] if theirs else self._done

    @property
    def waiting(self) -> int:
        """Texts that could not be delivered."""
        return len(self._held)

    def _let_go(self, utterance_id: str) -> None:
        if self._held.pop(utterance_id, None) is not None:
            self.waits.emit(list(self._held))

    def _insert(self, utterance: Utterance, target: Window | None, method: str) -> None:
        text = self._joined(utterance.text, target)

        def then(insertion: Insertion) -> None:
            self._on_the_way.remove(way)
            afterwards, self._afterwards = self._afterwards, []
            if not way.wanted:
                return
            if not insertion.done:
                self._hold(utterance, insertion.note)
                return  # there is nothing to take back or to select
            self._remember(utterance, insertion)
            self.inserted.emit(replace(utterance, destination="inserted"), insertion.note)
            for call in afterwards:
                call()

        way = _Way(utterance)
        self._on_the_way.append(way)
        self.inserter.insert(text, target, method, then, lambda: way.wanted)

    def _joined(self, text: str, target: Window | None) -> str:
        """A space between this text and the one before it in the same window."""
        last = self._done[-1] if self._done else None
        if last is None or last.insertion is None or target is None or last.insertion.window is None:
            return text
        recent = time.monotonic() - last.when < _JOIN_SECONDS
        if not recent or last.insertion.window.id != target.id or not self.inserter.desktop.continues():
            return text
        if last.utterance.text[-1:].isspace() or text[:1] in ("", "\n", ",", ".", "?", "!", ";", ":"):
            return text
        return f" {text}"

    def _to_editor(self, utterance: Utterance) -> None:
        self._remember(utterance, None)
        self.for_editor.emit(replace(utterance, destination="editor"))

    def _hold(self, utterance: Utterance, why: str) -> None:
        self._held[utterance.id] = utterance
        self.held.emit(replace(utterance, destination="held"), why)
        self.waits.emit(list(self._held))

    def _remember(self, utterance: Utterance, insertion: Insertion | None) -> None:
        self._done = [*self._done[-49:], _Done(utterance, insertion, time.monotonic())]
        self._watch()

    def _watch(self) -> None:
        """The cursor is behind the last text now: will the person put it elsewhere?"""
        insertion = self._done[-1].insertion if self._done else None
        if insertion is not None:
            keys = (self.settings.key, self.settings.undo_key)
            self.inserter.desktop.watch_cursor(insertion.window, keys, _JOIN_SECONDS)

    def _tell_undo(self, problem: str) -> None:
        if problem:
            self.told.emit("undo", problem)
