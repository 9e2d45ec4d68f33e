"""The whole app in trouble: tells on its standard output what it says, and obeys lines on its standard input.

Run by ``test_faults`` in a mount namespace of its own, where the person's folder may be tiny or read-only.
Everything it tells is one JSON list a line: what kind, then the words.
"""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.core import Core
from app.history import Entry
from app.main import Desk
from engine.audio import SAMPLE_RATE, load_audio

_FILLING = 4096


def tell(kind: str, *words: object) -> None:
    print(json.dumps([kind, *words]), flush=True)


def fill(path: Path, spare: int) -> None:
    """Take all room that is left beside ``path`` but ``spare`` bytes."""
    try:
        with path.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(_FILLING))
    except OSError:
        pass
    with path.open("r+b") as file:
        file.truncate(max(0, path.stat().st_size - spare))


def kept(entry: Entry) -> tuple[str, str, float]:
    """An entry's id and text, and how many seconds of its sound are there."""
    return entry.id, entry.text, load_audio(entry.audio).size / SAMPLE_RATE if entry.audio is not None else 0.0


def main(filling: Path) -> int:
    Core.prepare()
    app = QApplication(["idiolect"])
    desk = Desk(app)
    core = desk.core
    core.dictation.set_own_window(lambda front: True)
    core.message.connect(lambda text: tell("message", text))
    core.dictation.problem.connect(lambda code, text: tell("problem", text))
    core.dictation.state_changed.connect(lambda state, detail: tell("state", state, detail))
    core.dictation.finished.connect(lambda heard: tell("finished", heard.id, heard.state, heard.text))
    core.dictation.for_editor.connect(lambda heard: tell("editor", heard.id, heard.text))
    core.engine.ready.connect(lambda _: tell("ready"))
    core.engine.failed.connect(lambda text: tell("failed", text))
    core.capture.opened.connect(lambda _: tell("hears"))
    tell("open", *core.messages)
    actions: dict[str, Callable[..., object]] = {
        "start": core.dictation.start,
        "stop": core.dictation.stop,
        "cancel": core.dictation.cancel,
        "model": lambda name: core.store.update(model=name, first_start_done=True),
        "theme": lambda name: desk.window.open("settings")._set(theme=name),
        "says": lambda: tell("says", desk.window.messages.text.text()),
        "fill": lambda spare: fill(filling, int(spare)),
        "free": lambda: filling.unlink(),
        "history": lambda: tell("history", *(kept(entry) for entry in core.history.search())),
        "quit": desk.quit,
    }

    waiting = b""

    def listen() -> None:
        nonlocal waiting
        while select.select([0], [], [], 0)[0]:
            came = os.read(0, 4096)
            if not came:  # the test is gone
                desk.quit()
                return
            waiting += came
        *lines, waiting = waiting.split(b"\n")
        for line in lines:
            name, *words = line.decode().split()
            actions[name](*words)
            tell("done", name, *words)

    timer = QTimer(interval=20)
    timer.timeout.connect(listen)
    timer.start()
    status = app.exec()
    desk.close()
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
