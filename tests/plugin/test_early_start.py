"""The owner asks before anything is collected, where nothing can leave a question out."""

from __future__ import annotations

import pytest

from pytest_iqeval.plugin.early import all_is_asked, chosen_requests
from pytest_iqeval.plugin.evaluation import EVALUATION
from tests.plugin.conftest import Project

SELECTING = [
    "-k one",
    "-m iqeval(level=1)",
    "--deselect iqeval/quiz::IQ::one",
    "--lf",
    "--ff",
    "--nf",
    "--sw",
    "-x",
    "--maxfail 2",
    "--dist load --tx popen//python=python3",
    "test_mine.py iqeval/quiz",
]
CHANGING = [
    "pytest_collection_modifyitems(items): items.pop()",
    "pytest_collection_finish(session): session.items.pop()",
    "pytest_itemcollected(item): item.add_marker('skip')",
    "pytest_collectstart(collector): pass",
    "pytest_make_collect_report(collector): pass",
    "pytest_collection(session): pass",
]
HARMLESS = ["", "-n2", "-v", "iqeval/quiz", "--iqeval-limit 1", "--iqeval-resume", "--durations 3"]


def starts_early(project: Project, line: str) -> bool:
    """What is decided for a command line of blanks and words."""
    words, marked = line.split(), "-m " in line
    args = ["-m", line.removeprefix("-m ")] if marked else words
    base = ["--iqeval-model=m", "--iqeval-dataset=quiz/benchmark.yaml"]
    config = project.pytester.parseconfigure(*base, *args)
    return all_is_asked(config, config.stash[EVALUATION])


@pytest.mark.parametrize("line", HARMLESS)
def test_where_all_is_surely_asked_it_is_asked_at_once(project: Project, line: str) -> None:
    """Other options, and arguments that name a benchmark, do not stand in the way."""
    assert starts_early(project, line)


@pytest.mark.parametrize("line", SELECTING)
def test_what_may_leave_out_or_end_early_waits_for_collection(project: Project, line: str) -> None:
    """So that nothing is asked that was not selected."""
    project.pytester.makepyfile(test_mine="def test_mine(): pass")
    assert not starts_early(project, line)


@pytest.mark.parametrize("hook", CHANGING)
def test_a_hook_that_may_change_what_is_collected_is_waited_for(
    project: Project, hook: str
) -> None:
    """Whether it does is known only when it was called."""
    project.pytester.makeconftest(f"def {hook}\n")
    assert not starts_early(project, "")


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        ((), ["one", "two", "three", "wen", "cry"]),
        (("iqeval/quiz::EQ",), ["wen", "cry"]),
        (("iqeval/quiz::EQ::cry", "iqeval/quiz::IQ"), ["cry", "one", "two", "three"]),
        (("--iqeval-limit=1",), ["one", "wen"]),
    ],
)
def test_what_is_asked_early_is_what_is_collected_in_its_order(
    project: Project, args: tuple[str, ...], ids: list[str]
) -> None:
    """Parts, subsets, single questions and limits are as the collectors take them."""
    base = ["--iqeval-model=m", "--iqeval-dataset=quiz/benchmark.yaml"]
    config = project.pytester.parseconfigure(*base, *args)
    pieces = chosen_requests(config.stash[EVALUATION])
    assert [request.key.id for piece in pieces for request in piece] == ids
    items, _ = project.pytester.inline_genitems(*base, *args)
    assert [item.name for item in items] == ids


def test_all_requests_are_under_way_before_the_header_is_written(project: Project) -> None:
    """And no question is asked twice for it."""
    project.pytester.makeconftest(
        "import time\n"
        "def pytest_report_header(config):\n"
        "    run = config.pluginmanager.get_plugin('iqeval-owner').run\n"
        "    end = time.monotonic() + 20\n"
        "    while run.progress().done == 0 and run._broker.stats().answered < 5:\n"
        "        assert time.monotonic() < end\n"
        "        time.sleep(0.01)\n"
    )
    result = project.run()
    result.assert_outcomes(passed=5)
    assert len([r for r in project.endpoint.requests if r.body is not None]) == 5


def test_what_was_asked_for_a_session_that_never_ran_is_kept(project: Project) -> None:
    """Ctrl-C after the early start: its replies are paid for, and --iqeval-resume has them."""
    project.pytester.makeconftest(
        "import time\n"
        "def pytest_report_header(config):\n"
        "    run = config.pluginmanager.get_plugin('iqeval-owner').run\n"
        "    while run._broker.stats().answered < 5: time.sleep(0.01)\n"
        "    raise KeyboardInterrupt\n"
    )
    assert project.run(no_reraise_ctrlc=True).ret == 2
    assert (project.folder / "run.sqlite3").is_file()
    (project.pytester.path / "conftest.py").unlink()
    project.run("--iqeval-resume").assert_outcomes(passed=5)
    assert len([r for r in project.endpoint.requests if r.body is not None]) == 5
