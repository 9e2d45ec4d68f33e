"""Any folder of recordings with a CSV file that says what was meant in each."""

from __future__ import annotations

import re
from pathlib import Path

from engine.errors import AudioError
from training.corpora.common import (
    DEFAULT,
    Collector,
    CorpusError,
    ImportOptions,
    ImportReport,
    corpus_root,
    files,
    read_table,
)
from training.manifest import SPLITS

LAYOUT = "a CSV or TSV file with the columns audio and text, the recordings beside it"
COLUMNS = {
    "audio": ("audio", "file", "file_name", "filename", "path", "audio_path", "wav"),
    "text": ("text", "intended", "sentence", "transcript", "transcription", "prompt"),
    "speaker": ("speaker", "speaker_id", "client_id", "contributor"),
    "cohort": ("cohort", "etiology", "disorder", "diagnosis"),
    "severity": ("severity",),
    "split": ("split", "set"),
    "verbatim": ("verbatim",),
    "start": ("start", "start_time"),
    "end": ("end", "stop", "end_time"),
}


def import_csv(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import a folder with a CSV file, or the CSV file itself.

    Columns: audio (relative to the CSV) and text; if you have them speaker (else everybody is
    one person named after the folder), cohort, severity (0 to 1), split (train, dev, test),
    verbatim, and start and end (seconds) where a recording holds several utterances.

    Raises:
        CorpusError: no such file, several, or a column that is needed is missing.
    """
    path = _table(Path(root))
    rows = [_named(row) for row in read_table(path)]
    if missing := {"audio", "text"} - {name for row in rows for name in row}:
        names = " or ".join(COLUMNS[min(missing)][:4])
        raise CorpusError(f"{path} has no column for the {min(missing)}: name one {names} in its first line.")
    collector = Collector(path.parent.resolve().name, "as given by its owner", options)
    cuts: dict[Path, list[dict[str, str]]] = {}
    for row in collector.each(rows):
        audio = path.parent / row.get("audio", "").replace("\\", "/")
        if not row.get("audio"):
            collector.skip("no file name")
        elif row.get("start") or row.get("end"):
            cuts.setdefault(audio, []).append(row)
        else:
            _add(collector, audio, row)
    for audio, timed in collector.each(cuts.items()):
        _cut(collector, audio, timed)
    return collector.report(path.parent, LAYOUT)


def _table(root: Path) -> Path:
    if root.is_file():
        return root
    root = corpus_root(root)
    tables = [path for path in files(root, ".csv", ".tsv") if path.parent == root]
    if len(tables) != 1:
        found = "no CSV file" if not tables else f"several CSV files ({', '.join(path.name for path in tables[:3])})"
        raise CorpusError(f"There is {found} in {root}: name the one that lists the recordings and their texts.")
    return tables[0]


def _named(row: dict[str, str]) -> dict[str, str]:
    named = {}
    for name, choices in COLUMNS.items():
        column = next((choice for choice in choices if choice in row), None)
        if column is not None:
            named[name] = row[column]
    return named


def _add(collector: Collector, audio: Path, row: dict[str, str]) -> None:
    try:
        severity = float(row["severity"].replace(",", ".")) if row.get("severity") else None
    except ValueError:
        severity = -1.0
    if severity is not None and not 0 <= severity <= 1:
        collector.skip("severity is not a number from 0 to 1")
        return
    split = row.get("split", "").lower() or None
    if split not in (None, *SPLITS):
        split = {"val": "dev", "valid": "dev", "validation": "dev", "training": "train"}.get(split or "")
        if split is None:
            collector.skip("split is not train, dev or test")
            return
    cohort = re.sub(r"\s+", "-", row.get("cohort", "").lower()) or "unknown"
    speaker = row.get("speaker") or "speaker"
    text, verbatim = row.get("text", ""), row.get("verbatim")
    collector.add(audio, text, speaker, cohort, severity=severity, split=split, verbatim=verbatim)


def _cut(collector: Collector, audio: Path, rows: list[dict[str, str]]) -> None:
    timed = []
    for row in rows:
        try:
            timed.append((float(row["start"].replace(",", ".")), float(row["end"].replace(",", ".")), row))
        except (KeyError, ValueError):
            collector.skip("no usable times")
    if not audio.is_file():
        collector.skip("recording missing", len(timed))
        return
    try:
        clips = collector.cut(audio, [(start, end) for start, end, _ in timed], audio.stem)
    except AudioError:
        collector.skip("recording damaged", len(timed))
        return
    for (_, _, row), clip in zip(timed, clips, strict=True):
        if clip is None:
            collector.skip("times outside the recording")
        else:
            _add(collector, clip, row)
