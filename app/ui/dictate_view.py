"""The view people live in: the text, the big button, and what to do with the last words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.keys import label as label_of
from app.ui import a11y, theme, wording
from app.ui.check_panel import CheckPanel
from app.ui.editor import KEYS, RIGHT, Editor, Unsure, Written
from app.ui.held_card import HeldCard
from app.ui.parts import Button, Picture, Row, label, reveal
from app.ui.sentences import translated
from app.ui.speech import Reader
from app.ui.talk_bar import TalkBar
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core
    from app.dictation import Utterance
    from app.settings import Settings

_STATE_ICONS = {
    "idle": ("circle-check", "good"),
    "preparing": ("hourglass", "thinking"),
    "listening": ("mic", "listening"),
    "thinking": ("pencil", "thinking"),
    "problem": ("triangle-alert", "problem"),
}


class DictateView(QWidget):
    """Editor, talk button, meter and corrections around one ``Core``."""

    told = Signal(str, bool)  # a sentence for the person; urgent

    def __init__(self, core: Core, editor: Editor | None = None) -> None:
        super().__init__()
        self.core = core
        a11y.name(self, self.tr("Dictate"), self.tr("Speak, and read and correct what was written."))
        self.setToolTip("")
        self.editor = editor or Editor()
        self._utterances: dict[str, Utterance] = {}
        self._again: dict[str, str] = {}  # utterance said anew -> the one whose place it takes
        self._waiting: str | None = None  # the utterance that more readings were asked for
        self.reader = Reader(self)
        self._build()
        self._connect()
        self._state_changed(core.dictation.state, core.dictation.detail)
        self._key_changed()

    # -- what it looks like -----------------------------------------------------------

    def _build(self) -> None:
        page = QWidget()
        page.setObjectName("page")
        box = QVBoxLayout(page)
        box.setContentsMargins(28, 22, 28, 22)
        box.setSpacing(14)
        self.state_icon = Picture("circle-check", "good")
        self.state_line = a11y.name(label("", "heading"), self.tr("State"))
        self.note = a11y.name(label("", "muted"), self.tr("What to do"))
        self.about = a11y.name(label("", "muted"), self.tr("About the last words"))
        self.about.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.state_line)
        words.addWidget(self.note)

        def button(text: str, icon: str, key: str, description: str, slot) -> Button:  # type: ignore[no-untyped-def]
            made = Button(text, icon, f"{description} ({KEYS[key]})" if key else description, on_click=slot)
            if key:
                shortcut = QShortcut(QKeySequence(KEYS[key]), self)
                shortcut.activated.connect(slot)
            return made

        self.readings_button = button(
            self.tr("Other readings"),
            "list-ordered",
            "alternatives",
            self.tr("Other readings of the sentence under the cursor"),
            self.show_readings,
        )
        self.words_button = button(
            self.tr("Words to check"), "eye", "next", self.tr("Go to the next word I was not sure of"), self.next_word
        )
        QShortcut(QKeySequence(RIGHT), self).activated.connect(self._accept)
        self.word_button = button(
            self.tr("Hear word"),
            "play",
            "word",
            self.tr("Play your recording of the word under the cursor"),
            self.play_word,
        )
        self.sentence_button = button(
            self.tr("Hear sentence"),
            "audio-lines",
            "sentence",
            self.tr("Play your recording of the sentence under the cursor"),
            self.play_sentence,
        )
        self.read_button = button(
            self.tr("Read aloud"),
            "volume-2",
            "read",
            self.tr("Read the text, or what is selected, aloud"),
            self.read_aloud,
        )
        self.undo_button = button(
            self.tr("Undo last"), "undo-2", "undo", self.tr("Take back what was written last"), self.core.dictation.undo
        )
        self.copy_button = button(
            self.tr("Copy all"), "copy", "", self.tr("Copy the whole text to the clipboard"), self.copy_all
        )
        status = QHBoxLayout()
        status.setSpacing(12)
        status.addWidget(self.state_icon, 0, Qt.AlignmentFlag.AlignTop)
        status.addLayout(words, 1)
        status.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignTop)
        status.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(status)

        self.held = HeldCard()
        self.held.hide()
        box.addWidget(self.held)

        self.panel = CheckPanel()
        self.panel.hide()
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.editor, 3)
        middle.addWidget(self.panel, 2)
        box.addLayout(middle, 1)

        box.addLayout(
            Row(
                self.words_button,
                self.readings_button,
                self.word_button,
                self.sentence_button,
                self.undo_button,
            )
        )

        box.addWidget(self.about)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        a11y.name(scroll, self.tr("Dictate"), self.tr("Your text and what to do with it."))
        scroll.setToolTip("")
        scroll.setWidget(page)
        self.bar = TalkBar(self.core)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.bar)
        theme.current().changed.connect(self._sizes)
        self._sizes()

    def _sizes(self) -> None:
        look = theme.current()
        self.editor.setMinimumHeight(look.px(110))
        self.panel.setMinimumWidth(min(look.px(250), 380))

    def _connect(self) -> None:
        dictation = self.core.dictation
        dictation.state_changed.connect(self._state_changed)
        dictation.progress.connect(self._progress)
        dictation.finished.connect(self._finished)
        dictation.for_editor.connect(self.write)
        dictation.command.connect(self.editor.obey)
        dictation.held.connect(self.held.offer)
        dictation.held.connect(self._held)
        dictation.waits.connect(self.held.keep_only)
        dictation.inserted.connect(self._inserted)
        self.held.insert_here.connect(self.core.dictation.insert_held)
        self.held.armed.connect(self.core.dictation.arm_held)
        self.held.to_editor.connect(self._held_to_editor)
        self.held.discarded.connect(self.core.dictation.discard_held)
        self.core.hotkey.status_changed.connect(self._key_changed)
        self.core.store.changed.connect(self._key_changed)
        self.core.store.changed.connect(self._person_changed)
        self.core.person_deleted.connect(self._forget)
        self.editor.turn_to(self.core.store.current.profile)
        self.editor.unsure_changed.connect(self._unsure)
        self.panel.word_picked.connect(self._picked)
        self.panel.accepted.connect(self._accept)
        self.panel.chosen.connect(self._choose)
        self.panel.left.connect(self._close_panel)
        self.panel.more_wanted.connect(self._more)
        self.panel.again_wanted.connect(self._say_again)
        self.reader.speaking.connect(self._reading)
        self._unsure([])

    # -- what happens -----------------------------------------------------------------

    def write(self, utterance: Utterance) -> None:
        """Put a finished utterance at the cursor of whoever said it, or where they wanted it said again."""
        self._utterances[utterance.id] = utterance
        words = utterance.transcript.words if utterance.transcript else ()
        old = self._again.pop(utterance.id, None)
        with self.editor.turned_to(utterance.profile):
            if old is not None and utterance.text:
                self.editor.say_again(old, Written(utterance.id, utterance.text, words))
            elif utterance.text:
                self.editor.insert_utterance(utterance.id, utterance.text, words)
        current = self.core.store.current
        if current.announce and utterance.profile in ("", current.profile):  # the sounds do not tell the words
            a11y.announce(self.editor, utterance.text)

    def learn(self) -> None:
        """Remember what the person corrected by hand since the last time."""
        for identity, text in self.editor.corrected():
            self._correct(identity, text)

    def _correct(self, identity: str, text: str) -> None:
        try:
            learned = self.core.corrections.correct(identity, text)
        except (IdiolectError, KeyError) as error:
            if isinstance(error, IdiolectError):
                self.told.emit(str(error), False)
            return
        said = [self.tr("Learned for you: {words}.").format(words=", ".join(learned.words))] if learned.words else []
        if learned.manifest:
            count = self.core.corrections.count()
            said.append(self.tr("Kept to learn from so far: {count}. See Learn.").format(count=count))
        if said:
            self._say_about(" ".join(said))

    def _say_about(self, text: str) -> None:
        self.about.setText(text)
        self.about.show()

    def _state_changed(self, state: str, detail: str) -> None:
        self.bar.set_state(state)
        detail = translated(detail)
        self.state_icon.set_icon(*_STATE_ICONS[state])
        words = {
            "idle": self.tr("Ready"),
            "preparing": self.tr("Getting ready: the microphone is starting"),
            "listening": self.tr("Listening: take all the time you need"),
            "thinking": self.tr("Writing"),
            "problem": self.tr("Something needs your attention"),
        }[state]
        self.state_line.setText(words)
        self.note.setText(detail)
        if state == "listening":
            self.learn()
        elif state == "idle":
            self._waiting = None  # the work on it was cancelled, else the readings were shown
        if (self.core.store.current.announce and not self.core.store.current.sounds) or state == "problem":
            a11y.announce(self, detail or words, urgent=state == "problem")

    def _progress(self, done: float, total: float) -> None:
        if total > 0 and self.core.dictation.state == "thinking":  # in hands-free dictation it listens meanwhile
            self.state_line.setText(self.tr("Writing: {percent} %").format(percent=round(100 * done / total)))

    def _finished(self, utterance: Utterance) -> None:
        known = self._utterances.get(utterance.id)
        if utterance.state == "done" or utterance.id not in self._utterances:
            self._utterances[utterance.id] = utterance
        if utterance.transcript is not None and utterance.state == "done":
            self._say_about(wording.personalization(utterance.transcript, self.core.store.current.strength))
        if self._waiting == utterance.id:
            self._waiting = None
            self.show_readings(before=known.heard if known else None)

    def _inserted(self, utterance: Utterance, note: str) -> None:
        self._utterances[utterance.id] = utterance
        if note:
            self.told.emit(note, False)

    def _held(self) -> None:
        reveal(self.held)

    def _held_to_editor(self, utterance: Utterance) -> None:
        self.core.dictation.keep_held(utterance)  # it comes back for the editor

    def _key_changed(self, *_: object) -> None:
        key = label_of(self.core.store.current.key) if self.core.hotkey.status.works else ""
        self.bar.set_key(key)
        self.held.set_key(key)

    def _person_changed(self, settings: Settings, names: frozenset[str]) -> None:
        if "profile" in names:
            self.panel.hide()
            self.about.hide()
            self.editor.turn_to(settings.profile)

    def _forget(self, person: str) -> None:
        for identity in self.editor.forget(person):
            self._utterances.pop(identity, None)
        self._utterances = {known: said for known, said in self._utterances.items() if said.profile != person}
        if self.panel.isHidden():  # it was theirs
            self.panel.clear()
            self.about.setText("")

    # -- correcting ---------------------------------------------------------------------

    def _unsure(self, words: list[Unsure]) -> None:
        self.words_button.setEnabled(bool(words))
        self.words_button.setText(
            self.tr("Words to check: {count}").format(count=len(words)) if words else self.tr("Words to check")
        )
        if self.panel.isVisible() and self.panel.showing == "words":
            self.panel.show_words(words)

    def next_word(self) -> None:
        word = self.editor.next_unsure()
        if word is None:
            self.told.emit(self.tr("There is no word to check."), False)
            return
        self.panel.show_words(self.editor.unsure())
        reveal(self.panel)
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _picked(self, word: Unsure) -> None:
        self.editor.show_word(word)
        self.play_word()

    def _accept(self) -> None:
        """The word to check is right: the next one, if there is one."""
        for word in self.editor.accept_here():
            self.core.corrections.accept_word(word.utterance, word.word)
        self.next_word() if self.editor.unsure() else self._close_panel()

    def show_readings(self, before: str | None = None) -> None:
        """Other readings of the sentence under the cursor, to choose by number.

        ``before``: what was heard at first, where this is what was heard the second time.
        """
        identity = self.editor.utterance_here()
        utterance = self._utterances.get(identity or "")
        if identity is None or utterance is None or utterance.transcript is None:
            self.told.emit(self.tr("Put the cursor into something you dictated first."), False)
            return
        here = self.editor.word_here()
        self.panel.show_readings(
            identity, wording.readings(utterance.transcript, here[1].start if here else None, before)
        )
        reveal(self.panel)
        self.panel.take_focus()

    def _choose(self, identity: str, text: str) -> None:
        self.editor.replace_utterance(identity, text)
        self._correct(identity, text)
        self._close_panel()

    def _more(self, identity: str) -> None:
        self._waiting = identity
        self.told.emit(self.tr("Listening again to your recording."), False)  # first: it may have to be taken back
        self.core.dictation.retry(identity, n_best=9, beam_size=9, compare=True)

    def _say_again(self, identity: str) -> None:
        self._close_panel()
        self._again[self.core.dictation.start()] = identity

    def _close_panel(self) -> None:
        self.panel.hide()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def play_word(self) -> None:
        here = self.editor.word_here()
        audio = self._audio(here[0]) if here else None
        if here is None or audio is None:
            self.told.emit(self.tr("There is no recording of this word."), False)
            return
        self.core.sounds.play_word(audio, here[1])

    def play_sentence(self) -> None:
        identity = self.editor.utterance_here()
        audio = self._audio(identity) if identity else None
        if audio is None:
            self.told.emit(self.tr("There is no recording of this sentence."), False)
            return
        self.core.sounds.play_file(audio)

    def _audio(self, identity: str):  # type: ignore[no-untyped-def]
        utterance = self._utterances.get(identity)
        return utterance.audio if utterance and utterance.audio and utterance.audio.exists() else None

    # -- the whole text --------------------------------------------------------------------

    def read_aloud(self) -> None:
        """Read what is selected, else everything; stop where it is already reading."""
        if self.reader.busy:
            self.reader.stop()
            return
        text = self.editor.textCursor().selectedText() or self.editor.toPlainText()
        if not text.strip():
            self.told.emit(self.tr("There is nothing to read yet."), False)
        elif not self.reader.say(text, self.core.store.current.language):
            self.told.emit(self.tr("This computer has no voice: install speech-dispatcher or espeak-ng."), False)

    def _reading(self, on: bool) -> None:
        self.read_button.set_icon("square" if on else "volume-2")
        self.read_button.setText(self.tr("Stop reading") if on else self.tr("Read aloud"))

    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.editor.toPlainText())
        self.told.emit(self.tr("The text is on the clipboard."), False)
        QTimer.singleShot(0, self.editor.setFocus)

    def adopt(self, other: DictateView) -> None:
        """Take over the text, and what is known about it, from the view this one replaces."""
        self._utterances, self._again = other._utterances, other._again
        self.held.adopt(other.held)
        self.editor.adopt(other.editor)
