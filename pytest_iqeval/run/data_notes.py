"""What the header says of the files that benchmarks were read from, where there is a choice."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.phrases.signs import LIST
from pytest_iqeval.core.told import Told, joined
from pytest_iqeval.run.recalling import Questions

_SHOWN = 4


def data_notes(questions: Questions) -> Iterator[Told]:
    """Whence each was fetched, which of several layouts was read, how many subsets are there."""
    for name, files in questions.origins.items():
        if files.fetched is not None:
            yield header.FETCHED(name=name, origin=files.fetched)
        if files.layout is not None and name not in questions.copies:
            reads = header.READS_IN if files.where else header.READS
            yield reads(name=name, files=files.layout, where=files.where)
        benchmark = questions.benchmarks[name]
        there, of = benchmark.subsets, len(benchmark.definition.subsets)
        if len(there) < of:
            names = joined(there[:_SHOWN], LIST)
            more = len(there) - _SHOWN
            names = header.AND_MORE(names=names, count=more) if more > 0 else names
            yield header.PARTLY_THERE(name=name, count=len(there), of=of, names=names)
