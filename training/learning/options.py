"""How a person's residual is fitted and judged."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import IdiolectError

# Matrices that a residual may change: half of the model and the name of the paper (W1 is fc1, W2 fc2).
TARGETS = {
    "encoder.w1": "fc1",
    "encoder.w2": "fc2",
    "encoder.q": "self_attn.q_proj",
    "encoder.k": "self_attn.k_proj",
    "encoder.v": "self_attn.v_proj",
    "encoder.o": "self_attn.out_proj",
    "decoder.w1": "fc1",
    "decoder.w2": "fc2",
    "decoder.q": "self_attn.q_proj",
    "decoder.k": "self_attn.k_proj",
    "decoder.v": "self_attn.v_proj",
    "decoder.o": "self_attn.out_proj",
    "decoder.cross.q": "encoder_attn.q_proj",
    "decoder.cross.o": "encoder_attn.out_proj",
}
ENCODER = ("encoder.w1", "encoder.q", "encoder.v")
DECODER = ("decoder.w1",)


class LearnError(IdiolectError):
    """Nothing can be learnt from these corrections."""


@dataclass(frozen=True)
class LearnOptions:
    """How a person's residual is fitted.

    Attributes:
        targets: the matrices that get a LoRA, names of ``TARGETS``.
        first_layer: encoder layers below stay as they are; their states are computed once.
        start: how much of what simulated people had in common (``training.learning.start``) a fit begins with;
            0: it begins with nothing.
        rank: of the LoRA, where it begins with nothing; its scale is one.
        epochs, batch: passes over the corrections, corrections in a step.
        lr: peak learning rate, of a fit that begins with nothing twice that; rises over five steps and falls as a
            cosine.
        kl: weight of the divergence from unadapted Whisper on tokens it gets right, and on typical speech.
        views: differently changed copies of every correction; each epoch hears another one.
        speed, noise: largest change of speed, largest noise (share of the loudness).
        masks: SpecAugment: bands of time and of frequency that are blotted out.
        folds: parts of the corrections; each is judged by a fit on all the others. 0: three, or two where there are
            more than 32, which takes half the time.
        worth: relative fall of the error rate on unheard corrections below which nothing is kept.
        typical: how much the error rate on typical speech may rise: less than one word of what is judged there.
    """

    targets: tuple[str, ...] = ENCODER
    first_layer: int = 0
    start: float = 1.0
    rank: int = 4
    epochs: int = 4
    batch: int = 2
    lr: float = 5e-4
    kl: float = 0.5
    views: int = 4
    speed: float = 0.08
    noise: float = 0.02
    masks: int = 2
    folds: int = 0
    worth: float = 0.02
    typical: float = 0.01
    seed: int = 1

    def parts(self, count: int) -> int:
        """Into how many parts ``count`` corrections are dealt."""
        return min(count, self.folds or (3 if count <= 32 else 2))
