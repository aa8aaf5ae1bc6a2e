"""A user's mistake as pytest prints it."""

from __future__ import annotations

import traceback
import warnings

import pytest

from pytest_iqeval.core.errors import UsageFault


def usage_error(fault: UsageFault) -> pytest.UsageError:
    """A fault as pytest prints it: ``ERROR: iqeval: …`` and exit code 4, no traceback."""
    return pytest.UsageError(f"iqeval: {fault}")


def where_it_broke(bug: Exception) -> str:
    """A fault of ours as text that holds no secret: its type and the lines it passed.

    Its own words are left out: they may repeat a header or a URL.
    """
    lines = traceback.format_tb(bug.__traceback__)
    kind = type(bug).__name__
    return f"a fault in pytest-iqeval, please report it: {kind} at\n{''.join(lines)}"


def warn_past_filters(config: pytest.Config, words: str, *, file: str, line: int = 1) -> None:
    """Show a warning past all filters: ``-W error`` would make it an end without a verdict."""
    warning = warnings.WarningMessage(pytest.PytestWarning(words), pytest.PytestWarning, file, line)
    config.hook.pytest_warning_recorded.call_historic(
        kwargs={"warning_message": warning, "when": "config", "nodeid": "", "location": None}
    )
