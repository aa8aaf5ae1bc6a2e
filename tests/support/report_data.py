"""Reports and review rows to draw: small builders over the contract of `core.summary`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from pytest_iqeval.core.request import Message
from pytest_iqeval.core.summary import (
    SCHEMA_VERSION,
    BenchmarkSummary,
    GateRow,
    Group,
    Lost,
    Metric,
    RunFacts,
    Selection,
    Summary,
)

OUTCOMES = ("correct", "incorrect", "unparsed", "truncated", "refused", "error")


def group(name: str, value: float | None, low: float | None, high: float | None, *counts: int):
    """A subset with the given accuracy and outcome counts, in the order of `OUTCOMES`."""
    outcomes = dict(zip(OUTCOMES, counts, strict=True))
    return Group(
        name=name,
        asked=sum(counts),
        available=sum(counts),
        metrics={"accuracy": Metric(value=value, low=low, high=high, n=sum(counts[:5]))},
        outcomes=outcomes,
        cut=outcomes["truncated"] + 1,
        latency={"p50": 1.234, "p95": 12.5},
        tokens=12345,
    )


IQ = group("IQ", 0.55, 0.398, 0.693, 22, 13, 3, 1, 1, 0)
EQ = group("EQ", 0.65, 0.541, 0.745, 52, 24, 2, 2, 0, 0)


def benchmark(whole: Group, *subsets: Group, **facts: Any) -> BenchmarkSummary:
    """A benchmark over its subsets."""
    asked = sum(whole.outcomes.values())
    known: dict[str, Any] = {
        "revision": "1.2",
        "language": "en",
        "licence": "CC BY 4.0",
        "data_sha256": "ab12cd34ef56" + "0" * 52,
        "scorer": {"name": "choice", "options": {}},
        "asked": asked,
        "available": asked,
        "subsets": {s.name: s for s in subsets},
    }
    names = ("name", "metrics", "outcomes", "cut", "latency", "tokens")
    return BenchmarkSummary(**{name: getattr(whole, name) for name in names}, **(known | facts))


OPEN = benchmark(group("iquiz-open", 0.617, 0.527, 0.699, 74, 37, 5, 3, 1, 0), IQ, EQ)

GATE = GateRow(
    expression="accuracy >= 0.5",
    benchmark="iquiz-open",
    metric="accuracy",
    threshold=0.5,
    passed=True,
    observed=0.617,
    low=0.527,
    high=0.699,
    n=120,
    available=120,
    reason="accuracy 0.62 [0.53, 0.70] n=120 of 120",
)
NO_ERRORS = GateRow(
    expression="errors <= 0",
    benchmark="iquiz-open",
    metric="errors",
    threshold=0.0,
    passed=True,
    observed=0.0,
    n=120,
    available=120,
    reason="no question is without a score",
)

PASSED = Summary(
    run=RunFacts(
        id="20260504_100000",
        started="2026-05-04T10:00:00+08:00",
        finished="2026-05-04T10:02:13+08:00",
        model="gemma3:4b",
        base_url="http://localhost:11434/v1",
        provider="ollama",
        generation={"temperature": 0.0, "max_tokens": 4096},
        answer="free",
        versions={"pytest-iqeval": "0.1.0", "pytest": "9.0.1", "python": "3.11.7"},
    ),
    selection=Selection(
        limit=None, sample=None, seed=None, keyword=None, mark=None, asked=120, available=120
    ),
    benchmarks=(OPEN,),
    gates=(GATE, NO_ERRORS),
    verdict="passed",
    headline="passed: all 2 gates held, 74 of 120 correct",
    exit_code=0,
    not_asked=0,
    ordinary_failures=0,
    lost=(),
    usage={"requests": 121, "retries": 1, "prompt_tokens": 15321, "completion_tokens": 24690},
    latency={"p50": 1.234, "p95": 12.5},
)

FAILED = replace(
    PASSED,
    gates=(
        replace(
            GATE,
            expression="accuracy >= 0.7",
            threshold=0.7,
            passed=False,
            reason="accuracy 0.62 [0.53, 0.70] n=120 of 120, wanted at least 0.7",
        ),
        NO_ERRORS,
    ),
    verdict="failed",
    headline="failed: accuracy >= 0.7 (iquiz-open) does not hold: accuracy 0.62 [0.53, 0.70] "
    "n=120 of 120; 2 ordinary tests failed",
    exit_code=1,
    ordinary_failures=2,
)

INCONCLUSIVE = replace(
    PASSED,
    benchmarks=(
        benchmark(
            group("iquiz-open", 0.667, 0.566, 0.754, 62, 27, 2, 2, 0, 25),
            group("IQ", 0.769, 0.497, 0.918, 10, 3, 0, 0, 0, 25),
            EQ,
            asked=120,
            available=120,
        ),
    ),
    gates=(
        replace(
            GATE,
            expression="accuracy >= 60%",
            threshold=0.6,
            passed=None,
            observed=None,
            low=None,
            high=None,
            n=None,
            available=None,
            reason="no number: only 92 of 120 questions have a score",
        ),
        replace(NO_ERRORS, passed=False, observed=27.0, reason="27 of 120 without a score"),
    ),
    verdict="inconclusive",
    headline="inconclusive: 25 of 120 got no reply, 2 of 120 were never asked",
    exit_code=6,
    not_asked=2,
    lost=tuple(
        Lost(
            id=f"iqeval/iquiz-open::IQ::iq-{n:03}",
            reason="the endpoint answered 503 (6 attempts)" if n < 20 else "timed out after 600 s",
        )
        for n in range(25)
    ),
)

UNGATED = replace(
    PASSED,
    gates=(),
    verdict="ungated",
    headline="ungated: 74 of 120 correct; to let it decide, set a gate: "
    "--iqeval-gate 'accuracy >= 0.6'",
    exit_code=1,
)


def plain(summary: Summary = PASSED) -> dict[str, Any]:
    """A summary as `report.json` holds it."""
    return {"schema_version": SCHEMA_VERSION, **asdict(summary)}


ROW: Mapping[str, Any] = {
    "id": "iq-001",
    "benchmark": "iquiz-open",
    "subset": "IQ",
    "repeat": 0,
    "question": "A clock shows quarter past three. How large is the angle between its hands?",
    "choices": ["0°", "7.5°", "15°", "90°"],
    "labels": ["A", "B", "C", "D"],
    "target": "B",
    "also": [],
    "reply": "The hour hand has moved on by a quarter of 30°.\n\nAnswer: B",
    "reasoning": None,
    "finish_reason": "stop",
    "cut": False,
    "outcome": "correct",
    "extracted": "B",
    "rule": "answer-line",
    "span": [57, 58],
    "note": None,
    "latency_s": 1.2345,
    "timing": {"queued_s": 0.002, "connect_s": None, "first_byte_s": 1.2, "first_token_s": None},
    "attempts": 1,
    "cached": False,
    "usage": {"prompt_tokens": 92, "completion_tokens": 31},
    "metadata": {
        "level": 2,
        "category": "clock",
        "explanation": "The hour hand stands 7.5° past the three.",
    },
}


def row(**changes: Any) -> dict[str, Any]:
    """A review row; give what differs from `ROW`."""
    return {**ROW, **changes}


EXAMPLES = "\n\n".join(
    f"Question: which number comes after {n * 13}?\nA) {n}\nB) {n * 13 + 1}\nAnswer: B"
    for n in range(5)
)


def sent(row: Mapping[str, Any]) -> list[Message]:
    """A system message, and a question with five examples before it."""
    options = "\n".join(
        f"{a}) {text}" for a, text in zip(row["labels"], row["choices"], strict=True)
    )
    asked = f"Question: {row['question']}\n{options}"
    end = "Reason first. End with a line that says `Answer: ` and one letter of A,B,C,D."
    return [
        Message(role="system", content="You are careful. You think in steps."),
        Message(role="user", content=f"{EXAMPLES}\n\n{asked}\n\n{end}"),
    ]


def many_rows(number: int) -> Iterator[dict[str, Any]]:
    """`number` rows of about two kilobytes that differ, with every outcome among them."""
    for n in range(number):
        outcome = OUTCOMES[n % 97 % 6 if n % 97 < 12 else n % 3 % 2]
        letter = {"correct": "B", "incorrect": "C"}.get(outcome)
        reply = "".join(
            f"Step {k}: {(n * 7919 + k * 104729) % 100003} follows. " for k in range(60)
        )
        yield row(
            id=f"q-{n:05}",
            subset=("IQ", "EQ")[n % 2],
            question=f"Question {n}: which number comes after {n * 37 % 1009}?",
            reply=None if outcome == "error" else f"{reply}\nAnswer: {letter or ''}",
            span=[len(reply) + 9, len(reply) + 10] if letter else None,
            outcome=outcome,
            extracted=letter,
            rule="answer-line" if letter else None,
            metadata={**ROW["metadata"], "level": 1 + n % 4},
            note=None if letter else f"why it is {outcome}",
            latency_s=None if outcome == "error" else (n * 31 % 977) / 100,
        )
