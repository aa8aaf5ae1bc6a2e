"""Text in Markdown: what a model, a server or a data set wrote stays text.

The dialect is GitHub's; GitLab and editors show the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pytest_iqeval.core.clean import inert
from pytest_iqeval.core.width import one_line

_LONGEST = 300  # of a text in a cell or a line; the whole stands in the other reports
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "<span>$</span>"}
_SPECIAL = re.compile(
    r"(?P<entity>[&<>|$])"
    r"|(?P<mark>[\\`*_~#])"
    r"|(?P<link>\](?=[(\[:]))"  # [text](address)
    r"|(?P<bare>:(?=//)|(?<=www)\.)"  # addresses that become links by themselves
    r"|(?P<at>@(?=\w))",  # @name tells somebody; a comment parts the two and is not seen
    re.IGNORECASE,
)


def escaped(text: object) -> str:
    """`text` on one line, as it may stand anywhere in Markdown; long ones are cut."""
    return _SPECIAL.sub(_written_out, _short(text))


def code(text: object) -> str:
    """`text` as code."""
    short = _short(text)
    if not short.strip():
        return ""
    # A table would be cut at a bar, and a code span ends at a backtick.
    return f"<code>{escaped(short)}</code>" if set("|`") & set(short) else f"`{short}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; heads and cells are Markdown already."""
    return [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _short(text: object) -> str:
    line = inert(one_line(str(text)))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _written_out(found: re.Match[str]) -> str:
    char = found[0]
    if found["entity"]:
        return _ENTITIES[char]
    return "@<!-- -->" if found["at"] else f"\\{char}"
