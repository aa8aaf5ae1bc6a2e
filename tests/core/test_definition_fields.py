from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.tasks.general import general_prompt
from tests.support.questions import SCORERS, definition, raw_definition


def faults_of(raw: object) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse_definition(raw, file="my.yaml", scorers=SCORERS)
    return caught.value.problems


def fault_of(changes: dict[str, object]) -> str:
    changed = {**raw_definition(), **changes}
    faults = faults_of({key: value for key, value in changed.items() if value is not None})
    assert len(faults) == 1, faults
    return faults[0]


def test_three_fields_make_a_definition() -> None:
    """What is not said is the column's own name, the general prompt, the choice scorer."""
    tiny = definition()
    assert (tiny.name, tiny.language, tiny.scorer, tiny.answer_kind) == (
        "tiny",
        "en",
        "choice",
        "letter",
    )
    assert [one.test for one in tiny.data] == [{"IQ": ("IQ.jsonl",)}]
    assert tiny.fields["choices"] == "choices"
    assert tiny.prompt == general_prompt("en", "free", Ask.OPTION)
    assert (tiny.title, tiny.licence, tiny.system, tiny.file) == ("", None, None, "tiny.yaml")


def test_everything_can_be_said() -> None:
    full = definition(
        title="T",
        description="D",
        language="zh",
        licence="CC BY 4.0",
        licence_url="https://example.org/l",
        homepage="https://example.org",
        revision="7",
        system="你是专家。",
        prompt="问：{question}\n{options}\n{letters}",
        scorer={"name": "choice", "strict": True},
        data={"IQ": ["IQ_test.jsonl", "IQ.csv"], "逻辑": "sub/l.jsonl"},
        fields={"question": "q", "choices": ["A", "B", "C"], "answer": "gold", "level": "hard"},
        answer_kind="index",
    )
    assert full.scorer == "choice"
    assert full.scorer_options == {"strict": True}
    assert full.data[0].test == {"IQ": ("IQ_test.jsonl", "IQ.csv"), "逻辑": ("sub/l.jsonl",)}
    assert full.fields["choices"] == ("A", "B", "C")
    assert (full.fields["answer"], full.fields["level"], full.fields["id"]) == (
        "gold",
        "hard",
        "id",
    )
    assert full.answer_kind == "index"
    assert full.revision == "7"


def test_a_column_that_serves_as_another_field_is_not_taken_twice() -> None:
    fields = definition(fields={"level": "category", "question": "id"}).fields
    assert fields["level"] == "category"
    assert "category" not in fields
    assert "id" not in fields


def test_data_without_subsets_is_the_default_subset() -> None:
    assert definition(data="x.jsonl").data[0].test == {"default": ("x.jsonl",)}


def test_a_scorer_of_free_answers_needs_no_options() -> None:
    free = definition(scorer="exact")
    assert "choices" not in free.fields
    assert free.prompt == general_prompt("en", "free", Ask.SHORT)
    assert definition(scorer="exact", fields={"choices": "o"}).fields["choices"] == "o"


def test_several_right_options_are_the_usual_case_of_multi_choice() -> None:
    made = definition(scorer="multi_choice")
    assert (made.answer_kind, made.fields["choices"]) == ("letters", "choices")
    assert made.prompt == general_prompt("en", "free", Ask.OPTIONS)
    assert definition(scorer="multi_choice", answer_kind="position").answer_kind == "position"


def test_digits_may_label_the_options() -> None:
    made = definition(labels="digits")
    assert made.labels == "digits"
    assert made.prompt == general_prompt("en", "free", Ask.OPTION, numbered=True)
    assert definition().labels == "letters"


def test_a_users_own_scorer_takes_texts_or_letters_where_there_are_options() -> None:
    assert definition(scorer="own").answer_kind == "text"
    options = {"choices": "choices"}
    assert definition(scorer="own", fields=options).answer_kind == "letter"
    made = definition(scorer="own", fields=options, answer_kind="letters")
    assert made.asks is Ask.OPTIONS


