"""A value that never shows itself."""

from __future__ import annotations

from typing import Generic, NoReturn, TypeVar

from pytest_iqeval.core.clean import REDACTED

T = TypeVar("T")


class Secret(Generic[T]):
    """Holds a key, a header's value or what is made of them.

    `reveal` gives it, every way of printing gives ``***``.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """The value itself, for the wire and for the redactor alone."""
        return self._value

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not stored or sent to another process")
