"""A content filter that answers 400 has refused a question: that is a reply, and no outage."""

from __future__ import annotations

import json

from tests.plugin.conftest import Project
from tests.support.endpoint import last_user, status

AZURE = {
    "error": {
        "message": "The response was filtered",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation"},
    }
}


def test_twelve_filtered_questions_are_refused_kept_and_end_nothing(project: Project) -> None:
    """Ten equal errors at the start would end the run; these are answers, and stay."""
    rows = [{"id": f"q{n:02}", "question": f"{n:02}?", "answer": "A"} for n in range(14)]
    lines = "\n".join(json.dumps(row) for row in rows)
    project.pytester.path.joinpath("many.jsonl").write_text(lines, "utf-8")
    project.endpoint.answer(
        lambda body: (
            "ANSWER: A"
            if "12?" in last_user(body)
            else status(500)
            if "13?" in last_user(body)
            else status(400, AZURE)
        )
    )
    result = project.run("--iqeval-dataset=many.jsonl", "--iqeval-concurrency=1")
    result.assert_outcomes(passed=1, failed=12, errors=1)
    outcomes = project.report["benchmarks"][0]["outcomes"]
    assert (outcomes["refused"], outcomes["error"]) == (12, 1)
    row = project.rows()[0]
    assert (row["finish_reason"], row["refusal"]) == ("content_filter", "The response was filtered")

    asked = len(project.endpoint.requests)
    project.endpoint.answer("ANSWER: A")
    project.run("--iqeval-dataset=many.jsonl", "--iqeval-resume").assert_outcomes(
        passed=2, failed=12
    )
    assert len(project.endpoint.requests) == asked + 1
