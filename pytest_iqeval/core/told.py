"""Texts for people in two languages: English wherever a plain text is wanted, Chinese on request.

A `Phrase` is a template in both; with its values it makes a `Told`. That is a `str`, and an
English one, so that `report.json`, JUnit and users' hooks read English whatever the terminal
speaks; `said_in` gives the language that a person reads. Joining a `Told` with ``+`` or in an
f-string leaves the Chinese behind: use a phrase that takes it as a value, or `joined`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from pytest_iqeval.core.language import Lang


class Told(str):
    """A text that knows its Chinese: ``zh``."""

    zh: str

    def __new__(cls, english: str, chinese: str) -> Self:
        """The same said twice."""
        told = super().__new__(cls, english)
        told.zh = chinese
        return told

    def __reduce__(self) -> tuple[type[Told], tuple[str, str]]:
        """What copies are made from."""
        return Told, (str(self), self.zh)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence or a part of one in English and Chinese, as templates for `str.format`.

    ``one`` is the English where ``count`` is 1; Chinese has no plural.
    """

    english: str
    chinese: str
    one: str | None = None

    def __call__(self, **values: object) -> Told:
        """The phrase with its values, each of which may be a `Told` itself."""
        singular = self.one is not None and values.get("count") == 1
        english = self.one if singular and self.one is not None else self.english
        chinese = {name: all_said_in(value, "zh") for name, value in values.items()}
        return Told(english.format(**values), self.chinese.format(**chinese))


def said_in(text: str, lang: Lang) -> str:
    """`text` in one language; as it is where it is known in no other."""
    return text.zh if lang == "zh" and isinstance(text, Told) else str(text)


def lines_of(text: str) -> list[str]:
    """The lines of `text`, each in the languages that it knows."""
    if not isinstance(text, Told):
        return text.split("\n")
    pairs = zip(text.split("\n"), text.zh.split("\n"), strict=True)
    return [Told(english, chinese) for english, chinese in pairs]


def all_said_in(value: Any, lang: Lang) -> Any:
    """The same for each text in a plain value, as `report.json` is made of."""
    if isinstance(value, str):
        return said_in(value, lang)
    if isinstance(value, Mapping):
        return {key: all_said_in(inner, lang) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [all_said_in(inner, lang) for inner in value]
    return value


def joined(parts: Iterable[str], between: Told) -> Told:
    """The parts with `between` between them."""
    texts = list(parts)
    return Told(between.join(texts), between.zh.join(said_in(text, "zh") for text in texts))
