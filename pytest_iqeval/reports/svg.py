"""The parts that our charts are drawn of; lengths are pixels.

Colours come from classes where a style sheet is there, else from the attributes: servers that
forbid inline style (Jenkins) still show them.
"""

from __future__ import annotations

from pytest_iqeval.reports.markup import Html, el

AXIS = "#c3c8ce"


def drawing(width: int, height: int, kind: str, says: str, *parts: Html) -> Html:
    """A chart of a class.

    :param says: its numbers in words, for who does not see it.
    """
    return el(
        "svg",
        el("title", says),
        *parts,
        role="img",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        class_=kind,
    )


def swatch(kind: str, spot: Html) -> Html:
    """A spot in a legend; means nothing to who does not see it."""
    return el("svg", spot, width=10, height=10, class_=f"iqv-swatch {kind}", aria_hidden="true")


def line(
    x1: float, y1: float, x2: float, y2: float, kind: str | None, colour: str, width: int = 1
) -> Html:
    """A line; `kind` names its class, ``None`` is for one that its group has a class for."""
    ends = {"x1": at(x1), "y1": at(y1), "x2": at(x2), "y2": at(y2)}
    named = None if kind is None else f"iqv-c-{kind}"
    return el("line", **ends, class_=named, stroke=colour, stroke_width=width)


def box(x: float, y: float, width: float, height: float, kind: str, colour: str) -> Html:
    """A filled rectangle of a class."""
    size = {"x": at(x), "y": at(y), "width": at(width), "height": at(height)}
    return el("rect", **size, class_=kind, fill=colour)


def text(x: float, y: float, said: str, anchor: str) -> Html:
    """A few words; `anchor` is the side of them that `x` is: ``start``, ``middle``, ``end``."""
    return el("text", said, x=at(x), y=at(y), text_anchor=anchor, class_="iqv-c-word")


def at(length: float) -> str:
    """A place or a length, to a hundredth: more is seen by nobody."""
    return f"{length:.2f}".rstrip("0").rstrip(".")
