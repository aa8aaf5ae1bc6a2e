"""The static head says all that matters, in text."""

import re
from dataclasses import replace

import pytest

from pytest_iqeval.core.summary import Metric
from pytest_iqeval.reports.head import head_css, head_html, verdict_word
from tests.support import report_data as data
from tests.support.page_reader import read_markup

HOSTILE = "</title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'\""

SUMMARIES = {
    "passed": data.PASSED,
    "failed": data.FAILED,
    "inconclusive": data.INCONCLUSIVE,
    "ungated": data.UNGATED,
}


def text_of(summary, **options):
    return read_markup(head_html(data.plain(summary), **options)).text


@pytest.mark.parametrize("verdict", SUMMARIES)
def test_the_head_begins_with_verdict_headline_and_exit_code(verdict):
    summary = SUMMARIES[verdict]
    text = text_of(summary)
    word, sentence = summary.headline.split(": ", 1)
    assert text.startswith(verdict_word(data.plain(summary)) + sentence)
    assert verdict_word(data.plain(summary))[2:] == word.capitalize()
    assert f"exit code {summary.exit_code}" in text


@pytest.mark.parametrize("summary", SUMMARIES.values(), ids=SUMMARIES)
def test_every_gate_stands_there_with_result_observed_value_interval_and_reason(summary):
    text = text_of(summary)
    results = {True: "passed", False: "failed", None: "not judged"}
    for gate in summary.gates:
        of = "–" if gate.n is None else f"{gate.n} of {gate.available}"
        assert f"{results[gate.passed]}{gate.expression}{gate.reason}" in text
        if gate.low is not None:
            numbers = f"{gate.observed:.3f}[{gate.low:.3f}, {gate.high:.3f}]"
            assert f"{numbers}{gate.expression}: {numbers.replace('[', ' [')}" in text
        assert f"{of}{gate.benchmark}" in text


@pytest.mark.parametrize("summary", SUMMARIES.values(), ids=SUMMARIES)
def test_every_benchmark_and_subset_has_accuracy_interval_latency_tokens_and_outcomes(summary):
    text = text_of(summary)
    for benchmark in summary.benchmarks:
        for group in (benchmark, *benchmark.subsets.values()):
            metric = group.metrics["accuracy"]
            interval = f"[{metric.low:.3f}, {metric.high:.3f}]"
            chart = f"{group.name}, Accuracy: {metric.value:.3f} {interval}"
            assert f"{group.name}{metric.value:.3f}{interval}{chart}{metric.n}1.23 s" in text
            assert "12.5 s12,345" in text
            assert "".join(str(n) for n in group.outcomes.values()) in text
            assert ", ".join(f"{o} {n}" for o, n in group.outcomes.items() if n) in text


def test_cut_replies_have_a_column_of_their_own_where_there_are_any():
    """Beside the outcomes, in both languages; 4 are cut, 3 of them truncated."""
    assert "Of these cut by length" in text_of(data.PASSED)
    assert "其中达到长度上限" in text_of(data.PASSED, lang="zh")
    counts = "".join(str(n) for n in data.OPEN.outcomes.values())
    assert f"{counts}{data.OPEN.cut}" in text_of(data.PASSED)
    subsets = {name: replace(group, cut=0) for name, group in data.OPEN.subsets.items()}
    none = replace(data.PASSED, benchmarks=(replace(data.OPEN, cut=0, subsets=subsets),))
    assert "cut by length" not in text_of(none)


def test_lost_questions_are_named_under_their_reasons():
    text = text_of(data.INCONCLUSIVE)
    for lost in data.INCONCLUSIVE.lost:
        assert lost.id in text
    assert "20 · the endpoint answered 503 (6 attempts)" in text
    assert "5 · timed out after 600 s" in text
    assert "The first" not in text


def test_a_full_list_of_lost_questions_says_that_it_is_cut():
    hundred = tuple(replace(data.INCONCLUSIVE.lost[0], id=f"q{n}") for n in range(100))
    assert "The first 100 are named." in text_of(replace(data.INCONCLUSIVE, lost=hundred))


def test_what_else_befell_the_session_is_said():
    assert "2 ordinary tests of the session failed too." in text_of(data.FAILED)
    assert "2 selected questions were never asked." in text_of(data.INCONCLUSIVE)
    assert "never asked" not in text_of(data.PASSED)


