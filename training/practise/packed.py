"""Recordings, their tokens and what silence is like, in a few plain files that a lent machine can train from.

The sound is Ogg Opus at about 20 kbit/s, which the simulator draws for some people anyway; that
machine needs neither the voices nor the decoders of this one, only ``torch`` and ``soundfile``.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.errors import OptionError

RATE = 16_000
FRAME = 320  # samples: one encoder state
SHARD = 1000  # recordings
_SOUND = "samples.npy"
_BITS = 20_000  # a second
_LONGEST = 28.0  # seconds
TEXT = 200  # tokens


@dataclass(frozen=True)
class Packed:
    """One recording: where its Opus file lies in its shard, its samples, and its text's tokens alone."""

    key: str
    speaker: str
    cohort: str
    split: str
    shard: int
    start: int
    size: int
    samples: int
    speech: str  # hexadecimal bits, one for each frame of 20 ms in which somebody speaks
    tokens: list[int]

    def frames(self) -> NDArray[np.bool_]:
        bits = np.unpackbits(np.frombuffer(bytes.fromhex(self.speech), np.uint8))
        return bits[: -(-self.samples // FRAME)].astype(np.bool_)


def pack(manifests: Sequence[Path], model: Path, out: Path, only: frozenset[str], processes: int) -> Iterator[int]:
    """Add the recordings of ``manifests`` whose split is in ``only`` and that are not in ``out`` yet.

    Yields how many have been added. Recordings without speech or text, or too long for Whisper's window, are left out.

    Raises:
        ManifestError: a manifest cannot be read.
    """
    from engine.tokens import WhisperTokenizer
    from training.manifest import read_manifest
    from training.states import utterance_key

    out.mkdir(parents=True, exist_ok=True)
    tokenizer = WhisperTokenizer(model)
    known = {packed.key for packed in read_index(out)}
    todo = [
        (utterance_key(u), u)
        for path in manifests
        for u in read_manifest(path)
        if (u.split or "judged") in only and utterance_key(u) not in known
    ]
    shard = 1 + max((int(path.stem.split("-")[1]) for path in out.glob("audio-*.bin")), default=-1)
    done = 0
    with ProcessPoolExecutor(processes, initializer=_gently) as pool:
        for first in range(0, len(todo), SHARD):
            part = todo[first : first + SHARD]
            lines, blob = [], io.BytesIO()
            for (key, u), found in zip(part, pool.map(_read, [u.audio for _, u in part], chunksize=16), strict=True):
                tokens = tokenizer.encode(" " + u.text.strip()) if u.text.strip() else []
                if found is None or not 0 < len(tokens) <= TEXT:
                    continue
                opus, samples, speech = found
                split = u.split or "judged"
                packed = Packed(key, u.speaker, u.cohort, split, shard, blob.tell(), len(opus), samples, speech, tokens)
                lines.append(json.dumps(asdict(packed)))
                blob.write(opus)
            (out / f"audio-{shard:03d}.bin").write_bytes(blob.getvalue())
            (out / f"index-{shard:03d}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            shard, done = shard + 1, done + len(lines)
            yield done


def pack_silence(model: Path, out: Path) -> None:
    """What the encoder of ``model`` makes of silence, the prompt of its language, and its end of text."""
    from safetensors.numpy import save_file

    from engine.checkpoint import read_checkpoint
    from engine.context import load_tail
    from engine.ct2 import Ct2Decoder
    from engine.onnx_decoder import kept_silence
    from engine.tokens import WhisperTokenizer

    silence = kept_silence(model, read_checkpoint(model / "model.bin"))
    tail = load_tail(Ct2Decoder(model), model).astype(np.float16)
    tokenizer = WhisperTokenizer(model)
    metadata = {"prompt": json.dumps(tokenizer.prompt("en")), "end": str(tokenizer.special.eot)}
    tensors = {"keys": silence.keys, "values": silence.values, "tail": tail}
    save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, out / "silence.safetensors", metadata)


def read_index(folder: Path) -> list[Packed]:
    """Every packed recording, in the order in which they were packed."""
    lines = (line for path in sorted(folder.glob("index-*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [Packed(**json.loads(line)) for line in lines]


def unpack(folder: Path, processes: int) -> None:
    """Decode every recording of ``folder`` into one file, int16 at 16 kHz, which the fits read."""
    index = read_index(folder)
    jobs = [(folder / f"audio-{p.shard:03d}.bin", p.start, p.size, p.samples) for p in index]
    sound = np.lib.format.open_memmap(folder / _SOUND, "w+", np.int16, (sum(p.samples for p in index),))
    at = 0
    with ProcessPoolExecutor(processes) as pool:
        for samples in pool.map(_unpack, jobs, chunksize=64):
            sound[at : at + samples.size] = samples
            at += samples.size
    sound.flush()


def read_sound(folder: Path, splits: Sequence[str], cohort: str = "") -> tuple[list[Packed], NDArray[np.int16]]:
    """The recordings of ``splits``, and their samples one after the other, as ``unpack`` has left them.

    ``cohort``: of the training people only those.

    Raises:
        OptionError: nothing was unpacked there.
    """
    index = read_index(folder)
    if not (folder / _SOUND).exists():
        raise OptionError(f"Nothing has been unpacked in {folder}: run 'python -m training.practise unpack' first.")
    chosen = np.array([p.split in splits and (not cohort or p.split != "train" or p.cohort == cohort) for p in index])
    everything = np.load(folder / _SOUND, mmap_mode="r")
    return [p for p, wanted in zip(index, chosen, strict=True) if wanted], everything[
        np.repeat(chosen, [p.samples for p in index])
    ]


def _unpack(job: tuple[Path, int, int, int]) -> NDArray[np.int16]:
    path, start, size, samples = job
    with path.open("rb") as file:
        file.seek(start)
        sound = soundfile.read(io.BytesIO(file.read(size)), dtype="int16")[0]
    kept = np.zeros(samples, dtype=np.int16)
    kept[: sound.size] = sound[:samples]
    return kept


def _gently() -> None:
    if hasattr(os, "nice"):
        os.nice(5)


def _read(path: Path) -> tuple[bytes, int, str] | None:
    from engine.audio import load_audio
    from engine.embedding import speech_frames
    from engine.errors import AudioError

    try:
        audio = load_audio(path)
    except (AudioError, OSError):
        return None
    if not FRAME < audio.size <= _LONGEST * RATE:
        return None
    return _opus(audio), audio.size, np.packbits(speech_frames(audio)).tobytes().hex()


def _opus(audio: NDArray[np.float32]) -> bytes:
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = _BITS
        samples = (np.clip(audio, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.rate = RATE
        for given in (frame, None):
            for packet in stream.encode(given):
                container.mux(packet)
    return buffer.getvalue()
