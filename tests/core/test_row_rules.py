"""The definition's fields about rows: what they give, and what is told of those at fault."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.row_rules import Edit, RowRules
from tests.support.questions import definition


def test_without_them_rows_are_taken_as_they_are() -> None:
    plain = definition()
    assert (plain.rows, plain.unavailable) == (RowRules(), {})


def test_all_of_them() -> None:
    one = definition(
        replace=[{"pattern": "^Q: "}, {"pattern": "x", "with": "y", "in": "answer"}],
        separator="; ",
        shuffle=True,
        repeated_options=True,
        ids="content",
        unavailable={"mc2": " needs token probabilities "},
    )
    assert one.rows == RowRules(
        edits=(Edit(pattern="^Q: "), Edit(pattern="x", text="y", fields=("answer",))),
        separator="; ",
        shuffle=True,
        repeated_options=True,
        content_ids=True,
    )
    assert one.unavailable == {"mc2": "needs token probabilities"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"replace": "x"}, "replace: must be a list, not text; `- {pattern: '^Question: '}`"),
        (
            {"replace": ["x"]},
            "replace[1]: must be a mapping, not text; `{pattern: …, with: …}`",
        ),
        ({"replace": [{"with": "x"}]}, "replace[1].pattern: is missing; add it"),
        (
            {"replace": [{"pattern": "x", "with": 3}]},
            "replace[1].with: must be text, not a number; put it in quotes",
        ),
        (
            {"replace": [{"pattern": "x", "by": "y"}]},
            "replace[1].by: there is no such field; pattern, with and in are",
        ),
        (
            {"replace": [{"pattern": "x", "in": "id"}]},
            "replace[1].in: names what can't be edited; write of question, choices, answer",
        ),
        (
            {"replace": [{"pattern": "("}]},
            "replace[1].pattern: '(' can't be used: missing ), unterminated subpattern",
        ),
        ({"separator": ""}, "separator: is empty; write the text between options"),
        ({"separator": 3}, "separator: must be text, not a number; put it in quotes"),
        ({"shuffle": "yes"}, "shuffle: must be true or false, not text"),
        ({"repeated_options": 1}, "repeated_options: must be true or false, not a number"),
        ({"ids": "hash"}, "ids: 'hash' is unknown; write own or content"),
        ({"ids": 1}, "ids: a number is unknown; write own or content"),
        ({"unavailable": "mc2"}, "unavailable: must be a mapping, not text; `mc2: the reason`"),
        ({"unavailable": {"mc2": ""}}, "unavailable.mc2: must say why, as text"),
    ],
)
def test_a_fault_says_where_and_what(changes: dict[str, object], told: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        definition(**changes)
    (problem,) = raised.value.problems
    assert problem.startswith(f"tiny.yaml: {told}")
