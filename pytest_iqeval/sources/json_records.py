"""JSON Lines, and ``.json`` files: an array of objects, one object, or JSON Lines after all."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from pytest_iqeval.core.plain import kind_of, quoted, unstorable
from pytest_iqeval.sources.records import Fault, Row


def jsonl_records(text: str) -> Iterator[Row | Fault]:
    """One object a line."""
    if text.lstrip().startswith("["):
        first = text.count("\n", 0, text.index("[")) + 1
        mend = "write one object a line, without [ ] and commas, or call the file .json"
        yield Fault(first, f"begins a JSON array; {mend}")
        return
    # Not str.splitlines: it also cuts at U+2028 and others, which JSON texts may hold.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        values = _json_values(line)
        yield Fault(number, values) if isinstance(values, str) else Row(number, values)


def json_records(text: str) -> Iterator[Row | Fault]:
    """The objects of a ``.json`` file, each with the line where it begins."""
    start = _after_blanks(text, 0)
    if not text.strip():
        return
    if text.startswith("[", start):
        yield from _array_records(text, start)
        return
    line = text.count("\n", 0, start) + 1
    try:
        value, end = _decoded(text, start)
    except (ValueError, RecursionError) as error:
        if isinstance(_json_values(text[start:].partition("\n")[0]), str):
            yield _broken_at(error, line)
            return
        end = start  # the first line is an object, so they stand one a line
    if text[end:].strip():
        yield from jsonl_records(text)
    else:
        yield _record(line, value, text)


class _Refused(ValueError):
    """JSON that parses, and that we refuse all the same."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"has the field {quoted(twice)} twice; keep one")
    return values


def _no_constant(name: str) -> object:
    raise _Refused(f"holds {name}, which is not JSON; write null, or leave the field out")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Refused(f"holds {quoted(digits)}, too large a number")
    return number


_BLANKS = re.compile(r"[ \t\n\r]*")
_JSON = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
)
_ANY_JSON = json.JSONDecoder()


def _decoded(text: str, at: int) -> tuple[object, int]:
    """The value that begins at a place, and where it ends; what is refused is a `_Refused`."""
    try:
        return _JSON.raw_decode(text, at)
    except _Refused as refused:
        return refused, _ANY_JSON.raw_decode(text, at)[1]


def _record(line: int, value: object, text: str) -> Row | Fault:
    values = _checked(value, text)
    return Fault(line, values) if isinstance(values, str) else Row(line, values)


def _broken_at(error: ValueError | RecursionError, line: int) -> Fault:
    """What can't be read; a value that began in `line` may be broken in a later one."""
    found = error.lineno if isinstance(error, json.JSONDecodeError) else line
    return Fault(found, _broken(error))


def _array_records(text: str, start: int) -> Iterator[Row | Fault]:
    """The objects of an array; what follows a broken one can't be read."""
    at, line, counted = start + 1, 1, 0
    while True:
        at = _after_blanks(text, at)
        line, counted = line + text.count("\n", counted, at), at
        if text.startswith("]", at):
            break
        try:
            value, end = _decoded(text, at)
        except (ValueError, RecursionError) as error:
            yield _broken_at(error, line)
            return
        yield _record(line, value, text[at:end])
        at = _after_blanks(text, end)
        if text.startswith(",", at):
            at += 1
        elif not text.startswith("]", at):
            line += text.count("\n", counted, at)
            yield Fault(line, "broken JSON: a comma or ] should stand here; mend the array")
            return
    if text[at + 1 :].strip():
        told = "broken JSON: the array ends here, and the file goes on; take the rest out"
        yield Fault(line, told)


def _after_blanks(text: str, at: int) -> int:
    return _BLANKS.match(text, at).end()  # type: ignore[union-attr]  # it always matches


def _json_values(text: str) -> dict[str, object] | str:
    """The object that a line is, or what is wrong with it."""
    try:
        return _checked(_JSON.decode(text), text)
    except (ValueError, RecursionError) as error:
        return _broken(error)


def _broken(error: ValueError | RecursionError) -> str:
    """Why a text can't be read."""
    if isinstance(error, _Refused):
        return str(error)
    if isinstance(error, json.JSONDecodeError):
        what = error.msg[:1].lower() + error.msg[1:]
        return f"broken JSON at column {error.colno}: {what}; mend or delete the line"
    if isinstance(error, RecursionError):
        return "is nested too deeply; a question is a flat object"
    return "holds too large a number"  # CPython refuses integers of more than 4,300 digits


def _checked(value: object, text: str) -> dict[str, object] | str:
    """A value that was read from a text, if it is an object that can be kept."""
    if isinstance(value, _Refused):
        return str(value)
    if not isinstance(value, dict):
        return f'is {kind_of(value)}, not an object; write {{"question": …}}'
    if "\\u" in text and (half := unstorable(value)):
        return f"holds {half}; take that out"
    return value
