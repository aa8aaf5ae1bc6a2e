"""`hub` of a definition: where its data can be fetched, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.hub import is_inside, matches, parse_hub
from tests.support.questions import definition

SHA = "a" * 64


def faults(value: object) -> list[str]:
    found: list[str] = []
    parse_hub(value, lambda where, what: found.append(f"{where}: {what}"))
    return found


def test_a_definition_says_where_its_data_can_be_fetched() -> None:
    made = definition(
        hub={
            "huggingface": {"repo": "a/b", "files": {"x.csv": SHA, "y/*.csv": None}},
            "modelscope": {"repo": "A/b.c", "revision": "v1", "files": ["x.csv", "x.csv"]},
        }
    )
    first, second = made.hub
    assert (first.hub, first.repo, first.revision, first.files) == (
        "modelscope",
        "A/b.c",
        "v1",
        ("x.csv",),
    )
    assert (second.hub, second.revision, second.files) == (
        "huggingface",
        "main",
        ("x.csv", "y/*.csv"),
    )
    assert second.pins == {"x.csv": SHA}
    assert definition().hub == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "hub: is empty; `hub: {modelscope: {repo: …, files: […]}}`"),
        (["x"], "hub: must be a mapping, not a list"),
        ({"github": {}}, "hub.github: there is no such hub; "),
        ({"modelscope": "a/b"}, "hub.modelscope: must be a mapping, not text"),
        ({"modelscope": {"files": ["a"]}}, "hub.modelscope.repo: is missing; write owner/name"),
        ({"modelscope": {"repo": "b", "files": ["a"]}}, "'b' can't be; write owner/name"),
        ({"modelscope": {"repo": "a/b"}}, "hub.modelscope.files: is missing; name the files"),
        ({"modelscope": {"repo": "a/b", "files": [""]}}, "hub.modelscope.files: must be paths"),
        (
            {"modelscope": {"repo": "a/b", "files": ["../x"]}},
            "hub.modelscope.files: '../x' leads elsewhere",
        ),
        (
            {"modelscope": {"repo": "a/b", "files": {"x": "12"}}},
            "hub.modelscope.files.x: must be the sha256 of the file: 64 hex digits",
        ),
        (
            {"modelscope": {"repo": "a/b", "files": {"*.x": SHA}}},
            "hub.modelscope.files.*.x: stands for many files",
        ),
        (
            {"modelscope": {"repo": "a/b", "revision": 1.0, "files": ["x"]}},
            "hub.modelscope.revision: must be text, not a number; put it in quotes",
        ),
        (
            {"modelscope": {"repo": "a/b", "file": ["x"], "files": ["x"]}},
            "hub.modelscope.file: there is no such field; did you mean files?",
        ),
    ],
)
def test_what_cannot_be_is_told_with_its_place(value: object, words: str) -> None:
    assert any(words in fault for fault in faults(value)), faults(value)
    with pytest.raises(DefinitionError):
        definition(hub=value)


def test_a_star_stands_for_a_part_of_one_name() -> None:
    assert matches("test/*.csv", "test/a.csv")
    assert matches("*/a?.csv", "test/ab.csv")
    assert not matches("*.csv", "test/a.csv")
    assert not matches("test/*", "test/a/b.csv")
    assert not matches("Test/*.csv", "test/a.csv")


@given(st.lists(st.sampled_from(["a", "..", ".", "", "C:", "\\"]), min_size=1).map("/".join))
def test_no_path_leads_out_of_its_folder(path: str) -> None:
    if is_inside(path):
        assert ".." not in path.split("/")
        assert not path.startswith("/")
        assert "\\" not in path
        assert ":" not in path.split("/")[0]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("a/b"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["modelscope", "huggingface", "repo", "revision", "files", "x", "*"]),
            inner,
            max_size=4,
        )
    ),
)


@given(PLAIN)
def test_any_value_is_sources_or_faults(value: object) -> None:
    found: list[str] = []
    sources = parse_hub(value, lambda where, what: found.append(f"{where}: {what}"))
    assert value is None or found or sources
    assert all(is_inside(path) for source in sources for path in source.files)
