"""The three looks can be read by people with low vision, and targets can be hit by trembling hands."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.level_meter import LevelMeter
from app.ui.parts import Button
from tests.app.conftest import wait_until

TEXT = [("text", "window"), ("text", "surface"), ("text", "sunken"), ("muted", "window"), ("muted", "surface"),
        ("on_accent", "accent"), ("on_listening", "listening"), ("problem", "surface"), ("problem", "window"),
        ("good", "window"), ("good", "surface"), ("accent", "surface"), ("accent", "window"), ("text", "soft"),
        ("thinking", "surface")]  # fmt: skip
EDGES = [("edge", "window"), ("edge", "surface"), ("focus", "window"), ("focus", "surface"), ("accent", "window")]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", theme.PALETTES)
def test_text_has_seven_to_one_and_edges_three_to_one(name: str) -> None:
    colours = vars(theme.PALETTES[name])
    for ink, paper in TEXT:
        assert contrast(colours[ink], colours[paper]) >= (6.9 if ink != "accent" else 4.5), (ink, paper)
    for edge, paper in EDGES:
        assert contrast(colours[edge], colours[paper]) >= 3.0, (edge, paper)


@pytest.mark.parametrize("name", theme.PALETTES)
def test_the_pictures_in_the_style_sheet_have_the_colours_of_their_theme(name: str) -> None:
    folder = Path(theme.__file__).parent / "icons" / name
    assert theme.PALETTES[name].text in (folder / "chevron-down.svg").read_text()
    assert theme.PALETTES[name].on_accent in (folder / "check.svg").read_text()


@pytest.mark.parametrize("name", theme.PALETTES)
def test_the_focus_is_seen_on_a_filled_button_and_covers_none_of_its_words(qapp, qtbot, name: str) -> None:  # type: ignore[no-untyped-def]
    theme.apply(qapp, name)
    colours = theme.PALETTES[name]
    page, other = QWidget(), Button("Back")
    button = Button("Next", role="primary")
    box = QVBoxLayout(page)
    box.addWidget(button)
    box.addWidget(other)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    assert wait_until(page.isActiveWindow, 10)

    def column(x: int) -> list[str]:
        picture = button.grab().toImage()
        return [picture.pixelColor(x, y).name() for y in range(picture.height())]

    other.setFocus(Qt.FocusReason.TabFocusReason)
    middle = button.width() // 3  # of the fill, no word
    plain = column(middle)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    seen = column(middle)
    assert colours.focus in seen[:3] and colours.window in seen[3:6] and colours.focus not in plain
    assert set(seen[8:-8]) == set(plain[8:-8])  # nothing is laid over it


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("name", theme.PALETTES)
def test_buttons_are_at_least_44_pixels_and_grow_with_the_text(qapp, name: str, percent: int) -> None:  # type: ignore[no-untyped-def]
    theme.apply(qapp, name, percent)
    button = Button("Go", "check")
    button.ensurePolished()
    assert button.sizeHint().height() >= theme.TARGET
    assert button.sizeHint().width() >= theme.TARGET
    assert button.fontMetrics().height() >= 18 * percent / 100


def test_text_size_is_kept_between_100_and_200_percent(qapp) -> None:  # type: ignore[no-untyped-def]
    assert theme.apply(qapp, "light", 20).scale == 1.0
    assert theme.apply(qapp, "light", 900).scale == 2.0


def test_reduced_motion_can_be_asked_for_from_outside(qapp, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    assert not theme.apply(qapp, "light").reduced_motion
    monkeypatch.setenv("IDIOLECT_REDUCED_MOTION", "1")
    assert theme.apply(qapp, "light").reduced_motion


def test_a_level_that_looks_the_same_is_not_painted_again(qapp, qtbot) -> None:  # type: ignore[no-untyped-def]
    painted: list[int] = []

    class Meter(LevelMeter):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            painted.append(1)
            super().paintEvent(event)

    meter = Meter()
    qtbot.addWidget(meter)
    meter.show()
    for _ in range(3):
        meter.set_level(0.0004, 0.0008)
        wait_until(lambda: False, 0.05)
    wait_until(lambda: False, 0.3)
    painted.clear()
    for _ in range(10):
        meter.set_level(0.0004, 0.0008)
        wait_until(lambda: False, 0.02)
    assert not painted
    meter.set_level(0.1, 0.4)
    assert wait_until(lambda: bool(painted), 2)
