"""What pytest's users know works on questions as on tests."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project

ALL = [
    "iqeval/quiz::IQ::one",
    "iqeval/quiz::IQ::two",
    "iqeval/quiz::IQ::three",
    "iqeval/quiz::EQ::wen",
    "iqeval/quiz::EQ::cry",
]


def listed(result: pytest.RunResult) -> list[str]:
    """The node ids that ``--co -q`` printed."""
    return [line for line in result.outlines if "::" in line]


def test_collect_only_lists_node_ids_and_asks_nothing(project: Project) -> None:
    """No request, not even the preflight's, and no file."""
    result = project.run("--co", "-q")
    assert listed(result) == ALL
    assert result.ret == 0
    assert not project.endpoint.requests
    assert not (project.pytester.path / "outputs").exists()


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["-k", "two or wen"], [ALL[1], ALL[3]]),
        (["-k", "EQ"], ALL[3:]),
        (["-k", "plugin"], []),
        (["-m", "iqeval(subset='IQ', level=1)"], ALL[:2]),
        (["-m", "iqeval(category='反讽')"], [ALL[3]]),
        (["--deselect", ALL[0]], ALL[1:]),
        (["--deselect", "iqeval/quiz::IQ"], ALL[3:]),
        (["iqeval/quiz::IQ::two"], [ALL[1]]),
        (["iqeval/quiz::IQ"], ALL[:3]),
        (["iqeval/quiz"], ALL),
        (["iqeval"], ALL),
        (["iqeval/quiz::EQ", "iqeval/quiz::IQ::one"], [*ALL[3:], ALL[0]]),
        (["--iqeval-dataset=quiz/benchmark.yaml:EQ"], ALL[3:]),
        (["--iqeval-limit=1"], [ALL[0], ALL[3]]),
    ],
)
def test_selection_chooses_questions(
    project: Project, args: list[str], expected: list[str]
) -> None:
    """Keyword, marker, deselect, node ids, subset and limit; strict markers are clean."""
    assert listed(project.run("--co", "-q", "--strict-markers", *args)) == expected


def test_a_seeded_draw_is_the_same_every_time(project: Project) -> None:
    """Two of three in IQ, both in EQ; the same two for the same seed."""
    first = listed(project.run("--co", "-q", "--iqeval-sample=2", "--iqeval-seed=7"))
    assert len(first) == 4
    assert listed(project.run("--co", "-q", "--iqeval-sample=2", "--iqeval-seed=7")) == first


def test_a_draw_on_the_command_line_replaces_a_limit_of_the_ini_file(project: Project) -> None:
    """A command-line option wins, also over its rival's ini twin."""
    project.pytester.makeini("[pytest]\niqeval_limit = 1\n")
    assert len(listed(project.run("--co", "-q"))) == 2
    assert len(listed(project.run("--co", "-q", "--iqeval-sample=2"))) == 4


def test_a_pasted_node_id_runs_that_question_alone(project: Project) -> None:
    """One request, one passed item; the report says 1 of 5."""
    result = project.run("iqeval/quiz::IQ::two", "--iqeval-gate=accuracy >= 0.5")
    result.assert_outcomes(passed=1)
    assert len(project.endpoint.requests) == 1
    result.stdout.fnmatch_lines(["*1 of 5*"])
    assert project.report["selection"]["asked"] == 1
    assert project.report["selection"]["available"] == 5


def test_last_failed_asks_failed_questions_only_and_judges_no_gate(project: Project) -> None:
    """--lf asks the two that failed; their gate is not judged, and the verdict says why."""
    project.wrong |= {"one": "ANSWER: C", "cry": "ANSWER: A"}
    project.run()
    before = len(project.endpoint.requests)
    result = project.run("--lf", "--iqeval-gate=accuracy >= 0.9")
    result.assert_outcomes(failed=2)
    assert len(project.endpoint.requests) == before + 2
    assert result.ret == 6
    assert project.report["verdict"] == "inconclusive"
    result.stdout.fnmatch_lines(["*only earlier failures were asked*"])


def test_failed_first_puts_earlier_failures_first(project: Project) -> None:
    """--ff asks all, the failed ones first."""
    project.wrong["cry"] = "ANSWER: A"
    project.run()
    assert listed(project.run("--ff", "--co", "-q"))[0] == ALL[4]


