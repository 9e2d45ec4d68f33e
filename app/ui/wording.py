"""Plain sentences about what the engine did."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QLocale

from app.history import Entry
from app.learning import Outcome
from app.ui.sentences import translated
from engine.transcript import Alternative, Segment, Transcript


def personalization(transcript: Transcript, wanted: float) -> str:
    """How far ``transcript`` was personalized, against the ``wanted`` strength, and why."""
    segments = [segment for segment in transcript.segments if segment.text]
    if not segments:
        return QCoreApplication.translate("Wording", "No speech was heard.")
    weakest = min(segments, key=lambda segment: segment.adaptation.strength)
    used, reason = weakest.adaptation.strength, weakest.adaptation.reason.strip()
    percent = round(100 * used)
    if used > 0.01 and used >= wanted - 0.01:
        text = (
            QCoreApplication.translate("Wording", "Personalized fully")
            if used >= 0.99
            else QCoreApplication.translate("Wording", "Personalized at {percent} %, as you set it").format(
                percent=percent
            )
        )
        for segment in segments:
            _, hard, kept = segment.adaptation.reason.partition("This was hard to hear")
            if hard:
                return f"{text}. {translated(hard + kept)}"
        if any(segment.adaptation.decoded_both for segment in segments):
            why = QCoreApplication.translate(
                "Wording", "both ways were tried, and the personalized text was the more certain one."
            )
        else:
            why = QCoreApplication.translate("Wording", "this voice is like those it has learned from.")
        return f"{text}: {why}"
    if used > 0.01 and reason.startswith("This voice is somewhat unfamiliar"):
        return QCoreApplication.translate(
            "Wording", "Personalization reduced to {percent} %: this voice is somewhat unfamiliar."
        ).format(percent=percent)
    if used > 0.01:
        text = QCoreApplication.translate("Wording", "Personalization reduced to {percent} %.").format(percent=percent)
    elif wanted <= 0.01:
        return QCoreApplication.translate("Wording", "Not personalized, as you set it.")
    else:
        text = QCoreApplication.translate("Wording", "Not personalized.")
    return f"{text} {translated(reason)}".strip()


def state(of: str) -> str:
    """What became of a dictation (``Entry.state``); empty where it was written down."""
    return {
        "done": "",
        "cancelled": QCoreApplication.translate("Wording", "cancelled"),
        "failed": QCoreApplication.translate("Wording", "not written down yet"),
        "empty": QCoreApplication.translate("Wording", "no words found"),
    }.get(of, of)


def rates(before: float, after: float) -> tuple[str, str]:
    """Two shares of wrong words as "of a hundred", with a decimal where they would look the same."""
    digits = 0 if round(100 * before) != round(100 * after) or before == after else 1
    locale = QLocale()
    return locale.toString(100 * before, "f", digits), locale.toString(100 * after, "f", digits)


def learned(outcome: Outcome) -> str:
    """What learning from corrections brought, in plain words."""
    before, after = rates(outcome.before, outcome.after)
    if outcome.reason == "better":
        text = QCoreApplication.translate(
            "Wording",
            "It helped. Of 100 words it had not heard before, {before} were wrong; now {after} are. "
            "It is used from now on.",
        )
    elif outcome.reason == "harmful":
        text = QCoreApplication.translate(
            "Wording",
            "Nothing was changed: with it, the speech of others would have been understood worse. "
            "More corrections may help.",
        )
    else:
        text = QCoreApplication.translate(
            "Wording",
            "Nothing was changed: it was not better. Of 100 words it had not heard before, {before} were wrong "
            "without it and {after} with it. More corrections may help.",
        )
    left = [
        QCoreApplication.translate("Wording", "{count} left out: {reason}.").format(
            count=count, reason=translated(reason)
        )
        for reason, count in outcome.left_out.items()
    ]
    return " ".join([text.format(before=before, after=after), *left])


def device(text: str) -> str:
    """ "cpu int8" in words."""
    name = text.split(" ")[0]
    return {
        "cpu": QCoreApplication.translate("Wording", "processor"),
        "cuda": QCoreApplication.translate("Wording", "graphics card"),
        "mps": QCoreApplication.translate("Wording", "Apple graphics"),
    }.get(name, text)


def readings(transcript: Transcript, at: float | None = None, before: str | None = None) -> list[tuple[str, str]]:
    """Other texts for the whole utterance as (text, source), best first; what differs in punctuation alone comes last.

    ``at`` (seconds) picks the segment whose other readings are wanted; the rest of the text stays.
    ``before``: what was heard when it was first listened to; what is heard now is another reading then.
    """
    segments = list(transcript.segments)
    if not segments:
        return []
    index = next(
        (i for i, part in enumerate(segments) if at is not None and part.start <= at <= part.end and part.alternatives),
        next((i for i, part in enumerate(segments) if part.alternatives), 0),
    )
    found: dict[str, str] = {}
    kept = transcript.text if before is None else before

    def put(text: str, source: str) -> None:
        whole = " ".join([*(s.text for s in segments[:index]), text.strip(), *(s.text for s in segments[index + 1 :])])
        if text.strip() and whole != kept:
            found.setdefault(whole, source)

    if before is not None:
        put(segments[index].text, "")
    for alternative in _ranked(segments[index]):
        put(alternative.text, "")
    plain = segments[index].unadapted_text
    if plain:
        put(plain, QCoreApplication.translate("Wording", "without personalization"))
    return _other_words_first(found, kept)


def kept_readings(entry: Entry) -> list[tuple[str, str]]:
    """The same of what the history keeps: the other readings of a single sentence."""
    found: dict[str, str] = {}
    for other in sorted(entry.alternatives, key=lambda alternative: -alternative.score):
        found.setdefault(other.text.strip(), "")
    if entry.unadapted:
        found.setdefault(entry.unadapted.strip(), QCoreApplication.translate("Wording", "without personalization"))
    if entry.heard and entry.heard != entry.text:  # the person corrected it, and may want it back
        found.setdefault(entry.heard, "")
    return _other_words_first({text: source for text, source in found.items() if text}, entry.text)


def _other_words_first(found: dict[str, str], kept: str) -> list[tuple[str, str]]:
    """At most nine (text, source): those that say something else than ``kept`` and than those before them, then those
    that do not but are written otherwise."""
    seen, other, same = {_words(kept)}, [], []
    for text, source in found.items():
        if text != kept:
            (same if _words(text) in seen else other).append((text, source))
        seen.add(_words(text))
    return [*other, *same][:9]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+(?:['’]\w+)*", text.casefold()))


def _ranked(segment: Segment) -> list[Alternative]:
    return sorted(segment.alternatives, key=lambda alternative: -alternative.score)
