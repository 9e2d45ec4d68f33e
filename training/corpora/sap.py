"""Speech Accessibility Project: Parkinson's, ALS, cerebral palsy, Down syndrome, stroke (Hasegawa-Johnson 2024)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from training.corpora.common import DEFAULT, Collector, ImportOptions, ImportReport, corpus_root, files, read_text

LAYOUT = "<uuid>/<uuid>.json with <uuid>_<n>_<m>_16kHz.wav beside it (one tar a speaker, unpacked)"
LICENCE = "Speech Accessibility Project data use agreement"
COHORTS = {
    "parkinson": "parkinsons",
    "als": "dysarthria",
    "amyotrophic": "dysarthria",
    "cerebral palsy": "dysarthria",
    "down": "down-syndrome",
    "stroke": "stroke",
}


def import_sap(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import the Speech Accessibility Project.

    The intended text is the transcript without its disfluencies, the verbatim text keeps them.
    ``severity`` is the mean rating of intelligibility (1 to 7) of a person, where it was rated.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("SAP", LICENCE, options)
    for path in collector.each(files(root, ".json")):
        try:
            contributor = json.loads(read_text(path))
        except ValueError:
            collector.skip("speaker file damaged")
            continue
        if isinstance(contributor, dict) and isinstance(contributor.get("Files"), list):
            _import_contributor(path, contributor, root, collector)
    return collector.report(root, LAYOUT)


def _import_contributor(path: Path, contributor: dict[str, Any], root: Path, collector: Collector) -> None:
    etiology = str(contributor.get("Etiology") or "").strip()
    items = [item for item in contributor["Files"] if isinstance(item, dict)]
    speaker = str(contributor.get("Contributor ID") or path.stem).strip()
    names = {part.lower() for part in path.relative_to(root).parts}
    split = next((split for split in ("train", "dev", "test") if split in names), None)
    seen = set()
    for item in items:
        name = Path(str(item.get("Filename") or "").replace("\\", "/")).name.strip()
        prompt = item.get("Prompt")
        prompt = prompt if isinstance(prompt, dict) else {}
        if not name or name in seen:
            collector.skip("file listed twice" if name else "no file name")
            continue
        seen.add(name)
        intended, verbatim = clean_transcript(str(prompt.get("Transcript") or ""))
        if intended is None:
            collector.skip("unintelligible words or broken markup in the transcript")
            continue
        collector.add(
            _audio(path.parent, name),
            intended,
            speaker,
            _cohort(etiology),
            severity=_severity(items),
            verbatim=verbatim,
            etiology=etiology or None,
            category=prompt.get("Category Description"),
            corpus_split=split,
        )


def clean_transcript(text: str) -> tuple[str | None, str]:
    """Return the intended and the verbatim text of a transcript with markup.

    ``(...)`` holds disfluencies, except ``(cs: ...)`` and ``(ss: ...)``, which are words;
    ``[...]`` comments and private information; ``{g: word}`` a guess; ``~L`` a spelt letter.
    ``{w: 3}`` and ``{u: }`` are words nobody understood: the intended text is then None.
    """
    text = re.sub(r"^#\w+\s*\n", "", text.strip())
    text = re.sub(r"\[[^\]]*\]", " ", text)
    text = re.sub(r"~(\w)((?:\s+~\w)*)", lambda m: m[1] + m[2].replace("~", "").replace(" ", ""), text)
    lost = re.search(r"\{\s*(?:[wu]\s*:[^}]*|)\}", text) is not None
    text = re.sub(r"\{\s*[wu]\s*:[^}]*\}|\{\s*\}", " ", text)
    text = re.sub(r"\{\s*\w+\s*:([^}]*)\}", r"\1", text)
    text = re.sub(r"\(\s*(?:cs|ss)\s*:([^)]*)\)", r"\1", text)
    verbatim = re.sub(r"[()*]", " ", re.sub(r"\(\s*\w+\s*:", "(", text))
    intended = re.sub(r"\([^()]*\)", " ", text)
    if lost or re.search(r"[\[\]{}()]", intended):
        return None, _spaced(verbatim)
    return _spaced(intended.replace("*", " ")), _spaced(verbatim)


def _spaced(text: str) -> str:
    text = re.sub(r"\s+([,.?!;:])", r"\1", " ".join(text.split()))
    text = re.sub(r"^[,.;:\s]+", "", re.sub(r"([,;])(?:[,;\s]*)(?=[,;.?!])", "", text))
    return text[:1].upper() + text[1:]


def _audio(folder: Path, name: str) -> Path:
    """The recording under its own name or that of its 16 kHz copy."""
    stem = Path(name).stem
    choices = [folder / name, folder / f"{stem}_16kHz.wav", folder / f"{stem.removesuffix('_16kHz')}.wav"]
    return next((choice for choice in choices if choice.is_file()), choices[0])


def _cohort(etiology: str) -> str:
    known = (cohort for key, cohort in COHORTS.items() if re.search(rf"\b{key}", etiology.lower()))
    return next(known, etiology.lower().replace(" ", "-") or "unknown")


def _severity(items: list[dict[str, Any]]) -> float | None:
    levels = []
    for item in items:
        for rating in item.get("Ratings") or []:
            if isinstance(rating, dict) and "intelligib" in str(rating.get("Dimension Description", "")).lower():
                try:
                    levels.append(float(rating.get("Level")))  # type: ignore[arg-type]
                except (TypeError, ValueError):
                    continue
    levels = [level for level in levels if 1 <= level <= 7]
    return round((sum(levels) / len(levels) - 1) / 6, 3) if levels else None
