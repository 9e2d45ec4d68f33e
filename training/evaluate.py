"""Decode a manifest with several systems through the engine's own fast path, one line a text.

All systems share one encoding of each utterance and the engine's beam search (CTranslate2,
int8). What was decoded is kept in ``hypotheses.jsonl``: a run can be stopped and goes on, and
another system can be added later. ``training.report`` turns the file into tables.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import AudioError, IdiolectError, OptionError
from engine.hypernetwork import Hypernetwork, Lora, load_hypernetwork
from engine.language import TEXTS_BEFORE
from engine.paths import private_dir, storage_error
from training.manifest import Utterance
from training.states import utterance_key

HYPOTHESES = "hypotheses.jsonl"
ZERO_SHOT = "zero-shot 30 s"
SHORT_CONTEXT = "zero-shot short"
ENGINE = "engine"
CONTROLS = ("same cohort", "other cohort", "mean", "noise")

Array = NDArray[np.float32]


@dataclass(frozen=True)
class System:
    """One way to decode.

    ``network`` None: unadapted, with 30 s of context if ``whole``. ``by_cohort`` chooses the
    network by the utterance's true cohort (a cohort LoRA knows what the hypernetwork must
    find out). ``voice`` names a control: whose embedding the network gets. ``loras`` holds a
    LoRA for every utterance by its key (individual LoRAs, fitted on other utterances); an
    utterance without one is decoded unadapted. ``merged`` is the folder of a run whose changed
    weights, of any matrix, are merged into the model. ``two_passes`` is that of a hypernetwork that also writes the
    encoder: a first pass of the encoder gives the voice, a second one the text.
    """

    name: str
    network: Hypernetwork | None = None
    by_cohort: dict[str, Hypernetwork] = field(default_factory=dict)
    whole: bool = False
    voice: str = "own"
    guarded: Path | None = None  # through engine.transcriber, with its guards and weighing
    merged: Path | None = None
    two_passes: Path | None = None
    loras: Mapping[str, Lora] = field(default_factory=dict)


def systems_of(
    hypernetworks: dict[str, Path], cohort_loras: dict[str, Path] | None = None, controls: bool = False,
    guarded: bool = False, runs: dict[str, Path] | None = None,
) -> list[System]:  # fmt: skip
    """Zero-shot at 30 s and at the short context, then the networks; the controls are those of the first one."""
    systems = [System(ZERO_SHOT, whole=True), System(SHORT_CONTEXT)]
    for name, path in hypernetworks.items():
        systems.append(System(name, load_hypernetwork(path)))
    if cohort_loras:
        loras = {cohort: load_hypernetwork(path) for cohort, path in cohort_loras.items()}
        systems.append(System("cohort LoRA", by_cohort=loras))
    systems += [system_of(name, run) for name, run in (runs or {}).items()]
    if hypernetworks and controls:
        first, path = next(iter(hypernetworks.items()))
        network = load_hypernetwork(path)
        systems += [System(f"{first}, {voice}", network, voice=voice) for voice in CONTROLS]
    if hypernetworks and guarded:
        systems.append(System(ENGINE, guarded=next(iter(hypernetworks.values()))))
    return systems


def system_of(name: str, run: Path) -> System:
    """How the engine decodes with a finished run's folder: as a hypernetwork, in two passes of the encoder, or with its
    weights merged into the model."""
    from training.adapters import writes_hypernetwork
    from training.finished import HYPERNETWORK
    from training.recipe import load_recipe

    recipe = load_recipe(run / "recipe.json")
    if writes_hypernetwork(recipe):
        return System(name, load_hypernetwork(run / HYPERNETWORK))
    if recipe.method == "hypernetwork":
        return System(name, two_passes=run)
    return System(name, merged=run)


def choose(
    utterances: Sequence[Utterance], limit: int | None, split: str | None = None, seed: int = 0
) -> list[Utterance]:
    """At most ``limit`` utterances of ``split``: people in turn, so that everybody is heard about equally often."""
    of_speaker: defaultdict[str, list[Utterance]] = defaultdict(list)
    for utterance in utterances:
        if (split is None or utterance.split == split) and utterance.text.strip():
            of_speaker[utterance.speaker].append(utterance)
    order = sorted(of_speaker)
    np.random.default_rng(seed).shuffle(order)
    chosen: list[Utterance] = []
    for turn in range(max((len(items) for items in of_speaker.values()), default=0)):
        chosen += [of_speaker[name][turn] for name in order if turn < len(of_speaker[name])]
    if not chosen:
        raise OptionError(f"The manifest has no utterances{f' of the split {split}' if split else ''} with a text.")
    return chosen[:limit] if limit else chosen


def apart(utterances: Sequence[Utterance], trained: Iterable[Utterance]) -> list[Utterance]:
    """Those whose text has no five words in a row in common with a training text of ``trained``."""
    from training.text import ngrams

    known = set().union(*(ngrams(one.text, 5) for one in trained if one.split == "train"))
    return [utterance for utterance in utterances if not ngrams(utterance.text, 5) & known]


def in_turn(utterances: Iterable[Utterance]) -> list[Utterance]:
    """One person after the other, each one's utterances as their names count: in the order in which they were said."""

    def order(utterance: Utterance) -> tuple[str, list[tuple[int, str]]]:
        parts = re.split(r"(\d+)", utterance.audio.name)
        return utterance.speaker, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]

    return sorted(utterances, key=order)


