"""The rows of a subset's predictions and reviews, joined to one record a reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from pytest_iqeval.core.plain import counted
from pytest_iqeval.core.request import Message
from pytest_iqeval.sources.evalscope.replies import (
    Came,
    asked_in_markdown,
    asked_of,
    mapping,
    mappings,
    number,
    reply_of,
    reply_of_text,
    text_of,
)
from pytest_iqeval.sources.evalscope.scores import score_of, score_of_review
from pytest_iqeval.sources.evalscope.values import Record
from pytest_iqeval.sources.files import read_table
from pytest_iqeval.sources.records import Row

_Key = str
_MOST_REPEATS = 10_000
_IN_THE_ROW = "*Same as Input*"  # what a review says where the whole row is the right answer
_ANSWERS = ("answer", "answerKey", "target", "solution", "canonical_solution", "gold", "label")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetRecords:
    """What was read of one subset: its records, in the order of the data, and sentences about
    what was left out of them. ``generation`` is that of its files."""

    records: tuple[Record, ...]
    left_out: tuple[str, ...]
    generation: int


def read_records(predictions: Path | None, reviews: Path | None, *, shown: Path) -> SubsetRecords:
    """Join the rows of two files, of which one may be missing.

    :param shown: the folder that messages name the files by.
    """
    left_out: list[str] = []
    asked = _rows(predictions, shown, left_out)
    judged = _rows(reviews, shown, left_out)
    for path, rows, others, what, done in (
        (predictions, asked, judged, "prediction", "reviewed"),
        (reviews, judged, asked, "review", "predicted"),
    ):
        missing = len(others.keys() - rows.keys())
        if path is not None and missing:
            rows_of = f"{counted(missing, 'row')} that {'is' if missing == 1 else 'are'} {done}"
            left_out.append(f"{_named(path, shown)}: has no {what} of {rows_of}")
    records: list[Record] = []
    generation = 1
    for key in dict.fromkeys((*asked, *judged)):
        prediction, review = asked.get(key), judged.get(key)
        first = prediction or review
        assert first is not None
        file = predictions if prediction is not None else reviews
        assert file is not None
        if "raw_input" in first.values or "model_spec" in first.values:
            records += _first_generation(prediction, review, file)
        else:
            record = _later_generation(prediction, review, file)
            generation = max(generation, 3 if _is_third(prediction, review) else 2)
            if record is None:
                left_out.append(f"{_named(file, shown)}:{first.line}: holds no reply")
            else:
                records.append(record)
    records.sort(key=lambda one: one.index)
    return SubsetRecords(
        records=tuple(_numbered(records)), left_out=tuple(left_out), generation=generation
    )


def _rows(path: Path | None, shown: Path, left_out: list[str]) -> dict[_Key, Row]:
    """The rows of a file by what joins them; of two for one key the later counts, as it does
    for EvalScope."""
    if path is None:
        return {}
    name = _named(path, shown)
    table = read_table(path, shown=name)
    left_out += [fault.told(name) for fault in table.faults]
    rows: dict[_Key, Row] = {}
    for row in table.rows:
        key = row.values.get("answer_id", row.values.get("index"))
        if not isinstance(key, str | int):
            left_out.append(f"{name}:{row.line}: has neither index nor answer_id")
            continue
        if str(key) in rows:
            earlier = rows[str(key)].line
            left_out.append(f"{name}:{earlier}: line {row.line} takes its place (index {key})")
        rows[str(key)] = row
    return rows


def _named(path: Path, shown: Path) -> str:
    return str(path.relative_to(shown)) if path.is_relative_to(shown) else str(path)


def _is_third(prediction: Row | None, review: Row | None) -> bool:
    output = mapping(prediction.values.get("model_output")) if prediction else {}
    return "perf_metrics" in output or (review is not None and "messages" in review.values)


def _first_generation(prediction: Row | None, review: Row | None, file: Path) -> Iterator[Record]:
    """One record for each choice of a response; a review repeats all of its prediction."""
    row = review or prediction
    assert row is not None
    values = row.values
    raw = mapping(values.get("raw_input"))
    index = number(values.get("index"))
    place = (row.line - 1) if index is None else int(index)
    metric = next(iter(_texts(mapping(values.get("reviewer_spec")).get("metric"))), "")
    for number_of_choice, choice in enumerate(mappings(values.get("choices")) or [{}]):
        judged = mapping(choice.get("review"))
        came = reply_of(values, choice=number_of_choice)
        yield Record(
            index=place,
            group=str(place),
            repeat=number_of_choice,
            asked=_prompt(mapping(values.get("origin_prompt"))),
            targets=_gold(judged.get("gold"), raw),
            row=raw,
            whole=bool(raw),
            reply=came.reply,
            error=came.error,
            score=score_of_review(judged, metric),
            created_s=number(values.get("created")),
            file=file,
            line=row.line,
        )


def _gold(gold: object, raw: Mapping[str, object]) -> tuple[str, ...]:
    """The right answer: as the review has it, else the row's own."""
    if isinstance(gold, str) and gold != _IN_THE_ROW:
        return (gold,)
    found = (raw.get(column) for column in _ANSWERS)
    return next((_texts(value) for value in found if _texts(value)), ())


