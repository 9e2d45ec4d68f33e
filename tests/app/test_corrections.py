"""Corrections teach words, and become training examples only when the person agrees."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.corrections import Corrections, new_words
from app.history import Entry, History
from app.settings import SettingsStore
from engine.audio import load_audio, write_wav


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("call shivawn at eight", "Call Siobhán at eight", ["Siobhán"]),
        ("take the levodoper now", "take the levodopa now", ["levodopa"]),
        ("I can here you", "I can hear you", ["hear"]),
        ("he are there", "we are there", []),
        ("completely other words", "Ask Kenneth about the meeting", ["Kenneth"]),
        ("the same", "the same", []),
        ("i have told kira that is all he did not say", "I've told Ciara that’s all he didn't say", ["Ciara"]),
    ],
)
def test_what_a_correction_teaches(before: str, after: str, words: list[str]) -> None:
    assert new_words(before, after) == words


@pytest.fixture
def dictated(qapp, home: Path):  # type: ignore[no-untyped-def]
    store, history = SettingsStore(), History()
    audio = history.audio_path("u1")
    write_wav(audio, 0.1 * np.ones(16000, np.float32))
    history.add(Entry("u1", datetime.now(UTC), "me", "Take the levodoper.", heard="Take the levodoper.", audio=audio))
    return store, history, Corrections(store, history)


def test_without_consent_only_words_are_learnt(dictated) -> None:  # type: ignore[no-untyped-def]
    store, history, corrections = dictated
    learned = corrections.correct("u1", "Take the levodopa.")
    assert learned.words == ("levodopa",) and not learned.manifest
    assert store.current.vocabulary == ("levodopa",)
    assert history.get("u1").text == "Take the levodopa." and history.get("u1").corrected
    assert not corrections.manifest_path().exists() and not list(corrections.folder().parent.rglob("*.wav"))


def test_with_consent_training_can_read_the_examples(dictated) -> None:  # type: ignore[no-untyped-def]
    manifest = pytest.importorskip("training.manifest")
    store, _, corrections = dictated
    store.update(keep_corrections=True, cohort="parkinsons", severity=0.4)
    assert corrections.correct("u1", "Take the levodopa.").manifest
    corrections.correct("u1", "Take the levodopa now.")  # corrected again: still one example
    utterances = manifest.read_manifest(corrections.manifest_path())
    assert len(utterances) == 1
    utterance = utterances[0]
    assert utterance.text == "Take the levodopa now." and utterance.cohort == "parkinsons"
    assert load_audio(corrections.folder() / "u1.wav").size == 16000
    assert corrections.count() == 1
    corrections.forget("u1")
    assert corrections.count() == 0 and not (corrections.folder() / "u1.wav").exists()
