"""`iqeval COMMAND …`: finds the command, and turns its faults into words and an exit code.

====  ==========================================================
   0  done
   1  `rescore --exit-code` found replies that would be judged otherwise; `junit-check` found
      something that a dashboard would lose; `check` found faults
   2  interrupted (Ctrl-C)
   4  the command has to be mended
====  ==========================================================
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

from pytest_iqeval import __version__
from pytest_iqeval.cli.output import Output, safe_streams
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import UnknownName, UsageFault

USAGE_FAULT, INTERRUPTED = 4, 2

# Name → a module that is a `Command`, loaded when used, and what the command does.
COMMANDS = {
    "baseline": ("pytest_iqeval.cli.baseline", "a run as a small file to compare later runs with"),
    "check": ("pytest_iqeval.cli.check", "what is wrong with a definition and its data"),
    "compare": ("pytest_iqeval.cli.compare", "runs against each other, question by question"),
    "explain": ("pytest_iqeval.cli.explain", "why a reply was judged as it was"),
    "export": ("pytest_iqeval.cli.export", "the reviews of a run as a CSV file"),
    "fetch": ("pytest_iqeval.cli.fetch", "a benchmark's data from a hub, into the cache"),
    "history": ("pytest_iqeval.cli.history", "what each model reached, run after run"),
    "init": ("pytest_iqeval.cli.init", "a benchmark of your own to begin with"),
    "junit-check": ("pytest_iqeval.cli.junit_check", "what a dashboard would lose of a JUnit file"),
    "list": ("pytest_iqeval.cli.list_sets", "which benchmarks there are, and what is here"),
    "rescore": ("pytest_iqeval.cli.rescore", "which verdicts of a run would change today"),
    "schema": ("pytest_iqeval.cli.schema", "the JSON Schema of a definition, for editors"),
    "show": ("pytest_iqeval.cli.show", "a benchmark in words, and questions as a model sees them"),
}


class Command(Protocol):
    """What a command's module holds."""

    @property
    def add_arguments(self) -> Callable[[Parser], None]:
        """Declares the command's arguments."""
        ...

    @property
    def run(self) -> Callable[[Namespace, Output, Path], int]:
        """Does it, for a user in a folder; gives the exit code."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; never raises for a user's mistake.

    :param argv: the words after `iqeval`.
    :return: the exit code.
    """
    safe_streams()
    out = Output(sys.stdout, os.environ)
    try:
        return _run(list(sys.argv[1:] if argv is None else argv), out)
    except UsageFault as fault:
        return _mend(str(fault))
    except OSError as error:  # a disk or a right that fails while files are read
        return _mend(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        out.close()


def _run(argv: list[str], out: Output) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        if argv[1:] and argv[1] in COMMANDS:  # iqeval help explain
            return _run([argv[1], "--help"], out)
        out.line(_overview())
        return 0
    if argv[0] in ("-V", "--version"):
        out.line(f"iqeval {__version__}")
        return 0
    name, *words = argv
    if name not in COMMANDS:
        kind = "option" if name.startswith("-") else "command"
        raise UnknownName(f"{kind} of iqeval", name, ("--help", "--version", *COMMANDS))
    command: Command = import_module(COMMANDS[name][0])
    parser = Parser(name, out)
    command.add_arguments(parser)
    arguments = parser.parse(words)
    return 0 if arguments is None else command.run(arguments, out, Path.cwd())


def _overview() -> str:
    width = max(map(len, COMMANDS))
    listed = [f"  {name:{width}}  {does}" for name, (_, does) in COMMANDS.items()]
    return "\n".join(
        (
            "usage: iqeval COMMAND ...",
            "",
            "Looks at benchmarks and at what runs have left. It asks no model",
            "anything; asking is pytest's: pytest --iqeval-model NAME.",
            "",
            "commands:",
            *listed,
            "",
            "options:",
            "  --version  the version, and no more",
            "  --help     this; `iqeval COMMAND --help` says what a command takes",
        )
    )


def _mend(words: str) -> int:
    print(f"iqeval: {visible(words)}", file=sys.stderr)
    return USAGE_FAULT
