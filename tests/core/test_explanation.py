"""Each rule of a table, and what it found."""

from __future__ import annotations

from pytest_iqeval.core.explanation import rules_tried
from pytest_iqeval.core.extract.choice import read_choice
from pytest_iqeval.core.extract.choice_rules import RULES
from pytest_iqeval.core.extract.reading import Reading, Rule, Tried

ONE, TWO = (Rule(name=n, language="any", matches="m", example="e", reads="B") for n in "ab")


def test_every_rule_has_a_row_in_the_order_of_the_table() -> None:
    early = Tried(rule="a", span=(0, 1), why="it is an earlier statement")
    reading = Reading(answer="B", rule="b", span=(5, 6), tried=(early,))
    rows = rules_tried((ONE, TWO), reading)
    assert [(row.rule, row.read, row.dismissed) for row in rows] == [
        (ONE, None, (early,)),
        (TWO, (5, 6), ()),
    ]


def test_a_rule_that_is_in_no_table_comes_last() -> None:
    reading = Reading(note="n", tried=(Tried(rule="own", span=(0, 1), why="w"),))
    rows = rules_tried((ONE,), reading)
    assert [row.rule.name for row in rows] == ["a", "own"]


def test_a_real_reading_marks_one_rule_and_tells_what_is_taken_back() -> None:
    """In both languages."""
    for text in (
        "Answer: A.\n\nWait, that is wrong.\n\nAnswer: B",
        "答案：A。\n\n不对。\n\n答案：B",
    ):
        reading = read_choice(text, ("x", "y", "z"))
        rows = rules_tried(RULES, reading)
        assert [r.name for r in RULES] == [row.rule.name for row in rows]
        assert [text[slice(*row.read)] for row in rows if row.read] == ["B"]
        (dismissed,) = [t for row in rows for t in row.dismissed]
        assert text[slice(*dismissed.span)] == "A"
        assert dismissed.why == "it is an earlier statement"
