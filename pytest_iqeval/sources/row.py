"""One row of a file → what a sample is made of, with every fault of the row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.plain import counted, kind_of, quoted
from pytest_iqeval.core.sample import LABELS, normalised
from pytest_iqeval.sources.answers import Answer, Answers
from pytest_iqeval.sources.columns import CONTENT
from pytest_iqeval.sources.named_options import AnswerFault, squeezed
from pytest_iqeval.sources.records import Row
from pytest_iqeval.sources.row_options import count_before, option_values
from pytest_iqeval.sources.values import column_of, is_template, value_at

_Fields = Mapping[str, str | tuple[str, ...]]
# Where a row may write its question as chat messages, in place of the question's own column.
MESSAGES = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row that was read, before its id is known; its answer is empty where it is at fault."""

    line: int
    question: str
    choices: tuple[str, ...]
    answer: Answer
    system: str | None
    own_id: str | None
    metadata: dict[str, object]
    group: str | None

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two rows the same question."""
        return tuple(normalised(text) for text in (self.question, *self.choices))


class Plan:
    """How the rows of one file are read: the definition, made ready once.

    :param missing: our names of the columns that no row has (they are told once for the file).
    """

    def __init__(self, definition: Definition, missing: Mapping[str, object]) -> None:
        rules = definition.rows
        self.fields = {n: c for n, c in definition.fields.items() if n not in missing}
        self.answers = Answers(definition)
        self.separator = rules.separator
        self.repeated = rules.repeated_options
        self.edits = [
            (set(e.fields), re.compile(e.pattern), e.text.replace("\\", r"\\")) for e in rules.edits
        ]
        self.own_ids = "id" in self.fields and not rules.content_ids
        self.names = self._names(definition.fields, own_ids=not rules.content_ids)
        self.ways = [
            (name, way)
            for name, way in self.fields.items()
            if name not in CONTENT and isinstance(way, str) and ("." in way or is_template(way))
        ]
        group = definition.group
        self.group_field = None if group is None else self.names.get(group, group)

    @staticmethod
    def _names(fields: _Fields, *, own_ids: bool) -> Mapping[str, str]:
        """Columns to our names. A template takes no column away from the metadata."""
        names: dict[str, str] = {}
        for name, columns in fields.items():
            if name == "id" and not own_ids:
                continue
            for column in (columns,) if isinstance(columns, str) else columns:
                names.setdefault(column, name)
                if name in CONTENT and not is_template(column):
                    names.setdefault(column_of(column), name)
        return names

    def edited(self, field: str, text: str) -> str:
        """`text` with the definition's replacements."""
        for fields, pattern, into in self.edits:
            if field in fields:
                text = pattern.sub(into, text)
        return text


