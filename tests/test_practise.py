"""Training on a lent machine: what is packed is heard there as the engine hears it, and what is fitted comes back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.audio import load_audio
from engine.context import computed
from engine.embedding import speaker_embedding, speech_frames
from engine.hypernetwork import load_hypernetwork
from engine.mel import log_mel
from engine.models import model_sha256
from engine.options import EngineOptions
from engine.profile import load_residual
from engine.transcriber import load_decoder
from training.manifest import read_manifest
from training.practise.__main__ import main
from training.practise.fitting import Model, embedding_of
from training.practise.hearing import Changes, Sounds
from training.practise.packed import read_index

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = Path(__file__).parent / "data" / "simulated" / "manifest.jsonl"
CPU = torch.device("cpu")
FIT = ("--epochs", "6", "--frames", "1400", "--warmup", "2", "--joined", "0", "--lr", "2e-3", "--voices", "0")


@pytest.fixture(scope="module")
def packed(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve recordings of the simulator, the last four of them for judging."""
    folder = tmp_path_factory.mktemp("packed")
    lines = []
    for number, line in enumerate(DATA.read_text(encoding="utf-8").splitlines()):
        one = json.loads(line)
        one |= {"audio": str(DATA.parent / one["audio"]), "split": "train" if number < 8 else "dev"}
        lines.append(json.dumps(one))
    manifest = folder / "manifest.jsonl"
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--manifest", str(manifest), "--model", str(tiny), "--out", str(folder / "packed"), "--processes", "1"]
    for _ in range(2):  # the second time adds nothing
        assert main(["pack", *options]) == 0
    assert main(["unpack", "--packed", str(folder / "packed"), "--processes", "1"]) == 0
    return folder / "packed"


def test_a_packed_recording_is_heard_as_the_engine_hears_it(packed: Path, tiny: Path) -> None:
    assert len(read_index(packed)) == 12
    sounds, model = Sounds(packed, ["train"], CPU), Model(packed, tiny, CPU)
    decoder = load_decoder(EngineOptions(device="cpu"), tiny)
    units = sounds.units("train")
    heard = sounds.hear(units)
    with torch.no_grad():
        states = model.encode(heard, {})
    voices = embedding_of(states, heard.speech)
    originals = [load_audio(one.audio) for one in read_manifest(DATA)]
    for row, unit in enumerate(units):
        audio = sounds.samples[sounds.starts[unit[0]] : sounds.starts[unit[0] + 1]].numpy() / np.float32(32768)
        assert audio.size == originals[row].size
        assert np.corrcoef(audio, originals[row])[0, 1] > 0.95  # Opus
        mel = log_mel(audio, decoder.n_mels)
        columns = min(mel.shape[1], heard.mel.shape[2])
        assert np.abs(heard.mel[row, :, :columns].numpy() - mel[:, :columns]).max() < 1e-3
        expected = speaker_embedding(computed(decoder, mel, audio.size), speech_frames(originals[row]))
        assert np.linalg.norm(expected - voices[row].numpy()) < 0.1 * np.linalg.norm(expected)


def test_changed_copies_say_the_same_in_another_way(packed: Path) -> None:
    sounds, rng = Sounds(packed, ["train"], CPU), np.random.default_rng(1)
    pairs = sounds.joined(sounds.units("train"), Changes(joined=1.0), rng)
    assert all(len(unit) == 3 for unit in pairs)
    assert sounds.tokens(pairs[0]) == sounds.index[0].tokens * 3  # this person has said nothing else
    plain = sounds.hear(pairs)
    changed = sounds.hear(pairs, Changes(noise=1.0, reverb=1.0, tilt=1.0), rng)
    assert torch.isfinite(changed.mel).all()
    shorter = [int(b) for a, b in zip(plain.lengths, changed.lengths, strict=True) if b != a]
    assert shorter  # speeds differ
    again = sounds.hear(pairs)
    assert torch.equal(plain.mel, again.mel)


def test_what_is_fitted_there_is_what_the_engine_loads(packed: Path, tiny: Path, tmp_path: Path) -> None:
    given = ["--packed", str(packed), "--model", str(tiny)]
    encoder, network = tmp_path / "encoder.safetensors", tmp_path / "network.safetensors"
    assert main(["encoder", *given, "--out", str(encoder), "--rank", "4", *FIT]) == 0
    told = json.loads(encoder.with_suffix(".json").read_text())
    losses = [line["ce"] for line in told["facts"]["curve"] if "ce" in line]
    assert told["judged"]["dev/own"]["loss"] < losses[0]
    assert len(told["judged"]["dev/own"]["rows"]) == 4
    assert main(["network", *given, "--encoder", str(encoder), "--out", str(network), "--judge", *FIT]) == 0

    again = tmp_path / "again.safetensors"
    under = ["--hypernetwork", str(network), "--cohort", "stuttering"]
    assert main(["encoder", *given, *under, "--out", str(again), "--judge", *FIT]) == 0
    assert json.loads(again.with_suffix(".json").read_text())["facts"]["utterances"] == 2

    residual, hypernetwork = tmp_path / "residual-x.safetensors", tmp_path / "hypernetwork-x.safetensors"
    for fitted, out in ((encoder, residual), (network, hypernetwork)):
        assert main(["finish", str(fitted), "--packed", str(packed), "--model", str(tiny), "--out", str(out)]) == 0
    practised = load_residual(tmp_path, model_sha256(tiny), residual.name)
    assert practised is not None
    decoder = load_decoder(EngineOptions(device="cpu"), tiny)
    hear = decoder.other_encoder(practised.deltas())
    audio = load_audio(read_manifest(DATA)[0].audio)
    assert hear is not None
    assert np.abs(hear(log_mel(audio), audio.size) - decoder.encode_whole(log_mel(audio), audio.size)).max() > 1e-3
    made = load_hypernetwork(hypernetwork)
    made.check_base(model_sha256(tiny))
    assert made(speaker_embedding(computed(decoder, log_mel(audio), audio.size), speech_frames(audio))).norms().any()


def test_a_file_of_something_else_is_no_result(
    packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"nothing")
    assert main(["finish", str(other), "--packed", str(packed), "--out", str(tmp_path / "out.safetensors")]) == 1
    assert "was not written by" in capsys.readouterr().err