def test_stepwise_goes_on_at_the_failure(project: Project) -> None:
    """--sw stops at the first wrong answer and starts there the next time."""
    project.wrong["two"] = "ANSWER: A"
    first = project.run("--sw")
    first.assert_outcomes(passed=1, failed=1)
    assert first.ret == 6
    del project.wrong["two"]
    project.run("--sw").assert_outcomes(passed=4, deselected=1)


@pytest.mark.parametrize("stop", ["-x", "--maxfail=1"])
def test_stopping_early_leaves_the_rest_unasked_and_says_so(project: Project, stop: str) -> None:
    """-x: what was not reached is counted, and the run is inconclusive."""
    project.wrong["one"] = "ANSWER: B"
    result = project.run(stop, "--iqeval-concurrency=1")
    result.assert_outcomes(failed=1)
    assert result.ret == 6
    report = project.report
    assert report["not_asked"] == 4
    assert report["verdict"] == "inconclusive"
    assert len(project.endpoint.requests) <= 2


@pytest.mark.parametrize(
    "off",
    [
        "no:xdist",
        "no:html",
        *(
            pytest.param(off, marks=pytest.mark.slow)
            for off in (
                *("no:terminal", "no:cacheprovider", "no:junitxml", "no:logging"),
                "no:faulthandler",
            )
        ),
    ],
)
def test_other_plugins_can_be_switched_off(project: Project, off: str) -> None:
    """The run is the same without xdist, html, terminal, cache or JUnit."""
    result = project.run_apart("-p", off)
    assert result.ret == 0
    assert project.report["benchmarks"][0]["outcomes"]["correct"] == 5
    assert not result.errlines or off == "no:terminal"


def test_verbose_prints_a_line_for_each_question(project: Project) -> None:
    """-v: node id, outcome, and the answer that was read."""
    project.wrong["two"] = "ANSWER: A"
    result = project.run("-v")
    result.stdout.fnmatch_lines(
        ["iqeval/quiz::IQ::one correct A*", "iqeval/quiz::IQ::two incorrect A*"]
    )


def test_questions_print_no_letters(project: Project) -> None:
    """By default nothing stands between the header and the summary but heartbeats."""
    result = project.run()
    assert "....." not in result.stdout.str()


def test_durations_and_junit_show_the_reply_time(project: Project) -> None:
    """--durations and the testcase's time are the endpoint's latency, not the wait's rest."""
    from tests.support.endpoint import slow
    from tests.support.junit import read_junit

    project.wrong["one"] = slow("ANSWER: A", 0.3)
    result = project.run("--durations=3", "-vv", "--junitxml=j.xml")
    (line,) = [text for text in result.outlines if "s setup" in text and "::one" in text]
    shown = float(line.split("s setup")[0])
    suite = read_junit(project.pytester.path / "j.xml")
    (case,) = [c for c in suite.iter("testcase") if c.attrib["name"] == "one"]
    (row,) = [r for r in project.rows() if r["id"] == "one"]
    assert shown >= 0.3
    assert shown == pytest.approx(row["latency_s"], abs=0.1)
    assert float(case.attrib["time"]) == pytest.approx(row["latency_s"], abs=0.1)


def test_questions_run_beside_ordinary_tests_and_last_failed_keeps_them_all(
    project: Project,
) -> None:
    """A mixed session: letters stay, all failed questions come again under --lf."""
    project.pytester.makepyfile(test_plain="def test_good(): pass\ndef test_bad(): assert 0\n")
    project.wrong |= {"one": "ANSWER: C", "cry": "ANSWER: A"}
    args = ("test_plain.py", "iqeval/quiz")
    result = project.run(*args)
    result.assert_outcomes(passed=4, failed=3)
    assert result.ret == 1
    assert project.report["ordinary_failures"] == 1
    project.run(*args, "--lf").assert_outcomes(failed=3, deselected=4)


def test_path_arguments_collect_exactly_those(project: Project) -> None:
    """A test file alone: no question is asked; with an explicit dataset they are added."""
    project.pytester.makepyfile(test_plain="def test_good(): pass\n")
    project.pytester.makeini("[pytest]\niqeval_dataset = quiz/benchmark.yaml\n")
    args = ["--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}", "--co", "-q"]
    alone = project.pytester.runpytest_inprocess(*args, "test_plain.py")
    assert listed(alone) == ["test_plain.py::test_good"]
    both = project.run("--co", "-q", "test_plain.py")
    assert listed(both) == ["test_plain.py::test_good", *ALL]


