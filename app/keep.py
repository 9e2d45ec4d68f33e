"""What is kept of an utterance when it is over: text and sound, text only, or nothing."""

from __future__ import annotations

import wave
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from app.history import History
from app.settings import Settings
from app.spool import Note, Spool
from app.utterance import Utterance, entry, readings


class Keeper:
    """Moves utterances from the spool to the history."""

    def __init__(self, spool: Spool, history: History) -> None:
        self._spool = spool
        self._history = history
        self._unkept: dict[str, Note] = {}  # cancelled or not understood, in the spool until the app ends

    def keep(self, utterance: Utterance, settings: Settings, profile: str, readings_only: bool = False) -> Utterance:
        """Store what the person wants stored; the utterance with its sound's path comes back.

        ``readings_only``: it was listened to again for other readings, and the text that is kept stays.

        Raises:
            StorageError: it cannot be stored; the sound is still in the spool.
        """
        known = self._history.get(utterance.id)
        kept = self._history.audio_path(utterance.id)
        wants_sound = settings.retention == "text and audio"
        spooled = wants_sound and self._spool.path(utterance.id).exists()
        audio = kept if spooled or kept.exists() else None
        if settings.retention != "nothing" and (utterance.heard or audio is not None):
            if known is not None and known.text and not utterance.text:
                stored = replace(known, audio=audio)  # nothing, heard the second time, takes no words away
            elif known is not None and known.text and readings_only:
                found = {other.text: other for other in (*known.alternatives, *readings(utterance))}
                stored = replace(known, audio=audio, alternatives=tuple(found.values()))
            else:
                if known is not None and known.corrected and utterance.state == "done":
                    utterance = replace(utterance, text=known.text)  # the person's own words win
                corrected = known.corrected if known is not None else False
                stored = replace(entry(utterance, profile, audio), corrected=corrected)
            self._history.add(stored)
        if spooled:  # last: until the text is in the history, the sound is what a start finds and writes down
            self._spool.take(utterance.id, kept)
        if not wants_sound and self._spool.path(utterance.id).exists():
            if utterance.heard:
                self._spool.remove(utterance.id)
            else:  # nothing was written yet: it can be taken back until the app ends
                note = Note(utterance.id, utterance.created.astimezone(UTC).isoformat(), profile, utterance.state)
                self._unkept[utterance.id] = note
        return replace(utterance, audio=audio)

    def find(self, utterance_id: str) -> tuple[Note, Path, float] | None:
        """The sound of an utterance, wherever it is."""
        known = self._history.get(utterance_id)
        if known is not None and known.audio is not None:
            note = Note(known.id, known.created.isoformat(), known.profile, "recorded")
            return note, known.audio, known.seconds
        path = self._spool.path(utterance_id)
        if not path.exists():
            return None
        note = self._unkept.get(utterance_id) or self._spool.note(utterance_id)
        return note, path, self.seconds(utterance_id)

    def seconds(self, utterance_id: str) -> float:
        """How long a spooled utterance is."""
        try:
            with wave.open(str(self._spool.path(utterance_id)), "rb") as file:
                return file.getnframes() / file.getframerate()
        except (OSError, wave.Error, EOFError):
            return 0.0

    def forget_person(self, profile: str, recording: frozenset[str]) -> None:
        """Somebody is deleted for good: no sound of theirs stays in the spool.

        Raises:
            StorageError: something cannot be deleted.
        """
        self._unkept = {known: note for known, note in self._unkept.items() if note.profile != profile}
        self._spool.forget(profile, recording)

    def forget(self) -> None:
        """The app ends: what the person does not want kept, and did not take back, goes."""
        for utterance_id in self._unkept:
            self._spool.remove(utterance_id)
        self._unkept.clear()
