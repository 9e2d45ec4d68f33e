"""How well a residual does: wrong words through the whole engine, merged as it would be in use."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Cancelled
from engine.models import locate, model_sha256
from engine.options import EngineOptions, TranscribeOptions
from engine.profile import Residual, save_residual
from engine.transcriber import Transcriber
from engine.wer import word_errors
from training.evaluate import told_before
from training.learning.corrections import Correction
from training.learning.fitting import Pairs


@dataclass(frozen=True)
class Judged:
    """Per recording: wrong words (at most as many as there are), words, and the text that was written."""

    errors: tuple[int, ...]
    words: tuple[int, ...]
    texts: tuple[str, ...]

    @property
    def rate(self) -> float:
        return sum(self.errors) / max(1, sum(self.words))


def judge(
    options: EngineOptions,
    pairs: Pairs | None,
    corrections: Sequence[Correction],
    told: Sequence[str] | None = None,
    listening: TranscribeOptions | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Judged, Judged]:
    """Decode ``corrections`` as dictation does, with its doubts and second hearings, and the residual ``pairs`` in a
    profile.

    ``told``: what was dictated before each; None: the texts of those before it, as they come out here. Returns ours
    and, where ``listening`` says to compare, plain Whisper's (else empty texts).

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    listening = listening or TranscribeOptions()
    ours: list[str] = []
    plain: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        if pairs:
            save_residual(Path(folder), Residual(model_sha256(locate(options.model)), pairs))
        engine = Transcriber(replace(options, profile=Path(folder)))
        for number, correction in enumerate(corrections):
            if cancelled():
                raise Cancelled("Learning was stopped. Start it again to go on.")
            before = told_before(ours) if told is None else told[number]
            heard = engine.transcribe(correction.audio, replace(listening, before=before))
            ours.append(heard.text)
            plain.append(" ".join(part.unadapted_text or "" for part in heard.segments) if listening.compare else "")
    return _judged(corrections, ours), _judged(corrections, plain)


def _judged(corrections: Sequence[Correction], texts: Sequence[str]) -> Judged:
    counts = [word_errors(correction.text, text) for correction, text in zip(corrections, texts, strict=True)]
    errors = tuple(int(min(count.errors, max(count.words, 1))) for count in counts)
    return Judged(errors, tuple(int(count.words) for count in counts), tuple(texts))
