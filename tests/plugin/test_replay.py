"""A stored run scored again: with no option, somewhere else, after a change."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import Project, read_report
from tests.support.endpoint import status
from tests.support.reports import lasting

# What a replay can't have in common with its run.
OF_THE_RUN_ITSELF = ("command", "id", "started", "finished", "pace")


def replay(project: Project, *args: str) -> pytest.RunResult:
    """Replay with nothing but `args`; whatever it does, it sends nothing."""
    before = len(project.endpoint.requests)
    given = [arg for arg in args if arg.startswith("--iqeval-replay")] or ["--iqeval-replay=last"]
    others = [arg for arg in args if arg not in given]
    result = project.pytester.runpytest_inprocess(*given, *others)
    assert len(project.endpoint.requests) == before
    return result


def same_report(first: Path, again: Path) -> None:
    """Hold that two runs differ in nothing but what is theirs alone."""
    assert first != again
    reports = [read_report(folder) for folder in (first, again)]
    for report in reports:
        for name in OF_THE_RUN_ITSELF:
            del report["run"][name]
    assert reports[1].pop("foresight") is None  # it asked nothing
    del reports[0]["foresight"]
    assert reports[0] == reports[1]
    rows = [
        {path.relative_to(folder): path.read_bytes() for path in folder.glob("reviews/*/*")}
        for folder in (first, again)
    ]
    assert rows[0] == rows[1]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_replay_needs_nothing_but_the_run(project: Project) -> None:
    """Dataset, limit, gates, -k and -m are the run's; errors stay errors; the run is untouched."""
    project.wrong |= {"two": "ANSWER: A", "wen": status(500)}
    first = project.run(
        *("--iqeval-limit=2", "--iqeval-gate=errors <= 1", "--iqeval-gate=accuracy >= 0.9"),
        *("-k", "not cry", "-m", "iqeval(level=1)"),
    )
    folder, before = project.folder, contents(project.folder)
    assert first.ret == 1
    again = replay(project)
    assert again.ret == first.ret
    again.stdout.fnmatch_lines([f"*replays {folder}: nothing is sent*"])
    same_report(folder, project.folder)
    assert contents(folder) == before
    # a replay of the replay, by the new run's name; what is given again wins
    name, earlier = project.folder.name, project.folder
    assert replay(project, f"--iqeval-replay={name}").ret == 1
    same_report(earlier, project.folder)
    assert replay(project, "--iqeval-gate=accuracy >= 0.5", "--iqeval-gate=errors <= 1").ret == 0
    assert project.report["selection"]["keyword"] == "not cry"
    replay(project, "--iqeval-limit=1")
    assert (project.report["selection"]["limit"], project.report["selection"]["asked"]) == (1, 2)
    replay(project, "iqeval/quiz::IQ::one").assert_outcomes(passed=1)
    assert project.report["selection"]["keyword"] is None


def test_node_ids_and_deselected_questions_are_remembered(project: Project) -> None:
    project.run("iqeval/quiz::IQ", "iqeval/quiz::EQ::wen", "--deselect", "iqeval/quiz::IQ::two")
    folder = project.folder
    replay(project).assert_outcomes(passed=3, deselected=1)
    same_report(folder, project.folder)


@pytest.mark.slow
def test_workers_html_and_junit_replay_alike(project: Project) -> None:
    """Workers get what was remembered with their options, -k too."""
    project.wrong["two"] = "ANSWER: A"
    project.run("-k", "one or two", "--iqeval-limit=2")
    folder = project.folder
    result = project.pytester.runpytest_subprocess(
        *("--iqeval-replay=last", "-n2", "--html=page.html", "--junitxml=junit.xml", "-p", "xdist")
    )
    result.assert_outcomes(passed=1, failed=1)
    assert 'name="two"' in (project.pytester.path / "junit.xml").read_text("utf-8")
    assert (project.pytester.path / "page.html").is_file()
    same_report(folder, project.folder)


def test_the_newest_run_of_any_model_is_last_unless_one_is_named(project: Project) -> None:
    project.run("--iqeval-limit=1")
    project.endpoint.models(["m", "other"])
    project.run("--iqeval-model=other", "--iqeval-limit=2")
    replay(project, "--iqeval-model=m").assert_outcomes(passed=2)
    replay(project, "--iqeval-model=other").assert_outcomes(passed=4)
    project.run("--iqeval-output=elsewhere", "--iqeval-limit=1")
    replay(project, "--iqeval-output=elsewhere").assert_outcomes(passed=2)


def moved(project: Project) -> Path:
    """The newest run's folder, and nothing else, on a machine that has nothing of it."""
    folder = project.folder
    there = project.pytester.path / "there"
    shutil.copytree(folder, there / folder.name)
    for path in project.pytester.path.iterdir():
        if path != there:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return there / folder.name


