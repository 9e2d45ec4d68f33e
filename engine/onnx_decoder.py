"""The fast decoder on a CPU: ONNX Runtime for the text and short clips' encoder, CTranslate2 for longer ones'.

The utterance's LoRA is an input of the graph (``engine.onnx_graph``), so personalizing
costs nothing but two thin products per layer. Word times come from CTranslate2's alignment.

Whisper's decoder: Radford et al. 2022. Measurements: docs/benchmarks.md.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from engine.alphabets import LATIN, latin_tokens
from engine.beam import Beam, beam_search
from engine.checkpoint import Checkpoint, read_checkpoint
from engine.context import FULL, QUICK, SHORT, SPEECH, kept_tail, padded_mel
from engine.ct2 import Ct2Decoder, Deltas, add_deltas, int8_copy, model_config
from engine.decoder import Alignment, Decoded, DecodeOptions, HearWhole, Hypothesis
from engine.errors import ModelError, OptionError, StorageError
from engine.guards import longest_run
from engine.hotwords import HotWords
from engine.hypernetwork import Lora
from engine.kept import Used, kept_copy
from engine.tokens import WhisperTokenizer

if TYPE_CHECKING:
    from engine.onnx_whole import Silence

Floats = NDArray[np.float32]
GRAPHS = ("memory", "step", "whole")
_WHOLE_LIMIT = 512  # d_model up to which the encoder is also kept in float32: base, 60 MB on disk and 120 in memory
_MOST_THREADS = 4  # products of five rows do not keep more of them busy
_ROOM = 40  # tokens that the past may grow by before those of no beam's text are looked for
_FIRST = SHORT.minimum  # no silence tail starts earlier
_SILENT = 0.6  # so likely without speech, a name must be likely by itself
_UNSEEN = np.float32(-1e9)  # added to the score of a token that is not of the beam's text
_FORMAT = 11  # of the graphs: files of another one are made again


class OnnxDecoder(Ct2Decoder):
    """As ``Ct2Decoder``, with the text decoded by ONNX Runtime. On a CPU, in int8 or float32.

    Raises:
        ModelError: the model does not load.
        OptionError: the device or compute type cannot be used here.
    """

    def __init__(
        self, directory: Path, compute_type: str = "int8", threads: int = 0, merged: Deltas | None = None
    ) -> None:
        if compute_type not in ("int8", "float32"):
            raise OptionError(f"The onnx decoder computes in int8 or float32, not {compute_type}: use the ct2 decoder.")
        super().__init__(directory, compute_type, "cpu", threads, merged)
        self.device = f"{self.device}, onnx"
        self.takes_hotwords = True

    def _prepare(self, checkpoint: Checkpoint, merged: Deltas | None) -> None:
        original = read_checkpoint(self._directory / "model.bin")
        encoder, decoder = (
            {name: delta for name, delta in (merged or {}).items() if name.startswith(half)}
            for half in ("encoder/", "decoder/")
        )
        self._memory, self._step = (self._graph(which, original, decoder) for which in ("memory", "step"))
        self._encoder = self._whole_encoder(original, encoder) if _is_small(original) else None
        self.quick_whole = QUICK if self._encoder is not None else 0
        self._embeddings = checkpoint
        self._positions = original.float("decoder/position_encodings/encodings")
        config = model_config(self._directory)
        tokenizer = WhisperTokenizer(self._directory)
        special = tokenizer.special
        self._sot, self._end, self._silence = special.sot, special.eot, special.no_speech
        self._latin = {tuple(tokenizer.prompt(code)) for code in (LATIN if tokenizer.multilingual else ("en",))}
        vocabulary = checkpoint["decoder/embeddings/weight"].shape[0]
        bits = bytes.fromhex(self._step.get_modelmeta().custom_metadata_map["usual"])
        self._usual = np.unpackbits(np.frombuffer(bits, np.uint8), count=vocabulary).astype(np.bool_)
        self._places = np.argsort(np.argsort(~self._usual, kind="stable"))  # of each id in the graph's logits
        self._never = np.zeros(vocabulary, dtype=np.float32)
        self._as_it_is = self._bias(self._never)
        self._never[_ids(config, "suppress_ids", vocabulary)] = -np.inf
        self._suppressing = self._bias(self._never)
        self._not_first = np.zeros(vocabulary, dtype=np.float32)
        self._not_first[_ids(config, "suppress_ids_begin", vocabulary)] = -np.inf
        self._layers = sum(name.name.startswith("pk") for name in self._step.get_inputs())
        heads = self._positions.shape[1] // 64
        self._past = {f"p{part}{i}": _value(np.zeros((1, heads, 0, 64))) for part in "kv" for i in range(self._layers)}
        self._outputs = [f"{part}{i}" for part in "kv" for i in range(self._layers)]
        d_ff = original.float("decoder/layer_0/ffn/linear_0/bias").size
        width = self._positions.shape[1]
        nothing = (np.zeros((self._layers, *shape), np.float32) for shape in ((width, 1), (1, d_ff)))
        self._plain_lora = _lora(*nothing)
        self._lora = self._plain_lora
        kind = np.uint8 if self._kind == "int8" else np.float32
        empty = {f"tk{i}": (heads, 64, 0) for i in range(self._layers)}
        empty |= {f"tv{i}": (heads, 0, 64) for i in range(self._layers)}
        self._nothing = {n: onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros(s, kind)) for n, s in empty.items()}
        self._silent, self._tail = self._nothing, kept_tail(self._directory, width)

    def encode_whole(self, mel: Floats, n_samples: int) -> Floats:
        return super().encode_whole(mel, n_samples) if self._encoder is None else _states(self._encoder, mel, n_samples)

    def other_encoder(self, changed: Deltas) -> HearWhole | None:
        if self._encoder is None:
            return None
        encoder = self._whole_encoder(read_checkpoint(self._directory / "model.bin"), changed)
        return None if encoder is None else functools.partial(_states, encoder)

    def adapt(self, lora: Lora | None) -> None:
        if lora is None:
            self._lora = self._plain_lora
            return
        a = np.transpose(lora.a, (0, 2, 1)) * np.float32(lora.scale)
        self._lora = _lora(a, np.transpose(lora.b, (0, 2, 1)))

    def _bias(self, values: Floats) -> dict[str, Any]:
        """What is added to the logits (vocabulary,), as inputs of the graph."""
        return {"bias": _value(values[self._usual]), "others_bias": _value(values[~self._usual])}

    def decode(self, states: Floats, prompt: list[int], options: DecodeOptions, *, adapted: bool) -> Decoded:
        # One beam alone could not go back from a word that was not said.
        hot = None if options.no_repeat_ngram or max(options.beam_size, options.n_best) == 1 else options.hotwords
        latin = tuple(prompt[prompt.index(self._sot) :]) in self._latin and bool(self._usual[prompt].all())
        latin = latin and (hot is None or bool(self._usual[list(hot.tokens)].all()))
        state = _State(self, states, adapted, whole=not latin)
        never = np.where(self._usual | (not latin), self._never, np.float32(-np.inf))
        beams = max(options.beam_size, options.n_best)
        longest = min(options.max_tokens, len(self._positions) - len(prompt))
        logits = state.run(np.array([prompt]), np.zeros(1, np.int64), rows=[prompt.index(self._sot), len(prompt) - 1])
        silence = float(np.exp(_log_softmax(logits[0, 0])[self._silence]))
        scores = _log_softmax(logits[0, 1] + never + self._not_first)
        first = _best(scores, 2 * beams)
        if hot is not None:
            first = hot.likeliest(0, first[1], first[0], lambda tokens: scores[tokens])
        forbidden = options.no_repeat_ngram
        texts: list[tuple[int, ...]] = [()]
        places = [0]  # of each beam in the hot words

        def step(tokens: NDArray[np.int64], parents: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
            nonlocal texts, places
            options.go_on()
            if hot is not None:
                places = [hot.after(places[p], t)[0] for p, t in zip(parents.tolist(), tokens.tolist(), strict=True)]
                return state.preferred(tokens, parents, 2 * beams, hot, places)
            if not forbidden:
                return state.likeliest(tokens, parents, 2 * beams)
            texts = [(*texts[parent], int(token)) for parent, token in zip(parents, tokens, strict=True)]
            raw = state.run(tokens[:, None], parents, rows=[0])[:, 0] + never
            for row, text in zip(raw, texts, strict=True):
                row[_repeating(text, forbidden)] = -np.inf
            pairs = [_best(_log_softmax(row), 2 * beams) for row in raw]
            return np.stack([s for s, _ in pairs]), np.stack([t for _, t in pairs])

        def loops(tokens: tuple[int, ...]) -> bool:
            return 0 < options.most_repeats <= longest_run(tokens)

        def within(beam: int, token: int) -> bool:
            return hot is not None and hot.is_within(hot.after(places[beam], token)[0])

        def gained(tokens: tuple[int, ...]) -> float:
            return hot.found(tokens)[0] if hot is not None else 0.0

        def average(beam: Beam) -> float:
            """The end token counts, as in Whisper; preferred words, which are likely for another reason, do not."""
            inside = hot.found(beam.tokens)[1] if hot is not None else []
            if not any(inside) or silence > _SILENT:
                return beam.score / (len(beam.tokens) + 1)
            tokens = [*beam.tokens, self._end]
            scores = self.forced(states, prompt, tokens, adapted=adapted)[np.arange(len(tokens)), tokens]
            return float(scores[~np.array([*inside, False])].mean())

        found = beam_search(first, step, beams, self._end, longest, loops, within, gained)[: max(1, options.n_best)]
        return Decoded(tuple(Hypothesis(beam.tokens, average(beam)) for beam in found), silence)

    def align(self, states: Floats, prompt: list[int], tokens: list[int], frames: int, *, adapted: bool) -> Alignment:
        times = super().align(states, prompt, tokens, frames, adapted=False).times
        scores = self.forced(states, prompt, tokens, adapted=adapted)
        chosen = scores[np.arange(len(tokens)), tokens]
        return Alignment(times, np.exp(chosen.astype(np.float64)))

    def forced(self, states: Floats, prompt: list[int], tokens: list[int], *, adapted: bool) -> Floats:
        """Log-probabilities (tokens, vocabulary) of what might stand where each of ``tokens`` does."""
        rows = list(range(len(prompt) - 1, len(prompt) + len(tokens) - 1))
        logits = _State(self, states, adapted).run(np.array([[*prompt, *tokens[:-1]]]), np.zeros(1, np.int64), rows)[0]
        return np.stack([_log_softmax(row) for row in logits])

    def _heard(self, states: Floats) -> dict[str, Any]:
        """The keys and values of a recording. Where the last of its states are those of the silence tail, which are
        the same for every recording, theirs are computed for the first one only."""
        end = len(states)
        if self._tail is None or not _FIRST < end <= FULL or not np.array_equal(states[-1], self._tail[end - 1]):
            return self._keys_and_values("c", states, (0, 0))
        if self._silent is self._nothing:
            self._silent = self._keys_and_values("t", self._tail[_FIRST:], (0, 0))
        others = np.flatnonzero((states[_FIRST:] != self._tail[_FIRST:end]).any(axis=1))
        start = int(others[-1]) + 1 if others.size else 0
        return self._keys_and_values("c", states[: _FIRST + start], (start, end - _FIRST))

    def _keys_and_values(self, which: str, states: Floats, silent: tuple[int, int]) -> dict[str, Any]:
        """``memory_graph``: those of ``states``, then those that are known of the tail, from and to its nth."""
        names = [f"c{part}{i}" for part in "kv" for i in range(self._layers)]
        inputs = {"states": _value(states), "silent": _whole(*silent)}
        found = self._memory.run_with_ort_values(names, inputs | self._silent)
        return dict(zip((which + name[1:] for name in names), found, strict=True))

    # -- loading --------------------------------------------------------------------

    def _graph(self, which: str, original: Checkpoint, changed: Deltas) -> Any:
        """One of the two graphs, from its file where the weights are the model's own."""
        if changed or self._kind != "int8":
            weights = add_deltas(original, changed)
            return self._session(_built(which, self._directory, weights, self._kind == "int8"))
        return _kept(which, self._directory, original, lambda path: self._session(str(path)))

    def _whole_encoder(self, original: Checkpoint, changed: Deltas) -> Any | None:
        """What ``engine.onnx_whole`` makes of the encoder; None where there is no room for the file.

        Silence is what it is to the model's own weights, where a person's differ, too: so it was when they were learnt.
        """
        try:
            if not changed:
                return _kept("whole", self._directory, original, lambda path: self._session(str(path)))
            from engine.onnx_whole import whole_graph

            silence = kept_silence(self._directory, original)
        except StorageError:
            return None
        return self._session(whole_graph(add_deltas(original, changed), silence))

    def _session(self, model: bytes | str) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._options["intra_threads"] or min(_MOST_THREADS, _cores())
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # no two steps have the same shapes
        options.add_session_config_entry("session.force_spinning_stop", "1")  # the cores are for who comes next
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises classes of its own that it does not export
            message = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"The model in {self._directory} does not load ({message}): fetch it again.") from error


