"""Workers that xdist starts by ``--tx``: another interpreter, folder or environment."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_iqeval import __version__
from pytest_iqeval.core.errors import DefinitionError, SettingsError
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.plugin.worker import check_version
from pytest_iqeval.plugin.xdist import VERSION, OwnerEnd, count_workers, join_values, needed
from tests.plugin.conftest import Project
from tests.support.reports import lasting

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("dist", "tx", "count"),
    [
        ("load", ["popen"] * 8, 8),
        ("load", ["8*popen"], 8),
        ("load", ["3*popen//python=python3", "ssh=host//chdir=x", "2*socket=h:1"], 6),
        ("no", ["8*popen"], 0),
        ("load", None, 0),
    ],
)
def test_workers_are_counted_as_xdist_starts_them(
    dist: str, tx: list[str] | None, count: int
) -> None:
    """Their number is the least concurrency: ``--tx 8*popen`` is eight, not one."""
    config: Any = SimpleNamespace(option=SimpleNamespace(dist=dist, tx=tx))
    assert count_workers(config) == count


@pytest.mark.parametrize("owner", [None, "0.0.1"])
def test_a_worker_of_another_version_refuses(owner: str | None) -> None:
    """It may score otherwise, or not understand what it is sent; both versions are named."""
    with pytest.raises(SettingsError, match=r"worker has pytest-iqeval .*, the session"):
        check_version(SimpleNamespace(workerinput={VERSION: owner}))
    check_version(SimpleNamespace(workerinput={VERSION: __version__}))


@pytest.mark.parametrize(
    ("version", "popen", "told"),
    [
        ((2, 0, 1), True, "the worker is Python 2.0, "),
        ((2, 0, 1), None, "install pytest-iqeval "),  # on another machine it has its own packages
        (sys.version_info[:3], True, "install pytest-iqeval "),
        (None, True, "install pytest-iqeval "),
    ],
)
def test_a_worker_of_another_python_is_told_from_one_that_lacks_packages(
    version: tuple[int, ...] | None, popen: bool | None, told: str
) -> None:
    """xdist gives a local worker the packages of the session, of which it can't load any."""
    gateway = SimpleNamespace(spec=SimpleNamespace(popen=popen))
    if version is not None:
        gateway._cache_rinfo = SimpleNamespace(version_info=version)
    assert told in needed(gateway)


def compare(project: Project, *distributed: str) -> None:
    """The same run alone and so: same report, each question once, one limit for all workers."""
    project.wrong["two"] = "ANSWER: A"
    project.endpoint.latency_s = 0.02
    args = ("--iqeval-gate=accuracy >= 0.5", "--iqeval-concurrency=2")
    project.run(*args)
    alone, asked = lasting(project.folder), len(project.endpoint.requests)
    result = project.run_apart(*distributed, *args)
    assert result.ret == 0
    assert lasting(project.folder) == alone
    assert len(project.endpoint.requests) == 2 * asked
    assert project.endpoint.max_concurrent <= 2


@pytest.mark.slow
def test_workers_of_a_named_interpreter_give_the_same_report(project: Project) -> None:
    """``--tx 2*popen//python=…``: one broker, one set of limits."""
    compare(project, "--dist=load", f"--tx=2*popen//python={sys.executable}")


@pytest.mark.slow
def test_a_worker_that_can_not_start_ends_the_run_with_its_reason(project: Project) -> None:
    """In another folder the benchmark is not there; under ``--tx`` xdist would try for ever."""
    elsewhere = project.pytester.mkdir("elsewhere")
    result = project.run_apart("--dist=load", f"--tx=2*popen//chdir={elsewhere}")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: iqeval: worker gw* could not start: *quiz*", "*hint: *"])
    assert "Traceback" not in result.stderr.str()


MARKED = """
import pytest

@pytest.mark.iqeval("../quiz/benchmark.yaml")
def test_question(iqeval_score):
    assert iqeval_score.correct
"""


def copied(project: Project, *, marked: bool = False) -> Path:
    """A folder beside the project with a copy of its files, as on another machine."""
    if marked:
        project.pytester.mkdir("checks").joinpath("test_marked.py").write_text(MARKED)
    copy = project.pytester.path.with_name(project.pytester.path.name + "-copy")
    shutil.copytree(project.pytester.path, copy, ignore=shutil.ignore_patterns("outputs"))
    return copy


@pytest.mark.slow
def test_workers_in_a_copy_of_the_folder_give_the_same_report(project: Project) -> None:
    """As on another machine: paths start from the worker's own folder."""
    compare(project, "--dist=load", f"--tx=2*popen//chdir={copied(project)}")


@pytest.mark.slow
def test_a_marked_test_in_a_copy_of_the_folder_is_the_same_test(project: Project) -> None:
    """Its benchmark is loaded by the worker alone, by a path from the test file."""
    copy = copied(project, marked=True)
    result = project.pytester.runpytest_subprocess(
        *("--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}"),
        *("--dist=load", f"--tx=2*popen//chdir={copy}", "--rsyncdir=checks"),
        str(project.pytester.path / "checks" / "test_marked.py"),  # xdist takes no relative one
    )
    result.assert_outcomes(passed=5)
    assert project.report["benchmarks"][0]["outcomes"]["correct"] == 5


@pytest.mark.slow
def test_a_marked_test_in_a_folder_that_xdist_copies_is_the_same_test(project: Project) -> None:
    """With ``--rsyncdir=.`` the copy lies a folder deeper than where the worker starts."""
    project.pytester.makeini("[pytest]")
    project.pytester.mkdir("checks").joinpath("test_marked.py").write_text(MARKED)
    there = project.pytester.path.with_name(project.pytester.path.name + "-there")
    there.mkdir()
    result = project.pytester.runpytest_subprocess(
        *("--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}"),
        *("--dist=load", f"--tx=2*popen//chdir={there}", "--rsyncdir=."),
        str(project.pytester.path / "checks" / "test_marked.py"),
    )
    result.assert_outcomes(passed=5)


