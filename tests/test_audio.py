"""engine.audio reads any recording as 16 kHz mono and says clearly what it cannot read."""

import io
import os
import stat
import subprocess
import sys
import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest

from engine.audio import SAMPLE_RATE, clean, duration, load_audio, stream_audio, write_wav
from engine.errors import AudioError, StorageError
from tests.recordings import FORMATS, encoded, float_wav, pcm_wav
from tests.speech import say

SENTENCE = "Would you bring me a glass of water, please?"


def tone(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def likeness(heard: np.ndarray, said: np.ndarray) -> float:
    """The highest correlation within 50 ms of shift (raw AAC has no note of its encoder's delay)."""
    n = min(heard.size, said.size) - 800
    return max(float(np.corrcoef(heard[shift : shift + n], said[:n])[0, 1]) for shift in range(0, 800, 1))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_words_that_were_said(kind, tmp_path):
    said = say(SENTENCE)
    path = tmp_path / "recording"  # without an extension: only the content counts
    path.write_bytes(encoded(kind, said))

    heard = load_audio(path)

    assert heard.dtype == np.float32 and heard.ndim == 1
    assert abs(heard.size - said.size) < 0.03 * SAMPLE_RATE
    assert likeness(heard, said) > 0.98
    assert 0.85 < np.sqrt(np.mean(heard**2) / np.mean(said**2)) < 1.1  # 7.1 has no voice in its bass channel
    assert duration(path) == pytest.approx(said.size / SAMPLE_RATE, abs=0.2)


def test_the_sound_of_a_video_is_read():
    said = say(SENTENCE)
    assert likeness(load_audio(io.BytesIO(encoded("m4a", said, video=True))), said) > 0.98


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000, 192000])
@pytest.mark.parametrize("n_channels", [1, 2, 6])
def test_any_rate_and_channel_count_keeps_pitch_level_and_time(rate, n_channels):
    channels = np.repeat(tone(1.0, rate, level=0.99)[:, None], n_channels, 1)
    heard = load_audio(io.BytesIO(float_wav(channels, rate)))
    assert abs(heard.size - SAMPLE_RATE) <= 1
    expected = tone(1.0, SAMPLE_RATE, level=0.99)[: heard.size]
    np.testing.assert_allclose(heard[200:-200], expected[200 : heard.size - 200], atol=2e-3)
    assert np.abs(heard).max() <= 1.0
    np.testing.assert_array_equal(clean(channels, rate), heard)


def test_different_channels_are_averaged():
    left, right = tone(0.5, 16000, 300), tone(0.5, 16000, 1000)
    heard = load_audio(io.BytesIO(float_wav(np.stack([left, right], 1), 16000)))
    np.testing.assert_allclose(heard, (left + right) / 2, atol=1e-6)


def test_channels_that_cancel_each_other_do_not_give_silence():
    left = tone(0.5, 16000)
    np.testing.assert_allclose(clean(np.stack([left, -left], 1), 16000), left, atol=1e-6)


def test_frequencies_above_the_new_limit_do_not_fold_back():
    heard = clean(tone(1.0, 48000, hertz=11000), 48000)
    assert np.sqrt(np.mean(heard[200:-200] ** 2)) < 1e-3


def test_what_is_not_a_number_becomes_silence_and_spoils_nothing_else():
    samples = tone(1.0, 44100)[:, None].copy()
    samples[1000:1004, 0] = [np.nan, np.inf, -np.inf, 3e38]
    heard = load_audio(io.BytesIO(float_wav(samples, 44100)))
    assert np.isfinite(heard).all()
    np.testing.assert_allclose(heard[600:-200], tone(1.0, 16000)[600:-200], atol=2e-3)


def test_a_constant_offset_is_removed():
    heard = clean(tone(1.0, 16000, level=0.3) + np.float32(0.4), 16000)
    np.testing.assert_allclose(heard, tone(1.0, 16000, level=0.3), atol=1e-4)