def test_a_run_moved_to_another_machine_replays_there(project: Project) -> None:
    """A definition with its data, and a file that came alone, are copied into the folder."""
    project.endpoint.answer(lambda _: "ANSWER: A")
    lone = project.pytester.path / "lone set.jsonl"
    lone.write_bytes((project.pytester.path / "quiz" / "IQ.jsonl").read_bytes())
    project.run(
        "--iqeval-dataset=quiz/benchmark.yaml:EQ,lone set.jsonl,iquiz-open", "--iqeval-limit=1"
    )
    folder = moved(project)
    stored = {p.relative_to(folder).as_posix() for p in folder.glob("benchmarks/*/*")}
    assert stored >= {
        "benchmarks/quiz/benchmark.yaml",
        "benchmarks/quiz/data.zip",
        "benchmarks/lone-set/lone-set.jsonl",
    }
    assert str(project.pytester.path) not in (folder / "benchmarks/index.json").read_text("utf-8")
    result = replay(project, f"--iqeval-replay={folder}")
    result.stdout.fnmatch_lines(
        [
            "*quiz: quiz/benchmark.yaml is not here: read from the copy in *benchmarks",
            "*lone-set: lone set.jsonl is not here: read from the copy in *benchmarks",
        ]
    )
    same_report(folder, project.folder)
    # and the replay's own folder holds what it needs
    shutil.rmtree(folder)
    earlier = project.folder
    replay(project)
    same_report(earlier, project.folder)


def test_a_moved_run_with_a_scorer_of_a_conftest_says_what_is_missing(project: Project) -> None:
    project.pytester.makeconftest(
        "def pytest_iqeval_scorers():\n"
        "    return {'mine': lambda sample, reply: reply.text.endswith(sample.target)}"
    )
    definition = project.pytester.path / "quiz" / "benchmark.yaml"
    definition.write_text(
        definition.read_text("utf-8").replace("scorer: choice", "scorer: mine"), "utf-8"
    )
    project.run("--iqeval-limit=1")
    folder = moved(project)
    result = replay(project, f"--iqeval-replay={folder}")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "*quiz: its scorer 'mine' is not known here",
            "*a conftest.py or a package of that run registered it: bring it along",
        ]
    )


def change(project: Project, name: str, old: str, new: str) -> None:
    path = project.pytester.path / "quiz" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_changed_scorer_or_target_scores_anew(project: Project) -> None:
    """Replies fit as long as question and options are the same."""
    project.wrong |= {"one": "ANSWER: B", "two": "ANSWER: A, B"}
    project.run()
    folder, before = project.folder, project.report["benchmarks"][0]["outcomes"]
    change(project, "IQ.jsonl", '"answer": "A"', '"answer": "B"')
    result = replay(project)
    result.stdout.fnmatch_lines(["*quiz: its data has changed since; the questions are the same*"])
    mended = project.report["benchmarks"][0]["outcomes"]
    assert mended["correct"] == before["correct"] + 1
    change(project, "benchmark.yaml", "scorer: choice", "scorer: multi_choice")
    result = replay(project, f"--iqeval-replay={folder}")
    result.stdout.fnmatch_lines(
        ["*quiz: its prompt and its data have changed since; the questions are the same*"]
    )
    assert project.report["benchmarks"][0]["scorer"]["name"] == "multi_choice"
    assert project.report["benchmarks"][0]["outcomes"] != mended


def test_replies_to_questions_that_changed_are_not_used(project: Project) -> None:
    """What fits goes on; the rest is an error that says why, in a replay of the replay too."""
    project.run()
    change(project, "IQ.jsonl", "1 + 1?", "1 + 2 - 1?")
    change(project, "IQ.jsonl", '"id": "two"', '"id": "deux"')
    result = replay(project)
    result.assert_outcomes(passed=3, errors=2)
    assert result.ret == 6
    result.stdout.fnmatch_lines(
        [
            "*quiz: its data has changed since: 1 question with another text, 1 question that the "
            "run did not know, 1 question no longer there; 3 of 5 have the text that was asked*"
        ]
    )
    reasons = {lost["id"].rpartition("::")[2]: lost["reason"] for lost in project.report["lost"]}
    assert reasons["one"].startswith("the question has another text now")
    assert "holds no reply to this question" in reasons["deux"]
    folder = project.folder
    replay(project)
    same_but_reasons = [read_report(one)["benchmarks"] for one in (folder, project.folder)]
    assert same_but_reasons[0] == same_but_reasons[1]


