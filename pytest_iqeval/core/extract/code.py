"""Reads the code that a reply commits to; nothing is parsed as Python, let alone run.

Python's own parser can be brought down by a hostile text, so lines are told by their shape.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_iqeval.core.extract import code_rules as rules
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Rule, Tried
from pytest_iqeval.core.extract.text import reasoning_blocks

LONGEST = 100_000
"""Code points of code that is still run."""
_FENCE = re.compile(r"[ \t]{0,12}(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\s`{]{0,40})[^\n`]*$")
# The end of a fence: alone, glued to the last line of code, or before a token of a chat template.
_END = re.compile(r"(?<![`~])(?P<mark>`{3,}|~{3,})[ \t]*+(?:<[|/\w]{1,40}>[ \t]*+)?$")
_PYTHON = re.compile(r"(?:py(?:thon)?[\d.]*|text|code)?\Z", re.IGNORECASE)
_GIVES = re.compile(r"(?:^|:)[ \t]*(?:return|yield|raise)\b", re.MULTILINE)
_DOCSTRING = re.compile(r"(\"{3}|'{3})(?:(?!\1).)*+\1", re.DOTALL)
_WORKS = re.compile(r"^[ \t]*(?:return|yield|raise|def|class|lambda|async)\b", re.MULTILINE)
_BEGINS = re.compile(
    r"(?:import [\w.]+|from [\w.]+ import |(?:async )?def \w+|class \w+.*:|@\w|#)|\w+\s*=[^=]"
)
_GOES_ON = re.compile(
    r"\s|[)\]}@#]|(?:import|from|def|class|async|if|elif|else|for|while|with|try|except|finally"
    r"|return|assert|print|raise|global)\b(?=.*[:(\w])(?!.*[.!?]$)|\w[\w.\[\]'\"]*\s*[-+*/|&]?=|\"\"\"|'''"
)
_BODY_BEGINS = re.compile(
    r"[ \t]+\S|(?:return|yield|raise|for|while|if|try|with|import|from|def)\b.*[\w:)\]}'\"]$"
    r"|[A-Za-z_]\w*(?:\s*,\s*\w+)*\s*[-+*/|&]?="
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A fenced block: where its code stands, and whether its fence is closed."""

    start: int
    end: int
    info: str
    closed: bool

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def defines(code: str, name: str | None) -> bool:
    """Whether `code` defines the function at its outermost level; ``None``: any function."""
    called = r"\w+" if name is None else re.escape(name)
    shape = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{called}\b"
    if name is not None:
        shape += rf"|^{called}[ \t]*(?::[^=\n]+)?=(?!=)"
    return re.search(shape, textwrap.dedent(code), re.MULTILINE) is not None


def read_code(text: str, name: str | None) -> Reading:
    """The code that a reply commits to, and by which of `code_rules.RULES`.

    :param name: of the function that was asked for; ``None``: not known.
    """
    reasoning, _ = reasoning_blocks(text)
    after = max((end for _, end in reasoning), default=0)
    blocks = list(_blocks(text, after))
    tried: list[Tried] = []
    for rule, start, end, code in _found(text, after, blocks, name, tried):
        if len(code) > LONGEST:
            note = f"its code is {len(code):,} characters long; {LONGEST:,} are run"
            return Reading(note=note, tried=tuple(tried), missed=True)
        return Reading(
            answer=code,
            rule=rule.name,
            span=(start, end),
            tried=tuple(tried[:TRIED_AT_MOST]),
            at_end=rule is rules.OPEN_FENCE or (end >= len(text.rstrip()) and rule in _UNENDED),
        )
    note = "its fenced blocks hold no function" if blocks else "there is no code in it"
    return Reading(note=note, tried=tuple(tried[:TRIED_AT_MOST]))


# Code without a fence has no end of its own: where the reply was cut, so was the code.
_UNENDED = (rules.BARE_FUNCTION, rules.BARE_BODY)
_Found = tuple[Rule, int, int, str]


