"""TORGO: dysarthric speech (cerebral palsy, ALS) and controls (Rudzicz, Namasivayam and Wolff 2012)."""

from __future__ import annotations

import re
from pathlib import Path

from training.corpora.common import DEFAULT, Collector, ImportOptions, ImportReport, corpus_root, files, read_text

LAYOUT = "<speaker>/Session*/prompts/*.txt with wav_headMic/*.wav and wav_arrayMic/*.wav"
LICENCE = "TORGO: free for academic, non-commercial use"
MICROPHONES = ("headMic", "arrayMic")
# Overall severity from the Frenchay assessment as in Rudzicz et al. 2012 and Joy and Umesh 2018:
# mild .25, moderate .5, moderate to severe .65, severe .85; controls (FC.., MC..) 0.
SEVERITY = {"F01": 0.85, "F03": 0.5, "F04": 0.25, "M01": 0.85, "M02": 0.85, "M03": 0.25, "M04": 0.85, "M05": 0.65}


def import_torgo(root: str | Path, options: ImportOptions = DEFAULT) -> ImportReport:
    """Import TORGO: what was read is the prompt; prompts that say what to do instead are skipped.

    Raises:
        CorpusError: ``root`` does not hold the corpus.
    """
    root = corpus_root(root)
    collector = Collector("TORGO", LICENCE, options)
    sessions = [path.parent for path in sorted(root.rglob("prompts")) if path.is_dir()]
    for session in collector.each(sessions):
        _import_session(session, collector)
    for folder in sorted(root.rglob("wav_*Mic")):
        if not (folder.parent / "prompts").is_dir() and folder.is_dir():
            collector.skip("session without prompts", len(files(folder, ".wav")))
    return collector.report(root, LAYOUT)


def _import_session(session: Path, collector: Collector) -> None:
    speaker = session.parent.name
    control = re.fullmatch(r"[FM]C\d+", speaker) is not None
    prompts = {path.stem: path for path in files(session / "prompts", ".txt")}
    recorded = {path.stem for microphone in MICROPHONES for path in files(session / f"wav_{microphone}", ".wav")}
    if lost := recorded - set(prompts):
        collector.skip("recording without prompt", len(lost))
    for item, path in prompts.items():
        text = read_text(path).strip()
        if reason := _not_read_aloud(text):
            collector.skip(reason)
            continue
        recordings = [(m, session / f"wav_{m}" / f"{item}.wav") for m in MICROPHONES]
        present = [(m, audio) for m, audio in recordings if audio.is_file()] or recordings[:1]
        before = collector.skipped.copy()
        for microphone, audio in present:
            added = collector.add(
                audio,
                text,
                speaker,
                "typical" if control else "dysarthria",
                severity=0.0 if control else SEVERITY.get(speaker),
                microphone=microphone,
                session=session.name,
            )
            if added and collector.options.microphones == "one":
                collector.skipped = before  # a damaged first microphone is no loss: the other one is used
                break


def _not_read_aloud(text: str) -> str:
    """Why a prompt is not what the person said, or ""."""
    if not text:
        return "empty prompt"
    if "[" in text or "]" in text:
        return "instruction or comment in the prompt"
    if "input/images" in text.replace("\\", "/").lower() or re.search(r"\.(jpe?g|png|gif|bmp)$", text.lower()):
        return "picture description"
    if re.search(r"\bxxx\b", text.lower()):
        return 'unusable ("xxx")'
    return ""
