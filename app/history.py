"""What was dictated: searchable, exportable, and gone for good when deleted.

SQLite with ``secure_delete``: deleted text is overwritten in the file. Sound is kept as
``history/<id>.wav`` beside the database only where the person's setting says so.

A slow disk must not stop the window: what is added goes to the write-ahead log, which
survives the end of the app, however it ends, and is forced onto the disk by a thread a
moment later. The log is emptied when something is deleted, and at the end.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.errors import StorageError
from engine.paths import data_dir, private_dir, set_aside, storage_error, write_private
from engine.transcript import Alternative, Word

VERSION = 1
_LOG = logging.getLogger(__name__)
_TABLE = """
CREATE TABLE entries (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, profile TEXT NOT NULL, state TEXT NOT NULL,
    text TEXT NOT NULL, heard TEXT NOT NULL, unadapted TEXT, folded TEXT NOT NULL,
    seconds REAL NOT NULL, audio INTEGER NOT NULL, model TEXT NOT NULL, language TEXT NOT NULL,
    strength REAL NOT NULL, corrected INTEGER NOT NULL, details TEXT NOT NULL
);
CREATE INDEX entries_created ON entries (created DESC);
"""
_COLUMNS = {
    *("id", "created", "profile", "state", "text", "heard", "unadapted", "folded", "seconds", "audio", "model"),
    *("language", "strength", "corrected", "details"),
}


@dataclass(frozen=True)
class Entry:
    """One dictation. ``heard`` is the engine's text, ``text`` what it became (tidied, corrected)."""

    id: str
    created: datetime
    profile: str
    text: str
    heard: str = ""
    unadapted: str | None = None
    seconds: float = 0.0
    audio: Path | None = None
    model: str = ""
    language: str = ""
    strength: float = 0.0
    state: str = "done"  # done, cancelled, failed, empty
    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    corrected: bool = False


