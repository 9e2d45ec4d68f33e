"""Opens the window for the screen reader's test, tells one message, and stays. Run by ``test_ui_screen_reader``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.core import Core
from app.dictation import Utterance
from app.ui import theme
from app.ui.window import MainWindow

if __name__ == "__main__":
    app = QApplication(["idiolect"])
    app.setApplicationName("idiolect")
    core = Core()
    theme.apply(app, "light")
    window = MainWindow(core)
    window.show()
    window.activateWindow()
    announcer = QTimer(interval=700)
    announcer.timeout.connect(lambda: window.messages.tell("Your words are safe.", True))
    said = Utterance("u", "These are the dictated words.", "", None, None, 1.0, datetime.now(UTC))
    announcer.timeout.connect(lambda: window.dictate.write(said))
    held = Utterance("h", "These words wait.", "", None, None, 1.0, datetime.now(UTC))
    announcer.timeout.connect(lambda: core.dictation._delivery.deliver(held, False, None))
    announcer.start()
    QTimer.singleShot(60_000, app.quit)
    status = app.exec()
    core.close()
    sys.exit(status)
