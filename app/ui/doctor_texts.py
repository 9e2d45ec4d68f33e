"""What ``engine.doctor`` finds, in the language of the window: recognised by its wording, as in ``sentences``."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.ui.sentences import said_in, translated

NAMES = (
    QT_TRANSLATE_NOOP("Doctor", "Python"),
    QT_TRANSLATE_NOOP("Doctor", "Processor"),
    QT_TRANSLATE_NOOP("Doctor", "Memory"),
    QT_TRANSLATE_NOOP("Doctor", "Graphics card"),
    QT_TRANSLATE_NOOP("Doctor", "Model"),
    QT_TRANSLATE_NOOP("Doctor", "Personalization"),
    QT_TRANSLATE_NOOP("Doctor", "Language model"),
    QT_TRANSLATE_NOOP("Doctor", "Speech detection"),
    QT_TRANSLATE_NOOP("Doctor", "Microphone"),
    QT_TRANSLATE_NOOP("Doctor", "Display"),
    QT_TRANSLATE_NOOP("Doctor", "Global key"),
    QT_TRANSLATE_NOOP("Doctor", "Insertion"),
    QT_TRANSLATE_NOOP("Doctor", "Settings folder"),
    QT_TRANSLATE_NOOP("Doctor", "Profiles folder"),
    QT_TRANSLATE_NOOP("Doctor", "Models folder"),
    QT_TRANSLATE_NOOP("Doctor", "Cache folder"),
    QT_TRANSLATE_NOOP("Doctor", "Folders"),
)
# Of texts that begin alike, the longer comes first.
TEXTS = (
    QT_TRANSLATE_NOOP("Doctor", "the check itself failed ({error})"),
    QT_TRANSLATE_NOOP("Doctor", "Report this."),
    QT_TRANSLATE_NOOP("Doctor", "Idiolect {version}, Python {python}, CTranslate2 {library} on {system} ({place})"),
    QT_TRANSLATE_NOOP("Doctor", "{threads} threads, {machine}, computes in {types}"),
    QT_TRANSLATE_NOOP("Doctor", "This processor has no fast 8-bit arithmetic: use the model tiny.en."),
    QT_TRANSLATE_NOOP("Doctor", "With one thread text comes late: use the model tiny.en."),
    QT_TRANSLATE_NOOP("Doctor", "Less than 2 GB: close other programs, or use the model tiny.en."),
    QT_TRANSLATE_NOOP("Doctor", "{count} CUDA device(s), computes in {types}"),
    QT_TRANSLATE_NOOP("Doctor", "an NVIDIA driver is there, but CUDA cannot be used; the processor is used instead"),
    QT_TRANSLATE_NOOP("Doctor", "Install the CUDA 12 libraries: {command}."),
    QT_TRANSLATE_NOOP("Doctor", "Apple silicon: used by the torch decoder ({options})"),
    QT_TRANSLATE_NOOP("Doctor", "no CUDA device; the processor is used"),
    QT_TRANSLATE_NOOP("Doctor", "{name}, {size} MB, complete and unchanged, in {place}"),
    QT_TRANSLATE_NOOP("Doctor", "Install Idiolect again."),
    QT_TRANSLATE_NOOP("Doctor", "there is no hypernetwork for {name}: it works as plain Whisper"),
    QT_TRANSLATE_NOOP("Doctor", "Train one: idiolect train --help."),
    QT_TRANSLATE_NOOP("Doctor", "Use the model base."),
    QT_TRANSLATE_NOOP("Doctor", "a hypernetwork for {name} writes {parameters} weights for every utterance"),
    QT_TRANSLATE_NOOP("Doctor", "complete and unchanged, in {place}"),
    QT_TRANSLATE_NOOP("Doctor", "it is not here: between readings only their sound decides"),
    QT_TRANSLATE_NOOP("Doctor", "Run 'idiolect models fetch {name}'."),
    QT_TRANSLATE_NOOP("Doctor", "it hears speech in silence"),
    QT_TRANSLATE_NOOP("Doctor", "Silero VAD runs"),
    QT_TRANSLATE_NOOP("Doctor", "{folder} cannot be written ({error})"),
    QT_TRANSLATE_NOOP(
        "Doctor",
        "Free some space or correct the folder's permissions, or set IDIOLECT_HOME to another folder.",
    ),
    QT_TRANSLATE_NOOP("Doctor", "Free some space: recordings could not be kept."),
    QT_TRANSLATE_NOOP("Doctor", "Less than 1 GB is free: free some space before fetching a model."),
    QT_TRANSLATE_NOOP("Doctor", "{folder}, {free} GB free"),
    QT_TRANSLATE_NOOP("Doctor", "the library PortAudio is missing"),
    QT_TRANSLATE_NOOP("Doctor", "PortAudio does not answer ({error})"),
    QT_TRANSLATE_NOOP("Doctor", "Restart the sound server or log in again."),
    QT_TRANSLATE_NOOP("Doctor", "none was found"),
    QT_TRANSLATE_NOOP("Doctor", "Connect a microphone, and allow its use in the system's privacy settings."),
    QT_TRANSLATE_NOOP("Doctor", "The sound server does not run: log in to a desktop, or run '{command}'."),
    QT_TRANSLATE_NOOP("Doctor", "{name} (one of {count}), records at {rate} Hz"),
    QT_TRANSLATE_NOOP("Doctor", "{name} (one of {count}) cannot be opened ({problem})"),
    QT_TRANSLATE_NOOP("Doctor", "Close the program that holds it."),
    QT_TRANSLATE_NOOP("Doctor", "there is no screen here; files can be transcribed"),
    QT_TRANSLATE_NOOP("Doctor", "Log in to a desktop for the app."),
    QT_TRANSLATE_NOOP("Doctor", "the X server {display} does not answer"),
    QT_TRANSLATE_NOOP("Doctor", "Correct DISPLAY, or log in to a desktop."),
    QT_TRANSLATE_NOOP("Doctor", "{session}, but the window needs libraries"),
    QT_TRANSLATE_NOOP("Doctor", "through the desktop's portal: it asks once for permission"),
    QT_TRANSLATE_NOOP("Doctor", "this Wayland desktop lets no program listen for a key"),
    QT_TRANSLATE_NOOP("Doctor", "In the desktop's keyboard settings give a key the command: idiolect toggle"),
    QT_TRANSLATE_NOOP("Doctor", "no key can be listened for: python-xlib is missing"),
    QT_TRANSLATE_NOOP("Doctor", "macOS has not allowed it yet"),
    QT_TRANSLATE_NOOP("Doctor", "any key, on {session}"),
    QT_TRANSLATE_NOOP("Doctor", "the clipboard cannot be set in the background"),
    QT_TRANSLATE_NOOP("Doctor", "text goes to the clipboard only: the package jeepney is missing"),
    QT_TRANSLATE_NOOP("Doctor", "text goes to the clipboard only: python-xlib is missing"),
    QT_TRANSLATE_NOOP("Doctor", "text goes to the clipboard only"),
    QT_TRANSLATE_NOOP("Doctor", "pastes through the desktop's portal: it asks once for permission"),
    QT_TRANSLATE_NOOP(
        "Doctor", "Paste with Ctrl+V; a desktop with the RemoteDesktop portal (GNOME, KDE) can do it by itself."
    ),
    QT_TRANSLATE_NOOP("Doctor", "pastes by pressing the keys (XTest)"),
    QT_TRANSLATE_NOOP("Doctor", "pastes into the program in front, on {session}"),
    QT_TRANSLATE_NOOP("Doctor", "Install the app's packages: {command}."),
    QT_TRANSLATE_NOOP("Doctor", "System Settings > Privacy & Security > Accessibility: switch Idiolect on."),
)


def said(text: str) -> str:
    """A name, a detail or a remedy of the check-up, in the language of the window."""
    found = said_in("Doctor", (*NAMES, *TEXTS), text)
    return translated(text) if found is None else found
