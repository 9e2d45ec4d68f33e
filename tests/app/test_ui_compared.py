"""What the comparison says in words and pictures, and the word errors behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app import comparison
from app.comparison import Compared, samples, voice_map
from app.ui import compared, plots, report
from engine.hypernetwork import Hypernetwork, identity, save_hypernetwork
from engine.models import model_sha256
from engine.transcript import Adaptation, Segment, Timings, Transcript
from engine.wer import compare, normalise, word_errors

PROMPT = "My sister is bringing soup for lunch."


def result(before: str, after: str, prompt: str = PROMPT, used: float = 0.8) -> Compared:
    adaptation = Adaptation(
        used, layers=(0.02, 0.04) if used else (), embedding=np.ones(1024, np.float32), distance=0.5
    )
    segment = Segment(0, 3, after, -0.2, 0, 1, adaptation, unadapted_text=before)
    transcript = Transcript((segment,), 3.0, "en", "base", "cpu int8", Timings(0.01, 0.1, 0.05, 0.4, 0.6))
    return Compared(Path("a.wav"), prompt, 1.0, transcript)


@pytest.mark.parametrize(
    ("said", "written", "substituted", "missing", "added"),
    [
        ("one two three", "one two three", 0, 0, 0),
        ("one two three", "one three", 0, 1, 0),
        ("one two three", "one two two three", 0, 0, 1),
        ("one two three", "one too three", 1, 0, 0),
        ("", "noise", 0, 0, 1),
        ("one", "", 0, 1, 0),
        ("Don't, Mr. Smith!", "do not mister smith", 0, 0, 0),
        ("Um, I think so.", "I think so", 0, 0, 0),
        ("Café", "cafe", 0, 0, 0),
    ],
)
def test_word_errors_are_counted_as_whisper_counts_them(
    said: str, written: str, substituted: int, missing: int, added: int
) -> None:
    found = word_errors(said, written)
    assert (found.substitutions, found.deletions, found.insertions) == (substituted, missing, added)


def test_word_errors_agree_with_the_full_normaliser_and_jiwer() -> None:
    jiwer = pytest.importorskip("jiwer")
    normaliser = pytest.importorskip("whisper_normalizer.english").EnglishTextNormalizer()
    pairs = [
        (PROMPT, "My tister is, is bringing sue for lunch"),
        ("I can't come; she'll be late, won't she?", "I can not come she will be late, will she"),
        ("Please read the last message to me again.", "Please, please read last message to me"),
    ]
    for said, written in pairs:
        expected = jiwer.wer(normaliser(said), normaliser(written))
        assert word_errors(said, written).rate == pytest.approx(expected)


def test_normalising_leaves_words_only() -> None:
    assert normalise("[laughs] It's 1,000 metres — isn't it?") == ["it", "is", "1000", "metres", "is", "not", "it"]


def test_differences_are_said_in_words_and_marked_by_more_than_colour() -> None:
    steps = compare("My tister is bringing sue, sue for lunch", PROMPT)
    assert compared.changes(steps) == [
        "changed: “tister” became “sister”",
        "taken out: “sue,”",
        "changed: “sue” became “soup”",
    ]
    assert "<s>tister</s>" in compared.marked(steps, "before")
    assert "<u><b>sister</b></u>" in compared.marked(steps, "after")
    assert compared.plain(steps).startswith("My [-tister-]{+sister+} is")


def test_of_equally_short_ways_the_one_that_keeps_most_words_is_shown() -> None:
    steps = compare("He drove the coast on, coast on Sunday", "He drove to the coast on Sunday")
    assert compared.plain(steps) == "He drove {+to+} the [-coast-] [-on,-] coast on Sunday"


def test_texts_with_markup_are_shown_as_they_are() -> None:
    steps = compare("a <b> c", "a <i> c")
    assert "&lt;" in compared.marked(steps, "before")


def test_the_verdict_claims_no_more_than_was_counted() -> None:
    better = compared.verdict(result("My tister is bringing sue for lunch", PROMPT))
    assert "fewer words are wrong: 0 instead of 2" in better
    worse = compared.verdict(result(PROMPT, "My tister is bringing soup for lunch"))
    assert "more words are wrong: 1 instead of 0" in worse
    assert "same number" in compared.verdict(result(PROMPT, PROMPT))
    assert "Write what was meant" in compared.verdict(result("a", "b", prompt=""))


def test_the_explanation_says_what_moved_and_that_nothing_left() -> None:
    text = compared.explanation(result("a", "b"))
    assert "2 decoder layers" in text
    assert "3.0 %" in text
    assert "nothing left it" in text
    assert "not changed" in compared.explanation(result("a", "b", used=0.0))


def test_a_taller_bar_is_a_layer_that_moved_more(qapp) -> None:  # type: ignore[no-untyped-def]
    picture = plots.image(plots.bars((1.0, 4.0), "layer"), 400, 200, 1.0)
    accent = QColor("#0a5c58").rgb()

    def height(x: int) -> int:
        return sum(picture.pixel(x, y) == accent for y in range(picture.height()))

    assert 0 < height(100) < height(300) / 3


def test_the_voice_is_drawn_among_the_cohorts_of_the_training(
    qapp, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    plain = identity("base", model_sha256(base), 512, 2048, 6)
    random = np.random.default_rng(0)
    components = np.zeros((2, 1024), np.float32)
    components[0, 0] = components[1, 1] = 1.0
    tensors = plain.tensors | {
        "map.points": random.standard_normal((40, 2)).astype(np.float32),
        "map.mean": np.zeros(1024, np.float32),
        "map.components": components,
    }
    config = replace(plain.config, training={"map_labels": ["stuttering", "dysarthria"] * 20})
    save_hypernetwork(Hypernetwork(config, tensors), tmp_path / "mine.safetensors")
    monkeypatch.setattr(comparison, "installed_hypernetwork", lambda _base: tmp_path / "mine.safetensors")
    voice_map.cache_clear()
    found = voice_map("base")
    assert found is not None
    assert found.project(np.ones(1024, np.float32)).tolist() == [1.0, 1.0]
    paint = report.place(result("a", "b"))
    assert paint is not None
    picture = plots.image(paint, 400, 300, 1.0)
    colours = {QColor(picture.pixel(x, y)).name() for x in range(0, 400, 2) for y in range(0, 300, 2)}
    assert len(colours) > 5
    html = report.html(result("a", "b"))
    assert html.count("data:image/png;base64,") == 2
    voice_map.cache_clear()


def test_without_a_map_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "installed_hypernetwork", lambda _base: None)
    voice_map.cache_clear()
    assert report.place(result("a", "b")) is None
    voice_map.cache_clear()


def test_every_bundled_sample_is_there_with_its_sentence() -> None:
    found = samples()
    assert {sample.cohort for sample in found} >= {"typical", "stuttering", "dysarthria", "parkinsons"}
    assert all(sample.text and sample.audio.is_file() for sample in found)


def test_a_damaged_sample_list_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text("{ broken")
    assert samples(tmp_path) == []


def test_a_report_on_a_sample_says_that_nobody_said_it(qapp) -> None:  # type: ignore[no-untyped-def]
    own = result("a", "b")
    assert "simulated" not in report.html(own)
    sample = replace(own, audio=samples()[0].audio)
    assert f"{sample.audio.name}, a sample that comes with Idiolect (simulated speech)" in report.html(sample)
