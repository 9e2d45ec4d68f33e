"""The small clips that are committed: one of every cohort for the app's demonstration, a dozen tiny ones for tests.

All of them are people of the test split: no hypernetwork has heard their voices.
"""

from __future__ import annotations

import json
from pathlib import Path

from training.simulate.corpus import Line, draw_person, manifest_line
from training.simulate.person import Person
from training.simulate.room import RATE
from training.simulate.utterance import speak
from training.text import Sentence

# cohort, severity, person, text
SAMPLES: tuple[tuple[str, float, int, str], ...] = (
    ("typical", 0.0, 9010, "Could you remind me to water the plants before we leave on Thursday?"),
    ("stuttering", 0.6, 9023, "My sister is bringing a lemon cake and two bottles of juice."),
    ("dysarthria", 0.6, 9034, "Please close the kitchen window and turn down the radio."),
    ("parkinsons", 0.6, 9040, "We drove to the coast on Sunday and walked along the cliffs."),
    ("apraxia", 0.5, 9050, "The library is open until seven on Wednesdays."),
    ("articulation", 0.7, 9062, "The red car stopped in front of the school gate."),
    ("mixed", 0.6, 9071, "I left my reading glasses on the table in the hall."),
    ("accent", 0.7, 9082, "Their train will be three hours late this evening."),
)
TINY: tuple[tuple[str, float, int, str], ...] = (
    ("typical", 0.0, 911, "Turn off the light."),
    ("typical", 0.0, 912, "Call my sister."),
    ("stuttering", 0.4, 9131, "Open the window."),
    ("stuttering", 0.8, 9144, "Play some music."),
    ("dysarthria", 0.3, 915, "Set a timer."),
    ("dysarthria", 0.8, 916, "Read my message."),
    ("parkinsons", 0.3, 9171, "Close the door."),
    ("parkinsons", 0.8, 918, "Wake me at seven."),
    ("apraxia", 0.5, 919, "Find a recipe."),
    ("articulation", 0.7, 920, "Start the car."),
    ("mixed", 0.6, 9212, "Send the letter."),
    ("accent", 0.6, 922, "Buy three apples."),
)


def write(out: Path, clips: tuple[tuple[str, float, int, str], ...], seed: int = 1) -> int:
    """Write ``clips`` as FLAC with a manifest into ``out``; returns the bytes written."""
    import soundfile

    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for cohort, severity, number, text in clips:
        person: Person = draw_person("test", cohort, number, severity, seed)
        spoken = speak(person, text, 0)
        name = f"{cohort}-{number}.flac"
        soundfile.write(out / name, spoken.audio, RATE, format="FLAC", subtype="PCM_16")
        line = Line(0, person, 0, Sentence(text, "clip", "clip"))
        rows.append(manifest_line(line, name, len(spoken.audio) / RATE, spoken.phonemes))
    (out / "manifest.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return sum(file.stat().st_size for file in out.iterdir())
