"""What the reader of single-choice answers reads, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.choice import IMPLIED, read_choice
from pytest_iqeval.core.extract.choice_rules import EXAMPLE_CHOICES, RULES, Weight
from pytest_iqeval.core.extract.options import normal
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.text import fold, prepare

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("choice_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    reading = read_choice(case["text"], case["choices"])
    assert reading.answer == case["expect"], reading
    if case["rule"] is not None:
        assert reading.rule == case["rule"]
    _holds_together(case["text"], case["choices"], reading)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    chinese = [c for c in CASES if any("\u4e00" <= x <= "\u9fff" for x in c["text"])]
    assert len(CASES) >= 300
    assert min(len(chinese), len(CASES) - len(chinese)) >= 100
    assert {c["rule"] for c in CASES} >= {r.name for r in RULES}
    assert sum(c["expect"] is None for c in CASES) >= 80


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_choice(rule.example, EXAMPLE_CHOICES)
    assert (reading.answer, reading.rule) == ("B", rule.name)


def test_names_of_rules_are_unique_and_their_fields_are_filled():
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.language in ("zh", "en", "any") and r.matches for r in RULES)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the reply is empty"),
        ("<think>答案：B</think>", "nothing follows the reasoning"),
        ("<think>答案：B", "the reasoning never ends, so no answer follows"),
        ("Let me see.", "it commits to no option"),
        ("答案：A、C", "it gives 2 answers: A, C"),
        ("ANSWER: F", "it answers F, which is not on offer (A to D)"),
        ("The answer is none of the above.", "it says that no option is right"),
    ],
)
def test_note_says_why_there_is_no_answer(text, note):
    assert read_choice(text, EXAMPLE_CHOICES).note == note


def test_what_was_found_and_does_not_count_is_listed_with_the_reason():
    text = "The answer is A. Hmm, if the answer is C? No. The answer is B."
    reading = read_choice(text, EXAMPLE_CHOICES)
    assert reading.answer == "B"
    assert [(text[slice(*t.span)], t.rule, t.why) for t in reading.tried] == [
        ("C", "answer-en", "it is not said of the answer"),
        ("A", "answer-en", "it is an earlier statement"),
    ]


def test_implied_rules_of_the_table_are_the_ones_that_wait_for_declared_ones():
    waiting = [r for r in RULES if r.weight is Weight.IMPLIED]
    assert {r.name for r in waiting if r.cue is None} == set(IMPLIED)


def test_span_counts_code_points_of_the_original_reply():
    text = "<think>想</think>😀 **答案**：Ｂ"
    reading = read_choice(text, EXAMPLE_CHOICES)
    assert text[slice(*reading.span)] == "Ｂ"


def test_more_options_than_letters_are_refused():
    with pytest.raises(ValueError, match="27 options, but there are letters for 26"):
        read_choice("A", ["x"] * 27)


PIECES = st.sampled_from(
    [
        *("答案", "：", "是", "选", "不", "因此", "正确", "选项", "星期二", "。", "、", "和", "\n"),
        *("answer", "Answer: ", " is ", "the ", "I choose ", " not ", "correct", "option ", ". "),
        *("Tuesday", "A", "B", "c", "Ｄ", "E", "DNA", "(", ")", "**", "[", "]", "~~", "\\boxed{"),
        *("}", "<think>", "</think>", '{"answer": "', '"', "Question: ", "|", "<|im_end|>", "$"),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))
CHOICES = st.lists(st.one_of(st.text(max_size=8), PIECES), min_size=1, max_size=26)


@given(REPLIES, CHOICES)
def test_any_text_gives_an_answer_on_offer_or_a_note_and_the_same_one_again(text, choices):
    reading = read_choice(text, choices)
    _holds_together(text, choices, reading)
    assert read_choice(text, list(choices)) == reading


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    """What a model thinks, whatever it says there, is never the answer."""
    alone = read_choice(text, EXAMPLE_CHOICES)
    thought = "<think>The answer is A. 答案：C</think>\n"
    if "think>" in text or "|" in text or "[" in text:
        return  # the text's own marks would pair up with ours
    after = read_choice(thought + text, EXAMPLE_CHOICES)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


HOSTILE = [
    *(
        "答案",
        "答案：A\n",
        "answer is ",
        "the answer is A. ",
        "选A ",
        "\\boxed{",
        "(",
        "*",
        "<think>",
    ),
    *(
        "</think>",
        "a**b",
        "A",
        "A B ",
        "A) ",
        "\n",
        "\nA. x",
        " ",
        "so ",
        "是 A. x",
        "i choose ",
        "~~",
    ),
    *("B is the correct answer. ", "correct option among a b c d ", "\nQuestion: answer: A ", "<|"),
    *("answer is (", "A、", " A is right. ", '{"answer": "', "A or ", "[", "#", "\u200b", "\ud7ff"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(unit):
    """A pattern that backtracks would hang here; an answer behind it all is still found."""
    text = unit * (200_000 // len(unit))
    read_choice(text, EXAMPLE_CHOICES)
    if unit != "<think>":
        closing = read_choice(f"{text}</think>\n\nSo it follows. ANSWER: B", EXAMPLE_CHOICES)
        assert closing.answer == "B"


def _holds_together(text: str, choices: list[str], reading: Reading) -> None:
    """An answer is on offer, and its span holds its letter or its option's text."""
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    index = ord(reading.answer) - ord("A")
    assert 0 <= index < len(choices)
    assert reading.note is None
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    folded = prepare(text).folded[start:end]
    assert folded.upper() == reading.answer or normal(folded) == normal(fold(choices[index]))
