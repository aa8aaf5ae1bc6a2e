"""Reports that cross xdist as one text come out as they went in."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project

NOTES = """
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    report.sections.append(("a section", "its text"))
    report.user_properties.append(("a", 1))
    report.odd = ODD
    return report

def pytest_runtest_logreport(report):
    if hasattr(report, "node"):  # only in the controller
        assert isinstance(report.location, tuple) and len(report.location) == 3
        assert report.sections == [("a section", "its text")]
        assert report.user_properties == [("a", 1)]
        assert report.odd == ODD
        print("came out as it went in:", report.when)
"""


@pytest.mark.parametrize("odd", ["'text'", "{1: 'a key that is no text'}", "(1, 2)", "b'bytes'"])
def test_a_question_s_report_is_the_same_on_both_sides(project: Project, odd: str) -> None:
    project.wrong["two"] = "ANSWER: A"
    project.pytester.makeconftest(NOTES.replace("ODD", odd))
    result = project.run_apart("-n2", "-s", "--iqeval-gate=accuracy >= 0.5")
    assert result.ret == 0
    result.assert_outcomes(passed=4, failed=1)
    said = [line for line in result.outlines if "came out as it went in" in line]
    assert len(said) == 15
