"""In which language a run is read, and that both say the same."""

from __future__ import annotations

import string

import pytest

from pytest_iqeval.core.language import language
from pytest_iqeval.core.phrases import CHINESE, ENGLISH


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh", "LANG": "de_DE"}, "zh"),
        ({"LANG": "\udcff no locale \x00"}, "en"),
        ({"LC_CTYPE": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], expected: str) -> None:
    """Any locale is taken, however odd; only a Chinese one is not English."""
    assert language(None, environ) == expected
    assert language("zh", environ) == "zh"
    assert language("en", environ) == "en"


def test_each_phrase_takes_the_same_values_in_both_languages() -> None:
    """No number is lost in translation."""
    assert list(ENGLISH) == list(CHINESE)
    for name, english in ENGLISH.items():
        assert _fields(english) == _fields(CHINESE[name]), name


def _fields(phrase: str) -> set[str]:
    return {name for _, name, *_ in string.Formatter().parse(phrase) if name}
