"""Every setting in plain words. A change takes effect at once; there is nothing to save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from app.keys import typing_key
from app.ui import a11y, language
from app.ui.level_meter import LevelMeter
from app.ui.parts import Button, Row, Slider, card, combo, field, label
from app.ui.sentences import translated
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
        core.hotkey.status_changed.connect(self._key_status)
        core.undo_key.status_changed.connect(self._key_status)

    def refresh(self) -> None:
        self.core.capture.find_devices()
        self._key_status()

    # -- sections -----------------------------------------------------------------------

    def _speaking(self) -> QWidget:
        now = self.core.store.current
        mode = self._choice(
            "mode",
            self.tr("How you start and stop"),
            self.tr("How the key and the big button work."),
            [
                (self.tr("Tap to start and stop, or hold while speaking"), "tap-or-hold"),
                (self.tr("Tap to start, tap to stop"), "toggle"),
                (self.tr("Hold while speaking"), "push-to-talk"),
                (self.tr("Hands-free: listen until I stop it"), "hands-free"),
            ],
        )

        def times(*milliseconds: int) -> list[tuple[str, object]]:
            return [(self.tr("{seconds} seconds").format(seconds=f"{ms / 1000:g}"), ms) for ms in milliseconds]

        key = KeyField(now.key)
        key.picked.connect(lambda name: self._set(key=name))
        self._follow["key"] = lambda settings: key.show_key(settings.key)
        self._key_line = a11y.name(label("", "small"), self.tr("Whether the key works"))
        undo = KeyField(now.undo_key)
        undo.setPlaceholderText(self.tr("No key"))
        undo.picked.connect(lambda name: self._set(undo_key=name))
        self._follow["undo_key"] = lambda settings: undo.show_key(settings.undo_key)
        self._undo_line = a11y.name(label("", "small"), self.tr("Whether the key for taking back works"))
        without = Button(
            self.tr("Without this key"),
            "x",
            self.tr("No key takes back what was written; the button and your voice still do."),
            on_click=lambda: self._set(undo_key=""),
        )
        pause = self._choice(
            "pause",
            self.tr("The pause that ends a sentence"),
            self.tr("Hands-free only, unless you choose the box below. Longer is safer if you pause."),
            [(self.tr("Never: only I end it"), None)]
            + [
                (self.tr("{seconds} seconds").format(seconds=f"{value:g}"), value)
                for value in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
            ],
        )
        return card(
            label(self.tr("Speaking"), "heading"),
            mode,
            field(self.tr("The key"), key, self.tr("Go to this field and press the key or switch you want to use.")),
            self._key_line,
            field(
                self.tr("The key that takes back what was written last"),
                undo,
                self.tr("In every program; while you speak, it cancels. Go to this field and press the key."),
            ),
            self._undo_line,
            Row(without),
            pause,
            self._box(
                "stop_at_pause",
                self.tr("Also stop at this pause when I started with a tap"),
                self.tr("Off: only you end what you say."),
            ),
            self._choice(
                "debounce_ms",
                self.tr("Ignore a second press within"),
                self.tr("For trembling hands."),
                times(50, 100, 150, 250, 500, 1000, 2000),
            ),
            self._choice(
                "hold_ms",
                self.tr("A press is a hold after"),
                self.tr("A shorter press is a tap."),
                times(200, 300, 400, 600, 800, 1000, 2000),
            ),
        )

    def _understanding(self) -> QWidget:
        now = self.core.store.current
        strength = Slider()
        strength.setRange(0, 20)
        strength.setPageStep(4)
        strength.setValue(round(now.strength * 20))
        shown = label("", "small")

        def show(value: int) -> None:
            text = self.tr("At most {percent} %").format(percent=value * 5)
            shown.setText(text)
            a11y.name(
                strength,
                self.tr("Personalization"),
                self.tr("How far the model may be fitted to each thing you say. {now}").format(now=text),
            )

        show(strength.value())
        strength.valueChanged.connect(show)
        strength.valueChanged.connect(lambda value: self._set(strength=value / 20))
        self._follow["strength"] = lambda settings: strength.setValue(round(settings.strength * 20))
        names = [(self.tr("Find out by itself"), None), *((name, code) for code, name in LANGUAGES.items())]
        return card(
            label(self.tr("Understanding you"), "heading"),
            field(
                self.tr("Personalization"),
                strength,
                self.tr("0 is plain Whisper. It is used less by itself wherever it would make the text worse."),
            ),
            shown,
            self._choice("language", self.tr("The language you speak"), "", names),  # type: ignore[arg-type]
            self._box(
                "verbatim", self.tr("Write every word as I say it"), self.tr("Also repeated and broken-off words.")
            ),
            self._box(
                "tidy", self.tr("Leave out “um” and repeated words"), self.tr("Both texts are kept in the history.")
            ),
            self._box(
                "language_model",
                self.tr("Let a language model choose between readings"),
                self.tr("It looks at what you said before, on this computer. It adds no words of its own."),
            ),
            self._box(
                "spoken_commands",
                self.tr("Obey spoken commands"),
                self.tr("New line, new paragraph, undo that, select that, delete that, stop listening."),
            ),
            self._box(
                "spoken_punctuation", self.tr("Write punctuation I say"), self.tr("“comma” becomes a comma, and so on.")
            ),
        )

    def _words(self) -> QWidget:
        return WordsCard(self.core, self._set)

    def _destination(self) -> QWidget:
        return card(
            label(self.tr("Where the text goes"), "heading"),
            self._choice(
                "insertion",
                self.tr("Into other programs"),
                "",
                [
                    (self.tr("The way that works best here"), "auto"),
                    (self.tr("Always paste"), "paste"),
                    (self.tr("Always type"), "type"),
                    (self.tr("Never: keep it in this window"), "editor"),
                ],
            ),
            a11y.name(label(translated(self.core.insertion_status()), "small"), self.tr("How text is written here")),
            self._box(
                "restore_clipboard", self.tr("Put back what was on the clipboard"), self.tr("After pasting your words.")
            ),
        )

    def _microphone(self) -> QWidget:
        now = self.core.store.current
        self._device = combo(
            self.tr("Microphone"),
            self.tr("The microphone to listen to."),
            [
                (self.tr("The computer's own choice"), None),
                *([(now.microphone, now.microphone)] if now.microphone else []),
            ],
            now.microphone,
        )
        self._device.currentIndexChanged.connect(lambda _: self._set(microphone=self._device.currentData()))
        self._meter = LevelMeter()
        return card(
            label(self.tr("Microphone"), "heading"),
            field(self.tr("Listen to"), self._device),
            self._meter,
            self._box(
                "warm_microphone",
                self.tr("Keep the microphone ready"),
                self.tr("So that your first word is never lost. Nothing is kept until you start."),
            ),
        )

    def _look(self) -> QWidget:
        sizes = [(f"{percent} %", percent / 100) for percent in (100, 115, 130, 150, 175, 200)]
        return card(
            label(self.tr("Look"), "heading"),
            self._choice("text_scale", self.tr("Text size"), "", sizes),
            self._choice(
                "theme",
                self.tr("Colours"),
                "",
                [
                    (self.tr("As the desktop"), "system"),
                    (self.tr("Light"), "light"),
                    (self.tr("Dark"), "dark"),
                    (self.tr("High contrast"), "high-contrast"),
                ],
            ),
            self._choice(
                "interface_language",
                self.tr("Language of this window"),
                "",
                [(self.tr("As the desktop"), None), *((name, code) for code, name in language.NAMES.items())],
            ),
            self._box("reduced_motion", self.tr("Less movement"), self.tr("Nothing pulses or slides.")),
            self._box(
                "show_indicator",
                self.tr("Show the small sign on top of other windows"),
                self.tr("It says: ready, listening, writing."),
            ),
            self._box(
                "start_hidden", self.tr("Start in the notification area"), self.tr("Only where the desktop has one.")
            ),
        )

    def _signs(self) -> QWidget:
        return card(
            label(self.tr("Sounds and screen reader"), "heading"),
            self._box("sounds", self.tr("Sounds when listening starts and stops"), ""),
            self._choice(
                "sound_volume",
                self.tr("How loud"),
                "",
                [(f"{percent} %", percent / 100) for percent in (10, 20, 40, 60, 80, 100)],
            ),
            self._box(
                "announce",
                self.tr("Tell a screen reader what happens"),
                self.tr("With sounds on, it stays quiet about start and stop."),
            ),
        )

    def _privacy(self) -> QWidget:
        days = [
            (self.tr("Until I delete it"), None),
            (self.tr("One day"), 1),
            *((self.tr("{days} days").format(days=n), n) for n in (7, 30, 90, 365)),
        ]
        return card(
            label(self.tr("What is kept"), "heading"),
            self._choice(
                "retention",
                self.tr("Keep in the history"),
                "",
                [
                    (self.tr("The text and the recording"), "text and audio"),
                    (self.tr("The text only"), "text"),
                    (self.tr("Nothing"), "nothing"),
                ],
            ),
            self._choice("history_days", self.tr("How long"), "", days),
            self._box(
                "keep_corrections",
                self.tr("Keep my corrections with their recordings"),
                self.tr("On this computer only, so that Idiolect can learn from them: see Learn."),
            ),
            a11y.name(
                label(
                    self.tr(
                        "Nothing you say or write leaves this computer. "
                        "Only what you ask for is ever fetched: a model, or the part that learns."
                    ),
                    "small",
                ),
                self.tr("Privacy"),
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

    def _key_status(self, *_: object) -> None:
        text = translated(self.core.hotkey.status.message)
        if typing_key(self.core.store.current.key):
            text += " " + self.tr("You cannot write with this key any more while Idiolect is open.")
        self._key_line.setText(text)
        self._undo_line.setText(translated(self.core.undo_key.status.message))
