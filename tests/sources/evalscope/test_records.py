"""The rows of EvalScope's files, of each generation, as records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.request import Message, Usage
from pytest_iqeval.sources.evalscope.contents import content_of
from pytest_iqeval.sources.evalscope.records import SubsetRecords, read_records
from tests.support.evalscope import Asked, write_outputs
from tests.support.shared import shared_data

GENERATIONS = (1, 2, 3)
STEM = "iquiz_IQ"


def records(folder: Path, *, kinds: tuple[str, ...] = ("predictions", "reviews")) -> SubsetRecords:
    """What is read of the one subset in a folder."""
    paths = {kind: folder / kind / "m" / f"{STEM}.jsonl" for kind in kinds}
    return read_records(paths.get("predictions"), paths.get("reviews"), shown=folder)


def edit(folder: Path, kind: str, line: int, **changes: Any) -> None:
    """Change a row of a file."""
    path = folder / kind / "m" / f"{STEM}.jsonl"
    rows = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    rows[line - 1] |= changes
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_record_has_what_was_asked_and_what_came_back(generation: int, tmp_path: Path) -> None:
    """Prompt, reply, tokens, right answer and score, whichever version wrote them."""
    asked = Asked(metadata={"level": 2})
    write_outputs(tmp_path, {STEM: [asked]}, generation=generation)
    found = records(tmp_path)
    (record,) = found.records
    assert found.generation == generation
    assert found.left_out == ()
    assert record.asked == (Message(role="user", content=asked.sent),)
    assert record.targets == ("A",)
    assert record.row["level"] == 2
    assert record.reply is not None
    assert record.reply.text == asked.reply
    assert record.reply.finish_reason == "stop"
    assert record.reply.usage == Usage(prompt_tokens=30, completion_tokens=5)
    assert record.reply.latency_s == (1.5 if generation == 3 else None)
    assert record.reply.timing.first_token_s == (0.25 if generation == 3 else None)
    assert record.score is not None
    assert (record.score.value, record.score.extracted) == (1.0, "A")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_rows_are_joined_in_the_order_of_the_data(generation: int, tmp_path: Path) -> None:
    """EvalScope writes them as they come."""
    several = [Asked(question=f"第 {n} 题？", reply=f"答案：{'AB'[n % 2]}") for n in range(4)]
    write_outputs(tmp_path, {STEM: several}, generation=generation)
    for kind in ("predictions", "reviews"):
        path = tmp_path / kind / "m" / f"{STEM}.jsonl"
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(reversed(lines)) + "\n", "utf-8")
    found = [one.reply.text for one in records(tmp_path).records if one.reply is not None]
    assert found == [one.reply for one in several]


def test_replies_to_one_question_are_its_repeats(tmp_path: Path) -> None:
    """By their group, and by their number in it or their order."""
    rows = [Asked(group=n // 2, repeat=1 - n % 2) for n in range(4)]
    write_outputs(tmp_path, {STEM: rows})
    found = [(one.group, one.repeat) for one in records(tmp_path).records]
    assert found == [("0", 1), ("0", 0), ("1", 1), ("1", 0)]
    write_outputs(tmp_path, {STEM: [Asked(group=n // 2) for n in range(4)]})
    found = [(one.group, one.repeat) for one in records(tmp_path).records]
    assert found == [("0", 0), ("0", 1), ("1", 0), ("1", 1)]


def test_reasoning_and_text_are_told_apart(tmp_path: Path) -> None:
    """EvalScope 1 writes both as parts of one content."""
    write_outputs(tmp_path, {STEM: [Asked()]})
    parts = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "答案：B"}]
    choice = {"message": {"role": "assistant", "content": parts}, "stop_reason": "max_tokens"}
    edit(tmp_path, "predictions", 1, model_output={"choices": [choice]})
    (record,) = records(tmp_path).records
    assert record.reply is not None
    assert (record.reply.text, record.reply.reasoning) == ("答案：B", "hm")
    assert record.reply.cut


def test_an_error_of_the_endpoint_is_no_reply(tmp_path: Path) -> None:
    """What the row says of it is kept."""
    write_outputs(tmp_path, {STEM: [Asked()]})
    edit(tmp_path, "predictions", 1, model_output={"error": "503 overloaded", "choices": []})
    (record,) = records(tmp_path).records
    assert (record.reply, record.error) == (None, "503 overloaded")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_without_predictions_the_reviews_have_the_replies(generation: int, tmp_path: Path) -> None:
    """The text at least."""
    write_outputs(tmp_path, {STEM: [Asked()]}, generation=generation)
    (record,) = records(tmp_path, kinds=("reviews",)).records
    assert record.reply is not None
    assert record.reply.text == Asked().reply
    assert record.score is not None


@pytest.mark.parametrize("generation", GENERATIONS)
def test_without_reviews_there_is_no_score(generation: int, tmp_path: Path) -> None:
    """Nor a right answer, unless the data's own row is there."""
    write_outputs(tmp_path, {STEM: [Asked()]}, generation=generation)
    (record,) = records(tmp_path, kinds=("predictions",)).records
    assert record.score is None
    assert record.reply is not None


