"""engine.mel gives Whisper's own spectrogram, without the silent columns."""

import time

import numpy as np
import pytest
from transformers import WhisperFeatureExtractor

from engine.mel import log_mel, mel_filters
from tests.speech import say


def _clips():
    noise = np.random.default_rng(3)
    speech = say("Would you bring me a glass of water, please?")
    swelling = speech * np.linspace(0.0, 1.0, speech.size, dtype=np.float32) ** 4
    return {
        "a sentence": speech,
        "a slow low voice": say("My speech is slow today.", words_per_minute=90, pitch=10),
        "soft": speech * np.float32(0.004),
        "clipped": np.clip(speech * np.float32(20.0), -1.0, 1.0),
        "loudest at the very end": swelling[: int(np.abs(swelling).argmax()) + 3],
        "ends within a hop": speech[:16001],
        "shorter than the window": speech[8000:8150],
        "one sample": speech[9000:9001],
        "noise": (0.1 * noise.normal(size=70_000)).astype(np.float32),
        "silence": np.zeros(12_345, dtype=np.float32),
        "all of the 30 seconds": (0.1 * noise.normal(size=480_000)).astype(np.float32),
        "nearly 30 seconds": (0.1 * noise.normal(size=479_950)).astype(np.float32),
    }


@pytest.mark.parametrize("n_mels", [80, 128])
@pytest.mark.parametrize("name", _clips())
def test_log_mel_equals_the_feature_extractor(name, n_mels):
    audio = _clips()[name]
    extractor = WhisperFeatureExtractor(feature_size=n_mels)
    expected = extractor(audio, sampling_rate=16000, return_tensors="np").input_features[0]

    mel = log_mel(audio, n_mels)

    assert mel.shape == (n_mels, -(-audio.size // 160))
    assert mel.dtype == np.float32
    np.testing.assert_allclose(mel, expected[:, : mel.shape[1]], atol=1e-4, rtol=0)


@pytest.mark.parametrize("n_mels", [80, 128])
def test_filters_equal_the_feature_extractor(n_mels):
    expected = WhisperFeatureExtractor(feature_size=n_mels).mel_filters.T
    np.testing.assert_allclose(mel_filters(n_mels), expected, atol=1e-7, rtol=0)


def test_audio_longer_than_the_window_keeps_all_its_columns():
    audio = np.tile(say("One two three four five six seven."), 20)
    assert audio.size > 480_000
    assert log_mel(audio).shape == (80, -(-audio.size // 160))


def test_a_ten_second_clip_takes_a_few_milliseconds():
    audio = np.resize(say("Would you bring me a glass of water, please?"), 160_000)
    seconds = []
    for _ in range(10):
        started = time.perf_counter()
        log_mel(audio)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.03


@pytest.mark.parametrize("shape", [(0,), (2, 100)])
def test_what_is_not_a_clip_is_refused(shape):
    with pytest.raises(ValueError, match="one-dimensional"):
        log_mel(np.zeros(shape, dtype=np.float32))
