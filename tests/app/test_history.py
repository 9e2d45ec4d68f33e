"""The history keeps, finds, exports, and really deletes."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from app.history import Entry, History
from engine.audio import write_wav
from engine.paths import data_dir
from engine.transcript import Alternative, Word

ROOT = Path(__file__).parent.parent.parent


def entry(number: int, text: str, **more) -> Entry:  # type: ignore[no-untyped-def]
    created = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=number)
    return Entry(f"u{number}", created, more.pop("profile", "me"), text, **more)


def test_what_is_added_comes_back_whole(home: Path) -> None:
    history = History()
    whole = entry(
        1,
        "Call Siobhán tomorrow.",
        heard="call shivawn tomorrow",
        unadapted="fall show on",
        seconds=2.5,
        model="base",
        language="en",
        strength=0.5,
        words=(Word("Call", 0.0, 0.4, 0.9),),
        alternatives=(Alternative("Call Shauna tomorrow.", -0.4),),
    )
    history.add(whole)
    history.close()
    assert History().get("u1") == whole
    assert (data_dir() / "history.sqlite").stat().st_mode & 0o077 == 0


def test_search_finds_every_word_in_any_case_and_script(home: Path) -> None:
    history = History()
    for number, text in enumerate(["Über den Äpfeln", "apples and pears", "100% sure_thing", "日本語の文"]):
        history.add(entry(number, text, profile="me" if number < 3 else "you"))
    assert [found.text for found in history.search("äpfeln ÜBER")] == ["Über den Äpfeln"]
    assert [found.text for found in history.search("%")] == ["100% sure_thing"]
    assert [found.text for found in history.search("日本")] == ["日本語の文"]
    assert history.search("apples über") == []
    assert history.count(profile="you") == 1
    assert [found.id for found in history.search(limit=2, offset=1)] == ["u2", "u1"]


def test_deleted_is_gone_from_the_file_too(home: Path) -> None:
    history = History()
    for number in range(50):
        history.add(entry(number, f"ordinary words {number}"))
    audio = history.audio_path("secret")
    write_wav(audio, np.zeros(1600, np.float32))
    history.add(Entry("secret", datetime.now(UTC), "me", "pineapple confession", heard="pineapple", audio=audio))
    assert any(b"pineapple" in file.read_bytes() for file in data_dir().glob("history.sqlite*"))
    history.delete("secret")
    assert not audio.exists() and history.get("secret") is None
    for file in data_dir().rglob("*"):
        assert file.is_dir() or b"pineapple" not in file.read_bytes(), file
    history.delete_all()
    assert history.count() == 0 and b"ordinary" not in (data_dir() / "history.sqlite").read_bytes()


def test_old_entries_go_when_their_time_is_over(home: Path) -> None:
    history = History()
    history.add(Entry("old", datetime.now(UTC) - timedelta(days=40), "me", "old"))
    history.add(Entry("new", datetime.now(UTC), "me", "new"))
    assert history.prune(30) == 1
    assert [found.id for found in history.search()] == ["new"]


def test_a_clock_that_was_wrong_deletes_nothing_and_hides_nothing(home: Path) -> None:
    history, now = History(), datetime.now(UTC)
    history.add(Entry("ahead", now + timedelta(days=400), "me", "said while the clock was a year ahead"))
    history.add(Entry("now", now, "me", "said after it was set right"))
    history.add(Entry("summer", now - timedelta(hours=1), "me", "said in the hour that came twice"))
    assert history.prune(30) == 0
    assert {found.id for found in history.search()} == {"ahead", "now", "summer"}
    assert history.search("hour twice")[0].id == "summer"


_ADD_AND_DIE = """
import os, signal
from tests.app.test_history import entry
from app.history import History
history = History()
for number, text in enumerate(("said first", "said last")):
    history.add(entry(number, text))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_adding_waits_for_no_disk_and_a_killed_app_loses_no_text(home: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _ADD_AND_DIE], check=False, cwd=ROOT, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    history = History()
    assert [found.text for found in history.search()] == ["said last", "said first"]
    # Write-ahead log, not forced onto the disk at every commit: a thread does that.
    assert history._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert history._db.execute("PRAGMA synchronous").fetchone()[0] == 1
    history.close()
    assert not [file for file in data_dir().glob("history.sqlite-*") if file.stat().st_size]


def test_a_damaged_database_is_kept_aside_and_a_new_one_begun(home: Path) -> None:
    data_dir().mkdir(parents=True)
    (data_dir() / "history.sqlite").write_bytes(b"not a database " * 100)
    history = History()
    assert history.message is not None and "kept as" in history.message
    history.add(entry(1, "still works"))
    kept = list(data_dir().glob("history.sqlite.damaged-*"))
    assert len(kept) == 1 and kept[0].read_bytes().startswith(b"not a database")


def test_a_database_of_a_newer_version_is_left_alone(home: Path) -> None:
    data_dir().mkdir(parents=True)
    with sqlite3.connect(data_dir() / "history.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    before = (data_dir() / "history.sqlite").read_bytes()
    history = History()
    assert history.message is not None and "newer version" in history.message
    history.add(entry(1, "kept in memory"))
    assert history.count() == 1
    assert (data_dir() / "history.sqlite").read_bytes() == before


def test_exports_can_be_read_again(home: Path, tmp_path: Path) -> None:
    history = History()
    history.add(entry(1, 'He said "no", twice\nand left'))
    history.add(entry(2, "=1+1"))
    assert history.export(tmp_path / "out.json", "json") == 2
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))[0]["text"].startswith("He said")
    history.export(tmp_path / "out.csv", "csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["text"] == 'He said "no", twice\nand left' and rows[1]["text"] == "'=1+1"
    history.export(tmp_path / "out.txt", "txt", query="left")
    assert "=1+1" not in (tmp_path / "out.txt").read_text("utf-8")
