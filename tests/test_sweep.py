"""Comparisons: one command fits, decodes and tabulates; merged weights are what was trained; nothing is done twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine.audio import load_audio
from engine.context import encode, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.decoder import DecodeOptions
from engine.mel import log_mel
from engine.tokens import WhisperTokenizer
from training import compare, sweep, whisper
from training.adapters import Full, StaticLora, deltas, parameters_per_utterance
from training.batches import held_out
from training.cli import evaluate, train
from training.finished import BEST, voice_deltas
from training.fit import fit
from training.manifest import Utterance, read_manifest, write_manifest
from training.recipe import Recipe
from training.states import States, make_states
from training.sweep import PLANS, Run, SweepOptions, load_data
from training.voicespace import voice_directions

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"


@pytest.fixture(scope="module")
def options(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> SweepOptions:
    """A dozen recordings dealt to training, development and test, with their states."""
    folder = tmp_path_factory.mktemp("sweep")
    utterances = read_manifest(DATA)
    dealt = [
        replace(u, split=split, speaker=f"{split}-{n // 2 % 2}", voice=None, cohort="typical" if n == 8 else u.cohort)
        for n, (u, split) in enumerate(zip(utterances, ["train", "dev"] * 4 + ["test"] * 4, strict=True))
    ]
    write_manifest(folder / "manifest.jsonl", dealt)
    for _ in make_states(read_manifest(folder / "manifest.jsonl"), folder / "states", tiny, "tiny.en"):
        pass
    return SweepOptions(folder / "manifest.jsonl", folder / "states", folder / "out", str(tiny), test=4, beam=1)


def test_the_main_table_comes_from_one_command(options: SweepOptions, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--manifest", str(options.manifest), "--states", str(options.states), "--out", str(options.out)]
    assert train(["sweep", "main", *arguments, "--model", options.model, "--test", "4", "--beam", "1"]) == 0
    text = capsys.readouterr().out
    for system in ("zero-shot 30 s", "hypernetwork, linear", "global LoRA", "cohort LoRA", "individual LoRA"):
        assert f"| {system} |" in text
    assert "## From cohort to cohort" in text and "## Known and new people: WER" in text
    report = json.loads((options.out / "main" / "report.json").read_text())
    low, high = report["systems"]["full fine-tuning"]["wer"][1:]
    assert low <= report["systems"]["full fine-tuning"]["wer"][0] <= high


def test_nothing_is_fitted_or_decoded_twice(options: SweepOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "fit", None)
    monkeypatch.setattr("training.evaluate._Bench", None)
    monkeypatch.setattr("training.individual._fit", None)
    assert compare.run_main(options, tell=lambda text: None).exists()


def test_a_sweep_keeps_its_utterances_while_the_corpus_grows(options: SweepOptions) -> None:
    before, _ = load_data(options)
    new = Utterance(DATA.parent / "x.flac", "quite new", "zoe", "typical", 0.0, "test")
    more = [*read_manifest(options.manifest), new]
    write_manifest(options.manifest, more)
    after, _ = load_data(options)
    assert [item.row.key for item in before.test] == [item.row.key for item in after.test]


def test_a_plan_compares_budgets(options: SweepOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    lora = Recipe(method="lora", epochs=1)
    runs = [Run("encoder q", replace(lora, targets=("encoder.q",))), Run("cores", replace(lora, cores=True, rank=3))]
    monkeypatch.setitem(PLANS, "budgets", lambda options: runs)
    table = compare.run_plan("budgets", options, tell=lambda text: None).read_text()
    assert "| encoder q | 0.033 % |" in table and "| cores | 0.000095 % |" in table


def test_a_hypernetwork_may_write_the_encoder_too(
    options: SweepOptions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = [run for run in PLANS["halves"](options) if run.name == "both, hypernetwork"]
    monkeypatch.setitem(PLANS, "budgets", lambda options: wanted)
    table = compare.run_plan("budgets", options, tell=lambda text: None).read_text()
    assert "| both, hypernetwork | 0.081 % |" in table
    rows = json.loads((options.out / "budgets.json").read_text())["systems"]
    assert rows["both, hypernetwork"]["utterances"] == rows["zero-shot short"]["utterances"] >= 4
    (run,) = (options.out / "fits").glob("both*hypernetwork-*")
    arguments = ["--manifest", str(options.manifest), "--model", options.model, "--out", str(tmp_path), "--limit", "2"]
    assert evaluate([*arguments, "--beam", "1", "--adaptation", f"written={run}"]) == 0
    assert "| written |" in capsys.readouterr().out


def test_what_is_written_for_the_encoder_is_what_was_trained(options: SweepOptions, tiny: Path, tmp_path: Path) -> None:
    recipe = Recipe(targets=("encoder.w1", "w1"), rank=2, alpha=2.0, epochs=1)
    data, states = load_data(options)
    fit(recipe, states, data.train, data.dev, tiny, tmp_path, quiet=True)
    random = torch.Generator().manual_seed(0)
    with safe_open(tmp_path / BEST, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    tensors["network.weights.static_b"] = 0.02 * torch.randn(
        tensors["network.weights.static_b"].shape, generator=random
    )
    save_file(tensors, tmp_path / BEST)
    embedding = states.embeddings([data.test[0].row])[0]
    changes = voice_deltas(tmp_path, tiny)(embedding)
    mel = padded_mel(log_mel(load_audio(data.test[0].utterance.audio)), 300)
    heard = Ct2Decoder(tiny, "float32", "cpu", 1, merged=changes).encode(mel)
    frozen = whisper.load(tiny, dtype=torch.float32)
    with torch.no_grad():
        weights = {
            name.replace("/layer_", ".layers.").replace("/ffn/linear_0/weight", ".fc1.weight"): torch.from_numpy(value)
            for name, value in changes.items()
        }
        adapted = frozen.replaced({name: frozen.weights[name] + value for name, value in weights.items()})
        expected = whisper.encode(adapted, torch.from_numpy(mel)[None])[0].numpy()
        plain = whisper.encode(frozen, torch.from_numpy(mel)[None])[0].numpy()
    assert np.abs(heard - expected).max() < 1e-3 < np.abs(heard - plain).max()


@pytest.mark.parametrize("targets", [("w2", "q", "cross.v", "encoder.w1", "encoder.k"), ("cross.k",)])
def test_merged_weights_are_those_that_were_trained(targets: tuple[str, ...], tiny: Path) -> None:
    """The engine with the changes merged, in float32, hears and writes what training's forward pass says."""
    frozen = whisper.load(tiny, dtype=torch.float32)
    adapter = StaticLora(frozen, Recipe(method="lora", targets=targets))
    random = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for value in adapter.b.values():
            value.copy_(0.02 * torch.randn(value.shape, generator=random))
    decoder = Ct2Decoder(tiny, "float32", "cpu", 1, merged=deltas(adapter, frozen))
    audio = load_audio(read_manifest(DATA)[0].audio)
    states = encode(decoder, log_mel(audio), audio.size, load_tail(decoder, tiny))
    tokenizer = WhisperTokenizer(tiny)
    prompt = tokenizer.prompt("en")
    best = decoder.decode(states, prompt, DecodeOptions(1, 1, 20), adapted=False).hypotheses[0]
    lora, _ = adapter(torch.zeros(1, 1), torch.ones(1), None)
    with torch.no_grad():
        seen = whisper.cross(frozen, torch.from_numpy(states)[None], lora)
        tokens = torch.tensor([[*prompt, *best.tokens]])
        scores = whisper.logits(frozen, whisper.decode(frozen, tokens, seen, lora))[0, len(prompt) :]
        logs = scores.log_softmax(-1)[:-1] if len(scores) > 1 else scores
        greedy = logs.argmax(-1).tolist()
    agreeing = sum(a == b for a, b in zip(greedy, best.tokens[1:], strict=False))
    assert agreeing >= 0.9 * (len(best.tokens) - 1)


