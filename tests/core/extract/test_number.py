"""What the reader of numbers reads, and what it leaves alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.number import read_number
from pytest_iqeval.core.extract.number_rules import RULES, Place
from pytest_iqeval.core.extract.number_target import target_number
from pytest_iqeval.core.extract.quantity import Quantity
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("number_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    reading = read_number(case["text"])
    assert (reading.answer, reading.rule) == (case["expect"], case["rule"]), reading
    _holds_together(case["text"], reading)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    chinese = [c for c in CASES if any("\u4e00" <= x <= "\u9fff" for x in c["text"])]
    assert len(CASES) >= 200
    assert min(len(chinese), len(CASES) - len(chinese)) >= 80
    assert {c["rule"] for c in CASES} == {r.name for r in RULES} | {None}
    assert sum(c["expect"] is None for c in CASES) >= 80


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_number(rule.example)
    assert (reading.answer, reading.rule) == (rule.reads, rule.name)


def test_names_of_rules_are_unique_and_their_fields_are_filled():
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.language in ("zh", "en", "any") and r.matches for r in RULES)
    assert all((r.cue is None) == (r.place is Place.IMPLIED) for r in RULES)


@pytest.mark.parametrize("rule", [r for r in RULES if r.cue], ids=lambda r: r.name)
def test_a_cue_is_found_only_where_one_of_its_words_is(rule):
    """The words save a search; a cue that matches without them would be lost."""
    for case in CASES:
        if rule.cue.search(case["text"].lower()):
            assert any(word in case["text"].lower() for word in rule.words)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("The answer is -$1,800.50 a year.", "-$1,800.50"),
        ("Answer: 25 percent", "25 percent"),
        ("答案是百分之二十五。", "百分之二十五"),
        ("答案：**￥１，８００**元", "￥１，８００"),
        (r"\boxed{\text{\$18}}", "$18"),
        (r"\boxed{1\frac{1}{2}}", r"1\frac{1}{2}"),
        ("The answer is 18 dollars and 50 cents.", "18 dollars and 50 cents"),
        ("<think>16</think>😀 答案：三百二十个", "三百二十"),
        ("So 9 * 2 = 18 dollars.", "18"),
    ],
)
def test_span_is_the_number_as_it_stands_in_the_reply(text, span):
    reading = read_number(text)
    assert text[slice(*reading.span)] == span


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the reply is empty"),
        ("<think>答案：18</think>", "nothing follows the reasoning"),
        ("<think>答案：18", "the reasoning never ends, so no answer follows"),
        ("Let me see.", "it commits to no number"),
        ("答案：3、5", "it gives 2 numbers: 3, 5"),
        ("So it is 18 or 20.", "it gives 2 numbers: 18, 20"),
        ("The answer cannot be found. Answer: unknown", "it answers with no number: it says that"),
        (r"\boxed{\text{yes}}", "it answers with no number"),
        (r"\boxed{2\sqrt{3}}", "it answers with no number: it is symbolic"),
        ("Answer: 1/0", "it divides by zero or has over 300 digits"),
    ],
)
def test_note_says_why_there_is_no_answer(text, note):
    assert note in read_number(text).note


def test_what_was_found_and_does_not_count_is_listed_with_the_reason():
    text = "The answer is 16. Hmm, if the answer is 17? No. The answer is 18."
    reading = read_number(text)
    assert reading.answer == "18"
    assert [(text[slice(*t.span)], t.rule, t.why) for t in reading.tried] == [
        ("17", "answer-en", "it is not said of the answer"),
        ("16", "answer-en", "it is an earlier statement"),
    ]


def test_only_what_the_end_of_a_reply_implies_depends_on_its_being_the_end():
    """A cut reply's last sentence is a step on the way; "the answer is" holds anywhere."""
    assert read_number("So she makes 18 dollars.").at_end
    assert read_number("9 eggs: 9 * 2 = 18").at_end
    assert not read_number("The answer is 18.").at_end
    assert not read_number("18\n\nShe sells what is left.").at_end


def test_a_declared_answer_beats_what_the_end_states():
    assert read_number("The answer is 18.\n\nTo check: 7 + 9 = 16").answer == "18"


def test_the_last_number_is_no_answer_for_being_the_last():
    assert read_number("Kylar has 5 coins and Mia has 3, then they buy 16 glasses").answer is None


