"""A text in another program continues the one before it, or does not; a real window with two fields, real keys."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.delivery import Delivery
from app.insert import Inserter
from tests.app.conftest import Field, wait_until
from tests.app.test_ui_views import utterance


@pytest.fixture
def form(display: str, tmp_path: Path) -> Iterator[Field]:
    form = Field(tmp_path / "form.txt", "A form", "form.py")
    yield form
    form.close()


@pytest.fixture
def dictate(qapp, form: Field) -> Iterator[Callable[[str], None]]:  # type: ignore[no-untyped-def]
    """Delivers a text into whatever is in front, and waits until it is there."""
    inserter = Inserter()
    delivery, there = Delivery(inserter), []  # type: ignore[var-annotated]
    delivery.inserted.connect(lambda utterance, note: there.append(utterance.id))

    def say(text: str) -> None:
        count = len(there)
        delivery.deliver(replace(utterance(), id=f"u{count}", text=text), *delivery.target())
        assert wait_until(lambda: len(there) > count, 10)
        wait_until(lambda: False, 0.2)

    say.undo = delivery.undo  # type: ignore[attr-defined]
    yield say
    inserter.close()


def press(*keys: str) -> None:
    for key in keys:
        subprocess.run(["xdotool", "key", key], check=True)
    wait_until(lambda: False, 0.2)


def shown(form: Field, text: str) -> bool:
    return wait_until(lambda: form.text == text, 3)


def test_what_follows_in_the_same_place_is_joined_by_a_space(dictate, form: Field) -> None:  # type: ignore[no-untyped-def]
    dictate("One.")
    press("F9", "Shift_L", "alt+F6")  # the key to dictate with, a key that writes nothing, another program's
    dictate("Two.")
    assert shown(form, "One. Two.\n"), form.text
    press("x")
    dictate("Three.")
    assert shown(form, "One. Two.x Three.\n"), form.text


def test_another_field_of_the_same_window_begins_without_a_space(dictate, form: Field) -> None:  # type: ignore[no-untyped-def]
    dictate("One.")
    press("Tab")
    dictate("Two.")
    assert shown(form, "One.\nTwo."), form.text
    dictate("Three.")
    assert shown(form, "One.\nTwo. Three."), form.text
    press("shift+Tab", "End")
    press("Tab", "End", "space", "x", "BackSpace")
    dictate("Four.")
    assert shown(form, "One.\nTwo. Three.  Four."), form.text  # a letter was taken away: nobody knows what is there now


def click(form: Field, x: int, y: int, *buttons: str) -> None:
    """With the pointer at a place in the form's window."""
    window = subprocess.run(["xdotool", "search", "--name", f"^{form.title}$"], capture_output=True, text=True).stdout
    subprocess.run(["xdotool", "mousemove", "--window", window.split()[0], str(x), str(y)], check=True)
    for button in buttons:
        subprocess.run(["xdotool", "click", button], check=True)
    wait_until(lambda: False, 0.3)


def test_a_click_into_another_field_begins_without_a_space_and_one_elsewhere_changes_nothing(
    dictate, form: Field, qtbot
) -> None:  # type: ignore[no-untyped-def]
    dictate("One.")
    click(form, 250, 135, "4", "5")  # the wheel
    dictate("Two.")
    assert shown(form, "One. Two.\n"), form.text
    click(form, 250, 135, "1")
    dictate("Three.")
    assert shown(form, "One. Two.\nThree."), form.text
    dictate("Four.")
    assert shown(form, "One. Two.\nThree. Four."), form.text
    button = QWidget(None, Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.WindowDoesNotAcceptFocus)
    qtbot.addWidget(button)  # over the other program's window, as the indicator may be
    button.setGeometry(0, 0, 1200, 800)
    button.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    button.show()
    assert qtbot.waitExposed(button)
    wait_until(lambda: False, 0.3)
    click(form, 250, 64, "1")
    button.hide()
    wait_until(lambda: False, 0.3)
    assert form.focused()
    dictate("Five.")
    assert shown(form, "One. Two.\nThree. Four. Five."), form.text


def test_behind_a_typed_space_there_is_no_second_one_and_all_of_it_may_be_replaced(dictate, form: Field) -> None:  # type: ignore[no-untyped-def]
    dictate("One.")
    press("space")
    dictate("Two.")
    assert shown(form, "One. Two.\n"), form.text
    press("ctrl+a")
    dictate("Three.")
    assert shown(form, "Three.\n"), form.text


def test_after_taking_back_the_next_text_continues_what_is_left(dictate, form: Field) -> None:  # type: ignore[no-untyped-def]
    dictate("One.")
    dictate("Two.")
    dictate.undo()
    assert shown(form, "One.\n"), form.text
    wait_until(lambda: False, 0.3)
    dictate("Three.")
    assert shown(form, "One. Three.\n"), form.text
