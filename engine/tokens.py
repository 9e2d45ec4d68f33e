"""Whisper's tokens: prompts, special ids and text, with the ``tokenizers`` library."""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from engine.errors import ModelError, OptionError
from engine.hotwords import HotWords

_UNSPACED = (range(0x0E00, 0x10A0), range(0x1780, 0x1800), range(0x2E80, 0xA000))  # Thai to Myanmar, Khmer, kana, Han
_HANGUL = range(0xAC00, 0xD7A4)
_AROUND = ".,;:!?…()[]\"“”„«»'‘’"  # a word as it is written in a list or a sentence
_APOSTROPHE = "'"
_PREVIOUS_MAX = 223  # tokens of text before: half of the decoder's window less one


@dataclass(frozen=True)
class Special:
    """Ids of the tokens that steer Whisper (Radford et al. 2022, section 2.3)."""

    sot: int
    eot: int
    transcribe: int
    no_timestamps: int
    no_speech: int
    previous: int


class WhisperTokenizer:
    """The tokenizer of one model directory."""

    def __init__(self, directory: Path) -> None:
        path = directory / "tokenizer.json"
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(f"{path} is missing or damaged: fetch or import the model again.") from error
        names = {
            "sot": ("<|startoftranscript|>",),
            "eot": ("<|endoftext|>",),
            "transcribe": ("<|transcribe|>",),
            "no_timestamps": ("<|notimestamps|>",),
            "no_speech": ("<|nospeech|>", "<|nocaptions|>"),
            "previous": ("<|startofprev|>",),
        }
        self.special = Special(**{field: self._id(path, *tokens) for field, tokens in names.items()})
        self._hotwords: tuple[tuple[str, ...], HotWords] | None = None  # the last ones
        self.multilingual = self._tokenizer.token_to_id("<|de|>") is not None and self.special.sot == 50258

    def _id(self, path: Path, *tokens: str) -> int:
        for token in tokens:
            number = self._tokenizer.token_to_id(token)
            if number is not None:
                return int(number)
        raise ModelError(f"{path} has no token {tokens[0]}: it does not belong to a Whisper model.")

    def encode(self, text: str) -> list[int]:
        """Text to ids, no special ones."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, tokens: tuple[int, ...] | list[int]) -> str:
        """Ids to text; special ones are left out."""
        return str(self._tokenizer.decode([token for token in tokens if token < self.special.eot]))

    def name(self, token: int) -> str:
        """The token as it stands in the vocabulary, e.g. ``<|en|>``."""
        return str(self._tokenizer.id_to_token(token))

    def hotwords(self, words: tuple[str, ...]) -> HotWords:
        """``words`` for the search: as they are, and with a capital, as at the beginning of a sentence.

        Of names of several words each counts by itself, and of any other line of words those that are unusual.
        """
        if self._hotwords is None or self._hotwords[0] != words:
            lines = ([word for part in line.split() if (word := part.strip(_AROUND))] for line in words)
            listed = [spelling for line in lines for word in self._unusual(line) for spelling in _spellings(word)]
            tokens = [self.encode(word if _is_unspaced(word[0]) else f" {word}") for word in dict.fromkeys(listed)]
            self._hotwords = words, HotWords(tokens, self._starts_word)
        return self._hotwords[1]

    def _unusual(self, line: list[str]) -> list[str]:
        if len(line) == 1 or all(word[0].isupper() for word in line):
            return line
        return [word for word in line if len(self.encode(f" {word.partition(_APOSTROPHE)[0]}")) > 1]

    def _starts_word(self, token: int) -> bool:
        """Does ``token`` end the word before it? Where words are not set apart, or particles follow, every one does."""
        first = self.decode([token])[:1]
        return not first.isalnum() or _is_unspaced(first) or ord(first) in _HANGUL

    def prompt(self, language: str, prompt: str = "", hotwords: tuple[str, ...] = ()) -> list[int]:
        """The ids decoding starts from: vocabulary and text before, then language, task, no timestamps.

        Raises:
            OptionError: the model does not know ``language``.
        """
        before: list[int] = []
        words = ", ".join(word.strip() for word in hotwords if word.strip())
        if words:
            before += self.encode(" " + words + ".")[: _PREVIOUS_MAX // 2]
        if prompt.strip():
            before += self.encode(" " + prompt.strip())[-(_PREVIOUS_MAX - len(before)) :]
        ids = [self.special.previous, *before] if before else []
        ids.append(self.special.sot)
        if self.multilingual:
            ids += [self._language(language), self.special.transcribe]
        elif language != "en":
            raise OptionError(f"This model writes English only, not '{language}': choose a multilingual model.")
        return [*ids, self.special.no_timestamps]

    def _language(self, code: str) -> int:
        number = self._tokenizer.token_to_id(f"<|{code}|>")
        if number is None or len(code) > 3:
            raise OptionError(f"Whisper knows no language '{code}': use a code such as en, de, es or fr.")
        return int(number)

    def split_words(self, tokens: list[int] | tuple[int, ...]) -> list[tuple[str, list[int]]]:
        """Ids to words: (text with its leading space, positions of its ids).

        A word ends where the next id starts with a space; punctuation stays with the word
        before it, and ids that are only part of a character stay together.
        """
        pieces: list[tuple[str, list[int]]] = []
        pending: list[int] = []
        for position, _ in enumerate(tokens):
            pending.append(position)
            text = self.decode([tokens[n] for n in pending])
            if "\ufffd" in text:
                continue
            starts = text.startswith(" ") or not pieces
            if starts and text.strip() and text.strip() not in string.punctuation:
                pieces.append((text, pending))
            elif pieces:
                pieces[-1] = (pieces[-1][0] + text, pieces[-1][1] + pending)
            else:
                pieces.append((text, pending))
            pending = []
        if pending and pieces:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + pending)
        return pieces


def _spellings(word: str) -> tuple[str, str]:
    return word, word[0].upper() + word[1:]


def _is_unspaced(letter: str) -> bool:
    """Is it of a script that puts no space between words?"""
    return any(ord(letter) in block for block in _UNSPACED)
