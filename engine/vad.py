"""Where speech is, made for people who pause and whose voice is soft.

Silero's probabilities with a low threshold, hysteresis (a voice that has begun may fade)
and a gain that follows the loudest sound so far: without it a whisper at 1 % of the
usual level is lost altogether. Silence ends an utterance only after ``VadOptions.pause``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.errors import OptionError
from engine.silero import CHUNK, SpeechDetector

SAMPLE_RATE = 16000
SHORTEST_PAUSE, LONGEST_PAUSE = 0.3, 10.0
LONGEST_CHUNK = 28.0  # seconds; Whisper's window is 30

_USUAL_RMS = 0.1  # of the loudest chunk of an ordinary recording
_MAX_GAIN = 100.0
_FADE = 0.5 ** (CHUNK / SAMPLE_RATE / 10.0)  # the gain's reference falls by half in ten seconds
_SHORTEST_CUT_PAUSE = 0.15  # seconds: shorter silences are stops within a word
_SETTLED = 5.0  # seconds from a chunk's ends at which a cut is as welcome as anywhere
_NOTHING = np.zeros((0, CHUNK), dtype=np.float32)


@dataclass(frozen=True)
class VadOptions:
    """When sound counts as speech and when an utterance ends.

    Speech begins where the probability reaches ``threshold`` and stays above ``release``
    for ``min_speech`` seconds. It ends after ``pause`` seconds of silence, 0.3 to 10;
    None: never, only with the recording. ``padding`` seconds are kept on both sides.
    """

    threshold: float = 0.3
    release: float = 0.15
    min_speech: float = 0.1
    pause: float | None = 2.0
    padding: float = 0.3

    def __post_init__(self) -> None:
        if not 0.0 < self.release <= self.threshold < 1.0:
            raise OptionError("The speech threshold must lie between 0 and 1, and the release at or below it.")
        if self.pause is not None and not SHORTEST_PAUSE <= self.pause <= LONGEST_PAUSE:
            raise OptionError(
                f"A pause of {self.pause:g} seconds cannot be used: "
                f"choose {SHORTEST_PAUSE:g} to {LONGEST_PAUSE:g}, or never."
            )
        if self.min_speech < 0.0 or self.padding < 0.0:
            raise OptionError("The shortest speech and the padding cannot be negative.")


@dataclass(frozen=True)
class Span:
    """A stretch of a recording, in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class SpeechStarted:
    """Speech began at ``time`` (seconds since the first sample, padding included)."""

    time: float


@dataclass(frozen=True)
class SpeechEnded:
    """The utterance ended at ``time`` (padding included); it is reported ``pause`` seconds later."""

    time: float


SpeechEvent = SpeechStarted | SpeechEnded


class Endpointer:
    """Finds utterances in a stream of 16 kHz mono float32 samples. Memory does not grow."""

    def __init__(self, options: VadOptions | None = None) -> None:
        self._voicing = _Voicing()
        self._turns = _Turns(options or VadOptions())

    @property
    def speaking(self) -> bool:
        """An utterance has started and not ended (its speaker may be pausing)."""
        return self._turns.speaking

    @property
    def silence(self) -> float:
        """Seconds since the last voiced sound, for a display of the pause that runs."""
        return (self._turns.n_chunks - self._turns.voice_end) * CHUNK / SAMPLE_RATE

    def feed(self, samples: NDArray[np.float32]) -> list[SpeechEvent]:
        """Take any number of samples; say what began and ended in them."""
        return [event for probability, _ in self._voicing.feed(samples) for event in self._turns.step(probability)]

    def finish(self) -> list[SpeechEvent]:
        """The stream is over: an utterance that is still open ends. Nothing may be fed afterwards."""
        events = [event for probability, _ in self._voicing.finish() for event in self._turns.step(probability)]
        return events + self._turns.finish(self._voicing.n_samples / SAMPLE_RATE)


def speech_probabilities(audio: NDArray[np.float32]) -> list[float]:
    """How likely each 32 ms of ``audio`` (float32 (n,), 16 kHz) hold speech; the last may be shorter."""
    voicing = _Voicing()
    return [probability for probability, _ in (*voicing.feed(audio), *voicing.finish())]


def spans_of(probabilities: list[float], n_samples: int, options: VadOptions | None = None) -> list[Span]:
    """The utterances in ``n_samples`` at 16 kHz: silences shorter than the pause are part of them."""
    turns = _Turns(options or VadOptions())
    events = [event for probability in probabilities for event in turns.step(probability)]
    times = [event.time for event in (*events, *turns.finish(n_samples / SAMPLE_RATE))]
    return [Span(start, end) for start, end in zip(times[::2], times[1::2], strict=True)]


def speech_spans(audio: NDArray[np.float32], options: VadOptions | None = None) -> list[Span]:
    """The utterances in ``audio`` (float32 (n,), 16 kHz)."""
    return spans_of(speech_probabilities(audio), audio.size, options)


