"""The index of a run as the pages and the card show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_iqeval.core.index import Index
from pytest_iqeval.reports.figures import interval, share

_Plain = Mapping[str, Any]


def shown_index(report: _Plain) -> _Plain | None:
    """The index in `report.json`; ``None`` where it would only repeat a benchmark's accuracy."""
    index: _Plain | None = report.get("index")
    return index if index is not None and Index.from_plain(index).says_more else None


def index_text(index: _Plain, said: Mapping[str, str]) -> str:
    """``0.630 [0.58, 0.68] · quiz × 2 · other × 1``, or why there is none."""
    if index["value"] is None:
        value = said["index_missing"].format(names=", ".join(index["missing"]))
    else:
        value = f"{share(index['value'])} {interval(index['low'], index['high'])}"
    return f"{value} · {index_weights(index)}"


def index_weights(index: _Plain) -> str:
    """``quiz × 2 · other × 1``, with the metric where it is not accuracy."""
    return " · ".join(
        f"{name} × {weight:g}" + _metric(index["metrics"][name])
        for name, weight in index["weights"].items()
    )


def _metric(name: str) -> str:
    return "" if name == "accuracy" else f" ({name})"
