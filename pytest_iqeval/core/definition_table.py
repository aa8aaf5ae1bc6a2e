"""The table of a definition's fields: name, shape and meaning, for the parser, editors and docs.

The parser takes from it which fields there are, the JSON Schema (`definition_schema`) their shapes
and descriptions. That both accept the same is tested with definitions made at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pytest_iqeval.core.definition_columns import FIELDS
from pytest_iqeval.core.definition_shapes import (
    COLUMN,
    COLUMNS,
    FILES,
    NAME,
    TEXT,
    Shape,
    either,
    fields_of,
    list_of,
    mapping_to,
    one_of,
    or_nothing,
    told,
)
from pytest_iqeval.core.hub import TITLES
from pytest_iqeval.core.kinds import ANSWER_KINDS, KINDS
from pytest_iqeval.core.row_rules import EDITED, IDS
from pytest_iqeval.core.row_rules import KEYS as ROW_RULES
from pytest_iqeval.core.tasks.general import LANGUAGES

LABEL_KINDS = ("letters", "digits")
AVERAGES = ("micro", "macro")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field: the shape of its value, and what it is for. What is not required may be empty."""

    shape: Shape
    meaning: str
    required: bool = False


_FIELD_MEANINGS: Mapping[str, str] = {
    "question": "the column with the question",
    "choices": "the column with a list of options, or a list of columns, an option each",
    "answer": "the column with the right answer",
    "id": "the column with the id that the question keeps for ever",
    "level": "the column with its level",
    "category": "the column with its category",
    "explanation": "the column with the worked solution",
    "system": "the column with a system message of its own",
    "labels": "the column with the labels that the data gives its options",
}
_COLUMNS = fields_of(
    {
        name: told(either(COLUMN, COLUMNS) if name == "choices" else COLUMN, _FIELD_MEANINGS[name])
        for name in FIELDS
    }
)
_REPLACE = list_of(
    fields_of(
        {
            "pattern": told({"type": "string"}, "a regular expression"),
            "with": told({"type": "string"}, "the text in its place; nothing where left out"),
            "in": told(
                either(one_of(EDITED), list_of(one_of(EDITED), minItems=1)),
                "where; question and choices where left out",
            ),
        },
        required=["pattern"],
    )
)
_SEPARATOR: Shape = {"type": "string", "minLength": 1}
_SHA256: Shape = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ANSWER_KIND = one_of(ANSWER_KINDS)
_SOME_FILES = either(FILES, mapping_to(FILES))
_LAYOUT = fields_of(
    {
        "test": told(_SOME_FILES, "the file of the questions; {subset} and * stand for any text"),
        "dev": told(or_nothing(_SOME_FILES), "the file of the few-shot examples"),
        "subset": told(
            or_nothing(TEXT), 'the column that names the subset, or a template: "Level-{level}"'
        ),
        "columns": told(
            or_nothing(list_of(or_nothing(TEXT), minItems=1)),
            "the columns of a file without a header; an empty one is not kept",
        ),
        "fields": told(or_nothing(_COLUMNS), "what differs from the definition's `fields`"),
        "answer_kind": told(or_nothing(_ANSWER_KIND), "in place of the definition's"),
        "replace": told(or_nothing(_REPLACE), "in place of the definition's"),
        "separator": told(or_nothing(_SEPARATOR), "in place of the definition's"),
    },
    required=["test"],
)
_COUNT: Shape = {"type": "integer", "minimum": 0}
_FEW_SHOT = fields_of(
    {
        "count": told(_COUNT, "how many; --iqeval-few-shot N in place of it"),
        "example": told(
            or_nothing(TEXT),
            "the template of one, over {question}, {options}, {letters}, {subset}, {answer} and "
            "{explanation}",
        ),
        "prompt": told(
            or_nothing(TEXT),
            "what is asked in place of `prompt` where any is shown: {examples} too",
        ),
    }
)
_HUB = fields_of(
    {
        "repo": told(TEXT, "owner/name"),
        "revision": told(TEXT, "a branch, a tag or a commit"),
        "files": told(
            either(
                list_of(TEXT, minItems=1),
                mapping_to(or_nothing(_SHA256), minProperties=1),
            ),
            "paths in the repository, in which * stands for a part of one name; a mapping pins "
            "the sha256 of each",
        ),
    },
    required=["repo", "files"],
)
_SCORER_NAME = either(one_of(tuple(KINDS)), TEXT)  # the first alone would refuse a user's own
_FACT = either({"type": ["boolean", "number"]}, TEXT)

