"""A run against an earlier one: what was lost and gained, what else moved, and where it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_iqeval.cli.main import main
from tests.plugin.conftest import Project, read_report
from tests.support.endpoint import status

LAST = "--iqeval-baseline=last"


def baseline_of(project: Project) -> dict[str, Any]:
    """What the newest run's report says of its baseline."""
    found: dict[str, Any] = project.report["baseline"]
    return found


def id_of(*names: str) -> list[str]:
    """The node ids of questions of the quiz."""
    return [f"iqeval/quiz::{'EQ' if name in ('wen', 'cry') else 'IQ'}::{name}" for name in names]


@pytest.fixture
def earlier(project: Project) -> str:
    """A run that had ``two`` wrong, and all else right; its name."""
    project.wrong["two"] = "ANSWER: A"
    project.run()
    name = project.folder.name
    project.wrong.clear()
    return name


def test_lost_and_gained_questions_are_told_everywhere(project: Project, earlier: str) -> None:
    """Terminal, failure text, report.json, JUnit and both pages."""
    project.wrong["wen"] = "ANSWER: B"
    result = project.run(LAST, "--junitxml=junit.xml", "--html=page.html")
    result.assert_outcomes(passed=4, failed=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            f"iqeval: baseline: {earlier} (m), 5 questions",
            f"it was right in the baseline {earlier} (A)",
            f"against {earlier} (m): 1 lost, 1 gained, 3 unchanged; accuracy +0.0 pt*",
            "lost: iqeval/quiz::EQ::wen",
        ]
    )
    found = baseline_of(project)
    assert (found["run"], found["model"], found["pairs"]) == (earlier, "m", 5)
    assert (found["lost"], found["gained"]) == (id_of("wen"), id_of("two"))
    assert found["p"] == 0.75  # one of two turned, or both: P(X >= 1) of two coins
    assert found["difference"]["quiz"]["value"] == 0
    assert found["changed_settings"] == found["new"] == found["gone"] == found["flaky"] == []
    suite = ElementTree.parse(project.pytester.path / "junit.xml").getroot()
    properties = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert properties["iqeval.baseline.run"] == earlier
    for page in (project.folder / "report.html", project.pytester.path / "page.html"):
        assert "Since the baseline" in page.read_text("utf-8")
    assert (properties["iqeval.baseline.lost"], properties["iqeval.baseline.p"]) == ("1", "0.75")


def test_a_run_without_a_baseline_says_nothing_of_one(project: Project) -> None:
    result = project.run()
    result.stdout.no_fnmatch_line("against *")
    result.stdout.no_fnmatch_line("iqeval: baseline*")
    assert project.report["baseline"] is None
    assert not (project.folder / "baseline.json").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("earlier")
def test_workers_say_what_was_right_too(project: Project) -> None:
    """And the report is that of a run without workers."""
    project.wrong |= {"wen": "ANSWER: B", "two": "ANSWER: A"}
    result = project.run_apart(LAST, "-n2")
    result.assert_outcomes(passed=3, failed=2)
    assert result.stdout.str().count("it was right in the baseline") == 1
    assert baseline_of(project)["lost"] == id_of("wen")


