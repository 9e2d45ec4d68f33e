"""Somebody who has the built folder and nothing else: a user of this computer with an empty home and an empty PATH."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

NAME = "idiolect-check"


@dataclass
class Person:
    """``home`` is empty at first; ``environment`` holds what a desktop session would, and no Python."""

    home: Path
    uid: int
    gid: int
    environment: dict[str, str] = field(default_factory=dict)
    network: bool = True

    def command(self, *words: str | Path) -> list[str]:
        """``words`` as this person runs them."""
        plain = [str(word) for word in words]
        if os.geteuid() != 0:
            return plain
        offline = [] if self.network else [_program("unshare"), "--net"]
        who = [_program("setpriv"), f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        return [*offline, *who, "--", *plain]

    def run(self, *words: str | Path, seconds: float = 600, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env=self.environment | more,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        with (self.home / "messages.txt").open("ab") as messages:
            return subprocess.Popen(
                self.command(*words), env=self.environment, cwd=self.home, stdout=messages, stderr=messages
            )

    def give(self, source: Path, name: str) -> Path:
        """A copy of ``source`` in the home, the person's own."""
        target = self.home / name
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy2(source, target)
        own(target, self)
        return target

    def files(self) -> set[str]:
        """Every file in the home except in what was given, relative to it."""
        return {
            str(path.relative_to(self.home))
            for path in self.home.rglob("*")
            if path.is_file() and path.relative_to(self.home).parts[0] not in ("Idiolect", "given", "run")
        }


def own(path: Path, person: Person) -> None:
    for place in (path, *path.rglob("*")):
        os.chown(place, person.uid, person.gid, follow_symlinks=False)


@contextmanager
def somebody(network: bool = True) -> Iterator[Person]:
    """A new user, deleted afterwards with everything. Without root rights: a new home only."""
    home = Path(tempfile.mkdtemp(prefix="idiolect-home-"))
    if os.geteuid() == 0:
        with contextlib.suppress(KeyError):
            pwd.getpwnam(NAME)
            subprocess.run(["userdel", NAME], check=True)
        subprocess.run(["useradd", "--no-create-home", "--home-dir", str(home), NAME], check=True)
        entry = pwd.getpwnam(NAME)
        person = Person(home, entry.pw_uid, entry.pw_gid, network=network)
    else:
        person = Person(home, os.getuid(), os.getgid(), network=network)
    for name in ("run", "given", "given/programs"):
        (home / name).mkdir(mode=0o700)
    home.chmod(0o755)  # this test looks in
    own(home, person)
    person.environment = {
        "HOME": str(home),
        "USER": NAME,
        "LOGNAME": NAME,
        "PATH": str(home / "given/programs"),  # empty: not even Debian's Python
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(home / "run"),
    }
    try:
        yield person
    finally:
        if os.geteuid() == 0:
            subprocess.run(["userdel", NAME], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(home, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None, f"{name} is not installed"
    return found
