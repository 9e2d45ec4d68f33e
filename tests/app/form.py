"""Another program with two fields, for the tests: writes what is in them to a file as it changes, a line each."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

app = QApplication(["other-program"])
form = QWidget()
form.setWindowTitle(sys.argv[2])
fields = QLineEdit(), QLineEdit()
box = QVBoxLayout(form)
for field in fields:
    box.addWidget(field)
form.resize(500, 200)
form.show()
form.activateWindow()
target = Path(sys.argv[1])


def write() -> None:
    fresh = target.with_suffix(".new")
    fresh.write_text("\n".join(field.text() for field in fields), "utf-8")
    fresh.replace(target)  # never half a text


timer = QTimer(interval=30)
timer.timeout.connect(write)
timer.start()
app.exec()
