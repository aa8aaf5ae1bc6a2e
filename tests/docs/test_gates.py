"""The page of gates says what is accepted, and what comes of it."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.gates import check_gates, parse_gate
from pytest_iqeval.core.gates.gate import BOUNDS, EACH
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.metrics import METRICS
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.core.statistics.intervals import wilson
from pytest_iqeval.core.verdict import Tally, decide
from pytest_iqeval.sources.catalogue import load
from tests.support.pages import blocks, read_page, table_rows, ticked

PAGE = read_page("gates.md")
(EXAMPLES,) = [block.text.splitlines() for block in blocks(PAGE) if block.mark == "gates"]


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_is_a_gate_on_the_default_benchmark(text: str, tmp_path) -> None:
    """It parses, and its scope names something that is there."""
    benchmark = load("iquiz-open", data_dir=None, start=tmp_path, scorers=SCORERS).benchmark
    check_gates([parse_gate(text)], [benchmark])


def test_the_table_names_every_metric() -> None:
    """And no other."""
    told = [word for cells in table_rows(PAGE, "[SCOPE:]") for word in ticked(cells[0])]
    assert {word.partition("(")[0] for word in told} == {*METRICS, *BOUNDS}
    for value in EACH:
        assert f"`each({value})`" in PAGE


def test_the_fault_is_shown_as_it_is() -> None:
    """The page's message is the parser's."""
    with pytest.raises(GateError) as caught:
        parse_gate("acuracy >= 0.6")
    assert f"ERROR: iqeval: {caught.value}\n" in PAGE


def test_the_interval_is_right() -> None:
    """72 of 120 and what the page says of it."""
    low, high = wilson(72, 120, 0.95)
    assert f"accuracy 0.60 [{low:.2f}, {high:.2f}] n=120 of 120" in PAGE


def row(metric: str, passed: bool | None) -> GateRow:
    """A gate that was judged so."""
    return GateRow(
        expression=f"{metric} >= 0.5",
        benchmark="b",
        metric=metric,
        threshold=0.5,
        passed=passed,
        observed=None,
        reason="because",
    )


WHOLE = {"collected": 4, "asked": 4, "scored": 4, "correct": 3, "failed": 1}
CASES = {
    "nothing was collected": ([], Tally(**WHOLE | {"collected": 0})),
    "Ctrl-C": ([row("accuracy", False)], Tally(**WHOLE, interrupted=True)),
    "an ordinary test failed": ([row("accuracy", True)], Tally(**WHOLE, ordinary_failures=1)),
    "questions without a score, more than the `errors` gate allows": (
        [row("errors", False), row("accuracy", False)],
        Tally(**WHOLE, no_reply=1),
    ),
    "a gate failed": ([row("accuracy", False), row("n", None)], Tally(**WHOLE)),
    "a gate has no number": ([row("accuracy", None), row("n", True)], Tally(**WHOLE)),
    "all gates hold": ([row("accuracy", True)], Tally(**WHOLE)),
    "no gates, and an answer was not correct": ([], Tally(**WHOLE)),
    "no gates, and all answers were correct": ([], Tally(**WHOLE | {"correct": 4, "failed": 0})),
}


def test_the_table_of_verdicts_is_what_is_decided() -> None:
    """Row by row; a usage fault (exit 4) never gets as far as a verdict."""
    first, *rows = table_rows(PAGE, "<!-- verdicts -->")
    assert first[1] == "4"
    assert [cells[0] for cells in rows] == list(CASES)
    for what, exit_code, name in rows:
        verdict = decide(*CASES[what])
        assert verdict.exit_code == int(exit_code), what
        told = {"none, no run": "none", "as the questions give it": "passed"}.get(name)
        assert verdict.name == (told or name.strip("`")), what
