"""`iqeval junit-check`: what each dashboard would lose, and files that fit."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.reports.junit.split import parts_there, split
from pytest_iqeval.reports.junit.tally import tally
from tests.cli.conftest import Iqeval
from tests.support.junit import read_junit
from tests.support.junit_files import GATE, PROPERTIES, case, run_of, suite, write

SOURCES = {
    "GitLab": "docs.gitlab.com/ci/testing/unit_test_reports",
    "Buildkite Test Engine": "buildkite.com/docs/test-engine/importing-junit-xml",
    "Jenkins": "github.com/jenkinsci/xunit-plugin, junit-10.xsd",
    "GitHub": "docs.github.com/rest/checks/runs",
}


def test_a_file_of_ours_loses_nothing(iqeval: Iqeval, tmp_path: Path) -> None:
    write(tmp_path / "junit.xml", run_of(120))
    told = iqeval("junit-check", "junit.xml")
    assert told.code == 0
    assert told.lines[0].startswith(
        "junit.xml: 121 test cases (1 of them gates), 41 failures, 12 errors, 0 skipped, "
    )
    assert told.lines[1:] == [f"{name}: nothing is lost" for name in SOURCES]


def lost(told: str, dashboard: str) -> list[str]:
    """What is said to be lost, with a source under each."""
    found = re.findall(rf"^{dashboard}: (.*)\n    to do: .+\n    source: (.+)$", told, re.M)
    assert all(SOURCES.get(dashboard, source) == source for _, source in found)
    return [what for what, _ in found]


def test_more_results_than_buildkite_takes(iqeval: Iqeval, tmp_path: Path) -> None:
    """5,000 are fine, one more is not; a split mends it."""
    write(tmp_path / "junit.xml", run_of(4999))
    assert iqeval("junit-check", "junit.xml", "--for", "buildkite").code == 0
    write(tmp_path / "junit.xml", run_of(5000))
    told = iqeval("junit-check", "junit.xml", "--for", "buildkite")
    assert told.code == 1
    assert lost(told.out, "Buildkite Test Engine") == [
        "an upload of more than 5,000 results fails, and this has 5,001"
    ]
    told = iqeval("junit-check", "junit.xml", "--for", "buildkite", "--split", "5000")
    assert told.code == 0
    assert told.lines[1:] == [
        "wrote junit.1.xml: 5,000 test cases",
        "wrote junit.2.xml: 1 test cases",
        "Buildkite Test Engine: nothing is lost",
    ]


def test_a_file_that_is_too_large_for_gitlab(iqeval: Iqeval, tmp_path: Path) -> None:
    """The split that is advised makes files that fit."""
    text = "x" * 50_000
    write(
        tmp_path / "junit.xml",
        suite(case(f"q{n}", inside=f"<failure>{text}</failure>") for n in range(620)),
    )
    told = iqeval("junit-check", "junit.xml", "--for", "gitlab")
    assert told.code == 1
    assert lost(told.out, "GitLab") == ["a file must be smaller than 30 MB, and this is 31.1 MB"]
    (advised,) = re.findall(r"to do: --split (\d+)", told.out)
    assert iqeval("junit-check", "junit.xml", "--for", "gitlab", "--split", advised).code == 0
    assert all(part.stat().st_size < 30_000_000 for part in parts_there(tmp_path / "junit.xml"))


def test_equal_names_are_told_with_how_often_they_stand(iqeval: Iqeval, tmp_path: Path) -> None:
    """Also after a split, which mends nothing of it."""
    write(tmp_path / "junit.xml", suite([case("a"), case("b"), case("a"), case("a"), case("b")]))
    said = [
        "of equal names only the first is used, so 3 test cases would be lost: "
        "iqeval.quiz.IQ.a (3 times), iqeval.quiz.IQ.b (2 times)"
    ]
    for more in ((), ("--split", "2")):
        told = iqeval("junit-check", "junit.xml", *more)
        assert told.code == 1
        assert lost(told.out, "GitLab") == said


def test_what_is_missing_is_told(iqeval: Iqeval, tmp_path: Path) -> None:
    """Names, classnames, times; the same name in another class is no duplicate."""
    cases = [case(" "), case("a", classname=""), case("a", time=""), '<testcase name="b"/>']
    write(tmp_path / "junit.xml", suite(cases))
    told = iqeval("junit-check", "junit.xml")
    assert told.code == 1
    assert lost(told.out, "Buildkite Test Engine") == [
        "name is mandatory, and 1 test case without one are not taken in",
        "classname is mandatory, and 2 test cases without one are not taken in",
    ]
    assert lost(told.out, "every dashboard") == [
        "1 test case without a name: nobody can tell them apart",
        "2 test cases without a time: they count as instant",
    ]


def test_what_the_schema_of_jenkins_forbids(iqeval: Iqeval, tmp_path: Path) -> None:
    inside = '<properties><property name="a" value="b"/></properties>'
    write(tmp_path / "junit.xml", suite([case("a", inside=inside), case("b", inside=inside)]))
    told = iqeval("junit-check", "junit.xml")
    assert lost(told.out, "Jenkins") == [
        "the schema forbids <properties> inside <testcase> (2 times): the file is refused"
    ]


def test_wrong_counts_are_told_and_mended_by_a_split(iqeval: Iqeval, tmp_path: Path) -> None:
    write(tmp_path / "junit.xml", suite([case("a")], tests=7))
    told = iqeval("junit-check", "junit.xml")
    assert lost(told.out, "every dashboard") == [
        "<testsuite> says tests='7' and holds 1: totals and lists will disagree"
    ]
    assert iqeval("junit-check", "junit.xml", "--split", "9").code == 0


def test_more_failures_than_a_check_run_on_github_lists(iqeval: Iqeval, tmp_path: Path) -> None:
    cases = (case("q" * 90 + str(n), inside="<failure/>") for n in range(700))
    write(tmp_path / "junit.xml", suite(cases))
    (what,) = lost(iqeval("junit-check", "junit.xml").out, "GitHub")
    assert what.startswith("a check run's summary holds 65,535 characters")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuites>&b;</testsuites>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "junit.xml:1: has a document type (<!DOCTYPE x>)"),
        ("<html/>", "junit.xml:1: is no JUnit file: it begins with <html>"),
        ("", "is no XML: no element found"),
        ("<testsuites><testsuite", "is no XML: unclosed token"),
        ("<testsuites>\x1b</testsuites>", "junit.xml:1:13: is no XML: not well-formed"),
        ("<testsuites>\n&#27;</testsuites>", "junit.xml:2:1: is no XML: reference to invalid"),
        ("<testcase/>", "is no JUnit file: it begins with <testcase>"),
        ("<testsuites>" + "<testsuite>" * 200, "more than 100 elements inside each other"),
        ("<testsuites>" + "<a>" * 99_999, "more than 100 elements inside each other"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "can't be read as XML|unknown encoding"),
    ],
)  # fmt: skip
def test_what_is_no_junit_file_is_told_with_exit_code_4(
    iqeval: Iqeval, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "junit.xml").write_text(text, "utf-8")
    told = iqeval("junit-check", "junit.xml")
    assert told.code == 4
    assert any(one in told.err for one in said.split("|")), told.err
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch.xml"], "nosuch.xml: can't be read: No such file or directory"),
        (["."], ".: can't be read: Is a directory"),
        (["junit.xml", "--for", "gitlap"], "unknown dashboard 'gitlap'\n  hint: did you mean git"),
        (["junit.xml", "--split", "0"], "--split 0: at least 1"),
        (["junit.xml", "--force"], "--force is for --split"),
    ],
)  # fmt: skip
def test_a_command_that_has_to_be_mended(
    iqeval: Iqeval, tmp_path: Path, words: list[str], said: str
) -> None:
    write(tmp_path / "junit.xml", run_of(1))
    told = iqeval("junit-check", *words)
    assert told.code == 4
    assert said in told.err


def test_a_file_without_test_cases_shows_nothing(iqeval: Iqeval, tmp_path: Path) -> None:
    write(tmp_path / "junit.xml", suite([]))
    told = iqeval("junit-check", "junit.xml")
    assert told.code == 1
    assert "no test cases" in told.out


def test_an_earlier_split_is_not_replaced_without_a_word(iqeval: Iqeval, tmp_path: Path) -> None:
    """With --force it is, and what it left over is named."""
    write(tmp_path / "junit.xml", run_of(5))
    assert iqeval("junit-check", "junit.xml", "--split", "2").code == 0
    before = {p: p.read_bytes() for p in parts_there(tmp_path / "junit.xml")}
    assert len(before) == 3
    told = iqeval("junit-check", "junit.xml", "--split", "3")
    assert told.code == 4
    assert "junit.1.xml, junit.2.xml, junit.3.xml would be replaced" in told.err
    assert {p: p.read_bytes() for p in before} == before
    told = iqeval("junit-check", "junit.xml", "--split", "3", "--force")
    assert told.code == 0
    assert "wrote junit.2.xml: 3 test cases (replaced)" in told.lines
    assert "junit.3.xml is of an earlier split: take it away" in told.lines
    assert not list(tmp_path.glob(".*"))


def test_every_part_stands_by_itself(tmp_path: Path) -> None:
    """Gates in the first, properties in each, counts right, a suite's output once."""
    path = write(tmp_path / "junit.xml", suite([*(case(f"q{n}") for n in range(4)), GATE],
        more=f"{PROPERTIES}<system-out>out</system-out>"))  # fmt: skip
    parts = [read_junit(part) for part in split(path, 2)]
    assert [len(part.findall("testcase")) for part in parts] == [2, 2, 1]
    assert [part.find("testcase").get("classname") for part in parts] == [  # type: ignore[union-attr]
        "iqeval.quiz.gate", "iqeval.quiz.IQ", "iqeval.quiz.IQ",
    ]  # fmt: skip
    assert [part.get("time") for part in parts] == ["3.000", "3.000", "1.500"]
    assert all(part.find("properties/property") is not None for part in parts)
    assert [part.find("system-out") is not None for part in parts] == [True, False, False]


