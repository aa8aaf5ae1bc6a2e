"""Builders of samples, results and summaries, for tests that need a run without running one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_iqeval.core.aggregate import Session, Traffic, summarise
from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.request import Reply, Usage
from pytest_iqeval.core.result import Result, result_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.summary import RunFacts, Selection, Summary

OUTCOME_OF = {
    "c": Outcome.CORRECT,
    "i": Outcome.INCORRECT,
    "u": Outcome.UNPARSED,
    "t": Outcome.TRUNCATED,
    "r": Outcome.REFUSED,
    "k": Outcome.CORRECT,  # cut by the length limit after it had answered, as `t` was before
}


def make_sample(
    id: str = "q-1", *, benchmark: str = "demo", subset: str = "default", **metadata: object
) -> Sample:
    return Sample(
        benchmark=benchmark,
        subset=subset,
        id=id,
        input=f"{id}?",
        choices=("yes", "no"),
        target="A",
        metadata=metadata,
    )


def make_benchmark(samples: Sequence[Sample]) -> Benchmark:
    """A benchmark of exactly these samples, which share its name."""
    definition = Definition(
        name=samples[0].benchmark,
        language="en",
        prompt="{question}",
        fields={},
        licence="CC-BY-4.0",
    )
    return Benchmark(
        definition=definition, samples=tuple(samples), data_sha256="0" * 64, revision="r1"
    )


def make_reply(
    text: str = "A", *, latency_s: float = 1.0, usage: Usage | None = None, **facts: Any
) -> Reply:
    counted = Usage(prompt_tokens=10, completion_tokens=5) if usage is None else usage
    return Reply(text=text, finish_reason="stop", latency_s=latency_s, usage=counted, **facts)


def make_result(
    sample: Sample, letter: str, *, repeat: int = 0, reply: Reply | None = None
) -> Result:
    """What a letter stands for: of `OUTCOME_OF`, ``e`` is no reply, ``x`` a crashed scorer.

    ``h`` is an incorrect answer that is worth a half.
    """
    if letter == "e":
        return result_of(sample, error_score("connection refused"), None, repeat=repeat)
    reply = reply or make_reply()
    if letter == "x":
        return result_of(sample, error_score("the scorer raised"), reply, repeat=repeat)
    outcome = Outcome.INCORRECT if letter == "h" else OUTCOME_OF[letter]
    value = 0.5 if letter == "h" else 1.0 if outcome is Outcome.CORRECT else 0.0
    score = Score(outcome=outcome, value=value, cut=letter in "tk")
    return result_of(sample, score, reply, repeat=repeat)


def make_run(spec: Mapping[str, str]) -> tuple[list[Benchmark], list[Sample], list[Result]]:
    """Benchmarks, selected samples and results of ``{"demo:IQ": "cci.e-"}``.

    Besides the letters of `make_result`: ``-`` is never reached, ``.`` was not selected.
    """
    samples: dict[str, list[Sample]] = {}
    selected, results = [], []
    for place, letters in spec.items():
        benchmark, _, subset = place.partition(":")
        for index, letter in enumerate(letters):
            sample = make_sample(
                f"q-{index}", benchmark=benchmark, subset=subset or "default", level=1 + index % 3
            )
            samples.setdefault(benchmark, []).append(sample)
            if letter != ".":
                selected.append(sample)
                if letter != "-":
                    results.append(make_result(sample, letter))
    return [make_benchmark(s) for s in samples.values()], selected, results


def make_facts(**changes: object) -> RunFacts:
    values: dict[str, object] = {
        "id": "20260102_030405",
        "started": "2026-01-02T03:04:05+00:00",
        "finished": "2026-01-02T03:05:05+00:00",
        "model": "gemma3:4b",
        "base_url": "http://localhost:11434/v1",
        "provider": "ollama",
        "generation": {"temperature": 0.0, "max_tokens": 4096},
        "answer": "free",
        "versions": {"pytest-iqeval": "0.1.0"},
    }
    return RunFacts(**{**values, **changes})


def make_summary(
    spec: Mapping[str, str], *gates: str, run: RunFacts | None = None, **more: object
) -> Summary:
    """The summary of `make_run`; `more` are fields of `Traffic` and of `Session`."""
    benchmarks, selected, results = make_run(spec)
    sent = {name: more.pop(name) for name in ("requests", "retries", "cached") if name in more}
    return summarise(
        run=run or make_facts(),
        selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=benchmarks,
        selected=selected,
        results=results,
        gates=[parse_gate(g) for g in gates],
        traffic=Traffic(**sent),
        session=Session(**more),
    )