def test_an_unfinished_run_replays_as_far_as_it_came(project: Project) -> None:
    """With two of five replies and no report: the others are errors, the verdict inconclusive."""
    project.run()
    folder = project.folder
    shutil.rmtree(folder / "reviews")
    for name in ("report.json", "report.html"):
        (folder / name).unlink()
    with sqlite3.connect(folder / "run.sqlite3") as journal:
        journal.execute("DELETE FROM replies WHERE id NOT IN ('one', 'wen')")
    journal.close()
    result = replay(project)
    result.assert_outcomes(passed=2, errors=3)
    assert (result.ret, project.report["verdict"]) == (6, "inconclusive")
    result.stdout.fnmatch_lines(
        ["no score: iqeval/quiz::IQ::two and 2 more: the stored run holds no reply*"]
    )


def test_a_run_that_is_still_going_on_says_so(project: Project) -> None:
    project.run()
    journal = sqlite3.connect(project.folder / "run.sqlite3")
    journal.execute("PRAGMA locking_mode = EXCLUSIVE")
    journal.execute("BEGIN EXCLUSIVE")
    result = replay(project)
    journal.close()
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*the run is still going on*", "*wait for its end*"])


def test_questions_of_test_files_are_replayed_by_their_path(project: Project) -> None:
    """The path is given again, since the files may lie elsewhere; the rest is remembered."""
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.iqeval("quiz/benchmark.yaml:IQ")
        def test_it(iqeval_score):
            assert iqeval_score.correct
        """
    )
    url = f"--iqeval-base-url={project.endpoint.url}"
    first = project.pytester.runpytest_inprocess(
        "test_own.py", "--iqeval-model=m", url, "--iqeval-limit=2"
    )
    first.assert_outcomes(passed=2)
    folder = project.folder
    replay(project, "test_own.py").assert_outcomes(passed=2)
    same_report(folder, project.folder)
    result = replay(project)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*test files alone*", "*paths again: test_own.py*"])
    project.run("test_own.py", "iqeval/quiz::EQ", "--iqeval-limit=2")
    folder = project.folder
    replay(project, "test_own.py").assert_outcomes(passed=4)
    same_report(folder, project.folder)
    result = replay(project, f"--iqeval-replay={folder}")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*had test files too*the paths again: test_own.py"])


def test_a_run_of_an_earlier_version_is_replayed_as_it_is_told(project: Project) -> None:
    """Its journal does not say what was asked."""
    project.run("--iqeval-limit=1")
    folder = project.folder
    with sqlite3.connect(folder / "run.sqlite3") as journal:
        ((text,),) = journal.execute("SELECT value FROM meta WHERE name = 'run'")
        facts: dict[str, Any] = json.loads(text)
        del facts["asked"]
        journal.execute("UPDATE meta SET value = ? WHERE name = 'run'", [json.dumps(facts)])
    journal.close()
    shutil.rmtree(folder / "benchmarks")
    result = replay(project, "--iqeval-dataset=quiz/benchmark.yaml", "--iqeval-limit=1")
    result.assert_outcomes(passed=2)
    same_report(folder, project.folder)
    shutil.rmtree(project.folder)
    result = replay(project, "--iqeval-limit=1")
    result.stdout.fnmatch_lines(
        ["*an older version wrote that run, which does not say what it asked*"]
    )


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)])
def test_a_run_of_earlier_failures_replays_as_it_was(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Its questions and no others, an error among them; its gate is not judged either."""
    project.wrong |= {"two": "ANSWER: A", "cry": "ANSWER: A"}
    project.run()
    project.wrong |= {"two": "ANSWER: B", "cry": status(503)}
    first = project.run("--lf", "--iqeval-gate=accuracy >= 0.9", "--iqeval-gate=errors <= 1")
    first.assert_outcomes(passed=1, errors=1, deselected=3)
    then = project.folder
    project.run("--iqeval-output=elsewhere")  # today's cache names other failures
    result = project.pytester.runpytest_subprocess("--iqeval-replay", str(then), *workers)
    result.assert_outcomes(passed=1, errors=1)
    assert result.ret == first.ret == 6
    assert lasting(project.folder) == lasting(then)
    again = project.pytester.runpytest_subprocess("--iqeval-replay", str(project.folder))
    again.assert_outcomes(passed=1, errors=1)
    named = project.pytester.runpytest_subprocess("iqeval/quiz", "--iqeval-replay", str(then))
    named.assert_outcomes(passed=1, errors=4)


def test_resume_refuses_a_journal_of_a_newer_version_and_asks_nothing(project: Project) -> None:
    """To start anew in silence would pay a second time for what it holds."""
    project.wrong["one"] = status(500)
    project.run()
    asked = len(project.endpoint.requests)
    connection = sqlite3.connect(project.folder / "run.sqlite3")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    result = project.run("--iqeval-resume")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "*run.sqlite3: written by a newer pytest-iqeval (journal version 99,*",
            "*pip install -U pytest-iqeval, or move * away: then a new run starts",
        ]
    )
    assert len(project.endpoint.requests) == asked
    assert len(list(project.folder.parent.iterdir())) == 1
