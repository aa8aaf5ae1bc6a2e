"""A reply with the answer marked in it, whole or with its middle left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pytest_iqeval.cli.output import Output
from pytest_iqeval.core.clean import visible

Span = tuple[int, int]
Kind = Literal["text", "answer", "reasoning", "left_out"]

_EDGE = 500  # code points kept at either end of a long reply
_AROUND = 250  # and at either side of where the answer begins and ends
_GAP = 300  # a shorter gap is not worth a line that says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a reply; of ``left_out`` and hidden ``reasoning`` only the length is shown."""

    kind: Kind
    start: int
    end: int


def pieces(
    length: int, span: Span | None, reasoning: Sequence[Span] = (), *, full: bool = False
) -> list[Piece]:
    """A reply of `length` code points in stretches that follow one another, without a gap.

    :param span: where the answer stands.
    :param reasoning: blocks that are set aside; one that the answer overlaps counts as text.
    :param full: leave nothing out.
    """
    aside = [block for block in reasoning if span is None or not _overlap(block, span)]
    marked: list[tuple[Kind, Span]] = [("reasoning", block) for block in aside]
    marked += [("answer", span)] if span is not None else []
    kept = [(0, length)] if full else _kept(length, span, aside)
    found: list[Piece] = []
    at = 0
    for kind, (start, end) in sorted(marked, key=lambda one: one[1]):
        found += _within("text", at, start, kept)
        if kind == "answer":
            # An empty one is a place all the same.
            found += _within(kind, start, end, kept) or [Piece(kind="answer", start=start, end=end)]
        else:
            found.append(Piece(kind="reasoning", start=start, end=end))
        at = end
    return [*found, *_within("text", at, length, kept)]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _kept(length: int, span: Span | None, aside: Sequence[Span]) -> list[Span]:
    """What of a long reply is shown; reasoning that is set aside takes no room."""
    first = aside[0][1] if aside and aside[0][0] == 0 else 0
    wanted = [(first, first + _EDGE), (length - _EDGE, length)]
    if span is not None:
        wanted += [(place - _AROUND, place + _AROUND) for place in span]
    kept: list[Span] = []
    for start, end in sorted((max(0, s), min(length, e)) for s, e in wanted):
        if kept and start - kept[-1][1] < _GAP:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _within(kind: Kind, start: int, end: int, kept: list[Span]) -> list[Piece]:
    """The stretch from `start` to `end`, with what is not kept left out."""
    found: list[Piece] = []
    at = start
    for low, high in kept:
        low, high = max(low, at), min(high, end)
        if low >= high:
            continue
        if low > at:
            found.append(Piece(kind="left_out", start=at, end=low))
        found.append(Piece(kind=kind, start=low, end=high))
        at = high
    return [*found, Piece(kind="left_out", start=at, end=end)] if at < end else found


def show_reply(
    out: Output,
    text: str,
    span: Span | None,
    reasoning: Sequence[Span] = (),
    *,
    full: bool = False,
    with_reasoning: bool = False,
) -> None:
    """Print a reply with the answer marked: in colour on a terminal, like »B« elsewhere."""
    parts = list(
        _printed(out, text, span, pieces(len(text), span, reasoning, full=full), with_reasoning)
    )
    for line in "".join(parts).rstrip("\n").split("\n"):
        out.line(f"    {line}".rstrip() if not out.styled else f"    {line}")


def _printed(
    out: Output, text: str, span: Span | None, found: Sequence[Piece], with_reasoning: bool
) -> Iterator[str]:
    for piece in found:
        said = shown(text[piece.start : piece.end])
        count = f"{piece.end - piece.start:,} characters"
        if piece.kind == "answer" and span is not None:
            opened = "»" if piece.start == span[0] and not out.styled else ""
            closed = "«" if piece.end == span[1] and not out.styled else ""
            yield f"{opened}{out.style(said, 'answer')}{closed}"
        elif piece.kind == "left_out":
            yield "\n" + out.style(f"[{count} left out; --full shows them]", "dim") + "\n"
        elif piece.kind == "reasoning":
            rest = "no answer is read in it" if with_reasoning else "--reasoning shows them"
            yield out.style(f"[{count} of reasoning set aside; {rest}]", "dim") + "\n"
            yield out.style(said, "dim") if with_reasoning else ""
        else:
            yield said


def shown(text: str) -> str:
    """`text` as a terminal may get it: line ends stay, other control characters are escapes."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\\r"))
