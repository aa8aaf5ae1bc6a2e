"""The page on layouts: its example runs as it says, and its table is whole."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.definition import DATA_SUFFIXES
from pytest_iqeval.core.definition_layouts import _KEYS
from tests.support.endpoint import ScriptedEndpoint
from tests.support.pages import blocks, read_page, table_rows, ticked, write_files

PAGE = read_page("layouts.md")


def test_the_header_is_the_one_that_the_page_prints(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint
) -> None:
    files = {block.file: block.text for block in blocks(PAGE) if block.file}
    write_files(files, pytester.path)
    endpoint.models(["m"])
    endpoint.answer("ANSWER: A")
    result = pytester.runpytest_inprocess(
        "--iqeval-model=m", f"--iqeval-base-url={endpoint.url}", "--iqeval-dataset=school"
    )
    said = next(block.text for block in blocks(PAGE) if block.text.startswith("iqeval: school"))
    assert said.splitlines() == [line for line in result.outlines if "iqeval: school: " in line]


def test_every_field_of_a_layout_and_every_format_is_there() -> None:
    named = [name for row in table_rows(PAGE, "## What a layout says") for name in ticked(row[0])]
    assert sorted(named) == sorted(_KEYS)
    assert all(f"`{suffix}`" in PAGE for suffix in DATA_SUFFIXES)
