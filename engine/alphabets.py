"""Which of a vocabulary's tokens a language is written with: those of other scripts need not be computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.tokens import WhisperTokenizer

# Languages whose letters, punctuation and signs are all in the blocks below (Unicode 15.0, Blocks.txt).
LATIN = ("en", "de", "es", "fr", "it", "nl", "pt")
_BLOCKS = (range(0x0250), range(0x2000, 0x2C00))  # Basic Latin to Latin Extended-B; punctuation to symbols
_PART = "\ufffd"  # of a character: whose, the token alone does not tell


def latin_tokens(directory: Path, vocabulary: int) -> NDArray[np.bool_]:
    """Of each of the ids (vocabulary,) whether text in Latin script may hold it. Times are not text; what steers
    Whisper is taken to be."""
    tokenizer = WhisperTokenizer(directory)
    found = np.zeros(vocabulary, dtype=np.bool_)
    for token in range(min(vocabulary, tokenizer.special.no_timestamps + 1)):
        text = tokenizer.decode([token])
        found[token] = all(letter == _PART or any(ord(letter) in block for block in _BLOCKS) for letter in text)
    return found
