"""The ``transformers`` decoder, with an unmerged LoRA on ``fc1`` that differs for every utterance of a batch.

The same text as ``ct2``, on CPU, CUDA and Apple MPS; also the module that training
differentiates. Imports torch, so nothing on the fast path imports this file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration
from transformers.generation.utils import GenerationMixin
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.whisper.generation_whisper import _dynamic_time_warping, _median_filter

from engine.checkpoint import read_checkpoint
from engine.context import FULL, padded_mel
from engine.ct2 import Deltas, add_deltas, model_config
from engine.decoder import Alignment, Decoded, DecodeOptions, HearWhole, Hypothesis
from engine.errors import OptionError
from engine.hypernetwork import Lora
from engine.statedict import layers_of, state_dict
from engine.tokens import WhisperTokenizer

_MEDIAN = 7  # frames, the width of Whisper's median filter on attention weights


class BatchedLora(nn.Module):
    """``linear`` plus one LoRA per utterance: y = x·Wᵀ + b + scale·(x·Aᵀ)·Bᵀ, never merged.

    ``a`` (n, rank, in), ``b`` (n, out, rank) and ``scale`` (n, 1, 1) are set before the
    forward pass; with beam search every utterance owns as many rows as it has beams.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.a: Tensor | None = None
        self.b: Tensor | None = None
        self.scale: Tensor | float = 1.0

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear(x)
        if self.a is None or self.b is None:
            return y
        beams = x.shape[0] // self.a.shape[0]
        a = self.a.repeat_interleave(beams, 0) if beams > 1 else self.a
        b = self.b.repeat_interleave(beams, 0) if beams > 1 else self.b
        scale = self.scale
        if isinstance(scale, Tensor) and scale.ndim and beams > 1:
            scale = scale.repeat_interleave(beams, 0)
        return y + scale * (x @ a.transpose(1, 2)) @ b.transpose(1, 2)


