"""When an imported run was asked, by whatever of its files tells it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from pytest_iqeval.sources.evalscope.folder import Outputs
from pytest_iqeval.sources.evalscope.values import Record

_END = 32503680000.0  # the year 3000: what is later is no time in seconds
_STAMP = re.compile(r"\d{8}_\d{6}")


def asked_between(outputs: Outputs, records: Sequence[Record]) -> tuple[datetime, datetime]:
    """When it began and ended.

    It began when the folder's name says it, else with the first reply that has a time, else when
    the first file was last written: a copy keeps that where it keeps times.
    """
    created = [r.created_s for r in records if r.created_s is not None and 0 < r.created_s < _END]
    files = {path for f in outputs.subsets for path in (f.predictions, f.reviews) if path}
    written = [path.stat().st_mtime for path in files]
    first = _local(min(created, default=min(written)))
    last = _local(max(created, default=max(written)))
    stamp = _STAMP.search(outputs.folder.resolve().name)
    if stamp is not None:
        with contextlib.suppress(ValueError):  # digits of another kind
            first = datetime.strptime(stamp.group(), "%Y%m%d_%H%M%S").astimezone()
    return first, max(first, last)


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()
