"""Questions that are asked several times: one item each, passed by `--iqeval-pass`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from junitparser import xunit2

from pytest_iqeval.cli.main import main
from tests.plugin.conftest import QUIZ, Project
from tests.support.endpoint import Body, last_user, status
from tests.support.junit import read_junit
from tests.support.reports import lasting

RIGHT = {row["id"]: row for rows in QUIZ.values() for row in rows}


def by_seed(project: Project, replies: dict[str, list[Any]]) -> None:
    """Replies by question and seed, counted from 0; what is not there is right. ``!``: a 500."""

    def answer(body: Body) -> Any:
        asked = last_user(body)
        row = next(row for row in RIGHT.values() if str(row["question"]) in asked)
        said = replies.get(str(row["id"]), [])
        letter = said[body["seed"]] if body["seed"] < len(said) else row["answer"]
        return status(500) if letter == "!" else f"ANSWER: {letter}"

    project.endpoint.answer(answer)


def chats(project: Project) -> list[Body]:
    """The bodies of what was asked."""
    return [r.body for r in project.endpoint.requests if r.body is not None]


def cases(path: Path) -> dict[str, Any]:
    """The testcases of a JUnit file by name."""
    return {c.attrib["name"]: c for c in read_junit(path).iter("testcase")}


MIXED = {"two": ["B", "A", "B"], "three": ["A", "C", "B"]}


def test_each_question_is_one_item_and_asked_with_distinct_seeds(project: Project) -> None:
    """Five questions, three times: 15 requests, five tests; the mean is over questions."""
    by_seed(project, MIXED)
    result = project.run("--iqeval-repeats=3", "--iqeval-temperature=0.7", "-v")
    result.assert_outcomes(passed=4, failed=1)
    assert result.ret == 1
    asked = [(last_user(body), body["seed"]) for body in chats(project)]
    assert len(asked) == len(set(asked)) == 15
    assert {seed for _, seed in asked} == {0, 1, 2}
    result.stdout.fnmatch_lines(
        [
            "iqeval: each question 3 times (seeds 0 to 2); passes with majority right",
            "*IQ::two 2/3 correct*",
            "*IQ::three 1/3 correct*",
            "quiz: 3 repeats: 0.80 to 0.80 (sd 0.00), 2 questions flaky",
            "outcomes, errors, latency and tokens count replies, n and accuracy questions",
            "ungated: 4 of 5 questions pass, asked 3 times each*",
        ]
    )
    report = project.report
    (quiz,) = report["benchmarks"]
    assert quiz["metrics"]["accuracy"]["value"] == pytest.approx(4 / 5)
    assert quiz["metrics"]["accuracy"]["n"] == 5
    assert quiz["outcomes"]["correct"] == 12
    assert quiz["spread"]["accuracy"] == pytest.approx([0.8, 0.8, 0.8])
    assert quiz["spread"]["flaky"] == 2
    assert quiz["subsets"]["EQ"]["spread"]["flaky"] == 0
    assert (report["run"]["repeats"], report["run"]["policy"]) == (3, "majority")
    assert report["usage"]["requests"] == 15
    assert sorted(row["repeat"] for row in project.rows()) == [0] * 5 + [1] * 5 + [2] * 5
    assert "3 repeats: 0.800 to 0.800 (standard deviation 0.000)" in (
        project.folder / "report.html"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    ("rule", "passed"), [("all", 3), ("majority", 4), ("any", 5), ("1", 5), ("2", 4), ("3", 3)]
)
def test_the_rule_decides_what_passes(project: Project, rule: str, passed: int) -> None:
    by_seed(project, MIXED)
    result = project.run("--iqeval-repeats=3", f"--iqeval-pass={rule}")
    result.assert_outcomes(passed=passed, failed=5 - passed)


def test_the_failure_tells_each_reply_and_the_first_wrong_one_whole(project: Project) -> None:
    by_seed(project, {"three": ["A", "C", "no idea"]})
    result = project.run("--iqeval-repeats=3")
    result.stdout.fnmatch_lines(
        [
            "1/3 correct, needed majority: incorrect: expected C, got A (rule *)",
            "    #1 incorrect: A (rule *)",
            "    #2 correct: C (rule *)",
            "    #3 unparsed*",
            "reply #1:",
            "incorrect: expected C, got A (rule *)",
            "question: 3 + 3?*",
        ],
        consecutive=False,
    )


def test_a_model_that_became_unreliable_is_a_regression(project: Project) -> None:
    """Each question was right in all replies and is in two of three: none is lost, all are flaky.

    A second gate about the same questions takes nothing from the first.
    """
    project.run("--iqeval-repeats=3")
    by_seed(project, {name: ["B" if r["answer"] == "A" else "A"] for name, r in RIGHT.items()})
    gates = ("no_regressions(p < 0.05)", "quiz: no_regressions(p < 0.01)")
    args = [f"--iqeval-gate={gate}" for gate in gates]
    result = project.run("--iqeval-repeats=3", "--iqeval-baseline=last", *args)
    assert result.ret == 1
    told = "p 0.031: 0 lost, 0 gained, 5 flaky, accuracy -33.3pt, over 5 pairs"
    result.stdout.fnmatch_lines(["gate failed: no_regressions(p < 0.05) (quiz)", f"  {told}"])
    first, second = project.report["gates"]
    assert (first["passed"], first["p"], first["adjusted"]) == (False, 1 / 32, 1 / 32)
    assert (second["passed"], second["adjusted"]) == (True, 1 / 32)
    assert project.report["baseline"]["p"] == 1 / 32


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_junit_has_wrong_replies_as_flaky_or_rerun(
    project: Project, workers: tuple[str, ...]
) -> None:
    """The testcase is the question's; its wrong and lost replies stand in it, in schema order."""
    by_seed(project, {**MIXED, "wen": ["!", "B", "A", "A"], "cry": ["!", "A", "A", "B"]})
    run = project.run_apart if workers else project.run
    run(*workers, "--iqeval-repeats=4", "--junitxml=j.xml", "--iqeval-gate=errors <= 2")
    found = {
        name: [child.tag for child in case]
        for name, case in cases(project.pytester.path / "j.xml").items()
        if not name.startswith("errors")
    }
    assert found == {
        "one": [],
        "two": ["flakyFailure"],
        "three": ["failure", "rerunFailure", "rerunFailure"],
        "wen": ["flakyFailure", "flakyError"],
        "cry": ["failure", "rerunFailure", "rerunFailure", "rerunError"],
    }
    wrong = cases(project.pytester.path / "j.xml")["two"].find("flakyFailure")
    assert wrong is not None
    assert wrong.attrib["type"] == "incorrect"
    assert wrong.attrib["message"].startswith("reply #2: incorrect: expected B, got A")
    assert "2 + 2?" in (wrong.findtext("stackTrace") or "")
    # And as a reader that is not ours finds them.
    (suite,) = xunit2.JUnitXml.fromfile(str(project.pytester.path / "j.xml"))
    read = {case.name: case for case in suite}
    assert {name for name, case in read.items() if case.is_flaky} == {"two", "wen"}
    assert {name for name, case in read.items() if case.is_rerun} == {"three", "cry"}
    assert [one.type for one in read["cry"].rerun_errors()] == ["error"]
    assert "2 + 2?" in read["two"].flaky_failures()[0].stack_trace


