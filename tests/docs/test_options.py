"""The page of options follows the option table."""

from __future__ import annotations

import runpy

from tests.support.pages import DOCS, read_page


def test_the_table_of_options_is_fresh() -> None:
    """Else: python docs/make_options.py"""
    made = runpy.run_path(str(DOCS / "make_options.py"))
    page = read_page("options.md")
    assert made["with_table"](page) == page