PIECES = st.sampled_from(
    [
        *(
            "答案",
            "：",
            "是",
            "因此",
            "一共",
            "元",
            "。",
            "，",
            "、",
            "或",
            "\n",
            "三百",
            "二十",
            "两万",
        ),
        *(
            "分之",
            "百分之",
            "点",
            "负",
            "半",
            "个",
            "第",
            "几",
            "千克",
            "3亿",
            "５",
            "，０００",
            "年",
        ),
        *(
            "answer",
            "Answer: ",
            " is ",
            "the ",
            "So ",
            " not ",
            " or ",
            " and ",
            ". ",
            "A: ",
            "#### ",
        ),
        *("18", "1,234", "-", "$", "%", ".5", "/", "1e9", "×10^", "^", "=", "*", "+", "<<9*2=18>>"),
        *(
            "three",
            "hundred",
            "-five",
            "half",
            " a dozen",
            " dollars",
            " cents",
            "one",
            "½",
            "⁵",
            "٣",
        ),
        *(
            r"\boxed{",
            r"\frac{1}{",
            r"\frac12",
            "}",
            r"\text{",
            r"\%",
            r"\,",
            "**",
            "~~",
            "(",
            ")",
            "[",
        ),
        *(
            "<think>",
            "</think>",
            '{"answer": ',
            '"',
            "<answer>",
            "</answer>",
            "Question: ",
            "<|im_end|>",
        ),
        *(
            "wait, ",
            "更正：",
            "?",
            "吗",
            "unknown",
            "无法",
            ":30",
            "2024-05-06",
            "x = ",
            "\u200b",
            "😀",
        ),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(REPLIES)
def test_any_text_gives_one_number_or_a_note_and_the_same_one_again(text):
    reading = read_number(text)
    _holds_together(text, reading)
    assert read_number(text) == reading
    target_number(text)


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    """What a model thinks, whatever it says there, is never the answer."""
    if re.search("think>|[|\\[]", text):
        return  # the text's own marks would pair up with ours
    thought = "<think>The answer is 16. 答案：17. So 5 * 3 = 15</think>\n"
    alone, after = read_number(text), read_number(thought + text)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_a_decimal_is_read_back_however_it_is_written(digits, places):
    value = Quantity.parse(f"{digits}e-{places}")
    for written in (value.text, f"{value.text}元", _with_commas(value.text)):
        assert read_number(f"答案：{written}").answer == value.text
        assert read_number(f"The answer is {written}.").answer == value.text


HOSTILE = [
    *("答案", "答案：1\n", "answer is ", "the answer is 1. ", "\\boxed{", "(", "*", "<think>", "1"),
    *(
        "</think>",
        "1,",
        "1,234,",
        "1 ",
        "1.",
        "1/",
        "-1",
        "1e9",
        "\n",
        "\nA: 1",
        " ",
        "so ",
        "= 1 ",
    ),
    *(
        "一",
        "一百",
        "三百二十",
        "十",
        "零",
        "点",
        "分之",
        "one ",
        "hundred ",
        "and ",
        "a dozen ",
        "half ",
    ),
    *(
        "\\frac{1}{",
        "<<",
        "<<1>>",
        "{",
        "}",
        "$",
        "1%",
        "1:",
        "#### ",
        "#### 1\n",
        '"answer": ',
        "a: ",
    ),
    *(
        "\nQuestion: answer: 1",
        "1. x\n",
        "So 1 or ",
        "in 1 year ",
        "\u200b",
        "\ud800",
        "\0",
        "1\\,",
        "。",
    ),
    *(
        "mr. ",
        "x = 1 ",
        "**",
        "1**",
        "**1**",
        "5元3角",
        "answer - ",
        "wait, ",
        "not ",
        "total of ",
        "^1",
    ),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(unit):
    """A pattern that backtracks would hang here; an answer behind it all is still found."""
    text = unit * (200_000 // len(unit))
    read_number(text)
    if unit != "<think>":
        closing = read_number(f"{text}</think>\n\nSo it follows. ANSWER: 18")
        assert closing.answer == "18"


@pytest.mark.parametrize(
    "form", ["{}", "0.{}", "1/{}", "1e{}", "10^{}", "{}%", "三{}", "-{}.5", "{}x"]
)
def test_a_million_digits_are_no_answer_and_no_error(form):
    text = form.format("7" * 1_000_000)
    for reply in (text, f"The answer is {text}.", f"\\boxed{{{text}}}", f"So it is {text}."):
        assert read_number(reply).answer is None
    assert target_number(text) is None


def _with_commas(text: str) -> str:
    whole, point, places = text.partition(".")
    return f"{int(whole):,}".replace("0", "-0", whole == "-0") + point + places


def _holds_together(text: str, reading: Reading) -> None:
    """An answer is written in its one form, and its span holds something of the reply."""
    assert len(reading.tried) <= TRIED_AT_MOST
    for tried in reading.tried:
        assert 0 <= tried.span[0] < tried.span[1] <= len(text)
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    assert Quantity.parse(reading.answer).text == reading.answer
    assert reading.note is None
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    assert text[start:end].strip()
    again = target_number(text[start:end])
    assert again is not None
    assert again.text == reading.answer