def _states(encoder: Any, mel: Floats, n_samples: int) -> Floats:
    """``Decoder.encode_whole`` by a graph of ``engine.onnx_whole``."""
    heard = padded_mel(mel, SPEECH.frames(n_samples))
    return np.asarray(encoder.run(["states"], {"mel": heard[None]})[0], dtype=np.float32)


def keep_graphs(directory: Path) -> None:
    """Make what this decoder keeps beside a model, so that the first dictation need not wait for it.

    Raises:
        ModelError: the model is not complete.
        StorageError: there is no place for it.
    """
    int8_copy(directory)
    original = read_checkpoint(directory / "model.bin")
    for which in GRAPHS:
        if which != "whole" or _is_small(original):
            _kept(which, directory, original, lambda path: path)


def kept_silence(directory: Path, original: Checkpoint) -> Silence:
    """What silence is like in the encoder of the model in ``directory``, from the graph that is kept beside it.

    Raises:
        StorageError: there is no room for that.
    """
    from engine.onnx_whole import silence_of

    return _kept("whole", directory, original, silence_of)


def _is_small(checkpoint: Checkpoint) -> bool:
    return bool(checkpoint["decoder/embeddings/weight"].shape[1] <= _WHOLE_LIMIT)


def _kept(which: str, directory: Path, original: Checkpoint, use: Callable[[Path], Used]) -> Used:
    return kept_copy(directory, f"{which}.v{_FORMAT}.onnx", functools.partial(_built, which, directory, original), use)


