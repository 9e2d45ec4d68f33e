"""The microphones of this computer, and opening one of them with PortAudio.

On Linux PortAudio sees the sound server as one device. Its sources are listed with
``pactl`` and chosen with ``PULSE_SOURCE``, so that a headset can be picked by name.
Nothing here is quick: call it from a worker thread.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.audio import SAMPLE_RATE
from engine.errors import IdiolectError
from engine.portaudio import LOCK, portaudio, start_again

_users = 0  # of PortAudio: it may not be started again while anything plays
_PULSE = "pulse:"


class MicrophoneError(IdiolectError):
    """No sound can be had. ``code``: none, refused."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Device:
    """A microphone. ``id`` stays the same when devices come and go."""

    id: str
    name: str
    default: bool


@contextmanager
def in_use() -> Iterator[None]:
    """While something plays, PortAudio's list of devices stays as it is."""
    global _users
    with LOCK:
        _users += 1
    try:
        yield
    finally:
        with LOCK:
            _users -= 1


def refresh() -> None:
    """Make PortAudio look again for devices: it freezes its list. Only while nothing is recorded."""
    with LOCK:
        if not _users:
            start_again()


def devices() -> list[Device]:
    """All microphones, the default one first."""
    inputs = _inputs()
    sources = _pulse_sources() if _pulse_index(inputs) is not None else []
    if sources:
        found = sources
    else:
        default = _default_index(inputs)
        found = [Device(_portaudio_id(info), info["name"], info["index"] == default) for info in inputs]
    return sorted(found, key=lambda device: (not device.default, device.name.casefold()))


def open_stream(
    device: str | None, make_callback: Callable[[int, int], Callable[..., None]], finished: Callable[[], None]
) -> tuple[Any, str]:
    """A started input stream (float32) and its name. ``device`` is a ``Device.id`` or None for the default.

    ``make_callback`` gets the rate and the channels of each format that is tried.

    Raises:
        MicrophoneError: there is no microphone, or it cannot be opened.
    """
    sounddevice = portaudio()
    with LOCK:
        inputs = _inputs()
        if not inputs:
            raise MicrophoneError("none", "No microphone was found: connect one, and dictation goes on by itself.")
        index, name, source = _resolve(device, inputs)
        info = next(info for info in inputs if info["index"] == index)
        problem = ""
        for rate, channels in _formats(info):
            try:
                with _pulse_source(source):
                    stream = sounddevice.InputStream(
                        samplerate=rate,
                        blocksize=0,
                        device=index,
                        channels=channels,
                        dtype="float32",
                        latency="low" if source is None and sys.platform != "linux" else 0.06,
                        callback=make_callback(rate, channels),
                        finished_callback=finished,
                    )
                    stream.start()
                return stream, name
            except (sounddevice.PortAudioError, ValueError, OSError) as error:
                problem = str(error)
        raise MicrophoneError(
            "refused",
            f"The microphone {name} cannot be opened ({problem}). Check that this app may use it and that no "
            "other program holds it, or choose another in the settings.",
        )


def _inputs() -> list[dict[str, Any]]:
    sounddevice = portaudio()
    with LOCK:
        return [dict(info) for info in sounddevice.query_devices() if info["max_input_channels"] > 0]


def _portaudio_id(info: dict[str, Any]) -> str:
    sounddevice = portaudio()
    return f"{sounddevice.query_hostapis(info['hostapi'])['name']}:{info['name']}"


def _default_index(inputs: list[dict[str, Any]]) -> int | None:
    sounddevice = portaudio()
    pulse = _pulse_index(inputs)
    if pulse is not None:
        return pulse
    index = sounddevice.default.device[0]
    if any(info["index"] == index for info in inputs):
        return int(index)
    return inputs[0]["index"] if inputs else None


def _pulse_index(inputs: list[dict[str, Any]]) -> int | None:
    return next((info["index"] for info in inputs if info["name"] == "pulse"), None)


def _resolve(device: str | None, inputs: list[dict[str, Any]]) -> tuple[int, str, str | None]:
    """PortAudio's index, the name to show, and the source to ask the sound server for."""
    pulse = _pulse_index(inputs)
    if device is not None and device.startswith(_PULSE) and pulse is not None:
        source = device.removeprefix(_PULSE)
        name = next((known.name for known in _pulse_sources() if known.id == device), None)
        if name is None:
            raise MicrophoneError("gone", "The chosen microphone is not connected: connect it or choose another.")
        return pulse, name, source
    if device is not None:
        for info in inputs:
            if _portaudio_id(info) == device:
                return info["index"], info["name"], None
        raise MicrophoneError("gone", "The chosen microphone is not connected: connect it or choose another.")
    index = _default_index(inputs)
    assert index is not None  # inputs is not empty
    if index == pulse:
        sources = _pulse_sources()
        if not sources and _server_answers():
            raise MicrophoneError("none", "No microphone was found: connect one, and dictation goes on by itself.")
        default = next((known.name for known in sources if known.default), "default")
        return index, default, None
    return index, next(info["name"] for info in inputs if info["index"] == index), None


def _formats(info: dict[str, Any]) -> Iterator[tuple[int, int]]:
    own = int(info["default_samplerate"] or SAMPLE_RATE)
    yield from dict.fromkeys(
        (rate, channels) for channels in (1, min(2, info["max_input_channels"])) for rate in (SAMPLE_RATE, own, 48000)
    )


def _pactl(*words: str) -> str | None:
    if sys.platform != "linux" or shutil.which("pactl") is None:
        return None
    try:
        done = subprocess.run(["pactl", *words], capture_output=True, text=True, timeout=3, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _server_answers() -> bool:
    return _pactl("info") is not None


def _pulse_sources() -> list[Device]:
    """The sound server's microphones. A monitor records what is played: only listed where it is the default."""
    listing, default = _pactl("-f", "json", "list", "sources"), (_pactl("get-default-source") or "").strip()
    try:
        sources = json.loads(listing or "[]")
        return [
            Device(f"{_PULSE}{source['name']}", source.get("description") or source["name"], source["name"] == default)
            for source in sources
            if not source["name"].endswith(".monitor") or source["name"] == default
        ]
    except (ValueError, KeyError, TypeError):
        return []


@contextmanager
def _pulse_source(source: str | None) -> Iterator[None]:
    if source is None:
        yield
        return
    before = os.environ.get("PULSE_SOURCE")
    os.environ["PULSE_SOURCE"] = source
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("PULSE_SOURCE", None)
        else:
            os.environ["PULSE_SOURCE"] = before
