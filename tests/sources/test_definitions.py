from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.sources.definitions import definition_of, read_definition
from tests.support.questions import SCORERS

TINY = "name: tiny\nlanguage: zh\ndata: {IQ: IQ.jsonl}\n"


def problem_of(content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(DefinitionError) as caught:
        definition_of(raw, shown="my.yaml", scorers=SCORERS)
    return str(caught.value)


def test_a_yaml_file_is_a_definition(tmp_path: Path) -> None:
    """With a byte order mark and Windows line ends too."""
    path = tmp_path / "b.yaml"
    text = TINY + "prompt: |\n  问：{question}\n\n  {options}\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    read = read_definition(path, shown="b.yaml", scorers=SCORERS)
    assert (read.name, read.file) == ("tiny", "b.yaml")
    assert read.prompt == "问：{question}\n\n{options}\n"


def test_a_date_is_text_and_needs_no_quotes() -> None:
    text = TINY + "revision: 2024-01-31\n"
    assert definition_of(text.encode(), shown="x", scorers=SCORERS).revision == "2024-01-31"


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_definition(tmp_path / "no.yaml", shown="no.yaml", scorers=SCORERS)
    assert str(caught.value) == "no.yaml: can't be read: No such file or directory"


def test_broken_yaml_names_its_line() -> None:
    told = problem_of(TINY + "title: a: b\n")
    assert told.startswith("my.yaml:4: broken YAML: mapping values are not allowed here")
    assert "\n  hint: values with `: `, `#`" in told
    assert problem_of("prompt: [1,\n").startswith("my.yaml:2: broken YAML: while parsing a flow")


def test_a_key_that_stands_twice_is_refused() -> None:
    told = problem_of(TINY + "name: other\n")
    assert told.startswith("my.yaml:4: broken YAML: the key 'name' stands twice")
    assert "quotes" not in told
    nested = problem_of("name: x\ndata:\n  IQ: a.jsonl\n  IQ: b.jsonl\n")
    assert nested.startswith("my.yaml:4: broken YAML: the key 'IQ' stands twice")


def test_a_wrong_encoding_is_told_with_its_line() -> None:
    told = problem_of((TINY + "title: 智商").encode("gbk"))
    assert told == (
        "my.yaml:4: byte 0xd6 is not UTF-8, it looks like GBK; save the file again as UTF-8"
    )


def test_yaml_runs_no_code() -> None:
    told = problem_of("name: !!python/object/apply:os.getcwd []\n")
    assert "could not determine a constructor for the tag" in told


@pytest.mark.parametrize(
    "content", ["!!int x", "!!bool x", "!!timestamp x", "!!float x", "a: \x07", "[" * 5000, "&a *a"]
)
def test_yaml_that_trips_the_library_is_a_definition_error(content: str) -> None:
    assert "my.yaml" in problem_of(content)
    assert "broken YAML" in problem_of(content)


@pytest.mark.parametrize("content", ["", "# nothing\n", "- a\n", "just text"])
def test_yaml_that_is_no_mapping_says_what_a_definition_has(content: str) -> None:
    assert "a definition is a mapping\n  hint: name:, language: and data:" in problem_of(content)


def test_a_list_that_holds_itself_is_a_fault_like_any_other() -> None:
    assert "my.yaml: title: must be text, not a list" in problem_of(TINY + "title: &a [*a]\n")


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text("{}[]!&*|>-:?#%@ \"'\nab", max_size=40).map(str.encode)
)
def test_any_bytes_are_a_definition_or_a_definition_error(content: bytes) -> None:
    try:
        definition_of(content, shown="my.yaml", scorers=SCORERS)
    except DefinitionError as error:
        problem = str(error)
    else:
        problem = "my.yaml"
    assert problem.startswith("my.yaml")
