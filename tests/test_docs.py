"""What the documents say can be done: every command is run, every link and every option that is named is there.

A command that is new in a document is run here without anybody asking for it, in a folder that
looks like a checkout (``tests.workplace``), after the commands that stand before it. If it
cannot be run in a test, it needs a line in ``NOT_RUN`` with the reason; even then its words
must be understood by the program. If it takes long, ``SMALLER`` makes it do less of the same.
"""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from tests import documents, usage
from tests.documents import ROOT, Command
from tests.workplace import Workplace, is_app

if not sys.platform.startswith("linux"):
    pytest.skip("the commands are run on a virtual screen, on Linux", allow_module_level=True)

# (pattern, why it is not run here)
NOT_RUN = (
    (r"^(\./)?test(\.cmd)?\b|^python -m pytest\b", "this is the run itself"),
    (r"^(\./)?packaging/(build|test)\b", "builds the package, which takes minutes and the network"),
    (r"^(sudo |apt-get |pip |git |winget |brew )", "changes the machine, or needs the network"),
    (r"^idiolect models fetch (?!base\b|tiny\.en\b)", "downloads a model"),
    (r"^python -m benchmarks\.soak\b", "takes hours; tests/test_soak.py runs it small"),
    (r"^python -m benchmarks\.latency\b.* (--systems|--cpu|--runs [5-9])", "takes minutes; README has a shorter one"),
    (r"^idiolect learn \S+( --(manifest|epochs|folds|model|threads) \S+)*$", "takes minutes; tests/test_learn.py fits"),
    (r"^python -m training\.learning\.curves\b", "fits for hours; tests/test_learn.py fits and reads tables"),
    (r"^python -m training\.learning\.start\b", "fits for a quarter of an hour; tests/test_learn.py fits a small one"),
    (r"^python -m training\.practise\b", "for a lent machine; tests/test_practise.py packs and fits small"),
    (r"^python -m training\.calibrate --manifest work/sim\b", "takes minutes; tests/test_calibrate.py has a few"),
    (r"^accelerate launch\b", "starts torch twice; tests/test_fit.py launches two processes"),
    (r" training\.simulate build ", "takes hours; docs/training.md makes a small corpus with the same code"),
    (r" training\.simulate clips ", "makes eight utterances; tests/test_simulate.py makes others, and checks these"),
    (r"^mypy\b", "takes a minute; ./test runs it"),
    (r"^idiolect train fit\b.* --anchor\b", "needs people with several utterances; docs/training.md has a fit"),
    (r"^idiolect (train fit|evaluate) --manifest work/larger\b", "takes minutes; tests/test_fit.py fits"),
    (r"^idiolect train analyse --run\b", "needs a full fine-tuning; tests/test_fit.py asks a small one"),
    (r"^idiolect train sweep\b", "fits dozens of models; tests/test_sweep.py runs it small"),
)

# (pattern, replacement): the same with less work
SMALLER = (
    (r"(?<= )/data/", "data/"),
    (r"( train simulate .*)", r"\1 --train-people 0 --fast-people 4 --fast-each 2 --dev-people 4 --dev-each 1"),
    (r"( train simulate .*)", r"\1 --test-people 0 --corrections-people 1 --corrections-each 1 --processes 1"),
    (r"( train fit .*)", r"\1 --epochs 1"),
    (r"( bake .*)", r"\1 --model tiny.en"),
    (
        r"(python -m benchmarks\.latency .*) --clips \d+ --runs \d+",
        r"\1 --clips 1 --runs 1 --model tiny.en --systems 'idiolect onnx int8, personalised' 'faster-whisper int8'",
    ),
    (r" --meaning\b", ""),  # its model would be downloaded
    (r"(app\.screenshots .*)", r"\1 --only main-light.png"),
)

# Commands that may end otherwise than well on a sound machine.
ALLOWED = ((r"\bdoctor\b", (0, 1)),)  # 1 where this machine lacks something

