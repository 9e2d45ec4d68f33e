"""The editor knows which words came from which utterance, whatever is typed around them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui.editor import Editor, align
from engine.transcript import Word


def words(text: str, **confidence: float) -> tuple[Word, ...]:
    return tuple(
        Word(word, 0.4 * i, 0.4 * i + 0.3, confidence.get(word.strip(".,").lower(), 0.95))
        for i, word in enumerate(text.split())
    )


@pytest.fixture
def editor(qtbot) -> Editor:  # type: ignore[no-untyped-def]
    editor = Editor()
    qtbot.addWidget(editor)
    editor.show()
    return editor


def dictate(editor: Editor, identity: str, text: str, **confidence: float) -> None:
    editor.insert_utterance(identity, text, words(text, **confidence))


def put_cursor(editor: Editor, place: int) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(place)
    editor.setTextCursor(cursor)


def test_utterances_are_joined_by_one_space_and_start_lines_without(editor: Editor) -> None:
    dictate(editor, "a", "Good morning.")
    dictate(editor, "b", "How are you?")
    editor.obey("new line")
    dictate(editor, "c", "Fine.")
    assert editor.toPlainText() == "Good morning. How are you?\nFine."


def test_text_goes_where_the_cursor_is(editor: Editor) -> None:
    dictate(editor, "a", "One three.")
    put_cursor(editor, 3)
    dictate(editor, "b", "two")
    assert editor.toPlainText() == "One two three."


def test_words_of_low_confidence_are_marked_and_listed_in_order(editor: Editor) -> None:
    dictate(editor, "a", "My sister brings soup for lunch.", soup=0.3, sister=0.5)
    assert [(word.text, word.word.confidence) for word in editor.unsure()] == [("sister", 0.5), ("soup", 0.3)]
    first = editor.unsure()[0]
    cursor = editor.textCursor()
    cursor.setPosition(first.position + 1)
    assert cursor.charFormat().underlineStyle() == cursor.charFormat().UnderlineStyle.DotLine


def test_the_next_word_to_check_is_selected_in_turn(editor: Editor) -> None:
    dictate(editor, "a", "My sister brings soup.", soup=0.3, sister=0.5)
    put_cursor(editor, 0)
    picked = []
    for _ in range(3):
        editor.next_unsure()
        picked.append(editor.textCursor().selectedText())
    assert picked == ["sister", "soup.", "sister"]


def test_a_word_typed_over_is_no_longer_marked_and_counts_as_a_correction(editor: Editor) -> None:
    dictate(editor, "a", "My tister brings soup.", tister=0.3)
    editor.next_unsure()
    QTest.keyClicks(editor, "sister")
    assert editor.toPlainText() == "My sister brings soup."
    assert editor.unsure() == []
    assert editor.corrected() == [("a", "My sister brings soup.")]
    assert editor.corrected() == []  # told once


def test_text_typed_after_an_utterance_is_not_a_correction_of_it(editor: Editor) -> None:
    dictate(editor, "a", "Good morning.")
    QTest.keyClicks(editor, " Dear Ann")
    assert editor.corrected() == []
    assert editor.text_of("a") == "Good morning."


def test_what_is_dictated_into_the_middle_of_an_utterance_is_no_correction_of_it_and_stays(editor: Editor) -> None:
    dictate(editor, "a", "My sister brings soup.")
    put_cursor(editor, len("My sister "))
    dictate(editor, "b", "Of course!")
    put_cursor(editor, editor.toPlainText().index("course"))
    dictate(editor, "c", "Yes.")
    assert editor.toPlainText() == "My sister Of Yes. course! brings soup."
    assert editor.corrected() == []
    put_cursor(editor, editor.toPlainText().index("soup"))
    QTest.keyClicks(editor, "hot ")
    assert editor.corrected() == [("a", "My sister brings hot soup.")]
    editor.replace_utterance("b", "Sure.")
    assert editor.toPlainText() == "My sister Sure. Yes. brings hot soup."
    assert [editor.text_of(name) for name in "abc"] == ["My sister brings hot soup.", "Sure.", "Yes."]
    editor.replace_utterance("a", "My brother.")
    assert editor.toPlainText() == "My brother. Sure. Yes."
    editor.obey("undo that")
    editor.obey("undo that")
    assert editor.toPlainText().strip() == "My brother."


def test_the_word_under_the_cursor_is_found_after_edits_before_it(editor: Editor) -> None:
    dictate(editor, "a", "My sister brings soup.")
    put_cursor(editor, 0)
    QTest.keyClicks(editor, "Well: ")
    put_cursor(editor, editor.toPlainText().index("brings") + 2)
    found = editor.word_here()
    assert found is not None
    assert found[0] == "a"
    assert found[1].text == "brings"
    assert found[1].start == pytest.approx(0.8)


def test_another_reading_replaces_only_its_own_utterance(editor: Editor) -> None:
    dictate(editor, "a", "One.")
    dictate(editor, "b", "Too.")
    dictate(editor, "c", "Three.")
    editor.replace_utterance("b", "Two.")
    assert editor.toPlainText() == "One. Two. Three."
    assert editor.corrected() == []  # the choice was remembered when it was made


def test_undo_that_takes_out_the_last_utterance_and_ctrl_z_brings_it_back(editor: Editor) -> None:
    dictate(editor, "a", "One.")
    dictate(editor, "b", "Two.")
    editor.obey("undo that")
    assert editor.toPlainText() == "One."
    editor.undo()
    assert editor.toPlainText() == "One. Two."
    editor.obey("undo that")
    editor.obey("undo that")
    assert editor.toPlainText().strip() == ""


def test_select_that_selects_the_last_utterance_and_delete_that_removes_it(editor: Editor) -> None:
    dictate(editor, "a", "One.")
    dictate(editor, "b", "Two.")
    editor.obey("select that")
    assert editor.textCursor().selectedText() == "Two."
    editor.obey("delete that")
    assert "Two" not in editor.toPlainText()


def test_tab_leaves_the_editor(qtbot) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    box = QVBoxLayout(window)
    editor, after = Editor(), QLineEdit()
    box.addWidget(editor)
    box.addWidget(after)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == ""
    assert window.focusWidget() is after


def test_pasted_text_loses_its_looks(editor: Editor) -> None:
    editor.textCursor().insertText("plain")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    assert not editor.acceptRichText()


def test_words_changed_by_punctuation_rules_are_still_aligned() -> None:
    heard = words("hello comma my friend period")
    pieces = align("Hello, my friend.", heard)
    assert pieces == [("Hello,", 0), ("my", 2), ("friend.", 3)]


def test_a_long_text_stays_quick(editor: Editor) -> None:
    import time

    for number in range(400):
        dictate(editor, str(number), "This is a sentence of nine words, more or less.")
        if number % 10 == 9:
            editor.obey("new paragraph")
    took = []
    for number in range(400, 410):
        start = time.perf_counter()
        dictate(editor, str(number), "And one more.")
        editor.utterance_here()
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05, "what another program does meanwhile does not count"
