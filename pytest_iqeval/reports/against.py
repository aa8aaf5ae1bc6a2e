"""What terminal and JUnit say of a run and its baseline, as texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_iqeval.core.metrics.values import NO_NUMBER, Metric, decimal, p_shown
from pytest_iqeval.core.phrases import ending
from pytest_iqeval.core.phrases.signs import COMMA, SEMICOLON
from pytest_iqeval.core.summary import BaselineSummary
from pytest_iqeval.core.told import Told, joined

LOST_NAMED = 10


def compared_text(baseline: BaselineSummary) -> Told:
    """``against 20260101_101010 (gemma3:4b): 3 lost, 5 gained, 110 unchanged; …`` in one line."""
    counts = {
        "lost": len(baseline.lost),
        "gained": len(baseline.gained),
        "unchanged": baseline.unchanged,
        "flaky": len(baseline.flaky),
        "unscored": len(baseline.unscored),
        "new": len(baseline.new),
        "gone": len(baseline.gone),
        "unselected": baseline.unselected,
    }
    told = [
        ending.CHANGES[name](n=n)
        for name, n in counts.items()
        if n or name in ("lost", "gained", "unchanged")
    ]
    parts: list[str] = [
        ending.AGAINST(run=baseline.run, model=baseline.model, counts=joined(told, COMMA))
    ]
    if baseline.difference:
        parts.append(_differences(baseline))
    if baseline.pairs:
        parts.append(f"p = {p_shown(baseline.p)}")
    return joined(parts, SEMICOLON)


def settings_lines(baseline: BaselineSummary) -> Iterator[Told]:
    """A line for each setting that is not as it was."""
    for said in baseline.changed_settings:
        allowed = said in baseline.allowed_settings
        yield (ending.ALLOWED if allowed else ending.NOT_AS_THEN)(said=said)


def lost_text(baseline: BaselineSummary) -> Told | None:
    """The first lost questions by name, in one line."""
    if not baseline.lost:
        return None
    more = len(baseline.lost) - LOST_NAMED
    named = ", ".join(baseline.lost[:LOST_NAMED])
    phrase = ending.LOST_AND_MORE if more > 0 else ending.LOST
    return phrase(named=named, more=more)


def points(difference: Metric) -> str:
    """A difference of shares in percentage points: ``+1.7 pt [-1.2, +4.6]``."""
    if difference.value is None:
        return NO_NUMBER
    text = f"{_signed(difference.value)} pt"
    if difference.low is None or difference.high is None:
        return text
    return f"{text} [{_signed(difference.low)}, {_signed(difference.high)}]"


def baseline_properties(baseline: BaselineSummary) -> Iterator[tuple[str, str]]:
    """What JUnit's suite says of it: names below ``iqeval.``, and values."""
    facts: Sequence[tuple[str, object]] = (
        ("run", baseline.run),
        ("model", baseline.model),
        ("p", f"{baseline.p:.6g}"),
        ("lost", len(baseline.lost)),
        ("gained", len(baseline.gained)),
        ("unchanged", baseline.unchanged),
        ("flaky", len(baseline.flaky)),
        ("unscored", len(baseline.unscored)),
        ("new", len(baseline.new)),
        ("gone", len(baseline.gone)),
        ("changed_settings", "; ".join(baseline.changed_settings)),
    )
    for name, value in facts:
        yield f"baseline.{name}", str(value)
    for name, difference in baseline.difference.items():
        value = "" if difference.value is None else f"{difference.value:.6g}"
        yield f"baseline.{name}.difference", value


def _differences(baseline: BaselineSummary) -> Told:
    """The accuracy of each benchmark; its name where there are several."""
    phrase = ending.DIFFERENCE if len(baseline.difference) == 1 else ending.DIFFERENCE_OF
    told = (phrase(name=name, points=points(one)) for name, one in baseline.difference.items())
    return joined(told, COMMA)


def _signed(share: float) -> str:
    return f"{decimal(share) * 100 + 0:+.1f}"
