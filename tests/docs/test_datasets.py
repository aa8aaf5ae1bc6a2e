"""The page on users' own questions follows the code, and its examples are what it says."""

from __future__ import annotations

import runpy
from pathlib import Path

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.definition_columns import FIELDS
from pytest_iqeval.core.definition_schema import COMMENT
from pytest_iqeval.core.doubts import LONGEST_OPTION
from pytest_iqeval.core.kinds import KINDS
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples
from pytest_iqeval.sources.catalogue import load
from tests.support.pages import DOCS, blocks, read_page, write_files

PAGE = read_page("datasets.md")
FILES = {block.file: block.text for block in blocks(PAGE) if block.file}


def loaded(spec: str, folder: Path) -> Benchmark:
    write_files(FILES, folder)
    return load(spec, data_dir=None, start=folder, scorers=KINDS).benchmark


def test_the_table_of_fields_is_fresh() -> None:
    """Else: python docs/make_schema.py"""
    made = runpy.run_path(str(DOCS / "make_schema.py"))
    assert made["with_table"](PAGE) == PAGE
    assert made["SCHEMA"].read_text("utf-8") == made["schema_text"]()


def test_every_column_of_ours_is_named() -> None:
    assert f"({', '.join(FIELDS)})" in PAGE


def test_the_header_that_is_shown_is_the_guess(tmp_path: Path) -> None:
    told = loaded("exam/physics_val.jsonl", tmp_path).definition.description
    shown = PAGE[PAGE.index("iqeval: physics_val: ") :].partition("```")[0]
    assert " ".join(shown.split()).removeprefix("iqeval: physics_val: ") in told


def test_the_example_that_says_much_asks_so(tmp_path: Path) -> None:
    """Columns without a header, a replaced text, shuffled options, an example, a system message."""
    benchmark = loaded("course", tmp_path)
    assert benchmark.subsets == ("optics", "algebra")
    optics = benchmark.samples[0]
    assert (optics.id, optics.input) == ("o1", "What bends light?")
    assert dict(zip(optics.labels, optics.choices, strict=True))[optics.target] == "A lens"
    examples = Examples(benchmark, "free")
    request = chat_request(benchmark.definition, optics, "free", examples=examples.of(optics))
    system, user = request.messages
    assert system.content == "You are a patient tutor."
    assert user.content.startswith("For example:\n\nWhat reflects light?\n(A) ")
    assert "\n\nNow this one. What bends light?\n(A) " in user.content


def test_the_comment_line_is_the_one_that_init_writes() -> None:
    assert f"```yaml\n{COMMENT}\n```" in PAGE


def test_the_limit_of_long_options_is_the_codes() -> None:
    assert f"options of more than {LONGEST_OPTION} characters" in PAGE
