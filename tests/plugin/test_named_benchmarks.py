"""Benchmarks by name as users ask for them: patterns, categories, what can't be had."""

from __future__ import annotations

import pytest

from tests.support.endpoint import ScriptedEndpoint
from tests.support.own_files import LAYOUTS


@pytest.fixture
def data(pytester: pytest.Pytester) -> str:
    """Rows of our own, for ``--iqeval-data-dir``."""
    folder = pytester.path / "data"
    for name in ("mmlu", "ceval", "truthfulqa"):
        next(iter(LAYOUTS[name].values()))(folder / name)
    return f"--iqeval-data-dir={folder}"


def listed(result: pytest.RunResult) -> list[str]:
    assert result.ret == 0
    return [line for line in result.stdout.lines if line.startswith("iqeval/")]


@pytest.mark.parametrize(
    ("args", "subsets"),
    [
        (["--iqeval-dataset=mmlu:astro*"], ["astronomy", "astronomy"]),
        (["--iqeval-dataset=mmlu", "-m", "iqeval(category='Other')"], ["marketing"]),
        (["--iqeval-dataset=ceval", "-m", "iqeval(category='人文')"], ["logic", "logic", "law"]),
        (
            ["--iqeval-dataset=ceval", "-m", "iqeval(category_en='Humanities')"],
            ["logic", "logic", "law"],
        ),
    ],
)
def test_subsets_by_pattern_and_category(
    pytester: pytest.Pytester, data: str, args: list[str], subsets: list[str]
) -> None:
    result = pytester.runpytest_inprocess("--iqeval-model=m", "--co", "-q", data, *args)
    assert [line.split("::")[1] for line in listed(result)] == subsets


def test_a_chinese_category_in_a_gate_and_as_a_row(
    pytester: pytest.Pytester, data: str, endpoint: ScriptedEndpoint
) -> None:
    endpoint.answer(lambda _: "答案：B")
    result = pytester.runpytest_inprocess(
        *("--iqeval-model=m", f"--iqeval-base-url={endpoint.url}", data),
        *("--iqeval-dataset=ceval", "--iqeval-gate=category=人文: accuracy >= 60%"),
    )
    result.stdout.fnmatch_lines(["*人文*", "*category=人文: accuracy >= 60%*"])
    assert result.ret == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--iqeval-dataset=truthfulqa:mc2"], "*truthfulqa: mc2 can't be had: *probabilities*"),
        (
            ["--iqeval-dataset=truthfulqa", "--iqeval-gate=mc2 >= 0.4"],
            "*TruthfulQA's mc2 weighs the probabilities of an answer's tokens*",
        ),
        (
            ["--iqeval-dataset=truthfulqa", "--iqeval-gate=truthfulqa:mc2: accuracy >= 0.4"],
            "*it weighs the probabilities that a model gives*",
        ),
    ],
)
def test_asking_for_mc2_says_what_it_needs(
    pytester: pytest.Pytester, data: str, args: list[str], told: str
) -> None:
    result = pytester.runpytest_inprocess("--iqeval-model=m", "--co", data, *args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])
