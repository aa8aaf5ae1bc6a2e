"""How a definition sets up the scorer `math`, and what a user reads without the library."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.scorers import make_scorer
from tests.plugin.conftest import read_report
from tests.support.endpoint import ScriptedEndpoint, last_user

needs_library = pytest.mark.skipif(
    find_spec("math_verify") is None, reason="pip install 'pytest-iqeval[math]'"
)
DEFINITION = """\
name: sums
language: en
data: sums.jsonl
scorer:
  name: math
  timeout: 20
"""
ROWS = [
    {"question": "half of one?", "answer": r"\frac{1}{2}"},
    {"question": "the roots of x^2 - 2x - 18?", "answer": r"1 \pm \sqrt{19}"},
    {"question": "a million digits?", "answer": "7"},
]
REPLIES = {
    "half of one?": r"It is $\boxed{0.5}$.",
    "the roots of x^2 - 2x - 18?": r"答案：$x = 1 + \sqrt{19}$ 或 $x = 1 - \sqrt{19}$",
    "a million digits?": "Hmm.",
}
# Stands in for an environment without the library: nothing of that name is found.
BLOCKED = """\
from importlib.machinery import PathFinder

found = PathFinder.find_spec
PathFinder.find_spec = staticmethod(
    lambda name, *where: None if name == "math_verify" else found(name, *where)
)
"""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"tiemout": 5},
            "my.yaml: scorer: math has no option 'tiemout'; did you mean timeout?",
        ),
        (
            {"timeout": "soon"},
            "my.yaml: scorer.timeout: 'soon' is no number; give seconds, like 5",
        ),
        ({"timeout": True}, "my.yaml: scorer.timeout: True is no number; give seconds, like 5"),
        ({"timeout": 0}, "my.yaml: scorer.timeout: must be above 0 and at most 600 seconds"),
        (
            {"timeout": float("nan")},
            "my.yaml: scorer.timeout: must be above 0 and at most 600 seconds",
        ),
    ],
)
def test_option_that_cannot_be_is_a_fault_of_the_definition(options, message):
    with pytest.raises(DefinitionError) as caught:
        make_scorer("math", options, where="my.yaml: ")
    assert str(caught.value) == message


def test_without_the_library_the_fault_says_what_to_install(monkeypatch):
    monkeypatch.setattr("pytest_iqeval.algebra.find_spec", lambda _: None)
    with pytest.raises(DefinitionError) as caught:
        make_scorer("math", {}, where="my.yaml: ")
    assert str(caught.value) == (
        "my.yaml: scorer math needs math-verify, which is not installed\n"
        "  hint: pip install 'pytest-iqeval[math]'"
    )


@pytest.fixture
def sums(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a benchmark of mathematical questions."""
    folder = pytester.mkdir("sums")
    (folder / "benchmark.yaml").write_text(DEFINITION, encoding="utf-8")
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (folder / "sums.jsonl").write_text(rows, encoding="utf-8")
    return pytester


def run(pytester: pytest.Pytester, endpoint: ScriptedEndpoint, *args: str) -> pytest.RunResult:
    """A run in a process of its own."""
    return pytester.runpytest_subprocess(
        "--iqeval-model=m",
        f"--iqeval-base-url={endpoint.url}",
        "--iqeval-dataset=sums/benchmark.yaml",
        *args,
    )


def test_a_run_without_the_library_ends_before_any_request(sums, endpoint):
    (sums.path / "blocked.py").write_text(BLOCKED, encoding="utf-8")
    result = run(sums, endpoint, "-p", "blocked")
    assert result.ret == 4
    text = result.stderr.str() + result.stdout.str()
    assert "scorer math needs math-verify, which is not installed" in text
    assert "hint: pip install 'pytest-iqeval[math]'" in text
    assert "Traceback" not in text
    assert not endpoint.requests


@needs_library
@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["one process", "workers"])
def test_a_run_judges_expressions_by_what_they_mean(sums, endpoint, workers):
    endpoint.models(["m"])
    endpoint.answer(lambda body: next(r for q, r in REPLIES.items() if q in last_user(body)))
    result = run(sums, endpoint, *workers)
    assert result.ret == 1
    report = read_report(next((sums.path / "outputs" / "m").iterdir()))
    outcomes = report["benchmarks"][0]["outcomes"]
    assert (outcomes["correct"], outcomes["unparsed"]) == (2, 1)
