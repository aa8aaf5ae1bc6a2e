"""A finished run in a folder, written by the reports' own writers; no endpoint, no session."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_iqeval.core.aggregate import summarise
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.request import Reply, Usage
from pytest_iqeval.core.result import Result, Reviewed, result_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score, error_score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scoring import judge
from pytest_iqeval.core.summary import Selection
from pytest_iqeval.reports.report_json import write_report
from pytest_iqeval.reports.reviews import ReviewWriter
from pytest_iqeval.store.folder import RunFolder
from tests.support.runs import make_benchmark, make_facts

CHOICES = ("Monday", "Tuesday", "Wednesday")


def question(id: str, subset: str = "IQ", **changes: Any) -> Sample:
    """A question whose right option is B."""
    sample = Sample(
        benchmark="quiz",
        subset=subset,
        id=id,
        input=f"Which day, {id}?",
        choices=CHOICES,
        target="B",
        metadata={"level": 1},
    )
    return replace(sample, **changes)


def reply(text: str, **changes: Any) -> Reply:
    """A reply that ended by itself."""
    usage = Usage(prompt_tokens=30, completion_tokens=4)
    return replace(Reply(text=text, finish_reason="stop", usage=usage, latency_s=1.5), **changes)


def write_run(
    folder: Path,
    answered: Sequence[tuple[Sample, Reply | str | None]],
    *,
    gates: Sequence[str] = (),
    before: Mapping[str, Score] | None = None,
    repeat_of: Callable[[int], int] = lambda _: 0,
) -> RunFolder:
    """A run that asked these questions, judged by `choice`.

    :param before: by id, what the run made of a reply where that is not what `choice` makes.
    :param repeat_of: position → repeat.
    """
    run = RunFolder(folder)
    folder.mkdir(parents=True)
    scorer = make_scorer("choice", {})
    reviewed: list[Reviewed] = []
    for position, (sample, said) in enumerate(answered):
        got = reply(said) if isinstance(said, str) else said
        score = error_score("connection refused") if got is None else judge(scorer, sample, got)
        score = (before or {}).get(sample.id, score)
        result = result_of(sample, score, got, repeat=repeat_of(position))
        reviewed.append(Reviewed(result=result, reply=got))
    _write(run, reviewed, gates)
    return run


def _write(run: RunFolder, reviewed: Sequence[Reviewed], gates: Sequence[str]) -> None:
    results: list[Result] = [one.result for one in reviewed]
    samples = list({r.sample.node_id: r.sample for r in results}.values())
    summary = summarise(
        run=make_facts(id=run.name),
        selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=[make_benchmark(samples)],
        selected=samples,
        results=results,
        gates=[parse_gate(gate) for gate in gates],
    )
    with ReviewWriter(lambda *names: run.review(summary.run.model, *names)) as writer:
        for one in reviewed:
            writer.write(one.result, one.reply)
    write_report(run.report_json, summary)


def change_report(run: RunFolder, change: Callable[[dict[str, Any]], None]) -> None:
    """Change `report.json` by hand."""
    plain = json.loads(run.report_json.read_text("utf-8"))
    change(plain)
    run.report_json.write_text(json.dumps(plain), "utf-8")
