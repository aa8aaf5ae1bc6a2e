"""A reply with its answer marked, whole or with its middle left out."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.reply_view import pieces, show_reply
from pytest_iqeval.core.extract.text import reasoning_blocks


def printed(text: str, span: tuple[int, int] | None = None, **options: bool) -> str:
    stream = io.StringIO()
    show_reply(Output(stream, {}), text, span, reasoning_blocks(text)[0], **options)
    return stream.getvalue()


@given(st.data(), st.integers(0, 9000), st.booleans())
def test_pieces_follow_one_another_and_the_answer_is_where_it_is(
    data: st.DataObject, length: int, full: bool
) -> None:
    """No code point is lost or told twice; what is left out is told by its number."""
    ends = data.draw(st.lists(st.integers(0, length), max_size=6, unique=True).map(sorted))
    blocks = list(zip(ends[::2], ends[1::2], strict=False))
    span = data.draw(st.none() | st.tuples(st.integers(0, length), st.integers(0, length)))
    span = None if span is None else (min(span), max(span))
    found = pieces(length, span, blocks, full=full)
    at = 0
    for piece in found:
        assert piece.start == at
        assert piece.end >= piece.start
        at = piece.end
    assert at == length
    if full:
        assert not any(piece.kind == "left_out" for piece in found)
    if span is not None:
        answers = [piece for piece in found if piece.kind == "answer"]
        assert (answers[0].start, answers[-1].end) == span
    shown = sum(p.end - p.start for p in found if p.kind in ("text", "answer"))
    assert full or shown <= 4000


def test_the_answer_is_marked_behind_emoji_wide_characters_and_windows_line_ends() -> None:
    text = "😀👨‍👩‍👧 我觉得是 A。\r\n**答案：Ｂ**\r\n"
    at = text.index("Ｂ")
    assert printed(text, (at, at + 1)) == "    😀👨‍👩‍👧 我觉得是 A。\n    **答案：»Ｂ«**\n"


def test_control_characters_are_made_visible() -> None:
    """Also a bare carriage return, with which a terminal would write over the line."""
    assert printed("a\x1b[31mb\u202e\rc\ttab") == "    a\\x1b[31mb\\u202e\\rc\ttab\n"


def test_the_middle_of_a_long_reply_is_left_out_and_told() -> None:
    text = "x" * 3000 + "Answer: B" + "y" * 3000
    at = text.index("B")
    told = printed(text, (at, at + 1))
    assert "[2,258 characters left out; --full shows them]" in told
    assert "[2,250 characters left out; --full shows them]" in told
    assert "Answer: »B«yyy" in told
    whole = printed(text, (at, at + 1), full=True)
    assert whole == f"    {text[:at]}»B«{text[at + 1 :]}\n"


def test_a_long_answer_is_marked_at_both_ends() -> None:
    told = printed("x" * 5000, (10, 4990))
    assert told.startswith("    " + "x" * 10 + "»x")
    assert told.endswith("x«" + "x" * 10 + "\n")
    assert told.count("left out") == 1


def test_an_answer_of_no_length_is_still_a_place() -> None:
    assert printed("ab", (1, 1)) == "    a»«b\n"


def test_reasoning_is_told_by_its_length_unless_it_is_asked_for() -> None:
    text = "<think>maybe A</think>\nAnswer: B"
    at = text.rindex("B")
    assert printed(text, (at, at + 1)) == (
        "    [22 characters of reasoning set aside; --reasoning shows them]\n\n    Answer: »B«\n"
    )
    assert "<think>maybe A</think>" in printed(text, (at, at + 1), with_reasoning=True)


def test_reasoning_that_a_scorer_read_is_shown() -> None:
    """A user's scorer may look there."""
    text = "<think>A</think>"
    assert printed(text, (7, 8)) == "    <think>»A«</think>\n"


@pytest.mark.parametrize("text", ["a\n\nb", "  indented\n\tcode"])
def test_lines_and_indents_of_a_reply_stay(text: str) -> None:
    want = "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
    assert printed(text) == want + "\n"
