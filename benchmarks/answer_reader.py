"""How the readers do on replies of real models, against what others made of the same replies.

    python benchmarks/answer_reader.py [--data DIR] [--peer] [--differences CORPUS]

``raw`` is agreement with the corpus's own label. ``adjudicated`` counts a row by what somebody
found who read the reply, where that was done: `answer_reader_adjudicated.jsonl` holds the row's
id, what the reply commits to (or whether it is right), and why. A row on which reader and label
agree counts as right.

``precision`` is the share of asserted answers that the reply gave; ``recall`` the share of
committed answers that were read as such. ``replies/s`` is for one core: CPU time, the best of three
passes (mathematics: the clock, one pass). With ``--peer`` EvalScope's reader goes over the same
rows, in an environment that is made for it and thrown away (a minute or three, 1 GB).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from answer_corpora import CORPORA, Row

from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers import SCORERS, make_scorer

HERE = Path(__file__).resolve().parent
ADJUDICATED = HERE / "answer_reader_adjudicated.jsonl"
Answer = str | bool | None
"""An answer, ``None`` where there is none; of rows with a verdict, whether it is right."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a reader made of one reply: the answer it read, and whether that is right."""

    extracted: str | None
    correct: bool

    def answer(self, row: Row) -> Answer:
        """What compares with the row's label."""
        return self.correct if row.is_verdict else self.extracted


@dataclass(frozen=True, slots=True)
class Tally:
    """What one reader made of a corpus. ``kinds`` counts raw disagreements by kind."""

    kind: str  # answers, verdicts or unlabelled: what its labels are
    rows: int
    read: int
    correct: int  # replies judged right
    raw: int
    adjudicated: int
    right: int  # asserted answers that the reply gave
    committed: int  # replies that commit to an answer
    kinds: Counter[str]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    beside = HERE.parent / "../shared/data"
    parser.add_argument("--data", type=Path, default=beside, help="where the corpora lie")
    parser.add_argument("--peer", action="store_true", help="EvalScope's reader beside ours")
    parser.add_argument("--peer-python", help="a Python that has EvalScope, instead of a new one")
    parser.add_argument("--corpus", action="append", choices=CORPORA, help="only this one")
    parser.add_argument(
        "--differences", action="store_true", help="print the rows on which we differ, as JSON"
    )
    options = parser.parse_args()
    corpora = {
        name: list(rows(options.data))
        for name, (file, rows) in CORPORA.items()
        if name in (options.corpus or CORPORA) and present(name, options.data / file)
    }
    verdicts = adjudications()
    header()
    replies, spent = 0, 0.0
    for name, rows in corpora.items():
        ours, seconds = read(rows)
        if rows[0].scorer != "math":
            replies, spent = replies + len(rows), spent + seconds
        if ours is None:
            print(f"{name:17} skipped: there is no scorer {rows[0].scorer} here")
            continue
        show(name, "ours", tally(rows, ours, verdicts.get(name, {})), seconds)
        if options.differences:
            for row, given in zip(rows, ours, strict=True):
                if row.labelled and given.answer(row) != row.label:
                    print_difference(name, row, given, verdicts.get(name, {}))
    if spent:
        print(f"{'all but mathematics':27} {replies:5} {'':57} {replies / spent:10,.0f}")
    if options.peer or options.peer_python:
        peer(corpora, verdicts, options.peer_python)


def present(name: str, path: Path) -> bool:
    """Whether a corpus is there; says so where it is not."""
    if not path.exists():
        print(f"{name:17} skipped: {path} is absent")
    return path.exists()


def adjudications() -> Mapping[str, Mapping[str, Answer]]:
    """Corpus → row's id → what somebody found who read the reply."""
    found: dict[str, dict[str, Answer]] = {}
    with ADJUDICATED.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            found.setdefault(row["corpus"], {})[row["id"]] = row["found"]
    return found


def read(rows: Sequence[Row]) -> tuple[list[Given] | None, float]:
    """Our readings of all rows and the seconds they took; ``None`` without the scorer."""
    if rows[0].scorer not in SCORERS:
        return None, 0.0
    scorer = make_scorer(rows[0].scorer, {})
    prepared = [(sample(row), Reply(text=row.text)) for row in rows]
    scorer.score(*prepared[0])  # what is made once is not the reader's speed
    # Mathematics works in a second process, whose time only the clock on the wall counts.
    passes, clock = (1, time.perf_counter) if rows[0].scorer == "math" else (3, time.process_time)
    times = []
    for _ in range(passes):
        began = clock()
        scores = [scorer.score(asked, reply) for asked, reply in prepared]
        times.append(clock() - began)
    return [Given(score.extracted, score.correct) for score in scores], min(times)


