"""Questions in a user's own test functions."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project

TEST = """
import pytest
@pytest.mark.iqeval("quiz/benchmark.yaml:IQ"{more})
def test_question(iqeval_sample, iqeval_reply, iqeval_score):
    assert iqeval_reply.text
    assert iqeval_sample.subset == "IQ"
    assert iqeval_score.correct{extra}
"""


def write(project: Project, more: str = "", extra: str = "") -> None:
    """The test file of this module's tests, with no dataset but the marker's."""
    project.pytester.makepyfile(test_model=TEST.format(more=more, extra=extra))
    project.pytester.makeini("[pytest]\niqeval_dataset = quiz/benchmark.yaml\n")


def run(project: Project, *args: str) -> pytest.RunResult:
    """Run the test file alone."""
    return project.pytester.runpytest_subprocess(
        "--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}", "test_model.py",
        "--strict-markers", *args,
    )  # fmt: skip


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_the_marker_asks_each_sample_and_counts_it(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Three samples, one of them wrong: a failed test, and a wrong answer in the report."""
    write(project)
    project.wrong["two"] = "ANSWER: A"
    result = run(project, *workers)
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == 1
    report = project.report
    assert report["benchmarks"][0]["outcomes"]["incorrect"] == 1
    assert report["ordinary_failures"] == 0
    result.stdout.fnmatch_lines(["*expected*B*"])


@pytest.mark.slow
def test_limit_where_and_selection_by_marker_values(project: Project) -> None:
    """limit and where choose samples; -m reads their fields."""
    write(project, ", limit=1")
    run(project).assert_outcomes(passed=1)
    write(project, ", where={'level': [2, 3]}")
    run(project).assert_outcomes(passed=1)
    write(project)
    run(project, "-m", "iqeval(level=1)").assert_outcomes(passed=2, deselected=1)


def test_a_test_that_puts_up_with_a_wrong_answer_fails_nothing(project: Project) -> None:
    """Ungated, the exit code is what pytest shows; the answer is counted as wrong all the same."""
    project.pytester.makepyfile(
        test_model="import pytest\n@pytest.mark.iqeval('quiz/benchmark.yaml:IQ')\n"
        "def test_question(iqeval_score): pass\n"
    )
    project.wrong["two"] = "ANSWER: A"
    result = run(project)
    result.assert_outcomes(passed=3)
    assert result.ret == project.report["exit_code"] == 0
    assert project.report["benchmarks"][0]["outcomes"]["incorrect"] == 1


def test_a_failure_beside_a_correct_answer_is_an_ordinary_one(project: Project) -> None:
    """The model was right and the test fails all the same: exit 1 though the gate passes."""
    write(project, extra="\n    assert 'please' in iqeval_reply.text")
    result = run(project, "--iqeval-gate=accuracy >= 0.5")
    result.assert_outcomes(failed=3)
    assert result.ret == 1
    report = project.report
    assert (report["verdict"], report["ordinary_failures"]) == ("passed", 3)


def test_a_sample_is_asked_and_counted_once_however_many_items_ask(project: Project) -> None:
    """The collector and the marker meet in one question: one request, one row."""
    write(project)
    result = run(project, "iqeval/quiz")
    result.assert_outcomes(passed=8)
    assert len([r for r in project.endpoint.requests if r.body is not None]) == 5
    assert project.report["benchmarks"][0]["metrics"]["accuracy"]["n"] == 5


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ('"nosuch"', "unknown benchmark 'nosuch'"),
        pytest.param('"quiz/benchmark.yaml:XX"', "XX", marks=pytest.mark.slow),
        pytest.param('"quiz/benchmark.yaml", limit=0', "limit", marks=pytest.mark.slow),
        pytest.param('"quiz/benchmark.yaml", limi=3', "limi", marks=pytest.mark.slow),
        ('"quiz/benchmark.yaml", where={"levl": 1}', "levl"),
        pytest.param(
            '"quiz/benchmark.yaml", where={"level": 9}',
            "no question of quiz/benchmark.yaml has",
            marks=pytest.mark.slow,
        ),
        pytest.param("", "names no benchmark", marks=pytest.mark.slow),
    ],
)
def test_a_wrong_marker_is_told_without_a_traceback(
    project: Project, mark: str, message: str
) -> None:
    """A collection error that names the function and the mend."""
    project.pytester.makepyfile(
        test_model=f"import pytest\n@pytest.mark.iqeval({mark})\n"
        "def test_question(iqeval_score): pass\n"
    )
    result = run(project)
    assert result.ret != 0
    text = result.stdout.str()
    assert message in text
    assert "test_question" in text
    assert "Traceback" not in text
    assert "marker.py" not in text


def test_a_marked_function_must_use_a_fixture(project: Project) -> None:
    """Else it would ask for nothing."""
    project.pytester.makepyfile(
        test_model="import pytest\n@pytest.mark.iqeval('quiz/benchmark.yaml')\n"
        "def test_question(): pass\n"
    )
    run(project).stdout.fnmatch_lines(["*none of its fixtures*"])


@pytest.mark.parametrize("workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)])
def test_a_reply_may_be_asked_for_by_request(project: Project, workers: tuple[str, ...]) -> None:
    """A test that takes the sample alone counts where it asks, and only there."""
    project.pytester.makepyfile(
        test_model="import pytest\n@pytest.mark.iqeval('quiz/benchmark.yaml:IQ')\n"
        "def test_question(iqeval_sample, request):\n"
        "    if iqeval_sample.id != 'three':\n"
        "        assert request.getfixturevalue('iqeval_score').correct\n"
    )
    project.wrong["two"] = "ANSWER: A"
    result = run(project, "--iqeval-gate=accuracy >= 0.5", *workers)
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == 0
    report = project.report
    assert (report["selection"]["asked"], report["not_asked"]) == (2, 0)
    assert [row["id"] for row in project.rows()] == ["one", "two"]
    assert report["ordinary_failures"] == 0


def test_a_fixture_without_the_marker_says_so(project: Project) -> None:
    """In our words, at the test."""
    project.pytester.makepyfile(test_model="def test_question(iqeval_score): pass\n")
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_question uses iqeval_sample without the marker*"])
    assert "marker.py" not in result.stdout.str()
