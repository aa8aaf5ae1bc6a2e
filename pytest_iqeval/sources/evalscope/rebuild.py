"""A benchmark out of the records of it: a definition and its data, as files of our own.

What the files of EvalScope hold of a question becomes a row of JSONL. It is then read as any other
benchmark is, so its ids are those that the same question has in our own runs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.sample import LABELS, safe_id
from pytest_iqeval.core.scorers.recorded import KEPT, fingerprint_of
from pytest_iqeval.sources.evalscope.contents import Content, content_of
from pytest_iqeval.sources.evalscope.values import Record
from pytest_iqeval.sources.shipped import DEFINITION

# What a definition says that holds for the rebuilt data too; the rest says where data is read.
_TAKEN_OVER = (
    *("title", "description", "licence", "licence_url", "homepage", "language", "system"),
    *("prompt", "option", "scorer", "source", "average", "subsets"),
)
_NO_TARGET = "—"
_LONGEST = 4000  # characters of an answer that was read: code may be long
_ID = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with the records of its replies, and the line (from 1) of its row."""

    subset: str
    line: int
    content: Content
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The questions of a benchmark, and sentences about those that can't be told."""

    questions: tuple[Question, ...]
    left_out: tuple[str, ...]


def questions_of(subsets: Mapping[str, Sequence[Record]], definition: Definition | None) -> Rebuilt:
    """The questions of a benchmark.

    :param subsets: its records by our name of their subset, in the order of the data.
    :param definition: ours; ``None`` for a benchmark that we don't have, whose questions are the
        whole prompts.
    """
    questions: list[Question] = []
    left_out: list[str] = []
    for subset, records in subsets.items():
        groups: dict[tuple[Path, str], list[Record]] = {}
        for record in records:
            groups.setdefault((record.file, record.group), []).append(record)
        line = 0
        for same in groups.values():
            content = content_of(same[0], definition)
            if isinstance(content, str):
                left_out.append(f"{same[0].file.name}:{same[0].line}: {content}")
                continue
            line += 1
            questions.append(
                Question(subset=subset, line=line, content=content, records=tuple(same))
            )
    return Rebuilt(questions=tuple(questions), left_out=tuple(left_out))


def renumbered(questions: Iterable[Question]) -> list[Question]:
    """The questions with the lines that they get when these are all there are."""
    lines: Counter[str] = Counter()
    found = []
    for question in questions:
        lines[question.subset] += 1
        found.append(replace(question, line=lines[question.subset]))
    return found


def write_benchmark(
    folder: Path,
    name: str,
    questions: Sequence[Question],
    *,
    taken_over: Mapping[str, object],
    prompt: str | None = None,
    system: str | None = None,
) -> Path:
    """Write definition and data into an empty folder; the definition's file.

    :param taken_over: the fields of our definition, or of what stands for one.
    :param prompt: the template that the questions were asked with, where it is not that one's.
    :param system: likewise the system message.
    """
    plain: dict[str, object] = {"name": name}
    plain |= {key: taken_over[key] for key in _TAKEN_OVER if taken_over.get(key) is not None}
    if prompt is not None:
        plain["prompt"] = prompt
    if system is not None:
        plain["system"] = system
    data: dict[str, str] = {}
    free = all(not one.content.choices for one in questions)
    for number, subset in enumerate(dict.fromkeys(one.subset for one in questions), start=1):
        data[subset] = f"{number}-{safe_id(subset)}.jsonl"
        rows = (_row(one, free=free) for one in questions if one.subset == subset)
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / data[subset]).write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    plain |= {"data": data, "repeated_options": True}
    columns = ("question", "answer", _ID, *(() if free else ("choices",)))
    plain["fields"] = {column: column for column in columns}
    path = folder / DEFINITION
    # JSON is YAML too.
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
    return path


def _row(question: Question, *, free: bool) -> dict[str, object]:
    content = question.content
    answer = list(content.targets) if free else _labels(content.targets)
    row: dict[str, object] = {
        name: value
        for name, value in content.further.items()
        if name not in ("question", "choices", "answer", "messages", _ID, KEPT)
    }
    if content.id is not None:
        row[_ID] = content.id
    row["question"] = content.question
    if not free:
        row["choices"] = list(content.choices)
    row["answer"] = answer or _NO_TARGET
    row[KEPT] = recorded_in(question)
    return row


def recorded_in(question: Question) -> dict[str, object]:
    """What EvalScope made of the replies to a question, as its row keeps it."""
    return {"from": "EvalScope", "replies": [*map(_kept, question.records)]}


def _labels(targets: Iterable[str]) -> str:
    """Several labels as one answer: ``AC``."""
    return "".join(target for target in targets if set(target) <= set(LABELS))


def _kept(record: Record) -> dict[str, object]:
    """What EvalScope made of one reply."""
    kept: dict[str, object] = {"repeat": record.repeat, "index": record.index}
    if record.reply is not None:
        kept["reply"] = fingerprint_of(record.reply.text)
    if record.score is not None:
        kept |= {
            "metric": record.score.name,
            "score": record.score.value,
            "values": dict(record.score.values),
            "extracted": _answer(record),
        }
    return kept


def _answer(record: Record) -> str | None:
    """The answer that EvalScope read; some of its metrics take the whole reply for it."""
    answer = None if record.score is None else record.score.extracted
    whole = record.reply is not None and answer == record.reply.text
    return None if answer is None or whole else answer[:_LONGEST]
