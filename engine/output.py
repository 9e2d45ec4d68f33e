"""A transcript as TXT, JSON, SubRip (SRT) or WebVTT.

WebVTT after the W3C's specification (escapes of ``&``, ``<`` and ``>``; no blank line
and no ``-->`` within a cue); SRT has no specification, so it gets the same care. A cue
is at most two lines of 42 characters, the usual limit of subtitling guidelines, and a
word that is longer than a line stands alone on one.
"""

from __future__ import annotations

import dataclasses
import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.transcript import Segment, Transcript, Word

LINE_LENGTH = 42  # characters
LINES = 2
LONGEST_CUE = 7.0  # seconds
SHORTEST_CUE = 500  # milliseconds, where the next cue leaves room
NEW_CUE_PAUSE = 1.5  # seconds of silence between words


@dataclass(frozen=True)
class Cue:
    """Text to show between ``start`` and ``end`` (seconds), one or two lines."""

    start: float
    end: float
    lines: tuple[str, ...]


def to_txt(transcript: Transcript) -> str:
    """One utterance a line."""
    return "".join(f"{text}\n" for segment in transcript.segments if (text := _one_line(segment.text)))


def to_json(transcript: Transcript) -> str:
    """Every field but the speaker embedding, which says who is speaking and stays out of files that are passed on."""
    fields = dataclasses.asdict(transcript)
    for segment in fields["segments"]:
        del segment["adaptation"]["embedding"]
    whole = {"text": transcript.text, "unadapted_text": transcript.unadapted_text, **fields}
    return json.dumps(_plain(whole), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_srt(transcript: Transcript) -> str:
    """SubRip."""
    blocks = [
        f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n" + "\n".join(map(_srt_line, cue.lines)) + "\n"
        for number, cue in enumerate(cues(transcript), start=1)
    ]
    return "\n".join(blocks)


def to_vtt(transcript: Transcript) -> str:
    """WebVTT."""
    blocks = [
        f"{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n" + "\n".join(map(_vtt_line, cue.lines)) + "\n"
        for cue in cues(transcript)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


FORMATS: dict[str, Callable[[Transcript], str]] = {"txt": to_txt, "json": to_json, "srt": to_srt, "vtt": to_vtt}


def cues(transcript: Transcript) -> list[Cue]:
    """The subtitles: in order, not overlapping, none empty. Timed by words where there are any."""
    parts = [cue for segment in transcript.segments for cue in _segment_cues(segment)]
    starts = [round(max(0.0, cue.start) * 1000) for cue in parts]
    result: list[Cue] = []
    earliest = 0
    for n, cue in enumerate(parts):
        start = max(starts[n], earliest)
        end = max(round(cue.end * 1000), start + SHORTEST_CUE)
        if n + 1 < len(parts):
            end = min(end, starts[n + 1])
        earliest = max(end, start + 1)
        result.append(Cue(start / 1000, earliest / 1000, cue.lines))
    return result


def _segment_cues(segment: Segment) -> Iterator[Cue]:
    words = [word for word in segment.words if _one_line(word.text)] or _spread(segment)
    group: list[Word] = []
    for word in words:
        if group and (
            len(_wrap([*group, word])) > LINES
            or word.end - group[0].start > LONGEST_CUE
            or word.start - group[-1].end >= NEW_CUE_PAUSE
        ):
            yield Cue(group[0].start, group[-1].end, _wrap(group))
            group = []
        group.append(word)
    if group:
        yield Cue(group[0].start, group[-1].end, _wrap(group))


def _spread(segment: Segment) -> list[Word]:
    """The segment's words with its time shared out by their length."""
    texts = _one_line(segment.text).split(" ")
    lengths = np.cumsum([0, *(len(text) + 1 for text in texts)])
    seconds = max(0.0, segment.end - segment.start)
    times = (segment.start + seconds * lengths / lengths[-1]).tolist()
    return [Word(text, times[n], times[n + 1], 1.0) for n, text in enumerate(texts) if text]


def _wrap(words: list[Word]) -> tuple[str, ...]:
    """Lines of at most ``LINE_LENGTH`` characters; words are never broken."""
    lines: list[str] = []
    for word in words:
        text = _one_line(word.text)
        if lines and len(lines[-1]) + 1 + len(text) <= LINE_LENGTH:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return tuple(lines)


def _one_line(text: str) -> str:
    """Without line breaks, control characters and outer or double spaces."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())


def _srt_line(line: str) -> str:
    return line.replace("-->", "->")


def _vtt_line(line: str) -> str:
    return html.escape(line, quote=False)  # makes "-->" harmless too


def _time(seconds: float, point: str) -> str:
    """HH:MM:SS.mmm; hours may have more digits."""
    milliseconds = round(max(0.0, seconds) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds // 1000:02d}{point}{milliseconds % 1000:03d}"


def _plain(value: Any) -> Any:
    """Only what JSON knows: numbers of numpy become Python's, those that are not finite become null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
