"""The page of statistics says what the formulas give."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.statistics.intervals import wilson
from pytest_iqeval.core.statistics.paired import score_interval
from pytest_iqeval.core.statistics.power import (
    detectable,
    detectable_flips,
    detectable_paired,
)
from tests.support.pages import read_page, table_rows, ticked

PAGE = read_page("statistics.md")


@pytest.mark.parametrize("cells", table_rows(PAGE, "<!-- power -->"))
def test_the_least_changes_are_those_of_the_formulas(cells: list[str]) -> None:
    """A row for each number of questions."""
    n = int(cells[0].replace(",", ""))
    drops = (detectable_flips(n, chance, step=0) for chance in (0.16, 0.05))
    found = detectable(n, 0.8), *drops
    assert cells[1:] == [f"{change * 100:.1f} points" for change in found]


def test_the_figures_in_the_text_are_right() -> None:
    """Wilson's interval of 72 and of 40 right answers, nothing changed, nothing seen."""
    low, high = wilson(72, 120)
    assert f"accuracy 0.60 [{low:.2f}, {high:.2f}] n=120 of 120" in PAGE
    assert f"40 of 40 is [{wilson(40, 40)[0]:.2f}, 1.00]" in PAGE
    assert f"±{score_interval(0, 0, 120)[1] * 100:.1f} points" in PAGE
    exact, margin = detectable_flips(120, 0.16), detectable_paired(120, 0.16, alpha=0.025)
    assert f"{exact * 100:.1f} points\nof 120 questions, where 16 % differ" in PAGE
    assert f"within {margin * 100:.1f} points of 120 questions" in PAGE
    # 3/n is a little above the exact bound: larger shares show none with less than 5 %.
    assert "in 2.5 % if\n  there were 120" in PAGE
    assert 0 < 3 / 120 - (1 - 0.05 ** (1 / 120)) < 0.001


@pytest.mark.parametrize(
    ("above", "least"), [("<!-- repeats by", 92), ("<!-- groups by", 93)], ids=["repeats", "groups"]
)
def test_no_interval_of_the_tables_is_badly_too_narrow(above: str, least: int) -> None:
    """Only one reply to three questions, and groups that nobody told of, are held less often."""
    for name, *cells in table_rows(PAGE, above):
        for cell in cells:
            first, *others = map(int, cell.removesuffix(" %").split(" / "))
            told = [first] if "groups by" in above else others if name == "3" else [first, *others]
            assert min(told) >= least - 1, (name, cell)


def test_every_gate_of_the_tables_can_be_asked_for() -> None:
    """As it stands there."""
    for above, column in (("# Which gate to choose", 1), ("<!-- written by", 0)):
        gates = [gate for cells in table_rows(PAGE, above) for gate in ticked(cells[column])]
        assert len(set(gates)) == 5
        for gate in gates:
            parse_gate(gate)
