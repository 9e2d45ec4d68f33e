"""The one entry point: a recording in, a transcript out.

Every utterance is encoded once, its speaker embedding makes its own LoRA, and the text
is decoded with it. Guards look at the text; what they do not believe is decoded again
with half the personalization, then with none and Whisper's own 30 s context. Where a text is not
sure, a language model chooses among the readings (``engine.rescoring``).
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import guards
from engine.audio import SAMPLE_RATE, clean, duration
from engine.checkpoint import W1, read_checkpoint
from engine.context import SHORT, clip_frames, encode, encode_again, load_tail, with_tail
from engine.decoder import Decoded, DecodeOptions, Decoder, HearWhole, Hypothesis
from engine.embedding import speaker_embedding
from engine.errors import Cancelled, HypernetworkError, ModelError, OptionError, ProfileError
from engine.hotwords import HotWords
from engine.hypernetwork import Hypernetwork, Lora, installed_hypernetwork, load_hypernetwork
from engine.language import LanguageModel, recent
from engine.language_files import locate_language
from engine.mel import log_mel
from engine.models import locate, model_sha256
from engine.options import DECODERS, EngineOptions, TranscribeOptions
from engine.practised import SPEED, shipped_residual
from engine.process import give_back
from engine.profile import RESIDUAL_FILE, Residual, damaged, load_residual
from engine.rescoring import Reading, Rescoring, best_reading
from engine.tokens import WhisperTokenizer
from engine.transcript import Adaptation, Alternative, Segment, Timings, Transcript, Word
from engine.utterances import Spoken, utterances
from engine.weighing import Weighing, kept_strength
from engine.wer import normalise

Samples = NDArray[np.float32]
_MOST_BEAMS = 20
_NO_REPEAT = 3  # tokens: forbidden to stand twice once everything else has looped
FIRST_KEPT = "This was hard to hear, so it was listened to once more, and the first text was kept."
SECOND_KEPT = "This was hard to hear, so it was listened to once more, and the second text was kept."
FITS = "Of the readings of what was heard, the one that makes the most sense was kept."


@dataclass(frozen=True)
class Hooks:
    """What a caller may want to know, or stop, while a long recording is written down."""

    on_segment: Callable[[Segment], None] = lambda segment: None
    on_progress: Callable[[float, float], None] = lambda done, total: None
    cancelled: Callable[[], bool] = lambda: False


@dataclass
class _Clock:
    """Seconds spent in each part."""

    parts: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self.parts[part] = self.parts.get(part, 0.0) + now - self._last
        self._last = now

    def skip(self) -> None:
        self._last = time.perf_counter()


@dataclass(frozen=True)
class _Attempt:
    """One decoding of an utterance. ``strength`` 0: without personalization; ``speed``: of what was heard."""

    strength: float
    speed: float
    states: Samples
    decoded: Decoded
    text: str
    flags: tuple[str, ...]

    @property
    def tokens(self) -> tuple[int, ...]:
        return self.decoded.hypotheses[0].tokens

    @property
    def score(self) -> float:
        return self.decoded.hypotheses[0].avg_logprob


class Transcriber:
    """A loaded model with its hypernetwork. One recording at a time.

    Raises:
        ModelError, HypernetworkError, OptionError: what is asked for cannot be loaded.
    """

    def __init__(self, options: EngineOptions | None = None) -> None:
        self.options = options or EngineOptions()
        self.directory = locate(self.options.model)
        self.base_sha256 = model_sha256(self.directory)
        self.notice = ""  # one sentence where something of the person's cannot be used
        self.decoder = self._load_decoder()
        self.tokenizer = WhisperTokenizer(self.directory)
        self.tail = load_tail(self.decoder, self.directory)
        self.hypernetwork = self._load_hypernetwork()
        self.weighing = Weighing.of(self.hypernetwork)
        self._residual = self._load_residual()
        self.rescoring = Rescoring()
        self._has_language_model = self.hypernetwork is not None and locate_language() is not None
        give_back()

    def transcribe(
        self, audio: Path | str | Samples, options: TranscribeOptions | None = None, hooks: Hooks | None = None
    ) -> Transcript:
        """Write down a file, or float32 samples (n,) at 16 kHz.

        Raises:
            AudioError: the recording cannot be read.
            OptionError: an option cannot be used.
            Cancelled: ``hooks.cancelled`` said so.
        """
        options, hooks = checked(options or TranscribeOptions()), hooks or Hooks()
        started, clock = time.perf_counter(), _Clock()
        total = audio.size / SAMPLE_RATE if isinstance(audio, np.ndarray) else duration(audio)
        language = options.language or ""
        segments: list[Segment] = []
        for spoken in utterances(audio, total, options.pause):
            clock.skip()
            segment, language = self._utterance(spoken, language, options, clock, hooks.cancelled)
            segments.append(segment)
            options = replace(options, before=recent(f"{options.before} {segment.text}"))
            hooks.on_segment(segment)
            hooks.on_progress(min(total, segment.end), total)
        hooks.on_progress(total, total)
        timings = Timings(**clock.parts, total=time.perf_counter() - started)
        name = self.options.model if Path(self.options.model).name == self.options.model else self.directory.name
        return Transcript(tuple(segments), total, language or "en", name, self.decoder.device, timings)

    def prepare(self) -> Iterator[None]:
        """Build what is otherwise built at the first doubtful text, a part at every step: for whoever has the time."""
        wanted = self.options.ready_for
        if wanted is None or wanted.strength == 0 or wanted.language not in (None, "en") or self.hypernetwork is None:
            return  # there will be no doubts, or nothing that could settle them
        _ = self._hear_practised
        yield
        if wanted.language_model and self._has_language_model:
            _ = self._language_model
            yield

    def embeddings(self, audio: Path | str | Samples) -> list[Samples]:
        """The speaker embedding, float32 (2 * d_model,), of every utterance of a recording."""
        total = audio.size / SAMPLE_RATE if isinstance(audio, np.ndarray) else duration(audio)
        found = []
        for spoken in utterances(audio, total, TranscribeOptions().pause):
            mel = log_mel(spoken.samples, self.decoder.n_mels)
            states = encode(self.decoder, mel, spoken.samples.size, self.tail)
            found.append(speaker_embedding(states, spoken.frames))
        return found

    def _load_hypernetwork(self) -> Hypernetwork | None:
        """The one that was asked for; where the usual one is damaged, dictation goes on without."""
        try:
            return find_hypernetwork(self.options.hypernetwork, self.base_sha256)
        except HypernetworkError as error:
            if self.options.hypernetwork != "auto":
                raise
            self.notice = f"{self.notice} {error} Until then you are understood without personalization.".strip()
            return None

    def _load_decoder(self) -> Decoder:
        """With what was learnt from the person's corrections. Where that cannot be used, dictation goes on without."""
        if self.options.profile is not None:
            try:
                residual = load_residual(self.options.profile, self.base_sha256)
                if residual is not None:
                    return load_decoder(self.options, self.directory, residual.deltas())
            except ProfileError as error:
                self.notice = str(error)
            except (ModelError, KeyError, ValueError):  # its matrices are not those of this model
                self.notice = str(damaged(self.options.profile / RESIDUAL_FILE))
        return load_decoder(self.options, self.directory)

    def _load_residual(self) -> Residual | None:
        """What the practised encoder has learnt; dictation goes on without it."""
        try:
            return shipped_residual(self.base_sha256)
        except ModelError as error:
            self.notice = f"{self.notice} {error}".strip()
            return None

    @cached_property
    def _hear_practised(self) -> HearWhole | None:
        """The practised encoder, made when it is first asked for: most utterances do without."""
        if self._residual is None:
            return None
        try:
            return self.decoder.other_encoder(self._residual.deltas())
        except (ModelError, KeyError, ValueError, MemoryError):
            return None  # there is a text already: no second opinion is worth losing it
        finally:
            give_back()

    # -- one utterance --------------------------------------------------------------

    def _utterance(
        self, spoken: Spoken, language: str, options: TranscribeOptions, clock: _Clock, cancelled: Callable[[], bool]
    ) -> tuple[Segment, str]:
        def go_on() -> None:
            if cancelled():
                raise Cancelled("The transcription was cancelled.")

        go_on()
        samples, start = spoken.samples, spoken.start
        mel = log_mel(samples, self.decoder.n_mels)
        clock.lap("mel")
        states = encode(self.decoder, mel, samples.size, self.tail)
        clock.lap("encode")
        language = language or self.decoder.detect_language(states)
        hot = self.tokenizer.hotwords(options.hotwords) if options.hotwords and self.decoder.takes_hotwords else None
        prompt = self.tokenizer.prompt(language, options.prompt, () if hot else options.hotwords)
        clock.skip()
        embedding = speaker_embedding(states, spoken.frames)
        clock.lap("embed")
        voice = self._voice(embedding, options.strength)
        clock.lap("adapt")
        seconds = samples.size / SAMPLE_RATE

        @cache
        def again() -> Samples:
            clock.skip()
            found = encode_again(self.decoder, mel, samples.size, states)
            clock.lap("encode")
            return found

        def at_first() -> Samples:
            return states

        def practised() -> Samples:
            assert self._hear_practised is not None
            clock.skip()
            quicker = clean(samples, round(SAMPLE_RATE * SPEED))
            sound = log_mel(quicker, self.decoder.n_mels)
            clock.lap("mel")
            found = self._hear_practised(sound, quicker.size)[: SHORT.frames(quicker.size)]
            clock.lap("encode")
            return with_tail(found, self.tail, SHORT.tail)

        in_force = 0.0
        chooses = options.language_model and not options.once and language == "en" and self._has_language_model

        def adapt(strength: float) -> None:
            nonlocal in_force
            if strength not in (0.0, in_force) and voice.lora is not None:
                self.decoder.adapt(voice.lora.scaled(strength))
                in_force = strength
                clock.lap("adapt")

        decodings: list[_Attempt] = []

        @cache
        def decode(strength: float, hear: Callable[[], Samples], no_repeat: int) -> _Attempt:
            go_on()
            seen = hear()
            adapt(strength)
            n_best = options.beam_size if chooses else max(1, options.n_best)
            repeats = options.guards.max_ngram_repeats
            wanted = DecodeOptions(options.beam_size, n_best, token_limit(seconds), no_repeat, repeats, go_on, hot)
            decoded = self.decoder.decode(seen, prompt, wanted, adapted=strength > 0)
            best = decoded.hypotheses[0]
            text = self.tokenizer.decode(best.tokens).strip()
            fired = guards.flags(text, best.tokens, best.avg_logprob, decoded.no_speech_prob, seconds, options.guards)
            clock.lap("decode")
            speed = SPEED if hear is practised else 1.0
            decodings.append(_Attempt(strength, speed, seen, decoded, text, fired))
            return decodings[-1]

        def attempt(strength: float) -> _Attempt:
            return decode(strength, at_first, 0)

        def heard_again(strength: float) -> _Attempt | None:
            known = language == "en" and self._hear_practised  # of no other language has it heard a word
            return decode(strength, practised, 0) if known else None

        def whole(no_repeat: int = 0) -> _Attempt:
            """Whisper as it was trained: no personalization, 30 s of context, which a short clip is heard in anyway."""
            return decode(0.0, at_first if again() is states else again, no_repeat)

        if options.once:
            chosen, reason, plain = attempt(voice.strength), voice.reason, None
        else:
            chosen, reason, plain = choose(attempt, heard_again, whole, voice.strength, voice.reason, self.weighing)
        more_than_one = len(decodings) > 1
        if chooses and decodings[0].score < self.rescoring.doubt:
            better = self._reread(chosen, decodings, options, seconds, hot)
            chosen, reason = (better, f"{reason} {FITS}") if better is not None else (chosen, reason)
        compared = plain or (whole() if options.compare else None)
        if options.compare and chosen.strength == 0:
            compared = compared or chosen
        go_on()
        adapt(chosen.strength)  # an attempt that was not kept may have come after it
        words = self._words(chosen, prompt, samples.size, start) if options.words else ()
        held_back = bool(chosen.flags) if options.once else guards.NO_SPEECH in chosen.flags
        text = "" if held_back else chosen.text
        adaptation = Adaptation(
            strength=chosen.strength,
            reason=reason,
            decoded_both=more_than_one and voice.strength > 0,
            distance=voice.distance,
            layers=tuple(float(x) for x in voice.moved * chosen.strength),
            embedding=voice.embedding,
        )
        segment = Segment(
            start=start,
            end=start + seconds,
            text=text,
            avg_logprob=chosen.score,
            no_speech_prob=chosen.decoded.no_speech_prob,
            compression_ratio=guards.compression_ratio(chosen.text),
            adaptation=adaptation,
            words=words if text else (),
            alternatives=self._alternatives(chosen, compared, decodings, options.n_best),
            unadapted_text=compared.text if compared else None,
            flags=chosen.flags,
            tokens=chosen.tokens,
        )
        clock.lap("decode")
        return segment, language

    def _voice(self, embedding: Samples, wanted: float) -> _Voice:
        """The LoRA of an utterance with this speaker embedding, and how much of it may be used."""
        if self.hypernetwork is None:
            return _Voice(embedding, None, 0.0, "There is no personalization for this model yet.", 0.0, np.zeros(0))
        lora = self.hypernetwork(embedding)
        norms = lora.norms()
        moved = norms / self._w1_norms
        distance = self.hypernetwork.distance(embedding)
        if not norms.any():
            return _Voice(embedding, None, 0.0, "The hypernetwork is untrained.", distance, moved)
        strength, reason = kept_strength(wanted, distance, self.weighing)
        return _Voice(embedding, lora, strength, reason, distance, moved)

    @cached_property
    def _w1_norms(self) -> NDArray[np.float64]:
        """‖W1‖ of every decoder layer, for saying how much of it was moved."""
        assert self.hypernetwork is not None
        checkpoint = read_checkpoint(self.directory / "model.bin")
        layers = range(self.hypernetwork.config.layers)
        return np.array([np.linalg.norm(checkpoint.float(W1.format(layer))) for layer in layers])

    @cached_property
    def _language_model(self) -> LanguageModel | None:
        """Loaded when it is first asked: most utterances do without."""
        folder = locate_language()
        try:
            return LanguageModel(folder, self.options.threads) if folder is not None else None
        except ModelError:
            return None  # there is a text already
        finally:
            give_back()

    def _reread(
        self,
        chosen: _Attempt,
        decodings: list[_Attempt],
        options: TranscribeOptions,
        seconds: float,
        hot: HotWords | None,
    ) -> _Attempt | None:
        """The reading of this utterance that fits better than ``chosen``'s; None where none does."""
        found = self._readings(chosen, decodings, options, seconds, hot)
        if len(found) < 2 or (model := self._language_model) is None:
            return None
        readings = [Reading(text, one.logprob) for _, one, text in found]
        try:
            place = best_reading(readings, model.log_probabilities, options.before, self.rescoring)
        except ModelError:
            return None  # there is a text already
        attempt, one, text = found[place]
        if text == chosen.text:
            return None
        others = tuple(other for other in attempt.decoded.hypotheses if other is not one)
        return replace(attempt, decoded=replace(attempt.decoded, hypotheses=(one, *others)), text=text)

    def _readings(
        self,
        chosen: _Attempt,
        decodings: list[_Attempt],
        options: TranscribeOptions,
        seconds: float,
        hot: HotWords | None,
    ) -> list[tuple[_Attempt, Hypothesis, str]]:
        """What may be kept: ``chosen``'s text, then all that was heard as strongly personalized and is believed.

        None where nothing is personalized: plain Whisper's text is plain Whisper's. None that gives up one of the
        person's own words for a usual one.
        """
        if chosen.strength == 0 or chosen.flags:
            return []

        def gained(hypothesis: Hypothesis) -> float:
            return hot.found(hypothesis.tokens)[0] if hot is not None else 0.0

        first = chosen.decoded.hypotheses[0]
        found = [(chosen, first, chosen.text)]
        for attempt in decodings:
            if attempt.flags or attempt.strength != chosen.strength:
                continue
            for one in attempt.decoded.hypotheses:
                text, silence = self.tokenizer.decode(one.tokens).strip(), attempt.decoded.no_speech_prob
                doubted = guards.flags(text, one.tokens, one.avg_logprob, silence, seconds, options.guards)
                if not doubted and gained(one) >= gained(first):
                    found.append((attempt, one, text))
        return found

    def _alternatives(
        self, chosen: _Attempt, plain: _Attempt | None, decodings: list[_Attempt], n_best: int
    ) -> tuple[Alternative, ...]:
        others = [(h.tokens, h.avg_logprob) for h in chosen.decoded.hypotheses[1:n_best]]
        others += [(one.tokens, one.score) for one in decodings if one is plain or not one.flags]
        seen, found = {chosen.text}, []
        for tokens, score in others:
            text = self.tokenizer.decode(tokens).strip()
            if text and text not in seen:
                seen.add(text)
                found.append(Alternative(text, score))
        return tuple(found)

    def _words(self, chosen: _Attempt, prompt: list[int], n_samples: int, start: float) -> tuple[Word, ...]:
        tokens = list(chosen.tokens)
        if not tokens:
            return ()
        frames = clip_frames(round(n_samples / chosen.speed))
        alignment = self.decoder.align(chosen.states, prompt, tokens, frames, adapted=chosen.strength > 0)
        times = start + alignment.times * chosen.speed
        words = []
        for text, positions in self.tokenizer.split_words(tokens):
            probability = float(np.exp(np.log(np.maximum(alignment.probabilities[positions], 1e-6)).mean()))
            begin, end = times[positions[0]], times[positions[-1] + 1]
            words.append(Word(text.strip(), float(begin), float(max(begin, end)), probability))
        return tuple(words)


