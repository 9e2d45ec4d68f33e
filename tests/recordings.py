"""Recordings of every format for tests, written with PyAV's own encoders."""

from __future__ import annotations

import io
import wave
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

# name: (container, encoder, sample format, rate, channel layout)
FORMATS = {
    "wav": ("wav", "pcm_s16le", "s16", 16000, "mono"),
    "wav 24 bit": ("wav", "pcm_s24le", "s32", 48000, "stereo"),
    "wav 8 bit": ("wav", "pcm_u8", "u8", 16000, "mono"),
    "wav float": ("wav", "pcm_f32le", "flt", 44100, "stereo"),
    "wav double": ("wav", "pcm_f64le", "dbl", 22050, "mono"),
    "aiff": ("aiff", "pcm_s16be", "s16", 44100, "mono"),
    "flac": ("flac", "flac", "s16", 44100, "stereo"),
    "ogg vorbis": ("ogg", "vorbis", "fltp", 44100, "stereo"),
    "ogg opus": ("ogg", "libopus", "flt", 48000, "mono"),
    "mp3": ("mp3", "libmp3lame", "s16p", 44100, "stereo"),
    "m4a": ("mp4", "aac", "fltp", 44100, "mono"),
    "aac": ("adts", "aac", "fltp", 48000, "stereo"),
    "webm": ("webm", "libopus", "flt", 48000, "stereo"),
    "m4a 7.1": ("mp4", "aac", "fltp", 48000, "7.1"),
    "m4a lossless": ("mp4", "alac", "s16p", 48000, "mono"),
}


def encoded(kind: str, audio: NDArray[np.float32], video: bool = False) -> bytes:
    """``audio`` (float32 (n,), 16 kHz) as a file of ``FORMATS[kind]``, the same in every channel."""
    container_name, encoder, sample_format, rate, layout = FORMATS[kind]
    file = io.BytesIO()
    with av.open(file, "w", format=container_name) as container:
        picture = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p") if video else None
        # FFmpeg's own Vorbis encoder is marked as experimental.
        stream = container.add_stream(encoder, rate=rate, layout=layout, options={"strict": "experimental"})
        stream.format = sample_format
        if picture is not None:
            for _ in range(5):
                image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), format="rgb24")
                container.mux(picture.encode(image))
            container.mux(picture.encode(None))
        frame_size = stream.codec_context.frame_size or None
        resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate, frame_size=frame_size)
        n_channels = {"mono": 1, "stereo": 2, "7.1": 8}[layout]
        frame = av.AudioFrame.from_ndarray(np.repeat(audio, n_channels)[None, :], format="flt", layout=layout)
        frame.sample_rate = 16000
        frame.pts, frame.time_base = 0, Fraction(1, 16000)
        for resampled in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))
    return file.getvalue()


def float_wav(channels: NDArray[np.float32], rate: int) -> bytes:
    """(n, channels) float32 as they are, NaN and all, in a WAV file of 32-bit floats."""
    body = np.ascontiguousarray(channels, dtype="<f4").tobytes()
    n_channels = channels.shape[1]
    sizes = (rate * n_channels * 4).to_bytes(4, "little") + (n_channels * 4).to_bytes(2, "little")
    form = (3).to_bytes(2, "little") + n_channels.to_bytes(2, "little") + rate.to_bytes(4, "little") + sizes
    fmt = b"fmt " + (16).to_bytes(4, "little") + form + (32).to_bytes(2, "little")
    data = b"data" + len(body).to_bytes(4, "little") + body
    return b"RIFF" + (4 + len(fmt) + len(data)).to_bytes(4, "little") + b"WAVE" + fmt + data


def pcm_wav(audio: NDArray[np.float32], rate: int = 16000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes((audio * 32767).astype("<i2").tobytes())
    return file.getvalue()
