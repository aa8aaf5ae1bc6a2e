"""What the reader of short texts reads, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.answer_text import RULES, Part, read_answer_text, says_unknown

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("answer_text_cases.jsonl").read_text("utf-8").splitlines()
]
PART_OF = {"last-line": Part.LAST_LINE, "everything": Part.WHOLE}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    reading = read_answer_text(case["text"], Part(case["part"]))
    assert (reading.answer, reading.rule) == (case["expect"], case["rule"]), reading
    _holds_together(case["text"], reading)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    chinese = [c for c in CASES if any("\u4e00" <= x <= "\u9fff" for x in c["text"])]
    assert len(CASES) >= 60
    assert min(len(chinese), len(CASES) - len(chinese)) >= 20
    assert {c["rule"] for c in CASES} == {r.name for r in RULES} | {None}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_answer_text(rule.example, PART_OF.get(rule.name, Part.ANSWER))
    assert (reading.answer, reading.rule) == (rule.reads, rule.name)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the reply is empty"),
        ("<think>答案：巴黎</think>", "nothing follows the reasoning"),
        ("<think>答案：巴黎", "the reasoning never ends, so no answer follows"),
        ("One line.\nAnother line.", "it declares no answer"),
        ("Answer: Paris\nAnswer: Lyon", "it gives 2 answers, one beside the other"),
    ],
)
def test_note_says_why_there_is_no_answer(text, note):
    assert read_answer_text(text).note == note


def test_what_was_found_and_does_not_count_is_listed_with_the_reason():
    text = "Answer: Rome\nNo, wait.\nAnswer: Lyon\nLet me look again.\nANSWER: Paris"
    reading = read_answer_text(text)
    assert reading.answer == "Paris"
    assert [(text[slice(*t.span)], t.rule, t.why) for t in reading.tried] == [
        ("Lyon", "label-en", "it is an earlier statement")
    ]
    reading = read_answer_text("If the answer is Rome, no.\nThe answer is clear.\nAnswer: ...")
    assert reading.answer is None
    assert [t.why for t in reading.tried] == [
        "it holds no answer",
        "it says something of the answer, not the answer",
        "it is not said of the answer",
    ]


def test_span_counts_code_points_of_the_original_reply():
    text = "<think>想</think>😀 **答案**：**《红楼梦》**。"
    reading = read_answer_text(text)
    assert text[slice(*reading.span)] == reading.answer == "《红楼梦》"


@pytest.mark.parametrize(
    "text",
    ["I don't know.", "I’m not sure", "N/A", "It cannot be determined.", "不知道。", "无法确定"],
)
def test_saying_that_one_does_not_know_is_recognised(text):
    assert says_unknown(text)


@pytest.mark.parametrize("text", ["Paris", "I know", "The Unknown Soldier", "不确定性原理", ""])
def test_other_answers_are_not_taken_for_not_knowing(text):
    assert not says_unknown(text)


PIECES = st.sampled_from(
    [
        *("答案", "：", "是", "巴黎", "。", "，因为", "、", "\n", "答：", "【答案】", "解析："),
        *("Answer", ": ", " is ", "the ", "Paris", "D.C.", "\\boxed{", "\\text{", "}", "$", "# "),
        *('{"answer": ', '"', "[", "]", "\\u", "<answer>", "</answer>", "#### ", "**", "_", "X"),
        *("<think>", "</think>", "Question: ", "where X", "...", "~~", "\u200b", "\ud800", "\x00"),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(REPLIES, st.sampled_from(Part))
def test_any_text_gives_an_answer_or_a_note_and_the_same_one_again(text, part):
    reading = read_answer_text(text, part)
    _holds_together(text, reading)
    assert read_answer_text(text, part) == reading


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    if any(mark in text for mark in ("think>", "|", "[")):
        return  # the text's own marks would pair up with ours
    alone = read_answer_text(text)
    thought = "<think>The answer is Lyon. 答案：里昂</think>\n"
    after = read_answer_text(thought + text)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


HOSTILE = [
    *("答案", "答案：A\n", "answer is ", "the answer is A. ", "\\boxed{", "(", "*", "</think>"),
    *("\n", "#### a\n", " ", "$", "answer: ", '{"answer": "', "answer\n", "answer to the a a "),
    *("<", "<answer>", "\\text{", ". ", "mr. ", "Question: ", "~~", "\u200b", "\ud7ff", "答:"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(unit):
    """A pattern that backtracks would hang here; an answer behind it all is still found."""
    text = unit * (200_000 // len(unit))
    read_answer_text(text)
    closing = read_answer_text(f"{text}</think>\n\nSo it follows. ANSWER: Paris")
    assert closing.answer == "Paris"


def _holds_together(text, reading):
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    assert reading.note is None
    assert reading.answer.strip() == reading.answer != ""
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    if reading.rule != "json":  # its escapes are resolved
        inside = iter(text[start:end])
        assert all(c in inside for c in reading.answer), "the answer's characters stand in the span"
