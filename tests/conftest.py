"""Real models and real decoders, loaded once for the whole run; a home of its own for every run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs
import pytest
from numpy.typing import NDArray

from engine.context import encode, load_tail
from engine.ct2 import Ct2Decoder
from engine.hypernetwork import Hypernetwork, Lora, identity, save_hypernetwork
from engine.mel import log_mel
from engine.models import model_sha256
from engine.options import EngineOptions
from engine.tokens import WhisperTokenizer
from engine.transcriber import Transcriber
from tests.speech import say

if TYPE_CHECKING:
    from engine.torch_decoder import TorchDecoder

Samples = NDArray[np.float32]

INSTALLED = Path(os.environ.get("IDIOLECT_MODELS") or Path(platformdirs.user_cache_dir("idiolect", False)) / "models")
SENTENCES = (
    "Please call my sister and tell her that dinner is ready.",
    "The train to London leaves at nine in the morning.",
    "I would like a cup of tea with milk and two sugars.",
    "We walked along the river until the sun went down.",
    "Can you read me the last message from the doctor?",
    "She bought three red apples and a loaf of bread.",
)


@pytest.fixture(scope="session", autouse=True)
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test writes to the person's own folders."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    patch.setenv("IDIOLECT_HOME", str(home))
    patch.setenv("IDIOLECT_MODELS", str(INSTALLED))
    yield home
    patch.undo()


def installed(name: str) -> Path:
    if not (INSTALLED / name / "idiolect.json").is_file():
        pytest.fail(f"{name} is not in {INSTALLED}: run ./test once, it fetches the models the tests need")
    return INSTALLED / name


@pytest.fixture(scope="session")
def base() -> Path:
    """The real Whisper base."""
    return installed("base")


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """torch with one thread: two that wait for each other by spinning starve beside another test."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny() -> Path:
    """The real Whisper tiny.en."""
    return installed("tiny.en")


@pytest.fixture(scope="session")
def transcriber(base: Path, session_home: Path) -> Transcriber:
    """Whisper base as it is used: the decoder that is best here, int8, the shipped hypernetwork."""
    return Transcriber(EngineOptions(model=str(base)))


@pytest.fixture(scope="session")
def exact(base: Path) -> Ct2Decoder:
    """Whisper base in float32, for comparisons to the last digit."""
    return Ct2Decoder(base, "float32", "cpu")


@pytest.fixture(scope="session")
def torch_decoder(base: Path) -> TorchDecoder:
    """Whisper base in torch, imported only by the tests that ask for it."""
    from engine.torch_decoder import TorchDecoder

    return TorchDecoder(base, "cpu")


@pytest.fixture(scope="session")
def tokenizer(base: Path) -> WhisperTokenizer:
    return WhisperTokenizer(base)


@pytest.fixture(scope="session")
def clips() -> list[Samples]:
    """Six spoken sentences, 16 kHz."""
    return [say(text, pitch=30 + 8 * n) for n, text in enumerate(SENTENCES)]


@pytest.fixture(scope="session")
def states(exact: Ct2Decoder, base: Path, clips: list[Samples]) -> list[Samples]:
    """The encoder states of ``clips``, under the engine's context policy."""
    tail = load_tail(exact, base)
    return [encode(exact, log_mel(clip), clip.size, tail) for clip in clips]


@pytest.fixture(scope="session")
def prompt(tokenizer: WhisperTokenizer) -> list[int]:
    return tokenizer.prompt("en")


@pytest.fixture(scope="session")
def loras(stirring: Hypernetwork, states: list[Samples]) -> list[Lora]:
    """A different LoRA for every clip."""
    return [stirring(np.concatenate([s[:200].mean(0), s[:200].std(0)])).scaled(0.5) for s in states]


def untrained(base: Path, strength: float = 0.0, generator: str = "mlp") -> Hypernetwork:
    """A hypernetwork for Whisper base whose B heads hold noise of size ``strength``; 0: exactly Whisper."""
    network = identity("base", model_sha256(base), 512, 2048, 6, generator)
    noise = np.random.default_rng(1).standard_normal(network.tensors["head_b.weight"].shape)
    tensors = network.tensors | {"head_b.weight": (strength * noise).astype(np.float32)}
    return Hypernetwork(replace(network.config), tensors)


@pytest.fixture(scope="session")
def stirring(base: Path) -> Hypernetwork:
    """Changes the texts a little: enough to tell adapted from plain."""
    return untrained(base, 4e-4)


@pytest.fixture(scope="session")
def ruinous(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a hypernetwork so strong that the decoder babbles."""
    path = tmp_path_factory.mktemp("networks") / "ruinous.safetensors"
    save_hypernetwork(untrained(base, 1e-2), path)
    return path