def test_the_facts_of_the_run_are_all_there():
    text = text_of(data.PASSED)
    for fact in (
        "gemma3:4b",
        "http://localhost:11434/v1",
        "2026-05-04 10:00:00 +08:00",
        "2 min 13 s",
        "all 120 questions",
        "temperature 0.0 · max_tokens 4096",
        "121 · 1 sent again",
        "15,321 prompt, 24,690 completion",
        "p50 1.23 s · p95 12.5 s",
        "revision 1.2 · licence CC BY 4.0 · sha256 ab12cd34ef56",
        "pytest-iqeval 0.1.0 · pytest 9.0.1 · python 3.11.7",
        "20260504_100000",
    ):
        assert fact in text


def test_a_selection_is_shown_as_it_was_typed():
    chosen = replace(data.PASSED.selection, sample=20, seed=0, keyword="clock or 钟", asked=40)
    text = text_of(replace(data.PASSED, selection=chosen))
    assert "40 of 120 questions · --iqeval-sample 20 -k 'clock or 钟' --iqeval-seed 0" in text


def test_further_metrics_get_lines_of_their_own():
    metrics = {**data.OPEN.metrics, "pass@2": Metric(value=0.71, n=120)}
    text = text_of(replace(data.PASSED, benchmarks=(replace(data.OPEN, metrics=metrics),)))
    assert "iquiz-openAccuracy0.617" in text
    assert "pass@20.710–" in text


def test_a_metric_over_nothing_is_no_number_and_no_chart():
    nothing = data.benchmark(data.group("empty", None, None, None, 0, 0, 0, 0, 0, 7))
    text = text_of(replace(data.PASSED, benchmarks=(nothing,)))
    assert "empty––01.23 s" in text
    assert "None" not in text


def test_a_set_without_subsets_is_not_said_twice():
    one = data.benchmark(replace(data.IQ, name="alone"), replace(data.IQ, name="default"))
    assert "default" not in text_of(replace(data.PASSED, benchmarks=(one,)))


def test_a_gate_of_the_run_says_so():
    gate = replace(data.NO_ERRORS, benchmark=None, n=None, available=None)
    assert "–whole run" in text_of(replace(data.PASSED, gates=(gate,)))


def test_the_threshold_is_drawn_where_the_gate_has_an_interval():
    gate = replace(data.GATE, expression="EQ: accuracy > 55%", threshold=0.55)
    summary = replace(data.PASSED, gates=(gate, data.NO_ERRORS))
    assert "EQ: accuracy > 55%: 0.617 [0.527, 0.699], 0.550120 of 120" in text_of(summary)
    assert head_html(data.plain(summary)).count('class="iqv-c-limit"') == 1


def test_a_value_that_misses_its_gate_by_little_does_not_look_like_a_hit():
    near = replace(
        data.GATE, expression="accuracy >= 0.6", threshold=0.6, passed=False, observed=0.59996
    )
    assert "0.59996[0.527" in text_of(replace(data.PASSED, gates=(near,)))


def test_nothing_that_others_wrote_becomes_markup():
    run = replace(data.PASSED.run, model=HOSTILE, generation={HOSTILE: HOSTILE}, base_url=HOSTILE)
    subset = replace(data.IQ, name=HOSTILE)
    hostile = replace(
        data.INCONCLUSIVE,
        run=run,
        headline=HOSTILE,
        benchmarks=(replace(data.OPEN, name=HOSTILE, licence=HOSTILE, subsets={HOSTILE: subset}),),
        gates=(replace(data.GATE, expression=HOSTILE, benchmark=HOSTILE, reason=HOSTILE),),
        lost=(replace(data.INCONCLUSIVE.lost[0], id=HOSTILE, reason=HOSTILE),),
    )
    page = read_markup(head_html(data.plain(hostile)))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img"})
    assert len(page.styles) == 1
    assert page.text.count("<script>alert(1)</script>") > 10
    assert "\u202e" not in page.text
    assert "\\u202e" in page.text