@pytest.mark.parametrize("raw", [None, [], "name: x", 3])
def test_a_definition_is_a_mapping(raw: object) -> None:
    assert "my.yaml: holds" in faults_of(raw)[0]
    assert "but a definition is a mapping" in faults_of(raw)[0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": None}, "my.yaml: name: is missing; add it"),
        ({"language": None}, "my.yaml: language: is missing; add it"),
        (
            {"data": None},
            "my.yaml: data: is missing; name the file of each subset: `data: {IQ: IQ.jsonl}`",
        ),
        ({"data": 3}, "my.yaml: data: must be a mapping, not a number; name the file"),
        ({"name": 3}, "my.yaml: name: must be text, not a number; put it in quotes"),
        ({"title": ["x"]}, "my.yaml: title: must be text, not a list; write text"),
        ({"title": " "}, "my.yaml: title: is empty; fill it in, or take it out"),
        ({"name": ""}, "my.yaml: name: is empty; fill it in"),
        ({"licence": "\ud800"}, "my.yaml: licence: holds 1 lone surrogate; take that out"),
        (
            {"nmae": "x"},
            "my.yaml: nmae: there is no such field; did you mean name?",
        ),
        ({3: "x"}, "my.yaml: 3: a field's name is text, not a number"),
        (
            {"name": "a b"},
            "my.yaml: name: 'a b' can't be a name; use letters, digits, '-', '_' and '.', "
            "such as a-b",
        ),
        ({"name": ".."}, "my.yaml: name: '..' can't be a name; use letters"),
        ({"name": "run"}, "my.yaml: name: run is kept for gates; choose another name"),
        ({"name": "Gate"}, "my.yaml: name: Gate is kept for gates; choose another name"),
        ({"data": {"gate": "x.jsonl"}}, "my.yaml: data.gate: gate is kept for gates"),
        ({"data": {"a::b": "x.jsonl"}}, "my.yaml: data.a::b: 'a::b' can't be a name"),
        (
            {"data": {False: "x.jsonl"}},
            "my.yaml: data.False: a subset's name is text, not true or false; quote it",
        ),
        ({"data": {"IQ": None}}, "my.yaml: data.IQ: is missing; add it"),
        ({"data": {"IQ": []}}, "my.yaml: data.IQ: names no file; add one"),
        (
            {"data": {"IQ": "x.xlsx"}},
            "my.yaml: data.IQ: 'x.xlsx' is neither .jsonl, .csv, .tsv, .json nor .parquet",
        ),
        (
            {"data": {"IQ": "../x.jsonl"}},
            "my.yaml: data.IQ: '../x.jsonl' leads elsewhere; data lies beside the definition",
        ),
        ({"data": {"IQ": "/etc/x.jsonl"}}, "my.yaml: data.IQ: '/etc/x.jsonl' leads elsewhere"),
        ({"data": {"IQ": "C:\\x.jsonl"}}, "my.yaml: data.IQ: 'C:\\\\x.jsonl' leads elsewhere"),
        ({"language": "fr"}, "my.yaml: language: 'fr' is unknown; write zh or en"),
        ({"labels": "roman"}, "my.yaml: labels: 'roman' is unknown; write letters or digits"),
        (
            {"labels": "digits", "scorer": "exact"},
            "my.yaml: labels: is for questions with options; say under `fields:` where choices "
            "are, or take it out",
        ),
        (
            {"answer_kind": "text"},
            "my.yaml: answer_kind: text is for questions without options; write letter, or take "
            "the options out",
        ),
        (
            {"answer_kind": "index", "scorer": "number"},
            "my.yaml: answer_kind: index names options, and there are none; say under `fields:` "
            "where choices are",
        ),
        (
            {"answer_kind": "letters"},
            "my.yaml: answer_kind: choice takes one right answer; write letter, or "
            "`scorer: multi_choice`",
        ),
        (
            {"answer_kind": "number"},
            "answer_kind: 'number' is unknown; "
            "write letter, letters, index, position, marks or text",
        ),
        (
            {"scorer": "chioce"},
            "my.yaml: scorer: unknown scorer 'chioce'; did you mean choice or multi_choice?",
        ),
        ({"scorer": {"strict": 1}}, "my.yaml: scorer.name: is missing; add it"),
        (
            {"scorer": ["choice"]},
            "my.yaml: scorer: must be text, not a list; write a name, or a mapping: "
            "{name: NAME, OPTION: VALUE}",
        ),
        ({"fields": ["x"]}, "my.yaml: fields: must be a mapping, not a list; `question: query`"),
        (
            {"fields": {"anwser": "x"}},
            "my.yaml: fields.anwser: there is no such field; did you mean answer?",
        ),
        ({"fields": {"answer": 3}}, "my.yaml: fields.answer: must be text, not a number"),
        (
            {"fields": {"choices": ["A"]}},
            "my.yaml: fields.choices: must be 2 to 26 different columns, an option each",
        ),
        ({"fields": {"choices": ["A", "A"]}}, "fields.choices: must be 2 to 26 different"),
        (
            {"fields": {"question": "text", "choices": ["A", "text"]}},
            "my.yaml: fields: question and choices are both the column text",
        ),
        (
            {"fields": {"question": "answer"}},
            "my.yaml: fields: question and answer are both the column answer",
        ),
        (
            {"prompt": "{question} {passage}"},
            "my.yaml: prompt: names the field {passage}, but a prompt has: question, options, "
            "letters, subset; take {passage} out, or write {{passage}} if the braces are meant",
        ),
        (
            {"prompt": "answer this"},
            "my.yaml: prompt: never names {question}, so every sample would be asked the same",
        ),
        (
            {"prompt": "{question}\n}"},
            "my.yaml: prompt: has a lone } in its line 2; write }} for a brace",
        ),
    ],
)
def test_a_fault_says_where_what_and_how_to_mend(changes: dict[str, object], told: str) -> None:
    assert told in fault_of(changes)


def test_all_faults_are_told_at_once() -> None:
    faults = faults_of({"name": "a b", "language": "fr", "scorer": "x", "foo": 1})
    assert [fault.split(": ")[1] for fault in faults] == [
        "foo",
        "name",
        "language",
        "scorer",
        "data",
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["name", "language", "data", "prompt", "scorer", "fields", "x"])
                | st.text(max_size=4)
                | st.integers(),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_any_plain_value_is_a_definition_or_a_definition_error(raw: object) -> None:
    try:
        parse_definition(raw, file="any.yaml", scorers=SCORERS)
    except DefinitionError as error:
        problems = error.problems
    else:
        problems = []
    assert all(problem.startswith("any.yaml: ") for problem in problems)


def test_further_shares_are_named_once() -> None:
    assert definition(metrics=["pass@2", "credit", "pass@2"]).metrics == ("pass@2", "credit")


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ("pass@5", "metrics: must be a list, not text; `metrics: [pass@5]`"),
        ([5], "metrics[1]: must be text, not a number; put it in quotes"),
        (["pas@5"], "metrics: there is no share 'pas@5'; did you mean pass@5"),
        (["latency.p50"], "metrics: there is no share 'latency.p50'"),
        (["index"], "metrics: there is no share 'index'"),
    ],
)
def test_a_metric_that_is_no_share_is_told(metrics: object, words: str) -> None:
    assert words in fault_of({"metrics": metrics})
