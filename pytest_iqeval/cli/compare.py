"""`iqeval compare RUN RUN…`: finished runs against each other, as a table and as a page."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.compare_view import show
from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.questions import RUN_HELP, open_run
from pytest_iqeval.core.pairwise import ALL_PAIRS_UP_TO
from pytest_iqeval.core.phrases.stored import ON_THE_PAGE
from pytest_iqeval.reports.compare_page import write_compare_page
from pytest_iqeval.run.comparing import compare_stored, history_of

_ABOUT = f"""\
Compares finished runs over the questions that they have in common: the difference with its 95 %
interval, lost and gained questions, and a two-sided test (McNemar's; with repeats the sign-flip
test), corrected (Holm) for the number of comparisons. Up to {ALL_PAIRS_UP_TO} runs all pairs are
compared, of more runs each with the first."""
_EXAMPLES = """\
examples:
  iqeval compare outputs/gemma3-4b outputs/qwen3-4b
  iqeval compare 20260801_140312 last --html compare.html"""


def add_arguments(parser: Parser) -> None:
    """The runs, the metric, and where the page goes."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("runs", metavar="RUN", nargs="+", help=RUN_HELP)
    parser.add(
        "--metric",
        metavar="NAME",
        default="accuracy",
        help="what differences are taken of: accuracy (the default), or credit where answers "
        "can be right in part",
    )
    parser.add(
        "--html",
        metavar="FILE",
        help="write a page too, with every question on which the runs differ and the trend of "
        "their folders (one that is there is replaced)",
    )
    parser.add(
        "--lang",
        choices=("en", "zh"),
        help="the language of the page, by default that of the locale",
    )


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print the comparison, and write its page.

    :raises UsageFault: there is no such run or metric, or the page can't be written.
    """
    stored = [open_run(text, start) for text in arguments.runs]
    found = compare_stored(stored, metric=arguments.metric)
    show(out, found)
    if arguments.html is not None:
        runs = [one.folder for one in stored]
        history = history_of([run.path.absolute().parent for run in runs], also=runs)
        path = start / arguments.html
        write_compare_page(path, found, history.trends, lang=arguments.lang or out.lang)
        told = ON_THE_PAGE(file=arguments.html, count=len(found.differing))
        out.line(out.said(told))
    return 0
