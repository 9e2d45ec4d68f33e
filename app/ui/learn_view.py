"""Learning from the person's corrections: what there is, one button, what it brought, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from app import learning
from app.learning import Outcome
from app.ui import a11y, wording
from app.ui.confirm import Confirm
from app.ui.install_card import InstallCard
from app.ui.parts import Button, Row, card, label
from app.ui.sentences import translated
from app.ui.setting_fields import SettingsPage
from engine import learned
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core


class LearnView(SettingsPage):
    """Of the open profile. Learning runs on while other views are open; it is watched from here."""

    def __init__(self, core: Core) -> None:
        super().__init__(
            core,
            self.tr("Learn from my corrections"),
            self.tr(
                "What you correct can teach Idiolect your voice. It happens on this computer and takes a few minutes; "
                "you can dictate meanwhile. It is kept only if it helps on sentences it has not heard."
            ),
        )
        self.confirm = Confirm()
        self.add(self._stock())
        self.add(self._action())
        self.install = InstallCard(core.install, self.confirm)
        self.install.told.connect(self.told)
        self.install.installed.connect(self.refresh)
        self.add(self.install)
        self.add(self.confirm)
        self.add(self._result())
        core.learning.changed.connect(self._progress)
        core.learning.ended.connect(self._ended)
        core.learning.stopped.connect(self._stopped)
        core.learning.failed.connect(self._failed)
        core.store.changed.connect(self._other)
        self.refresh()

    # -- what it looks like -----------------------------------------------------------

    def _stock(self) -> QWidget:
        self.count = a11y.name(label("", "heading"), self.tr("Corrected sentences"))
        self.enough = label("")
        self.filled = QProgressBar()
        self.filled.setTextVisible(False)
        self.earlier = Button("", "history", "", on_click=self._keep_earlier)
        self.forget_stock = Button(
            self.tr("Delete the corrections"),
            "trash-2",
            self.tr("Delete the kept sentences and their recordings for good."),
            role="danger",
            on_click=self._ask_forget_stock,
        )
        return card(
            self.count,
            self.filled,
            self.enough,
            self._box(
                "keep_corrections",
                self.tr("Keep my corrections with their recordings"),
                self.tr("On this computer only. Without this, nothing can be learned from them."),
            ),
            Row(self.earlier, self.forget_stock),
        )

    def _action(self) -> QWidget:
        self.start = Button(
            self.tr("Learn from my corrections"),
            "graduation-cap",
            self.tr("Begin now. It can be stopped, and undone afterwards."),
            role="primary",
            on_click=self.core.learn,
        )
        self.stop = Button(
            self.tr("Stop"),
            "square",
            self.tr("Stop learning. It can go on later where it stopped."),
            on_click=self.core.learning.stop,
        )
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        a11y.name(self.bar, self.tr("Progress"), self.tr("How far learning is."))
        self.step = a11y.name(label("", "muted"), self.tr("What it does now"))
        self.action = card(Row(self.start, self.stop), self.bar, self.step)
        return self.action

    def _result(self) -> QWidget:
        self.brought = a11y.name(label("", "heading", selectable=True), self.tr("What it brought"))
        self.facts = label("", "muted")
        self.undo = Button(
            self.tr("Undo"),
            "undo-2",
            self.tr("Go back to what was used before the last learning."),
            on_click=self._undo,
        )
        self.export = Button(
            self.tr("Export"),
            "save",
            self.tr("Save what was learned as a file, for another computer."),
            on_click=self._ask_export,
        )
        self.take = Button(
            self.tr("Import"),
            "folder-open",
            self.tr("Use what was learned on another computer. It can be undone."),
            on_click=self._ask_import,
        )
        self.forget = Button(
            self.tr("Delete what was learned"),
            "trash-2",
            self.tr("Delete everything learned from your corrections for good. The corrections stay."),
            role="danger",
            on_click=self._ask_forget,
        )
        return card(self.brought, self.facts, Row(self.undo, self.export, self.take, self.forget))

    # -- what there is ----------------------------------------------------------------

    def refresh(self) -> None:
        """Count again, and read again what was learnt."""
        corrections, now = self.core.corrections, self.core.store.current
        state = learned.status(self._folder, learning.base_of(now.model))
        try:
            seconds, earlier = corrections.seconds(), len(corrections.earlier())
        except IdiolectError as error:
            seconds, earlier = 0.0, 0
            self.told.emit(str(error), True)
        self._show_stock(state, seconds, earlier)
        self._show_learned(state)
        self.install.refresh()
        here = learning.base_of(now.model) is not None
        ready = state.corrections >= state.needed and learning.installed() and here
        self.start.setEnabled(ready and not self.core.learning.busy)
        self.start.set_words(
            self.tr("Go on learning") if state.unfinished else self.tr("Learn from my corrections"),
            self.tr("Begin now. It can be stopped, and undone afterwards."),
        )
        self._progress()

    def _show_stock(self, state: learned.Status, seconds: float, earlier: int) -> None:
        count, needed = state.corrections, state.needed
        if not count:
            text = self.tr("No corrected sentences are kept yet")
        elif seconds < 90:
            text = self.tr("Corrected sentences: {count} ({seconds} seconds of your voice)")
        else:
            text = self.tr("Corrected sentences: {count} ({minutes} minutes of your voice)")
        minutes = QLocale().toString(seconds / 60, "f", 1)
        self.count.setText(text.format(count=count, seconds=round(seconds), minutes=minutes))
        self.filled.setRange(0, needed)
        self.filled.setValue(min(count, needed))
        a11y.name(self.filled, self.tr("{count} of {needed} needed").format(count=min(count, needed), needed=needed))
        self.filled.setAccessibleDescription(self.tr("Corrected sentences, of those that are needed."))
        self.filled.setVisible(count < needed)
        if count < needed and self.core.store.current.retention != "text and audio":
            text = self.tr(
                "Your recordings are not kept, so corrections cannot be either: "
                "choose “The text and the recording” in Settings, What is kept."
            )
        elif count < needed and not self.core.store.current.keep_corrections and not earlier:
            text = self.tr(
                "Switch on the box below, then correct what you dictate, under Dictate or History, as it comes: "
                "nothing needs to be read or repeated. At least {needed} sentences are needed."
            ).format(needed=needed)
        elif count < needed:
            text = self.tr(
                "At least {needed} are needed: {missing} more. Correct what you dictate, under Dictate or History, "
                "as it comes: nothing needs to be read or repeated."
            ).format(needed=needed, missing=needed - count)
        else:
            text = self.tr("That is enough to begin. The more there are, the more it learns: 50 are a good number.")
        self.enough.setText(text)
        self.earlier.setVisible(earlier > 0)
        self.earlier.set_words(
            self.tr("Also keep the {count} I corrected before").format(count=earlier),
            self.tr("Corrected dictations of the history whose recordings are still there."),
        )
        self.forget_stock.setVisible(count > 0)

    def _show_learned(self, state: learned.Status) -> None:
        found = state.learned
        if state.problem:
            self.brought.setText(translated(state.problem))
            self.facts.setText(self.tr("Dictation goes on without it."))
        elif found is None:
            self.brought.setText(self.tr("Nothing has been learned from corrections yet"))
            self.facts.setText(self.tr("Idiolect fits itself to your voice anyway: this is on top of it."))
        else:
            before, after = wording.rates(found.before, found.after)
            self.brought.setText(
                self.tr("In use: of 100 words it had not heard before, {before} were wrong; now {after} are").format(
                    before=before, after=after
                )
            )
            self.facts.setText(
                self.tr("Learned from {count} sentences. It costs no time when you dictate.").format(
                    count=found.utterances
                )
            )
        there = found is not None or bool(state.problem)
        self.undo.setEnabled(state.can_undo and not self.core.learning.busy)
        self.export.setEnabled(found is not None)
        self.forget.setEnabled(there or state.can_undo or state.unfinished)

    def _progress(self) -> None:
        run = self.core.learning
        here, there = (self.start, self.stop) if run.busy else (self.stop, self.start)
        focused = self.focusWidget() is here
        there.setVisible(True)
        if focused:  # whoever pressed the one finds the other under the same key
            there.setFocus(Qt.FocusReason.OtherFocusReason)
        here.setVisible(False)
        self.bar.setVisible(run.busy)
        self.step.setVisible(run.busy)
        if not run.busy:
            return
        self.bar.setValue(round(1000 * run.share))
        text = self.tr("Stopping …") if run.stopping else translated(run.step) or self.tr("Getting ready …")
        if run.profile != self._folder:
            text = self.tr("For somebody else: {step}").format(step=text)
        self.step.setText(self.tr("{step} ({percent} %)").format(step=text, percent=round(100 * run.share)))

    # -- what happens -----------------------------------------------------------------

    def _ended(self, outcome: Outcome) -> None:
        self.refresh()
        a11y.announce(self, wording.learned(outcome))

    def _stopped(self) -> None:
        self.refresh()
        self.told.emit(self.tr("Stopped. What was done so far is kept: it can go on at any time."), False)

    def _failed(self, _message: str) -> None:
        self.refresh()  # the window says what it was

    def _other(self, _settings: object, names: frozenset[str]) -> None:
        if names & {"profile", "model", "keep_corrections", "retention"}:
            self.refresh()

    def _keep_earlier(self) -> None:
        self._do(lambda: self.core.corrections.keep_earlier(), self.tr("They are kept."))

    def _ask_forget_stock(self) -> None:
        self.confirm.ask(
            self.tr("Delete all kept corrections and their recordings for good? What was learned from them stays."),
            self.tr("Delete the corrections"),
            lambda: self._do(self.core.corrections.forget_all, self.tr("The corrections are deleted.")),
        )

    def _undo(self) -> None:
        self._do(lambda: learned.undo(self._folder), self.tr("Taken back."), reload=True)

    def _ask_forget(self) -> None:
        self.confirm.ask(
            self.tr("Delete everything learned from your corrections for good? The corrections stay."),
            self.tr("Delete what was learned"),
            lambda: self._do(lambda: learned.forget(self._folder), self.tr("It is deleted."), reload=True),
        )

    def _ask_export(self) -> None:
        name = f"idiolect-{self._folder.name}.safetensors"
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export what was learned"), name, "*.safetensors")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Save what was learnt as ``path``."""
        self._do(
            lambda: learned.export_learned(self._folder, path),
            self.tr("Saved as {path}. Whoever has this file has a part of your voice in it.").format(path=path),
        )

    def _ask_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Import what was learned"), "", "*.safetensors")
        if path:
            self.import_from(Path(path))

    def import_from(self, path: Path) -> None:
        """Use what was learnt elsewhere."""
        base = learning.base_of(self.core.store.current.model)
        if base is None:
            self.told.emit(self.tr("No model is here yet: fetch one first."), True)
            return
        self._do(lambda: learned.import_learned(self._folder, path, base), self.tr("It is in use now."), reload=True)

    def _do(self, action: Callable[[], object], done: str, reload: bool = False) -> None:
        try:
            action()
        except IdiolectError as error:
            self.told.emit(str(error), True)
        else:
            if reload:
                self.core.use_learned()
            self.told.emit(done, False)
        self.refresh()

    @property
    def _folder(self) -> Path:
        return self.core.store.profiles.folder(self.core.store.current.profile)
