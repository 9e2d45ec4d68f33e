"""When personalization is doubted: thresholds for ``engine.weighing``, from simulated development speakers.

    python -m training.calibrate --manifest FILE ... --hypernetwork FILE [--split dev] [--model base]

Every utterance is decoded with personalization, and without it at Whisper's own 30 s of
context. Chosen are the score below which both texts are decoded and the margin by which the
plain text must then win: the most doubt, for at most a quarter of the utterances, that costs
at most 5 % of the gain; and the distance up to which a voice counts as familiar. They are
written into the hypernetwork's file.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path

import numpy as np
from tqdm import tqdm

from engine.audio import SAMPLE_RATE, load_audio
from engine.context import encode, encode_again
from engine.decoder import DecodeOptions
from engine.embedding import speaker_embedding, speech_frames
from engine.errors import OptionError
from engine.guards import flags
from engine.hypernetwork import Hypernetwork, load_hypernetwork, save_hypernetwork
from engine.mel import log_mel
from engine.options import EngineOptions, GuardOptions
from engine.transcriber import Transcriber, token_limit
from engine.weighing import Weighing
from training.command import guarded
from training.manifest import Utterance, read_manifest
from training.score import score

MOST_DOUBTED = 0.25  # share of utterances that may cost a second decoding
MOST_LOST = 0.05  # share of the gain that the doubt may cost


@dataclass(frozen=True)
class Decodings:
    """One entry an utterance: average log-probabilities, clipped word errors, distance of the voice."""

    adapted: np.ndarray
    plain: np.ndarray
    adapted_errors: np.ndarray
    plain_errors: np.ndarray
    distance: np.ndarray


def decode_both(utterances: list[Utterance], engine: Transcriber) -> Decodings:
    """Decode ``utterances`` with personalization, and as Whisper does by itself (30 s of context)."""
    network, decoder, tokenizer = engine.hypernetwork, engine.decoder, engine.tokenizer
    assert network is not None
    prompt, guards = tokenizer.prompt("en"), GuardOptions()
    scores: list[tuple[float, float, float]] = []
    texts: tuple[list[str], list[str]] = ([], [])
    for utterance in tqdm(utterances, unit="utt"):
        audio = load_audio(utterance.audio)
        mel, seconds = log_mel(audio, decoder.n_mels), audio.size / SAMPLE_RATE
        states = encode(decoder, mel, audio.size, engine.tail)
        embedding = speaker_embedding(states, speech_frames(audio))
        decoder.adapt(network(embedding))
        options = DecodeOptions(max_tokens=token_limit(seconds))
        adapted = decoder.decode(states, prompt, options, adapted=True).hypotheses[0]
        whole = encode_again(decoder, mel, audio.size, states)
        decoded = decoder.decode(whole, prompt, options, adapted=False)
        plain = decoded.hypotheses[0]
        for found, one in zip(texts, (adapted, plain), strict=True):
            found.append(tokenizer.decode(one.tokens).strip())
        fired = flags(texts[1][-1], plain.tokens, plain.avg_logprob, decoded.no_speech_prob, seconds, guards)
        # The engine keeps no plain text that a guard holds back.
        scores.append((adapted.avg_logprob, -np.inf if fired else plain.avg_logprob, network.distance(embedding)))
    references = [utterance.text for utterance in utterances]
    errors = [score(references, found).counts.clipped for found in texts]
    adapted_scores, plain_scores, distance = np.array(scores).T
    return Decodings(adapted_scores, plain_scores, errors[0], errors[1], distance)


def choose(found: Decodings) -> Weighing:
    """The most doubt that costs at most 5 % of what personalization gains on these utterances.

    Simulated speakers alone would ask for none: it is real ones who need the second opinion.
    """
    always, never = float(found.adapted_errors.sum()), float(found.plain_errors.sum())
    allowed = always + max(0.0, MOST_LOST * (never - always))
    best = Weighing(doubt=-10.0)
    for doubt in np.quantile(found.adapted, np.linspace(0.01, MOST_DOUBTED, 25)):
        for margin in (0.2, 0.1, 0.05, 0.02, 0.0, -0.02, -0.05, -0.1):
            if errors_under(found, float(doubt), margin) <= allowed:
                best = replace(best, doubt=float(doubt), margin=margin)
    familiar = float(np.quantile(found.distance, 0.99))
    return replace(best, near=max(1.0, familiar), far=2.5 * max(1.0, familiar))


def errors_under(found: Decodings, doubt: float, margin: float) -> float:
    """Wrong words where a doubted text gives way to a plain one that scores better by ``margin``."""
    plain = (found.adapted < doubt) & (found.plain > found.adapted + margin)
    return float(np.where(plain, found.plain_errors, found.adapted_errors).sum())


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__.splitlines()[0])
    parser.add_argument("--manifest", type=Path, nargs="+", required=True, help="of people that were not trained on")
    parser.add_argument("--hypernetwork", type=Path, required=True, help="the file the thresholds are written into")
    parser.add_argument("--model", default="base", help="catalogue name or model directory (default: %(default)s)")
    parser.add_argument("--split", nargs="+", default=["dev"], help="only these splits (default: dev)")
    parser.add_argument("--each", type=int, help="at most so many utterances of one person")
    options = parser.parse_args(argv)
    return guarded(lambda: _calibrate(options))


def _speaker(utterance: Utterance) -> str:
    return utterance.speaker


def _calibrate(options: argparse.Namespace) -> int:
    network = load_hypernetwork(options.hypernetwork)
    utterances = [u for path in options.manifest for u in read_manifest(path) if u.split in options.split]
    if not utterances:
        raise OptionError(f"The manifests have no utterances of the split {', '.join(options.split)}.")
    utterances.sort(key=_speaker)
    utterances = [u for _, own in groupby(utterances, _speaker) for u in islice(own, options.each)]
    engine = Transcriber(EngineOptions(model=options.model, hypernetwork=str(options.hypernetwork)))
    found = decode_both(utterances, engine)
    chosen = choose(found)
    doubted = float((found.adapted < chosen.doubt).mean())
    wrong = errors_under(found, chosen.doubt, chosen.margin)
    facts = {name: round(getattr(chosen, name), 4) for name in ("near", "far", "doubt", "margin")}
    facts |= {"utterances": len(utterances), "doubted": round(doubted, 4)}
    config = replace(network.config, training={**network.config.training, "calibration": facts})
    save_hypernetwork(Hypernetwork(config, network.tensors), options.hypernetwork)
    print(f"{facts}: {wrong:.0f} wrong words; always personalised {found.adapted_errors.sum():.0f}, "
          f"never {found.plain_errors.sum():.0f}.")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
