"""Page rows as the blocks of data that `report.html` carries and its script unpacks.

A block is gzipped JSON in base64, so that no text of a reply can end its element. There is one
block for every 100 questions with all that is shown when one is opened, one with the frames of
their prompts, and one index over all of them, column by column, with what the table shows, filters
and searches.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Mapping
from types import MappingProxyType

from pytest_iqeval.reports.page_row import CODED, PLAIN, PageRow, as_json

_CHUNK_ROWS = 100
_CHUNK_CHARS = 400_000  # long reasoning: a block stays quick to unpack

# The index holds each of their values once, and numbers.
_CODED = (*CODED, "change")


class Packer:
    """Takes page rows one by one and writes blocks; holds one block and the index."""

    def __init__(
        self,
        write: Callable[[str], object],
        changes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """:param write: takes finished markup.
        :param changes: what became of a question since the baseline, by node id.
        """
        self._write = write
        self._changes = changes
        self._values: dict[str, dict[str, int]] = {name: {} for name in _CODED}
        self._columns: dict[str, list[object]] = {name: [] for name in (*_CODED, *PLAIN)}
        self._starts: list[int] = []
        self._frames: dict[str, int] = {}  # of prompts, as JSON
        self._rows: list[str] = []
        self._chars = 0
        self._count = 0

    def add(self, row: PageRow) -> None:
        """Take one row."""
        self._index(row)
        frame = as_json(self._frame(row.frame))
        packed = f'{row.detail[:-1]},"frame":{frame}}}'
        self._rows.append(packed)
        self._chars += len(packed)
        self._count += 1
        if len(self._rows) >= _CHUNK_ROWS or self._chars >= _CHUNK_CHARS:
            self._end_chunk()

    def close(self, further: Mapping[str, object]) -> None:
        """Write what is left, the frames of prompts, and the index.

        :param further: what else the page's script needs, put into the index as it is.
        """
        self._end_chunk()
        if self._frames:
            self._block("frames", f"[{','.join(self._frames)}]")
        index = {
            **further,
            "values": {name: list(values) for name, values in self._values.items()},
            "columns": self._columns,
            "starts": self._starts,
        }
        self._block("index", as_json(index))

    def _index(self, row: PageRow) -> None:
        coded = (*row.coded, self._changes.get(row.node_id, ""))
        for name, text in zip(_CODED, coded, strict=True):
            values = self._values[name]
            self._columns[name].append(values.setdefault(text, len(values)))
        for name, value in zip(PLAIN, row.plain, strict=True):
            self._columns[name].append(value)

    def _frame(self, frame: str | None) -> int | None:
        """The number of the frame that a question shares with others."""
        return None if frame is None else self._frames.setdefault(frame, len(self._frames))

    def _end_chunk(self) -> None:
        if self._rows:
            self._block(f"chunk-{len(self._starts)}", f"[{','.join(self._rows)}]")
            self._starts.append(self._count - len(self._rows))
            self._rows, self._chars = [], 0

    def _block(self, name: str, text: str) -> None:
        # No time in the gzip header: the same run gives the same bytes.
        packed = base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()
        self._write(f'<script type="text/plain" id="{name}">{packed}</script>\n')