def test_full_fine_tuning_changes_what_it_says(tiny: Path) -> None:
    frozen = whisper.load(tiny, dtype=torch.float32)
    for encoder in (False, True):
        adapter = Full(frozen, encoder)
        assert not deltas(adapter, frozen)
        with torch.no_grad():
            for value in adapter.values.values():
                value.add_(0.01)
        changed = deltas(adapter, frozen)
        assert any(name.startswith("encoder/layer_0/") for name in changed) is encoder
        assert np.allclose(changed["decoder/layer_0/ffn/linear_1/bias"], 0.01, atol=1e-6)
        targets = ("encoder.w1",) if encoder else ("w1",)
        count = parameters_per_utterance(Recipe(method="full", targets=targets), frozen)
        assert count == sum(value.numel() for value in adapter.values.values())


def test_directions_of_voices_tell_people_apart() -> None:
    random = np.random.default_rng(0)
    voices, words = random.standard_normal((2, 40)), random.standard_normal((6, 40))
    people = np.repeat(np.arange(50), 4)
    x = 3 * random.standard_normal((50, 2))[people] @ voices + random.standard_normal((200, 6)) @ words
    x = (x + 0.1 * random.standard_normal(x.shape)).astype(np.float32)
    z = x @ voice_directions(x, people.tolist(), 2).T
    within = np.mean([z[people == p].var(0, ddof=1) for p in range(50)])
    assert within < 0.2 < np.mean([x[people == p].var(0, ddof=1) for p in range(50)]) / x.var(0, ddof=1).mean()
    assert np.allclose(z.var(0, ddof=1), 1, atol=1e-3)


def test_what_is_held_out_depends_on_the_utterance_alone() -> None:
    utterances = [Utterance(Path(f"a/{n}.wav"), f"text {n}", "anna", "typical") for n in range(2000)]
    share = np.mean([held_out(u, 0.05) for u in utterances])
    assert 0.03 < share < 0.07
    assert {u.text for u in utterances if held_out(u, 0.02)} <= {u.text for u in utterances if held_out(u, 0.05)}
    assert not any(held_out(u, 0.0) for u in utterances)


def test_states_and_embeddings_of_every_layer_agree_with_the_engine(options: SweepOptions, tiny: Path) -> None:
    from training.pooling import make_layer_embeddings, read_layer_embeddings

    states = States(options.states)
    items = states.select(read_manifest(options.manifest))[:1]
    assert list(make_layer_embeddings(items, states, tiny)) == [(1, 1)]
    found = read_layer_embeddings(states)[items[0].row.key]
    assert found.shape == (4 * 2 * states.d_model,)
    own = states.embedding(items[0].row)
    assert np.corrcoef(found[-own.size :], own)[0, 1] > 0.99  # bfloat16 against int8
