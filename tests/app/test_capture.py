"""The real microphone path: PortAudio, the sound server, the spool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sounddevice

from app import microphone as microphones
from app.capture import Capture
from app.ring import Ring
from app.spool import Spool
from engine.audio import load_audio, write_wav
from tests.app.conftest import Microphone, wait_until


def chirp(path: Path, seconds: float = 1.5) -> np.ndarray:
    """A sweep from 200 to 2000 Hz: easy to find again by correlation."""
    t = np.arange(int(seconds * 16000)) / 16000
    sound = (0.5 * np.sin(2 * np.pi * (200 * t + 900 * t**2 / seconds))).astype(np.float32)
    write_wav(path, sound)
    return sound


def best_match(heard: np.ndarray, sound: np.ndarray) -> float:
    """The largest normalised correlation of ``sound`` with any part of ``heard``."""
    n = len(heard) + len(sound)
    spectrum = np.fft.rfft(heard, n) * np.conj(np.fft.rfft(sound, n))
    place = int(np.argmax(np.abs(np.fft.irfft(spectrum, n)[: max(1, len(heard) - len(sound) + 1)])))
    part = heard[place : place + len(sound)]
    return abs(float(part @ sound[: len(part)])) / float(np.linalg.norm(part) * np.linalg.norm(sound) + 1e-9)


@pytest.fixture
def capture(qapp, home: Path, microphone: Microphone):  # type: ignore[no-untyped-def]
    capture = Capture()
    yield capture
    capture.close()


def test_the_ring_gives_back_what_was_written_across_its_end() -> None:
    ring = Ring(10, 2)
    sound = np.arange(48, dtype=np.float32).reshape(24, 2)
    got = []
    for start in range(0, 24, 4):
        ring.write(sound[start : start + 4])
        if start % 8 == 4:
            got.append(ring.read())
    np.testing.assert_array_equal(np.concatenate(got), sound)
    for start in range(0, 24, 4):
        ring.write(sound[start : start + 4])
    np.testing.assert_array_equal(ring.read(), sound[-10:])
    assert ring.lost == 14


def test_what_is_played_is_in_the_spool_with_the_second_before(
    capture: Capture, microphone: Microphone, tmp_path: Path
) -> None:
    sound = chirp(tmp_path / "chirp.wav")
    done, levels, opened = [], [], []
    capture.recorded.connect(done.append)
    capture.level.connect(lambda rms, peak: levels.append(peak))
    capture.opened.connect(opened.append)
    capture.arm()
    assert wait_until(lambda: bool(opened)), "the microphone did not open"
    player = microphone.play(tmp_path / "chirp.wav", wait=False)
    assert wait_until(lambda: bool(levels) and max(levels) > 0.1)
    time.sleep(0.1)  # the key comes too late: the pre-roll has the beginning
    recording = Spool().begin("me", print)
    capture.record(recording, preroll=1.0)
    player.wait(10)
    capture.finish()
    assert wait_until(lambda: bool(done))
    assert best_match(load_audio(done[0].path), sound) > 0.95
    assert done[0].path.stat().st_mode & 0o077 == 0


def test_a_recording_that_was_cancelled_stays_so_when_the_next_begins_at_once(
    capture: Capture, microphone: Microphone
) -> None:
    done: list[Any] = []
    capture.recorded.connect(done.append)
    spool = Spool()
    first, second = spool.begin("me", print), spool.begin("me", print)
    capture.record(first, 0.0)
    capture.finish("cancelled")
    capture.record(second, 0.0)
    capture.finish()
    assert wait_until(lambda: len(done) == 2)
    assert [one.note.state for one in done] == ["cancelled", "recorded"]


def test_a_warm_microphone_that_nobody_speaks_into_leaves_the_computer_in_peace(
    capture: Capture, microphone: Microphone
) -> None:
    """Its level was told, and painted, twenty times a second, all day long."""
    levels: list[float] = []
    opened: list[str] = []
    capture.level.connect(lambda rms, peak: levels.append(peak))
    capture.opened.connect(opened.append)
    capture.arm()
    assert wait_until(lambda: bool(opened) and bool(levels))
    levels.clear()
    wait_until(lambda: False, 3.0)
    assert 15 <= len(levels) <= 33, len(levels)  # alive all the same
    levels.clear()
    capture.record(Spool().begin("me", print), preroll=0.0)
    assert wait_until(lambda: len(levels) >= 30, 2.5), len(levels)


def test_a_stereo_source_at_44100_is_heard_at_16000(capture: Capture, microphone: Microphone, tmp_path: Path) -> None:
    sound = chirp(tmp_path / "chirp.wav")
    microphone.control("set-default-source", "second.monitor")
    try:
        device = next(found.id for found in microphones.devices() if "second" in found.id)
        capture.choose(device)
        done, opened = [], []
        capture.recorded.connect(done.append)
        capture.opened.connect(opened.append)
        capture.record(Spool().begin("me", print), preroll=0.0)
        assert wait_until(lambda: bool(opened))
        microphone.play(tmp_path / "chirp.wav", sink="second")
        capture.finish()
        assert wait_until(lambda: bool(done))
        assert best_match(load_audio(done[0].path), sound) > 0.5  # gaps under load; chance: 0.05
    finally:
        microphone.control("set-default-source", "speaker.monitor")


def recorded(capture: Capture, microphone: Microphone, clip: Path, sink: str) -> np.ndarray:
    """``clip`` played into ``sink``, as it comes out of the spool."""
    done, opened = [], []
    capture.recorded.connect(done.append)
    capture.opened.connect(opened.append)
    capture.record(Spool().begin("me", print), preroll=0.0)
    assert wait_until(lambda: bool(opened))
    microphone.play(clip, sink=sink)
    capture.finish()
    assert wait_until(lambda: bool(done))
    return load_audio(done[0].path)


@pytest.mark.parametrize("rate", [8000, 11025, 96000])
def test_a_source_of_an_odd_rate_is_heard_at_16000(
    capture: Capture, microphone: Microphone, tmp_path: Path, rate: int
) -> None:
    sound = chirp(tmp_path / "chirp.wav")
    load = ["pactl", "load-module", "module-null-sink", "sink_name=odd", f"rate={rate}"]
    module = subprocess.run(load, capture_output=True, text=True, check=True).stdout.strip()
    raw = ("pacat", "--latency-msec=20", "--rate=16000", "--channels=1", "--format=s16le", "--device=odd", "/dev/zero")
    awake = subprocess.Popen(raw)  # else a null sink hands its sound over every two seconds
    microphone.control("set-default-source", "odd.monitor")
    try:
        heard = recorded(capture, microphone, tmp_path / "chirp.wav", "odd")
        assert best_match(heard, sound) > 0.5  # gaps under load; chance: 0.05
    finally:
        microphone.control("set-default-source", "speaker.monitor")
        awake.kill()
        awake.wait(5)
        microphone.control("unload-module", module)


@pytest.mark.parametrize(("own", "channels"), [(44100, 1), (48000, 2), (22050, 1), (96000, 2)])
def test_a_microphone_that_refuses_16000_is_heard_at_its_own_rate(
    capture: Capture, microphone: Microphone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: int, channels: int
) -> None:
    """The sound server converts any rate, so the refusal is put in front of it; all else is the real stream."""
    tried: list[tuple[int, int]] = []

    class OneFormat(sounddevice.InputStream):
        def __init__(self, **options: Any) -> None:
            tried.append((options["samplerate"], options["channels"]))
            if tried[-1] != (own, channels):
                raise sounddevice.PortAudioError("Invalid sample rate [PaErrorCode -9997]")
            super().__init__(**options)

    inputs = microphones._inputs
    monkeypatch.setattr(
        microphones, "_inputs", lambda: [info | {"default_samplerate": float(own)} for info in inputs()]
    )
    monkeypatch.setattr(sounddevice, "InputStream", OneFormat)
    sound = chirp(tmp_path / "chirp.wav")
    heard = recorded(capture, microphone, tmp_path / "chirp.wav", "speaker")
    assert tried[0] == (16000, 1) and tried[-1] == (own, channels)
    loud = np.flatnonzero(
        np.abs(heard) > 0.2 * np.abs(heard).max()
    )  # how much silence follows is the computer's affair
    assert loud[-1] - loud[0] == pytest.approx(len(sound), abs=2400)  # at the right speed
    assert best_match(heard, sound) > 0.5, "not at its speed"


def test_a_microphone_that_refuses_every_rate_is_said_to_with_a_way_out(
    capture: Capture, microphone: Microphone, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refused(sounddevice.InputStream):
        def __init__(self, **options: Any) -> None:
            raise sounddevice.PortAudioError("Invalid sample rate [PaErrorCode -9997]")

    problems: list[str] = []
    capture.problem.connect(lambda code, text: problems.append(text))
    with monkeypatch.context() as patch:
        patch.setattr(sounddevice, "InputStream", Refused)
        capture.arm()
        assert wait_until(lambda: bool(problems), 10)
        assert "cannot be opened" in problems[0] and "choose another in the settings" in problems[0]
    back: list[object] = []
    capture.opened.connect(back.append)
    assert wait_until(lambda: bool(back), 20)  # and it is tried again by itself


def test_a_microphone_that_is_taken_away_and_comes_back(
    capture: Capture, microphone: Microphone, tmp_path: Path
) -> None:
    sound = chirp(tmp_path / "chirp.wav", 1.0)
    problems, recovered, done, opened = [], [], [], []
    capture.problem.connect(lambda code, message: problems.append((code, message)))
    capture.recovered.connect(lambda: recovered.append(True))
    capture.recorded.connect(done.append)
    capture.opened.connect(opened.append)
    recording = Spool().begin("me", print)
    capture.record(recording, preroll=0.0)
    assert wait_until(lambda: bool(opened))
    microphone.play(tmp_path / "chirp.wav")
    microphone.stop()
    assert wait_until(lambda: any(code in ("gone", "none", "refused") for code, _ in problems))
    cut = round(recording.seconds * 16000)
    assert all(len(message) > 20 for _, message in problems)
    microphone.start()
    assert wait_until(lambda: len(opened) == 2), "not opened again"
    microphone.play(tmp_path / "chirp.wav")
    capture.finish()
    assert wait_until(lambda: bool(done)) and recovered
    heard = load_audio(done[0].path)
    assert best_match(heard[:cut], sound) > 0.5  # gaps under load; chance: 0.05
    assert best_match(heard[cut:], sound) > 0.5  # gaps under load; chance: 0.05


def stop(microphone: Microphone) -> list[subprocess.Popen[bytes]]:
    """No sound flows and the sound server does not answer, as between sleep and wake."""
    asleep = [program for program in (microphone.server, *microphone.keepers) if program is not None]
    for program in asleep:
        program.send_signal(signal.SIGSTOP)
    return asleep


def test_after_the_computer_slept_the_same_recording_goes_on(
    capture: Capture, microphone: Microphone, tmp_path: Path
) -> None:
    sound = chirp(tmp_path / "chirp.wav", 1.0)
    recovered, done, opened = [], [], []
    capture.recovered.connect(lambda: recovered.append(True))
    capture.recorded.connect(done.append)
    capture.opened.connect(opened.append)
    recording = Spool().begin("me", print)
    capture.record(recording, preroll=0.0)
    assert wait_until(lambda: bool(opened))
    microphone.play(tmp_path / "chirp.wav")
    asleep = stop(microphone)
    try:
        wait_until(lambda: bool(recovered), 4)
    finally:
        for program in asleep:
            program.send_signal(signal.SIGCONT)
    before = recording.seconds
    assert wait_until(lambda: recording.seconds > before + 0.5, 20), "nothing is heard after waking"
    cut = round(recording.seconds * 16000)
    microphone.play(tmp_path / "chirp.wav")
    capture.finish()
    assert wait_until(lambda: bool(done))
    heard = load_audio(done[0].path)
    assert best_match(heard[:cut], sound) > 0.5
    assert best_match(heard[cut:], sound) > 0.5


def test_a_sound_system_that_never_answers_is_told_and_it_goes_on_when_it_does(
    capture: Capture, microphone: Microphone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.capture._STUCK_AFTER", 3.0)
    problems, recovered = [], []
    capture.problem.connect(lambda code, message: problems.append((code, message)))
    capture.recovered.connect(lambda: recovered.append(True))
    asleep = stop(microphone)
    recording = Spool().begin("me", print)
    try:
        capture.record(recording, preroll=0.0)
        assert wait_until(lambda: bool(problems), 20)
    finally:
        for program in asleep:
            program.send_signal(signal.SIGCONT)
    assert problems[0][0] == "stuck" and "Restart Idiolect" in problems[0][1]
    assert wait_until(lambda: bool(recovered) and recording.seconds > 0.5, 20)


def test_a_computer_that_slept_is_not_taken_for_a_sound_system_that_is_stuck(capture: Capture) -> None:
    problems = []
    capture.problem.connect(lambda code, message: problems.append(code))
    hour_ago = time.monotonic() - 3600.0  # clocks go on while some computers sleep
    capture._felt_at = capture._loop.alive_at = hour_ago
    capture._feel_pulse()  # before the microphone's thread has woken, too
    assert problems == []


def test_a_muted_microphone_is_told(capture: Capture, microphone: Microphone) -> None:
    problems = []
    capture.problem.connect(lambda code, message: problems.append(code))
    microphone.control("set-source-mute", "speaker.monitor", "1")
    try:
        capture.record(Spool().begin("me", print), preroll=0.0)
        assert wait_until(lambda: "silent" in problems, 5)
    finally:
        microphone.control("set-source-mute", "speaker.monitor", "0")
    recovered = []
    capture.recovered.connect(lambda: recovered.append(True))
    assert wait_until(lambda: bool(recovered), 5)


def test_a_microphone_that_takes_all_noise_away_is_not_taken_for_a_muted_one_in_a_pause(
    capture: Capture, microphone: Microphone, tmp_path: Path
) -> None:
    """Many send zeros while nobody speaks: before somebody begins, in a block, and while the last word ends."""
    problems = []
    capture.problem.connect(lambda code, message: problems.append(code))
    recording = Spool().begin("me", print)

    def pause(seconds: float) -> None:
        microphone.control("set-source-mute", "speaker.monitor", "1")
        until = recording.seconds + seconds
        assert wait_until(lambda: recording.seconds > until, 20)
        microphone.control("set-source-mute", "speaker.monitor", "0")

    capture.record(recording, preroll=0.0)
    assert wait_until(lambda: recording.seconds > 0.3, 5)
    pause(5.0)
    assert wait_until(lambda: bool(recording.recent(0.2).any()), 5)
    assert problems == []


def test_no_microphone_at_all_is_a_sentence(qapp, home: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    script = (
        "from app.microphone import devices, open_stream, MicrophoneError\n"
        "print(devices())\n"
        "try: open_stream(None, lambda r, c: None, lambda: None)\n"
        "except MicrophoneError as error: print(error.code, error)\n"
    )
    (tmp_path / "alsa.conf").write_text("</usr/share/alsa/alsa.conf>\n")
    environment = {
        **os.environ,
        "ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf"),
        "PULSE_SERVER": "unix:/nonexistent",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    if done.stdout.splitlines()[0] != "[]":
        pytest.skip("this computer has a sound card")
    assert "none No microphone was found" in done.stdout


def test_recording_goes_on_when_the_disk_is_full(
    capture: Capture, microphone: Microphone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = chirp(tmp_path / "chirp.wav", 1.0)
    troubles, opened, done = [], [], []
    capture.opened.connect(opened.append)
    capture.recorded.connect(done.append)
    recording = Spool().begin("me", lambda error: troubles.append(error))
    import app.spool

    real = app.spool._write_at

    def full(file, place, data):  # type: ignore[no-untyped-def]
        raise OSError(28, "No space left on device")

    capture.record(recording, preroll=0.0)
    assert wait_until(lambda: bool(opened))
    monkeypatch.setattr(app.spool, "_write_at", full)
    microphone.play(tmp_path / "chirp.wav")
    assert wait_until(lambda: bool(troubles))
    assert "disk is full" in str(troubles[0])
    monkeypatch.setattr(app.spool, "_write_at", real)
    capture.finish()
    assert wait_until(lambda: bool(done))
    assert troubles[-1] is None
    assert best_match(load_audio(done[0].path), sound) > 0.5  # gaps under load; chance: 0.05
