"""Small charts that say their numbers: an interval on a scale from 0 to 1, shares of a whole, and
what was lost and gained."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.reports.figures import interval, share
from pytest_iqeval.reports.markup import Html, el
from pytest_iqeval.reports.svg import AXIS, at, box, drawing, line, text
from pytest_iqeval.reports.svg import swatch as spot

OUTCOME_COLOURS: Mapping[str, str] = {
    "correct": "#1f8a5f",
    "incorrect": "#c8402f",
    "unparsed": "#d99a1c",
    "truncated": "#8460c9",
    "refused": "#4a7fb5",
    "error": "#4b525b",
}
_OTHER = "#9aa1a9"
_WIDTH = 180
_HEIGHT = 18
_FLIP_WIDTH, _FLIP_HEIGHT = 400, 26
_FLIP_WORDS = 100  # at either side, for a name and its number
_FLIP_COLOURS = {"lost": "#c8402f", "gained": "#1f8a5f"}
_TICKS = (0, 0.25, 0.5, 0.75, 1)
_PAD = 5  # so that the dot of 0 or 1 is whole


def interval_bar(
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    says: str,
    threshold: float | None = None,
) -> Html | None:
    """A value with its interval on a scale from 0 to 1; ``None`` for what does not lie on it.

    :param says: what the numbers are, for the title that readers of screens hear.
    :param threshold: a value to compare with, drawn across.
    """
    if value is None or not 0 <= value <= 1:
        return None
    middle = _HEIGHT / 2
    parts = [line(_on(0), middle, _on(1), middle, "axis", AXIS)]
    parts += [line(_on(t), middle - 3, _on(t), middle + 3, "axis", AXIS) for t in _TICKS]
    if low is not None and high is not None:
        left, right = _on(max(0.0, low)), _on(min(1.0, high))
        parts.append(line(left, middle, right, middle, "range", "#7f9dbd", 6))
    if threshold is not None and 0 <= threshold <= 1:
        parts.append(line(_on(threshold), 0, _on(threshold), _HEIGHT, "limit", "#b3261e", 2))
    parts.append(
        el("circle", cx=at(_on(value)), cy=at(middle), r=4, class_="iqv-c-dot", fill="#1d4e80")
    )
    title = f"{says} {share(value)} {interval(low, high)}"
    if threshold is not None:
        title += f", {share(threshold)}"
    return drawing(_WIDTH, _HEIGHT, "iqv-chart", title, *parts)


def stacked_bar(counts: Mapping[str, int], *, names: Mapping[str, str]) -> Html | None:
    """The shares of the outcomes in their order; ``None`` where nothing was counted.

    :param names: what an outcome is called in the reader's language.
    """
    total = sum(counts.values())
    if not total:
        return None
    parts = []
    left = 0.0
    for outcome, number in counts.items():
        width = _WIDTH * number / total
        if number:
            colour = OUTCOME_COLOURS.get(outcome, _OTHER)
            parts.append(box(left, 2, width, _HEIGHT - 4, f"iqv-o-{outcome}", colour))
        left += width
    said = ", ".join(f"{names.get(o, o)} {n}" for o, n in counts.items() if n)
    return drawing(_WIDTH, _HEIGHT, "iqv-chart", said, *parts)


def flip_bar(counts: Mapping[str, int], *, names: Mapping[str, str]) -> Html:
    """How many questions were lost, to the left, and gained, to the right; says all `counts`.

    :param names: what each of `counts` is called in the reader's language.
    """
    said = ", ".join(f"{names[kind]} {number}" for kind, number in counts.items())
    lost, gained = counts.get("lost", 0), counts.get("gained", 0)
    middle, most = _FLIP_WIDTH / 2, max(lost, gained, 1)
    room = middle - _FLIP_WORDS
    parts = []
    for kind, number, sign in (("lost", lost, -1), ("gained", gained, 1)):
        long = room * number / most
        end = middle + sign * long
        shown, colour = f"iqv-f-{kind}", _FLIP_COLOURS[kind]
        parts.append(box(min(middle, end), 3, long, _FLIP_HEIGHT - 6, shown, colour))
        anchor = "start" if sign > 0 else "end"
        parts.append(text(end + sign * 7, _FLIP_HEIGHT - 8, f"{names[kind]} {number}", anchor))
    parts.append(line(middle, 0, middle, _FLIP_HEIGHT, "axis", AXIS))
    return drawing(_FLIP_WIDTH, _FLIP_HEIGHT, "iqv-flips", said, *parts)


def swatch(outcome: str) -> Html:
    """A spot in the outcome's colour."""
    colour, kind = OUTCOME_COLOURS.get(outcome, _OTHER), f"iqv-o-{outcome}"
    return spot(kind, el("rect", width=10, height=10, rx=2, class_=kind, fill=colour))


def _on(value: float) -> float:
    return _PAD + value * (_WIDTH - 2 * _PAD)
