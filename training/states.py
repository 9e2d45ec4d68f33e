"""A cache of encoder states and speaker embeddings, made by the engine's own encoder and context policy.

What is trained is then what runs, and an epoch does not pay for the encoder again. Only the
states that the encoder computed are kept (float16); the silence tail, the same for everybody,
is appended when a batch is made. A folder holds ``index.jsonl`` and ``shard-NNNNN.safetensors``;
making it can be stopped at any time, and utterances added to the manifest are added to it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from engine.context import SHORT, computed, load_tail
from engine.errors import AudioError, IdiolectError
from engine.paths import storage_error, write_private
from training.manifest import Utterance

SHARD = 64  # utterances; what a crash costs at most
_INFO = "info.json"
_INDEX = "index.jsonl"


class StatesError(IdiolectError):
    """A cache of encoder states cannot be used."""


@dataclass(frozen=True)
class Row:
    """One cached utterance: ``frames`` states from ``start`` in ``shard``, embedding number ``number`` there."""

    key: str
    shard: int
    number: int
    start: int
    frames: int
    clip: int  # frames of the recording itself


@dataclass(frozen=True)
class Cached:
    """An utterance and where its states are."""

    utterance: Utterance
    row: Row


class States:
    """Read access to a cache folder. ``d_model`` and the model's name and sha256 are those it was made with."""

    def __init__(self, folder: Path) -> None:
        try:
            info = json.loads((folder / _INFO).read_text(encoding="utf-8"))
            self.model, self.model_sha256 = str(info["model"]), str(info["model_sha256"])
            tail = _tensor(folder / "tail.safetensors", "tail")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StatesError(
                f"There are no encoder states in {folder}: make them with 'idiolect train states'."
            ) from error
        self.folder = folder
        self.tail: NDArray[np.float32] = tail.astype(np.float32)
        self.rows = {row.key: row for row in _rows(folder)}
        self._open: dict[int, Any] = {}

    @property
    def d_model(self) -> int:
        return int(self.tail.shape[1])

    def select(self, utterances: Iterable[Utterance]) -> list[Cached]:
        """The utterances whose states are here, in their order."""
        return [Cached(u, self.rows[key]) for u in utterances if (key := utterance_key(u)) in self.rows]

    def variants(self, utterances: Iterable[Utterance]) -> list[Cached]:
        """Their changed copies, as many as were made (``make_states(variants=…)``)."""
        found = []
        for utterance in utterances:
            number = 1
            while (key := variant_key(utterance, number)) in self.rows:
                found.append(Cached(utterance, self.rows[key]))
                number += 1
        return found

    def states(self, row: Row) -> NDArray[np.float16]:
        """The computed encoder states: (frames, d_model)."""
        part = self._shard(row.shard).get_slice("states")
        return np.asarray(part[row.start : row.start + row.frames])

    def embedding(self, row: Row) -> NDArray[np.float32]:
        """The speaker embedding: (2 * d_model,)."""
        return np.asarray(self._shard(row.shard).get_slice("embeddings")[row.number : row.number + 1])[0]

    def embeddings(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """(n, 2 * d_model)."""
        return np.stack([self.embedding(row) for row in rows])

    def _shard(self, number: int) -> Any:
        if number not in self._open:
            path = _shard_path(self.folder, number)
            try:
                self._open[number] = safe_open(path, framework="numpy").__enter__()
            except (OSError, SafetensorError) as error:
                raise StatesError(
                    f"{path} is missing or damaged: delete the folder and make the states again."
                ) from error
        return self._open[number]


def utterance_key(utterance: Utterance) -> str:
    """What an utterance's states are found by: speaker, last two parts of the audio path and its text."""
    name = "/".join(utterance.audio.parts[-2:])
    return hashlib.sha1(f"{utterance.speaker}|{name}|{utterance.text}".encode()).hexdigest()[:20]


def variant_key(utterance: Utterance, number: int) -> str:
    """The key of changed copy ``number`` (from 1; 0 is the recording itself)."""
    return f"{utterance_key(utterance)}-{number}" if number else utterance_key(utterance)


def changed(audio: NDArray[np.float32], key: str) -> NDArray[np.float32]:
    """A copy up to a tenth faster or slower, with the pitch that goes with it, and some noise; decided by ``key``."""
    rng = np.random.default_rng(list(hashlib.sha256(key.encode()).digest()[:8]))
    positions = np.arange(0, audio.size - 1, rng.uniform(0.9, 1.1))
    copy = np.interp(positions, np.arange(audio.size), audio)
    loudness = float(np.sqrt(np.mean(np.square(copy)) + 1e-12))
    noise = rng.standard_normal(copy.size) * loudness * 10 ** (-rng.uniform(15, 40) / 20)
    return np.asarray(copy + noise, dtype=np.float32)


def make_states(
    utterances: Sequence[Utterance],
    folder: Path,
    model: Path,
    model_name: str,
    threads: int = 0,
    variants: int = 0,
) -> Iterator[tuple[int, int, int]]:
    """Cache the states of ``utterances`` that are not in ``folder`` yet, by the decoder that dictation would use here.

    ``variants`` changed copies (see ``changed``) are made of every training utterance, too:
    more voices and rates for the price of the encoder alone.

    Yields (done, in all, unreadable) after every utterance.

    Raises:
        ModelError: the model does not load.
        StatesError: the folder holds the states of another model, or heard in another context.
        StorageError: the disk is full.
    """
    from engine.audio import load_audio
    from engine.embedding import speaker_embedding, speech_frames
    from engine.mel import log_mel
    from engine.models import model_sha256
    from engine.options import EngineOptions
    from engine.transcriber import load_decoder

    decoder = load_decoder(EngineOptions(threads=threads), model)
    context = {"policy": asdict(SHORT), "in_30_s": decoder.quick_whole}
    _start(folder, model_name, model_sha256(model), context, load_tail(decoder, model))
    known = {row.key for row in _rows(folder)}
    todo = {
        key: u
        for number in range(variants + 1)
        for u in utterances
        if (number == 0 or u.split == "train") and (key := variant_key(u, number)) not in known
    }
    total, done, unreadable = len(known) + len(todo), len(known), 0
    shard = max((row.shard for row in _rows(folder)), default=-1) + 1
    states: list[NDArray[np.float16]] = []
    embeddings: list[NDArray[np.float32]] = []
    rows: list[Row] = []
    for key, utterance in todo.items():
        try:
            audio = load_audio(utterance.audio)
            if not audio.size:
                raise AudioError("empty")
            if key != utterance_key(utterance):
                audio = changed(audio, key)
        except AudioError:
            unreadable += 1
            total -= 1
            continue
        mask = speech_frames(audio)
        found = computed(decoder, log_mel(audio, decoder.n_mels), audio.size)
        start = rows[-1].start + rows[-1].frames if rows else 0
        rows.append(Row(key, shard, len(rows), start, len(found), min(mask.size, len(found))))
        states.append(found.astype(np.float16))
        embeddings.append(speaker_embedding(found, mask))
        done += 1
        if len(rows) == SHARD:
            _write_shard(folder, shard, rows, states, embeddings)
            shard, rows, states, embeddings = shard + 1, [], [], []
        yield done, total, unreadable
    if rows:
        _write_shard(folder, shard, rows, states, embeddings)


def _start(folder: Path, name: str, sha256: str, context: dict[str, Any], tail: NDArray[np.float32]) -> None:
    info = {"model": name, "model_sha256": sha256, **context}
    try:
        held = json.loads((folder / _INFO).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = info
    if held | {"model": name} != info:
        raise StatesError(f"{folder} holds the encoder states of another model or context: choose another folder.")
    index = folder / _INDEX
    if index.exists() and not index.read_bytes().endswith(b"\n"):  # torn by a crash
        with index.open("a", encoding="utf-8") as file:
            file.write("\n")
    write_private(folder / "tail.safetensors", save({"tail": tail.astype(np.float16)}))
    write_private(folder / _INFO, json.dumps(info, indent=1).encode())


def _write_shard(
    folder: Path, number: int, rows: list[Row], states: list[NDArray[np.float16]], embeddings: list[NDArray[np.float32]]
) -> None:
    """The shard first, then its lines in the index: a crash between the two leaves a shard that is written again."""
    write_private(
        _shard_path(folder, number), save({"states": np.concatenate(states), "embeddings": np.stack(embeddings)})
    )
    lines = "".join(json.dumps(asdict(row)) + "\n" for row in rows)
    path = folder / _INDEX
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_error(path, error) from error


def _rows(folder: Path) -> Iterator[Row]:
    try:
        lines = (folder / _INDEX).read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield Row(**json.loads(line))
        except (ValueError, TypeError):
            continue  # torn by a crash: its shard is made again under another number


def _shard_path(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:05d}.safetensors"


def _tensor(path: Path, name: str) -> NDArray[np.float16]:
    with safe_open(path, framework="numpy") as file:
        return np.asarray(file.get_tensor(name))
