"""What two runs of the same questions share: their files without times, ids and latencies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TIMED = frozenset({"latency", "latency_s", "started", "finished", "timing", "pace"})
"""Keys of a report or a review row that tell of a run's times."""


def lasting(folder: Path) -> dict[str, Any]:
    """``report.json`` and every review row of a run, without what differs between equal runs."""
    report = json.loads((folder / "report.json").read_text("utf-8"))
    del report["run"]["id"]
    report["run"].pop("command", None)  # typed anew
    del report["foresight"]  # a later run knows how long the earlier one's replies were
    files = sorted(folder.glob("reviews/*/*.jsonl"))
    rows = {
        str(path.relative_to(folder)): [
            timeless(json.loads(line)) for line in path.read_text("utf-8").splitlines()
        ]
        for path in files
    }
    return {"report": timeless(report), "reviews": rows}


def timeless(value: Any) -> Any:
    """`value` without the keys that hold times, however deep."""
    if isinstance(value, dict):
        return {key: timeless(inner) for key, inner in value.items() if key not in TIMED}
    return [timeless(inner) for inner in value] if isinstance(value, list) else value
