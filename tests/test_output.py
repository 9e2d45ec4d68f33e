"""engine.output writes subtitles that players accept and JSON that holds everything but the voice."""

import json
import re
from itertools import pairwise

import numpy as np
import pytest

from engine.output import FORMATS, cues, to_json, to_srt, to_txt, to_vtt
from engine.transcript import Adaptation, Alternative, Segment, Timings, Transcript, Word


def segment(text: str, start: float = 0.0, end: float = 3.0, words: tuple[Word, ...] = ()) -> Segment:
    return Segment(start, end, text, -0.3, 0.01, 1.2, Adaptation(), words=words)


def transcript(*segments: Segment) -> Transcript:
    return Transcript(segments, segments[-1].end if segments else 0.0, "en", "base", "cpu int8")


def spoken(text: str, start: float = 0.0, seconds: float = 0.4) -> tuple[Word, ...]:
    return tuple(Word(word, start + n * seconds, start + (n + 1) * seconds, 0.9) for n, word in enumerate(text.split()))


LONG = (
    "Please call Stella and ask her to bring these things with her from the store: six spoons of fresh snow peas, "
    "five thick slabs of blue cheese, and maybe a snack for her brother Bob."
)


def test_text_has_an_utterance_a_line():
    assert to_txt(transcript(segment("Hello there. "), segment(" "), segment("Two\nlines."))) == (
        "Hello there.\nTwo lines.\n"
    )
    assert to_txt(transcript()) == ""


def test_subrip_is_exact():
    talk = transcript(segment("Good morning.", 0.5, 2.0), segment("", 2, 3), segment("Bye.", 3661.5, 3662.25))
    assert to_srt(talk) == (
        "1\n00:00:00,500 --> 00:00:02,000\nGood morning.\n\n2\n01:01:01,500 --> 01:01:02,250\nBye.\n"
    )


def test_webvtt_is_exact_and_escaped():
    talk = transcript(segment("if a < b & b > c --> end", 359999.9996, 360002.0))
    assert to_vtt(talk) == ("WEBVTT\n\n100:00:00.000 --> 100:00:02.000\nif a &lt; b &amp; b &gt; c --&gt; end\n")


def test_nothing_said_gives_valid_empty_files():
    assert to_srt(transcript()) == ""
    assert to_vtt(transcript()) == "WEBVTT\n"
    assert json.loads(to_json(transcript()))["segments"] == []


@pytest.mark.parametrize("words", [(), spoken(LONG, 1.0)], ids=["segments", "words"])
def test_cues_are_short_in_order_and_hold_every_word(words):
    talk = transcript(segment(LONG, 1.0, 14.6, words), segment("The end.", 15.0, 15.1))
    shown = cues(talk)
    assert " ".join(line for cue in shown for line in cue.lines) == f"{LONG} The end."
    for cue in shown:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < len(line) <= 42 for line in cue.lines)
        assert cue.end - cue.start <= 7.0
        assert cue.end > cue.start
    assert all(a.end <= b.start for a, b in pairwise(shown))
    assert shown[0].start == 1.0
    assert shown[-1].end - shown[-1].start == 0.5  # long enough to be read


def test_cues_follow_the_words_times_and_break_at_silences():
    words = (*spoken("I will", 2.0), *spoken("come tomorrow", 9.0))
    shown = cues(transcript(segment("I will come tomorrow", 0.0, 12.0, words)))
    assert [(cue.start, cue.end, cue.lines) for cue in shown] == [
        (2.0, 2.8, ("I will",)),
        (9.0, 9.8, ("come tomorrow",)),
    ]


def test_a_word_longer_than_a_line_is_not_broken():
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
    (cue,) = cues(transcript(segment(f"Das {word} da.", 0.0, 3.0)))[:1]
    assert cue.lines == ("Das", word)


def test_times_that_make_no_sense_still_give_increasing_cues():
    words = tuple(Word(f"word{n}" * 6, 1.0, 1.0, 0.5) for n in range(12))
    backwards = segment("b", 0.5, 0.2)
    for text in (to_srt(transcript(segment("x", 1.0, 1.0, words), backwards)), to_vtt(transcript(backwards))):
        times = [_seconds(time) for time in re.findall(r"\d+:\d\d:\d\d[.,]\d{3}", text)]
        assert times and all(a < b for a, b in zip(times[::2], times[1::2], strict=True))
        assert times == sorted(times)


def test_no_text_can_break_out_of_its_cue():
    nasty = "one\n\n2\n00:00:09,000 --> 00:00:10,000\nNOTE two\r\n\0\u2028three"
    for text, rows in ((to_srt(transcript(segment(nasty))), 1), (to_vtt(transcript(segment(nasty))), 1)):
        assert (
            len(re.findall(r"^\S+ --> \S+$", text, flags=re.MULTILINE)) == len(cues(transcript(segment(nasty)))) >= rows
        )
        assert "\r" not in text and "\0" not in text and "\u2028" not in text


def test_json_holds_every_field_but_the_voice():
    full = Segment(
        start=0.0,
        end=1.5,
        text="Hello „Welt“",
        avg_logprob=np.float32(-0.25),  # numbers of numpy may come from the decoder
        no_speech_prob=float("nan"),
        compression_ratio=1.1,
        adaptation=Adaptation(0.5, "half strength", True, 0.7, (0.01, 0.02), np.ones(1024, dtype=np.float32)),
        words=(Word("Hello", 0.0, 0.5, 0.9),),
        alternatives=(Alternative("Hallo Welt", -0.4),),
        unadapted_text="Hello wilt",
        flags=("loop",),
        tokens=(1, 2, 3),
    )
    text = to_json(Transcript((full,), 1.5, "en", "base", "cpu int8", Timings(0.1, 0.2, 0.3, 0.4, 1.0)))
    read = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert "„Welt“" in text
    assert read["text"] == "Hello „Welt“" and read["unadapted_text"] == "Hello wilt"
    assert read["duration"] == 1.5 and read["language"] == "en" and read["timings"]["decode"] == 0.4
    (one,) = read["segments"]
    assert one["words"] == [{"text": "Hello", "start": 0.0, "end": 0.5, "confidence": 0.9}]
    assert one["alternatives"] == [{"text": "Hallo Welt", "score": -0.4}]
    assert one["adaptation"] == {
        "strength": 0.5,
        "reason": "half strength",
        "decoded_both": True,
        "distance": 0.7,
        "layers": [0.01, 0.02],
    }
    assert one["avg_logprob"] == -0.25 and one["no_speech_prob"] is None
    assert one["tokens"] == [1, 2, 3] and one["flags"] == ["loop"]
    assert full.adaptation.embedding is not None  # the transcript itself keeps it


def test_every_format_is_listed():
    assert set(FORMATS) == {"txt", "json", "srt", "vtt"}
    for write in FORMATS.values():
        assert "Hello." in write(transcript(segment("Hello.")))


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