def test_suites_stay_apart(tmp_path: Path) -> None:
    """Also those that stood inside others."""
    inner = suite([case("c"), case("d")], name="inner")
    path = write(
        tmp_path / "all.xml",
        suite([case("a")], name="one"),
        suite([case("b")], name="two", more=inner, tests=3),
    )
    held = []
    for part in split(path, 3):
        for one in ElementTree.parse(part).getroot():
            held.append((part.name, one.get("name"), one.get("tests")))
    assert held == [
        ("all.1.xml", "one", "1"),
        ("all.1.xml", "inner", "2"),
        ("all.2.xml", "two", "1"),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "<failure/>", "<error/>", "<skipped/>", "<failure/><error/>"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 12),
)
def test_nothing_is_lost_or_doubled(
    tmp_path_factory: pytest.TempPathFactory, cases: list[tuple[str, bool]], at_most: int
) -> None:
    """Each test case stands in one part; no part is too large, and all counts add up."""
    path = tmp_path_factory.mktemp("split") / "junit.xml"
    write(path, suite(
        case(f"q{n}", "iqeval.quiz.gate" if gate else "iqeval.quiz.IQ", inside)
        for n, (inside, gate) in enumerate(cases)
    ))  # fmt: skip
    parts = [tally(part) for part in split(path, at_most)]
    whole = tally(path)
    assert sum((part.cases for part in parts), Counter()) == whole.cases
    assert sum((part.counts for part in parts), Counter()) == whole.counts
    assert all(0 < part.counts["tests"] <= at_most for part in parts)
    assert not any(part.miscounted or part.broken for part in parts)
    gates = [part.gates for part in parts]
    assert gates == sorted(gates, reverse=True)
