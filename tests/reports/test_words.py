"""Every word stands in both languages."""

import re
from pathlib import Path

import pytest

from pytest_iqeval.core.score import Outcome
from pytest_iqeval.reports import words as words_module
from pytest_iqeval.reports.words import words

HERE = Path(words_module.__file__).parent


def test_both_languages_have_the_same_words_with_the_same_places():
    english, chinese = words("en"), words("zh")
    for key in english:
        assert english[key]
        assert chinese[key]
        places = [sorted(re.findall(r"\{\w+\}", said[key])) for said in (english, chinese)]
        assert places[0] == places[1], key


def test_every_outcome_and_verdict_has_a_word():
    known = set(words("zh"))
    assert {o.value for o in Outcome} <= known
    assert {"passed", "failed", "inconclusive", "ungated"} <= known


@pytest.mark.parametrize("name", ["page.html", "page.js", "page_question.js", "page_events.js"])
def test_the_page_asks_for_words_that_exist(name):
    asked = re.findall(r"\bwords\.(\w+)", (HERE / name).read_text(encoding="utf-8"))
    assert asked
    assert set(asked) <= set(words("en"))
