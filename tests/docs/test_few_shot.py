"""The page on examples: its benchmark asks what the page says."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.few_shot import EXAMPLE_PLACEHOLDERS, PROMPT_PLACEHOLDERS
from pytest_iqeval.core.scorers import BUILT_IN
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples, check_examples, with_examples
from pytest_iqeval.sources.catalogue import load
from tests.support.pages import blocks, read_page, table_rows, ticked, write_files

PAGE = read_page("few-shot.md")
BLOCKS = blocks(PAGE)
FILES = {block.file: block.text for block in BLOCKS if block.file}


def test_the_example_asks_what_the_page_says(tmp_path: Path) -> None:
    write_files(FILES, tmp_path)
    made = load("capitals", data_dir=None, start=tmp_path, scorers=BUILT_IN).benchmark
    (one,) = made.samples
    asked = chat_request(made.definition, one, "free", examples=Examples(made, "free").of(one))
    said = PAGE.split("<!-- prompt -->\n```text\n")[1].split("\n```")[0]
    assert asked.messages[-1].content == said
    check_examples(with_examples(made, 3), made.subsets)


def test_all_placeholders_are_told() -> None:
    rows = {c[0].strip("`"): ticked(c[1]) for c in table_rows(PAGE, "| template | may use |")}
    assert rows["example"] == [f"{{{name}}}" for name in EXAMPLE_PLACEHOLDERS]
    assert rows["prompt"] == [f"{{{name}}}" for name in PROMPT_PLACEHOLDERS]
