"""Reading ten sentences aloud: not needed for anything, but it measures and sets what suits the person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from app.clips import discard
from app.reading import STRENGTHS, Outcome, Reading, sentences, spoken
from app.ui import a11y
from app.ui.parts import Button, Page, Row, card, label
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core
    from app.settings import Settings


class ReadingView(Page):
    """One sentence at a time; each can be repeated or left out, and it can be ended at any time."""

    told = Signal(str, bool)

    def __init__(self, core: Core) -> None:
        super().__init__(
            self.tr("Reading"),
            self.tr(
                "You do not need this: Idiolect understands you without it. If you like, read up to ten sentences. "
                "It shows how many words are right without and with personalization, "
                "and sets strength and pause to what suits you."
            ),
        )
        self.core = core
        self.reading = Reading(core.engine, self)
        self._choose()
        self._number = 0
        self._recording = self._unwanted = False  # unwanted: what is still to come of a recording
        self._outcome: Outcome | None = None
        self.place = label("", "muted")
        self.sentence = label("", "title", selectable=True)
        self.record = Button(
            "", "mic", self.tr("Read the sentence, then press again."), role="primary", on_click=self._record
        )
        self.skip = Button(
            self.tr("Leave it out"), "arrow-right", self.tr("Go on to the next sentence."), on_click=self._skip
        )
        self.repeat = Button(
            self.tr("Read the last one again"), "undo-2", self.tr("Go back one sentence."), on_click=self._back
        )
        self.stop = Button(
            self.tr("That is enough"), "check", self.tr("Show the result of what I have read."), on_click=self._finish
        )
        self.bar = QProgressBar()
        self.bar.setRange(0, len(self._sentences))
        self.bar.setTextVisible(False)
        a11y.name(self.bar, self.tr("Progress"), self.tr("Sentences read so far."))
        self.task = card(
            self.place, self.sentence, Row(self.record, self.repeat, self.skip, self.stop), self.bar, spacing=16
        )
        self.add(self.task)
        self.result_title = label("", "heading")
        self.result_text = label("")
        self.use = Button(
            self.tr("Use these settings"),
            "check",
            self.tr("Set strength and pause to these values."),
            role="primary",
            on_click=self._use,
        )
        self.anew = Button(
            self.tr("Read again"), "refresh-cw", self.tr("Start from the first sentence."), on_click=self._reset
        )
        self.result = card(self.result_title, self.result_text, Row(self.use, self.anew))
        self.result.hide()
        self.add(self.result)
        self.reading.progress.connect(self._progress)
        self.reading.finished.connect(self._finished)
        self.reading.failed.connect(lambda text: self.told.emit(text, True))
        core.dictation.clip.connect(self._clip)
        core.dictation.clip_failed.connect(self._clip_failed)
        core.store.changed.connect(self._settings_changed)
        self._show()

    def _choose(self) -> None:
        """The sentences, and the language they are in."""
        language = self.core.store.current.language
        self._sentences, self._language = sentences(language), spoken(language)

    def _show(self) -> None:
        done = self._number >= len(self._sentences)
        self.place.setText(
            self.tr("Sentence {number} of {count}").format(
                number=min(self._number + 1, len(self._sentences)), count=len(self._sentences)
            )
        )
        self.sentence.setText("" if done else f"“{self._sentences[self._number]}”")
        self.record.set_icon("square" if self._recording else "mic")
        self.record.set_words(self.tr("I have finished") if self._recording else self.tr("Record"))
        self.record.setEnabled(not done)
        self.skip.setEnabled(not done and not self._recording)
        self.repeat.setEnabled(self._number > 0 and not self._recording)
        self.stop.setEnabled(self.reading.read > 0 and not self._recording)

    def _record(self) -> None:
        if self._recording:
            self.core.dictation.stop_clip()
        else:
            self._recording = True
            self.core.dictation.start_clip()
        self._show()

    def _clip(self, clip: Path) -> None:
        if self._unwanted:
            self._unwanted = False
            discard(clip)
            return
        if not self._recording:
            return
        self._recording = False
        options = replace(self.core.transcribe_options(), language=self._language)
        self.reading.add(self._number, self._sentences[self._number], clip, options)
        self._next()

    def _clip_failed(self, message: str) -> None:
        self._unwanted = False
        if self._recording:
            self._recording = False
            self.told.emit(message, True)
            self._show()

    def _skip(self) -> None:
        self._next()

    def _next(self) -> None:
        self._number += 1
        if self._number >= len(self._sentences):
            self._finish()
        self._show()
        if self._number < len(self._sentences):
            a11y.announce(self, self._sentences[self._number])

    def _back(self) -> None:
        self._number -= 1
        self._show()

    def _finish(self) -> None:
        if self.reading.read:
            self.result.show()
            self.use.setEnabled(False)
            self.result_title.setText(self.tr("Counting …"))
            self.reading.finish()

    def _progress(self, decoded: int, recorded: int) -> None:
        self.bar.setValue(decoded)
        if self.result.isVisible() and decoded < recorded:
            self.result_text.setText(
                self.tr("{decoded} of {recorded} sentences").format(decoded=decoded, recorded=recorded)
            )

    def _finished(self, outcome: Outcome) -> None:
        self._outcome = outcome
        before = outcome.by_strength[0.0]
        full, best = outcome.by_strength[STRENGTHS[0]], outcome.by_strength[outcome.strength]
        self.result_title.setText(
            self.tr("{before} of {words} words wrong without personalization, {after} with it").format(
                before=before.errors, after=full.errors, words=before.words
            )
        )
        self.result_text.setText(
            self.tr(
                "Best strength: {strength} %, with {errors} words wrong. "
                "Your longest pause inside a sentence: {longest} s, so {pause} s is a safe pause. "
                "Ten sentences are few: the numbers are a hint, not a diagnosis."
            ).format(
                strength=round(100 * outcome.strength),
                errors=best.errors,
                longest=f"{outcome.longest_pause:.1f}",
                pause=f"{outcome.pause:g}",
            )
        )
        self.use.setEnabled(True)
        a11y.announce(self, self.result_title.text())

    def _use(self) -> None:
        if self._outcome is not None:
            try:
                self.core.store.update(strength=self._outcome.strength, pause=self._outcome.pause)
            except IdiolectError as error:
                self.told.emit(str(error), True)
                return
            self.told.emit(self.tr("Set. You can change both in Settings at any time."), False)

    def _reset(self) -> None:
        if self._recording:
            self._recording, self._unwanted = False, True
            self.core.dictation.stop_clip()
        self.reading.reset()
        self._number, self._outcome = 0, None
        self.use.setEnabled(False)
        self.result.hide()
        self.bar.setValue(0)
        self._choose()
        self._show()

    def _settings_changed(self, _settings: Settings, names: frozenset[str]) -> None:
        """What one person read says nothing about another."""
        if "profile" in names or ("language" in names and not self.reading.read and not self._recording):
            self._reset()
