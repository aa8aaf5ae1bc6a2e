"""The gallery of prompts follows the definitions."""

from __future__ import annotations

import runpy

from pytest_iqeval.sources.shipped import shipped_names
from tests.support.own_files import LAYOUTS
from tests.support.pages import DOCS, read_page


def test_the_gallery_is_fresh() -> None:
    """Else: python docs/make_prompts.py"""
    made = runpy.run_path(str(DOCS / "make_prompts.py"))
    page = read_page("prompts.md")
    assert made["with_gallery"](page) == page


def test_every_benchmark_without_data_is_shown() -> None:
    others = {name for name in shipped_names() if not name.startswith("iquiz")}
    assert set(LAYOUTS) == others
    headings = [line[3:] for line in read_page("prompts.md").split("\n") if line.startswith("## ")]
    assert headings == list(LAYOUTS)
