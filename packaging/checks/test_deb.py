"""The Debian packages: installed into this computer, run by somebody, and removed without a trace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import DIST
from person import Person, somebody

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("dpkg") is None, reason="only root on a Debian system can install a package"
)
EDITIONS = ("idiolect", "idiolect-offline")


@pytest.fixture(scope="module", params=EDITIONS)
def package(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of an installed package."""
    found = sorted(DIST.glob(f"{request.param}_*.deb"))
    assert len(found) == 1, f"there are {len(found)} packages: run packaging/build --offline --deb"
    done = subprocess.run(["dpkg", "--install", str(found[0])], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    yield request.param
    done = subprocess.run(["dpkg", "--purge", request.param], capture_output=True, text=True)
    assert done.returncode == 0 and "not empty" not in done.stderr, done.stderr
    assert not Path(f"/usr/lib/{request.param}").exists() and not Path("/usr/bin/idiolect").exists()


@pytest.fixture
def person(package: str) -> Iterator[Person]:
    with somebody(network=package == "idiolect") as person:
        yield person


def test_the_menu_entry_is_valid_and_leads_to_the_program_and_the_icon(package: str) -> None:
    entry = Path("/usr/share/applications/idiolect.desktop")
    checked = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout == "", checked.stdout
    text = entry.read_text("utf-8")
    program = shutil.which("idiolect", path="/usr/local/bin:/usr/bin:/bin")  # as a desktop finds it
    assert "Exec=idiolect --open %f" in text and program == "/usr/bin/idiolect"
    kinds = re.search(r"^MimeType=(.+);$", text, re.MULTILINE)
    assert kinds and {"audio/flac", "audio/mpeg", "audio/x-wav"} <= set(kinds[1].split(";"))
    icons = Path("/usr/share/icons/hicolor")
    assert (icons / "scalable/apps/idiolect.svg").is_file()
    for size in (16, 48, 256):
        picture = (icons / f"{size}x{size}/apps/idiolect.png").read_bytes()
        assert picture[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(picture[16:20], "big") == size
        assert len(set(picture)) > 20, "an empty picture"


def test_the_software_centre_can_read_what_it_is(package: str) -> None:
    about = "/usr/share/metainfo/org.idiolect.Idiolect.metainfo.xml"
    checked = subprocess.run(["appstreamcli", "validate", "--no-net", about], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_the_package_says_what_it_needs_and_what_it_is(package: str) -> None:
    shown = subprocess.run(["dpkg", "--status", package], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Depends: libc6 \(>= 2\.\d+\), .*libegl1", shown, re.MULTILINE), shown
    assert re.search(r"^Conflicts: idiolect", shown, re.MULTILINE)
    copyright = Path(f"/usr/share/doc/{package}/copyright").read_text("utf-8")
    assert "LGPL-3.0" in copyright and "You may replace them" in copyright


def test_somebody_runs_it_from_the_path(package: str, person: Person) -> None:
    program = "/usr/bin/idiolect"
    assert person.run(program, "--version").stdout.startswith("idiolect ")
    done = person.run(program, "--self-test", seconds=600)
    if package == "idiolect":
        assert done.returncode == 1 and "run 'idiolect models fetch base'" in done.stderr
        return
    print(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "self-test passed" in done.stdout and done.stderr == ""
