"""PortAudio starts whatever a program that died has left in JACK's database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from engine.portaudio import forget_jack

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="JACK's database lies in /dev/shm")
LOCKED = Path(__file__).parent / "data" / "jack_db_locked.tar.xz"  # left by kill -9 in the middle of Pa_Initialize


@LINUX
def test_what_a_dead_program_left_is_deleted(tmp_path: Path) -> None:
    left = tmp_path / f"jack_db-{os.getuid()}"
    left.mkdir()
    (left / "__db.001").write_bytes(b"locked")
    forget_jack(tmp_path)
    assert not left.exists()


@LINUX
def test_where_a_jack_server_listens_its_database_stays(tmp_path: Path) -> None:
    left = tmp_path / f"jack_db-{os.getuid()}"
    left.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "jack_default_0_0"))
        server.listen()
        forget_jack(tmp_path)
        assert left.exists()


@LINUX
def test_a_lock_that_a_killed_program_left_keeps_nobody_waiting() -> None:
    """Without ``forget_jack`` this hangs for ever, where libjack is JACK's own (as on Debian)."""
    place = Path(f"/dev/shm/jack_db-{os.getuid()}")
    if "/dev/shm/jack_" in Path("/proc/net/unix").read_text("utf-8", errors="replace"):
        pytest.skip("a JACK server runs here: its database is left alone")
    place.mkdir(exist_ok=True)
    with tarfile.open(LOCKED) as archive:  # not in one step: another test may be starting PortAudio
        for member in archive.getmembers():
            if (file := archive.extractfile(member)) is not None:
                (place / Path(member.name).name).write_bytes(file.read())
    code = "from engine.portaudio import portaudio; portaudio().query_devices(); print('started')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "started", done.stderr