@pytest.mark.slow
def test_two_workers_give_the_same_report_as_none(project: Project) -> None:
    """With a lost reply, too; each is asked once."""
    by_seed(project, {**MIXED, "wen": ["!", "A", "A"]})
    args = ("--iqeval-repeats=3", "--iqeval-pass=2", "--iqeval-gate=accuracy >= 0.5")
    project.run(*args)
    alone, before = lasting(project.folder), len(chats(project))
    assert project.run_apart("-n2", *args).ret == alone["report"]["exit_code"] == 6
    assert lasting(project.folder) == alone
    assert len(chats(project)) == 2 * before == 30


def test_a_lost_reply_is_no_wrong_answer_but_missing(project: Project) -> None:
    """The question is judged by the rest; completeness is the run's affair."""
    by_seed(project, {"two": ["!", "B", "B"], "one": ["!", "!", "!"]})
    result = project.run("--iqeval-repeats=3", "--iqeval-pass=all")
    result.assert_outcomes(passed=4, errors=1)
    assert result.ret == 6
    report = project.report
    assert report["benchmarks"][0]["outcomes"]["error"] == 4
    assert report["benchmarks"][0]["metrics"]["accuracy"]["n"] == 4
    assert [one["id"] for one in report["lost"]] == ["iqeval/quiz::IQ::one", "iqeval/quiz::IQ::two"]
    assert report["headline"] == "inconclusive: 4 of 15 requests got no reply"


