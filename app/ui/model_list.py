"""The models to choose from, with size, speed on this computer and accuracy; fetch, pause, check, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QProgressBar, QRadioButton, QVBoxLayout, QWidget

from app import measure
from app.model_jobs import ModelJobs
from app.ui import a11y
from app.ui.parts import Button, Row, card, label, unknown
from app.ui.sentences import translated
from engine import models
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core


class ModelList(QWidget):
    """Choose a model; one that is not here yet is fetched with progress. ``installed`` follows every change."""

    told = Signal(str, bool)
    installed = Signal(str)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self.core = core
        self.jobs = ModelJobs(self)
        self._speed: measure.Speed | None = None
        self._group = QButtonGroup(self)
        self._choices: dict[str, QRadioButton] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(14)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        holder = card(spacing=2)
        holder.layout().addLayout(self._rows)  # type: ignore[union-attr]
        self.speed_line = label(self.tr("Measuring how fast this computer is …"), "small")
        self.get = Button(
            self.tr("Fetch this model"),
            "download",
            self.tr("Fetch the chosen model from the internet."),
            role="primary",
            on_click=self._fetch,
        )
        self.pause = Button(
            self.tr("Pause"), "pause", self.tr("Stop fetching; what has come is kept."), on_click=self.jobs.pause
        )
        self.cancel = Button(
            self.tr("Cancel"), "x", self.tr("Stop fetching and delete what has come."), on_click=self._cancel
        )
        self.test = Button(
            self.tr("Check it"),
            "shield-check",
            self.tr("Read the whole model and compare it with the original."),
            on_click=self._verify,
        )
        take = Button(
            self.tr("Import from a folder"),
            "folder-open",
            self.tr("Install a model from a folder or a USB stick, without the internet."),
            on_click=self._import,
        )
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        a11y.name(self.bar, self.tr("Progress"), self.tr("How much of the model has come."))
        self.state = a11y.name(label("", "muted"), self.tr("State of the model"))
        # Above the list: the way on is in sight however long the list is.
        for part in (self.state, self.bar):
            box.addWidget(part)
        box.addLayout(Row(self.get, self.pause, self.cancel, self.test, take))
        box.addWidget(self.speed_line)
        box.addWidget(holder)
        self.bar.hide()
        self.pause.hide()
        self._fetching = self._discard = ""  # names of models
        self.jobs.progress.connect(self._progress)
        self.jobs.done.connect(self._done)
        self.jobs.paused.connect(self._paused)
        self.jobs.failed.connect(self._failed)
        self.jobs.measured.connect(self._measured)
        self._group.buttonClicked.connect(lambda _: self._chosen())
        self.refresh()

    @property
    def choice(self) -> str:
        """The chosen model's name."""
        return next(
            (name for name, button in self._choices.items() if button.isChecked()), self.core.store.current.model
        )

    def measure(self) -> None:
        if self._speed is None:
            self.jobs.measure()

    def refresh(self) -> None:
        """List the models again."""
        chosen = self.choice
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                self._group.removeButton(widget) if isinstance(widget, QRadioButton) else None
                widget.setParent(None)  # gone at once, not when Qt gets round to it
                widget.deleteLater()
        self._choices.clear()
        for status in models.list_models():
            button = QRadioButton(status.name + ("  ✓ " + self.tr("on this computer") if status.installed else ""))
            self._group.addButton(button)
            self._choices[status.name] = button
            button.setChecked(status.name == chosen)
            facts = self._facts(status)
            a11y.name(button, button.text(), facts)
            self._rows.addWidget(button)
            line = label(facts, "small")
            line.setContentsMargins(36, 0, 0, 8)
            self._rows.addWidget(line)
        self._state()

    def is_installed(self, name: str | None = None) -> bool:
        try:
            models.locate(name or self.choice)
        except IdiolectError:
            return False
        return True

    def _facts(self, status: models.Status) -> str:
        parts = [self.tr("{size} MB").format(size=round(status.size / 1e6))]
        entry = models.CATALOGUE.get(status.name)
        if self._speed is not None and status.name in measure.SHAPES:
            seconds = self._speed.seconds(status.name)
            parts.append(
                self.tr("about {seconds} s for a sentence on this computer").format(
                    seconds=f"{seconds:.1f}" if seconds >= 0.1 else "0.1"
                )
            )
        if status.name in measure.ERRORS:
            parts.append(
                self.tr("{errors} errors in 100 words of clear reading").format(
                    errors=f"{measure.ERRORS[status.name]:g}"
                )
            )
        if entry is not None and entry.english_only:
            parts.append(self.tr("English only"))
        if _personalized(status.name):
            parts.append(self.tr("personalizes itself to your voice"))
        if status.problem:
            parts.append(translated(status.problem))
        return "\u00a0 ·  ".join(parts)  # a dot stays with the words before it

    def _measured(self, speed: measure.Speed | None) -> None:
        self._speed = speed
        if speed is None:
            self.speed_line.setText(self.tr("The speed of this computer could not be measured."))
        else:
            quick = sorted((speed.seconds(name), name) for name in measure.SHAPES if speed.seconds(name) < 1.0)
            self.speed_line.setText(
                self.tr(
                    "Measured on this computer just now: {model} is the largest that writes a sentence in a second."
                ).format(model=quick[-1][1])
                if quick
                else self.tr("Measured on this computer just now: it is slow, so tiny.en suits it best.")
            )
        self.refresh()

    def _chosen(self) -> None:
        self._state()
        name = self.choice
        if self.is_installed(name) and name != self.core.store.current.model:
            self._use(name)

    def _use(self, name: str) -> None:
        try:
            self.core.store.update(model=name)
        except IdiolectError as error:
            self.told.emit(str(error), True)

    def _state(self) -> None:
        here = self.is_installed()
        self.get.setEnabled(not here and not self.jobs.busy and self.choice in models.CATALOGUE)
        self.test.setEnabled(here and not self.jobs.busy)
        if self.jobs.busy:
            return
        begun = not here and models.begun(self.choice)
        self.get.set_words(
            self.tr("Go on fetching") if begun else self.tr("Fetch this model"),
            self.tr("Fetch the chosen model from the internet."),
        )
        self.cancel.setVisible(begun)
        if here:
            text = self.tr("{model} is ready to use.")
        elif begun:
            text = self.tr("Paused. What has come of {model} is kept.")
        else:
            text = self.tr("{model} is not on this computer yet.")
        self.state.setText(text.format(model=self.choice))

    def _begin(self, text: str) -> None:
        self.state.setText(text)
        unknown(self.bar)
        self.bar.show()
        self.get.setEnabled(False)
        self.test.setEnabled(False)

    def _fetch(self) -> None:
        self._discard = ""
        name = self._fetching = self.choice
        self.jobs.fetch(name)
        self._begin(self.tr("Fetching {model} …").format(model=name))
        self.pause.show()
        self.cancel.show()

    def _cancel(self) -> None:
        self._discard = self._fetching or self.choice
        if self.jobs.busy:
            self.jobs.pause()  # then it is deleted
        else:
            self._paused(self._discard)

    def _verify(self) -> None:
        self.jobs.verify(self.choice)
        self._begin(self.tr("Checking {model} …").format(model=self.choice))

    def _import(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("The folder that holds the model"))
        if folder:
            self.take(Path(folder))

    def take(self, folder: Path) -> None:
        """Install the model in ``folder``."""
        self.jobs.take(folder)
        self._begin(self.tr("Reading {folder} …").format(folder=folder))

    def _progress(self, name: str, done: float, total: float) -> None:
        if self._fetching and done >= total > 0:  # all has come; checking and converting it takes a while
            unknown(self.bar)
            self.state.setText(self.tr("Getting {model} ready …").format(model=name))
        elif total > 0:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * done / total))
            words = self.tr("{done} of {total} MB")
            if self._fetching:
                words = self.tr("Fetching {model}: {done} of {total} MB")
            self.state.setText(words.format(model=name, done=round(done / 1e6), total=round(total / 1e6)))

    def _end(self) -> None:
        if self.jobs._thread is not None:
            self.jobs._thread.join(0.5)  # it has said its last word
        self._fetching = ""
        self.bar.hide()
        self.pause.hide()
        self.refresh()

    def _done(self, what: str, name: str) -> None:
        self._end()
        if what == "verify":
            self.state.setText(self.tr("{model} is complete and unchanged.").format(model=name))
        else:
            if name in self._choices:
                self._choices[name].setChecked(True)
            if name == self.core.store.current.model:
                self.core.engine.reload(self.core.engine_options())
            else:
                self._use(name)  # the engine follows the setting
            self._state()
            self.installed.emit(name)
        a11y.announce(self, self.state.text())

    def _paused(self, name: str) -> None:
        if self._discard == name:
            models.discard(name)
        self._discard = ""
        self._end()
        a11y.announce(self, self.state.text())

    def _failed(self, message: str) -> None:
        if self._discard:  # it was being cancelled, and broke off before it heard of that
            models.discard(self._discard)
        self._discard = ""  # a later pause keeps what has come
        self._end()
        self.state.setText(translated(message))
        self.told.emit(message, True)


def _personalized(name: str) -> bool:
    from app.comparison import shipped_hypernetwork

    return shipped_hypernetwork(name)