def load_whisper(directory: Path, merged: Deltas | None = None) -> WhisperForConditionalGeneration:
    """The CTranslate2 model in ``directory`` as ``transformers`` Whisper, float32, in eval mode.

    Raises:
        ModelError: the files are missing or damaged.
    """
    checkpoint = add_deltas(read_checkpoint(directory / "model.bin"), merged or {})
    d_model = checkpoint["decoder/embeddings/weight"].shape[1]
    d_ff = checkpoint["decoder/layer_0/ffn/linear_0/weight"].shape[0]
    heads = int(checkpoint["decoder/num_heads"])
    config = WhisperConfig(
        vocab_size=checkpoint["decoder/embeddings/weight"].shape[0],
        num_mel_bins=checkpoint["encoder/conv1/weight"].shape[1],
        d_model=d_model,
        encoder_layers=layers_of(checkpoint, "encoder"),
        decoder_layers=layers_of(checkpoint, "decoder"),
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=d_ff,
        decoder_ffn_dim=d_ff,
    )
    model: Any = WhisperForConditionalGeneration(config)
    state = {name: torch.from_numpy(np.array(value)) for name, value in state_dict(checkpoint).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    tied = {"proj_out.weight"}
    if set(missing) - tied or unexpected:
        raise RuntimeError(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    model.eval()
    return cast(WhisperForConditionalGeneration, model)


def attach_lora(model: WhisperForConditionalGeneration) -> list[BatchedLora]:
    """Put a ``BatchedLora`` around ``fc1`` (W1) of every decoder layer; returns them in order."""
    wrapped = []
    for layer in model.model.decoder.layers:
        layer.fc1 = BatchedLora(layer.fc1)
        wrapped.append(layer.fc1)
    return wrapped


def set_lora(layers: list[BatchedLora], a: Tensor | None, b: Tensor | None, scale: Tensor | float = 1.0) -> None:
    """Give every layer its part of ``a`` (n, layers, rank, d_model) and ``b`` (n, layers, d_ff, rank).

    ``scale`` is one number or a tensor (n,). None removes the LoRA.
    """
    for number, layer in enumerate(layers):
        layer.a = None if a is None else a[:, number]
        layer.b = None if b is None else b[:, number]
        layer.scale = scale.reshape(-1, 1, 1) if isinstance(scale, Tensor) and scale.ndim else scale


class TorchDecoder:
    """``engine.decoder.Decoder`` on ``transformers`` Whisper, float32.

    Raises:
        OptionError: the device is not there.
        ModelError: the model does not load.
    """

    def __init__(self, directory: Path, device: str = "auto", threads: int = 0, merged: Deltas | None = None) -> None:
        self._torch_device = torch.device(_device(device))
        if threads:
            torch.set_num_threads(threads)
        self.model = cast(Any, load_whisper(directory, merged))  # its own stubs do not fit its own mixins
        self.model.to(self._torch_device)
        self._layers = attach_lora(self.model)
        self._loras: tuple[Tensor, Tensor] | None = None
        self._tokenizer = WhisperTokenizer(directory)
        self._config = model_config(directory)
        special = self._tokenizer.special
        self._suppress = sorted({*self._config.get("suppress_ids", ()), special.no_speech})
        self._suppress_begin = list(self._config.get("suppress_ids_begin", (special.eot,)))
        self.device = f"{self._torch_device.type} float32"
        self.d_model = int(self.model.config.d_model)
        self.n_mels = int(self.model.config.num_mel_bins)

    # -- the Decoder protocol -------------------------------------------------------

    quick_whole = 0
    takes_hotwords = False

    @torch.inference_mode()
    def encode(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        features = torch.from_numpy(mel)[None].to(self._torch_device)
        return np.asarray(encode_any_length(self.model, features)[0].cpu().numpy(), dtype=np.float32)

    def encode_whole(self, mel: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        return self.encode(padded_mel(mel, FULL))

    def other_encoder(self, changed: dict[str, NDArray[np.float32]]) -> HearWhole | None:
        return None

    def adapt(self, lora: Lora | None) -> None:
        self.adapt_batch(None if lora is None else [lora])

    def decode(
        self, states: NDArray[np.float32], prompt: list[int], options: DecodeOptions, *, adapted: bool
    ) -> Decoded:
        return self.decode_batch(states[None], prompt, options, adapted=adapted)[0]

    @torch.inference_mode()
    def align(
        self, states: NDArray[np.float32], prompt: list[int], tokens: list[int], frames: int, *, adapted: bool
    ) -> Alignment:
        self._use(adapted, 1)
        eot = self._tokenizer.special.eot
        ids = torch.tensor([[*prompt, *tokens, eot]], device=self._torch_device)
        before = self.model.config._attn_implementation
        self.model.set_attn_implementation("eager")  # the other kernels give no weights
        try:
            output = self.model(
                encoder_outputs=self._encoded(states[None]), decoder_input_ids=ids, output_attentions=True
            )
        finally:
            self.model.set_attn_implementation(before)
        start = len(prompt) - 1
        probabilities = output.logits[0, start : start + len(tokens)].softmax(-1)
        chosen = probabilities[torch.arange(len(tokens)), torch.tensor(tokens, dtype=torch.long)]
        every = range(self.model.config.decoder_attention_heads)
        heads = self._config.get("alignment_heads") or [[-1, head] for head in every]
        weights = torch.stack([output.cross_attentions[layer][0, head, start:-1, :frames] for layer, head in heads])
        weights = _median_filter(_standardised(weights.cpu()), _MEDIAN).mean(0)
        text, time = _dynamic_time_warping(-weights.double().numpy())
        first = np.concatenate([[True], np.diff(text) > 0])
        times = np.full(len(tokens) + 1, frames, dtype=np.float64)
        times[np.clip(text[first], 0, len(tokens))] = time[first]
        return Alignment(times * 0.02, chosen.cpu().numpy().astype(np.float64))

    @torch.inference_mode()
    def detect_language(self, states: NDArray[np.float32]) -> str:
        if not self._tokenizer.multilingual:
            return "en"
        self._use(False, 1)
        ids = torch.tensor([[self._tokenizer.special.sot]], device=self._torch_device)
        logits = self.model(encoder_outputs=self._encoded(states[None]), decoder_input_ids=ids).logits[0, -1]
        languages = self._config["lang_ids"]
        return self._tokenizer.name(int(languages[int(logits[languages].argmax())])).strip("<|>")

    # -- batches --------------------------------------------------------------------

    def adapt_batch(self, loras: list[Lora] | None) -> None:
        """One LoRA for each utterance of the next batch."""
        if loras is None:
            self._loras = None
            return
        a = np.stack([lora.a for lora in loras])
        b = np.stack([lora.b * np.float32(lora.scale) for lora in loras])
        self._loras = (torch.from_numpy(a).to(self._torch_device), torch.from_numpy(b).to(self._torch_device))

    @torch.inference_mode()
    def logits(self, states: NDArray[np.float32], tokens: list[list[int]], *, adapted: bool) -> Tensor:
        """Teacher-forced logits (n, length, vocabulary) of equally long ``tokens``, each with its own LoRA."""
        self._use(adapted, len(states))
        ids = torch.tensor(tokens, device=self._torch_device)
        output: Tensor = self.model(encoder_outputs=self._encoded(states), decoder_input_ids=ids).logits
        return output

    @torch.inference_mode()
    def decode_batch(
        self, states: NDArray[np.float32], prompt: list[int], options: DecodeOptions, *, adapted: bool
    ) -> list[Decoded]:
        """``states`` float32 (n, t, d_model), each utterance with its own LoRA of ``adapt_batch``."""
        self._use(adapted, len(states))
        special = self._tokenizer.special
        n_best = min(options.n_best, options.beam_size)
        sequences = GenerationMixin.generate(  # not Whisper's own: that one cuts 30 s windows and adds prompts
            self.model,
            encoder_outputs=self._encoded(states),
            decoder_input_ids=torch.tensor([prompt] * len(states), device=self._torch_device),
            generation_config=GenerationConfig(  # type: ignore[no-untyped-call]
                num_beams=options.beam_size,
                num_return_sequences=n_best,
                max_new_tokens=options.max_tokens,
                do_sample=False,
                early_stopping=True,
                length_penalty=1.0,
                no_repeat_ngram_size=options.no_repeat_ngram,
                suppress_tokens=self._suppress,
                begin_suppress_tokens=self._suppress_begin,
                eos_token_id=special.eot,
                pad_token_id=special.eot,
                decoder_start_token_id=special.sot,
            ),
        )
        texts = [_until(row.tolist()[len(prompt) :], special.eot) for row in sequences]
        sot = prompt.index(special.sot)
        decoded = []
        for n in range(len(states)):
            hypotheses = []
            for text in texts[n * n_best : (n + 1) * n_best]:
                average, no_speech = self._score(states[n], n, prompt, sot, text, adapted)
                hypotheses.append(Hypothesis(tuple(text), average))
            decoded.append(Decoded(tuple(hypotheses), no_speech))
        return decoded

    def _score(
        self, states: NDArray[np.float32], number: int, prompt: list[int], sot: int, text: list[int], adapted: bool
    ) -> tuple[float, float]:
        """Average log-probability with the end token, as CTranslate2 counts it, and of no speech."""
        self._use(adapted, 1, number)
        eot = self._tokenizer.special.eot
        ids = torch.tensor([[*prompt, *text]], device=self._torch_device)
        logits = self.model(encoder_outputs=self._encoded(states[None]), decoder_input_ids=ids).logits[0].float()
        no_speech = float(logits[sot].softmax(-1)[self._tokenizer.special.no_speech])
        logits = logits[len(prompt) - 1 :]
        logits[:, self._suppress] = -torch.inf
        logits[0, self._suppress_begin] = -torch.inf
        target = torch.tensor([*text, eot], device=self._torch_device)
        chosen = logits.log_softmax(-1)[torch.arange(len(target)), target]
        return float(chosen[torch.isfinite(chosen)].mean()), no_speech

    def _use(self, adapted: bool, n: int, number: int | None = None) -> None:
        if not adapted or self._loras is None:
            set_lora(self._layers, None, None)
            return
        a, b = self._loras
        rows = slice(None) if number is None else slice(number, number + 1)
        if len(a[rows]) != n:
            raise ValueError(f"{len(a[rows])} adaptations for {n} utterances")
        set_lora(self._layers, a[rows], b[rows])

    def _encoded(self, states: NDArray[np.float32]) -> BaseModelOutput:
        return BaseModelOutput(last_hidden_state=torch.from_numpy(np.ascontiguousarray(states)).to(self._torch_device))


def encode_any_length(model: WhisperForConditionalGeneration, features: Tensor) -> Tensor:
    """Log-mel (n, n_mels, 2 * t) to encoder states (n, t, d_model); ``transformers`` itself takes 30 s only."""
    encoder = model.model.encoder
    x = nn.functional.gelu(encoder.conv1(features))
    x = nn.functional.gelu(encoder.conv2(x)).transpose(1, 2)
    x = x + encoder.embed_positions.weight[: x.shape[1]]
    for layer in encoder.layers:
        x = layer(x, None)
        x = x[0] if isinstance(x, tuple) else x
    normed: Tensor = encoder.layer_norm(x)
    return normed


def _standardised(weights: Tensor) -> Tensor:
    deviation, mean = torch.std_mean(weights, dim=-2, keepdim=True, unbiased=False)
    return (weights - mean) / deviation


def _until(tokens: list[int], end: int) -> list[int]:
    return tokens[: tokens.index(end)] if end in tokens else tokens


def _device(device: str) -> str:
    mps = torch.backends.mps.is_available()
    if device == "cuda" and not torch.cuda.is_available():
        raise OptionError("No CUDA device was found: use the device cpu, or run 'idiolect doctor'.")
    if device == "mps" and not mps:
        raise OptionError("This machine has no Apple GPU that can be used: use the device cpu.")
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    return device
