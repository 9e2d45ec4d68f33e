"""Sentences of the engine and of the controller in the language of the window.

They are written in English where they arise, because the engine knows no Qt. Here each is
recognised by its wording, with whatever stands in its gaps, and said in the other language;
one that is not known stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.ui import engine_texts

SENTENCES = (
    QT_TRANSLATE_NOOP("Sentences", "The microphone cannot be opened ({error}). Check the sound settings."),
    QT_TRANSLATE_NOOP("Sentences", "The microphone {name} was taken away. What you said is kept; connect it again."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The microphone {name} cannot be opened ({problem}). Check that this app may use it and that no other program holds it, or choose another in the settings.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "The chosen microphone is not connected: connect it or choose another."),
    QT_TRANSLATE_NOOP("Sentences", "No microphone was found: connect one, and dictation goes on by itself."),
    QT_TRANSLATE_NOOP("Sentences", "Nothing was recorded: check the microphone and try again."),
    QT_TRANSLATE_NOOP("Sentences", "No window was in front when you began to speak, so the text was kept here."),
    QT_TRANSLATE_NOOP("Sentences", "Your text waits: open Idiolect and say where it belongs."),
    QT_TRANSLATE_NOOP("Sentences", "Go to the window the text is meant for, then try again."),
    QT_TRANSLATE_NOOP("Sentences", "There is no screen with other programs: the text stays in this window."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The desktop types for us. It will ask once whether this app may control the keyboard: please allow it.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "The desktop ended the permission to type, so the text was kept here. Try again."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The desktop does not let this app type, so the text was kept here. Allow it when you are asked."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Text is pasted into the window that is in front; the clipboard is put back afterwards."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This desktop does not let programs write into others. Install wtype or ydotool, or use the button that copies the text; until then it stays in this window.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "Text is pasted with {tool} into the window that is in front."),
    QT_TRANSLATE_NOOP(
        "Sentences", "This screen does not let programs press keys (XTEST is missing): the text stays in this window."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The screen cannot be reached: the text stays in this window."),
    QT_TRANSLATE_NOOP("Sentences", "The screen's connection was lost: restart the app."),
    QT_TRANSLATE_NOOP("Sentences", "Dictation is listening: stop it first."),
    QT_TRANSLATE_NOOP("Sentences", "Speak now. {key} ends it."),
    QT_TRANSLATE_NOOP("Sentences", "Speak now."),
    QT_TRANSLATE_NOOP("Sentences", "The microphone is getting ready."),
    QT_TRANSLATE_NOOP("Sentences", "Writing down what you said."),
    QT_TRANSLATE_NOOP("Sentences", "The model is being loaded; then what you said is written down."),
    QT_TRANSLATE_NOOP("Sentences", "Press {key} and speak."),
    QT_TRANSLATE_NOOP("Sentences", "The engine is not running: choose a model in the settings."),
    QT_TRANSLATE_NOOP("Sentences", "The engine could not be used ({error}). Restart the app."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The history cannot be opened ({reason}): what you say now is not kept when the app is closed."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The history cannot be written ({error}): free some disk space and try again."),
    QT_TRANSLATE_NOOP("Sentences", "No key is set."),
    QT_TRANSLATE_NOOP("Sentences", "{key} starts and stops dictation in every program."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This desktop does not let programs listen for a key. In the system's keyboard settings, add a shortcut that runs the command: idiolect toggle",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "{key} takes back what was written last, in every program."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This desktop does not let programs listen for a second key. In the system's keyboard settings, add a shortcut that runs the command: idiolect undo",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "The desktop lets a key start dictation. Its system settings show which key."),
    QT_TRANSLATE_NOOP("Sentences", "There is no screen on which a key can be listened for."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Keys cannot be listened for ({error}). Use the button in the window, or restart the app."
    ),
    QT_TRANSLATE_NOOP("Sentences", "This keyboard has no key {key}: choose another key in the settings."),
    QT_TRANSLATE_NOOP("Sentences", "Another program already uses {key}: choose another key in the settings."),
    QT_TRANSLATE_NOOP("Sentences", "That text is in another window: go back to it and try again."),
    QT_TRANSLATE_NOOP("Sentences", "The last text could not be reached in the other program."),
    QT_TRANSLATE_NOOP("Sentences", "The program did not take the text. It is on the clipboard: paste it yourself."),
    QT_TRANSLATE_NOOP("Sentences", "The text could not be put into the other program, so it was kept here."),
    QT_TRANSLATE_NOOP("Sentences", "That text cannot be selected from here."),
    QT_TRANSLATE_NOOP("Sentences", "A key such as Shift or Ctrl was held down, so the text was kept here."),
    QT_TRANSLATE_NOOP("Sentences", "Another window came to the front while you spoke, so the text was kept here."),
    QT_TRANSLATE_NOOP("Sentences", "There is no profile {profile}: choose another or make a new one."),
    QT_TRANSLATE_NOOP("Sentences", "This is the only profile: make another before deleting it."),
    QT_TRANSLATE_NOOP("Sentences", "A profile needs a name."),
    QT_TRANSLATE_NOOP("Sentences", "There is a profile called {name} already: choose another name."),
    QT_TRANSLATE_NOOP("Sentences", "The settings in {path} may not be read: the usual settings are used."),
    QT_TRANSLATE_NOOP("Sentences", "Nothing can be played: check the loudspeakers or headphones."),
    QT_TRANSLATE_NOOP("Sentences", "The sound of this dictation was not kept."),
    QT_TRANSLATE_NOOP("Sentences", "The sound of this dictation was not kept, so it cannot be used for training."),
    QT_TRANSLATE_NOOP("Sentences", "Every attempt had a {flag}: please check this text."),
    QT_TRANSLATE_NOOP("Sentences", "Every attempt was a loop, so repeats were forbidden: please check this text."),
    QT_TRANSLATE_NOOP("Sentences", "Personalization was switched off because of a {flag}."),
    QT_TRANSLATE_NOOP("Sentences", "Personalization was halved because of a {flag}."),
    QT_TRANSLATE_NOOP("Sentences", "There is no personalization for this model yet."),
    QT_TRANSLATE_NOOP("Sentences", "The hypernetwork is untrained."),
    QT_TRANSLATE_NOOP("Sentences", "No speech was heard."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The personalized text was doubtful, and plain Whisper's was no worse, so that was kept."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} is damaged: install Idiolect again."),
    QT_TRANSLATE_NOOP("Sentences", "Of the readings of what was heard, the one that makes the most sense was kept."),
    QT_TRANSLATE_NOOP(
        "Sentences", "This was hard to hear, so it was listened to once more, and the first text was kept."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "This was hard to hear, so it was listened to once more, and the second text was kept."
    ),
    QT_TRANSLATE_NOOP("Sentences", "This voice is somewhat unfamiliar, so personalization was reduced to {share}."),
    QT_TRANSLATE_NOOP(
        "Sentences", "This sounds unlike any voice the personalization has learnt from, so plain Whisper was used."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Personalization is switched off."),
    QT_TRANSLATE_NOOP("Sentences", "Personalized at {share}, as set."),
    QT_TRANSLATE_NOOP("Sentences", "Something went wrong in the engine ({error}). The recording is kept."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The engine stopped {count} times in a row. What was spoken is kept: restart Idiolect, or choose a smaller model.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "There is not enough memory for this recording: choose a smaller model."),
    QT_TRANSLATE_NOOP("Sentences", "There is no sound in this recording: check the microphone and record it again."),
    QT_TRANSLATE_NOOP("Sentences", "This recording is too short to hold any sound: record it again."),
    QT_TRANSLATE_NOOP("Sentences", "There is no file {name}: check its name and place."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The Hugging Face hub ({address}) cannot be reached: check the connection, or copy the model's folder from another computer and run 'idiolect models import FOLDER'.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "The model {name} is not installed: run 'idiolect models fetch {again}'."),
    QT_TRANSLATE_NOOP("Sentences", "The model in {directory} is damaged ({what}): fetch or import it again."),
    QT_TRANSLATE_NOOP("Sentences", "The model in {directory} has lost its file {name}: fetch or import it again."),
    QT_TRANSLATE_NOOP("Sentences", "The disk is full, so {path} cannot be written: free some space and try again."),
    QT_TRANSLATE_NOOP("Sentences", "The download was cancelled; it can be taken up again."),
    # learning from corrections
    QT_TRANSLATE_NOOP("Sentences", "Reading the corrections"),
    QT_TRANSLATE_NOOP("Sentences", "Learning"),
    QT_TRANSLATE_NOOP("Sentences", "Trying it out on corrections it has not heard"),
    QT_TRANSLATE_NOOP("Sentences", "Trying it out on typical speech"),
    QT_TRANSLATE_NOOP("Sentences", "Done"),
    QT_TRANSLATE_NOOP("Sentences", "the line in the list is damaged"),
    QT_TRANSLATE_NOOP("Sentences", "the text is empty"),
    QT_TRANSLATE_NOOP("Sentences", "the recording is gone or damaged"),
    QT_TRANSLATE_NOOP("Sentences", "the recording is silent"),
    QT_TRANSLATE_NOOP("Sentences", "shorter than {shortest} s or longer than {longest} s"),
    QT_TRANSLATE_NOOP("Sentences", "{count} left out: {reason}."),
    QT_TRANSLATE_NOOP("Sentences", "There are no corrections to learn from yet: correct some dictations first."),
    QT_TRANSLATE_NOOP("Sentences", "There are no corrections"),
    QT_TRANSLATE_NOOP("Sentences", "There is 1 correction"),
    QT_TRANSLATE_NOOP("Sentences", "There are {count} corrections"),
    QT_TRANSLATE_NOOP(
        "Sentences", "{there} to learn from, and at least {needed} are needed: correct some more and try again."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Learning needs a part that is not installed: install idiolect[training]."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "What was learned from your corrections belongs to another model: choose that model, or learn again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} is damaged: remove it and learn again from the corrections, which are kept."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Nothing has been learned in {name} yet, so there is nothing to export."),
    QT_TRANSLATE_NOOP("Sentences", "There is no file {name}: choose one that was exported with Idiolect."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{name} holds nothing that was learned: choose a file that was exported with Idiolect."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} cannot be written: choose a folder you may write to, for example by setting IDIOLECT_HOME."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be written ({error}): check the disk and try again."),
    QT_TRANSLATE_NOOP("Sentences", "Until then what you say is kept in memory: do not close the app."),
    QT_TRANSLATE_NOOP("Sentences", "This copy of Idiolect was not installed by pip: run ./idiolect once."),
    QT_TRANSLATE_NOOP("Sentences", "This copy of Idiolect does not know what learning needs: install it again."),
    QT_TRANSLATE_NOOP("Sentences", "There is no pip here. Run this instead: uv pip install {names}"),
    QT_TRANSLATE_NOOP("Sentences", "The disk is full: free some space (about 2 GB) and try again."),
    QT_TRANSLATE_NOOP(
        "Sentences", "This Python belongs to the system and takes no packages: install Idiolect into one of its own."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This installation may not be changed by you: ask whoever installed Idiolect to add its training part.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "The learning part could not be fetched: check the connection and try again."),
    QT_TRANSLATE_NOOP("Sentences", "The learning part could not be installed ({problem})."),
    # rarer trouble of the controller
    QT_TRANSLATE_NOOP("Sentences", "No sound at all comes from the microphone {name}: is it muted?"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The sound system does not answer, so nothing is recorded. Restart Idiolect, or else the computer.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be read: check its permissions."),
    QT_TRANSLATE_NOOP("Sentences", "Keys cannot be pressed on this system ({error})."),
    QT_TRANSLATE_NOOP("Sentences", "Programs that run as administrator do not accept it."),
    QT_TRANSLATE_NOOP("Sentences", "macOS asks once to allow it under Privacy & Security, Accessibility."),
    QT_TRANSLATE_NOOP("Sentences", "{tool} could not press the keys, so the text was kept here."),
    QT_TRANSLATE_NOOP("Sentences", "This keyboard layout has no {name} key: the text is on the clipboard instead."),
    QT_TRANSLATE_NOOP("Sentences", "The {file} file was damaged."),
    QT_TRANSLATE_NOOP("Sentences", "It was kept as {kept}."),
    QT_TRANSLATE_NOOP("Sentences", "A new history was begun."),
    QT_TRANSLATE_NOOP("Sentences", "The usual settings are used."),
    QT_TRANSLATE_NOOP("Sentences", "The profile is called {name} until you rename it."),
    QT_TRANSLATE_NOOP("Sentences", "The history cannot be read ({error}): restart Idiolect and try again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is damaged and cannot be set aside ({error}): move it away."),
    QT_TRANSLATE_NOOP("Sentences", "It writes nothing any more."),
    QT_TRANSLATE_NOOP("Sentences", "{key} is not a key: choose another in the settings."),
    QT_TRANSLATE_NOOP("Sentences", "{key} cannot be listened for on this system: choose another key in the settings."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "macOS does not let this app see keys yet: open System Settings, Privacy & Security, Accessibility, switch Idiolect on, and restart it.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Something inside Idiolect went wrong. Nothing you said is lost: see History. If it happens again, please report: {name}.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "The disk does not take {path}: free some space and try again."),
    QT_TRANSLATE_NOOP("Sentences", "What you said is kept."),
    *engine_texts.TEXTS,
)

# By the gap they stand in: what a guard calls its finding, which file was damaged.
_WORDS = {
    ("flag", "loop"): QT_TRANSLATE_NOOP("Sentences", "text that repeated itself"),
    ("flag", "low score"): QT_TRANSLATE_NOOP("Sentences", "text it was very unsure of"),
    ("flag", "no speech"): QT_TRANSLATE_NOOP("Sentences", "sound that hardly is speech"),
    ("file", "corrections"): QT_TRANSLATE_NOOP("Sentences", "with the corrections"),
    ("file", "history"): QT_TRANSLATE_NOOP("Sentences", "with the history"),
    ("file", "name"): QT_TRANSLATE_NOOP("Sentences", "with the name of the profile"),
    ("file", "settings"): QT_TRANSLATE_NOOP("Sentences", "with the settings"),
}


def translated(text: str) -> str:
    """``text`` in the language of the window; of several sentences the longest known runs are said together."""
    parts = re.split(r"(?<=[.!?]) (?=[A-Z0-9])", text.strip())
    said, start = [], 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            found = _one(" ".join(parts[start:end]))
            if found is not None or end == start + 1:
                said.append(parts[start] if found is None else found)
                start = end
                break
    return " ".join(said)


def said_in(context: str, sentences: tuple[str, ...], text: str) -> str | None:
    """``text`` by the translations of ``context``, where it has the wording of one of ``sentences``."""
    for sentence, pattern in _patterns(sentences):
        found = pattern.fullmatch(text)
        if found is not None:
            gaps = {name: _plain(name, value) for name, value in found.groupdict().items()}
            return QCoreApplication.translate(context, sentence).format(**gaps)
    return None


def _one(text: str) -> str | None:
    return said_in("Sentences", SENTENCES, text)


def _plain(gap: str, value: str) -> str:
    """What stands in ``gap``: a guard's finding as people would call it, a reason in the window's language."""
    word = _WORDS.get((gap, value))
    if word is None:
        return _one(value) or value
    said = QCoreApplication.translate("Sentences", word)
    return value if gap == "file" and said == word else said  # in English it is "the settings file"


@lru_cache(maxsize=4)
def _patterns(sentences: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_pattern(sentence), re.DOTALL)) for sentence in sentences)


def _pattern(sentence: str) -> str:
    parts = re.split(r"{(\w+)}", sentence)
    gap = {"count": r"\d+", "needed": r"\d+", "kept": r"\S+"}
    return "".join(
        f"(?P<{part}>{gap.get(part, '.+?')})" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
