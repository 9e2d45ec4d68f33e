"""Everything that decides a training run, in one frozen dataclass that is written beside its result."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import OptionError

METHODS = ("hypernetwork", "lora", "full")
GENERATORS = ("mlp", "linear")
EMBEDDINGS = ("last", "attention", "layers")
# The matrices that can be adapted, by the names of the paper (W1 is fc1, W2 fc2). Those of the
# encoder need the recordings, not only the cached states: several times slower.
TARGETS = (
    *("w1", "w2", "q", "k", "v", "o", "cross.q", "cross.k", "cross.v", "cross.o"),
    *("encoder.w1", "encoder.w2", "encoder.q", "encoder.k", "encoder.v", "encoder.o"),
)


@dataclass(frozen=True)
class Recipe:
    """How one adaptation is trained.

    Attributes:
        method: ``hypernetwork``; ``lora``, one static LoRA for everybody in the training set
            (a cohort or a person where the training set is one); ``full``, all weights of the
            decoder's layers, and of the encoder's where a target is one of the encoder's.
        generator: of the hypernetwork: ``mlp`` or ``linear``.
        targets: matrices that are changed; of a hypernetwork w1, encoder.w1 or both (one that also writes the
            encoder's needs a second pass of the encoder: ``idiolect evaluate`` runs it, the app does not).
        rank, alpha: of the LoRA; the change is scaled by alpha / rank.
        cores: train only a rank x rank core between the matrix's own leading singular vectors
            (LoRA-XS, arXiv 2405.17604): budgets below that of one rank.
        embedding: what the hypernetwork hears: ``last``, mean and standard deviation of the encoder's
            last layer, as the engine; for comparison only ``attention``, the same under learnt
            weights of the frames, and ``layers``, mean and standard deviation of every layer.
        hidden: width of the hypernetwork's trunk.
        voices: dimensions in which the trunk sees the embedding: those that tell training speakers apart
            best (``training.voicespace``), fixed; 0: all of it, through weights that are learnt.
        anchor: how large what all voices share is in the trunk's output beside what a voice adds (root mean square).
            The norm behind the trunk keeps directions only: without an anchor a voice near the mean of all is
            sent wherever its noise points.
        epochs, batch: passes over the training set, utterances in a step over all processes.
        lr, lr_static: peak learning rates of the generator, and of the static A and B (or of a
            static LoRA, or full fine-tuning); both rise over ``warmup`` steps and fall as a cosine.
        weight_decay: of the generator's matrices.
        clip: largest norm of the gradient.
        kl: weight of the Kullback-Leibler divergence from unadapted Whisper on typical speech.
        kl_right: the same on all other speech, for tokens that unadapted Whisper gets right by itself.
        size_penalty: weight of the mean squared change of W1 against W1's own.
        weaker: share of utterances trained at a random strength between 0.25 and 1, so that a
            strength below one, which the engine may choose, means something.
        noise: standard deviation of what is added to the standardised speaker embedding.
        dropout: of the trunk's output.
        speaker_mean: share of utterances that get a random average of their speaker's embeddings instead
            of their own: a short utterance's embedding also tells its words, which are not to be learnt.
        dev_every: steps between two looks at the development speakers.
        patience: looks without progress after which training stops.
        slack: a later look takes the place of the best while its loss is no more than this share above it: weights at
            the end of the schedule hold less of the noise of single steps.
        held_out: share of the training people's utterances that is kept out of training, to see how well
            known people are understood when they say something new.
        seed: decides the order, the noise and the first weights.
    """

    method: str = "hypernetwork"
    generator: str = "mlp"
    targets: tuple[str, ...] = ("w1",)
    rank: int = 4
    alpha: float = 4.0
    cores: bool = False
    embedding: str = "last"
    hidden: int = 128
    voices: int = 16
    anchor: float = 0.0
    epochs: float = 3.0
    batch: int = 16
    lr: float = 4e-4
    lr_static: float = 4e-4
    weight_decay: float = 0.05
    warmup: int = 50
    clip: float = 1.0
    kl: float = 1.0
    kl_right: float = 0.5
    size_penalty: float = 0.0
    weaker: float = 0.3
    noise: float = 0.0
    dropout: float = 0.1
    speaker_mean: float = 0.3
    dev_every: int = 100
    patience: int = 8
    slack: float = 0.0
    held_out: float = 0.03
    seed: int = 1

    def __post_init__(self) -> None:
        """Raises OptionError where a value makes no sense."""
        if self.method not in METHODS or self.generator not in GENERATORS:
            raise OptionError(f"The method must be one of {', '.join(METHODS)}, the generator mlp or linear.")
        if self.embedding not in EMBEDDINGS or (self.voices and self.embedding != "last"):
            raise OptionError(f"The embedding must be one of {', '.join(EMBEDDINGS)}; voices needs last.")
        unknown = set(self.targets) - set(TARGETS)
        if unknown or not self.targets:
            raise OptionError(f"There is no matrix {', '.join(sorted(unknown))}: choose from {', '.join(TARGETS)}.")
        if self.method == "hypernetwork" and not set(self.targets) <= {"w1", "encoder.w1"}:
            raise OptionError("A hypernetwork writes w1, encoder.w1 or both: other matrices need --method lora.")
        if min(self.rank, self.batch, self.dev_every, self.hidden) < 1 or self.epochs <= 0:
            raise OptionError("The rank, batch, width, epochs and steps between looks must be above 0.")
        if not 0 <= self.held_out < 1:
            raise OptionError("The share held out must be between 0 and 1.")


def save_recipe(recipe: Recipe, path: Path, **more: Any) -> None:
    """Write the recipe, with what else describes the run, as JSON."""
    from engine.paths import write_private

    write_private(path, (json.dumps({"recipe": asdict(recipe), **more}, indent=1) + "\n").encode())


def load_recipe(path: Path) -> Recipe:
    """Read a recipe back: the JSON of ``save_recipe``, or the bare fields.

    Raises:
        OptionError: the file is not a recipe.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        values = values.get("recipe", values)
        values["targets"] = tuple(values.get("targets", ("w1",)))
        return Recipe(**values)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        known = ", ".join(field.name for field in fields(Recipe))
        raise OptionError(f"{path} is not a recipe: it must be a JSON object with some of {known}.") from error
