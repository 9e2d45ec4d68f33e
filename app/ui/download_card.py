"""A model that is being fetched, imported or checked: how far it is, pause and cancel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from app.model_jobs import ModelJobs
from app.ui import a11y
from app.ui.parts import Button, Row, label, unknown
from engine.language_files import LANGUAGE, NAME


class DownloadCard(QFrame):
    """Runs one job after the other. Whoever shows it may put its own buttons ``before`` and ``after`` its two.

    Every job ends in ``rested``, then ``ended`` with a sentence, and before both in
    ``installed`` or ``checked`` where it did what was asked.
    """

    installed = Signal(str)  # fetched or imported
    checked = Signal(str)
    rested = Signal()  # nothing is going on any more
    ended = Signal(str, bool)  # what became of it; is that a problem?

    def __init__(
        self, home: Callable[[], QWidget], before: tuple[QWidget, ...] = (), after: tuple[QWidget, ...] = ()
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.jobs = ModelJobs(self)
        self._home = home  # takes the keyboard when the buttons go
        self._what = self._model = ""
        self._stopping = False
        self.state = a11y.name(label(""), self.tr("State of the model"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        a11y.name(self.bar, self.tr("Progress"), self.tr("How far the work on the model is."))
        self.pause = Button(
            self.tr("Pause"), "pause", self.tr("Stop fetching; what has come is kept."), on_click=self._pause
        )
        self.cancel = Button(self.tr("Cancel"), "x", on_click=self._cancel)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 18)
        box.setSpacing(12)
        box.addWidget(self.state)
        box.addWidget(self.bar)
        box.addLayout(Row(*before, self.pause, self.cancel, *after))
        self.jobs.progress.connect(self._progress)
        self.jobs.done.connect(self._done)
        self.jobs.stopped.connect(self._stopped)
        self.jobs.failed.connect(self._failed)
        self.rest("")

    @property
    def busy(self) -> bool:
        return self.jobs.busy

    def fetch(self, name: str) -> None:
        """Fetch a model of the catalogue, or go on with one that was paused."""
        if not self.busy:
            self.jobs.fetch(name)
            self._begin("fetch", name, self.tr("Fetching {model} …").format(model=_called(name)))

    def take(self, folder: Path) -> None:
        """Install the model in ``folder``."""
        if not self.busy:
            self.jobs.take(folder)
            self._begin("import", folder.name, self.tr("Reading {folder} …").format(folder=folder))

    def verify(self, name: str) -> None:
        """Read a whole model and compare it with the original."""
        if not self.busy:
            self.jobs.verify(name)
            self._begin("verify", name, self.tr("Checking {model} …").format(model=name))

    def rest(self, text: str, begun: str = "") -> None:
        """Nothing goes on: say how things stand. What came of the model ``begun`` can be deleted."""
        held = self.pause.hasFocus() or self.cancel.hasFocus()
        self._what, self._model = "fetch", begun
        self.state.setText(text)
        self.bar.hide()
        self.pause.hide()
        self._offer_cancel()
        self.cancel.setVisible(bool(begun))
        if held and not self.cancel.hasFocus():
            self._home().setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, what: str, model: str, text: str) -> None:
        self._what, self._model, self._stopping = what, model, False
        self.state.setText(text)
        unknown(self.bar)
        self.bar.show()
        self.pause.setVisible(what == "fetch")
        self._offer_cancel()
        self.cancel.show()
        a11y.announce(self, text)

    def _offer_cancel(self) -> None:
        words = {
            "import": self.tr("Stop importing; nothing of it is kept."),
            "verify": self.tr("Stop checking; the model stays as it is."),
        }
        self.cancel.set_words(
            self.tr("Cancel"), words.get(self._what, self.tr("Stop fetching and delete what has come."))
        )

    def _progress(self, name: str, done: float, total: float) -> None:
        if self._stopping or total <= 0:
            return
        if done >= total:  # all has come; unpacking, checking and converting it takes a while
            unknown(self.bar)
            checking = self._what == "verify"
            words = self.tr("Checking {model} …") if checking else self.tr("Getting {model} ready …")
            self.state.setText(words.format(model=_called(name)))
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * done / total))
        words = {
            "fetch": self.tr("Fetching {model}: {done} of {total} MB"),
            "import": self.tr("Importing {model}: {percent} %"),
            "verify": self.tr("Checking {model}: {percent} %"),
        }[self._what]
        self.state.setText(
            words.format(
                model=_called(name), done=round(done / 1e6), total=round(total / 1e6), percent=round(100 * done / total)
            )
        )

    def _pause(self) -> None:
        self.jobs.pause()
        self._stop()

    def _cancel(self) -> None:
        if self.busy:
            self.jobs.cancel()
        else:
            self.jobs.discard(self._model)
        self._stop()

    def _stop(self) -> None:
        self._stopping = True
        unknown(self.bar)
        self.bar.show()
        self.state.setText(self.tr("Stopping at the next safe point …"))
        a11y.announce(self, self.state.text())

    def _done(self, what: str, name: str) -> None:
        if what == "verify":
            self.checked.emit(name)
            self._end(self.tr("{model} is complete and unchanged.").format(model=name))
        else:
            self.installed.emit(name)
            self._end(self.tr("{model} is ready to use.").format(model=_called(name)))

    def _stopped(self, what: str, name: str, kept: bool) -> None:
        if what == "import":
            text = self.tr("Stopped. Nothing of {model} is kept.")
        elif what == "verify":
            text = self.tr("Stopped. {model} was not checked to the end.")
        elif kept:
            text = self.tr("Paused. What has come of {model} is kept.")
        else:
            text = self.tr("Stopped. Nothing of {model} is kept.")
        self._end(text.format(model=_called(name)))

    def _failed(self, message: str) -> None:
        self._end(message, problem=True)

    def _end(self, text: str, problem: bool = False) -> None:
        self.rest("")
        self.rested.emit()
        self.ended.emit(text, problem)


def _called(name: str) -> str:
    return LANGUAGE if name == NAME else name
