"""What terminal and JUnit say of a run and its baseline, as texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_iqeval.core.metrics.values import NO_NUMBER, Metric
from pytest_iqeval.core.summary import BaselineSummary

LOST_NAMED = 10


def compared_text(baseline: BaselineSummary) -> str:
    """``against 20260101_101010 (gemma3:4b): 3 lost, 5 gained, 110 unchanged; …`` in one line."""
    counts = [
        (len(baseline.lost), "lost"),
        (len(baseline.gained), "gained"),
        (baseline.unchanged, "unchanged"),
    ]
    others = [
        (len(baseline.flaky), "flaky"),
        (len(baseline.unscored), "without a score in one of the two"),
        (len(baseline.new), "new"),
        (len(baseline.gone), "gone"),
        (baseline.unselected, "not selected now"),
    ]
    said = ", ".join(f"{n} {what}" for n, what in (*counts, *(one for one in others if one[0])))
    parts = [f"against {baseline.run} ({baseline.model}): {said}", _differences(baseline)]
    if baseline.pairs:
        parts.append(f"p = {p_shown(baseline.p)}")
    return "; ".join(part for part in parts if part)


def settings_lines(baseline: BaselineSummary) -> Iterator[str]:
    """A line for each setting that is not as it was."""
    for said in baseline.changed_settings:
        allowed = " (allowed)" if said in baseline.allowed_settings else ""
        yield f"not as in the baseline{allowed}: {said}"


def lost_text(baseline: BaselineSummary) -> str | None:
    """The first lost questions by name, in one line."""
    if not baseline.lost:
        return None
    more = len(baseline.lost) - LOST_NAMED
    named = ", ".join(baseline.lost[:LOST_NAMED])
    return f"lost: {named}" + (f" and {more} more" if more > 0 else "")


def points(difference: Metric) -> str:
    """A difference of shares in percentage points: ``+1.7 pt [-1.2, +4.6]``."""
    if difference.value is None:
        return NO_NUMBER
    text = f"{_signed(difference.value)} pt"
    if difference.low is None or difference.high is None:
        return text
    return f"{text} [{_signed(difference.low)}, {_signed(difference.high)}]"


def p_shown(p: float) -> str:
    """A p value with two digits that say something: ``0.36``, ``0.0021``, ``1.2e-09``."""
    return f"{p:.2g}"


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


def _differences(baseline: BaselineSummary) -> str:
    """The accuracy of each benchmark; its name where there are several."""
    one = len(baseline.difference) == 1
    return ", ".join(
        f"{'accuracy' if one else f'accuracy of {name}'} {points(difference)}"
        for name, difference in baseline.difference.items()
    )


def _signed(share: float) -> str:
    return f"{share * 100 + 0.0:+.1f}"
