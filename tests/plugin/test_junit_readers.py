"""The JUnit file of a real run, as readers from the package index count it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import JUnitXml

from pytest_iqeval.reports.junit.split import split
from tests.plugin.conftest import Project
from tests.support.endpoint import status
from tests.support.junit import read_junit

pytestmark = pytest.mark.slow

# Five questions, two wrong and one lost; a gate that fails, one that holds, and the implied one.
QUESTIONS = {"one": (), "two": ("failure",), "three": ("failure",), "wen": ("error",), "cry": ()}
GATES = {"accuracy >= 0.9": "failure", "n >= 1": "passed", "errors <= 0": "failure"}


@pytest.fixture(params=[(), ("-n2",)], ids=["alone", "n2"])
def junit(project: Project, request: pytest.FixtureRequest) -> Path:
    """The file of a run, alone and with two workers."""
    project.wrong |= {"two": "ANSWER: A", "three": "没有答案", "wen": status(503)}
    gates = ("--iqeval-gate=accuracy >= 0.9", "--iqeval-gate=n >= 1")
    assert project.run_apart("--junitxml=junit.xml", *gates, *request.param).ret == 6
    return project.pytester.path / "junit.xml"


def counts(path: Path) -> tuple[int, int, int, int]:
    """Tests, failures, errors and skipped as junitparser counts the cases, not as the file says."""
    kinds = [
        {type(result).__name__ for result in case.result}
        for suite in JUnitXml.fromfile(str(path))
        for case in suite
    ]
    return (
        len(kinds),
        *(sum(kind in found for found in kinds) for kind in ("Failure", "Error", "Skipped")),
    )  # type: ignore[return-value]


def test_junitparser_counts_what_the_run_counted(junit: Path) -> None:
    """And what the suite says of itself; names and classnames are there."""
    (suite,) = JUnitXml.fromfile(str(junit))
    assert counts(junit) == (8, 4, 1, 0)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (8, 4, 1, 0)
    found = {case.name: tuple(type(r).__name__.lower() for r in case.result) for case in suite}
    assert {name: found[name] for name in QUESTIONS} == QUESTIONS
    assert {name: (*found[name], "passed")[0] for name in GATES} == GATES
    assert {case.classname for case in suite} == {
        "iqeval.quiz.IQ",
        "iqeval.quiz.EQ",
        "iqeval.quiz.gate",
    }
    said = {one.name: one.value for one in suite.properties()}
    assert (said["iqeval.verdict"], said["iqeval.exit_code"]) == ("inconclusive", "6")


def test_junitparser_counts_the_same_in_the_parts(junit: Path) -> None:
    """Of a split file."""
    parts = split(junit, 3)
    assert [counts(part)[0] for part in parts] == [3, 3, 2]
    assert tuple(map(sum, zip(*map(counts, parts), strict=True))) == (8, 4, 1, 0)
    for part in parts:
        read_junit(part)


def test_junit2html_shows_every_test_case(junit: Path) -> None:
    """As it is installed: its command makes a page, and its matrix counts."""
    page = junit.with_suffix(".html")
    command = [sys.executable, "-m", "junit2htmlreport"]
    subprocess.run([*command, str(junit), str(page)], check=True)
    text = page.read_text("utf-8")
    for name in (*QUESTIONS, "accuracy &gt;= 0.9"):
        assert name in text, name
    matrix = subprocess.run(
        [*command, "--summary-matrix", str(junit)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    # It has one word for failures and errors.
    assert re.findall(r"(Failed|Passed) +: +(\d+)", matrix) == [("Failed", "5"), ("Passed", "3")]


@pytest.mark.parametrize("repeats", ["1", "3"])
def test_a_file_of_ours_loses_nothing_anywhere(project: Project, repeats: str) -> None:
    """Also where questions are asked several times, and in the parts of a split."""
    project.wrong |= {"two": "ANSWER: A", "wen": status(503)}
    project.run_apart("--junitxml=junit.xml", f"--iqeval-repeats={repeats}")
    for more in ((), ("--split", "2")):
        told = project.pytester.run(
            Path(sys.executable).parent / "iqeval", "junit-check", "junit.xml", *more
        )
        assert told.ret == 0, told.stdout.str()
    for part in project.pytester.path.glob("junit*.xml"):
        read_junit(part)