def _built(which: str, directory: Path, checkpoint: Checkpoint, int8: bool = True) -> bytes:
    from engine.onnx_graph import decoder_graph, memory_graph  # slow to import, and seldom needed

    if which == "whole":
        return _built_whole(checkpoint)
    if which == "memory":
        return memory_graph(checkpoint, int8)
    return decoder_graph(checkpoint, latin_tokens(directory, len(checkpoint["decoder/embeddings/weight"])), int8)


def _built_whole(checkpoint: Checkpoint) -> bytes:
    from engine.onnx_whole import measure_silence, whole_graph

    session = onnxruntime.InferenceSession(whole_graph(checkpoint, None), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    n_mels = checkpoint["encoder/conv1/weight"].shape[1]
    silence = measure_silence(lambda mel: dict(zip(names, session.run(None, {"mel": mel}), strict=True)), n_mels)
    return whole_graph(checkpoint, silence)


class _State:
    """One decoding: the keys and values of the recording, and of the tokens so far."""

    def __init__(self, decoder: OnnxDecoder, states: Floats, adapted: bool, whole: bool = True) -> None:
        self._decoder, self._whole = decoder, whole
        self._fixed = decoder._heard(states) | (decoder._lora if adapted else decoder._plain_lora)
        self._past = dict(decoder._past)
        self._mask = np.zeros((1, 0), dtype=np.float32)  # (beams, past): 0 for the tokens of a beam's own text
        self._length, self._room = 0, _ROOM

    def run(self, tokens: NDArray[np.int64], parents: NDArray[np.int64], rows: list[int]) -> Floats:
        """Logits (beams, rows, vocabulary) after ``tokens`` (beams, n) more."""
        (logits,) = self._advance(tokens, parents, rows, 1, ["logits"], whole=True)
        found = logits.numpy()[0][:, self._decoder._places]
        return np.asarray(found, dtype=np.float32).reshape(len(tokens), len(rows), -1)

    def likeliest(
        self, tokens: NDArray[np.int64], parents: NDArray[np.int64], top: int
    ) -> tuple[Floats, NDArray[np.int64]]:
        """Log-probabilities and ids (beams, top) after one token (beams,) more."""
        scores, ids = self._advance(tokens[:, None], parents, [0], top, ["scores", "tokens"], whole=self._whole)
        return scores.numpy()[0], ids.numpy()[0]

    def preferred(
        self, tokens: NDArray[np.int64], parents: NDArray[np.int64], top: int, hot: HotWords, places: list[int]
    ) -> tuple[Floats, NDArray[np.int64]]:
        """As ``likeliest``, with what a token gains by the hot words at the beams' ``places``."""
        wanted = ["logits", "scores", "tokens"]
        found = self._advance(tokens[:, None], parents, [0], top, wanted, whole=self._whole)
        logits, scores, ids = (value.numpy()[0] for value in found)
        order = self._decoder._places

        def score(row: int, tokens: list[int]) -> Floats:
            whole = scores[row, 0] - logits[row, order[ids[row, 0]]]  # what a logit is less by than a log-probability
            return np.asarray(logits[row, order[tokens]] + whole)

        pairs = [
            hot.likeliest(place, ids[row], scores[row], functools.partial(score, row))
            for row, place in enumerate(places)
        ]
        return np.stack([s for s, _ in pairs]), np.stack([t for _, t in pairs])

    def _advance(
        self,
        tokens: NDArray[np.int64],
        parents: NDArray[np.int64],
        rows: list[int],
        top: int,
        wanted: list[str],
        whole: bool,
    ) -> list[Any]:
        """The outputs ``wanted`` after ``tokens`` (beams, n) more; beam i goes on with the text of ``parents[i]``."""
        decoder, (beams, n) = self._decoder, tokens.shape
        self._mask = self._mask[parents]
        if self._mask.shape[1] > self._room:
            self._forget()
        mask = np.concatenate([self._mask.repeat(n, axis=0), _own(beams, n)], axis=1)
        x = _embedded(decoder._embeddings, tokens) + decoder._positions[self._length : self._length + n]
        inputs = {
            "x": _value(x.reshape(1, beams * n, -1)),
            "mask": _value(mask[None, None]),
            "rows": _whole(*(beam * n + row for beam in range(beams) for row in rows)),
            "top": _whole(top),
            "whole": _flag(whole),
        }
        inputs |= decoder._as_it_is if wanted == ["logits"] else decoder._suppressing
        found = decoder._step.run_with_ort_values(wanted + decoder._outputs, inputs | self._fixed | self._past)
        self._past = dict(zip(decoder._past, found[len(wanted) :], strict=True))
        self._mask = mask[n - 1 :: n]
        self._length += n
        return list(found[: len(wanted)])

    def _forget(self) -> None:
        """Take the tokens that are of no beam's text any more out of the past."""
        kept = (self._mask == 0).any(axis=0)
        if not kept.all():
            self._mask = self._mask[:, kept]
            self._past = {name: _value(value.numpy()[:, :, kept]) for name, value in self._past.items()}
        self._room = self._mask.shape[1] + _ROOM


@functools.lru_cache(maxsize=16)
def _own(beams: int, n: int) -> Floats:
    """What n new tokens of each beam see of the new ones: their own beam's, up to themselves. (beams * n, beams * n)"""
    seen = np.kron(np.eye(beams), np.tri(n))
    return np.where(seen == 0, _UNSEEN, np.float32(0))


def _lora(a: Floats, b: Floats) -> dict[str, Any]:
    """A (layers, d, r), with its scale, and B (layers, r, d_ff) as inputs of the graph."""
    return {f"{name}{i}": _value(part) for name, whole in (("a", a), ("b", b)) for i, part in enumerate(whole)}


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _embedded(checkpoint: Checkpoint, tokens: NDArray[np.int64]) -> Floats:
    """Rows of the token embeddings, whichever way they are stored: float32 (*tokens.shape, d)."""
    table = checkpoint["decoder/embeddings/weight"]
    rows = table[tokens].astype(np.float32)
    if table.dtype == np.int8:
        rows /= checkpoint["decoder/embeddings/weight_scale"][tokens].astype(np.float32)[..., None]
    return rows


def _repeating(text: tuple[int, ...], n: int) -> list[int]:
    """The tokens that would make an n-gram of ``text`` stand twice."""
    start = text[len(text) - n + 1 :]
    return [text[i + n - 1] for i in range(len(text) - n + 1) if text[i : i + n - 1] == start]


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def _best(scores: Floats, count: int) -> tuple[Floats, NDArray[np.int64]]:
    chosen = np.argpartition(-scores, count)[:count]
    chosen = chosen[np.argsort(-scores[chosen], kind="stable")]
    return scores[chosen], chosen


def _ids(config: dict[str, Any], name: str, vocabulary: int) -> list[int]:
    return [token for token in config.get(name, []) if 0 <= token < vocabulary]


def _value(array: NDArray[Any]) -> Any:
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array, dtype=np.float32))


@functools.cache
def _flag(value: bool) -> Any:
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.array(value))


@functools.lru_cache(maxsize=256)
def _whole(*numbers: int) -> Any:
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.array(numbers, dtype=np.int64))
