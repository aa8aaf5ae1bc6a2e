"""`data` of a definition: its forms, and what is wrong with them."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.definition import EACH, Layout
from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.errors import DefinitionError
from tests.support.questions import SCORERS, definition, raw_definition


def layouts(*raw: object, **changes: object) -> tuple[Layout, ...]:
    return definition(data=list(raw), **changes).data


def fault_of(**changes: object) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse_definition(raw_definition(**changes), file="my.yaml", scorers=SCORERS)
    (fault,) = caught.value.problems
    return fault.removeprefix("my.yaml: ")


def test_the_short_forms_are_one_layout() -> None:
    (one,) = definition(data={"IQ": "IQ.jsonl.gz", "EQ": ["a.tsv", "b.json"]}).data
    assert one.test == {"IQ": ("IQ.jsonl",), "EQ": ("a.tsv", "b.json")}
    assert (one.dev, one.subset, one.columns) == ({}, None, ())
    (one,) = definition(data=["a.jsonl", "b.csv"]).data
    assert one.test == {"default": ("a.jsonl", "b.csv")}


def test_layouts_are_a_list_of_mappings() -> None:
    first, second, third, fourth = layouts(
        {"test": "t.csv", "dev": "d.csv", "subset": "subject"},
        {"test": "test/{subset}_test.csv", "dev": "d.csv", "columns": ["question", None, "answer"]},
        {"test": {"IQ": "iq-*.parquet"}, "dev": {"IQ": "d.csv"}, "subset": "Level-{level}"},
        {"test": "t.jsonl"},
    )
    assert (first.test, first.dev, first.subset) == (
        {EACH: ("t.csv",)},
        {EACH: ("d.csv",)},
        "subject",
    )
    assert second.test == {EACH: ("test/{subset}_test.csv",)}
    assert (second.dev, second.columns) == ({EACH: ("d.csv",)}, ("question", "", "answer"))
    assert (third.test, third.dev) == ({"IQ": ("iq-*.parquet",)}, {"IQ": ("d.csv",)})
    assert third.subset == "Level-{level}"
    assert fourth.test == {"default": ("t.jsonl",)}


def test_a_layout_says_only_what_is_otherwise() -> None:
    fields = {"question": "q", "choices": ["A", "B"], "level": "hard"}
    first, second = layouts(
        {"test": "t.csv"},
        {"test": "t.parquet", "fields": {"choices": "options"}, "answer_kind": "index"},
        fields=fields,
    )
    assert (first.fields["choices"], first.answer_kind) == (("A", "B"), "letter")
    assert {name: second.fields[name] for name in ("question", "choices", "level", "answer")} == {
        "question": "q",
        "choices": "options",
        "level": "hard",
        "answer": "answer",
    }
    assert second.answer_kind == "index"


def test_subsets_are_names_with_what_is_known_of_each() -> None:
    assert definition().subsets == {}
    assert definition(subsets=["b", "a"], data="x.csv").subsets == {"b": {}, "a": {}}
    facts = {"b": "STEM", "a": {"category": "other", "rank": 2}, "c": None}
    assert definition(subsets=facts, data="x.csv").subsets == {
        "b": {"category": "STEM"},
        "a": {"category": "other", "rank": 2},
        "c": {},
    }
    assert list(definition(subsets=facts, data="x.csv").subsets) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        ({}, "data[1].test: is missing; name the file of the questions"),
        ({"test": []}, "data[1].test: names no file; add one"),
        ({"test": "a.txt"}, "data[1].test: 'a.txt' is neither .jsonl, .csv, .tsv, .json nor"),
        ({"test": "../a.csv"}, "data[1].test: '../a.csv' leads elsewhere"),
        (
            {"test": "{subset}/{subset}.csv"},
            "data[1].test: '{subset}/{subset}.csv' names {subset} twice; once is enough",
        ),
        ({"test": {3: "a.csv"}}, "data[1].test.3: a subset's name is text, not a number; quote it"),
        ({"test": {"gate": "a.csv"}}, "data[1].test.gate: gate is kept for gates"),
        (
            {"test": "a.csv", "dve": "b.csv"},
            "data[1].dve: there is no such field; did you mean dev",
        ),
        ({"test": "a.csv", "dev": 3}, "data[1].dev: must be text, not a number"),
        ({"test": "a.csv", "subset": "L-{a"}, "data[1].subset: 'L-{a' has a lone brace; write `Le"),
        ({"test": "a.csv", "columns": "q"}, "data[1].columns: must be a list, not text; `columns:"),
        ({"test": "a.csv", "columns": []}, "data[1].columns: is empty; `columns: [question, A, B"),
        ({"test": "a.csv", "columns": ["q", "q"]}, "data[1].columns: names 'q' twice; rename one"),
        ({"test": "a.csv", "fields": ["x"]}, "data[1].fields: must be a mapping, not a list"),
        ({"test": "a.csv", "fields": {"x": "y"}}, "data[1].fields.x: there is no such field"),
        (
            {"test": "a.csv", "fields": {"question": "answer"}},
            "data[1].fields: question and answer are both the column answer",
        ),
        ({"test": "a.csv", "answer_kind": "text"}, "data[1].answer_kind: text is for questions wi"),
        ({"test": "a.csv", "answer_kind": "x"}, "data[1].answer_kind: 'x' is unknown; write let"),
    ],
)
def test_a_fault_of_a_layout_says_where(one: object, told: str) -> None:
    assert fault_of(data=[one]).startswith(told)


def test_one_layout_stands_in_a_list_too() -> None:
    """A mapping is from subsets to files, so that `test` and `dev` alone are two subsets."""
    told = "data: is a layout; layouts stand in a list: `data: [{test: FILE, …}]`"
    assert fault_of(data={"test": "a.csv", "subset": "subject"}) == told
    both = definition(data={"test": "a.csv", "dev": "b.csv"}).data[0].test
    assert both == {"test": ("a.csv",), "dev": ("b.csv",)}


def test_layouts_and_files_are_not_mixed() -> None:
    told = "data[2]: is text among layouts; write `- test: FILE`"
    assert fault_of(data=[{"test": "a.csv"}, "b.csv"]) == told


@pytest.mark.parametrize(
    ("subsets", "told"),
    [
        (3, "subsets: must be names, or a mapping from names to categories, not a number"),
        ({3: "x"}, "subsets.3: a subset's name is text, not a number; quote it"),
        (["x", 3], "subsets: must be names, or a mapping from names to categories, not a list"),
        (["a b"], "subsets.a b: 'a b' can't be a name"),
        ({"IQ": ["x"]}, "subsets.IQ: must be a category, not a list; `subsets.IQ: STEM`"),
        ({"IQ": {"category": ""}}, "subsets.IQ.category: is empty"),
        ({"IQ": {1: "x"}}, "subsets.IQ.1: a field's name is text, not a number"),
        (["QI"], "data.IQ: is none of the names under `subsets:`; did you mean QI?"),
    ],
)
def test_a_fault_of_the_subsets_says_where(subsets: object, told: str) -> None:
    assert fault_of(subsets=subsets, **({} if subsets == ["QI"] else {"data": "x.csv"})).startswith(
        told
    )


def test_a_layout_may_edit_and_cut_its_texts_in_its_own_way() -> None:
    first, second = layouts(
        {"test": "t.csv"},
        {"test": "u.csv", "separator": "; ", "replace": [{"pattern": "^Q: "}]},
        repeated_options=True,
    )
    assert (first.rows.separator, first.rows.edits) == (None, ())
    assert (second.rows.separator, second.rows.edits[0].pattern) == ("; ", "^Q: ")
    assert second.rows.repeated_options
    assert fault_of(data=[{"test": "a.csv", "separator": ""}]).startswith("data[1].separator: is ")
