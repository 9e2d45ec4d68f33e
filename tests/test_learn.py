"""Learning from corrections: honest about what helps, undoable, and never worse off after bad input."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import learned, paths, practised
from engine.audio import write_wav
from engine.context import computed, load_tail, padded_mel
from engine.ct2 import Ct2Decoder
from engine.errors import Cancelled, ModelError, OptionError, ProfileError, StorageError
from engine.learned import export_learned, forget, import_learned, status, take, undo
from engine.mel import log_mel
from engine.models import model_sha256
from engine.options import EngineOptions, TranscribeOptions
from engine.profile import Residual, load_residual
from engine.transcriber import Transcriber, load_decoder
from tests.speech import say
from training import whisper
from training.learning import curves, fitting, start, trial
from training.learning.command import main
from training.learning.corrections import folds_of, read_corrections, usable
from training.learning.fitting import adapted, first_lora, fit, heldout_loss, named
from training.learning.judging import judge
from training.learning.options import LearnError, LearnOptions
from training.learning.trial import learn, verdict
from training.learning.views import Example, Listener, language_of, stacked
from training.manifest import read_manifest, write_manifest

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"
QUICK = LearnOptions(epochs=1, views=1, folds=2, lr=2.5e-4)


@pytest.fixture
def short_typical(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two recordings of typical speech are enough to see the path."""
    held, judged = (clips[:2] for clips in trial.typical_speech())
    monkeypatch.setattr(trial, "typical_speech", lambda: (held, judged))


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "someone"
    folder.mkdir()
    yield folder


def residual(value: float, base: str = "x") -> Residual:
    facts: dict[str, object] = {"utterances": 12, "before": 0.3, "after": 0.2, "model": "base"}
    return Residual(base, {"w": (np.full((3, 1), value, np.float32), np.ones((1, 3), np.float32))}, facts)


def value_in(folder: Path) -> float | None:
    found = load_residual(folder, "x")
    return None if found is None else float(found.pairs["w"][0][0, 0])


# -- the fit ------------------------------------------------------------------------


def test_the_merged_residual_is_what_was_trained(tiny: Path) -> None:
    model = whisper.load(tiny, dtype=torch.float32)
    random = torch.Generator().manual_seed(0)
    lora = {}
    for layer in range(model.encoder_layers):
        for target in ("fc1", "fc2", "self_attn.q_proj", "self_attn.v_proj", "self_attn.out_proj"):
            d_out, d_in = model.weights[f"encoder.layers.{layer}.{target}.weight"].shape
            a, b = torch.randn(4, d_in, generator=random), torch.randn(d_out, 4, generator=random)
            lora[f"encoder.layers.{layer}.{target}"] = (a / d_in**0.5, b * 0.01)
    decoder = Ct2Decoder(tiny, "float32", "cpu", merged=Residual("", named(model, lora)).deltas())
    plain = Ct2Decoder(tiny, "float32", "cpu")
    mel = padded_mel(log_mel(np.random.default_rng(0).normal(0, 0.05, 32000).astype(np.float32)), 200)
    with torch.no_grad():
        expected = whisper.encode(model, torch.from_numpy(mel)[None], lora)[0].numpy()
    assert np.abs(decoder.encode(mel) - expected).max() < 2e-2
    assert np.abs(plain.encode(mel) - expected).max() > 0.1
    assert load_tail(plain, tiny).shape[0] == 1500


def test_the_fit_hears_what_dictation_with_it_will_hear(tiny: Path) -> None:
    """Short clips in the whole 30 s, longer ones in a short context."""
    listener = Listener(tiny, None, LearnOptions())
    generator = torch.Generator().manual_seed(0)
    lora = {
        name: (a.detach(), 0.02 * torch.randn(b.shape, generator=generator))
        for name, (a, b) in first_lora(listener.whisper, listener.options).items()
    }
    decoder = load_decoder(EngineOptions(device="cpu"), tiny, Residual("", named(listener.whisper, lora)).deltas())
    spoken = say("The meeting is on Friday at three in the afternoon.")
    for audio in (spoken, np.concatenate([spoken, spoken])):
        x, lengths = stacked(listener._starts([listener._heard(audio, 0, 0)]))
        with torch.no_grad():
            found = whisper.encode_end(listener.whisper, listener.encoded(x, lengths, lora, 0))[0].numpy()
        heard = computed(decoder, log_mel(audio), audio.size)[: len(found)]
        assert np.linalg.norm(found - heard) / np.linalg.norm(heard) < 0.07  # int8 where it is long


