"""Users' own metrics: in gates and reports, and what is said of those that can't be."""

from __future__ import annotations

import pytest

from pytest_iqeval.cli.main import main
from tests.plugin.conftest import Project

BREVITY = """
from statistics import fmean

def length(results):
    return fmean(len(r.sample.choices) for r in results)

def pytest_iqeval_metrics(config):
    return {"length": length}
"""


def metrics(project: Project, *lines: str) -> None:
    """A conftest with these lines."""
    project.pytester.makeconftest("\n".join(lines))


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_a_metric_decides_a_gate_and_stands_in_every_report(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Exactly at its limit it holds: 2.6 of the function is the gate's 2.6."""
    metrics(project, BREVITY)
    project.wrong["one"] = "B"
    junit = project.pytester.path / "junit.xml"
    result = (project.run_apart if workers else project.run)(
        "--iqeval-gate=length >= 2.6",
        "--iqeval-gate=quiz:IQ: length < 300%",
        f"--junitxml={junit}",
        *workers,
    )
    assert result.ret == 1  # the second gate: 3 is not below 3
    result.stdout.fnmatch_lines(
        [
            "length 2.60 n=5 (quiz), IQ 3.00, EQ 2.00",
            "gate passed: length >= 2.6 (quiz)  length 2.60 n=5 of 5",
            "gate failed: quiz:IQ: length < 300%  length 3.00 n=3 of 3",
        ]
    )
    (benchmark,) = project.report["benchmarks"]
    found = {"value": 2.6, "low": None, "high": None, "n": 5, "groups": None}
    assert benchmark["metrics"]["length"] == found
    assert benchmark["subsets"]["EQ"]["metrics"]["length"]["value"] == 2.0
    assert '"iqeval.quiz.length" value="2.6"' in junit.read_text("utf-8")
    assert "length" in (project.folder / "report.html").read_text("utf-8")


def test_a_metric_that_raises_leaves_its_gate_without_a_number(project: Project) -> None:
    """The run is inconclusive, and one warning says where it broke; other metrics stand."""
    metrics(
        project,
        BREVITY.replace("return {", "return {'broken': broken, "),
        "def broken(results):",
        "    return results[0].sample.metadata['grade']",
    )
    result = project.run("--iqeval-gate=broken >= 1", "--iqeval-gate=length > 1")
    assert result.ret == 6
    result.stdout.fnmatch_lines(
        [
            "*PytestWarning: iqeval: conftest.py: broken failed: KeyError: 'grade'",
            "*at *conftest.py:*: return results*grade*",
            "gate no number: broken >= 1 (quiz)*",
            "*inconclusive*",
        ]
    )
    assert result.stdout.str().count("PytestWarning: iqeval: conftest.py: broken failed") == 1
    first, second = project.report["gates"]
    assert first["passed"] is None
    assert first["reason"].startswith("broken has no number: conftest.py: broken failed: KeyError")
    assert second["passed"] is True


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("None", "odd has no number: it is None for 5 questions"),
        ("float('nan')", "conftest.py: odd returned nan: return a number, None or a Metric"),
        ("True", "conftest.py: odd returned true or false: return a number"),
        ("'much'", "conftest.py: odd returned text: return a number, None or a Metric"),
        ("exit()", "conftest.py: odd failed: SystemExit"),
    ],
)
def test_what_is_no_number_is_told(project: Project, returned: str, said: str) -> None:
    """The gate is inconclusive, with the reason in every report."""
    metrics(
        project,
        f"def odd(results):\n    return {returned}",
        "def pytest_iqeval_metrics(config):\n    return {'odd': odd}",
    )
    assert project.run("--iqeval-gate=odd >= 1").ret == 6
    (gate,) = project.report["gates"]
    assert said in gate["reason"]


