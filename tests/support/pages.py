"""The pages of `docs/` as tests read them: code blocks, the files they show, commands, tables.

A block that shows a file stands under ``<!-- file: NAME -->``; every ``sh`` block holds commands
that work as they stand.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PROGRAMS = ("pytest", "iqeval", "python -m pytest")
_BY_MODULE = ["python", "-m", "pytest"]
PAGES = sorted(path.name for path in DOCS.glob("*.md"))

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A code block; ``mark`` is the comment above it, empty where there is none."""

    mark: str
    language: str
    text: str

    @property
    def file(self) -> str | None:
        """The name of the file that it shows."""
        return self.mark.removeprefix("file: ") if self.mark.startswith("file: ") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of a page, the variables that were exported, and the files shown above.

    ``program`` is one of `PROGRAMS`.
    """

    args: tuple[str, ...]
    program: str = "pytest"
    exported: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def read_page(name: str) -> str:
    """The text of a page."""
    return (DOCS / name).read_text("utf-8")


def blocks(page: str) -> Iterator[Block]:
    """The code blocks of a page, in order."""
    for found in _BLOCK.finditer(page):
        yield Block(mark=found["mark"] or "", language=found["language"], text=found["text"])


def commands(page: str) -> Iterator[Command]:
    """The commands of a page, in order; any other word in an ``sh`` block is a fault."""
    exported: dict[str, str] = {}
    files: dict[str, str] = {}
    for block in blocks(page):
        if block.file is not None:
            files[block.file] = block.text
        if block.language != "sh":
            continue
        for line in block.text.splitlines():
            first, *rest = shlex.split(line)
            if first == "export":
                name, _, value = rest[0].partition("=")
                exported[name] = value
            else:
                program = "python -m pytest" if [first, *rest[:2]] == _BY_MODULE else first
                assert program in PROGRAMS, line
                yield Command(
                    args=tuple(rest[2:] if program == PROGRAMS[-1] else rest),
                    program=program,
                    exported=dict(exported),
                    files=dict(files),
                )


def write_files(files: dict[str, str], folder: Path) -> None:
    """The files that a page shows, as a reader would make them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def table_rows(page: str, before: str) -> list[list[str]]:
    """The cells of the first table after the text `before`, without its head."""
    lines = page[page.index(before) + len(before) :].splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| ---"))
    rows = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def ticked(text: str) -> list[str]:
    """Everything between backticks."""
    return re.findall(r"`([^`]+)`", text)
