"""A comparison in words: marked texts, a list of what changed, and one plain sentence."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication

from app.comparison import Compared
from app.ui import wording
from engine.wer import Step, Wer


def marked(steps: list[Step], side: str) -> str:
    """One text as HTML. What differs is underlined (after) or struck through (before), not only coloured."""
    parts = []
    for step in steps:
        word = step.a if side == "before" else step.b
        if not word:
            continue
        if step.kind == "same":
            parts.append(escape(word))
        elif side == "before":
            parts.append(f"<s>{escape(word)}</s>")
        else:
            parts.append(f"<u><b>{escape(word)}</b></u>")
    return " ".join(parts)


def plain(steps: list[Step]) -> str:
    """Both texts in one line: ``[-taken out-]{+put in+}``, as wdiff writes it."""
    parts: list[str] = []
    for step in steps:
        if step.kind == "same":
            parts.append(step.b)
        else:
            parts.append((f"[-{step.a}-]" if step.a else "") + (f"{{+{step.b}+}}" if step.b else ""))
    return " ".join(parts)


def changes(steps: list[Step]) -> list[str]:
    """Every difference as a sentence."""
    lines = []
    for step in steps:
        if step.kind == "changed":
            text = QCoreApplication.translate("Compared", "changed: “{before}” became “{after}”")
        elif step.kind == "added":
            text = QCoreApplication.translate("Compared", "added: “{after}”")
        elif step.kind == "missing":
            text = QCoreApplication.translate("Compared", "taken out: “{before}”")
        else:
            continue
        lines.append(text.format(before=step.a, after=step.b))
    return lines


def count(errors: Wer) -> str:
    """ "3 of 12 words wrong (25.0 % WER)"."""
    return QCoreApplication.translate(
        "Compared", "{errors} of {words} words wrong ({rate:.1f} % word error rate)"
    ).format(errors=errors.errors, words=errors.words, rate=100 * errors.rate)


def verdict(result: Compared) -> str:
    """What the numbers say, without more than they say."""
    counted = result.errors()
    if counted is None:
        if result.before == result.after:
            return QCoreApplication.translate("Compared", "Both texts are the same.")
        return QCoreApplication.translate(
            "Compared", "The texts differ. Write what was meant to be said, and the errors are counted."
        )
    before, after = counted[0].errors, counted[1].errors
    if after < before:
        return QCoreApplication.translate(
            "Compared", "With personalization fewer words are wrong: {after} instead of {before}."
        ).format(after=after, before=before)
    if after > before:
        return QCoreApplication.translate(
            "Compared", "With personalization more words are wrong: {after} instead of {before}."
        ).format(after=after, before=before)
    return QCoreApplication.translate("Compared", "Both texts have the same number of wrong words.")


def explanation(result: Compared) -> str:
    """What was changed in the model, and that nothing left the machine."""
    layers = len(result.layers)
    if result.used <= 0.0 or not layers:
        what = QCoreApplication.translate(
            "Compared", "The model was not changed for this recording: its text is plain Whisper's."
        )
    else:
        what = QCoreApplication.translate(
            "Compared",
            "From the sound of this recording alone, one matrix (W1) in each of the {layers} decoder layers was "
            "shifted by {percent:.1f} % on average, for this recording only. Nothing was learnt or stored.",
        ).format(layers=layers, percent=sum(result.layers) / layers)
    home = QCoreApplication.translate("Compared", "All of it happened on this computer; nothing left it.")
    return f"{what} {home}"


def timings(result: Compared) -> str:
    """How long each part took, on which model and device."""
    t = result.transcript.timings
    return QCoreApplication.translate(
        "Compared",
        "{duration:.1f} s of speech took {total:.2f} s: hearing {hear:.2f} s, "
        "describing the voice {embed:.3f} s, personalizing {adapt:.3f} s, writing {decode:.2f} s. "
        "Model {model}, {device}.",
    ).format(
        duration=result.transcript.duration,
        total=t.total,
        hear=t.mel + t.encode,
        embed=t.embed,
        adapt=t.adapt,
        decode=t.decode,
        model=result.transcript.model,
        device=wording.device(result.transcript.device),
    )


def cohort_name(cohort: str) -> str:
    """A cohort's name for people; its own where it is not one of ours."""
    return {
        "typical": QCoreApplication.translate("Compared", "Typical speech"),
        "stuttering": QCoreApplication.translate("Compared", "Stuttering"),
        "dysarthria": QCoreApplication.translate("Compared", "Dysarthria"),
        "parkinsons": QCoreApplication.translate("Compared", "Parkinson's"),
        "apraxia": QCoreApplication.translate("Compared", "Apraxia"),
        "mixed": QCoreApplication.translate("Compared", "Mixed"),
        "articulation": QCoreApplication.translate("Compared", "Articulation"),
        "accent": QCoreApplication.translate("Compared", "Accent"),
    }.get(cohort, cohort)


def distance(result: Compared) -> str:
    """How familiar the voice was, in words."""
    far = max((segment.adaptation.distance for segment in result.transcript.segments), default=0.0)
    if far <= 0.0:
        return ""
    if far <= 1.0:
        return QCoreApplication.translate("Compared", "This voice lies among the voices of the training.")
    return QCoreApplication.translate(
        "Compared", "This voice lies outside the voices of the training, so it is personalized with care."
    )
