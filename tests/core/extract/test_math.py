"""What the reader of mathematical answers reads, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.math import read_math
from pytest_iqeval.core.extract.math_rules import RULES
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.text import fold

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("math_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    reading = read_math(case["text"])
    assert (reading.answer, reading.rule) == (case["expect"], case["rule"]), reading
    _holds_together(case["text"], reading)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    chinese = [c for c in CASES if any("\u4e00" <= x <= "\u9fff" for x in c["text"])]
    assert len(CASES) >= 100
    assert min(len(chinese), len(CASES) - len(chinese)) >= 30
    assert {c["rule"] for c in CASES} == {r.name for r in RULES} | {None}
    assert sum(c["expect"] is None for c in CASES) >= 20


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_math(rule.example)
    assert (reading.answer, reading.rule) == (rule.reads, rule.name)


def test_names_of_rules_are_unique_and_their_fields_are_filled():
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.language in ("zh", "en", "any") and r.matches for r in RULES)


@pytest.mark.parametrize("rule", [r for r in RULES if r.cue], ids=lambda r: r.name)
def test_words_without_which_a_rule_is_skipped_are_in_whatever_its_cue_finds(rule):
    replies = [c["text"] for c in CASES]
    found = [m.group() for text in replies for m in rule.cue.finditer(fold(text).lower())]
    assert found
    assert all(any(word in cue for word in rule.needs) for cue in found)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the reply is empty"),
        (r"<think>\boxed{1}</think>", "nothing follows the reasoning"),
        (r"<think>\boxed{1}", "the reasoning never ends, so no answer follows"),
        ("Let me see.", "it commits to no answer"),
        (r"It is \boxed{}.", "it commits to no answer: there is nothing in it"),
        (r"It is \boxed{answer}.", "it commits to no answer: it is a placeholder"),
        (r"So \boxed{\frac{1", "it commits to no answer: the box never closes"),
        ("If the answer is 5", "it commits to no answer: it is not said of the answer"),
    ],
)
def test_note_says_why_there_is_no_answer(text, note):
    assert read_math(text).note == note


def test_what_was_found_and_does_not_count_is_listed_with_the_reason():
    text = r"\boxed{1}, or rather \boxed{}; the answer is not known. ANSWER: 3. \boxed{…}"
    reading = read_math(text)
    assert (reading.answer, reading.rule) == ("3", "answer-en")
    assert [(t.rule, t.why) for t in reading.tried] == [
        ("boxed", "it is a placeholder"),
        ("boxed", "there is nothing in it"),
        ("boxed", "it is an earlier statement"),
    ]


def test_span_of_a_list_of_boxes_runs_from_the_first_to_the_last():
    text = r"😀 $\boxed{２}$ 和 $\boxed{x_{1}}$"
    reading = read_math(text)
    assert reading.answer == "2, x_{1}"
    assert text[slice(*reading.span)] == r"２}$ 和 $\boxed{x_{1}"


PIECES = st.sampled_from(
    [
        *("\\boxed{", "\\boxed ", "\\fbox{", "}", "{", "\\frac{", "1", "２", "x", "_{n}", "^2"),
        *("$", "$$", "\\[", "\\]", "\\(", "\\)", " and ", " 和 ", ", ", "=", "(", ")", "[", "]"),
        *(
            "答案：",
            "答案是",
            "答：",
            "因此",
            "。",
            "The answer is ",
            "Answer: ",
            "therefore ",
            ". ",
        ),
        *("The final answer is ", " I hope it is correct.", "<answer>", "</answer>", "\n", "#### "),
        *('{"answer": "', '"', "\\text{", "\\\\", "<think>", "</think>", "**", "_", "~~", "星期一"),
        *("Evelyn", "Problem: ", "题目：", "not ", "if ", "!", "\\$", "sqrt(", "π", "-", "1,000"),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(REPLIES)
def test_any_text_gives_an_answer_that_stands_there_or_a_note_and_the_same_one_again(text):
    reading = read_math(text)
    _holds_together(text, reading)
    assert read_math(text) == reading


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    """What a model thinks, whatever it says there, is never the answer."""
    if "think>" in text:
        return  # the text's own marks would pair up with ours
    alone = read_math(text)
    thought = "<think>The answer is 4. 答案：4 \\boxed{4}</think>\n"
    after = read_math(thought + text)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


@given(st.text(alphabet="0123456789abxyz+-*/^_(){}\\ ", max_size=40))
def test_a_box_gives_exactly_what_it_holds(inside):
    inside = inside.strip("*_ ")  # at its edges these are emphasis
    balanced = "{" not in inside and "}" not in inside and not inside.rstrip().endswith("\\")
    if not balanced or not any(c.isalnum() for c in inside) or "box" in inside:
        return
    reading = read_math(f"So it is $\\boxed{{{inside}}}$.")
    assert reading.answer == " ".join(inside.split())


HOSTILE = [
    *(
        "\\boxed{",
        "\\boxed",
        "\\boxed{5} ",
        "\\boxed{}",
        "$",
        "$$",
        "\\[",
        "\\(",
        "{",
        "}",
        "(",
        "[",
    ),
    *(
        "answer is ",
        "the answer is 5. ",
        "the answer is $",
        "答案",
        "答案：5\n",
        "答：",
        "#### 5\n",
    ),
    *("5 ", "5, ", "1,", "\\frac", "\\text{", "sqrt(", "therefore ", "so = ", " = 5", "<answer>"),
    *('"answer": "', '"answer": "\\', "final answer is ", "i hope ", "\nproblem: ", "*", "_", "a_"),
    *(
        "\\",
        "。",
        "^",
        "\n",
        "\\boxed{5} and ",
        "Answer: Aa ",
        "<think>",
        "</think>",
        "~~",
        "\ud7ff",
    ),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(unit):
    """A pattern that backtracks would hang here; an answer behind it all is still found."""
    text = unit * (200_000 // len(unit))
    read_math(text)
    if unit != "<think>":
        assert read_math(f"{text}</think>\n\nSo it follows.\nANSWER: 7").answer == "7"


def _holds_together(text: str, reading: Reading) -> None:
    """An answer stands in the reply, at its span."""
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    assert reading.note is None
    assert reading.answer == " ".join(reading.answer.split()) != ""
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    if reading.rule != "json":  # there the text is what the JSON means
        shown = " ".join(fold(text[start:end]).split())
        pieces = [reading.answer] if reading.answer in shown else reading.answer.split(", ")
        assert all(piece in shown for piece in pieces)