def test_the_fit_goes_downhill_and_leaves_typical_speech_nearly_alone(tiny: Path) -> None:
    listener = Listener(tiny, None, replace(QUICK, epochs=3, lr=5e-4))
    corrections = read_corrections(DATA)[0][:8]
    own, typical = listener.examples(corrections, True), listener.examples(trial.typical_speech()[0][:2], False)
    lora = fit(listener, own, typical)
    before, after = (heldout_loss(listener, own, change) for change in ({}, lora))
    assert after < 0.97 * before
    assert heldout_loss(listener, typical, lora) < heldout_loss(listener, typical, {}) + 0.1
    # Neighbours of other lengths in the batch, and its parts, change nothing.
    alone = [heldout_loss(listener, [example], lora) * (len(example.tokens) - len(listener.prompt)) for example in own]
    words = sum(len(example.tokens) - len(listener.prompt) for example in own)
    assert sum(alone) / words == pytest.approx(after, rel=0.02)


def test_a_fit_goes_on_from_what_simulated_people_had_in_common(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practised, "assets_dir", lambda: tmp_path)
    listener = Listener(tiny, None, QUICK)
    assert start.shipped_start(model_sha256(tiny), listener.whisper) == {}
    path, manifest = tmp_path / "residual-tiny.en.safetensors", tmp_path / "manifest.jsonl"
    write_manifest(manifest, [replace(utterance, split="train") for utterance in read_manifest(DATA)[:8]])
    asked = ["--manifest", str(manifest), "--model", "tiny.en", "--hypernetwork", "none"]
    assert start.main([*asked, "--out", str(path)]) == 0
    made = start.shipped_start(model_sha256(tiny), listener.whisper)
    assert set(made) == set(adapted(listener.whisper, QUICK)) and all(b.any() for _, b in made.values())

    begun = fit(listener, [], [], start=made)  # with nothing to learn from it stays there
    assert all(torch.equal(part, made[name][n]) for name, pair in begun.items() for n, part in enumerate(pair))
    listener.options = replace(QUICK, start=0.0)
    assert not any(b.any() for _, b in fit(listener, [], [], start=made).values())

    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match="is damaged: install Idiolect again"):
        start.shipped_start(model_sha256(tiny), listener.whisper)


def test_the_mean_of_two_practised_encoders_changes_the_weights_by_the_mean_of_their_changes(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = []
    for number, file in ((0, "one.safetensors"), (4, "other.safetensors")):
        manifest, chosen = tmp_path / "manifest.jsonl", tmp_path / "chosen.json"
        people = [replace(utterance, split="train") for utterance in read_manifest(DATA)[:8]]
        write_manifest(manifest, people)
        chosen.write_text(json.dumps({one.speaker: one.audio.stem for one in people[number : number + 4]}))
        asked = ["--manifest", str(manifest), "--chosen", str(chosen), "--model", "tiny.en", "--hypernetwork", "none"]
        assert start.main([*asked, "--out", str(tmp_path / file)]) == 0
        made.append(load_residual(tmp_path, model_sha256(tiny), file))
    both = [str(tmp_path / "one.safetensors"), str(tmp_path / "other.safetensors")]
    assert start.main(["--mean", *both, "--out", str(tmp_path / "mean.safetensors")]) == 0
    mean = load_residual(tmp_path, model_sha256(tiny), "mean.safetensors")
    assert mean is not None and made[0] is not None and made[1] is not None
    assert [facts["utterances"] for facts in mean.facts["mean_of"]] == [4, 4]  # type: ignore[attr-defined]
    one, other, between = (residual.deltas() for residual in (made[0], made[1], mean))
    for name, change in between.items():
        assert np.abs(change - (one[name] + other[name]) / 2).max() < 1e-3 * np.abs(change).max() + 1e-6
        assert np.abs(one[name] - other[name]).max() > 0

    assert start.main(["--mean", both[0], str(tmp_path / "none.safetensors"), "--out", str(tmp_path / "x")]) == 1
    assert "check the path" in capsys.readouterr().err


def test_the_start_that_ships_is_of_the_model_that_ships(base: Path) -> None:
    model = whisper.load(base)
    found = start.shipped_start(model_sha256(base), model)
    assert set(found) == set(adapted(model, LearnOptions()))
    for name, (a, b) in found.items():
        assert (b.shape[0], a.shape[1]) == model.weights[f"{name}.weight"].shape and a.shape[0] == b.shape[1]


def test_learning_needs_torch_alone_of_the_training_extra() -> None:
    others = ("transformers", "accelerate", "jiwer", "matplotlib", "scipy", "whisper_normalizer", "soundfile")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({others!r}))\n"
        "import training.learning.command, training.learning.fitting, training.learning.judging, training.cli"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


