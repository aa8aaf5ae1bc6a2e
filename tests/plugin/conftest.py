"""A small project with a benchmark of its own, and a model that answers by the question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.endpoint import Body, ScriptedEndpoint, last_user
from tests.support.reports import lasting

QUIZ = {
    "IQ": [
        {"id": "one", "question": "1 + 1?", "choices": ["2", "3", "4"], "answer": "A", "level": 1},
        {"id": "two", "question": "2 + 2?", "choices": ["3", "4", "5"], "answer": "B", "level": 1},
        {"id": "three", "question": "3 + 3?", "choices": ["4", "5", "6"], "answer": "C", "level": 2},
    ],
    "EQ": [
        {"id": "wen", "question": "他为什么笑？", "choices": ["高兴", "难过"], "answer": "A", "level": 1, "category": "反讽"},
        {"id": "cry", "question": "他为什么哭？", "choices": ["高兴", "难过"], "answer": "B", "level": 2, "category": "家庭"},
    ],
}  # fmt: skip
DEFINITION = """\
name: quiz
language: en
licence: CC0-1.0
data:
  IQ: IQ.jsonl
  EQ: EQ.jsonl
fields:
  id: id
  question: question
  choices: choices
  answer: answer
scorer: choice
"""


@dataclass
class Project:
    """A folder with ``quiz/benchmark.yaml``, an endpoint, and a way to run pytest on them."""

    pytester: pytest.Pytester
    endpoint: ScriptedEndpoint
    wrong: dict[str, Any]

    def run(self, *args: str, **options: Any) -> pytest.RunResult:
        """Run pytest in this process, with the endpoint and the quiz unless `args` say else."""
        return self.pytester.runpytest_inprocess(*self._args(args), **options)

    def run_apart(self, *args: str) -> pytest.RunResult:
        """Run pytest in a process of its own."""
        return self.pytester.runpytest_subprocess(*self._args(args))

    def _args(self, args: tuple[str, ...]) -> list[str]:
        standard = {
            "--iqeval-model": "m",
            "--iqeval-base-url": self.endpoint.url,
            "--iqeval-dataset": "quiz/benchmark.yaml",
            "--iqeval-retries": "0",
        }
        given = {arg.partition("=")[0] for arg in args}
        return [
            *args,
            *(f"{name}={value}" for name, value in standard.items() if name not in given),
        ]

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start pytest in a process group of its own, as a shell does."""
        command = [sys.executable, "-m", "pytest", *self._args(args)]
        return subprocess.Popen(
            command,
            cwd=self.pytester.path,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def chats(self) -> list[str]:
        """The questions that were asked, as often as they were."""
        return [str(r.body["messages"]) for r in self.endpoint.requests if r.body is not None]

    def wait_for_requests(self, count: int) -> None:
        """Wait until so many questions were asked; a minute at most."""
        end = time.monotonic() + 60
        while len(self.chats()) < count and time.monotonic() < end:
            time.sleep(0.02)

    @property
    def folder(self) -> Path:
        """The folder of the newest run."""
        runs = sorted((self.pytester.path / "outputs" / "m").iterdir())
        return runs[-1]

    @property
    def report(self) -> dict[str, Any]:
        """`report.json` of the newest run, checked against its schema."""
        return read_report(self.folder)

    def rows(self) -> list[dict[str, Any]]:
        """All review rows of the newest run."""
        return [
            json.loads(line)
            for path in sorted(self.folder.glob("reviews/*/*.jsonl"))
            for line in path.read_text("utf-8").splitlines()
        ]


def read_report(folder: Path) -> dict[str, Any]:
    """A run's `report.json`; it and every review row hold to the shipped schemas."""
    from tests.support.schemas import check_report, check_review

    report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    check_report(report)
    for path in folder.glob("reviews/*/*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            check_review(json.loads(line))
    return report


@pytest.fixture
def project(pytester: pytest.Pytester, endpoint: ScriptedEndpoint) -> Iterator[Project]:
    """A quiz of five questions and a model that knows all; ``project.wrong[id] = reply``."""
    quiz = pytester.mkdir("quiz")
    (quiz / "benchmark.yaml").write_text(DEFINITION, "utf-8")
    by_question = {}
    for subset, rows in QUIZ.items():
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (quiz / f"{subset}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        by_question |= {str(row["question"]): row for row in rows}
    wrong: dict[str, Any] = {}

    def answer(body: Body) -> Any:
        asked = last_user(body)
        row = next(row for question, row in by_question.items() if question in asked)
        return wrong.get(row["id"], f"ANSWER: {row['answer']}")

    endpoint.answer(answer)
    endpoint.models(["m"])
    yield Project(pytester, endpoint, wrong)
    for report in pytester.path.glob("outputs/*/*/report.json"):
        read_report(report.parent)  # every run of every test holds to the schemas


@pytest.fixture
def whole(project: Project) -> dict[str, Any]:
    """The lasting part of an undisturbed run, which is out of the way."""
    project.run("--iqeval-output=whole")
    (folder,) = project.pytester.path.glob("whole/*")
    project.endpoint.requests.clear()
    return lasting(folder)


Run = Callable[..., pytest.RunResult]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test says of one process it says of workers too, which take seconds to start.

    The most of what is theirs is in ``test_workers.py``, which is fast enough.
    """
    for item in items:
        params = (
            item.callspec.params
            if isinstance(item, pytest.Function) and hasattr(item, "callspec")
            else {}
        )
        if params.get("workers") and item.path.name != "test_workers.py":
            item.add_marker(pytest.mark.slow)
