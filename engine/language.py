"""How likely a text is by itself: a small language model, to choose among what was heard (``engine.rescoring``).

SmolLM2-135M-Instruct (Allal et al. 2025, arXiv 2502.02737; Apache-2.0), 30 layers, English. It writes nothing: it is
asked how likely the words of a text are after the text before them. It comes out of a Python package of 93 MB, four
bits a weight, and is turned into a graph of eight bits once (``engine.language_files``). Nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.language_files import GRAPH, NAME, TOKENIZER

TEXTS_BEFORE = 8  # of those that were written before, so many are told: more than are looked at
_START = "<|im_start|>"  # stands before a text with nothing before it
_MOST_BEFORE = 400  # characters of the text before that are looked at
_MOST_THREADS = 4


class LanguageModel:
    """A loaded language model.

    Raises:
        ModelError: the folder does not hold one that can be used.
    """

    def __init__(self, directory: Path, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or _MOST_THREADS
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # no two texts have the same shapes
        options.add_session_config_entry("session.force_spinning_stop", "1")
        options.log_severity_level = 3
        try:
            self._tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
            self._start = [int(self._tokenizer.get_vocab()[_START])]
            graph = str(directory / GRAPH)
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise classes of their own that they do not export
            fix = f"run 'idiolect models fetch {NAME}'"
            raise ModelError(f"The language model in {directory} is damaged: {fix}.") from error

    def log_probabilities(self, texts: Sequence[str], before: str = "") -> NDArray[np.float64]:
        """Of each text as what comes after ``before``, whose last sentences are looked at: float64 (n,), in nats.

        What several texts begin with is computed once: the tokens of all are one tree.

        Raises:
            ModelError: there is not enough memory.
        """
        seen = recent(before)
        start = self._ids(seen) if seen else self._start
        tree = _Tree(start)
        paths = [tree.add(self._ids(f" {text}" if seen else text)) for text in texts]
        if not tree.rows:
            return np.zeros(len(paths))
        inputs = {
            "tokens": np.array(tree.tokens, dtype=np.int64),
            "positions": np.array(tree.positions, dtype=np.int64),
            "mask": tree.mask(),
            "rows": np.array(tree.rows, dtype=np.int64),
            "wanted": np.array(tree.tokens[len(start) :], dtype=np.int64),
        }
        try:
            scores = np.asarray(self._session.run(["scores"], inputs)[0], dtype=np.float64)
        except Exception as error:  # the library's own classes; there may be no memory for it
            raise ModelError(f"The language model could not be asked ({error}): it is done without.") from error
        return np.array([scores[path].sum() for path in paths])

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


class _Tree:
    """Tokens of texts that begin alike. Each but those of the start is asked for after its parent (``rows``)."""

    def __init__(self, start: list[int]) -> None:
        self.tokens = list(start)
        self.positions = list(range(len(start)))
        self._parents = list(range(-1, len(start) - 1))
        self._first = len(start)
        self._children: dict[tuple[int, int], int] = {}

    @property
    def rows(self) -> list[int]:
        return self._parents[self._first :]

    def add(self, ids: list[int]) -> list[int]:
        """Places of the tokens of one more text, counted from the start's end."""
        at, path = self._first - 1, []
        for token in ids:
            child = self._children.get((at, token))
            if child is None:
                child = self._children[at, token] = len(self.tokens)
                self.tokens.append(token)
                self.positions.append(self.positions[at] + 1)
                self._parents.append(at)
            at = child
            path.append(child - self._first)
        return path

    def mask(self) -> NDArray[np.float32]:
        """(n, n): every token sees itself and what its parent sees."""
        mask = np.full((len(self.tokens), len(self.tokens)), -1e9, dtype=np.float32)
        for place, parent in enumerate(self._parents):
            if parent >= 0:
                mask[place] = mask[parent]
            mask[place, place] = 0.0
        return mask


def recent(text: str) -> str:
    """The last words of ``text``, as many as are looked at."""
    text = " ".join(text.split())
    return text if len(text) <= _MOST_BEFORE else text[-_MOST_BEFORE:].partition(" ")[2]
