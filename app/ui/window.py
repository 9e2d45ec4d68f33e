"""The main window: the list of views at the left, the view, and one line for messages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import learning
from app.desktop import Window
from app.ui import a11y, place, theme, wording
from app.ui.dictate_view import DictateView
from app.ui.message_bar import MessageBar
from app.ui.parts import Button, label, lay_out_anew
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core
    from app.learning import Outcome


class MainWindow(QMainWindow):
    """All views of the app around one ``Core``. Views are made when they are first opened."""

    closing = Signal()
    language_changed = Signal()

    def __init__(self, core: Core, dictate: DictateView | None = None) -> None:
        super().__init__()
        self.core = core
        self.setWindowTitle("Idiolect")
        self.setAccessibleName("Idiolect")
        self.resize(1180, 820)
        self.setMinimumSize(640, 480)
        place.restore(self, core.store.current.window)
        self.dictate = dictate or DictateView(core)
        self.messages = MessageBar()
        self.stack = QStackedWidget()
        self._views: dict[str, QWidget] = {}
        self._makers = self._view_makers()
        self._buttons: dict[str, Button] = {}
        self._build()
        self._connect()
        self.open("dictate")

    def _view_makers(self) -> dict[str, tuple[str, str, str, Callable[[], QWidget]]]:
        """name → (words, icon, description, function that makes the view)."""

        def history() -> QWidget:
            from app.ui.history_view import HistoryView

            return HistoryView(self.core)

        def learn() -> QWidget:
            from app.ui.learn_view import LearnView

            return LearnView(self.core)

        def demo() -> QWidget:
            from app.ui.demo_view import DemoView

            return DemoView(self.core)

        def reading() -> QWidget:
            from app.ui.reading import ReadingView

            return ReadingView(self.core)

        def people() -> QWidget:
            from app.ui.profiles import ProfilesView

            return ProfilesView(self.core)

        def settings() -> QWidget:
            from app.ui.settings_view import SettingsView

            return SettingsView(self.core)

        def models() -> QWidget:
            from app.ui.models_view import ModelsView

            return ModelsView(self.core)

        def doctor() -> QWidget:
            from app.ui.doctor_view import DoctorView

            return DoctorView(self.core)

        return {
            "dictate": (
                self.tr("Dictate"),
                "mic",
                self.tr("Speak, and read and correct what was written."),
                lambda: self.dictate,
            ),
            "history": (
                self.tr("History"),
                "history",
                self.tr("Everything you dictated: search, hear, copy, delete."),
                history,
            ),
            "learn": (
                self.tr("Learn"),
                "graduation-cap",
                self.tr("Teach Idiolect your voice with what you corrected."),
                learn,
            ),
            "demo": (self.tr("Compare"), "columns-2", self.tr("One recording with and without personalization."), demo),
            "reading": (
                self.tr("Reading"),
                "book-open",
                self.tr("Read ten sentences: measure, and set what suits you."),
                reading,
            ),
            "people": (self.tr("People"), "users", self.tr("Several people on this computer."), people),
            "models": (self.tr("Models"), "hard-drive", self.tr("The speech models on this computer."), models),
            "settings": (self.tr("Settings"), "settings", self.tr("Change how Idiolect works and looks."), settings),
            "doctor": (
                self.tr("Check-up"),
                "stethoscope",
                self.tr("What works on this computer, and how to mend the rest."),
                doctor,
            ),
        }

    def _build(self) -> None:
        nav = QFrame()
        nav.setObjectName("nav")
        a11y.name(nav, self.tr("Views"), self.tr("Choose what this window shows."))
        nav.setToolTip("")
        column = QVBoxLayout(nav)
        column.setContentsMargins(10, 18, 10, 18)
        column.setSpacing(4)
        self._brand = label("Idiolect", "heading")
        self._brand.setWordWrap(False)
        self._brand.setContentsMargins(10, 0, 0, 10)
        column.addWidget(self._brand)
        group = QButtonGroup(self)
        for number, (key, (words, icon, description, _)) in enumerate(self._makers.items(), 1):
            button = Button(words, icon, f"{description} (Alt+{number})")
            button.setCheckable(True)
            # A screen reader may toggle instead of click.
            button.toggled.connect(lambda on, key=key: self._show(key) if on else None)
            group.addButton(button)
            column.addWidget(button)
            self._buttons[key] = button
            QShortcut(QKeySequence(f"Alt+{number}"), self, lambda key=key: self.open(key))
        column.addStretch(1)
        self._person = label("", "small")
        self._person.setWordWrap(False)
        self._person.setContentsMargins(10, 0, 0, 0)
        column.addWidget(self._person)
        self._nav = QScrollArea()
        self._nav.setWidget(nav)
        self._nav.setWidgetResizable(True)
        self._nav.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nav.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nav.setFrameShape(QFrame.Shape.NoFrame)
        a11y.name(self._nav, self.tr("Views"), self.tr("Choose what this window shows."))
        self._nav.setToolTip("")

        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        message_box = QVBoxLayout()
        message_box.setContentsMargins(28, 12, 28, 0)
        message_box.addWidget(self.messages)
        right.addLayout(message_box)
        right.addWidget(self.stack, 1)
        whole = QWidget()
        whole.setObjectName("page")
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._nav)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)
        theme.current().changed.connect(self._fit)

    def _connect(self) -> None:
        core = self.core
        self.dictate.told.connect(self.messages.answer)
        core.message.connect(self.messages.tell)
        core.store.message.connect(self.messages.tell)
        core.dictation.problem.connect(self._trouble)
        core.dictation.recovered.connect(self._recovered)
        core.engine.failed.connect(self._engine_failed)
        core.engine.ready.connect(self._engine_ready)
        core.capture.problem.connect(self._microphone_trouble)
        core.capture.recovered.connect(self._microphone_back)
        core.store.changed.connect(self._settings_changed)
        core.learning.ended.connect(self._learned)
        core.learning.failed.connect(self._learning_failed)
        core.history.set_on_change(self._history_changed)
        self.claim()
        for text in [*core.messages, *core.store.messages]:
            self.messages.tell(text)
        self._show_person()

    def open(self, name: str) -> QWidget:
        """Show the view ``name``, and make it first where it was not shown before."""
        if self._buttons[name].isChecked():
            self._show(name)
        else:
            self._buttons[name].setChecked(True)
        return self._views[name]

    def _show(self, name: str) -> None:
        self.dictate.learn()  # whatever is shown next may count what was corrected
        if name not in self._views:
            self._views[name] = self._makers[name][3]()
            self.stack.addWidget(self._views[name])
            told = getattr(self._views[name], "told", None)
            if told is not None and name != "dictate":
                told.connect(self.messages.answer)
        view = self._views[name]
        self.stack.setCurrentWidget(view)
        lay_out_anew(view)  # the text may have become larger meanwhile
        refresh = getattr(view, "refresh", None)
        if refresh is not None:
            refresh()
        if name == "dictate":
            self.dictate.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def claim(self) -> None:
        """What is dictated while this window is in front belongs into its editor."""
        self.core.dictation.set_own_window(self._takes_text)

    def _takes_text(self, front: Window | None) -> bool:
        return place.in_front(self, front) and self.stack.currentWidget() is self.dictate

    def _history_changed(self) -> None:
        view = self._views.get("history")
        if view is not None:
            view.changed()  # type: ignore[attr-defined]

    def _trouble(self, code: str, text: str) -> None:
        if code != "engine":  # that comes from the engine itself
            self.messages.tell(text, True)

    def _microphone_trouble(self, _code: str, text: str) -> None:
        self.messages.tell(text, True, about="microphone")

    def _microphone_back(self) -> None:
        self.messages.withdraw("microphone")

    def _engine_failed(self, text: str) -> None:
        settings = self.core.store.current
        if learning.base_of(settings.model) is not None:
            self.messages.tell(text, True)
        elif settings.first_start_done:  # until then the first start asks for a model
            missing = self.tr("The model {model} is not on this computer.").format(model=settings.model)
            self.messages.tell(missing, True, self.tr("Choose a model"), lambda: self.open("models"), "model")

    def _engine_ready(self, _ready: object) -> None:
        self.messages.withdraw("model")

    def _learning_failed(self, text: str) -> None:
        self.messages.tell(text, True)

    def _learned(self, outcome: Outcome) -> None:
        self.messages.tell(wording.learned(outcome))

    def bring_up(self) -> None:
        """Show the window and put it in front; where text waits, with what to do about it."""
        self.claim()
        if self.dictate.held.waiting:
            self.open("dictate")
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def _recovered(self, identities: list[str]) -> None:
        if identities:
            self.messages.tell(
                self.tr(
                    "Idiolect was closed while you were speaking. Your recording is safe and is being written now: "
                    "{count} found. See History."
                ).format(count=len(identities))
            )

    def _settings_changed(self, _settings: object, names: frozenset[str]) -> None:
        if "interface_language" in names:
            self.language_changed.emit()
        if names & {"profile"}:
            self._show_person()

    def _show_person(self) -> None:
        people = {person.id: person.name for person in self.core.store.profiles.all()}
        name = people.get(self.core.store.current.profile, "")
        self._person.setText(name)
        a11y.name(self._person, self.tr("Open profile: {name}").format(name=name))

    def _fit(self) -> None:
        """Names beside the icons where there is room, icons alone (named for screen readers) where not."""
        narrow = self.width() < theme.current().px(760)
        for key, button in self._buttons.items():
            button.setText("" if narrow else self._makers[key][0])
            button.set_narrow(narrow)
            button.setAccessibleName(self._makers[key][0])
        self._brand.setVisible(not narrow)
        self._person.setVisible(not narrow)
        nav = self._nav.widget()
        if nav is not None:
            nav.ensurePolished()
            bar = 4 if self.height() > nav.sizeHint().height() else 18
            self._nav.setFixedWidth(nav.sizeHint().width() + bar + (0 if narrow else self._bolder()))

    def _bolder(self) -> int:
        """How much wider the names beside the icons become when the open view's is written bold, in px."""
        names, font = [words for words, *_ in self._makers.values()], QFont(self.font())
        plain = max(map(QFontMetrics(font).horizontalAdvance, names))
        font.setBold(True)
        return max(map(QFontMetrics(font).horizontalAdvance, names)) - plain

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        # A screen reader is told only what happens in the window in front: what waited is told when that is ours again.
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.dictate.held.announce()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def remember(self) -> None:
        """What is to be there at the next start: corrections typed last, and where the window is."""
        self.dictate.learn()
        with contextlib.suppress(IdiolectError):  # a full disk: it only opens elsewhere
            self.core.store.update(window=place.kept(self))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.remember()
        self.closing.emit()
        event.accept()
