"""A finished run judged again: which verdicts would change, and what the gates would say then.

Everything is taken from what the run has stored (`report.json` and the reviews); no data set and
no endpoint is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pytest_iqeval.core import facts
from pytest_iqeval.core.against import facts_of
from pytest_iqeval.core.aggregate import Session, Traffic, summarise
from pytest_iqeval.core.comparison import Baseline, Comparison, compare, repeats_in, scored
from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.few_shot import FewShot
from pytest_iqeval.core.gates.origins import stored_gates
from pytest_iqeval.core.phrases.gates import ONLY_EARLIER_FAILURES
from pytest_iqeval.core.policy import policy
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.result import Result, Reviewed
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.scoring import judge
from pytest_iqeval.core.stand_ins import unreached, unselected
from pytest_iqeval.core.summary import BenchmarkSummary, Summary
from pytest_iqeval.core.verdict import UNGATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A reply that would be judged otherwise: the result as it is stored, and as it would be."""

    before: Result
    after: Result

    @property
    def of_outcome(self) -> bool:
        """Whether the verdict itself changes, and not only what is read as the answer."""
        old, new = self.before.score, self.after.score
        return (old.outcome, old.value) != (new.outcome, new.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """A run as it is stored (``before``) and as it would be (``after``).

    ``changes`` are in the order of the reviews.
    """

    before: Summary
    after: Summary
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who judges a benchmark's replies: a scorer, with the name and options that it was made of."""

    scorer: Scorer
    name: str
    options: Mapping[str, object]


def same_verdict(one: Score, other: Score) -> bool:
    """Whether two scores agree in outcome, value and answer (the rule and the span may differ)."""
    return (one.outcome, one.value, one.extracted) == (other.outcome, other.value, other.extracted)


def rescore(
    stored: Summary,
    reviewed: Sequence[Reviewed],
    judges: Mapping[str, Judge],
    *,
    baseline: Baseline | None = None,
) -> Rescored:
    """Judge every stored reply again.

    What has no reply stays as it is, and so does what the run's session did besides: ordinary
    failures, an interruption, questions that were never asked.

    :param judges: one for each benchmark of the run.
    :param baseline: what the run was compared with, if it was.
    :raises GateError: a stored gate that this version can't read.
    """
    before = [one.result for one in reviewed]
    after = [_judged_again(one, judges[one.result.sample.benchmark].scorer) for one in reviewed]
    pairs = zip(before, after, strict=True)
    changes = tuple(
        Change(before=old, after=new)
        for old, new in pairs
        if not same_verdict(old.score, new.score)
    )
    failed = _failed(stored, before, after)
    summary = _summary(stored, after, judges, failed=failed, baseline=baseline)
    return Rescored(before=stored, after=summary, changes=changes)


def check_questions(judges: Mapping[str, Judge], reviewed: Sequence[Reviewed]) -> None:
    """Refuse a scorer that could not find any reply right, whatever it says.

    :raises DefinitionError: the questions whose target no reply could meet.
    """
    faults = []
    for sample in {one.result.key[:3]: one.result.sample for one in reviewed}.values():
        ask = getattr(judges[sample.benchmark].scorer, "target_fault", None)
        try:
            fault = ask(sample) if ask is not None else None
        except Exception as raised:  # a border: users' scorers may raise anything
            fault = f"{type(raised).__name__}: {raised}"
        if fault:
            faults.append(f"{sample.node_id}: {fault}")
    if faults:
        raise DefinitionError(faults, hint="this scorer is not for these questions")


def _judged_again(one: Reviewed, scorer: Scorer) -> Result:
    if one.reply is None:
        return one.result
    return replace(one.result, score=judge(scorer, one.result.sample, one.reply))


def _failed(stored: Summary, before: Sequence[Result], after: Sequence[Result]) -> int:
    """How many questions would make an ungated run fail.

    A run without gates that ended well although answers were wrong expected those failures.
    """
    excused = stored.verdict == UNGATED and stored.exit_code == 0
    passes = policy(stored.run.policy, repeats=stored.run.repeats)
    then = scored(before)
    return sum(
        not passes(scores) and not (excused and not passes(then[question]))
        for question, scores in scored(after).items()
    )


def _summary(
    stored: Summary,
    results: Sequence[Result],
    judges: Mapping[str, Judge],
    *,
    failed: int,
    baseline: Baseline | None,
) -> Summary:
    samples = list({r.key[:3]: r.sample for r in results}.values())
    benchmarks: list[Benchmark] = []
    selected: list[Sample] = []
    for summary in stored.benchmarks:
        mine = [s for s in samples if s.benchmark == summary.name]
        never = unreached(summary, mine)
        rest = unselected(summary, (*mine, *never), stored.gates)
        benchmarks.append(_benchmark(summary, (*mine, *never, *rest), judges[summary.name]))
        selected += [*mine, *never]
    usage = stored.usage
    comparison = _compared(stored, baseline, judges, benchmarks, selected, results)
    return summarise(
        run=stored.run,
        selection=stored.selection,
        benchmarks=benchmarks,
        selected=selected,
        results=results,
        gates=stored_gates(stored.gates),
        traffic=Traffic(
            requests=usage["requests"] or 0,
            retries=usage["retries"] or 0,
            cached=usage.get("cached") or 0,
        ),
        session=Session(
            collected=len(selected) or 1,
            failed=failed,
            ordinary_failures=stored.ordinary_failures,
            interrupted=stored.exit_code == 2,
            only_failures=any(row.reason == ONLY_EARLIER_FAILURES for row in stored.gates),
        ),
        comparison=comparison,
        gate_lock=stored.gate_lock,
        prompts={b.name: b.prompt_sha256 for b in stored.benchmarks},
        index=stored.index.parts if stored.index is not None and stored.index.from_suite else (),
    )


def _compared(
    stored: Summary,
    baseline: Baseline | None,
    judges: Mapping[str, Judge],
    benchmarks: Sequence[Benchmark],
    selected: Sequence[Sample],
    results: Sequence[Result],
) -> Comparison | None:
    """With the run's baseline; another scorer than the one that judged it is told as a change."""
    if baseline is None or stored.baseline is None:
        return None
    comparison = compare(
        baseline,
        selected,
        results,
        available=[s for b in benchmarks for s in b.samples],
        passes=policy(stored.run.policy, repeats=stored.run.repeats),
        facts=facts_of(stored, repeats=repeats_in(results)),
    )
    allowed = tuple(
        one for one in comparison.changed if one.said in stored.baseline.allowed_settings
    )
    changed = tuple(one for one in comparison.changed if one not in allowed)
    other = tuple(
        facts.Change(name="scorer", said=f"the scorer of {b.name} is another one", benchmark=b.name)
        for b in stored.benchmarks
        if b.scorer != {"name": judges[b.name].name, "options": dict(judges[b.name].options)}
    )
    return replace(comparison, changed=(*changed, *other), allowed=allowed)


def _benchmark(summary: BenchmarkSummary, samples: tuple[Sample, ...], judge: Judge) -> Benchmark:
    """The benchmark as far as a run's aggregate knows it."""
    return Benchmark(
        definition=Definition(
            name=summary.name,
            language=summary.language,
            prompt="",
            scorer=judge.name,
            scorer_options=judge.options,
            fields={},
            licence=summary.licence,
            revision=summary.revision,
            few_shot=FewShot(count=summary.few_shot),
            average=summary.average,
            subsets={
                subset: {"category": name}
                for name, category in summary.categories.items()
                for subset in category.subsets
            },
            group=summary.grouped_by or None,
            generation=summary.generation,
        ),
        samples=samples,
        data_sha256=summary.data_sha256,
        revision=summary.revision,
    )
