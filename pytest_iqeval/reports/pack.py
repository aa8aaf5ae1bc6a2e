"""Review rows as the blocks of data that `report.html` carries and its script unpacks.

A block is gzipped JSON in base64, so that no text of a reply can end its element. There is one
block for every 100 questions with all that is shown when one is opened, one with the frames of
their prompts, and one index over all of them, column by column, with what the table shows, filters
and searches.
"""

from __future__ import annotations

import base64
import gzip
import json
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pytest_iqeval.core.request import Message
from pytest_iqeval.core.sample import labels_in
from pytest_iqeval.reports.markup import plain
from pytest_iqeval.reports.sent import frame_of, question_texts

_CHUNK_ROWS = 100
_CHUNK_CHARS = 400_000  # long reasoning: a block stays quick to unpack
_QUESTION_CHARS = 110
_ANSWER_CHARS = 40

# Columns with few different values: the index holds each value once, and numbers.
_CODED = ("benchmark", "subset", "outcome", "rule", "change")
_PLAIN = ("id", "repeat", "question", "target", "got", "latency", "cut")


class Packer:
    """Takes review rows one by one and writes blocks; holds one block and the index."""

    def __init__(
        self,
        write: Callable[[str], object],
        run: Mapping[str, Any],
        changes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """:param write: takes finished markup.
        :param run: `report.json`'s ``run``, for the command that asks a question again.
        :param changes: what became of a question since the baseline, by node id.
        """
        self._write = write
        self._options = _options(run)
        self._run = str(run["id"])
        self._changes = changes
        self._values: dict[str, dict[str, int]] = {name: {} for name in _CODED}
        self._columns: dict[str, list[object]] = {name: [] for name in (*_CODED, *_PLAIN)}
        self._starts: list[int] = []
        self._frames: dict[str, int] = {}  # of prompts, as JSON
        self._rows: list[str] = []
        self._chars = 0
        self._count = 0

    def add(self, row: Mapping[str, Any], sent: Sequence[Message] | None = None) -> None:
        """Take one review row, and the messages that it was asked with."""
        self._index(row)
        detail = _detail(row, self._options, self._run)
        packed = _json(detail | {"frame": self._frame(detail, sent)})
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
        self._block("index", _json(index))

    def _index(self, row: Mapping[str, Any]) -> None:
        coded = {**row, "change": self._changes.get(_node_id(row))}
        for name in _CODED:
            values = self._values[name]
            self._columns[name].append(values.setdefault(_text(coded[name]) or "", len(values)))
        latency = row["latency_s"]
        for name, value in (
            ("id", _text(row["id"])),
            ("repeat", row["repeat"]),
            ("question", _beginning(row["question"], _QUESTION_CHARS)),
            ("target", _beginning(row["target"], _ANSWER_CHARS)),
            ("got", _beginning(row["extracted"], _ANSWER_CHARS)),
            ("latency", None if latency is None else round(latency, 3)),
            ("cut", int(row["cut"])),
        ):
            self._columns[name].append(value)

    def _frame(self, detail: Mapping[str, Any], sent: Sequence[Message] | None) -> int | None:
        """The number of the frame that a question shares with others."""
        if sent is None:
            return None
        texts = question_texts(detail["question"], detail["labels"], detail["choices"])
        return self._frames.setdefault(_json(frame_of(sent, texts, _shown)), len(self._frames))

    def _end_chunk(self) -> None:
        if self._rows:
            self._block(f"chunk-{len(self._starts)}", f"[{','.join(self._rows)}]")
            self._starts.append(self._count - len(self._rows))
            self._rows, self._chars = [], 0

    def _block(self, name: str, text: str) -> None:
        # No time in the gzip header: the same run gives the same bytes.
        packed = base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()
        self._write(f'<script type="text/plain" id="{name}">{packed}</script>\n')


def _detail(row: Mapping[str, Any], options: str, run: str) -> dict[str, object]:
    """What is shown of one opened question; texts are cleaned, the reply is cut in three.

    :param options: of the command that asks it again; `run` is the id that `iqeval` knows it by.
    """
    before, span, after = _cut(row["reply"], row["span"])
    metadata = dict(row["metadata"] or {})
    explanation = metadata.pop("explanation", None)
    node_id = _node_id(row)
    usage = row["usage"] or {}
    labels = row["labels"]
    return {
        "question": _text(row["question"]),
        "choices": [_text(choice) for choice in row["choices"]],
        "labels": labels,
        "right": labels_in(row["target"], labels),
        "named": labels_in(row["extracted"], labels),
        "targets": [_text(target) for target in (row["target"], *row["also"])],
        "got": _text(row["extracted"]),
        "before": _text(before),
        "span": _text(span),
        "after": _text(after),
        "reasoning": _text(row["reasoning"]),
        "finish_reason": _text(row["finish_reason"]),
        "note": _text(row["note"]),
        "attempts": row["attempts"],
        "cached": row["cached"],
        "timing": {
            name.removesuffix("_s"): value
            for name, value in row["timing"].items()
            if value is not None
        },
        "prompt_tokens": usage.get("prompt_tokens"),
        "completion_tokens": usage.get("completion_tokens"),
        "explanation": _text(explanation),
        "metadata": [[_text(key), _text(value)] for key, value in metadata.items()],
        "command": _text(f"pytest {shlex.quote(node_id)}{options}"),
        "explain": _text(
            f"iqeval explain {shlex.join([run, node_id])}"
            + (f" --repeat {row['repeat'] + 1}" if row["repeat"] else "")
        ),
    }


def _node_id(row: Mapping[str, Any]) -> str:
    return f"iqeval/{row['benchmark']}::{row['subset']}::{row['id']}"


def _cut(reply: str | None, span: Iterable[int] | None) -> tuple[str | None, str, str]:
    """The reply before, in and after the span that was read.

    Cut here, by code points: the script would count UTF-16 units. ``None`` is no reply at all.
    """
    if reply is None or span is None:
        return reply, "", ""
    start, end = span
    return reply[:start], reply[start:end], reply[end:]


def _options(run: Mapping[str, Any]) -> str:
    """The options that ask the same model in the same way, ready for a shell."""
    given = ["--iqeval-model", run["model"]]
    if run["provider"] is None:
        given += ["--iqeval-base-url", run["base_url"]]
    elif run["provider"] != "ollama":
        given += ["--iqeval-provider", run["provider"]]
    if run["answer"] != "free":
        given += ["--iqeval-answer", run["answer"]]
    return " " + shlex.join(given)


def _text(value: object) -> str | None:
    """Text that may be shown; what is neither text nor nothing (metadata) as JSON."""
    if value is None:
        return None
    return _shown(value if isinstance(value, str) else _json(value))


def _shown(text: str) -> str:
    if text.isprintable():  # as `plain` has it
        return text
    shown = plain(text)
    return shown.replace("\r\n", "\n") if "\r" in shown else shown


def _beginning(value: object, length: int) -> str | None:
    """The first characters on one line; a mark at the end says that there are more."""
    text = _text(value)
    if text is None:
        return None
    # Enough for `length` after white space is squeezed, without walking a book.
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length and len(text) <= 4 * length else line[:length] + "…"


# Made once: `json.dumps` with options makes one a call.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
