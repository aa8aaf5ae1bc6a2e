"""The summary as lines, and the live line."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.aggregate import summarise
from pytest_iqeval.core.metrics import Metric
from pytest_iqeval.core.summary import Lost, Selection, Summary
from pytest_iqeval.core.width import display_width
from pytest_iqeval.reports.head import head_html
from pytest_iqeval.reports.text import file_lines, live_line, summary_lines
from tests.support.runs import make_facts, make_result, make_run, make_summary

SPEC = {"iquiz-open:IQ": "c" * 20 + "i" * 10 + "uute", "iquiz-open:情商": "c" * 40 + "i" * 10 + "-" * 5 + "." * 5}  # fmt: skip


def texts(*args: object, width: int = 120, **kwargs: object) -> list[str]:
    summary = make_summary(*args, **kwargs)  # type: ignore[arg-type]
    return [line.text for line in summary_lines(summary, width=width)]


def test_the_table_at_full_width() -> None:
    lines = texts(SPEC, requests=90, retries=4)
    assert lines[:5] == [
        "benchmark   subset         n  accuracy           unparsed  truncated  refused  errors    p50/p95  tokens",
        "iquiz-open  IQ      33 of 34  0.61 [0.44, 0.75]         2          1        0       1  1.0/1.0 s     165",
        "iquiz-open  情商    50 of 60  0.80 [0.67, 0.89]         0          0        0       0  1.0/1.0 s     250",
        "iquiz-open  (all)   83 of 94  0.72 [0.62, 0.81]         2          1        0       1  1.0/1.0 s     415",
        "90 requests, 4 of them retries, latency p50 1.0 s, p95 1.0 s, p99 1.0 s, tokens 830 in, 415 out",
    ]  # fmt: skip


def test_credit_has_a_column_where_there_is_some() -> None:
    """A benchmark without has none; of a narrow terminal it goes after all else but names."""
    spec = {"exam": "cchhi", "quiz": "ci"}
    assert texts(spec)[:3] == [
        "benchmark  subset   n  accuracy           credit             unparsed  truncated  refused  errors    p50/p95  tokens",
        "exam       default  5  0.40 [0.12, 0.77]  0.60 [0.27, 0.86]         0          0        0       0  1.0/1.0 s      25",
        "quiz       default  2  0.50 [0.09, 0.91]  -                         0          0        0       0  1.0/1.0 s      10",
    ]  # fmt: skip
    assert texts(spec, width=60)[0] == "benchmark  subset   n  accuracy           credit"
    assert texts(spec, width=50)[0] == "benchmark  subset   n  accuracy"


def test_repeats_have_their_spread_under_the_table() -> None:
    """A line a benchmark, and what the counts count; nothing where each question was asked once."""
    benchmarks, selected, results = make_run({"quiz": "cci"})
    again = [
        make_result(r.sample, letter, repeat=1) for r, letter in zip(results, "cii", strict=True)
    ]
    summary = summarise(
        run=make_facts(repeats=2),
        selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=benchmarks,
        selected=selected,
        results=[*results, *again],
    )
    lines = [line.text for line in summary_lines(summary, width=120)]
    assert lines[2:4] == [
        "quiz: 2 repeats: 0.33 to 0.67 (sd 0.24), 1 question flaky",
        "outcomes, errors, latency and tokens count replies, n and accuracy questions",
    ]
    assert not any("repeats" in line or "count replies" in line for line in texts({"quiz": "cci"}))
    assert "2 次：准确率 0.333 至 0.667" in head_html(summary.to_plain(), lang="zh")
    assert Summary.from_plain(json.loads(json.dumps(summary.to_plain()))) == summary


def test_repeats_without_any_score_say_so() -> None:
    lines = texts({"quiz": "ee"}, run=make_facts(repeats=2))
    assert "quiz: 2 repeats: no reply has a score" in lines
    assert "no score: 4 replies in all, each question was to have several" in lines


def test_at_80_columns_headings_shorten_and_tokens_go() -> None:
    assert texts(SPEC, width=80)[:2] == [
        "benchmark   subset         n  accuracy           unp  trunc  ref  err    p50/p95",
        "iquiz-open  IQ      33 of 34  0.61 [0.44, 0.75]    2      1    0    1  1.0/1.0 s",
    ]


def test_on_a_narrow_terminal_no_number_is_cut() -> None:
    assert texts(SPEC, width=50)[:2] == [
        "benchmark   subset         n  accuracy",
        "iquiz-open  IQ      33 of 34  0.61 [0.44, 0.75]",
    ]
    assert texts(SPEC, width=30)[:3] == [
        "accuracy",
        "iquiz-open IQ: 0.61 [0.44,",
        "  0.75] n=33 of 34",
    ]


def test_long_names_lose_their_ends_before_the_table_is_given_up() -> None:
    line = texts({"a-long-benchmark:a-very-long-subset": "cc"}, width=40)[1]
    assert line == "a-l...  a-very-...  2  1.00 [0.34, 1.00]"


def test_a_benchmark_of_one_subset_has_one_row() -> None:
    lines = texts({"demo": "cc"})
    assert lines[1].split()[:3] == ["demo", "default", "2"]
    assert lines[2].startswith("0 requests, ")


@given(
    width=st.integers(12, 160),
    name=st.text(st.sampled_from("ab 逻辑🙂\x1b\u202e"), min_size=1, max_size=30),
    letters=st.text("ciutre-", min_size=1, max_size=30),
)
def test_no_line_is_wider_than_the_terminal(width: int, name: str, letters: str) -> None:
    """Nor does a name bring control characters into it; the verdict is last."""
    summary = make_summary({f"demo:{name}": letters}, "accuracy >= 0.6", "each(subset): n > 2")
    lines = summary_lines(summary, width=width)
    for line in lines:
        assert display_width(line.text) <= width
        assert not any(c in line.text for c in "\x1b\u202e\n")
        assert line.style in (None, "green", "red", "yellow", "bold")
    joined = "".join(line.text.strip() for line in lines).replace(" ", "")
    assert joined.endswith(summary.headline.replace(" ", "").replace("\x1b", "\\x1b").replace("\u202e", "\\u202e"))  # fmt: skip


@pytest.mark.parametrize(
    ("letters", "gate", "style", "text"),
    [
        ("cccc", "accuracy >= 0.6", "green", "gate passed: accuracy >= 0.6 (demo)  accuracy 1.00 [0.51, 1.00] n=4 of 4"),
        ("ciii", "accuracy >= 0.6", "red", "gate failed: accuracy >= 0.6 (demo)  accuracy 0.25 [0.05, 0.70] n=4 of 4"),
        ("cccc", "latency.p95 < 1ms", "red", "gate failed: latency.p95 < 1ms (demo)  latency.p95 1000ms over 4 replies"),
        ("....", "accuracy >= 0.6", "yellow", "gate no number: accuracy >= 0.6 (demo)  accuracy has no number: no question in its scope was asked"),
    ],
)  # fmt: skip
def test_a_gate_says_what_was_observed_in_its_colour(
    letters: str, gate: str, style: str, text: str
) -> None:
    lines = summary_lines(make_summary({"demo": letters}, gate), width=120)
    assert [(line.text, line.style) for line in lines if line.text.startswith("gate ")] == [
        (text, style)
    ]


@pytest.mark.parametrize(
    ("letters", "gate", "style"),
    [("c", "n > 0", "green"), ("c", "n > 1", "red"), ("e", "n > 0", "yellow"), ("c", None, "yellow")],
)  # fmt: skip
def test_the_verdict_is_the_last_line_in_its_colour(
    letters: str, gate: str | None, style: str
) -> None:
    summary = make_summary({"demo": letters}, *([gate] if gate else []))
    last = summary_lines(summary, width=200)[-1]
    assert (last.text, last.style) == (summary.headline, style)


def test_the_table_never_contradicts_a_gate() -> None:
    """0.5996 is not shown as 0.60 above a failed `accuracy >= 0.6`."""
    lines = texts({"demo": "c" * 599 + "i" * 400}, "accuracy >= 0.6")
    assert "0.5996 [" in lines[1]


@pytest.mark.parametrize(
    ("letters", "answer", "warning"),
    [
        ("cuu", "free", "2 of 3 replies commit to no answer: read them in reviews/, or try --iqeval-answer letter"),
        ("cuu", "letter", "2 of 3 replies commit to no answer: read them in reviews/, or try --iqeval-answer json"),
        ("cuu", "json", "2 of 3 replies commit to no answer: read them in reviews/"),
        ("cu", "json", "1 of 2 replies commits to no answer: read them in reviews/"),
        ("cr", "free", "1 of 2 replies refuses to answer: read reviews/"),
        ("crr", "free", "2 of 3 replies refuse to answer: read reviews/"),
    ],
)  # fmt: skip
def test_outcomes_that_speak_of_the_run_are_pointed_out(
    letters: str, answer: str, warning: str
) -> None:
    assert warning in texts({"demo": letters}, run=make_facts(answer=answer))


@pytest.mark.parametrize(
    ("letters", "style", "said"),
    [
        ("ctttt", "yellow", "4 of 5 replies were cut by the length limit before they gave an answer"),
        ("ckkte", "yellow", "3 of 4 replies were cut by the length limit, 2 of them after they had answered"),
        ("ckk", None, "2 of 3 replies were cut by the length limit after they had answered"),
        ("c" * 40 + "t", None, "1 of 41 replies was cut by the length limit before it gave an answer"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_cut_replies_are_told_with_what_to_do(
    letters: str, style: str | None, said: str, field: str
) -> None:
    """A few are told; many that got no answer for it are a warning."""
    summary = make_summary({"demo": letters}, run=make_facts(generation={field: 64}))
    told = [line for line in summary_lines(summary, width=200) if "length limit" in line.text]
    assert [(line.text, line.style) for line in told] == [
        (f"{said}: raise --iqeval-max-tokens (now 64)", style)
    ]


def test_nothing_is_said_of_cut_replies_where_there_are_none() -> None:
    assert not any("--iqeval-max-tokens" in line for line in texts({"demo": "ciu"}))


def test_lost_questions_are_told_by_reason() -> None:
    lines = texts({"demo": "cee-"})
    assert "no score: iqeval/demo::default::q-1 and 1 more: connection refused" in lines
    assert "no score: iqeval/demo::default::q-3: never asked: the run ended before it" in lines
    many = texts({"demo": "e" * 150})
    assert "no score: 150 questions in all, the first 100 named" in many


def test_what_to_do_about_lost_questions_stands_on_its_own_line() -> None:
    reason = "here:1 answered 429 Too Many Requests\n  hint: a lower --iqeval-concurrency"
    lost = (Lost(id="iqeval/demo::default::q-0", reason=reason),)
    summary = replace(make_summary({"demo": "e"}), lost=lost)
    lines = [line.text for line in summary_lines(summary, width=120)]
    at = lines.index("no score: iqeval/demo::default::q-0: here:1 answered 429 Too Many Requests")
    assert lines[at + 1] == "hint: a lower --iqeval-concurrency"
    chinese = [line.text for line in summary_lines(summary, width=120, lang="zh")]
    assert "提示：a lower --iqeval-concurrency" in chinese


def test_one_request_is_one_request() -> None:
    usage = {"requests": 1, "retries": 0, "prompt_tokens": None, "completion_tokens": None}
    summary = replace(make_summary({"demo": "c"}), usage=usage)
    lines = [line.text for line in summary_lines(summary, width=120)]
    assert any(line.startswith("1 request,") for line in lines)


def test_many_different_reasons_are_left_to_the_report() -> None:
    reasons = [Lost(id=f"iqeval/demo::default::q-{i}", reason=f"reason {i}") for i in range(5)]
    summary = replace(make_summary({"demo": "eeeee"}), lost=tuple(reasons))
    lines = [line.text for line in summary_lines(summary, width=120)]
    assert [line for line in lines if line.startswith("no score: iqeval")] == [
        f"no score: iqeval/demo::default::q-{i}: reason {i}" for i in range(3)
    ]
    assert "no score: 2 more reasons, in report.json" in lines


ACCURACY = Metric(value=0.62, low=0.49, high=0.74, n=57)


def test_the_live_line() -> None:
    line = live_line(
        done=57, total=120, accuracy=ACCURACY, errors=1, tokens_per_s=143.2, seconds_left=83, width=80
    )  # fmt: skip
    assert line == "57/120  accuracy 0.62 [0.49, 0.74]  errors 1  143 tokens/s  1:23 left"


def test_the_live_line_before_anything_is_known() -> None:
    line = live_line(done=0, total=120, accuracy=Metric(value=None, n=0), errors=0, width=80)
    assert line == "0/120  accuracy -  errors 0"


@pytest.mark.parametrize(
    ("width", "line"),
    [(60, "57/120  accuracy 0.62 [0.49, 0.74]  errors 1  143 tokens/s"), (20, "57/120"), (4, "5..."), (0, "")],
)  # fmt: skip
def test_the_live_line_gives_up_its_end_first(width: int, line: str) -> None:
    found = live_line(
        done=57, total=120, accuracy=ACCURACY, errors=1, tokens_per_s=143, seconds_left=7, width=width
    )  # fmt: skip
    assert found == line


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00 left"), (7.4, "0:07 left"), (3723, "1:02:03 left")]
)
def test_time_left_is_a_clock(seconds: float, text: str) -> None:
    line = live_line(done=1, total=2, accuracy=ACCURACY, errors=0, seconds_left=seconds, width=99)
    assert line.endswith(text)


def test_the_live_line_says_what_holds_the_run_up_before_its_pace() -> None:
    line = live_line(
        done=57, total=120, accuracy=ACCURACY, errors=1, tokens_per_s=9.6, width=120,
        notes=("slowed to 12 of 50 in flight", "3 to be sent again"),
    )  # fmt: skip
    assert line.endswith("errors 1  slowed to 12 of 50 in flight  3 to be sent again  10 tokens/s")


def test_a_streamed_run_tells_its_first_token_and_its_pace() -> None:
    timing = {
        "first_token": {"n": 90, "p50": 0.21, "p95": 0.5, "p99": 1.25},
        "tokens_per_s": {"n": 90, "p50": 41.6, "p95": 50.0, "p99": 55.0},
    }
    latency = {"p50": 1.0, "p95": 2.0, "p99": 12.0, "mean": 1.5}
    text = summary_lines(replace(make_summary(SPEC), timing=timing, latency=latency), width=400)
    line = next(line.text for line in text if "requests" in line.text)
    assert "latency p50 1.0 s, p95 2.0 s, p99 12.0 s" in line
    assert "first token p50 0.21 s, p95 0.50 s, p99 1.2 s" in line
    assert "42 tokens/s while a reply came (p50)" in line


def test_the_files_are_named_briefly() -> None:
    """The page whole, so that it can be clicked; the others by name."""
    folder = Path("outputs/m/20261128_120000")
    paths = [folder / name for name in ("report.html", "card.md", "report.json")]
    assert file_lines(paths) == [str(paths[0]), "  beside it: card.md, report.json"]
    assert file_lines(paths, lang="zh")[1] == "  同一文件夹：card.md、report.json"
    assert file_lines(paths[2:]) == [str(paths[2])]
    assert file_lines([]) == []
