"""Users' own reports: written beside ours, named at the end, harmless when they fail."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_a_report_is_written_and_named_at_the_end(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Once, with the run's files there to be read, under the names of ours."""
    project.pytester.makeconftest(
        """
        from pytest_iqeval.api import load_run

        def pytest_iqeval_report(config, summary, folder):
            run = load_run(folder)
            assert run.summary == summary
            path = folder / "wrong.txt"
            lines = [r.result.sample.id for r in run.results if not r.result.score.correct]
            path.write_text("\\n".join(lines), encoding="utf-8")
            return [path, "and a line\\x1b[31m of text"]
        """
    )
    project.wrong["two"] = "A"
    result = (project.run_apart if workers else project.run)(*workers)
    result.stdout.fnmatch_lines(["*report.json", "*wrong.txt", "and a line*[[]31m of text"])
    assert "\x1b[31m of text" not in result.stdout.str()
    assert (project.folder / "wrong.txt").read_text("utf-8") == "two"


def test_a_report_that_fails_is_a_warning_and_stops_no_other(project: Project) -> None:
    """Also one that returns what can't be printed; the verdict stands."""
    for name, body in {"first": "1 / 0", "second": "return 5", "third": "return 'third'"}.items():
        (project.pytester.path / f"{name}_plugin.py").write_text(
            f"def pytest_iqeval_report(summary):\n    {body}\n", "utf-8"
        )
    project.pytester.syspathinsert()
    plugins = [f"-p{name}_plugin" for name in ("first", "second", "third")]
    result = project.run(*plugins, "--iqeval-gate=accuracy >= 1", "-W", "error")
    assert result.ret == 0
    result.stdout.fnmatch_lines_random(
        [
            "*PytestWarning: iqeval: a pytest_iqeval_report hook failed: ZeroDivisionError: *",
            "*second_plugin.py: pytest_iqeval_report returned a number: return a path, a line of*",
            "third",
        ]
    )
