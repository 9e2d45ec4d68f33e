"""``idiolect doctor``: what works on this machine, and what to do about what does not.

Every check is a plain function that looks for itself: nothing here needs the app, and a
check that crashes is reported as a failure of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from engine import __version__, models
from engine.errors import IdiolectError
from engine.paths import cache_dir, config_dir, data_dir

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Check:
    """One line of the report. ``status`` is "ok", "warn" (works, with a limit) or "fail"; ``fix`` says what to do."""

    name: str
    status: str
    detail: str
    fix: str = ""


def check(model: str = models.DEFAULT) -> list[Check]:
    """Look at everything; ``model`` is the one to be used. Takes a second or two, changes nothing."""
    from engine import desktop

    found: list[Check] = []
    parts: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("Python", _python),
        ("Processor", _processor),
        ("Memory", _memory),
        ("Graphics card", _graphics),
        ("Model", lambda: _model(model)),
        ("Language model", _language_model),
        ("Speech detection", _speech_detection),
        ("Microphone", desktop.microphone),
        ("Display", desktop.display),
        ("Global key", desktop.global_key),
        ("Insertion", desktop.insertion),
        ("Folders", _folders),
    ]
    for name, part in parts:
        try:
            found += part()
        except Exception as error:  # one broken part must not hide the others
            found.append(
                Check(name, FAIL, f"the check itself failed ({type(error).__name__}: {error})", "Report this.")
            )
    return found


def run(argv: list[str]) -> int:
    """Print the report; 0 where nothing failed, else 1."""
    parser = argparse.ArgumentParser(prog="idiolect doctor", description="What works on this machine.")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--model", default=models.DEFAULT, help="the model to check (default: %(default)s)")
    options = parser.parse_args(argv)
    found = check(options.model)
    if options.json:
        print(json.dumps([asdict(line) for line in found], indent=1, ensure_ascii=False))
    else:
        width = max(len(line.name) for line in found)
        for line in found:
            print(f"{line.status:>4}  {line.name:<{width}}  {line.detail}")
            if line.fix:
                print(f"{'':>4}  {'':<{width}}  -> {line.fix}")
        failed = sum(line.status == FAIL for line in found)
        warned = sum(line.status == WARN for line in found)
        print(f"\n{len(found) - failed - warned} fine, {warned} with limits, {failed} failed.")
    return 1 if any(line.status == FAIL for line in found) else 0


def _python() -> Iterator[Check]:
    import ctranslate2

    where = "packaged" if getattr(sys, "frozen", False) else sys.prefix
    versions = f"Idiolect {__version__}, Python {platform.python_version()}, CTranslate2 {ctranslate2.__version__}"
    yield Check("Python", OK, f"{versions} on {platform.platform(terse=True)} ({where})")


def _processor() -> Iterator[Check]:
    import ctranslate2

    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    types = ctranslate2.get_supported_compute_types("cpu")
    detail = f"{threads} threads, {platform.machine()}, computes in {', '.join(sorted(types))}"
    if "int8" not in types:
        yield Check("Processor", WARN, detail, "This processor has no fast 8-bit arithmetic: use the model tiny.en.")
    elif threads < 2:
        yield Check("Processor", WARN, detail, "With one thread text comes late: use the model tiny.en.")
    else:
        yield Check("Processor", OK, detail)


def _memory() -> Iterator[Check]:
    total = _memory_bytes()
    if total is None:
        return
    detail = f"{total / 1e9:.1f} GB"
    if total < 2e9:
        yield Check("Memory", WARN, detail, "Less than 2 GB: close other programs, or use the model tiny.en.")
    else:
        yield Check("Memory", OK, detail)


def _memory_bytes() -> int | None:
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):  # MEMORYSTATUSEX of the Windows API
            _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong), ("total", ctypes.c_ulonglong)] + [
                (f"rest{i}", ctypes.c_ulonglong) for i in range(6)
            ]

        status = Status(length=ctypes.sizeof(Status))
        done = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.total) if done else None
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _graphics() -> Iterator[Check]:
    import ctranslate2

    try:
        count = ctranslate2.get_cuda_device_count()
    except RuntimeError:
        count = 0
    if count:
        types = ctranslate2.get_supported_compute_types("cuda")
        yield Check("Graphics card", OK, f"{count} CUDA device(s), computes in {', '.join(sorted(types))}")
    elif shutil.which("nvidia-smi"):
        yield Check(
            "Graphics card",
            WARN,
            "an NVIDIA driver is there, but CUDA cannot be used; the processor is used instead",
            "Install the CUDA 12 libraries: pip install nvidia-cublas-cu12 nvidia-cudnn-cu12.",
        )
    elif sys.platform == "darwin" and platform.machine() == "arm64":
        yield Check("Graphics card", OK, "Apple silicon: used by the torch decoder (--decoder torch --device mps)")
    else:
        yield Check("Graphics card", OK, "no CUDA device; the processor is used")


def _model(name: str) -> Iterator[Check]:
    try:
        directory = models.verify(name)
    except IdiolectError as error:
        yield Check("Model", FAIL, str(error))  # the sentence says what to do
        return
    size = (directory / "model.bin").stat().st_size
    yield Check("Model", OK, f"{name}, {size / 1e6:.0f} MB, complete and unchanged, in {directory}")

    from engine.transcriber import find_hypernetwork

    try:
        network = find_hypernetwork("auto", models.model_sha256(directory))
    except IdiolectError as error:
        yield Check("Personalization", FAIL, str(error), "Install Idiolect again.")
        return
    if network is None:
        yield Check(
            "Personalization",
            WARN,
            f"there is no hypernetwork for {name}: it works as plain Whisper",
            "Train one: idiolect train --help." if name == models.DEFAULT else "Use the model base.",
        )
    else:
        parameters = network.parameters_per_utterance
        yield Check("Personalization", OK, f"a hypernetwork for {name} writes {parameters} weights for every utterance")


def _language_model() -> Iterator[Check]:
    from engine.language_files import NAME, locate_language, verify_language

    fix = f"Run 'idiolect models fetch {NAME}'."
    if locate_language() is None:
        detail = "it is not here: between readings only their sound decides"
        yield Check("Language model", WARN, detail, fix)
        return
    try:
        yield Check("Language model", OK, f"complete and unchanged, in {verify_language()}")
    except IdiolectError as error:
        yield Check("Language model", FAIL, str(error), fix)


def _speech_detection() -> Iterator[Check]:
    import numpy as np

    from engine.vad import speech_spans

    spans = speech_spans(np.zeros(16000, dtype=np.float32))
    if spans:
        yield Check("Speech detection", FAIL, "it hears speech in silence", "Install Idiolect again.")
    else:
        yield Check("Speech detection", OK, "Silero VAD runs")


def _folders() -> Iterator[Check]:
    for name, folder in (
        ("Settings", config_dir()),
        ("Profiles", data_dir()),
        ("Models", models.models_dir()),
        ("Cache", cache_dir()),
    ):
        yield _folder(f"{name} folder", folder)


def _folder(name: str, folder: Path) -> Check:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"\0" * 4096)
        free = shutil.disk_usage(existing).free
    except OSError as error:
        return Check(
            name,
            FAIL,
            f"{folder} cannot be written ({error.strerror or error})",
            "Free some space or correct the folder's permissions, or set IDIOLECT_HOME to another folder.",
        )
    detail = f"{folder}, {free / 1e9:.1f} GB free"
    if free < 100e6:
        return Check(name, FAIL, detail, "Free some space: recordings could not be kept.")
    if free < 1e9:
        return Check(name, WARN, detail, "Less than 1 GB is free: free some space before fetching a model.")
    return Check(name, OK, detail)
