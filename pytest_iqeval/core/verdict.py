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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.phrases import CHINESE, ENGLISH

PASSED, FAILED, INCONCLUSIVE, UNGATED = "passed", "failed", "inconclusive", "ungated"
NONE = "none"  # there was no run: no report is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``name`` is ``passed``, ``failed``, ``inconclusive``, ``ungated``, or ``none``: no run.

    ``headline`` is one sentence that begins with the name; ``headline_zh`` is the same in Chinese,
    but for what is quoted in it (reasons of gates and of an early end).
    """

    name: str
    exit_code: int
    headline: str
    headline_zh: str


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
    name, exit_code, english = _told(rows, tally, ENGLISH)
    *_, chinese = _told(rows, tally, CHINESE)
    return Verdict(name=name, exit_code=exit_code, headline=english, headline_zh=chinese)


def _told(
    rows: Sequence[GateRow], tally: Tally, phrases: Mapping[str, str]
) -> tuple[str, int, str]:
    """Verdict, exit code and headline."""
    if tally.collected == 0:
        return NONE, 5, _headline(NONE, phrases["nothing"], phrases)
    name, exit_code, sentence = _evaluation(rows, tally, phrases)
    if tally.interrupted:
        exit_code = 2
    elif tally.ordinary_failures:
        exit_code = 1
        count = tally.ordinary_failures
        more = phrases["one_ordinary" if count == 1 else "ordinary"].format(count=count)
        sentence = phrases["with"].format(sentence=sentence, more=more)
    return name, exit_code, _headline(name, sentence, phrases)


def _headline(name: str, sentence: str, phrases: Mapping[str, str]) -> str:
    return phrases["headline"].format(name=phrases[f"is {name}"], sentence=sentence)


def unwritten(verdict: Verdict, why: str, *, ordinary_failures: int = 0) -> Verdict:
    """`verdict` where the files that tell it can't be written: whoever reads them can't know it.

    Ctrl-C and ordinary failures keep their exit code.
    """
    keeps = verdict.exit_code == 2 or ordinary_failures
    return Verdict(
        name=INCONCLUSIVE,
        exit_code=verdict.exit_code if keeps else 6,
        headline=_unwritten(verdict.name, verdict.headline, why, ENGLISH),
        headline_zh=_unwritten(verdict.name, verdict.headline_zh, why, CHINESE),
    )


def _unwritten(name: str, headline: str, why: str, phrases: Mapping[str, str]) -> str:
    before = headline.removeprefix(_headline(name, "", phrases))
    return _headline(INCONCLUSIVE, phrases["unwritten"].format(before=before, why=why), phrases)


def _evaluation(
    rows: Sequence[GateRow], tally: Tally, phrases: Mapping[str, str]
) -> tuple[str, int, str]:
    """Verdict, exit code and sentence as far as questions and gates go."""
    if tally.interrupted:
        sentence = phrases["interrupted"].format(scored=tally.scored, asked=tally.asked)
        return INCONCLUSIVE, 2, sentence
    failed = [r for r in rows if r.passed is False]
    if incomplete := [r for r in failed if r.metric == "errors"]:
        # An errors gate may also count what is missing in its own scope: then its row says it.
        return (
            INCONCLUSIVE,
            6,
            _missing(tally, phrases) or _gate("failed_gate", incomplete, phrases),
        )
    if failed:
        return FAILED, 1, _gate("failed_gate", failed, phrases)
    if unknown := [r for r in rows if r.passed is None]:
        only = tally.only_failures
        sentence = phrases["only_failures"] if only else _gate("no_number", unknown, phrases)
        return INCONCLUSIVE, 6, sentence
    right = phrases["right" + _suffix(tally)].format(
        correct=tally.correct, scored=tally.scored, repeats=tally.repeats
    )
    if not rows:
        return UNGATED, 1 if tally.failed else 0, phrases["ungated"].format(right=right)
    gates = phrases["one_gate" if len(rows) == 1 else "all_gates"].format(count=len(rows))
    sentence = phrases["passed"].format(gates=gates, right=right)
    if missing := _missing(tally, phrases):
        allowed = phrases["allowed"].format(missing=missing)
        sentence = phrases["with"].format(sentence=sentence, more=allowed)
    return PASSED, 0, sentence


def _missing(tally: Tally, phrases: Mapping[str, str]) -> str:
    """Which questions have no score, and why; empty when all have one."""
    not_asked = "not_asked_why" if tally.why_not_asked else "not_asked"
    why = (tally.why_not_asked or "").partition("\n")[0]  # without the hint
    wanted = tally.asked * tally.repeats
    return phrases["comma"].join(
        phrases[kind + _suffix(tally)].format(count=count, asked=wanted, why=why)
        for kind, count in (
            ("no_reply", tally.no_reply),
            ("crashed", tally.crashed),
            (not_asked, tally.not_asked),
        )
        if count
    )


def _suffix(tally: Tally) -> str:
    """Of the phrases that count replies, or what they make of a question."""
    return "_repeats" if tally.repeats > 1 else ""


def _gate(phrase: str, rows: Sequence[GateRow], phrases: Mapping[str, str]) -> str:
    """The first of `rows` in words, and how many more there are."""
    if len(rows) > 1 and phrase == "failed_gate":
        phrase = "more_failed"
    return phrases[phrase].format(gate=rows[0].title, reason=rows[0].reason, count=len(rows) - 1)
