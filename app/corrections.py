"""What the person corrects: words for their vocabulary, and, only if they opt in, examples for training.

The examples are a manifest that ``idiolect train`` reads as it is: one JSON object a
line, in the person's profile folder, with copies of the sound beside it.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.history import Entry, History
from app.settings import SettingsStore
from engine.errors import IdiolectError, StorageError
from engine.paths import private_dir, set_aside, storage_error, write_private
from engine.transcript import Word

_LONGEST_VOCABULARY = 200
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# ruff: noqa: SIM905
# Words everybody says teach nothing: only what the model could not know is kept.
_COMMON = frozenset(
    "a about after again all also am an and any are as at be because been before but by can come could day did do "
    "does down each even every find first for from get give go good great had has have he help her here him his how "
    "i if in into is it its just know like little long look made make man many may me more most much must my new no "
    "not now of off old on one only or other our out over people right said same say see she should so some such "
    "take tell than thank that the their them then there these they thing think this those three through time to too "
    "two under up us use very want was water way we well went were what when where which who why will with word work "
    "world would year yes yet you your".split()
)
_SHORTENED = ("s", "ll", "re", "ve", "d", "m")


@dataclass(frozen=True)
class Learned:
    """What a correction taught: ``words`` new in the vocabulary, ``manifest``: an example was kept."""

    words: tuple[str, ...]
    manifest: bool
    note: str = ""


class Corrections:
    """Corrections of the person whose profile is open."""

    def __init__(self, store: SettingsStore, history: History) -> None:
        self._store = store
        self._history = history

    def accept_word(self, entry_id: str, word: Word) -> None:
        """Remember that a marked word is right."""
        with contextlib.suppress(StorageError):  # then it is marked again when the entry is next opened
            self._history.accept_word(entry_id, word)

    def correct(self, entry_id: str, new_text: str) -> Learned:
        """Remember that the entry should have been ``new_text``.

        Raises:
            StorageError: it cannot be saved.
        """
        entry = self._history.get(entry_id)
        new_text = new_text.strip()
        if entry is None or not new_text:
            return Learned((), False)
        if entry.profile != self._store.current.profile:  # said by whoever had the app before: not this person's words
            self._history.set_text(entry_id, new_text)
            return Learned((), False)
        known = {word.casefold() for word in self._store.current.vocabulary}
        words = tuple(word for word in new_words(entry.heard or entry.text, new_text) if word.casefold() not in known)
        if words:
            self._store.update(vocabulary=(*self._store.current.vocabulary, *words)[-_LONGEST_VOCABULARY:])
        self._history.set_text(entry_id, new_text)
        if not self._store.current.keep_corrections:
            return Learned(words, False)
        if entry.audio is None:
            return Learned(words, False, "The sound of this dictation was not kept, so it cannot be used for training.")
        self._keep(entry, new_text)
        return Learned(words, True)

    def vocabulary(self) -> tuple[str, ...]:
        return self._store.current.vocabulary

    def add_word(self, word: str) -> None:
        if word.strip():
            self._store.update(vocabulary=(*self.vocabulary(), word.strip())[-_LONGEST_VOCABULARY:])

    def forget_word(self, word: str) -> None:
        self._store.update(vocabulary=tuple(known for known in self.vocabulary() if known != word))

    def folder(self) -> Path:
        return self._store.profiles.folder(self._store.current.profile) / "corrections"

    def manifest_path(self) -> Path:
        """The training manifest (it may not exist yet)."""
        return self.folder() / "manifest.jsonl"

    def count(self) -> int:
        """Examples kept so far."""
        return len(self._lines())

    def seconds(self) -> float:
        """How much speech they hold."""
        return sum(length for line in self._lines().values() if isinstance(length := line.get("seconds"), int | float))

    def earlier(self) -> list[Entry]:
        """Dictations corrected before the person chose to keep corrections, if their sound is still there."""
        kept = self._lines()
        entries = self._history.search(profile=self._store.current.profile, limit=-1)
        return [e for e in entries if e.corrected and e.audio is not None and e.text.strip() and e.id not in kept]

    def keep_earlier(self) -> int:
        """Keep them too; returns how many.

        Raises:
            StorageError: they cannot be saved.
        """
        entries = self.earlier()
        for entry in entries:
            self._keep(entry, entry.text)
        return len(entries)

    def forget(self, entry_id: str) -> None:
        """Delete one example for good: whoever deletes a dictation means all of it."""
        lines = self._lines()
        if entry_id in lines:
            del lines[entry_id]
            (self.folder() / f"{entry_id}.wav").unlink(missing_ok=True)
            self._save(lines)

    def forget_all(self) -> None:
        """Delete all examples for good."""
        folder = self.folder()
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise storage_error(folder, error) from error

    def _keep(self, entry: Entry, text: str) -> None:
        assert entry.audio is not None
        folder = private_dir(self.folder())
        copy = folder / f"{entry.id}.wav"
        try:
            write_private(copy, entry.audio.read_bytes())
        except OSError as error:
            raise storage_error(copy, error) from error
        settings = self._store.current
        lines = self._lines()
        lines[entry.id] = {
            "audio": copy.name,
            "text": text,
            "speaker": settings.profile,
            "cohort": settings.cohort,
            "severity": settings.severity,
            "split": None,
            "verbatim": entry.heard,
            "seconds": round(entry.seconds, 3),
            "source": "idiolect corrections",
        }
        self._save(lines)

    def _lines(self) -> dict[str, dict[str, object]]:
        return self._read()[0]

    def _read(self) -> tuple[dict[str, dict[str, object]], bool]:
        """The examples, and whether every line could be read: a bad one costs that line only."""
        try:
            text = self.manifest_path().read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return {}, True
        except OSError as error:
            raise IdiolectError(f"{self.manifest_path()} cannot be read: check its permissions.") from error
        lines, whole = {}, True
        for line in text.splitlines():
            try:
                stored = json.loads(line)
                lines[Path(stored["audio"]).stem] = stored
            except (ValueError, KeyError, TypeError, RecursionError):
                whole = False
        return lines, whole

    def _save(self, lines: dict[str, dict[str, object]]) -> None:
        if not self._read()[1]:
            set_aside(self.manifest_path(), "corrections", "")  # what cannot be read may be mended by somebody
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines.values())
        write_private(self.manifest_path(), text.encode())


def _is_common(word: str) -> bool:
    """Everybody says it: it, that's, I'll, didn't."""
    whole = word.casefold().replace("’", "'")
    first, _, rest = whole.partition("'")
    return whole in _COMMON or whole.endswith("n't") or (first in _COMMON and rest in _SHORTENED)


def new_words(before: str, after: str) -> list[str]:
    """Words of ``after`` that replaced something in ``before`` and are worth remembering: names, terms.

    A whole sentence said anew is not a list of words: then only unusual spellings
    (capitals inside the sentence, digits and letters mixed) are taken.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = difflib.SequenceMatcher(None, [w.casefold() for w in old], [w.casefold() for w in new], autojunk=False)
    found: list[str] = []
    rewritten = matcher.ratio() < 0.4
    for tag, _, _, start, stop in matcher.get_opcodes():
        if tag not in ("replace", "insert"):
            continue
        for place in range(start, stop):
            word = new[place]
            unusual = (place > 0 and word[0].isupper()) or any(letter.isupper() for letter in word[1:])
            if rewritten and not unusual:
                continue
            if len(word) < 2 or _is_common(word) or word.isdigit() or (tag == "insert" and not unusual):
                continue
            found.append(word)
    return list(dict.fromkeys(found))
