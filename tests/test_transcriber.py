"""Recordings in, text out, on the real Whisper base: guards, words, alternatives, long audio, bad options."""

from __future__ import annotations

import itertools
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import practised
from engine.audio import load_audio, write_wav
from engine.decoder import Decoded, Hypothesis
from engine.errors import Cancelled, HypernetworkError, ModelError, OptionError
from engine.guards import LOOP, compression_ratio, longest_run
from engine.hypernetwork import Hypernetwork, identity, save_hypernetwork
from engine.models import model_sha256
from engine.options import EngineOptions, TranscribeOptions
from engine.paths import assets_dir
from engine.profile import Residual
from engine.transcriber import FIRST_KEPT, SECOND_KEPT, Hooks, Transcriber, _Attempt, choose
from engine.utterances import utterances
from engine.weighing import Weighing
from tests.conftest import SENTENCES, Samples
from tests.speech import say

FAST = TranscribeOptions(beam_size=1)
SOUND_ALONE = TranscribeOptions(language_model=False)


def words(text: str) -> list[str]:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").split()


def test_speech_becomes_its_words(transcriber: Transcriber, clips: list[Samples]) -> None:
    right = sum(words(transcriber.transcribe(clip).text) == words(text) for clip, text in zip(clips, SENTENCES))
    assert right >= len(clips) - 2  # a synthetic voice: an odd word may be misheard


def test_a_file_and_its_samples_give_the_same_text(
    transcriber: Transcriber, clips: list[Samples], tmp_path: Path
) -> None:
    write_wav(tmp_path / "clip.wav", clips[1])
    samples = load_audio(tmp_path / "clip.wav")  # rounded to 16 bits, as the file is
    assert transcriber.transcribe(tmp_path / "clip.wav").text == transcriber.transcribe(samples).text


def test_silence_noise_and_music_give_no_words(transcriber: Transcriber) -> None:
    hiss = np.random.default_rng(0).normal(0, 1e-3, 5 * 16000).astype(np.float32)
    time = np.arange(6 * 16000) / 16000
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220, 277, 330, 440)) / 6
    music = (chord * (1 + np.sign(np.sin(4 * np.pi * time))) / 2).astype(np.float32)
    for audio in (np.zeros(16000 * 4, dtype=np.float32), hiss, music, np.zeros(160, dtype=np.float32)):
        assert transcriber.transcribe(audio).text == ""


def test_the_prompt_sets_the_style_of_the_text(transcriber: Transcriber) -> None:
    clip = load_audio(assets_dir() / "samples" / "typical-9010.flac")
    plain = transcriber.transcribe(clip).text
    prompt = "i went to the shop it was closed so i went home could you tell me when it opens again"
    lower = transcriber.transcribe(clip, TranscribeOptions(prompt=prompt)).text
    assert plain.startswith("Could you") and plain.endswith("?")
    assert lower.startswith("could you") and words(lower) == words(plain)


def test_strength_zero_is_plain_whisper(base: Path, clips: list[Samples], transcriber: Transcriber) -> None:
    plain = Transcriber(EngineOptions(model=str(base), hypernetwork="none"))
    for clip in clips[:2]:
        segment = transcriber.transcribe(clip, TranscribeOptions(strength=0.0)).segments[0]
        assert segment.text == plain.transcribe(clip).text
        assert segment.adaptation.strength == 0.0


def test_compare_gives_both_texts(transcriber: Transcriber, clips: list[Samples]) -> None:
    transcript = transcriber.transcribe(clips[0], TranscribeOptions(compare=True))
    assert transcript.unadapted_text
    assert transcriber.transcribe(clips[0]).unadapted_text is None or transcript.segments[0].adaptation.decoded_both


