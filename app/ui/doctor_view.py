"""What works on this computer and what does not, each with its remedy on one button where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app import background
from app.ui import a11y
from app.ui.doctor_texts import said
from app.ui.download_card import DownloadCard
from app.ui.parts import Button, Page, Picture, Row, label
from engine import language_files, models
from engine.errors import IdiolectError
from engine.paths import data_dir, private_dir

if TYPE_CHECKING:
    from app.core import Core
    from engine.doctor import Check

_ICONS = {"ok": ("circle-check", "good"), "warn": ("info", "thinking"), "fail": ("triangle-alert", "problem")}


class DoctorView(Page):
    """Runs ``engine.doctor.check`` in a thread when it is opened."""

    told = Signal(str, bool)
    _checked = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__(self.tr("Check-up"), self.tr("What works on this computer, and how to mend the rest."))
        self.core = core
        self._busy = False
        self.again = Button(
            self.tr("Check again"),
            "refresh-cw",
            self.tr("Look at everything again."),
            role="primary",
            on_click=self.refresh,
        )
        copy = Button(
            self.tr("Copy the report"),
            "copy",
            self.tr("Copy all of this as text, for somebody who helps you."),
            on_click=self._copy,
        )
        self.summary = a11y.name(label("", "heading"), self.tr("Result"))
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.card = DownloadCard(lambda: self.again)
        self.card.hide()
        self.add(Row(self.again, copy))
        self.add(self.card)
        self.add(self.summary)
        self.add(self._list)
        self._found: list[Check] = []
        self._checked.connect(self._show)
        self.card.installed.connect(self._mended)
        self.card.rested.connect(self.card.hide)
        self.card.ended.connect(self.told)

    def refresh(self) -> None:
        """Look again; the page stays usable meanwhile."""
        if self._busy:
            return
        self._busy = True
        self.again.setEnabled(False)
        self.summary.setText(self.tr("Looking at everything …"))
        model = self.core.store.current.model

        def work() -> None:
            from engine import doctor

            self._checked.emit(doctor.check(model))

        background.start("doctor", work)

    def _show(self, found: list[Check]) -> None:
        self._busy = False
        self.again.setEnabled(True)
        self._found = found
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)  # gone at once, not when Qt gets round to it
                widget.deleteLater()
        order = {"fail": 0, "warn": 1, "ok": 2}
        for check in sorted(found, key=lambda line: order[line.status]):
            self._list.addWidget(self._line(check))
        failed = sum(line.status == "fail" for line in found)
        warned = sum(line.status == "warn" for line in found)
        if failed:
            text = self.tr("Does not work: {failed}. Works with limits: {warned}.").format(failed=failed, warned=warned)
        elif warned:
            text = self.tr("Everything works. With limits: {warned}.").format(warned=warned)
        else:
            text = self.tr("Everything works.")
        self.summary.setText(text)
        a11y.announce(self, text)

    def _line(self, check: Check) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "trouble" if check.status == "fail" else "card")
        words = {"ok": self.tr("works"), "warn": self.tr("works with limits"), "fail": self.tr("does not work")}[
            check.status
        ]
        name, detail, fix = said(check.name), said(check.detail), said(check.fix)
        a11y.name(frame, f"{name}: {words}", f"{detail} {fix}".strip())
        frame.setToolTip("")
        column = QVBoxLayout()
        column.setSpacing(4)
        title = label(f"{name}: {words}", {"ok": "", "warn": "heading", "fail": "problem"}[check.status])
        column.addWidget(title)
        column.addWidget(label(detail, "small", selectable=True))
        if fix:
            column.addWidget(label(fix, selectable=True))
        if check.status != "ok":
            column.addLayout(Row(*self._remedies(check)))
        box = QHBoxLayout(frame)
        box.setContentsMargins(18, 14, 18, 14)
        box.setSpacing(14)
        box.addWidget(Picture(*_ICONS[check.status]), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(column, 1)
        return frame

    def _remedies(self, check: Check) -> list[Button]:
        """One click for what the app can mend itself; the rest can be copied."""
        buttons = []
        model, fix = self.core.store.current.model, said(check.fix or check.detail)
        other = self._recommended(check)
        if check.name == "Model" and model in models.CATALOGUE:
            buttons.append(
                Button(
                    self.tr("Fetch {model} now").format(model=model),
                    "download",
                    fix,
                    role="primary",
                    on_click=lambda: self._fetch(model),
                )
            )
        elif check.name == "Language model":
            words = self.tr("Fetch {model} now").format(model=language_files.LANGUAGE)
            buttons.append(Button(words, "download", fix, on_click=lambda: self._fetch(language_files.NAME)))
        elif check.name == "Microphone":
            buttons.append(Button(self.tr("Look for microphones again"), "refresh-cw", fix, on_click=self._rearm))
        elif other:
            use = self.tr("Use the model {model}").format(model=other)
            buttons.append(Button(use, "check", fix, on_click=lambda: self._use(other)))
        elif check.name.endswith("folder"):
            buttons.append(Button(self.tr("Open the folder"), "folder-open", fix, on_click=_open_data))
        if check.fix:  # as it is: it may be a command
            buttons.append(Button(self.tr("Copy the remedy"), "copy", fix, on_click=lambda: self._copy_text(check.fix)))
        return buttons

    def _recommended(self, check: Check) -> str:
        """The model that the remedy of ``check`` names; empty where it names none, or one this person cannot use."""
        if check.name not in ("Personalization", "Processor", "Memory"):
            return ""
        name = next((name for name in models.CATALOGUE if check.fix.endswith(f" the model {name}.")), "")
        now = self.core.store.current
        foreign = bool(name) and models.CATALOGUE[name].english_only and now.language not in (None, "en")
        return "" if foreign or name == now.model else name

    def _fetch(self, model: str) -> None:
        self.card.fetch(model)
        self.card.show()

    def _mended(self, name: str) -> None:
        if name in (self.core.store.current.model, language_files.NAME):
            self.core.engine.reload(self.core.engine_options())
            self.refresh()
        else:
            self._choose(name)

    def _rearm(self) -> None:
        self.core.capture.find_devices()
        self.core.capture.arm()
        self.refresh()

    def _use(self, model: str) -> None:
        """Use ``model`` from now on; fetched first where it is not here yet."""
        try:
            models.locate(model)
        except IdiolectError:
            self._fetch(model)
        else:
            self._choose(model)

    def _choose(self, model: str) -> None:
        try:
            self.core.store.update(model=model)  # the engine follows the setting
        except IdiolectError as error:
            self.told.emit(str(error), True)
        self.refresh()

    def _copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.told.emit(self.tr("Copied."), False)

    def _copy(self) -> None:
        lines: list[Any] = [
            f"{c.status:>4}  {c.name}: {c.detail}" + (f" -> {c.fix}" if c.fix else "") for c in self._found
        ]
        self._copy_text("\n".join(lines))


def _open_data() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(private_dir(data_dir()))))
