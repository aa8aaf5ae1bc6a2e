"""Whichever way the data writes its answers, the right option is the right one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.choice import ChoiceScorer
from tests.plugin.conftest import Project
from tests.plugin.test_bad_input import refuse

DEFINITION = "name: seas\nlanguage: en\ndata: seas.jsonl\n"


def write(project: Project, definition: str, *answers: Any, **columns: Any) -> str:
    """A benchmark of the project with a row for each answer, and its address."""
    folder = project.pytester.mkdir("seas")
    rows = [
        {"id": f"s{n}", "question": f"Sea {n}?", "choices": ["salt", "sweet", "dead"], "answer": a}
        | columns
        for n, a in enumerate(answers)
    ]
    (folder / "benchmark.yaml").write_text(DEFINITION + definition, "utf-8")
    (folder / "seas.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    project.endpoint.answer("ANSWER: B")
    return "--iqeval-dataset=seas/benchmark.yaml"


@pytest.mark.parametrize(
    ("definition", "answers"),
    [
        ("", ("B", "sweet")),
        ("answer_kind: index\n", (1, "1")),
        ("answer_kind: position\n", (2, "2")),
    ],
)
def test_letters_texts_and_counts_name_the_right_option(
    project: Project, definition: str, answers: tuple[object, ...]
) -> None:
    """The model says B each time; a third question has another right answer."""
    wrong = {"": "C", "answer_kind: index\n": 2}.get(definition, 3)
    result = project.run(write(project, definition, *answers, wrong))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["incorrect: expected C, got B *", "*C) dead  <- expected"])
    assert [row["target"] for row in project.rows()] == ["B", "B", "C"]
    assert project.rows()[0]["labels"] == ["A", "B", "C"]


@pytest.mark.parametrize("mode", ["free", "letter", "json"])
def test_digits_are_asked_and_recorded_as_they_are_shown(project: Project, mode: str) -> None:
    data = write(project, "labels: digits\nanswer_kind: index\n", 1)
    project.run(data, f"--iqeval-answer={mode}")
    (request,) = [r for r in project.endpoint.requests if r.body is not None]
    asked = request.body["messages"][-1]["content"]
    assert asked.endswith("1) salt\n2) sweet\n3) dead")
    assert "number of the right option" in asked
    (row,) = project.rows()
    assert (row["labels"], row["target"]) == (["1", "2", "3"], "2")
    if mode == "json":
        schema = request.body["response_format"]["json_schema"]["schema"]
        assert schema["properties"]["answer"]["enum"] == ["1", "2", "3"]


def test_a_system_message_of_a_row_is_sent(project: Project) -> None:
    data = write(project, "fields: {system: persona}\n", "B", persona="You are a fish.")
    project.run(data).assert_outcomes(passed=1)
    (request,) = [r for r in project.endpoint.requests if r.body is not None]
    assert request.body["messages"][0] == {"role": "system", "content": "You are a fish."}


def test_a_target_that_no_reply_can_meet_is_told_before_anything_is_sent(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With file, line and column, like any other fault of the data; 20 of them."""
    asked: list[str] = []

    def fault(_: ChoiceScorer, sample: Sample) -> str | None:
        asked.append(sample.id)
        return None if sample.target == "B" else f"{sample.target} can't be met; write B"

    monkeypatch.setattr(ChoiceScorer, "target_fault", fault)
    text = refuse(project, write(project, "fields: {answer: answer}\n", "B", *["A"] * 23))
    assert "ERROR: iqeval: seas/seas.jsonl:2: answer: A can't be met; write B\n" in text
    assert "seas/seas.jsonl:21: answer:" in text
    assert "seas/seas.jsonl:22: answer:" not in text
    assert "… and 3 more faults" in text
    assert asked == [f"s{n}" for n in range(24)]  # once each


def test_a_scorer_that_crashes_over_a_target_is_told_without_a_traceback(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: ChoiceScorer, sample: Sample) -> str | None:
        raise KeyError(sample.target)

    monkeypatch.setattr(ChoiceScorer, "target_fault", crash)
    text = refuse(project, write(project, "", "B"))
    assert "seas/seas.jsonl:1: answer: scorer ChoiceScorer crashed: KeyError: 'B'" in text