def test_more_right_replies_needed_than_came_fails(project: Project) -> None:
    """No reply is wrong, and still there are not as many right ones as the rule wants."""
    by_seed(project, {"two": ["!", "B", "B"]})
    result = project.run("--iqeval-repeats=3", "--iqeval-pass=3")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["2/2 correct, 1 lost, needed at least 3: *"])
    assert result.ret == 6


def test_a_resume_asks_only_what_lacks(project: Project) -> None:
    """First lost replies, then further repeats of a run that is finished."""
    by_seed(project, {"two": ["B", "!"]})
    project.run("--iqeval-repeats=2")
    by_seed(project, {})
    for repeats, lacking in ((2, 1), (4, 10), (4, 20)):
        before, folder = len(chats(project)), project.folder
        result = project.run(f"--iqeval-repeats={repeats}", "--iqeval-resume")
        assert result.ret == 0
        # The third run finds nothing unfinished and is a new one.
        assert len(chats(project)) - before == lacking
        assert (project.folder == folder) is (lacking < 20)
        assert project.report["benchmarks"][0]["outcomes"]["correct"] == 5 * repeats


def test_a_replay_remembers_repeats_and_may_judge_by_another_rule(project: Project) -> None:
    by_seed(project, MIXED)
    project.run("--iqeval-repeats=3", "--iqeval-pass=any")
    asked = len(chats(project))
    for rule, passed in (((), 5), (("--iqeval-pass=all",), 3)):
        result = project.pytester.runpytest_inprocess("--iqeval-replay=last", *rule)
        result.assert_outcomes(passed=passed, failed=5 - passed)
    assert len(chats(project)) == asked


def test_the_cache_gives_each_repeat_its_own_reply(project: Project) -> None:
    """Also where the server takes no seed, so that the bodies are alike."""
    for _ in range(2):
        project.run("--iqeval-repeats=3", "--iqeval-cache=c", "--iqeval-gen=seed=")
        assert project.report["benchmarks"][0]["outcomes"]["correct"] == 15
    assert len(chats(project)) == 15
    assert not any("seed" in body for body in chats(project))
    assert project.report["usage"] | {"requests": 0, "cached": 15} == project.report["usage"]


def test_drawn_replies_may_be_cached_since_each_has_a_seed(project: Project) -> None:
    by_seed(project, {})
    args = ("--iqeval-repeats=2", "--iqeval-cache=c", "--iqeval-temperature=1")
    assert project.run(*args).ret == 0
    assert project.run(*args, "--iqeval-gen=seed=").ret == 4


def test_the_users_seed_is_the_first(project: Project) -> None:
    project.run("--iqeval-repeats=3", "--iqeval-gen=seed=40")
    assert {body["seed"] for body in chats(project)} == {40, 41, 42}


def test_once_sends_no_seed(project: Project) -> None:
    project.run()
    assert not any("seed" in body for body in chats(project))
    assert project.report["benchmarks"][0]["spread"] is None


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--iqeval-repeats=0"], "*--iqeval-repeats 0 is not possible*"),
        (["--iqeval-repeats=3", "--iqeval-pass=4"], "*--iqeval-pass '4'*asked 3 times*"),
        (["--iqeval-pass=most"], "*--iqeval-pass 'most'*asked once*"),
        (
            ["--iqeval-repeats=2", "--iqeval-gen=seed=x"],
            "*--iqeval-gen seed=x: the seeds of 2 repeats*",
        ),
    ],
)
def test_what_can_not_be_is_refused(project: Project, args: list[str], words: str) -> None:
    result = project.run(*args)
    assert result.ret == 4
    result.stderr.fnmatch_lines([words])
    assert not chats(project)


def test_a_spent_budget_cuts_a_question_short(project: Project) -> None:
    """What came is judged; what was never asked makes the run inconclusive."""
    result = project.run("--iqeval-repeats=4", "--iqeval-token-budget=1", "--iqeval-concurrency=1")
    assert result.ret == 6
    report = project.report
    judged = sum(report["benchmarks"][0]["outcomes"].values())
    assert judged + report["not_asked"] == 20
    assert 0 < report["not_asked"] < 20
    assert "requests were never made" in report["headline"]


def test_stopping_early_leaves_the_rest_unasked(project: Project) -> None:
    by_seed(project, {"one": ["B", "B", "B"]})
    result = project.run("--iqeval-repeats=3", "-x", "--iqeval-concurrency=1")
    assert result.ret == 6
    assert project.report["not_asked"] == 12


