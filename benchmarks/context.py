"""How much context the encoder needs: WER, loops and time by policy, on any manifest.

    python -m benchmarks.context --manifest FILE [--model base] [--beam 1] [--hypernetwork auto|none|FILE] [--only TEXT]
                                 [--decoder ct2|onnx]

No guards and no retries: what a policy breaks is seen. "clip" is the clip's own length in
20 ms frames; "tail" the cached states of silence that are appended (``engine.context``).
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import load_audio
from engine.context import FULL, SHORT, WHOLE, ContextPolicy, clip_frames, encode, load_tail, padded_mel, with_tail
from engine.decoder import DecodeOptions, Decoder
from engine.embedding import speaker_embedding, speech_frames
from engine.errors import OptionError
from engine.mel import log_mel
from engine.models import locate, model_sha256
from engine.options import EngineOptions
from engine.tokens import WhisperTokenizer
from engine.transcriber import find_hypernetwork, load_decoder
from training.command import guarded
from training.manifest import read_manifest
from training.score import score

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Policy:
    name: str
    context: ContextPolicy | None  # None: as dictation hears it with this decoder
    per_clip: float = 0.0  # also at least so many times the clip

    def states(self, decoder: Decoder, mel: Floats, n_samples: int, tail: Floats) -> Floats:
        if self.context is None:
            return encode(decoder, mel, n_samples, tail)
        if self.context is WHOLE:
            return decoder.encode_whole(mel, n_samples)
        frames = min(FULL, max(self.context.frames(n_samples), round(self.per_clip * clip_frames(n_samples))))
        return with_tail(decoder.encode(padded_mel(mel, frames)), tail, self.context.tail)


POLICIES = (
    Policy("1500 (30 s, as Whisper)", ContextPolicy(FULL, 0, 0)),
    Policy("clip + 64", ContextPolicy(0, 64, 0)),
    Policy("clip + 256", ContextPolicy(0, 256, 0)),
    Policy("max(750, 1.5 clip)", ContextPolicy(750, 0, 0), 1.5),
    Policy("clip + 64, tail of 400", ContextPolicy(0, 64, 400)),
    Policy("max(200, clip + 64), tail of 400", ContextPolicy(200, 64, 400)),
    Policy("max(400, clip + 64), tail of 100", ContextPolicy(400, 64, 100)),
    Policy("max(400, clip + 64), tail of 400", ContextPolicy(400, 64, 400)),
    Policy("max(400, clip + 64), whole tail", ContextPolicy(400, 64, 1500)),
    Policy("max(600, clip + 128), tail of 400 (ours)", SHORT),
    Policy("30 s, with onnx the speech alone computed", WHOLE),
    Policy("as dictation hears it", None),
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--model", default="base")
    parser.add_argument("--decoder", choices=("ct2", "onnx"), default="ct2")
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--hypernetwork", default="none")
    parser.add_argument("--split", help="only this split")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="only policies whose name holds this")
    args = parser.parse_args(argv)
    return guarded(lambda: _table(args))


def _table(args: argparse.Namespace) -> int:
    directory = locate(args.model)
    decoder = load_decoder(EngineOptions(args.model, decoder=args.decoder, threads=args.threads), directory)
    tail, tokenizer = load_tail(decoder, directory), WhisperTokenizer(directory)
    network = find_hypernetwork(args.hypernetwork, model_sha256(directory))
    utterances = [u for u in read_manifest(args.manifest) if not args.split or u.split == args.split]
    utterances = utterances[: args.limit or None]
    if not utterances:
        raise OptionError(f"{args.manifest} has no utterances{f' of the split {args.split}' if args.split else ''}.")
    audio = [load_audio(utterance.audio) for utterance in utterances]
    prompt, options = tokenizer.prompt("en"), DecodeOptions(args.beam)
    cohorts = sorted({utterance.cohort for utterance in utterances})

    print(
        f"{args.model}, {args.decoder} int8, beam {args.beam}, hypernetwork {args.hypernetwork}, {len(audio)} clips\n"
    )
    print("| encoder context | WER | clipped WER | loops | " + " | ".join(cohorts) + " | encode | decode |")
    print("|---" * (6 + len(cohorts)) + "|")
    first: tuple[float, float] | None = None
    for policy in (policy for policy in POLICIES if args.only in policy.name):
        texts, encoding, decoding = [], 0.0, 0.0
        for samples in audio:
            mel = log_mel(samples)
            started = time.perf_counter()
            states = policy.states(decoder, mel, samples.size, tail)
            encoding += time.perf_counter() - started
            if network is not None:
                decoder.adapt(network(speaker_embedding(states, speech_frames(samples))))
            started = time.perf_counter()
            decoded = decoder.decode(states, prompt, options, adapted=network is not None)
            decoding += time.perf_counter() - started
            texts.append(tokenizer.decode(decoded.hypotheses[0].tokens).strip())
        first = first or (encoding, decoding)
        result = score([u.text for u in utterances], texts, [u.speaker for u in utterances])
        cells = [percent(result.wer.value), percent(result.clipped.value), str(result.loops)]
        for cohort in cohorts:
            chosen = np.flatnonzero([utterance.cohort == cohort for utterance in utterances])
            part = score([utterances[n].text for n in chosen], [texts[n] for n in chosen])
            cells.append(percent(part.wer.value))
        cells += [f"{encoding / first[0]:.2f}", f"{decoding / first[1]:.2f}"]
        print(f"| {policy.name} | " + " | ".join(cells) + " |", flush=True)
    return 0


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


if __name__ == "__main__":
    sys.exit(main())