def test_no_path_collects_no_tests_of_the_repository(project: Project) -> None:
    """Neither the working folder's tests nor ini testpaths are run."""
    project.pytester.makepyfile(test_plain="def test_good(): pass\n")
    project.pytester.makeini("[pytest]\ntestpaths = .\n")
    assert listed(project.run("--co", "-q")) == ALL


def test_a_gate_over_no_question_is_no_pass(project: Project) -> None:
    """Ordinary tests pass, no question was selected: the gate has no number, exit 6."""
    project.pytester.makepyfile(test_plain="def test_good(): pass\n")
    args = ("test_plain.py", "iqeval/quiz", "-k", "good")
    assert project.run(*args).ret == 0
    result = project.run(*args, "--iqeval-gate=accuracy >= 0.5")
    result.assert_outcomes(passed=1, deselected=5)
    assert result.ret == 6
    assert project.report["verdict"] == "inconclusive"


def test_nothing_selected_is_exit_5_and_leaves_no_folder(project: Project) -> None:
    """-k that matches nothing: pytest's own code 5."""
    result = project.run("-k", "nosuch")
    assert result.ret == 5
    assert not list((project.pytester.path / "outputs").glob("*/*"))


def test_a_skip_marker_leaves_a_question_out(project: Project) -> None:
    """A user's conftest may skip a question; it is neither asked nor missing."""
    project.pytester.makeconftest(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items[0].add_marker(pytest.mark.skip(reason='known to be bad'))\n"
    )
    result = project.run("-rs")
    result.assert_outcomes(passed=4, skipped=1)
    assert result.ret == 0
    assert len(project.endpoint.requests) == 4
    result.stdout.fnmatch_lines(["SKIPPED*known to be bad*"])


@pytest.mark.parametrize("plan", ["--setup-plan", "--setup-only"])
def test_a_setup_plan_asks_nothing(project: Project, plan: str) -> None:
    """The items are shown, none fails, no request is sent and no file written."""
    project.pytester.makepyfile(
        test_model="import pytest\n@pytest.mark.iqeval('quiz/benchmark.yaml:IQ')\n"
        "def test_question(iqeval_score): pass\n"
    )
    result = project.run(plan, "test_model.py", "iqeval/quiz")
    assert result.ret == 0
    assert "Error" not in result.stdout.str()
    assert not project.endpoint.requests
    assert not (project.pytester.path / "outputs").exists()


@pytest.mark.parametrize("dist", [pytest.param("loadfile", marks=pytest.mark.slow), "each"])
def test_dist_without_workers_asks_in_this_process(project: Project, dist: str) -> None:
    """``addopts = --dist loadfile`` starts no worker as long as there is no ``-n``."""
    result = project.run_apart(f"--dist={dist}")
    result.assert_outcomes(passed=5)
    assert result.ret == 0


HOOKED = "import pytest\ndef pytest_collection_modifyitems(items):\n    for item in items"


@pytest.mark.parametrize(
    ("gates", "exit_code", "verdict"),
    [([], 0, "ungated"), (["--iqeval-gate=accuracy >= 0.5"], 6, "inconclusive")],
)
@pytest.mark.parametrize("mark", ["skip(reason='later')", "xfail(run=False)"])
def test_where_every_question_is_left_out_gates_have_no_number(
    project: Project, gates: list[str], exit_code: int, verdict: str, mark: str
) -> None:
    """Nothing is asked, nothing is missing; report, exit code and verdict agree."""
    project.pytester.makeconftest(f"{HOOKED}: item.add_marker(pytest.mark.{mark})\n")
    result = project.run(*gates)
    assert result.ret == exit_code
    report = project.report
    assert (report["verdict"], report["exit_code"]) == (verdict, exit_code)
    assert report["not_asked"] == 0
    assert not project.endpoint.requests


def test_an_expected_failure_fails_no_ungated_run(project: Project) -> None:
    """An xfail mark of a conftest: the wrong answer counts as wrong, and pytest fails nothing."""
    project.wrong["two"] = "ANSWER: A"
    project.pytester.makeconftest(f"{HOOKED}[:2]: item.add_marker(pytest.mark.xfail)\n")
    result = project.run()
    result.assert_outcomes(passed=3, xfailed=1, xpassed=1)
    assert result.ret == 0
    assert project.report["benchmarks"][0]["outcomes"]["incorrect"] == 1


