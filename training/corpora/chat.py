"""CHAT transcripts (TalkBank): what was meant and what was said, with its times.

Codes as in the CHAT manual (MacWhinney 2000, https://talkbank.org/manuals/CHAT.pdf), sections 9
(words) and 10 (utterances), with the fluency codes of section 8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from training.corpora.common import read_text

_TIMES = re.compile(r"\x15\s*(\d+)_(\d+)\s*\x15")
_RETRACE = r"\[(?://?/?|/-|/\?)\]"
_SCOPE = r"(?:<[^<>]*>|[^\s<>\[\]]+)"  # an innermost group, or a word
_TERMINATORS = {"+...": "...", "+..?": "?", "+!?": "?!", "+/?": "?", "+//?": "?", "+/.": "", "+//.": "", "+.": "."}
_STARTS = re.compile(r"(?:^|\s)\+(?:\"|\^|<|,|\+|≈|≋)")
_MARKS = re.compile(r"[↑↓↗↘→⇗⇘∞≋≈∆∇⁇°▁▔☺♋∬Ϋ⌈⌉⌊⌋∾↻§‹›〔〕“”ˈˌʰ]|[⌈⌉⌊⌋]\d")
_UNINTELLIGIBLE = re.compile(r"(?<!\w)(?:xxx|yyy|www|xx|yy)(?!\w)")


@dataclass(frozen=True)
class Line:
    """One main tier. ``intended`` is None where a word could not be understood; times in seconds."""

    speaker: str
    intended: str | None
    verbatim: str
    start: float | None
    end: float | None


@dataclass(frozen=True)
class Transcript:
    """A ``.cha`` file: the name of its media, the language, and its main tiers in order."""

    media: str
    language: str
    lines: list[Line]


def read_chat(path: Path) -> Transcript:
    """Read a ``.cha`` file; dependent tiers (``%mor`` and so on) are passed over."""
    media = language = ""
    lines = []
    for tier in _tiers(read_text(path)):
        name, _, content = tier.partition(":")
        if name.startswith("*"):
            lines.append(_line(name[1:], content))
        elif name == "@Media":
            media = content.split(",")[0].strip().strip('"')
        elif name == "@Languages":
            language = content.split(",")[0].strip()
    return Transcript(media, language, lines)


def intended_text(content: str) -> str | None:
    """Return what the speaker meant to say; None if part of it could not be understood.

    Left out: retraced words, fillers, fragments, nonwords, events, repeated sounds and pauses.
    Put right: replacements (``[: target]``), shortened words (``(be)cause``), prolongations.
    """
    text = _TIMES.sub(" ", content)
    text = re.sub(r"↫[^↫]*↫", "", text)  # first: it may stand inside a retraced word
    text = _drop_codes(text)
    while True:  # innermost first: retracings may stand inside one another
        shorter = re.sub(rf"{_SCOPE}\s*{_RETRACE}", " ", text)
        shorter = re.sub(rf"{_SCOPE}\s*\[::?\s*([^\]]*)\]", r" \1 ", shorter)
        shorter = re.sub(r"<([^<>\[\]]*)>(?!\s*\[)", r" \1 ", shorter)
        if shorter == text:
            break
        text = shorter
    text = re.sub(r"\[x\s*\d+\]", " ", text)
    text = re.sub(r"(?<!\S)&\S+", " ", text)
    return _words(text)


def verbatim_text(content: str) -> str:
    """Return what was said, as far as letters can: repetitions, fillers and fragments are kept."""
    text = _TIMES.sub(" ", content)
    text = re.sub(r"↫([^↫]*)↫", lambda m: m[1].strip("-") + "-", text)
    text = _drop_codes(text)
    text = re.sub(rf"{_RETRACE}|\[::?[^\]]*\]", " ", text)
    text = re.sub(r"(\S+)\s*\[x\s*(\d+)\]", lambda m: " ".join([m[1]] * min(int(m[2]), 20)), text)
    text = re.sub(r"(?<!\S)&(?:=|\*|\{|\})\S*", " ", text)
    text = re.sub(r"(?<!\S)&\+(\S+)", r"\1-", text)
    text = re.sub(r"(?<!\S)&[-~]?(?=\w)", "", text)
    return _words(_UNINTELLIGIBLE.sub(" ", text)) or ""


def _tiers(text: str) -> list[str]:
    """Tiers with their continuation lines (which begin with a tab) joined."""
    return re.sub(r"\n[\t ]+", " ", text).splitlines()


def _line(speaker: str, content: str) -> Line:
    times = [(int(a) / 1000, int(b) / 1000) for a, b in _TIMES.findall(content)]
    return Line(
        speaker=speaker.strip(),
        intended=intended_text(content),
        verbatim=verbatim_text(content),
        start=min(a for a, _ in times) if times else None,
        end=max(b for _, b in times) if times else None,
    )


def _drop_codes(text: str) -> str:
    """Without comments, errors, overlaps, paralinguistics: every ``[...]`` but retracing, replacement and ``[x 3]``."""
    return re.sub(rf"(?!{_RETRACE}|\[::?\s|\[x\s*\d)\[[^\]]*\]", " ", text)


def _words(text: str) -> str | None:
    """Plain text of words that still hold codes within them; None if a word was not understood."""
    text = re.sub(r"[<>]", " ", text)
    text = re.sub(r"\(\d*[.:]?\d*\.?\d*\)|\(\.{1,3}\)", " ", text)  # pauses: (.) (1.5) (1:02.5)
    text = _STARTS.sub(" ", text)
    for code, sign in sorted(_TERMINATORS.items(), key=lambda item: -len(item[0])):
        text = re.sub(rf"(?<!\S){re.escape(code)}(?!\S)", sign, text)
    text = re.sub(r"(?<!\S)\+\S*", " ", text)
    text = _MARKS.sub("", text).replace("‡", ",").replace("„", ",")
    if _UNINTELLIGIBLE.search(text):
        return None
    words = [_word(word) for word in text.split()]
    text = " ".join(word for word in words if word)
    text = re.sub(r"\s+([,.?!;])", r"\1", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    text = re.sub(r"^[,.;?!\s]+|,(?=[.?!])", "", text)
    return text[:1].upper() + text[1:]


def _word(word: str) -> str:
    if re.match(r"0\w*$", word):  # omitted word, or no speech at all
        return ""
    if re.fullmatch(r"[.?!,;:]+|\.\.\.", word):
        return "" if word == ":" else word
    word = re.sub(r"@\w+(?::\w+)?(?:\$\w+)?", "", word)  # b@l (letter), woof@o (onomatopoeia), hola@s:spa
    word = word.replace("≠", "").replace("^", "").replace("(", "").replace(")", "")
    word = re.sub(r"(?<=\w):+|:+(?=\w)", "", word)  # prolongation
    return word.replace("_", " ").replace("+", " ").strip()
