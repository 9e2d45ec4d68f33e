"""Settings survive, and what is damaged is kept aside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.settings import PERSONAL, Settings, SettingsStore
from engine.errors import OptionError, ProfileError
from engine.paths import config_dir, data_dir


def test_choices_are_there_after_a_restart(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    store = SettingsStore()
    assert store.current == Settings() and store.messages == []
    changes = []
    store.changed.connect(lambda settings, names: changes.append((settings, names)))
    store.update(pause=None, key="Pause", microphone="pulse:x", vocabulary=["Siobhán", "Siobhán", " "])
    assert changes[0][1] == {"pause", "key", "microphone", "vocabulary"}
    again = SettingsStore().current
    assert (again.pause, again.key, again.microphone, again.vocabulary) == (None, "Pause", "pulse:x", ("Siobhán",))
    for path in home.rglob("*.json"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"pause": 0.1},
        {"pause": float("nan")},
        {"mode": "shout"},
        {"strength": "much"},
        {"sounds": 1},
        {"no such": 1},
        {"key": None},
        {"insertion_overrides": [("a", "b")]},
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_and_changes_nothing(qapp, home: Path, bad: dict) -> None:  # type: ignore[no-untyped-def, type-arg]
    store = SettingsStore()
    with pytest.raises(OptionError):
        store.update(strength=0.5, **bad) if "strength" not in bad else store.update(**bad)
    assert store.current == Settings()


def test_a_damaged_file_is_kept_aside_and_told(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    config_dir().mkdir(parents=True)
    (config_dir() / "settings.json").write_text("{ half a fi")
    store = SettingsStore()
    assert store.current == Settings()
    assert "damaged" in store.messages[0]
    store.update(insertion="type")
    kept = [path for path in config_dir().iterdir() if ".damaged-" in path.name]
    assert kept[0].read_text() == "{ half a fi"


def test_one_bad_value_costs_that_value_only_and_unknown_names_stay(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    config_dir().mkdir(parents=True)
    stored = {"preroll": 77, "insertion": "type", "from the future": [1]}
    (config_dir() / "settings.json").write_text(json.dumps(stored))
    store = SettingsStore()
    assert store.current.preroll == 0.5 and store.current.insertion == "type" and len(store.messages) == 1
    store.update(restore_clipboard=False)
    stored = json.loads((config_dir() / "settings.json").read_text())
    assert stored["from the future"] == [1] and stored["restore_clipboard"] is False


def test_every_person_has_their_own(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    store = SettingsStore()
    store.update(pause=5.0, microphone="shared")
    ada = store.profiles.create("Ada  Lovelace")
    store.open_profile(ada.id)
    assert store.current.pause == Settings().pause and store.current.microphone == "shared"
    store.update(strength=0.3)
    store.update(profile="me")
    assert (store.current.pause, store.current.strength) == (5.0, 1.0)
    assert SettingsStore().current.profile == "me"
    assert "pause" in PERSONAL and "microphone" not in PERSONAL


@pytest.mark.parametrize(
    "theirs",
    [
        {"strength": 0.3}, {"pause": 4.0}, {"key": "f11"}, {"vocabulary": ("Kristofer",)}, {"language": "de"},
        {"model": "tiny.en"}, {"debounce_ms": 600},
    ],
    ids=lambda theirs: next(iter(theirs)),
)  # fmt: skip
def test_what_a_person_sets_is_theirs_alone(qapp, home: Path, theirs: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    store = SettingsStore()
    (name,) = theirs
    usual = getattr(store.current, name)
    ada = store.profiles.create("Ada")
    store.open_profile(ada.id)
    store.update(**theirs)
    assert getattr(store.current, name) == theirs[name] != usual
    store.open_profile("me")
    assert getattr(store.current, name) == usual
    assert getattr(SettingsStore().settings_of(ada.id), name) == theirs[name]


def test_profiles_are_named_renamed_and_deleted(qapp, home: Path) -> None:  # type: ignore[no-untyped-def]
    profiles = SettingsStore().profiles
    with pytest.raises(ProfileError):
        profiles.delete("me")
    ada = profiles.create("Ada")
    with pytest.raises(ProfileError):
        profiles.create(" ada ")
    assert profiles.rename(ada.id, "Ada L.").id == ada.id
    assert {person.name for person in profiles.all()} == {"Ada L.", "Me"}
    profiles.delete(ada.id)
    assert not (data_dir() / "profiles" / ada.id).exists()
    with pytest.raises(ProfileError):
        profiles.get("../../etc")
