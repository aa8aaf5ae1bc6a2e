"""What the end of a run needs of a question is made while others are awaited, and is the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.request import Key
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

    The endpoint answers a question once somebody has waited for it.
    """
    waited = threading.Semaphore(0)
    found: dict[str, Draft | None] = {}
    some, of, answer = Drafts.some, Drafts.of, project.endpoint.answers

    def some_told(self: Drafts) -> bool:
        more = some(self)
        waited.release()
        return more

    def of_noted(self: Drafts, key: Key, score: Score) -> Draft | None:
        found[key.id] = of(self, key, score)
        assert of(self, key, replace(score)) is None  # a draft is that of one score
        return found[key.id]

    def once_awaited(body: Body) -> object:
        assert waited.acquire(timeout=PATIENCE_S)
        return answer(body)

    monkeypatch.setattr(Drafts, "some", some_told)
    monkeypatch.setattr(Drafts, "of", of_noted)
    project.endpoint.answer(once_awaited)
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
    assert [key for key, draft in found.items() if draft is not None] == [
        *("one", "two", "three", "wen")
    ]
    assert found.pop("cry") is None  # nobody waited after it
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
