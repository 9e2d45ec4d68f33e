"""Learn from one person's corrections: a small LoRA of the encoder, on top of the hypernetwork.

An individual adaptation is fixed, so it may touch any matrix and is merged when the profile
is opened, at no cost per utterance. On real people the encoder is where it helps
(docs/experiments.md). It is fitted twice on halves of the corrections and judged on the
halves it has not heard, and on typical speech, through the engine's own path; only if it is
better there is it fitted on all of them and kept.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.context import SHORT, load_tail, padded_mel
from engine.errors import AudioError, Cancelled, IdiolectError, ProfileError
from engine.hypernetwork import Hypernetwork
from engine.profile import RESIDUAL_FILE, Residual, load_residual, save_residual
from engine.wer import word_errors
from training.manifest import Utterance, read_manifest, sentence_key

FEWEST = 8  # corrected utterances: with fewer, nothing can be judged on what was not heard
FOLDER = "learning"  # in the profile: what is kept of a run, so that it can go on
PREVIOUS = "residual.previous.safetensors"

Array = NDArray[np.float32]
Progress = Callable[[float, str], None]


class LearnError(IdiolectError):
    """Nothing can be learnt from these corrections."""


@dataclass(frozen=True)
class LearnOptions:
    """How a person's residual is fitted.

    Attributes:
        targets: encoder matrices that get a LoRA.
        kl: weight of the divergence from unadapted Whisper on tokens it gets right, and on typical speech.
        speed, noise: augmentation: largest change of speed, largest noise (share of the loudness).
        masks: SpecAugment: bands of time and of frequency that are blotted out.
        worth: relative fall of the error rate on unheard corrections below which nothing is kept.
        typical: how many points the error rate on typical speech may rise.
    """

    targets: tuple[str, ...] = ("fc1", "self_attn.q_proj", "self_attn.v_proj")
    rank: int = 4
    epochs: int = 4
    batch: int = 4
    lr: float = 1e-3
    kl: float = 0.5
    speed: float = 0.08
    noise: float = 0.02
    masks: int = 2
    worth: float = 0.02
    typical: float = 0.01
    seed: int = 1


@dataclass(frozen=True)
class Learned:
    """What a run brought. Rates are fractions, on corrections not heard in training."""

    taken: bool
    utterances: int
    before: float
    after: float
    typical_before: float
    typical_after: float
    sentence: str
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Example:
    audio: Array
    tokens: list[int]
    text: str
    lora: tuple[Array, Array] | None  # of the hypernetwork, for this utterance


def usable(utterances: Sequence[Utterance]) -> tuple[list[tuple[Utterance, Array]], dict[str, int]]:
    """Corrections that can be learnt from, with their sound, and why the others cannot."""
    from engine.audio import load_audio

    kept: dict[str, tuple[Utterance, Array]] = {}
    left: dict[str, int] = {}
    for utterance in utterances:
        reason = None
        audio = np.zeros(0, dtype=np.float32)
        try:
            audio = load_audio(utterance.audio)
        except (AudioError, OSError):
            reason = "the recording is gone or damaged"
        if reason is None and not sentence_key(utterance.text):
            reason = "the text is empty"
        if reason is None and not 0.4 <= audio.size / 16000 <= 28:
            reason = "shorter than 0.4 s or longer than 28 s"
        if reason:
            left[reason] = left.get(reason, 0) + 1
            continue
        # The same recording corrected twice: the last word counts.
        kept[str(utterance.audio)] = (utterance, audio)
    return list(kept.values()), left


def learn(
    profile: Path,
    model: Path,
    base_sha256: str,
    manifest: Path,
    network: Hypernetwork | None,
    options: LearnOptions | None = None,
    on_progress: Progress = lambda share, what: None,
    cancelled: Callable[[], bool] = lambda: False,
    threads: int = 0,
) -> Learned:
    """Fit a residual for ``profile`` from the corrections in ``manifest``; keep it only if it helps.

    Whatever happens, what the profile had stays until something better is written; that one
    can then be taken back with ``undo``.

    Raises:
        LearnError: too few usable corrections, or torch is not installed.
        Cancelled: ``cancelled`` said so; calling again goes on.
        StorageError: the disk is full.
    """
    try:
        import torch
    except ImportError as error:
        raise LearnError("Learning needs an extra part that is not installed: install idiolect[training].") from error
    options = options or LearnOptions()
    pairs, left = usable(read_manifest(manifest))
    if len(pairs) < FEWEST:
        why = "".join(f" {count} left out: {reason}." for reason, count in left.items())
        raise LearnError(
            f"There are {len(pairs)} corrections to learn from, and at least {FEWEST} are needed: "
            f"correct some more and try again.{why}"
        )
    if threads:
        torch.set_num_threads(threads)
    fitter = _Fitter(model, base_sha256, pairs, network, options, cancelled)
    keeper = _Keeper(profile / FOLDER, fitter.fingerprint())
    order = np.random.default_rng(options.seed).permutation(len(pairs))
    halves = [sorted(int(n) for n in order[0::2]), sorted(int(n) for n in order[1::2])]
    on_progress(0.02, "Reading the corrections")
    before = keeper.rates("before") or keeper.keep("before", fitter.judge(None, range(len(pairs))))
    errors = np.zeros(2)
    typical = []
    for fold in (0, 1):
        on_progress(0.1 + 0.3 * fold, "Trying it out on corrections it has not heard")
        judged = keeper.rates(f"fold-{fold}")
        if judged is None:
            start = 0.1 + 0.3 * fold
            residual = fitter.fit(halves[fold], lambda share, s=start: on_progress(s + 0.25 * share, "Learning"))
            judged = keeper.keep(f"fold-{fold}", fitter.judge(residual, halves[1 - fold]))
        errors += [judged["errors"], judged["words"]]
        typical.append(judged["typical"])
    was, now = before["errors"] / max(1, before["words"]), float(errors[0] / max(1, errors[1]))
    typical_was, typical_now = before["typical"], float(np.mean(typical))
    better = was > 0 and (was - now) / was >= options.worth
    harmless = typical_now <= typical_was + options.typical
    if better and harmless:
        residual = fitter.fit(
            range(len(pairs)), lambda share: on_progress(0.7 + 0.28 * share, "Learning from all of them")
        )
        facts = {"utterances": len(pairs), "before": was, "after": now, "options": asdict(options)}
        _take(profile, Residual(base_sha256, residual, facts))
        sentence = (
            f"Learned from {len(pairs)} corrections: on sentences it had not heard, {100 * was:.0f} wrong words "
            f"in a hundred became {100 * now:.0f}."
        )
    elif not better:
        sentence = (
            f"Nothing was changed: on sentences it had not heard, learning brought no clear gain "
            f"({100 * was:.0f} wrong words in a hundred before, {100 * now:.0f} after). More corrections may help."
        )
    else:
        sentence = (
            "Nothing was changed: what was learned would have made other speech worse. More corrections may help."
        )
    keeper.clear()
    on_progress(1.0, "Done")
    return Learned(better and harmless, len(pairs), was, now, typical_was, typical_now, sentence, left)


def undo(profile: Path) -> bool:
    """Go back to what the profile had before the last learning; False where there is nothing to take back."""
    current, previous = profile / RESIDUAL_FILE, profile / PREVIOUS
    if previous.exists():
        os.replace(previous, current)
        return True
    if current.exists():
        current.unlink()
        return True
    return False


def forget(profile: Path) -> None:
    """Delete everything learnt from this person's corrections, for good."""
    for path in (profile / RESIDUAL_FILE, profile / PREVIOUS, *(profile / FOLDER).glob("*")):
        path.unlink(missing_ok=True)


