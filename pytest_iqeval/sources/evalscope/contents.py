"""What a record says of its question: the text, the options, the right answer, the id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.sample import LABELS
from pytest_iqeval.sources.evalscope.questions import taken_apart
from pytest_iqeval.sources.evalscope.replies import mapping
from pytest_iqeval.sources.evalscope.values import Record

_QUESTIONS = ("question", "query", "input", "problem", "prompt", "ctx")
_UNKNOWN = ("", "unknown")
_THEIR_IDS = {"unique_id": "question_id"}  # what EvalScope calls a column of the data


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A question as a row of data has it.

    ``id`` is the data set's own, where the files have it. ``template`` makes the prompt of it that
    was sent, where that could be taken apart, and ``examples`` is how many stand before the
    question. ``further`` are the data set's other fields.
    """

    question: str
    choices: tuple[str, ...] = ()
    targets: tuple[str, ...]
    id: str | None = None
    template: str | None = None
    examples: int = 0
    further: Mapping[str, object] = field(default_factory=dict)


def content_of(record: Record, definition: Definition | None) -> Content | str:
    """The question of a record, or why it can't be told.

    :param definition: ours of its benchmark; ``None``: the whole prompt is the question.
    """
    prompt = record.asked[-1].content if record.asked else ""
    if definition is None:
        question = prompt or _first_text(record.row, _QUESTIONS)
        if not question.strip():
            return "neither a prompt nor a question is recorded"
        return Content(question=question, targets=_targets(record), further=record.row)
    choices: tuple[str, ...] = ()
    template, examples = None, 0
    columns = definition.fields.get("question")
    question = _first_text(record.row, (str(columns),) if not record.whole else _QUESTIONS)
    if record.whole:
        choices = _choices(record.row) if "choices" in definition.fields else ()
    elif not question or "choices" in definition.fields:
        asked = taken_apart(prompt, definition.prompt)
        if asked is None:
            return "the question can't be told from its prompt"
        question, choices, template, examples = asked
    fault = _fault(question, choices, record.targets, options="choices" in definition.fields)
    if fault is not None:
        return fault
    return Content(
        question=question,
        choices=choices,
        targets=_targets(record),
        id=_own_id(record.row, definition),
        template=template,
        examples=examples,
        further={} if record.whole and choices else record.row,
    )


def _fault(
    question: str, choices: Sequence[str], targets: Sequence[str], *, options: bool
) -> str | None:
    if not question.strip():
        return "no question is recorded"
    if not targets:
        return "no right answer is recorded"
    if not options:
        return None
    if len(choices) < 2:
        return "its options can't be told from its prompt"
    letters = "".join(targets)
    if not set(letters) <= set(LABELS[: len(choices)]):
        return f"its right answer {letters!r} is none of its {len(choices)} options"
    return None


def _targets(record: Record) -> tuple[str, ...]:
    return tuple(target for target in record.targets if target.strip())


def _first_text(row: Mapping[str, object], names: Sequence[str]) -> str:
    return next((v for name in names if isinstance(v := row.get(name), str) and v.strip()), "")


def _choices(row: Mapping[str, object]) -> tuple[str, ...]:
    """The options of a row in the data set's own shape."""
    found = row.get("choices", row.get("endings"))
    if isinstance(found, Mapping):
        found = found.get("text")
    if found is None:
        found = [row[label] for label in LABELS if label in row]
    if found == [] and "mc1_targets" in row:
        found = list(mapping(row["mc1_targets"]))
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _own_id(row: Mapping[str, object], definition: Definition) -> str | None:
    """The id that the definition would take, where the files have that column."""
    if definition.rows.content_ids:
        return None
    column = str(definition.fields.get("id", "id"))
    value = row.get(column, row.get(_THEIR_IDS.get(column, "")))
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return None if str(value).strip() in _UNKNOWN else str(value)
