"""Published runs of EvalScope's, imported: its scores beside ours, and where they differ.

    python benchmarks/evalscope_imports.py [--data DIR] [--write]

The tables stand in `docs/evalscope.md`; ``--write`` puts them there. Code that the models wrote is
run in the sandbox.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers.recorded import recorded_of
from pytest_iqeval.core.width import one_line
from pytest_iqeval.run.importing import import_folder
from pytest_iqeval.run.stored import StoredRun, read_run

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "evalscope.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
GENERATIONS = {1: "1 (version 0, 2025)", 2: "2 (version 1, 2025)", 3: "3 (version 1, 2026)"}
_LONGEST = 40  # of an answer that is shown
_AROUND = 24  # characters of a reply that are quoted before and after its answer


def main() -> int:
    """Print the tables, or put them into the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=HERE.parent / "../shared/data")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    options = parser.parse_args()
    folder = options.data / "evalscope_runs"
    if not folder.is_dir():
        print(f"{folder}: there is no such folder", file=sys.stderr)
        return 4
    text = tables(folder)
    if options.write:
        PAGE.write_text(with_tables(PAGE.read_text("utf-8"), text), "utf-8")
    else:
        print(text)
    return 0


def tables(folder: Path) -> str:
    """Both tables, in Markdown."""
    runs = list(_imported(folder))
    return "\n".join([*_scores(runs), "", *_differences(runs)])


def with_tables(page: str, text: str) -> str:
    """The page with the tables of today."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def _imported(folder: Path) -> Iterator[StoredRun]:
    """Every run in a folder, imported without any data set at hand."""
    with tempfile.TemporaryDirectory(prefix="iqeval-") as work:
        environ = {**os.environ, "IQEVAL_CACHE": str(Path(work) / "cache")}
        for path in sorted(folder.iterdir()):
            (run,) = import_folder(
                path,
                output=Path(work) / path.name,
                allow_code=True,
                start=Path(work),
                environ=environ,
                lang="en",
            )
            yield read_run(run.folder)


def _scores(runs: Sequence[StoredRun]) -> Iterator[str]:
    yield "| files | model | benchmark | n | EvalScope's report | ours | judged otherwise |"
    yield "| --- | --- | --- | ---: | ---: | ---: | --- |"
    for run in sorted(runs, key=_order):
        imported = run.summary.run.imported
        assert imported is not None
        for benchmark in run.summary.benchmarks:
            told = imported.benchmarks[benchmark.name]
            value = benchmark.metrics["accuracy"].value
            cells = (
                GENERATIONS[imported.generation],
                run.summary.run.model,
                benchmark.name,
                str(benchmark.asked),
                "none" if told.score is None else f"{told.score:.3f}",
                "none" if value is None else f"{value:.3f}",
                str(told.differing) if told.rescored else "not rescored",
            )
            yield f"| {' | '.join(cells)} |"


def _order(run: StoredRun) -> tuple[int, str]:
    imported = run.summary.run.imported
    return (0 if imported is None else imported.generation, run.summary.run.model.casefold())


def _differences(runs: Sequence[StoredRun]) -> Iterator[str]:
    yield "| model | question | right | EvalScope read | we read | why |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for run in sorted(runs, key=_order):
        for one in run.reviewed:
            sample, score = one.result.sample, one.result.score
            theirs = None if one.reply is None else recorded_of(sample, one.reply)
            if score.rule == RECORDED or theirs is None or theirs["score"] == score.value:
                continue
            cells = (
                run.summary.run.model,
                f"`{sample.benchmark}::{sample.subset}::{sample.id}`",
                _short(sample.target),
                f"{_short(theirs['extracted'])} ({_right(theirs['score'] == 1)})",
                f"{_short(score.extracted)} ({_right(score.correct)})",
                _why_code(one, theirs) if "entry_point" in sample.metadata else _why(one),
            )
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _short(answer: str | None) -> str:
    """An answer as it is, where it is one of a few characters."""
    if not answer:
        return "no answer"
    return "code" if len(answer) > _LONGEST or "\n" in answer else answer


def _why_code(one: Reviewed, theirs: Mapping[str, Any]) -> str:
    """Whether the program passes, and how much of it EvalScope took."""
    score = one.result.score
    said = "the reply's function passes its test" if score.correct else str(score.note)
    before, taken, after = (score.extracted or "").partition((theirs["extracted"] or "").strip())
    if not (before and taken):
        return said
    # The function ends with the first line that is not indented.
    lines = (line for line in after.split("\n") if line.strip())
    rest = list(takewhile(lambda line: line[0].isspace(), lines))
    if not rest:
        return f"{said}, and EvalScope took all of it: its files don't say why it failed there"
    return f"{said}; what EvalScope took of it ends {len(rest)} lines too early"


def _right(right: bool) -> str:
    return "right" if right else "wrong"


def _why(one: Reviewed) -> str:
    """What the reply says, by the place that our verdict rests on."""
    score, reply = one.result.score, one.reply
    if score.span is None or reply is None:
        return f"{score.outcome}: {score.note}" if score.outcome is not Outcome.CORRECT else ""
    start, end = score.span
    before = one_line(reply.text[max(0, start - _AROUND) : start])[-_AROUND:]
    after = one_line(reply.text[end : end + _AROUND])
    said = f"… {before}»{reply.text[start:end]}«{after} …"
    plain = re.sub(r"([*_`\\<>])", r"\\\1", said)
    return f"the reply says “{plain}” (rule `{score.rule}`)"


if __name__ == "__main__":
    raise SystemExit(main())
