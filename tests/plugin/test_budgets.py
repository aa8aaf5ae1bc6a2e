"""A budget that is spent: what is left is skipped with its reason, and the run is inconclusive."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "workers"])
def test_what_a_token_budget_leaves_is_skipped_and_never_asked(
    project: Project, workers: tuple[str, ...]
) -> None:
    """A reply costs 14 tokens; of five questions the budget of 20 pays for some."""
    run = project.run_apart if workers else project.run
    result = run(
        "--iqeval-token-budget=20", "--iqeval-concurrency=1", "-rs",
        "--iqeval-gate=accuracy >= 0.1", "--junitxml=j.xml", *workers,
    )  # fmt: skip
    assert result.ret == 6
    asked = len(project.endpoint.requests)
    assert 1 <= asked <= 2
    report = project.report
    assert (report["verdict"], report["not_asked"]) == ("inconclusive", 5 - asked)
    assert "were never asked: the token budget of 20 is spent" in report["headline"]
    assert "token budget" in report["lost"][0]["reason"]
    result.stdout.fnmatch_lines(["SKIPPED*token budget of 20*"])
    junit = project.pytester.path.joinpath("j.xml").read_text("utf-8")
    assert junit.count("<skipped") == 5 - asked
    assert len(project.rows()) == asked
    assert report["usage"]["requests"] == asked
    assert report["run"]["pace"]["tokens_per_s"] == 3 * asked / report["run"]["pace"]["seconds"]


@pytest.mark.parametrize(
    ("gates", "verdict", "code"),
    [
        ((), "inconclusive", 6),
        (("--iqeval-gate=errors <= 90%", "--iqeval-gate=accuracy >= 0.1"), "passed", 0),
        (("--iqeval-gate=errors <= 90%", "--iqeval-gate=accuracy > 1"), "failed", 1),
    ],
    ids=["ungated", "allowed", "allowed-and-failed"],
)
def test_a_spent_budget_is_inconclusive_unless_an_errors_gate_allows_it(
    project: Project, gates: tuple[str, ...], verdict: str, code: int
) -> None:
    result = project.run("--iqeval-token-budget=1", "--iqeval-concurrency=1", *gates)
    assert (result.ret, project.report["verdict"]) == (code, verdict)
    assert project.report["lost"][0]["reason"].startswith(
        "the token budget of 1 is spent (14 used)"
    )
    # No letters of skipped questions: they would stand in the live line's way.
    result.stdout.no_fnmatch_line("*ssss*")
    result.stdout.fnmatch_lines(["hint: --iqeval-token-budget gives more;*"])
    page = project.folder.joinpath("report.html").read_text("utf-8")
    assert "the token budget of 1 is spent" in page


def test_a_users_skip_mark_is_still_no_missing_question(project: Project) -> None:
    """Beside a budget that is not spent, a skip of the user's own makes nothing inconclusive."""
    project.pytester.makeconftest(
        """
        import pytest
        def pytest_collection_modifyitems(items):
            items[0].add_marker(pytest.mark.skip(reason="mine"))
        """
    )
    result = project.run("--iqeval-token-budget=100000")
    result.assert_outcomes(passed=4, skipped=1)
    assert result.ret == 0
    assert project.report["not_asked"] == 0


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "workers"])
def test_a_question_that_was_asked_in_vain_when_the_time_is_up_is_no_question_never_asked(
    project: Project, workers: tuple[str, ...]
) -> None:
    """It got a 429 and waited to be sent again: an error for its own reason."""
    project.wrong["one"] = status(429, "so busy", headers={"Retry-After": "60"})
    run = project.run_apart if workers else project.run
    result = run("--iqeval-time-budget=2", "--iqeval-retries=5", *workers)
    assert result.ret == 6
    result.assert_outcomes(passed=4, errors=1)
    report = project.report
    assert report["not_asked"] == 0
    assert "1 of 5 got no reply" in report["headline"]
    (lost,) = report["lost"]
    assert "429 Too Many Requests: so busy; it was to be asked again, but" in lost["reason"]
    assert "the time budget of 2 s is spent" in lost["reason"]
