"""The part that learns is not installed: one sentence, and one button that installs it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from app import learning
from app.extras import Install
from app.ui import a11y
from app.ui.confirm import Confirm
from app.ui.parts import Button, Row, label, unknown


class InstallCard(QFrame):
    """Shown only where something is missing; nothing is fetched before the person has said yes."""

    told = Signal(str, bool)
    installed = Signal()

    def __init__(self, job: Install, confirm: Confirm) -> None:
        super().__init__()
        self.job, self._confirm = job, confirm
        self.setProperty("role", "notice")
        self.sentence = a11y.name(label(""), self.tr("What is missing"))
        self.get = Button(
            self.tr("Install the part that learns"),
            "download",
            self.tr("Fetch it from the internet and add it to Idiolect. It asks first."),
            role="primary",
            on_click=self._ask,
        )
        self.stop = Button(self.tr("Stop"), "square", self.tr("Stop fetching."), on_click=job.stop)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        a11y.name(self.bar, self.tr("Progress"), self.tr("How much has come."))
        self.step = a11y.name(label("", "muted"), self.tr("What it does now"))
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 18)
        box.setSpacing(12)
        box.addWidget(self.sentence)
        box.addLayout(Row(self.get, self.stop))
        box.addWidget(self.bar)
        box.addWidget(self.step)
        job.changed.connect(self._progress)
        job.done.connect(self._done)
        job.stopped.connect(self._stopped)
        job.failed.connect(self._failed)
        self.refresh()

    def refresh(self) -> None:
        """Look again whether something is missing."""
        self.setVisible(self.job.busy or not learning.installed())
        if learning.packaged():
            self.sentence.setText(
                self.tr(
                    "This packaged Idiolect comes without the part that learns. Install Idiolect with pip, learn there "
                    "with “idiolect learn”, export the result and import it here."
                )
            )
        else:
            self.sentence.setText(
                self.tr("Learning needs a part that is not installed yet (PyTorch, about 200 MB to fetch).")
            )
        self.get.setVisible(not learning.packaged() and not self.job.busy)
        self._progress()

    def _ask(self) -> None:
        self._confirm.ask(
            self.tr(
                "Fetch PyTorch from the internet and install it now? Usually about 200 MB; up to 3 GB where only the "
                "large build is to be had."
            ),
            self.tr("Yes, install it"),
            self.job.start,
            "download",
        )

    def _progress(self) -> None:
        busy = self.job.busy
        self.get.setVisible(not busy and not learning.packaged())
        self.stop.setVisible(busy)
        self.stop.setEnabled(self.job.can_stop)
        self.bar.setVisible(busy)
        self.step.setVisible(busy)
        if not busy:
            return
        if self.job.share is None:
            unknown(self.bar)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * self.job.share))
        if not self.job.can_stop:
            self.step.setText(self.tr("Putting the files in place …"))
        elif self.job.step:
            self.step.setText(self.tr("Fetching {file} …").format(file=self.job.step))
        else:
            self.step.setText(self.tr("Finding out what is needed …"))

    def _done(self) -> None:
        self.refresh()
        self.told.emit(self.tr("The part that learns is installed."), False)
        self.installed.emit()

    def _stopped(self) -> None:
        self.refresh()
        self.told.emit(self.tr("Stopped. Nothing was installed."), False)

    def _failed(self, message: str) -> None:
        self.refresh()
        self.told.emit(message, True)
