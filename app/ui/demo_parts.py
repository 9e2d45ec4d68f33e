"""Parts of the comparison's page: one of the two texts, and the sign that a text is being made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.ui import a11y
from app.ui.parts import Button, label, unknown


class TextCard(QFrame):
    """One of the two texts, with its number of errors."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.title = label(title, "heading")
        self.text = label("", selectable=True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setProperty("role", "heading")
        self.text.setStyleSheet("font-weight: 400;")
        a11y.name(self.text, title, title)
        self.errors = label("", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 18)
        box.setSpacing(10)
        box.addWidget(self.title)
        box.addWidget(self.text, 1)
        box.addWidget(self.errors)

    def fill(self, html: str, words: str, errors: str) -> None:
        self.text.setText(html or f"<i>{self.tr('No speech was heard.')}</i>")
        a11y.name(self.text, f"{self.title.text()}: {words}", errors or self.title.text())
        self.text.setToolTip("")
        self.errors.setText(errors)
        self.errors.setVisible(bool(errors))


class WorkSign(QWidget):
    """That it works, how far it is, and a way to stop it."""

    def __init__(self, on_cancel: Callable[[], object], keeps_its_place: bool = False) -> None:
        super().__init__()
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(keeps_its_place)
        self.setSizePolicy(policy)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        a11y.name(self.bar, self.tr("Working"), self.tr("The recording is being written down."))
        self.cancel = Button(self.tr("Cancel"), "x", self.tr("Stop this transcription."), on_click=on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.start()

    def start(self) -> None:
        unknown(self.bar)

    def progress(self, done: float, total: float) -> None:
        """``done`` of ``total`` seconds."""
        if total > 0:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(100 * done / total))
