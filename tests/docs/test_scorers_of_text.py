"""The examples of the scorers page that read short text are definitions, and its words are true."""

from __future__ import annotations

import re

import pytest
import yaml

from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.extract.answer_text import SHORT_LINE
from pytest_iqeval.core.extract.patterns import LONGEST, BoundedPattern
from pytest_iqeval.core.extract.searched import LONGEST as SEARCHED
from pytest_iqeval.core.normalise import STEPS
from pytest_iqeval.core.scorers import SCORERS, contains, exact, f1, make_scorer
from pytest_iqeval.core.scorers.text import PARTS
from tests.support.pages import blocks, read_page, table_rows, ticked

PAGE = read_page("scorers.md")
OURS = ("exact", "contains", "regex", "f1", "yes_no")


def section(name: str) -> str:
    """From a heading to the next."""
    return re.split(r"^## ", PAGE.split(f"\n## {name}\n", 1)[1], flags=re.MULTILINE)[0]


EXAMPLES = [
    (name, block.text) for name in OURS for block in blocks(section(name))
]  # all of them are YAML


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_each_example_sets_up_its_scorer(name: str, text: str) -> None:
    """As a part of a definition."""
    raw = {"name": "b", "language": "en", "data": "b.jsonl", **yaml.safe_load(text)}
    definition = parse_definition(raw, file="b.yaml", scorers=SCORERS)
    assert definition.scorer == name
    make_scorer(name, definition.scorer_options)


def test_every_scorer_of_short_text_has_a_section_with_an_example() -> None:
    """And a row in the table."""
    assert {name for name, _ in EXAMPLES} == set(OURS)
    told = [ticked(cells[0])[0] for cells in table_rows(PAGE, "dataset history.yaml")]
    assert tuple(told) == OURS


def test_the_defaults_that_the_examples_name_are_the_defaults() -> None:
    """`normalise`, said to be so "unless you say otherwise"."""
    for name, steps in (
        ("exact", exact.NORMALISE),
        ("regex", exact.NORMALISE),
        ("contains", contains.NORMALISE),
        ("f1", f1.NORMALISE),
    ):
        assert f"normalise: [{', '.join(steps)}] # these, unless" in section(name), name


def test_the_tables_of_parts_and_steps_are_whole() -> None:
    """In their order, with the words of the code."""
    parts = table_rows(PAGE, "## Which part of a reply is read")
    assert tuple(ticked(cells[0])[0] for cells in parts) == PARTS
    steps = table_rows(PAGE, "## Normalisation")
    assert {ticked(cells[0])[0]: cells[1] for cells in steps} == dict(STEPS)


def test_the_bounds_are_those_of_the_code() -> None:
    """Characters of a line, of what is searched, and of what a pattern may search."""
    assert f"at most {SHORT_LINE} characters" in PAGE
    assert f"last {SEARCHED:,} characters" in PAGE
    text = section("regex")
    assert f"the last {LONGEST:,} characters" in text
    one, two = (int(n) for n in re.findall(r"about (\d+)", text))
    assert abs(BoundedPattern.of(r"x.*y").longest - one) < 10
    assert abs(BoundedPattern.of(r"x.*y.*z").longest - two) < 10