@dataclass(frozen=True)
class _Voice:
    """One utterance's voice and what personalization may do for it."""

    embedding: Samples
    lora: Lora | None
    strength: float
    reason: str
    distance: float
    moved: NDArray[np.float64]  # per layer: ‖ΔW1‖ / ‖W1‖ at full strength


def choose(
    attempt: Callable[[float], _Attempt],
    heard_again: Callable[[float], _Attempt | None],
    whole: Callable[..., _Attempt],
    strength: float,
    reason: str,
    weighing: Weighing,
) -> tuple[_Attempt, str, _Attempt | None]:
    """Decode until a text is believed: (the text, why in plain words, the unadapted one if it was decoded).

    Where the adapted text is not sure, ``heard_again`` gives that of the practised encoder (None: there is none). Where
    that is less sure, and the first in doubt, ``whole`` gives what plain Whisper makes of the utterance, and that is
    kept where its score says so: personalization may never make a person worse off than Whisper by itself.
    """
    first = attempt(strength)
    if strength > 0 and not first.flags:
        other = heard_again(strength) if first.score < max(weighing.again, weighing.doubt) else None
        if other is not None:
            if _believed(other, first) and other.score > first.score + weighing.second:
                return other, f"{reason} {SECOND_KEPT}", None
            reason = f"{reason} {FIRST_KEPT}"
        if first.score >= weighing.doubt:
            return first, reason, None
        plain = whole()
        if _believed(plain, first) and plain.score > first.score + weighing.margin:
            reason = "The personalized text was doubtful, and plain Whisper's was no worse, so that was kept."
            return plain, reason, plain
        return first, reason, plain
    if not first.flags:
        return first, reason, None
    if guards.NO_SPEECH in first.flags and strength == 0:
        return first, "No speech was heard.", None
    tried = [first]
    if strength > 0:
        other = heard_again(strength) if guards.NO_SPEECH not in first.flags else None
        if other is not None and not other.flags:
            return other, f"{reason} {SECOND_KEPT}", None
        half = attempt(strength / 2)
        if not half.flags:
            return half, f"Personalization was halved because of a {first.flags[0]}.", None
        tried.append(half)
    plain = whole()
    tried.append(plain)
    if not plain.flags:
        return plain, f"Personalization was switched off because of a {first.flags[0]}.", plain
    if all(guards.LOOP in one.flags for one in tried):
        last = whole(no_repeat=_NO_REPEAT)
        if guards.LOOP not in last.flags:
            flagged = replace(last, flags=(guards.LOOP, *last.flags))  # the text is not to be trusted all the same
            return flagged, "Every attempt was a loop, so repeats were forbidden: please check this text.", plain
        tried.append(last)
    best = max(tried, key=lambda one: (guards.LOOP not in one.flags, one.score))
    if guards.NO_SPEECH in best.flags:
        return best, "No speech was heard.", plain
    return best, f"Every attempt had a {best.flags[0]}: please check this text.", plain


