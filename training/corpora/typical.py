"""Typical speech: Common Voice (Ardila et al. 2020) and LibriSpeech (Panayotov et al. 2015)."""

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
    sentence_case,
)

COMMON_VOICE_LAYOUT = "<language>/{train,dev,test}.tsv with clips/*.mp3"
LIBRISPEECH_LAYOUT = "<part>/<speaker>/<chapter>/*.flac with <speaker>-<chapter>.trans.txt"


def import_common_voice(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import Common Voice: its own train, dev and test parts, kept in ``corpus_split``.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("Common Voice", "CC0 1.0", options, check_silence=False)
    for split in ("train", "dev", "test"):
        for path in files(root, f"{split}.tsv"):
            if path.name.lower() != f"{split}.tsv":  # not "invalidated_train.tsv" and the like
                continue
            rows = read_table(path, quoted=False)
            durations = _durations(path.parent)
            for row in collector.each(rows):
                name = row.get("path", "")
                audio = path.parent / "clips" / name
                if name and not audio.is_file() and not audio.suffix:
                    audio = audio.with_name(name + ".mp3")  # as in the first releases
                collector.add(
                    audio,
                    row.get("sentence", ""),
                    row.get("client_id", "") or audio.stem,
                    "typical",
                    seconds=durations.get(audio.name),
                    severity=0.0,
                    language=row.get("locale") or path.parent.name,
                    accent=row.get("accents") or row.get("accent") or None,
                    corpus_split=split,
                )
    return collector.report(root, COMMON_VOICE_LAYOUT)


def import_librispeech(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import LibriSpeech; its capitals become sentence case, the part's name is kept in ``part``.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("LibriSpeech", "CC BY 4.0", options, check_silence=False)
    for path in collector.each(files(root, ".trans.txt")):
        part = path.parent.parent.parent.name
        split = next((split for split in ("train", "dev", "test") if part.startswith(split)), None)
        for line in read_text(path).splitlines():
            name, _, text = line.strip().partition(" ")
            if not name:
                continue
            audio = path.parent / f"{name}.flac"
            if not audio.is_file() and audio.with_suffix(".wav").is_file():  # converted by somebody
                audio = audio.with_suffix(".wav")
            collector.add(
                audio,
                sentence_case(text),
                path.parent.parent.name,
                "typical",
                severity=0.0,
                part=part,
                corpus_split=split,
            )
    return collector.report(root, LIBRISPEECH_LAYOUT)


def _durations(folder: Path) -> dict[str, float]:
    """Seconds of each clip, where the release lists them (``clip_durations.tsv``, milliseconds)."""
    path = folder / "clip_durations.tsv"
    if not path.is_file():
        return {}
    rows = [list(row.values()) for row in read_table(path, quoted=False)]
    return {row[0]: int(row[1]) / 1000 for row in rows if len(row) == 2 and row[1].isdigit()}
