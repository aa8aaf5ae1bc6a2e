"""`iqeval import FOLDER`: what EvalScope left, as a run of ours."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pytest_iqeval.cli.columns import in_columns
from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.imported import ImportedBenchmark
from pytest_iqeval.core.language import language
from pytest_iqeval.core.metrics.values import shown_share
from pytest_iqeval.core.summary import BenchmarkSummary
from pytest_iqeval.core.width import one_line
from pytest_iqeval.run.importing import ImportedRun, import_folder
from pytest_iqeval.run.rebuilding import Differing

_ABOUT = """\
Reads the outputs of EvalScope (predictions, reviews, reports, configs) and writes them as a run:
report.json, reviews, report.html and the journal, to compare with, to rescore, to replay. Every
reply is judged again by the scorer of the benchmark; one that is not known here keeps its scores,
and is marked `not rescored`."""
_EXAMPLES = """\
examples:
  iqeval import outputs/20260801_140312
  iqeval import evalscope-outputs/20260801_140312 --output outputs/qwen-plus

exit code: 0, written, also where some rows had to be left out, which is told; 4, the command has
to be mended"""
_LISTED = 20
_LONGEST = 40  # of an answer that is shown


def add_arguments(parser: Parser) -> None:
    """FOLDER, and where the run goes."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add(
        "folder",
        metavar="FOLDER",
        help="the folder of one run of EvalScope: predictions/ and reviews/ are in it",
    )
    parser.add(
        "--output",
        metavar="DIR",
        help="the folder that the run's own folder is made in (outputs/MODEL)",
    )
    parser.add(
        "--data-dir",
        metavar="DIR",
        help="local copies of data sets (DIR/NAME/), as --iqeval-data-dir; where a data set is "
        "there or in the cache, the run is as one of ours over it",
    )
    parser.add(
        "--allow-code",
        action="store_true",
        help="run the code that the model wrote, in a sandbox, for benchmarks that need it",
    )
    parser.add(
        "--all",
        action="store_true",
        help=f"tell all that is judged otherwise or left out, not {_LISTED} of each",
    )


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Write the runs, and tell what they found.

    :raises UsageFault: it is no folder of EvalScope's, or the run can't be written.
    """
    output = None if arguments.output is None else Path(arguments.output)
    lang = language(None, os.environ)
    below = Path() if start == Path.cwd() else start  # so that paths are short
    data_dir = None if arguments.data_dir is None else Path(arguments.data_dir)
    if data_dir is not None and not data_dir.is_dir():
        raise FolderError(f"--data-dir {data_dir}: there is no such folder")
    for one in import_folder(
        Path(arguments.folder),
        output=output,
        data_dir=data_dir,
        allow_code=arguments.allow_code,
        start=below,
        environ=os.environ,
        lang=lang,
    ):
        _tell(out, one, every=arguments.all)
    return 0


def _tell(out: Output, one: ImportedRun, *, every: bool) -> None:
    run = one.summary.run
    imported = run.imported
    assert imported is not None
    version = f" {imported.version}" if imported.version else ""
    out.heading(
        one_line(f"{imported.folder}, model {run.model}, asked by {imported.tool}{version}")
    )
    rows = [_row(b, imported.benchmarks[b.name]) for b in one.summary.benchmarks]
    head = ("benchmark", "n", "accuracy", imported.tool, "judged otherwise")
    for line in in_columns([head, *rows], width=out.width, right=(1,), gives=(0,)):
        out.line(line)
    for name, told in imported.benchmarks.items():
        if told.why is not None:
            out.line(one_line(f"{name}: not rescored: {told.why}"))
    differing = [_difference(each, imported.tool) for each in one.differing]
    _list(out, "judged otherwise", differing, every=every)
    _list(out, "left out", imported.left_out, every=every)
    out.line(one_line(f"wrote {one.folder.path}"))


def _list(out: Output, what: str, sentences: Sequence[str], *, every: bool) -> None:
    shown = sentences if every else sentences[:_LISTED]
    if sentences:
        out.line(f"{what} ({len(sentences)}):")
    for sentence in shown:
        out.line(f"  {one_line(sentence)}")
    if len(shown) < len(sentences):
        out.line(f"  and {len(sentences) - len(shown)} more: --all")


def _difference(one: Differing, tool: str) -> str:
    """Both verdicts on a reply, with the answers that they rest on, and the reason of ours."""
    result = one.ours.result
    score, repeat = result.score, f" (reply {result.repeat + 1})" if result.repeat else ""
    why = f", rule {score.rule}" if score.correct or not score.note else f": {score.note}"
    return (
        f"{result.sample.node_id}{repeat}: {tool} {one.theirs.value:g}{_read(one.theirs.extracted)}"
        f"; here {score.outcome}{_read(score.extracted)}{why}"
    )


def _read(answer: str | None) -> str:
    """An answer of a few characters; code and whole replies are not shown."""
    return f", read {answer}" if answer and len(answer) <= _LONGEST and "\n" not in answer else ""


def _row(benchmark: BenchmarkSummary, told: ImportedBenchmark) -> tuple[str, ...]:
    theirs = "" if told.score is None else f"{told.score:g} ({told.metric})"
    differing = str(told.differing) if told.rescored else "not rescored"
    return (
        benchmark.name,
        str(benchmark.asked),
        shown_share(benchmark.metrics["accuracy"]),
        theirs,
        differing,
    )
