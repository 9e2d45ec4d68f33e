"""Fetching, importing, checking and measuring models, in threads of their own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.errors import Cancelled, IdiolectError


class ModelJobs(QObject):
    """One job at a time. Every job ends in exactly one of ``done``, ``paused``, ``failed``."""

    progress = Signal(str, float, float)  # model, bytes done, bytes in all
    done = Signal(str, object)  # what ("fetch", "import", "verify"), name or path
    paused = Signal(str)  # model: what came is kept
    failed = Signal(str)
    measured = Signal(object)  # measure.Speed, or None where it could not be measured

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def fetch(self, name: str) -> None:
        """Fetch a model of the catalogue, or go on with one that was paused."""

        def job() -> None:
            from engine import models

            def report(done: int, total: int) -> None:
                self.progress.emit(name, float(done), float(total))

            try:
                models.fetch(name, report, cancelled=self._stop.is_set)
            except Cancelled:
                self.paused.emit(name)
            else:
                self.done.emit("fetch", name)

        self._run(job)

    def take(self, folder: Path) -> None:
        """Install a model from a folder."""

        def job() -> None:
            from engine import models

            def report(done: int, total: int) -> None:
                self.progress.emit(folder.name, float(done), float(total))

            installed = models.import_model(folder, None, report)
            self.done.emit("import", installed.name)

        self._run(job)

    def verify(self, name: str) -> None:
        """Read a whole model and compare it with what was published."""

        def job() -> None:
            from engine import models

            models.verify(name)
            self.done.emit("verify", name)

        self._run(job)

    def measure(self) -> None:
        """Find out how fast this computer is: ``measured`` follows in about two seconds."""

        def job() -> None:
            from app import measure

            try:
                speed = measure.measure()
            except (RuntimeError, ValueError):
                speed = None
            with contextlib.suppress(RuntimeError):  # whoever asked is gone
                self.measured.emit(speed)

        threading.Thread(target=job, name="measure", daemon=True).start()

    def pause(self) -> None:
        self._stop.set()

    def close(self) -> None:
        """Stop what runs; what was fetched so far is kept."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)

    def _run(self, job: Callable[[], Any]) -> None:
        if self.busy:
            return
        self._stop.clear()

        def guarded() -> None:
            try:
                job()
            except IdiolectError as error:
                self.failed.emit(str(error))
            except Exception as error:  # noqa: BLE001 - the thread's end must always be told
                self.failed.emit(self.tr("The model could not be installed ({error}).").format(error=error))

        self._thread = threading.Thread(target=guarded, name="model", daemon=True)
        self._thread.start()