def _found(
    text: str, after: int, blocks: list[_Block], name: str | None, tried: list[Tried]
) -> Iterator[_Found]:
    yield from _in_json(text, after)
    python = []
    for block in blocks:
        if _PYTHON.match(block.info):
            python.append(block)
        else:
            why = f"it is {block.info}, not Python"
            tried.append(Tried(rule="fenced-function", span=(block.start, block.end), why=why))
    for defining in (True, False):
        for closed in (True, False):
            # A reply may repeat the beginning that it was given before it goes on.
            for block in sorted(python, key=lambda one: defining and _is_stub(one.of(text))):
                if block.closed is not closed or defines(block.of(text), name) is not defining:
                    continue
                if not defining and not _WORKS.search(block.of(text)):
                    why = "it computes nothing"
                    span = (block.start, block.end)
                    tried.append(Tried(rule=rules.FENCED_BODY.name, span=span, why=why))
                    continue
                closed_rule = rules.FENCED_FUNCTION if defining else rules.FENCED_BODY
                rule = closed_rule if closed else rules.OPEN_FENCE
                yield rule, block.start, block.end, _tidied(block.of(text), whole=defining)
    yield from _bare(text, after, name)


def _is_stub(code: str) -> bool:
    """Whether nothing is given back in it: a head and a docstring, perhaps `pass`."""
    return _GIVES.search(_DOCSTRING.sub("", code)) is None


def _tidied(code: str, *, whole: bool) -> str:
    """Without blank lines around it, and a whole function without the indentation of a list."""
    code = code.replace("\r\n", "\n").rstrip()
    if whole:
        code = textwrap.dedent(code)
    return re.sub(r"\A(?:[ \t]*\n)+", "", code)


def _blocks(text: str, after: int = 0) -> Iterator[_Block]:
    """All fenced blocks behind a place, also one that never ends."""
    opened: tuple[str, str, int] | None = None
    for start, end in _lines(text, after):
        line = text[start:end].rstrip("\r")
        if opened is not None:
            closing = _closing(line, opened[0])
            if closing is not None:
                yield _Block(start=opened[2], end=start + closing, info=opened[1], closed=True)
                opened = None
        elif fence := _FENCE.match(line):
            opened = fence["mark"], fence["info"], min(end + 1, len(text))
    if opened is not None:
        yield _Block(start=opened[2], end=len(text), info=opened[1], closed=False)


def _closing(line: str, opened: str) -> int | None:
    """Where in a line the block ends that a mark has opened; ``None``: it goes on."""
    end = _END.search(line)
    if end is None or end["mark"][0] != opened[0] or len(end["mark"]) < len(opened):
        return None
    if line[: end.start()].isspace():
        return 0
    return None if opened in line[: end.start()] else end.start()


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, its break left out."""
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _in_json(text: str, after: int) -> Iterator[_Found]:
    body = text[after:].strip()
    if not (body.startswith("{") and body.endswith("}")):
        return
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return
    for key in ("answer", "code"):
        if isinstance(said, dict) and isinstance(said.get(key), str) and said[key].strip():
            start = text.index(body, after)
            fenced = next(_blocks(said[key]), None)  # it may stand in a fence all the same
            code = said[key] if fenced is None else fenced.of(said[key])
            yield rules.JSON, start, start + len(body), _tidied(code, whole=False)
            return


def _bare(text: str, after: int, name: str | None) -> Iterator[_Found]:
    """Code without a fence."""
    lines = list(_lines(text, after))
    last = -1
    for first, line in enumerate(lines):
        if first <= last or not _BEGINS.match(text, *line):  # part of what has been looked at
            continue
        last = _last_line(text, lines, first, _GOES_ON)
        start, end = lines[first][0], lines[last][1]
        if defines(text[start:end], name):
            yield rules.BARE_FUNCTION, start, end, _tidied(text[start:end], whole=True)
            return
    filled = [n for n, (s, e) in enumerate(lines) if text[s:e].strip()]
    if not filled or not _BODY_BEGINS.match(text, *lines[filled[0]]):
        return
    first = filled[0]
    indented = text[lines[first][0]].isspace()
    goes_on = re.compile(r"\s") if indented else _GOES_ON
    last = _last_line(text, lines, first, goes_on)
    start, end = lines[first][0], lines[last][1]
    if _WORKS.search(text, start, end):
        yield rules.BARE_BODY, start, end, _tidied(text[start:end], whole=False)


def _last_line(
    text: str, lines: list[tuple[int, int]], first: int, goes_on: re.Pattern[str]
) -> int:
    """The last line of the code that begins with line `first`: the one before any other prose."""
    last = first
    for number in range(first + 1, len(lines)):
        start, end = lines[number]
        if start == end:
            continue
        if not goes_on.match(text, start, end) or _FENCE.match(text[start:end]):
            break
        if text[start:end].strip():
            last = number
    return last
