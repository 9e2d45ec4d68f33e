"""EasyCall: Italian commands of 31 people with dysarthria and 24 controls (Turrisi et al. 2021)."""

from __future__ import annotations

import re
from pathlib import Path

from training.corpora.common import (
    DEFAULT,
    Collector,
    ImportOptions,
    ImportReport,
    corpus_root,
    files,
    read_table,
    tidy,
)

LAYOUT = "f01/Sessione_01/f01_01_Disattiva vivavoce.wav, controls in fc01, mc01"
LICENCE = "as stated by the corpus's page, research use"
_NAME = re.compile(r"(?P<speaker>[fm]c?\d+)_(?P<session>\d+)_(?P<text>.+)", re.IGNORECASE)


def import_easycall(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import EasyCall; the text is in the file name. The language is Italian (``language``: it).

    ``tom.csv`` (speaker, score 1 to 5: the Therapy Outcome Measure, 5 severe) gives the severity.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("EasyCall", LICENCE, options)
    rows = [row for path in files(root, "tom.csv") for row in read_table(path)]
    scores = {row.get("speaker", "").lower(): row.get("score", "") for row in rows}
    for audio in collector.each(files(root, ".wav")):
        match = _NAME.fullmatch(tidy(audio.stem))
        if not match:
            collector.skip("file name not understood")
            continue
        speaker = match["speaker"].lower()
        control = "c" in speaker
        text = re.sub(r"\s*\(\d+\)$", "", match["text"].replace("_", " "))  # "(1)": a copy made by a file manager
        score = scores.get(speaker, "")
        collector.add(
            audio,
            text,
            speaker,
            "typical" if control else "dysarthria",
            severity=0.0 if control else float(score) / 5 if re.fullmatch(r"[1-5]", score) else None,
            language="it",
            session=match["session"],
        )
    return collector.report(root, LAYOUT)