def test_a_users_own_test_says_it_too(project: Project, earlier: str) -> None:
    project.wrong["one"] = "ANSWER: B"
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.iqeval("quiz/benchmark.yaml:IQ")
        def test_it(iqeval_sample, iqeval_score):
            assert iqeval_score.correct
        """
    )
    result = project.run(LAST, "test_own.py")
    result.stdout.fnmatch_lines([f"it was right in the baseline {earlier} (A)"])


def test_last_is_the_newest_finished_run(project: Project, earlier: str) -> None:
    """Not one that lacks scores, and not the one being made."""
    project.wrong["one"] = status(500)
    project.run()
    assert read_report(project.folder)["verdict"] == "inconclusive"
    project.wrong.clear()
    project.run(LAST)
    assert baseline_of(project)["run"] == earlier
    second = project.folder.name
    project.run(LAST)
    assert baseline_of(project)["run"] == second


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--iqeval-baseline=last"], "*--iqeval-baseline last: *outputs?m holds no finished run*"),
        (["--iqeval-baseline=no/such.json"], "*no/such.json: there is no such file or folder*"),
        (["--iqeval-baseline=20200101_000000"], "*no run '20200101_000000'*"),
        (["--iqeval-baseline=quiz/IQ.jsonl"], "*IQ.jsonl:2: is no JSON*"),
    ],
)
def test_no_baseline_is_a_usage_error_before_anything_is_sent(
    project: Project, args: list[str], said: str
) -> None:
    result = project.run(*args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said, "*hint: *"])
    assert not project.endpoint.requests
    assert not (project.pytester.path / "outputs").exists()


def test_a_file_is_compared_with_as_its_run(project: Project, earlier: str) -> None:
    """`iqeval baseline` writes it; from a folder of runs too."""
    project.wrong["cry"] = "ANSWER: A"
    assert main(["baseline", "last", "-o", "baselines/quiz.json"]) == 0
    project.run("--iqeval-baseline=baselines/quiz.json")
    from_file, first = baseline_of(project), project.folder
    project.run(f"--iqeval-baseline={earlier}")
    assert baseline_of(project) == from_file
    project.run(f"--iqeval-baseline={first.parent / earlier}")
    assert baseline_of(project) == from_file
    assert (from_file["lost"], from_file["gained"]) == (id_of("cry"), id_of("two"))
    kept = (first / "baseline.json").read_bytes()
    assert kept == (project.pytester.path / "baselines/quiz.json").read_bytes()


def test_what_moved_is_named(project: Project, earlier: str) -> None:
    """Data, scorer, prompt, generation; it changes no verdict where no gate asks for a baseline."""
    quiz = project.pytester.path / "quiz"
    definition = (quiz / "benchmark.yaml").read_text("utf-8")
    definition += "prompt: |\n  {question}\n  {options}\n  End with ANSWER: and a letter.\n"
    (quiz / "benchmark.yaml").write_text(definition, "utf-8")
    rows = (quiz / "IQ.jsonl").read_text("utf-8").splitlines()
    new = {"id": "four", "question": "3 + 3?", "choices": ["1", "2", "8"], "answer": "C"}
    (quiz / "IQ.jsonl").write_text("\n".join([*rows[1:], json.dumps(new)]), "utf-8")
    args = (LAST, "--iqeval-temperature=0.7", "--iqeval-gen=top_p=0.9")
    result = project.run(*args, "--iqeval-gate=accuracy >= 0.9")
    assert result.ret == 0
    lines = ["temperature is 0.7, it was 0", "top_p is 0.9, it was not set"]
    result.stdout.fnmatch_lines([f"not as in the baseline: {line}" for line in lines])
    found = baseline_of(project)
    told = found["changed_settings"]
    assert told[:2] == lines
    assert [line.partition(" is ")[0] for line in told[2:]] == ["data of quiz", "prompt of quiz"]
    assert (found["new"], found["gone"]) == (id_of("four"), id_of("one"))
    assert found["allowed_settings"] == []
    project.run(f"--iqeval-baseline={earlier}", *args[1:], "--iqeval-baseline-allow=data,top_p")
    found = baseline_of(project)
    assert found["changed_settings"] == [told[0], told[3], told[1], told[2]]
    assert found["allowed_settings"] == [told[1], told[2]]


@pytest.mark.usefixtures("earlier")
def test_another_answer_mode_is_one_change(project: Project) -> None:
    """Its prompt is another, of course."""
    project.endpoint.answer(lambda _: "A")
    result = project.run(LAST, "--iqeval-answer=letter", "--iqeval-baseline-allow=all")
    assert baseline_of(project)["changed_settings"] == ["answer is letter, it was free"]
    result.stdout.fnmatch_lines(["not as in the baseline (allowed): answer is letter, *"])


@pytest.mark.usefixtures("earlier")
def test_an_unknown_setting_is_refused_with_the_nearest(project: Project) -> None:
    result = project.run(LAST, "--iqeval-baseline-allow=temprature")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'temprature'*", "*did you mean temperature*"])


@pytest.mark.usefixtures("earlier")
def test_only_selected_questions_are_compared(project: Project) -> None:
    """What a selection leaves out is neither lost nor gone."""
    project.run(LAST, "--iqeval-limit=1", "-k", "not wen")
    found = baseline_of(project)
    assert (found["pairs"], found["unselected"]) == (1, 4)
    assert found["new"] == found["gone"] == found["lost"] == []


@pytest.mark.usefixtures("earlier")
def test_a_question_without_a_score_is_no_pair(project: Project) -> None:
    project.wrong["one"] = status(500)
    project.run(LAST)
    found = baseline_of(project)
    assert (found["unscored"], found["pairs"], found["lost"]) == (id_of("one"), 4, [])


def test_a_replay_compares_with_what_it_is_told_or_with_what_its_run_was(
    project: Project, earlier: str
) -> None:
    """Also where the baseline is not there any more."""
    project.wrong["one"] = "ANSWER: B"
    project.run(LAST)
    first, folder = baseline_of(project), project.folder
    project.run(f"--iqeval-replay={folder.name}", f"--iqeval-baseline={folder}")
    assert baseline_of(project)["lost"] == []
    for run in folder.parent.iterdir():
        if run != folder:
            _remove(run)
    sent = len(project.endpoint.requests)
    result = project.pytester.runpytest_inprocess("--iqeval-replay=last")
    assert baseline_of(project) == first
    result.stdout.fnmatch_lines([f"*it was right in the baseline {earlier} (A)*"])
    assert len(project.endpoint.requests) == sent


def test_last_of_a_replay_is_not_the_run_itself(project: Project, earlier: str) -> None:
    project.run("--iqeval-limit=1")
    second = project.folder.name
    project.run(f"--iqeval-replay={second}", LAST)
    assert baseline_of(project)["run"] == earlier


def test_a_run_that_goes_on_is_compared_as_a_whole(project: Project, earlier: str) -> None:
    project.wrong |= {"one": status(500), "cry": "ANSWER: A"}
    project.run(LAST)
    unfinished = project.folder
    del project.wrong["one"]
    project.run(LAST, "--iqeval-resume")
    assert project.folder == unfinished
    found = baseline_of(project)
    assert (found["run"], found["pairs"], found["lost"]) == (earlier, 5, id_of("cry"))


def test_another_model_is_no_moved_setting(project: Project, earlier: str) -> None:
    project.endpoint.models(["m", "other"])
    project.run("--iqeval-model=other", f"--iqeval-baseline={earlier}")
    report = read_report(next((project.pytester.path / "outputs" / "other").iterdir()))
    assert (report["baseline"]["model"], report["baseline"]["changed_settings"]) == ("m", [])


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
