"""Guided reading: ten sentences, measured without and with personalization, and what follows for this person."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app import background
from app.clips import discard
from engine.audio import load_audio
from engine.errors import IdiolectError
from engine.options import TranscribeOptions
from engine.transcript import Transcript
from engine.vad import SHORTEST_PAUSE, VadOptions, speech_spans
from engine.wer import Wer, word_errors

if TYPE_CHECKING:
    from app.engine_client import EngineClient

# Written for this purpose: everyday words, every English phoneme, six to eleven words, no numbers.
SENTENCES = {
    "en": (
        "Could you open the window before we start?",
        "My sister is bringing soup for lunch on Thursday.",
        "Please read the last message to me again.",
        "The blue chair by the garden door is broken.",
        "I would rather walk than wait for the next bus.",
        "We should measure the shelf before we buy the jars.",
        "Her voice sounded very young on the telephone.",
        "They chose a quiet beach with plenty of shade.",
        "Nothing tastes better than bread with fresh butter.",
        "Thank you for giving me the time to finish.",
    ),
    "de": (
        "Könntest du bitte das Fenster öffnen?",
        "Meine Schwester bringt am Donnerstag Suppe mit.",
        "Lies mir die letzte Nachricht noch einmal vor.",
        "Der blaue Stuhl neben der Gartentür ist kaputt.",
        "Ich gehe lieber zu Fuß, als auf den Bus zu warten.",
        "Wir sollten das Regal messen, bevor wir Gläser kaufen.",
        "Ihre Stimme klang am Telefon sehr jung.",
        "Sie suchten sich einen ruhigen Strand mit viel Schatten.",
        "Nichts schmeckt besser als Brot mit frischer Butter.",
        "Danke, dass du mir Zeit gibst, zu Ende zu sprechen.",
    ),
}
STRENGTHS = (1.0, 0.5)


@dataclass(frozen=True)
class Outcome:
    """What the reading showed. ``by_strength`` has the errors at each strength tried; 0.0 is plain Whisper."""

    sentences: int
    by_strength: dict[float, Wer]
    longest_pause: float  # seconds of silence within one sentence
    strength: float
    pause: float


def sentences(language: str | None) -> tuple[str, ...]:
    """The ten sentences in ``language``, English where there are none."""
    return SENTENCES.get(language or "en", SENTENCES["en"])


def spoken(language: str | None) -> str:
    """The language that ``sentences(language)`` are in: they are decoded in it, whatever else the person speaks."""
    return language if language in SENTENCES else "en"


def suggest(errors: dict[float, Wer], longest_pause: float, n: int) -> Outcome:
    """Choose strength and pause: the strength with the fewest errors (the weaker of equals), the pause with room.

    The pause is one and a half times the person's longest, in half seconds, at least 2 and at most 10.
    """
    best = min(sorted(errors), key=lambda strength: errors[strength].errors)
    pause = min(10.0, max(2.0, round(longest_pause * 1.5 * 2 + 0.499) / 2))
    return Outcome(n, errors, longest_pause, best, pause)


def longest_pause(clip: Path) -> float:
    """Seconds of the longest silence between sounds of speech in ``clip``, as what ends a sentence hears it.

    Not by the words' times: Whisper's words last until the next one begins.
    """
    try:
        spans = speech_spans(load_audio(clip), VadOptions(pause=SHORTEST_PAUSE, padding=0.0))
    except IdiolectError:
        return 0.0  # the engine says what is wrong with the sound
    return max((after.start - before.end for before, after in itertools.pairwise(spans)), default=0.0)


class Reading(QObject):
    """Takes one clip a sentence, decodes it at every strength, and adds up."""

    progress = Signal(int, int)  # clips decoded, clips recorded
    finished = Signal(object)  # Outcome
    failed = Signal(str)
    _listened = Signal(str, float)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._jobs: dict[str, tuple[int, float | None, Path]] = {}  # sentence, strength (None: its pauses), clip
        self._numbers = itertools.count()
        self._texts: dict[int, str] = {}
        self._found: dict[tuple[int, float], str] = {}
        self._pauses: dict[int, float] = {}  # the longest of each sentence
        self._closing = False
        engine.finished.connect(self._finished)
        engine.job_failed.connect(self._failed)
        engine.stopped.connect(self._ended)
        self._listened.connect(self._heard)

    def add(self, number: int, text: str, clip: Path, options: TranscribeOptions) -> None:
        """Measure ``clip``, in which sentence ``number`` (``text``) is read. A repeated sentence replaces itself.

        A clip that was recorded for this is deleted when it has been decoded.
        """
        self._cancel(number)
        self._texts[number] = text
        self._pauses.pop(number, None)
        for strength in (0.0, *STRENGTHS):
            self._found.pop((number, strength), None)
        for strength in STRENGTHS:
            first = strength == STRENGTHS[0]  # plain Whisper's text is the same at every strength
            wanted = replace(options, strength=strength, compare=first, words=False, n_best=1, hotwords=(), prompt="")
            self._jobs[self._engine.transcribe(clip, wanted)] = (number, strength, clip)
        job = f"pauses-{next(self._numbers)}"
        self._jobs[job] = (number, None, clip)
        background.start("pauses", lambda: self._listen(job, clip))

    def finish(self) -> None:
        """No more sentences: ``finished`` follows when the last is decoded."""
        self._closing = True
        self._look()

    def reset(self) -> None:
        for number in list(self._texts):
            self._cancel(number)
        self._texts.clear()
        self._found.clear()
        self._pauses.clear()
        self._closing = False

    @property
    def read(self) -> int:
        """Sentences recorded so far."""
        return len(self._texts)

    def _finished(self, job: str, transcript: Transcript) -> None:
        found = self._ended(job)
        if found is None:
            return
        number, strength = found
        assert strength is not None
        self._found[number, strength] = transcript.text
        if strength == STRENGTHS[0]:
            unadapted = transcript.unadapted_text
            self._found[number, 0.0] = transcript.text if unadapted is None else unadapted
        self._look()

    def _listen(self, job: str, clip: Path) -> None:
        seconds = longest_pause(clip)
        with contextlib.suppress(RuntimeError):  # whoever asked is gone
            self._listened.emit(job, seconds)

    def _heard(self, job: str, seconds: float) -> None:
        found = self._ended(job)
        if found is not None:
            self._pauses[found[0]] = seconds
            self._look()

    def _cancel(self, number: int) -> None:
        for job, (other, _, _) in list(self._jobs.items()):
            if other == number:
                self._engine.cancel(job)
                self._ended(job)

    def _ended(self, job: str) -> tuple[int, float | None] | None:
        """Forget a job, and its clip with the last that needs it; returns the sentence's number and the strength."""
        if job not in self._jobs:
            return None
        number, strength, clip = self._jobs.pop(job)
        if all(clip != other for _, _, other in self._jobs.values()):
            discard(clip)
        return number, strength

    def _failed(self, job: str, message: str) -> None:
        if self._ended(job) is not None:
            self.failed.emit(message)
            self._look()

    def _look(self) -> None:
        decoded = sum((number, STRENGTHS[0]) in self._found for number in self._texts)
        self.progress.emit(decoded, len(self._texts))
        if self._closing and not self._jobs and self._texts:
            self._closing = False
            errors = {strength: self._errors(strength) for strength in (0.0, *STRENGTHS)}
            self.finished.emit(suggest(errors, max(self._pauses.values(), default=0.0), len(self._texts)))

    def _errors(self, strength: float) -> Wer:
        counted = [word_errors(text, self._found.get((number, strength), "")) for number, text in self._texts.items()]
        return Wer(
            sum(one.substitutions for one in counted),
            sum(one.deletions for one in counted),
            sum(one.insertions for one in counted),
            sum(one.words for one in counted),
        )
