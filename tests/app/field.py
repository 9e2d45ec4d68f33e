"""Another program with a text field, for the tests: prints what is in it to a file as it changes."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit

app = QApplication(["other-program"])
field = QPlainTextEdit()
field.setWindowTitle(sys.argv[2])
field.resize(500, 200)
field.show()
field.activateWindow()
target = Path(sys.argv[1])


def write() -> None:
    fresh = target.with_suffix(".new")
    fresh.write_text(field.toPlainText() + "\0" + field.textCursor().selectedText(), "utf-8")
    fresh.replace(target)  # never half a text


timer = QTimer(interval=30)
timer.timeout.connect(write)
timer.start()
app.exec()