FIELDS_TABLE: Mapping[str, Entry] = MappingProxyType(
    {
        "name": Entry(
            shape=NAME,
            meaning="the benchmark's name, a part of every question's id: letters of any script, "
            "digits, - _ .",
            required=True,
        ),
        "title": Entry(shape=TEXT, meaning="its name for people"),
        "description": Entry(shape=TEXT, meaning="what it asks, in a sentence or two"),
        "language": Entry(
            shape=one_of(LANGUAGES), meaning="in which language it is asked", required=True
        ),
        "licence": Entry(shape=TEXT, meaning="the licence of the data"),
        "licence_url": Entry(shape=TEXT, meaning="where the licence can be read"),
        "homepage": Entry(shape=TEXT, meaning="where the data comes from"),
        "revision": Entry(
            shape=TEXT, meaning="the data's version; made from its bytes where left out"
        ),
        "source": Entry(shape=TEXT, meaning="where prompt, examples and averaging were taken from"),
        "data": Entry(
            shape=either(
                FILES,
                mapping_to(FILES, minProperties=1, propertyNames=NAME),
                list_of(_LAYOUT, minItems=1),
            ),
            meaning="the data files beside the definition: one file (or a list, the first that is "
            "there), a mapping from subsets to files, or a list of layouts",
            required=True,
        ),
        "hub": Entry(
            shape={
                **fields_of({name: told(_HUB, title) for name, title in TITLES.items()}),
                "minProperties": 1,
            },
            meaning="where the data can be fetched",
        ),
        "subsets": Entry(
            shape=either(
                list_of(NAME),
                mapping_to(either({"type": "null"}, TEXT, mapping_to(_FACT)), propertyNames=NAME),
            ),
            meaning="the subsets in their order: names, or a mapping from names to categories",
        ),
        "fields": Entry(
            shape=_COLUMNS,
            meaning="our names (" + ", ".join(FIELDS) + ") and the data's: columns, or paths like "
            "a.b; several columns are an option each",
        ),
        "answer_kind": Entry(
            shape=_ANSWER_KIND,
            meaning="how the data writes a right answer: a label or an option's text, several of "
            "them, a count from 0 or from 1, or a text",
        ),
        "labels": Entry(
            shape=one_of(LABEL_KINDS), meaning="what options are shown with: A, B, … or 1, 2, …"
        ),
        "replace": Entry(shape=_REPLACE, meaning=ROW_RULES["replace"]),
        "separator": Entry(shape=_SEPARATOR, meaning=ROW_RULES["separator"]),
        "shuffle": Entry(shape={"type": "boolean"}, meaning=ROW_RULES["shuffle"]),
        "repeated_options": Entry(shape={"type": "boolean"}, meaning=ROW_RULES["repeated_options"]),
        "ids": Entry(shape=one_of(IDS), meaning=ROW_RULES["ids"]),
        "system": Entry(shape=TEXT, meaning="a system message before every question"),
        "prompt": Entry(
            shape=TEXT,
            meaning="what is asked: a template over {question}, {options}, {letters}, {subset}; "
            "{{ and }} are braces. The general prompt of the language where left out",
        ),
        "option": Entry(
            shape=TEXT,
            meaning="how the prompt writes an option: a template of one line over {label} and "
            "{text}",
        ),
        "few_shot": Entry(
            shape=either(_COUNT, _FEW_SHOT),
            meaning="examples before each question, from the data's `dev` files: how many, or how "
            "they are shown as well",
        ),
        "scorer": Entry(
            shape=either(
                _SCORER_NAME,
                {
                    "type": "object",
                    "properties": {"name": _SCORER_NAME},
                    "required": ["name"],
                },
            ),
            meaning="what judges the replies: a name, or {name: NAME, OPTION: VALUE}",
        ),
        "average": Entry(
            shape=one_of(AVERAGES),
            meaning="which average its makers report: over questions (micro) or over subsets "
            "(macro); both are shown",
        ),
        "metrics": Entry(
            shape=list_of(TEXT),
            meaning="further shares that its reports show: credit, accuracy.macro, pass@K, pass^K, "
            "majority@K",
        ),
        "group": Entry(
            shape=TEXT, meaning="the field that questions of one passage or template share"
        ),
        "gates": Entry(shape=list_of(TEXT), meaning="gates that hold in every run"),
        "unavailable": Entry(shape=mapping_to(TEXT), meaning=ROW_RULES["unavailable"]),
    }
)
