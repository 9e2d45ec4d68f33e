"""One dictation of the history: hear it or a word of it, choose another reading, correct, write it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.ui import a11y, theme, wording
from app.ui.check_panel import CheckPanel
from app.ui.editor import KEYS, RIGHT, Editor, Unsure
from app.ui.parts import Button, Row, field, label
from app.ui.speech import Reader
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from pathlib import Path

    from app.core import Core
    from app.history import Entry
    from app.utterance import Utterance


def when(entry: Entry) -> str:
    """Date, length and state in words."""
    locale = QLocale()
    text = locale.toString(entry.created.astimezone(), QLocale.FormatType.ShortFormat)
    state = wording.state(entry.state)
    return f"{text}  ·  {entry.seconds:.0f} s" + (f"  ·  {state}" if state else "")


class EntryCard(QFrame):
    """Shows ``entry``; the same keys as beside the editor do the same here."""

    told = Signal(str, bool)
    delete_wanted = Signal()
    corrected = Signal()
    offered = Signal()  # the other readings are shown

    def __init__(self, core: Core) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.core = core
        self.entry: Entry | None = None
        self._waiting = ""  # the entry that more readings were asked for
        self.text = Editor()
        self.text.setObjectName("")  # as large as other fields
        self.text.setPlaceholderText("")
        a11y.name(self.text, self.tr("Text"), self.tr("You can correct it here."))
        self.text.setToolTip("")
        self.heard = label("", "small", selectable=True)
        self.info = label("", "small")
        self.panel = CheckPanel(can_say_again=False)
        self.panel.hide()
        self.hear = self._keyed(
            self.tr("Hear it"), "audio-lines", "sentence", self.tr("Play the recording."), self._hear
        )
        self.word = self._keyed(
            self.tr("Hear word"),
            "play",
            "word",
            self.tr("Play your recording of the word under the cursor"),
            self.play_word,
        )
        self.readings = self._keyed(
            self.tr("Other readings"),
            "list-ordered",
            "alternatives",
            self.tr("Other readings of this dictation"),
            self.show_readings,
        )
        self.words = self._keyed(
            self.tr("Words to check"), "eye", "next", self.tr("Go to the next word I was not sure of"), self.next_word
        )
        QShortcut(QKeySequence(RIGHT), self).activated.connect(self._accept)
        self.reader = Reader(self)
        self.read = self._keyed(
            self.tr("Read aloud"),
            "volume-2",
            "read",
            self.tr("Read the text, or what is selected, aloud"),
            self.read_aloud,
        )
        self.again = Button(
            self.tr("Write it again"),
            "refresh-cw",
            self.tr("Write the recording down again with the present settings."),
            on_click=self._again,
        )
        self.save = Button(
            self.tr("Keep my correction"),
            "check",
            self.tr("Learn from the text as you changed it."),
            on_click=self.keep,
        )
        self.back = Button(
            self.tr("Take it back"),
            "undo-2",
            self.tr("This was cancelled: write it down after all."),
            on_click=self._take_back,
        )
        delete = Button(
            self.tr("Delete"),
            "trash-2",
            self.tr("Delete text and recording for good."),
            role="danger",
            on_click=self.delete_wanted.emit,
        )
        copy = Button(self.tr("Copy"), "copy", self.tr("Copy the text to the clipboard."), on_click=self._copy)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 18)
        box.setSpacing(12)
        box.addWidget(field(self.tr("Text"), self.text, self.tr("You can correct it here.")))
        box.addLayout(Row(self.hear, self.word, self.words, self.readings, self.read))
        box.addWidget(self.panel)
        box.addWidget(self.heard)
        box.addWidget(self.info)
        box.addLayout(Row(copy, self.save, self.again, self.back, delete))
        self.text.unsure_changed.connect(self._unsure)
        self.reader.speaking.connect(self._reading)
        self.panel.word_picked.connect(self._picked)
        self.panel.accepted.connect(self._accept)
        self.panel.chosen.connect(self._choose)
        self.panel.more_wanted.connect(self._more)
        self.panel.left.connect(self._close_panel)
        core.dictation.finished.connect(self._finished)
        core.dictation.state_changed.connect(self._state_changed)
        self.hide()

    def resize_to_text(self) -> None:
        """The person chose another size of the text."""
        self.text.setFixedHeight(theme.current().px(120))
        self.panel.setMinimumHeight(theme.current().px(260))

    def show_entry(self, entry: Entry | None) -> None:
        """Show ``entry``; where it is the one that is shown, what was typed into it and is not kept yet stays."""
        same = entry is not None and self.entry is not None and entry.id == self.entry.id
        self.entry = entry
        self.setVisible(entry is not None)
        if not same:
            self.panel.hide()
            self.reader.stop()
        if entry is None:
            self.text.show_only("", "")
            self.heard.setText("")
            self.panel.clear()
            return
        if not (same and (self.text.document().isModified() or self.text.toPlainText() == entry.text)):
            self.text.show_only(entry.id, entry.text, entry.words)
        parts = []
        if entry.heard and entry.heard != entry.text:
            parts.append(self.tr("Heard: {text}").format(text=entry.heard))
        if entry.unadapted and entry.unadapted != entry.heard:
            parts.append(self.tr("Without personalization: {text}").format(text=entry.unadapted))
        self.heard.setText("\n".join(parts))
        self.heard.setVisible(bool(parts))
        self.info.setText(f"{when(entry)}  ·  {entry.model}")
        there = self._audio() is not None
        for button in (self.hear, self.word, self.again):
            button.setEnabled(there)
        self.readings.setEnabled(bool(entry.text))
        self.back.setVisible(entry.state == "cancelled")

    def play_word(self) -> None:
        here, audio = self.text.word_here(), self._audio()
        if here is None or audio is None:
            self.told.emit(self.tr("There is no recording of this word."), False)
        else:
            self.core.sounds.play_word(audio, here[1])

    def next_word(self) -> None:
        """Select the next word to check, and list them all."""
        if self.entry is None:
            return
        if self.text.next_unsure() is None:
            self.told.emit(self.tr("There is no word to check."), False)
            return
        self.panel.show_words(self.text.unsure())
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.offered.emit()

    def _picked(self, word: Unsure) -> None:
        self.text.show_word(word)
        self.play_word()

    def _accept(self) -> None:
        """The word to check is right: the next one, if there is one."""
        document, changed = self.text.document(), self.text.document().isModified()
        for word in self.text.accept_here():
            self.core.corrections.accept_word(word.utterance, word.word)
        document.setModified(changed)  # a mark is no correction that waits to be kept
        self.next_word() if self.text.unsure() else self._close_panel()

    def _unsure(self, words: list[Unsure]) -> None:
        self.words.setEnabled(bool(words))
        if self.panel.isVisible() and self.panel.showing == "words":
            self.panel.show_words(words)

    def read_aloud(self) -> None:
        """Read what is selected, else all of it; stop where it is already reading."""
        if self.reader.busy:
            self.reader.stop()
            return
        text = self.text.textCursor().selectedText() or self.text.toPlainText()
        language = (self.entry.language if self.entry is not None else "") or self.core.store.current.language
        if text.strip() and not self.reader.say(text, language):
            self.told.emit(self.tr("This computer has no voice: install speech-dispatcher or espeak-ng."), False)

    def _reading(self, on: bool) -> None:
        self.read.set_icon("square" if on else "volume-2")
        self.read.setText(self.tr("Stop reading") if on else self.tr("Read aloud"))

    def show_readings(self) -> None:
        """Other readings, to choose by number."""
        if self.entry is not None and self.entry.text:
            self._offer(wording.kept_readings(self.entry))

    def keep(self) -> None:
        """Learn from the text as the person changed it."""
        if self.entry is None or self.text.toPlainText() == self.entry.text:
            return
        try:
            learned = self.core.corrections.correct(self.entry.id, self.text.toPlainText())
        except IdiolectError as error:
            self.told.emit(str(error), True)
            return
        self.text.document().setModified(False)
        words = ", ".join(learned.words)
        self.told.emit(self.tr("Kept. New words: {words}.").format(words=words) if words else self.tr("Kept."), False)
        self.corrected.emit()

    def _keyed(self, text: str, icon: str, key: str, description: str, slot: Callable[[], None]) -> Button:
        QShortcut(QKeySequence(KEYS[key]), self).activated.connect(slot)
        return Button(text, icon, f"{description} ({KEYS[key]})", on_click=slot)

    def _audio(self) -> Path | None:
        audio = self.entry.audio if self.entry is not None else None
        return audio if audio is not None and audio.exists() else None

    def _hear(self) -> None:
        audio = self._audio()
        if audio is not None:
            self.core.sounds.play_file(audio)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.told.emit(self.tr("The text is on the clipboard."), False)

    def _again(self) -> None:
        if self.entry is not None:
            self.core.dictation.retry(self.entry.id)
            self.told.emit(self.tr("The recording is being written down again."), False)

    def _take_back(self) -> None:
        if self.entry is not None:
            self.core.dictation.take_back(self.entry.id, own_window=True)  # not into this view, which is in front
            self.told.emit(self.tr("The recording is being written down."), False)

    def _offer(self, readings: list[tuple[str, str]]) -> None:
        assert self.entry is not None
        self.panel.show_readings(self.entry.id, readings)
        self.panel.take_focus()
        self.offered.emit()

    def _choose(self, identity: str, text: str) -> None:
        if self.entry is not None and self.entry.id == identity:
            self.text.replace_utterance(identity, text)
            self.keep()
        self._close_panel()

    def _more(self, identity: str) -> None:
        self._waiting = identity
        self.told.emit(self.tr("Listening again to your recording."), False)  # first: it may have to be taken back
        self.core.dictation.retry(identity, n_best=9, beam_size=9, compare=True)

    def _finished(self, utterance: Utterance) -> None:
        if utterance.id != self._waiting:
            return
        self._waiting = ""
        entry = self.entry
        if entry is not None and entry.id == utterance.id and self.isVisible() and utterance.transcript is not None:
            found = dict(wording.readings(utterance.transcript, before=entry.heard))
            found |= dict(wording.kept_readings(entry))
            self._offer([(text, source) for text, source in found.items() if text != entry.text][:9])

    def _state_changed(self, state: str, _detail: str) -> None:
        if state == "idle":
            self._waiting = ""  # the work on it was cancelled, else the readings were shown

    def _close_panel(self) -> None:
        self.panel.hide()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
