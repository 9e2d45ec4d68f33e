"""LibriStutter: LibriSpeech with stutters cut in (Kourkounakis, Hajavi and Etemad 2021)."""

from __future__ import annotations

from pathlib import Path

from training.corpora.common import (
    DEFAULT,
    Collector,
    ImportOptions,
    ImportReport,
    corpus_root,
    files,
    read_text,
    sentence_case,
)

LAYOUT = "LibriStutter Part N/{LibriStutter Audio,LibriStutter Annotations}/<speaker>/<chapter>/*.{flac,csv}"
LICENCE = "as stated by its data repository, research use"
FLUENT, PROLONGATION = 0, 5


def import_libristutter(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import LibriStutter: the intended text is the words of the annotation that are not stutters.

    A line of an annotation is word, start, end, type: 0 none, 1 interjection, 2 sound, 3 word,
    4 phrase repetition (all cut in beside the word meant), 5 prolongation (of the word itself).

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("LibriStutter", LICENCE, options)
    annotations = {path.stem: path for path in files(root, ".csv") if "annotations" in str(path.parent).lower()}
    for audio in collector.each(files(root, ".flac", ".wav")):
        if audio.stem not in annotations:
            collector.skip("no annotation")
            continue
        text, events = read_annotation(annotations.pop(audio.stem))
        collector.add(audio, sentence_case(text), audio.parent.parent.name, "stuttering", events=events)
    if annotations:
        collector.skip("recording missing", len(annotations))
    return collector.report(root, LAYOUT)


def read_annotation(path: Path) -> tuple[str, int]:
    """Return the intended words and the number of stutters."""
    words, events = [], 0
    for line in read_text(path).splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) < 4 or not cells[-1].isdigit():
            continue  # a header, or half a line
        kind = int(cells[-1])
        events += kind != FLUENT
        if kind in (FLUENT, PROLONGATION) and cells[0].upper() != "STUTTER":
            words.append(cells[0])
    return " ".join(words), events