@pytest.mark.parametrize("gold", ["*Same as Input*", {"whole": "row"}])
def test_where_the_row_is_the_right_answer_it_is_taken_from_there(
    gold: object, tmp_path: Path
) -> None:
    """Some versions of generation 1 write it out no second time."""
    write_outputs(tmp_path, {STEM: [Asked(target="B")]}, generation=1)
    choice = {"message": {"content": "答案：B"}, "review": {"gold": gold, "result": 1}}
    edit(tmp_path, "reviews", 1, choices=[choice])
    (record,) = records(tmp_path).records
    assert record.targets == ("B",)


def test_a_damaged_line_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    """File, line, what and what to do; and what is missing for it."""
    write_outputs(tmp_path, {STEM: [Asked(), Asked(question="另一题？")]})
    path = tmp_path / "predictions" / "m" / f"{STEM}.jsonl"
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    found = records(tmp_path)
    assert len(found.records) == 2  # the review has the second reply
    broken, missing = found.left_out
    assert broken.startswith(f"predictions/m/{STEM}.jsonl:2: broken JSON at column")
    assert missing == f"predictions/m/{STEM}.jsonl: has no prediction of 1 row that is reviewed"


def test_of_two_rows_for_one_question_the_later_counts(tmp_path: Path) -> None:
    """As it does for EvalScope, which appends when a run goes on."""
    write_outputs(tmp_path, {STEM: [Asked(reply="答案：A"), Asked(reply="答案：B")]})
    for kind in ("predictions", "reviews"):
        edit(tmp_path, kind, 2, index=0)
    found = records(tmp_path)
    assert [one.reply.text for one in found.records if one.reply is not None] == ["答案：B"]
    assert found.left_out[0] == f"predictions/m/{STEM}.jsonl:1: line 2 takes its place (index 0)"


def test_a_row_that_names_no_question_is_left_out(tmp_path: Path) -> None:
    """It can't be joined."""
    write_outputs(tmp_path, {STEM: [Asked()]}, kinds=("reviews",))
    edit(tmp_path, "reviews", 1, index=None)
    found = records(tmp_path, kinds=("reviews",))
    assert found.records == ()
    assert found.left_out == (f"reviews/m/{STEM}.jsonl:1: has neither index nor answer_id",)


@pytest.mark.parametrize("index", [-1, 10**9, 0])
def test_a_number_that_cant_be_is_another(index: int, tmp_path: Path) -> None:
    """No two replies to a question have the same."""
    write_outputs(tmp_path, {STEM: [Asked(group=0, repeat=0), Asked(group=0, repeat=index)]})
    assert sorted(one.repeat for one in records(tmp_path).records) == [0, 1]


KEYS = (
    *("index", "answer_id", "model_output", "messages", "metadata", "target", "sample_score"),
    *("choices", "usage", "raw_input", "origin_prompt", "created", "input", "reviewer_spec"),
    *("score", "value", "group_id", "generation_index", "message", "content", "role", "error"),
    *("perf_metrics", "latency", "review", "gold", "result", "model_spec", "text", "type"),
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(KEYS), ANY, max_size=6), max_size=3),
    st.lists(st.dictionaries(st.sampled_from(KEYS), ANY, max_size=6), max_size=3),
)
def test_whatever_the_rows_are_they_are_read_or_left_out(
    tmp_path: Path, asked: list[dict[str, Any]], judged: list[dict[str, Any]]
) -> None:
    """Nothing raises, and no two records are one reply."""
    paths = [tmp_path / "p.jsonl", tmp_path / "r.jsonl"]
    for path, some in zip(paths, (asked, judged), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in some), "utf-8")
    found = read_records(*paths, shown=tmp_path).records
    assert len({(one.group, one.repeat) for one in found}) == len(found)
    for one in found:
        assert content_of(one, None)


def test_all_published_rows_are_read() -> None:
    """360 replies of six models, of all three generations."""
    count = 0
    for reviews in sorted(shared_data("evalscope_runs").glob("*/reviews/*.jsonl")):
        run = reviews.parents[1]
        found = read_records(run / "predictions" / reviews.name, reviews, shown=run)
        assert found.left_out == ()
        assert all(r.reply is not None and r.score is not None and r.asked for r in found.records)
        count += len(found.records)
    assert count == 360
