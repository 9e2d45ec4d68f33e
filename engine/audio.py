"""Recordings in, 16 kHz mono float32 out.

Files are read with PyAV (FFmpeg's libraries, bundled with it): WAV, FLAC, OGG, Opus,
MP3, M4A, AAC, WebM and the sound of videos, at any sample rate and channel count. What
can be read of a damaged file is read; ``AudioError`` is for files that give no sound.

What every sample goes through, in this order:

* NaN, infinity and numbers beyond any integer format become 0;
* channels are averaged, which never clips; where they cancel each other (one is wired
  the wrong way round) the loudest is taken;
* the rate becomes 16 kHz;
* a constant offset of more than 2 % of the RMS level is removed;
* sound beyond ±1 (floats that overshoot, or hold integers) is scaled so that it fits,
  except that a few stray spikes are clipped and do not make everything else silent.
"""

from __future__ import annotations

import io
import logging
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.errors import AudioError
from engine.paths import write_private

if TYPE_CHECKING:
    import av.container

SAMPLE_RATE = 16000

_LOG = logging.getLogger(__name__)
# Beyond these a header is damaged, and resampling would take all memory there is.
_LOWEST_RATE, _HIGHEST_RATE = 1_000, 1_000_000
_LARGEST_VALUE = 2.0**31
# PyAV looks for the end of a frame's list of planes beyond its end where there are this
# many (seen in 18.1): a proper 7.1 file makes it read foreign memory and crash.
_UNSAFE_PLANES = 8
# Only containers of sound. FFmpeg also knows playlists and scripts that make it open
# other files and network addresses: none of those may be reached through a recording.
_CONTAINERS = (
    "wav,w64,aiff,au,caf,voc,nistsphere,flac,ogg,mp3,aac,mov,mp4,m4a,3gp,matroska,webm,"
    "avi,flv,asf,mpegts,mpeg,amr,amrnb,amrwb,ac3,eac3,wv,ape,tta,dss"
)
_READABLE = "WAV, FLAC, OGG, Opus, MP3, M4A, AAC and WebM files can be read."


def load_audio(source: Path | str | BinaryIO) -> NDArray[np.float32]:
    """The whole of a recording: float32 (n,) at 16 kHz, mono, within ±1.

    ``source`` is a path or an open, seekable binary file.

    Raises:
        AudioError: there is no such file, or no sound can be read from it.
    """
    blocks = list(_resampled(source))
    return _Level()(np.concatenate(blocks))


def stream_audio(source: Path | str | BinaryIO, seconds: float = 30.0) -> Iterator[NDArray[np.float32]]:
    """The recording in blocks of ``seconds`` (the last may be shorter), in bounded memory.

    Offset and scale are those of the sound so far, so the samples may differ slightly
    from those of ``load_audio`` where a recording has an offset or exceeds ±1.

    Raises:
        AudioError: as ``load_audio``, when the first block is asked for.
    """
    size = max(1, round(seconds * SAMPLE_RATE))
    level = _Level()
    waiting: list[NDArray[np.float32]] = []
    n_waiting = 0
    for block in _resampled(source):
        waiting.append(block)
        n_waiting += block.size
        while n_waiting >= size:
            joined = np.concatenate(waiting)
            yield level(joined[:size])
            waiting = [joined[size:]]
            n_waiting -= size
    if n_waiting:
        yield level(np.concatenate(waiting))


def duration(source: Path | str | BinaryIO) -> float:
    """Seconds of sound as the file's header says, or counted where the header does not say.

    Good enough for a progress bar; a damaged header may be wrong.

    Raises:
        AudioError: as ``load_audio``.
    """
    with _opened(source) as (container, stream, _):
        if stream.duration is not None and stream.time_base is not None:
            seconds = float(stream.duration * stream.time_base)
        else:
            seconds = (container.duration or 0) / 1_000_000
    if 0.0 < seconds < 1e6:
        return seconds
    if not isinstance(source, (str, Path)):
        source.seek(0)
    return sum(block.size for block in _resampled(source)) / SAMPLE_RATE


def clean(samples: NDArray[Any], rate: int) -> NDArray[np.float32]:
    """Samples as a device or a library gives them, as ``load_audio`` would give them.

    ``samples`` are (n,) or (n, channels), floats within about ±1 or integers of full
    scale, at ``rate`` samples a second; the result is float32 (n,) at 16 kHz.

    Raises:
        AudioError: there are no samples, or the rate cannot be right.
    """
    if samples.ndim not in (1, 2) or samples.size == 0:
        raise AudioError("There is no sound in this recording: check the microphone and record it again.")
    channels = np.atleast_2d(samples.T if samples.ndim == 2 else samples)
    resampler = _Resampler(_checked_rate(rate, "This recording"))
    resampled = np.concatenate([*resampler.push(_mono(_as_float(channels))), *resampler.flush()])
    if resampled.size == 0:
        raise AudioError("This recording is too short to hold any sound: record it again.")
    return _Level()(resampled)


