"""One recording with and without personalization: what the demo view shows and the report says."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import IdiolectError
from engine.hypernetwork import VoiceMap, installed_hypernetwork
from engine.options import TranscribeOptions
from engine.paths import assets_dir
from engine.transcript import Transcript
from engine.wer import Step, Wer, compare, word_errors

if TYPE_CHECKING:
    from app.engine_client import EngineClient


@dataclass(frozen=True)
class Sample:
    """A recording that comes with the app."""

    audio: Path
    text: str
    cohort: str
    severity: float | None
    source: str
    language: str = "en"  # what is spoken in it, whatever the person at the computer speaks


@dataclass(frozen=True)
class Compared:
    """The outcome for one recording at one strength. ``before`` is plain Whisper's text."""

    audio: Path
    prompt: str
    strength: float
    transcript: Transcript

    @property
    def before(self) -> str:
        text = self.transcript.unadapted_text
        return self.transcript.text if text is None else text

    @property
    def after(self) -> str:
        return self.transcript.text

    @property
    def steps(self) -> list[Step]:
        """What personalization changed, word by word."""
        return compare(self.before, self.after)

    def errors(self) -> tuple[Wer, Wer] | None:
        """Word errors against the prompt, without and with personalization; None without a prompt."""
        if not self.prompt.strip():
            return None
        return word_errors(self.prompt, self.before), word_errors(self.prompt, self.after)

    @property
    def layers(self) -> tuple[float, ...]:
        """How much each layer's W1 moved, in per cent of its norm, averaged over the utterances."""
        moved = [segment.adaptation.layers for segment in self.transcript.segments if segment.adaptation.layers]
        return tuple(100 * sum(layer) / len(layer) for layer in zip(*moved, strict=True)) if moved else ()

    @property
    def used(self) -> float:
        """The strength that was really used: the weakest of the utterances."""
        return min((segment.adaptation.strength for segment in self.transcript.segments), default=0.0)


def samples(folder: Path | None = None) -> list[Sample]:
    """The bundled recordings, one or more of each cohort; none where the folder is missing."""
    folder = folder or assets_dir() / "samples"
    found = []
    try:
        for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                found.append(
                    Sample(
                        folder / row["audio"],
                        row["text"],
                        row["cohort"],
                        row.get("severity"),
                        row.get("source", ""),
                        row.get("language", "en"),
                    )
                )
    except (OSError, ValueError, KeyError):
        return found
    return [sample for sample in found if sample.audio.is_file()]


@lru_cache(maxsize=4)
def voice_map(model: str) -> VoiceMap | None:
    """Where the training voices lie, from the hypernetwork in use for ``model``; None where there is none.

    Only the few kilobytes of the map are read, not the weights.
    """
    from safetensors import SafetensorError, safe_open

    from engine.models import locate, model_sha256

    try:
        base = model_sha256(locate(model))
        path = installed_hypernetwork(base)
        if path is not None:
            with safe_open(path, framework="numpy") as file:
                config = json.loads((file.metadata() or {})["config"])
                if "map.points" in file.keys():  # noqa: SIM118
                    points, mean, components = (
                        file.get_tensor(f"map.{name}").astype(np.float32) for name in ("points", "mean", "components")
                    )
                    labels = tuple(config["training"]["map_labels"])
                    return VoiceMap(points, labels, mean, components) if len(labels) == len(points) else None
    except (IdiolectError, OSError, SafetensorError, KeyError, TypeError, ValueError):
        return None
    return None


def shipped_hypernetwork(model: str) -> bool:
    """Whether a hypernetwork for the catalogue's ``model`` comes with the app."""
    return (assets_dir() / f"hypernetwork-{model}.safetensors").is_file()


class Comparison(QObject):
    """Runs one recording through the engine, again whenever the strength changes; the last request wins."""

    started = Signal()
    progress = Signal(float, float)
    changed = Signal(object)  # Compared
    failed = Signal(str)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._audio: Path | None = None
        self._options = TranscribeOptions()
        self._plain: Transcript | None = None  # holds the texts without personalization
        self._job: str | None = None
        self._sent = 0.0  # the strength of the job
        self.prompt = ""
        self.result: Compared | None = None
        self._later = QTimer(self, singleShot=True, interval=120)
        self._later.timeout.connect(self._send)
        engine.finished.connect(self._finished)
        engine.job_failed.connect(self._job_failed)
        engine.progress.connect(self._progress)
        engine.failed.connect(self._engine_failed)

    @property
    def audio(self) -> Path | None:
        return self._audio

    @property
    def busy(self) -> bool:
        return self._job is not None or self._later.isActive()

    def run(self, audio: Path, prompt: str, options: TranscribeOptions) -> None:
        """Transcribe ``audio`` without and with personalization."""
        self._audio, self.prompt = audio, prompt
        self._options = replace(options, compare=True, words=False, n_best=1)  # what is not shown costs time
        self.result = self._plain = None
        self._send()

    def set_strength(self, strength: float) -> None:
        """Decode again at ``strength``, a moment after the last change. Plain Whisper's text stays what it was."""
        self._options = replace(self._options, strength=strength)
        if self._audio is not None:
            self._later.start()

    def set_prompt(self, prompt: str) -> None:
        """Count against another prompt: nothing is decoded again."""
        self.prompt = prompt
        if self.result is not None:
            self.result = replace(self.result, prompt=prompt)
            self.changed.emit(self.result)

    def forget(self) -> None:
        """Stop, and hold nothing of the recording any more."""
        self.cancel()
        self._audio = self.result = self._plain = None
        self.prompt = ""

    def cancel(self) -> None:
        """Stop what is being written down; a result that is there stays, and the strength is its again."""
        self._later.stop()
        if self.result is not None:
            self._options = replace(self._options, strength=self.result.strength)
        if self._job is not None:
            self._engine.cancel(self._job)
            self._job = None

    def _send(self) -> None:
        if self._audio is None:
            return
        if self._job is not None:
            self._engine.cancel(self._job)
        self._sent = self._options.strength
        self._job = self._engine.transcribe(self._audio, replace(self._options, compare=self._plain is None))
        self.started.emit()

    def _finished(self, job: str, transcript: Transcript) -> None:
        if job == self._job and self._audio is not None:
            self._job = None
            if self._plain is None:
                self._plain = transcript
            elif len(self._plain.segments) == len(transcript.segments):  # cut at the same pauses, as always
                pairs = zip(transcript.segments, self._plain.segments, strict=True)
                segments = tuple(replace(new, unadapted_text=old.unadapted_text) for new, old in pairs)
                transcript = replace(transcript, segments=segments)
            self.result = Compared(self._audio, self.prompt, self._sent, _honest(transcript))
            self.changed.emit(self.result)

    def _job_failed(self, job: str, message: str) -> None:
        if job == self._job:
            self._job = None
            self.failed.emit(message)

    def _engine_failed(self, message: str) -> None:
        if self._job is not None:
            self._job = None
            self.failed.emit(message)

    def _progress(self, job: str, done: float, total: float) -> None:
        if job == self._job:
            self.progress.emit(done, total)


def _honest(transcript: Transcript) -> Transcript:
    """Where nothing was personalized both texts are plain Whisper's: they may not seem to differ by it.

    They could: for comparing, Whisper gets its own 30 seconds, and in dictating a shorter stretch of sound.
    """
    segments = tuple(
        replace(part, text=part.unadapted_text)
        if part.adaptation.strength == 0 and part.unadapted_text is not None
        else part
        for part in transcript.segments
    )
    return replace(transcript, segments=segments)
