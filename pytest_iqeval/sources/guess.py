"""The definition of a bare data file, guessed from its columns."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.phrases import guess as phrases
from pytest_iqeval.core.phrases.signs import LIST, SEMICOLON
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.core.told import Told, joined
from pytest_iqeval.sources.files import Table
from pytest_iqeval.sources.guess_answers import Guess, guess_free, guess_options
from pytest_iqeval.sources.guess_kinds import refuse_other_kinds
from pytest_iqeval.sources.row import MESSAGES
from pytest_iqeval.sources.row_options import option_values

QUESTION = ("question", "query", "problem", "input", MESSAGES)
CHOICES = ("choices", "options")
ANSWER = ("answer", "response", "target", "label", "gold")

_MAP = "write a definition (YAML) beside the file that says it under `fields:`"
_UNANSWERED = (
    f"{_MAP}; questions without right answers (an arena's, where models are set against each "
    "other) can't be judged here"
)
# Columns that hold an option each under a name of their own: option_a, Option 1, choiceB, 选项A, C.
_OPTION = re.compile(r"(?:(?:option|opt|choice|选项)[ _.-]?(?:[a-z]|[0-9]{1,2})|[a-h])")
# Rows that tell the language of a file.
_ENOUGH = 200
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]")


def guess_definition(table: Table, *, scorers: Iterable[str]) -> Definition:
    """A definition for a file that comes alone; ``description`` says what was guessed.

    :raises DefinitionError: no column looks like the question or the answer, the file is of
        another kind, what the answers are is not to be told, or the file's name can't be a
        benchmark's.
    """
    known = list(scorers)
    columns: dict[str, str] = {}
    for row in table.rows:
        for column in row.values:
            columns.setdefault(column.casefold(), column)
    question = _first(columns, QUESTION)
    answer = _first(columns, ANSWER)
    choices = _first(columns, CHOICES) or _letter_columns(columns)
    guessed = _guess_answers(table, answer, choices, known) if answer else None
    faults = [
        f"{table.shown}: {what}: no column looks like it; looked for {', '.join(names)}, "
        f"and there is: {', '.join(columns.values())}"
        for what, names, found in (
            ("question", QUESTION, question),
            ("answer", ANSWER, answer),
            # Only a scorer of free answers can do without options.
            ("choices", (*CHOICES, "A and B"), choices or guessed or "exact" in known),
        )
        if not found
    ]
    if not choices:
        faults += _options_elsewhere(table.shown, columns)
    if faults:
        if not (question and answer):
            refuse_other_kinds(table.shown, columns)
        raise DefinitionError(faults, hint=_UNANSWERED if question and not answer else _MAP)
    assert guessed is not None
    fields: dict[str, object] = {"question": question, "answer": answer}
    if choices:
        fields["choices"] = choices
    for name in ("id", "system"):
        if name in columns:
            fields[name] = columns[name]
    language = _language(str(row.values.get(str(question), "")) for row in table.rows[:_ENOUGH])
    raw = {
        "name": safe_id(table.path.stem),
        "description": _told(fields, guessed, language),
        "language": language,
        "scorer": {"name": guessed.scorer, **guessed.options},
        "data": table.path.name,
        "fields": fields,
        "answer_kind": guessed.answer_kind,
    }
    return parse_definition(raw, file=table.shown, scorers=known)


def _guess_answers(
    table: Table, answer: str, choices: str | list[str] | None, scorers: list[str]
) -> Guess | None:
    """What the answers are; ``None`` where no scorer there is reads them.

    :raises DefinitionError: it is not to be told.
    """
    given = [row.values for row in table.rows if row.values.get(answer) not in (None, "", [])]
    if not choices:
        return guess_free([values[answer] for values in given], scorers)
    answers = [(values[answer], option_values(values, choices)) for values in given]
    guess = guess_options(
        [(a, [str(o) for o in options]) for a, options in answers if isinstance(options, list)],
        scorers,
    )
    if guess is None:
        raise DefinitionError(
            f"{table.shown}: {answer}: numbers that may count the options from 0 or from 1, or "
            "be their texts: it is not to be told which",
            hint=f"write a definition (YAML) beside the file, with `data: {table.path.name}` and "
            "`answer_kind: index` if 0 is the first option, `answer_kind: position` if 1 is, or "
            "`answer_kind: letter` if the numbers are texts of options",
        )
    return guess


def _options_elsewhere(shown: str, columns: dict[str, str]) -> list[str]:
    """Refuse to ask without its options what has some: free questions have no such columns."""
    found = [name for folded, name in columns.items() if _OPTION.fullmatch(folded)]
    if len(found) < 2:
        return []
    return [
        f"{shown}: choices: no column looks like it, but {', '.join(found)} may hold an option "
        f"each; call them A, B, … or say so: `fields: {{choices: [{', '.join(found)}]}}`"
    ]


def _first(columns: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def _letter_columns(columns: dict[str, str]) -> list[str]:
    """A, B, C, … as far as they go without a gap; at least two."""
    found = []
    for letter in string.ascii_lowercase:
        if letter not in columns:
            break
        found.append(columns[letter])
    return found if len(found) > 1 else []


def _language(texts: Iterable[str]) -> str:
    """``zh`` where a fifth of the letters are Chinese, since one says as much as several Latin."""
    han = latin = 0
    for text in texts:
        han += len(_HAN.findall(text))
        latin += len(_LATIN.findall(text))
    return "zh" if han and han * 4 >= latin else "en"


def _told(fields: Mapping[str, object], guessed: Guess, language: str) -> Told:
    parts: list[str] = [
        phrases.FROM(name=name, column=joined(column, LIST) if isinstance(column, list) else column)
        for name, column in fields.items()
    ]
    parts.append(phrases.LANGUAGE(language=language))
    scorer = phrases.SCORER(scorer=guessed.scorer)
    if guessed.options:
        options = (f"{name} {value}" for name, value in guessed.options.items())
        scorer = phrases.SCORER_WITH(scorer=guessed.scorer, options=joined(options, LIST))
    parts += [scorer, phrases.ANSWER_KIND(kind=guessed.answer_kind)]
    return phrases.GUESSED(what=joined(parts, SEMICOLON))
