"""The verdict and the exit code: decided here once; every report prints what stands here.

The table of exit codes, the first row that applies:

==========================================================  ====  =============================
nothing collected                                              5  none
interrupted                                                    2  inconclusive
an ordinary test failed                                        1  as the evaluation gives it
questions without a score beyond what `errors` gates allow     6  inconclusive
a gate failed                                                  1  failed
a gate has no number                                           6  inconclusive
all gates passed                                               0  passed
no gates                                                    1, 0  ungated
==========================================================  ====  =============================

Reports that can't be written make any run inconclusive: 6, where it is not 2 or 1 by the table.
A run of earlier failures only (``--lf``, ``--sw``) leaves its gates without a verdict, so it is
inconclusive and ends with 6 where there are gates, and is ungated as ever where there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.phrases import verdict as phrases
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.told import Told, joined, lines_of, said_in

PASSED, FAILED, INCONCLUSIVE, UNGATED = "passed", "failed", "inconclusive", "ungated"
NONE = "none"  # there was no run: no report is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``name`` is ``passed``, ``failed``, ``inconclusive``, ``ungated``, or ``none``: no run.

    ``headline`` is one sentence that begins with the name.
    """

    name: str
    exit_code: int
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the selected questions ended, and what else befell the session; whole numbers.

    ``collected`` counts the session's tests of any kind after deselection, ``asked`` the
    selected questions. ``scored`` have a score and ``correct`` of them are right;
    ``failed`` questions make an ungated run fail. Without a score are ``no_reply``, ``crashed``
    (a scorer raised) and ``not_asked`` (never reached; ``why_not_asked``, where the run itself
    decided it): where each question is asked several times (``repeats``), these three count
    replies. ``only_failures`` is a session that asked earlier failures only.
    """

    collected: int
    asked: int
    scored: int
    correct: int
    failed: int
    no_reply: int = 0
    crashed: int = 0
    not_asked: int = 0
    ordinary_failures: int = 0
    interrupted: bool = False
    only_failures: bool = False
    why_not_asked: str | None = None
    repeats: int = 1


def decide(rows: Sequence[GateRow], tally: Tally) -> Verdict:
    """The verdict on a run, the table above.

    Whether missing questions are allowed is in the rows: a failed ``errors`` row, set by the
    user or implied, says that they are not.
    """
    if tally.collected == 0:
        headline = _headline(NONE, phrases.NOTHING_COLLECTED)
        return Verdict(name=NONE, exit_code=5, headline=headline)
    name, exit_code, sentence = _evaluation(rows, tally)
    if tally.interrupted:
        exit_code = 2
    elif tally.ordinary_failures:
        exit_code = 1
        more = phrases.ORDINARY(count=tally.ordinary_failures)
        sentence = phrases.WITH(sentence=sentence, more=more)
    return Verdict(name=name, exit_code=exit_code, headline=_headline(name, sentence))


def _headline(name: str, sentence: str) -> Told:
    return phrases.HEADLINE(name=phrases.NAMES[name], sentence=sentence)


def unwritten(verdict: Verdict, why: str, *, ordinary_failures: int = 0) -> Verdict:
    """`verdict` where the files that tell it can't be written: whoever reads them can't know it.

    Ctrl-C and ordinary failures keep their exit code.
    """
    keeps = verdict.exit_code == 2 or ordinary_failures
    start, headline = _headline(verdict.name, ""), verdict.headline
    before = Told(
        said_in(headline, "en").removeprefix(start), said_in(headline, "zh").removeprefix(start.zh)
    )
    return Verdict(
        name=INCONCLUSIVE,
        exit_code=verdict.exit_code if keeps else 6,
        headline=_headline(INCONCLUSIVE, phrases.UNWRITTEN(before=before, why=why)),
    )


def _evaluation(rows: Sequence[GateRow], tally: Tally) -> tuple[str, int, Told]:
    """Verdict, exit code and sentence as far as questions and gates go."""
    if tally.interrupted:
        sentence = phrases.INTERRUPTED(scored=tally.scored, asked=tally.asked)
        return INCONCLUSIVE, 2, sentence
    failed = [r for r in rows if r.passed is False]
    if incomplete := [r for r in failed if r.metric == "errors"]:
        # An errors gate may also count what is missing in its own scope: then its row says it.
        return INCONCLUSIVE, 6, _missing(tally) or _failed(incomplete)
    if failed:
        return FAILED, 1, _failed(failed)
    if unknown := [r for r in rows if r.passed is None]:
        first = phrases.NO_NUMBER(gate=unknown[0].title, reason=unknown[0].reason)
        return INCONCLUSIVE, 6, phrases.ONLY_FAILURES if tally.only_failures else first
    right = phrases.RIGHT[tally.repeats > 1](
        correct=tally.correct, scored=tally.scored, repeats=tally.repeats
    )
    if not rows:
        return UNGATED, 1 if tally.failed else 0, phrases.UNGATED(right=right)
    gates = phrases.ONE_GATE if len(rows) == 1 else phrases.ALL_GATES(count=len(rows))
    sentence = phrases.PASSED(gates=gates, right=right)
    if missing := _missing(tally):
        sentence = phrases.WITH(sentence=sentence, more=phrases.ALLOWED(missing=missing))
    return PASSED, 0, sentence


def _missing(tally: Tally) -> Told | None:
    """Which questions have no score, and why; ``None`` when all have one."""
    wanted = tally.asked * tally.repeats
    kinds = (
        (phrases.NO_REPLY, tally.no_reply),
        (phrases.CRASHED, tally.crashed),
        (phrases.NOT_ASKED, tally.not_asked),
    )
    told = [
        phrase[tally.repeats > 1](count=count, asked=wanted) for phrase, count in kinds if count
    ]
    if tally.not_asked and tally.why_not_asked:
        why = lines_of(tally.why_not_asked)[0]  # without the hint
        told[-1] = phrases.BECAUSE(missing=told[-1], why=why)
    return joined(told, COMMA) if told else None


def _failed(rows: Sequence[GateRow]) -> Told:
    """The first of `rows` in words, and how many more there are."""
    phrase = phrases.FAILED_GATES if len(rows) > 1 else phrases.FAILED_GATE
    return phrase(gate=rows[0].title, reason=rows[0].reason, count=len(rows) - 1)
