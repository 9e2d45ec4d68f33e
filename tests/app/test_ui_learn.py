"""Learning from corrections, from the first correction to the way back; the real model, the real fit, real files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from app import learning
from app.core import Core
from app.extras import Install
from app.learning import Outcome
from app.ui import theme, wording
from app.ui.history_view import HistoryView
from app.ui.learn_view import LearnView
from app.ui.window import MainWindow
from engine import learned
from engine.audio import write_wav
from engine.models import model_sha256
from engine.options import TranscribeOptions
from engine.profile import RESIDUAL_FILE, Residual, load_residual
from tests.app.conftest import wait_until
from tests.app.test_extras import environment, wheel
from tests.app.test_ui_work import press, remember
from tests.speech import say

WAIT = 400  # seconds: the fit steps back for everything else on the computer
MEANT = (
    "Aoife, please open the window.",
    "Aoife, the soup is on the table.",
    "Aoife, we should leave at nine.",
    "Aoife, bring me the blue book.",
    "Aoife, close the kitchen door.",
    "Aoife, read the letter again.",
    "Aoife, the dog is at the door.",
    "Aoife, water the plants tonight.",
)


@pytest.fixture
def core(qapp, home: Path) -> Iterator[Core]:  # type: ignore[no-untyped-def]
    core = Core()
    core.store.update(first_start_done=True, sounds=False, warm_microphone=False, model="tiny.en")
    theme.apply(qapp, "light")
    yield core
    core.close()


def page(window: MainWindow) -> LearnView:
    view = window.open("learn")
    assert isinstance(view, LearnView)
    return view


def folder(core: Core) -> Path:
    return core.store.profiles.folder("me")


def dictated(core: Core) -> list[str]:
    """Recordings of what was meant, in the history as they were heard; their ids."""
    for number, text in enumerate(MEANT):
        audio = core.history.audio_path(f"u{number}")
        audio.parent.mkdir(parents=True, exist_ok=True)
        write_wav(audio, say(text.replace("Aoife", "Eefa"), pitch=35 + 5 * (number % 4)))
        remember(core, f"u{number}", text.removeprefix("Aoife, ").capitalize(), number, audio)
    return [f"u{number}" for number in range(len(MEANT))]


def correct(window: MainWindow, identities: list[str]) -> None:
    """As a person does: choose the entry, write what was meant, keep it."""
    view = window.open("history")
    assert isinstance(view, HistoryView)
    for row in range(view.model.rowCount()):
        entry = view.model.entry(view.model.index(row))
        if entry is not None and entry.id in identities:
            view.list.setCurrentIndex(view.model.index(row))
            view.detail.text.setPlainText(MEANT[int(entry.id[1:])])
            press(view, "Keep my correction")


def keep(core: Core, count: int) -> Path:
    """Corrections as they lie in the profile; their manifest."""
    place = folder(core) / "corrections"
    place.mkdir(parents=True)
    lines = []
    for number in range(count):
        write_wav(place / f"{number}.wav", say(MEANT[number % len(MEANT)], pitch=30 + number))
        lines.append({"audio": f"{number}.wav", "text": MEANT[number % len(MEANT)], "speaker": "me",
                      "cohort": "unknown", "severity": None, "split": None, "seconds": 2.0})  # fmt: skip
    (place / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return place / "manifest.jsonl"


def a_residual(sha256: str, size: float = 0.05) -> Residual:
    """Shaped like what is learnt for tiny.en."""
    random = np.random.default_rng(3)
    pair = (random.normal(0, size, (1536, 4)).astype(np.float32), random.normal(0, size, (4, 384)).astype(np.float32))
    facts = {"utterances": 12, "before": 0.21, "after": 0.17}
    return Residual(sha256, {"encoder/layer_1/ffn/linear_0/weight": pair}, facts)


@pytest.mark.timeout(1200)
def test_a_person_corrects_learns_stops_goes_on_and_is_told_what_it_brought(
    core: Core, window: MainWindow, tiny: Path
) -> None:
    core.start()
    identities = dictated(core)
    correct(window, identities[:3])  # before they chose to keep corrections
    view = page(window)
    assert "No corrected sentences" in view.count.text()
    assert not view.start.isEnabled()
    assert view.earlier.text() == "Also keep the 3 I corrected before"
    box = next(b for b in view.findChildren(QCheckBox) if b.accessibleName().startswith("Keep my corrections"))
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert core.store.current.keep_corrections
    press(view, "Also keep the 3 I corrected before")
    assert view.count.text().startswith("Corrected sentences: 3 (")
    assert "5 more" in view.enough.text()
    correct(window, identities[3:])
    view = page(window)
    assert view.count.text().startswith("Corrected sentences: 8 (")
    assert view.start.isEnabled()

    stopped, ended = [], []
    core.learning.stopped.connect(lambda: stopped.append(True))
    core.learning.ended.connect(ended.append)
    core.learning.failed.connect(ended.append)
    view.start.setFocus()
    QTest.keyClick(view.start, Qt.Key.Key_Space)
    assert core.learning.busy
    assert view.stop.isVisible() and not view.start.isVisible() and view.focusWidget() is view.stop
    assert wait_until(lambda: core.learning.share > 0.3 or bool(ended), WAIT), core.learning.step
    assert "%" in view.step.text() and view.bar.value() > 0
    texts = []
    core.engine.finished.connect(lambda _job, transcript: texts.append(transcript.text))
    core.engine.transcribe(say("Please call my sister."), TranscribeOptions())
    assert wait_until(lambda: bool(texts), WAIT)  # dictation goes on meanwhile
    assert "sister" in texts[0]
    press(view, "Stop")
    assert wait_until(lambda: bool(stopped) or bool(ended), 60)
    if stopped:
        assert "it can go on" in window.messages.text.text()
        assert view.start.text() == "Go on learning" and view.focusWidget() is view.start
        assert load_residual(folder(core), model_sha256(tiny)) is None
        press(view, "Go on learning")
        assert wait_until(lambda: bool(ended), WAIT), core.learning.step
    outcome = ended[0]
    assert isinstance(outcome, Outcome), outcome
    assert outcome.utterances == 8
    assert window.messages.text.text() == wording.learned(outcome)
    assert not core.learning.busy and view.start.text() == "Learn from my corrections"
    in_use = load_residual(folder(core), model_sha256(tiny))
    assert (in_use is not None) == outcome.taken == view.brought.text().startswith("In use")
    assert wait_until(lambda: core.engine.state == "ready", 60)


@pytest.mark.timeout(600)
def test_what_was_typed_over_is_counted_when_the_page_is_opened(core: Core, window: MainWindow) -> None:
    core.store.update(keep_corrections=True)
    editor = window.dictate.editor
    for number, identity in enumerate(dictated(core)[:3]):
        editor.insert_utterance(identity, MEANT[number].removeprefix("Aoife, ").capitalize())
    for heard, meant in (("Please", "Aoife, please"), ("soup", "stew")):
        editor.setTextCursor(editor.document().find(heard))
        QTest.keyClicks(editor, meant)
    assert page(window).count.text().startswith("Corrected sentences: 2 (")
    kept = [
        json.loads(line)["text"] for line in (folder(core) / "corrections" / "manifest.jsonl").read_text().splitlines()
    ]
    assert kept == ["Aoife, please open the window.", "The stew is on the table."]


def test_corrections_that_cannot_be_used_are_counted_and_named(core: Core, window: MainWindow) -> None:
    manifest = keep(core, 9)
    lines = manifest.read_text().splitlines()
    lines[3] = lines[3].replace(MEANT[3], " ")
    manifest.write_text("\n".join([*lines[:8], lines[0].replace(MEANT[0], MEANT[1]), lines[8]]) + "\n")  # contradictory
    for number in (0, 1):
        (manifest.parent / f"{number}.wav").unlink()
    view, told = page(window), []
    core.learning.failed.connect(told.append)
    press(view, "Learn from my corrections")
    assert wait_until(lambda: bool(told), WAIT)
    assert told[0].startswith("There are 6 corrections to learn from, and at least 8 are needed")
    assert "2 left out: the recording is gone or damaged." in told[0]
    assert "1 left out: the text is empty." in told[0]
    assert window.messages.text.text() == told[0]
    assert not core.learning.busy and view.start.isVisible()


def test_when_the_app_ends_learning_ends_with_it(core: Core) -> None:
    keep(core, 8)
    core.learn()
    assert core.learning.busy
    assert wait_until(lambda: bool(core.learning.step) or not core.learning.busy, WAIT)
    began = time.monotonic()
    core.learning.close()
    assert core.learning._process.state() == core.learning._process.ProcessState.NotRunning
    assert time.monotonic() - began < 5


def test_whoever_is_deleted_while_learning_leaves_nothing_behind(core: Core, window: MainWindow) -> None:
    keep(core, 8)
    core.store.profiles.create("Ann")
    core.learn()
    assert wait_until(lambda: bool(core.learning.step) or not core.learning.busy, WAIT)
    place = folder(core)
    core.delete_person("me")
    assert not core.learning.busy
    assert not wait_until(place.exists, 1.0)
    assert core.store.current.profile == "ann"


def test_what_was_learned_is_exported_undone_imported_and_deleted(
    core: Core, window: MainWindow, tiny: Path, tmp_path: Path
) -> None:
    learned.take(folder(core), a_residual(model_sha256(tiny)))
    core.start()
    assert wait_until(lambda: core.engine.state == "ready", 60)
    view = page(window)
    assert view.brought.text() == "In use: of 100 words it had not heard before, 21 were wrong; now 17 are"
    assert "12 sentences" in view.facts.text()
    view.export_to(tmp_path / "mine.safetensors")
    assert "Saved as" in window.messages.text.text()
    worker = core.engine.pid
    press(view, "Undo")
    assert "Nothing has been learned" in view.brought.text()
    assert not (folder(core) / RESIDUAL_FILE).exists()
    assert wait_until(lambda: core.engine.state == "ready" and core.engine.pid != worker, 60)  # loaded without it
    view.import_from(tmp_path / "mine.safetensors")
    assert view.brought.text().startswith("In use")
    press(view, "Delete what was learned")
    assert view.confirm.no.hasFocus()
    press(view.confirm, "No")
    assert view.brought.text().startswith("In use")
    press(view, "Delete what was learned")
    press(view.confirm, "Delete what was learned")
    assert "Nothing has been learned" in view.brought.text()
    assert not list(folder(core).glob("residual*"))
    assert not view.undo.isEnabled() and not view.export.isEnabled() and not view.forget.isEnabled()


def test_a_file_that_is_damaged_or_of_another_model_is_refused_in_one_sentence(
    core: Core, window: MainWindow, tmp_path: Path
) -> None:
    view = page(window)
    (tmp_path / "broken.safetensors").write_bytes(b"no tensors")
    view.import_from(tmp_path / "broken.safetensors")
    assert "damaged" in window.messages.text.text()
    learned.take(tmp_path / "elsewhere", a_residual("00" * 32))
    view.import_from(tmp_path / "elsewhere" / RESIDUAL_FILE)
    assert "another model" in window.messages.text.text()
    assert not (folder(core) / RESIDUAL_FILE).exists()


@pytest.mark.parametrize("broken", ["damaged", "another model"])
def test_dictation_goes_on_without_what_cannot_be_used_and_it_can_be_deleted(
    core: Core, window: MainWindow, tiny: Path, broken: str
) -> None:
    learned.take(folder(core), a_residual(model_sha256(tiny) if broken == "damaged" else "00" * 32))
    if broken == "damaged":
        path = folder(core) / RESIDUAL_FILE
        path.write_bytes(path.read_bytes()[:-50])
    core.start()
    assert wait_until(lambda: core.engine.state == "ready", 60)
    assert wait_until(window.messages.isVisible, 5)
    assert broken in window.messages.text.text()
    view = page(window)
    assert broken in view.brought.text()
    assert "goes on without it" in view.facts.text()
    window.messages.hide()
    press(view, "Delete what was learned")
    press(view.confirm, "Delete what was learned")
    assert "Nothing has been learned" in view.brought.text()
    assert wait_until(lambda: core.engine.state == "ready", 60)
    assert window.messages.text.text() == "It is deleted."


def test_the_missing_part_is_installed_with_one_button_after_asking(
    core: Core, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(core, 8)
    here = [False]
    monkeypatch.setattr(learning, "installed", lambda: here[0])
    (tmp_path / "wheels").mkdir()
    shop = wheel(tmp_path / "wheels", "torch", "2.6.0")  # the real pip, from a folder, into an environment apart
    core.install = Install(core, environment(tmp_path / "apart"), ["--no-index", "--find-links", str(shop)])
    view = page(window)
    assert view.install.isVisible()
    assert not view.start.isEnabled()
    assert "not installed yet" in view.install.sentence.text()
    press(view, "Install the part that learns")
    assert not core.install.busy  # not before it was allowed
    press(view.confirm, "No")
    assert not core.install.busy
    press(view, "Install the part that learns")
    core.install.done.connect(lambda: here.__setitem__(0, True))
    press(view.confirm, "Yes, install it")
    assert core.install.busy and view.install.stop.isVisible()
    assert wait_until(lambda: not core.install.busy, 120)
    assert wait_until(lambda: bool(list((tmp_path / "apart").rglob("torch/weights.bin"))), 5)
    view.refresh()
    assert not view.install.isVisible()
    assert view.start.isEnabled()


def test_in_a_packaged_app_it_says_what_to_do_instead(
    core: Core, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "installed", lambda: False)
    monkeypatch.setattr(learning, "packaged", lambda: True)
    view = page(window)
    assert "export the result and import it here" in view.install.sentence.text()
    assert not view.install.get.isVisible()
    assert view.take.isEnabled()


def test_deleting_a_dictation_deletes_the_correction_kept_from_it(core: Core, window: MainWindow) -> None:
    core.store.update(keep_corrections=True)
    dictated(core)
    correct(window, ["u0", "u1"])
    assert core.corrections.count() == 2
    view = window.open("history")
    assert isinstance(view, HistoryView)
    row = next(r for r in range(view.model.rowCount()) if view.model.entry(view.model.index(r)).id == "u1")  # type: ignore[union-attr]
    view.list.setCurrentIndex(view.model.index(row))
    press(view, "Delete")
    press(view.confirm, "Delete")
    assert core.corrections.count() == 1
    assert sorted(path.name for path in core.corrections.folder().glob("*.wav")) == ["u0.wav"]
    press(view, "Delete everything")
    press(view.confirm, "Delete everything")
    assert core.corrections.count() == 0
    assert not list(folder(core).rglob("*.wav"))


def test_what_learning_brought_is_said_in_plain_words() -> None:
    def said(reason: str, before: float, after: float, **left: int) -> str:
        return wording.learned(Outcome(Path("me"), reason, 12, before, after, left))

    assert "Of 100 words it had not heard before, 21 were wrong; now 17 are." in said("better", 0.211, 0.173)
    assert "21.1 were wrong; now 20.6 are" in said("better", 0.211, 0.206)
    assert said("no gain", 0.2, 0.2).startswith("Nothing was changed: it was not better.")
    assert "speech of others" in said("harmful", 0.2, 0.1)
    assert "2 left out: silent." in said("no gain", 0.2, 0.2, silent=2)
