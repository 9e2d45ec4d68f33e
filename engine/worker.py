"""The engine in a process of its own: it can crash, be killed or cancelled, and nothing is lost.

``Worker`` is the program's end: it starts the process (spawn), sends requests, hands
every event to one callback, and where the process dies starts another and sends what was
not finished again. ``_serve`` is the other end. Messages are those of ``engine.protocol``.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from engine.errors import IdiolectError
from engine.options import EngineOptions
from engine.protocol import (
    Cancel,
    Event,
    Failed,
    Finished,
    Forget,
    Partial,
    Progress,
    Ready,
    Request,
    Restarted,
    Shutdown,
    Stopped,
    Transcribe,
)
from engine.rehearsal import Rehearsal

MOST_ATTEMPTS = 12  # crashes in a row without a result before a job, or the engine, is given up
_PATIENCE = 0.05  # seconds before a restart, times the number of crashes in a row


class Worker:
    """One engine process. Thread-safe; ``on_event`` is called from a thread of this object.

    Every submitted job ends in exactly one ``Finished``, ``Failed`` or ``Stopped``.
    """

    def __init__(self, options: EngineOptions, on_event: Callable[[Event], None]) -> None:
        self._options = options
        self._on_event = on_event
        self._lock = threading.RLock()
        self._jobs: dict[str, Transcribe] = {}  # submitted and not ended, in order
        self._cancelled: set[str] = set()
        self._crashes = 0  # in a row
        self._closed = False
        self._refusal = ""  # why the last process could not start
        self._generation = 0
        self._process: Any = None
        self._connection: Connection | None = None

    def start(self) -> None:
        """Start the process; returns at once. ``Ready`` or ``Failed`` (job None) follows."""
        with self._lock:
            if self._process is None and not self._closed:
                self._spawn()

    def submit(self, request: Transcribe) -> None:
        """Send a job; the process is started where it is not running."""
        with self._lock:
            self._jobs[request.job] = request
            if self._process is None:
                self._spawn()  # sends every unfinished job itself
            else:
                self._send(request)

    def cancel(self, job: str) -> None:
        """End ``job`` with ``Stopped``: at once if it waits, at the next step of its work if it runs."""
        with self._lock:
            if job in self._jobs:
                self._cancelled.add(job)
                self._send(Cancel(job))

    def forget(self) -> None:
        """Have the process hold nothing of what was rehearsed any more."""
        with self._lock:
            self._send(Forget())

    def reload(self, options: EngineOptions) -> None:
        """Start again with other options; unfinished jobs are sent to the new process."""
        with self._lock:
            self._options = options
            self._crashes = 0
            self._stop_process()
            if not self._closed:
                self._spawn()

    @property
    def pid(self) -> int | None:
        """The process number, for diagnostics and for tests that kill it."""
        process = self._process
        return process.pid if process is not None else None

    def close(self, timeout: float = 5.0) -> None:
        """End the process. Jobs that are not finished get no event any more."""
        with self._lock:
            self._closed = True
            process = self._process
            self._send(Shutdown())
        if process is not None:
            process.join(timeout)
        with self._lock:
            self._stop_process()

    # -- behind the lock ------------------------------------------------------------

    def _spawn(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._generation += 1
        self._connection = ours
        self._process = context.Process(
            target=_serve, args=(theirs, self._options), name="idiolect-engine", daemon=True
        )
        self._process.start()
        theirs.close()  # so that the end of the process is the end of the stream
        threading.Thread(target=self._listen, args=(ours, self._generation), daemon=True).start()
        for request in self._jobs.values():
            self._send(request)

    def _send(self, request: Request) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it died: the listener starts another and sends again
                self._connection.send(request)

    def _stop_process(self) -> None:
        self._generation += 1  # its listener falls silent
        if self._process is not None:
            self._process.kill()
            self._process.join(1.0)
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    # -- the listener ---------------------------------------------------------------

    def _listen(self, connection: Connection, generation: int) -> None:
        while True:
            try:
                event: Event = connection.recv()
            except (EOFError, OSError):
                break
            except Exception:  # half a message of a killed process
                break
            with self._lock:
                if generation != self._generation:
                    return
                known = self._note(event)
            if known:
                self._on_event(event)
        self._died(generation)

    def _note(self, event: Event) -> bool:
        """Keep the books; False for an event of a job that has ended already."""
        if isinstance(event, Failed) and event.job is None:
            self._refusal = event.message
        job = getattr(event, "job", None)
        if job is None:
            return True
        if job not in self._jobs:
            return False
        if isinstance(event, Finished | Failed | Stopped):
            del self._jobs[job]
            self._cancelled.discard(job)
            self._crashes = 0
        return True

    def _died(self, generation: int) -> None:
        ended: list[Event] = []
        with self._lock:
            if generation != self._generation or self._closed:
                return
            refused = self._process is not None and self._exit_code() == _REFUSED
            self._stop_process()
            for job in self._cancelled & self._jobs.keys():
                del self._jobs[job]
                ended.append(Stopped(job))
            self._cancelled.clear()
            self._crashes += 1
            if refused or self._crashes >= MOST_ATTEMPTS:
                message = self._refusal
                if not refused:
                    message = (
                        f"The engine stopped {self._crashes} times in a row. "
                        "What was spoken is kept: restart Idiolect, or choose a smaller model."
                    )
                    ended.append(Failed(None, message))
                ended += [Failed(job, message) for job in self._jobs]
                self._jobs.clear()
                self._crashes = 0
            attempt = self._crashes
        for event in ended:
            self._on_event(event)
        if attempt:
            time.sleep(_PATIENCE * (attempt - 1))  # not behind the lock: nobody who submits may wait for it
            self._on_event(Restarted(attempt))
            self.start()

    def _exit_code(self) -> int | None:
        self._process.join(1.0)
        code: int | None = self._process.exitcode
        return code


# -- the process ------------------------------------------------------------------------

_REFUSED = 3  # exit code: what was asked for cannot be loaded, so starting again will not help


def _serve(connection: Connection, options: EngineOptions) -> None:
    """Load the engine and answer requests until told to stop, or until the program is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's to handle
    inbox = _Inbox(connection)
    try:
        started = time.perf_counter()
        engine = _load(options)
    except Exception as error:  # another than ours is a defect, and would be one at every start
        message = str(error) if isinstance(error, IdiolectError) else _cannot_load(error)
        inbox.answer(Failed(None, message))
        for waiting in inbox.take_all():
            inbox.answer(Failed(waiting.job, message))
        inbox.close()
        os._exit(_REFUSED)
    inbox.answer(_ready(engine, time.perf_counter() - started))
    rest = engine.prepare()
    while (request := inbox.take(partial(_prepared, rest))) is not None:
        try:
            used = _run(engine, request, inbox)
            if used is not engine:
                engine, rest = used, used.prepare()
        except IdiolectError as error:
            inbox.answer(Stopped(request.job) if inbox.is_cancelled(request.job) else Failed(request.job, str(error)))
        except MemoryError:
            inbox.answer(Failed(request.job, "There is not enough memory for this recording: choose a smaller model."))
        except Exception as error:  # a defect: the person gets a sentence, the recording is kept by the program
            message = f"Something went wrong in the engine ({type(error).__name__}: {error}). The recording is kept."
            inbox.answer(Failed(request.job, message))
        inbox.forget(request.job)
        del request  # the sound in it


