"""EvalScope's names of benchmarks and subsets, in ours."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.evalscope_names import BENCHMARKS, our_benchmark, our_subset


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("math_500", "math500"),
        ("competition_math", "math"),
        ("truthful_qa", "truthfulqa"),
        ("iquiz", "iquiz"),
        ("ifeval", None),
    ],
)
def test_a_benchmark_of_theirs_has_our_name(theirs: str, ours: str | None) -> None:
    """What we don't have has none."""
    assert our_benchmark(theirs) == ours


def test_no_two_of_theirs_are_one_of_ours() -> None:
    """Else an import would mix two benchmarks."""
    assert len(set(BENCHMARKS.values())) == len(BENCHMARKS)


@pytest.mark.parametrize(
    ("benchmark", "theirs", "known", "ours"),
    [
        ("iquiz", "IQ", ("IQ", "EQ"), "IQ"),
        ("gsm8k", "main", ("default",), "default"),
        ("gsm8k", "main", ("main",), "main"),
        ("gsm8k", "main", (), "default"),
        ("math500", "Level 1", ("level-1", "level-2"), "level-1"),
        ("arc", "ARC-Easy", ("easy", "challenge"), "ARC-Easy"),
        ("humaneval", "openai_humaneval", ("all",), "all"),
        ("mine", "x", ("a", "b"), "x"),
    ],
)
def test_a_subset_of_theirs_has_the_name_that_the_definition_gives_it(
    benchmark: str, theirs: str, known: tuple[str, ...], ours: str
) -> None:
    """As it is, by the table, by its spelling, or as the only one."""
    assert our_subset(benchmark, theirs, known) == ours
