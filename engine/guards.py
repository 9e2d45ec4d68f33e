"""When a decoded text is not believed: loops, low scores, silence written as words.

Whisper's own checks (Radford et al. 2022, section 4.5) are its compression ratio and
average log-probability; runs of the same n-gram and impossible speaking rates are added,
because a short loop compresses too little to be caught.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from engine.options import GuardOptions

LOOP, LOW_SCORE, NO_SPEECH = "loop", "low score", "no speech"
_LONGEST_NGRAM = 12  # tokens


def compression_ratio(text: str) -> float:
    """Bytes of ``text`` over its zlib-compressed bytes: high where it repeats itself."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def longest_run(tokens: Sequence[int] | Sequence[str]) -> int:
    """How often the most repeated n-gram (1 to 12 tokens, or words) stands in a row in ``tokens``."""
    best = 1 if tokens else 0
    for n in range(1, _LONGEST_NGRAM + 1):
        run = 0  # positions in a row that equal the one n tokens before
        for position in range(n, len(tokens)):
            run = run + 1 if tokens[position] == tokens[position - n] else 0
            best = max(best, run // n + 1)
    return best


def is_loop(text: str, tokens: Sequence[int], seconds: float, options: GuardOptions) -> bool:
    """Whether ``text`` repeats itself more than a person would, or is too long for ``seconds`` of audio."""
    return (
        compression_ratio(text) > options.compression_ratio
        or longest_run(tokens) >= options.max_ngram_repeats
        or len(tokens) > 12 + options.tokens_per_second * seconds
    )


def flags(
    text: str, tokens: Sequence[int], avg_logprob: float, no_speech_prob: float, seconds: float, options: GuardOptions
) -> tuple[str, ...]:
    """The guards that fire on one decoded text, none where it can be believed."""
    fired = []
    if is_loop(text, tokens, seconds, options):
        fired.append(LOOP)
    if avg_logprob < options.avg_logprob:
        fired.append(NO_SPEECH if no_speech_prob > options.no_speech_prob else LOW_SCORE)
    return tuple(fired)
