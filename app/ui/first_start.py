"""The first five minutes: language, look, microphone, model, and a first dictation that works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import a11y, language, place, theme, wording
from app.ui.editor import Editor
from app.ui.level_meter import LevelMeter
from app.ui.message_bar import MessageBar
from app.ui.model_list import ModelList
from app.ui.parts import Button, Page, Row, card, combo, field, label, reveal
from app.ui.sentences import translated
from app.ui.setting_fields import fill_devices
from app.ui.settings_view import LANGUAGES
from app.ui.talk_button import TalkButton
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core
    from app.dictation import Utterance


class FirstStart(QWidget):
    """Steps with Back and Next. Every step can be left out; nothing waits for a clock."""

    done = Signal()

    def __init__(self, core: Core) -> None:
        super().__init__()
        self.core = core
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Welcome to Idiolect"))
        self.setAccessibleName(self.tr("Welcome to Idiolect"))
        self.resize(980, 780)
        place.fit(self)
        self.messages = MessageBar()
        self.stack = QStackedWidget()
        for page in (self._welcome(), self._microphone(), self._model(), self._try()):
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            self.stack.addWidget(page)
        self.where = a11y.name(label("", "muted"), self.tr("Step"))
        self.where.setWordWrap(False)
        self.back = Button(
            self.tr("Back"), "arrow-left", self.tr("Go to the step before."), on_click=lambda: self._go(-1)
        )
        self.next = Button(
            self.tr("Next"),
            "arrow-right",
            self.tr("Go to the next step."),
            role="primary",
            on_click=lambda: self._go(1),
        )
        bar = QHBoxLayout()
        bar.setContentsMargins(32, 12, 32, 20)
        bar.setSpacing(12)
        bar.addWidget(self.where)
        bar.addStretch(1)
        bar.addWidget(self.back)
        bar.addWidget(self.next)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        top = QVBoxLayout()
        top.setContentsMargins(32, 12, 32, 0)
        top.addWidget(self.messages)
        box.addLayout(top)
        box.addWidget(self.stack, 1)
        box.addLayout(bar)
        self._connect()
        self.show_step(0)

    # -- the steps ------------------------------------------------------------------------

    def _welcome(self) -> Page:
        now = self.core.store.current
        page = Page(
            self.tr("Welcome to Idiolect"),
            self.tr(
                "Speak the way you speak: Idiolect fits itself to your voice with every sentence. There is nothing to "
                "train, and nothing you say ever leaves this computer."
            ),
            width=820,
        )
        window = combo(
            self.tr("Language of this window"),
            self.tr("The language of buttons and messages."),
            [(name, code) for code, name in language.NAMES.items()],
            language.wanted(now.interface_language),
        )
        window.currentIndexChanged.connect(lambda _: self._set(interface_language=window.currentData()))
        speak = combo(
            self.tr("The language you speak"),
            self.tr("The language you dictate in."),
            [(self.tr("Find out by itself"), None), *((name, code) for code, name in LANGUAGES.items())],
            now.language,
        )
        speak.currentIndexChanged.connect(lambda _: self._set(language=speak.currentData()))
        size = combo(
            self.tr("Text size"),
            self.tr("How large everything is written."),
            [(f"{percent} %", percent / 100) for percent in (100, 115, 130, 150, 175, 200)],
            now.text_scale,
        )
        size.currentIndexChanged.connect(lambda _: self._set(text_scale=size.currentData()))
        colours = combo(
            self.tr("Colours"),
            self.tr("Light, dark or high contrast."),
            [
                (self.tr("As the desktop"), "system"),
                (self.tr("Light"), "light"),
                (self.tr("Dark"), "dark"),
                (self.tr("High contrast"), "high-contrast"),
            ],
            now.theme,
        )
        colours.currentIndexChanged.connect(lambda _: self._set(theme=colours.currentData()))
        page.add(
            card(
                field(self.tr("Language of this window"), window),
                field(self.tr("The language you speak"), speak),
                field(self.tr("Text size"), size),
                field(self.tr("Colours"), colours),
            )
        )
        return page

    def _microphone(self) -> Page:
        page = Page(
            self.tr("Can I hear you?"),
            self.tr("Say something. The bars should move while you speak, and rest when you are quiet."),
            width=820,
        )
        self.device = combo(
            self.tr("Microphone"),
            self.tr("The microphone to listen to."),
            [(self.tr("The computer's own choice"), None)],
            None,
        )
        self.device.currentIndexChanged.connect(lambda _: self._set(microphone=self.device.currentData()))
        self.meter = LevelMeter()
        self.heard = a11y.name(label("", "heading"), self.tr("What the microphone hears"))
        self.heard.setText(self.tr("Waiting for sound …"))
        again = Button(
            self.tr("Look for microphones again"),
            "refresh-cw",
            self.tr("After connecting a microphone."),
            on_click=self.core.capture.find_devices,
        )
        page.add(card(field(self.tr("Microphone"), self.device), self.meter, self.heard, Row(again)))
        return page

    def _model(self) -> Page:
        page = Page(
            self.tr("The speech model"),
            self.tr(
                "A model turns sound into text. It is fetched once, then everything works without the internet. "
                "If in doubt: base."
            ),
            width=820,
        )
        self.models = ModelList(self.core)
        self.models.told.connect(self.messages.answer)
        page.add(self.models)
        return page

    def _try(self) -> Page:
        page = Page(
            self.tr("Your first dictation"),
            self.tr("Press the button, say a sentence, and press it again. Take your time: pauses do not matter."),
            width=820,
        )
        self.editor = Editor()
        theme.current().changed.connect(self._sizes)
        self._sizes()
        self.talk = TalkButton()
        self.try_meter = LevelMeter()
        self.state = a11y.name(label("", "muted"), self.tr("State"))
        self.result = a11y.name(label(""), self.tr("About your words"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.talk)
        row.addWidget(self.try_meter, 1)
        page.add(self.editor)
        page.add(row)
        page.add(self.state)
        page.add(self.result)
        self.key_line = a11y.name(label("", "small"), self.tr("The key"))
        page.add(self.key_line)
        return page

    def _sizes(self) -> None:
        self.editor.setMinimumHeight(theme.current().px(100))

    # -- what happens ------------------------------------------------------------------------

    def _connect(self) -> None:
        core, dictation = self.core, self.core.dictation
        core.capture.devices_found.connect(self._devices)
        core.capture.level.connect(self._level)
        core.capture.problem.connect(self._microphone_trouble)
        core.capture.recovered.connect(self._microphone_back)
        core.engine.ready.connect(self._engine_ready)
        core.message.connect(self.messages.tell)
        dictation.state_changed.connect(self._state)
        dictation.for_editor.connect(self._written)
        dictation.finished.connect(self._finished)
        dictation.problem.connect(self._trouble)
        self.talk.pressed.connect(dictation.press)
        self.talk.released.connect(dictation.release)

    def show_step(self, number: int) -> None:
        """Go to step ``number`` (0 to 3)."""
        self.stack.setCurrentIndex(number)
        last = number == self.stack.count() - 1
        self.where.setText(self.tr("Step {number} of {count}").format(number=number + 1, count=self.stack.count()))
        self.back.setEnabled(number > 0)
        self.next.set_words(self.tr("Finish") if last else self.tr("Next"))
        self.next.set_icon("check" if last else "arrow-right")
        if number == 1:
            self.core.capture.find_devices()
            self.core.capture.arm()
        elif number == 2:
            self.models.measure()
            self.models.refresh()
        elif number == 3:
            self.key_line.setText(translated(self.core.hotkey.status.message))
            if not self.models.is_installed(self.core.store.current.model):
                self.messages.tell(self._no_model(), True, about="model")
            self.core.dictation.set_own_window(lambda front: place.in_front(self, front))
            self.talk.setFocus()
            reveal(self.talk)
        page = self.stack.currentWidget()
        a11y.announce(self, f"{self.where.text()}: {page.accessibleName()}")

    def _go(self, step: int) -> None:
        number = self.stack.currentIndex() + step
        if number >= self.stack.count():
            self._set(first_start_done=True)
            self.close()
        else:
            self.show_step(number)

    def _set(self, **changes: object) -> None:
        try:
            self.core.store.update(**changes)
        except IdiolectError as error:
            self.messages.tell(str(error), True)

    def _devices(self, devices: list) -> None:  # type: ignore[type-arg]
        with QSignalBlocker(self.device):
            fill_devices(self.device, devices, self.core.store.current.microphone, self.tr("The computer's own choice"))
        if not devices and self.stack.currentIndex() == 1:
            none = self.tr("No microphone was found: connect one, then look again.")
            self.messages.tell(none, True, about="microphone")

    def _level(self, rms: float, peak: float) -> None:
        if self.stack.currentIndex() == 1:
            self.meter.set_level(rms, peak)
            words = self.meter.words()
            if words and words != self.heard.text():
                self.heard.setText(words)
        elif self.stack.currentIndex() == 3:
            self.try_meter.set_level(rms, peak)
            self.talk.set_level(rms, peak)

    def _state(self, state: str, detail: str) -> None:
        self.talk.set_state(state)
        self.state.setText(translated(detail))

    def _written(self, utterance: Utterance) -> None:
        if self.isVisible():
            words = utterance.transcript.words if utterance.transcript else ()
            self.editor.insert_utterance(utterance.id, utterance.text, words)

    def _finished(self, utterance: Utterance) -> None:
        if utterance.transcript is not None and utterance.state == "done":
            self.result.setText(wording.personalization(utterance.transcript, self.core.store.current.strength))

    def _trouble(self, code: str, text: str) -> None:
        if code == "engine":
            self._engine_failed(text)
        elif self.isVisible():
            self.messages.tell(text, True)

    def _microphone_trouble(self, _code: str, text: str) -> None:
        if self.isVisible():
            self.messages.tell(text, True, about="microphone")

    def _microphone_back(self) -> None:
        self.messages.withdraw("microphone")

    def _no_model(self) -> str:
        return self.tr("No model is here yet: go back one step and fetch or import one.")

    def _engine_ready(self, _ready: object) -> None:
        self.messages.withdraw("model")

    def _engine_failed(self, text: str) -> None:
        # That no model is here is no news before it was to be fetched.
        if self.isVisible() and self.stack.currentIndex() == 3 and self.models.is_installed():
            self.messages.tell(text, True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter goes on from whatever does not need it itself."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._go(1)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.models.jobs.close()
        event.accept()
        self.done.emit()
