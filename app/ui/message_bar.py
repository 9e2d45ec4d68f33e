"""The one line for messages, with a way out where there is one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui import a11y
from app.ui.parts import Button, Picture, label, restyle
from app.ui.sentences import translated


class MessageBar(QFrame):
    """One sentence for the person, there until it is put away or another one comes: no time limit."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._icon = Picture("info")
        self.text = label("", selectable=True)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close = Button(self.tr("Close"), "x", self.tr("Put this message away."), role="quiet", on_click=self.hide)
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 8, 8, 8)
        box.setSpacing(12)
        self._way_out: Callable[[], object] = self.hide
        self.remedy = Button("", "chevron-right", "", role="primary", on_click=lambda: self._way_out())
        box.addWidget(self._icon)
        box.addWidget(self.text, 1)
        box.addWidget(self.remedy)
        box.addWidget(close)
        self.hide()

    def tell(
        self, text: str, urgent: bool = False, remedy: str = "", way_out: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence. ``remedy``: the words of a button that leads to the ``way_out``."""
        if not text:
            return
        text = translated(text)
        self.remedy.setVisible(way_out is not None)
        if way_out is not None:
            self._way_out = way_out
            self.remedy.set_words(remedy, text)
        self.text.setText(text)
        a11y.name(self, self.tr("Message"), text)
        self.setToolTip("")
        restyle(self, "trouble" if urgent else "notice")
        self._icon.set_icon("triangle-alert" if urgent else "info", "problem" if urgent else "accent")
        self.show()
        a11y.announce(self, text, urgent)
