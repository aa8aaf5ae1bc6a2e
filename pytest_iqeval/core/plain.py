"""Plain values as YAML, JSON and CSV give them, put into words for messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_iqeval.core.clean import storable

_SHOWN = 40
_UNITS = ("B", "kB", "MB", "GB")


def kind_of(value: object) -> str:
    """What a value is, as the person who wrote the file would say it: ``a list``, ``text``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return f"a {type(value).__name__}"


def quoted(value: str | float) -> str:
    """A value for a message: text in quotes, cut after 40 characters, controls escaped."""
    text = str(value)
    if not isinstance(value, str) and len(text) <= _SHOWN:
        return text
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def counted(number: int, what: str) -> str:
    """``1 cell``, ``3 cells``."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def size_told(count: int) -> str:
    """Bytes for people: ``640 B``, ``12.3 MB``."""
    number, unit = float(count), _UNITS[0]
    for unit in _UNITS:
        if number < 1000 or unit == _UNITS[-1]:
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == _UNITS[0] else f"{number:.1f} {unit}"


def any_of(words: Sequence[str], last: str = "or") -> str:
    """``a, b or c``."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def unstorable(value: object) -> str | None:
    """What no sink can keep in the texts of a plain value (NUL, lone surrogates), if any."""
    for text in _texts(value):
        replaced = storable(text)[1]
        if replaced:
            return replaced
    return None


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
