"""All results of a run → its `Summary`: groups, gates, verdict, lost questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pytest_iqeval.core.against import baseline_summary
from pytest_iqeval.core.comparison import Comparison
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.gates.judge import judge_gates, unreached
from pytest_iqeval.core.gates.lock import LockReport
from pytest_iqeval.core.metrics.effort import latency_shown, summed_tokens, timings_shown
from pytest_iqeval.core.metrics.scores import outcome_counts, right_in_part, shown_metrics
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, error_score
from pytest_iqeval.core.summary import (
    LOST_SHOWN,
    BenchmarkSummary,
    Group,
    Lost,
    RunFacts,
    Selection,
    Summary,
)
from pytest_iqeval.core.verdict import Tally, Verdict, decide, unwritten


def summarise(
    *,
    run: RunFacts,
    selection: Selection,
    benchmarks: Sequence[Benchmark],
    selected: Sequence[Sample],
    results: Sequence[Result],
    gates: Sequence[Gate] = (),
    requests: int = 0,
    retries: int = 0,
    cached: int = 0,
    collected: int | None = None,
    failed: int | None = None,
    ordinary_failures: int = 0,
    interrupted: bool = False,
    only_failures: bool = False,
    why_not_asked: str | None = None,
    comparison: Comparison | None = None,
    gate_lock: LockReport | None = None,
    prompts: Mapping[str, str | None] | None = None,
) -> Summary:
    """Everything that a run found, decided once.

    :param benchmarks: with all their samples, selected or not.
    :param selected: the questions left after every selection, in collection order, each once.
    :param results: one a question and repeat, in any order; the last of two equal keys counts.
    :param requests: attempts sent to the endpoint; ``retries`` of them were not the first.
    :param cached: replies of earlier runs that a cache gave: no request.
    :param collected: the session's tests of any kind after deselection; the questions alone
        where nothing is said.
    :param failed: failed question items; the results that are not correct where nothing is said.
    :param ordinary_failures: failed tests that are no question, or a question's test that
        failed although the answer is correct.
    :param only_failures: ``--lf`` or ``--sw`` chose the questions: gates are not judged.
    :param why_not_asked: what kept the questions without a result from being asked, where the
        run itself decided it (a spent budget): a sentence, and perhaps a line with a hint.
    :param comparison: with the baseline, where there is one.
    :param gate_lock: what became of locked gates.
    :param prompts: a hash of the prompt that each benchmark was asked with, where it is known.
    """
    results = _in_order(selected, results)
    rows = judge_gates(
        gates,
        benchmarks,
        selected,
        results,
        only_failures=only_failures,
        comparison=comparison,
    )
    never = unreached(selected, results)
    tally = _tally(
        results,
        collected=len(selected) if collected is None else collected,
        asked=len(selected),
        failed=failed,
        not_asked=len(never),
        ordinary_failures=ordinary_failures,
        interrupted=interrupted,
        only_failures=only_failures,
        why_not_asked=why_not_asked,
    )
    verdict = decide(rows, tally)
    if why_not_asked:
        never = tuple(replace(r, score=error_score(why_not_asked)) for r in never)
    lost = [r for r in (*results, *never) if r.score.outcome is Outcome.ERROR]
    return Summary(
        run=run,
        selection=replace(
            selection, asked=len(selected), available=sum(len(b.samples) for b in benchmarks)
        ),
        benchmarks=tuple(
            _benchmark(b, selected, results, prompt=(prompts or {}).get(b.name)) for b in benchmarks
        ),
        gates=rows,
        verdict=verdict.name,
        headline=verdict.headline,
        exit_code=verdict.exit_code,
        not_asked=len(never),
        ordinary_failures=ordinary_failures,
        lost=tuple(
            Lost(id=r.sample.node_id, reason=r.score.note or "no reply") for r in lost[:LOST_SHOWN]
        ),
        usage={
            "requests": requests,
            "retries": retries,
            "cached": cached,
            "prompt_tokens": summed_tokens(results, "prompt"),
            "completion_tokens": summed_tokens(results, "completion"),
        },
        latency=latency_shown(results),
        timing=timings_shown(results),
        baseline=None if comparison is None else baseline_summary(comparison),
        gate_lock=gate_lock,
    )


def summary_unwritten(summary: Summary, why: str) -> Summary:
    """`summary` of a run whose files can't be written: its verdict says so."""
    told = Verdict(name=summary.verdict, exit_code=summary.exit_code, headline=summary.headline)
    verdict = unwritten(told, why, ordinary_failures=summary.ordinary_failures)
    return replace(
        summary, verdict=verdict.name, exit_code=verdict.exit_code, headline=verdict.headline
    )


