"""The page of gates says what is accepted, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import pytest

from pytest_iqeval.core.comparison import Baseline, compare, scored
from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.foresight_text import sight_text
from pytest_iqeval.core.gates import check_gates, parse_gate
from pytest_iqeval.core.gates.compared import corrected
from pytest_iqeval.core.gates.conditions import Asked
from pytest_iqeval.core.gates.gate import BOUNDS, EACH, FORMS
from pytest_iqeval.core.gates.judge import judge_gates
from pytest_iqeval.core.gates.lock import Lock, against_lock
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.metrics import FAMILIES, INDEX, METRICS
from pytest_iqeval.core.policy import majority
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.core.statistics.intervals import share_interval, wilson
from pytest_iqeval.core.verdict import Tally, decide
from pytest_iqeval.sources.catalogue import load
from pytest_iqeval.sources.definitions import definition_of
from tests.support.pages import blocks, read_page, table_rows, ticked
from tests.support.runs import make_benchmark, make_result, make_sample
from tests.support.sights import SPEC, baseline_of, seen

PAGE = read_page("gates.md")
(EXAMPLES,) = [block.text.splitlines() for block in blocks(PAGE) if block.mark == "gates"]


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_is_a_gate_on_the_default_benchmark(text: str, tmp_path) -> None:
    """It parses, and its scope names something that is there."""
    benchmark = load("iquiz-open", data_dir=None, start=tmp_path, scorers=SCORERS).benchmark
    check_gates([parse_gate(text)], [benchmark])


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_is_judged(text: str, tmp_path) -> None:
    """A model that knows all, asked five times, against itself: verdict and reason."""
    benchmark = load("iquiz-open", data_dir=None, start=tmp_path, scorers=SCORERS).benchmark
    results = [make_result(s, "c", repeat=n) for s in benchmark.samples for n in range(5)]
    baseline = Baseline(run="r", model="m", scores=scored(results))
    comparison = compare(
        baseline, benchmark.samples, results, passes=majority, facts=baseline.facts
    )
    rows = judge_gates(
        [parse_gate(text)], [benchmark], benchmark.samples, results, comparison=comparison
    )
    assert rows
    for one in rows:
        assert one.passed is not None
        assert one.reason


@pytest.mark.parametrize(
    ("mark", "baseline"),
    [
        ("foresight: accuracy >= 0.8", None),
        ("foresight against a baseline", baseline_of(SPEC)),
    ],
)
def test_what_a_gate_can_see_is_told_as_quoted(mark: str, baseline: Baseline | None) -> None:
    """120 questions, of which the baseline has 80 %."""
    (block,) = [block for block in blocks(PAGE) if block.mark == mark]
    lines = [line for line in block.text.splitlines() if line.startswith("iqeval: gate ")]
    gates = [line.removeprefix("iqeval: gate ").partition(": ")[0] for line in lines]
    told = [sight_text(sight) for sight in seen(SPEC, *gates, baseline=baseline)]
    assert lines == [f"iqeval: {line}" for line in told]


def test_what_a_run_asks_for_is_told_as_quoted(pytester: pytest.Pytester) -> None:
    """The page's first lines are those of the shipped set."""
    (block,) = [block for block in blocks(PAGE) if block.mark == "foresight: accuracy >= 0.8"]
    args = ("--co", "--iqeval-model=gemma3:4b", "--iqeval-gate=accuracy >= 0.8")
    told = [line for line in pytester.runpytest_inprocess(*args).outlines if "iqeval: " in line]
    assert block.text.splitlines() == told


def test_how_often_a_bare_gate_passes_is_as_the_page_says() -> None:
    """96 of 120 or more, of a model at 80 %, 9 points below and 9 points above."""

    def passes(share: float, hits: int) -> float:
        chances = (comb(120, k) * share**k * (1 - share) ** (120 - k) for k in range(hits, 121))
        return sum(chances)

    assert [round(passes(share, 96) * 100) for share in (0.8, 0.71)] == [55, 2]
    assert round(1 / (1 - passes(0.89, 96))) == 800
    bound = next(hits for hits in range(121) if wilson(hits, 120, 0.9)[0] >= 0.8)
    assert passes(0.89, bound) == pytest.approx(0.8, abs=0.06)


def test_the_reason_of_no_regressions_is_as_it_is() -> None:
    """120 questions, five replies to each: 5 lost, 1 gained, 8 down by two replies, 4 up by one."""
    then = ["ccccc"] * 5 + ["iiiii"] + ["ccccc"] * 8 + ["cccci"] * 4 + ["ccccc"] * 102
    now = ["iiiii"] * 5 + ["ccccc"] + ["ccici"] * 8 + ["ccccc"] * 4 + ["ccccc"] * 102
    samples = [make_sample(f"q{n}") for n in range(120)]
    earlier, later = (
        [
            make_result(sample, letter, repeat=repeat)
            for sample, letters in zip(samples, run, strict=True)
            for repeat, letter in enumerate(letters)
        ]
        for run in (then, now)
    )
    baseline = Baseline(run="r", model="m", scores=scored(earlier))
    (row,) = judge_gates(
        [parse_gate("no_regressions(p < 0.05)")],
        [make_benchmark(samples)],
        samples,
        later,
        comparison=compare(baseline, samples, later, passes=majority, facts=baseline.facts),
    )
    assert f"\n{row.reason}\n" in PAGE


def test_the_lines_of_holm_and_of_the_lock_are_as_they_are() -> None:
    """What the page quotes."""
    locked, now = (
        Lock(gates=gates, data={}, asked={"iquiz-open": Asked(count=asked, sha256=str(asked))})
        for gates, asked in (
            (("accuracy >= 60%", "n >= 20"), 120),
            (("accuracy >= 50%", "n >= 30"), 20),
        )
    )
    told = against_lock(locked, now, file="gates.lock").told
    assert f"\n{told}\n" in PAGE
    one = GateRow(
        expression="no_regressions(p < 0.05)",
        benchmark="b",
        metric="no_regressions",
        threshold=0.05,
        passed=None,
        observed=0.03,
        reason="p 0.03: 9 lost, 2 gained, accuracy -7.1pt, over 99 pairs",
        p=0.03,
    )
    first = corrected([one, replace(one, p=0.5)], ["a", "b"])[0]
    assert f"`{first.reason.partition(':')[0]}`" in PAGE
    assert first.passed is True


def test_the_definition_s_gates_can_be_read() -> None:
    """The piece of YAML on the page."""
    (yaml,) = [b.text for b in blocks(PAGE) if b.language == "yaml"]
    base = "name: iquiz-open\nlanguage: zh\ndata: {IQ: IQ.jsonl}\n"
    found = definition_of((base + yaml).encode(), shown="b.yaml", scorers=SCORERS)
    assert len(found.gates) == 3


def test_the_table_names_every_metric() -> None:
    """And no other."""
    told = [word for cells in table_rows(PAGE, "[SCOPE:]") for word in ticked(cells[0])]
    families = {f"{family}K" for family in FAMILIES}
    assert {word.partition("(")[0] for word in told} == {*METRICS, INDEX, *families, *BOUNDS}
    for form in FORMS:
        assert f"    [SCOPE:] {form}(" in PAGE
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


def test_the_interval_of_groups_is_right() -> None:
    """12 groups of 4 all right, 12 half right, 6 all wrong."""
    groups = [(4, 4)] * 12 + [(2, 4)] * 12 + [(0, 4)] * 6
    low, high = share_interval(72, 72, 120, groups=groups)
    assert f"accuracy 0.60 [{low:.2f}, {high:.2f}] n=120 in 30 groups, of 120" in PAGE


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
