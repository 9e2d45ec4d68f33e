"""German is complete, its placeholders fit, and the window changes its language without losing the text."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QScrollArea

from app.core import Core
from app.history import Entry
from app.keys import label
from app.ui import doctor_texts, language, sentences, theme, wording
from app.ui.history_view import when
from app.ui.sentences import translated
from app.ui.window import MainWindow
from engine import doctor
from engine.paths import set_aside

ROOT = Path(language.__file__).parent.parent.parent
SOURCE = language.FOLDER / "idiolect_de.ts"


def messages(path: Path) -> dict[tuple[str, str], str]:
    found = {}
    for context in ElementTree.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            assert translation is not None
            text = "" if translation.get("type") in ("unfinished", "vanished") else translation.text or ""
            found[context.findtext("name") or "", message.findtext("source") or ""] = text
    return found


def test_every_text_of_the_app_is_in_german(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    if not tool.exists():
        pytest.skip("pyside6-lupdate is not installed")
    copy = tmp_path / SOURCE.name
    copy.write_bytes(SOURCE.read_bytes())
    sources = [str(path) for path in sorted([*ROOT.glob("app/*.py"), *ROOT.glob("app/ui/*.py")])]
    subprocess.run([tool, *sources, "-ts", copy, "-no-obsolete", "-locations", "none"], check=True, capture_output=True)
    missing = [key for key, text in messages(copy).items() if not text]
    assert not missing
    assert len(messages(copy)) > 400


def test_translations_keep_their_placeholders() -> None:
    for (context, source), text in messages(SOURCE).items():
        assert sorted(re.findall(r"{[^}]*}", source)) == sorted(re.findall(r"{[^}]*}", text)), (context, source)


def test_the_compiled_file_belongs_to_the_texts(qapp) -> None:  # type: ignore[no-untyped-def]
    installed = language.install(qapp, "de")
    try:
        wrong = [
            (context, source)
            for (context, source), text in messages(SOURCE).items()
            if QCoreApplication.translate(context, source) != text
        ]
        assert not wrong, f"run pyside6-lrelease: {wrong[:3]}"
    finally:
        language.remove(qapp, installed)


def test_the_window_is_german_and_nothing_is_cut_at_200_percent(qapp, qtbot, home: Path) -> None:  # type: ignore[no-untyped-def]
    installed = language.install(qapp, "de")
    core = Core()
    try:
        theme.apply(qapp, "dark", 200)
        window = MainWindow(core)
        qtbot.addWidget(window)
        window.show()
        for name in window._makers:
            view = window.open(name)
            QApplication.processEvents()
            QApplication.processEvents()
            if isinstance(view, QScrollArea):
                assert view.horizontalScrollBar().maximum() == 0, f"{name} must be scrolled sideways"
            for button in view.findChildren(QAbstractButton):
                if not button.isVisible() or button.objectName().startswith("qt_"):
                    continue
                if button.hasHeightForWidth():  # it wraps
                    assert button.height() >= button.heightForWidth(button.width()), button.text()
                else:
                    assert button.width() >= button.sizeHint().width() - 1, button.text()
            for box in view.findChildren(QComboBox):
                if box.isVisible():
                    texts = [box.itemText(number) for number in range(box.count())]
                    widest = max(texts, key=box.fontMetrics().horizontalAdvance, default="")
                    assert box.width() - 80 >= box.fontMetrics().horizontalAdvance(widest), widest
        assert window._buttons["settings"].accessibleName() == "Einstellungen"
    finally:
        core.close()
        language.remove(qapp, installed)
        theme.apply(qapp, "light")


def test_what_became_of_a_dictation_is_said_in_german(qapp) -> None:  # type: ignore[no-untyped-def]
    installed = language.install(qapp, "de")
    try:
        entry = Entry("a", datetime(2026, 5, 1, tzinfo=UTC), "me", "", state="cancelled")
        assert when(entry).endswith("abgebrochen")
        states = [wording.state(state) for state in ("done", "cancelled", "failed", "empty")]
        assert states[0] == "" and len({*states, "cancelled", "failed", "empty"}) == 7
    finally:
        language.remove(qapp, installed)


def test_the_desktops_language_is_followed_unless_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language.wanted("de") == "de"
    assert language.wanted("xx") in language.NAMES


def test_sentences_of_the_engine_are_said_in_german_with_their_names(qapp, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    damaged = tmp_path / "settings.json"
    damaged.touch()
    assert translated("Press F9 and speak.") == "Press F9 and speak."
    installed = language.install(qapp, "de")
    try:
        assert translated("Press F9 and speak.") == "Drücken Sie F9 und sprechen Sie."
        assert translated(f"Press {label('space')} and speak.") == "Drücken Sie Leertaste und sprechen Sie."
        assert translated("There is no file a b.wav: check its name and place.").startswith(
            "Es gibt keine Datei a b.wav"
        )
        assert translated("Speak now. F9 ends it. No key is set.") == (
            "Sprechen Sie jetzt. F9 beendet es. Keine Taste ist eingestellt."
        )
        told = translated(set_aside(damaged, "settings", "The usual settings are used."))
        assert told == (
            "Die Datei mit den Einstellungen war beschädigt. "
            f"Sie wurde als {next(tmp_path.iterdir()).name} aufgehoben. Die üblichen Einstellungen werden benutzt."
        )
        assert translated("Something nobody has translated.") == "Something nobody has translated."
        assert translated("") == ""
    finally:
        language.remove(qapp, installed)


def test_the_sentences_are_still_those_of_the_engine_and_the_controller() -> None:
    """A sentence that was reworded where it arises must be reworded in the list too."""
    folders = ("app", "engine", "training/learning")
    sources = "".join(path.read_text("utf-8") for folder in folders for path in (ROOT / folder).glob("*.py"))
    plain = re.sub(r'"\s*\n?\s*f?"', "", sources)
    for sentence in (*sentences.SENTENCES, *doctor_texts.NAMES, *doctor_texts.TEXTS):
        if sentence.endswith(" folder"):
            continue  # put together from a name and this word
        longest = max(re.split(r"{\w+}|[()]", sentence), key=len).strip()
        assert longest in plain or longest in sources, sentence


def test_why_nothing_can_be_learnt_and_what_the_check_up_found_are_said_in_german(qapp) -> None:  # type: ignore[no-untyped-def]
    installed = language.install(qapp, "de")
    try:
        few = "There are 3 corrections to learn from, and at least 8 are needed: correct some more and try again."
        assert translated(f"{few} 2 left out: the recording is gone or damaged.") == (
            "Es gibt 3 Berichtigungen zum Lernen, und mindestens 8 sind nötig: Berichtigen Sie noch einige und "
            "versuchen Sie es wieder. 2 ausgelassen: die Aufnahme ist weg oder beschädigt."
        )
        for check in doctor.check("base"):
            assert doctor_texts.said(check.name) != check.name or check.name == "Python"
            for text in (check.detail, check.fix):
                if re.search("[a-z]{4}", text) and check.name not in ("Display", "Speech detection"):
                    assert doctor_texts.said(text) != text
    finally:
        language.remove(qapp, installed)
