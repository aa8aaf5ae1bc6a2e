"""The text of a failed question: short, plain, and safe for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.failure_text import failure_text
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.width import display_width

DAYS = ("星期一", "星期二", "星期三", "星期四")


def sample(**changed):
    facts = {"input": "今天星期几？", "choices": DAYS, "target": "B"} | changed
    return Sample(benchmark="b", subset="s", id="1", **facts)


def told(text, of=None, **reply):
    of = of or sample()
    answer = Reply(text=text, **reply)
    return failure_text(of, make_scorer("choice", {}).score(of, answer), answer)


def test_wrong_answer_shows_question_options_and_the_answer_marked():
    assert told("昨天是星期一。\n\n答案：A\n谢谢") == (
        "incorrect: expected B, got A (rule answer-zh)\n"
        "question: 今天星期几？\n"
        "options:\n"
        "    A) 星期一  <- got\n"
        "    B) 星期二  <- expected\n"
        "    C) 星期三\n"
        "    D) 星期四\n"
        "reply: 昨天是星期一。 答案：»A« 谢谢"
    )


def test_no_answer_shows_why_and_the_end_of_the_reply():
    lines = told("我想" * 300 + "还是不知道").splitlines()
    assert lines[0] == "unparsed: expected B, got no answer (it commits to no option)"
    assert "    B) 星期二  <- expected" in lines
    assert lines[-1].endswith("还是不知道")
    assert any(line.startswith("reply ends: …") for line in lines)


def test_wrong_answer_that_nobody_read_is_not_called_no_answer():
    """A scorer that is a function says how good a reply is, not what it answered."""
    score = Score(outcome=Outcome.INCORRECT, value=0.0, note="scorer close gave 0")
    lines = failure_text(sample(), score, Reply(text="星期三")).splitlines()
    assert lines[0] == "incorrect: expected B (scorer close gave 0)"
    assert lines[-1] == "reply ends: 星期三"


def test_a_refusal_in_its_own_field_is_shown():
    lines = told("", refusal="I can't\x1b help\nwith that.").splitlines()
    assert lines[-1] == r"refusal: I can't\x1b help with that."


@pytest.mark.parametrize(
    ("text", "reply", "first"),
    [
        ("", {}, "unparsed: expected B, got no answer (the reply is empty)"),
        ("抱歉，我无法回答。", {}, "refused: expected B, got no answer (it declines to answer)"),
        (
            "我们",
            {"finish_reason": "length"},
            "truncated: expected B, got no answer "
            "(the length limit cut the reply: it commits to no option)",
        ),
    ],
)
def test_first_line_tells_the_outcome(text, reply, first):
    assert told(text, **reply).splitlines()[0] == first


def test_answer_that_was_cut_says_so():
    assert "note: the length limit cut the reply after it had answered" in told(
        "答案：A\n因为", finish_reason="length"
    )


def test_an_empty_reply_is_called_empty():
    assert told("").endswith("reply: (empty)")


def test_an_error_has_its_note_and_no_reply_to_show():
    text = failure_text(sample(), error_score("scorer X crashed: KeyError: 'a'\n  at x.py:3"), None)
    assert text.splitlines()[0] == "error: scorer X crashed: KeyError: 'a'"
    assert "note: scorer X crashed: KeyError: 'a' at x.py:3" in text
    assert "reply" not in text


def test_many_options_are_cut_to_the_ones_that_matter():
    of = sample(choices=tuple(f"{i} km" for i in range(20)), target="T")
    text = told("答案：C", of)
    assert "    C) 2 km  <- got\n    T) 19 km  <- expected\n    … and 18 more options" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("😀👨‍👩‍👧 我觉得是 A。\r\n**答案：Ｂ**", "reply: 😀👨‍👩‍👧 我觉得是 A。 **答案：»Ｂ«**"),
        ("𝒜 𠮷野家\r\n\r\nAnswer: B\r\n", "reply: 𝒜 𠮷野家 Answer: »B«"),
    ],
)
def test_the_span_is_right_behind_emoji_wide_characters_and_windows_line_ends(text, shown):
    """Read by the scorer itself, not placed by hand."""
    assert told(text, of=sample(target="C")).splitlines()[-1] == shown


def test_a_cut_reply_says_so_with_and_without_an_answer():
    answered = told("Answer: A, since", finish_reason="length")
    assert "note: the length limit cut the reply after it had answered\n" in answered
    unanswered = told("Let us see", finish_reason="length")
    assert "(the length limit cut the reply: it commits to no option)\n" in unanswered


def test_a_free_question_shows_what_was_expected():
    of = sample(choices=(), target="42")
    text = failure_text(of, Score(outcome=Outcome.INCORRECT, extracted="41", rule="number"), None)
    assert (
        text == "incorrect: expected 42, got 41 (rule number)\nquestion: 今天星期几？\nexpected: 42"
    )


def wrong(of, extracted):
    score = Score(outcome=Outcome.INCORRECT, value=0.0, extracted=extracted, rule="r")
    return failure_text(of, score, None).splitlines()


def test_all_right_options_are_marked():
    lines = wrong(sample(target="AC"), "AB")
    assert lines[0] == "incorrect: expected AC, got AB (rule r)"
    assert lines[3:] == [
        "    A) 星期一  <- expected, got",
        "    B) 星期二  <- got",
        "    C) 星期三  <- expected",
        "    D) 星期四",
    ]


def test_digits_label_options_and_mark_them():
    lines = wrong(sample(target="1,3", numbered=True), "2,3")
    assert lines[3:] == [
        "    1) 星期一  <- expected",
        "    2) 星期二  <- got",
        "    3) 星期三  <- expected, got",
        "    4) 星期四",
    ]


def test_of_many_marked_options_what_was_got_wrongly_and_missed_is_shown():
    of = sample(choices=tuple(f"{i} km" for i in range(20)), target="ABCDEFGH")
    assert wrong(of, "AS")[3:] == [
        "    B) 1 km  <- expected",
        "    C) 2 km  <- expected",
        "    D) 3 km  <- expected",
        "    S) 18 km  <- got",
        "    … and 16 more options",
    ]


@pytest.mark.parametrize(
    ("also", "first"),
    [
        (("forty-two",), "incorrect: expected 42 (or 1 other text), got 41 (rule r)"),
        (("forty-two", "四十二"), "incorrect: expected 42 (or 2 other texts), got 41 (rule r)"),
    ],
)
def test_further_right_texts_are_counted_and_then_listed(also, first):
    lines = wrong(sample(choices=(), target="42", also=also), "41")
    assert lines[0] == first
    assert lines[2] == "expected: " + " or ".join(["42", *also])


def test_control_characters_are_written_out():
    text = told("\x1b[31m答案：A\x1b[0m", sample(input="红\x1b[31m"))
    assert "\x1b" not in text
    assert "\\x1b[31m答案：»A«\\x1b[0m" in text


@given(st.text(max_size=2000), st.text(max_size=400), st.lists(st.text(max_size=300), max_size=26))
def test_any_failure_stays_short(reply_text, question, choices):
    """At most 20 lines of at most 100 columns, whatever the model and the data set wrote."""
    of = sample(input=question, choices=tuple(choices), target="A")
    for note in (None, "why " * 200):
        for span in (None, (0, len(reply_text)), (len(reply_text) // 2, len(reply_text) // 2 + 1)):
            score = Score(outcome=Outcome.INCORRECT, extracted="B", span=span, note=note)
            lines = failure_text(of, score, Reply(text=reply_text)).split("\n")
            assert len(lines) <= 20
            assert max(map(display_width, lines)) <= 100


@pytest.mark.parametrize("reply", ["我想" * 300, "I think so. " * 100, "x" * 900])
def test_wrapped_text_is_no_wider_than_a_common_terminal(reply):
    """A line that a terminal breaks once more is hard to read."""
    text = told(reply, sample(input="为什么是星期几？" * 90))
    _, _, wrapped = text.partition("question: ")
    assert max(map(display_width, wrapped.splitlines())) <= 80
