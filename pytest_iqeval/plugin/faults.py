"""A user's mistake as pytest prints it."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import UsageFault


def usage_error(fault: UsageFault) -> pytest.UsageError:
    """A fault as pytest prints it: ``ERROR: iqeval: …`` and exit code 4, no traceback."""
    return pytest.UsageError(f"iqeval: {fault}")
