"""`iqeval schema`: the JSON Schema of a definition, for editors and other tools."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.sets import EXIT_CODES
from pytest_iqeval.core.definition_schema import COMMENT, SCHEMA_FILE, schema_text
from pytest_iqeval.sources.shipped import datasets_folder

_ABOUT = f"""\
Prints the JSON Schema of a definition. An editor that reads YAML with a language server completes
and checks a definition whose first line names a copy beside it:
  {COMMENT}
`iqeval init` writes both."""
_EXAMPLES = f"""\
examples:
  iqeval schema > {SCHEMA_FILE}
  iqeval schema --path

{EXIT_CODES}"""


def add_arguments(parser: Parser) -> None:
    """The schema, or where it lies."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("--path", action="store_true", help="print where the installed schema lies instead")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print it."""
    del start
    if arguments.path:
        out.line(str(datasets_folder() / SCHEMA_FILE))
    else:
        out.line(schema_text().rstrip("\n"))
    return 0
