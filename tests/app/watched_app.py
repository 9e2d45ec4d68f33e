"""The whole app, as people start it, on its way through a day; run by ``test_privacy`` without a network.

Says on its standard output how far it is, and waits for a line before it goes on: what is
spoken and typed comes from the test.
"""

from __future__ import annotations

import select
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.comparison import samples
from app.core import Core
from app.main import Desk
from tests.app.conftest import wait_until

PATIENCE = 120.0


def reached(what: str) -> None:
    print(what, flush=True)
    wait_until(lambda: bool(select.select([sys.stdin], [], [], 0)[0]), PATIENCE)
    sys.stdin.readline()


def main(reports: Path) -> int:
    Core.prepare()
    app = QApplication(["idiolect"])
    desk = Desk(app)
    core, window = desk.core, desk.window
    heard: list[object] = []
    core.dictation.finished.connect(heard.append)
    core.dictation.problem.connect(lambda code, sentence: print(f"problem {code}", flush=True))
    core.dictation.held.connect(lambda _, why: print(f"held: {why}", flush=True))
    core.dictation.inserted.connect(lambda _, note: print(f"inserted {note}", flush=True))
    core.dictation.for_editor.connect(lambda _: print("into the editor", flush=True))
    if not wait_until(
        lambda: core.engine.state == "ready" and core.capture.is_open and window.isActiveWindow(), PATIENCE
    ):
        return 1
    core.dictation.state_changed.connect(lambda state, _: print(state, flush=True))
    print("ready", flush=True)
    if not wait_until(lambda: not window.isActiveWindow(), PATIENCE):  # the other program comes to the front
        return 1
    print("behind", flush=True)
    if not wait_until(lambda: bool(heard), PATIENCE):  # the key is pressed, something is said
        return 1
    reached("heard")
    utterance = core.history.search()[0]
    core.store.update(keep_corrections=True, vocabulary=("Featherstonehaugh",))
    core.corrections.correct(utterance.id, f"{utterance.text} Featherstonehaugh.")
    core.dictation.retry(utterance.id, n_best=3, compare=True)
    for name in list(window._makers):
        window.open(name)
        wait_until(lambda: False, 0.5)
    view = window.open("demo")
    sample = samples()[0]
    view.run(sample.audio, sample.text)
    if not wait_until(lambda: len(heard) > 1 and view.comparison.result is not None, PATIENCE):
        return 1
    view.export(reports / "report.html", "html")
    view.export(reports / "report.pdf", "pdf")
    core.history.export(reports / "history.csv", "csv")
    reached("all seen")
    desk.quit()
    desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
