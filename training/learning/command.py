"""``idiolect learn PROFILE``: for people, and with ``--json`` for the app."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine import learned
from engine.errors import Cancelled, IdiolectError, ProfileError
from engine.paths import data_dir
from training.learning.options import LearnOptions
from training.learning.trial import MissingPartError, Result, learn

STOPPED = 130


def main(argv: list[str]) -> int:
    """``idiolect learn``; returns the exit code."""
    options = _parser().parse_args(argv)
    out = _Json() if options.json else _Text()
    try:
        folder = _profile_folder(options.profile)
        done = _files(options, folder, out)
        return done if done is not None else _learn(options, folder, out)
    except Cancelled as error:
        out.stopped(str(error))
        return STOPPED
    except KeyboardInterrupt:
        out.stopped("Learning was stopped. Start it again to go on.")
        return STOPPED
    except IdiolectError as error:
        out.failed(str(error), "training" if isinstance(error, MissingPartError) else None)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="idiolect learn",
        description="Learn from a person's corrections. What is learned is kept only if it helps on corrections "
        "it has not heard and does no harm to typical speech; it can be undone. Can be stopped at any time and "
        "called again to go on.",
    )
    parser.add_argument("profile", help="the profile's name or folder")
    parser.add_argument("--manifest", type=Path, help="corrections (default: those kept in the profile)")
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE", help="auto (shipped), none, or a file")
    parser.add_argument(
        "--language", default="en", metavar="CODE", help="of the corrections, or auto (default: %(default)s)"
    )
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=LearnOptions.epochs)
    parser.add_argument("--folds", type=int, default=LearnOptions.folds, help="0: three, or two with many corrections")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for other programs")
    parser.add_argument("--stdin", action="store_true", help="stop at a line 'stop', or at the end of the input")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--status", action="store_true", help="what there is to learn from, and what was learned")
    other.add_argument("--undo", action="store_true", help="take the last learning back")
    other.add_argument("--forget", action="store_true", help="delete all that was learned, for good")
    other.add_argument("--export", type=Path, metavar="FILE", help="write what was learned to a file")
    other.add_argument("--import", type=Path, metavar="FILE", dest="import_", help="use what was exported elsewhere")
    return parser


def _files(options: argparse.Namespace, folder: Path, out: _Text | _Json) -> int | None:
    """What needs no fit; None where a fit is asked for."""
    from engine.models import locate, model_sha256

    if options.status:
        out.status(learned.status(folder))
    elif options.forget:
        learned.forget(folder)
        out.said("All that was learned has been deleted.")
    elif options.undo:
        out.said("Taken back." if learned.undo(folder) else "There is nothing to take back.")
    elif options.export:
        out.said(f"Written to {learned.export_learned(folder, options.export.expanduser())}.")
    elif options.import_:
        sha256 = model_sha256(locate(options.model))
        found = learned.import_learned(folder, options.import_.expanduser(), sha256)
        out.said(f"In use now: what was learned from {found.utterances} corrections.")
    else:
        return None
    return 0


def _learn(options: argparse.Namespace, folder: Path, out: _Text | _Json) -> int:
    from engine.models import locate, model_sha256

    directory = locate(options.model)
    manifest = options.manifest or folder / "corrections" / "manifest.jsonl"
    _step_back()
    fit_options = LearnOptions(epochs=max(1, options.epochs), folds=options.folds and max(2, options.folds))
    with _stop(options.stdin) as cancelled, out:
        result = learn(
            folder, directory, model_sha256(directory), manifest, options.hypernetwork, fit_options, out.progress,
            cancelled, options.threads, None if options.language == "auto" else options.language,
        )  # fmt: skip
    out.result(result)
    return 0


def _step_back() -> None:
    """Leave the processor to everything else. To be called before torch is imported."""
    with contextlib.suppress(AttributeError, OSError):  # Windows has no nice
        os.nice(10)
    # Threads of a step that wait for each other sleep: on a busy computer they would spin for as long as they work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@contextlib.contextmanager
def _stop(listen: bool) -> Iterator[Callable[[], bool]]:
    """Whether somebody asked to stop: a signal, or a line on the standard input."""
    asked = threading.Event()
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, lambda *_: asked.set())

    def read() -> None:
        for line in sys.stdin:
            if line.strip() == "stop":
                break
        asked.set()

    if listen:
        threading.Thread(target=read, daemon=True).start()
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Text:
    """For people: a bar while it works, then the sentence."""

    def __enter__(self) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", file=sys.stderr)

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def progress(self, share: float, what: str) -> None:
        self._bar.set_description(what)
        self._bar.update(100 * share - self._bar.n)

    def result(self, result: Result) -> None:
        print(result.sentence)
        for reason, count in result.left_out.items():
            print(f"{count} left out: {reason}.")

    def status(self, status: learned.Status) -> None:
        print(f"{status.corrections} corrections; at least {status.needed} are needed to learn from them.")
        if status.learned:
            found = status.learned
            print(
                f"Learned from {found.utterances} of them{f' on {found.when[:10]}' if found.when else ''}: "
                f"{100 * found.before:.0f} wrong words in a hundred became {100 * found.after:.0f}."
            )
        for said, what in (
            (status.unfinished, "A run was stopped and can go on."),
            (status.can_undo, "The last learning can be taken back."),
            (status.problem, status.problem),
        ):
            if said:
                print(what)

    def said(self, sentence: str) -> None:
        print(sentence)

    def stopped(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)

    def failed(self, sentence: str, missing: str | None) -> None:
        print(sentence, file=sys.stderr)


class _Json:
    """For programs: one object a line on the standard output; the last one is never ``progress``."""

    def __enter__(self) -> None:
        self._share, self._what = -1.0, ""

    def __exit__(self, *_: object) -> None: ...

    def progress(self, share: float, what: str) -> None:
        if share >= self._share + 0.002 or share == 1 or what != self._what:  # no more than is seen
            self._share, self._what = max(share, self._share), what
            share = self._share  # never falls
            self._write("progress", share=round(share, 4), text=what)

    def result(self, result: Result) -> None:
        self._write("result", taken=result.taken, **asdict(result))

    def status(self, status: learned.Status) -> None:
        self._write("status", **asdict(status))

    def said(self, sentence: str) -> None:
        self._write("done", sentence=sentence)

    def stopped(self, sentence: str) -> None:
        self._write("stopped", sentence=sentence)

    def failed(self, sentence: str, missing: str | None) -> None:
        self._write("error", sentence=sentence, missing=missing)

    def _write(self, event: str, **more: Any) -> None:
        print(json.dumps({"event": event, **more}, ensure_ascii=False), flush=True)


def _profile_folder(name: str) -> Path:
    for folder in (Path(name).expanduser(), data_dir() / "profiles" / name):
        if folder.is_dir():
            return folder
    raise ProfileError(f"There is no profile '{name}': give its name or its folder.")