def write_wav(path: Path, samples: NDArray[np.float32]) -> None:
    """Write 16 kHz mono samples as 16-bit PCM, readable by this user only, all or nothing.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    finite = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    pcm = np.clip(np.round(finite * 32768.0), -32768, 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm.tobytes())
    write_private(path, buffer.getvalue())


@contextmanager
def _opened(source: Path | str | BinaryIO) -> Iterator[tuple[av.container.InputContainer, Any, str]]:
    """The open container, its best audio stream and the name to use in messages."""
    import av

    file, name = _open_file(source)
    container = None
    try:
        try:
            # A file object, not a name: a name such as "http:x" or "concat:x" would mean something to FFmpeg.
            container = av.open(
                file,
                mode="r",
                metadata_errors="replace",
                options={"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"},
            )
            stream = container.streams.best("audio")
            context = stream.codec_context if stream is not None else None
        except Exception as error:  # noqa: BLE001 - whatever damaged bytes do to the library, the user hears one thing
            _LOG.debug("%s: %s", name, error)
            raise AudioError(f"{name} cannot be read: it is damaged or not a recording. {_READABLE}") from None
        if stream is None:
            raise AudioError(f"{name} holds no sound: choose a recording. {_READABLE}")
        if context is None:
            raise AudioError(f"{name} holds sound in a format that cannot be read: save it as WAV and try again.")
        yield container, stream, name
    finally:
        if container is not None:
            container.close()
        if file is not source:
            file.close()


def _open_file(source: Path | str | BinaryIO) -> tuple[BinaryIO, str]:
    if not isinstance(source, (str, Path)):
        return source, str(getattr(source, "name", "The recording"))
    path, name = Path(source), str(source)
    try:
        if path.is_dir():
            raise AudioError(f"{name} is a folder: choose a recording in it.")
        if not path.exists():
            raise AudioError(f"There is no file {name}: check its name and place.")
        if not path.is_file():  # a device or a pipe may never end
            raise AudioError(f"{name} is not a regular file: choose a recording.")
        if path.stat().st_size == 0:
            raise AudioError(f"{name} is empty: nothing was recorded in it.")
        return path.open("rb"), name
    except PermissionError:
        raise AudioError(f"{name} may not be read: change its permissions or copy it somewhere else.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        raise AudioError(f"{name} cannot be opened ({reason}): check its name and the disk.") from None


def _resampled(source: Path | str | BinaryIO) -> Iterator[NDArray[np.float32]]:
    """Mono blocks of about a second at 16 kHz, straight from the decoder."""
    n_samples = 0
    with _opened(source) as (container, stream, name):
        resampler: _Resampler | None = None
        for channels, rate in _decoded(container, stream, name):
            if resampler is None or resampler.rate != rate:  # chained streams may change their rate
                tail = resampler.flush() if resampler is not None else []
                resampler = _Resampler(_checked_rate(rate, name))
            else:
                tail = []
            for block in (*tail, *resampler.push(_mono(channels))):
                n_samples += block.size
                yield block
        for block in resampler.flush() if resampler is not None else ():
            n_samples += block.size
            yield block
    if n_samples == 0:
        raise AudioError(f"{name} holds no sound: it is empty or damaged. {_READABLE}")


def _decoded(container: Any, stream: Any, name: str) -> Iterator[tuple[NDArray[np.float32], int]]:
    """(channels, n) float32 and their rate, gathered to about a second because frames are tiny."""
    waiting: list[NDArray[np.float32]] = []
    n_waiting = 0
    kind = (0, 0)  # channels, rate
    for values, rate in _frames(container, stream, name):
        if waiting and (kind != (values.shape[0], rate) or n_waiting >= rate):
            yield np.concatenate(waiting, axis=1), kind[1]
            waiting, n_waiting = [], 0
        kind = (values.shape[0], rate)
        waiting.append(values)
        n_waiting += values.shape[1]
    if waiting:
        yield np.concatenate(waiting, axis=1), kind[1]


def _frames(container: Any, stream: Any, name: str) -> Iterator[tuple[NDArray[np.float32], int]]:
    """All that can be decoded: a damaged packet is left out, a damaged container ends the sound."""
    packets = container.demux(stream)
    n_damaged = 0
    while True:
        try:
            packet = next(packets, None)
        except Exception as error:  # noqa: BLE001 - as in _opened
            _LOG.warning("%s is damaged and was read up to there: %s", name, error)
            break
        if packet is None:
            break
        try:
            frames = [(_samples(frame), int(frame.sample_rate)) for frame in packet.decode()]
        except Exception as error:  # noqa: BLE001 - as in _opened
            n_damaged += 1
            _LOG.debug("%s: a damaged packet: %s", name, error)
            continue
        yield from (frame for frame in frames if frame[0].size)
    if n_damaged:
        _LOG.warning("%s: %d damaged pieces were left out", name, n_damaged)


def _samples(frame: Any) -> NDArray[np.float32]:
    """A decoded frame, planar or interleaved, as (channels, n)."""
    n_channels = len(frame.layout.channels)
    if frame.format.is_planar and n_channels >= _UNSAFE_PLANES:
        import av

        packer = av.AudioResampler(format="flt", layout=frame.layout, rate=frame.sample_rate)
        packed = [part.to_ndarray() for part in (*packer.resample(frame), *packer.resample(None))]
        return _as_float(np.concatenate(packed, axis=1).reshape(-1, n_channels).T)
    values = frame.to_ndarray()
    return _as_float(values if frame.format.is_planar else values.reshape(-1, n_channels).T)


def _as_float(channels: NDArray[Any]) -> NDArray[np.float32]:
    """Samples of any type as float32 of full scale 1, finite."""
    kind = channels.dtype
    if kind.kind == "u":
        middle = 2.0 ** (8 * kind.itemsize - 1)
        return np.asarray((channels.astype(np.float64) - middle) / middle, dtype=np.float32)
    if kind.kind == "i":
        return np.asarray(channels / 2.0 ** (8 * kind.itemsize - 1), dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        floats = np.asarray(channels, dtype=np.float32)
        finite: NDArray[np.float32] = np.where(np.abs(floats) <= _LARGEST_VALUE, floats, np.float32(0.0))
    return finite  # NaN is not <= anything


def _mono(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(channels, n) to (n,)."""
    first: NDArray[np.float32] = channels[0]
    if channels.shape[0] == 1:
        return first
    mean = channels.mean(axis=0, dtype=np.float64)
    powers = np.mean(np.square(channels, dtype=np.float64), axis=1)
    if np.mean(np.square(mean)) < 1e-3 * powers.mean() / channels.shape[0]:
        loudest: NDArray[np.float32] = channels[int(powers.argmax())]
        return loudest
    return np.asarray(mean, dtype=np.float32)


