"""A review row as `report.html` has it: what its table shows, and what one opened question does.

All of it but the change since a baseline is known once a question has ended.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pytest_iqeval.core.request import Message
from pytest_iqeval.core.sample import labels_in
from pytest_iqeval.reports.markup import plain
from pytest_iqeval.reports.reviews import read_lines
from pytest_iqeval.reports.sent import frame_of, question_texts

CODED = ("benchmark", "subset", "outcome", "rule")
"""Columns with few different values."""
PLAIN = ("id", "repeat", "question", "target", "got", "latency", "cut")
"""The other columns."""

_QUESTION_CHARS = 110
_ANSWER_CHARS = 40
# What `Tally` counts beside the level.
_COUNTED = ("benchmark", "subset", "id", "outcome", "latency_s", "cached")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One row: ``coded`` and ``plain`` hold its columns (`CODED`, `PLAIN`).

    ``detail`` is what the opened question shows, and ``frame`` what its prompt shares with others
    (``None``: not known), both as JSON. ``counted`` is of the review row what `Tally` takes.
    """

    node_id: str
    coded: tuple[str, ...]
    plain: tuple[object, ...]
    detail: str
    frame: str | None
    counted: Mapping[str, Any]


class PageRows:
    """Makes the page rows of a run."""

    def __init__(
        self, *, run: str, model: str, base_url: str, provider: str | None, answer: str
    ) -> None:
        """:param run: its id; the rest is for the command that asks a question again."""
        self._run = run
        self._options = _options(model, base_url, provider, answer)

    @classmethod
    def of_report(cls, run: Mapping[str, Any]) -> PageRows:
        """Those of `report.json`'s ``run``."""
        names = ("model", "base_url", "provider", "answer")
        return cls(run=str(run["id"]), **{name: run[name] for name in names})

    def of(self, row: Mapping[str, Any], sent: Sequence[Message] | None = None) -> PageRow:
        """The page row of a review row, and of the messages that it was asked with."""
        detail = _detail(row, self._options, self._run)
        latency = row["latency_s"]
        return PageRow(
            node_id=_node_id(row),
            coded=tuple(_text(row[name]) or "" for name in CODED),
            plain=(
                _text(row["id"]),
                row["repeat"],
                _beginning(row["question"], _QUESTION_CHARS),
                _beginning(row["target"], _ANSWER_CHARS),
                _beginning(row["extracted"], _ANSWER_CHARS),
                None if latency is None else round(latency, 3),
                int(row["cut"]),
            ),
            detail=as_json(detail),
            frame=None if sent is None else _frame(detail, sent),
            counted={
                **{name: row[name] for name in _COUNTED},
                "metadata": {"level": (row["metadata"] or {}).get("level")},
            },
        )


def page_rows(
    paths: Iterable[Path], ready: Mapping[str, PageRow] = MappingProxyType({})
) -> Iterator[PageRow | dict[str, Any]]:
    """The rows of review files, one at a time.

    :param ready: page rows that were made before, by the line that each was made of.
    """
    return (ready.get(line) or json.loads(line) for line in read_lines(paths))


def _frame(detail: Mapping[str, Any], sent: Sequence[Message]) -> str:
    texts = question_texts(detail["question"], detail["labels"], detail["choices"])
    return as_json(frame_of(sent, texts, _shown))


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


def _options(model: str, base_url: str, provider: str | None, answer: str) -> str:
    """The options that ask the same model in the same way, ready for a shell."""
    given = ["--iqeval-model", model]
    if provider is None:
        given += ["--iqeval-base-url", base_url]
    elif provider != "ollama":
        given += ["--iqeval-provider", provider]
    if answer != "free":
        given += ["--iqeval-answer", answer]
    return " " + shlex.join(given)


def _text(value: object) -> str | None:
    """Text that may be shown; what is neither text nor nothing (metadata) as JSON."""
    if value is None:
        return None
    return _shown(value if isinstance(value, str) else as_json(value))


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
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