@pytest.mark.slow
def test_a_worker_that_dies_costs_one_question(project: Project) -> None:
    """All replies of that item are errors, for one reason that is named once."""
    project.pytester.makeconftest(
        "import os\n"
        "def pytest_runtest_setup(item):\n"
        "    if item.nodeid.endswith('::two'): os._exit(3)\n"
    )
    assert project.run_apart("-n2", "--iqeval-repeats=2").ret == 6
    report = project.report
    assert report["benchmarks"][0]["outcomes"]["correct"] == 8
    assert report["benchmarks"][0]["outcomes"]["error"] == 2
    assert [lost["id"] for lost in report["lost"]] == ["iqeval/quiz::IQ::two"]


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_marked_tests_see_all_scores_and_the_result_in_one(
    project: Project, workers: tuple[str, ...]
) -> None:
    """`iqeval_score` agrees with the rule; a failure against it is an ordinary one."""
    by_seed(project, {"two": ["A", "B", "B"], "three": ["C", "A", "A"]})
    project.pytester.makepyfile(
        test_it="""
        import json, pytest

        @pytest.mark.iqeval("quiz/benchmark.yaml:IQ")
        def test_score(iqeval_score, iqeval_reply):
            assert iqeval_score.extracted in iqeval_reply.text
            assert iqeval_score.correct

        @pytest.mark.iqeval("quiz/benchmark.yaml:IQ", where={"id": "two"})
        def test_scores(iqeval_scores):
            assert [s.outcome for s in iqeval_scores] == ["incorrect", "correct", "correct"]
        """
    )
    run = project.run_apart if workers else project.run
    result = run(*workers, "test_it.py", "--iqeval-repeats=3")
    result.assert_outcomes(passed=7, failed=2)  # with the five that the dataset option adds
    report = project.report
    assert report["ordinary_failures"] == 0
    assert report["headline"].startswith("ungated: 4 of 5 questions pass")
    assert len(chats(project)) == 15


def test_the_score_hook_is_called_for_each_reply(project: Project) -> None:
    project.pytester.makeconftest(
        "def pytest_iqeval_score(sample, score, repeat):\n"
        "    with open('seen', 'a') as f: f.write(f'{sample.id} {repeat} {score.outcome}\\n')\n"
    )
    by_seed(project, {"two": ["A", "!", "B"]})
    project.run("iqeval/quiz::IQ::two", "--iqeval-repeats=3")
    seen = (project.pytester.path / "seen").read_text().splitlines()
    assert seen == ["two 0 incorrect", "two 2 correct"]


def test_temperature_0_is_said_to_give_the_same_replies(project: Project) -> None:
    result = project.run("--iqeval-repeats=2")
    result.stdout.fnmatch_lines(["iqeval: temperature 0: the replies*mostly be the same*"])


def test_pytest_html_shows_how_many_are_right(project: Project) -> None:
    by_seed(project, MIXED)
    project.run("--iqeval-repeats=3", "--html=h.html", "--self-contained-html")
    page = (project.pytester.path / "h.html").read_text("utf-8")
    assert "2/3 correct" in page


def test_rescore_judges_as_the_run_did(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the run's rule; the verdict is that of the report."""
    by_seed(project, MIXED)
    project.run("--iqeval-repeats=3", "--iqeval-pass=any")
    capsys.readouterr()
    assert main(["rescore", str(project.folder)]) == 0
    said = capsys.readouterr().out
    assert "0 of 15 verdicts would change" in said
    assert "the run's verdict would stay: ungated (exit code 0)" in said


def test_a_definition_names_further_shares(project: Project) -> None:
    """Those of more replies than were asked for are left out."""
    path = project.pytester.path / "quiz" / "benchmark.yaml"
    path.write_text(f"{path.read_text('utf-8')}\nmetrics: [pass@2, credit, pass@5]\n", "utf-8")
    project.wrong["one"] = "ANSWER: C"
    result = project.run("--iqeval-repeats=2")
    (quiz,) = project.report["benchmarks"]
    assert quiz["metrics"]["pass@2"]["value"] == quiz["metrics"]["credit"]["value"] == 0.8
    assert quiz["subsets"]["IQ"]["metrics"]["pass@2"]["value"] == pytest.approx(2 / 3)
    assert "pass@5" not in quiz["metrics"]
    result.stdout.fnmatch_lines(["pass@2 0.80 * n=5 (quiz), IQ 0.67 *, EQ 1.00 *"])