def sample(row: Row) -> Sample:
    """The question of a row, as far as a scorer needs it."""
    return Sample(
        benchmark="corpus",
        subset="default",
        id="row",
        input="",
        choices=row.choices,
        target=row.target,
    )


def tally(rows: Sequence[Row], given: Sequence[Given], found: Mapping[str, Answer]) -> Tally:
    """What one reader's answers come to."""
    kinds: Counter[str] = Counter()
    raw = adjudicated = right = committed = 0
    for row, what in zip(rows, given, strict=True):
        answer, true = what.answer(row), found.get(row.id, row.label)
        raw += answer == row.label
        adjudicated += answer == true
        right += answer is not None and answer == true
        committed += true is not None
        if answer != row.label:
            kinds[kind(answer, row.label)] += 1
    labels = "verdicts" if rows[0].is_verdict else "answers"
    return Tally(
        kind=labels if rows[0].labelled else "unlabelled",
        rows=len(rows),
        read=sum(what.extracted is not None for what in given),
        correct=sum(what.correct for what in given),
        raw=raw,
        adjudicated=adjudicated,
        right=right,
        committed=committed,
        kinds=kinds,
    )


def kind(answer: Answer, label: Answer) -> str:
    """In which way a reader and a label differ."""
    if isinstance(label, bool):
        return "only the reader: right" if answer else "only the label: right"
    if label is None:
        return "only the reader reads"
    return "only the label reads" if answer is None else "both read, they differ"


def header() -> None:
    """The table's first line."""
    print(
        f"{'corpus':17} {'reader':9} {'rows':>5} {'read':>5} {'raw':>12} {'adjudicated':>12} "
        f"{'precision':>10} {'recall':>8} {'replies/s':>10}  disagreements with the label"
    )


def show(name: str, reader: str, tally: Tally, seconds: float | None) -> None:
    """One row of the table. Where the label is a verdict, wrong and unread are one."""
    rows = tally.rows
    speed = f"{rows / seconds:10,.0f}" if seconds else " " * 10
    agreement = f"{'':12} {'':12}"
    if tally.kind != "unlabelled":
        agreement = (
            f"{tally.raw:5} {tally.raw / rows:6.1%} "
            f"{tally.adjudicated:5} {tally.adjudicated / rows:6.1%}"
        )
    precision = recall = ""
    if tally.kind == "answers":
        precision = f"{tally.right / tally.read:.2%}" if tally.read else "none"
        recall = f"{tally.right / tally.committed:.2%}" if tally.committed else "none"
    notes = [f"{kind} {count}" for kind, count in tally.kinds.most_common()]
    if tally.kind == "unlabelled":
        notes = [f"{tally.correct} judged right, no label"]
    print(
        f"{name:17} {reader:9} {rows:5} {tally.read:5} {agreement} "
        f"{precision:>10} {recall:>8} {speed}  {', '.join(notes)}"
    )


def print_difference(corpus: str, row: Row, given: Given, found: Mapping[str, Answer]) -> None:
    """A row to be read by somebody, with everything that is known of it."""
    print(
        json.dumps(
            {
                "corpus": corpus,
                "id": row.id,
                "ours": given.answer(row),
                "extracted": given.extracted,
                "label": row.label,
                "found": found.get(row.id, "not adjudicated"),
                "target": row.target,
                "choices": row.choices,
                "text": row.text,
            },
            ensure_ascii=False,
        )
    )


def peer(
    corpora: Mapping[str, Sequence[Row]],
    verdicts: Mapping[str, Mapping[str, Answer]],
    python: str | None,
) -> None:
    """EvalScope's rows of the table."""
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        if python is None:
            print("installing EvalScope into an environment of its own …", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = str(Path(folder, "bin", "python"))
            subprocess.run([python, "-m", "pip", "install", "-q", "evalscope"], check=True)
        header()
        for name, rows in corpora.items():
            asked = "".join(
                json.dumps(
                    {
                        "scorer": row.scorer,
                        "text": row.text,
                        "options": len(row.choices),
                        "target": row.target,
                        "prompt_language": row.prompt_language,
                    }
                )
                + "\n"
                for row in rows
            )
            run = subprocess.run(
                [python, str(HERE / "evalscope_reader.py")],
                input=asked,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
            )
            answers = run.stdout.splitlines()
            if run.returncode or len(answers) != len(rows):
                print(f"{name:17} EvalScope ended with {run.returncode}: {run.stderr[-300:]}")
                continue
            show(
                name,
                "EvalScope",
                tally(rows, [Given(*json.loads(a)) for a in answers], verdicts.get(name, {})),
                None,
            )


if __name__ == "__main__":
    main()
