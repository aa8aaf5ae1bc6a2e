"""Suites in real runs: one file for a release gate, with and without workers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugin.conftest import Project

SUITE = """\
model: m
endpoint: {{base_url: "{url}"}}
benchmarks:
  - path: ../quiz/benchmark.yaml
    subsets: [IQ]
    limit: 2
    weight: 2
    system: You are terse.
    generation: {{max_tokens: 64, top_k: 1}}
  - path: ../other.jsonl
generation: {{temperature: 0.5, max_tokens: 128, top_p: 0.9}}
limits: {{retries: 0, concurrency: 3}}
gates:
  - 'quiz: accuracy >= 90%'
  - n >= 1
"""


@pytest.fixture
def suite(project: Project) -> Path:
    """``ci/release.yaml`` beside the quiz and a data file, each named from the suite's folder."""
    row = {"id": "x", "question": "1 + 1?", "choices": ["3", "2"], "answer": "B"}
    (project.pytester.path / "other.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    folder = project.pytester.path / "ci"
    folder.mkdir()
    path = folder / "release.yaml"
    path.write_text(SUITE.format(url=project.endpoint.url), "utf-8")
    return path


def bodies(project: Project) -> dict[str, dict[str, object]]:
    """What was sent, by the question's first line."""
    return {
        b["messages"][-1]["content"].strip().splitlines()[0]: b for b in project.endpoint.bodies
    }


@pytest.mark.parametrize("workers", ["0", "2"])
def test_one_file_says_all_of_a_run(project: Project, suite: Path, workers: str) -> None:
    """Model, endpoint, benchmarks with their own fields, generation, limits and gates."""
    result = project.pytester.runpytest_subprocess("--iqeval-suite=ci/release.yaml", f"-n{workers}")
    print(result.outlines)
