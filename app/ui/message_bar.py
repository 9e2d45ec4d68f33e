"""The one line for messages, with a way out where there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui import a11y
from app.ui.parts import Button, Picture, label, restyle
from app.ui.sentences import translated


@dataclass(frozen=True)
class Message:
    """``about``: what it is about, so that it can be withdrawn; ``passing``: it gives way to the next one."""

    text: str
    urgent: bool = False
    remedy: str = ""
    way_out: Callable[[], object] | None = None
    about: str = ""
    passing: bool = False


class MessageBar(QFrame):
    """One sentence for the person, there until it is put away: no time limit. Behind the newest the others wait."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._told: list[Message] = []  # the last one is shown
        self._icon = Picture("info")
        self.text = label("", selectable=True)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more = label("", "small")
        self.more.setWordWrap(False)
        close = Button(self.tr("Close"), "x", self.tr("Put this message away."), role="quiet", on_click=self.put_away)
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 8, 8, 8)
        box.setSpacing(12)
        self._way_out: Callable[[], object] = self.put_away
        self.remedy = Button("", "chevron-right", "", role="primary", on_click=lambda: self._way_out())
        box.addWidget(self._icon)
        box.addWidget(self.text, 1)
        box.addWidget(self.more)
        box.addWidget(self.remedy)
        box.addWidget(close)
        self.hide()

    def tell(
        self,
        text: str,
        urgent: bool = False,
        remedy: str = "",
        way_out: Callable[[], object] | None = None,
        about: str = "",
    ) -> None:
        """Show a sentence. ``remedy``: the words of a button that leads to the ``way_out``."""
        self._add(Message(translated(text), urgent, remedy, way_out, about))

    def answer(self, text: str, urgent: bool = False) -> None:
        """Show a sentence about what the person just did: unless it is urgent the next message takes its place."""
        self._add(Message(translated(text), urgent, passing=not urgent))

    def withdraw(self, about: str) -> None:
        """What was told about this is over."""
        kept = [message for message in self._told if message.about != about]
        if len(kept) < len(self._told):
            self._told = kept
            self._show()

    def put_away(self) -> None:
        """The person has read the one that is shown; the one before it comes back."""
        del self._told[-1:]
        self._show()
        if self._told:
            a11y.announce(self, self._told[-1].text, self._told[-1].urgent)

    def hide(self) -> None:
        """Put all of them away."""
        self._told.clear()
        super().hide()

    def _add(self, message: Message) -> None:
        if not message.text:
            return
        # Told twice it stands there once, and of one matter only the latest news.
        about = message.about or next((old.about for old in self._told if old.text == message.text), "")
        message = replace(message, about=about)
        self._told = [
            old
            for old in self._told
            if not old.passing and old.text != message.text and (not about or old.about != about)
        ]
        self._told.append(message)
        self._show()
        a11y.announce(self, message.text, message.urgent)

    def _show(self) -> None:
        if not self._told:
            super().hide()
            return
        message = self._told[-1]
        self.remedy.setVisible(message.way_out is not None)
        if message.way_out is not None:
            self._way_out = message.way_out
            self.remedy.set_words(message.remedy, message.text)
        self.text.setText(message.text)
        a11y.name(self, self.tr("Message"), message.text)
        self.setToolTip("")
        behind = len(self._told) - 1
        self.more.setText(self.tr("Others: {count}").format(count=behind) if behind else "")
        self.more.setVisible(bool(behind))
        restyle(self, "trouble" if message.urgent else "notice")
        self._icon.set_icon("triangle-alert" if message.urgent else "info", "problem" if message.urgent else "accent")
        self.show()
