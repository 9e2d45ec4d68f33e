"""What is written down while somebody still speaks: a quick text every moment, and in every pause the real one.

That is a rehearsal: if nobody says anything more it is the text, and stands there as soon as the key is let go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.engine_client import PREVIEW_SECONDS, EngineClient
from app.session import Session, so_far
from engine.options import TranscribeOptions
from engine.vad import LONGEST_CHUNK

_FROM = 1.5  # seconds: of less the model makes something up


class Previews(QObject):
    """``text`` tells the utterance's id and what was heard of it so far."""

    text = Signal(str, str)

    def __init__(
        self, engine: EngineClient, options: Callable[[], TranscribeOptions], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._options = engine, options
        self._of: dict[str, tuple[str, str]] = {}  # job -> utterance, and what stands for what is left out
        engine.preview_text.connect(self._answered)

    def look(self, session: Session) -> None:
        """Ask for a text of what was said so far, where the engine has time for it."""
        if not session.heard or not session.speech or session.rehearsed:
            return
        recording, cue_at = session.recording, session.cue_at
        seconds, cut = recording.seconds, ""
        if session.quiet and seconds <= LONGEST_CHUNK:
            job = self._engine.preview(partial(so_far, recording, cue_at), self._options(), rehearsal=True)
            session.rehearsed = job is not None
        elif seconds > _FROM:
            options = replace(self._options(), n_best=1, beam_size=1, words=False, once=True)
            job = self._engine.preview(partial(recording.recent, PREVIEW_SECONDS), options)
            cut = "… " if seconds > PREVIEW_SECONDS else ""
        else:
            return
        if job is not None:
            self._of[job] = recording.note.id, cut

    def spoke_on(self) -> None:
        """What was rehearsed is not all of it."""
        self._engine.cancel_previews(quick=False)

    def end(self, session: Session) -> None:
        """Nobody speaks any more: the engine is needed for the text, unless that is what it works on."""
        self._engine.cancel_previews(rehearsals=not session.quiet)
        self._of.clear()

    def _answered(self, job: str, text: str) -> None:
        utterance, cut = self._of.pop(job, ("", ""))
        if utterance and text:
            self.text.emit(utterance, cut + text)
