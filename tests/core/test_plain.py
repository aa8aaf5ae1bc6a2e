from __future__ import annotations

import pytest

from pytest_iqeval.core.plain import kind_of, quoted, unstorable


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "nothing"),
        (True, "true or false"),
        (1, "a number"),
        (0.5, "a number"),
        ("x", "text"),
        ({}, "a mapping"),
        ([], "a list"),
        (b"", "a bytes"),
    ],
)
def test_values_are_named_for_people(value: object, kind: str) -> None:
    assert kind_of(value) == kind


def test_a_quoted_text_is_short_and_shows_control_characters() -> None:
    assert quoted("a\x1bb") == r"'a\x1bb'"
    assert quoted("x" * 50) == "'" + "x" * 39 + "…'"
    assert quoted(2) == "2"


def test_a_lone_surrogate_or_nul_is_found_however_deep() -> None:
    assert unstorable({"a": [{"b": "\ud800"}]}) == "1 lone surrogate"
    assert unstorable({"\0": 1}) == "1 NUL"
    assert unstorable({"a": ["fine", "好", 1, None]}) is None
