"""UASpeech: single words of 15 people with cerebral palsy and 13 controls (Kim et al. 2008)."""

from __future__ import annotations

import re
from collections import defaultdict
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

LAYOUT = "mlf/<speaker>/<speaker>_word.mlf and audio/{original,normalized,noisereduced}/<speaker>/F02_B1_C10_M2.wav"
LICENCE = "UASpeech: by request, research only"
VARIANTS = ("original", "normalized", "noisereduced")  # the room as it was comes first
# Share of words that listeners understood, from the corpus's own table.
INTELLIGIBILITY = {
    "M04": 0.02, "F03": 0.06, "M12": 0.074, "M01": 0.15, "M07": 0.28, "F02": 0.29, "M16": 0.43, "M05": 0.58,
    "F04": 0.62, "M11": 0.62, "M09": 0.86, "M14": 0.904, "M08": 0.93, "M10": 0.93, "F05": 0.95,
}  # fmt: skip
_NAME = re.compile(r"(?P<speaker>C?[FM]\d+)_(?P<block>B\d)_(?P<word>[A-Z]+\d*)_M(?P<microphone>\d+)", re.IGNORECASE)
_MIDDLE = (5, 4, 6, 3, 7, 2, 8)  # the middle of the array first


def import_uaspeech(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import UASpeech. ``severity`` is one minus the intelligibility; blocks are kept in ``block``.

    The usual split (blocks 1 and 3 against 2) has every speaker on both sides; for speakers never
    heard, deal the splits anew.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("UASpeech", LICENCE, options)
    words = {name: word for mlf in files(root, "_word.mlf") for name, word in read_mlf(mlf).items()}
    takes: defaultdict[tuple[str, str, str], dict[int, Path]] = defaultdict(dict)
    for audio in sorted(files(root, ".wav"), key=_variant, reverse=True):
        match = _NAME.fullmatch(audio.stem)
        if not match:
            collector.skip("file name not understood")
            continue
        # The preferred variant comes last and replaces the others.
        takes[match["speaker"], match["block"], match["word"]][int(match["microphone"])] = audio
    for (speaker, block, code), recordings in collector.each(sorted(takes.items()), total=len(takes)):
        before = collector.skipped.copy()
        for microphone in sorted(recordings, key=lambda m: _MIDDLE.index(m) if m in _MIDDLE else m + 10):
            name = f"{speaker}_{block}_{code}_M{microphone}"
            if name not in words:
                collector.skip("no word in the MLF")
                continue
            control = speaker.startswith("C")
            added = collector.add(
                recordings[microphone],
                sentence_case(words[name]),
                speaker,
                "typical" if control else "dysarthria",
                severity=0.0 if control else _severity(speaker),
                block=block,
                word=code,
                microphone=f"M{microphone}",
            )
            if added and options.microphones == "one":
                collector.skipped = before
                break
    missing = {_NAME.fullmatch(name) for name in words} - {None}
    lost = {(m["speaker"], m["block"], m["word"]) for m in missing if m} - set(takes)
    if lost:
        collector.skip("recording missing", len(lost))
    return collector.report(root, LAYOUT)


def read_mlf(path: Path) -> dict[str, str]:
    """Return the word of each label file in an HTK master label file: {"F02_B1_C10_M2": "LINE"}."""
    words: dict[str, str] = {}
    name = ""
    for line in read_text(path).splitlines():
        line = line.strip()
        if line.startswith('"'):
            name = Path(line.strip('"').replace("\\", "/")).stem
        elif name and line and line not in (".", "#!MLF!#"):
            words[name] = line.split()[-1]  # "start end word" where there are times
            name = ""
    return words


def _variant(audio: Path) -> int:
    parts = [part.lower() for part in audio.parts]
    return next((rank for rank, variant in enumerate(VARIANTS) if variant in parts), len(VARIANTS))


def _severity(speaker: str) -> float | None:
    share = INTELLIGIBILITY.get(speaker)
    return None if share is None else round(1 - share, 3)
