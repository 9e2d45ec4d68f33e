"""The practised encoder: a residual for everybody, learnt from many simulated people at once.

It ships beside the hypernetwork; ``training.learning.start`` makes it. Always in use it would do real people more
harm than good (docs/experiments.md), so it is used in two places only, where it has to prove itself each time: a
recording whose text is in doubt is heard again with it (``engine.weighing``), a little quicker than it was spoken, and
a person's own residual begins with it.
"""

from __future__ import annotations

from engine.errors import ModelError, ProfileError
from engine.paths import assets_dir
from engine.profile import Residual, load_residual

SPEED = 1.1  # of a recording that is heard again (docs/experiments.md, ninth round)


def shipped_residual(base_sha256: str) -> Residual | None:
    """The residual that ships for this base model; None where there is none.

    Raises:
        ModelError: its file is damaged.
    """
    for path in sorted(assets_dir().glob("residual-*.safetensors")):
        try:
            residual = load_residual(path.parent, name=path.name)
        except ProfileError as error:
            raise ModelError(f"{path} is damaged: install Idiolect again.") from error
        if residual is not None and residual.base_sha256 == base_sha256:
            return residual
    return None
