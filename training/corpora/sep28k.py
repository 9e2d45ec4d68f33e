"""SEP-28k and clips like it: three seconds of stuttered podcasts, labelled (Lea et al. 2021), plus your transcripts."""

from __future__ import annotations

from pathlib import Path

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

LAYOUT = (
    "SEP-28k_labels.csv, clips as <Show>_<EpId>_<ClipId>.wav, and transcripts.csv (file, text) or .txt beside a clip"
)
LICENCE = "CC BY-NC 4.0"
EVENTS = ("prolongation", "block", "soundrep", "wordrep", "interjection")
UNUSABLE = {"nospeech": "no speech", "music": "music", "poorquality": "poor audio", "pooraudioquality": "poor audio"}


def import_sep28k(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import labelled clips that somebody has transcribed: the corpus itself has no text.

    Clips that two of the three listeners heard as no speech, music or poor audio are skipped. The
    speaker is the show: its host is heard in every episode. Events heard by two of three are kept
    in ``events``.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("SEP-28k", LICENCE, options)
    labels = {_clip(row): row for path in files(root, "labels.csv") for row in read_table(path) if "clipid" in row}
    texts = {
        Path(row.get("file", "").replace("\\", "/")).stem: row
        for path in files(root, "transcripts.csv", "transcripts.tsv")
        for row in read_table(path)
    }
    audio = {path.stem: path for path in files(root, ".wav", ".flac", ".mp3")}
    for name, path in collector.each(sorted(audio.items())):
        row = labels.get(name, {})
        reason = next((why for column, why in UNUSABLE.items() if _count(row, column) >= 2), "")
        text = texts.get(name, {}).get("text") or _beside(path)
        if reason or not text:
            collector.skip(reason or "no transcript")
            continue
        collector.add(
            path,
            text,
            row.get("show") or name.split("_")[0],
            "stuttering",
            verbatim=texts.get(name, {}).get("verbatim"),
            events=[event for event in EVENTS if _count(row, event) >= 2],
        )
    if missing := set(texts) - set(audio) - {""}:
        collector.skip("recording missing", len(missing))
    return collector.report(root, LAYOUT)


def _clip(row: dict[str, str]) -> str:
    return "_".join(row.get(column, "") for column in ("show", "epid", "clipid"))


def _count(row: dict[str, str], column: str) -> int:
    value = row.get(column, "")
    return int(value) if value.isdigit() else 0


def _beside(audio: Path) -> str:
    path = audio.with_suffix(".txt")
    return read_text(path).strip() if path.is_file() else ""