@pytest.mark.parametrize(
    ("conftest", "outcomes"),
    [
        (
            "def pytest_runtest_call(item):\n    if item.name == 'one': raise OSError('disk')\n",
            {"passed": 4, "failed": 1},
        ),
        (
            "def pytest_iqeval_score(item, sample):\n"
            "    if sample.id == 'one': raise OSError('disk')\n",
            {"passed": 4, "errors": 1},
        ),
        (f"{HOOKED}[:1]: item.add_marker(pytest.mark.xfail(strict=True))\n", {"failed": 1}),
    ],
)
def test_what_a_hook_raises_beside_a_correct_answer_fails_the_session(
    project: Project, conftest: str, outcomes: dict[str, int]
) -> None:
    """Whatever pytest shows as failed is in the exit code, though the gate holds."""
    project.pytester.makeconftest(conftest)
    result = project.run("--iqeval-gate=accuracy >= 0.5")
    result.assert_outcomes(**{"passed": 4, **outcomes})
    assert result.ret == 1
    report = project.report
    assert (report["verdict"], report["ordinary_failures"]) == ("passed", 1)


def test_a_teardown_that_raises_after_a_wrong_answer_fails_the_session(project: Project) -> None:
    """The wrong answer is the question's, the trouble in teardown is not."""
    project.wrong["one"] = "ANSWER: B"
    project.pytester.makeconftest(
        "def pytest_runtest_teardown(item):\n    if item.name == 'one': raise OSError('disk')\n"
    )
    result = project.run("--iqeval-gate=accuracy >= 0.5", "--tb=no")
    assert result.ret == 1
    assert project.report["ordinary_failures"] == 1


def test_a_question_whose_setup_hook_raises_is_an_error_with_its_words(project: Project) -> None:
    """It is in no accuracy, and the report says what was raised."""
    project.pytester.makeconftest(
        "def pytest_runtest_setup(item):\n    if item.name == 'one': raise OSError('disk')\n"
    )
    result = project.run()
    result.assert_outcomes(passed=4, errors=1)
    assert result.ret == 6
    report = project.report
    assert report["benchmarks"][0]["outcomes"]["error"] == 1
    assert report["not_asked"] == 0
    assert report["lost"] == [{"id": ALL[0], "reason": "OSError: disk"}]


def test_outcomes_of_other_plugins_are_theirs_to_name(project: Project) -> None:
    """A rerun (as pytest-rerunfailures reports it) is no failure of ours."""
    project.wrong["two"] = "ANSWER: A"
    project.pytester.makeconftest(
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_makereport(item, call):\n"
        "    report = yield\n"
        "    if report.failed: report.outcome = 'rerun'\n"
        "    return report\n"
        "def pytest_report_teststatus(report):\n"
        "    if report.outcome == 'rerun': return 'rerun', 'R', 'RERUN'\n"
    )
    project.run().stdout.fnmatch_lines(["*4 passed, 1 rerun in *"])


def test_under_ci_a_failure_is_printed_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest's list at the end has its first line alone, as on a person's terminal."""
    monkeypatch.setenv("CI", "true")
    project.wrong["one"] = "ANSWER: C"
    said = project.run().stdout.str()
    assert said.count("incorrect: expected ") == 2
    assert said.count("reply: ") == 1


def test_what_was_paid_for_and_not_reached_is_counted(project: Project) -> None:
    """With `-x` asking runs ahead; what came is kept, for `--iqeval-resume`."""
    project.wrong["one"] = "ANSWER: C"
    result = project.run("-x", "--iqeval-concurrency=4")
    usage, asked = project.report["usage"], len(project.endpoint.requests)
    assert asked > 1
    assert usage["requests"] == asked
    assert usage["unreached"] == asked - 1
    assert usage["completion_tokens"] == 3 * asked
    result.stdout.fnmatch_lines(
        [f"{asked} requests, {asked - 1} repl* kept that no test came to,*"]
    )


def test_a_session_that_took_our_module_finder_away_ends_well(project: Project) -> None:
    """A plugin may put back the finders that it noted at its start."""
    project.pytester.makeconftest(
        "import sys\n"
        "def pytest_sessionfinish():\n"
        "    sys.meta_path[:] = [f for f in sys.meta_path if 'iqeval' not in type(f).__module__]\n"
    )
    result = project.run_apart()
    assert result.ret == 0
    result.stderr.no_fnmatch_line("*ValueError*")
