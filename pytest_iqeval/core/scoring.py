"""The border around scorers: whatever one raises becomes an `error`, never a wrong answer.

Before anything is sent, a scorer may also say which questions nobody could answer rightly.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import replace

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError, ScorerCrash
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score, error_score


def judge(scorer: Scorer, sample: Sample, reply: Reply) -> Score:
    """The scorer's judgement; its crash is a score with outcome ``error`` that says where.

    A reply that the length limit cut is marked as cut, whatever the scorer knows of that.
    """
    score = _judged(scorer, sample, reply)
    if not reply.cut or score.cut:
        return score
    return replace(score, cut=True, note=score.note or "the length limit cut the reply")


def _judged(scorer: Scorer, sample: Sample, reply: Reply) -> Score:
    try:
        return _checked(scorer, scorer.score(sample, reply))
    except ScorerCrash as crash:
        return error_score(str(crash))
    except Exception as fault:  # a border: users' scorers may raise anything
        return error_score(str(crash_of(scorer, fault)))


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
    for sample in benchmark.samples:
        where = f"{shown(sample.file)}:{sample.line}: {column}"
        try:
            fault = ask(sample)
        except Exception as raised:  # a border: users' scorers may raise anything
            raise DefinitionError(f"{where}: {crash_of(scorer, raised)}") from None
        if fault:
            faults.append(f"{where}: {fault}")
    if faults:
        raise DefinitionError(faults)


def _checked(scorer: Scorer, score: object) -> Score:
    if isinstance(score, Score):
        return score
    raise ScorerCrash(
        f"scorer {type(scorer).__name__} gave {type(score).__name__} instead of a Score",
        hint="end its score() with `return Score(outcome=…, value=…)`",
    )


def crash_of(scorer: Scorer, fault: Exception) -> ScorerCrash:
    """What `fault` was and where the scorer's own code raised it: one line, no traceback."""
    frames = traceback.extract_tb(fault.__traceback__)
    own_file = getattr(sys.modules.get(type(scorer).__module__), "__file__", None)
    own = [f for f in frames if f.filename == own_file] or frames[1:] or frames
    where = f"{own[-1].filename}:{own[-1].lineno}: {own[-1].line}" if own else "an unknown place"
    said = " ".join("".join(traceback.format_exception_only(fault)).split())
    return ScorerCrash(f"scorer {type(scorer).__name__} crashed: {said}\n  at {where}")
