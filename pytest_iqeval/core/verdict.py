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
from types import MappingProxyType

from pytest_iqeval.core.gates.row import GateRow

PASSED, FAILED, INCONCLUSIVE, UNGATED = "passed", "failed", "inconclusive", "ungated"
NONE = "none"  # there was no run: no report is written

# Every sentence of a headline, so that another language is another such table.
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "nothing": "nothing was collected",
        "interrupted": "interrupted with {scored} of {asked} questions scored",
        "no_reply": "{count} of {asked} got no reply",
        "crashed": "{count} of {asked} could not be scored",
        "not_asked": "{count} of {asked} were never asked",
        "not_asked_why": "{count} of {asked} were never asked: {why}",
        "allowed": "{missing}, which the errors gates allow",
        "failed_gate": "{gate} does not hold: {reason}",
        "more_failed": "{gate} does not hold: {reason} (and {count} more)",
        "no_number": "{gate}: {reason}",
        "only_failures": "only earlier failures were asked, so no gate was judged",
        "passed": "{gates} held, {right}",
        "ungated": "{right}; to let it decide, set a gate: --iqeval-gate 'accuracy >= 0.6'",
        "right": "{correct} of {scored} correct",
        "right_repeats": "{correct} of {scored} questions pass, asked {repeats} times each",
        "no_reply_repeats": "{count} of {asked} requests got no reply",
        "crashed_repeats": "{count} of {asked} replies could not be scored",
        "not_asked_repeats": "{count} of {asked} requests were never made",
        "not_asked_why_repeats": "{count} of {asked} requests were never made: {why}",
        "one_gate": "the gate",
        "all_gates": "all {count} gates",
        "ordinary": "{count} ordinary tests failed",
        "one_ordinary": "an ordinary test failed",
        "unwritten": "{before}; its reports could not be written: {why}",
    }
)


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
        return Verdict(name=NONE, exit_code=5, headline=f"{NONE}: {PHRASES['nothing']}")
    name, exit_code, sentence = _evaluation(rows, tally)
    if tally.interrupted:
        exit_code = 2
    elif tally.ordinary_failures:
        exit_code = 1
        count = tally.ordinary_failures
        sentence += "; " + PHRASES["one_ordinary" if count == 1 else "ordinary"].format(count=count)
    return Verdict(name=name, exit_code=exit_code, headline=f"{name}: {sentence}")


def unwritten(verdict: Verdict, why: str, *, ordinary_failures: int = 0) -> Verdict:
    """`verdict` where the files that tell it can't be written: whoever reads them can't know it.

    Ctrl-C and ordinary failures keep their exit code.
    """
    before = verdict.headline.removeprefix(f"{verdict.name}: ")
    sentence = PHRASES["unwritten"].format(before=before, why=why)
    headline = f"{INCONCLUSIVE}: {sentence}"
    keeps = verdict.exit_code == 2 or ordinary_failures
    exit_code = verdict.exit_code if keeps else 6
    return Verdict(name=INCONCLUSIVE, exit_code=exit_code, headline=headline)


def _evaluation(rows: Sequence[GateRow], tally: Tally) -> tuple[str, int, str]:
    """Verdict, exit code and sentence as far as questions and gates go."""
    if tally.interrupted:
        sentence = PHRASES["interrupted"].format(scored=tally.scored, asked=tally.asked)
        return INCONCLUSIVE, 2, sentence
    failed = [r for r in rows if r.passed is False]
    if incomplete := [r for r in failed if r.metric == "errors"]:
        # An errors gate may also count what is missing in its own scope: then its row says it.
        return INCONCLUSIVE, 6, _missing(tally) or _gate("failed_gate", incomplete)
    if failed:
        return FAILED, 1, _gate("failed_gate", failed)
    if unknown := [r for r in rows if r.passed is None]:
        only = tally.only_failures
        sentence = PHRASES["only_failures"] if only else _gate("no_number", unknown)
        return INCONCLUSIVE, 6, sentence
    right = PHRASES["right" + _suffix(tally)].format(
        correct=tally.correct, scored=tally.scored, repeats=tally.repeats
    )
    if not rows:
        return UNGATED, 1 if tally.failed else 0, PHRASES["ungated"].format(right=right)
    gates = PHRASES["one_gate" if len(rows) == 1 else "all_gates"].format(count=len(rows))
    sentence = PHRASES["passed"].format(gates=gates, right=right)
    if missing := _missing(tally):
        sentence += "; " + PHRASES["allowed"].format(missing=missing)
    return PASSED, 0, sentence


def _missing(tally: Tally) -> str:
    """Which questions have no score, and why; empty when all have one."""
    not_asked = "not_asked_why" if tally.why_not_asked else "not_asked"
    why = (tally.why_not_asked or "").partition("\n")[0]  # without the hint
    wanted = tally.asked * tally.repeats
    return ", ".join(
        PHRASES[kind + _suffix(tally)].format(count=count, asked=wanted, why=why)
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


def _gate(phrase: str, rows: Sequence[GateRow]) -> str:
    """The first of `rows` in words, and how many more there are."""
    if len(rows) > 1 and phrase == "failed_gate":
        phrase = "more_failed"
    return PHRASES[phrase].format(gate=rows[0].title, reason=rows[0].reason, count=len(rows) - 1)
