"""What every format of data files gives: rows with their lines, and faults."""

from __future__ import annotations

import codecs
from typing import NamedTuple


class Row(NamedTuple):
    """One record: the line (from 1) where it begins, and its columns."""

    line: int
    values: dict[str, object]


class Fault(NamedTuple):
    """What is wrong with a file, at a line (from 1); 0 is the file as a whole."""

    line: int
    what: str

    def told(self, file: str) -> str:
        """``file:line: what``."""
        return f"{file}:{self.line}: {self.what}" if self.line else f"{file}: {self.what}"


def decode(content: bytes) -> str | Fault:
    """The text of UTF-8 bytes (without their byte order mark), or why they are none."""
    mend = "save the file again as UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Fault(1, f"is in UTF-16, not UTF-8; {mend}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        guess = ", it looks like GBK" if _looks_like_gbk(content) else ""
        return Fault(line, f"byte 0x{content[error.start]:02x} is not UTF-8{guess}; {mend}")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        # Every other byte of English in UTF-16 is NUL, and valid UTF-8.
        guess = ", it looks like UTF-16" if text.count("\0") * 4 > len(text) else ""
        return Fault(line, f"holds a NUL byte{guess}; {mend}")
    return text


def _looks_like_gbk(content: bytes) -> bool:
    """Whether the bytes read as GBK, and then are mostly common Chinese characters."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [c for c in text if not c.isascii()]
    common = "".join(foreign).encode("gb2312", "ignore")
    return len(common) >= 2 * 0.9 * len(foreign)
