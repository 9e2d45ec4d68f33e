"""Every choice the person can make, in one frozen dataclass, stored as readable JSON.

What belongs to a person is stored with their profile, what belongs to the computer in
``config_dir()/settings.json``. A damaged file is set aside under another name, never
overwritten; names this version does not know (from a newer one) are kept as they are.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from PySide6.QtCore import QObject, Signal

from app.profiles import Profiles
from engine.errors import OptionError, StorageError
from engine.options import COMPUTE_TYPES, DEVICES
from engine.paths import config_dir, set_aside, write_private

MODES = ("tap-or-hold", "toggle", "push-to-talk", "hands-free")
RETENTION = ("text and audio", "text", "nothing")
THEMES = ("system", "light", "dark", "high-contrast")
INSERTIONS = ("auto", "paste", "type", "editor")
OVERRIDES = ("paste", "type", "paste-terminal", "editor")


@dataclass(frozen=True)
class Settings:
    """The choices in force: this computer's, and over them the open profile's own.

    Durations are in seconds unless the name ends in ``_ms``. ``pause`` is the silence
    that ends an utterance in hands-free dictation (and with ``stop_at_pause`` in the
    others); None: nothing but the person ends it.
    """

    # the person's
    mode: str = "tap-or-hold"
    key: str = "F9"
    undo_key: str = "F8"  # takes back what was written last, in every program; "": no such key
    hold_ms: int = 400  # a press held longer than this ends listening when it is released
    debounce_ms: int = 150  # presses closer together than this are one press
    pause: float | None = 2.0
    stop_at_pause: bool = False
    strength: float = 1.0
    language: str | None = "en"
    model: str = "base"
    verbatim: bool = False
    tidy: bool = False
    language_model: bool = True
    spoken_commands: bool = True
    spoken_punctuation: bool = False
    vocabulary: tuple[str, ...] = ()
    keep_corrections: bool = False
    retention: str = "text and audio"
    history_days: int | None = None
    text_scale: float = 1.0
    theme: str = "system"
    sounds: bool = True
    sound_volume: float = 0.4
    announce: bool = True
    reduced_motion: bool = False
    cohort: str = "unknown"
    severity: float | None = None
    # the computer's
    profile: str = "me"
    microphone: str | None = None
    warm_microphone: bool = True
    preroll: float = 0.5
    device: str = "auto"
    compute_type: str = "int8"
    insertion: str = "auto"
    insertion_overrides: tuple[tuple[str, str], ...] = ()
    restore_clipboard: bool = True
    interface_language: str | None = None
    first_start_done: bool = False
    show_indicator: bool = True
    start_hidden: bool = False
    window: str = ""  # where it was: app.ui.place


_NAMES = tuple(field.name for field in dataclasses.fields(Settings))
PERSONAL = frozenset(_NAMES[: _NAMES.index("profile")])
_DEFAULTS = {field.name: field.default for field in dataclasses.fields(Settings)}
_TYPES = get_type_hints(Settings)
_CHOICES = {
    "mode": MODES,
    "retention": RETENTION,
    "theme": THEMES,
    "insertion": INSERTIONS,
    "device": DEVICES,
    "compute_type": COMPUTE_TYPES,
}
_RANGES = {
    "hold_ms": (100, 5000),
    "debounce_ms": (0, 5000),
    "pause": (0.3, 10.0),
    "strength": (0.0, 1.0),
    "history_days": (1, 36500),
    "text_scale": (0.5, 4.0),
    "sound_volume": (0.0, 1.0),
    "severity": (0.0, 1.0),
    "preroll": (0.0, 1.0),
}


def checked(name: str, value: Any) -> Any:
    """``value`` in the type that the setting ``name`` has.

    Raises:
        OptionError: there is no such setting, or it cannot have this value.
    """
    if name not in _TYPES:
        raise OptionError(f"There is no setting called {name}.")
    kind = str(_TYPES[name])
    optional = "None" in kind
    if value is None:
        if optional:
            return None
    elif name == "vocabulary":
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return tuple(dict.fromkeys(item.strip() for item in value if item.strip()))
    elif name == "insertion_overrides":
        if isinstance(value, (list, tuple)) and all(_is_override(item) for item in value):
            return tuple((str(program), str(method)) for program, method in value)
    elif kind.startswith("<class 'bool'"):
        if isinstance(value, bool):
            return value
    elif "int" in kind or "float" in kind:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            number = float(value) if "float" in kind else int(value)
            low, high = _RANGES[name]
            if low <= number <= high:  # not true of NaN
                return number
            raise OptionError(f"{name} must be between {low} and {high}, not {value}.")
    elif isinstance(value, str):
        if name not in _CHOICES or value in _CHOICES[name]:
            return value
        raise OptionError(f"{name} must be one of {', '.join(_CHOICES[name])}, not {value}.")
    raise OptionError(f"{value!r} cannot be the value of {name}.")


class SettingsStore(QObject):
    """The settings in force, and the one place that changes and saves them."""

    changed = Signal(object, object)  # Settings, frozenset of the names that changed
    message = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.messages: list[str] = []
        self.profiles = Profiles()
        self._machine, self._unknown = self._read(config_dir() / "settings.json")
        self._personal: dict[str, Any] = {}
        self._personal_unknown: dict[str, Any] = {}
        wanted = self._machine.get("profile", _DEFAULTS["profile"])
        self._machine["profile"] = self.profiles.ensure(wanted).id
        self._read_personal()
        self._current = self._merged()

    @property
    def current(self) -> Settings:
        return self._current

    def update(self, **changes: Any) -> None:
        """Change settings, save them and tell everyone.

        Raises:
            OptionError: a name or a value that cannot be; nothing is changed then.
            StorageError: they cannot be saved; they are in force until the app is closed.
        """
        values = {name: checked(name, value) for name, value in changes.items()}
        if "profile" in values and values["profile"] != self._current.profile:
            self.open_profile(values.pop("profile"))
        personal = {name: value for name, value in values.items() if name in PERSONAL}
        machine = {name: value for name, value in values.items() if name not in PERSONAL}
        self._personal.update(personal)
        self._machine.update(machine)
        self._announce()
        if personal:
            self._save_personal()
        if machine:
            self._save_machine()

    def reset(self) -> None:
        """Back to the defaults, except who is dictating and the words they taught."""
        self._machine = {"profile": self._current.profile, "first_start_done": True}
        self._personal = {"vocabulary": self._current.vocabulary}
        self._announce()
        self._save_personal()
        self._save_machine()

    def open_profile(self, profile_id: str) -> None:
        """Make another person's settings the ones in force.

        Raises:
            ProfileError: there is no such profile.
        """
        self._machine["profile"] = self.profiles.get(profile_id).id
        self._read_personal()
        self._announce()
        self._save_machine()

    def settings_of(self, profile_id: str) -> Settings:
        """The settings of any person: those in force if it is the one who has the app now, or nobody we know."""
        if profile_id == self._current.profile or not any(person.id == profile_id for person in self.profiles.all()):
            return self._current
        personal, _ = self._read(self.profiles.folder(profile_id) / "settings.json")
        return Settings(**{**self._machine, **{name: value for name, value in personal.items() if name in PERSONAL}})

    def _announce(self) -> None:
        before, self._current = self._current, self._merged()
        names = frozenset(name for name in _NAMES if getattr(before, name) != getattr(self._current, name))
        if names:
            self.changed.emit(self._current, names)

    def _merged(self) -> Settings:
        return Settings(**{**self._machine, **self._personal})

    def _personal_path(self) -> Path:
        return self.profiles.folder(self._machine["profile"]) / "settings.json"

    def _read_personal(self) -> None:
        self._personal, self._personal_unknown = self._read(self._personal_path())
        self._personal = {name: value for name, value in self._personal.items() if name in PERSONAL}

    def _save_personal(self) -> None:
        _save(self._personal_path(), {**self._personal_unknown, **self._personal})

    def _save_machine(self) -> None:
        machine = {name: value for name, value in self._machine.items() if name not in PERSONAL}
        _save(config_dir() / "settings.json", {**self._unknown, **machine})

    def _read(self, path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        """Known settings and unknown ones. One bad value costs that value only, a broken file is set aside."""
        try:
            stored = json.loads(path.read_text("utf-8"))
            if not isinstance(stored, dict):
                raise ValueError("not an object")  # noqa: TRY004 - damaged like any other
        except FileNotFoundError:
            return {}, {}
        except PermissionError:
            self._tell(f"The settings in {path} may not be read: the usual settings are used.")
            return {}, {}
        except (OSError, ValueError, RecursionError):
            try:
                self._tell(set_aside(path, "settings", "The usual settings are used."))
            except StorageError as error:  # nothing can be written there, so nothing will be overwritten
                self._tell(f"{error} The usual settings are used.")
            return {}, {}
        known: dict[str, Any] = {}
        for name in list(stored):
            if name not in _TYPES:
                continue
            try:
                known[name] = checked(name, stored.pop(name))
            except OptionError as error:
                self._tell(f"A setting was put back to its usual value: {error}")
        return known, stored

    def _tell(self, sentence: str) -> None:
        self.messages.append(sentence)
        self.message.emit(sentence)


def _is_override(item: Any) -> bool:
    return isinstance(item, (list, tuple)) and len(item) == 2 and isinstance(item[0], str) and item[1] in OVERRIDES


def _save(path: Path, values: dict[str, Any]) -> None:
    write_private(path, (json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode())
