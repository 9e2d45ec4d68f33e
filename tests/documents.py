"""Reads the project's documents: the commands in their fenced blocks, their links, and what stands in backticks.

A fenced block without a language, or marked ``sh``, holds commands and nothing else; in a
``console`` block they stand behind ``$``. Output, pictures and files are marked ``text``,
``json`` and so on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHELL = ("", "sh", "bash", "shell", "console")


@dataclass(frozen=True)
class Command:
    """One command as it stands in a document, joined over its continued lines."""

    document: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}: {self.text}"


def documents() -> list[Path]:
    """Every document whose commands are run."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def texts() -> list[Path]:
    """Every document whose links must hold."""
    return [*documents(), *sorted((ROOT / "assets").rglob("*.md")), *sorted((ROOT / "app").rglob("*.md"))]


def blocks(document: Path) -> list[tuple[str, int, list[str]]]:
    """Fenced blocks as (language, number of the first line inside, lines).

    Raises:
        ValueError: a block is not closed.
    """
    found: list[tuple[str, int, list[str]]] = []
    fence, language, start, lines = "", "", 0, list[str]()
    for number, line in enumerate(document.read_text("utf-8").splitlines(), 1):
        mark = re.match(r"\s*(`{3,}|~{3,})\s*([\w+-]*)", line)
        if mark and not fence:
            fence, language, start, lines = mark[1], mark[2].lower(), number + 1, []
        elif mark and mark[1].startswith(fence) and not mark[2]:
            found.append((language, start, lines))
            fence = ""
        elif fence:
            lines.append(line)
    if fence:
        raise ValueError(f"{document}:{start - 1}: the block is not closed")
    return found


def commands(document: Path) -> list[Command]:
    """The commands of ``document`` in order."""
    found = []
    for language, start, lines in blocks(document):
        if language not in SHELL:
            continue
        joined, first = "", 0
        for number, line in enumerate(lines, start):
            if language == "console":
                if not joined and not line.lstrip().startswith("$ "):
                    continue  # output
                line = line.lstrip().removeprefix("$ ")
            first = first if joined else number
            joined += line.rstrip()
            if joined.endswith("\\"):
                joined = joined[:-1]
                continue
            if joined.strip() and not joined.lstrip().startswith("#"):
                found.append(Command(document, first, without_comment(joined.strip())))
            joined = ""
    return found


def without_comment(text: str) -> str:
    """``text`` up to a comment; a # inside quotes is none."""
    quote = ""
    for position, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and text[position - 1].isspace():
            return text[:position].rstrip()
    return text


def prose(document: Path) -> str:
    """``document`` with its fenced blocks blanked out, line for line."""
    lines = document.read_text("utf-8").splitlines()
    for _, start, inside in blocks(document):
        lines[start - 2 : start + len(inside)] = [""] * (len(inside) + 2)
    return "\n".join(lines)


def spans(document: Path) -> list[str]:
    """What stands in single backticks, outside the blocks."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose(document))]


def links(document: Path) -> list[str]:
    """Targets of links and pictures, outside the blocks and backticks."""
    text = re.sub(r"`[^`]*`", "", prose(document))
    return re.findall(r"\]\(\s*<?([^)>\s]+)>?[^)]*\)", text) + re.findall(r"<img[^>]*\bsrc=[\"']([^\"']+)", text)


def anchors(document: Path) -> set[str]:
    """The names that headings can be linked by, as GitHub makes them."""
    names: set[str] = set()
    for heading in re.findall(r"^#+\s+(.+?)\s*#*$", prose(document), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        names.add(name)
    return names
