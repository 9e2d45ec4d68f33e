"""What is in the folder, and what is said about it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import pytest
import sbom
from conftest import ROOT

from engine.paths import assets_dir

LIMIT = 350e6  # bytes without the model
# Nothing of these may be in the app: training, tests, and what is under the GPL.
FORBIDDEN = re.compile(
    r"^(torch|transformers|training|scipy|matplotlib|pandas|faster_whisper|pytest|PIL|tests|ziglang|lief)[./-]"
    r"|readline|(^|/)lib(gtk|Qt6(Quick|Qml|VirtualKeyboard|Pdf))"
)
EMPTY = re.compile(r"(^|/)lib(x264|x265|SvtAv1Enc|dav1d|vpx|vpl|gnutls|jack)[.-]")


def test_the_folder_is_small_without_the_model(folder: Path) -> None:
    total = sum(path.stat().st_size for path in files(folder) if "models" not in path.relative_to(folder).parts)
    print(f"{folder.name}: {total / 1e6:.0f} MB without the model")
    assert total <= LIMIT


def test_nothing_of_training_or_under_the_gpl_is_in_it(folder: Path) -> None:
    names = [path.relative_to(folder / "_internal").as_posix() for path in files(folder / "_internal")]
    assert len(names) > 300
    assert [name for name in names if FORBIDDEN.search(name)] == []
    modules = [name for name, _ in json.loads((ROOT / "build/packaging/idiolect/origins.json").read_text())["modules"]]
    assert "engine.transcriber" in modules and "app.ui.window" in modules
    assert [name for name in modules if FORBIDDEN.search(f"{name}.")] == []


def test_the_codecs_left_out_are_empty_and_nothing_else_stands_for_them(folder: Path) -> None:
    stand_ins = [path for path in files(folder / "_internal") if EMPTY.search(path.as_posix())]
    assert {"x264", "x265"} <= {re.split(r"[.-]", path.name)[0].removeprefix("lib") for path in stand_ins}
    for path in stand_ins:
        assert path.stat().st_size < 20_000, f"{path} has something in it"
        assert b"x264 - core" not in path.read_bytes()


def test_every_library_finds_what_it_needs(folder: Path) -> None:
    """Only with the folder and the system's own libraries."""
    inner = folder / "_internal"
    missing = {}
    for path in files(inner):
        if path.open("rb").read(4) != b"\x7fELF":
            continue
        shown = subprocess.run(
            ["/usr/bin/ldd", str(path)],
            env={"LD_LIBRARY_PATH": str(inner), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )
        absent = re.findall(r"(\S+) => not found", shown.stdout)
        if absent:
            missing[path.relative_to(inner).as_posix()] = absent
    assert missing == {}


def test_the_lgpl_libraries_are_those_of_the_wheels_unchanged_and_separate(folder: Path) -> None:
    """Byte for byte, by the sums in the wheels' own records."""
    recorded = {}
    for distribution in distributions():
        if distribution.name in ("PySide6_Essentials", "shiboken6", "av"):
            for name, digest, _ in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
                recorded[name] = digest.removeprefix("sha256=")
    checked = set()
    for path in files(folder / "_internal"):
        name = path.relative_to(folder / "_internal").as_posix()
        lgpl = name.startswith(("PySide6/", "shiboken6/")) or re.search(r"av\.libs/lib(av|sw|mp3lame|asound)", name)
        if not lgpl or ".so" not in name:
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
        assert recorded.get(name) == digest, f"{name} is not the wheel's"
        checked.add(path.name.split(".")[0].split("-")[0])
    assert {"libQt6Core", "libQt6Widgets", "libavcodec", "libavformat", "libpyside6", "libshiboken6"} <= checked


def test_the_notices_name_everything_and_their_texts_are_there(folder: Path) -> None:
    notices = (folder / "THIRD_PARTY_NOTICES.txt").read_text("utf-8")
    for name in ("Qt 6", "Qt for Python", "FFmpeg", "CTranslate2", "onnxruntime", "numpy", "PortAudio", "Python 3"):
        assert re.search(rf"^{re.escape(name)}", notices, re.MULTILINE | re.IGNORECASE) or name in notices, name
    assert ("Whisper weights" in notices) == (folder.name == "idiolect-offline")
    for named in re.findall(r"licences/[\w.+-]+", notices):
        assert (folder / named.rstrip(".,:")).stat().st_size > 100, named
    # The offer of the LGPL: what is separate, that it may be replaced, and where the sources are.
    for words in ("You may replace them", "Their complete sources", "LGPL-3.0"):
        assert words in notices
    components = re.findall(r"^\S.*\n  licence: (.+)\n  source:  (.+)$", notices, re.MULTILINE)
    assert len(components) > 40
    assert all(licence != "see its licence" and source.startswith("http") for licence, source in components)


def test_the_bill_of_materials_holds_to_its_schema_and_to_the_folder(folder: Path) -> None:
    text = (folder / "sbom.cdx.json").read_text("utf-8")
    assert sbom.validate(text) == ""
    assert sbom.validate(text.replace('"CycloneDX"', '"Something"')), "the schema's check finds nothing"
    bill = json.loads(text)
    assert bill["bomFormat"] == "CycloneDX" and bill["specVersion"] == "1.6"
    told = {
        part["name"]: part["hashes"][0]["content"]
        for component in bill["components"]
        for part in component.get("components", ())
        if part["type"] == "file"
    }
    native = [
        path
        for path in files(folder / "_internal")
        if path.open("rb").read(4) == b"\x7fELF" and not EMPTY.search(path.as_posix())
    ]
    assert len(native) > 100
    for path in native:
        name = path.relative_to(folder / "_internal").as_posix()
        assert told.get(name) == hashlib.sha256(path.read_bytes()).hexdigest(), f"{name} is missing or another"


def test_everybody_may_read_it_and_only_the_owner_write(folder: Path) -> None:
    for path in files(folder):
        mode = path.stat().st_mode & 0o777
        assert mode & 0o444 == 0o444 and not mode & 0o022, f"{path}: {mode:o}"


def test_a_replaced_lgpl_library_is_used(tmp_path: Path) -> None:
    """The right that the LGPL gives: another build of a library in the place of ours."""
    folder = tmp_path / "idiolect"
    shutil.copytree(ROOT / "dist" / "idiolect", folder, symlinks=True, copy_function=os.link)
    ours = next((folder / "_internal/av.libs").glob("libavutil-*"))
    other = tmp_path / "other"
    subprocess.run(["objcopy", "--add-section", f".ours={__file__}", str(ours), str(other)], check=True)
    assert other.read_bytes() != ours.read_bytes()
    ours.unlink()
    shutil.copy2(other, ours)
    sample = next((assets_dir() / "samples").glob("typical*.flac"))
    done = subprocess.run(
        [str(folder / "idiolect"), "transcribe", str(sample), "--model", "base"], capture_output=True, text=True
    )
    assert done.returncode == 0 and len(done.stdout.split()) >= 3, done.stderr


def files(folder: Path) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    if not found:
        pytest.fail(f"{folder} is empty: run packaging/build --offline")
    return found
