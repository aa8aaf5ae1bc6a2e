"""What the reader of answers of several options reads, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.choice_rules import Weight
from pytest_iqeval.core.extract.multi_choice import read_multi_choice
from pytest_iqeval.core.extract.multi_rules import EXAMPLE_CHOICES, RULES
from pytest_iqeval.core.extract.multi_shapes import IMPLIED
from pytest_iqeval.core.extract.reading import Reading

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("multi_choice_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    reading = read_multi_choice(case["text"], case["choices"])
    assert reading.answer == case["expect"], reading
    if case["rule"] is not None:
        assert reading.rule == case["rule"]
    _holds_together(case["text"], case["choices"], reading)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    chinese = [c for c in CASES if any("\u4e00" <= x <= "\u9fff" for x in c["text"])]
    assert len(CASES) >= 120
    assert min(len(chinese), len(CASES) - len(chinese)) >= 60
    assert {c["rule"] for c in CASES} >= {r.name for r in RULES}
    assert sum(c["expect"] is None for c in CASES) >= 60


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_multi_choice(rule.example, EXAMPLE_CHOICES)
    assert (reading.answer, reading.rule) == (rule.reads, rule.name)


def test_names_of_rules_are_unique_and_their_fields_are_filled():
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.language in ("zh", "en", "any") and r.matches for r in RULES)
    assert {r.name for r in RULES if r.weight is Weight.IMPLIED} == set(IMPLIED)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the reply is empty"),
        ("<think>答案：AC</think>", "nothing follows the reasoning"),
        ("<think>答案：AC", "the reasoning never ends, so no answer follows"),
        ("Let me see.", "it commits to no set of options"),
        ("答案：A或C", "it leaves open which: A or C"),
        ("ANSWER: A, F", "it answers F, which is not on offer (A to D)"),
        ("ANSWER: A, F, G", "it answers F, G, which are not on offer (A to D)"),
        ("The answer is none of the above.", "it says that no option is right"),
        ("A错误，B错误，C错误，D错误。", "it calls every option wrong"),
        ("答案：AC\n答案：BD", "it gives two answers: AC and BD"),
    ],
)
def test_note_says_why_there_is_no_answer(text, note):
    assert read_multi_choice(text, EXAMPLE_CHOICES).note == note


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        (
            "The answer is A and B. The answer is A and D? No, the answer is A and C.",
            [("A and D", "it is asked, not said"), ("A and B", "it is an earlier statement")],
        ),
        ("A、C不正确。答案是A、C不正确。", [("A、C", "it is called wrong")]),
        ("如果答案是AB", [("AB", "it is not said of the answer")]),
        ("格式为“答案：AC”", [("AC", "it only says the form of an answer")]),
        ("Answer: A/B/C/D", [("A/B/C/D", "it only lists the labels on offer")]),
        ("选择：\nA. x\nB. y\nC. z\nD. w", [("A. x\nB. y\nC. z\nD", "it only lists the options")]),
        ("答案：\nA. x对\nB. y错", [("A. x对\nB", "it discusses the options")]),
        ("答案：AC\n解析：故选C。", [("C", "it chooses one of a set that was declared")]),
        ("第一步选A。\n第二步选C。", [("C", "it chooses one option after another")]),
    ],
)
def test_what_was_found_and_does_not_count_is_listed_with_the_reason(text, tried):
    reading = read_multi_choice(text, EXAMPLE_CHOICES)
    assert [(text[slice(*t.span)], t.why) for t in reading.tried] == tried


@pytest.mark.parametrize(
    ("text", "answer", "span"),
    [
        ("<think>想</think>😀 **答案**：Ｃ、Ａ", "AC", "Ｃ、Ａ"),
        ("The answers are A (Monday) and C (Wednesday).", "AC", "A (Monday) and C"),
        ("The correct options are:\n- A\n- C", "AC", "A\n- C"),
        ("Both are odd: all of the above", "ABCD", "all of the above"),
        ("A正确。B错误。C正确。D错误。", "AC", "A正确。B错误。C"),
    ],
)
def test_span_is_from_the_first_label_to_the_last_in_the_original_reply(text, answer, span):
    reading = read_multi_choice(text, EXAMPLE_CHOICES)
    assert reading.answer == answer
    assert text[slice(*reading.span)] == span


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("答案：1、3", "1,3"),
        ("ANSWER: 3, 1", "1,3"),
        ("The answers are 1 and 3.", "1,3"),
        ("故选1和3。", "1,3"),
        ("1, 3", "1,3"),
        ('{"answer": ["1", "3"]}', "1,3"),
        ('{"answer": [1, 3]}', "1,3"),
        ("答案：２", "2"),
        ("答案：1到3", "1,2,3"),
        ("All of the above", "1,2,3,4"),
        ("The answer is Monday and Wednesday.", "1,3"),
        ("ANSWER: 1, 7", None),
        ("答案：1,000", None),
        ("答案：1.5", None),
        ("The answer is 3 days.", None),
        ("答案：1或3", None),
    ],
)
def test_digits_as_labels_are_read_behind_a_cue_and_on_a_last_line(text, answer):
    assert read_multi_choice(text, EXAMPLE_CHOICES, numbered=True).answer == answer


def test_more_options_than_letters_are_refused():
    with pytest.raises(ValueError, match="27 options, but there are letters for 26"):
        read_multi_choice("A", ["x"] * 27)


PIECES = st.sampled_from(
    [
        *(
            "答案",
            "：",
            "是",
            "选",
            "不",
            "因此",
            "正确",
            "错误",
            "选项",
            "星期二",
            "。",
            "、",
            "和",
        ),
        *(
            "answer",
            "Answer: ",
            " is ",
            " are ",
            "the ",
            "I choose ",
            " not ",
            "correct",
            "option ",
        ),
        *("Tuesday", "A", "B", "c", "Ｄ", "E", "AC", "CA", "DNA", "(", ")", "**", "[", "]", ", "),
        *(
            " and ",
            " or ",
            "A、C",
            "到",
            "-",
            "\n",
            "- A\n",
            "以上都对",
            "all of the above",
            "only ",
        ),
        *("}", "<think>", "</think>", '{"answer": ["', '", "', '"', "Question: ", "✓", "\\boxed{"),
        *("1", "3", "1,3", "|", "<|im_end|>", "$", "\\text{", " wrong", ". ", "; "),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))
CHOICES = st.lists(st.one_of(st.text(max_size=8), PIECES), min_size=1, max_size=26)


@given(REPLIES, CHOICES, st.booleans())
def test_any_text_gives_labels_on_offer_or_a_note_and_the_same_again(text, choices, numbered):
    reading = read_multi_choice(text, choices, numbered=numbered)
    _holds_together(text, choices, reading, numbered=numbered)
    assert read_multi_choice(text, list(choices), numbered=numbered) == reading


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    """What a model thinks, whatever it says there, is never the answer."""
    if "think>" in text or "|" in text or "[" in text:
        return  # the text's own marks would pair up with ours
    alone = read_multi_choice(text, EXAMPLE_CHOICES)
    thought = "<think>The answer is A, B. 答案：CD</think>\n"
    after = read_multi_choice(thought + text, EXAMPLE_CHOICES)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


LABELS = "ABCDEF"
SUBSETS = st.sets(st.sampled_from(LABELS), min_size=1).map(sorted)
JOINS = st.sampled_from(["", ", ", "、", "，", " and ", "和", "; ", " & "])
FRAMES = st.sampled_from(
    ["答案：{}", "ANSWER: {}", "故选{}。", "The correct answers are {}.", "\\boxed{{{}}}"]
)


@given(SUBSETS, JOINS, FRAMES, st.randoms(use_true_random=False))
def test_a_set_is_read_however_it_is_joined_and_ordered(labels, join, frame, random):
    """Whatever the order in which labels are listed, the answer has them in that of the options."""
    said = list(labels)
    if join:
        random.shuffle(said)
    text = "Some thoughts first.\n" + frame.format(join.join(said))
    assert read_multi_choice(text, [f"text {n}" for n in range(6)]).answer == "".join(labels)


HOSTILE = [
    *("答案", "答案：A\n", "answer is ", "the answer is A and ", "选A ", "\\boxed{", "(", "*"),
    *("<think>", "</think>", "a**b", "A", "A B ", "A) ", "\n", "\nA. x", " ", "so ", "是 A. x"),
    *("i choose ", "~~", "A and B are the correct answers. ", "A、", " A is right. ", "A正确。"),
    *('{"answer": ["', '{"answer": ["A", ', "A or ", "[", "#", "\u200b", "\ud7ff", "A, ", "A-"),
    *(
        "all ",
        "all of the above ",
        "以上",
        "四个选项都",
        "only ",
        "只有A",
        "A (",
        "A (x) and ",
        "\n- A",
    ),
    *(
        "\nQuestion: answer: A ",
        "答案：\n- A\n",
        "A. x, ",
        "Answer: A. words ",
        "A: true\n",
        "1,",
        "\t",
    ),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(unit):
    """A pattern that backtracks would hang here; an answer behind it all is still found."""
    text = unit * (200_000 // len(unit))
    read_multi_choice(text, EXAMPLE_CHOICES)
    read_multi_choice(text, EXAMPLE_CHOICES, numbered=True)
    if unit != "<think>":
        closing = read_multi_choice(
            f"{text}</think>\n\nSo it follows. ANSWER: A, C", EXAMPLE_CHOICES
        )
        assert closing.answer == "AC"


def _holds_together(
    text: str, choices: list[str], reading: Reading, *, numbered: bool = False
) -> None:
    """Labels are on offer, each once and in order, and the span is a place in the reply."""
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    labels = [int(n) - 1 for n in reading.answer.split(",")] if numbered else [
        ord(letter) - ord("A") for letter in reading.answer
    ]  # fmt: skip
    assert labels == sorted(set(labels))
    assert labels[0] >= 0
    assert labels[-1] < len(choices)
    assert reading.note is None
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    assert text[start:end].strip()
