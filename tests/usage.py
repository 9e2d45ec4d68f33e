"""Whether a command would be understood: its words go through the program's own parser, and nothing is run."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import runpy
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from engine.errors import IdiolectError
from tests.documents import ROOT

OWN = ("app", "benchmarks", "engine", "packaging", "training")
# Before a command; with the options of theirs that take a value.
WRAPPERS = {"xvfb-run": ("-s", "-n"), "accelerate": ("--num_processes",), "sudo": (), "time": (), "nice": ("-n",)}


class Parsed(BaseException):
    """A parser has taken the words. What would follow is left out; no ``except Exception`` may catch this."""


class NotUnderstood(BaseException):
    """A parser has refused the words."""


def problem(line: str, whole: bool = True) -> str:
    """Why one of the commands of the shell's ``line`` would not be understood, or nothing.

    With ``whole`` false what must be given may be missing, as where a sentence only mentions
    a command.
    """
    return next(filter(None, (_problem(words, whole) for words in simple_commands(line))), "")


def simple_commands(line: str) -> list[list[str]]:
    """The words of each command of ``line``, without where their output goes."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    found, redirected = [list[str]()], False
    for word in lexer:
        if redirected:
            redirected = False
        elif word in (">", ">>", "<"):
            redirected = True
        elif set(word) <= set("|&;"):
            found.append([])
        else:
            found[-1].append(word)
    return [words for words in found if words]


def _problem(words: list[str], whole: bool) -> str:
    words = unwrapped(words)
    if not words:
        return ""
    run = _program(words)
    if run is not None:
        return _tried(run, words, whole)[1]
    name, given = words[0], words[1:]
    if Path(name).name == "pip":
        return _extras(given)
    if (ROOT / name).is_file():
        return _script(ROOT / name, given, whole)
    if given[:2] == ["-m", "pytest"]:
        return _no_tests(given)
    beside = Path(sys.executable).parent  # the environment need not be active
    known = shutil.which(name) or shutil.which(name, path=beside) or name in ("cd", "export", ".", "source")
    return "" if known else f"there is no program {name}"


def options() -> set[str]:
    """Every option that any of our programs takes."""
    commands = ("transcribe", "models", "bake", "doctor", "evaluate", "learn", "train", "--self-test", "--hidden")
    programs = [["idiolect", name] for name in commands]
    programs += [["idiolect", "train", name] for name in ("import", "simulate")]
    programs.append(["python", "packaging/make.py"])
    for path in sorted(path for name in ("app", "benchmarks", "training") for path in (ROOT / name).rglob("*.py")):
        source = path.read_text("utf-8")
        if "parse_args(" in source and '__name__ == "__main__"' in source:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
            programs.append(["python", "-m", module])
    found = {"--help", "--version", "--self-test"}
    for words in programs:
        run = _program(words)
        assert run is not None
        parser, _ = _tried(run, words, False)
        assert parser is not None, f"{' '.join(words)} has no parser"
        found |= _options(parser)
    return found


def unwrapped(words: list[str]) -> list[str]:
    """``words`` without what stands before the command itself: variables, xvfb-run, accelerate launch."""
    while words:
        if re.fullmatch(r"\w+=.*", words[0], re.DOTALL):
            words = words[1:]
        elif words[0] in WRAPPERS:
            wrapper, words = words[0], words[1:]
            if wrapper == "accelerate":
                words = words[1:]  # launch
            while words and words[0].startswith("-") and words[0] != "-m":
                words = words[2:] if words[0] in WRAPPERS[wrapper] else words[1:]
            if wrapper == "accelerate":
                words = ["python", *words]
        else:
            break
    return words


def _program(words: list[str]) -> Callable[[], Any] | None:
    """What runs one of our own Python programs, in this process, with ``sys.argv`` as it would be."""
    name, given = Path(words[0]).name, words[1:]
    if name in ("idiolect", "idiolect.cmd"):
        from engine.cli import main

        return main
    if name in ("python", "python3", "py") and given[:1] == ["-m"] and given[1:2]:
        return (lambda: runpy.run_module(given[1], run_name="__main__")) if given[1].split(".")[0] in OWN else None
    if name in ("python", "python3", "py") and given and given[0].endswith(".py"):
        return lambda: runpy.run_path(str(ROOT / given[0]), run_name="__main__")
    return None


def _tried(run: Callable[[], Any], words: list[str], whole: bool) -> tuple[argparse.ArgumentParser | None, str]:
    """The program's parser, and why it refuses ``words``."""
    seen: list[argparse.ArgumentParser] = []
    understand = argparse.ArgumentParser.parse_args

    def parse(self: argparse.ArgumentParser, args: Any = None, namespace: Any = None) -> NoReturn:
        seen.append(self)
        understand(self, args, namespace)
        raise Parsed

    def error(self: argparse.ArgumentParser, message: str) -> NoReturn:
        if not whole and "required" in message:
            raise Parsed
        raise NotUnderstood(message)

    own = 3 if words[1:2] == ["-m"] else 2 if words[0].startswith(("python", "py")) else 1
    said = io.StringIO()
    with (
        patch.object(argparse.ArgumentParser, "parse_args", parse),
        patch.object(argparse.ArgumentParser, "error", error),
        patch.object(sys, "argv", [words[own - 1], *words[own:]]),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(said),
    ):
        try:
            refused = bool(run())
        except Parsed:
            refused = False
        except SystemExit as end:  # --help
            refused = bool(end.code)
        except (NotUnderstood, IdiolectError, ImportError, OSError) as trouble:
            return (seen[-1] if seen else None), str(trouble) or repr(trouble)
    return (seen[-1] if seen else None), (said.getvalue().strip() or "it was refused") if refused else ""


def _options(parser: argparse.ArgumentParser) -> set[str]:
    found: set[str] = set()
    for action in parser._actions:
        found |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found |= _options(below)
    return found


def _script(path: Path, given: list[str], whole: bool) -> str:
    """A shell script of ours: its options are those of the Python program it ends in, or stand in it."""
    source = path.read_text("utf-8")
    programs = re.findall(r"exec .*?(\w+/\w+\.py)", source)
    if programs:
        return _problem(["python", programs[-1], *given], whole)
    if "pytest" in source:
        return _no_tests(given)
    unknown = [word for word in given if word.startswith("--") and word not in source]
    return f"{path.name} has no option {unknown[0]}" if unknown else ""


def _no_tests(given: list[str]) -> str:
    """Which of the test files that pytest is given are not there."""
    missing = [word for word in given if word.startswith("tests/") and not (ROOT / word.split("::")[0]).exists()]
    return f"there is no {missing[0]}" if missing else ""


def _extras(given: list[str]) -> str:
    """What pip is told to install of ours must be there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, extras in re.findall(r"(?:^|\s)(\.|idiolect)\[([\w,-]+)\]", " ".join(given)):
        unknown = set(extras.split(",")) - set(project["optional-dependencies"])
        if unknown:
            return f"{name} has no extra {', '.join(sorted(unknown))}"
    return ""
