"""What every importer needs: counting what is skipped and why, reading damaged files, cutting clips."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from engine.audio import SAMPLE_RATE, duration, load_audio, write_wav
from engine.errors import AudioError, IdiolectError
from training.manifest import Utterance, sentence_key

MIN_SECONDS = 0.2  # shorter "recordings" are slips of the button
MAX_SECONDS = 30.0  # Whisper hears no more at once
SILENCE = 1e-4  # a peak of -80 dB is a microphone that was off
PADDING = 0.05  # seconds kept around a cut utterance

T = TypeVar("T")


class CorpusError(IdiolectError):
    """A folder is not the corpus it should be."""


@dataclass(frozen=True)
class ImportOptions:
    """How a corpus is imported.

    Attributes:
        clips: folder for the utterances cut out of long recordings (FluencyBank, MDVR-KCL,
            CSV with times).
        microphones: ``"one"`` recording of an utterance (the close or middle microphone where it
            is there) or ``"all"`` of them.
        progress: show a progress bar.
    """

    clips: Path | None = None
    microphones: str = "one"
    progress: bool = False


DEFAULT = ImportOptions()


@dataclass(frozen=True)
class ImportReport:
    """What an import brought: the utterances, and how many were skipped by reason."""

    utterances: list[Utterance]
    skipped: dict[str, int]

    def __str__(self) -> str:
        hours = sum(u.seconds or 0 for u in self.utterances) / 3600
        lines = [f"{len(self.utterances)} utterances, {hours:.1f} hours"]
        for cohort in sorted({u.cohort for u in self.utterances}):
            chosen = [u for u in self.utterances if u.cohort == cohort]
            lines.append(f"  {cohort}: {len(chosen)} utterances of {len({u.speaker for u in chosen})} speakers")
        if self.skipped:
            lines.append(f"{sum(self.skipped.values())} skipped")
            lines += [f"  {n} × {reason}" for reason, n in sorted(self.skipped.items(), key=lambda kv: -kv[1])]
        return "\n".join(lines)


@dataclass
class Collector:
    """Gathers utterances of one corpus whose audio and text can be used, and counts the others."""

    source: str
    licence: str
    options: ImportOptions = DEFAULT
    check_silence: bool = True
    utterances: list[Utterance] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def skip(self, reason: str, count: int = 1) -> None:
        self.skipped[reason] += count

    def add(self, audio: Path, text: str, speaker: str, cohort: str, seconds: float | None = None, **more: Any) -> bool:
        """Take an utterance, unless its text is empty or its audio missing, damaged, silent, too short or too long.

        ``seconds`` known from elsewhere spares opening the file. Speakers get the corpus's name
        in front, so that manifests can be joined.
        """
        text = tidy(text)
        if not sentence_key(text):
            self.skip("empty text")
            return False
        problem, found = ("", seconds) if seconds is not None and audio.is_file() else self._probe(audio)
        if not problem and found is not None:
            problem = "shorter than 0.2 s" if found < MIN_SECONDS else "longer than 30 s" if found > MAX_SECONDS else ""
        if problem:
            self.skip(problem)
            return False
        verbatim = tidy(more.pop("verbatim", None) or "") or None
        self.utterances.append(
            Utterance(
                audio=audio.absolute(),
                text=text,
                speaker=f"{self.source.lower().replace(' ', '-')}-{speaker}",
                cohort=cohort,
                severity=more.pop("severity", None),
                split=more.pop("split", None),
                verbatim=None if verbatim == text else verbatim,
                seconds=None if found is None else round(found, 3),
                source=self.source,
                licence=self.licence,
                voice=more.pop("voice", None),
                extra={key: value for key, value in more.items() if value is not None},
            )
        )
        return True

    def each(self, items: Iterable[T], total: int | None = None) -> Iterator[T]:
        """Yield ``items``, with a progress bar if wanted."""
        from tqdm import tqdm

        yield from tqdm(items, desc=self.source, total=total, disable=not self.options.progress, smoothing=0)

    def report(self, root: Path, layout: str) -> ImportReport:
        """Return what was gathered.

        Raises:
            CorpusError: nothing in ``root`` looked like this corpus at all.
        """
        if not self.utterances and not self.skipped:
            raise CorpusError(f"No {self.source} recordings were found in {root}: expected {layout}.")
        return ImportReport(self.utterances, dict(self.skipped))

    def cut(self, media: Path, spans: list[tuple[float, float]], name: str) -> list[Path | None]:
        """Cut ``spans`` (seconds) out of a recording into 16 kHz clips; None where there is no sound then.

        Clips that are already there are kept, so that an interrupted import goes on.

        Raises:
            CorpusError: no folder for the clips was given.
            AudioError: the recording cannot be read.
        """
        if self.options.clips is None:
            raise CorpusError(f"{self.source} has long recordings: name a folder for the cut utterances with --clips.")
        folder = self.options.clips
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{name}_{zlib.crc32(str(media.absolute()).encode()):08x}"  # two folders may hold one name
        paths = [folder / f"{name}_{round(1000 * a):07d}_{round(1000 * b):07d}.wav" for a, b in spans]
        if all(path.is_file() for path in paths):
            return list(paths)
        audio = load_audio(media)
        cuts: list[Path | None] = []
        for (start, end), path in zip(spans, paths, strict=True):
            clip = audio[max(0, round((start - PADDING) * SAMPLE_RATE)) : round((end + PADDING) * SAMPLE_RATE)]
            inside = end > start and start * SAMPLE_RATE < len(audio) and len(clip) >= MIN_SECONDS * SAMPLE_RATE
            if inside and not path.is_file():
                write_wav(path, clip)
            cuts.append(path if inside else None)
        return cuts

    def _probe(self, audio: Path) -> tuple[str, float | None]:
        """What is wrong with a recording ("" if nothing) and its seconds."""
        import soundfile

        if not audio.is_file():
            return "recording missing", None
        if audio.stat().st_size == 0:
            return "recording empty", None
        try:
            if not self.check_silence:
                return "", soundfile.info(audio).duration
            with soundfile.SoundFile(audio) as file:
                if file.frames == 0:
                    return "recording empty", None
                blocks = file.blocks(blocksize=1 << 20, dtype="float32")
                if not any(np.abs(np.nan_to_num(block)).max(initial=0) > SILENCE for block in blocks):
                    return "recording silent", None
                return "", file.frames / file.samplerate
        except (soundfile.SoundFileError, RuntimeError):  # not a format of libsndfile, or damaged
            try:
                return "", duration(audio)
            except AudioError:
                return "recording damaged", None


def corpus_root(root: str | Path) -> Path:
    """Return ``root`` as a path.

    Raises:
        CorpusError: it is not a folder, or holds nothing but archives.
    """
    root = Path(root)
    if not root.is_dir():
        raise CorpusError(f"{root} is not a folder: give the folder the corpus was unpacked into.")
    entries = [entry for entry in root.iterdir() if not entry.name.startswith(".")]
    packed = [entry.name for entry in entries if re.search(r"\.(tar|tgz|zip|7z|tar\.(gz|bz2|xz))$", entry.name.lower())]
    if packed and not any(entry.is_dir() for entry in entries):
        raise CorpusError(f"{root} holds archives such as {packed[0]}: unpack them first.")
    return root


def files(root: Path, *suffixes: str) -> list[Path]:
    """Return the files below ``root`` that end so (any case), sorted, without hidden ones such as ``._x.wav``."""
    return sorted(
        path
        for path in root.rglob("*")
        if path.name.lower().endswith(suffixes) and not path.name.startswith(".") and path.is_file()
    )


def read_text(path: Path) -> str:
    """Return a text file in UTF-8 or, failing that, Windows' Western encoding; without BOM and NULs."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\0", "").replace("\r\n", "\n")


def read_table(path: Path, quoted: bool = True) -> list[dict[str, str]]:
    """Return the rows of a CSV or TSV file with header; keys in lower case, spaces around cells removed.

    The separator is whichever of tab, semicolon and comma the header has most of.

    Raises:
        CorpusError: the file has no header.
    """
    text = read_text(path)
    header = text.split("\n", 1)[0]
    separator = max("\t;,", key=header.count)
    quoting: Any = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    rows = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, quoting=quoting)
    names = [name.strip().lower() for name in next(rows, [])]
    if not any(names):
        raise CorpusError(f"{path} has no header line that names its columns.")
    cells = [[cell.strip() for cell in row] for row in rows]
    return [dict(zip(names, row, strict=False)) for row in cells if any(row)]


def tidy(text: str) -> str:
    """Return ``text`` composed (NFC), with plain apostrophes and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").replace("\ufffd", "").split())


def sentence_case(text: str) -> str:
    """Return an upper- or lower-case transcript as Whisper writes: first letter and "I" in capitals."""
    text = re.sub(r"\bi\b(?=$|[\s'.,?!])", "I", tidy(text).lower())
    return text[:1].upper() + text[1:]
