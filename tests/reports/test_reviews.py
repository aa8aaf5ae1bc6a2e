"""Review rows and their files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import pytest_iqeval.reports
from pytest_iqeval.core.clean import Redactor
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.request import Reply, Timing, Usage
from pytest_iqeval.core.result import result_of
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.reports.reviews import (
    PathFor,
    ReviewWriter,
    read_reviews,
    review_row,
    reviewed,
)
from tests.support.runs import make_reply, make_result, make_sample

SCHEMA = json.loads(
    (Path(pytest_iqeval.reports.__file__).parent / "review.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def path_in(folder: Path) -> PathFor:
    return lambda benchmark, subset: folder / "reviews" / "m" / f"{benchmark}_{subset}.jsonl"


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_row_has_everything_that_led_to_the_score() -> None:
    sample = replace(make_sample("iq-1", subset="IQ", level=2, category="逻辑"), also=("yes",))
    reply = Reply(
        text="答案：A",
        reasoning="hm",
        finish_reason="length",
        usage=Usage(prompt_tokens=30, completion_tokens=4),
        latency_s=1.5,
        timing=Timing(queued_s=0.5, first_byte_s=1.25),
        attempts=2,
        cleaned="1 NUL",
    )
    score = Score(
        outcome=Outcome.CORRECT,
        value=1.0,
        extracted="A",
        rule="last-line",
        span=(3, 4),
        cut=True,
    )
    row = review_row(result_of(sample, score, reply, repeat=1), reply)
    assert row == {
        "id": "iq-1",
        "benchmark": "demo",
        "subset": "IQ",
        "repeat": 1,
        "question": "iq-1?",
        "choices": ["yes", "no"],
        "labels": ["A", "B"],
        "target": "A",
        "also": ["yes"],
        "outcome": "correct",
        "value": 1.0,
        "extracted": "A",
        "rule": "last-line",
        "span": [3, 4],
        "note": None,
        "reply": "答案：A",
        "reasoning": "hm",
        "refusal": None,
        "finish_reason": "length",
        "cut": True,
        "latency_s": 1.5,
        "timing": {"queued_s": 0.5, "connect_s": None, "first_byte_s": 1.25, "first_token_s": None},
        "attempts": 2,
        "cached": False,
        "usage": {"prompt_tokens": 30, "completion_tokens": 4},
        "cleaned": "1 NUL",
        "metadata": {"level": 2, "category": "逻辑"},
        "group": None,
    }
    assert set(row) == set(SCHEMA["properties"]) == set(SCHEMA["required"])


def test_a_row_has_the_labels_as_they_were_asked_and_all_right_answers() -> None:
    asked = replace(make_sample(), numbered=True, target="1,2")
    free = replace(make_sample(), choices=(), target="42", also=("forty-two", "四十二"))
    rows = [review_row(make_result(sample, "c"), make_reply()) for sample in (asked, free)]
    told = [(row["labels"], row["target"], row["also"]) for row in rows]
    assert told == [(["1", "2"], "1,2", []), ([], "42", ["forty-two", "四十二"])]
    for row in rows:
        VALIDATOR.validate(row)


@pytest.mark.parametrize("letter", "ciutrex")
def test_every_outcome_has_a_valid_row(letter: str) -> None:
    reply = None if letter == "e" else make_reply()
    row = review_row(make_result(make_sample(), letter), reply)
    VALIDATOR.validate(row)
    assert (row["reply"] is None) == (letter == "e")
    assert letter not in "ex" or row["note"] in ("connection refused", "the scorer raised")


def test_the_schema_refuses_what_is_no_row() -> None:
    row = review_row(make_result(make_sample(), "c"), make_reply())
    assert not VALIDATOR.is_valid({**row, "outcome": "good"})
    assert not VALIDATOR.is_valid({**row, "span": [1]})
    del row["rule"]
    assert not VALIDATOR.is_valid(row)


def test_rows_go_to_a_file_for_each_subset_in_their_order(tmp_path: Path) -> None:
    """Errors have rows too, and going back to a subset adds to its file."""
    questions = [make_sample(i, subset=s) for i, s in (("a", "IQ"), ("b", "情商"), ("c", "IQ"))]
    with ReviewWriter(path_in(tmp_path)) as writer:
        for sample, letter in zip(questions, "cie", strict=True):
            writer.write(make_result(sample, letter), None if letter == "e" else make_reply())
    iq, eq = writer.paths
    assert (iq.name, eq.name) == ("demo_IQ.jsonl", "demo_情商.jsonl")
    assert [(r["id"], r["outcome"]) for r in rows_of(iq)] == [("a", "correct"), ("c", "error")]
    assert [r["id"] for r in rows_of(eq)] == ["b"]


def test_a_second_writing_of_a_run_starts_anew(tmp_path: Path) -> None:
    for _ in range(2):
        with ReviewWriter(path_in(tmp_path)) as writer:
            writer.write(make_result(make_sample(), "c"), make_reply())
    assert len(rows_of(writer.paths[0])) == 1


def test_two_subsets_that_meet_in_one_file_both_stay(tmp_path: Path) -> None:
    meeting = [make_sample(benchmark="a_b", subset="c"), make_sample(benchmark="a", subset="b_c")]
    with ReviewWriter(path_in(tmp_path)) as writer:
        for sample in meeting:
            writer.write(make_result(sample, "c"), make_reply())
    (path,) = writer.paths
    assert [r["benchmark"] for r in rows_of(path)] == ["a_b", "a"]


def test_hostile_text_is_one_valid_line(tmp_path: Path) -> None:
    text = "a\n\u2028\x1b[31m</script>]]>\ud800\u202e逻辑"
    sample = make_sample(note=float("inf"), raw="\udfff")
    with ReviewWriter(path_in(tmp_path)) as writer:
        writer.write(make_result(sample, "u"), make_reply(text))
    raw = writer.paths[0].read_bytes().decode("utf-8")
    assert raw.count("\n") == 1
    row = json.loads(raw)
    assert row["reply"] == text.replace("\ud800", "\ufffd")
    assert row["metadata"] == {"note": None, "raw": "\ufffd"}
    VALIDATOR.validate(row)


def test_a_secret_is_taken_out(tmp_path: Path) -> None:
    with ReviewWriter(path_in(tmp_path), redact=Redactor(["sk-canary"])) as writer:
        writer.write(make_result(make_sample(), "u"), make_reply('my key is "sk-canary"'))
    assert rows_of(writer.paths[0])[0]["reply"] == 'my key is "***"'


def test_a_file_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "reviews").write_text("in the way")
    writer = ReviewWriter(path_in(tmp_path))
    with pytest.raises(FolderError, match=r"demo_default\.jsonl: can't be written: ") as caught:
        writer.write(make_result(make_sample(), "c"), make_reply())
    assert caught.value.hint == "choose another folder with --iqeval-output"


@pytest.mark.parametrize("letter", "ciutrkex")
def test_a_row_reads_back_as_what_it_was_made_of(letter: str) -> None:
    sample = replace(make_sample(level=2), also=("yes",), numbered=True, target="1")
    reply = None if letter == "e" else make_reply("答案：1", latency_s=2.5)
    result = make_result(sample, letter, repeat=3, reply=reply)
    row = json.loads(json.dumps(review_row(result, reply)))
    back = reviewed(row)
    assert back.result == result
    assert back.reply == reply
    assert review_row(back.result, back.reply) == row


def test_a_row_of_an_earlier_version_reads_too() -> None:
    """Without labels, further answers and the mark of cut replies, which the reply itself tells."""
    reply = replace(make_reply(), finish_reason="length")
    row = review_row(make_result(make_sample(), "t", reply=reply), reply)
    for key in ("labels", "also", "cut"):
        del row[key]
    back = reviewed(row)
    assert (back.result.sample.labels, back.result.sample.also) == (("A", "B"), ())
    assert back.result.score.cut


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        ("{}", "KeyError: 'usage'"),
        ('"text"', "TypeError"),
        ("null", "TypeError"),
    ],
)
def test_a_damaged_line_is_told_with_its_place(line: str, said: str, tmp_path: Path) -> None:
    reply = make_reply()
    path = tmp_path / "a.jsonl"
    good = json.dumps(review_row(make_result(make_sample(), "c", reply=reply), reply))
    path.write_text(f"{good}\n{line}\n", "utf-8")
    with pytest.raises(FolderError) as caught:
        list(read_reviews(path))
    assert str(caught.value).startswith(f"{path}:2: is no review row ({said}")
    assert str(caught.value).endswith(
        "hint: --iqeval-replay RUN makes the reviews again from the journal"
    )


@pytest.mark.parametrize(
    ("key", "value"), [("outcome", "fine"), ("reply", 3), ("choices", [1]), ("span", [1])]
)
def test_a_value_that_can_not_be_is_no_review_row(key: str, value: object, tmp_path: Path) -> None:
    reply = make_reply()
    row = review_row(make_result(make_sample(), "c", reply=reply), reply) | {key: value}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(FolderError, match=r"a\.jsonl:1: is no review row"):
        list(read_reviews(path))


def test_a_review_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xff\n")
    with pytest.raises(FolderError, match=r"a\.jsonl: can't be read: 'utf-8'"):
        list(read_reviews(path))
