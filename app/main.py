"""Start the app: one instance, one window, a tray icon and an indicator around one ``Core``."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.single import Instance
    from app.ui.first_start import FirstStart

_PATIENCE = 20.0  # seconds for another app to come up


def run(argv: list[str] | None = None) -> int:
    """Open the app and stay until it is closed; the exit status. ``argv`` is without the program's name."""
    multiprocessing.freeze_support()
    parser = argparse.ArgumentParser(prog="idiolect", description="Dictation that understands your voice.")
    parser.add_argument("--hidden", action="store_true", help="start in the notification area")
    parser.add_argument(
        "--send", metavar="COMMAND", help="tell the running app: raise, toggle, start, stop, cancel, undo, quit"
    )
    parser.add_argument("--open", metavar="FILE", nargs="?", type=Path, help="show what is said in a recording")
    options = parser.parse_args(argv)
    problem = _no_display()
    if problem and not options.send:
        print(problem, file=sys.stderr)
        return 1
    try:
        from app.core import Core
    except ImportError as error:
        print(f"The app needs PySide6 ({error}): install Idiolect with its 'app' extra.", file=sys.stderr)
        return 1
    from app.single import Instance

    if options.send:
        if Instance.send(options.send):
            return 0
        print("Idiolect is not running: start it first.", file=sys.stderr)
        return 1
    file = options.open.absolute() if options.open else None
    wish = f"open {file.as_uri()}" if file else "raise"
    if Instance.send(wish):
        return 0
    Core.prepare()
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([sys.argv[0] if sys.argv else "idiolect"])
    assert isinstance(app, QApplication)
    try:
        # Before anything of the person's is touched: a double-click, or a hand that trembles, starts two at once.
        instance = Instance()
        if not instance.listen():
            return _told(wish)
        desk = Desk(app, hidden=options.hidden, file=file, instance=instance)
    except IdiolectError as error:
        from PySide6.QtWidgets import QMessageBox

        print(error, file=sys.stderr)
        QMessageBox.critical(None, "Idiolect", str(error))  # from a menu nobody sees the line above
        return 1
    try:
        return app.exec()
    finally:
        desk.close()


def _told(wish: str) -> int:
    """Have the app that is about to come up do it."""
    from app.single import Instance

    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if Instance.send(wish):
            return 0
        time.sleep(0.2)
    print("Idiolect is running already, but it does not answer: end it, then start it again.", file=sys.stderr)
    return 1


