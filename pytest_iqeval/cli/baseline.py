"""`iqeval baseline RUN`: a finished run as a small file that later runs are compared with."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.questions import RUN_HELP, open_run
from pytest_iqeval.core.plain import counted
from pytest_iqeval.run.baseline import baseline_of
from pytest_iqeval.store.baseline import baseline_text, write_baseline

_ABOUT = """\
Prints what a finished run found as a file for --iqeval-baseline: for each question the outcomes
of its replies, one line a question, sorted, with no text of questions or replies in it. Equal
runs give equal lines, so that a change shows in git."""
_EXAMPLES = """\
examples:
  iqeval baseline last -o baselines/gemma3.json
  iqeval baseline outputs/gemma3-4b/20260801_140312 | git diff --no-index baselines/gemma3.json -
  pytest --iqeval-model gemma3:4b --iqeval-baseline baselines/gemma3.json"""


def add_arguments(parser: Parser) -> None:
    """RUN, and where the file goes."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("run", metavar="RUN", help=RUN_HELP)
    parser.add(
        "-o",
        "--output",
        metavar="FILE",
        help="write FILE (its folder too; one that is there is replaced) instead of printing it",
    )


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print or write the baseline.

    :raises UsageFault: there is no such run, it is not finished, or the file can't be written.
    """
    baseline = baseline_of(open_run(arguments.run, start))
    if arguments.output is None:
        out.line(baseline_text(baseline).removesuffix("\n"))
        return 0
    write_baseline(start / arguments.output, baseline)
    questions = counted(len(baseline.scores), "question")
    out.line(f"{arguments.output}: {questions} of {baseline.told}")
    return 0
