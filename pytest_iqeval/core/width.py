"""How wide text is on a terminal: Chinese takes two columns, a combining mark none."""

from __future__ import annotations

import unicodedata

from pytest_iqeval.core.clean import visible

_ELLIPSIS = "..."  # ASCII, as a terminal or a log may know nothing else


def one_line(text: str) -> str:
    """`text` as it may stand in a line: control characters written out, white space one blank."""
    return " ".join(visible(text).split())


def display_width(text: str) -> int:
    """Columns of `text`; "ambiguous" characters count one, as terminals show them by default."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled with blanks to `width` columns; ``right`` puts the text to the right."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns; where it was longer it ends in ``...``."""
    if display_width(text) <= width:
        return text
    mark = _ELLIPSIS[: max(width, 0)]
    return _head(text, width - len(mark)) + mark


def _head(text: str, width: int) -> str:
    """The longest beginning of `text` that fits `width` columns."""
    used = 0
    for index, char in enumerate(text):
        used += _columns(char)
        if used > width:
            return text[:index]
    return text


def _broken(word: str, width: int, *, fresh: bool) -> str:
    """The part of `word` that goes onto a line with `width` columns left.

    A number or a Latin word inside Chinese stays whole where a line can hold it: ``每满10|0元``
    reads as another number. ``fresh`` says that the line is empty, so that it must take something.
    """
    head = _head(word, width)
    before, after = head[-1:], word[len(head) : len(head) + 1]
    if not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum()):
        return head
    end = len(head)
    while end and head[end - 1].isascii() and head[end - 1].isalnum():
        end -= 1
    return head[:end] or (head if fresh else "")


def wrap(text: str, width: int, *, indent: str = "") -> list[str]:
    """`text` broken at blanks into lines of at most `width` columns, all but the first indented.

    A word wider than a line is broken anywhere but within a number, and so is a Chinese sentence,
    which has no blanks, from half a line on: else ``question:`` would stand on a line alone.
    Never empty.
    """
    lines: list[str] = []
    line = ""
    fresh = True  # whether nothing but the indent stands in `line`
    for word in text.split():
        while True:
            candidate = line + word if fresh else f"{line} {word}"
            if display_width(candidate) <= width:
                line, fresh = candidate, False
                break
            room = width - display_width(line) - (0 if fresh else 1)
            whole = width - len(indent)
            too_wide = display_width(word) > (whole if word.isascii() else whole // 2)
            head = _broken(word, room, fresh=fresh) if too_wide else ""
            if head:
                line += head if fresh else f" {head}"
                word = word[len(head) :]
            elif fresh:  # not even one character fits: give up on the width
                line, fresh = candidate, False
                break
            lines.append(line)
            line, fresh = indent, True
    return [*lines, line] if line.strip() or not lines else lines
