"""What a batch of packed recordings sounds like to Whisper: joined, changed and made into log-mels on the device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.context import FRAME, QUICK, SHORT, SPEECH
from engine.mel import HOP, N_FFT, mel_filters
from training.practise.packed import RATE, TEXT, read_sound

_FEWEST = 10  # frames of speech: with fewer every frame counts, as in ``engine.embedding``
Unit = tuple[int, ...]  # recordings of one person, said one after the other


@dataclass(frozen=True)
class Changes:
    """How training recordings are changed: largest values, and the shares of those that are changed.

    Attributes:
        joined: share of the recordings that go on with one or two more of the same person.
        slower, faster: bounds of the speed.
        noise, reverb, tilt: shares that get noise of 8 to 35 dB, a room of .1 to .6 s, another microphone's colour.
        masks: bands of frequency and of time that are blotted out (SpecAugment, Park et al. 2019).
    """

    joined: float = 0.25
    slower: float = 0.85
    faster: float = 1.2
    noise: float = 0.3
    reverb: float = 0.2
    tilt: float = 0.3
    masks: int = 2


@dataclass(frozen=True)
class Heard:
    """``mel`` (n, n_mels, 2 * t), ``lengths`` (n,) frames that the engine computes, ``speech`` bool (n, t)."""

    mel: Tensor
    lengths: Tensor
    speech: Tensor


class Sounds:
    """Packed recordings on a device."""

    def __init__(self, folder: Path, splits: Sequence[str], device: torch.device, cohort: str = "") -> None:
        self.index, samples = read_sound(folder, splits, cohort)
        self.device = device
        self.starts = np.concatenate([[0], np.cumsum([packed.samples for packed in self.index])])
        self.samples = torch.from_numpy(samples).to(device)
        self.speech = [torch.from_numpy(packed.frames()).to(device) for packed in self.index]
        self.filters = torch.from_numpy(np.array(mel_filters(80))).to(device)
        self.of_speaker: defaultdict[str, list[int]] = defaultdict(list)
        for number, packed in enumerate(self.index):
            self.of_speaker[packed.speaker].append(number)

    def units(self, split: str) -> list[Unit]:
        """Every recording of ``split`` by itself."""
        return [(n,) for n, packed in enumerate(self.index) if packed.split == split]

    def joined(self, units: Sequence[Unit], changes: Changes, rng: np.random.Generator) -> list[Unit]:
        """Some of ``units`` followed by one or two more of the same person, at most 24 s in all."""
        found = []
        for unit in units:
            chain = list(unit)
            while len(chain) < 3 and rng.random() < changes.joined:
                other = int(rng.choice(self.of_speaker[self.index[unit[0]].speaker]))
                longer = (*chain, other)
                if self.size(longer) > 24 * RATE or len(self.tokens(longer)) > TEXT:
                    break
                chain.append(other)
            found.append(tuple(chain))
        return found

    def size(self, unit: Unit) -> int:
        return sum(self.index[n].samples for n in unit)

    def tokens(self, unit: Unit) -> list[int]:
        return [token for n in unit for token in self.index[n].tokens]

    def batches(self, units: Sequence[Unit], frames: int, rng: np.random.Generator | None) -> Iterator[list[Unit]]:
        """``units`` of about the same length together, at most ``frames`` encoder frames; shuffled by ``rng``."""
        order = np.arange(len(units)) if rng is None else rng.permutation(len(units))
        parts: list[list[Unit]] = []
        for first in range(0, len(order), 2048):
            part: list[Unit] = []
            for n in sorted(order[first : first + 2048], key=lambda n: self.size(units[n])):
                if part and (len(part) + 1) * _frames(self.size(units[n])) > frames:
                    parts.append(part)
                    part = []
                part.append(units[n])
            parts.append(part)
        chosen = range(len(parts)) if rng is None else rng.permutation(len(parts))
        return (parts[int(n)] for n in chosen)

    def hear(
        self, units: Sequence[Unit], changes: Changes | None = None, rng: np.random.Generator | None = None
    ) -> Heard:
        """The log-mels of ``units``, unchanged without ``changes``."""
        waves, masks = zip(*(self._wave(unit, changes, rng) for unit in units), strict=True)
        sizes = [wave.numel() for wave in waves]
        sound = torch.zeros(len(units), max(sizes), device=self.device)
        frames = [_frames(size) for size in sizes]
        speech = torch.zeros(len(units), max(frames), dtype=torch.bool, device=self.device)
        for row, (wave, mask) in enumerate(zip(waves, masks, strict=True)):
            sound[row, : wave.numel()] = wave
            mask = mask | (mask.sum() < _FEWEST)
            speech[row, : min(mask.numel(), frames[row])] = mask[: frames[row]]
        if changes is not None and rng is not None:
            sound = _roomy(sound, changes, rng)
            sound = _noisy(sound, sizes, changes, rng)
        mel = self._log_mel(sound, sizes, max(frames))
        if changes is not None and rng is not None:
            mel = _masked(mel, sizes, changes, rng)
        return Heard(mel, torch.tensor(frames, device=self.device), speech)

    def _wave(self, unit: Unit, changes: Changes | None, rng: np.random.Generator | None) -> tuple[Tensor, Tensor]:
        """float32 (n,) and bool (ceil(n / 320),): the recordings one after the other, at one speed."""
        speed = 1.0
        if changes is not None and rng is not None:
            speed = float(rng.uniform(changes.slower, changes.faster))
        parts, masks = [], []
        for place, n in enumerate(unit):
            wave = self.samples[self.starts[n] : self.starts[n + 1]].float() / 32768
            mask = self.speech[n]
            if place:  # a pause between two sentences: whole frames of silence
                gap = 20 if rng is None else int(rng.integers(10, 45))
                parts.append(torch.zeros(gap * FRAME, device=self.device))
                masks.append(torch.zeros(gap, dtype=torch.bool, device=self.device))
            if speed != 1.0:
                at = torch.arange(0, wave.numel() - 1, speed, device=self.device, dtype=torch.float64)
                left = at.long()
                share = (at - left).float()
                wave = wave[left] * (1 - share) + wave[left + 1] * share
                count = -(-wave.numel() // FRAME)
                source = (torch.arange(count, device=self.device) * speed).long().clamp(max=mask.numel() - 1)
                mask = mask[source]
            if place < len(unit) - 1:
                wave = functional.pad(wave, (0, -wave.numel() % FRAME))
            parts.append(wave)
            masks.append(mask)
        return torch.cat(parts), torch.cat(masks)

    def _log_mel(self, sound: Tensor, sizes: list[int], frames: int) -> Tensor:
        """As ``engine.mel.log_mel`` and ``engine.context.padded_mel``: (n, n_mels, 2 * frames)."""
        half = N_FFT // 2
        padded = torch.cat([sound[:, 1 : half + 1].flip(1), sound], dim=1)
        padded = functional.pad(padded, (0, max(0, 2 * frames * HOP + N_FFT - padded.shape[1])))
        window = torch.hann_window(N_FFT, device=self.device)
        spectrum = torch.stft(padded, N_FFT, HOP, window=window, center=False, return_complex=True)
        power = spectrum.abs().square()[:, :, : 2 * frames]
        log = (self.filters @ power).clamp(min=1e-10).log10()
        ends = torch.tensor([-(-size // HOP) for size in sizes], device=self.device)
        inside = torch.arange(log.shape[2], device=self.device) < ends[:, None] + N_FFT // HOP
        top = log.masked_fill(~inside[:, None], -10.0).amax((1, 2), keepdim=True)
        log = (torch.maximum(log, top - 8.0) + 4.0) / 4.0
        inside = torch.arange(log.shape[2], device=self.device) < ends[:, None]
        return torch.where(inside[:, None], log, (top - 8.0 + 4.0) / 4.0)


def _frames(size: int) -> int:
    return (SPEECH if size <= QUICK else SHORT).frames(size)


def _chosen(count: int, share: float, rng: np.random.Generator) -> NDArray[np.intp]:
    return np.flatnonzero(rng.random(count) < share)


def _roomy(sound: Tensor, changes: Changes, rng: np.random.Generator) -> Tensor:
    """Some of the rows in a room: noise that dies away after the direct sound."""
    rows = _chosen(len(sound), changes.reverb, rng)
    if not rows.size:
        return sound
    length = RATE // 2
    seconds = torch.from_numpy(rng.uniform(0.1, 0.6, (rows.size, 1))).float().to(sound.device)
    loud = torch.from_numpy(10 ** (rng.uniform(-12, 3, (rows.size, 1)) / 20)).float().to(sound.device)
    at = torch.arange(length, device=sound.device) / RATE
    echo = torch.randn(rows.size, length, device=sound.device) * torch.exp(-6.9 * at / seconds)
    echo = echo / echo.norm(dim=1, keepdim=True) * loud
    echo[:, : RATE // 500] = 0
    echo[:, 0] = 1.0
    n = sound.shape[1] + length
    index = torch.from_numpy(rows).to(sound.device)
    wet = torch.fft.irfft(torch.fft.rfft(sound[index], n) * torch.fft.rfft(echo, n), n)[:, : sound.shape[1]]
    return sound.index_copy(0, index, wet)


def _noisy(sound: Tensor, sizes: list[int], changes: Changes, rng: np.random.Generator) -> Tensor:
    """Some of the rows with white or pink noise."""
    rows = _chosen(len(sound), changes.noise, rng)
    if not rows.size:
        return sound
    index = torch.from_numpy(rows).to(sound.device)
    noise = torch.randn(rows.size, sound.shape[1], device=sound.device)
    spectrum = torch.fft.rfft(noise)
    slope = torch.from_numpy(rng.uniform(0, 0.6, (rows.size, 1))).float().to(sound.device)
    bins = torch.arange(1, spectrum.shape[1] + 1, device=sound.device)
    noise = torch.fft.irfft(spectrum * bins**-slope, sound.shape[1])
    inside = torch.arange(sound.shape[1], device=sound.device) < torch.tensor(sizes, device=sound.device)[index, None]
    noise = noise * inside
    decibels = torch.from_numpy(rng.uniform(8, 35, (rows.size, 1))).float().to(sound.device)
    loud = sound[index].norm(dim=1, keepdim=True) / noise.norm(dim=1, keepdim=True).clamp(min=1e-6)
    return sound.index_add(0, index, noise * loud * 10 ** (-decibels / 20))


def _masked(mel: Tensor, sizes: list[int], changes: Changes, rng: np.random.Generator) -> Tensor:
    """Another microphone's colour on some of the rows, and bands blotted out."""
    n, bands, columns = mel.shape
    keep = np.ones((n, bands, columns), dtype=np.bool_)
    colour = np.zeros((n, bands, 1), dtype=np.float32)
    for row in range(n):
        if rng.random() < changes.tilt:
            knots = rng.uniform(-0.15, 0.15, 4)
            colour[row, :, 0] = np.interp(np.linspace(0, 3, bands), np.arange(4), knots)
        end = min(columns, -(-sizes[row] // HOP))
        for _ in range(changes.masks):
            start = int(rng.integers(0, bands - 11))
            keep[row, start : start + int(rng.integers(1, 11)), :end] = False
            start = int(rng.integers(0, max(1, end - 20)))
            keep[row, :, start : start + int(rng.integers(1, 20))] = False
    seen = torch.from_numpy(keep).to(mel.device)
    middle = mel.mean((1, 2), keepdim=True)
    # What lay at the floor of 8 below the loudest stays there, as after the engine's clamp.
    coloured = torch.maximum(mel + torch.from_numpy(colour).to(mel.device), mel.amin((1, 2), keepdim=True))
    return torch.where(seen, coloured, middle)
