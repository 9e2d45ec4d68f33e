"""The messages between a program and the engine's worker process. Plain frozen data.

A program sends requests; every ``Transcribe`` is answered by any number of ``Progress``
and ``Partial`` and then by exactly one of ``Finished``, ``Failed`` (its ``message`` is
one sentence for the user) or ``Stopped``. ``Ready`` comes once per started process,
``Restarted`` when the process died and its unfinished jobs were sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.options import TranscribeOptions
from engine.transcript import Segment, Transcript


@dataclass(frozen=True)
class Transcribe:
    """Write down ``audio``: a file's path, or 16 kHz mono float32 samples.

    ``preview`` asks for a quick text of speech that is still going on (greedy, no words,
    nothing kept): its answer may be dropped if a later request waits. A ``rehearsal`` is a preview with
    the options of the real thing, in a pause: if nobody says anything more, it is the text.
    """

    job: str
    audio: Path | NDArray[np.float32]
    options: TranscribeOptions
    preview: bool = False
    rehearsal: bool = False


@dataclass(frozen=True)
class Cancel:
    job: str


@dataclass(frozen=True)
class Forget:
    """What was rehearsed is not to be written down: hold nothing of it any more."""


@dataclass(frozen=True)
class Shutdown:
    pass


Request = Transcribe | Cancel | Forget | Shutdown


@dataclass(frozen=True)
class Ready:
    """The model is loaded. ``device`` is the one really used; ``personalized``: a hypernetwork is loaded.

    ``notice``: one sentence where something of the person's could not be used and was left out.
    """

    model: str
    device: str
    personalized: bool
    load_seconds: float
    notice: str = ""


@dataclass(frozen=True)
class Progress:
    job: str
    done: float  # seconds of audio
    total: float


@dataclass(frozen=True)
class Partial:
    """One more segment of a long recording is final."""

    job: str
    segment: Segment


@dataclass(frozen=True)
class Finished:
    job: str
    transcript: Transcript


@dataclass(frozen=True)
class Failed:
    """``job`` is None where the engine itself could not start."""

    job: str | None
    message: str


@dataclass(frozen=True)
class Stopped:
    job: str


@dataclass(frozen=True)
class Restarted:
    """The process died (``attempt`` times in a row) and was started again."""

    attempt: int


Event = Ready | Progress | Partial | Finished | Failed | Stopped | Restarted
