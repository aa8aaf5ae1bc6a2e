"""A question on which runs differ: signs, answers, replies; all of it text."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.pairwise import Differing
from pytest_iqeval.core.result import Result, Reviewed
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.reports.compare_questions import SIGNS, question_head, question_html
from pytest_iqeval.reports.words import words
from tests.support.page_reader import Page, read_markup
from tests.support.stored import question, reply

SAMPLE = question("q", input="Which <b>day</b>?")
HOSTILE = "</details><script>alert(1)</script>\u202e"


def reviewed(outcome: str, text: str | None = "Answer: B", **changes) -> Reviewed:
    score = Score(outcome=Outcome(outcome), **changes)
    result = Result(sample=SAMPLE, score=score)
    return Reviewed(result=result, reply=None if text is None else reply(text))


def shown(*replies: tuple[Reviewed, ...], lang="en") -> Page:
    models = [f"m{n}" for n in range(len(replies))]
    one = Differing(sample=SAMPLE, replies=replies, kind="lost")
    return read_markup(question_html(one, models, words(lang)))


def marks(page: Page) -> str | None:
    return next(a["aria-label"] for a in page.attributes("span") if a.get("role") == "img")


def test_every_outcome_has_a_sign():
    assert set(SIGNS) == {outcome.value for outcome in Outcome}


def test_the_signs_are_said_too():
    page = shown((reviewed("correct"),), (), (reviewed("correct"), reviewed("refused")))
    assert marks(page) == "1: correct, 2: not asked, 3: correct refused"
    assert "1/2" in page.text
    assert "2 · m1 — not asked" in page.text


def test_chinese():
    page = shown((reviewed("correct"),), (reviewed("unparsed"),), lang="zh")
    assert marks(page) == "1: 正确, 2: 无明确答案"


def test_what_models_and_data_wrote_is_text():
    page = shown((reviewed("incorrect", HOSTILE, extracted=HOSTILE, note=HOSTILE),))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "b"})
    assert page.text.count("</details><script>alert(1)</script>") == 3
    assert "\u202e" not in page.text
    assert "Which <b>day</b>?" in page.text


def test_a_question_without_a_reply_and_an_empty_one():
    broken = Reviewed(result=Result(sample=SAMPLE, score=error_score("refused")), reply=None)
    text = shown((broken,), (reviewed("unparsed", ""),)).text
    assert "There is no reply." in text
    assert "The reply is empty." in text


@pytest.mark.parametrize(
    ("span", "before", "after"),
    [(None, None, "6,001"), ((9_000, 9_001), "6,001", None), ((5_000, 5_001), "3,000", "3,001")],
)
def test_of_a_long_reply_the_part_around_the_answer_is_there(span, before, after):
    text = "x" * 10_001
    page = shown((reviewed("correct", text, span=span, extracted="x"),))
    assert page.text.count("x" * 100) >= 1
    kept = page.text.count("x") - 1 - page.text.count("expected")
    told = [f"… {n} more characters …" for n in (before, after) if n]
    assert page.text.count("more characters") == len(told)
    assert all(one in page.text for one in told)
    assert 4_000 <= kept <= 4_020
    assert len(page.attributes("mark")) == (span is not None)


def test_the_head_numbers_the_runs():
    assert read_markup(question_head(3, words("en"))).text.split() == ["IdQuestion123"]