def test_a_metric_may_have_an_interval_and_sees_scored_replies_only(project: Project) -> None:
    """A question without a reply is in no metric; over none the function is not called."""
    metrics(
        project,
        "from pytest_iqeval.api import Metric",
        "def seen(results):",
        "    assert results and all(r.score.value is not None for r in results)",
        "    return Metric(value=0.5, low=0.25, high=0.75, n=len(results))",
        "def pytest_iqeval_metrics(config):\n    return {'seen': seen}",
    )
    result = project.run("--iqeval-gate=seen >= 0.5", "iqeval/quiz::IQ")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["seen 0.50 [[]0.25, 0.75] n=3 (quiz)"])
    (gate,) = project.report["gates"]
    assert (gate["observed"], gate["low"], gate["n"]) == (0.5, 0.25, 3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{'accuracy': len}", "accuracy is a name of pytest-iqeval; give yours another"),
        ("{'lower': len}", "lower is a name of pytest-iqeval"),
        ("{'my metric': len}", "'my metric' can't be a metric's name; use letters, digits and '_'"),
        ("{5: len}", "a metric's name is text, not a number"),
        ("{'five': 5}", "metric five: a number is no function"),
        ("[len]", "returned a list instead of a mapping"),
        ("None", "returned nothing instead of a mapping"),
        ("1 / 0", "pytest_iqeval_metrics failed: ZeroDivisionError: division by zero"),
    ],
)
def test_what_is_no_metric_is_refused_before_anything_is_asked(
    project: Project, given: str, said: str
) -> None:
    """Exit code 4, and no request."""
    metrics(project, f"def pytest_iqeval_metrics(config):\n    return {given}")
    result = project.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: iqeval: conftest.py: pytest_iqeval_metrics" in result.stderr.str()
    assert said in result.stderr.str()
    assert not project.endpoint.requests


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("lenght >= 2", "unknown metric 'lenght'*did you mean length?"),
        ("lower(length) >= 2", "length is a metric of your own and has no interval to bound"),
        ("length >= 2s", "length is a metric of your own and takes no 's'"),
    ],
)
def test_a_gate_that_can_not_be_is_refused(project: Project, gate: str, said: str) -> None:
    """The nearest names hold the user's own."""
    metrics(project, BREVITY)
    result = project.run(f"--iqeval-gate={gate}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    for part in said.split("*"):
        assert part in result.stderr.str()
    assert not project.endpoint.requests


def test_a_replay_measures_again_and_needs_the_hook(project: Project) -> None:
    """Without it the stored gate names an unknown metric."""
    metrics(project, BREVITY)
    project.run("--iqeval-gate=length >= 2").assert_outcomes(passed=5)
    assert project.run("--iqeval-replay=last").ret == 0
    (project.pytester.path / "conftest.py").unlink()
    result = project.run("--iqeval-replay=last")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "unknown metric 'length'" in result.stderr.str()


def test_a_rescore_leaves_the_gate_without_a_number(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command knows no conftest: it says so where the gate is told, and breaks nothing."""
    metrics(project, BREVITY)
    project.run("--iqeval-gate=length >= 2", "--iqeval-gate=level=1: length >= 2")
    capsys.readouterr()
    main(["rescore", str(project.folder)])
    told = " ".join(capsys.readouterr().out.split())
    assert "length has no number: no conftest.py or plugin gives it here" in told


def test_a_hook_that_is_found_too_late_is_told(project: Project) -> None:
    """A conftest below the folder where pytest was started."""
    below = project.pytester.mkdir("below")
    (below / "conftest.py").write_text(BREVITY, "utf-8")
    (below / "test_it.py").write_text("def test_it(): pass", "utf-8")
    result = project.run(".", "iqeval/quiz")
    result.stdout.fnmatch_lines(
        ["*below/conftest.py: pytest_iqeval_metrics comes too late and is not called; put it into*"]
    )


def test_without_evaluation_no_hook_is_called(pytester: pytest.Pytester) -> None:
    """Metrics and reports are a run's."""
    pytester.makeconftest(
        "def pytest_iqeval_metrics(config):\n    1 / 0\n"
        "def pytest_iqeval_report(config):\n    1 / 0\n"
    )
    pytester.makepyfile("def test_it(): pass")
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