def _prompt(origin: Mapping[str, object]) -> tuple[Message, ...]:
    system = text_of(origin.get("system_prompt"))
    first = [Message(role="system", content=system)] if system else []
    asked = [Message(role="user", content=text) for text in _texts(origin.get("data"))]
    return (*first, *asked)


def _later_generation(prediction: Row | None, review: Row | None, file: Path) -> Record | None:
    asked = {} if prediction is None else prediction.values
    judged = {} if review is None else review.values
    sample = mapping(judged.get("sample_score"))
    came = _came(asked, judged)
    if came is None:
        return None
    index = number(asked.get("index", judged.get("index")))
    place = 0 if index is None else int(index)
    group = sample.get("group_id")
    repeat = number(sample.get("generation_index"))
    metadata = mapping(sample.get("sample_metadata")) or mapping(asked.get("metadata"))
    row = prediction or review
    return Record(
        index=place,
        group=str(place if group is None else group),
        repeat=-1 if repeat is None else int(repeat),
        asked=_messages(asked, judged),
        targets=_texts(judged.get("target")),
        row=metadata,
        whole=False,
        reply=came.reply,
        error=came.error,
        score=score_of(sample),
        created_s=None,
        file=file,
        line=1 if row is None else row.line,
    )


def _came(asked: Mapping[str, object], judged: Mapping[str, object]) -> Came | None:
    if asked:
        return reply_of(mapping(asked.get("model_output")))
    score = mapping(mapping(judged.get("sample_score")).get("score"))
    said = [one for one in mappings(judged.get("messages")) if one.get("role") == "assistant"]
    if said:
        return reply_of({"choices": [{"message": said[-1]}]})
    text = score.get("prediction")
    return reply_of_text(text) if isinstance(text, str) else None


def _messages(asked: Mapping[str, object], judged: Mapping[str, object]) -> tuple[Message, ...]:
    sent = asked_of(judged.get("messages")) or asked_of(asked.get("messages"))
    return sent or asked_in_markdown(text_of(judged.get("input")))


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str))


def _numbered(records: Sequence[Record]) -> Iterator[Record]:
    """The records, with those of one question numbered where their rows say nothing of it, or
    nothing that can be."""
    used: dict[str, set[int]] = {}
    for record in records:
        taken = used.setdefault(record.group, set())
        repeat = record.repeat
        if repeat in taken or not 0 <= repeat < _MOST_REPEATS:
            repeat = next(number for number in count() if number not in taken)
        taken.add(repeat)
        yield replace(record, repeat=repeat)