def _believed(one: _Attempt, first: _Attempt) -> bool:
    """Whether ``one`` may take the place of ``first``: no guard fires, and it repeats no phrase three times that the
    first has fewer times, for a short loop is surer of itself than what was said."""
    repeats, known = (guards.longest_run(normalise(text)) for text in (one.text, first.text))
    return not one.flags and repeats <= max(2, known)


def load_decoder(options: EngineOptions, directory: Path, merged: dict[str, Samples] | None = None) -> Decoder:
    """The decoder that ``options`` ask for, loaded.

    Raises:
        OptionError: there is no such decoder, torch is not installed for it, or a number of threads below 0.
    """
    if options.threads < 0:
        raise OptionError(f"{options.threads} threads cannot be used: choose 0 (as many as suit) or more.")
    if options.decoder == "onnx" or (options.decoder == "auto" and _onnx_is_best(options)):
        from engine.onnx_decoder import OnnxDecoder

        if options.device not in ("auto", "cpu"):
            raise OptionError(f"The onnx decoder does not run on {options.device}: use the ct2 or the torch decoder.")
        return OnnxDecoder(directory, options.compute_type, options.threads, merged)
    if options.decoder in ("auto", "ct2"):
        from engine.ct2 import Ct2Decoder

        return Ct2Decoder(directory, options.compute_type, options.device, options.threads, merged)
    if options.decoder == "torch":
        try:
            from engine.torch_decoder import TorchDecoder
        except ImportError as error:
            raise OptionError(
                "The torch decoder needs torch and transformers: install idiolect[training], or use the ct2 decoder."
            ) from error
        return TorchDecoder(directory, options.device, options.threads, merged)
    raise OptionError(f"There is no decoder '{options.decoder}': choose one of {', '.join(DECODERS)}.")


