"""`iqeval history [FOLDER]`: what each model reached in a benchmark, run after run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from pytest_iqeval.cli.columns import in_columns
from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.core.errors import FolderError, UnknownName
from pytest_iqeval.core.metrics.values import shown_share
from pytest_iqeval.core.phrases import stored
from pytest_iqeval.core.phrases.verdict import NAMES
from pytest_iqeval.core.trend import Point, Trend
from pytest_iqeval.core.width import wrap
from pytest_iqeval.reports.figures import minute
from pytest_iqeval.run.comparing import history_of

_ABOUT = """\
Shows each benchmark over the runs of a folder, by model, oldest first: accuracy with its 95 %
interval, the verdict, and what was not as in the run before."""
_EXAMPLES = """\
examples:
  iqeval history
  iqeval history outputs/gemma3-4b --benchmark iquiz-open

For a chart: iqeval compare RUN RUN --html FILE."""
_HINT = "give the --iqeval-output that runs were written to, or the folder above it"


def add_arguments(parser: Parser) -> None:
    """The folder, and the benchmarks."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add(
        "folder",
        metavar="FOLDER",
        nargs="?",
        default="outputs",
        help="a folder of runs, or a folder of such folders (outputs/)",
    )
    parser.add(
        "--benchmark",
        action="append",
        default=[],
        metavar="NAME",
        help="show this benchmark only; can be given again",
    )


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print the trends.

    :raises UsageFault: there is no such folder, it holds no runs, or none of a benchmark.
    """
    folder = Path(arguments.folder)
    # Relative, so that messages show the path as the user knows it.
    folder = folder if start == Path.cwd() else start / folder
    if not folder.is_dir():
        raise FolderError(
            f"{folder}: there is no such folder",
            hint=_HINT,
        )
    history = history_of([folder])
    if not (history.trends or history.unfinished or history.damaged):
        raise FolderError(
            f"{folder}: there is no run in it, and none in the folders in it", hint=_HINT
        )
    known = {trend.benchmark: trend for trend in history.trends}
    for name in arguments.benchmark:
        if name not in known:
            raise UnknownName(f"benchmark of the runs below {folder}", name, known)
    for trend in history.trends:
        if not arguments.benchmark or trend.benchmark in arguments.benchmark:
            _show(out, trend)
    if history.unfinished:
        out.line(out.said(stored.UNFINISHED(count=history.unfinished)))
    for said in history.damaged:
        out.line(out.said(stored.DAMAGED(said=said)))
    return 0


def _show(out: Output, trend: Trend) -> None:
    out.heading(trend.benchmark)
    rows = out.said(list(_rows(trend)))
    for line in in_columns(rows, width=out.width, right=(3,), gives=(0, 2)):
        out.line(line)
    for _, points in trend.models:
        for point in points:
            for said in point.changed:
                line = stored.CHANGED(run=point.run, model=point.model, said=said)
                for part in wrap(out.said(line), out.width, indent="  "):
                    out.line(part)
    out.line()


def _rows(trend: Trend) -> Iterator[list[str]]:
    yield [stored.MODEL, stored.DATE, stored.RUN, "n", stored.ACCURACY, stored.VERDICT]
    for model, points in trend.models:
        for place, point in enumerate(points):
            yield _row(model if place == 0 else "", point)


def _row(model: str, point: Point) -> list[str]:
    accuracy = shown_share(point.accuracy)
    verdict = NAMES.get(point.verdict, point.verdict)
    return [model, minute(point.started), point.run, str(point.accuracy.n), accuracy, verdict]
