"""Rows of text in columns, for what commands list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pytest_iqeval.core.width import cut, display_width, one_line, pad

_GAP = "  "
_LEAST = 8


def in_columns(
    rows: Sequence[Sequence[str]],
    *,
    width: int,
    right: Collection[int] = (),
    gives: Collection[int] = (),
) -> Iterator[str]:
    """A line a row, the first of which is the heading; columns that are empty are left out.

    :param width: how wide a line should be.
    :param right: columns of figures, which stand at their right.
    :param gives: columns of names, which lose their ends where a line would be wider.
    """
    cells = [[one_line(cell) for cell in row] for row in rows]
    kept = [at for at in range(len(cells[0])) if any(row[at] for row in cells[1:])]
    widths = {at: max(display_width(row[at]) for row in cells) for at in kept}
    excess = sum(widths.values()) + len(_GAP) * (len(kept) - 1) - width
    for at in sorted(widths.keys() & set(gives), key=lambda at: -widths[at]):
        give = max(0, min(excess, widths[at] - _LEAST))
        widths[at] -= give
        excess -= give
    for row in cells:
        yield _GAP.join(
            pad(cut(row[at], widths[at]), widths[at], right=at in right) for at in kept
        ).rstrip()