def _no_display() -> str:
    """A sentence where there is no screen to open a window on, else nothing."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): start Idiolect from a "
        "desktop session, or use 'idiolect transcribe' on a recording."
    )


class Desk:
    """Everything that is on screen, and how it hangs together with the core."""

    def __init__(
        self, app: object, hidden: bool = False, file: Path | None = None, instance: Instance | None = None
    ) -> None:
        from PySide6.QtGui import QIcon
        from PySide6.QtWidgets import QApplication

        from app.core import Core
        from app.ui import language
        from app.ui.indicator import Indicator
        from app.ui.parts import pixmap
        from app.ui.theme import LIGHT
        from app.ui.tray import Tray

        assert isinstance(app, QApplication)
        self.app = app
        app.setApplicationName("idiolect")
        app.setApplicationDisplayName("Idiolect")
        app.setDesktopFileName("idiolect")
        app.setQuitOnLastWindowClosed(False)
        app.setWindowIcon(QIcon(pixmap("audio-lines", LIGHT.accent, 128)))
        self.welcome: FirstStart | None = None
        self.closed = False
        self._file = file
        self.core = Core(instance)
        self.translators = language.install(app, self.core.store.current.interface_language)
        self.dress()
        self.window = self._window()
        self.indicator = Indicator()
        self.indicator.place()
        self.tray = Tray()
        self._wire()
        sys.excepthook = self._unexpected
        if instance is None:
            self.core.instance.listen()
        self.core.start()
        self.tray.show()
        settings = self.core.store.current
        if not settings.first_start_done:
            self.first_start()
        elif file is not None:
            self.show_recording(str(file))
        elif not ((hidden or settings.start_hidden) and self.tray.available):
            self.window.bring_up()
        self._show_indicator()

    def dress(self) -> None:
        """Put the look of the settings on."""
        from app.ui import theme

        settings = self.core.store.current
        theme.apply(self.app, settings.theme, round(settings.text_scale * 100), settings.reduced_motion)

    def first_start(self) -> None:
        from app.ui.first_start import FirstStart

        self.welcome = FirstStart(self.core)
        self.welcome.done.connect(self._first_start_done)
        self.welcome.show()

    def show_recording(self, path: str) -> None:
        """Write down a recording, without and with personalization, in the view Compare."""
        from app.ui.demo_view import DemoView

        self.window.bring_up()
        view = self.window.open("demo")
        assert isinstance(view, DemoView)
        view.run(Path(path))

    def close(self) -> None:
        """Save what is to be saved and end the engine. May be called twice."""
        self.closed = True
        self.tray.hide()
        self.indicator.hide()
        self.core.close()

    def _window(self):  # type: ignore[no-untyped-def]
        from app.ui.window import MainWindow

        window = MainWindow(self.core)
        window.closing.connect(self._window_closed)
        window.language_changed.connect(self._change_language)
        window.stack.currentChanged.connect(lambda _: self._show_indicator())
        return window

    def _wire(self) -> None:
        core, dictation = self.core, self.core.dictation
        dictation.state_changed.connect(self.tray.set_state)
        dictation.state_changed.connect(self.indicator.set_state)
        dictation.state_changed.connect(lambda *_: self._show_indicator())
        self.app.focusWindowChanged.connect(lambda *_: self._show_indicator())
        dictation.level.connect(self.indicator.set_level)
        core.store.changed.connect(self._settings_changed)
        core.instance.command.connect(self._obey)
        core.instance.recording.connect(self.show_recording)
        self.app.styleHints().colorSchemeChanged.connect(lambda _: self.dress())
        self.indicator.clicked.connect(self._indicator_clicked)
        self.tray.toggled.connect(dictation.toggle)
        self.tray.cancelled.connect(dictation.cancel)
        self.tray.undone.connect(dictation.undo)
        self.tray.opened.connect(lambda: self.window.bring_up())
        self.tray.quitted.connect(self.quit)

    def _settings_changed(self, _settings: object, names: frozenset[str]) -> None:
        if names & {"theme", "text_scale", "reduced_motion"}:
            self.dress()
        if names & {"show_indicator", "first_start_done"}:
            self._show_indicator()

    def _indicator_clicked(self) -> None:
        """Speak, or, where a text waits for it, say where it belongs."""
        self.window.bring_up() if self.window.dictate.held.waiting else self.core.dictation.toggle()

    def _show_indicator(self) -> None:
        """Where it is wanted, and tells what is not to be seen: the view of dictation says the same, and what it would
        lie on there is what people aim at."""
        settings = self.core.store.current
        told = self.core.dictation.state == "idle" or self.window.stack.currentWidget() is self.window.dictate
        wanted = settings.show_indicator and settings.first_start_done and not self.closed
        self.indicator.setVisible(wanted and not (told and self.app.focusWindow() is not None))

    def _change_language(self) -> None:
        """Build the window anew in the other language; the text in the editor is kept."""
        from app.ui import language

        language.remove(self.app, self.translators)
        self.translators = language.install(self.app, self.core.store.current.interface_language)
        old = self.window
        shown, place = old.isVisible(), old.geometry()
        self.window = self._window()
        self.window.dictate.adopt(old.dictate)
        self.window.setGeometry(place)
        old.closing.disconnect()
        old.deleteLater()
        if shown:
            self.window.show()
            self.window.open("settings")
        if self.welcome is not None and self.welcome.isVisible():
            self.welcome.done.disconnect()
            place = self.welcome.geometry()
            self.welcome.close()
            self.first_start()
            self.welcome.setGeometry(place)

    def _first_start_done(self) -> None:
        self.window.bring_up()
        if self._file is not None:
            self.show_recording(str(self._file))

    def _window_closed(self) -> None:
        # Without a tray icon there would be no way back to a hidden app.
        if not self.tray.available or not self.tray.icon.isVisible():
            self.quit()

    def _obey(self, command: str) -> None:
        if command == "raise":
            self.window.bring_up()
        elif command == "quit":
            self.quit()
        # the others are the core's: it listens to the same signal

    def quit(self) -> None:
        self.window.remember()
        self.app.quit()

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A defect must not take the app, or a word, with it: say so in one sentence and go on."""
        if issubclass(kind, KeyboardInterrupt):
            self.app.quit()
            return
        if os.environ.get("IDIOLECT_DEBUG"):
            traceback.print_exception(kind, error, trace)
        text = str(error) if isinstance(error, IdiolectError) else (
            "Something inside Idiolect went wrong. Nothing you said is lost: see History. "
            f"If it happens again, please report: {kind.__name__}."
        )  # fmt: skip
        self.window.messages.tell(text, True)


if __name__ == "__main__":
    sys.exit(run())
