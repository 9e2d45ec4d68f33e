"""Starting the app: no screen, no model, a second time, and through the first start to a first dictation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from app.main import Desk
from app.model_jobs import ModelJobs
from app.settings import SettingsStore
from app.single import Instance
from app.ui.model_list import ModelList
from engine.audio import write_wav
from tests.app.conftest import Microphone, wait_until
from tests.speech import say

ROOT = Path(__file__).parent.parent.parent
PROMPT = "Please call my sister and tell her that dinner is ready."


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    cleaned = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-m", "app.main", *arguments],
        capture_output=True, text=True, timeout=60, cwd=ROOT, env=cleaned | environment,
    )  # fmt: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a screen elsewhere")
def test_without_a_screen_it_says_so_in_one_sentence(tmp_path: Path) -> None:
    done = run(IDIOLECT_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_to_an_app_that_is_not_running_says_so(tmp_path: Path) -> None:
    done = run("--send", "toggle", IDIOLECT_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "not running" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def desk(qapp, home: Path) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    SettingsStore().update(first_start_done=True, sounds=False, warm_microphone=False, theme="light")
    desk = Desk(qapp)
    yield desk
    desk.close()
    desk.window.hide()
    sys.excepthook = sys.__excepthook__


def test_a_second_start_brings_the_first_window_up(desk: Desk, home: Path) -> None:
    assert not Instance().listen()
    desk.window.showMinimized()
    second = subprocess.Popen([sys.executable, "-m", "app.main"], cwd=ROOT)
    assert wait_until(lambda: second.poll() is not None, 30)
    assert second.returncode == 0
    assert wait_until(lambda: not desk.window.isMinimized() and desk.window.isVisible(), 5)


def test_a_defect_is_told_in_the_window_and_ends_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk._unexpected(ZeroDivisionError, ZeroDivisionError("x"), None)
    assert desk.window.messages.isVisible()
    assert "Nothing you said is lost" in desk.window.messages.text.text()
    assert "Traceback" not in capsys.readouterr().err


def test_the_language_changes_and_the_text_stays(desk: Desk) -> None:
    desk.window.dictate.editor.insert_utterance("u", "Good morning.")
    desk.core.store.update(interface_language="de")
    assert wait_until(lambda: desk.window._buttons["settings"].accessibleName() == "Einstellungen", 5)
    assert desk.window.dictate.editor.toPlainText() == "Good morning."
    assert desk.window.dictate.editor.utterance_here() == "u"
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # the old window is gone now
    desk.core.dictation.problem.emit("gone", "The microphone is gone.")
    assert desk.window.messages.text.text() == "The microphone is gone."
    desk.core.store.update(vocabulary=("Aoife",), key="F10")
    desk.core.history._on_change()
    assert desk.window.dictate.bar.talk.state in ("idle", "problem")
    desk.core.store.update(interface_language="en")
    assert wait_until(lambda: desk.window._buttons["settings"].accessibleName() == "Settings", 5)


def test_a_missing_model_is_said_and_fetching_is_offered(desk: Desk) -> None:
    desk.core.store.update(model="medium")
    assert wait_until(desk.window.messages.isVisible, 20), (desk.core.engine.state, desk.window.isVisible())
    assert "medium" in desk.window.messages.text.text()
    models = desk.window.open("models")
    choices = models.findChild(ModelList)
    assert choices is not None
    assert choices.choice == "medium"
    assert choices.get.isEnabled()


def test_from_the_first_start_to_the_first_dictation_with_the_keyboard_alone(
    qapp, home: Path, microphone: Microphone, tmp_path: Path, base: Path
) -> None:  # type: ignore[no-untyped-def]
    recording = tmp_path / "dinner.wav"
    write_wav(recording, say(PROMPT))
    SettingsStore().update(sounds=False)
    desk = Desk(qapp)
    try:
        first = desk.welcome
        assert first is not None
        assert first.isVisible()
        first.activateWindow()
        assert wait_until(first.isActiveWindow, 10)
        for step in range(3):
            assert first.stack.currentIndex() == step
            if step == 1:
                player = microphone.play(recording, wait=False)
                assert wait_until(lambda: first.heard.text().startswith("Good"), 15), first.heard.text()
                player.wait(20)
            if step == 0:  # Enter goes on from a field, and does on a button what that is for
                QTest.keyClick(first.stack.currentWidget().findChild(QComboBox), Qt.Key.Key_Return)
                assert first.stack.currentIndex() == 1
                QTest.keyClick(first.back, Qt.Key.Key_Return)
                assert first.stack.currentIndex() == 0
            first.next.setFocus()
            QTest.keyClick(first.next, Qt.Key.Key_Return if step == 0 else Qt.Key.Key_Space)
        assert first.models.is_installed("base")
        assert wait_until(lambda: desk.core.engine.state == "ready", 60)
        assert first.talk.hasFocus()
        QTest.keyClick(first.talk, Qt.Key.Key_Space)
        assert wait_until(lambda: desk.core.dictation.state == "listening", 10)
        microphone.play(recording)
        wait_until(lambda: False, 0.5)
        QTest.keyClick(first.talk, Qt.Key.Key_Space)
        assert wait_until(lambda: "dinner" in first.editor.toPlainText().lower(), 30), first.editor.toPlainText()
        assert first.result.text()
        first.next.setFocus()
        QTest.keyClick(first.next, Qt.Key.Key_Space)
        assert wait_until(lambda: not first.isVisible() and desk.window.isVisible(), 5)
        assert desk.core.store.current.first_start_done
    finally:
        desk.close()
        desk.window.hide()
        sys.excepthook = sys.__excepthook__


def test_a_model_is_imported_checked_and_a_wrong_folder_refused(
    qapp, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("IDIOLECT_MODELS", str(tmp_path / "models"))
    jobs, done, failed = ModelJobs(), [], []
    jobs.done.connect(lambda what, name: done.append((what, name)))
    jobs.failed.connect(failed.append)
    jobs.take(tiny)
    assert wait_until(lambda: bool(done) or bool(failed), 60), failed
    assert done == [("import", "tiny.en")]
    assert wait_until(lambda: not jobs.busy, 5)
    jobs.verify("tiny.en")
    assert wait_until(lambda: len(done) == 2, 30), failed
    assert wait_until(lambda: not jobs.busy, 5)
    (tmp_path / "empty").mkdir()
    jobs.take(tmp_path / "empty")
    assert wait_until(lambda: bool(failed), 20)
    assert "no model" in failed[0]


def test_the_expected_speed_follows_from_a_run_of_tinys_shape_and_grows_with_the_model() -> None:
    """How near it comes to the real models is a matter of ``benchmarks.model_speed``."""
    from app import measure

    speed = measure.measure(budget=0.2)
    assert speed.encode > 0 and speed.decode > 0
    assert speed.seconds("tiny") == pytest.approx(speed.encode + speed.decode)
    assert speed.seconds("tiny") < speed.seconds("base") < speed.seconds("small") < speed.seconds("large-v3")
    assert speed.seconds("large-v3-turbo") < speed.seconds("large-v3")


def test_the_app_may_be_closed_while_it_measures() -> None:
    """Python went away from under a thread that was in CTranslate2, and the program broke down instead of ending."""
    program = (
        "import sys, time\n"
        "from app.model_jobs import ModelJobs\n"
        "jobs = ModelJobs()\n"
        "jobs.measure()\n"
        "def busy(): return {f.f_code.co_name for f in sys._current_frames().values()} & {'encode', 'decode'}\n"
        "while not busy(): time.sleep(0.001)\n"
    )
    for _ in range(2):
        ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=60, check=False)
        assert (ended.returncode, ended.stderr) == (0, b""), ended.stderr[-300:]


def test_the_window_waits_for_nobody() -> None:
    """No message of ours goes away by a clock."""
    for path in (ROOT / "app" / "ui").glob("*.py"):
        text = path.read_text("utf-8")
        if path.name != "tray.py":  # the desktop's notice only calls the person to a card that stays
            assert "showMessage(" not in text, path
        assert "singleShot(" not in text.replace("singleShot(0,", ""), path
