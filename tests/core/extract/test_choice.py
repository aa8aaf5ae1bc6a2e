"""What the reader of single-choice answers reads, and what it leaves alone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract import choice
from pytest_iqeval.core.extract.choice import IMPLIED, read_choice
from pytest_iqeval.core.extract.choice_cue import PLACES_AT_MOST, CueIndex
from pytest_iqeval.core.extract.choice_rules import EXAMPLE_CHOICES, RULES, Weight
from pytest_iqeval.core.extract.labels import ordinal_at
from pytest_iqeval.core.extract.numbered import CIRCLED, as_letters
from pytest_iqeval.core.extract.options import Options, normal
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.text import fold, prepare

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("choice_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['why']}: {c['text'][-30:]}")
def test_labelled_reply_is_read_as_labelled(case):
    numbered = case.get("numbered", False)
    reading = read_choice(case["text"], case["choices"], numbered=numbered)
    assert reading.answer == case["expect"], reading
    if case["rule"] is not None:
        assert reading.rule == case["rule"]
    _holds_together(case["text"], case["choices"], reading, numbered=numbered)


def test_corpus_speaks_both_languages_and_uses_every_rule():
    used = Counter((c["rule"], _language(c["text"])) for c in CASES)
    for rule in RULES:
        for language in ("zh", "en") if rule.language == "any" else (rule.language,):
            assert used[rule.name, language] >= 3, (rule.name, language)
    assert sum(c["expect"] is None for c in CASES) >= 200
    assert sum(c.get("numbered", False) for c in CASES) >= 100


def _language(text: str) -> str:
    return "zh" if any("\u4e00" <= x <= "\u9fff" for x in text) else "en"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_of_a_rule_is_read_by_that_rule(rule):
    reading = read_choice(rule.example, EXAMPLE_CHOICES)
    assert (reading.answer, reading.rule) == (rule.reads, rule.name)


def test_every_pattern_of_every_cue_compiles():
    """They are compiled when a reply has their word, which no reply of a test may have."""
    for rule in RULES:
        for word in getattr(rule.cue, "words", ()):
            assert word.pattern


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


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("答案：1、3", "it gives 2 answers: 1, 3"),
        ("The answer is 7.", "it answers 7, which is not on offer (1 to 4)"),
        ("The answer is 100.", "it answers 100, which is not on offer (1 to 4)"),
        ("答案：B", "it answers B, which is not on offer (1 to 4)"),
    ],
)
def test_notes_on_a_numbered_question_speak_of_its_digits(text, note):
    assert read_choice(text, EXAMPLE_CHOICES, numbered=True).note == note


def test_a_value_of_a_numbered_question_is_not_mistaken_for_a_label():
    reading = read_choice("1 + 1 = 2, so 2.", ("3", "5", "2", "7"), numbered=True)
    assert reading.answer is None
    assert [t.why for t in reading.tried] == ["it may be a label or another option's text"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("小明说答案是A。", "it is what someone else says"),
        ("Some students say the answer is A.", "it is not said of the answer"),
        ('My friend said "the answer is A".', "it is what someone else says"),
        ("最后一行写“答案：A”。", "it says the form of an answer"),
        ('Write a last line like "ANSWER: A".', "it says the form of an answer"),
        ("答案是A吗？", "it is asked, not said"),
        ("The answer is A, but this is wrong.", "it is called wrong"),
    ],
)
def test_what_is_not_the_models_own_answer_is_told_apart(text, why):
    reading = read_choice(text, EXAMPLE_CHOICES)
    assert reading.answer is None
    assert {t.why for t in reading.tried} == {why}


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


def test_span_of_a_number_holds_all_its_digits():
    text = "想😀 答案：（１２）"
    reading = read_choice(text, [f"no. {n}" for n in range(14)], numbered=True)
    assert (reading.answer, text[slice(*reading.span)]) == ("12", "１２")


def test_span_of_an_option_named_by_its_place_is_that_naming():
    text = "I choose the second option."
    reading = read_choice(text, EXAMPLE_CHOICES)
    assert (reading.answer, text[slice(*reading.span)]) == ("B", "the second option")


def test_more_options_than_letters_are_refused():
    with pytest.raises(ValueError, match="27 options, but there are letters for 26"):
        read_choice("A", ["x"] * 27)


PIECES = st.sampled_from(
    [
        *("答案", "：", "是", "选", "不", "因此", "正确", "选项", "星期二", "。", "、", "和", "\n"),
        *("answer", "Answer: ", " is ", "the ", "I choose ", " not ", "correct", "option ", ". "),
        *("Tuesday", "A", "B", "c", "Ｄ", "E", "DNA", "(", ")", "**", "[", "]", "~~", "\\boxed{"),
        *("}", "<think>", "</think>", '{"answer": "', '"', "Question: ", "|", "<|im_end|>", "$"),
        *("1", "2", "12", "３", "②", "第二项", "the second option", "only ", "只有", "✅", "❌"),
        *(
            "如果",
            "if ",
            "，",
            "; ",
            "So ",
            "的是",
            "错误的",
            "A. Monday",
            "\nB) Tuesday\n",
            "said ",
        ),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))
CHOICES = st.lists(st.one_of(st.text(max_size=8), PIECES), min_size=1, max_size=26)


@given(REPLIES, CHOICES, st.booleans())
def test_any_text_gives_an_answer_on_offer_or_a_note_and_the_same_one_again(
    text, choices, numbered
):
    reading = read_choice(text, choices, numbered=numbered)
    _holds_together(text, choices, reading, numbered=numbered)
    assert read_choice(text, list(choices), numbered=numbered) == reading


@given(REPLIES)
def test_reasoning_before_the_reply_changes_nothing_but_the_span(text):
    """What a model thinks, whatever it says there, is never the answer."""
    alone = read_choice(text, EXAMPLE_CHOICES)
    thought = "<think>The answer is A. 答案：C</think>\n"
    if any(mark in text.lower() for mark in ("think", "|", "[", "assistantfinal")):
        return  # the text's own marks would pair up with ours
    after = read_choice(thought + text, EXAMPLE_CHOICES)
    assert (after.answer, after.rule) == (alone.answer, alone.rule)
    if alone.span is not None:
        assert after.span == tuple(p + len(thought) for p in alone.span)


@given(REPLIES)
def test_all_cues_together_find_what_each_of_them_finds(text):
    lower = prepare(text).lower
    cues = [(n, rule.cue) for n, rule in enumerate(RULES) if rule.cue is not None]
    alone = {(m.end(), n, m.start()) for n, cue in cues for m in cue.finditer(lower)}
    assert set(CueIndex(cues).places(lower)) == alone


@given(REPLIES, st.integers(1, 26))
def test_numbers_as_letters_keep_every_place(text, count):
    prepared = prepare(text)
    folded = as_letters(prepared, Options([f"no. {n}" for n in range(count)], numbered=True))
    assert len(folded.folded) == len(text)
    assert (folded.plain, folded.lower) == (prepared.plain, prepared.lower)


HOSTILE = [
    *(
        "答案",
        "答案：A\n",
        "答案是 A、",
        "选A ",
        "选",
        "因此",
        "因此A。",
        "是 A. x",
        "如果A，选A；",
    ),
    *(
        "小明说答案是A。",
        "格式“答案：A”",
        "第二项",
        "选第二项",
        "的是A。",
        "A错，",
        "A、B、",
        "对应的(A)",
    ),
    *(
        "answer is ",
        "the answer is A. ",
        "answer is (",
        "so ",
        "i choose ",
        "is: A. Monday ",
        "A or ",
    ),
    *(
        "B is the correct answer. ",
        "A and B are correct answers. ",
        "correct option among a b c d ",
    ),
    *(
        "students say the answer is A. ",
        "the second option ",
        "only A fits ",
        "So Monday. ",
        " A is right. ",
    ),
    *(
        "\\boxed{",
        "\\text{A} ",
        '{"answer": "',
        '"answer": A,',
        "<answer>",
        "$A$",
        "\\(",
        "\\frac{A}{B} ",
    ),
    *(
        "(",
        "(A) ",
        "[",
        "*",
        "a**b",
        "_",
        "`",
        "~~",
        "~~x",
        "#",
        "|",
        "| A | ",
        "<|",
        "<",
        "\u200b",
    ),
    *(
        "<think>",
        "</think>",
        "`<think>`",
        "assistantfinal",
        "<|channel|>final",
        "...done thinking.\n",
    ),
    *(
        "A",
        "A B ",
        "A) ",
        "a ",
        "I ",
        "A" * 26 + " ",
        "A✅ ",
        "A❌ ",
        "B\n",
        "Monday ",
        "A. Monday\n",
    ),
    *(
        "\n",
        "\n\n",
        " ",
        "\nA. x",
        "1. ",
        "12 ",
        "3 apples ",
        "\nQuestion: answer: A ",
        "\ud7ff",
        "\x00",
    ),
]


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_to_the_end_with_bounded_work(unit, numbered, monkeypatch):
    """A pattern that backtracks would hang here; an answer behind it all is still found, and
    twice as long a text has no more places that are looked at.
    """
    looked_at = Counter()
    label_at = choice.label_at

    def counted(*args, **options):
        looked_at["labels"] += 1
        return label_at(*args, **options)

    monkeypatch.setattr(choice, "label_at", counted)
    for length in (50_000, 100_000):
        looked_at.clear()
        text = unit * (length // len(unit))
        read_choice(text, EXAMPLE_CHOICES, numbered=numbered)
        # What counts, what may be a run-on, and what is implied: three times at the most.
        assert looked_at["labels"] <= 6 * PLACES_AT_MOST
    if unit not in ("<think>", "<|channel|>final"):
        label = "2" if numbered else "B"
        closing = f"{text}</think>\n\nSo it follows. ANSWER: {label}"
        assert read_choice(closing, EXAMPLE_CHOICES, numbered=numbered).answer == label


def _holds_together(
    text: str, choices: list[str], reading: Reading, *, numbered: bool = False
) -> None:
    """An answer is on offer, and its span holds its label, its text, or its place in the list."""
    if reading.answer is None:
        assert reading.note
        assert (reading.rule, reading.span) == (None, None)
        return
    index = int(reading.answer) - 1 if numbered else ord(reading.answer) - ord("A")
    assert 0 <= index < len(choices)
    assert reading.note is None
    start, end = reading.span
    assert 0 <= start < end <= len(text)
    span = prepare(text).plain[start:end]
    if span.upper() == reading.answer or normal(span) == normal(fold(choices[index])):
        return
    if numbered and span in CIRCLED:
        assert CIRCLED[span] == index + 1
        return
    place = ordinal_at(prepare(text), start, Options(choices))
    assert place is not None
    assert (place.letters, place.span) == (chr(ord("A") + index), (start, end))