# -- a run ---------------------------------------------------------------------------


@pytest.mark.usefixtures("short_typical")
def test_a_person_learns_or_is_told_why_not(tiny: Path, profile: Path) -> None:
    sha256, seen = model_sha256(tiny), []
    result = learn(profile, tiny, sha256, DATA, "none", QUICK, lambda share, what: seen.append(share))
    assert seen == sorted(seen) and seen[-1] == 1.0
    assert result.utterances == len(read_manifest(DATA))
    found = learned.described(profile, sha256)
    assert (found is not None) == result.taken == (result.reason == trial.BETTER)
    assert ("Learned from" in result.sentence) == result.taken
    if found:
        assert (found.utterances, found.after) == (result.utterances, result.after) and found.when
    assert not status(profile).unfinished
    # Where nothing is ever good enough, what was there stays.
    before = {path.name: path.read_bytes() for path in profile.iterdir() if path.is_file()}
    assert not learn(profile, tiny, sha256, DATA, "none", replace(QUICK, worth=2.0)).taken
    assert before == {path.name: path.read_bytes() for path in profile.iterdir() if path.is_file()}


@pytest.mark.usefixtures("short_typical")
def test_parts_of_the_corrections_are_judged_and_all_of_them_kept(
    tiny: Path, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    def counted(listener: Listener, examples: Sequence[Example], *rest: object, **more: object) -> object:
        heard.append(len(examples))
        return fit(listener, examples, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(fitting, "fit", counted)
    few = profile / "m.jsonl"
    write_manifest(few, read_manifest(DATA)[:9])
    glad = replace(QUICK, worth=-10.0, typical=1.0)
    assert learn(profile, tiny, model_sha256(tiny), few, "none", glad).taken
    assert heard == [4, 5, 9]
    kept = load_residual(profile, model_sha256(tiny))
    assert kept is not None and {a.shape[0] for _, a in kept.pairs.values()} == {QUICK.rank, 2 * QUICK.rank}  # q and v


def test_it_is_taken_only_if_it_helps_and_harms_nobody() -> None:
    assert verdict(0.30, 0.20, 0.02, 0.02, QUICK) == trial.BETTER
    assert verdict(0.30, 0.298, 0.02, 0.02, QUICK) == trial.NO_GAIN
    assert verdict(0.0, 0.0, 0.02, 0.02, QUICK) == trial.NO_GAIN
    assert verdict(0.30, 0.20, 0.02, 0.05, QUICK) == trial.HARMFUL


def test_many_corrections_are_dealt_into_two_parts_few_into_three() -> None:
    assert [LearnOptions().parts(count) for count in (8, 32, 33, 100)] == [3, 3, 2, 2]
    assert LearnOptions(folds=5).parts(50) == 5


def test_every_correction_is_judged_once() -> None:
    parts = folds_of(50, 3, 1)
    assert sorted(n for part in parts for n in part) == list(range(50))
    assert parts == folds_of(50, 3, 1) and {len(part) for part in parts} == {16, 17}


def test_corrections_are_judged_as_dictation_writes_them(base: Path) -> None:
    """With the hypernetwork, second hearings and what was dictated before, and with what is to be judged."""
    corrections = read_corrections(DATA)[0][:3]
    engine = Transcriber(EngineOptions(str(base), "cpu"))
    told, texts = ["The cat sat on the mat.", "", "It was late."], []
    for correction, before in zip(corrections, told, strict=True):
        texts.append(engine.transcribe(correction.audio, TranscribeOptions(before=before)).text)
    judged, plain = judge(EngineOptions(str(base), "cpu"), None, corrections, told)
    assert list(judged.texts) == texts and plain.texts == ("", "", "")
    wild = {"decoder/layer_0/ffn/linear_0/weight": np.full((2048, 1), 1, np.float32)}
    pairs = {name: (b, np.ones((1, 512), np.float32)) for name, b in wild.items()}
    assert judge(EngineOptions(str(base), "cpu"), pairs, corrections, told)[0].texts != judged.texts


def test_typical_speech_is_judged_on_people_that_the_fit_has_not_heard() -> None:
    held, judged = trial.typical_speech()
    assert len(held) >= 5 and len(judged) >= 5
    assert not {correction.text for correction in held} & {correction.text for correction in judged}


@pytest.mark.usefixtures("short_typical")
def test_a_cancelled_run_leaves_the_profile_alone(tiny: Path, profile: Path) -> None:
    take(profile, residual(1.0))
    with pytest.raises(Cancelled, match="stopped. Start it again to go on"):
        learn(profile, tiny, model_sha256(tiny), DATA, "none", QUICK, cancelled=lambda: True)
    assert value_in(profile) == 1.0


def test_a_killed_run_goes_on_where_it_was_and_steps_back_for_others(tiny: Path, profile: Path) -> None:
    few = profile / "corrections" / "manifest.jsonl"
    write_manifest(few, read_manifest(DATA)[:8])
    take(profile, residual(1.0))
    arguments = [str(profile), "--json", "--model", str(tiny), "--hypernetwork", "none", "--threads", "1"]
    quick = ["--epochs", "1", "--folds", "2"]
    command = [sys.executable, "-m", "engine.cli", "learn", *arguments, *quick]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            while process.poll() is None and not (profile / "learning" / "fold-0.safetensors").exists():
                if hasattr(os, "getpriority") and process.stdout.readline():
                    assert os.getpriority(os.PRIO_PROCESS, process.pid) >= 10
        finally:
            process.kill()
    assert value_in(profile) == 1.0 and status(profile).unfinished
    kept = (profile / "learning" / "fold-0.safetensors").stat().st_mtime_ns
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    *progress, last = map(json.loads, done.stdout.splitlines())
    assert kept and last["event"] == "result"
    # The first fold is not fitted again: both are tried out, and the second begins behind a third of the work.
    assert sum(line["text"].startswith("Trying it out on corrections") for line in progress) == 2
    assert min(line["share"] for line in progress if line["text"] == "Learning") > 0.35
    assert not status(profile).unfinished


@pytest.mark.usefixtures("short_typical")
def test_a_full_disk_is_one_sentence_and_the_old_residual_stays(
    tiny: Path, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(profile, residual(1.0))
    real = os.replace

    def full(source: str, target: Path) -> None:
        if Path(target).name == "fold-0.safetensors":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(paths.os, "replace", full)
    with pytest.raises(StorageError, match="disk is full.*free some space and try again"):
        learn(profile, tiny, model_sha256(tiny), DATA, "none", QUICK)
    assert value_in(profile) == 1.0
    assert not list((profile / "learning").glob("*fold-0*"))  # nothing half written


def test_a_power_cut_between_two_files_loses_nothing(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take(profile, residual(1.0))
    monkeypatch.setattr(learned, "save_residual", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        take(profile, residual(2.0))
    assert value_in(profile) == 1.0


# -- bad input -----------------------------------------------------------------------


def test_no_corrections_are_one_sentence(tiny: Path, profile: Path) -> None:
    with pytest.raises(LearnError, match="no corrections to learn from yet: correct some"):
        learn(profile, tiny, "x", profile / "corrections" / "manifest.jsonl", "none")
    write_manifest(profile / "m.jsonl", [])
    with pytest.raises(LearnError, match="There are no corrections to learn from, and at least 8"):
        learn(profile, tiny, "x", profile / "m.jsonl", "none")


def test_too_few_corrections_are_refused_with_the_reasons(tiny: Path, profile: Path) -> None:
    items = read_manifest(DATA)[:3]
    write_wav(profile / "silence.wav", np.zeros(32000, np.float32))
    broken = [
        replace(items[0], audio=profile / "gone.wav"),
        replace(items[1], text="...", audio=items[2].audio.with_name("other.wav")),
        replace(items[1], audio=profile / "silence.wav"),
    ]
    write_manifest(profile / "m.jsonl", [*items, *broken])
    text = (profile / "m.jsonl").read_text()
    (profile / "m.jsonl").write_text(text + '{"audio": "x.wav", "text": 3}\nnot JSON\n')
    with pytest.raises(LearnError, match="3 corrections to learn from, and at least 8") as raised:
        learn(profile, tiny, "x", profile / "m.jsonl", "none")
    reasons = ("1 left out: the recording is gone", "1 left out: the text is empty", "is silent", "2 left out: the")
    for reason in reasons:
        assert reason in str(raised.value)


def test_the_last_of_contradictory_corrections_counts(tmp_path: Path) -> None:
    items = read_manifest(DATA)[:2]
    copy = tmp_path / f"copy{items[1].audio.suffix}"
    copy.write_bytes(items[1].audio.read_bytes())
    later = [replace(items[0], text="Something else."), replace(items[1], text="A copy.", audio=copy)]
    kept, left = usable([*items, *later])
    assert sorted(correction.text for correction in kept) == ["A copy.", "Something else."] and not left


def test_what_was_learned_for_another_model_or_is_damaged_is_one_sentence(profile: Path) -> None:
    take(profile, residual(1.0, base="y"))
    with pytest.raises(ProfileError, match="belongs to another model: choose that model, or learn again"):
        load_residual(profile, "x")
    assert "another model" in status(profile, "x").problem and status(profile, "x").can_undo
    (profile / "residual.safetensors").write_bytes(b"damaged")
    assert "is damaged" in status(profile).problem
    take(profile, residual(2.0))  # learning again puts it right, and nobody gets the damaged one back
    assert value_in(profile) == 2.0 and undo(profile) and value_in(profile) is None


# -- undo, delete, export, import ------------------------------------------------------


def test_undo_and_forget(profile: Path) -> None:
    assert not undo(profile)
    take(profile, residual(1.0))
    take(profile, residual(2.0))
    assert undo(profile) and value_in(profile) == 1.0
    assert undo(profile) and value_in(profile) is None and not undo(profile)
    take(profile, residual(3.0))
    (profile / "learning").mkdir()
    (profile / "learning" / "stages.json").write_text("{}")
    forget(profile)
    assert value_in(profile) is None and not list(profile.glob("**/*.safetensors")) and not status(profile).unfinished


def test_export_and_import(profile: Path, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="Nothing has been learned in someone yet"):
        export_learned(profile, tmp_path / "out")
    take(profile, residual(2.0))
    file = export_learned(profile, tmp_path / "out")
    assert file.name == "out.safetensors"
    other = tmp_path / "other"
    take(other, residual(1.0))
    assert import_learned(other, file, "x").utterances == 12 and value_in(other) == 2.0
    assert undo(other) and value_in(other) == 1.0
    with pytest.raises(ProfileError, match="belongs to another model"):
        import_learned(other, file, "z")
    with pytest.raises(ProfileError, match="There is no file"):
        import_learned(other, tmp_path / "none", "x")
    file.write_bytes(b"damaged")
    with pytest.raises(ProfileError, match="is damaged"):
        import_learned(other, file, "x")
    assert value_in(other) == 1.0


# -- the command ---------------------------------------------------------------------


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("short_typical")
def test_the_command_tells_programs_what_it_does(tiny: Path, profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = profile / "corrections" / "manifest.jsonl"
    write_manifest(few, read_manifest(DATA)[:8])
    quick = ["--epochs", "1", "--folds", "2", "--threads", "1", "--language", "auto"]
    assert main([str(profile), "--json", "--model", str(tiny), "--hypernetwork", "none", *quick]) == 0
    *progress, last = lines_of(capsys)
    assert {line["event"] for line in progress} == {"progress"} and last["event"] == "result"
    shares = [float(str(line["share"])) for line in progress]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert last["utterances"] == 8 and last["taken"] == (last["reason"] == "better") and last["sentence"]
    assert main([str(profile), "--status", "--json"]) == 0
    assert lines_of(capsys)[0]["corrections"] == 8


def test_without_a_language_it_is_the_one_that_most_corrections_are_spoken_in(base: Path) -> None:
    assert language_of(base, read_corrections(DATA)[0][:3]) == "en"
    german = say("Guten Morgen, ich möchte bitte einen Kaffee und ein Stück Kuchen.", voice="de")
    spoken = replace(read_corrections(DATA)[0][0], audio=german)
    assert language_of(base, [spoken, spoken, read_corrections(DATA)[0][0]]) == "de"


def test_the_command_says_in_one_line_what_is_wrong(
    tiny: Path, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(profile), "--json", "--model", str(tiny)]) == 1
    [line] = lines_of(capsys)
    assert line["event"] == "error" and "no corrections" in str(line["sentence"]) and line["missing"] is None
    assert main(["nobody", "--undo"]) == 1
    assert "no profile 'nobody'" in capsys.readouterr().err
    assert main([str(profile), "--undo"]) == 0
    assert "nothing to take back" in capsys.readouterr().out


def test_without_torch_the_missing_part_is_named(
    tiny: Path, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "training.learning.fitting", None)
    found = main([str(profile), "--json", "--manifest", str(DATA), "--model", str(tiny), "--hypernetwork", "none"])
    assert found == 1
    last = lines_of(capsys)[-1]
    assert last["missing"] == "training" and "idiolect[training]" in str(last["sentence"])


def test_it_stops_when_the_program_that_asked_is_gone(tiny: Path, profile: Path) -> None:
    arguments = [str(profile), "--json", "--stdin", "--manifest", str(DATA), "--model", str(tiny)]
    code = f"import sys; from training.learning.command import main; sys.exit(main({arguments!r}))"
    done = subprocess.run([sys.executable, "-c", code], input="stop\n", capture_output=True, text=True, timeout=300)
    assert done.returncode == 130, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last == {"event": "stopped", "sentence": "Learning was stopped. Start it again to go on."}
    assert not (profile / "residual.safetensors").exists()


# -- the figures -----------------------------------------------------------------------


def figures(person: str, errors: list[float], **more: object) -> dict[str, object]:
    options = json.loads(json.dumps(asdict(LearnOptions())))
    return {
        "person": person, "network": True, "words": [10.0] * len(errors), "errors": errors, "clipped": errors,
        "loops": [0.0] * len(errors), "typical": [1.0, 50.0], "variant": "encoder", "options": options,
        "fitting": 60.0, **more,
    }  # fmt: skip


def test_learning_curves_compare_the_same_utterances_before_and_after() -> None:
    rows = [
        figures("a", [4, 2, 6, 0], kind="before", part=[0, 1, 2, 3], plain=[6, 2, 6, 0]),
        figures("b", [5, 5, 5, 5], kind="before", part=[0, 1, 2, 3], plain=[5, 5, 3, 5]),
        figures("a", [1, 3], kind="curve", size=2, part=[0, 2]),
        figures("b", [5, 1], kind="curve", size=2, part=[0, 2]),
        figures("a", [0], kind="cross", folds=2, fold=0, part=[1]),
        figures("a", [4, 2], kind="before", part=[0, 1], network=False, plain=[6, 2]),
        figures("a", [3, 1], kind="curve", size=2, part=[0, 1], network=False),
    ]
    table = curves.report(rows).splitlines()
    other, curve = [line for line in table if "2 utterances" in line]
    assert other.startswith("| encoder, no hypernetwork |")
    assert "| 1 | 2 | 30.0 % | 20.0 % | 33 % (" in other and "| 40.0 %, 50 % (" in other  # of plain Whisper's 6 + 2
    assert "| 2 | 4 | 50.0 % | 25.0 % | 50 % (" in curve  # 4 + 6 + 5 + 5 wrong words of 40, then 1 + 3 + 5 + 1
    assert "| 50.0 %, 50 % (" in curve  # of plain Whisper's 6 + 6 + 5 + 3
    assert "| default |" in curve and curve.endswith("| 0, 0 | 2.0, 2.0 % | 60 |")
    assert all("(incomplete)" in line for line in table if "cross-validated" in line)


def test_figures_survive_a_torn_line_and_are_found_by_their_settings(tmp_path: Path) -> None:
    results = curves.Results(tmp_path)
    row = results.keep(figures("a", [1.0], kind="curve", size=5))
    with (tmp_path / curves.RESULTS).open("a") as file:
        file.write('{"person": "b", ')
    again = curves.Results(tmp_path)
    assert again.rows == [row]
    assert again.get(person="a", size=5, options=row["options"]) == row
    other = curves.changed(LearnOptions(), ["lr=3e-4", "targets=encoder.w1,encoder.o", "rank=8"])
    assert (other.lr, other.targets, other.rank) == (3e-4, ("encoder.w1", "encoder.o"), 8)
    assert again.get(person="a", size=5, options={**asdict(other), "targets": list(other.targets)}) is None
    with pytest.raises(OptionError, match="no option 'speeed': choose one of targets"):
        curves.changed(LearnOptions(), ["speeed=2"])


def test_where_only_the_decoder_learns_the_encoder_is_computed_once(tiny: Path) -> None:
    model = whisper.load(tiny)
    for variant, halves in (("encoder", {"encoder"}), ("decoder", {"decoder"}), ("both", {"encoder", "decoder"})):
        options = curves.of_variant(variant, LearnOptions(), tiny)
        assert {name.split(".")[0] for name in adapted(model, options)} == halves
        assert (options.first_layer == model.encoder_layers) == (variant == "decoder")
