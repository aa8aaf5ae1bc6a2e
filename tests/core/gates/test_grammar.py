"""Reading a gate: what is accepted, how it is named, and what a wrong one is told."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.gates import Gate, Scope, parse_gate
from pytest_iqeval.core.metrics import COMPARED, METRICS
from pytest_iqeval.core.width import display_width


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("accuracy>=0.6", "accuracy >= 0.6"),
        ("  accuracy   >=  60 %  ", "accuracy >= 60%"),
        ("iquiz-open : IQ:accuracy>.5", "iquiz-open:IQ: accuracy > .5"),
        ("level = 1 : n >= 20", "level=1: n >= 20"),
        ("category=逻辑：accuracy≥６０".replace("６０", "60%"), "category=逻辑: accuracy >= 60%"),
        ("category=social  skills: refused == 0", "category=social skills: refused == 0"),
        ("each( subset ): lower(accuracy,90) > 50%", "each(subset): lower(accuracy, 90) > 50%"),
        ("each（benchmark）：upper（truncated）≤５％".replace("５", "5"), "each(benchmark): upper(truncated) <= 5%"),
        ("latency.p95 <= 800 ms", "latency.p95 <= 800ms"),
        ("tokens.total<1000000", "tokens.total < 1000000"),
        ("lower( pass@5 ,90 )>.5", "lower(pass@5, 90) > .5"),
        ("pass^3>=50 %", "pass^3 >= 50%"),
        ("majority@5 > 0.5", "majority@5 > 0.5"),
        ("upper(flaky)<=10%", "upper(flaky) <= 10%"),
        ("each(subset):drop（accuracy）≤3 pt", "each(subset): drop(accuracy) <= 3pt"),
        ("not_worse ( credit，2.5pt )", "not_worse(credit, 2.5pt)"),
        ("demo: no_regressions(p<.05)", "demo: no_regressions(p < .05)"),
        ("must_pass( tag = core )", "must_pass(tag=core)"),
        ("level=1：must_pass（time＝12:30 (UTC)）", "level=1: must_pass(time=12:30 (UTC))"),
    ],
)  # fmt: skip
def test_a_gate_has_one_spelling(text: str, expression: str) -> None:
    """Spacing and the punctuation of a Chinese keyboard make no other gate."""
    assert parse_gate(text).expression == expression


@pytest.mark.parametrize(
    ("text", "threshold", "unit"),
    [
        ("accuracy >= 0.6", Fraction(3, 5), ""),
        ("accuracy >= 60%", Fraction(3, 5), "%"),
        ("accuracy >= 1", Fraction(1), ""),
        ("truncated <= 3", Fraction(3), ""),
        ("truncated <= 2.5%", Fraction(1, 40), "%"),
        ("upper(truncated) <= 0.05", Fraction(1, 20), ""),
        ("latency.mean <= 20s", Fraction(20), "s"),
        ("latency.p99 <= 800ms", Fraction(4, 5), "ms"),
        ("tokens.prompt <= 500", Fraction(500), ""),
        ("pass@10 >= 60%", Fraction(3, 5), "%"),
        ("drop(accuracy) <= 3pt", Fraction(3, 100), "pt"),
        ("not_worse(truncated, 0.5pt)", Fraction(1, 200), "pt"),
        ("no_regressions(p < 0.05)", Fraction(1, 20), ""),
        ("must_pass(level=1)", Fraction(0), ""),
    ],
)
def test_the_threshold_is_exact(text: str, threshold: Fraction, unit: str) -> None:
    gate = parse_gate(text)
    assert (gate.threshold, gate.unit) == (threshold, unit)


def test_the_parts_of_a_gate() -> None:
    gate = parse_gate("iquiz-open:EQ: lower(accuracy, 99) > 60%")
    assert gate == Gate(
        condition="lower(accuracy, 99) > 60%",
        scope=Scope(text="iquiz-open:EQ", benchmark="iquiz-open", subset="EQ"),
        metric="accuracy",
        bound="lower",
        level=0.99,
        op=">",
        threshold=Fraction(3, 5),
        unit="%",
    )
    gate = parse_gate("quiz: not_worse(accuracy, 3pt)")
    assert (gate.form, gate.metric, gate.measured) == (
        "not_worse",
        "accuracy",
        "not_worse(accuracy)",
    )
    assert parse_gate("must_pass(time=12:30)").field == ("time", "12:30")
    assert parse_gate("time=12:30: n > 0").scope == Scope(
        text="time=12:30", field=("time", "12:30")
    )


@pytest.mark.parametrize(
    ("text", "fault", "problem", "hint"),
    [
        ("acuracy.macro > 60%", "acuracy.macro", "unknown metric", "did you mean accuracy.macro"),
        ("macro > 60%", "macro", "unknown metric", "did you mean accuracy.macro?"),
        ("drop(accuracy.macro) <= 1pt", "accuracy.macro", "is not possible", "write accuracy, cre"),
        ("accuracy.macro >= 60", "60", "accuracy.macro is a share from 0 to 1", "write 60%"),
        ("acuracy >= 0.6", "acuracy", "unknown metric 'acuracy'", "did you mean accuracy?"),
        ("latency.p59 < 1s", "latency.p59", "unknown metric", "latency.p95"),
        ("accuracy >= 60", "60", "a share from 0 to 1", "write 60% or 0.6"),
        ("accuracy >= 1.5", "1.5", "a share from 0 to 1", "write 1.5% or 0.015"),
        ("accuracy >= 600", "600", "a share from 0 to 1", "from 0% to 100%"),
        ("accuracy >= 101%", "101%", "more than all", "from 0% to 100%"),
        ("accuracy >= -0.5", "-0.5", "can't be negative", None),
        ("lower(accuracy) >= 60", "60", "lower(accuracy) is a share", "write 60% or 0.6"),
        ("truncated <= 0.01", "0.01", "truncated is a count here", "write 1%"),
        ("truncated <= 2.5", "2.5", "2.5 is no count", "write a whole number"),
        ("n >= 50%", "50%", "n is a count and takes no '%'", "write 50"),
        ("tokens.total <= 5s", "5s", "takes no 's'", "write 5"),
        ("latency.p95 <= 20", "20", "needs a unit", "write 20s or 20ms"),
        ("latency.p95 <= 2m", "2m", "takes no 'm'", "write 2s or 2ms"),
        ("accuracy >= 3pt", "3pt", "pt belongs to drop(...) and not_worse(...)", "write 3%"),
        ("n >= 3pt", "3pt", "pt belongs to", None),
        ("accuracy = 0.6", "=", "= is no operator", "write =="),
        ("accuracy => 0.6", "=>", "=> is no operator", "write >="),
        ("accuracy != 0.6", "!=", "!= is no operator", "one of >= <= == > <"),
        ("accuracy 0.6", "0.6", "an operator is missing", "one of >= <= == > <"),
        ("accuracy >=", "", "a number is missing", "0.6 or 60%"),
        ("accuracy >= good", "good", "a number is missing", "0.6 or 60%"),
        ("n >= " + "9" * 50, "9" * 50, "too long", None),
        ("accuracy >= 0.6 and n > 3", "and n > 3", "more after the gate's end", None),
        ("accuracy(IQ) >= 0.6", "accuracy(", "takes no brackets", None),
        ("lower accuracy > 0.5", "accuracy", "lower wants a metric in brackets", "lower(accuracy)"),
        ("lower(accuracy >= 0.6", ">= 0.6", "a closing bracket is missing", "lower(accuracy) >="),
        ("lower() >= 0.6", ") >= 0.6", "lower(...) names no metric", None),
        (
            "lower(accuracy) >= 100%",
            ">= 100%",
            "lower(accuracy) is below 100% whatever the replies",
            "or write accuracy >= 100%",
        ),
        ("upper(truncated) <= 0", "<= 0", "is above 0 whatever", "or write truncated <= 0"),
        ("lower(upper(n)) > 1", "upper", "lower(upper(...)) is not possible", None),
        ("lower(n) >= 10", "lower(n)", "has no interval", None),
        ("upper(latency.p50) < 1s", "upper(latency.p50)", "has no interval", None),
        ("upper(errors) < 1%", "upper(errors)", "counted, not estimated", None),
        ("lower(accuracy, 0.95) > 0.5", "0.95", "a level is in percent", "lower(accuracy, 95)"),
        ("lower(accuracy, 100) > 0.5", "100", "below 100", None),
        ("errors >= 3", ">= 3", "how many may be lost", "write errors <= 3"),
        ("errors < 0", "< 0", "how many may be lost", "write errors <= 0"),
        ("", "", "a metric is missing", "for example accuracy >= 0.6"),
        ("demo:", "", "a metric is missing", None),
        (": accuracy > 0", "", "no scope before ':'", None),
        ("a:b:c: n > 3", "a:b:c", "a scope is BENCHMARK or BENCHMARK:SUBSET", None),
        ("each(level): n > 3", "level", "each(level) is not possible", "each(subset)"),
        ("level==1: n > 3", "level==1", "a scope is FIELD=VALUE", "level=1"),
        ("=1: n > 3", "=1", "a scope is FIELD=VALUE", None),
        ("demo:IQ accuracy > 0.6", "IQ", "unknown metric 'IQ'", "a scope ends with a colon"),
        ("pass@ >= 0.5", "pass@", "wants how many replies", "write pass@5"),
        ("pass@0 >= 0.5", "pass@0", "from 1 to 999", "write pass@5"),
        ("majority@few > 0.5", "majority@few", "wants how many replies", "write majority@5"),
        ("pass@5 >= 60", "60", "a share from 0 to 1", "write 60%"),
        ("majority > 0.5", "majority", "unknown metric", "did you mean majority@5"),
        ("flaki <= 3", "flaki", "unknown metric", "did you mean flaky?"),
        ("quiz: index >= 0.5", "quiz", "index is of the whole run", "write index >= 0.5"),
        ("each(benchmark): index >= 0.5", "each(benchmark)", "has no scope", "accuracy"),
        ("index >= 50", "50", "index is a share from 0 to 1", "write 50% or 0.5"),
        ("drop(indx) <= 1pt", "indx", "unknown metric 'indx'", "did you mean index?"),
        ("no_regression(p < 0.05)", "no_regression", "unknown metric", "no_regressions"),
        ("drop accuracy <= 3pt", "accuracy", "drop wants a metric in brackets", "drop(accuracy)"),
        ("drop(acuracy) <= 3pt", "acuracy", "unknown metric", "did you mean accuracy?"),
        ("drop(latency.p50) <= 3pt", "latency.p50", "drop(latency.p50) is not possible", "accuracy, credit"),
        ("drop(lower(accuracy)) <= 3pt", "lower", "drop(lower) is not possible", None),
        ("drop(accuracy) <= 3%", "3%", "in percentage points", "write 3pt"),
        ("drop(accuracy) <= 0.03", "0.03", "in percentage points", "write 3pt"),
        ("drop(accuracy) <= 300pt", "300pt", "more than all", None),
        ("drop(accuracy, 3pt)", ", 3pt)", "a closing bracket is missing", "drop(accuracy) <= 3pt"),
        ("drop(accuracy) 3pt", "3pt", "an operator is missing", None),
        ("upper(drop(accuracy)) <= 3pt", "drop", "upper(drop(...)) is not possible", "not_worse(accuracy, 3pt)"),
        ("not_worse(accuracy)", ")", "how much worse", "write not_worse(accuracy, 3pt)"),
        ("not_worse(accuracy, 3%)", "3%", "in percentage points", "write 3pt"),
        ("not_worse(accuracy, 3pt) >= 0", ">= 0", "more after the gate's end", None),
        ("not_worse(n, 3pt)", "n", "not_worse(n) is not possible", None),
        ("no_regressions", "", "wants a p value in brackets", "no_regressions(p < 0.05)"),
        ("no_regressions()", ")", "names no p", "no_regressions(p < 0.05)"),
        ("no_regressions(q < 0.05)", "q", "compares p", None),
        ("no_regressions(p > 0.05)", ">", "below which p it fails", None),
        ("no_regressions(p < 5)", "5", "between 0 and 1", "write 0.05"),
        ("no_regressions(p < 5%)", "5%", "between 0 and 1", "write 0.05"),
        ("must_pass", "", "wants FIELD=VALUE in brackets", "must_pass(level=1)"),
        ("must_pass(core)", "core", "must_pass wants FIELD=VALUE", "must_pass(level=1)"),
        ("must_pass(tag=)", "tag=", "must_pass wants FIELD=VALUE", None),
        ("must_pass(tag=core", "", "a closing bracket is missing", None),
        ("must_pass(tag=core) >= 3", ">= 3", "more after the gate's end", None),
        ("category=逻辑: acuracy > 0.6", "acuracy", "unknown metric", "did you mean accuracy?"),
    ],
)  # fmt: skip
def test_a_wrong_gate_is_told_what_and_where(
    text: str, fault: str, problem: str, hint: str | None
) -> None:
    """The message has the expression, carets under the fault, and the mend."""
    with pytest.raises(GateError) as caught:
        parse_gate(text)
    first, shown, carets = caught.value.problem.split("\n")
    assert first.startswith("gate: ")
    assert problem in first
    assert shown == f"  {text}"
    # The columns of the carets: two for each Chinese character before them.
    start = len(carets) - len(carets.lstrip()) - 2 - sum(c in "逻辑" for c in text)
    assert text[start:].startswith(fault)
    assert len(carets.strip()) in (len(fault), 1)
    assert hint is None or hint in str(caught.value.hint)


def test_a_control_character_does_not_reach_the_terminal() -> None:
    with pytest.raises(GateError) as caught:
        parse_gate("accuracy\x1b[31m\n >= 1")
    assert "\x1b" not in str(caught.value)
    assert str(caught.value).count("\n") == 3


PIECES = st.sampled_from(
    [*METRICS, "lower(", "upper(", ")", ",", ":", "：", "=", ">=", "<", "≤", "==", "0.6", "60%", "3",
     "20s", "800ms", "3pt", "-", ".", "(", "each(subset)", "each(", "demo", "IQ", "逻辑", " ", "\n",
     "pass@3", "pass^", "majority@2", "drop(", "not_worse(", "no_regressions(", "must_pass(", "p",
     "level=1", "²", "٣", "\0", "e9"]
)  # fmt: skip


@given(text=st.text() | st.lists(PIECES, max_size=9).map("".join) | st.lists(PIECES).map(" ".join))
@example("accuracy >= ٣")
@example("n >= 1²")
@example("a:must_pass(b=c)")
@example("a=:must_pass(:n>0")
@example("must_pass(a=b):n>0")
def test_any_text_is_a_gate_or_a_gate_error(text: str) -> None:
    """Nothing else is raised, and what is read keeps its name when it is read again."""
    try:
        gate = parse_gate(text)
    except GateError as error:
        _, shown, carets = error.problem.split("\n")
        assert set(carets.strip()) == {"^"}
        assert display_width(carets) <= max(display_width(shown), 2) + 1
        return
    assert parse_gate(gate.expression) == gate


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@st.composite
def valid_gates(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(sorted(METRICS)))
    shared = name in (
        "accuracy",
        "accuracy.macro",
        "credit",
        "correct",
        "incorrect",
        "unparsed",
        "truncated",
        "refused",
        "flaky",
    )
    op = draw(st.sampled_from(["<=", "=="] if name == "errors" else [">=", "<=", "==", ">", "<"]))
    number = draw(st.integers(0, 100))
    unit = "s" if name.startswith("latency") else "%" if shared else ""
    if shared and draw(st.booleans()):
        name = draw(st.sampled_from(["lower({})", "upper({}, 90)", "upper({},99.9)"])).format(name)
    gate = f"{name}{draw(st.sampled_from(['', ' ']))}{op} {number}{unit}"
    compared = draw(st.sampled_from(COMPARED))
    gate = draw(
        st.just(gate)
        | st.just(f"drop({compared}) {op} {number}pt")
        | st.just(f"not_worse({compared}, {number}pt)")
        | st.just(f"no_regressions(p < 0.{number + 1})")
        | st.just(f"pass@{number + 1} {op} {number}%")
        | st.tuples(NAMES, NAMES).map("must_pass({0[0]}={0[1]})".format)
    )
    scope = draw(
        st.just("")
        | NAMES.map("{}:".format)
        | st.tuples(NAMES, NAMES).map("{0[0]}:{0[1]}: ".format)
        | st.tuples(NAMES, NAMES).map("{0[0]}={0[1]}:".format)
        | st.sampled_from(["each(subset):", "each(benchmark) : "])
    )
    return f"{scope}{gate}"


@given(text=valid_gates())
def test_reading_a_gate_s_name_gives_the_gate(text: str) -> None:
    gate = parse_gate(text)
    assert parse_gate(gate.expression) == gate
    assert "".join(gate.expression.split()) == "".join(text.split())
