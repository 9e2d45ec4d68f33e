"""How a recording whose text is in doubt is best heard again: wrong words by encoder and speed, on any manifest.

    python -m benchmarks.second_hearing --manifest FILE [--split dev test] [--only PREFIX] [--limit N] [--speeds 1 1.1]
        [--again -0.4 -0.3] [--second 0 -0.02] [--practised FILE] [--share 0.5]

A recording is heard again where the first text's average log-probability is below a threshold (``--again``; that which
came with the hypernetwork), or a guard fired; the second text is kept where its own is higher than the first's by
``--second``. "plain" is what Whisper makes of it at its own 30 s, without personalization: kept where surer by the
margin that came with the hypernetwork. ``--practised``: another practised encoder than the one that ships; ``--share``:
only so much of what it has learnt.
Errors of an utterance count at most once per word; typical speech stands apart.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import guards
from engine.audio import SAMPLE_RATE, clean, load_audio
from engine.context import SHORT, encode, encode_again, with_tail
from engine.decoder import DecodeOptions
from engine.embedding import speaker_embedding
from engine.errors import OptionError
from engine.mel import log_mel
from engine.options import EngineOptions, GuardOptions
from engine.profile import load_residual
from engine.transcriber import Transcriber, token_limit
from engine.utterances import Spoken, utterances
from engine.weighing import Weighing
from training.command import guarded
from training.manifest import Utterance, read_manifest
from training.score import score

FIRST, PLAIN = "first", "plain"
_Rule = tuple[float, float, str]  # asked below this score, kept where surer by so much, which way of hearing


@dataclass(frozen=True)
class Heard:
    """One decoding: its text, how sure it is, and whether a guard fired."""

    text: str
    score: float
    flagged: bool


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--model", default="base")
    parser.add_argument("--split", nargs="*", help="only these splits")
    parser.add_argument("--only", default="", help="only people whose names begin so")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--speeds", nargs="*", type=float, default=[1.0, 1.05, 1.1, 1.15, 1.2])
    parser.add_argument("--again", nargs="*", type=float, default=[])
    parser.add_argument("--second", nargs="*", type=float, default=[Weighing().second])
    parser.add_argument("--practised", type=Path, metavar="FILE")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args(argv)
    return guarded(lambda: _table(args))


def _table(args: argparse.Namespace) -> int:
    engine = Transcriber(EngineOptions(model=args.model, threads=args.threads))
    if args.practised:
        if not args.practised.exists():
            raise OptionError(f"There is no practised encoder at {args.practised}: check the path.")
        engine._residual = load_residual(args.practised.parent, engine.base_sha256, args.practised.name)
    if engine._residual is not None and args.share != 1:
        weaker = {name: (args.share * b, a) for name, (b, a) in engine._residual.pairs.items()}
        engine._residual = replace(engine._residual, pairs=weaker)
    if engine._hear_practised is None:
        raise OptionError(f"There is no practised encoder for {args.model}.")
    chosen = [
        one
        for one in read_manifest(args.manifest)
        if (not args.split or one.split in args.split) and one.speaker.startswith(args.only)
    ][: args.limit or None]
    pairs = [(one, spoken) for one in chosen for spoken in _spoken(one)]
    if not pairs:
        raise OptionError(f"{args.manifest} has no such utterances of one stretch of speech.")
    found = [hear(engine, spoken, args.speeds) for _, spoken in pairs]
    said = [one for one, _ in pairs]
    typical = np.array([one.cohort == "typical" for one in said])
    plain = (engine.weighing.doubt, engine.weighing.margin, PLAIN)
    thresholds = args.again or [engine.weighing.again]
    ways: dict[str, tuple[str, tuple[_Rule, ...]]] = {
        "the first text": (FIRST, ()),
        "plain Whisper's, where that is surer": (FIRST, (plain,)),
    }
    for speed, again, second in product(args.speeds, thresholds, args.second):
        where = f"at {speed:g}, below {again:g}, where surer by {second:g}"
        rule = (again, second, f"practised {speed:g}")
        ways[f"practised, {where}"] = (FIRST, (rule,))
        ways[f"practised, {where}; else plain"] = (FIRST, (rule, plain))
        ways[f"the first encoder, {where}"] = (FIRST, ((*rule[:2], f"{FIRST} {speed:g}"),))
        ways[f"practised at {speed:g} at first; the first encoder, below {again:g}, where surer by {second:g}"] = (
            f"practised {speed:g}", ((again, second, FIRST),),
        )  # fmt: skip
    for speed in args.speeds:
        ways[f"practised, at {speed:g}, always"] = (f"practised {speed:g}", ())
    shares = [f"{np.mean([asked(one[FIRST], again) for one in found]):.0%} below {again:g}" for again in thresholds]
    print(f"{args.model}: {len(said)} utterances, {', '.join(shares)}\n")
    print("| kept | wrong words | WER, clipped | typical |\n|---|---|---|---|")
    for name, (start, rules) in ways.items():
        texts = [kept(one, start, rules) for one in found]
        parts = [errors(said, texts, rows) for rows in (~typical, typical)]
        print(f"| {name} | {parts[0][0]:.0f} | {parts[0][0] / max(1, parts[0][1]):.1%} | {parts[1][0]:.0f} |")
    return 0


def _spoken(one: Utterance) -> list[Spoken]:
    audio = load_audio(one.audio)
    found = list(utterances(audio, audio.size / SAMPLE_RATE, pause=0.8))
    return found if len(found) == 1 else []


def hear(engine: Transcriber, spoken: Spoken, speeds: Sequence[float]) -> dict[str, Heard]:
    """What every way of hearing makes of an utterance, at full strength but for the plain one."""
    decoder, samples = engine.decoder, spoken.samples
    mel = log_mel(samples, decoder.n_mels)
    states = encode(decoder, mel, samples.size, engine.tail)
    voice = engine._voice(speaker_embedding(states, spoken.frames), 1.0)
    adapted = voice.lora is not None and voice.strength > 0
    decoder.adapt(voice.lora.scaled(voice.strength) if adapted and voice.lora is not None else None)
    seconds = samples.size / SAMPLE_RATE

    def decode(seen: NDArray[np.float32], adapted: bool) -> Heard:
        options = DecodeOptions(5, max_tokens=token_limit(seconds), most_repeats=GuardOptions().max_ngram_repeats)
        decoded = decoder.decode(seen, engine.tokenizer.prompt("en"), options, adapted=adapted)
        best = decoded.hypotheses[0]
        text = engine.tokenizer.decode(best.tokens).strip()
        fired = guards.flags(text, best.tokens, best.avg_logprob, decoded.no_speech_prob, seconds, GuardOptions())
        return Heard(text, best.avg_logprob, bool(fired))

    found = {
        FIRST: decode(states, adapted),
        PLAIN: decode(encode_again(decoder, mel, samples.size, states), False),
    }
    assert engine._hear_practised is not None
    for speed in speeds:
        quicker = clean(samples, round(SAMPLE_RATE * speed)) if speed != 1 else samples
        sound = log_mel(quicker, decoder.n_mels)
        practised = engine._hear_practised(sound, quicker.size)[: SHORT.frames(quicker.size)]
        found[f"practised {speed:g}"] = decode(with_tail(practised, engine.tail, SHORT.tail), adapted)
        found[f"{FIRST} {speed:g}"] = decode(encode(decoder, sound, quicker.size, engine.tail), adapted)
    return found


def asked(first: Heard, threshold: float) -> bool:
    return first.flagged or first.score < threshold


def kept(one: dict[str, Heard], start: str, rules: Sequence[_Rule]) -> Heard:
    """The text of the first rule under which another one than ``start``'s is asked for and is surer; else that."""
    first = one[start]
    for threshold, margin, name in rules:
        other = one[name]
        if asked(first, threshold) and not other.flagged and (first.flagged or other.score > first.score + margin):
            return other
    return first


def errors(said: list[Utterance], texts: list[Heard], rows: NDArray[np.bool_]) -> tuple[float, float]:
    """Wrong words (clipped) and words of these rows."""
    places = np.flatnonzero(rows)
    if not places.size:
        return 0.0, 0.0
    counts = score([said[n].text for n in places], [texts[n].text for n in places]).counts
    return float(counts.clipped.sum()), float(counts.words.sum())


if __name__ == "__main__":
    sys.exit(main())
