"""GitHub Actions: the run's summary on the page of the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.told import Told

if TYPE_CHECKING:  # needed at the end alone
    from pytest_iqeval.core.summary import Summary

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


def write_step_summary(
    summary: Summary, environ: Mapping[str, str], redact: Callable[[str], str], *, lang: Lang
) -> Told | None:
    """Add verdict, gates and scores to the step's summary, where a step runs.

    :returns: why that was not possible, for people; the verdict does not hang on it.
    """
    path = environ.get(STEP_SUMMARY)
    if not path:
        return None
    from pytest_iqeval.reports.card import step_summary  # its time is spent on GitHub alone
    from pytest_iqeval.reports.step_summary import append_summary

    text = redact(step_summary(summary.to_plain(lang), lang=lang))
    return append_summary(Path(path), text, lang=lang)
