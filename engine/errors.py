"""Errors that are meant to be read by the person using the program.

Each message is one clear sentence (or two) that says what is wrong and what to do. The
command line and the app print ``str(error)`` and nothing else; anything that is not an
``IdiolectError`` is a defect.
"""

from __future__ import annotations


class IdiolectError(Exception):
    """Something the user can understand and act on."""


class AudioError(IdiolectError):
    """A recording cannot be read."""


class ModelError(IdiolectError):
    """A Whisper model is missing, damaged or cannot be fetched."""


class HypernetworkError(IdiolectError):
    """A hypernetwork file is damaged or belongs to another base model."""


class ProfileError(IdiolectError):
    """A person's profile is damaged or belongs to another base model."""


class OptionError(IdiolectError):
    """An option has a value that cannot be used."""


class StorageError(IdiolectError):
    """A folder cannot be written: full, read-only or not ours."""


class WorkerError(IdiolectError):
    """The engine process could not be started or keeps failing."""


class Cancelled(IdiolectError):
    """The work was cancelled on request."""
