"""The border around scorers: whatever one raises becomes an `error`, never a wrong answer.

Before anything is sent, a scorer may also say which questions nobody could answer rightly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pytest_iqeval.core.clean import storable
from pytest_iqeval.core.crash import raised_at, said
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError, ScorerCrash
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score, share
from pytest_iqeval.core.scorers.function import FunctionScorer


def judge(scorer: Scorer, sample: Sample, reply: Reply) -> Score:
    """The scorer's judgement; its crash is a score with outcome ``error`` that says where.

    A reply that the length limit cut is marked as cut, whatever the scorer knows of that.
    """
    try:
        return _checked(scorer, scorer.score(sample, reply), reply)
    except ScorerCrash as crash:
        told = str(crash)
    except Exception as fault:  # a border: users' scorers may raise anything
        told = str(crash_of(scorer, fault))
    return replace(error_score(storable(told)[0]), cut=reply.cut)


def check_targets(
    scorer: Scorer, benchmark: Benchmark, *, shown: Callable[[str], str] = str
) -> None:
    """Ask the scorer once a sample whether its target can be met (`target_fault`, if it has that).

    :param shown: a data file's name as messages have it.
    :raises DefinitionError: the targets that can't, with file and line, or what the scorer raised.
    """
    ask = getattr(scorer, "target_fault", None)
    if ask is None:
        return
    column = benchmark.definition.fields.get("answer", "answer")
    faults = []

    def told(sample: Sample, fault: object) -> str:
        return f"{shown(sample.file)}:{sample.line}: {column}: {fault}"

    for sample in benchmark.samples:
        try:
            fault = ask(sample)
        except Exception as raised:  # a border: users' scorers may raise anything
            raise DefinitionError(told(sample, crash_of(scorer, raised))) from None
        if fault:
            faults.append(told(sample, fault))
    if faults:
        raise DefinitionError(faults)


def crash_of(scorer: Scorer, fault: Exception) -> ScorerCrash:
    """What `fault` was and where the scorer's own code raised it: one line, no traceback."""
    code: list[object] = [type(scorer)]
    if isinstance(scorer, FunctionScorer):
        code += [scorer.function, type(scorer.function)]  # also an object with __call__
    return ScorerCrash(
        f"scorer {_name(scorer)} crashed: {said(fault)}\n  at {raised_at(fault, *code)}"
    )


def _name(scorer: Scorer) -> str:
    return scorer.name if isinstance(scorer, FunctionScorer) else type(scorer).__name__


def _checked(scorer: Scorer, score: object, reply: Reply) -> Score:
    """The score in plain types, with its value and with ``cut``; what can't be is a crash.

    Scores cross processes and go into files, so what a user's scorer puts into one is looked at.

    :raises ScorerCrash: it is no `Score`, or holds what no score can.
    """
    if not isinstance(score, Score):
        raise ScorerCrash(
            f"scorer {_name(scorer)} gave {type(score).__name__} instead of a Score",
            hint="end its score() with `return Score(outcome=…, value=…)`",
        )
    fault = _fault(score, reply)
    if fault is not None:
        raise ScorerCrash(f"scorer {_name(scorer)} gave a Score that can't be: {fault}")
    value = float(score.correct) if score.value is None else share(score.value)
    cut = score.cut or reply.cut
    return Score(
        outcome=score.outcome,
        value=None if score.outcome is Outcome.ERROR else value,
        extracted=_plain_text(score.extracted),
        rule=_plain_text(score.rule),
        span=score.span,
        note=_plain_text(score.note) or ("the length limit cut the reply" if cut else None),
        cut=cut,
    )


def _fault(score: Score, reply: Reply) -> str | None:
    """What makes `score` one that can't be; its fields may hold anything."""
    outcome: object = score.outcome
    value: object = score.value
    span: object = score.span
    if not isinstance(outcome, Outcome):
        return f"outcome is {outcome!r}, not an Outcome such as Outcome.CORRECT"
    if value is not None and outcome is not Outcome.ERROR and share(value) is None:
        return f"value is {value!r}, not a number from 0 to 1"
    for field in ("extracted", "rule", "note"):
        text: object = getattr(score, field)
        if text is not None and not isinstance(text, str):
            return f"{field} is {text!r}, not text"
    if span is not None and not _is_span(span, len(reply.text)):
        return f"span is {span!r}, not (start, end) within the reply's {len(reply.text)} characters"
    return None


def _is_span(span: object, length: int) -> bool:
    return (
        isinstance(span, tuple)
        and len(span) == 2
        and all(type(position) is int for position in span)
        and 0 <= span[0] <= span[1] <= length
    )


def _plain_text(text: str | None) -> str | None:
    return None if text is None else storable(str(text))[0]