# Options that stand in the documents and belong to other programs.
FOREIGN = {"--no-deps": "pip", "--cpu": "accelerate", "--num_processes": "accelerate"}

# Documents whose commands take minutes: run where IDIOLECT_SLOW is set, so that ./test stays short.
SLOW = ("training.md", "evaluation.md", "real-speech.md", "simulator.md")

WITH_COMMANDS = [path for path in documents.documents() if path.is_file() and documents.commands(path)]


@pytest.fixture(scope="module")
def workplace(base: Path, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    from benchmarks.desk import desk

    with desk() as screen:
        kept = Path(platformdirs.user_cache_dir("idiolect", False)) / "voices"
        voices = {"IDIOLECT_VOICES": os.environ.get("IDIOLECT_VOICES", str(kept))}
        yield Workplace(tmp_path_factory.mktemp("checkout"), base.parent, screen.environment | voices)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def why_not(command: Command) -> str:
    """Why ``command`` is not run; nothing where it is."""
    return next((why for pattern, why in NOT_RUN if re.search(pattern, command.text)), "")


def as_run(command: Command) -> str:
    """What is run for ``command``."""
    text = command.text
    for pattern, replacement in SMALLER:
        text = re.sub(pattern, replacement, text)
    return re.sub(r"^\./idiolect\b", str(ROOT / "idiolect") if prepared() else "idiolect", text)


def filled(text: str) -> str:
    """``text`` with something that programs accept for what the reader is to put in."""
    return re.sub(r"\bNAME\b", "base", text.replace("…", "1"))


def prepared() -> bool:
    """Whether ./idiolect would start at once here. Where it would set up first, what it starts then is run."""
    script = f'ROOT="{ROOT}"; . "$ROOT/packaging/environment.sh"; fingerprint; head -n 1 "$STAMP"'
    known = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False).stdout.split()
    return len(known) == 2 and known[0] == known[1]


def test_the_documents_are_there() -> None:
    for name in ("guide", "clinicians", "training", "architecture", "privacy", "reliability", "packaging"):
        assert (ROOT / "docs" / f"{name}.md").is_file()
    assert (ROOT / "CONTRIBUTING.md").is_file()


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=short)
def test_every_command_is_understood(document: Path) -> None:
    wrong = []
    for command in documents.commands(document):
        trouble = usage.problem(filled(command.text))
        if trouble:
            wrong.append(f"{command}\n    {trouble}\n    (Is it no command? Then mark the block, as in ```text.)")
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("document", WITH_COMMANDS, ids=short)
def test_every_command_runs(document: Path, workplace: Workplace) -> None:
    if document.name in SLOW and not os.environ.get("IDIOLECT_SLOW"):
        pytest.skip("trains and evaluates for minutes: IDIOLECT_SLOW=1 ./test tests/test_docs.py runs it")
    workplace.begin()
    wrong = []
    try:
        for command in documents.commands(document):
            if why_not(command):
                continue
            text = as_run(command)
            if is_app(shlex.split(text)):
                trouble = workplace.open_app(text)
            else:
                allowed = next((codes for pattern, codes in ALLOWED if re.search(pattern, text)), (0,))
                trouble = workplace.run(text, allowed)
            if trouble:
                wrong.append(f"{command}\n    {trouble}")
                break  # what follows may need it
    finally:
        trouble = workplace.close_app()
    if trouble:
        wrong.append(trouble)
    assert not wrong, "\n".join(wrong)


def test_every_command_that_a_sentence_mentions_is_understood() -> None:
    wrong = []
    for document in documents.documents():
        for span in documents.spans(document):
            if not re.match(r"(\./)?(idiolect|test)( |$)|(python3? |pip |packaging/(build|test)\b|accelerate )", span):
                continue
            if re.fullmatch(r"\w+", span):
                continue  # the program, or a test, by its name
            trouble = usage.problem(filled(span), whole=False)
            if trouble:
                wrong.append(f"{short(document)}: {span}: {trouble}")
    assert not wrong, "\n".join(wrong)


