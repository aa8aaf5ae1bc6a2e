"""Many errors for one reason are told once, and very many failures in part, with their number."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_iqeval.plugin.short_lists import (
    ERRORS_SHOWN,
    FAILURES_SHOWN,
    first_of_each,
    first_wrong,
)
from tests.plugin.conftest import Project
from tests.support.endpoint import status


def _error(node_id: str, text: str, *, when: str = "setup") -> pytest.TestReport:
    where = (node_id, None, node_id)
    return pytest.TestReport(node_id, where, {}, "failed", text, when)  # type: ignore[arg-type]


def _errors(text: str, count: int) -> list[pytest.TestReport]:
    return [_error(f"iqeval/b::s::{n}", text.format(n=n)) for n in range(count)]


def test_of_equal_errors_the_first_are_shown_and_the_others_counted() -> None:
    dead = _errors("error: nobody has answered for 3 s\n  hint: look", 14_000)
    other = _errors("error: 400 Bad Request", 2)
    few, more = first_of_each([*dead, *other])
    assert few == [*dead[:ERRORS_SHOWN], *other]
    assert more == {"nobody has answered for 3 s": 13_990}


def test_numbers_alone_make_no_other_reason() -> None:
    few, more = first_of_each(_errors("error: no reply after {n}.5 s", 12))
    assert len(few) == ERRORS_SHOWN
    assert more == {"no reply after 0.5 s": 2}


def test_whichever_worker_had_an_error_the_reason_is_the_same() -> None:
    with pytest.raises(pytest.fail.Exception) as caught:
        pytest.fail("error: nobody is there", pytrace=False)
    reports = _errors("", 12)
    for n, report in enumerate(reports):
        report.longrepr = caught.getrepr(style="value")
        worker = {"id": f"gw{n % 2}", "sysplatform": "linux", "version_info": (3, 11, 0)}
        report.node = SimpleNamespace(workerinfo=worker)  # as xdist does
    few, more = first_of_each(reports)
    assert (few, more) == (reports[:ERRORS_SHOWN], {"nobody is there": 2})


def test_errors_of_ordinary_tests_are_all_shown() -> None:
    own: list[Any] = [_error(f"test_a.py::test_{n}", "boom") for n in range(20)]
    own += [_error(f"iqeval/b::s::{n}", "boom", when="teardown") for n in range(20)]
    assert first_of_each(own) == (own, {})


def test_of_many_failed_questions_the_first_are_shown_and_no_ordinary_failure_is_left_out() -> None:
    wrong = [_error(f"iqeval/b::s::{n}", "incorrect", when="call") for n in range(120)]
    own = [_error(f"test_a.py::test_{n}", "boom", when="call") for n in range(120)]
    few, more = first_wrong([*wrong, *own])
    assert (few, more) == ([*wrong[:FAILURES_SHOWN], *own], 20)
    assert first_wrong(wrong[:FAILURES_SHOWN]) == (wrong[:FAILURES_SHOWN], 0)


def test_very_many_wrong_answers_leave_the_log_readable(project: Project) -> None:
    """Sections and short summary have the first 100; hooks and the last line count all."""
    lines = [f'{{"id": "q{n}", "question": "{n}?", "answer": "A"}}' for n in range(103)]
    project.pytester.path.joinpath("many.jsonl").write_text("\n".join(lines), "utf-8")
    project.pytester.makeconftest(
        """
        def pytest_terminal_summary(terminalreporter):
            terminalreporter.write_line(f"counted {len(terminalreporter.stats['failed'])}")
        """
    )
    project.endpoint.answer("ANSWER: B")
    project.pytester.makepyfile(test_plain="def test_bad(): assert 0\n")
    args = ("--iqeval-dataset=many.jsonl", "iqeval/many", "test_plain.py")
    result = project.run(*args)
    result.assert_outcomes(failed=104)
    text = result.stdout.str()
    assert text.count("question: ") == text.count("FAILED iqeval/") == FAILURES_SHOWN
    result.stdout.fnmatch_lines(
        ["counted 104", "FAILED test_plain*", "FAILED … and 3 more questions: report.html*"]
    )
    assert "more questions" not in project.run(*args, "--tb=no", "-rE").stdout.str()
    assert project.run(*args, "-v").stdout.str().count("FAILED iqeval/") == 103


def test_a_dead_endpoint_is_readable_and_everybody_else_counts_all(project: Project) -> None:
    """The ERRORS section and the short summary are short; hooks and the last line count all."""
    lines = [f'{{"id": "q{n}", "question": "{n}?", "answer": "A"}}' for n in range(13)]
    project.pytester.path.joinpath("many.jsonl").write_text("\n".join(lines), "utf-8")
    project.pytester.makeconftest(
        """
        def pytest_terminal_summary(terminalreporter):
            terminalreporter.write_line(f"counted {len(terminalreporter.stats['error'])}")
        """
    )
    project.endpoint.answer(lambda _body: status(500))
    result = project.run("--iqeval-dataset=many.jsonl")
    assert result.ret == 6
    result.assert_outcomes(errors=13)
    text = result.stdout.str()
    assert text.count("ERROR at setup") == ERRORS_SHOWN
    assert text.count("ERROR iqeval/many::default::") == ERRORS_SHOWN
    result.stdout.fnmatch_lines(
        ["counted 13", "ERROR … and 3 more for the same reason: 127.0.0.1*"]
    )
    verbose = project.run("--iqeval-dataset=many.jsonl", "-v")
    assert verbose.stdout.str().count("ERROR at setup") == 13


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)], ids=["alone", "workers"]
)
def test_a_model_that_refuses_every_question_is_told_once(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Those in flight, and those that were never sent, have the server's own words."""
    lines = [f'{{"id": "q{n}", "question": "{n}?", "answer": "A"}}' for n in range(200)]
    project.pytester.path.joinpath("many.jsonl").write_text("\n".join(lines), "utf-8")
    project.endpoint.answer(lambda _body: status(400, {"error": {"message": "no such field"}}))
    result = project.run_apart("--iqeval-dataset=many.jsonl", *workers)
    assert result.ret == 6
    result.assert_outcomes(errors=200)
    asked = sum(r.body is not None for r in project.endpoint.requests)
    assert 10 <= asked < 40
    assert project.report["benchmarks"][0]["outcomes"]["error"] == 200
    (reason,) = {lost["reason"] for lost in project.report["lost"]}
    assert "answered 400 Bad Request: no such field" in reason
    text = result.stdout.str()
    assert text.count("ERROR iqeval/many::default::") == ERRORS_SHOWN
    assert text.count("for the same reason") == 1
    result.stdout.fnmatch_lines(
        [
            "ERROR … and 190 more for the same reason: 127.0.0.1*answered 400*",
            "nothing more was sent after 10 equal refusals in a row",
        ]
    )
