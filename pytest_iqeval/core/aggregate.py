"""All results of a run → its `Summary`: groups, gates, verdict, lost questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pytest_iqeval.core.against import baseline_summary
from pytest_iqeval.core.comparison import Comparison, scored
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.foresight import Foresight
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.gates.judge import judge_gates, unreached
from pytest_iqeval.core.gates.lock import LockReport
from pytest_iqeval.core.groups import benchmark_summary
from pytest_iqeval.core.index import IndexPart, all_alike, index_shown
from pytest_iqeval.core.metrics.effort import known_sum, latency_shown, summed_tokens, timings_shown
from pytest_iqeval.core.metrics.own import OwnMetrics
from pytest_iqeval.core.phrases.ending import NO_REPLY
from pytest_iqeval.core.policy import policy
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, error_score
from pytest_iqeval.core.summary import (
    LOST_SHOWN,
    Lost,
    RunFacts,
    Selection,
    Summary,
)
from pytest_iqeval.core.verdict import Tally, Verdict, decide, unwritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What was sent for a run.

    ``requests`` counts attempts, ``retries`` of them were not the first; ``cached`` replies of
    earlier runs came from a cache: no request. ``unreached`` replies are kept, and no item came to
    them (``-x``): the tokens here are theirs alone.
    """

    requests: int = 0
    retries: int = 0
    cached: int = 0
    unreached: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What befell the session in which the questions were asked.

    ``collected`` counts its tests of any kind after deselection (``None``: the questions alone),
    ``failed`` the failed question items (``None``: the questions that do not pass).
    ``ordinary_failures`` are failed tests that are no question, or a question's test that failed
    although the answer is correct. In ``only_failures``, ``--lf`` or ``--sw`` chose the questions:
    gates are not judged. ``why_not_asked`` is what kept the questions without a result from being
    asked, where the run itself decided it (a spent budget): a sentence, and perhaps a line with
    a hint.
    """

    collected: int | None = None
    failed: int | None = None
    ordinary_failures: int = 0
    interrupted: bool = False
    only_failures: bool = False
    why_not_asked: str | None = None


def summarise(
    *,
    run: RunFacts,
    selection: Selection,
    benchmarks: Sequence[Benchmark],
    selected: Sequence[Sample],
    results: Sequence[Result],
    gates: Sequence[Gate] = (),
    own: OwnMetrics | None = None,
    traffic: Traffic = Traffic(),
    session: Session = Session(),
    comparison: Comparison | None = None,
    gate_lock: LockReport | None = None,
    foresight: Foresight | None = None,
    prompts: Mapping[str, str | None] | None = None,
    index: Sequence[IndexPart] = (),
) -> Summary:
    """Everything that a run found, decided once.

    :param run: says also how many replies each question is to have, and when it passes with them.
    :param benchmarks: with all their samples, selected or not.
    :param selected: the questions left after every selection, in collection order, each once.
    :param results: one a question and repeat, in any order; the last of two equal keys counts.
    :param own: the user's own metrics, by name.
    :param comparison: with the baseline, where there is one.
    :param gate_lock: what became of locked gates.
    :param foresight: what was told before the run.
    :param prompts: a hash of the prompt that each benchmark was asked with, where it is known.
    :param index: what a suite makes the index of; without one, of all benchmarks alike.
    """
    parts = tuple(index) or all_alike(benchmarks)
    results = _in_order(selected, results)
    only_failures = session.only_failures
    repeats = run.repeats
    rows = judge_gates(
        gates,
        benchmarks,
        selected,
        results,
        own=own,
        repeats=repeats,
        only_failures=only_failures,
        comparison=comparison,
        passes=policy(run.policy, repeats=repeats),
        index=parts,
    )
    never = unreached(selected, results, repeats)
    tally = _tally(run, session, results, asked=len(selected), not_asked=len(never))
    verdict = decide(rows, tally)
    if session.why_not_asked:
        never = tuple(replace(r, score=error_score(session.why_not_asked)) for r in never)
    return Summary(
        run=run,
        selection=replace(
            selection, asked=len(selected), available=sum(len(b.samples) for b in benchmarks)
        ),
        benchmarks=tuple(
            benchmark_summary(
                b, selected, results, repeats, own=own or {}, prompt=(prompts or {}).get(b.name)
            )
            for b in benchmarks
        ),
        index=index_shown(parts, results, from_suite=bool(index)),
        gates=rows,
        verdict=verdict.name,
        headline=verdict.headline,
        exit_code=verdict.exit_code,
        not_asked=len(never),
        ordinary_failures=session.ordinary_failures,
        lost=_lost((*results, *never)),
        usage={
            **asdict(traffic),
            "prompt_tokens": known_sum((summed_tokens(results, "prompt"), traffic.prompt_tokens)),
            "completion_tokens": known_sum(
                (summed_tokens(results, "completion"), traffic.completion_tokens)
            ),
        },
        latency=latency_shown(results),
        timing=timings_shown(results),
        baseline=None if comparison is None else baseline_summary(comparison),
        gate_lock=gate_lock,
        foresight=foresight,
    )


def _lost(results: Sequence[Result]) -> tuple[Lost, ...]:
    """The first questions without a score; several replies for one reason are told once."""
    lost = [r for r in results if r.score.outcome is Outcome.ERROR]
    reasons = [Lost(id=r.sample.node_id, reason=r.score.note or NO_REPLY) for r in lost]
    return tuple(dict.fromkeys(reasons))[:LOST_SHOWN]


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
    run: RunFacts, session: Session, results: Sequence[Result], *, asked: int, not_asked: int
) -> Tally:
    errors = [r for r in results if r.score.outcome is Outcome.ERROR]
    passes = policy(run.policy, repeats=run.repeats)
    judged = [scores for scores in scored(results).values() if scores]
    correct = sum(map(passes, judged))
    crashed = sum(r.latency_s is not None for r in errors)  # there was a reply to judge
    return Tally(
        collected=asked if session.collected is None else session.collected,
        asked=asked,
        scored=len(judged),
        correct=correct,
        failed=len(judged) - correct if session.failed is None else session.failed,
        repeats=run.repeats,
        no_reply=len(errors) - crashed,
        crashed=crashed,
        not_asked=not_asked,
        ordinary_failures=session.ordinary_failures,
        interrupted=session.interrupted,
        only_failures=session.only_failures,
        why_not_asked=session.why_not_asked,
    )
