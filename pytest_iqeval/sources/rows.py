"""Rows and a definition → samples, with every fault of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.plain import counted, kind_of, quoted
from pytest_iqeval.core.sample import LABELS, Sample, content_id, normalised, safe_id
from pytest_iqeval.sources.answers import Answer, AnswerFault, Answers, squeezed
from pytest_iqeval.sources.columns import CONTENT, missing_columns, missing_group
from pytest_iqeval.sources.files import Fault, Row, Table

_Fields = Mapping[str, str | tuple[str, ...]]
# Where a row may write its question as chat messages, in place of the question's own column.
MESSAGES = "messages"


def read_samples(
    table: Table, definition: Definition, *, subset: str
) -> tuple[list[Sample], list[Fault]]:
    """The samples of one subset's file, and all faults of the file in the order of its lines.

    Where there is a fault the samples are not to be used: rows are missing from them, and
    that may change the ids of others.
    """
    missing = missing_columns(table, definition)
    faults = [*missing.values(), *missing_group(table, definition), *table.faults]
    fields = {name: column for name, column in definition.fields.items() if name not in missing}
    names = {
        column: name
        for name, columns in definition.fields.items()
        for column in ((columns,) if isinstance(columns, str) else columns)
    }
    answers = Answers(definition)
    drafts: list[_Draft] = []
    for row in table.rows:
        reading = _RowReading(row, fields, names, answers, group=definition.group)
        draft = reading.draft()
        faults += [Fault(row.line, fault) for fault in reading.faults]
        if draft is not None:
            drafts.append(draft)
    ids, clashes = _ids(drafts, id_column=str(definition.fields.get("id", "id")))
    samples = [
        Sample(
            benchmark=definition.name,
            subset=subset,
            id=id,
            input=draft.question,
            choices=draft.choices,
            target=draft.answer.target,
            also=draft.answer.also,
            numbered=definition.labels == "digits",
            system=draft.system,
            metadata=draft.metadata,
            group=draft.group,
            file=str(table.path),
            line=draft.line,
        )
        for draft, id in zip(drafts, ids, strict=True)
    ]
    return samples, sorted(faults + clashes, key=lambda fault: fault.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A row that was read, before its id is known; its answer is empty where it is at fault."""

    line: int
    question: str
    choices: tuple[str, ...]
    answer: Answer
    system: str | None
    own_id: str | None
    metadata: Mapping[str, object]
    group: str | None

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two rows the same question."""
        return tuple(normalised(text) for text in (self.question, *self.choices))


class _RowReading:
    """Reads one row and collects what is wrong with it.

    :param fields: our names to columns, without the columns that no row has (they are told once
        for the file).
    :param names: the other way round, of all columns.
    :param group: the field that names the group of a question, where the definition says one.
    """

    def __init__(
        self,
        row: Row,
        fields: _Fields,
        names: Mapping[str, str],
        answers: Answers,
        *,
        group: str | None,
    ) -> None:
        self._row = row
        self._fields = fields
        self._names = names
        self._answers = answers
        self._group_field = None if group is None else names.get(group, group)
        self.faults: list[str] = []

    def draft(self) -> _Draft | None:
        """The row's content, or ``None`` where question or options are at fault.

        A fault of the answer or the id alone still gives a draft, so that ids can be compared
        and all faults be told at once.
        """
        question, system = self._question() if "question" in self._fields else (None, None)
        choices = self._choices() if "choices" in self._fields else ()
        # Where options are missing, what names one of them can't be judged.
        answered = "answer" in self._fields and bool(choices or self._answers.free)
        answer = self._answer(choices or ()) if answered else None
        own_id = self._own_id() if "id" in self._fields else None
        metadata = self._metadata(answer)
        group = self._group(metadata)
        if question is None or choices is None:
            return None
        return _Draft(
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

    def _question(self) -> tuple[str | None, str | None]:
        """The question and the system message of its own, if the row has them."""
        column = str(self._fields["question"])
        value = self._row.values.get(column)
        if value in (None, "") and MESSAGES in self._row.values:
            column, value = MESSAGES, self._row.values[MESSAGES]
        if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            return self._messages(column, value)
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
        column = self._fields.get("system")
        value = None if column is None else self._row.values.get(str(column))
        if value is None or isinstance(value, str):
            return value or None
        self._fault(str(column), f"is {kind_of(value)}; a system message is text")
        return None

    def _choices(self) -> tuple[str, ...] | None:
        columns = self._fields["choices"]
        where = columns if isinstance(columns, str) else f"{columns[0]} to {columns[-1]}"
        values = option_values(self._row.values, columns)
        if not isinstance(values, list):
            what = "is missing" if values is None else f"is {kind_of(values)}"
            self._fault(where, f"{what}; options are a list of texts, or a column each (A, B, …)")
            return None
        before = len(self.faults)
        options = [self._option(where, n, value) for n, value in enumerate(values)]
        if not 2 <= len(options) <= len(LABELS):
            self._fault(
                where, f"has {counted(len(options), 'option')}; 2 to {len(LABELS)} are possible"
            )
        same = _repeated([squeezed(option) for option in options if option])
        if same is not None:
            self._fault(where, f"has the option {quoted(same)} twice; make the options differ")
        return None if len(self.faults) > before else tuple(options)

    def _option(self, where: str, number: int, value: object) -> str:
        label = LABELS[number] if number < len(LABELS) else f"number {number + 1}"
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value
        what = "is empty" if value is None or isinstance(value, str) else f"is {kind_of(value)}"
        self._fault(where, f"option {label} {what}; an option is text")
        return ""

    def _answer(self, choices: tuple[str, ...]) -> Answer | None:
        column = str(self._fields["answer"])
        try:
            return self._answers.read(self._row.values.get(column), choices)
        except AnswerFault as fault:
            self._fault(column, str(fault))
            return None

    def _own_id(self) -> str | None:
        column = str(self._fields["id"])
        value = self._row.values.get(column)
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
        value = None if self._group_field is None else metadata.get(self._group_field)
        if value is None or isinstance(value, bool | int | float | str):
            return None if value is None else str(value).strip() or None
        self._fault(str(self._group_field), f"is {kind_of(value)}; a group is text or a number")
        return None

    def _metadata(self, answer: Answer | None) -> Mapping[str, object]:
        """All other columns, under our names where the definition maps them.

        A worked solution explains, where nothing else does.
        """
        mapped: dict[str, object] = {}
        others: dict[str, object] = {}
        for column, value in self._row.values.items():
            name = self._names.get(column)
            if name is None:
                others[column] = value
            elif name not in CONTENT:
                mapped[name] = value
        if answer is not None and answer.working is not None:
            mapped.setdefault("explanation", answer.working)
        return others | mapped


def option_values(values: Mapping[str, object], columns: str | Sequence[str]) -> object:
    """The options of a row as they stand: a list, unless the one column holds something else."""
    if isinstance(columns, str):
        return values.get(columns)
    options = [values.get(column) for column in columns]
    # A question with fewer options leaves its last columns empty.
    while options and options[-1] in (None, ""):
        options.pop()
    return options


def _ids(drafts: Sequence[_Draft], *, id_column: str) -> tuple[list[str], list[Fault]]:
    """The id of each draft: its own, else its content's; equal rows get -2, -3 in file order.

    Which suffixes are free is decided by all rows together, so an id depends on the order of
    rows only among equal ones.
    """
    bases = [
        content_id(draft.question, draft.choices) if draft.own_id is None else safe_id(draft.own_id)
        for draft in drafts
    ]
    taken = frozenset(bases)
    first: dict[str, _Draft] = {}
    suffixes: dict[str, int] = {}
    ids: list[str] = []
    faults: list[Fault] = []
    for draft, base in zip(drafts, bases, strict=True):
        earlier = first.setdefault(base, draft)
        if earlier is draft:
            ids.append(base)
            continue
        if earlier.content != draft.content:
            faults.append(Fault(draft.line, f"{id_column}: {_clash(earlier, draft, base)}"))
        number = suffixes.get(base, 1) + 1
        while f"{base}-{number}" in taken:
            number += 1
        suffixes[base] = number
        ids.append(f"{base}-{number}")
    return ids, faults


def _clash(earlier: _Draft, later: _Draft, base: str) -> str:
    if later.own_id is None or earlier.own_id is None:
        what = f"{base}, made from the question's content, is also that of line {earlier.line}"
    elif later.own_id == earlier.own_id:
        what = f"{quoted(later.own_id)} is also that of line {earlier.line}"
    else:
        what = (
            f"{quoted(later.own_id)} becomes {base}, as does {quoted(earlier.own_id)} "
            f"of line {earlier.line}"
        )
    return f"{what}, a different question; give each its own id"


def _repeated(texts: Sequence[str]) -> str | None:
    return next((t for n, t in enumerate(texts) if t in texts[:n]), None)
