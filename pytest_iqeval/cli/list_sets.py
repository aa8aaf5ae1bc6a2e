"""`iqeval list`: which benchmarks there are, and what of them is here."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pytest_iqeval.cli.columns import in_columns
from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.sets import (
    EXIT_CODES,
    add_surroundings,
    cache_alone,
    data_dir_of,
    scorers_of,
)
from pytest_iqeval.core.phrases import sets as phrases
from pytest_iqeval.core.plain import size_told
from pytest_iqeval.sources.inventory import Entry, inventory

_ABOUT = """\
Lists the benchmarks that have a name, and those that are defined in the current folder
(benchmark.yaml, */benchmark.yaml): how many questions are here, where they were found, and under
which licence. It fetches nothing."""
_EXAMPLES = f"""\
examples:
  iqeval list
  iqeval list --data-dir data
  iqeval list --json

{EXIT_CODES}"""
_RIGHT = (3, 4, 6)  # columns of figures
_GIVE = (1, 7)  # and those that may be cut


def add_arguments(parser: Parser) -> None:
    """Where to look, and how it is told."""
    parser.say(_ABOUT, _EXAMPLES)
    add_surroundings(parser)
    parser.add("--json", action="store_true", help="print a JSON list, one object a benchmark")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print the list.

    :raises UsageFault: --data-dir is no folder.
    """
    entries = list(
        inventory(
            data_dir=data_dir_of(arguments),
            start=start,
            scorers=scorers_of(arguments),
            hub=cache_alone(start),
        )
    )
    if arguments.json:
        out.line(json.dumps([_plain(one) for one in entries], ensure_ascii=False, indent=2))
        return 0
    rows = [list(out.said(list(phrases.COLUMNS.values()))), *(_row(out, one) for one in entries)]
    for line in in_columns(rows, width=out.width, right=_RIGHT, gives=_GIVE):
        out.line(line)
    if any(one.absent for one in entries):
        out.line(out.said(phrases.HOW_TO_GET))
    for one in entries:
        if one.trouble is not None and not one.absent:
            out.line(out.said(phrases.HOW_TO_MEND(spec=one.spec)))
    return 0


def _row(out: Output, entry: Entry) -> Sequence[str]:
    definition, benchmark = entry.definition, entry.benchmark
    found = phrases.ABSENT if entry.absent else phrases.AT_FAULT
    if entry.where is not None:
        found = phrases.WHERE[entry.where]
    return (
        entry.name if entry.name == entry.spec else f"{entry.name} ({entry.spec})",
        "" if definition is None else definition.title,
        "" if definition is None else definition.language,
        "" if benchmark is None else f"{len(benchmark.samples):,}",
        "" if benchmark is None else f"{len(benchmark.subsets)}",
        out.said(found),
        "" if benchmark is None else size_told(entry.size),
        "" if definition is None else definition.licence or out.said(phrases.NOT_STATED),
    )


def _plain(entry: Entry) -> dict[str, object]:
    """An entry as JSON: ``null`` where something is not known."""
    definition, benchmark = entry.definition, entry.benchmark
    return {
        "name": entry.name,
        "dataset": entry.spec,
        "title": None if definition is None else definition.title or None,
        "language": None if definition is None else definition.language,
        "licence": None if definition is None else definition.licence,
        "licence_url": None if definition is None else definition.licence_url,
        "homepage": None if definition is None else definition.homepage,
        "found": None if entry.where is None else entry.where.value,
        "folder": None if entry.loaded is None else str(entry.loaded.files.folder),
        "questions": None if benchmark is None else len(benchmark.samples),
        "subsets": None
        if benchmark is None
        else {
            subset: sum(one.subset == subset for one in benchmark.samples)
            for subset in benchmark.subsets
        },
        "bytes": None if benchmark is None else entry.size,
        "revision": None if benchmark is None else benchmark.revision,
        "trouble": None if entry.trouble is None else str(entry.trouble),
    }
