"""The app in the hands of somebody with an empty home and no Python: commands, model, self-test."""

from __future__ import annotations

import os
import re
from pathlib import Path

from conftest import ROOT, Installed, bring_model
from screen import until

# What Idiolect says it writes (docs/privacy.md), in a home.
STATED = re.compile(r"^(\.config|\.local/share|\.cache)/idiolect/|^messages\.txt$")


def test_there_is_no_python_and_no_source_to_lean_on(installed: Installed) -> None:
    done = installed.person.run("/bin/sh", "-c", "command -v python3 python idiolect; exit 0")
    assert done.stdout == ""
    version = installed.person.run(installed.program, "--version")
    assert version.returncode == 0 and re.fullmatch(r"idiolect \d+\.\d+\.\d+\n", version.stdout), version.stderr


def test_without_a_model_one_sentence_says_what_to_do(installed: Installed) -> None:
    if installed.edition == "offline":
        listed = installed.person.run(installed.program, "models", "list")
        assert re.search(r"^base .*installed in .*/Idiolect/", listed.stdout, re.MULTILINE), listed.stdout
        return
    done = installed.person.run(installed.program, "--self-test")
    assert done.returncode == 1
    assert done.stderr.strip() == "idiolect: The model base is not installed: run 'idiolect models fetch base'."


def test_training_is_not_in_it_and_says_so(installed: Installed) -> None:
    done = installed.person.run(installed.program, "train", "--help")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "needs Idiolect from its source" in done.stderr


def test_the_self_test_passes(installed: Installed, model: Path) -> None:
    """The model is loaded, the samples written down, personalized, by an engine in a process of its own."""
    bring_model(installed, model)
    done = installed.person.run(installed.program, "--self-test", seconds=600)
    print(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "Idiolect" in done.stdout and ", packaged" in done.stdout
    assert re.search(r"^engine: process \d+, base on cpu int8, onnx, ", done.stdout, re.MULTILINE)
    passed = re.search(r"^self-test passed: (\d+) of (\d+) words, (\d+) adapted$", done.stdout, re.MULTILINE)
    assert passed and int(passed[3]) >= 1
    assert done.stderr == ""


def test_the_engine_is_the_apps_own_process_and_maps_nothing_from_elsewhere(installed: Installed, model: Path) -> None:
    bring_model(installed, model)
    sample = installed.folder / "_internal/assets/samples/stuttering-9023.flac"
    process = installed.person.start(installed.program, "transcribe", *[sample] * 6)
    try:
        children = until(lambda: [pid for pid in children_of(process.pid) if "onnx" in maps(pid)], 120)
        assert children, "no engine process was seen"
        for pid in (process.pid, *children):
            assert Path(os.readlink(f"/proc/{pid}/exe")) == installed.program
            mapped = set(re.findall(r"(/.+)$", maps(pid), re.MULTILINE))
            assert any("numpy" in name for name in mapped)
            foreign = [name for name in mapped if name.startswith((str(ROOT), "/root", "/usr/local", "/opt"))]
            assert foreign == []
            assert [name for name in mapped if "python" in name and not name.startswith(str(installed.folder))] == []
        assert process.wait(300) == 0
    finally:
        process.kill()


def test_nothing_is_written_outside_the_stated_folders(installed: Installed) -> None:
    """After everything above."""
    written = installed.person.files()
    assert written or installed.edition == "offline"
    assert [name for name in sorted(written) if not STATED.match(name)] == []
    for name in written - {"messages.txt"}:
        if "/models/" not in name:  # models are public
            assert (installed.person.home / name).stat().st_mode & 0o077 == 0, name


def children_of(pid: int) -> list[int]:
    try:
        found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        found += [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text().split()
        ]
        return found
    except OSError:
        return []


def maps(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""
