"""Pictures of the running app for README and docs: ``python -m app.screenshots [FOLDER]``, on any screen.

The real window with the real engine: a sample that comes with Idiolect is dictated and compared,
so the texts in the pictures are what the model wrote. Under Xvfb:

    xvfb-run -s "-screen 0 1400x1000x24" python -m app.screenshots docs/images
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from app.core import Core
    from app.ui.window import MainWindow

LOOKS = (("light", 100), ("light", 200), ("dark", 100), ("dark", 200), ("high-contrast", 100), ("high-contrast", 200))
EVERY_LOOK = ("main", "demo", "settings", "first-start")  # the others once
SIZE = (1240, 860)


def main(argv: list[str] | None = None) -> int:
    """Make every picture in ``FOLDER`` (default docs/images); 0 when all were made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/images"))
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", default="", help="make only pictures whose name holds this")
    options = parser.parse_args(argv)
    options.folder.mkdir(parents=True, exist_ok=True)
    from engine.models import models_dir

    with tempfile.TemporaryDirectory() as home:  # never the person's own history
        os.environ.setdefault("IDIOLECT_MODELS", str(models_dir()))
        os.environ["IDIOLECT_HOME"] = home
        return _run(options.folder, options.language, options.only)


def _run(folder: Path, code: str, only: str) -> int:
    from PySide6.QtWidgets import QApplication

    from app.comparison import samples
    from app.core import Core
    from app.ui import language, theme
    from app.ui.window import MainWindow

    app = QApplication([sys.argv[0]])
    language.install(app, code)
    core = Core()
    core.store.update(
        first_start_done=True, sounds=False, warm_microphone=False, show_indicator=False, keep_corrections=True
    )
    core.start()
    if not _wait(app, lambda: core.engine.state in ("ready", "failed"), 60) or core.engine.state == "failed":
        print("The engine did not start: fetch the model base first.", file=sys.stderr)
        return 1
    theme.apply(app, "light")
    window = MainWindow(core)
    window.resize(*SIZE)
    window.show()
    clips = samples()
    _dictate(app, core, window, [clip for clip in clips if clip.cohort in ("typical", "parkinsons")])
    for name, percent in LOOKS:
        theme.apply(app, name, percent)
        for view, prepare in _views(app, core, window, clips):
            file = folder / (f"{view}-{name}.png" if percent == 100 else f"{view}-{name}-{percent}.png")
            if only in file.name and (view in EVERY_LOOK or (name, percent) == LOOKS[0]):
                picture = prepare()
                _settle(app)
                picture.grab().save(str(file))
                print(file)
    core.close()
    return 0


def _views(app: QApplication, core: Core, window: MainWindow, clips: list) -> list[tuple[str, Callable[[], QWidget]]]:  # type: ignore[type-arg]
    from app.ui.demo_view import DemoView
    from app.ui.first_start import FirstStart
    from app.ui.history_view import HistoryView

    def view(name: str) -> QWidget:
        window.open(name)
        return window

    def demo() -> QWidget:
        page = window.open("demo")
        assert isinstance(page, DemoView)
        if clips and page.comparison.result is None:
            clip = next((clip for clip in clips if clip.cohort == "parkinsons"), clips[0])
            page.samples.setCurrentIndex(1 + clips.index(clip))
            page.run(clip.audio, clip.text)
            _wait(app, lambda: page.comparison.result is not None, 60)
        page.verticalScrollBar().setValue(page.before.mapTo(page.column, page.before.rect().topLeft()).y() - 120)
        return window

    def pictures() -> QWidget:
        demo()
        page = window.open("demo")
        assert isinstance(page, DemoView)
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
        return window

    def history() -> QWidget:
        page = window.open("history")
        assert isinstance(page, HistoryView)
        page.list.setCurrentIndex(page.model.index(0))
        return window

    def first(step: int) -> QWidget:
        start = FirstStart(core)
        start.resize(*SIZE)
        start.show()
        start.show_step(step)
        if step == 2:
            _wait(app, lambda: start.models._speed is not None, 20)
        _keep.append(start)
        return start

    return [
        ("main", lambda: view("dictate")),
        ("demo", demo),
        ("demo-pictures", pictures),
        ("learn", lambda: view("learn")),
        ("settings", lambda: view("settings")),
        ("first-start", lambda: first(0)),
        ("first-start-model", lambda: first(2)),
        ("history", history),
        ("reading", lambda: view("reading")),
    ]


_keep: list[QWidget] = []  # Qt deletes what Python forgets


def _dictate(app: QApplication, core: Core, window: MainWindow, clips: list) -> None:  # type: ignore[type-arg]
    """Put recordings into the spool as if they had been spoken; their text arrives in the history and the editor.

    Then they are corrected to what was meant, as Learn needs it.
    """
    import numpy as np

    from app.spool import Spool
    from engine.audio import load_audio

    for clip in clips:
        texts: list[object] = []
        recording = Spool().begin(core.store.current.profile, lambda _: None)
        recording.append((load_audio(clip.audio) * 32767).astype(np.int16))
        recording.finish()
        core.dictation.finished.connect(texts.append)
        core.dictation.recover()
        _wait(app, lambda texts=texts: bool(texts), 60)  # type: ignore[misc]
        core.dictation.finished.disconnect(texts.append)
        core.corrections.correct(recording.note.id, clip.text)
    window.dictate.editor.ensureCursorVisible()
    window.messages.hide()


def _wait(app: QApplication, condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        app.processEvents()
        time.sleep(0.005)
    return True


def _settle(app: QApplication) -> None:
    _wait(app, lambda: False, 0.35)


if __name__ == "__main__":
    sys.exit(main())