class History:
    """The database. Quick enough for the UI thread; used by one thread only."""

    def __init__(self) -> None:
        self.message: str | None = None
        self.folder = data_dir() / "history"
        self._on_change: Callable[[], None] = lambda: None
        self._forcing = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._log = data_dir() / "history.sqlite-wal"
        self._db = self._open(data_dir() / "history.sqlite")

    def set_on_change(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` after every change."""
        self._on_change = callback

    def add(self, entry: Entry) -> None:
        """Add or replace an entry.

        Raises:
            StorageError: it cannot be written.
        """
        details = {
            "words": [asdict(word) for word in entry.words],
            "alternatives": [asdict(choice) for choice in entry.alternatives],
        }
        values = (
            *(entry.id, entry.created.astimezone(UTC).isoformat(), entry.profile, entry.state, entry.text, entry.heard),
            *(entry.unadapted, _folded(entry), entry.seconds, entry.audio is not None, entry.model, entry.language),
            *(entry.strength, entry.corrected, json.dumps(details, ensure_ascii=False)),
        )
        self._write(f"INSERT OR REPLACE INTO entries VALUES ({', '.join('?' * len(values))})", values)
        self._forcing.submit(_force, self._log)

    def get(self, entry_id: str) -> Entry | None:
        rows = self._read("SELECT * FROM entries WHERE id = ?", (entry_id,))
        return self._entry(rows[0]) if rows else None

    def search(self, query: str = "", profile: str | None = None, limit: int = 200, offset: int = 0) -> list[Entry]:
        """Entries that contain every word of ``query``, newest first."""
        where, values = _condition(query, profile)
        rows = self._read(
            f"SELECT * FROM entries WHERE {where} ORDER BY created DESC, id DESC LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [self._entry(row) for row in rows]

    def count(self, query: str = "", profile: str | None = None) -> int:
        where, values = _condition(query, profile)
        return int(self._read(f"SELECT count(*) FROM entries WHERE {where}", values)[0][0])

    def set_text(self, entry_id: str, text: str) -> None:
        """The person's correction."""
        entry = self.get(entry_id)
        if entry is not None and entry.text != text:
            self.add(replace(entry, text=text, corrected=True))

    def accept_word(self, entry_id: str, word: Word) -> None:
        """The person says that ``word`` is what they said: it is not to be checked again."""
        entry = self.get(entry_id)
        if entry is not None:
            sure = replace(word, confidence=1.0)
            self.add(replace(entry, words=tuple(sure if other == word else other for other in entry.words)))

    def audio_path(self, entry_id: str) -> Path:
        """Where the sound of an entry is kept, if it is."""
        return self.folder / f"{entry_id}.wav"

    def delete(self, entry_id: str) -> None:
        """Delete an entry and its sound for good."""
        self._delete(entry_id)
        self._empty_log()

    def delete_all(self, profile: str | None = None) -> None:
        """Delete everything (of one person) for good."""
        where, values = _condition("", profile)
        for row in self._read(f"SELECT id FROM entries WHERE {where}", values):
            self._unlink(row["id"])
        self._write(f"DELETE FROM entries WHERE {where}", values)
        self._db.execute("VACUUM")
        self._empty_log()

    def drop_audio(self, entry_id: str) -> None:
        """Delete the sound only."""
        self._unlink(entry_id)
        self._write("UPDATE entries SET audio = 0 WHERE id = ?", (entry_id,))

    def newest(self, until: datetime) -> datetime | None:
        """When the last entry before ``until`` was made, whoever made it."""
        (row,) = self._read("SELECT max(created) FROM entries WHERE created <= ?", (until.astimezone(UTC).isoformat(),))
        return None if row[0] is None else _moment(row[0])

    def prune(self, days: int, profile: str | None = None, now: datetime | None = None) -> int:
        """Delete what is older than ``days``; returns how many that were. A clock set back deletes nothing new."""
        where, values = _condition("", profile)
        before = ((now or datetime.now(UTC)) - timedelta(days=days)).isoformat()
        rows = self._read(f"SELECT id FROM entries WHERE {where} AND created < ?", (*values, before))
        for row in rows:
            self._delete(row["id"])
        if rows:
            self._empty_log()
        return len(rows)

    def export(self, path: Path, format: str, query: str = "", profile: str | None = None) -> int:
        """Write the entries that match as ``txt``, ``json`` or ``csv``, oldest first; returns how many.

        Raises:
            StorageError: the file cannot be written.
        """
        entries = self.search(query, profile, limit=-1)[::-1]
        plain = [
            {
                "created": entry.created.astimezone().isoformat(timespec="seconds"),
                "text": entry.text,
                "heard": entry.heard,
                "without_personalization": entry.unadapted,
                "seconds": round(entry.seconds, 2),
                "model": entry.model,
                "language": entry.language,
                "strength": entry.strength,
                "state": entry.state,
            }
            for entry in entries
        ]
        if format == "json":
            content = json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
        elif format == "csv":
            buffer = io.StringIO()
            # A byte order mark and CRLF: what spreadsheet programs expect.
            writer = csv.DictWriter(buffer, plain[0].keys() if plain else ["created", "text"], lineterminator="\r\n")
            writer.writeheader()
            writer.writerows({key: _inert(value) for key, value in row.items()} for row in plain)
            content = "\ufeff" + buffer.getvalue()
        else:
            content = "\n".join(f"{row['created']}\n{row['text']}\n" for row in plain)
        write_private(path, content.encode("utf-8"))
        return len(entries)

    def close(self) -> None:
        self._forcing.shutdown(wait=True)
        self._empty_log()
        self._db.close()

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            private_dir(path.parent)
            return self._prepared(path)
        except sqlite3.OperationalError as error:  # not ours to read, locked, full
            return self._unsaved(str(error))
        except sqlite3.DatabaseError:
            try:
                self.message = set_aside(path, "history", "A new history was begun.")
                for rest in ("-journal", "-wal", "-shm"):  # what SQLite would write into the new one
                    if path.with_name(path.name + rest).exists():
                        set_aside(path.with_name(path.name + rest), "history", "")
                return self._prepared(path)
            except (sqlite3.DatabaseError, StorageError) as error:
                return self._unsaved(str(error))
        except StorageError as error:
            return self._unsaved(str(error))

    def _prepared(self, path: Path) -> sqlite3.Connection:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        db = sqlite3.connect(path, isolation_level=None, timeout=2.0)
        try:
            return _migrated(db)
        except BaseException:
            db.close()
            raise

    def _unsaved(self, reason: str) -> sqlite3.Connection:
        self.message = f"The history cannot be opened ({reason}): what you say now is not kept when the app is closed."
        return _migrated(sqlite3.connect(":memory:", isolation_level=None))

    def _read(self, statement: str, values: tuple[Any, ...]) -> list[sqlite3.Row]:
        """Raises StorageError: another program holds the file, or it was damaged while the app runs."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"The history cannot be read ({error}): restart Idiolect and try again.") from error

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise StorageError(
                f"The history cannot be written ({error}): free some disk space and try again."
            ) from error
        self._on_change()

    def _delete(self, entry_id: str) -> None:
        self._unlink(entry_id)
        self._write("DELETE FROM entries WHERE id = ?", (entry_id,))

    def _empty_log(self) -> None:
        """Move the write-ahead log into the database and leave nothing in it."""
        try:
            self._db.execute("SELECT 1 FROM entries LIMIT 1").fetchall()  # SQLite refuses where nothing was read yet
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:  # a full disk: it is emptied the next time
            _LOG.warning("the history's log was not emptied: %s", error)

    def _unlink(self, entry_id: str) -> None:
        try:
            self.audio_path(entry_id).unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(self.audio_path(entry_id), error) from error

    def _entry(self, row: sqlite3.Row) -> Entry:
        try:
            details = json.loads(row["details"])
            words = tuple(Word(**word) for word in details["words"])
            alternatives = tuple(Alternative(**choice) for choice in details["alternatives"])
        except (ValueError, KeyError, TypeError, RecursionError):
            words, alternatives = (), ()
        audio = self.audio_path(row["id"])
        return Entry(
            id=row["id"],
            created=_moment(row["created"]),
            profile=row["profile"],
            text=row["text"],
            heard=row["heard"],
            unadapted=row["unadapted"],
            seconds=row["seconds"],
            audio=audio if row["audio"] and audio.exists() else None,
            model=row["model"],
            language=row["language"],
            strength=row["strength"],
            state=row["state"],
            words=words,
            alternatives=alternatives,
            corrected=bool(row["corrected"]),
        )


def _force(log: Path) -> None:
    """Have the disk really write what is in the write-ahead log; there may be none (no room, or in memory)."""
    try:
        file = os.open(log, os.O_RDWR)
    except OSError:
        return
    try:
        os.fsync(file)
    except OSError as error:
        _LOG.warning("the history is not on the disk yet: %s", error)
    finally:
        os.close(file)


def _migrated(db: sqlite3.Connection) -> sqlite3.Connection:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA temp_store = MEMORY")
    if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("damaged")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise sqlite3.OperationalError("it was written by a newer version of this app")
    if version == 0:
        db.executescript(f"BEGIN; {_TABLE} PRAGMA user_version = {VERSION}; COMMIT;")
    elif _COLUMNS - {row["name"] for row in db.execute("PRAGMA table_info(entries)")}:
        raise sqlite3.DatabaseError("damaged")
    # Where there can be no log (a network folder) all is as safe, only slower.
    for setting in ("wal_checkpoint(TRUNCATE)", "journal_mode = WAL", "synchronous = NORMAL", "wal_autocheckpoint = 0"):
        db.execute(f"PRAGMA {setting}").fetchall()
    return db


def _moment(stored: Any) -> datetime:
    """When it was; long ago where that was damaged."""
    try:
        moment = datetime.fromisoformat(stored)
    except (TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _folded(entry: Entry) -> str:
    return "\n".join((entry.text, entry.heard, entry.unadapted or "")).casefold()


def _condition(query: str, profile: str | None) -> tuple[str, tuple[Any, ...]]:
    words = query.casefold().split()
    parts = ["instr(folded, ?) > 0"] * len(words) + (["profile = ?"] if profile is not None else [])
    return " AND ".join(parts) or "1", (*words, *([profile] if profile is not None else []))


def _inert(value: Any) -> Any:
    """A dictated "=1+1" must not be a formula in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
