"""The right number, as data sets write it."""

from __future__ import annotations

from pytest_iqeval.core.extract.number_statement import stated_in_place
from pytest_iqeval.core.extract.quantity import Quantity
from pytest_iqeval.core.extract.readable import Readable
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import prepare

# The last line of a GSM8K answer: "#### 18", in some of its files "A: 18".
_LAST_LINE = regex(r"(?:^|\n)[ \t]{0,8}(?:####|A:)(?P<number>[^\n]{0,400})\s*$")


def target_number(text: str) -> Quantity | None:
    """The one number that `text` is, in any form that a reply may have; ``None`` if it is not one.

    Of a GSM8K ``answer`` (working, then a last line ``#### 18``) the last line alone counts.
    """
    last = _LAST_LINE.search(text[-500:])
    return _number(last["number"] if last else text)


def _number(text: str) -> Quantity | None:
    if len(text) > 400:
        return None
    numbers = stated_in_place(Readable(prepare(text)), 0, len(text)).distinct
    return numbers[0].quantity if len(numbers) == 1 else None