def test_every_option_that_is_mentioned_exists() -> None:
    known = usage.options() | FOREIGN.keys()
    wrong = []
    for document in documents.documents():
        for span in documents.spans(document):
            unknown = [word for word in re.findall(r"(?:^|\s)(--[a-z][\w-]*)", span) if word not in known]
            wrong += [f"{short(document)}: {word} in `{span}`" for word in unknown]
    assert not wrong, "\n".join(wrong)


def test_every_link_and_picture_is_there() -> None:
    wrong = []
    for document in documents.texts():
        for link in documents.links(document):
            if re.match(r"[a-z]+:", link):
                continue  # the web is not asked
            name, _, anchor = link.partition("#")
            target = (document.parent / name).resolve() if name else document
            if not target.exists():
                wrong.append(f"{short(document)}: {link} is not there")
            elif anchor and anchor not in documents.anchors(target):
                wrong.append(f"{short(document)}: {target.name} has no heading #{anchor}")
    assert not wrong, "\n".join(wrong)


def test_every_file_and_name_that_is_mentioned_exists() -> None:
    wrong = []
    for document in documents.texts():
        for span in documents.spans(document):
            path = re.fullmatch(r"((?:app|assets|benchmarks|docs|engine|packaging|tests|training)/[\w./*-]*)", span)
            if path and not any(ROOT.glob(path[1].rstrip("/"))):
                wrong.append(f"{short(document)}: {span}")
            if re.fullmatch(r"(app|benchmarks|engine|training)(\.\w+)+", span) and not exists(span):
                wrong.append(f"{short(document)}: {span}")
    assert not wrong, "\n".join(wrong)


def test_every_file_in_the_picture_of_the_modules_exists() -> None:
    tree = ElementTree.parse(ROOT / "docs" / "images" / "architecture.svg")
    words = " ".join(text.text or "" for text in tree.iter("{http://www.w3.org/2000/svg}text"))
    named = re.findall(r"[\w*./-]+/[\w*.-]*|\w+\.py", words)
    assert len(named) > 30
    missing = [name for name in named if not any(ROOT.glob(name.rstrip("/"))) and not (ROOT / "engine" / name).exists()]
    assert not missing, f"not there: {', '.join(missing)}"


def exists(name: str) -> bool:
    """Whether ``name`` is a module, or something in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def test_every_picture_in_the_folder_is_shown_somewhere() -> None:
    shown = {(document.parent / link).resolve() for document in documents.texts() for link in documents.links(document)}
    looks = re.compile(r"-(light|dark|high-contrast)(-200)?\.png$")  # one look of each view is enough
    names = {looks.sub("", path.name) for path in shown}
    pictures = {looks.sub("", path.name) for path in (ROOT / "docs" / "images").iterdir()}
    assert pictures <= names, f"not shown: {', '.join(sorted(pictures - names))}"


@pytest.mark.parametrize("name", ["guide", "clinicians"])
def test_every_button_that_is_named_is_in_the_window(name: str) -> None:
    """In these two, what stands in italics is what the window says."""
    tree = ElementTree.parse(ROOT / "app" / "i18n" / "idiolect_de.ts")
    said = [re.sub(r"\s*[…:]$", "", element.text or "") for element in tree.iter("source")]
    said = [text for text in said if re.search(r"\w", re.sub(r"{\w+}", "", text))]  # not only a gap
    patterns = [re.sub(r"\\{\w+\\}", r".+", re.escape(text)) for text in said]
    text = re.sub(r"`[^`]*`", "", documents.prose(ROOT / "docs" / f"{name}.md"))
    named = {" ".join(found.split()) for found in re.findall(r"(?<![\w*])\*([^*]+)\*(?![\w*])", text)}
    assert named, "no button is named"
    unknown = {label for label in named if not any(re.fullmatch(pattern, label) for pattern in patterns)}
    assert not unknown, f"the window does not say: {', '.join(sorted(unknown))}"
