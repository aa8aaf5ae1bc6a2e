"""Ten real runs that stand for the table of verdicts: whoever tells the verdict tells the same.

`tests/core/test_verdict.py` holds the whole table; here are printed lines, JUnit file, reports and
exit code of the process.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status
from tests.support.junit import read_junit

HOLDS, BREAKS = "accuracy >= 0.1", "accuracy > 0.9"
COMPLETE = "errors <= 0"  # implied, and shown where it is broken
WRONG = {"one": "ANSWER: B"}
ONE_IN_FLIGHT = "--iqeval-concurrency=1"
INTERRUPT = """
    class Interrupt:
        def pytest_runtest_logreport(self, report):
            if report.when == "call":
                raise KeyboardInterrupt

    def pytest_configure(config):
        if not hasattr(config, "workerinput"):  # a Ctrl-C that meets the owner of the run
            config.pluginmanager.register(Interrupt())
    """


@dataclass(frozen=True, kw_only=True)
class Case:
    """What befalls a run, and what it ends with; ``gates`` are the rows with their results."""

    verdict: str
    exit_code: int
    gates: Mapping[str, bool | None] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=lambda: WRONG)
    args: tuple[str, ...] = ()
    conftest: str = ""


CASES = {
    "gates passed, wrong answers": Case(verdict="passed", exit_code=0, gates={HOLDS: True}),
    "gate failed, wrong answers": Case(
        verdict="failed", exit_code=1, gates={HOLDS: True, BREAKS: False}
    ),
    "gate without number, outages allowed": Case(
        verdict="inconclusive",
        exit_code=6,
        gates={"quiz:EQ: accuracy >= 0.1": None, "errors <= 90%": True},
        wrong=dict.fromkeys(("wen", "cry"), status(503)),
    ),
    "no gates, wrong answers": Case(verdict="ungated", exit_code=1, gates={}),
    "gates passed, outages": Case(
        verdict="inconclusive",
        exit_code=6,
        gates={HOLDS: True, COMPLETE: False},
        wrong={"two": status(503)},
    ),
    "gate failed, outages": Case(
        verdict="inconclusive",
        exit_code=6,
        gates={BREAKS: False, COMPLETE: False},
        wrong={**WRONG, "two": status(503)},
    ),
    "gates passed, budget spent": Case(
        verdict="inconclusive",
        exit_code=6,
        gates={HOLDS: True, COMPLETE: False},
        wrong={},
        args=("--iqeval-token-budget=1", ONE_IN_FLIGHT),
    ),
    "gates passed, interrupted": Case(
        verdict="inconclusive",
        exit_code=2,
        gates={"n >= 1": True, COMPLETE: False},
        args=(ONE_IN_FLIGHT,),
        conftest=INTERRUPT,
    ),
    "gate failed, stopped by -x": Case(
        verdict="inconclusive",
        exit_code=6,
        gates={BREAKS: False, COMPLETE: False},
        args=("-x", ONE_IN_FLIGHT),
    ),
    "gates passed, ordinary test failed": Case(
        verdict="passed",
        exit_code=1,
        gates={HOLDS: True},
        args=("test_plain.py", "iqeval/quiz"),
    ),
}
STATES = {"passed": True, "failed": False, "no number": None}


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)], ids=["alone", "workers"]
)
@pytest.mark.parametrize("name", CASES)
def test_all_tell_the_same_verdict(project: Project, name: str, workers: tuple[str, ...]) -> None:
    """Printed lines, JUnit rows and properties, report.json, page, card, exit code."""
    case = CASES[name]
    project.wrong |= case.wrong
    project.pytester.makepyfile(test_plain="def test_bad(): assert 0\n")
    project.pytester.makeconftest(case.conftest)
    args = [
        *case.args,
        *workers,
        *(f"--iqeval-gate={gate}" for gate in case.gates if gate != COMPLETE),
        "--junitxml=junit.xml",
    ]
    result = project.run_apart(*args) if workers else project.run(*args, no_reraise_ctrlc=True)

    report = project.report
    assert (result.ret, report["exit_code"]) == (case.exit_code, case.exit_code)
    assert report["verdict"] == case.verdict
    assert {row["expression"]: row["passed"] for row in report["gates"]} == case.gates
    assert printed(result, report) == (case.verdict, case.gates)
    assert in_junit(project) == (case.verdict, str(case.exit_code), case.gates)
    sentence = report["headline"].removeprefix(f"{case.verdict}: ")
    for file in ("card.md", "report.html"):
        text = html.unescape(project.folder.joinpath(file).read_text("utf-8"))
        assert sentence in text.replace("\\", ""), file  # the card's Markdown is escaped


def printed(result: pytest.RunResult, report: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The verdict and the gates as the terminal shows them, after pytest's own sections."""
    end = result.outlines[next(n for n, x in enumerate(result.outlines) if "= iqeval =" in x) :]
    assert " ".join(report["headline"].split()) in " ".join(" ".join(end).split())
    (verdict,) = re.findall(r"^(passed|failed|inconclusive|ungated): ", "\n".join(end), re.M)
    rows = re.findall(r"^gate (passed|failed|no number): (.*)$", "\n".join(end), re.M)
    shown = {
        gate["expression"]: STATES[state]
        for state, text in rows
        for gate in report["gates"]
        if text.startswith(gate["expression"])
    }
    assert len(rows) == len(shown)
    return verdict, shown


def in_junit(project: Project) -> tuple[str, str, dict[str, bool | None]]:
    """Verdict, exit code and gates in the JUnit file, which holds to the schema."""
    suite = read_junit(project.pytester.path / "junit.xml")
    said = {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")}
    gates = {
        case.attrib["name"]: None
        if case.find("error") is not None
        else case.find("failure") is None
        for case in suite.iter("testcase")
        if case.attrib["classname"].endswith(".gate")
    }
    return said["iqeval.verdict"], said["iqeval.exit_code"], gates
