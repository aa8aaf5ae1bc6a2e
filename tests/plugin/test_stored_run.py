"""A finished run, read back by users' own code."""

from __future__ import annotations

from pytest_iqeval.api import Outcome, load_run
from tests.plugin.conftest import Project


def test_a_finished_run_is_read_back(project: Project) -> None:
    """By folder, report, name and `last`: model, verdict, report and rows."""
    project.wrong["two"] = "ANSWER: A"
    project.run("--iqeval-gate=accuracy >= 0.9")
    output = project.pytester.path / "outputs" / "m"
    for run in (
        load_run(project.folder),
        load_run(str(project.folder / "report.json")),
        load_run(project.folder.name, output=output),
        load_run("last", output="outputs/m"),
    ):
        assert (run.folder, run.model, run.verdict) == (project.folder, "m", "failed")
        assert run.report["benchmarks"][0]["metrics"]["accuracy"]["value"] == 0.8
        rows = {row["id"]: row for row in run.rows()}
        assert len(rows) == len(list(run.rows())) == 5
        assert rows["two"]["outcome"] == Outcome.INCORRECT
        assert rows["wen"]["question"] == "他为什么笑？"