def test_sound_without_an_offset_is_left_exactly_as_it_is():
    said = np.concatenate([say(SENTENCE), np.zeros(4000, dtype=np.float32)])
    np.testing.assert_array_equal(clean(said, 16000), said)


def test_floats_that_hold_integers_are_scaled():
    heard = clean(say(SENTENCE) * np.float32(32768), 16000)
    assert np.abs(heard).max() == pytest.approx(1.0)
    assert likeness(heard, say(SENTENCE)) > 0.9999


def test_a_spike_does_not_silence_the_rest():
    said = say(SENTENCE).copy()
    said[5000] = 1e6
    heard = clean(said, 16000)
    assert heard[5000] == 1.0
    np.testing.assert_array_equal(np.delete(heard, 5000), np.delete(said, 5000))


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32])
def test_integers_are_read_at_full_scale(dtype):
    info = np.iinfo(dtype)
    middle = (int(info.max) + int(info.min) + 1) / 2
    samples = (tone(0.5, 16000).astype(np.float64) * (info.max - middle) + middle).astype(dtype)
    np.testing.assert_allclose(clean(samples, 16000), tone(0.5, 16000), atol=2.5 / (info.max - middle))


@pytest.mark.parametrize("seconds", [0.37, 30.0])
def test_streaming_gives_the_same_samples_in_blocks_of_the_size_asked_for(seconds):
    recording = encoded("flac", np.tile(say(SENTENCE), 3))
    blocks = list(stream_audio(io.BytesIO(recording), seconds))
    assert all(block.size == round(seconds * SAMPLE_RATE) for block in blocks[:-1])
    np.testing.assert_array_equal(np.concatenate(blocks), load_audio(io.BytesIO(recording)))


