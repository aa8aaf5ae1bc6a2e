"""Our modules are loaded as Python loads any other, and only while evaluation is on."""

from __future__ import annotations

import gc
import sys

import pytest

from tests.plugin.conftest import Project

# In an installed package pytest marks all of ours for its rewriter; here it is asked to.
CONFTEST = """
import sys
import warnings
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # some of it is loaded by now
    pytest.register_assert_rewrite("pytest_iqeval")

def pytest_unconfigure():
    loaders = {
        type(module.__loader__).__name__
        for name, module in sys.modules.items()
        if name.startswith("pytest_iqeval.run")
    }
    print("LOADED BY", *loaders)
"""


def test_no_module_of_ours_goes_through_the_rewriter(project: Project) -> None:
    project.pytester.makeconftest(CONFTEST)
    result = project.run_apart()
    result.stdout.fnmatch_lines(["LOADED BY SourceFileLoader"])
    assert result.ret == 0


def test_nothing_of_it_is_left_when_the_session_is_over(project: Project) -> None:
    before = list(sys.meta_path), gc.get_threshold()
    assert project.run().ret == 0
    assert (list(sys.meta_path), gc.get_threshold()) == before
    assert project.run("--iqeval-dataset=nowhere.jsonl").ret == pytest.ExitCode.USAGE_ERROR
    assert (list(sys.meta_path), gc.get_threshold()) == before


def test_beside_ordinary_tests_garbage_is_collected_as_ever(project: Project) -> None:
    """A session of questions alone collects less often."""
    project.pytester.makepyfile(
        "import gc\n\ndef test_one(): print('EVERY', gc.get_threshold()[0])"
    )
    project.pytester.makeconftest(
        "import gc\n\n"
        "def pytest_runtest_logreport(report):\n"
        "    if report.when == 'call': print('AFTER', gc.get_threshold()[0])\n"
    )
    usual = gc.get_threshold()[0]
    mixed = project.run("-s", ".", "--iqeval-limit=1")
    mixed.stdout.fnmatch_lines([f"*EVERY {usual}"])
    alone = project.run("-s", "iqeval/quiz::IQ::one")
    alone.stdout.fnmatch_lines(["*AFTER 20000"])