def split_at_pauses(spans: list[Span], total: float, longest: float = LONGEST_CHUNK) -> list[Span]:
    """Neighbouring spans joined into stretches of at most ``longest`` seconds, cut at the longest pauses.

    ``spans`` are in order and do not overlap; those that reach beyond ``total`` seconds
    are shortened. A single span that is too long is cut into equal parts.
    """
    kept = [Span(max(0.0, span.start), min(span.end, total)) for span in spans if span.start < total]
    groups = [kept] if kept else []
    pieces: list[Span] = []
    while groups:
        group = groups.pop()
        start, end = group[0].start, group[-1].end
        if end - start <= longest:
            pieces.append(Span(start, end))
        elif len(group) == 1:
            edges = np.linspace(start, end, int(np.ceil((end - start) / longest)) + 1).tolist()
            pieces.extend(Span(a, b) for a, b in pairwise(edges))
        else:
            gaps = [Span(a.end, b.start) for a, b in pairwise(group)]
            cut = max(range(len(gaps)), key=lambda n: _worth(gaps[n], start, end)) + 1
            groups += [group[:cut], group[cut:]]
    return sorted(pieces, key=lambda piece: piece.start)


def chunks(
    blocks: Iterable[NDArray[np.float32]], options: VadOptions | None = None, longest: float = LONGEST_CHUNK
) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """A long recording as utterances of at most ``longest`` seconds: (start in seconds, samples).

    Cut at every pause of ``options.pause``, and where there is none in time at the
    longest shorter one, or else at the quietest moment. Stretches without speech are left
    out. Memory is bounded by the size of a block and ``longest``; a block may be everything.
    """
    options = options or VadOptions()
    voicing, turns = _Voicing(), _Turns(options)
    cutter = _Cutter(options.padding, longest)
    for block in (part for whole in blocks for part in _in_parts(whole)):
        cutter.append(block)
        for probability, rms in voicing.feed(block):
            yield from cutter.step(turns.step(probability), turns, rms)
        cutter.forget(turns.n_chunks * CHUNK / SAMPLE_RATE - options.padding - options.min_speech - 1.0)
    for probability, rms in voicing.finish():
        yield from cutter.step(turns.step(probability), turns, rms)
    yield from cutter.step(turns.finish(voicing.n_samples / SAMPLE_RATE), turns, None)


