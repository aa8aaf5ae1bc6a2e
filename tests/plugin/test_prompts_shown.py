"""`report.html` shows each prompt as the endpoint got it, and so does a replay's."""

from __future__ import annotations

import shutil

import pytest

from tests.plugin.conftest import DEFINITION, Project
from tests.support.page_reader import read_page, sent_messages

SYSTEM = "system: You are {calm}.\n"


def shown(project: Project) -> dict[str, list[tuple[str, str]] | None]:
    """By question, the messages on the newest run's page."""
    page = read_page(project.folder / "report.html")
    return {row["question"]: sent_messages(page, row) for row in page.rows}


def got(project: Project) -> list[list[tuple[str, str]]]:
    """The messages of each request, in no order."""
    bodies = [one.body for one in project.endpoint.requests if one.path.endswith("/completions")]
    return sorted([(m["role"], m["content"]) for m in body["messages"]] for body in bodies)


def define(project: Project, text: str) -> None:
    (project.pytester.path / "quiz" / "benchmark.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize("mode", ["free", "letter", "json"])
@pytest.mark.parametrize("workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)])
def test_the_page_has_what_was_sent(project: Project, mode: str, workers: tuple[str, ...]) -> None:
    """System and user message, in Chinese and English, in each answer mode."""
    define(project, DEFINITION + SYSTEM)
    (project.run_apart if workers else project.run)(f"--iqeval-answer={mode}", *workers)
    pages = shown(project)
    assert sorted(messages for messages in pages.values() if messages) == got(project)
    assert len(pages) == 5
    first = shown(project)
    project.pytester.runpytest_inprocess("--iqeval-replay=last")
    assert shown(project) == first


def test_a_replay_shows_the_prompt_of_then(project: Project) -> None:
    """Its definition has another prompt by now; its copy has the one that was sent."""
    define(project, DEFINITION + SYSTEM)
    project.run()
    first, folder = shown(project), project.folder
    define(project, DEFINITION + "system: You are hasty.\n")
    project.pytester.runpytest_inprocess("--iqeval-replay=last")
    assert project.folder != folder
    assert shown(project) == first


def test_a_prompt_that_can_not_be_known_is_left_out(project: Project) -> None:
    """No copy is there, and the hash says that the prompt is another one."""
    define(project, DEFINITION + SYSTEM)
    project.run()
    shutil.rmtree(project.folder / "benchmarks")
    project.pytester.runpytest_inprocess("--iqeval-replay=last")
    assert all(shown(project).values())
    shutil.rmtree(project.folder / "benchmarks")
    define(project, DEFINITION + "system: You are hasty.\n")
    project.pytester.runpytest_inprocess("--iqeval-replay=last")
    assert list(shown(project).values()) == [None] * 5


def test_a_question_with_another_text_now_shows_none(project: Project) -> None:
    """What answered the earlier text is no reply to it, and was not asked with it."""
    project.run()
    path = project.pytester.path / "quiz" / "IQ.jsonl"
    path.write_text(path.read_text("utf-8").replace("1 + 1?", "7 + 7?"), "utf-8")
    project.pytester.runpytest_inprocess("--iqeval-replay=last")
    pages = shown(project)
    assert pages.pop("7 + 7?") is None
    assert all(pages.values())