def test_what_json_makes_of_a_field_on_its_way_is_no_difference() -> None:
    """A date comes as its text, a tuple as a list; where it was read is no difference either."""
    fields: dict[str, object] = {"day": date(2026, 1, 1), "pair": (1, 2)}
    own = Sample(
        benchmark="b", subset="s", id="1", input="?", target="A", metadata=fields, file="here"
    )
    evaluation: Any = SimpleNamespace(benchmarks={"b": None}, sample=lambda _: own)
    run: Any = SimpleNamespace(ledger=SimpleNamespace(planned=None))
    end = OwnerEnd(evaluation, run, root=Path())
    sent = json.loads(json.dumps({**own.to_plain(), "file": "there", "line": 7}, default=str))
    assert end._own(Sample.from_plain(sent)) is own
    with pytest.raises(DefinitionError, match=r"there:7: .* that of here"):
        end._own(Sample.from_plain({**sent, "target": "B"}))


@pytest.mark.slow
@pytest.mark.parametrize("other", ["first", "second", "fewer"])
def test_a_worker_with_other_questions_is_refused(project: Project, other: str) -> None:
    """It would judge by an answer that this session does not know. The first worker plans."""
    copy = copied(project)
    for file in (copy / "quiz").glob("*.jsonl"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        others = [line.replace('"level": ', '"level": 1') for line in lines]
        file.write_text("".join(lines[1:] if other == "fewer" else others), "utf-8")
    here, there = (f"--tx=popen//chdir={folder}" for folder in (project.pytester.path, copy))
    workers = [here, there] if other == "second" else [there]
    result = project.run_apart("--dist=load", *workers)
    assert result.ret == 4, result.stdout.str()
    differs = "*-copy/quiz/*.jsonl:*: a worker has another question iqeval/quiz::*: here it is *"
    told = {"fewer": "a worker has 3 questions of quiz, this session 5"}.get(other, differs)
    hint = "*hint: give the worker the same files*"
    result.stderr.fnmatch_lines([f"ERROR: iqeval: {told}", hint])
    assert "Traceback" not in result.stderr.str()


@pytest.mark.slow
def test_a_fault_of_ours_in_what_a_worker_sends_is_told_as_one(project: Project) -> None:
    """Not as an owner that is gone; what it says stays out, since it may hold a secret."""
    project.pytester.makeconftest(
        "from pytest_iqeval.run import Run\n"
        "def report(*_, **__): raise ValueError('hush')\n"
        "Run.report = report\n"
    )
    result = project.run_apart("-n2")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    said = result.stdout.str() + result.stderr.str()
    assert "a fault in pytest-iqeval, please report it: ValueError at" in said
    assert "ValueError: hush" not in said
    (project.pytester.path / "conftest.py").unlink()
    assert project.run_apart("-n2", "--iqeval-resume").ret == 0
    assert len(project.endpoint.requests) <= 5 + 3  # the models are asked for each time


@pytest.mark.slow
def test_the_value_of_an_option_is_no_path_to_copy_into_a_workers_folder(project: Project) -> None:
    """With ``chdir=`` xdist takes every word that exists for a path of tests."""
    folder = project.pytester.path
    folder.joinpath("tx.jsonl").touch()
    result = project.run_apart(
        "--dist=load", f"--tx=1*popen//chdir={folder}", "--iqeval-log", "tx.jsonl",
        "--iqeval-dataset", "quiz/benchmark.yaml",
    )  # fmt: skip
    assert "INTERNALERROR" not in result.stdout.str()
    result.assert_outcomes(passed=5)
    assert len(folder.joinpath("tx.jsonl").read_text("utf-8").splitlines()) == 5


@pytest.mark.parametrize("tx", ["popen", "2*popen//python=python3"])
def test_words_are_left_as_they_are_where_no_worker_has_another_folder(tx: str) -> None:
    words = ("--iqeval-log", "a", "--iqeval-model", "m")
    params = pytest.Config.InvocationParams(args=words, plugins=None, dir=Path())
    option = SimpleNamespace(dist="load", tx=[tx])
    config: Any = SimpleNamespace(option=option, invocation_params=params)
    join_values(config)
    assert config.invocation_params.args == words
    option.tx += ["ssh=host"]
    join_values(config)
    assert config.invocation_params.args == ("--iqeval-log=a", "--iqeval-model=m")


@pytest.mark.slow
def test_a_worker_without_the_plugin_says_what_to_install(project: Project) -> None:
    """Its pytest knows none of our options."""
    result = project.run_apart("--dist=load", "--tx=popen//env:PYTEST_DISABLE_PLUGIN_AUTOLOAD=1")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: iqeval: worker gw* could not start: *unrecognized arguments: *--iqeval*"]
    )
    result.stderr.fnmatch_lines([f"*hint: *install pytest-iqeval {__version__} where it runs*"])


@pytest.mark.slow
def test_eight_workers_give_the_same_report(project: Project) -> None:
    """More workers than requests in flight, and than questions."""
    compare(project, "-n8")


@pytest.mark.slow
def test_workers_of_another_environment_give_the_same_report(
    project: Project, tmp_path: Path
) -> None:
    """``--tx popen//python=…`` of a virtual environment that has the built package."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", ROOT], check=True)
    compare(project, "--dist=load", f"--tx=2*popen//python={python}")
