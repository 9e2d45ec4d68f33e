"""MDVR-KCL: people with Parkinson's and controls on the telephone, reading and talking (Jaeger et al. 2019)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from engine.errors import AudioError
from training.corpora.common import (
    DEFAULT,
    Collector,
    ImportOptions,
    ImportReport,
    corpus_root,
    files,
    read_table,
    read_text,
)

LAYOUT = "{ReadText,SpontaneousDialogue}/{HC,PD}/ID34_pd_2_0_0.wav and transcripts.csv (file, start, end, text)"
LICENCE = "CC BY 4.0"
# The corpus holds a name without its first underscore: ID22hc_0_0_0.wav.
_NAME = re.compile(r"ID(?P<id>\d+)_?(?P<group>hc|pd)_(?P<yahr>\d)_(?P<updrs2>\d)_(?P<updrs3>\d)", re.IGNORECASE)


def import_mdvr(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import MDVR-KCL, which comes without transcripts.

    Add ``transcripts.csv`` with the columns file, start and end (seconds), text and, if you
    like, verbatim: the recordings last minutes, and each line becomes one clip. A recording of
    up to 30 s may have a text file of its own name instead. ``severity`` is the mean of the two
    speech items of the UPDRS (0 to 4) over 4; Hoehn and Yahr's stage is kept in ``hoehn_yahr``.

    Raises:
        CorpusError: ``root`` does not hold the corpus, or no folder for clips was given.
    """
    root = corpus_root(root)
    collector = Collector("MDVR-KCL", LICENCE, options)
    tables = [row for path in files(root, "transcripts.csv", "transcripts.tsv") for row in read_table(path)]
    for audio in collector.each(files(root, ".wav")):
        match = _NAME.match(audio.stem)
        if not match:
            collector.skip("file name not understood")
            continue
        ill = match["group"].lower() == "pd"
        task = audio.parent.parent.name
        person: dict[str, Any] = {
            "speaker": f"ID{match['id']}",
            "cohort": "parkinsons" if ill else "typical",
            "severity": (int(match["updrs2"]) + int(match["updrs3"])) / 8,
            "hoehn_yahr": int(match["yahr"]),
            "task": task,
        }
        rows = [row for row in tables if _same(row.get("file", ""), audio)]
        beside = audio.with_suffix(".txt")
        if rows:
            _import_rows(audio, rows, person, collector, f"{task}_{audio.stem}")
        elif beside.is_file():
            collector.add(audio, read_text(beside), **person)
        else:
            collector.skip("no transcript")
    return collector.report(root, LAYOUT)


def _same(name: str, audio: Path) -> bool:
    """Whether a table's file name means this recording: reading and dialogue share their names."""
    parts = Path(name.replace("\\", "/")).with_suffix("").parts
    return bool(parts) and audio.with_suffix("").parts[-len(parts) :] == parts


def _import_rows(
    audio: Path, rows: list[dict[str, str]], person: dict[str, Any], collector: Collector, name: str
) -> None:
    timed = []
    for row in rows:
        try:
            timed.append((float(row["start"]), float(row["end"]), row))
        except (KeyError, ValueError):
            collector.skip("no usable times")
    try:
        clips = collector.cut(audio, [(start, end) for start, end, _ in timed], name)
    except AudioError:
        collector.skip("recording damaged", len(timed))
        return
    for (_, _, row), clip in zip(timed, clips, strict=True):
        if clip is None:
            collector.skip("times outside the recording")
        else:
            collector.add(clip, row.get("text", ""), verbatim=row.get("verbatim"), **person)
