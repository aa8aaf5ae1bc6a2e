"""What the end of a run needs of a question is made while others are awaited, and is the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.request import Key
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.run import drafts
from pytest_iqeval.run.drafts import Draft, Drafts
from tests.plugin.conftest import Project
from tests.plugin.test_replay import replay, same_report
from tests.support.endpoint import Body, status
from tests.support.page_reader import read_page

PATIENCE_S = 20


@pytest.fixture
def found(project: Project, monkeypatch: pytest.MonkeyPatch) -> dict[str, Draft | None]:
    """The draft that the end found of each question.

    The endpoint answers a question once the one before it has its draft, or is to have none.
    """
    passed = threading.Semaphore(1)
    found: dict[str, Draft | None] = {}
    make_some, scored, of, answer = (
        *(Drafts._make_some, Drafts.scored, Drafts.of),
        project.endpoint.answers,
    )

    def make_some_told(self: Drafts) -> None:
        make_some(self)
        passed.release()

    def scored_told(self: Drafts, key: Key, sample: Sample, score: Score) -> None:
        wanted = self._held < drafts._HELD
        scored(self, key, sample, score)
        if not wanted:
            passed.release()

    def of_noted(self: Drafts, key: Key, score: Score) -> Draft | None:
        found[key.id] = of(self, key, score)
        assert of(self, key, replace(score)) is None  # a draft is that of one score
        return found[key.id]

    def when_passed(body: Body) -> object:
        assert passed.acquire(timeout=PATIENCE_S)
        return answer(body)

    monkeypatch.setattr(Drafts, "_make_some", make_some_told)
    monkeypatch.setattr(Drafts, "scored", scored_told)
    monkeypatch.setattr(Drafts, "of", of_noted)
    project.endpoint.answer(when_passed)
    return found


def shown(folder: Path) -> object:
    """What a page shows of its questions, apart from the run's id."""
    page = read_page(folder / "report.html")
    rows = [{**row, "explain": row["explain"].replace(folder.name, "")} for row in page.rows]
    return rows, page.blocks["index"]["columns"], page.blocks["frames"], page.text.count("ms")


def test_files_are_the_same_with_drafts_and_without(
    project: Project, found: dict[str, Draft | None]
) -> None:
    """A replay waits for nothing, so it makes none."""
    project.wrong |= {"two": "ANSWER: A", "three": status(500), "wen": "答案：\x1b[31mA"}
    project.run("--iqeval-concurrency=1")
    drafted = [key for key, draft in found.items() if draft is not None and key != "cry"]
    assert drafted == ["one", "two", "three", "wen"]  # the last one may be too late
    folder = project.folder
    found.clear()
    replay(project)
    assert not found
    same_report(folder, project.folder)
    assert shown(folder) == shown(project.folder)


def test_a_key_is_in_no_file_that_was_made_ahead(
    project: Project, found: dict[str, Draft | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY_KEY", "sk-canary-1234567890")
    project.wrong["one"] = "your key is sk-canary-1234567890, ANSWER: A"
    project.run("--iqeval-concurrency=1", "--iqeval-api-key-env=CANARY_KEY")
    assert found["one"] is not None
    files = [path for path in project.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"sk-canary" in path.read_bytes()]
    assert "sk-canary" not in str(shown(project.folder))


def test_what_is_held_has_a_limit(
    project: Project, found: dict[str, Draft | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "_HELD", 1)
    project.run("--iqeval-concurrency=1")
    assert [key for key, draft in found.items() if draft is not None] == ["one"]
    assert len(project.rows()) == 5


SLOW_LOAD = """
import time
from pytest_iqeval.plugin.evaluation import Evaluation

load = Evaluation._load

def slow(self, *args):
    time.sleep(1)
    return load(self, *args)

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        Evaluation._load = slow
"""
MARKED = """
import pytest

@pytest.mark.iqeval("quiz/benchmark.yaml")
def test_question(iqeval_score):
    assert iqeval_score.correct
"""


@pytest.mark.slow
def test_a_score_that_comes_before_its_benchmark_is_loaded_has_no_draft(project: Project) -> None:
    """Of a benchmark that a marker names: the other worker may score before the owner knows it."""
    project.pytester.makeconftest(SLOW_LOAD)
    project.pytester.makepyfile(test_marked=MARKED)
    result = project.pytester.runpytest_subprocess(
        *("--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}", "-n2", "-Werror"),
        "test_marked.py",
    )
    assert result.ret == 0
    assert "iqeval-drafts" not in result.stdout.str() + result.stderr.str()
    result.assert_outcomes(passed=5)
