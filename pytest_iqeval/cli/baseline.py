"""`iqeval baseline RUN`: a finished run as a small file that later runs are compared with."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.questions import find_folder, open_run
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.plain import counted
from pytest_iqeval.core.verdict import FAILED, INCONCLUSIVE
from pytest_iqeval.run.baseline import baseline_of
from pytest_iqeval.run.last_run import LAST, last_run
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

_RUN_HELP = (
    "a run's folder, or report.html in it; a folder of runs, for the newest; a run's name below "
    "outputs/; or `last`: of the model that ran last, the newest run that passed or had no gates"
)


def add_arguments(parser: Parser) -> None:
    """RUN, and where the file goes."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("run", metavar="RUN", help=_RUN_HELP)
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
    baseline, note = _wanted(arguments.run, start)
    if note is not None:  # not among what is printed, which is the file
        print(f"iqeval: {visible(note)}", file=sys.stderr)
    if arguments.output is None:
        out.line(baseline_text(baseline).removesuffix("\n"))
        return 0
    write_baseline(start / arguments.output, baseline)
    questions = counted(len(baseline.scores), "question")
    out.line(f"{arguments.output}: {questions} of {baseline.told}")
    return 0


def _wanted(text: str, start: Path) -> tuple[Baseline, str | None]:
    """The baseline of the run that a user means, and what there is to be said of the choice."""
    if text == LAST and not Path(text).exists():
        output = find_folder(LAST, start).path.parent
        stored, passed_over = last_run(output, command="iqeval baseline")
        baseline = baseline_of(stored)
        if passed_over is None:
            return baseline, None
        return baseline, header.PASSED_OVER(told=baseline.told, what=passed_over)
    stored = open_run(text, start)
    baseline, verdict = baseline_of(stored), stored.summary.verdict
    if verdict not in (FAILED, INCONCLUSIVE):
        return baseline, None
    return baseline, (
        f"the verdict of {baseline.told} is {verdict}: `iqeval baseline {LAST}` takes the newest "
        "run that passed"
    )
