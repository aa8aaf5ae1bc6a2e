"""Users' hooks once a run's files are written: their own reports, then the aggregate."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.plugin.faults import warn_past_filters
from pytest_iqeval.plugin.hooks import call_after

if TYPE_CHECKING:  # needed at the end alone
    from pytest_iqeval.core.summary import Summary

REPORT_HOOK, SUMMARY_HOOK = "pytest_iqeval_report", "pytest_iqeval_summary"
OWN_LINES = pytest.StashKey[tuple[str, ...]]()
"""What users' reports have to say at the end of the terminal."""


def call_at_end(config: pytest.Config, summary: Summary, folder: Path) -> None:
    """Call both hooks; whatever they do, the verdict stands."""
    lines: list[str] = []
    for origin, returned in call_after(config, REPORT_HOOK, summary=summary, folder=folder):
        try:
            lines += _lines(returned)
        except TypeError as error:
            warn_past_filters(
                config,
                f"iqeval: {origin}: {REPORT_HOOK} returned {error}: "
                "return a path, a line of text, or a list of them",
                file=origin,
            )
    config.stash[OWN_LINES] = tuple(lines)
    for _ in call_after(config, SUMMARY_HOOK, summary=summary):
        pass  # what it returns says nothing


def _lines(returned: object) -> Iterator[str]:
    for one in returned if isinstance(returned, list | tuple) else [returned]:
        if one is None:
            continue
        if not isinstance(one, str | os.PathLike):
            raise TypeError(kind_of(one))
        yield str(one)
