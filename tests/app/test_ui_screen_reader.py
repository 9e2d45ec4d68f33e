"""The window as a screen reader meets it: over AT-SPI, from another process, with a real bus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import need

HERE = Path(__file__).parent
PYTHON = "/usr/bin/python3"


def test_a_screen_reader_reads_presses_and_hears(display: str, tmp_path: Path) -> None:
    need("dbus-run-session")
    bindings = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if subprocess.run([PYTHON, "-c", bindings], capture_output=True, check=False).returncode != 0:
        pytest.skip("gir1.2-atspi-2.0 and python3-gi are not installed")
    environment = os.environ | {
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "IDIOLECT_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(HERE.parent.parent),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    tmp_path.chmod(0o700)
    script = (
        f'"{sys.executable}" "{HERE / "spoken_app.py"}" & app=$!; "{PYTHON}" "{HERE / "screen_reader.py"}"; kill $app'
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script], capture_output=True, text=True, timeout=60, env=environment
    )
    assert done.stdout.strip(), done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    names = {node["name"] for node in found["nodes"]}
    assert {"Dictate", "History", "Compare", "Settings", "Speak", "Your text", "Microphone level"} <= names
    for node in found["nodes"]:
        if node["focusable"]:
            assert node["name"], node
            assert node["description"], node
            assert node["role"] not in ("unknown", "filler", "panel", "invalid"), node
    assert found["editor_is_editable"]
    assert found["talk"]
    assert "How you start and stop" in found["after"], (
        found["actions"],
        found["after"],
        found["heard"],
    )  # the press opened the settings
    for words in ("Your words are safe.", "These are the dictated words.", "Your text is waiting."):
        assert any(words in text for text in found["heard"]), (words, found["heard"])
