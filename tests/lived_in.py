"""The folders of somebody who has used Idiolect for a while: every file that a start may read is there."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.history import Entry, History
from app.settings import SettingsStore
from app.spool import Spool
from engine.hypernetwork import install_hypernetwork
from engine.learned import take
from engine.models import model_sha256
from engine.paths import assets_dir, cache_dir, private_dir
from engine.profile import Residual, Voice, save_voice

MODEL = "tiny.en"
D_MODEL, D_FF = 384, 1536


def live_in(model: Path, speech: np.ndarray) -> str:
    """Fill the folders under ``IDIOLECT_HOME``; the id of ``speech`` (int16 (n,), 16 kHz), which waits in the spool."""
    target = link(model, cache_dir() / "models" / MODEL)
    store = SettingsStore()
    store.update(
        model=MODEL, first_start_done=True, keep_corrections=True, history_days=3650, vocabulary=("Featherstonehaugh",),
        window="AdnQywADAAAAAAAAAAAAAAAABJsAAAM1AAAAAAAAAAAAAASbAAADNQAAAAACAAAABQAAAAAAAAAAAAAABJsAAAM1",
    )  # fmt: skip
    store.profiles.rename("me", "Ada")
    store.profiles.create("Bea")
    history = History()
    history.add(Entry("20260101-080000-000000-abcdef", datetime(2026, 1, 1, 8, tzinfo=UTC), "me", "Good morning.", "x"))
    history.close()
    folder = store.profiles.folder("me")
    base = model_sha256(target)
    save_voice(folder, Voice(base, 3, np.ones(2 * D_MODEL, np.float32)))
    pair = (np.zeros((D_FF, 2), np.float32), np.ones((2, D_MODEL), np.float32))
    for _ in range(2):  # the second puts the first beside it
        take(folder, Residual(base, {"encoder/layer_0/ffn/linear_0/weight": pair}, {"utterances": 9}))
    for name, content in (("corrections/manifest.jsonl", _correction()), ("learning/stages.json", {"stages": []})):
        private_dir((folder / name).parent)
        (folder / name).write_text(json.dumps(content) + "\n")
    install_hypernetwork(assets_dir() / f"hypernetwork-{MODEL}.safetensors")
    recording = Spool().begin("me", print)
    recording.append(speech)
    recording.finish()
    return recording.note.id


def link(model: Path, target: Path) -> Path:
    """An installed model once more, not copied where that can be had: replace its files, do not write to them."""
    private_dir(target)
    for path in model.iterdir():
        if path.is_file():
            try:
                os.link(path, target / path.name)
            except OSError:
                shutil.copy2(path, target / path.name)
    return target


def _correction() -> dict[str, object]:
    return {"audio": "20260101-080000-000000-abcdef.wav", "text": "Good morning.", "speaker": "me", "seconds": 1.0}
