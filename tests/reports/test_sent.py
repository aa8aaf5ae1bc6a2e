"""Frames of prompts: nothing is lost, and what questions share is kept once."""

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.request import Message
from pytest_iqeval.reports.page import write_page
from pytest_iqeval.reports.sent import frame_of, question_texts
from tests.support import report_data as data
from tests.support.page_reader import read_page, sent_messages

FEW = st.text("ab {}\n", max_size=8)


@given(contents=st.lists(FEW), texts=st.lists(FEW))
def test_a_frame_and_its_texts_are_the_messages(contents, texts):
    """However often a text occurs, or one text within another."""
    frame = frame_of([Message(role="user", content=one) for one in contents], texts, str)
    whole = ["".join(texts[p] if isinstance(p, int) else p for p in pieces) for _, pieces in frame]
    assert whole == contents


def test_the_last_place_of_a_text_is_the_questions():
    """An example before it may read alike."""
    messages = [Message(role="user", content="2 + 2?\n4\n\n2 + 2?\nA) 4\nGo")]
    assert frame_of(messages, ["2 + 2?", "A) 4"], str) == [
        ("user", ["2 + 2?\n4\n\n", 0, "\n", 1, "\nGo"])
    ]


def test_options_in_a_form_of_their_own_are_taken_out_one_by_one():
    """So questions whose options read `A. …` share a frame too, short ones as well as long."""
    frames = []
    for question, choices in (("Which?", ("1", "10")), ("What 1?", ("a long one", "B"))):
        content = f"Choose A or B.\nQ {question}\nA. {choices[0]}\nB. {choices[1]}"
        texts = question_texts(question, "AB", choices)
        frames.append(frame_of([Message(role="user", content=content)], texts, str))
    assert frames[0] == [("user", ["Choose A or B.\nQ ", 0, "\nA. ", 2, "\nB. ", 3])]
    assert frames[1] == frames[0]


def test_a_page_keeps_what_all_questions_share_once(tmp_path):
    path = tmp_path / "report.html"
    rows = list(data.many_rows(300))
    write_page(path, data.plain(), rows, sent=data.sent)
    page = read_page(path)
    assert len(page.blocks["frames"]) == 1
    shown = [sent_messages(page, row) for row in page.rows]
    assert shown == [[(m.role, m.content) for m in data.sent(row)] for row in rows]


def test_a_prompt_that_is_not_known_is_not_made_up(tmp_path):
    path = tmp_path / "report.html"
    write_page(path, data.plain(), [data.row()], sent=lambda _: None)
    page = read_page(path)
    assert page.rows[0]["frame"] is None
    assert "frames" not in page.blocks


def test_control_characters_of_a_prompt_are_written_out(tmp_path):
    path = tmp_path / "report.html"
    question = "Which\u202e\x1b way\r\n?\ud800"
    messages = [Message(role="user", content=f"<b>{question}</b>\0")]
    write_page(path, data.plain(), [data.row(question=question)], sent=lambda _: messages)
    page = read_page(path)
    expected = "<b>Which\\u202e\\x1b way\n?\ufffd</b>\ufffd"
    assert sent_messages(page, page.rows[0]) == [("user", expected)]
