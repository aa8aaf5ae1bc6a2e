"""What the reader of yes or no reads, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.yes_no import read_yes_no, yes_or_no
from pytest_iqeval.core.extract.yes_no_rules import RULES

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("yes_no_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    reading = read_yes_no(case["text"])
    assert (reading.answer, reading.rule) == (case["expect"], case["rule"]), reading
    _holds_together(case["text"], reading)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    chinese = [c for c in CASES if any("\u4e00" <= x <= "\u9fff" for x in c["text"])]
    assert len(CASES) >= 120
    assert min(len(chinese), len(CASES) - len(chinese)) >= 60
    assert {c["rule"] for c in CASES} == {r.name for r in RULES} | {None}
    for expected in ("yes", "no", None):
        assert sum(c["expect"] == expected for c in CASES) >= 50


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_yes_no(rule.example)
    assert (reading.answer, reading.rule) == (rule.reads, rule.name)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the reply is empty"),
        ("<think>是</think>", "nothing follows the reasoning"),
        ("<think>是", "the reasoning never ends, so no answer follows"),
        ("Let me see.", "it says neither yes nor no"),
        ("答案：是也不是", "it says both yes and no"),
        ("Answer: yes\nAnswer: no", "it says both yes and no"),
        ("Answer: it depends", "it leaves open whether yes or no"),
    ],
)
def test_note_says_why_there_is_no_answer(text, note):
    assert read_yes_no(text).note == note


def test_what_was_found_and_does_not_count_is_listed_with_the_reason():
    text = "The answer is yes. If the answer is no, hmm. Answer: it depends. The answer is no."
    reading = read_yes_no(text)
    assert reading.answer == "no"
    assert [(text[slice(*t.span)], t.why) for t in reading.tried] == [
        ("it depends", "it is an earlier statement")
    ]
    reading = read_yes_no("If the claim is true, whales are fish.")
    assert [t.why for t in reading.tried] == ["it is asked, supposed or reported"]


@pytest.mark.parametrize(
    ("spelling", "meant"),
    [
        *((s, "yes") for s in ("yes", "Yes.", "TRUE", "True", "y", "T", "correct", "是", "是的")),
        *((s, "yes") for s in ("对", "正确", "真", "有", "√", "Ｙｅｓ", "✓", "可以", " 对 ")),
        *((s, "no") for s in ("no", "No", "false", "N", "F", "incorrect", "否", "不是", "错")),
        *((s, "no") for s in ("错误", "不正确", "假", "没有", "×", "不对", "wrong", "✗")),
        *(
            (s, None)
            for s in ("", "A", "maybe", "不一定", "yes and no", "是或否", "1", "0", "巴黎")
        ),
    ],
)
def test_spelling_of_a_data_set_is_understood(spelling, meant):
    assert yes_or_no(spelling) == meant


PIECES = st.sampled_from(
    [
        *(
            "是",
            "否",
            "不",
            "对",
            "错",
            "正确",
            "错误",
            "的",
            "。",
            "，",
            "答案",
            "：",
            "该说法",
            "并非",
        ),
        *("yes", "no", "not ", "true", "false", " is ", "the statement", "Answer: ", ". ", ", "),
        *("maybe", "and ", "or ", "因此", "so ", "if ", "\n", "√", "×", "**", "\\boxed{", "}", '"'),
        *("<think>", "</think>", "Question: ", "?", "\u200b", "\ud800", "\x00", "I would say "),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(REPLIES)
def test_any_text_gives_yes_no_or_a_note_and_the_same_one_again(text):
    reading = read_yes_no(text)
    _holds_together(text, reading)
    assert read_yes_no(text) == reading


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    if any(mark in text for mark in ("think>", "|", "[")):
        return  # the text's own marks would pair up with ours
    alone = read_yes_no(text)
    thought = "<think>The answer is yes. 答案：是</think>\n"
    after = read_yes_no(thought + text)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


HOSTILE = [
    *("答案", "答案：是\n", "answer is ", "the answer is no. ", "\\boxed{", "(", "*", "</think>"),
    *("\n", " ", "$", "answer: ", "so ", "is true ", "statement ", "the statement is true. "),
    *(
        "该说法正确。",
        '"是',
        "是",
        "不",
        "it is not ",
        "i would say ",
        "yes ",
        "no, ",
        ' "',
        "所以是",
    ),
    *("absolutely ", "应该", "it depends ", "maybe/", "对或", "\u200b", "√", "Question: "),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(unit):
    """A pattern that backtracks would hang here; an answer behind it all is still found."""
    text = unit * (200_000 // len(unit))
    read_yes_no(text)
    assert read_yes_no(f"{text}</think>\n\nSo it follows. ANSWER: no").answer == "no"


def _holds_together(text, reading):
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    assert reading.answer in ("yes", "no")
    assert reading.note is None
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    assert text[start:end].strip()