def test_streaming_a_long_file_takes_little_memory(tmp_path):
    path, seconds = tmp_path / "long.wav", 30 * 60
    header = bytearray(pcm_wav(np.zeros(0, dtype=np.float32)))
    header[40:44] = (seconds * 32000).to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + seconds * 32000)  # silence that takes no room on disk
    next(stream_audio(path))  # what is imported once does not count
    tracemalloc.start()
    n_samples = sum(block.size for block in stream_audio(path, 30.0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_samples == seconds * SAMPLE_RATE
    assert peak < 16e6  # the whole would be 115 MB
    assert duration(path) == seconds


def test_a_truncated_recording_gives_what_there_is():
    said = say(SENTENCE)
    whole = pcm_wav(said)
    heard = load_audio(io.BytesIO(whole[: len(whole) // 2]))
    assert abs(heard.size - said.size / 2) < 50
    np.testing.assert_allclose(heard, said[: heard.size], atol=1e-4)


def test_a_recording_that_was_never_closed_is_read_and_measured():
    """A recorder that lost power leaves 0 or 0xFFFFFFFF for the sizes in a WAV header."""
    for size in (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff"):
        said = say(SENTENCE)
        data = bytearray(pcm_wav(said))
        data[4:8] = data[40:44] = size
        assert load_audio(io.BytesIO(bytes(data))).size == said.size
        assert duration(io.BytesIO(bytes(data))) == pytest.approx(said.size / SAMPLE_RATE, abs=0.01)


def _refused(name: str, content: bytes | None, folder: Path) -> str:
    path = folder / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioError) as caught:
        load_audio(path)
    message = str(caught.value)
    assert str(path) in message and "\n" not in message and message.endswith(".")
    with pytest.raises(AudioError):
        next(stream_audio(path))
    with pytest.raises(AudioError):
        duration(path)
    return message


def test_missing_empty_and_wrong_files_are_named(tmp_path):
    assert "no file" in _refused("missing.wav", None, tmp_path)
    assert "empty" in _refused("empty.wav", b"", tmp_path)
    assert "not a recording" in _refused("letter.wav", b"Dear Sir or Madam,\n" * 200, tmp_path)
    assert "not a recording" in _refused("picture.png", _png(), tmp_path)
    assert "not a recording" in _refused("zeros.wav", bytes(5000), tmp_path)
    with pytest.raises(AudioError, match="is a folder"):
        load_audio(tmp_path)


def test_a_recording_of_no_length_is_named(tmp_path):
    for data in (pcm_wav(np.zeros(0, dtype=np.float32)), encoded("flac", say(SENTENCE))[:60]):
        path = tmp_path / "short"
        path.write_bytes(data)
        with pytest.raises(AudioError, match=r"no sound|damaged"):
            load_audio(path)
    with pytest.raises(AudioError, match="no sound"):
        clean(np.zeros(0, dtype=np.float32), 16000)


def test_a_video_without_sound_is_named():
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p")
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(AudioError, match="holds no sound"):
        load_audio(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize("rate", [1, 50, 4_000_000_000])
def test_an_impossible_sample_rate_is_refused_at_once(rate):
    data = bytearray(pcm_wav(say(SENTENCE)))
    data[24:28] = rate.to_bytes(4, "little")
    with pytest.raises(AudioError, match="damaged"):
        load_audio(io.BytesIO(bytes(data)))
    with pytest.raises(AudioError, match="damaged"):
        clean(say(SENTENCE), rate)


@pytest.mark.skipif(os.name == "nt", reason="these names and pipes are those of POSIX")
def test_only_regular_files_are_opened_and_names_are_only_names(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(AudioError, match="not a regular file"):
        load_audio(tmp_path / "pipe.wav")
    monkeypatch.chdir(tmp_path)
    for name in ("http:example.wav", "concat:a.wav|b.wav", "ünïcode \n 音.wav"):
        Path(name).write_bytes(pcm_wav(say(SENTENCE)))
        assert load_audio(name).size == say(SENTENCE).size
    with pytest.raises(AudioError):
        load_audio("nul\0byte.wav")


def test_a_playlist_cannot_make_us_open_other_files(tmp_path):
    """FFmpeg follows playlists to any file or address; a recording must not lead there."""
    (tmp_path / "secret.wav").write_bytes(pcm_wav(say(SENTENCE)))
    segment = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\n{tmp_path}/secret.wav\n#EXT-X-ENDLIST\n"
    _refused("list.m3u8", segment.encode(), tmp_path)
    _refused("list.ffconcat", b"ffconcat version 1.0\nfile secret.wav\n", tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    path = tmp_path / "private.wav"
    path.write_bytes(pcm_wav(say(SENTENCE)))
    path.chmod(0)
    with pytest.raises(AudioError, match="may not be read"):
        load_audio(path)


def test_written_speech_is_private_and_reads_back_exactly(tmp_path):
    path = tmp_path / "new folder" / "utterance.wav"
    samples = np.concatenate([say(SENTENCE), [np.nan, 5.0, -5.0, 1.0, -1.0]]).astype(np.float32)
    write_wav(path, samples)
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16000)
    heard = load_audio(path)
    np.testing.assert_allclose(heard[:-5], samples[:-5], atol=0.5 / 32768)
    np.testing.assert_array_equal(heard[-5:] * 32768, [0, 32767, -32768, 32767, -32768])
    write_wav(tmp_path / "again.wav", heard)
    np.testing.assert_array_equal(load_audio(tmp_path / "again.wav"), heard)


def test_a_folder_in_place_of_the_file_is_a_storage_error(tmp_path):
    (tmp_path / "taken.wav").mkdir()
    with pytest.raises(StorageError):
        write_wav(tmp_path / "taken.wav", say(SENTENCE))


def test_importing_is_quick_and_leaves_ffmpeg_for_later():
    code = "import sys, engine.audio, engine.mel, engine.vad, engine.output; print('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def _png() -> bytes:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as container:
        stream = container.add_stream("png", width=32, height=32, pix_fmt="rgb24")
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), dtype=np.uint8))))
        container.mux(stream.encode(None))
    return file.getvalue()