def test_the_fragment_stands_by_itself_and_touches_nothing_else():
    page = read_markup(head_html(data.plain(data.INCONCLUSIVE)))
    css = head_css()
    assert page.styles == [css]
    assert "</" not in css
    assert "url(" not in css
    selectors = re.findall(r"(?:^|\})\s*([^{}@]+?)\s*\{", css)
    assert selectors
    assert all(part.strip().startswith(".iqv") for s in selectors for part in s.split(","))
    names = [a["class"] for _, a in page.tags if a.get("class")]
    assert all(name.startswith("iqv") for value in names for name in value.split())
    # Inline styles and handlers would be refused by the page's own policy.
    assert not [a for _, a in page.tags if a.keys() & {"style", "onclick", "id", "href", "src"}]


def test_every_chart_has_a_name_for_who_does_not_see_it():
    markup = head_html(data.plain(data.FAILED))
    charts = markup.count('class="iqv-chart"')
    assert charts == 7  # a gate with an interval; accuracy and outcomes of three groups
    assert markup.count("<svg><title>") + len(re.findall(r"<svg [^>]*><title>", markup)) == charts
    assert markup.count('role="img"') == charts


def test_chinese_is_spoken_where_it_is_asked_for():
    markup = head_html(data.plain(data.FAILED), lang="zh")
    text = read_markup(markup).text
    assert 'lang="zh"' in markup
    for word in ("未通过", "门槛", "成绩", "作答情况", "全部 120 题", "退出码 1", "准确率"):
        assert word in text
    assert "Accuracy" not in text


def test_where_the_seconds_went_is_a_fact_where_it_was_measured():
    def stage(n: int, *seconds: float | None):
        return dict(zip(("n", "p50", "p95", "p99"), (n, *seconds), strict=True))

    timing = {
        "queued": stage(120, 0.5, 2.0, 3.0),
        "connect": stage(0, None, None, None),
        "first_token": stage(120, 0.25, 0.5, 0.75),
        "tokens_per_s": stage(120, 41.6, 50.0, 55.0),
    }
    pace = {"seconds": 12.0, "requests_per_s": 10.0, "tokens_per_s": 1028.75}
    text = text_of(replace(data.PASSED, timing=timing, run=replace(data.PASSED.run, pace=pace)))
    assert "Waited to be sentp50 0.50 s · p95 2.00 s · p99 3.00 s" in text
    assert "First tokenp50 0.25 s" in text
    assert "Speed of a replyp50 42 tokens a second" in text
    assert "All replies together1,029 tokens a second" in text
    assert "Connecting" not in text


def test_each_gate_says_where_it_was_written():
    gates = (
        replace(data.GATE, origin="--iqeval-gate"),
        replace(data.GATE, origin="sets/<b>.yaml"),
        replace(data.NO_ERRORS, implied=True),
    )
    shown = text_of(replace(data.PASSED, gates=gates))
    for said in (
        "from --iqeval-gate",
        "from sets/<b>.yaml",
        "implied: holds unless an errors gate",
    ):
        assert said in shown
    assert "from " not in text_of(replace(data.PASSED, gates=(data.GATE,)))


def test_the_origin_is_told_in_chinese_too():
    report = data.plain(replace(data.PASSED, gates=(replace(data.GATE, origin="pytest.ini"),)))
    assert "来自 pytest.ini" in read_markup(head_html(report, lang="zh")).text


@pytest.mark.parametrize(
    ("metric", "bars"),
    [
        (Metric(value=0.4, low=None, high=None, n=120), 0),  # of words, or a share: nobody knows
        (Metric(value=0.4, low=0.3, high=0.5, n=120), 1),
        (Metric(value=2.6, low=2.0, high=3.0, n=120), 0),
        (Metric(value=None, low=None, high=None, n=120), 0),
    ],
)
def test_a_users_own_number_is_on_the_scale_if_its_interval_is(metric, bars):
    benchmark = replace(data.OPEN, metrics={**data.OPEN.metrics, "words": metric})
    shown = read_markup(head_html(data.plain(replace(data.PASSED, benchmarks=(benchmark,)))))
    assert shown.text.count("iquiz-open, words:") == bars


@pytest.mark.parametrize(
    ("n", "available", "said"),
    [(118, 120, "118 of 120"), (240, 120, "240"), (5, None, "5"), (None, None, "–")],
)
def test_a_gate_over_replies_is_not_said_to_be_of_the_questions(n, available, said):
    gate = replace(data.GATE, n=n, available=available, reason="why")
    shown = text_of(replace(data.PASSED, gates=(gate,)))
    assert f"{said}iquiz-open" in shown
    assert "240 of" not in shown