def test_a_doubted_text_is_held_against_whispers_own_at_30_seconds(
    base: Path, stirring: Hypernetwork, tmp_path: Path, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_hypernetwork(stirring, tmp_path / "stirring.safetensors")
    engine = Transcriber(EngineOptions(model=str(base), hypernetwork=str(tmp_path / "stirring.safetensors")))
    monkeypatch.setattr(engine, "_hear_practised", None)
    doubts = {
        "never": Weighing(near=1e9, far=1e9, doubt=-1e9),
        "and stays": Weighing(near=1e9, far=1e9, doubt=1e9, margin=1e9),
        "and gives way": Weighing(near=1e9, far=1e9, doubt=1e9, margin=-1e9),
    }
    found = {}
    for name, engine.weighing in doubts.items():
        found[name] = engine.transcribe(clips[0], TranscribeOptions(strength=0.5, compare=True)).segments[0]
    assert [one.adaptation.decoded_both for one in found.values()] == [False, True, True]
    assert [one.adaptation.strength for one in found.values()] == [0.5, 0.5, 0.0]
    assert found["and stays"].text == found["never"].text
    assert found["and gives way"].text == found["never"].unadapted_text  # Whisper's, with 30 s of context
    assert "plain Whisper's was no worse" in found["and gives way"].adaptation.reason


def test_what_was_hard_to_hear_is_heard_again_by_the_practised_encoder(
    base: Path, stirring: Hypernetwork, tmp_path: Path, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_hypernetwork(stirring, tmp_path / "stirring.safetensors")
    engine = Transcriber(EngineOptions(model=str(base), hypernetwork=str(tmp_path / "stirring.safetensors")))
    sure = Weighing(near=1e9, far=1e9, doubt=-1e9, again=-1e9)
    unsure = Weighing(near=1e9, far=1e9, doubt=1e9, margin=1e9, second=0.0)
    reasons = set()
    for clip in clips:
        engine.weighing = sure
        once = engine.transcribe(clip, SOUND_ALONE).segments[0]
        engine.weighing = unsure
        twice = engine.transcribe(clip, SOUND_ALONE).segments[0]
        assert [once.adaptation.decoded_both, twice.adaptation.decoded_both] == [False, True]
        assert once.adaptation.strength == twice.adaptation.strength == 1.0
        assert twice.avg_logprob >= once.avg_logprob  # the surer text is kept
        second = twice.avg_logprob > once.avg_logprob
        assert twice.adaptation.reason.endswith(SECOND_KEPT if second else FIRST_KEPT)
        readings = {twice.text, *(reading.text for reading in twice.alternatives)}
        assert once.text in (readings if second else {twice.text})
        reasons.add(second)
    assert True in reasons
    assert not engine.transcribe(clips[0], TranscribeOptions(strength=0.0)).segments[0].adaptation.decoded_both
    assert not engine.transcribe(clips[0], TranscribeOptions(once=True)).segments[0].adaptation.decoded_both
    for second, reason in ((-1e9, SECOND_KEPT), (1e9, FIRST_KEPT)):  # how much less sure it may be
        engine.weighing = replace(unsure, second=second)
        assert engine.transcribe(clips[0], SOUND_ALONE).segments[0].adaptation.reason.endswith(reason)
    engine.weighing = unsure
    german = engine.transcribe(clips[0], TranscribeOptions(language="de")).segments[0]
    assert "hard to hear" not in german.adaptation.reason

    ends: list[dict[str, float]] = []
    for engine.weighing in (sure, unsure):  # the second time it is heard quicker than it was spoken
        timed = engine.transcribe(clips[1], TranscribeOptions(words=True))
        assert " ".join(word.text for word in timed.words) == timed.text
        ends.append({word.text.strip(".,").lower(): word.end for word in timed.words})
    assert len(ends[0].keys() & ends[1].keys()) > 5
    assert max(abs(ends[0][word] - ends[1][word]) for word in ends[0].keys() & ends[1].keys()) < 0.3
    monkeypatch.setattr(engine, "_hear_practised", lambda mel, n_samples: np.zeros((1500, 512), np.float32))
    deaf = engine.transcribe(clips[0]).segments[0]  # it hears nothing, so the first text is kept
    engine.weighing = sure
    assert deaf.adaptation.reason.endswith(FIRST_KEPT) and deaf.text == engine.transcribe(clips[0]).text


def test_a_second_text_that_goes_round_is_not_kept_however_sure_of_itself() -> None:
    """A loop of three words is too short for the guards, and whoever said it three times is believed."""

    def text(words: str, score: float, strength: float = 1.0) -> _Attempt:
        return _Attempt(strength, 1.0, np.zeros((1, 1)), Decoded((Hypothesis((), score),), 0.0), words, ())

    said, loop = "Well, the medication makes me sleepy.", "Back, back, back, the medication makes me sleepy."
    weighing = Weighing(doubt=-0.3, margin=0.05, again=-0.3)
    for first, other, plain, kept in (
        (said, None, loop, said),
        (said, loop, said, said),
        (loop, None, loop, loop),  # the person said so, or nothing that was heard knows better
        ("Well, well, the", None, loop, "Well, well, the"),
        (said, None, "Back, back, the medication.", "Back, back, the medication."),
    ):
        found, _, _ = choose(
            lambda strength, words=first: text(words, -0.5),
            lambda strength, words=other: text(words, -0.1) if words is not None else None,
            lambda words=plain: text(words, -0.1, 0.0),
            1.0,
            "",
            weighing,
        )
        assert found.text == kept


def test_what_a_doubt_needs_can_be_built_before_it_part_by_part(base: Path) -> None:
    def built(engine: Transcriber) -> set[str]:
        return {"_hear_practised", "_language_model"} & vars(engine).keys()

    def steps(**asked: object) -> list[set[str]]:
        engine = Transcriber(EngineOptions(model=str(base), **asked))  # type: ignore[arg-type]
        return [built(engine)] + [built(engine) for _ in engine.prepare()]

    both = [set(), {"_hear_practised"}, {"_hear_practised", "_language_model"}]
    assert steps(ready_for=TranscribeOptions()) == both == steps(ready_for=TranscribeOptions(language=None))
    assert steps(ready_for=TranscribeOptions(language_model=False)) == both[:2]
    nothing = [TranscribeOptions(language="de"), TranscribeOptions(strength=0.0), None]
    assert [steps(ready_for=wanted) for wanted in nothing] == [both[:1]] * 3
    assert steps(ready_for=TranscribeOptions(), hypernetwork="none") == both[:1]  # where nothing is doubted


def test_without_the_practised_encoder_dictation_goes_on(
    base: Path, tmp_path: Path, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "residual-base.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr(practised, "assets_dir", lambda: tmp_path)
    engine = Transcriber(EngineOptions(model=str(base)))
    assert engine.notice.endswith("residual-base.safetensors is damaged: install Idiolect again.")
    strange = {"encoder/layer_0/no/such/weight": (np.ones((8, 1), np.float32), np.ones((1, 8), np.float32))}
    for residual in (None, Residual(engine.base_sha256, strange)):
        engine = Transcriber(EngineOptions(model=str(base)))
        engine._residual = residual
        engine.weighing = Weighing(near=1e9, far=1e9, doubt=1e9, margin=1e9)
        segment = engine.transcribe(clips[0]).segments[0]
        assert segment.text and "hard to hear" not in segment.adaptation.reason


def test_a_preview_is_decoded_once(base: Path, ruinous: Path, transcriber: Transcriber, clips: list[Samples]) -> None:
    once = replace(FAST, once=True)
    assert words(transcriber.transcribe(clips[0], once).text) == words(transcriber.transcribe(clips[0], FAST).text)
    babbling = Transcriber(EngineOptions(model=str(base), hypernetwork=str(ruinous)))
    segment = babbling.transcribe(clips[0], once).segments[0]
    assert segment.flags and segment.text == "" and segment.adaptation.strength == 1.0


def test_a_ruinous_adaptation_falls_back_to_plain_whisper(base: Path, ruinous: Path, clips: list[Samples]) -> None:
    transcriber = Transcriber(EngineOptions(model=str(base), hypernetwork=str(ruinous)))
    plain = Transcriber(EngineOptions(model=str(base), hypernetwork="none"))
    segment = transcriber.transcribe(clips[0]).segments[0]
    assert segment.adaptation.strength == 0.0
    assert words(segment.text) == words(plain.transcribe(clips[0]).text)
    assert "Personalization was switched off" in segment.adaptation.reason or "plain" in segment.adaptation.reason
    assert LOOP not in segment.flags


def test_where_everything_loops_repeats_are_forbidden_and_the_text_is_flagged(base: Path) -> None:
    transcriber = Transcriber(EngineOptions(model=str(base), hypernetwork="none"))
    segment = transcriber.transcribe(say("bring two, " * 30)).segments[0]
    assert segment.unadapted_text is not None and compression_ratio(segment.unadapted_text) > 2.4
    assert segment.flags[0] == LOOP and "check this text" in segment.adaptation.reason
    assert longest_run(segment.tokens) < 6 and "bring" in segment.text


def test_words_have_times_in_order_and_confidence(transcriber: Transcriber, clips: list[Samples]) -> None:
    transcript = transcriber.transcribe(clips[0], TranscribeOptions(words=True))
    assert " ".join(word.text for word in transcript.words) == transcript.text
    times = [time for word in transcript.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] >= 0 and times[-1] <= transcript.duration + 0.05
    assert all(0 < word.confidence <= 1 for word in transcript.words)
    # The last word is spoken in the last third.
    assert transcript.words[-1].start > transcript.duration * 0.5


def test_alternatives_differ_from_the_text(transcriber: Transcriber, clips: list[Samples]) -> None:
    segment = transcriber.transcribe(clips[5], TranscribeOptions(n_best=4)).segments[0]
    texts = [segment.text, *(alternative.text for alternative in segment.alternatives)]
    assert 1 < len(texts) == len(set(texts))


def test_the_language_can_be_found(transcriber: Transcriber, clips: list[Samples]) -> None:
    assert transcriber.transcribe(clips[0], replace(FAST, language=None)).language == "en"


def test_a_recording_longer_than_its_header_says_is_cut_all_the_same(clips: list[Samples], tmp_path: Path) -> None:
    pause = np.zeros(16000, dtype=np.float32)
    audio = np.concatenate([part for clip in clips * 2 for part in (clip, pause)])
    write_wav(tmp_path / "long.wav", audio)
    pieces = list(utterances(tmp_path / "long.wav", 5.0, 2.0))
    assert len(pieces) > 1 and all(piece.samples.size <= 28 * 16000 for piece in pieces)
    assert pieces[-1].start + pieces[-1].samples.size / 16000 > audio.size / 16000 - 2  # to its end


def test_a_long_recording_is_cut_at_its_pauses(transcriber: Transcriber, clips: list[Samples]) -> None:
    pause = np.zeros(16000 * 3, dtype=np.float32)
    audio = np.concatenate([part for clip in clips * 2 for part in (clip, pause)])
    seen: list[float] = []
    hooks = Hooks(on_progress=lambda done, total: seen.append(done / total))
    transcript = transcriber.transcribe(audio, FAST, hooks)
    assert len(transcript.segments) == len(clips) * 2
    starts = [segment.start for segment in transcript.segments]
    assert starts == sorted(starts) and all(segment.end - segment.start < 28 for segment in transcript.segments)
    assert seen == sorted(seen) and seen[-1] == 1.0


def test_memory_does_not_grow_with_the_length_of_a_file(transcriber: Transcriber, tmp_path: Path) -> None:
    """Half an hour, mostly quiet so that the test is quick; the words are at its end."""
    minutes = np.zeros(1800 * 16000, dtype=np.float32)
    clip = say("This is the end of a long recording.")
    minutes[-clip.size - 16000 : -16000] = clip
    write_wav(tmp_path / "long.wav", minutes)
    del minutes
    tracemalloc.start()
    transcript = transcriber.transcribe(tmp_path / "long.wav", FAST)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "long recording" in transcript.text
    assert transcript.segments[0].start > 1790
    assert peak < 70e6  # the samples alone are 115 MB


def test_it_stops_when_asked(transcriber: Transcriber, clips: list[Samples]) -> None:
    with pytest.raises(Cancelled):
        transcriber.transcribe(clips[0], FAST, Hooks(cancelled=lambda: True))
    asked = itertools.count()
    with pytest.raises(Cancelled):  # in the middle of its only utterance
        transcriber.transcribe(clips[0], FAST, Hooks(cancelled=lambda: next(asked) == 6))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (TranscribeOptions(language="xx"), "xx"),
        (TranscribeOptions(language="klingon"), "klingon"),
        (TranscribeOptions(strength=2.0), "strength"),
        (TranscribeOptions(beam_size=0), "beam"),
        (TranscribeOptions(pause=60.0), "pause"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(
    transcriber: Transcriber, clips: list[Samples], options: TranscribeOptions, named: str
) -> None:
    with pytest.raises(OptionError, match=named):
        transcriber.transcribe(clips[0], options)


def test_what_cannot_be_loaded_is_named(base: Path, tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model called huge"):
        Transcriber(EngineOptions(model="huge"))
    with pytest.raises(OptionError, match="no decoder"):
        Transcriber(EngineOptions(model=str(tiny), decoder="magic"))
    save_hypernetwork(identity("base", model_sha256(base), 512, 2048, 6), tmp_path / "h.safetensors")
    with pytest.raises(HypernetworkError, match="another model"):
        Transcriber(EngineOptions(model=str(tiny), hypernetwork=str(tmp_path / "h.safetensors")))


def test_an_english_only_model_says_so(tiny: Path, clips: list[Samples]) -> None:
    transcriber = Transcriber(EngineOptions(model=str(tiny)))
    assert transcriber.transcribe(clips[0], FAST).text
    with pytest.raises(OptionError, match="English only"):
        transcriber.transcribe(clips[0], replace(FAST, language="de"))
