"""The engine's worker process, seen from the UI thread: plain methods and Qt signals.

Nothing here blocks. The worker calls back from a thread of its own; a queued signal
brings its events here. Models load, restart and close in a helper thread.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.errors import IdiolectError
from engine.options import EngineOptions, TranscribeOptions
from engine.protocol import Event, Failed, Finished, Partial, Progress, Ready, Restarted, Stopped, Transcribe

PREVIEW_SECONDS = 15.0  # of the latest speech
PREVIEW_EVERY = 0.7
_REAL, _PREVIEW, _REHEARSAL = range(3)
_LOG = logging.getLogger(__name__)


class EngineClient(QObject):
    """Starts with ``start``. States: stopped, loading, ready, working, failed."""

    state_changed = Signal(str)
    ready = Signal(object)  # Ready
    failed = Signal(str)  # the engine cannot start
    restarted = Signal(int)
    progress = Signal(str, float, float)  # job, seconds done, total
    partial = Signal(str, object)  # job, Segment
    preview_text = Signal(str, str)  # job, text
    finished = Signal(str, object)  # job, Transcript
    job_failed = Signal(str, str)
    stopped = Signal(str)
    _event = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = "stopped"
        self.info: Ready | None = None
        self.options: EngineOptions | None = None
        self._worker: Any = None
        self._jobs: dict[str, int] = {}  # unfinished job: _REAL, or what kind of preview
        self._numbers = itertools.count(1)
        self._began = {_PREVIEW: 0.0, _REHEARSAL: 0.0}
        self._took = {_PREVIEW: 0.0, _REHEARSAL: 0.0}
        self._errands: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._event.connect(self._on_event)
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id."""
        return None if self._worker is None else self._worker.pid

    @property
    def busy(self) -> bool:
        return any(not preview for preview in self._jobs.values())

    def start(self, options: EngineOptions) -> None:
        """Start the worker, or start it again with other options."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run_errands, name="engine-errands", daemon=True)
            self._thread.start()
        self.options = options
        self._set_state("loading")
        self._errand(lambda: self._start(options))

    def reload(self, options: EngineOptions) -> None:
        """Another model or profile. Unfinished jobs are done with the new one."""
        self.start(options)

    def transcribe(self, audio: Path | NDArray[np.float32], options: TranscribeOptions, job: str | None = None) -> str:
        """Write down ``audio``; ends in exactly one of ``finished``, ``job_failed`` and ``stopped`` for the job."""
        job = job or f"job-{next(self._numbers)}"
        self._jobs[job] = _REAL
        self._errand(lambda: self._submit(Transcribe(job, audio, options)))
        self._update_state()
        return job

    def preview(
        self, sound: Callable[[], NDArray[np.float32]], options: TranscribeOptions, rehearsal: bool = False
    ) -> str | None:
        """Ask for the text of speech that goes on, if the engine has nothing better to do and it is time.

        ``sound`` is called in another thread. A ``rehearsal`` is what ``transcribe`` will answer with at once, if
        nobody says anything more.
        """
        now = time.monotonic()
        kind = _REHEARSAL if rehearsal else _PREVIEW
        # At most half of the time: the final text must not wait for a slow computer's preview.
        wait = max(0.0 if rehearsal else PREVIEW_EVERY, 2 * self._took[kind])
        if self.state != "ready" or self._jobs or now - self._began[kind] < wait:
            return None
        self._began[kind] = now
        job = f"preview-{next(self._numbers)}"
        self._jobs[job] = kind
        self._errand(lambda: self._submit(Transcribe(job, sound(), options, True, rehearsal)))
        return job

    def cancel(self, job: str) -> None:
        if job in self._jobs:
            self._errand(lambda: self._worker and self._worker.cancel(job))

    def cancel_previews(self, quick: bool = True, rehearsals: bool = True) -> None:
        """Make room for the real thing."""
        unwanted = {_PREVIEW: quick, _REHEARSAL: rehearsals}
        for job in [job for job, kind in self._jobs.items() if unwanted.get(kind)]:
            self.cancel(job)

    def forget(self) -> None:
        """Nothing that was only rehearsed is to be held any more."""
        self.cancel_previews()
        self._errand(lambda: self._worker and self._worker.forget())

    def close(self) -> None:
        """End the worker. Waits a little, never long."""
        if self._thread is not None:
            self._errand(self._close_worker)
            self._errands.put(None)
            self._thread.join(5.0)
            self._thread = None
        self._set_state("stopped")

    def _errand(self, errand: Callable[[], Any]) -> None:
        self._errands.put(errand)

    def _run_errands(self) -> None:
        while (errand := self._errands.get()) is not None:
            try:
                errand()
            except IdiolectError as error:
                self._event.emit(Failed(None, str(error)))
            except Exception as error:  # a defect, but the app must say something
                _LOG.exception("the engine's errand")
                self._event.emit(Failed(None, f"The engine could not be used ({error}). Restart the app."))

    def _start(self, options: EngineOptions) -> None:
        from engine.worker import Worker

        if self._worker is not None:
            self._worker.reload(options)
            return
        worker = Worker(options, self._event.emit)
        worker.start()
        self._worker = worker

    def _submit(self, request: Transcribe) -> None:
        if self._worker is None:
            self._event.emit(Failed(request.job, "The engine is not running: choose a model in the settings."))
        else:
            self._worker.submit(request)

    def _close_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _on_event(self, event: Event) -> None:
        match event:
            case Ready():
                self.info = event
                self._set_state("working" if self.busy else "ready")
                self.ready.emit(event)
            case Restarted():
                self._set_state("loading")
                self.restarted.emit(event.attempt)
            case Progress():
                if not self._jobs.get(event.job, _PREVIEW):
                    self.progress.emit(event.job, event.done, event.total)
            case Partial():
                if not self._jobs.get(event.job, _PREVIEW):
                    self.partial.emit(event.job, event.segment)
            case Finished():
                if kind := self._jobs.pop(event.job, _REAL):
                    self._took[kind] = time.monotonic() - self._began[kind]
                    self.preview_text.emit(event.job, event.transcript.text)
                else:
                    self.finished.emit(event.job, event.transcript)
                self._update_state()
            case Stopped():
                if not self._jobs.pop(event.job, _PREVIEW):
                    self.stopped.emit(event.job)
                self._update_state()
            case Failed(job=None):
                self.info = None
                self._set_state("failed")
                self.failed.emit(event.message)
                for job in [job for job, preview in self._jobs.items() if not preview]:
                    self.job_failed.emit(job, event.message)
                self._jobs.clear()
            case Failed(job=str(job)):
                if not self._jobs.pop(job, _PREVIEW):
                    self.job_failed.emit(job, event.message)
                self._update_state()

    def _update_state(self) -> None:
        if self.state in ("ready", "working"):
            self._set_state("working" if self.busy else "ready")

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
