"""A scope that names nothing is refused before anything is asked."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.gates import check_gates, parse_gate
from tests.support.runs import make_benchmark, make_sample

BENCHMARKS = [
    make_benchmark(
        [
            make_sample("a", benchmark="iquiz-open", subset="IQ", level=1, category="逻辑"),
            make_sample("b", benchmark="iquiz-open", subset="EQ", level=2, tags=["core", "x"]),
        ]
    ),
    make_benchmark([make_sample("c", benchmark="mmlu", subset="law", hard=True)]),
]


@pytest.mark.parametrize(
    "scope",
    ["iquiz-open", "mmlu:law", "level=1", "category=逻辑", "tags=core", "hard=true", "subset=EQ",
     "each(subset)", "each(benchmark)"],
)  # fmt: skip
def test_a_scope_that_exists_is_fine(scope: str) -> None:
    check_gates([parse_gate("n > 0"), parse_gate(f"{scope}: n > 0")], BENCHMARKS)


@pytest.mark.parametrize(
    ("scope", "fault", "problem", "hint"),
    [
        ("iqiz-open", "iqiz-open", "this run has no benchmark 'iqiz-open'", "did you mean iquiz-open?"),
        ("IQ", "IQ", "this run has no benchmark 'IQ'", "write iquiz-open:IQ"),
        ("iquiz-open:QI", "QI", "iquiz-open has no subset 'QI'", "did you mean"),
        ("levle=1", "levle", "no question has a field 'levle'", "did you mean level?"),
        ("level=9", "9", "no question has level=9", "there is: 1, 2"),
        ("category=语言", "语言", "no question has category=语言", "there is: 逻辑"),
    ],
)  # fmt: skip
def test_a_scope_that_names_nothing_is_told_the_nearest(
    scope: str, fault: str, problem: str, hint: str
) -> None:
    with pytest.raises(GateError) as caught:
        check_gates([parse_gate(f"{scope}: accuracy >= 0.6")], BENCHMARKS)
    first, _, carets = caught.value.problem.split("\n")
    assert first == f"gate: {problem}"
    assert hint in str(caught.value.hint)
    wide = sum(c in "语言" for c in fault)
    assert len(carets.strip()) == len(fault) + wide
