"""How much personalization an utterance gets: personalization may never make a person worse off.

A voice unlike any of training's gets less of it. A recording whose text the adapted decoder is
unsure of is heard again by the practised encoder (``engine.practised``); where its text is clearly
less sure, and the first one's in doubt, that is held against plain Whisper's at 30 s of context. The
thresholds are calibrated on simulated development speakers and typical speech
(``training/calibrate.py``) and travel with the hypernetwork; ``again`` and ``second`` were chosen on
such people (docs/experiments.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.hypernetwork import Hypernetwork


@dataclass(frozen=True)
class Weighing:
    """``near``/``far``: distances at which full strength ends and none begins (1.0: the edge of
    training's voices). ``doubt``: average log-probability below which the plain text is decoded, too;
    ``margin``: how much better its own must be to be kept (negative: how much worse it may be).
    ``again`` and ``second``: the same of the practised encoder's.
    """

    near: float = 1.2
    far: float = 3.0
    doubt: float = -0.5
    margin: float = 0.0
    again: float = -0.3
    second: float = -0.02

    @classmethod
    def of(cls, network: Hypernetwork | None) -> Weighing:
        """The thresholds that came with ``network``."""
        known = network.config.training.get("calibration", {}) if network else {}
        return cls(**{name: float(known[name]) for name in ("near", "far", "doubt", "margin") if name in known})


def kept_strength(wanted: float, distance: float, weighing: Weighing) -> tuple[float, str]:
    """The strength (0 to ``wanted``) for a voice at ``distance``, and why in one plain sentence."""
    if wanted == 0:
        return 0.0, "Personalization is switched off."
    if distance <= weighing.near:
        return wanted, "Personalized fully." if wanted == 1 else f"Personalized at {wanted:.0%}, as set."
    if distance >= weighing.far:
        return 0.0, "This sounds unlike any voice the personalization has learnt from, so plain Whisper was used."
    share = (weighing.far - distance) / (weighing.far - weighing.near)
    return wanted * share, f"This voice is somewhat unfamiliar, so personalization was reduced to {wanted * share:.0%}."