class RowReading:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, row: Row, plan: Plan) -> None:
        self._row = row
        self._plan = plan
        self._fields = plan.fields
        self.faults: list[str] = []

    def draft(self) -> Draft | None:
        """The row's content, or ``None`` where question or options are at fault.

        A fault of the answer or the id alone still gives a draft, so that ids can be compared
        and all faults be told at once.
        """
        question, system = self._question() if "question" in self._fields else (None, None)
        choices = self._choices() if "choices" in self._fields else ()
        # Where options are missing, what names one of them can't be judged.
        answered = "answer" in self._fields and bool(choices or self._plan.answers.free)
        answer = self._answer(choices or ()) if answered else None
        own_id = self._own_id() if self._plan.own_ids else None
        metadata = self._metadata(answer)
        group = self._group(metadata)
        if question is None or choices is None:
            return None
        return Draft(
            line=self._row.line,
            question=question,
            choices=choices,
            answer=answer or Answer(target=""),
            system=system,
            own_id=own_id,
            metadata=metadata,
            group=group,
        )

    def _fault(self, column: str, what: str) -> None:
        self.faults.append(f"{column}: {what}")

    def _value(self, field: str) -> object:
        return value_at(self._row.values, str(self._fields[field]))

    def _question(self) -> tuple[str | None, str | None]:
        """The question and the system message of its own, if the row has them."""
        column = str(self._fields["question"])
        value = self._value("question")
        if value in (None, "") and MESSAGES in self._row.values:
            column, value = MESSAGES, self._row.values[MESSAGES]
        if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            return self._messages(column, value)
        if isinstance(value, str):
            value = self._plan.edited("question", value)
        if not isinstance(value, str) or not value.strip():
            blank = value is None or isinstance(value, str)
            self._fault(column, f"is {'missing' if blank else kind_of(value)}; a question is text")
            value = None
        return value, self._system()

    def _messages(self, column: str, value: list[object]) -> tuple[str | None, str | None]:
        """A question written as chat messages: the user's, with a system message before it."""
        texts = {}
        for message in value:
            if isinstance(message, Mapping) and isinstance(message.get("content"), str):
                texts[message.get("role")] = message["content"]
        if list(texts) not in (["user"], ["system", "user"]) or len(value) > len(texts):
            self._fault(
                column,
                "is no question; it may be text, or chat messages: "
                'one with the role "user" and text as content, and one with "system" before it',
            )
            return None, None
        return texts["user"], texts.get("system") or self._system()

    def _system(self) -> str | None:
        if "system" not in self._fields:
            return None
        value = self._value("system")
        if value is None or isinstance(value, str):
            return value or None
        self._fault(str(self._fields["system"]), f"is {kind_of(value)}; a system message is text")
        return None

    def _choices(self) -> tuple[str, ...] | None:
        columns = self._fields["choices"]
        where = columns if isinstance(columns, str) else f"{columns[0]} to {columns[-1]}"
        values = option_values(self._row.values, columns, separator=self._plan.separator)
        if not isinstance(values, list):
            what = "is missing" if values is None else f"is {kind_of(values)}"
            self._fault(where, f"{what}; options are a list of texts, or a column each (A, B, …)")
            return None
        if isinstance(columns, str) and values and isinstance(values[0], Mapping):
            keys = ", ".join(map(str, values[0]))
            self._fault(
                where,
                f"is a list of mappings; say which of their fields is the option's text "
                f"({keys}): `fields: {{choices: {where}.FIELD}}` in the definition",
            )
            return None
        before = len(self.faults)
        options = [self._option(where, n, value) for n, value in enumerate(values)]
        if not 2 <= len(options) <= len(LABELS):
            self._fault(
                where, f"has {counted(len(options), 'option')}; 2 to {len(LABELS)} are possible"
            )
        same = _repeated([squeezed(option) for option in options if option])
        if same is not None and not self._plan.repeated:
            self._fault(
                where,
                f"has the option {quoted(same)} twice; make the options differ, or write "
                "`repeated_options: true` in the definition if the data is meant so",
            )
        return None if len(self.faults) > before else tuple(options)

    def _option(self, where: str, number: int, value: object) -> str:
        label = LABELS[number] if number < len(LABELS) else f"number {number + 1}"
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str):
            value = self._plan.edited("choices", value)
            if value.strip():
                return value
        what = "is empty" if value is None or isinstance(value, str) else f"is {kind_of(value)}"
        self._fault(where, f"option {label} {what}; an option is text")
        return ""

    def _answer(self, choices: tuple[str, ...]) -> Answer | None:
        column, columns = str(self._fields["answer"]), self._fields.get("choices")
        values = self._row.values
        try:
            if isinstance(columns, tuple) and column in columns:
                separator = self._plan.separator
                return self._plan.answers.at(
                    count_before(values, columns, column, separator=separator), choices
                )
            value = self._value("answer")
            if isinstance(value, str) and self._plan.edits:
                value = self._plan.edited("answer", value)
            labels = self._value("labels") if "labels" in self._fields else None
            return self._plan.answers.read(value, choices, own_labels=labels)
        except AnswerFault as fault:
            self._fault(column, str(fault))
            return None

    def _own_id(self) -> str | None:
        column = str(self._fields["id"])
        value = self._value("id")
        if isinstance(value, str):
            return value.strip() or None
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self._fault(column, f"is {kind_of(value)}; an id is text or a whole number")
        return None

    def _group(self, metadata: Mapping[str, object]) -> str | None:
        """A question without a value there stands alone."""
        field = self._plan.group_field
        value = None if field is None else metadata.get(field)
        if value is None or isinstance(value, bool | int | float | str):
            return None if value is None else str(value).strip() or None
        self._fault(str(field), f"is {kind_of(value)}; a group is text or a number")
        return None

    def _metadata(self, answer: Answer | None) -> dict[str, object]:
        """All other columns, under our names where the definition maps them.

        A worked solution explains, where nothing else does.
        """
        mapped: dict[str, object] = {}
        others: dict[str, object] = {}
        names = self._plan.names
        for column, value in self._row.values.items():
            name = names.get(column)
            if name is None:
                others[column] = value
            elif name not in CONTENT:
                mapped[name] = value
        for name, way in self._plan.ways:
            if (value := value_at(self._row.values, way)) is not None:
                mapped[name] = value
        if answer is not None and answer.working is not None:
            mapped.setdefault("explanation", answer.working)
        return others | mapped


def _repeated(texts: Sequence[str]) -> str | None:
    return next((t for n, t in enumerate(texts) if t in texts[:n]), None)
