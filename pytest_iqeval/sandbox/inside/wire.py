"""Values between the process with the model's code and the one with the test, as JSON.

Unpickling what a hostile process sends would run its code. This reads data alone, and gives
builtin types exactly: an object that calls itself equal to everything can't be sent.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

LONGEST_LINE = 16 << 20
"""Bytes of one message; a longer one is not read."""
GIVEN_BACK = "given back"
"""The kind of a `Foreign` on its way to where it came from; it is nothing there."""
_ITEMS = 100_000  # of an iterator that are sent; it may never end
_PLAIN_INT = 1 << 63


class Foreign:
    """Stands for a value that can't be sent: it has a truth value, and is equal to nothing."""

    def __init__(self, kind: str, truth: bool) -> None:
        self._kind, self._truth = kind, truth

    def __bool__(self) -> bool:
        return self._truth

    def __repr__(self) -> str:
        return f"<{self._kind}>"


class Gone(Exception):
    """The other side ended, or sends what is no message."""


def encode(value: Any) -> object:
    """What JSON can hold of `value`; a subclass of a builtin type is sent as that type."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        number = int(value)
        return number if abs(number) < _PLAIN_INT else {"int": hex(number)}
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    for module, name, write in _LOADED_WRITERS:
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(value, getattr(loaded, name)):
            return write(value)
    if isinstance(value, Foreign):
        return {GIVEN_BACK: None}
    if isinstance(value, Iterator):
        items = list(islice(value, _ITEMS + 1))
        if len(items) <= _ITEMS:
            return {"iterator": [encode(one) for one in items]}
    return {"foreign": [type(value).__name__[:60], bool(value)]}


def decode(plain: Any) -> Any:
    """The inverse of `encode`.

    :raises ValueError: it is none of its results.
    """
    if plain is None or type(plain) in (bool, int, float, str):
        return plain
    if type(plain) is list:
        return [decode(one) for one in plain]
    if type(plain) is dict and len(plain) == 1:
        ((kind, content),) = plain.items()
        read = _READERS.get(kind)
        if read is not None:
            try:
                return read(content)
            except (TypeError, ArithmeticError) as error:  # an unhashable key, say
                raise ValueError(str(error)) from None
    raise ValueError("no value")


def _encode_all(values: Any) -> list[object]:
    return [encode(one) for one in values]


def _decode_all(plain: Any) -> Iterator[Any]:
    return (decode(one) for one in plain)


_WRITERS: tuple[tuple[type | tuple[type, ...], Any], ...] = (
    (str, str),
    (float, float),
    (list, _encode_all),
    (tuple, lambda v: {"tuple": _encode_all(v)}),
    (dict, lambda v: {"dict": [[encode(key), encode(one)] for key, one in v.items()]}),
    (frozenset, lambda v: {"frozenset": _encode_all(v)}),
    (set, lambda v: {"set": _encode_all(v)}),
    (bytes, lambda v: {"bytes": v.hex()}),
    (bytearray, lambda v: {"bytearray": v.hex()}),
    (complex, lambda v: {"complex": [v.real, v.imag]}),
    (range, lambda v: {"range": [v.start, v.stop, v.step]}),
)
# Of modules that take their time to load, and are loaded if there is such a value.
_LOADED_WRITERS: tuple[tuple[str, str, Any], ...] = (
    ("fractions", "Fraction", lambda v: {"fraction": [encode(v.numerator), encode(v.denominator)]}),
    ("decimal", "Decimal", lambda v: {"decimal": str(v)}),
)


def _fraction(plain: Any) -> Any:
    from fractions import Fraction

    return Fraction(decode(plain[0]), decode(plain[1]))


def _decimal(plain: Any) -> Any:
    from decimal import Decimal

    return Decimal(plain)


_READERS: Mapping[str, Any] = {
    "int": lambda v: int(v, 16),
    "tuple": lambda v: tuple(_decode_all(v)),
    "dict": lambda v: {decode(key): decode(one) for key, one in v},
    "set": lambda v: set(_decode_all(v)),
    "frozenset": lambda v: frozenset(_decode_all(v)),
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "complex": lambda v: complex(*v),
    "range": lambda v: range(*v),
    "fraction": _fraction,
    "decimal": _decimal,
    "iterator": lambda v: iter([decode(one) for one in v]),
    "foreign": lambda v: Foreign(str(v[0]), bool(v[1])),
}


class Channel:
    """Messages over a pair of pipes: one JSON value a line."""

    def __init__(self, read: int, write: int) -> None:
        self.reader = os.fdopen(read, "rb")
        self._write = write

    def send(self, message: object) -> None:
        """Send a message.

        :raises Gone: nobody reads it.
        """
        line = memoryview(json.dumps(message).encode("ascii") + b"\n")
        try:
            while line:
                line = line[os.write(self._write, line) :]
        except OSError as error:
            raise Gone(str(error)) from None

    def receive(self) -> Any:
        """The next message.

        :raises Gone: there is none, or it is no message.
        """
        line = self.reader.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise Gone("too long a message" if len(line) >= LONGEST_LINE else "it ended")
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            raise Gone("no message") from None
