"""Manifests survive crashes and damage, and splits share no speaker, voice or sentence."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from training.manifest import (
    ManifestError,
    Utterance,
    append,
    check_splits,
    ngram_overlap,
    read_manifest,
    sentence_key,
    split_by_speaker_and_sentence,
    write_manifest,
)


def utterance(speaker: str = "s1", text: str = "Hello there.", **more: object) -> Utterance:
    return Utterance(Path("/corpus/a.wav"), text, speaker, str(more.pop("cohort", "stuttering")), **more)  # type: ignore[arg-type]


def test_what_is_written_is_read_back_with_paths_relative_to_the_manifest(tmp_path: Path) -> None:
    audio = tmp_path / "audio" / "é 1.wav"
    items = [
        Utterance(audio, "Déjà vu.", "s1", "typical"),
        Utterance(
            audio, "b", "s2", "stuttering", 0.5, "test", "b b b", 1.25, "Corpus", "CC BY 4.0", "af_heart", {"room": 3}
        ),
    ]
    write_manifest(tmp_path / "m.jsonl", items)
    first, second = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text("utf-8").splitlines()]
    assert (first["audio"], first["text"]) == ("audio/é 1.wav", "Déjà vu.")
    assert set(first) == {"audio", "text", "speaker", "cohort", "severity", "split"}
    assert second["room"] == 3
    assert read_manifest(tmp_path / "m.jsonl") == items
    (tmp_path / "m.jsonl").rename(tmp_path / "moved.jsonl")
    assert read_manifest(tmp_path / "moved.jsonl") == items


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{broken", "not valid JSON"),
        ("[1, 2]", "must be an object"),
        ('{"audio": "a.wav", "speaker": "s", "cohort": "c"}', '"text" is missing'),
        ('{"audio": "", "text": "a", "speaker": "s", "cohort": "c"}', '"audio" is empty'),
        ('{"audio": "a", "text": "a", "speaker": "s", "cohort": "c", "severity": 3}', "between 0 and 1"),
        ('{"audio": "a", "text": "a", "speaker": "s", "cohort": "c", "severity": "mild"}', "must be a number"),
        ('{"audio": "a", "text": "a", "speaker": "s", "cohort": "c", "seconds": NaN}', "must be a number"),
        ('{"audio": "a", "text": "a", "speaker": "s", "cohort": "c", "split": "validation"}', "train, dev, test"),
        ('{"audio": "a", "text": "a", "speaker": "s", "cohort": "c", "verbatim": 1}', '"verbatim" must be a text'),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "m.jsonl"
    append(path, utterance())
    path.write_text(path.read_text() + "\n" + line + "\n")
    with pytest.raises(ManifestError, match="Line 3 of ") as caught:
        read_manifest(path)
    assert why in str(caught.value)


def test_a_missing_manifest_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "none.jsonl")


def test_a_line_torn_by_a_crash_is_passed_over_and_cut_off_by_the_next_append(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    append(path, [utterance("s1"), utterance("s2")])
    whole = path.read_bytes()
    for cut in range(1, len(whole) - whole.index(b"\n") - 1):
        path.write_bytes(whole[:-cut])
        assert [u.speaker for u in read_manifest(path)] == (["s1", "s2"] if cut == 1 else ["s1"])
        append(path, utterance("s3"))
        assert [u.speaker for u in read_manifest(path)] == (["s1", "s2", "s3"] if cut == 1 else ["s1", "s3"])


def test_sentences_are_the_same_whatever_their_case_and_punctuation() -> None:
    assert sentence_key("Don’t  STOP, Zoë!") == sentence_key("don't stop zoë") == "don't stop zoë"
    assert sentence_key("…") == ""


def test_disjoint_splits_pass_and_unsplit_utterances_are_not_looked_at() -> None:
    check_splits([utterance("a", "One.", split="train"), utterance("b", "Two.", split="test"), utterance("a", "Two.")])


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (utterance("a", "Two.", split="test"), "1 speaker is in more than one .'a' in train and test"),
        (utterance("b", "one!", split="dev"), "1 sentence is in more than one .'one' in train and dev"),
        (utterance("b", "Two.", split="test", voice="am_adam+af_heart:0.2"), "1 voice is .*'af_heart'"),
    ],
)
def test_a_shared_speaker_voice_or_sentence_is_refused(second: Utterance, what: str) -> None:
    with pytest.raises(ManifestError, match=what):
        check_splits([utterance("a", "One.", split="train", voice="af_heart:0.5+bf_emma:0.5"), second])


def test_splits_of_own_sentences_keep_everything_in_every_cohort() -> None:
    items = [
        utterance(f"{cohort}{s}", f"Sentence {cohort} {s} {i}.", cohort=cohort)
        for cohort, n in (("typical", 20), ("stuttering", 10), ("dysarthria", 3))
        for s in range(n)
        for i in range(5)
    ]
    result = split_by_speaker_and_sentence(items, (0.8, 0.1, 0.1), seed=1)
    check_splits(result.utterances)
    assert result.dropped == {}
    assert [replace(u, split=None) for u in result.utterances] == items
    share = Counter((u.cohort, u.split) for u in result.utterances)
    assert share["typical", "train"] == 80 and share["typical", "test"] == share["typical", "dev"] == 10
    assert share["stuttering", "train"] == 40 and share["stuttering", "test"] == 5
    assert share["dysarthria", "test"] == 5  # three speakers: one in each
    assert result == split_by_speaker_and_sentence(items, (0.8, 0.1, 0.1), seed=1)
    assert result != split_by_speaker_and_sentence(items, (0.8, 0.1, 0.1), seed=2)


def test_prompts_read_by_everybody_are_dealt_to_one_split_and_the_rest_is_counted() -> None:
    items = [utterance(f"s{s}", f"Prompt {i}") for s in range(10) for i in range(300)]
    result = split_by_speaker_and_sentence(items, (0.8, 0.1, 0.1))
    check_splits(result.utterances)
    assert len(result.utterances) + result.dropped["sentence in another split"] == len(items)
    share = Counter(u.split for u in result.utterances)
    assert share["train"] > 0.4 * len(items)
    assert share["test"] > 40 and share["dev"] > 40


def test_speakers_of_one_voice_stay_together_and_too_few_are_refused() -> None:
    items = [utterance(f"s{s}", f"Own {s} {i}", voice=f"v{s // 2}") for s in range(12) for i in range(4)]
    check_splits(split_by_speaker_and_sentence(items).utterances)
    with pytest.raises(ManifestError, match=r"too few independent speakers \(1\) to fill 3 splits"):
        split_by_speaker_and_sentence([replace(u, voice="one") for u in items])


def test_tiny_cohorts_still_fill_every_split() -> None:
    items = [utterance(f"s{s}", f"Own {s}", cohort=f"c{s}") for s in range(4)]
    assert {u.split for u in split_by_speaker_and_sentence(items).utterances} == {"train", "dev", "test"}


def test_ngram_overlap_counts_occurrences() -> None:
    train = ["The cat sat on the mat."]
    assert ngram_overlap(["the CAT sat"], train, 3) == 1.0
    assert ngram_overlap(["the cat sat down", "on the mat now"], train, 3) == 0.5
    assert ngram_overlap(["the cat"], train, 3) == 0.0
    assert ngram_overlap([utterance(text="the mat the cat")], [utterance(text=train[0])], 2) == pytest.approx(2 / 3)
