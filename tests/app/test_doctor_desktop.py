"""``idiolect doctor`` on a real screen with a real microphone."""

from __future__ import annotations

from engine import desktop
from tests.app.conftest import Microphone


def test_a_desktop_with_a_microphone_is_all_fine(display: str, microphone: Microphone) -> None:
    assert desktop.session() == "x11"
    (hearing,) = desktop.microphone()
    assert hearing.status == "ok" and "records at 16000 Hz" in hearing.detail
    (screen,) = desktop.display()
    assert screen.status == "ok", screen
    (key,) = desktop.global_key()
    (insertion,) = desktop.insertion()
    assert key.status == insertion.status == "ok"
