"""Small SVG charts that say their numbers: an interval on a scale from 0 to 1, shares of a whole.

Colours come from classes where a style sheet is there, else from the attributes: servers that
forbid inline style (Jenkins) still show them.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.reports.figures import interval, share
from pytest_iqeval.reports.markup import Html, el, join

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
    parts = [_line(_at(0), middle, _at(1), middle, "axis", "#c3c8ce", 1)]
    parts += [_line(_at(t), middle - 3, _at(t), middle + 3, "axis", "#c3c8ce", 1) for t in _TICKS]
    if low is not None and high is not None:
        left, right = _at(max(0.0, low)), _at(min(1.0, high))
        parts.append(_line(left, middle, right, middle, "range", "#7f9dbd", 6))
    if threshold is not None and 0 <= threshold <= 1:
        parts.append(_line(_at(threshold), 0, _at(threshold), _HEIGHT, "limit", "#b3261e", 2))
    parts.append(el("circle", cx=_at(value), cy=middle, r=4, class_="iqv-c-dot", fill="#1d4e80"))
    title = f"{says} {share(value)} {interval(low, high)}"
    if threshold is not None:
        title += f", {share(threshold)}"
    return _svg(title, *parts)


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
            parts.append(
                el(
                    "rect",
                    x=f"{left:.2f}",
                    y=2,
                    width=f"{width:.2f}",
                    height=_HEIGHT - 4,
                    class_=f"iqv-o-{outcome}",
                    fill=OUTCOME_COLOURS.get(outcome, _OTHER),
                )
            )
        left += width
    said = ", ".join(f"{names.get(o, o)} {n}" for o, n in counts.items() if n)
    return _svg(said, *parts)


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
        parts.append(
            el(
                "rect",
                x=f"{min(middle, end):.2f}",
                y=3,
                width=f"{long:.2f}",
                height=_FLIP_HEIGHT - 6,
                class_=f"iqv-f-{kind}",
                fill=_FLIP_COLOURS[kind],
            )
        )
        parts.append(
            el(
                "text",
                f"{names[kind]} {number}",
                x=f"{end + sign * 7:.2f}",
                y=_FLIP_HEIGHT - 8,
                text_anchor="start" if sign > 0 else "end",
                class_="iqv-c-word",
            )
        )
    parts.append(_line(middle, 0, middle, _FLIP_HEIGHT, "axis", "#c3c8ce", 1))
    return el(
        "svg",
        el("title", said),
        *parts,
        role="img",
        viewBox=f"0 0 {_FLIP_WIDTH} {_FLIP_HEIGHT}",
        width=_FLIP_WIDTH,
        height=_FLIP_HEIGHT,
        class_="iqv-flips",
    )


def swatch(outcome: str) -> Html:
    """A spot in the outcome's colour; means nothing to who does not see it."""
    colour = OUTCOME_COLOURS.get(outcome, _OTHER)
    spot = el("rect", width=10, height=10, rx=2, class_=f"iqv-o-{outcome}", fill=colour)
    return el("svg", spot, width=10, height=10, class_="iqv-swatch", aria_hidden="true")


_TICKS = (0, 0.25, 0.5, 0.75, 1)


def _at(value: float) -> float:
    return round(_PAD + value * (_WIDTH - 2 * _PAD), 2)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str, colour: str, width: int) -> Html:
    return el(
        "line",
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        class_=f"iqv-c-{kind}",
        stroke=colour,
        stroke_width=width,
    )


def _svg(title: str, *parts: Html) -> Html:
    return el(
        "svg",
        el("title", title),
        join(*parts),
        role="img",
        width=_WIDTH,
        height=_HEIGHT,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        class_="iqv-chart",
    )
