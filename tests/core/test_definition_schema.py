"""The JSON Schema of a definition and the parser accept the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.definition_fields import _OWN, parse_definition
from pytest_iqeval.core.definition_schema import (
    SCHEMA_FILE,
    definition_schema,
    schema_text,
)
from pytest_iqeval.core.definition_table import FIELDS_TABLE
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.kinds import ANSWER_KINDS
from pytest_iqeval.sources.definitions import plain_value
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder
from tests.support.questions import SCORERS, raw_definition

VALIDATOR = jsonschema.Draft7Validator(definition_schema())
# What the parser says of a value's shape; other faults are about what several values mean together.
OF_SHAPE = re.compile(
    r"must be|is missing|is empty|there is no such field|is unknown; write|names no file|"
    r"is neither \.|names what can't be edited|among layouts|a subset's name is text"
)


def faults(raw: dict[str, Any]) -> list[str]:
    """What the parser says."""
    try:
        parse_definition(raw, file="x.yaml", scorers=SCORERS)
    except DefinitionError as error:
        return error.problems
    return []


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(definition_schema())


def test_every_field_that_is_read_in_a_module_of_its_own_is_in_the_table() -> None:
    assert set(_OWN) <= set(FIELDS_TABLE)


def test_the_shipped_file_is_the_schema() -> None:
    """Where it is not: python docs/make_schema.py"""
    assert (datasets_folder() / SCHEMA_FILE).read_text("utf-8") == schema_text()


@pytest.mark.parametrize(
    "path", sorted(datasets_folder().glob(f"*/{DEFINITION}")), ids=lambda path: path.parent.name
)
def test_shipped_definitions_hold_to_it(path: Path) -> None:
    raw = plain_value(path.read_text("utf-8"), shown=path.name)
    VALIDATOR.validate(raw)


def test_a_wrong_name_is_refused_by_both() -> None:
    raw = raw_definition(promt="{question}")
    assert not VALIDATOR.is_valid(raw)
    assert faults(raw) == ["x.yaml: promt: there is no such field; did you mean prompt?"]


texts = st.sampled_from(["x", "题目", " ", "", "a.b", "A", "{question}", "Level-{level}", "q.csv"])
files = st.sampled_from(["q.jsonl", "q.CSV", "q.tsv.gz", "q.yaml", "{subset}.csv", "q*.csv", ""])
words = st.sampled_from(
    ["zh", "en", *ANSWER_KINDS, "letters", "digits", "own", "content", "choice"]
)
plain = st.none() | st.booleans() | st.integers(-2, 6) | texts | words
names = st.sampled_from(["IQ", "代数", "a b", "run", "x.y", ""])


def few(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, max_size=3)


def mapping(values: st.SearchStrategy[Any], keys: Any = names) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(keys, values, max_size=3)


def record(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields, at times with one that there is not."""
    return st.fixed_dictionaries({}, optional={**values, "wrong": plain})


some_files = files | few(files) | mapping(files | few(files))
columns = record(
    question=texts, choices=texts | few(texts), answer=texts | st.none(), id=texts, labels=texts
)
edits = few(
    record(
        pattern=st.sampled_from(["a+", "("]) | plain,
        **{"with": plain, "in": st.sampled_from(["question", "id"]) | few(words)},
    )
)
layout = record(
    test=some_files,
    dev=some_files | st.none(),
    subset=texts | st.none(),
    columns=few(texts | st.none()) | st.none(),
    fields=columns | st.none(),
    answer_kind=words | st.none(),
    replace=edits | st.none(),
    separator=plain,
)
SHAPED: dict[str, st.SearchStrategy[Any]] = {
    "name": names,
    "language": st.sampled_from(["zh", "en"]),
    "data": some_files | few(layout),
    "subsets": few(names) | mapping(plain | mapping(plain)),
    "fields": columns,
    "scorer": st.sampled_from(SCORERS) | record(name=st.sampled_from(SCORERS), threshold=plain),
    "answer_kind": words,
    "labels": words,
    "replace": edits,
    "shuffle": st.booleans(),
    "gates": few(texts),
    "hub": record(
        modelscope=record(
            repo=st.sampled_from(["a/b", "a"]),
            revision=texts | plain,
            files=few(texts) | mapping(plain | st.just("0" * 64)),
        )
    ),
    "option": st.sampled_from(["{label}. {text}", "", "x"]),
    "few_shot": st.integers(-1, 6) | record(count=plain, example=texts | plain, prompt=texts),
    "average": st.sampled_from(["micro", "macro"]),
    "unavailable": mapping(texts),
}
anything = st.recursive(plain, lambda inner: few(inner) | mapping(inner), max_leaves=4)


@st.composite
def raws(draw: st.DrawFn) -> dict[str, Any]:
    """A definition in which two or three fields are at random, most of them nearly right."""
    raw = raw_definition()
    for key in draw(st.lists(st.sampled_from(sorted(FIELDS_TABLE)), max_size=3, unique=True)):
        raw[key] = draw(SHAPED.get(key, plain) | SHAPED.get(key, plain) | anything)
    return raw


@settings(max_examples=150)
@given(raws())
@example(raw_definition(data=[{"test": []}]))
@example(raw_definition(data=[{"test": {}}]))
@example(raw_definition(fields={"choices": ["A", "A"]}))
@example(raw_definition(scorer={"threshold": 1}))
def test_the_schema_and_the_parser_accept_the_same(raw: dict[str, Any]) -> None:
    """What is wrong between several fields, or inside a text, is the parser's alone to say."""
    found = faults(raw)
    if VALIDATOR.is_valid(raw):
        assert not [fault for fault in found if OF_SHAPE.search(fault)]
    else:
        assert found, [error.message for error in VALIDATOR.iter_errors(raw)]
