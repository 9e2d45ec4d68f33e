"""One dictation, and how the engine's text becomes what is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.history import Entry
from app.settings import Settings
from app.spoken import command, punctuate, tidied
from engine.options import TranscribeOptions
from engine.transcript import Alternative, Transcript

# Whisper leaves hesitations out unless the text before has them. It must be whole sentences:
# after a broken-off one Whisper breaks off too, and last words are lost.
_VERBATIM = {
    "en": "Um, I, I was, uh, th-that is, well, er, I mean it.",
    "de": "Ähm, ich, ich war, äh, d-das ist, also, hm, ich meine es so.",
}


@dataclass(frozen=True)
class Utterance:
    """``heard`` is the engine's text, ``text`` what was made of it; ``state``: done, cancelled, failed or empty."""

    id: str
    text: str
    heard: str
    transcript: Transcript | None
    audio: Path | None
    seconds: float
    created: datetime
    command: str | None = None
    state: str = "done"
    destination: str = ""  # editor, inserted, held or nothing
    note: str = ""
    profile: str = ""  # whoever said it


def written(transcript: Transcript, settings: Settings) -> tuple[str, str | None]:
    """The text to write, and the command it is where it is one."""
    heard, language, segments = transcript.text, transcript.language, transcript.segments
    others = [other.text for other in segments[0].alternatives] if len(segments) == 1 else []
    found = command(heard, language, others) if settings.spoken_commands else None
    text = punctuate(heard, language) if settings.spoken_punctuation else heard
    if settings.tidy and not settings.verbatim:
        text = tidied(text, language)
    return text, found


def transcribe_options(settings: Settings, before: str = "") -> TranscribeOptions:
    """What the person's settings ask of the engine; ``before`` is what they have dictated just before.

    Where every word is wanted as it was said, no language model chooses: it prefers what is usual.
    """
    chooses = settings.language_model and not settings.verbatim
    return TranscribeOptions(
        language=settings.language,
        n_best=5,
        strength=settings.strength,
        words=True,
        prompt=_VERBATIM.get(settings.language or "en", "") if settings.verbatim else "",
        hotwords=settings.vocabulary,
        before=before if chooses else "",
        language_model=chooses,
    )


def readings(utterance: Utterance) -> tuple[Alternative, ...]:
    """What was heard and what it may have been, where it is one sentence: several share no list."""
    segments = utterance.transcript.segments if utterance.transcript is not None else ()
    if len(segments) != 1:
        return ()
    return (Alternative(segments[0].text, segments[0].avg_logprob), *segments[0].alternatives)


def entry(utterance: Utterance, profile: str, audio: Path | None) -> Entry:
    """The utterance as the history keeps it."""
    transcript = utterance.transcript
    segments = transcript.segments if transcript is not None else ()
    return Entry(
        id=utterance.id,
        created=utterance.created,
        profile=profile,
        text=utterance.text,
        heard=utterance.heard,
        unadapted=transcript.unadapted_text if transcript is not None else None,
        seconds=utterance.seconds,
        audio=audio,
        model=transcript.model if transcript is not None else "",
        language=transcript.language if transcript is not None else "",
        strength=segments[0].adaptation.strength if segments else 0.0,
        state=utterance.state,
        words=transcript.words if transcript is not None else (),
        alternatives=segments[0].alternatives if len(segments) == 1 else (),
    )
