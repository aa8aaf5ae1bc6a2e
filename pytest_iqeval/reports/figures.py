"""How numbers are written in the reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pytest_iqeval.core.metrics.values import decimal

NOTHING = "–"


def share(value: float | None, *, apart_from: float | None = None) -> str:
    """A share of 1, or a metric's value, with three decimals: ``0.617``, ``12,345.678``.

    One that these would make zero keeps two digits: ``0.00012``.

    :param apart_from: a threshold that `value` is compared with; decimals are added until the
        two look different, so that no reader meets "0.600 is not >= 0.6".
    """
    if value is None:
        return NOTHING
    digits = 3
    if apart_from is not None and value != apart_from:
        written, other = decimal(value), decimal(apart_from)
        while digits < 9 and f"{written:.{digits}f}" == f"{other:.{digits}f}":
            digits += 1
    if value and abs(value) < 0.5 / 10**digits:
        return f"{value:.2g}"
    return f"{decimal(value):,.{digits}f}"


def interval(low: float | None, high: float | None) -> str:
    """``[0.527, 0.699]``, or nothing where there is no interval."""
    return NOTHING if low is None or high is None else f"[{decimal(low):.3f}, {decimal(high):.3f}]"


def points(difference: float | None, low: float | None, high: float | None) -> str:
    """A difference of shares in percentage points: ``+1.7 pt [-1.2, +4.6]``."""
    if difference is None:
        return NOTHING
    text = f"{_points(difference)} pt"
    return text if low is None or high is None else f"{text} {ends(low, high)}"


def ends(low: float, high: float) -> str:
    """The ends of a difference's interval in points: ``[-1.2, +4.6]``."""
    return f"[{_points(low)}, {_points(high)}]"


def _points(share: float) -> str:
    return f"{decimal(share) * 100 + 0:+.1f}"


def count(value: float | None) -> str:
    """A whole number with its thousands apart: ``14,042``; others with four digits or more."""
    if value is None:
        return NOTHING
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def questions(metric: Mapping[str, Any], said: Mapping[str, str]) -> str:
    """What a metric is over: ``120``, or ``120 in 30 groups``."""
    n, groups = count(metric["n"]), metric.get("groups")
    if groups is None:
        return n
    return said["in_group" if groups == 1 else "in_groups"].format(n=n, groups=count(groups))


def seconds(value: float | None) -> str:
    """``0.84 s``, ``12.3 s``, ``184 s``."""
    if value is None:
        return NOTHING
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} s"


def elapsed(started: str, finished: str) -> str:
    """The time between two ISO 8601 times: ``2 min 13 s``; nothing where one can't be read."""
    try:
        whole = round(
            (datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds()
        )
    except (ValueError, TypeError):
        return NOTHING
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {secs} s" if minutes else f"{secs} s"


def moment(iso: str) -> str:
    """An ISO 8601 time for people: ``2026-05-04 10:00:00 +08:00``."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{at:%Y-%m-%d %H:%M:%S} {at.isoformat()[19:].lstrip('.0123456789')}".rstrip()


def minute(iso: str) -> str:
    """An ISO 8601 time in a table: ``2026-05-04 10:00``, as its own clock showed it."""
    return moment(iso)[:16]
