"""Speech for the tests: sentences spoken by espeak-ng, that the smallest model understands."""

from __future__ import annotations

import subprocess
from pathlib import Path


def say(path: Path, text: str, speed: int = 150) -> Path:
    """Speak ``text`` into a 16 kHz WAV at ``path``."""
    raw = path.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", "en-us+f3", "-s", str(speed), "-w", str(raw), text], check=True)
    subprocess.run(["sox", str(raw), "-r", "16000", str(path), "pad", "0.2", "0.3"], check=True)
    raw.unlink()
    return path
