"""What the commands about benchmarks share: the arguments, and what stands where."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.run.scorers import scorer_names
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.inventory import Entry, entry_of

SPEC_HELP = (
    "a benchmark's name, or the path of a definition, of its folder, or of a data file; "
    ":SUBSET may follow"
)
EXIT_CODES = "exit code: 0, done; 4, the command has to be mended"


def add_surroundings(parser: Parser) -> None:
    """--data-dir and --scorer."""
    parser.add(
        "--data-dir",
        metavar="DIR",
        help="where local copies of named benchmarks lie (DIR/NAME/...), as --iqeval-data-dir",
    )
    parser.add(
        "--scorer",
        action="append",
        default=[],
        metavar="NAME",
        help="a scorer that your conftest.py registers, to be taken as known; can be given again",
    )


def data_dir_of(arguments: Namespace) -> Path | None:
    """The folder of local copies."""
    return None if arguments.data_dir is None else Path(arguments.data_dir)


def scorers_of(arguments: Namespace) -> tuple[str, ...]:
    """The names of the scorers that a definition may ask for."""
    return (*scorer_names(), *arguments.scorer)


def entry(spec: str, arguments: Namespace, start: Path) -> Entry:
    """What is here of the benchmark that a spec names.

    :raises UsageFault: there is no such benchmark, subset or file.
    """
    return entry_of(
        spec,
        data_dir=data_dir_of(arguments),
        start=start,
        scorers=scorers_of(arguments),
        hub=cache_alone(start),
    )


def cache_alone(start: Path) -> HubAccess:
    """What was fetched before; nothing is fetched now."""
    return HubAccess(offline="this command fetches nothing", environ=os.environ, start=start)
