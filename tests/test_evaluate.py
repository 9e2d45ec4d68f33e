"""Evaluation through the engine's fast path: resumable, fair comparisons, controls, a readable report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import HypernetworkError, OptionError
from engine.hypernetwork import Hypernetwork, identity, save_hypernetwork
from engine.models import model_sha256
from training import evaluate as evaluation
from training.cli import evaluate, train
from training.evaluate import CONTROLS, ENGINE, SHORT_CONTEXT, ZERO_SHOT, apart, choose, in_turn, read_rows, systems_of
from training.manifest import Utterance, read_manifest
from training.report import make_report

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"


def network_file(tiny: Path, path: Path, strength: float) -> Path:
    network = identity("tiny.en", model_sha256(tiny), 384, 1536, 4)
    noise = np.random.default_rng(1).standard_normal(network.tensors["head_b.weight"].shape)
    tensors = network.tensors | {"head_b.weight": (strength * noise).astype(np.float32)}
    save_hypernetwork(Hypernetwork(network.config, tensors), path)
    return path


@pytest.fixture(scope="module")
def out(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three utterances decoded by everything, by the command itself."""
    out = tmp_path_factory.mktemp("evaluation")
    none = network_file(tiny, out / "none.safetensors", 0.0)
    some = network_file(tiny, out / "some.safetensors", 2e-3)
    arguments = ["--manifest", str(DATA), "--model", str(tiny), "--out", str(out), "--limit", "3", "--threads", "1"]
    networks = ["--hypernetwork", f"some={some}", "--hypernetwork", f"none={none}"]
    assert evaluate([*arguments, *networks, "--controls", "--engine"]) == 0
    return out


def texts(out: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in read_rows(out):
        found.setdefault(row["name"], []).append(row["text"])
    return found


def test_every_system_decodes_every_utterance(out: Path) -> None:
    found = texts(out)
    assert set(found) == {ZERO_SHOT, SHORT_CONTEXT, "some", "none", ENGINE, *(f"some, {c}" for c in CONTROLS)}
    assert {len(items) for items in found.values()} == {3}


def test_the_engine_is_told_what_a_person_said_before_in_the_order_in_which_it_was_said(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    through = evaluation._Bench._through_engine

    def watched(self, audio, network, before):  # type: ignore[no-untyped-def]
        told.append(before)
        return through(self, audio, network, before)

    monkeypatch.setattr(evaluation._Bench, "_through_engine", watched)
    first = read_manifest(DATA)[0]
    lines = []
    for name, speaker in (("talk10", "one"), ("talk9", "one"), ("other1", "two")):
        (tmp_path / f"{name}.flac").write_bytes(first.audio.read_bytes())
        lines.append({"audio": f"{name}.flac", "text": first.text, "speaker": speaker, "cohort": "typical"})
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [one.audio.stem for one in in_turn(read_manifest(manifest))] == ["talk9", "talk10", "other1"]
    some = network_file(tiny, tmp_path / "some.safetensors", 2e-3)
    arguments = ["--manifest", str(manifest), "--model", str(tiny), "--out", str(tmp_path), "--threads", "1"]
    assert evaluate([*arguments, "--hypernetwork", str(some), "--engine"]) == 0
    said = next(row["text"] for row in read_rows(tmp_path) if row["name"] == ENGINE)
    assert said and told == ["", said, ""]


def test_an_untrained_hypernetwork_writes_what_whisper_writes(out: Path) -> None:
    found = texts(out)
    assert found["none"] == found[SHORT_CONTEXT]
    assert found["some"] != found[SHORT_CONTEXT]


def test_controls_get_another_voice(out: Path) -> None:
    own = {row["key"]: row["distance"] for row in read_rows(out) if row["name"] == "some"}
    noise = {row["key"]: row["distance"] for row in read_rows(out) if row["name"] == "some, noise"}
    assert own.keys() == noise.keys()
    scores = {
        name: [r["avg_logprob"] for r in read_rows(out) if r["name"] == name] for name in texts(out) if name != ENGINE
    }
    assert scores["some"] != scores["some, noise"]


def test_nothing_is_decoded_twice(out: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "_Bench", None)  # any decoding would fail
    chosen = choose(read_manifest(DATA), 3)
    systems = systems_of({"none": out / "none.safetensors"})
    assert list(evaluation.evaluate(chosen, systems, tiny, out)) == [(9, 9)]


def test_the_report_has_intervals_and_agrees_with_its_json(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    assert report["baseline"] == ZERO_SHOT
    value, low, high = report["systems"]["some"]["wer"]
    assert low <= value <= high
    text = (out / "report.md").read_text()
    assert f"{100 * value:.1f} %" in text
    for heading in ("All utterances", "By cohort: WER", "Against zero-shot 30 s", "The engine's weighing"):
        assert f"## {heading}" in text
    assert (out / "wer.png").stat().st_size > 5000
    same = report["systems"]["none"]["wer"]
    assert same == report["systems"][SHORT_CONTEXT]["wer"]


def test_new_weights_under_an_old_name_replace_its_texts(out: Path) -> None:
    row = next(row for row in read_rows(out) if row["name"] == "none")
    chosen = [u for u in choose(read_manifest(DATA), 3) if evaluation.utterance_key(u) == row["key"]]
    with (out / "hypotheses.jsonl").open("a") as file:
        file.write(json.dumps(row | {"system": "none#other", "text": "quite another text"}) + "\n")
    assert make_report(chosen, out).rows["none"][0]["text"] == "quite another text"


def test_people_are_heard_in_turn() -> None:
    one = Utterance(Path("a.wav"), "hello", "anna", "typical", split="test")
    many = [replace(one, text=f"hello {n}", speaker=name) for name in ("anna", "ben") for n in range(5)]
    assert {u.speaker for u in choose(many, 2, "test")} == {"anna", "ben"}
    with pytest.raises(OptionError, match="no utterances"):
        choose(many, None, "dev")


def test_texts_that_training_has_nearly_heard_are_left_out() -> None:
    def said(text: str, split: str) -> Utterance:
        return replace(read_manifest(DATA)[0], text=text, split=split)

    trained = [said("Please bring the blue book to me.", "train"), said("The soup is on the table.", "test")]
    asked = ["Who will bring the blue book to us?", "Bring the blue book, please.", "The soup is on the table."]
    assert [one.text for one in apart([said(text, "test") for text in asked], trained)] == asked[1:]


def test_a_hypernetwork_of_another_model_is_refused(
    tmp_path: Path, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = identity("base", "0" * 64, 512, 2048, 6)
    save_hypernetwork(network, tmp_path / "base.safetensors")
    arguments = ["--manifest", str(DATA), "--model", str(tiny), "--out", str(tmp_path / "out")]
    assert evaluate([*arguments, "--hypernetwork", str(tmp_path / "base.safetensors")]) == 1
    assert "another model (base)" in capsys.readouterr().err
    systems = systems_of({"x": tmp_path / "base.safetensors"})
    with pytest.raises(HypernetworkError):
        list(evaluation.evaluate(choose(read_manifest(DATA), 1), systems, tiny, tmp_path / "o"))


def test_help_leads_from_a_corpus_to_the_app(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        train(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    steps = [text.index(word) for word in ("train import", "train states", "train fit", "evaluate", "dictates with it")]
    assert steps == sorted(steps)
