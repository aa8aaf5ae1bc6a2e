"""Options of scorers: every fault is told with file, scorer, option and what to do."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.scorers import make_scorer


@pytest.mark.parametrize(
    ("scorer", "options", "message"),
    [
        ("exact", {"raed": "whole"}, "scorer: exact has no option 'raed'; did you mean read?"),
        ("exact", {"read": "line"}, "exact: read: 'line' is unknown; did you mean last_line?"),
        ("exact", {"read": 3}, "read: must be answer or last_line or whole, not a number"),
        (
            "exact",
            {"normalise": ["cases"]},
            "exact: normalise: 'cases' is unknown; did you mean case or accents?",
        ),
        ("exact", {"normalise": "case"}, "normalise: must be a list, not text: `normalise: [nfkc,"),
        ("exact", {"normalise": [1]}, "normalise: holds a number, but should hold words"),
        ("contains", {"match": "every"}, "contains: match: 'every' is unknown; "),
        ("contains", {"word": "yes"}, "contains: word: must be true or false, not text"),
        ("f1", {"threshold": 0}, "f1: threshold: 0 can't be; it must be above 0 and at most 1"),
        ("f1", {"threshold": 1.5}, "f1: threshold: 1.5 can't be"),
        ("f1", {"threshold": True}, "threshold: must be a number above 0 and at most 1, not true"),
        ("regex", {"find": "lats"}, "regex: find: 'lats' is unknown; did you mean last?"),
        ("regex", {"pattern": ""}, "regex: pattern: is empty; fill it in, or take it out"),
        ("regex", {"pattern": 3}, "regex: pattern: must be text, not a number"),
        (
            "regex",
            {"pattern": "total: (\\d+"},
            "pattern: 'total: (\\\\d+' can't be used: missing ), unterminated subpattern "
            "at position 7",
        ),
        ("regex", {"pattern": "(a*)*b"}, "pattern: '(a*)*b' repeats something that can itself"),
        ("yes_no", {"read": "whole"}, "yes_no has no option 'read'; write `scorer: yes_no`"),
    ],
)
def test_fault_of_an_option_is_told(scorer, options, message):
    with pytest.raises(DefinitionError) as caught:
        make_scorer(scorer, options, where="my.yaml: ")
    (problem,) = caught.value.problems
    assert problem.startswith("my.yaml: scorer: ")
    assert message in problem


def test_all_faults_are_told_at_once():
    with pytest.raises(DefinitionError) as caught:
        make_scorer("f1", {"threshold": "high", "read": "all", "x": 1}, where="my.yaml: ")
    assert len(caught.value.problems) == 3
