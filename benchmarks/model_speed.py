"""How near the set-up's guess of a model's speed comes to the real model, for every model installed here.

``python -m benchmarks.model_speed`` prints, for each, the seconds that ``app.measure`` expects for a
five-second utterance, those that the real weights take for the same work, and their ratio.
"""

from __future__ import annotations

import ctranslate2

from app.measure import SHAPES, measure, timed
from engine.errors import ModelError
from engine.models import locate


def main() -> None:
    expected = measure()
    print("| model | expected | real | expected / real |\n|---|---|---|---|")
    for name in SHAPES:
        try:
            directory = locate(name)
        except ModelError:
            continue
        model = ctranslate2.models.Whisper(str(directory), compute_type="int8")
        speed = timed(model, budget=4.0, english_only=name.endswith(".en"))
        real, guess = speed.encode + speed.decode, expected.seconds(name)
        print(f"| {name} | {guess:.2f} s | {real:.2f} s | {guess / real:.2f} |")


if __name__ == "__main__":
    main()
