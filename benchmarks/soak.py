"""An eight-hour day in compressed time, and everything that can go wrong in it.

    python -m benchmarks.soak                        # 2,000 utterances, 100 kills of the engine, 50 of the app, faults
    python -m benchmarks.soak --quick                # less of the same, in a few minutes
    python -m benchmarks.soak --parts day --model tiny.en --out soak.json

It drives the real engine process and the real app (on a screen and with a microphone of
its own: Xvfb and PulseAudio, so that part runs on Linux only). Needs the ``dev`` extra.
Prints what it finds and ends with 1 where a bound of docs/reliability.md is broken.
"""

from __future__ import annotations

import argparse
import functools
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from benchmarks.soak_speech import day, recordings

FAULTS = ("tests/app/test_faults.py", "tests/test_faults.py", "tests/app/test_spool.py")
PARTS = ("day", "kills", "app-kills", "faults")
_MOST_GROWTH = 5.0  # per cent
_MOST_RATIO = 3.0  # p99 / p50


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--utterances", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=100, help="kill -9 of the engine (default: %(default)s)")
    parser.add_argument("--app-kills", type=int, default=50, help="kill -9 of the app (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="60 utterances, 5 kills of each")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="default: all")
    parser.add_argument("--model", default="base", help="a model's name or folder (default: base)")
    parser.add_argument("--recordings", type=Path, help="a folder of FLAC or WAV to speak from (default: Idiolect's)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the figures there as JSON, while they come in")
    options = parser.parse_args(argv)
    if options.quick:
        options.utterances, options.kills, options.app_kills = 60, 5, 5
    if "app-kills" in options.parts and not sys.platform.startswith("linux"):
        options.parts.remove("app-kills")
        print("The app is killed on Linux only: that part is left out.")

    sayings = day(max(60, options.utterances), options.seed, recordings(options.recordings))
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    figures: dict[str, Any] = {"model": options.model, "machine": machine}

    def keep(part: str, found: Any) -> None:
        figures[part] = found
        if options.out:
            options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")

    for part in options.parts:
        print(f"{part}:", flush=True)
        started = time.monotonic()
        keep(part, _part(part, options, sayings, functools.partial(keep, part)))
        print(json.dumps(figures[part], indent=1), f"({time.monotonic() - started:.0f} s)", flush=True)
    broken = [problem for part in options.parts for problem in problems(part, figures[part])]
    print("\n".join(broken) or "Every bound holds.")
    return 1 if broken else 0


def _part(part: str, options: argparse.Namespace, sayings: list[Any], keep: Callable[[Any], None]) -> Any:
    from benchmarks import soak_worker

    if part == "day":
        return soak_worker.day(options.model, sayings[: options.utterances], _tell, keep)
    if part == "kills":
        return soak_worker.kills(options.model, sayings, options.kills, options.seed, _tell, keep)
    if part == "app-kills":
        from benchmarks import soak_app

        return soak_app.kills(options.model, options.app_kills, options.seed, _tell, keep)
    return _faults()


def _faults() -> dict[str, str]:
    """A full disk, a read-only home, damaged files: the tests of them, and how each came out."""
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *FAULTS]
        subprocess.run(words, cwd=root, check=False)
        if not report.exists():
            return {"tests": "they could not be run"}
        cases = ElementTree.parse(report).getroot().iter("testcase")
        return {f"{case.get('classname')}.{case.get('name')}": _outcome(case) for case in cases}


def _outcome(case: ElementTree.Element) -> str:
    return next((part.tag for part in case if part.tag in ("failure", "error", "skipped")), "ok")


def problems(part: str, found: Any) -> list[str]:
    """The bounds that ``found`` breaks, each as a sentence."""
    told = []
    if part == "day":
        for name in ("engine", "program"):
            growth = found[name]
            if growth["memory_growth_percent"] > _MOST_GROWTH:
                told.append(f"The memory of the {name} grew by {growth['memory_growth_percent']} %.")
            told += [
                f"The {name} holds more and more {what}: {growth[what]}."
                for what in ("files", "threads")
                if growth[what][1] > growth[what][0]
            ]
        told += [
            f"Of utterances of {kind}, one in a hundred takes {values['ratio']} times as long as most."
            for kind, values in found["latency"].items()
            if kind.endswith(" s") and values["count"] >= 50 and values["ratio"] > _MOST_RATIO
        ]
        if not found["one_process"]:
            told.append("The engine ended during the day and was started again.")
        if found["words_out_of_nothing"]:
            told.append(f"{found['words_out_of_nothing']} times words were written where nobody spoke.")
    if part in ("day", "kills", "app-kills") and found["lost"]:
        told.append(f"{part}: {found['lost']} utterances were lost.")
    if part in ("kills", "app-kills") and (found.get("ended_more_than_once") or found["other_text"]):
        told.append("An utterance was written down twice, or with another text than without the kills.")
    if part == "app-kills" and found["most_lost_seconds"] > 0.5:
        told.append(f"A kill of the app cost {found['most_lost_seconds']} s of speech.")
    if part == "faults":
        told += [f"{name}: {outcome}" for name, outcome in found.items() if outcome != "ok"]
    return told


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