def told_before(texts: Sequence[str]) -> str:
    """What the engine is told after ``texts`` were written."""
    return " ".join(texts[-TEXTS_BEFORE:])


def evaluate(
    utterances: Sequence[Utterance], systems: Sequence[System], model: str | Path, out: Path,
    beam: int = 5, threads: int = 0, compute_type: str = "int8", device: str = "auto",
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Decode what is not in ``out`` yet; yields (texts there, texts in all).

    Raises:
        ModelError, HypernetworkError: something does not load or does not fit.
        OptionError: ``out`` was made with another model or beam.
    """
    from engine.ct2 import Ct2Decoder
    from engine.models import locate, model_sha256
    from engine.tokens import WhisperTokenizer

    directory = locate(str(model))
    sha256 = model_sha256(directory)
    for system in systems:
        for network in ([system.network] if system.network else []) + list(system.by_cohort.values()):
            network.check_base(sha256)
    _start(out, {"model": str(Path(model).name), "model_sha256": sha256, "beam": beam, "compute_type": compute_type})
    written = {(row["key"], row["system"]): str(row["text"]) for row in read_rows(out)}
    marks = {system.name: _mark(system) for system in systems}
    total = len(utterances) * len(systems)
    todo = [(u, [s for s in systems if (utterance_key(u), marks[s.name]) not in written]) for u in in_turn(utterances)]
    here = total - sum(len(missing) for _, missing in todo)
    if not any(missing for _, missing in todo):
        yield total, total
        return
    decoder = Ct2Decoder(directory, compute_type, device, threads)
    bench = _Bench(decoder, WhisperTokenizer(directory), directory, beam, threads, compute_type, device)
    voices = _Voices(bench, utterances) if any(s.voice != "own" for s in systems) else None
    said: defaultdict[str, list[str]] = defaultdict(list)  # keys of what a person has said so far
    with _appender(out / HYPOTHESES) as write:
        for utterance, missing in todo:
            earlier = list(said[utterance.speaker])
            said[utterance.speaker].append(utterance_key(utterance))
            if not missing:
                continue
            before = {s.name: told_before([written.get((key, marks[s.name]), "") for key in earlier]) for s in missing}
            for row in bench.rows(utterance, missing, voices, before):
                row["system"], row["name"] = marks[row["name"]], row["name"]
                written[row["key"], row["system"]] = row["text"]
                write(row)
                here += 1
            yield here, total


def read_rows(out: Path) -> list[dict[str, Any]]:
    """The lines of ``hypotheses.jsonl``; one that a crash tore is passed over."""
    rows = []
    try:
        lines = (out / HYPOTHESES).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


class _Bench:
    """A loaded decoder and what one utterance needs."""

    def __init__(
        self, decoder: Any, tokenizer: Any, directory: Path, beam: int, threads: int, compute_type: str, device: str
    ) -> None:
        from engine.context import load_tail
        from engine.decoder import DecodeOptions

        self.decoder, self.tokenizer, self.directory = decoder, tokenizer, directory
        self.tail = load_tail(decoder, directory)
        self.prompt = tokenizer.prompt("en")
        self.options = DecodeOptions(beam)
        self._engine = (beam, threads, compute_type, device)
        self._transcribers: dict[Path, Any] = {}
        self._merged: dict[Path, tuple[Any, bool]] = {}
        self._writers: dict[Path, Any] = {}

    def embedding(self, audio: Array) -> tuple[Array, Array]:
        """(encoder states at the engine's context, speaker embedding)."""
        from engine.context import encode
        from engine.embedding import speaker_embedding, speech_frames
        from engine.mel import log_mel

        states = encode(self.decoder, log_mel(audio, self.decoder.n_mels), audio.size, self.tail)
        return states, speaker_embedding(states, speech_frames(audio))

    def rows(
        self, utterance: Utterance, systems: Sequence[System], voices: _Voices | None, before: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        from engine.audio import load_audio
        from engine.context import WHOLE, encode
        from engine.mel import log_mel

        try:
            audio = load_audio(utterance.audio)
        except AudioError:
            return
        started = time.perf_counter()
        states, embedding = self.embedding(audio)
        encode_seconds = time.perf_counter() - started
        for system in systems:
            row: dict[str, Any] = {"key": utterance_key(utterance), "name": system.name}
            if system.guarded:
                yield row | self._through_engine(audio, system.guarded, before[system.name])
                continue
            started = time.perf_counter()
            lora: Lora | None = None
            seen, network = states, system.by_cohort.get(utterance.cohort, system.network)
            if system.whole:
                seen = encode(self.decoder, log_mel(audio, self.decoder.n_mels), audio.size, self.tail, WHOLE)
            decoder = self.decoder
            if system.merged is not None:
                decoder, other_encoder = self._changed(system.merged)
                if other_encoder:
                    seen = encode(decoder, log_mel(audio, decoder.n_mels), audio.size, self.tail)
            elif system.two_passes is not None:
                decoder = self._written(system.two_passes, embedding)
                seen = encode(decoder, log_mel(audio, decoder.n_mels), audio.size, self.tail)
            elif network is not None:
                voice = embedding if system.voice == "own" or voices is None else voices(system, utterance, network)
                lora = network(voice)
                row["distance"] = round(network.distance(voice), 4)
            elif system.loras:
                lora = system.loras.get(utterance_key(utterance))
            decoder.adapt(lora)
            decoded = decoder.decode(seen, self.prompt, self.options, adapted=lora is not None)
            best = decoded.hypotheses[0]
            seconds = time.perf_counter() - started + (0.0 if system.whole else encode_seconds)
            yield row | {
                "text": self.tokenizer.decode(best.tokens).strip(),
                "avg_logprob": round(best.avg_logprob, 4),
                "no_speech_prob": round(decoded.no_speech_prob, 4),
                "seconds": round(seconds, 4),
            }

    def _changed(self, run: Path) -> tuple[Any, bool]:
        """The engine's decoder with a run's weights merged, and whether they change the encoder."""
        if run not in self._merged:
            from engine.ct2 import Ct2Decoder
            from training.finished import merged_deltas

            _, threads, compute_type, device = self._engine
            deltas = merged_deltas(run, self.directory)
            decoder = Ct2Decoder(self.directory, compute_type, device, threads, merged=deltas)
            self._merged[run] = decoder, any(name.startswith("encoder/") for name in deltas)
        return self._merged[run]

    def _written(self, run: Path, embedding: Array) -> Any:
        """The engine's decoder with what a run's hypernetwork writes for a voice, encoder and decoder."""
        from engine.ct2 import Ct2Decoder
        from training.finished import voice_deltas

        if run not in self._writers:
            self._writers[run] = voice_deltas(run, self.directory)
        _, threads, compute_type, device = self._engine
        return Ct2Decoder(self.directory, compute_type, device, threads, merged=self._writers[run](embedding))

    def _through_engine(self, audio: Array, network: Path, before: str) -> dict[str, Any]:
        from engine.options import EngineOptions, TranscribeOptions
        from engine.transcriber import Transcriber

        beam, threads, compute_type, device = self._engine
        if network not in self._transcribers:
            self._transcribers[network] = Transcriber(
                EngineOptions(
                    model=str(self.directory), device=device, compute_type=compute_type, threads=threads,
                    hypernetwork=str(network),
                )
            )  # fmt: skip
        found = self._transcribers[network].transcribe(audio, TranscribeOptions(beam_size=beam, before=before))
        adaptations = [segment.adaptation for segment in found.segments]
        return {
            "text": found.text,
            "seconds": round(found.timings.total, 4),
            "strength": round(float(np.mean([a.strength for a in adaptations])), 4) if adaptations else 0.0,
            "decoded_both": any(a.decoded_both for a in adaptations),
            "reason": adaptations[0].reason if adaptations else "",
        }


class _Voices:
    """The embeddings of everybody in the set, from which the controls take somebody else's."""

    def __init__(self, bench: _Bench, utterances: Sequence[Utterance]) -> None:
        from engine.audio import load_audio

        self._of: dict[str, list[tuple[str, Array]]] = defaultdict(list)
        for utterance in utterances:
            try:
                embedding = bench.embedding(load_audio(utterance.audio))[1]
            except AudioError:
                continue
            self._of[utterance.cohort].append((utterance.speaker, embedding))

    def __call__(self, system: System, utterance: Utterance, network: Hypernetwork) -> Array:
        key = hashlib.sha256(utterance_key(utterance).encode()).digest()
        rng = np.random.default_rng(list(key[:8]))
        if system.voice == "mean":
            return network.tensors["embedding.mean"]
        if system.voice == "noise":
            std = network.tensors["embedding.std"]
            return np.asarray(network.tensors["embedding.mean"] + std * rng.standard_normal(std.size), dtype=np.float32)
        same = system.voice == "same cohort"
        others = [
            embedding
            for cohort, items in self._of.items()
            for speaker, embedding in items
            if (cohort == utterance.cohort) is same and speaker != utterance.speaker
        ]
        if not others:
            return network.tensors["embedding.mean"]
        return others[int(rng.integers(len(others)))]


def _mark(system: System) -> str:
    """A system's name and what its weights are: another file under the same name is another system."""
    networks = [system.network] if system.network else list(system.by_cohort.values())
    digest = hashlib.sha256()
    for network in networks:
        for name in sorted(network.tensors):
            digest.update(np.ascontiguousarray(network.tensors[name]).tobytes())
    for key, lora in sorted(system.loras.items()):
        digest.update(key.encode() + lora.a.tobytes() + lora.b.tobytes())
    runs = [run / "best.safetensors" for run in (system.merged, system.two_passes) if run]
    files = [system.guarded, *runs]
    for path in filter(None, files):
        digest.update(path.read_bytes())
    weighty = networks or system.loras or any(files)
    return f"{system.name}#{digest.hexdigest()[:10]}" if weighty else system.name


def _start(out: Path, info: dict[str, Any]) -> None:
    from engine.paths import write_private

    private_dir(out)
    path = out / "evaluation.json"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = None
    if held is not None and held != info:
        raise OptionError(f"{out} holds an evaluation with another model or beam: choose another folder.")
    write_private(path, json.dumps(info).encode())


class _appender:
    """Appends JSON lines, flushed, mending a torn last line first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Callable[[dict[str, Any]], None]:
        try:
            torn = self.path.exists() and not self.path.read_bytes().endswith(b"\n") and self.path.stat().st_size > 0
            self.file = self.path.open("a", encoding="utf-8")
            if torn:
                self.file.write("\n")
        except OSError as error:
            raise storage_error(self.path, error) from error
        return self._write

    def _write(self, row: dict[str, Any]) -> None:
        try:
            self.file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self.file.flush()
        except OSError as error:
            raise storage_error(self.path, error) from error

    def __exit__(self, *_: object) -> None:
        os.fsync(self.file.fileno())
        self.file.close()


class EvaluationError(IdiolectError):
    """There is nothing to report."""
