"""The bottom of the main window: what is heard so far, the big button, the level, and Cancel. Always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui import a11y, theme
from app.ui.level_meter import LevelMeter
from app.ui.parts import Button, label
from app.ui.talk_button import TalkButton

if TYPE_CHECKING:
    from app.core import Core
    from app.dictation import Utterance

_EDGE, _GAP = 28, 18  # px left and right, and between what stands side by side
_SHOWN = 240  # characters of the text so far: its end is what is new


class TalkBar(QFrame):
    """Wired to the dictation; the button is pressed and let go like the global key."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self.core = core
        self.setObjectName("talkbar")
        a11y.name(self, self.tr("Speak"), self.tr("Start and stop listening."))
        self.setToolTip("")
        self.partial = a11y.name(label("", "partial"), self.tr("What I hear so far"))
        self.partial.hide()
        self.talk = TalkButton()
        self.meter = LevelMeter()
        self.meter_words = a11y.name(label("", "small"), self.tr("Microphone"))
        self.cancel = Button(
            self.tr("Cancel"),
            "x",
            self.tr("Stop without writing. The recording is kept in the history."),
            on_click=self._cancel,
        )
        self._beside = QVBoxLayout()
        self._beside.setSpacing(4)
        self._beside.addStretch(1)
        self._beside.addWidget(self.meter)
        self._beside.addWidget(self.meter_words)
        self._beside.addStretch(1)
        self._row = row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self.talk)
        row.addLayout(self._beside, 1)
        row.addWidget(self.cancel)
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(_EDGE, 12, _EDGE, 16)
        box.setSpacing(10)
        box.addWidget(self.partial)
        box.addLayout(row)
        self.talk.pressed.connect(core.dictation.press)
        self.talk.released.connect(core.dictation.release)
        core.dictation.partial.connect(self._heard)
        core.dictation.finished.connect(self._finished)
        core.person_deleted.connect(self._forget)
        self._cancelled = self._whose = ""  # the utterance that can be taken back, and who said it
        self._hearing = ""  # whose text so far is shown
        core.capture.level.connect(self._level)
        theme.current().changed.connect(self._arrange)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Cancel goes below the level where it would not have its words' width beside it."""
        stacked = self._beside.indexOf(self.cancel) >= 0
        cancel = self.cancel.sizeHint().width() + (theme.current().px(14) if stacked else 0)  # its usual padding
        needed = self.talk.sizeHint().width() + self.meter.minimumSizeHint().width() + cancel + 2 * _GAP
        narrow = needed > self.width() - 2 * _EDGE
        if narrow == stacked:
            return
        old, new, place = (self._row, self._beside, 3) if narrow else (self._beside, self._row, 2)
        old.removeWidget(self.cancel)
        new.insertWidget(place, self.cancel)
        self.cancel.set_narrow(narrow)
        edge = _EDGE // 2 if narrow else _EDGE
        self._box.setContentsMargins(edge, 12, edge, 16)
        self._row.setSpacing(_GAP // 2 if narrow else _GAP)

    def set_state(self, state: str) -> None:
        self.talk.set_state(state)
        if state == "problem":  # no old level: perhaps nothing is heard at all
            self.meter.clear()
            self.meter_words.setText("")
        if state in ("preparing", "listening"):
            self.partial.setText("")
            self._offer("")
        self.cancel.setEnabled(bool(self._cancelled) or state in ("preparing", "listening", "thinking"))
        self.partial.setVisible(state in ("preparing", "listening", "thinking") and bool(self.partial.text()))

    def _cancel(self) -> None:
        if self._cancelled:
            self.core.dictation.take_back(self._cancelled)
            self._offer("")
        else:
            self.core.dictation.cancel()

    def _finished(self, utterance: Utterance) -> None:
        if utterance.id == self._hearing:  # hands-free listening goes on: what is written is no longer "so far"
            self._heard("", "")
        if utterance.state == "cancelled":
            self._offer(utterance.id)
            self._whose = utterance.profile

    def _forget(self, person: str) -> None:
        if self._whose == person:
            self._offer("")
            self.set_state(self.core.dictation.state)
        self.partial.setText("")

    def _offer(self, identity: str) -> None:
        """After Cancel the same button takes it back, until the next dictation."""
        self._cancelled = identity
        if identity:
            self.cancel.set_icon("undo-2")
            self.cancel.set_words(self.tr("Take it back"), self.tr("Write down what was cancelled after all."))
            self.cancel.setEnabled(True)
        else:
            self.cancel.set_icon("x")
            self.cancel.set_words(
                self.tr("Cancel"), self.tr("Stop without writing. The recording is kept in the history.")
            )
        self._arrange()

    def set_key(self, key: str) -> None:
        self.talk.set_key(key)

    def _heard(self, identity: str, text: str) -> None:
        self._hearing = identity
        self.partial.setText(text if len(text) <= _SHOWN else "… " + text[-_SHOWN:].split(" ", 1)[-1])
        self.partial.setVisible(bool(text))

    def _level(self, rms: float, peak: float) -> None:
        self.meter.set_level(rms, peak)
        self.talk.set_level(rms, peak)
        words = self.meter.words() if self.talk.state == "listening" else ""
        if words != self.meter_words.text():
            self.meter_words.setText(words)
