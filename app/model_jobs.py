"""Fetching, importing, checking and measuring models, in threads of their own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app import background
from engine.errors import Cancelled, IdiolectError


class ModelJobs(QObject):
    """One job at a time. Every job ends in exactly one of ``done``, ``stopped``, ``failed``."""

    progress = Signal(str, float, float)  # model, done, in all: bytes, or weights converted
    done = Signal(str, object)  # what ("fetch", "import", "verify"), name
    stopped = Signal(str, str, bool)  # what, name, whether what came is kept
    failed = Signal(str)
    measured = Signal(object)  # measure.Speed, or None where it could not be measured
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._stop = threading.Event()
        self._discard = False
        self._thread: threading.Thread | None = None
        self._ended.connect(self._tell)

    def fetch(self, name: str) -> None:
        """Fetch a model of the catalogue or the language model, or go on with one that was paused."""

        def job() -> str:
            from engine import language_files, models

            try:
                if name == language_files.NAME:
                    language_files.fetch_language(self._report(name), self._stopped)
                else:
                    models.fetch(name, self._report(name), cancelled=self._stopped)
            except IdiolectError:
                if self._discard:  # also where it broke off before it heard of that
                    models.discard(name)
                raise
            return name

        self._run("fetch", name, job)

    def take(self, folder: Path) -> None:
        """Install a model from a folder."""

        def job() -> str:
            from engine import models

            return models.import_model(folder, None, self._report(folder.name), self._stopped).name

        self._run("import", folder.name, job)

    def verify(self, name: str) -> None:
        """Read a whole model and compare it with what was published."""

        def job() -> str:
            from engine import models

            models.verify(name, self._report(name), self._stopped)
            return name

        self._run("verify", name, job)

    def discard(self, name: str) -> None:
        """Delete what has come of a download that was paused."""

        def job() -> str:
            from engine import models

            self._discard = True
            models.discard(name)
            raise Cancelled

        self._run("fetch", name, job)

    def measure(self) -> None:
        """Find out how fast this computer is: ``measured`` follows in about two seconds."""

        def job() -> None:
            from app import measure

            try:
                speed = measure.measure(stop=background.ending.is_set)
            except (RuntimeError, ValueError):
                speed = None
            with contextlib.suppress(RuntimeError):  # whoever asked is gone
                self.measured.emit(speed)

        background.start("measure", job)

    def pause(self) -> None:
        """Stop at the next safe point; what was fetched so far is kept."""
        self._stop.set()

    def cancel(self) -> None:
        """Stop at the next safe point; nothing is kept."""
        self._discard = True
        self._stop.set()

    def close(self) -> None:
        """Stop what runs; what was fetched so far is kept."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)

    def _stopped(self) -> bool:
        return self._stop.is_set() or background.ending.is_set()

    def _report(self, name: str) -> Callable[[int, int], None]:
        return lambda done, total: self.progress.emit(name, float(done), float(total))

    def _run(self, what: str, name: str, job: Callable[[], str]) -> None:
        if self.busy:
            return
        self.busy, self._discard = True, False
        self._stop.clear()

        def guarded() -> None:
            try:
                installed = job()
                ending = lambda: self.done.emit(what, installed)  # noqa: E731
            except Cancelled:
                kept = what == "fetch" and not self._discard
                ending = lambda: self.stopped.emit(what, name, kept)  # noqa: E731
            except IdiolectError as error:
                message = str(error)
                ending = lambda: self.failed.emit(message)  # noqa: E731
            except Exception as error:  # noqa: BLE001 - the thread's end must always be told
                message = self.tr("The model could not be installed ({error}).").format(error=error)
                ending = lambda: self.failed.emit(message)  # noqa: E731
            with contextlib.suppress(RuntimeError):  # whoever asked is gone
                self._ended.emit(ending)

        self._thread = background.start("model", guarded)

    def _tell(self, ending: Callable[[], None]) -> None:
        self.busy = False  # before anybody hears of it: the next job may begin at once
        ending()
