"""What the table of scorers says, and what holds for a scorer that is not in it."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.kinds import (
    ANSWER_KINDS,
    KINDS,
    Ask,
    answer_kind_fault,
    default_answer_kind,
    may_be_several,
    what_is_asked,
)
from pytest_iqeval.core.scorers import SCORERS


def test_every_scorer_of_ours_is_in_the_table() -> None:
    """But the one that asks nothing: what an import keeps the scores of may be of any kind."""
    assert set(SCORERS) - {RECORDED} <= set(KINDS)


@pytest.mark.parametrize(
    ("scorer", "options", "kind", "ask"),
    [
        ("choice", True, "letter", Ask.OPTION),
        ("multi_choice", True, "letters", Ask.OPTIONS),
        ("number", False, "text", Ask.NUMBER),
        ("math", False, "text", Ask.MATHS),
        ("code", False, "text", Ask.CODE),
        ("exact", False, "text", Ask.SHORT),
        ("f1", False, "text", Ask.SHORT),
        ("yes_no", False, "text", Ask.YES_NO),
        ("contains", False, "text", Ask.OPEN),
        ("regex", False, "text", Ask.OPEN),
        ("own", False, "text", Ask.OPEN),
        ("own", True, "letter", Ask.OPTION),
    ],
)
def test_a_scorer_has_its_usual_answers_and_its_way_of_asking(
    scorer: str, options: bool, kind: str, ask: Ask
) -> None:
    assert default_answer_kind(scorer, options=options) == kind
    assert what_is_asked(scorer, kind, options=options) is ask
    assert answer_kind_fault(kind, scorer, options=options) is None


def test_letters_make_the_questions_of_a_users_own_scorer_ask_for_several() -> None:
    assert what_is_asked("own", "letters", options=True) is Ask.OPTIONS


@pytest.mark.parametrize(
    ("scorer", "kinds"),
    [
        ("choice", set()),
        ("multi_choice", {"letters", "index", "position", "marks"}),
        ("own", {"letters", "index", "position", "marks"}),
    ],
)
def test_several_right_options_are_for_scorers_that_take_them(scorer: str, kinds: set[str]) -> None:
    assert {kind for kind in ANSWER_KINDS if may_be_several(kind, scorer)} - kinds <= {"letters"}
    assert kinds <= {kind for kind in ANSWER_KINDS if may_be_several(kind, scorer)}
