"""Every importer reads its corpus's real layout, damage and all, and counts what it leaves out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

soundfile = pytest.importorskip("soundfile")

from training.corpora import CORPORA, CorpusError, ImportOptions, ImportReport, run  # noqa: E402
from training.corpora.chat import intended_text, read_chat, verbatim_text  # noqa: E402
from training.corpora.common import sentence_case  # noqa: E402
from training.corpora.sap import clean_transcript  # noqa: E402
from training.corpora.uaspeech import read_mlf  # noqa: E402
from training.manifest import Utterance, read_manifest  # noqa: E402


def recording(path: Path, seconds: float = 1.0, rate: int = 16000, level: float = 0.1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = level * np.sin(np.arange(int(seconds * rate)) * 0.05)
    soundfile.write(path, samples, rate)
    return path


def text_file(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def load(name: str, root: Path, **options: object) -> ImportReport:
    return CORPORA[name].load(root, ImportOptions(**options))  # type: ignore[arg-type]


def texts(report: ImportReport) -> list[str]:
    return [u.text for u in report.utterances]


def find(report: ImportReport, name: str) -> Utterance:
    return next(u for u in report.utterances if u.audio.name == name)


@pytest.fixture
def torgo(tmp_path: Path) -> Path:
    root = tmp_path / "torgo"
    session = root / "F" / "F01" / "Session1"
    prompts = {
        "0001": "[say Ah-P-Eee repeatedly]",
        "0002": "stick",
        "0003": "input/images/car.jpg",
        "0004": "xxx",
        "0005": "",
        "0006": "She's asleep [whispers]",
        "0007": "The quick brown fox.\r\n",
        "0008": "tear",
        "0009": "only the array",
        "0010": "cut off",
        "0011": "damaged near the mouth",
        "0012": "nobody pressed record",
        "0013": "caf\xe9",
    }
    for item, prompt in prompts.items():
        text_file(session / "prompts" / f"{item}.txt", prompt.encode("latin-1"))
    for item in ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0013"):
        recording(session / "wav_headMic" / f"{item}.wav")
        recording(session / "wav_arrayMic" / f"{item}.wav")
    recording(session / "wav_arrayMic" / "0009.wav")
    recording(session / "wav_headMic" / "0010.wav", seconds=0.1)
    text_file(session / "wav_headMic" / "0011.wav", b"RIFF damaged")
    recording(session / "wav_arrayMic" / "0011.wav")
    recording(session / "wav_headMic" / "0012.wav", level=0.0)
    recording(session / "wav_headMic" / "0099.wav")  # no prompt
    text_file(session / "wav_headMic" / "._0002.wav", b"left by a Mac")
    control = root / "MC" / "MC01" / "Session2"
    text_file(control / "prompts" / "0001.txt", "stick")
    recording(control / "wav_headMic" / "0001.wav")
    recording(root / "MC" / "MC02" / "Session1" / "wav_headMic" / "0001.wav")
    return root


def test_torgo_keeps_what_was_read_and_counts_the_rest(torgo: Path) -> None:
    report = load("torgo", torgo)
    kept = ["stick", "The quick brown fox.", "only the array", "damaged near the mouth", "café", "stick"]
    assert texts(report) == kept
    assert report.skipped == {
        "instruction or comment in the prompt": 2,
        "picture description": 1,
        'unusable ("xxx")': 1,
        "empty prompt": 1,
        "recording missing": 1,
        "shorter than 0.2 s": 1,
        "recording silent": 1,
        "recording without prompt": 1,
        "session without prompts": 1,
    }
    patient, control = report.utterances[0], report.utterances[-1]
    assert (patient.speaker, patient.cohort, patient.severity) == ("torgo-F01", "dysarthria", 0.85)
    assert (control.speaker, control.cohort, control.severity) == ("torgo-MC01", "typical", 0.0)
    assert patient.extra["microphone"] == "headMic" and patient.seconds == 1.0
    assert [u.extra["microphone"] for u in report.utterances[2:4]] == ["arrayMic", "arrayMic"]
    assert patient.source == "TORGO" and patient.licence


def test_torgo_gives_both_microphones_when_asked(torgo: Path) -> None:
    report = load("torgo", torgo, microphones="all")
    assert [u.extra["microphone"] for u in report.utterances if u.text == "The quick brown fox."] == [
        "headMic",
        "arrayMic",
    ]
    assert report.skipped["recording damaged"] == 1


def test_uaspeech_pairs_recordings_with_the_master_label_file(tmp_path: Path) -> None:
    root = tmp_path / "UASpeech"
    mlf = '#!MLF!#\n"*/F03_B1_C10_M{}.lab"\nLINE\n.\n'
    names = "".join(mlf.format(m).removeprefix("#!MLF!#\n") for m in range(2, 9))
    names += '"*/F03_B1_C11_M5.lab"\n0 12300000 PARAGRAPH\n.\n"*/F03_B3_C13_M2.lab"\nPASTE\n.\n'
    names += '"*/F03_B3_D1_M5.lab"\nONE\n.\n'
    text_file(root / "mlf" / "F03" / "F03_word.mlf", "#!MLF!#\n" + names)
    text_file(root / "mlf" / "CF02" / "CF02_word.mlf", '#!MLF!#\n"*/CF02_B1_CW20_M5.lab"\nI\n.\n')
    for microphone in (2, 3, 5, 8):
        recording(root / "audio" / "original" / "F03" / f"F03_B1_C10_M{microphone}.wav")
        recording(root / "audio" / "noisereduced" / "F03" / f"F03_B1_C10_M{microphone}.wav")
    recording(root / "audio" / "normalized" / "F03" / "F03_B1_C11_M5.wav")
    text_file(root / "audio" / "original" / "F03" / "F03_B3_C13_M2.wav", b"")
    recording(root / "audio" / "original" / "F03" / "F03_B2_UW1_M5.wav")
    recording(root / "audio" / "original" / "F03" / "calibration.wav")
    recording(root / "audio" / "original" / "control" / "CF02" / "CF02_B1_CW20_M5.wav")

    report = load("uaspeech", root)
    assert texts(report) == ["I", "Line", "Paragraph"]
    line = report.utterances[1]
    assert "original" in line.audio.parts and line.extra["microphone"] == "M5"
    assert (line.speaker, line.cohort, line.severity, line.extra["block"]) == ("uaspeech-F03", "dysarthria", 0.94, "B1")
    assert report.utterances[0].cohort == "typical"
    assert report.skipped == {
        "recording empty": 1,
        "no word in the MLF": 1,
        "file name not understood": 1,
        "recording missing": 1,
    }
    assert len([u for u in load("uaspeech", root, microphones="all").utterances if u.text == "Line"]) == 4
    assert read_mlf(root / "mlf" / "F03" / "F03_word.mlf")["F03_B1_C11_M5"] == "PARAGRAPH"


@pytest.mark.parametrize(
    ("raw", "intended", "verbatim"),
    [
        ("I want (um) (t-) to go.", "I want to go.", "I want um t- to go."),
        ("(I, uh,) I, (you know), went [coughs] home.", "I, went home.", "I, uh, I, you know, went home."),
        ("My name is [PII] and ~C ~B ~S is on.", "My name is and CBS is on.", "My name is and CBS is on."),
        ("Call {g: Jonathan} (f-*) now", "Call Jonathan now", "Call Jonathan f- now"),
        ("#dis\nIt was (cs: claro) fine (ss: ha)", "It was claro fine ha", "It was claro fine ha"),
        ("I saw {w: 3} there", None, "I saw there"),
        ("Half a {u: }", None, "Half a"),
        ("A broken (bracket", None, "A broken bracket"),
        ("(um)", "", "Um"),
    ],
)
def test_sap_markup(raw: str, intended: str | None, verbatim: str) -> None:
    assert clean_transcript(raw) == (intended, verbatim)


def test_sap_reads_one_json_a_speaker(tmp_path: Path) -> None:
    uuid = "0a1b2c3d-0000-1111-2222-333344445555"
    folder = tmp_path / "SAP" / "Train" / uuid

    def item(number: int, transcript: str | None, **more: object) -> dict[str, object]:
        prompt = {"Prompt Text": "?", "Transcript": transcript, "Category Description": "Digital Assistant Commands"}
        return {"Filename": f"{uuid}_1_{number}.wav", "Prompt": prompt, **more}

    rated = [{"Dimension Description": "Intelligibility", "Level": level} for level in ("3", "5", "n/a")]
    contributor = {
        "Contributor ID": uuid,
        "Etiology": "Parkinson's Disease",
        "Files": [
            item(1, "Turn (on) on the (l-) light.", Ratings=rated),
            item(2, "Set {w: 2} alarm"),
            item(3, None),
            item(4, "The recording is lost."),
            item(1, "Turn on the light."),
            {"Filename": f"{uuid}_9_9.wav"},
        ],
    }
    text_file(folder / f"{uuid}.json", json.dumps(contributor))
    for number in (1, 2, 3):
        recording(folder / f"{uuid}_1_{number}_16kHz.wav")
    text_file(folder / f"{uuid}_notes.json", "[]")
    text_file(tmp_path / "SAP" / "Train" / "broken" / "broken.json", "{")

    report = load("sap", tmp_path / "SAP")
    (only,) = report.utterances
    assert (only.text, only.verbatim) == ("Turn on the light.", "Turn on on the l- light.")
    assert (only.speaker, only.cohort, only.severity) == (f"sap-{uuid}", "parkinsons", 0.5)
    assert only.audio.name == f"{uuid}_1_1_16kHz.wav"
    assert only.extra["corpus_split"] == "train" and only.split is None
    assert report.skipped == {
        "unintelligible words or broken markup in the transcript": 1,
        "empty text": 2,
        "recording missing": 1,
        "file listed twice": 1,
        "speaker file damaged": 1,
    }


def test_mdvr_cuts_long_recordings_by_a_table_of_transcripts(tmp_path: Path) -> None:
    root = tmp_path / "26-29_09_2017_KCL"
    recording(root / "ReadText" / "PD" / "ID34_pd_2_0_1.wav", seconds=3, rate=44100)
    recording(root / "SpontaneousDialogue" / "PD" / "ID34_pd_2_0_1.wav", seconds=2)
    recording(root / "ReadText" / "HC" / "ID22hc_0_0_0.wav")  # so named in the corpus
    recording(root / "ReadText" / "HC" / "ID00_hc_0_0_0.wav")
    recording(root / "ReadText" / "HC" / "test.wav")
    text_file(root / "ReadText" / "HC" / "ID22hc_0_0_0.txt", "The North Wind and the Sun.")
    table = "file, start, end, text\nReadText/PD/ID34_pd_2_0_1.wav, 0.5, 1.5, The sun shone.\n"
    table += "ReadText/PD/ID34_pd_2_0_1.wav, 2, 9, The traveller\nReadText/PD/ID34_pd_2_0_1.wav, 50, 51, Beyond\n"
    table += "ReadText/PD/ID34_pd_2_0_1.wav, soon, later, No times\n"
    table += "SpontaneousDialogue/PD/ID34_pd_2_0_1.wav,0,1,I'm retired.\n"
    text_file(root / "transcripts.csv", table)

    report = load("mdvr", root, clips=tmp_path / "clips")
    assert sorted(texts(report)) == ["I'm retired.", "The North Wind and the Sun.", "The sun shone.", "The traveller"]
    assert report.skipped == {
        "no transcript": 1,
        "file name not understood": 1,
        "times outside the recording": 1,
        "no usable times": 1,
    }
    ill = next(u for u in report.utterances if u.text == "The sun shone.")
    assert (ill.cohort, ill.severity, ill.extra["hoehn_yahr"]) == ("parkinsons", 0.125, 2)
    assert ill.seconds == pytest.approx(1.1, abs=0.01)
    assert {u.speaker for u in report.utterances} == {"mdvr-kcl-ID34", "mdvr-kcl-ID22"}
    with pytest.raises(CorpusError, match="--clips"):
        load("mdvr", root)


def test_easycall_has_its_text_in_the_file_name(tmp_path: Path) -> None:
    root = tmp_path / "EasyCall"
    recording(root / "f01" / "Sessione_01" / "f01_01_Disattiva vivavoce.wav", rate=8000)
    recording(root / "fc01" / "Sessione_01" / "fc01_01_Perche\u0301 no.wav", rate=8000)
    recording(root / "m02" / "Sessione_02" / "m02_02_Chiama (1).wav", rate=8000)
    recording(root / "m02" / "Sessione_02" / "prova.wav", rate=8000)
    text_file(root / "tom.csv", "speaker;score\nF01;5\n")
    report = load("easycall", root)
    assert texts(report) == ["Disattiva vivavoce", "Perché no", "Chiama"]
    assert [(u.cohort, u.severity) for u in report.utterances] == [
        ("dysarthria", 1.0),
        ("typical", 0.0),
        ("dysarthria", None),
    ]
    assert report.utterances[0].extra["language"] == "it"
    assert report.skipped == {"file name not understood": 1}


@pytest.mark.parametrize(
    ("content", "intended", "verbatim"),
    [
        ("I went [/] went home .", "I went home.", "I went went home."),
        ("<I was> [/] I was <in the> [//] at the shop .", "I was at the shop.", "I was I was in the at the shop."),
        ("<the <big big> [/] big> [///] a dog .", "A dog.", "The big big big a dog."),
        ("well [/-] no .", "No.", "Well no."),
        ("&-um I &-uh &+fr &+fr Friday .", "I Friday.", "Um I uh fr- fr- Friday."),
        ("↫b-b-b↫boy .", "Boy.", "B-b-b-boy."),
        ("a sta↫ta-ta↫tion .", "A station.", "A stata-ta-tion."),
        ("≠street and s:treet and st^reet .", "Street and street and street.", "Street and street and street."),
        ("it (.) was (1.5) late (..) at (1:02.5) night (...) .", "It was late at night.", "It was late at night."),
        ("(be)cause he tol(d) me .", "Because he told me.", "Because he told me."),
        ("he said [: says] it .", "He says it.", "He said it."),
        ("<want to> [: wanna] go .", "Wanna go.", "Want to go."),
        ("he goed [: went] [* m:=ed] home [% laughs] .", "He went home.", "He goed home."),
        ("I [x 4] like &=laughs it &~bla !", "I like it!", "I I I I like it bla!"),
        ("so +...", "So...", "So..."),
        ("and then +//.", "And then", "And then"),
        ('+" is that you +/?', "Is that you?", "Is that you?"),
        ("New_York ice+cream b@l hola@s:spa .", "New York ice cream b hola.", "New York ice cream b hola."),
        ("it's ⌈ right ⌉ [>] , ‡ yes „ no [?] .", "It's right, yes, no.", "It's right, yes, no."),
        ("he was xxx there .", None, "He was there."),
        ("&-um [/] &-um .", "", "Um um."),
        ("0 [=! laughs] .", "", ""),
        ("<I &-um I> [/] <I went> [//] ↫w-w↫we left .", "We left.", "I um I I went w-w-we left."),
    ],
)
def test_chat_codes(content: str, intended: str | None, verbatim: str) -> None:
    assert intended_text(content) == intended
    assert verbatim_text(content) == verbatim


CHA = """\ufeff@UTF8
@Begin
@Languages:	eng
@Participants:	PAR Participant, INV Investigator
@ID:	eng|Voices|PAR|24;00.|female|||Participant|||
@Media:	24fa, video
*INV:	tell me about it . \x15100_900\x15
*PAR:	&-um I [/] I ↫l-l↫live
	in New_York . \x151000_2000\x15
