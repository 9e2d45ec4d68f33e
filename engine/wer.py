"""Word error rate of one text against another, for the app's comparisons.

The normalisation is the light part of Whisper's English normaliser (Radford et al. 2022,
appendix C): lower case, no punctuation, no bracketed remarks, no fillers, contractions
written out. It does not rewrite numbers and spellings as ``training.score`` does with the
full normaliser, so reports of results come from there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FILLERS = {"hmm", "mm", "mhm", "mmm", "uh", "um"}
_CONTRACTIONS = (
    (r"\bwon't\b", "will not"),
    (r"\bcan't\b", "can not"),
    (r"\blet's\b", "let us"),
    (r"\bain't\b", "aint"),
    (r"\by'all\b", "you all"),
    (r"\bwanna\b", "want to"),
    (r"\bgotta\b", "got to"),
    (r"\bgonna\b", "going to"),
    (r"\bmr\b", "mister "),
    (r"\bmrs\b", "missus "),
    (r"\bdr\b", "doctor "),
    (r"n't\b", " not"),
    (r"'re\b", " are"),
    (r"'d\b", " would"),
    (r"'ll\b", " will"),
    (r"'ve\b", " have"),
    (r"'s\b", " is"),
    (r"'m\b", " am"),
)


@dataclass(frozen=True)
class Wer:
    """Errors of a text against a reference of ``words`` words."""

    substitutions: int
    deletions: int
    insertions: int
    words: int

    @property
    def errors(self) -> int:
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors per word of the reference; above 1 where more was inserted than said."""
        return self.errors / self.words if self.words else float(self.errors > 0)


@dataclass(frozen=True)
class Step:
    """One step of an alignment: ``kind`` is "same", "changed", "missing" (only in a) or "added" (only in b)."""

    kind: str
    a: str
    b: str


def normalise(text: str) -> list[str]:
    """The words of ``text`` as they are counted."""
    text = text.lower().replace("’", "'")
    text = re.sub(r"[<\[][^>\]]*[>\]]|\([^)]+?\)", "", text)
    text = re.sub(r"\s+'", "'", text)
    for pattern, written_out in _CONTRACTIONS:
        text = re.sub(pattern, written_out, text)
    text = re.sub(r"(\d),(\d)", r"\1\2", text)
    text = "".join(_plain(sign) for sign in unicodedata.normalize("NFKD", text))
    return [word for word in text.split() if word not in _FILLERS]


def word_errors(reference: str, hypothesis: str) -> Wer:
    """Count the errors of ``hypothesis`` against ``reference`` after ``normalise``."""
    spoken = normalise(reference)
    kinds = [step.kind for step in align(spoken, normalise(hypothesis))]
    return Wer(kinds.count("changed"), kinds.count("missing"), kinds.count("added"), len(spoken))


def align(a: list[str], b: list[str]) -> list[Step]:
    """The steps that turn the words ``a`` into ``b`` with the fewest changes (Levenshtein).

    Of equally short ways the one that keeps the most words is taken.
    """
    rows, columns = len(a) + 1, len(b) + 1
    one, swapped = rows + columns, rows + columns + 1  # a swap costs a little more than one change: it keeps no word
    cost = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        cost[i][0] = i * one
    for j in range(columns):
        cost[0][j] = j * one
    for i in range(1, rows):
        for j in range(1, columns):
            swap = cost[i - 1][j - 1] + (swapped if a[i - 1] != b[j - 1] else 0)
            cost[i][j] = min(swap, cost[i - 1][j] + one, cost[i][j - 1] + one)
    steps: list[Step] = []
    i, j = len(a), len(b)
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + (swapped if a[i - 1] != b[j - 1] else 0):
            steps.append(Step("same" if a[i - 1] == b[j - 1] else "changed", a[i - 1], b[j - 1]))
            i, j = i - 1, j - 1
        elif i and cost[i][j] == cost[i - 1][j] + one:
            steps.append(Step("missing", a[i - 1], ""))
            i -= 1
        else:
            steps.append(Step("added", "", b[j - 1]))
            j -= 1
    return steps[::-1]


def compare(a: str, b: str) -> list[Step]:
    """Align two texts word by word as written; words that only differ in case or punctuation are the same."""
    first, second = a.split(), b.split()
    plain = align([_key(word) for word in first], [_key(word) for word in second])
    steps, i, j = [], 0, 0
    for step in plain:
        left = first[i] if step.kind != "added" else ""
        right = second[j] if step.kind != "missing" else ""
        steps.append(Step(step.kind, left, right))
        i += step.kind != "added"
        j += step.kind != "missing"
    return steps


def _plain(sign: str) -> str:
    """A letter, digit or unit as it is; an apostrophe or accent as nothing; anything else as a space."""
    kind = unicodedata.category(sign)
    if kind == "Mn" or sign == "'":
        return ""
    return sign if kind[0] in "LN" or sign in "%$€£" else " "


def _key(word: str) -> str:
    return "".join(sign for sign in word.lower() if sign.isalnum()) or word
