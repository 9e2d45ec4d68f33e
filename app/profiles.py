"""Several people on one computer: a folder for each under ``data_dir()/profiles``.

The folder's name is the profile's id and never changes; the name people see is in
``person.json``. The engine keeps its own files (``profile.*``) in the same folder.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import ProfileError, StorageError
from engine.paths import data_dir, private_dir, set_aside, storage_error, write_private

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    created: str  # ISO 8601, UTC


class Profiles:
    """The people who use this computer. ``messages`` says whose name was lost with a damaged file."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def all(self) -> list[Person]:
        """Everyone, by name."""
        root = data_dir() / "profiles"
        if not root.is_dir():
            return []
        people = [self._read(folder.name) for folder in root.iterdir() if self._is_profile(folder)]
        return sorted(people, key=lambda person: (person.name.casefold(), person.id))

    def get(self, profile_id: str) -> Person:
        """Raises ProfileError where there is no such person."""
        if not _ID.fullmatch(profile_id) or not self._is_profile(data_dir() / "profiles" / profile_id):
            raise ProfileError(f"There is no profile {profile_id}: choose another or make a new one.")
        return self._read(profile_id)

    def ensure(self, profile_id: str) -> Person:
        """The person with this id, made if need be (a first start; a settings file from elsewhere)."""
        if not _ID.fullmatch(profile_id):
            profile_id = "me"
        try:
            return self.get(profile_id)
        except ProfileError:
            return self._write(profile_id, "Me" if profile_id == "me" else profile_id)

    def create(self, name: str) -> Person:
        """A new person.

        Raises:
            ProfileError: the name is empty or taken.
            StorageError: the folder cannot be made.
        """
        name = self._free_name(name)
        base = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40] or "person"
        profile_id = base
        while (data_dir() / "profiles" / profile_id).exists():
            profile_id = f"{base}-{secrets.token_hex(2)}"
        return self._write(profile_id, name)

    def rename(self, profile_id: str, name: str) -> Person:
        """Give a person another name. Raises as ``create``."""
        person = self.get(profile_id)
        return person if person.name == name.strip() else self._write(person.id, self._free_name(name), person.created)

    def delete(self, profile_id: str) -> None:
        """Delete a person's settings, words, corrections and adaptation for good.

        Raises:
            ProfileError: there is no such profile, or it is the only one.
            StorageError: the folder cannot be deleted.
        """
        self.get(profile_id)
        if len(self.all()) == 1:
            raise ProfileError("This is the only profile: make another before deleting it.")
        folder = data_dir() / "profiles" / profile_id
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise storage_error(folder, error) from error

    def folder(self, profile_id: str) -> Path:
        """Where this person's files are; made if need be."""
        return private_dir(data_dir() / "profiles" / profile_id)

    def _free_name(self, name: str) -> str:
        name = " ".join(name.split())[:100]
        if not name:
            raise ProfileError("A profile needs a name.")
        if any(person.name.casefold() == name.casefold() for person in self.all()):
            raise ProfileError(f"There is a profile called {name} already: choose another name.")
        return name

    def _is_profile(self, folder: Path) -> bool:
        return folder.is_dir() and _ID.fullmatch(folder.name) is not None

    def _read(self, profile_id: str) -> Person:
        path = data_dir() / "profiles" / profile_id / "person.json"
        nameless = Person(profile_id, profile_id, "")  # the name is lost, the person's files are not
        try:
            stored = json.loads(path.read_text("utf-8"))
            return Person(profile_id, str(stored["name"]), str(stored["created"]))
        except OSError:
            return nameless
        except (ValueError, KeyError, TypeError, RecursionError):
            try:
                told = set_aside(path, "name", f"The profile is called {profile_id} until you rename it.")
            except StorageError as error:
                told = str(error)
            self.messages.append(told)
            return nameless

    def _write(self, profile_id: str, name: str, created: str = "") -> Person:
        created = created or datetime.now(UTC).isoformat(timespec="seconds")
        stored = json.dumps({"name": name, "created": created}, ensure_ascii=False, indent=2) + "\n"
        write_private(self.folder(profile_id) / "person.json", stored.encode())
        return Person(profile_id, name, created)
