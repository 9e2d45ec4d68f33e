"""Reads and writes CTranslate2 ``model.bin`` files (binary version 6).

Layout, little-endian: uint32 version; string spec name; uint32 spec revision; uint32
count; per variable: string name, uint8 rank, uint32 dimensions, uint8 dtype, uint32
bytes, data; then uint32 alias count and pairs of strings. A string is a uint16 length
that counts a closing NUL, then its bytes. Source: CTranslate2 4.8
``python/ctranslate2/specs/model_spec.py`` (``_serialize``).
"""

from __future__ import annotations

import io
import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError

VERSION = 6
W1 = "decoder/layer_{}/ffn/linear_0/weight"  # the matrix that is personalized, (d_ff, d_model)
_DTYPES: dict[int, np.dtype[Any]] = {
    0: np.dtype("<f4"),
    1: np.dtype("i1"),
    2: np.dtype("<i2"),
    3: np.dtype("<i4"),
    4: np.dtype("<f2"),
}
_CODES = {dtype: code for code, dtype in _DTYPES.items()}
_BFLOAT16 = 5

Array = NDArray[Any]


@dataclass(frozen=True)
class Checkpoint:
    """The variables of a CTranslate2 model. 0-d scalars keep rank 0."""

    variables: dict[str, Array]
    aliases: dict[str, str] = field(default_factory=dict)
    spec: str = "WhisperSpec"
    revision: int = 3

    def __getitem__(self, name: str) -> Array:
        try:
            return self.variables[self.aliases.get(name, name)]
        except KeyError:
            raise ModelError(f"The model has no weight called {name}: it is not a Whisper model.") from None

    def float(self, name: str) -> NDArray[np.float32]:
        """The weight ``name`` as float32, dequantised where it is stored as int8."""
        weight = self[name]
        if weight.dtype == np.int8:
            scale = self[f"{name}_scale"].astype(np.float32)
            return np.asarray(weight.astype(np.float32) / scale[:, None], dtype=np.float32)
        return np.asarray(weight, dtype=np.float32)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read ``path`` (a ``model.bin``); float arrays keep their stored dtype, bfloat16 becomes float32.

    Raises:
        ModelError: the file is missing, truncated or not a CTranslate2 model.
    """
    try:
        with path.open("rb") as file:  # mapped: most uses look at a few of the weights only
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is empty"
        raise ModelError(f"{path} cannot be read ({reason}): fetch or import the model again.") from error
    try:
        return _parse(data)
    except (struct.error, ValueError, UnicodeDecodeError, OverflowError) as error:
        raise ModelError(f"{path} is damaged or not a CTranslate2 model: fetch or import the model again.") from error


def _parse(data: memoryview) -> Checkpoint:
    offset = 0

    def number(code: str) -> int:
        nonlocal offset
        (value,) = struct.unpack_from(f"<{code}", data, offset)
        offset += struct.calcsize(code)
        return int(value)

    def take(count: int) -> memoryview:
        nonlocal offset
        if offset + count > len(data):
            raise ValueError("truncated")
        offset += count
        return data[offset - count : offset]

    def string() -> str:
        return bytes(take(number("H"))).rstrip(b"\0").decode()

    version = number("I")
    if version != VERSION:
        raise ValueError(f"binary version {version}")
    spec, revision = string(), number("I")
    variables: dict[str, Array] = {}
    for _ in range(number("I")):
        name = string()
        shape = tuple(number("I") for _ in range(number("B")))
        code, size = number("B"), number("I")
        raw = take(size)
        if code == _BFLOAT16:
            array: Array = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        elif code in _DTYPES:
            array = np.frombuffer(raw, _DTYPES[code])
        else:
            raise ValueError(f"dtype {code}")
        variables[name] = array.reshape(shape)
    aliases = {}
    for _ in range(number("I")):
        alias = string()
        aliases[alias] = string()
    if offset != len(data):
        raise ValueError("bytes after the end")
    return Checkpoint(variables, aliases, spec, revision)


def write_checkpoint(checkpoint: Checkpoint, file: BinaryIO) -> dict[str, int]:
    """Write ``checkpoint`` to ``file``; returns the byte offset of every variable's data."""
    start = file.tell()
    offsets = {}

    def string(value: str) -> None:
        raw = value.encode() + b"\0"
        file.write(struct.pack("<H", len(raw)) + raw)

    file.write(struct.pack("<I", VERSION))
    string(checkpoint.spec)
    file.write(struct.pack("<II", checkpoint.revision, len(checkpoint.variables)))
    for name, array in checkpoint.variables.items():
        string(name)
        file.write(struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape))
        file.write(struct.pack("<BI", _CODES[array.dtype.newbyteorder("<")], array.nbytes))
        offsets[name] = file.tell() - start
        file.write(np.ascontiguousarray(array).data if array.ndim else array.tobytes())
    file.write(struct.pack("<I", len(checkpoint.aliases)))
    for alias, name in checkpoint.aliases.items():
        string(alias)
        string(name)
    return offsets


def checkpoint_bytes(checkpoint: Checkpoint) -> tuple[bytearray, dict[str, int]]:
    """``checkpoint`` as a file in memory, and where each variable's data lies in it."""
    buffer = io.BytesIO()
    offsets = write_checkpoint(checkpoint, buffer)
    return bytearray(buffer.getbuffer()), offsets


def quantize_int8(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Per-row symmetric int8: ``weight (m, n) ≈ q (m, n) / scale (m,)`` with scale = 127 / max|row|.

    As CTranslate2's own quantisation: rounded to the nearest, all-zero rows with scale 1.
    """
    peak = np.abs(weight).max(axis=1)
    scale = np.where(peak > 0, np.float32(127) / np.where(peak > 0, peak, 1), np.float32(1)).astype(np.float32)
    return np.rint(weight * scale[:, None]).astype(np.int8), scale