def _onnx_is_best(options: EngineOptions) -> bool:
    """int8 on a CPU, and the libraries for it are there."""
    import ctranslate2

    if options.compute_type != "int8" or not (
        options.device == "cpu" or (options.device == "auto" and ctranslate2.get_cuda_device_count() == 0)
    ):
        return False
    return importlib.util.find_spec("onnxruntime") is not None and importlib.util.find_spec("onnx") is not None


def find_hypernetwork(choice: str, base_sha256: str) -> Hypernetwork | None:
    """The hypernetwork file ``choice``; "auto": the installed or shipped one for this base; "none": none.

    Raises:
        HypernetworkError: the file is missing, damaged or made for another base.
    """
    if choice == "none":
        return None
    if choice != "auto":
        network = load_hypernetwork(Path(choice).expanduser())
        network.check_base(base_sha256)
        return network
    path = installed_hypernetwork(base_sha256)
    return load_hypernetwork(path) if path is not None else None


def checked(options: TranscribeOptions) -> TranscribeOptions:
    """``options``, once every value can be used.

    Raises:
        OptionError: says which cannot and what may stand there.
    """
    if not 0.0 <= options.strength <= 1.0:
        raise OptionError(f"A strength of {options.strength:g} cannot be used: choose 0 (plain Whisper) to 1.")
    if not 1 <= options.beam_size <= _MOST_BEAMS:
        raise OptionError(f"A beam of {options.beam_size} cannot be used: choose 1 to {_MOST_BEAMS}.")
    if options.n_best > _MOST_BEAMS:
        raise OptionError(f"{options.n_best - 1} other readings cannot be had: choose 0 to {_MOST_BEAMS - 1}.")
    if options.n_best > options.beam_size:
        return replace(options, beam_size=options.n_best)
    return options


def token_limit(seconds: float) -> int:
    """Tokens that ``seconds`` of speech may need, generously, at most half of Whisper's window."""
    return min(224, 24 + int(14 * seconds))
