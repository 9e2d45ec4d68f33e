"""Text into the program that was in front when the person began to speak.

Pasted by default: the clipboard is lent and given back, any script and any layout works.
If another window is in front by now, or keys are held down, the text is held and the
person asked; it is never sent somewhere by guess.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app import clipboard_wayland
from app.clipboard import Loan
from app.clipboard_wayland import WaylandLoan
from app.desktop import Desktop, Window, find_desktop
from app.hotkey import wayland
from engine.errors import IdiolectError

_MODIFIER_SECONDS = 3.0
_READ_SECONDS = 2.0
_LOG = logging.getLogger(__name__)
# Programs that paste with Ctrl+Shift+V, and those that only know Shift+Insert and the primary selection.
TERMINALS = (
    *("gnome-terminal", "gnome-terminal-server", "konsole", "xfce4-terminal", "mate-terminal", "lxterminal", "tilix"),
    *("terminator", "alacritty", "kitty", "foot", "wezterm", "org.wezfurlong.wezterm", "ghostty", "guake", "yakuake"),
    *("qterminal", "deepin-terminal", "ptyxis", "org.gnome.ptyxis", "kgx", "org.gnome.console", "cool-retro-term"),
)
OLD_TERMINALS = ("xterm", "uxterm", "urxvt", "rxvt", "st", "aterm", "eterm")


@dataclass(frozen=True)
class Insertion:
    """What became of a text. ``done``: it is in the other program; otherwise ``note`` says why not.

    ``note`` may also tell something when all went well, for example that the text is on the clipboard.
    """

    done: bool
    note: str = ""
    window: Window | None = None
    keys: int = 0  # characters, for taking it back
    terminal: bool = False


class _OtherWindowError(IdiolectError):
    pass


@dataclass(frozen=True)
class _Job:
    text: str
    target: Window | None
    method: str
    then: Callable[[Insertion], None]
    wanted: Callable[[], bool]


class Inserter(QObject):
    """Does one insertion after another; every ``then`` is called once, in this object's thread."""

    _back = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desktop: Desktop | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="keys")
        self._back.connect(lambda call: call())
        self._waiting: list[_Job] = []
        self._busy = False
        self.restore_clipboard = True

    @property
    def desktop(self) -> Desktop:
        if self._desktop is None:
            self._desktop = find_desktop()
        return self._desktop

    @property
    def status(self) -> str:
        return self.desktop.status

    def active_window(self) -> Window | None:
        """The window in front, or None where that cannot be known."""
        try:
            return self.desktop.active_window()
        except IdiolectError as error:
            _LOG.info("%s", error)
            return None

    def method_for(self, window: Window | None, wanted: str, overrides: tuple[tuple[str, str], ...] = ()) -> str:
        """paste, paste-terminal, paste-primary, type or editor: the program's own rule before the general one."""
        program = window.program if window is not None else ""
        for name, method in overrides:
            if name.casefold() == program.casefold() and program:
                return method
        if not self.desktop.works or wanted == "editor":
            return "editor"
        if wanted == "type" or (wanted == "auto" and self.desktop.prefers_typing):
            return "type"
        if program in OLD_TERMINALS:
            return "paste-primary"
        return "paste-terminal" if program in TERMINALS else "paste"

    def insert(
        self,
        text: str,
        target: Window | None,
        method: str,
        then: Callable[[Insertion], None],
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Put ``text`` into ``target`` if that is still in front (None: into whatever is) and it is still ``wanted``.

        ``wanted`` is asked in a worker thread, last before the keys are pressed.
        """
        if method in ("paste-terminal", "paste-primary"):
            text = " ".join(text.split("\n"))  # a line end would run a command
        self._waiting.append(_Job(text, target, method, then, wanted))
        self._next()

    def undo(self, insertion: Insertion, then: Callable[[str], None]) -> None:
        """Take an insertion back; ``then`` gets an empty string or why it could not be done."""

        def work() -> None:
            self._ready_for(insertion.window)
            if insertion.terminal:
                self.desktop.chord("BackSpace", times=insertion.keys)
            else:
                self.desktop.chord("Control_L", "z")

        self._in_worker(work, lambda result: then(_why_not(result)))

    def select(self, insertion: Insertion, then: Callable[[str], None]) -> None:
        """Select the text that was inserted last, if the cursor is still behind it."""

        def work() -> None:
            if insertion.terminal or insertion.keys > 2000:
                raise IdiolectError("That text cannot be selected from here.")
            self._ready_for(insertion.window)
            self.desktop.chord("Shift_L", "Left", times=insertion.keys)

        self._in_worker(work, lambda result: then(_why_not(result)))

    def close(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
        if self._desktop is not None:
            self._desktop.close()

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        self._busy = True
        job = self._waiting.pop(0)
        if job.method == "type":
            self._in_worker(lambda: self._type(job), lambda result: self._typed(job, result))
        else:
            self._in_worker(lambda: self._ready(job), lambda result: self._paste(job, result))

    def _type(self, job: _Job) -> bool:
        self._ready(job)
        # Key by key takes its time and anything may come in between: long texts are pasted.
        if len(job.text) > 500 and not self.desktop.prefers_typing:
            return False
        return self.desktop.type_text(job.text)

    def _typed(self, job: _Job, result: Any) -> None:
        if isinstance(result, Exception):
            self._end(job, self._refused(result))
        elif result:
            # Typed letter by letter: one Ctrl+Z would take back one letter, so undo as in a terminal.
            self._end(job, Insertion(True, "", job.target, len(job.text), terminal=True))
        else:  # no key writes one of the characters
            self._paste(job, None)

    def _paste(self, job: _Job, result: Any) -> None:
        if isinstance(result, Exception):
            self._end(job, self._refused(result))
            return
        loan = self._loan(job)
        keys = {"paste-terminal": ("Control_L", "Shift_L", "v"), "paste-primary": ("Shift_L", "Insert")}

        def press() -> None:
            self._ready(job, seconds=0.5)
            time.sleep(loan.settle)
            loan.expect()
            try:
                self.desktop.chord(*keys.get(job.method, ("Control_L", "v")))
            except IdiolectError:
                self.desktop.chord("Shift_L", "Insert")  # a layout without a v

        def pressed(result: Any) -> None:
            if isinstance(result, Exception):
                loan.cancel()
                loan.deleteLater()
                self._end(job, self._refused(result))
                return
            loan.watch(_READ_SECONDS, read)

        def read(was_read: bool) -> None:
            if not was_read and not job.wanted():
                loan.cancel()  # nor is it left on the clipboard
            loan.deleteLater()
            terminal = job.method in ("paste-terminal", "paste-primary")
            note = "" if was_read else "The program did not take the text. It is on the clipboard: paste it yourself."
            self._end(job, Insertion(was_read, note, job.target, len(job.text), terminal))

        def prepared(_: Any) -> None:
            loan.start()
            self._in_worker(press, pressed)

        self._in_worker(loan.prepare, prepared)

    def _loan(self, job: _Job) -> Loan | WaylandLoan:
        if wayland() and clipboard_wayland.available():
            return WaylandLoan(job.text, self.restore_clipboard, self)
        return Loan(job.text, job.method == "paste-primary", self.restore_clipboard, self)

    def _ready(self, job: _Job, seconds: float = _MODIFIER_SECONDS) -> None:
        """As ``_ready_for``, for a text that somebody still wants."""
        self._ready_for(job.target, seconds)
        if not job.wanted():
            raise IdiolectError("Nobody wants this text any more.")

    def _ready_for(self, target: Window | None, seconds: float = _MODIFIER_SECONDS) -> None:
        """Wait until no modifier is held and check the window. Runs in the worker.

        Raises:
            IdiolectError: a key stays down, or another window is in front.
        """
        end = time.monotonic() + seconds
        while self.desktop.modifiers_held():
            if time.monotonic() > end:
                raise IdiolectError("A key such as Shift or Ctrl was held down, so the text was kept here.")
            time.sleep(0.02)
        if self.desktop.sees_windows and target is not None:
            front = self.desktop.active_window()
            if front is None or front.id != target.id:
                raise _OtherWindowError("Another window came to the front while you spoke, so the text was kept here.")

    def _refused(self, problem: Exception) -> Insertion:
        if not isinstance(problem, IdiolectError):
            _LOG.error("insertion", exc_info=problem)
            return Insertion(False, "The text could not be put into the other program, so it was kept here.")
        return Insertion(False, str(problem))

    def _end(self, job: _Job, insertion: Insertion) -> None:
        self._busy = False
        job.then(insertion)
        QTimer.singleShot(0, self._next)

    def _in_worker(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def run() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - reported by ``then``
                result = error
            self._back.emit(lambda: then(result))

        with contextlib.suppress(RuntimeError):  # the app is being closed: the text is in the history
            self._worker.submit(run)


def _why_not(result: Any) -> str:
    """Why the last text could not be reached again; empty where it could."""
    if isinstance(result, _OtherWindowError):
        return "That text is in another window: go back to it and try again."
    if isinstance(result, IdiolectError):
        return str(result)
    if isinstance(result, Exception):
        _LOG.error("the last text", exc_info=result)
        return "The last text could not be reached in the other program."
    return ""