def _cannot_load(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There is not enough memory for this model: choose a smaller one."
    return f"The engine cannot be loaded ({type(error).__name__}: {error}): choose another model, or fetch it again."


def _load(options: EngineOptions) -> Any:
    from engine.transcriber import Transcriber

    return Transcriber(options)


def _ready(engine: Any, seconds: float) -> Ready:
    device, personalized = engine.decoder.device, engine.hypernetwork is not None
    return Ready(engine.options.model, device, personalized, seconds, engine.notice)


def _prepared(rest: Iterator[None]) -> bool:
    """One part more of what is built at leisure; False where there is no more."""
    try:
        return next(rest, rest) is not rest
    except Exception:
        return False  # it is tried again where it is needed, and said there


def _run(engine: Any, request: Transcribe, inbox: _Inbox) -> Any:
    """One job; returns the engine to use from now on (another where the GPU failed)."""
    rehearsal = inbox.take_rehearsal()
    known = None if request.preview or rehearsal is None else rehearsal.text_of(request.audio, request.options)
    if known is not None:
        for segment in known.segments:
            inbox.answer(Partial(request.job, segment))
        inbox.answer(Progress(request.job, known.duration, known.duration))
        inbox.answer(Finished(request.job, known))
        return engine
    from engine.transcriber import Hooks

    hooks = Hooks(
        on_segment=lambda segment: inbox.answer(Partial(request.job, segment)),
        on_progress=lambda done, total: inbox.answer(Progress(request.job, done, total)),
        cancelled=lambda: inbox.is_cancelled(request.job),
    )
    try:
        transcript = engine.transcribe(request.audio, request.options, hooks)
    except RuntimeError:
        if not engine.decoder.device.startswith("cuda"):
            raise
        from dataclasses import replace

        # Out of memory or a lost driver: the same utterance again, where it cannot happen.
        started = time.perf_counter()
        engine = _load(replace(engine.options, device="cpu", compute_type="int8"))
        inbox.answer(_ready(engine, time.perf_counter() - started))
        transcript = engine.transcribe(request.audio, request.options, hooks)
    if request.rehearsal and isinstance(request.audio, np.ndarray):
        inbox.keep(request.job, Rehearsal(request.audio, request.options, transcript))
    inbox.answer(Finished(request.job, transcript))
    return engine


class _Inbox:
    """Requests that wait, read by a thread so that a cancellation is heard while a job runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Transcribe] = []
        self._cancelled: set[str] = set()
        self._closed = False
        self._rehearsal: Rehearsal | None = None
        self._news = threading.Condition()
        self._sending = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def answer(self, event: Event) -> None:
        with self._sending, contextlib.suppress(OSError):
            self._connection.send(event)

    def take(self, meanwhile: Callable[[], bool] = lambda: False) -> Transcribe | None:
        """The next job, waiting for it; None when it is time to stop.

        Real work goes before previews, and of several previews only the newest is done. As long as nothing waits,
        ``meanwhile`` is done, until it says that there is no more of it.
        """
        while True:
            while self._idle() and meanwhile():
                pass
            with self._news:
                while not self._waiting and not self._closed:
                    self._news.wait()
                if self._closed:
                    return None
                job, dropped = self._next()
            for request in dropped:
                self.answer(Stopped(request.job))
                self.forget(request.job)
            if job is not None:
                return job

    def _next(self) -> tuple[Transcribe | None, list[Transcribe]]:
        """The job to do now, and those that need not be done any more; both leave the queue."""
        real = [r for r in self._waiting if not r.preview]
        previews = [r for r in self._waiting if r.preview]
        job = real[0] if real else previews[-1] if previews else None
        kept = real[1:]
        if real and self._waiting[-1].preview:
            kept.append(self._waiting[-1])  # of what is said after all of them
        keeping = {r.job for r in (*kept, *([job] if job else []))}
        dropped = [r for r in self._waiting if r.job not in keeping]
        self._waiting = kept
        return job, dropped

    def _idle(self) -> bool:
        with self._news:
            return not self._waiting and not self._closed

    def take_all(self) -> list[Transcribe]:
        with self._news:
            waiting, self._waiting = self._waiting, []
            return waiting

    def is_cancelled(self, job: str) -> bool:
        with self._news:
            return job in self._cancelled

    def forget(self, job: str) -> None:
        with self._news:
            self._cancelled.discard(job)

    def keep(self, job: str, rehearsal: Rehearsal) -> None:
        """Hold what may turn out to be the text, unless nobody wants it any more."""
        with self._news:
            if job not in self._cancelled:
                self._rehearsal = rehearsal

    def take_rehearsal(self) -> Rehearsal | None:
        with self._news:
            rehearsal, self._rehearsal = self._rehearsal, None
            return rehearsal

    def close(self) -> None:
        self._connection.close()

    def _read(self) -> None:
        while True:
            try:
                request: Request = self._connection.recv()
            except (EOFError, OSError):
                os._exit(0)  # the program is gone
            dropped: list[Transcribe] = []
            with self._news:
                if isinstance(request, Transcribe):
                    self._waiting.append(request)
                elif isinstance(request, Cancel):
                    dropped = [waiting for waiting in self._waiting if waiting.job == request.job]
                    if dropped:
                        self._waiting = [waiting for waiting in self._waiting if waiting.job != request.job]
                    else:
                        self._cancelled.add(request.job)
                elif isinstance(request, Forget):
                    self._rehearsal = None
                else:
                    self._closed = True
                self._news.notify()
            for waiting in dropped:
                self.answer(Stopped(waiting.job))
