"""Review rows survive packing, and say what the table needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.reports.markup import plain
from pytest_iqeval.reports.pack import Packer
from pytest_iqeval.reports.page_row import PageRows
from tests.support import report_data as data
from tests.support.page_reader import read_markup

RUN = data.plain()["run"]


def pack(rows, **run):
    """Pack rows and read them back."""
    written = []
    packer, made = Packer(written.append), PageRows.of_report({**RUN, **run})
    for row in rows:
        packer.add(made.of(row))
    packer.close({"words": {"a": "b"}})
    return read_markup("".join(written))


def test_chunks_decode_to_the_same_rows():
    rows = list(data.many_rows(250))
    page = pack(rows)
    assert page.blocks["index"]["starts"] == [0, 100, 200]
    assert len(page.rows) == 250
    for row, read in zip(rows, page.rows, strict=True):
        if row["reply"] is None:
            assert read["before"] is None
        else:
            assert read["before"] + read["span"] + read["after"] == row["reply"]
        assert read["got"] == row["extracted"]
        for key in ("question", "choices", "labels", "reasoning", "finish_reason", "note"):
            assert read[key] == row[key]
        assert read["explanation"] == row["metadata"]["explanation"]
        assert read["metadata"] == [["level", str(row["metadata"]["level"])], ["category", "clock"]]
        assert [read["prompt_tokens"], read["completion_tokens"]] == [92, 31]


def test_the_index_has_a_column_entry_a_row_and_each_value_once():
    rows = list(data.many_rows(250))
    index = pack(rows).blocks["index"]
    columns, values = index["columns"], index["values"]
    assert {len(column) for column in columns.values()} == {250}
    for name, key in (("outcome", "outcome"), ("subset", "subset"), ("rule", "rule")):
        assert [values[name][n] for n in columns[name]] == [row[key] or "" for row in rows]
        assert len(set(values[name])) == len(values[name])
    assert columns["id"] == [row["id"] for row in rows]
    assert columns["got"] == [row["extracted"] for row in rows]
    assert columns["latency"] == [row["latency_s"] for row in rows]
    assert index["words"] == {"a": "b"}


def test_cut_replies_are_marked_in_the_index():
    rows = [data.row(id="a"), data.row(id="b", cut=True, finish_reason="length")]
    assert pack(rows).blocks["index"]["columns"]["cut"] == [0, 1]


def test_the_command_that_explains_names_run_question_and_repeat():
    first, second = pack([data.row(), data.row(repeat=2)]).rows
    assert first["explain"] == "iqeval explain 20260504_100000 iqeval/iquiz-open::IQ::iq-001"
    assert second["explain"] == first["explain"] + " --repeat 3"


def test_no_rows_give_an_empty_index():
    index = pack([]).blocks["index"]
    assert index["starts"] == []
    assert index["columns"]["id"] == []


def test_long_replies_make_smaller_chunks():
    page = pack(data.row(reply="x" * 150_000, span=None) for _ in range(7))
    assert page.blocks["index"]["starts"] == [0, 3, 6]


def test_the_span_is_cut_by_code_points_behind_emoji():
    reply = "😀👨‍👩‍👧 所以答案是：B。"
    at = reply.index("B")
    [read] = pack([data.row(reply=reply, span=[at, at + 1])]).rows
    assert (read["before"], read["span"], read["after"]) == ("😀👨‍👩‍👧 所以答案是：", "B", "。")


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("</script><script>alert(1)</script>", "</script><script>alert(1)</script>"),
        ("<!-- <script> -->", "<!-- <script> -->"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\u202egnirts\u202c\u200f", "\\u202egnirts\\u202c\\u200f"),
        ("lone \ud83d half", "lone \ufffd half"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("", ""),
    ],
)
def test_hostile_replies_are_data_and_are_shown_as_they_are(reply, shown):
    page = pack([data.row(reply=reply, span=None)])
    assert page.rows[0]["before"] == shown
    assert [tag for tag, _ in page.tags] == ["script", "script"]
    assert page.scripts == []


@given(before=st.text(), span=st.text(), after=st.text(), question=st.text(), extracted=st.text())
def test_any_text_survives(before, span, after, question, extracted):
    row = data.row(
        reply=before + span + after,
        span=[len(before), len(before) + len(span)],
        question=question,
        extracted=extracted,
    )
    page = pack([row])
    [read] = page.rows
    shown = {"before": before, "span": span, "after": after, "question": question, "got": extracted}
    assert {key: read[key] for key in shown} == {
        key: plain(text).replace("\r\n", "\n") for key, text in shown.items()
    }
    assert page.scripts == []


def test_the_index_holds_the_beginning_of_a_question_on_one_line():
    long = data.row(question="第一行\n\n" + "字" * 500, extracted="x" * 80)
    columns = pack([data.row(question="a\n  b"), long]).blocks["index"]["columns"]
    assert columns["question"][0] == "a b"
    assert columns["question"][1] == "第一行 " + "字" * 106 + "…"
    assert columns["got"][1] == "x" * 40 + "…"


def test_a_question_without_a_reply_has_a_row():
    lost = data.row(
        outcome="error",
        reply=None,
        extracted=None,
        rule=None,
        span=None,
        finish_reason=None,
        latency_s=None,
        usage=None,
        note="the endpoint answered 503",
    )
    page = pack([lost])
    [read] = page.rows
    assert read["before"] is None
    assert read["note"] == "the endpoint answered 503"
    assert page.blocks["index"]["columns"]["latency"] == [None]


@pytest.mark.parametrize(
    ("run", "options"),
    [
        ({}, "--iqeval-model gemma3:4b"),
        ({"provider": "openai"}, "--iqeval-model gemma3:4b --iqeval-provider openai"),
        (
            {"provider": None, "base_url": "http://h:1/v1"},
            "--iqeval-model gemma3:4b --iqeval-base-url http://h:1/v1",
        ),
        ({"answer": "letter"}, "--iqeval-model gemma3:4b --iqeval-answer letter"),
        ({"model": "my model; rm"}, "--iqeval-model 'my model; rm'"),
    ],
)
def test_the_command_asks_the_same_model_in_the_same_way(run, options):
    [read] = pack([data.row()], **run).rows
    assert read["command"] == f"pytest iqeval/iquiz-open::IQ::iq-001 {options}"


@pytest.mark.parametrize(
    ("labels", "target", "extracted", "right", "named"),
    [
        ("ABCD", "B", "C", ["B"], ["C"]),
        ("ABCD", "AC", "ACD", ["A", "C"], ["A", "C", "D"]),
        ("1234", "1,3", "3", ["1", "3"], ["3"]),
        ("ABCD", "B", None, ["B"], []),
        ("ABCD", "B", "BAD!", ["B"], []),
        ("", "CABBAGE", "CAB", [], []),
    ],
)
def test_the_options_that_an_answer_names_are_told(labels, target, extracted, right, named):
    """A free question has none, whatever its answer looks like."""
    row = data.row(labels=list(labels), choices=list(labels), target=target, extracted=extracted)
    [read] = pack([row]).rows
    assert (read["right"], read["named"]) == (right, named)


def test_all_texts_that_are_right_are_told():
    [read] = pack([data.row(labels=[], choices=[], target="42", also=["forty-two"])]).rows
    assert read["targets"] == ["42", "forty-two"]


def test_metadata_that_is_no_text_is_shown_as_json():
    [read] = pack([data.row(metadata={"tags": ["a", "字"], "hard": True, "none": None})]).rows
    assert read["metadata"] == [["tags", '["a","字"]'], ["hard", "true"], ["none", None]]
    assert read["explanation"] is None
