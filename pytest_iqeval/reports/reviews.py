"""The reviews: one JSON line a question and repeat, with everything that led to its score.

The schema of a row is `review.schema.json` beside this module.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.request import Reply, Timing, Usage
from pytest_iqeval.core.result import Result, Reviewed
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.reports.faults import unwritable
from pytest_iqeval.reports.jsontext import Redact, json_text

PathFor = Callable[[str, str], Path]


def review_row(result: Result, reply: Reply | None) -> dict[str, object]:
    """One row. ``latency_s`` is seconds; ``span`` is code points of ``reply``, end excluded.

    A question that got no reply has a row too: ``reply`` is then ``null``.
    """
    sample, score = result.sample, result.score
    return {
        "id": sample.id,
        "benchmark": sample.benchmark,
        "subset": sample.subset,
        "repeat": result.repeat,
        "question": sample.input,
        "choices": list(sample.choices),
        "labels": list(sample.labels),
        "target": sample.target,
        "also": list(sample.also),
        "outcome": score.outcome.value,
        "value": score.value,
        "extracted": score.extracted,
        "rule": score.rule,
        "span": None if score.span is None else list(score.span),
        "note": score.note,
        "reply": None if reply is None else reply.text,
        "reasoning": None if reply is None else reply.reasoning,
        "refusal": None if reply is None else reply.refusal,
        "finish_reason": result.finish_reason,
        "cut": score.cut,
        "latency_s": result.latency_s,
        "timing": result.timing.to_plain(),
        "attempts": result.attempts,
        "cached": result.cached,
        "usage": result.usage.to_plain(),
        "cleaned": None if reply is None else reply.cleaned,
        "metadata": dict(sample.metadata),
        "group": sample.group,
    }


def review_line(result: Result, reply: Reply | None, *, redact: Redact | None = None) -> str:
    """The line of one row, with its end.

    :param redact: takes secrets out of every text.
    """
    return json_text(review_row(result, reply), redact=redact) + "\n"


def reviewed(row: Mapping[str, Any]) -> Reviewed:
    """The inverse of `review_row`; keys that came with later versions may be missing.

    :raises KeyError: a key that every version writes is missing.
    :raises ValueError: one that holds what it can't.
    :raises TypeError: likewise.
    """
    usage = Usage(**row["usage"])
    timing, cached = Timing(**row.get("timing", {})), row.get("cached", False)
    reply = None
    if row["reply"] is not None:
        reply = Reply(
            text=_text(row["reply"]),
            reasoning=row["reasoning"],
            finish_reason=row["finish_reason"],
            refusal=row["refusal"],
            usage=usage,
            latency_s=row["latency_s"],
            timing=timing,
            attempts=row["attempts"],
            cached=cached,
            cleaned=row["cleaned"],
        )
    return Reviewed(
        result=Result(
            sample=_sample(row),
            score=_score(row, cut=reply is not None and reply.cut),
            repeat=row["repeat"],
            finish_reason=row["finish_reason"],
            usage=usage,
            latency_s=row["latency_s"],
            timing=timing,
            attempts=row["attempts"],
            cached=cached,
        ),
        reply=reply,
    )


def _sample(row: Mapping[str, Any]) -> Sample:
    labels: Sequence[str] = row.get("labels") or ()
    return Sample(
        benchmark=_text(row["benchmark"]),
        subset=_text(row["subset"]),
        id=_text(row["id"]),
        input=_text(row["question"]),
        choices=tuple(map(_text, row["choices"])),
        target=_text(row["target"]),
        also=tuple(map(_text, row.get("also", ()))),
        numbered=bool(labels) and labels[0].isdecimal(),
        metadata=dict(row["metadata"]),
        group=row.get("group"),
    )


def _score(row: Mapping[str, Any], *, cut: bool) -> Score:
    span = row["span"]
    return Score(
        outcome=Outcome(row["outcome"]),
        value=row["value"],
        extracted=row["extracted"],
        rule=row["rule"],
        span=None if span is None else (int(span[0]), int(span[1])),
        note=row["note"],
        cut=bool(row.get("cut", cut)),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


class ReviewWriter:
    """Writes rows as they come, one file open at a time; rows in order of questions are cheap.

    The files take the place of earlier ones when all are whole (`close`).

    Names of benchmark and subset may meet in one file (``a_b`` + ``c``, ``a`` + ``b_c``): both
    are in every row, so nothing is lost.
    """

    def __init__(self, path_for: PathFor, *, redact: Redact | None = None) -> None:
        """:param path_for: benchmark and subset to the file; its folder is made where needed.
        :param redact: takes secrets out of every text.
        """
        self._path_for = path_for
        self._redact = redact
        self._file: IO[str] | None = None
        self._open: Path | None = None
        self._started: dict[Path, None] = {}
        self._fault: FolderError | None = None
        self._placed = False

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that have rows, in the order of their first row."""
        return tuple(self._started)

    def write(self, result: Result, reply: Reply | None) -> None:
        """Add the row of one result.

        :raises FolderError: the file can't be written. Nothing more is then, and `close` says it
            again.
        """
        self.put(result.sample, review_line(result, reply, redact=self._redact))

    def put(self, sample: Sample, line: str) -> None:
        """Add the row of a result of `sample`, as `review_line` made it.

        :raises FolderError: as `write`.
        """
        if self._fault is not None:
            raise self._fault
        path = self._path_for(sample.benchmark, sample.subset)
        try:
            self._file_at(path).write(line)
        except OSError as error:
            self._fault = unwritable(path, error)
            raise self._fault from error

    def close(self) -> None:
        """Put the files, now whole, in the place of earlier ones; can be called twice.

        :raises FolderError: some could not be written; then none has been put anywhere.
        """
        if self._placed:
            return
        try:
            self._end_file()
            if self._fault is not None:
                raise self._fault
            for path in self._started:
                _part(path).replace(path)
            self._placed = True
        except OSError as error:
            self._fault = unwritable(self._open, error)
            raise self._fault from error
        finally:
            if self._fault is not None:
                self.discard()

    def discard(self) -> None:
        """Take away what was written."""
        with contextlib.suppress(OSError):
            self._end_file()
        for path in self._started:
            with contextlib.suppress(OSError):
                _part(path).unlink()
        self._started.clear()

    def __enter__(self) -> ReviewWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _end_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _file_at(self, path: Path) -> IO[str]:
        if self._file is not None and self._open == path:
            return self._file
        self._end_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = "a" if path in self._started else "w"
        self._file, self._open = _part(path).open(mode, encoding="utf-8", newline="\n"), path
        self._started[path] = None
        return self._file


def _part(path: Path) -> Path:
    """Where a file is written until it is whole."""
    return path.with_name(path.name + ".part")


def read_reviews(path: Path) -> Iterator[Reviewed]:
    """The rows of one review file as values, one at a time.

    :raises FolderError: it can't be read, or a line of it is no review row.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                try:
                    row = reviewed(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                    said = f"{type(error).__name__}: {error}"
                    raise FolderError(
                        f"{path}:{number}: is no review row ({said})",
                        hint="--iqeval-replay RUN makes the reviews again from the journal",
                    ) from None
                yield row
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{path}: can't be read: {error}") from None


def read_lines(paths: Iterable[Path]) -> Iterator[str]:
    """The lines of review files, one at a time, each with its end."""
    for path in paths:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from file


def read_rows(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The rows of review files, one at a time."""
    return map(json.loads, read_lines(paths))
