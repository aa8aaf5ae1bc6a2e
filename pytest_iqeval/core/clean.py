"""What every sink calls first: keys redacted, unstorable text replaced."""

from __future__ import annotations

import html
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
_LINE_ENDS = "\x85\u2028\u2029"
REDACTED = "***"


def is_storable(text: str) -> bool:
    """Whether `storable` would leave `text` as it is: most texts, and quickly."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return "\0" not in text


def storable(text: str) -> tuple[str, str | None]:
    """`text` without NUL and lone surrogates (U+FFFD instead), and what was replaced.

    A lone surrogate in a server's JSON can't be encoded and kills an xdist worker; NUL ends
    strings in SQLite tools and XML. The length stays the same, so offsets stay true.
    """
    if is_storable(text):
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
    if text.isprintable() or _CONTROL.search(text) is None:  # most texts, and many of them
        return text
    return _CONTROL.sub(lambda m: m.group().encode("unicode_escape").decode(), text)


def unbroken(json_text: str) -> str:
    """JSON without the characters that end a line to some readers (Python's ``splitlines``)."""
    for char in _LINE_ENDS:
        if char in json_text:  # almost never
            json_text = json_text.replace(char, f"\\u{ord(char):04x}")
    return json_text


def inert(text: str) -> str:
    """`text` as no CI takes a line of it for a command: what would be one is written out."""
    return _COMMAND.sub(
        lambda m: r"\x23" if m.group() == "#" else (m.group(1) or "") + r"\x3a", text
    )


class Redactor:
    """Replaces secrets in any text by ``***``, however often a text around them was escaped.

    :param secrets: key and header values; those shorter than `shortest` characters are ignored,
        since replacing them would garble every text.
    """

    def __init__(self, secrets: Iterable[str] = (), *, shortest: int = 4) -> None:
        # Longest first: one secret may stand inside another.
        kept = sorted({s for s in secrets if len(s) >= shortest}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_in_any_text, kept))) if kept else None
        # A pattern of many alternatives is slow, and almost no text holds any of them.
        self._cores = tuple({_core(secret) for secret in kept})

    def __call__(self, text: str) -> str:
        if self._pattern is None or not any(core in text for core in self._cores):
            return text
        return self._pattern.sub(REDACTED, text)


def _core(secret: str) -> str:
    """What stands in a text that holds `secret`, whichever way it is written."""
    runs: list[str] = re.findall("[A-Za-z0-9]*", secret)
    return max(runs, key=len)


def _in_any_text(secret: str) -> str:
    """A pattern of `secret` as texts inside texts hold it: JSON in a ``repr`` in a URL, say."""
    return re.sub(r"[^A-Za-z0-9]", lambda m: _in_any_way(m.group()), secret)


def _in_any_way(char: str) -> str:
    r"""One character as it is, with backslashes, as JSON's ``\u0026``, as ``%26``, as ``&#38;``."""
    code = ord(char)
    entities = [html.escape(char)[1:-1], f"#0*{code}", f"#x0*{code:x}"]
    ways = [
        r"\\+" if char == "\\" else rf"\\*{re.escape(char)}",
        rf"\\+u{code:04x}",
        "".join(f"%(?:25)*{byte:02x}" for byte in char.encode("utf-8", "replace")),
        f"&(?:amp;)*(?:{'|'.join(e for e in entities if e)});",
        *([r"\+"] if char == " " else []),
    ]
    return f"(?i:{'|'.join(ways)})"