def _in_order(selected: Sequence[Sample], results: Sequence[Result]) -> list[Result]:
    """Each key's last result, in collection order, so that any arrival gives the same report."""
    place = {(s.benchmark, s.subset, s.id): index for index, s in enumerate(selected)}
    kept = {r.key: r for r in results}.values()
    return sorted(kept, key=lambda r: (place.get(r.key[:3], len(place)), r.key))


def _tally(
    results: Sequence[Result],
    *,
    collected: int,
    asked: int,
    failed: int | None,
    not_asked: int,
    ordinary_failures: int,
    interrupted: bool,
    only_failures: bool,
    why_not_asked: str | None,
) -> Tally:
    errors = [r for r in results if r.score.outcome is Outcome.ERROR]
    correct = sum(r.score.correct for r in results)
    scored = len(results) - len(errors)
    crashed = sum(r.latency_s is not None for r in errors)  # there was a reply to judge
    return Tally(
        collected=collected,
        asked=asked,
        scored=scored,
        correct=correct,
        failed=scored - correct if failed is None else failed,
        no_reply=len(errors) - crashed,
        crashed=crashed,
        not_asked=not_asked,
        ordinary_failures=ordinary_failures,
        interrupted=interrupted,
        only_failures=only_failures,
        why_not_asked=why_not_asked,
    )


def _benchmark(
    benchmark: Benchmark,
    selected: Sequence[Sample],
    results: Sequence[Result],
    *,
    prompt: str | None,
) -> BenchmarkSummary:
    chosen = [s for s in selected if s.benchmark == benchmark.name]
    mine = [r for r in results if r.sample.benchmark == benchmark.name]
    partly = right_in_part(mine)
    whole = _group(benchmark.name, chosen, benchmark.samples, mine, partly=partly)
    return BenchmarkSummary(
        name=whole.name,
        asked=whole.asked,
        available=whole.available,
        metrics=whole.metrics,
        outcomes=whole.outcomes,
        cut=whole.cut,
        latency=whole.latency,
        tokens=whole.tokens,
        revision=benchmark.revision,
        language=benchmark.definition.language,
        licence=benchmark.definition.licence,
        data_sha256=benchmark.data_sha256,
        scorer={
            "name": benchmark.definition.scorer,
            "options": dict(benchmark.definition.scorer_options),
        },
        prompt_sha256=prompt,
        subsets={
            name: _group(
                name,
                [s for s in chosen if s.subset == name],
                [s for s in benchmark.samples if s.subset == name],
                [r for r in mine if r.sample.subset == name],
                partly=partly,
            )
            for name in dict.fromkeys(s.subset for s in chosen)
        },
    )


def _group(
    name: str,
    asked: Sequence[Sample],
    available: Sequence[Sample],
    results: Sequence[Result],
    *,
    partly: bool,
) -> Group:
    return Group(
        name=name,
        asked=len(asked),
        available=len(available),
        metrics=shown_metrics(results, partly=partly),
        outcomes=outcome_counts(results),
        cut=sum(r.score.cut for r in results),
        latency=latency_shown(results),
        tokens=summed_tokens(results, "completion"),
    )
