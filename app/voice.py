"""The running mean of a person's voice, for ``idiolect bake`` and for seeing where a voice lies.

Written beside the profile by the engine's own functions, in a thread: the model's name
may have to be computed once. Nothing is kept for those who keep nothing.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import IdiolectError, ProfileError
from engine.models import locate, model_sha256
from engine.paths import set_aside
from engine.profile import VOICE_FILE, Voice, load_voice, save_voice
from engine.transcript import Transcript

_SHORTEST = 1.0  # seconds: less says little about a voice
_LOG = logging.getLogger(__name__)


class VoiceKeeper:
    """Takes what was heard into the profile's voice, one utterance after the other."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="voice")
        self._lock = threading.Lock()
        self._forgotten: dict[Path, int] = {}  # how often whoever had this folder was deleted

    def heard(self, folder: Path, model: str, transcript: Transcript) -> None:
        """Add the utterances of ``transcript`` to the voice in ``folder``; returns at once."""
        embeddings = [
            segment.adaptation.embedding
            for segment in transcript.segments
            if segment.text and segment.end - segment.start >= _SHORTEST and segment.adaptation.embedding is not None
        ]
        if embeddings:
            lives = self._forgotten.get(folder, 0)
            self._worker.submit(
                _add, folder, model, embeddings, lambda: lives == self._forgotten.get(folder, 0), self._lock
            )

    def forget(self, folder: Path) -> None:
        """Whoever has this folder is deleted: what they said is not added to the voice of the next who has it."""
        with self._lock:  # waits for a file of a few kilobytes at most
            self._forgotten[folder] = self._forgotten.get(folder, 0) + 1

    def close(self) -> None:
        self._worker.shutdown(wait=True)


@functools.lru_cache(maxsize=8)
def _base(model: str) -> str:
    return model_sha256(locate(model))


def _add(
    folder: Path, model: str, embeddings: list[NDArray[np.float32]], wanted: Callable[[], bool], lock: threading.Lock
) -> None:
    try:
        base = _base(model)
        try:
            voice = load_voice(folder, base)
        except ProfileError:  # the mean of what comes now will do; the damaged one is not overwritten
            _LOG.warning("%s", set_aside(folder / VOICE_FILE, "voice", "The voice is learnt anew."))
            voice = None
        for embedding in embeddings:
            if voice is None or voice.embedding.shape != embedding.shape:
                voice = Voice(base, 1, np.asarray(embedding, np.float32))
            else:
                voice = voice.heard(embedding)
        with lock:
            if voice is not None and wanted() and folder.is_dir():  # the person may have been deleted meanwhile
                save_voice(folder, voice)
    except IdiolectError as error:  # a convenience: dictation does not depend on it
        _LOG.warning("the voice was not updated: %s", error)
