"""A command's arguments, by argparse, with our words for what is wrong."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import NoReturn

from pytest_iqeval.cli.output import Output
from pytest_iqeval.core.errors import SettingsError, UnknownName

_HELP = ("-h", "--help")


class Parser:
    """The arguments of one command."""

    def __init__(self, name: str, out: Output) -> None:
        """:param out: where the help goes."""
        self._out = out
        self._parser = _Argparse(
            prog=f"iqeval {name}",
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,  # an abbreviation would get another meaning with a new option
            add_help=False,
        )
        self.add = self._parser.add_argument
        self.add(*_HELP, action="store_true", help="show this and do nothing")

    def say(self, description: str, epilog: str) -> None:
        """Set what the help says above and below the arguments."""
        self._parser.description = description
        self._parser.epilog = epilog

    def parse(self, words: Sequence[str]) -> Namespace | None:
        """The arguments; ``None`` where help was asked for and given.

        :raises SettingsError: an argument is missing, or has a value that can't be.
        :raises UnknownName: an option that does not exist.
        """
        if set(words) & set(_HELP):
            self._out.line(self._parser.format_help().rstrip())
            return None
        arguments, unknown = self._parser.parse_known_args(words)
        for word in unknown:
            if word.startswith("-"):
                known = [o for a in self._parser._actions for o in a.option_strings]
                option = word.partition("=")[0]
                raise UnknownName(f"option of {self._parser.prog}", option, known)
            raise SettingsError(f"{word!r} is one argument too many", hint=self._parser.usage_hint)
        return arguments


class _Argparse(ArgumentParser):
    @property
    def usage_hint(self) -> str:
        """How the command is called, on one line."""
        return " ".join(self.format_usage().removeprefix("usage: ").split())

    def error(self, message: str) -> NoReturn:
        """What argparse found wrong, as an error of ours."""
        raise SettingsError(f"{self.prog}: {message}", hint=self.usage_hint)
