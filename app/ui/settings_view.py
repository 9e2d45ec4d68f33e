"""Every setting in plain words. A change takes effect at once; there is nothing to save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QSlider, QWidget

from app.ui import a11y, language
from app.ui.level_meter import LevelMeter
from app.ui.parts import Button, Row, card, combo, field, label
from app.ui.setting_fields import KeyField, SettingsPage, fill_devices
from app.ui.words_card import WordsCard
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core

# The languages Whisper knows best, as their speakers call them.
LANGUAGES = {
    "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "nl": "Nederlands",
    "pt": "Português", "pl": "Polski", "sv": "Svenska", "da": "Dansk", "no": "Norsk", "fi": "Suomi", "cs": "Čeština",
    "tr": "Türkçe", "el": "Ελληνικά", "uk": "Українська", "ru": "Русский", "ar": "العربية", "he": "עברית",
    "hi": "हिन्दी", "ja": "日本語", "ko": "한국어", "zh": "中文",
}  # fmt: skip


class SettingsView(SettingsPage):
    """Built from the settings, and built to follow them where something else changes them."""

    def __init__(self, core: Core) -> None:
        super().__init__(
            core, self.tr("Settings"), self.tr("Changes take effect at once. Everything stays on this computer.")
        )
        for section in (
            self._speaking,
            self._understanding,
            self._words,
            self._destination,
            self._microphone,
            self._look,
            self._signs,
            self._privacy,
        ):
            self.add(section())
        self.add(
            Row(
                Button(
                    self.tr("Put all settings back"),
                    "refresh-cw",
                    self.tr("Set everything back to how it was at the start. History and words stay."),
                    on_click=self._reset,
                )
            )
        )
        core.capture.devices_found.connect(self._devices)
        core.capture.level.connect(self._level)
        core.hotkey.status_changed.connect(lambda _: self._key_status())

    def refresh(self) -> None:
        self.core.capture.find_devices()
        self._key_status()

    # -- sections -----------------------------------------------------------------------

    def _speaking(self) -> QWidget:
        tr, now = self.tr, self.core.store.current
        mode = self._choice(
            "mode",
            tr("How you start and stop"),
            tr("How the key and the big button work."),
            [
                (tr("Tap to start and stop, or hold while speaking"), "tap-or-hold"),
                (tr("Tap to start, tap to stop"), "toggle"),
                (tr("Hold while speaking"), "push-to-talk"),
                (tr("Hands-free: listen until I stop it"), "hands-free"),
            ],
        )

        def times(*milliseconds: int) -> list[tuple[str, object]]:
            return [(tr("{seconds} seconds").format(seconds=f"{ms / 1000:g}"), ms) for ms in milliseconds]

        key = KeyField(now.key)
        key.picked.connect(lambda name: self._set(key=name))
        self._follow["key"] = lambda settings: key.setText(settings.key)
        self._key_line = a11y.name(label("", "small"), tr("Whether the key works"))
        pause = self._choice(
            "pause",
            tr("The pause that ends a sentence"),
            tr("Hands-free only, unless you choose the box below. Longer is safer if you pause."),
            [(tr("Never: only I end it"), None)]
            + [
                (tr("{seconds} seconds").format(seconds=f"{value:g}"), value)
                for value in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
            ],
        )
        return card(
            label(tr("Speaking"), "heading"),
            mode,
            field(tr("The key"), key, tr("Go to this field and press the key or switch you want to use.")),
            self._key_line,
            pause,
            self._box(
                "stop_at_pause",
                tr("Also stop at this pause when I started with a tap"),
                tr("Off: only you end what you say."),
            ),
            self._choice(
                "debounce_ms",
                tr("Ignore a second press within"),
                tr("For trembling hands."),
                times(50, 100, 150, 250, 500, 1000, 2000),
            ),
            self._choice(
                "hold_ms",
                tr("A press is a hold after"),
                tr("A shorter press is a tap."),
                times(200, 300, 400, 600, 800, 1000, 2000),
            ),
        )

    def _understanding(self) -> QWidget:
        tr, now = self.tr, self.core.store.current
        strength = QSlider(Qt.Orientation.Horizontal)
        strength.setRange(0, 20)
        strength.setPageStep(4)
        strength.setValue(round(now.strength * 20))
        shown = label("", "small")

        def show(value: int) -> None:
            text = tr("At most {percent} %").format(percent=value * 5)
            shown.setText(text)
            a11y.name(
                strength,
                tr("Personalization"),
                tr("How far the model may be fitted to each thing you say. {now}").format(now=text),
            )

        show(strength.value())
        strength.valueChanged.connect(show)
        strength.valueChanged.connect(lambda value: self._set(strength=value / 20))
        self._follow["strength"] = lambda settings: strength.setValue(round(settings.strength * 20))
        names = [(tr("Find out by itself"), None), *((name, code) for code, name in LANGUAGES.items())]
        return card(
            label(tr("Understanding you"), "heading"),
            field(
                tr("Personalization"),
                strength,
                tr("0 is plain Whisper. It is used less by itself wherever it would make the text worse."),
            ),
            shown,
            self._choice("language", tr("The language you speak"), "", names),  # type: ignore[arg-type]
            self._box("verbatim", tr("Write every word as I say it"), tr("Also repeated and broken-off words.")),
            self._box("tidy", tr("Leave out “um” and repeated words"), tr("Both texts are kept in the history.")),
            self._box(
                "spoken_commands",
                tr("Obey spoken commands"),
                tr("New line, new paragraph, undo that, select that, delete that, stop listening."),
            ),
            self._box("spoken_punctuation", tr("Write punctuation I say"), tr("“comma” becomes a comma, and so on.")),
        )

    def _words(self) -> QWidget:
        return WordsCard(self.core, self._set)

    def _destination(self) -> QWidget:
        tr = self.tr
        return card(
            label(tr("Where the text goes"), "heading"),
            self._choice(
                "insertion",
                tr("Into other programs"),
                "",
                [
                    (tr("The way that works best here"), "auto"),
                    (tr("Always paste"), "paste"),
                    (tr("Always type"), "type"),
                    (tr("Never: keep it in this window"), "editor"),
                ],
            ),
            a11y.name(label(self.core.insertion_status(), "small"), tr("How text is written here")),
            self._box("restore_clipboard", tr("Put back what was on the clipboard"), tr("After pasting your words.")),
        )

    def _microphone(self) -> QWidget:
        tr, now = self.tr, self.core.store.current
        self._device = combo(
            tr("Microphone"),
            tr("The microphone to listen to."),
            [(tr("The computer's own choice"), None), *([(now.microphone, now.microphone)] if now.microphone else [])],
            now.microphone,
        )
        self._device.currentIndexChanged.connect(lambda _: self._set(microphone=self._device.currentData()))
        self._meter = LevelMeter()
        return card(
            label(tr("Microphone"), "heading"),
            field(tr("Listen to"), self._device),
            self._meter,
            self._box(
                "warm_microphone",
                tr("Keep the microphone ready"),
                tr("So that your first word is never lost. Nothing is kept until you start."),
            ),
        )

    def _look(self) -> QWidget:
        tr = self.tr
        sizes = [(f"{percent} %", percent / 100) for percent in (100, 115, 130, 150, 175, 200)]
        return card(
            label(tr("Look"), "heading"),
            self._choice("text_scale", tr("Text size"), "", sizes),
            self._choice(
                "theme",
                tr("Colours"),
                "",
                [
                    (tr("As the desktop"), "system"),
                    (tr("Light"), "light"),
                    (tr("Dark"), "dark"),
                    (tr("High contrast"), "high-contrast"),
                ],
            ),
            self._choice(
                "interface_language",
                tr("Language of this window"),
                "",
                [(tr("As the desktop"), None), *((name, code) for code, name in language.NAMES.items())],
            ),
            self._box("reduced_motion", tr("Less movement"), tr("Nothing pulses or slides.")),
            self._box(
                "show_indicator",
                tr("Show the small sign on top of other windows"),
                tr("It says: ready, listening, writing."),
            ),
            self._box("start_hidden", tr("Start in the notification area"), tr("Only where the desktop has one.")),
        )

    def _signs(self) -> QWidget:
        tr = self.tr
        return card(
            label(tr("Sounds and screen reader"), "heading"),
            self._box("sounds", tr("Sounds when listening starts and stops"), ""),
            self._choice(
                "sound_volume",
                tr("How loud"),
                "",
                [(f"{percent} %", percent / 100) for percent in (10, 20, 40, 60, 80, 100)],
            ),
            self._box(
                "announce",
                tr("Tell a screen reader what happens"),
                tr("With sounds on, it stays quiet about start and stop."),
            ),
        )

    def _privacy(self) -> QWidget:
        tr = self.tr
        days = [(tr("Until I delete it"), None), *((tr("{days} days").format(days=n), n) for n in (1, 7, 30, 90, 365))]
        return card(
            label(tr("What is kept"), "heading"),
            self._choice(
                "retention",
                tr("Keep in the history"),
                "",
                [
                    (tr("The text and the recording"), "text and audio"),
                    (tr("The text only"), "text"),
                    (tr("Nothing"), "nothing"),
                ],
            ),
            self._choice("history_days", tr("How long"), "", days),
            self._box(
                "keep_corrections",
                tr("Keep my corrections with their recordings"),
                tr("On this computer only, so that a personal model can be trained from them."),
            ),
            a11y.name(
                label(
                    tr(
                        "Nothing you say or write leaves this computer. "
                        "The only thing ever fetched is a model you ask for."
                    ),
                    "small",
                ),
                tr("Privacy"),
            ),
        )

    # -- following -----------------------------------------------------------------------

    def _reset(self) -> None:
        try:
            self.core.store.reset()
        except IdiolectError as error:
            self.told.emit(str(error), True)
            return
        self.told.emit(self.tr("All settings are back to how they were at the start."), False)

    def _devices(self, devices: list) -> None:  # type: ignore[type-arg]
        with QSignalBlocker(self._device):
            fill_devices(
                self._device, devices, self.core.store.current.microphone, self.tr("The computer's own choice")
            )

    def _level(self, rms: float, peak: float) -> None:
        if self.isVisible():
            self._meter.set_level(rms, peak)

    def _key_status(self) -> None:
        self._key_line.setText(self.core.hotkey.status.message)
