"""The models to choose from, with size, speed on this computer and accuracy; fetch, pause, check, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QRadioButton, QVBoxLayout, QWidget

from app import measure
from app.ui import a11y
from app.ui.download_card import DownloadCard
from app.ui.parts import Button, card, label
from app.ui.sentences import translated
from engine import language_files, models
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
        self.test = Button(
            self.tr("Check it"),
            "shield-check",
            self.tr("Read the whole model and compare it with the original."),
            on_click=self._verify,
        )
        self.bring = Button(
            self.tr("Import from a folder"),
            "folder-open",
            self.tr("Install a model from a folder or a USB stick, without the internet."),
            on_click=self._import,
        )
        # Above the list: the way on is in sight however long the list is.
        self.card = DownloadCard(lambda: self._choices[self.choice], before=(self.get,), after=(self.test, self.bring))
        self.jobs = self.card.jobs
        box.addWidget(self.card)
        box.addWidget(self.speed_line)
        box.addWidget(holder)
        self.card.installed.connect(self._installed)
        self.card.rested.connect(self.refresh)
        self.card.ended.connect(self._ended)
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
        """List the models again. Whoever is at one of them with the keyboard stays there."""
        chosen = self.choice
        held = next((name for name, button in self._choices.items() if button is self.window().focusWidget()), "")
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
        if held in self._choices:
            self._choices[held].show()  # at once, not when Qt gets round to it
            self._choices[held].setFocus(Qt.FocusReason.OtherFocusReason)
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
        here, busy, missing = self.is_installed(), self.card.busy, self._to_fetch()
        self.get.setEnabled(bool(missing) and not busy)
        self.test.setEnabled(here and not busy)
        self.bring.setEnabled(not busy)
        if busy:
            return
        begun = not here and models.begun(self.choice)
        if missing == language_files.NAME:
            self.get.set_words(
                self.tr("Fetch {model}").format(model=language_files.LANGUAGE),
                self.tr("Fetch the language model from the internet."),
            )
        else:
            self.get.set_words(
                self.tr("Go on fetching") if begun else self.tr("Fetch this model"),
                self.tr("Fetch the chosen model from the internet."),
            )
        if here:
            text = self.tr("{model} is ready to use.")
            if missing:
                more = self.tr("The language model {name} ({size} MB) would help it to tell what you may have said.")
                size = round(language_files.CARRIER.size / 1e6)
                text = f"{text} {more.format(name=language_files.LANGUAGE, size=size)}"
        elif begun:
            text = self.tr("Paused. What has come of {model} is kept.")
        else:
            text = self.tr("{model} is not on this computer yet.")
        self.card.rest(text.format(model=self.choice), self.choice if begun else "")

    def _to_fetch(self) -> str:
        """The chosen model where it is not here; else the language model where that is missing; else nothing."""
        if not self.is_installed():
            return self.choice if self.choice in models.CATALOGUE else ""
        missing = language_files.locate_language() is None
        return language_files.NAME if missing and _personalized(self.choice) else ""

    def _fetch(self) -> None:
        self.card.fetch(self._to_fetch())
        self._state()

    def _verify(self) -> None:
        self.card.verify(self.choice)
        self._state()

    def _import(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("The folder that holds the model"))
        if folder:
            self.take(Path(folder))

    def take(self, folder: Path) -> None:
        """Install the model in ``folder``."""
        self.card.take(folder)
        self._state()

    def _installed(self, name: str) -> None:
        self.refresh()  # it may be a new one
        if name in self._choices:
            self._choices[name].setChecked(True)
        if name in (self.core.store.current.model, language_files.NAME):
            self.core.engine.reload(self.core.engine_options())
        else:
            self._use(name)  # the engine follows the setting
        self.installed.emit(name)

    def _ended(self, text: str, problem: bool) -> None:
        self.card.state.setText(translated(text))
        a11y.announce(self, self.card.state.text())
        if problem:
            self.told.emit(text, True)


def _personalized(name: str) -> bool:
    from app.comparison import shipped_hypernetwork

    return shipped_hypernetwork(name)
