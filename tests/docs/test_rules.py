"""The page of reading rules follows the rules."""

from __future__ import annotations

import runpy

import pytest

from pytest_iqeval.core.extract.multi_rules import EXAMPLE_CHOICES
from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers import SCORERS, make_scorer
from pytest_iqeval.core.scorers.reading import ReadingScorer
from tests.support.pages import DOCS, read_page

pytest.importorskip("math_verify", reason="the page has the rules of the scorer math")

ASKED = Sample(
    benchmark="b", subset="s", id="1", input="?", choices=EXAMPLE_CHOICES, target="Paris"
)
OPTIONS = {"regex": {"pattern": r"(\d+)"}}


def scorers() -> dict[str, ReadingScorer]:
    made = {name: make_scorer(name, OPTIONS.get(name, {})) for name in SCORERS}
    return {name: s for name, s in made.items() if isinstance(s, ReadingScorer)}


RULES = [(name, rule) for name, scorer in scorers().items() for rule in scorer.rules]


def test_the_tables_of_rules_are_fresh() -> None:
    """Else: python docs/make_rules.py"""
    made = runpy.run_path(str(DOCS / "make_rules.py"))
    page = read_page("rules.md")
    assert made["with_tables"](page) == page


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[f"{n}-{r.name}" for n, r in RULES])
def test_an_example_on_the_page_is_read_as_it_says(name: str, rule: Rule) -> None:
    reading = scorers()[name].read(ASKED, rule.example)
    assert reading.rule == rule.name
    assert reading.answer is not None
    # Short texts are normalised behind the reading, by default to one case.
    assert reading.answer.casefold() == rule.reads.casefold()


def test_every_scorer_of_ours_reads_by_rules() -> None:
    assert set(scorers()) == set(SCORERS) - {RECORDED}  # that one reads nothing
