"""The page of scorers: each way to a scorer of one's own works as it is printed."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pytest_iqeval import api, hookspecs
from pytest_iqeval.core.score import Outcome
from tests.support.endpoint import ScriptedEndpoint, last_user
from tests.support.packages import install
from tests.support.pages import blocks, read_page, table_rows, ticked, write_files

PAGE = read_page("scorers.md")
FILES = {block.file: block.text for block in blocks(PAGE) if block.file}
SNIPPET = next(b.text for b in blocks(PAGE) if b.language == "python" and not b.file)
ARROWS = 'name: arrows\nlanguage: en\ndata: arrows.jsonl\nscorer: {name: arrow, mark: "->"}\n'


@pytest.fixture
def rates(pytester: pytest.Pytester, endpoint: ScriptedEndpoint) -> Path:
    """A folder with the page's files; the model knows pi, and a little less of e."""
    write_files(
        {k: v for k, v in FILES.items() if k in ("conftest.py", "rates.yaml")}, pytester.path
    )
    write_files({"rates.jsonl": FILES["rates.jsonl"]}, pytester.path)
    endpoint.answer(lambda body: "3.14" if "pi" in last_user(body) else "About 2.\n2.75")
    return pytester.path


def ask(pytester: pytest.Pytester, endpoint: ScriptedEndpoint, *args: str) -> pytest.RunResult:
    """Run pytest against the endpoint, in this process unless there are workers."""
    run = pytester.runpytest_subprocess if "-n" in args else pytester.runpytest_inprocess
    return run("--iqeval-model=m", f"--iqeval-base-url={endpoint.url}", *args)


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_the_conftest_judges_numbers(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint, rates: Path, workers: tuple[str, ...]
) -> None:
    """Both within 0.05; nearer, one of them; without a number, none."""
    spec = "--iqeval-dataset=rates.yaml"
    ask(pytester, endpoint, spec, *workers).assert_outcomes(passed=2)
    definition = rates / "rates.yaml"
    definition.write_text(FILES["rates.yaml"].replace("within: 0.05", "within: 0.01"), "utf-8")
    ask(pytester, endpoint, spec, *workers).assert_outcomes(passed=1, failed=1)
    endpoint.answer("A number.")
    result = ask(pytester, endpoint, spec, *workers)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*unparsed: expected 3.14, got no answer*"])


def arrows(pytester: pytest.Pytester, endpoint: ScriptedEndpoint) -> None:
    """A benchmark for the page's package, and a model that answers with arrows."""
    rows = [{"id": "fr", "question": "France?", "answer": "Paris"}]
    rows += [{"id": "at", "question": "Austria?", "answer": "Vienna"}]
    write_files(
        {"arrows.yaml": ARROWS, "arrows.jsonl": "".join(json.dumps(r) + "\n" for r in rows)},
        pytester.path,
    )
    endpoint.answer(lambda body: "Rome -> Paris" if "France?" in last_user(body) else "-> Graz \n")


def test_the_package_is_found_by_its_entry_point(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it lies on the path when it is installed: the answer is read and shown in its place."""
    site = pytester.mkdir("site")
    entries = tomllib.loads(FILES["pyproject.toml"])["project"]["entry-points"]
    install(site, "iqeval-arrows", entries["pytest_iqeval.scorers"], {"arrows": FILES["arrows.py"]})
    monkeypatch.syspath_prepend(site)
    arrows(pytester, endpoint)
    result = ask(pytester, endpoint, "--iqeval-dataset=arrows.yaml")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*incorrect: expected Vienna, got Graz (rule arrow)*", "reply: -> »Graz«*"]
    )


@pytest.mark.slow
def test_the_package_works_when_it_is_really_installed(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built by the backend that the page names, installed by pip, used alone and by workers."""
    project = pytester.mkdir("project")
    write_files({k: FILES[k] for k in ("pyproject.toml", "arrows.py")}, project)
    site = pytester.path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site)]
    subprocess.run([*pip, str(project)], check=True, capture_output=True)
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    arrows(pytester, endpoint)
    for workers in ((), ("-n", "2")):
        result = pytester.runpytest_subprocess(
            "--iqeval-model=m",
            f"--iqeval-base-url={endpoint.url}",
            "--iqeval-dataset=arrows.yaml",
            *workers,
        )
        result.assert_outcomes(passed=1, failed=1)


def test_the_small_class_scores(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint, rates: Path
) -> None:
    """In the conftest, instead of the function."""
    hook = "def pytest_iqeval_scorers(config):\n    return {'close': Polite}\n"
    (rates / "conftest.py").write_text(f"{SNIPPET}\n\n{hook}", "utf-8")
    (rates / "rates.yaml").write_text(FILES["rates.yaml"].replace(", within: 0.05", ""), "utf-8")
    endpoint.script("Please: 3.14")
    ask(
        pytester, endpoint, "--iqeval-dataset=rates.yaml", "--iqeval-concurrency=1"
    ).assert_outcomes(passed=1, failed=1)


def test_the_example_in_the_hook_itself_works(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint, rates: Path
) -> None:
    """The docstring's code is a conftest."""
    doc = inspect.cleandoc(hookspecs.pytest_iqeval_scorers.__doc__ or "")
    code = doc[doc.index("    def close") : doc.index("A name that is taken")]
    (rates / "conftest.py").write_text(inspect.cleandoc(code), "utf-8")
    result = ask(pytester, endpoint, "--iqeval-dataset=rates.yaml")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*unparsed: expected 2.72, got no answer*"])


def test_the_page_imports_only_what_is_promised() -> None:
    """Every name that its code takes from the package."""
    taken = [
        name.strip()
        for block in blocks(PAGE)
        for line in block.text.splitlines()
        if line.startswith("from pytest_iqeval")
        for name in line.removeprefix("from pytest_iqeval.api import ").split(",")
    ]
    assert set(taken) <= set(api.__all__)
    assert {"ReadingScorer", "Score"} <= set(taken)


def test_the_table_of_returned_values_names_outcomes_that_there_are() -> None:
    """`tests/core/scorers/test_function_scorer.py` holds what each row says."""
    rows = table_rows(PAGE, "What it returns:")
    assert [ticked(row[0]) for row in rows] == [
        ["True", "1"],
        [],
        ["False", "0"],
        ["None"],
        ["Score"],
    ]
    words = " ".join(row[1] for row in rows)
    for outcome in Outcome:
        assert (outcome in words) is (outcome is not Outcome.ERROR)
