"""Commands on runs whose replies are code: nothing is executed without leave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.store.folder import RunFolder
from tests.cli.conftest import Iqeval
from tests.support.stored import change_report, question, write_run

REPLY = "```python\ndef add(x, y):\n    return x + y\n```"
CODE = "def add(x, y):\n    return x + y"
THEN = Score(
    outcome=Outcome.INCORRECT,
    value=0.0,
    extracted=CODE,
    rule="fenced-function",
    span=(10, 42),
    note="it was wrong then",
)


def problem() -> Sample:
    return replace(
        question("add"),
        input="def add(x, y):\n",
        choices=(),
        target="    return x + y\n",
        metadata={"entry_point": "add", "test": "def check(f):\n    assert f(1, 2) == 3\n"},
    )


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = tmp_path / "outputs" / "m" / "20260102_030405"
    made = write_run(folder, [(problem(), REPLY)], before={"add": THEN})

    def judged_by_code(report: dict[str, Any]) -> None:
        report["benchmarks"][0]["scorer"] = {"name": "code", "options": {}}

    change_report(made, judged_by_code)
    return made


@pytest.mark.usefixtures("run")
def test_rescore_runs_code_only_with_leave(iqeval: Iqeval) -> None:
    told = iqeval("rescore", "last")
    assert told.code == 4
    assert "code that the model wrote has to be run" in told.err
    assert "--allow-code" in told.err
    told = iqeval("rescore", "last", "--allow-code")
    assert (told.code, told.err) == (0, "")
    assert "iqeval/quiz::IQ::add" in told.out


@pytest.mark.usefixtures("run")
def test_another_scorer_needs_no_leave(iqeval: Iqeval) -> None:
    assert iqeval("rescore", "last", "--scorer", "exact").code == 0


@pytest.mark.usefixtures("run")
def test_explain_runs_nothing_and_shows_the_verdict_of_then(iqeval: Iqeval) -> None:
    told = iqeval("explain", "last", "add")
    assert (told.code, told.err) == (0, "")
    assert "it was wrong then" in told.out
    assert "* fenced-function" in told.out