def _take(profile: Path, residual: Residual) -> None:
    from engine.paths import write_private

    current = profile / RESIDUAL_FILE
    if current.exists():
        write_private(profile / PREVIOUS, current.read_bytes())
    save_residual(profile, residual)


class _Keeper:
    """Figures of the stages that are done, so that a run that was stopped goes on after them."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.path = folder / "stages.json"
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = {}
        self.stages: dict[str, Any] = held if held.get("fingerprint") == fingerprint else {"fingerprint": fingerprint}

    def rates(self, stage: str) -> dict[str, float] | None:
        found = self.stages.get(stage)
        return found if isinstance(found, dict) else None

    def keep(self, stage: str, rates: dict[str, float]) -> dict[str, float]:
        from engine.paths import write_private

        self.stages[stage] = rates
        write_private(self.path, json.dumps(self.stages).encode())
        return rates

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)


class _Fitter:
    """The frozen model, the corrections, and the fit itself."""

    def __init__(
        self, model: Path, base_sha256: str, pairs: Sequence[tuple[Utterance, Array]], network: Hypernetwork | None,
        options: LearnOptions, cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        from engine.audio import load_audio
        from engine.ct2 import Ct2Decoder
        from engine.paths import assets_dir
        from engine.tokens import WhisperTokenizer
        from training import whisper

        self.directory, self.options, self.network, self.cancelled = model, options, network, cancelled
        self.base_sha256 = base_sha256
        self.tokenizer = WhisperTokenizer(model)
        self.prompt = self.tokenizer.prompt("en")
        decoder = Ct2Decoder(model, device="cpu")
        self.n_mels = decoder.n_mels
        self.tail = load_tail(decoder, model)
        self.examples = [self._example(decoder, u.text, audio) for u, audio in pairs]
        samples = assets_dir() / "samples" / "manifest.jsonl"
        self.typical = [
            self._example(decoder, u.text, load_audio(u.audio))
            for u in (read_manifest(samples) if samples.exists() else [])
            if u.cohort in ("typical", "accent")
        ]
        del decoder
        self.whisper = whisper.load(model)

    def fingerprint(self) -> str:
        """What the run depends on: another set of corrections starts anew."""
        import hashlib

        digest = hashlib.sha256(json.dumps([self.base_sha256, asdict(self.options)]).encode())
        for example in self.examples:
            digest.update(example.text.encode() + example.audio.tobytes())
        return digest.hexdigest()

    def fit(self, numbers: Sequence[int], on_progress: Callable[[float], None]) -> dict[str, tuple[Array, Array]]:
        """LoRA pairs (B with its scale, A) by CTranslate2 name, fitted to the examples ``numbers``."""
        import torch
        from torch.nn import functional

        from training import whisper

        options = self.options
        rng = np.random.default_rng([options.seed, len(numbers)])
        generator = torch.Generator().manual_seed(options.seed)
        lora: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        for layer in range(self.whisper.encoder_layers):
            for target in options.targets:
                name = f"encoder.layers.{layer}.{target}"
                d_out, d_in = self.whisper.weights[f"{name}.weight"].shape
                a = torch.randn(options.rank, d_in, generator=generator) / math.sqrt(d_in)
                lora[name] = (a.requires_grad_(), torch.zeros(d_out, options.rank, requires_grad=True))
        parameters = [value for pair in lora.values() for value in pair]
        optimizer = torch.optim.AdamW(parameters, lr=options.lr, betas=(0.9, 0.98), weight_decay=0.0)
        per_epoch = math.ceil(len(numbers) / options.batch)
        steps = per_epoch * options.epochs
        tail = torch.from_numpy(self.tail)
        with torch.no_grad():
            silence = whisper.cross(self.whisper, tail[None])
        step = 0
        for _ in range(options.epochs):
            order = sorted(rng.permutation(numbers), key=lambda n: self.examples[n].audio.size // 48000)
            batches = [order[i : i + options.batch] for i in range(0, len(order), options.batch)]
            for position in rng.permutation(len(batches)):
                if self.cancelled():
                    raise Cancelled("Learning was stopped. Start it again to go on.")
                chosen = [(self.examples[n], True) for n in batches[position]]
                if self.typical:
                    chosen.append((self.typical[step % len(self.typical)], False))
                for group in optimizer.param_groups:
                    group["lr"] = options.lr * min(1.0, (step + 1) / 5) * 0.5 * (1 + math.cos(math.pi * step / steps))
                mels = [
                    self._mel(self._augmented(e.audio, rng) if own else e.audio, rng if own else None)
                    for e, own in chosen
                ]
                frames = max(mel.shape[1] for mel in mels) // 2
                batch = torch.from_numpy(np.stack([padded_mel(mel, frames) for mel in mels]))
                longest = max(len(e.tokens) for e, _ in chosen) - 1
                tokens = torch.zeros(len(chosen), longest, dtype=torch.long)
                target = torch.full((len(chosen), longest), -100)
                for row, (example, _) in enumerate(chosen):
                    tokens[row, : len(example.tokens) - 1] = torch.tensor(example.tokens[:-1])
                    start = len(self.prompt)
                    target[row, start - 1 : len(example.tokens) - 1] = torch.tensor(example.tokens[start:])
                wanted = target[target != -100]
                own_rows = torch.tensor([own for _, own in chosen])[:, None].expand_as(target)[target != -100]
                decoder_lora = self._decoder_lora([example for example, _ in chosen])
                logs, reference = [], None
                for change in (whisper.NO_LORA, lora):
                    with torch.set_grad_enabled(change is lora):
                        states = whisper.encode(self.whisper, batch, change)
                        lengths = torch.full((len(chosen),), frames)
                        seen = whisper.with_tail(whisper.cross(self.whisper, states), lengths, silence, SHORT.tail)
                        hidden = whisper.decode(self.whisper, tokens, seen, decoder_lora)[target != -100]
                        logs.append(whisper.logits(self.whisper, hidden).log_softmax(-1))
                reference, found = logs
                held = (~own_rows | (reference.argmax(-1) == wanted)).float()
                divergence = (reference.exp() * (reference - found)).sum(-1)
                entropy = functional.nll_loss(found[own_rows], wanted[own_rows])
                loss = entropy + options.kl * (divergence * held).sum() / held.sum().clamp(min=1)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                step += 1
                on_progress(step / steps)
        return self._named({name: (a.detach().numpy(), b.detach().numpy()) for name, (a, b) in lora.items()})

    def judge(self, residual: dict[str, tuple[Array, Array]] | None, numbers: Sequence[int]) -> dict[str, float]:
        """Errors and words on the examples ``numbers``, error rate on typical speech, by the engine's own decoder."""
        from engine.context import encode
        from engine.ct2 import Ct2Decoder
        from engine.decoder import DecodeOptions
        from engine.embedding import speaker_embedding, speech_frames
        from engine.mel import log_mel
        from engine.transcriber import token_limit

        merged = Residual(self.base_sha256, residual).deltas() if residual else None
        decoder = Ct2Decoder(self.directory, device="cpu", merged=merged)

        def rate(examples: Sequence[_Example]) -> tuple[int, int]:
            wrong = words = 0
            for example in examples:
                if self.cancelled():
                    raise Cancelled("Learning was stopped. Start it again to go on.")
                audio = example.audio
                states = encode(decoder, log_mel(audio, self.n_mels), audio.size, self.tail)
                if self.network is not None:
                    decoder.adapt(self.network(speaker_embedding(states, speech_frames(audio))))
                limit = token_limit(audio.size / 16000)
                decoded = decoder.decode(
                    states, self.prompt, DecodeOptions(5, 1, limit), adapted=self.network is not None
                )
                counts = word_errors(example.text, self.tokenizer.decode(decoded.hypotheses[0].tokens))
                wrong, words = wrong + min(counts.errors, max(counts.words, 1)), words + counts.words
            return wrong, words

        wrong, words = rate([self.examples[n] for n in numbers])
        typical_wrong, typical_words = rate(self.typical)
        return {"errors": float(wrong), "words": float(words), "typical": typical_wrong / max(1, typical_words)}

    def _example(self, decoder: Any, text: str, audio: Array) -> _Example:
        from engine.embedding import speaker_embedding, speech_frames

        text = text.strip()
        lora = None
        if self.network is not None:
            states = decoder.encode(self._mel(audio, None))
            made = self.network(speaker_embedding(states, speech_frames(audio)))
            lora = (made.a, made.b * np.float32(made.scale))
        tokens = [*self.prompt, *self.tokenizer.encode(" " + text)[:200], self.tokenizer.special.eot]
        return _Example(audio, tokens, text, lora)

    def _decoder_lora(self, examples: Sequence[_Example]) -> dict[str, Any]:
        import torch

        if self.network is None:
            return {}
        a = torch.from_numpy(np.stack([e.lora[0] for e in examples if e.lora is not None]))
        b = torch.from_numpy(np.stack([e.lora[1] for e in examples if e.lora is not None]))
        return {f"decoder.layers.{n}.fc1": (a[:, n], b[:, n]) for n in range(a.shape[1])}

    def _mel(self, audio: Array, rng: np.random.Generator | None) -> Array:
        """Log-mel at the engine's context; with ``rng`` some bands are blotted out (SpecAugment)."""
        from engine.mel import log_mel

        mel = padded_mel(log_mel(audio, self.n_mels), SHORT.frames(audio.size))
        if rng is not None:
            for _ in range(self.options.masks):
                band, start = int(rng.integers(1, 11)), int(rng.integers(0, self.n_mels - 11))
                mel[start : start + band] = mel.mean()
                length = int(rng.integers(1, 16))
                start = int(rng.integers(0, max(1, audio.size // 160 - length)))
                mel[:, start : start + length] = mel.mean()
        return mel

    def _augmented(self, audio: Array, rng: np.random.Generator) -> Array:
        speed = 1 + rng.uniform(-self.options.speed, self.options.speed)
        positions = np.arange(0, audio.size - 1, speed)
        changed = np.interp(positions, np.arange(audio.size), audio)
        noise = rng.uniform(0, self.options.noise) * float(np.sqrt(np.mean(np.square(audio)) + 1e-12))
        return np.asarray(changed + noise * rng.standard_normal(changed.size), dtype=np.float32)

    def _named(self, pairs: dict[str, tuple[Array, Array]]) -> dict[str, tuple[Array, Array]]:
        """(B, A) by CTranslate2 name; q, k and v lie stacked in one matrix there, so theirs become one wider LoRA."""
        d, rank = self.whisper.d_model, self.options.rank
        out: dict[str, tuple[Array, Array]] = {}
        for layer in range(self.whisper.encoder_layers):
            prefix, stacked = f"encoder.layers.{layer}.", []
            for name, (a, b) in pairs.items():
                if not name.startswith(prefix):
                    continue
                target = name.removeprefix(prefix)
                if target in ("fc1", "fc2"):
                    out[f"encoder/layer_{layer}/ffn/linear_{int(target == 'fc2')}/weight"] = (b, a)
                elif target == "self_attn.out_proj":
                    out[f"encoder/layer_{layer}/self_attention/linear_1/weight"] = (b, a)
                else:
                    tall = np.zeros((3 * d, rank), dtype=np.float32)
                    place = "qkv".index(target.removeprefix("self_attn.")[0])
                    tall[place * d : (place + 1) * d] = b
                    stacked.append((tall, a))
            if stacked:
                out[f"encoder/layer_{layer}/self_attention/linear_0/weight"] = (
                    np.concatenate([tall for tall, _ in stacked], axis=1),
                    np.concatenate([a for _, a in stacked], axis=0),
                )
        return out


def main(argv: list[str]) -> int:
    """``idiolect learn PROFILE``."""
    parser = argparse.ArgumentParser(
        prog="idiolect learn",
        description="Learn from a person's corrections. What is learned is kept only if it helps on corrections "
        "it has not heard; it can be undone.",
    )
    parser.add_argument("profile", help="the profile's name or folder")
    parser.add_argument("--manifest", type=Path, help="corrections (default: those kept in the profile)")
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE", help="auto (shipped), none, or a file")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=LearnOptions.epochs)
    parser.add_argument("--undo", action="store_true", help="take the last learning back")
    parser.add_argument("--forget", action="store_true", help="delete all that was learned, for good")
    options = parser.parse_args(argv)
    folder = _profile_folder(options.profile)
    if options.forget:
        forget(folder)
        print("All that was learned has been deleted.")
        return 0
    if options.undo:
        print("Taken back." if undo(folder) else "There is nothing to take back.")
        return 0
    from tqdm import tqdm

    from engine.models import locate, model_sha256
    from engine.transcriber import find_hypernetwork

    directory = locate(options.model)
    sha256 = model_sha256(directory)
    load_residual(folder, sha256)  # says so now if it belongs to another model
    network = find_hypernetwork(options.hypernetwork, sha256)
    manifest = options.manifest or folder / "corrections" / "manifest.jsonl"
    if not manifest.exists():
        raise LearnError(f"There are no corrections in {folder}: correct some dictations first.")
    os.nice(10)
    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", file=sys.stderr) as bar:

        def show(share: float, what: str) -> None:
            bar.set_description(what)
            bar.update(100 * share - bar.n)

        learned = learn(
            folder, directory, sha256, manifest, network,
            replace(LearnOptions(), epochs=options.epochs), show, threads=options.threads,
        )  # fmt: skip
    print(learned.sentence)
    for reason, count in learned.left_out.items():
        print(f"{count} left out: {reason}.")
    return 0


def _profile_folder(name: str) -> Path:
    from engine.paths import data_dir

    for folder in (Path(name).expanduser(), data_dir() / "profiles" / name):
        if folder.is_dir():
            return folder
    raise ProfileError(f"There is no profile '{name}': give its name or its folder.")