def _in_parts(block: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Parts of at most half a minute, so that the first utterance is there before the last one is looked for."""
    for start in range(0, block.size, 30 * SAMPLE_RATE):
        yield block[start : start + 30 * SAMPLE_RATE]


class _Voicing:
    """Samples to (probability of speech, RMS) per chunk of 32 ms, at a level the detector knows."""

    def __init__(self) -> None:
        self.n_samples = 0
        self._detector = SpeechDetector()
        self._rest = np.zeros(0, dtype=np.float32)
        self._reference = 0.0

    def feed(self, samples: NDArray[np.float32]) -> Iterable[tuple[float, float]]:
        self.n_samples += samples.size
        stream = np.concatenate([self._rest, np.asarray(samples, dtype=np.float32)])
        n_chunks = stream.size // CHUNK
        self._rest = stream[n_chunks * CHUNK :]
        return self._detect(stream[: n_chunks * CHUNK].reshape(n_chunks, CHUNK))

    def finish(self) -> Iterable[tuple[float, float]]:
        return self._detect(np.pad(self._rest, (0, CHUNK - self._rest.size))[None, :] if self._rest.size else _NOTHING)

    def _detect(self, chunked: NDArray[np.float32]) -> Iterable[tuple[float, float]]:
        levels = np.sqrt(np.mean(np.square(chunked), axis=1)).tolist()
        gains = np.empty((len(levels), 1), dtype=np.float32)
        for n, level in enumerate(levels):
            self._reference = max(level, self._reference * _FADE)
            gains[n] = min(_MAX_GAIN, max(1.0, _USUAL_RMS / max(self._reference, 1e-9)))
        probabilities = self._detector((chunked * gains).ravel())
        return zip(probabilities.tolist(), levels, strict=True)


class _Turns:
    """The state machine from probabilities to utterances. Counts chunks; times are seconds."""

    def __init__(self, options: VadOptions) -> None:
        self._options = options
        self._min_chunks = max(1, round(options.min_speech * SAMPLE_RATE / CHUNK))
        self._pause_chunks = None if options.pause is None else round(options.pause * SAMPLE_RATE / CHUNK)
        # Half the pause at most, so that utterances never overlap.
        self._padding = options.padding if options.pause is None else min(options.padding, options.pause / 2)
        self._run_start: int | None = None  # of the voiced run that goes on
        self._last_end = 0.0
        self.n_chunks = 0
        self.voice_end = 0  # in chunks
        self.speaking = False

    @property
    def voiced(self) -> bool:
        """The last chunk was voiced."""
        return self._run_start is not None

    def step(self, probability: float) -> list[SpeechEvent]:
        threshold = self._options.threshold if self._run_start is None else self._options.release
        self.n_chunks += 1
        if probability < threshold:
            self._run_start = None
        else:
            if self._run_start is None:
                self._run_start = self.n_chunks - 1
            self.voice_end = self.n_chunks
            if not self.speaking and self.n_chunks - self._run_start >= self._min_chunks:
                self.speaking = True
                start = self._run_start * CHUNK / SAMPLE_RATE - self._options.padding
                return [SpeechStarted(max(start, self._last_end))]
        if self.speaking and self._pause_chunks is not None and self.n_chunks - self.voice_end >= self._pause_chunks:
            return self._end(self.n_chunks * CHUNK / SAMPLE_RATE)
        return []

    def finish(self, total: float) -> list[SpeechEvent]:
        return self._end(total) if self.speaking else []

    def _end(self, now: float) -> list[SpeechEvent]:
        self.speaking = False
        self._last_end = min(self.voice_end * CHUNK / SAMPLE_RATE + self._padding, now)
        return [SpeechEnded(self._last_end)]


class _Cutter:
    """Holds the audio of the utterance that goes on, and cuts it before it grows too long."""

    def __init__(self, padding: float, longest: float) -> None:
        self._padding = padding
        self._longest = longest
        self._held = np.zeros(0, dtype=np.float32)
        self._held_start = 0  # sample index of the first held sample
        self._start: float | None = None  # of the piece that grows; None: nothing spoken since the last one
        self._earliest = 0.0  # where the next piece may begin
        self._pauses: list[Span] = []
        self._levels: list[tuple[float, float]] = []  # (time of a chunk's middle, RMS)
        self._quiet_since: float | None = None

    def append(self, block: NDArray[np.float32]) -> None:
        self._held = np.concatenate([self._held, np.asarray(block, dtype=np.float32)])

    def forget(self, before: float) -> None:
        """Let go of the audio before ``before`` seconds that is not part of a growing piece."""
        needed = before if self._start is None else min(before, self._start)
        n_dropped = min(max(0, int(needed * SAMPLE_RATE) - self._held_start), self._held.size)
        self._held = self._held[n_dropped:].copy()
        self._held_start += n_dropped

    def step(
        self, events: list[SpeechEvent], turns: _Turns, rms: float | None
    ) -> Iterator[tuple[float, NDArray[np.float32]]]:
        now = turns.n_chunks * CHUNK / SAMPLE_RATE
        for event in events:
            if isinstance(event, SpeechStarted):
                self._begin(event.time)
            else:
                if self._start is not None:
                    yield from self._piece(self._start, event.time)
                self._start = None
                self._earliest = max(self._earliest, event.time)
                return
        if not turns.speaking or rms is None:
            return
        if turns.voiced:
            if self._start is None:  # speech goes on after a piece that was cut
                self._begin(max(now - CHUNK / SAMPLE_RATE - self._padding, self._earliest))
            if self._quiet_since is not None:
                self._pauses.append(Span(self._quiet_since, now - CHUNK / SAMPLE_RATE))
                self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = now - CHUNK / SAMPLE_RATE
        if self._start is not None:
            self._levels.append((now - CHUNK / SAMPLE_RATE / 2, rms))
            if now - self._start + CHUNK / SAMPLE_RATE > self._longest:
                yield from self._cut(self._start, now)

    def _begin(self, start: float) -> None:
        self._start = start
        self._quiet_since = None
        self._pauses = []
        self._levels = []

    def _cut(self, start: float, now: float) -> Iterator[tuple[float, NDArray[np.float32]]]:
        pauses = [*self._pauses, *([Span(self._quiet_since, now)] if self._quiet_since is not None else [])]
        pauses = [pause for pause in pauses if pause.seconds >= _SHORTEST_CUT_PAUSE and pause.start > start]
        if pauses:
            pause = max(pauses, key=lambda pause: _worth(pause, start))
        else:
            late = [level for level in self._levels if level[0] > now - self._longest / 3]
            quietest = min(late, key=lambda level: level[1])[0]
            pause = Span(quietest, quietest)
        margin = min(self._padding, pause.seconds / 2)
        yield from self._piece(start, pause.start + margin)
        self._earliest = pause.start + margin
        if pause.end >= now:  # silence up to now: the next piece begins with the next voice
            self._start = None
            return
        self._start = pause.end - margin
        self._pauses = [later for later in self._pauses if later.start > pause.start]
        self._levels = [level for level in self._levels if level[0] > self._start]

    def _piece(self, start: float, end: float) -> Iterator[tuple[float, NDArray[np.float32]]]:
        first = max(0, round(start * SAMPLE_RATE) - self._held_start)
        last = round(end * SAMPLE_RATE) - self._held_start
        samples = self._held[first:last].copy()
        if samples.size:
            yield (self._held_start + first) / SAMPLE_RATE, samples


def _worth(pause: Span, start: float, end: float = math.inf) -> float:
    """How good a place to cut: the longer the better, unless hardly anything is left on one side."""
    return pause.seconds * min(1.0, (pause.start - start) / _SETTLED, (end - pause.end) / _SETTLED)