def _checked_rate(rate: int, name: str) -> int:
    if not _LOWEST_RATE <= rate <= _HIGHEST_RATE:
        raise AudioError(f"{name} says it has {rate} samples a second, which cannot be: it is damaged.")
    return rate


class _Resampler:
    """Mono float32 at ``rate`` to 16 kHz, block by block, with libswresample."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._resampler: Any = None
        if rate != SAMPLE_RATE:
            import av

            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)

    def push(self, samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        if self._resampler is None:
            return [samples]
        import av

        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples)[None, :], format="flt", layout="mono")
        frame.sample_rate = self.rate
        return self._pass(frame)

    def flush(self) -> list[NDArray[np.float32]]:
        """The last few samples. Nothing may be pushed afterwards."""
        return [] if self._resampler is None else self._pass(None)

    def _pass(self, frame: Any) -> list[NDArray[np.float32]]:
        return [np.asarray(block.to_ndarray()[0], dtype=np.float32) for block in self._resampler.resample(frame)]


class _Level:
    """Takes out the offset and brings the samples within ±1; remembers both from block to block."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0
        self._scale = 1.0

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        self._sum += float(samples.sum(dtype=np.float64))
        self._count += samples.size
        offset = self._sum / self._count
        rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
        if abs(offset) > 0.02 * rms:
            samples = samples - np.float32(offset)
        magnitude = np.abs(samples)
        peak = float(magnitude.max())
        if peak > 1.0:
            usual = float(np.quantile(magnitude, 0.999))
            self._scale = max(self._scale, peak if peak <= 8.0 * usual else usual)
        if self._scale > 1.0:
            samples = samples / np.float32(self._scale)
        return np.clip(samples, -1.0, 1.0, dtype=np.float32) if peak > 1.0 else samples


class StreamCleaner:
    """``clean`` for sound that arrives in blocks, as from a microphone: one for each stream at ``rate``.

    Raises:
        AudioError: the rate cannot be right.
    """

    def __init__(self, rate: int) -> None:
        self._resampler = _Resampler(_checked_rate(rate, "The microphone"))
        self._level = _Level()

    def __call__(self, samples: NDArray[Any]) -> NDArray[np.float32]:
        """(n,) or (n, channels) in; float32 (m,) at 16 kHz out, where m may be 0 while the filter fills."""
        if samples.size == 0:
            return np.zeros(0, np.float32)
        channels = np.atleast_2d(samples.T if samples.ndim == 2 else samples)
        blocks = [block for block in self._resampler.push(_mono(_as_float(channels))) if block.size]
        return self._level(np.concatenate(blocks)) if blocks else np.zeros(0, np.float32)
