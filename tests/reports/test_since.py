"""What the reports tell of a baseline; nothing where there is none."""

import pytest

from pytest_iqeval.reports.head import head_html
from pytest_iqeval.reports.since import changes, since_baseline
from pytest_iqeval.reports.words import words
from tests.support import report_data as data
from tests.support.page_reader import read_markup

IDS = [f"iqeval/iquiz-open::IQ::q{n}" for n in range(6)]
BASELINE = {
    "run": "20260501_090000",
    "model": "gemma3:1b",
    "p": 0.03125,
    "pairs": 10,
    "lost": IDS[:2],
    "gained": IDS[2:3],
    "flaky": IDS[3:4],
    "new": IDS[4:5],
    "gone": IDS[5:],
    "unscored": ["iqeval/iquiz-open::IQ::q8"],
    "unselected": 7,
    "changed_settings": ["max_tokens is 4096, it was 512", "the prompt is another"],
    "allowed_settings": ["the prompt is another"],
    "difference": {"iquiz-open": {"value": -0.1, "low": -0.312, "high": 0.112, "n": 10}},
}


def report(**changed):
    return {**data.plain(), "baseline": {**BASELINE, **changed}}


def text_of(made, lang="en"):
    return read_markup(since_baseline(made, words(lang))).text


def test_a_run_without_a_baseline_says_nothing_of_one():
    assert since_baseline(data.plain(), words("en")) is None
    assert "baseline" not in read_markup(head_html(data.plain())).text
    assert changes(data.plain()) == {}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            (
                "Since the baseline",
                "Run 20260501_090000 (gemma3:1b) · Accuracy iquiz-open -10.0 pt [-31.2, +11.2] · "
                "p = 0.031 (one-sided sign-flip test: worse; with one reply each the exact McNemar "
                "test) · unchanged 6 · "
                "without a score in one of the two 1 · not selected now 7",
                "the prompt is another (allowed)",
            ),
        ),
        (
            "zh",
            (
                "与基线相比",
                "运行 20260501_090000（gemma3:1b） · 准确率 iquiz-open -10.0 pt [-31.2, +11.2] · "
                "p = 0.031（单侧符号翻转检验：变差；每题一条回复时即 McNemar 精确检验） · 不变 6 · "
                "其中一次没有得分 1 · 本次未选 7",
                "the prompt is another (已允许)",
            ),
        ),
    ],
)
def test_the_head_has_run_p_counts_names_and_changed_settings(lang, said):
    text = read_markup(head_html(report(), lang=lang)).text
    for part in (*said, "max_tokens is 4096, it was 512", *IDS):
        assert part in text


def test_the_chart_says_all_counts():
    assert "lost 2, gained 1, flaky 1, new 1, gone 1" in text_of(report())


def test_without_pairs_there_is_no_p_and_no_change_is_said():
    nothing = dict.fromkeys(("lost", "gained", "flaky", "new", "gone", "changed_settings"), ())
    text = text_of(report(pairs=0, p=1.0, **nothing))
    assert "p =" not in text
    assert "No question was lost or gained" in text


def test_a_hundred_names_of_a_kind_stand_in_the_head():
    many = [f"iqeval/b::s::{n}" for n in range(150)]
    text = text_of(report(lost=many))
    assert "lost 150The first 100 are named." in text
    assert "iqeval/b::s::99" in text
    assert "iqeval/b::s::100" not in text


def test_names_are_text():
    page = read_markup(since_baseline(report(lost=["<img src=x onerror=alert(1)>"]), words("en")))
    assert page.attributes("img") == []


def test_each_question_of_this_run_has_its_change():
    assert changes(report()) == {
        IDS[0]: "lost",
        IDS[1]: "lost",
        IDS[2]: "gained",
        IDS[3]: "flaky",
        IDS[4]: "new",
    }
