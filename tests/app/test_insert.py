"""Text into a second, real window, and the clipboard as it was before."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from app.desktop import Window
from app.insert import Inserter, Insertion
from tests.app.conftest import Field, need, wait_until

WORDS = "Grüße, “naïve” 日本 🙂 – done.\nSecond line"


@pytest.fixture
def inserter(qapp, display: str):  # type: ignore[no-untyped-def]
    inserter = Inserter()
    yield inserter
    inserter.close()


def insert(inserter: Inserter, text: str, target: Window | None = None, method: str | None = None) -> Insertion:
    results: list[Insertion] = []
    target = target or inserter.active_window()
    inserter.insert(text, target, method or inserter.method_for(target, "auto"), results.append)
    assert wait_until(lambda: bool(results), 8)
    return results[0]


def test_any_script_arrives_and_every_kind_of_clipboard_content_comes_back(
    inserter: Inserter, field: Field, tmp_path: Path
) -> None:
    before = QMimeData()
    before.setText("what I had copied")
    before.setHtml("<b>what I had copied</b>")
    before.setData("image/png", b"\x89PNG not really")
    QGuiApplication.clipboard().setMimeData(before)
    result = insert(inserter, WORDS)
    assert result.done and not result.note
    assert wait_until(lambda: field.text == WORDS), field.text
    after = QGuiApplication.clipboard().mimeData()
    assert after.text() == "what I had copied"
    assert bytes(after.data("image/png").data()) == b"\x89PNG not really"
    assert "<b>" in after.html()


def test_another_programs_clipboard_comes_back(inserter: Inserter, field: Field) -> None:
    need("xclip")
    subprocess.run(["xclip", "-selection", "clipboard"], input=b"from elsewhere", check=True)
    assert wait_until(lambda: QGuiApplication.clipboard().text() == "from elsewhere", 3)
    assert insert(inserter, "one").done
    # xclip asks this process, so the event loop must run meanwhile.
    asking = subprocess.Popen(["xclip", "-selection", "clipboard", "-o"], stdout=subprocess.PIPE)
    assert wait_until(lambda: asking.poll() is not None, 3)
    assert asking.communicate()[0] == b"from elsewhere"
    assert field.text == "one"


def test_typing_and_taking_back(inserter: Inserter, field: Field) -> None:
    first = insert(inserter, "Hello, World! (1+1=2)", method="type")
    assert first.done and wait_until(lambda: field.text == "Hello, World! (1+1=2)", 3), field.text
    problems: list[str] = []
    inserter.undo(first, problems.append)
    assert wait_until(lambda: problems == [""] and field.text == "", 3), (problems, field.text)


def test_caps_lock_does_not_turn_letters_round(inserter: Inserter, field: Field) -> None:
    subprocess.run(["xdotool", "key", "Caps_Lock"], check=True)
    try:
        assert insert(inserter, "Hello, World! (1+1=2)", method="type").done
        assert wait_until(lambda: field.text == "Hello, World! (1+1=2)", 3), field.text
    finally:
        subprocess.run(["xdotool", "key", "Caps_Lock"], check=True)


def test_what_no_key_writes_is_pasted_instead(inserter: Inserter, field: Field) -> None:
    assert insert(inserter, "日本", method="type").done
    assert wait_until(lambda: field.text == "日本", 3)


def test_undo_and_select(inserter: Inserter, field: Field) -> None:
    insert(inserter, "First. ")
    second = insert(inserter, "Second.")
    problems: list[str] = []
    inserter.select(second, problems.append)
    assert wait_until(lambda: field.selected == "Second.", 3), field.selected
    subprocess.run(["xdotool", "key", "Right"], check=True)
    inserter.undo(second, problems.append)
    assert wait_until(lambda: field.text == "First. ", 3), field.text
    assert wait_until(lambda: problems == ["", ""], 3), problems


def test_text_is_held_when_another_window_is_in_front(inserter: Inserter, field: Field, tmp_path: Path) -> None:
    target = inserter.active_window()
    other = Field(tmp_path / "second.txt", "Second window")
    result = insert(inserter, "secret", target)
    assert not result.done and "Another window" in result.note
    assert other.text == "" and field.text == ""
    other.close()


def test_a_held_modifier_is_waited_for(inserter: Inserter, field: Field) -> None:
    subprocess.run(["xdotool", "keydown", "Control_L"], check=True)
    results: list[Insertion] = []
    target = inserter.active_window()
    try:
        inserter.insert("careful", target, "paste", results.append)
        wait_until(lambda: False, 0.5)
        assert not results and field.text == ""
    finally:
        subprocess.run(["xdotool", "keyup", "Control_L"], check=True)
    assert wait_until(lambda: bool(results), 5)
    assert results[0].done and field.text == "careful"


def test_a_window_that_takes_no_text_leaves_it_on_the_clipboard(inserter: Inserter, display: str) -> None:
    need("xterm")
    plain = subprocess.Popen(["xterm", "-T", "Deaf", "-xrm", "*VT100.translations: #override <Key>Insert: ignore()"])
    try:
        found = lambda: (inserter.active_window() or Window("", "")).title == "Deaf"  # noqa: E731
        assert wait_until(found, 10)
        result = insert(inserter, "nobody reads this", method="paste")
        assert not result.done and "clipboard" in result.note
        assert QGuiApplication.clipboard().text() == "nobody reads this"
    finally:
        plain.kill()
        plain.wait(5)


def test_a_terminal_gets_its_own_paste_and_no_line_ends(inserter: Inserter, display: str, tmp_path: Path) -> None:
    need("xterm")
    heard = tmp_path / "terminal.txt"
    terminal = subprocess.Popen(["xterm", "-T", "Shell", "-e", f"stty -icanon -echo; cat > {heard}"])
    try:
        assert wait_until(lambda: (inserter.active_window() or Window("", "")).title == "Shell", 10)
        assert inserter.method_for(inserter.active_window(), "auto") == "paste-primary"
        assert inserter.method_for(Window("1", "konsole"), "auto") == "paste-terminal"
        assert inserter.method_for(Window("1", "konsole"), "auto", (("Konsole", "type"),)) == "type"
        assert wait_until(heard.exists, 10)
        assert insert(inserter, "rm -r\nnothing").done
        assert wait_until(lambda: heard.read_text() == "rm -r nothing", 3), heard.read_text()
    finally:
        terminal.kill()
        terminal.wait(5)
