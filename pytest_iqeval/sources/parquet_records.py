"""Parquet files, through pyarrow (the extra ``parquet``)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pytest_iqeval.core.errors import ExtraMissing
from pytest_iqeval.core.plain import unstorable
from pytest_iqeval.sources.records import Fault, Row


def parquet_records(content: bytes, *, shown: str) -> Iterator[Row | Fault]:
    """The rows of a file, counted from 1.

    :raises ExtraMissing: there is no pyarrow.
    """
    try:
        import pyarrow as pa  # type: ignore[import-not-found, import-untyped, unused-ignore]
        from pyarrow import parquet  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise ExtraMissing(
            f"{shown}: reading Parquet needs pyarrow, which is not installed",
            hint="pip install 'pytest-iqeval[parquet]'",
        ) from None
    number = 0
    try:
        with parquet.ParquetFile(pa.BufferReader(content)) as file:
            for batch in file.iter_batches():
                for values in batch.to_pylist():
                    number += 1
                    row = {name: _plain(value) for name, value in values.items()}
                    fault = unstorable(row)
                    yield (
                        Fault(number, f"holds {fault}; take that out")
                        if fault
                        else Row(number, row)
                    )
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        first = str(error).strip().partition("\n")[0]
        yield Fault(0, f"broken Parquet: {first}; fetch the file again")


def _plain(value: Any) -> object:
    """A value as JSON would have it: dates and decimals as text; of bytes nothing is kept."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None  # what pandas writes for nothing
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, bytes) else str(value)
