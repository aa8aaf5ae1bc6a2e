"""`iqeval export RUN --csv FILE`: the reviews of a run as a table for spreadsheets."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.questions import RUN_HELP, open_run
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.width import one_line
from pytest_iqeval.reports.review_csv import write_csv
from pytest_iqeval.reports.reviews import review_row

_ABOUT = """\
Writes every question of a finished run as a row: what was asked, answered, and how it was judged.
UTF-8 with a byte order mark, so that Excel reads Chinese; what looks like a formula is defused."""
_EXAMPLES = """\
examples:
  iqeval export last --csv reviews.csv
  iqeval export outputs/gemma3-4b/20260801_140312 --csv reviews.csv --force

exit code: 0, written; 4, the command has to be mended"""


def add_arguments(parser: Parser) -> None:
    """RUN and the file."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("run", metavar="RUN", help=RUN_HELP)
    parser.add("--csv", metavar="FILE", required=True, help="the file to write")
    parser.add("--force", action="store_true", help="replace FILE where it is there")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Write the table.

    :raises UsageFault: there is no such run, or the file would replace another.
    """
    stored = open_run(arguments.run, start)
    path = Path(arguments.csv)
    if path.exists() and not arguments.force:
        raise FolderError(f"{path}: is there already", hint="add --force to replace it")
    count = write_csv(path, lambda: (review_row(one.result, one.reply) for one in stored.reviewed))
    out.line(one_line(f"wrote {path}: {count:,} rows"))
    return 0
