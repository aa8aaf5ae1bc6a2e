"""Reports of questions cross xdist as one text.

execnet packs and unpacks every value inside a report by itself, in Python: of all that a run under
`-n` costs the process that owns it, that was more than half.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest

_PACKED = "iqeval_packed"


class PackedReports:
    """At both ends: packs a question's report before it is sent, unpacks it when it has come."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_to_serializable(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> Generator[None, dict[str, Any], dict[str, Any]]:
        """Only a question's: what other plugins put into other tests' reports is theirs."""
        data = yield
        if not (isinstance(report, pytest.TestReport) and report.nodeid.startswith("iqeval/")):
            return data
        try:
            text = json.dumps(data)
            # Keys that are no text, or a tuple where pytest has none, would come back as others.
            same = json.loads(text) == {**data, **_lists(data)}
        except (TypeError, ValueError):
            same = False
        return {_PACKED: text} if same else data

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_from_serializable(
        self, data: dict[str, Any]
    ) -> Generator[None, object, object]:
        """What xdist added to the text (the worker's name) stays beside it."""
        packed = data.pop(_PACKED, None)
        if packed is not None:
            data.update(json.loads(packed))
            data.update(_tuples(data))
        return (yield)


def _lists(data: dict[str, Any]) -> dict[str, Any]:
    """The parts of a report that hold tuples, as JSON has them."""
    return {
        "location": list(data["location"]),
        **{name: [list(pair) for pair in data[name]] for name in ("sections", "user_properties")},
    }


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `_lists`."""
    return {
        "location": tuple(data["location"]),
        **{name: [tuple(pair) for pair in data[name]] for name in ("sections", "user_properties")},
    }
