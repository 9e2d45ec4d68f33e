"""Texts that had nowhere safe to go wait here, one after another, with a way to put each where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui import a11y
from app.ui.parts import Button, Picture, Row, label
from app.ui.sentences import translated

if TYPE_CHECKING:
    from app.dictation import Utterance

DELAY = 4.0  # seconds to go back to the other program


class HeldCard(QFrame):
    """Shown while text waits, the oldest first. ``insert_here`` gives the seconds to wait before it is written."""

    insert_here = Signal(str, float)  # utterance
    armed = Signal(str)  # utterance: the next press of the key writes it
    to_editor = Signal(object)  # Utterance
    discarded = Signal(str)  # utterance

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._waiting: list[tuple[Utterance, str]] = []  # and why it waits
        self._text = label("")
        self._why = label("", "small")
        self._more = label("", "small")
        words = QVBoxLayout()
        words.addWidget(label(self.tr("Your text is waiting"), "heading"))
        words.addWidget(self._text)
        words.addWidget(self._why)
        words.addWidget(self._more)
        self._key = ""
        self.with_key = Button(
            "",
            "keyboard",
            self.tr("Then go to the place where the text belongs, and press the key there. Take your time."),
            role="primary",
            on_click=self._arm,
        )
        self.here = Button(
            self.tr("Insert here in {seconds} seconds").format(seconds=round(DELAY)),
            "text-cursor-input",
            self.tr("Then click into the place where the text belongs: it is written there."),
            on_click=self._insert,
        )
        keep = Button(
            self.tr("Keep it in this window"),
            "pencil",
            self.tr("Write the text into the editor below."),
            on_click=self._keep,
        )
        away = Button(
            self.tr("Not needed"),
            "x",
            self.tr("Put this text away. It stays in the history."),
            role="quiet",
            on_click=self._away,
        )
        words.addLayout(Row(self.with_key, self.here, keep, away))
        self.set_key("")
        box = QHBoxLayout(self)
        box.setContentsMargins(18, 14, 18, 14)
        box.setSpacing(14)
        box.addWidget(Picture("text-cursor-input"))
        box.addLayout(words, 1)

    @property
    def waiting(self) -> list[str]:
        """The utterances that wait, the one that is shown first."""
        return [utterance.id for utterance, _ in self._waiting]

    def set_key(self, key: str) -> None:
        """The label of the key that works in other programs; empty where none does."""
        self._key = key
        self.with_key.setText(self.tr("Insert with {key}").format(key=key))
        self.with_key.setVisible(bool(key))

    def offer(self, utterance: Utterance, why: str) -> None:
        """Show it, or let it wait behind those that came before it."""
        self._waiting = [(other, reason) for other, reason in self._waiting if other.id != utterance.id]
        self._waiting.append((utterance, translated(why)))
        self._show()
        self.announce()

    def keep_only(self, identities: list[str]) -> None:
        """Of what is shown or waits here only these still do: the others found their way."""
        kept = [(utterance, why) for utterance, why in self._waiting if utterance.id in identities]
        if len(kept) < len(self._waiting):
            self._waiting = kept
            self._show()

    def announce(self) -> None:
        """Have a screen reader say what waits."""
        if self._waiting:
            utterance, why = self._waiting[0]
            a11y.announce(self, f"{self.tr('Your text is waiting.')} {why} “{utterance.text}”", urgent=True)

    def adopt(self, other: HeldCard) -> None:
        """Take over what waits in the card that this one replaces."""
        self._waiting = list(other._waiting)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            self._text.setText("")
            return
        utterance, why = self._waiting[0]
        self._text.setText(f"“{utterance.text}”")
        self._why.setText(why)
        behind = len(self._waiting) - 1
        self._more.setText(self.tr("Waiting behind it: {count}").format(count=behind) if behind else "")
        self._more.setVisible(bool(behind))
        a11y.name(self, self.tr("Your text is waiting"), why)
        self.setToolTip("")

    def _next(self) -> Utterance | None:
        """Take the one that is shown away; the next one comes."""
        if not self._waiting:
            return None
        utterance, _ = self._waiting.pop(0)
        self._show()
        self.announce()
        return utterance

    def _arm(self) -> None:
        if self._waiting:
            self._why.setText(self.tr("Go to the place where the text belongs, and press {key}.").format(key=self._key))
            a11y.announce(self, self._why.text(), urgent=True)
            self.armed.emit(self._waiting[0][0].id)

    def _insert(self) -> None:
        utterance = self._next()
        if utterance is not None:
            self.insert_here.emit(utterance.id, DELAY)

    def _keep(self) -> None:
        utterance = self._next()
        if utterance is not None:
            self.to_editor.emit(utterance)

    def _away(self) -> None:
        utterance = self._next()
        if utterance is not None:
            self.discarded.emit(utterance.id)
