"""What every sink calls first: keys redacted, unstorable text replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 without tab, newline, carriage return; DEL; C1; and the bidirectional marks, which can
# make a terminal or a page show another text than the one that is there.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)"
)
# What the runners of GitHub, Azure and TeamCity take for a command to them: `::error::` at the
# start of a line, `##[group]`, `##vso[…]`, `##teamcity[…]` anywhere.
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)|#(?=#\w*\[)", re.MULTILINE)
REDACTED = "***"


def storable(text: str) -> tuple[str, str | None]:
    """`text` without NUL and lone surrogates (U+FFFD instead), and what was replaced.

    A lone surrogate in a server's JSON can't be encoded and kills an xdist worker; NUL ends
    strings in SQLite tools and XML. The length stays the same, so offsets stay true.
    """
    if text.isascii() and "\0" not in text:  # most texts, and many of them
        return text, None
    nuls = text.count("\0")
    text = text.replace("\0", "\ufffd")
    text, surrogates = _LONE_SURROGATE.subn("\ufffd", text)
    said = [f"{nuls} NUL" if nuls else "", f"{surrogates} lone surrogate" if surrogates else ""]
    return text, ", ".join(s for s in said if s) or None


def visible(text: str) -> str:
    """`text` with control characters written out (``\\x1b``), so that a terminal stays sane.

    A carriage return too, unless it ends a line: what follows would overwrite the line.
    """
    return _CONTROL.sub(lambda m: m.group().encode("unicode_escape").decode(), text)


def inert(text: str) -> str:
    """`text` as no CI takes a line of it for a command: what would be one is written out."""
    return _COMMAND.sub(
        lambda m: r"\x23" if m.group() == "#" else (m.group(1) or "") + r"\x3a", text
    )


class Redactor:
    """Replaces secrets in any text by ``***``.

    :param secrets: key and header values; those shorter than `shortest` characters are ignored,
        since replacing them would garble every text.
    """

    def __init__(self, secrets: Iterable[str] = (), *, shortest: int = 4) -> None:
        kept = {s for s in secrets if len(s) >= shortest}
        self._pattern = (
            re.compile("|".join(re.escape(s) for s in sorted(kept, key=len, reverse=True)))
            if kept
            else None
        )

    def __call__(self, text: str) -> str:
        return text if self._pattern is None else self._pattern.sub(REDACTED, text)
