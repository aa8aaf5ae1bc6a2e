"""Columns on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.width import cut, display_width, one_line, pad, wrap

TEXT = st.text(st.sampled_from("ab 逻辑，é\u0301🙂"), max_size=40)


def test_chinese_takes_two_columns_and_a_combining_mark_none() -> None:
    assert display_width("逻辑 IQ") == 7
    assert display_width("e\u0301") == 1


def test_padding_counts_columns() -> None:
    assert pad("逻辑", 6) == "逻辑  "
    assert pad("12", 4, right=True) == "  12"


@given(text=TEXT, width=st.integers(0, 30))
def test_cut_text_fits_and_is_a_beginning(text: str, width: int) -> None:
    short = cut(text, width)
    assert display_width(short) <= width
    assert short == text or text.startswith(short.rstrip("."))


def test_cut_text_says_that_it_was_longer() -> None:
    assert cut("reasoning", 8) == "reaso..."
    assert cut("逻辑推理", 6) == "逻..."


@given(text=TEXT, width=st.integers(4, 30))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap(text, width, indent="  ")
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_blanks_where_they_can() -> None:
    assert wrap("all 120 questions", 8, indent=" ") == ["all 120", " questio", " ns"]
    assert wrap("", 8) == [""]


def test_chinese_breaks_anywhere_but_within_a_number_or_a_latin_word() -> None:
    assert wrap("每满100元减28元", 6) == ["每满", "100元", "减28元"]
    assert wrap("买 100元", 5) == ["买", "100元"]
    assert wrap("100000元", 4) == ["1000", "00元"]


def test_a_chinese_sentence_begins_on_the_line_where_it_stands() -> None:
    assert wrap("question: 他为什么忽然笑了起来？", 29) == ["question: 他为什么忽然笑了起", "来？"]
    assert wrap("a short word: 情商 and more", 16) == ["a short word:", "情商 and more"]


def test_one_line_has_no_control_characters_and_no_breaks() -> None:
    assert one_line("a\x1b[31m\n b\tc") == "a\\x1b[31m b c"
