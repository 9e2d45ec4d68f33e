"""FluencyBank (TalkBank): interviews and reading of people who stutter (Bernstein Ratner and MacWhinney 2018)."""

from __future__ import annotations

import os
import re
from pathlib import Path

from engine.errors import AudioError
from training.corpora.chat import Line, read_chat
from training.corpora.common import DEFAULT, Collector, ImportOptions, ImportReport, corpus_root, files, sentence_case

LAYOUT = "Voices-AWS/{interview,reading}/24fa.cha with the media (24fa.mp4, .mp3 or .wav) of the same name"
LICENCE = "TalkBank ground rules (CC BY-NC-SA 3.0), by login"
MEDIA = (".wav", ".flac", ".mp3", ".m4a", ".mp4", ".mov", ".webm", ".avi", ".mpg")


def import_fluencybank(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import FluencyBank: the participant's (``*PAR``) utterances are cut out by their times.

    The intended text leaves out what was stuttered; the verbatim text keeps it.

    Raises:
        CorpusError: ``root`` does not hold the corpus, or no folder for clips was given.
    """
    root = corpus_root(root)
    collector = Collector("FluencyBank", LICENCE, options)
    media: dict[str, list[Path]] = {}
    for path in files(root, *MEDIA):
        media.setdefault(path.stem.lower(), []).append(path)
    for path in collector.each(files(root, ".cha")):
        transcript = read_chat(path)
        lines = _usable([line for line in transcript.lines if line.speaker == "PAR"], collector)
        found = next((media[name] for name in (path.stem.lower(), transcript.media.lower()) if name in media), [])
        if not found:
            collector.skip("recording missing", len(lines))
        elif lines:
            _import_lines(path, _nearest(found, path), lines, collector)
    return collector.report(root, LAYOUT)


def _usable(lines: list[Line], collector: Collector) -> list[Line]:
    usable = []
    for line in lines:
        if line.intended is None:
            collector.skip("unintelligible words in the transcript")
        elif not re.search(r"\w", line.intended):
            collector.skip("empty text")
        elif line.start is None or line.end is None or line.end <= line.start:
            collector.skip("no usable times")
        else:
            usable.append(line)
    return usable


def _nearest(media: list[Path], transcript: Path) -> Path:
    """Reading and interview of one person have one name: take the media in the closest folder, sound before video."""

    def distance(path: Path) -> tuple[int, int]:
        shared = os.path.commonpath([path.parent.absolute(), transcript.parent.absolute()])
        return -len(shared), MEDIA.index(path.suffix.lower())

    return min(media, key=distance)


def _import_lines(path: Path, media: Path, lines: list[Line], collector: Collector) -> None:
    task = path.parent.name
    spans = [(line.start or 0.0, line.end or 0.0) for line in lines]
    try:
        clips = collector.cut(media, spans, f"{task}_{path.stem}")
    except AudioError:
        collector.skip("recording damaged", len(lines))
        return
    for line, clip in zip(lines, clips, strict=True):
        if clip is None:
            collector.skip("times outside the recording")
            continue
        text = line.intended or ""
        collector.add(
            clip,
            text if text != text.upper() else sentence_case(text),
            path.stem.lower(),
            "stuttering",
            verbatim=line.verbatim,
            task=task,
        )