%mor:	pro|I v|live
*PAR:	it was xxx . \x152000_2500\x15
*PAR:	no times here .
*PAR:	&-um . \x152500_2600\x15
*PAR:	backwards . \x153000_2900\x15
*PAR:	after the end . \x1590000_91000\x15
*PAR:	and now I work . \x152600_3400\x15
@End
"""


def test_fluencybank_cuts_the_participants_utterances(tmp_path: Path) -> None:
    root = tmp_path / "Voices-AWS"
    text_file(root / "interview" / "24fa.cha", CHA)
    recording(root / "interview" / "24fa.wav", seconds=4, rate=44100)
    text_file(root / "reading" / "24fa.cha", CHA)
    recording(root / "reading" / "24fa.wav", seconds=4, level=0.3)
    text_file(root / "reading" / "30mb.cha", CHA.replace("24fa", "30mb"))

    report = load("fluencybank", root, clips=tmp_path / "clips")
    assert texts(report) == ["I live in New York.", "And now I work."] * 2
    assert report.utterances[0].verbatim == "Um I I l-l-live in New York."
    assert report.utterances[1].verbatim is None
    assert {u.speaker for u in report.utterances} == {"fluencybank-24fa"}
    assert len({u.audio for u in report.utterances}) == 4
    assert report.skipped == {
        "unintelligible words in the transcript": 3,
        "no usable times": 6,
        "empty text": 3,
        "times outside the recording": 2,
        "recording missing": 3,
    }
    samples, rate = soundfile.read(find(report, report.utterances[0].audio.name).audio)
    assert rate == 16000 and len(samples) == pytest.approx(1.1 * 16000, abs=160)
    levels = [np.abs(soundfile.read(u.audio)[0]).max() for u in report.utterances]
    assert levels[0] == pytest.approx(0.1, abs=0.02) and levels[2] == pytest.approx(0.3, abs=0.02)
    # An interrupted import goes on with the clips it has.
    before = report.utterances[0].audio.stat().st_mtime_ns
    assert load("fluencybank", root, clips=tmp_path / "clips") == report
    assert report.utterances[0].audio.stat().st_mtime_ns == before


def test_chat_files_without_times_or_media_are_read(tmp_path: Path) -> None:
    transcript = read_chat(text_file(tmp_path / "a.cha", "@Begin\n*PAR:\thello .\n@End\n"))
    assert transcript.media == "" and transcript.lines[0].start is None


def test_sep28k_takes_transcribed_clips_that_listeners_heard_as_speech(tmp_path: Path) -> None:
    root = tmp_path / "sep28k"
    header = "Show, EpId, ClipId, Start, Stop, Unsure, PoorAudioQuality, Prolongation, Block, SoundRep, WordRep, "
    header += "DifficultToUnderstand, Interjection, NoStutteredWords, NaturalPause, Music, NoSpeech\n"
    rows = [
        "HeStutters, 0, 0, 31, 48031, 0, 0, 0, 2, 3, 1, 0, 0, 0, 0, 0, 0",
        "HeStutters, 0, 1, 31, 48031, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0",
        "HeStutters, 0, 2, 31, 48031, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0",
        "HeStutters, 0, 3, 31, 48031, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0",
    ]
    text_file(root / "SEP-28k_labels.csv", header + "\n".join(rows))
    for clip in range(4):
        recording(root / "clips" / "HeStutters" / "0" / f"HeStutters_0_{clip}.wav", seconds=2.9)
    table = "file,text,verbatim\nHeStutters_0_0.wav,Because I said so,B-b-because I said so\n"
    text_file(root / "transcripts.csv", table + "HeStutters_0_1.wav,la la\nHeStutters_9_9.wav,gone\n")
    text_file(root / "clips" / "HeStutters" / "0" / "HeStutters_0_2.txt", "fluent")
    report = load("sep28k", root)
    assert texts(report) == ["Because I said so", "fluent"]
    assert report.utterances[0].extra["events"] == ["block", "soundrep"]
    assert report.utterances[0].verbatim == "B-b-because I said so"
    assert report.skipped == {"music": 1, "no transcript": 1, "recording missing": 1}


def test_libristutter_leaves_the_stutters_out(tmp_path: Path) -> None:
    part = tmp_path / "LibriStutter Part 1"
    recording(part / "LibriStutter Audio" / "103" / "1240" / "103-1240-0000.flac")
    recording(part / "LibriStutter Audio" / "103" / "1240" / "103-1240-0001.flac")
    annotation = "chapter,0.0,0.4,0\nSTUTTER,0.4,0.6,2\none,0.6,0.8,0\nmissus,0.8,1.0,5\nSTUTTER,1.0,1.1,1\nhalf"
    text_file(part / "LibriStutter Annotations" / "103" / "1240" / "103-1240-0000.csv", annotation)
    report = load("libristutter", tmp_path)
    assert texts(report) == ["Chapter one missus"]
    assert report.utterances[0].speaker == "libristutter-103" and report.utterances[0].extra["events"] == 3
    assert report.skipped == {"no annotation": 1}


def test_common_voice_keeps_its_own_splits(tmp_path: Path) -> None:
    language = tmp_path / "cv-corpus" / "en"
    header = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\tlocale\n"
    text_file(
        language / "train.tsv", header + 'abc\tcv_1.wav\tHe said "no.\t2\t0\t\t\tScottish\ten\nabc\tcv_2.wav\tLost.\n'
    )
    text_file(language / "test.tsv", header + "def\tcv_3.wav\tQuite, so.\t2\t0\t\t\t\ten\nghi\tcv_4.wav\t\t2\t0\n")
    text_file(language / "invalidated.tsv", header + "xyz\tcv_1.wav\tWrong.\t0\t2\n")
    text_file(language / "clip_durations.tsv", "clip\tduration[ms]\ncv_3.wav\t4321\n")
    for name in ("cv_1", "cv_3", "cv_4"):
        recording(language / "clips" / f"{name}.wav")
    report = load("common-voice", tmp_path)
    assert texts(report) == ['He said "no.', "Quite, so."]
    first, second = report.utterances
    assert (first.cohort, first.severity, first.extra["accent"]) == ("typical", 0.0, "Scottish")
    assert (second.seconds, second.extra["corpus_split"], second.speaker) == (4.321, "test", "common-voice-def")
    assert report.skipped == {"recording missing": 1, "empty text": 1}


def test_librispeech_becomes_sentence_case(tmp_path: Path) -> None:
    chapter = tmp_path / "LibriSpeech" / "dev-clean" / "84" / "121123"
    recording(chapter / "84-121123-0000.flac", seconds=2)
    recording(chapter / "84-121123-0002.flac", seconds=31)
    lines = "84-121123-0000 GO DO YOU HEAR I'M HERE AND I WAIT\n84-121123-0001 GONE\n84-121123-0002 LONG\n"
    text_file(chapter / "84-121123.trans.txt", lines)
    report = load("librispeech", tmp_path)
    assert texts(report) == ["Go do you hear I'm here and I wait"]
    assert report.utterances[0].extra == {"part": "dev-clean", "corpus_split": "dev"}
    assert report.skipped == {"recording missing": 1, "longer than 30 s": 1}
    assert sentence_case("I THINK IT IS I") == "I think it is I"


def test_any_folder_with_a_csv(tmp_path: Path) -> None:
    root = tmp_path / "my voice"
    table = "\ufeffFile; Transcript; Speaker; Severity; Split; Start; End\n"
    table += "wav\\one.wav; Call the doctor; anna; 0,4; valid;;\nlong.wav; First; anna;;; 0; 1,5\n"
    table += "long.wav; Second; anna;;; 1.5; 3\n"
    table += "none.wav; Lost; anna;;;;\none.txt; ; anna;;;;\n; No name; anna;;;;\nwav/one.wav; Far; anna; 4;;;\n"
    text_file(root / "recordings.csv", table)
    recording(root / "wav" / "one.wav")
    recording(root / "long.wav", seconds=3)
    report = load("csv", root, clips=tmp_path / "clips")
    assert texts(report) == ["Call the doctor", "First", "Second"]
    first = report.utterances[0]
    assert (first.speaker, first.severity, first.split, first.cohort) == ("my-voice-anna", 0.4, "dev", "unknown")
    assert report.utterances[1].seconds == pytest.approx(1.55, abs=0.01)
    assert report.skipped == {
        "recording missing": 1,
        "empty text": 1,
        "no file name": 1,
        "severity is not a number from 0 to 1": 1,
    }


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no CSV file"),
        ({"a.csv": "audio,text\n", "b.csv": "audio,text\n"}, "several CSV files"),
        ({"a.csv": "audio,words\na.wav,b\n"}, "no column for the text"),
        ({"a.csv": ""}, "no header"),
    ],
)
def test_a_csv_that_cannot_be_used_is_one_sentence(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, content in files.items():
        text_file(tmp_path / name, content)
    with pytest.raises(CorpusError, match=message):
        load("csv", tmp_path)


@pytest.mark.parametrize("name", [name for name in CORPORA if name != "csv"])
def test_the_wrong_folder_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="recordings were found in .*: expected "):
        load(name, tmp_path, clips=tmp_path / "clips")
    with pytest.raises(CorpusError, match="not a folder"):
        load(name, tmp_path / "nowhere")
    text_file(tmp_path / "packed.tar.gz", b"")
    with pytest.raises(CorpusError, match="unpack"):
        load(name, tmp_path)


def test_the_command_writes_a_manifest_with_disjoint_splits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"a.wav,Sentence {s} {i},s{s},stuttering" for s in range(10) for i in range(4)]
    text_file(tmp_path / "corpus" / "list.csv", "audio,text,speaker,cohort\n" + "\n".join(rows))
    recording(tmp_path / "corpus" / "a.wav")
    out = tmp_path / "manifest.jsonl"
    assert run(["csv", str(tmp_path / "corpus"), "--out", str(out), "--split", "0.8,0.1,0.1"]) == 0
    utterances = read_manifest(out)
    assert len(utterances) == 40 and {u.split for u in utterances} == {"train", "dev", "test"}
    assert utterances[0].audio == tmp_path / "corpus" / "a.wav"
    printed = capsys.readouterr().out
    assert "40 utterances, 0.0 hours" in printed and "train: 32 utterances of 8 speakers" in printed
    assert run(["csv", str(tmp_path / "corpus"), "--out", str(out), "--limit", "7"]) == 0
    assert len(read_manifest(out)) == 7


def test_the_command_says_what_is_wrong_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["torgo", str(tmp_path), "--out", str(tmp_path / "m.jsonl")]) == 1
    assert capsys.readouterr().err.startswith("No TORGO recordings were found")
    assert run(["--list"]) == 0
    listed = capsys.readouterr().out
    assert all(corpus.layout in listed for corpus in CORPORA.values())


def test_the_documentation_names_every_corpus() -> None:
    documentation = (Path(__file__).parent.parent / "docs" / "corpora.md").read_text("utf-8")
    for name, corpus in CORPORA.items():
        assert f"`{name}`" in documentation and corpus.layout in documentation
