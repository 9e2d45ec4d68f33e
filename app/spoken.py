"""Words that mean an action, punctuation words, and leaving out what was not meant.

A command counts only when it is all that was said: nobody loses a sentence because it
mentions a new line. Two words are little to go by, so the other readings count too.
Everything here is plain text in, plain text out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

# What is said -> what is done. The actions are the same in every language.
COMMANDS: dict[str, dict[str, str]] = {
    "en": {
        "new line": "new line",
        "newline": "new line",
        "next line": "new line",
        "new paragraph": "new paragraph",
        "next paragraph": "new paragraph",
        "undo that": "undo that",
        "and do that": "undo that",  # how Whisper hears it more often than not
        "scratch that": "undo that",
        "take that back": "undo that",
        "select that": "select that",
        "delete that": "delete that",
        "stop listening": "stop listening",
    },
    "de": {
        "neue zeile": "new line",
        "nächste zeile": "new line",
        "neuer absatz": "new paragraph",
        "nächster absatz": "new paragraph",
        "rückgängig": "undo that",
        "mach das rückgängig": "undo that",
        "das auswählen": "select that",
        "wähle das aus": "select that",
        "das löschen": "delete that",
        "lösche das": "delete that",
        "nicht mehr zuhören": "stop listening",
        "hör auf zuzuhören": "stop listening",
    },
}
TEXT_OF = {"new line": "\n", "new paragraph": "\n\n"}

# Word -> (sign, sticks to the word before, sticks to the word after, a capital follows)
_Mark = tuple[str, bool, bool, bool]
PUNCTUATION: dict[str, dict[str, _Mark]] = {
    "en": {
        "comma": (",", True, False, False),
        "full stop": (".", True, False, True),
        "period": (".", True, False, True),
        "question mark": ("?", True, False, True),
        "exclamation mark": ("!", True, False, True),
        "exclamation point": ("!", True, False, True),
        "colon": (":", True, False, False),
        "semicolon": (";", True, False, False),
        "semi colon": (";", True, False, False),
        "hyphen": ("-", True, True, False),
        "dash": ("–", False, False, False),
        "apostrophe": ("’", True, True, False),
        "open quote": ("“", False, True, False),
        "open quotes": ("“", False, True, False),
        "close quote": ("”", True, False, False),
        "close quotes": ("”", True, False, False),
        "open bracket": ("(", False, True, False),
        "close bracket": (")", True, False, False),
        "new line": ("\n", True, True, True),
        "new paragraph": ("\n\n", True, True, True),
    },
    "de": {
        "komma": (",", True, False, False),
        "punkt": (".", True, False, True),
        "fragezeichen": ("?", True, False, True),
        "ausrufezeichen": ("!", True, False, True),
        "doppelpunkt": (":", True, False, False),
        "semikolon": (";", True, False, False),
        "strichpunkt": (";", True, False, False),
        "bindestrich": ("-", True, True, False),
        "gedankenstrich": ("–", False, False, False),
        "anführungszeichen auf": ("„", False, True, False),
        "anführungszeichen zu": ("“", True, False, False),
        "klammer auf": ("(", False, True, False),
        "klammer zu": (")", True, False, False),
        "neue zeile": ("\n", True, True, True),
        "neuer absatz": ("\n\n", True, True, True),
    },
}
_FILLERS = {
    "en": ("um", "umm", "uhm", "uh", "uhh", "erm", "er", "hmm", "mm", "mhm"),
    "de": ("äh", "ähm", "öhm", "ähem", "hm", "hmm"),
}
_ALIKE = 0.6  # "believe me" and "delete that": 0.48; "select mount" and "select that": 0.70
_SIGNS = " .,!?;:…"


def command(text: str, language: str | None = "en", others: Sequence[str] = ()) -> str | None:
    """The action that ``text`` asks for, where it is nothing but a command.

    ``others`` are other readings of the same sound. One that is a command counts where
    ``text`` is as short and looks much like it: "Select Matt" beside "Select that".
    """
    known = COMMANDS.get(language or "en", {})
    said = _words(text)
    if said in known or not said or len(said.split()) > max(map(len, map(str.split, known)), default=0):
        return known.get(said)
    alike = (other for other in map(_words, others) if SequenceMatcher(None, said, other).ratio() >= _ALIKE)
    return next((known[other] for other in alike if other in known), None)


def punctuate(text: str, language: str | None = "en") -> str:
    """``text`` with punctuation words turned into signs. What the model punctuated next to them gives way."""
    marks = PUNCTUATION.get(language or "en", {})
    if not marks:
        return text
    names = "|".join(re.escape(name).replace(r"\ ", r"[\s,.]+") for name in sorted(marks, key=len, reverse=True))
    pattern = re.compile(rf"[\s{re.escape(_SIGNS)}]*\b({names})\b[\s{re.escape(_SIGNS)}]*", re.IGNORECASE)
    parts: list[str] = []
    place, glue, capital = 0, True, False
    for match in pattern.finditer(text):
        said = " ".join(re.split(r"[\s,.]+", match.group(1).casefold()))
        sign, before, after, then_capital = marks[said]
        words = text[place : match.start()]
        if words:
            parts.append(("" if glue else " ") + _capital(words, capital))
            glue, capital = False, False
        parts.append(("" if glue or before else " ") + sign)
        glue, capital, place = after, capital or then_capital, match.end()
    rest = text[place:]
    if rest:
        parts.append(("" if glue else " ") + _capital(rest, capital))
    return "".join(parts)


def tidied(text: str, language: str | None = "en") -> str:
    """``text`` without fillers, repeated words and broken-off beginnings ("b- b- book"): what was meant.

    Only a choice of the person's: the full text is kept beside it.
    """
    fillers = "|".join(_FILLERS.get(language or "en", ()))
    if fillers:
        text = re.sub(rf"(?:^|(?<=[\s,.…-]))(?:{fillers})\b[\s,.…-]*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\w{1,4})(?:-\s*|…\s*)(?=(?:\1(?:-\s*|…\s*))*\1\w)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\w+(?:\s+\w+){0,3}?)(?:[\s,-]+\1\b)+", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+([,.!?;:])", r"\1", text)
    text = re.sub(r"\s{2,}", " ", text).strip(" ,")
    return _capital(text, True) if text[:1].islower() else text


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", text).casefold()).split())


def _capital(text: str, wanted: bool) -> str:
    return text[:1].upper() + text[1:] if wanted else text
