"""How a definition sets up the scorer `code`, and what it does with a reply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.program import Program, ProgramVerdict
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.code import CodeScorer

SAMPLE = Sample(
    benchmark="b",
    subset="s",
    id="1",
    input="def f(x):\n",
    target="    return x",
    metadata={"test": "assert f(1)", "entry_point": "f"},
)


class Recording:
    """A sandbox that runs nothing, and finds programs with ``right`` in them good."""

    def __init__(self) -> None:
        self.programs: list[Program] = []

    def run(self, program: Program) -> ProgramVerdict:
        self.programs.append(program)
        right = "right" in program.code
        return ProgramVerdict(passed=right, why=None if right else "it is not")


@pytest.fixture
def sandbox() -> Recording:
    return Recording()


@pytest.fixture
def scorer(sandbox: Recording) -> CodeScorer:
    made = CodeScorer(sandbox)
    made.allow()
    return made


def test_a_whole_function_and_a_body_are_told_apart(scorer: CodeScorer, sandbox: Recording) -> None:
    for text in ("```\ndef f(x):\n    return right\n```", "    return wrong\n"):
        scorer.score(SAMPLE, Reply(text=text))
    assert [one.whole for one in sandbox.programs] == [True, False]
    assert sandbox.programs[0].prompt == SAMPLE.input
    assert sandbox.programs[0].test == "assert f(1)"


def test_the_verdict_has_rule_span_and_reason(scorer: CodeScorer) -> None:
    good = scorer.score(SAMPLE, Reply(text="    return right"))
    assert (good.outcome, good.value, good.rule) == (Outcome.CORRECT, 1.0, "bare-body")
    bad = scorer.score(SAMPLE, Reply(text="    return wrong"))
    assert (bad.outcome, bad.note, bad.span) == (Outcome.INCORRECT, "it is not", (0, 16))


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(text="I add them."), Outcome.UNPARSED),
        (Reply(text="I can't help with that."), Outcome.REFUSED),
        (Reply(text="```\ndef f(x):\n    retu", finish_reason="length"), Outcome.TRUNCATED),
        (Reply(text="", reasoning="def f(x): return right"), Outcome.UNPARSED),
    ],
)
def test_nothing_is_run_where_there_is_no_code(
    scorer: CodeScorer, sandbox: Recording, reply: Reply, outcome: Outcome
) -> None:
    assert scorer.score(SAMPLE, reply).outcome is outcome
    assert sandbox.programs == []


@pytest.mark.parametrize("metadata", [{}, {"test": "x"}, {"test": " ", "entry_point": "f"}])
def test_a_row_without_test_or_name_is_told_before_anything_is_asked(
    scorer: CodeScorer, metadata: dict[str, str]
) -> None:
    fault = scorer.target_fault(replace(SAMPLE, metadata=metadata))
    assert fault is not None
    assert "the scorer code needs the test and the name of the function" in fault
    assert scorer.target_fault(SAMPLE) is None


def test_the_columns_may_have_other_names() -> None:
    made = make_scorer("code", {"test": "checks", "entry_point": "function"})
    assert isinstance(made, CodeScorer)
    other = replace(SAMPLE, metadata={"checks": "assert f(1)", "function": "f"})
    assert made.target_fault(other) is None
    assert made.target_fault(SAMPLE) is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"tiemout": 5},
            "my.yaml: scorer: code has no option 'tiemout'; did you mean timeout or test?",
        ),
        (
            {"timeout": "soon"},
            "my.yaml: scorer: code: timeout: must be a number from 1 to 600, not text",
        ),
        (
            {"timeout": 0.5},
            "my.yaml: scorer: code: timeout: 0.5 can't be; it must be a number from 1 to 600",
        ),
        (
            {"memory": True},
            "my.yaml: scorer: code: memory: must be a number from 64 to 65536, not true or false",
        ),
    ],
)
def test_a_bad_option_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        make_scorer("code", options, where="my.yaml: ")
    assert str(caught.value).startswith(message)
