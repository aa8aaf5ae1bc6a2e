"""Benchmarks of free questions, from their YAML to the verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plugin.conftest import Project

Rows = list[dict[str, str]]


def ask(project: Project, scorer: str, rows: Rows, replies: dict[str, Any]) -> pytest.RunResult:
    """Run a benchmark called ``free`` whose scorer is the YAML text `scorer`."""
    folder = project.pytester.mkdir("free")
    (folder / "benchmark.yaml").write_text(
        f"name: free\nlanguage: en\ndata: free.jsonl\n{scorer}", "utf-8"
    )
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "free.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    by_question = {row["question"]: replies[row["id"]] for row in rows if row["id"] in replies}
    project.endpoint.answer(
        lambda body: next(
            reply
            for question, reply in by_question.items()
            if question in body["messages"][-1]["content"]
        )
    )
    return project.run("--iqeval-dataset=free/benchmark.yaml")


CAPITALS: Rows = [
    {"id": "fr", "question": "The capital of France?", "answer": "Paris"},
    {"id": "cn", "question": "中国的首都？", "answer": "北京"},
    {"id": "us", "question": "The capital of the USA?", "answer": "Washington, D.C."},
]


def test_exact_answers_are_judged_and_shown_with_rule_and_span(project: Project) -> None:
    result = ask(
        project,
        "scorer: exact\n",
        CAPITALS,
        {
            "fr": "Let me think.\nANSWER: **Lyon**",
            "cn": "想一想。\n答案：“北 京”。",
            "us": "Answer: Washington, D.C.",
        },
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*incorrect: expected Paris, got lyon (rule label-en)*"])
    rows = {row["id"]: row for row in project.rows()}
    assert rows["cn"]["extracted"] == "北京"
    assert rows["fr"]["rule"] == "label-en"


def test_a_threshold_makes_part_of_an_answer_correct_and_keeps_its_worth(project: Project) -> None:
    result = ask(
        project,
        "scorer:\n  name: f1\n  threshold: 0.6\n  normalise: [nfkc, case, punctuation]\n",
        CAPITALS,
        {"fr": "ANSWER: Paris, France", "cn": "答案：中国南京", "us": "Answer: Washington"},
    )
    result.assert_outcomes(passed=2, failed=1)
    values = {row["id"]: round(row["value"], 3) for row in project.rows()}
    assert values == {"fr": 0.667, "cn": 0.333, "us": 0.667}


def test_yes_and_no_may_be_spelled_in_any_way(project: Project) -> None:
    result = ask(
        project,
        "scorer: yes_no\n",
        [
            {"id": "whale", "question": "A whale is a fish.", "answer": "False"},
            {"id": "bat", "question": "蝙蝠是哺乳动物。", "answer": "对"},
        ],
        {"whale": "No, whales are mammals.", "bat": "因此该说法是错误的。"},
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*incorrect: expected 对, got no (rule judged)*"])


def test_what_is_searched_and_absent_is_incorrect(project: Project) -> None:
    result = ask(
        project,
        "scorer: {name: contains, word: true}\n",
        CAPITALS,
        {"fr": "It is Paris.", "cn": "首都是北京。", "us": "It is Boston."},
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*it does not contain 'Washington, D.C.'*"])


@pytest.mark.parametrize(
    ("scorer", "told"),
    [
        ("{name: regex, pattern: 'total: ('}", "can't be used: missing ), unterminated"),
        ("{name: regex, pattern: '(a+)+b'}", "may take for ever"),
        ("{name: exact, normalise: [lower]}", "exact: normalise: 'lower' is unknown"),
        (
            "{name: f1, treshold: 0.5}",
            "f1 has no option 'treshold'; did you mean threshold or read?",
        ),
    ],
)
def test_an_option_at_fault_is_told_before_anything_is_asked(
    project: Project, scorer: str, told: str
) -> None:
    result = ask(project, f"scorer: {scorer}\n", CAPITALS, {})
    assert result.ret == 4
    assert told in result.stderr.str()
    assert "benchmark.yaml: scorer: " in result.stderr.str()
    assert "Traceback" not in result.stderr.str()
    assert not [r for r in project.endpoint.requests if r.body is not None]
