"""Reads a gate, by hand and never by `eval`.

    [SCOPE ":"] METRIC OP VALUE
    [SCOPE ":"] drop(METRIC) OP 3pt
    [SCOPE ":"] not_worse(METRIC, 3pt)
    [SCOPE ":"] no_regressions(p < 0.05)
    [SCOPE ":"] must_pass(FIELD=VALUE)

where METRIC may stand in ``lower(METRIC[, LEVEL])`` or ``upper(METRIC[, LEVEL])``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction

from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.gates.cursor import EXAMPLE, Cursor
from pytest_iqeval.core.gates.faults import gate_fault
from pytest_iqeval.core.gates.gate import BOUNDS, EACH, FORMS, Gate, Scope
from pytest_iqeval.core.gates.limits import kind_of, limit_of, points_of, probability_of
from pytest_iqeval.core.metrics import COMPARED, FAMILIES, MACRO, METRICS, family_of

TAKEN = (*METRICS, *BOUNDS, *FORMS, "index")
"""Names that a gate reads as its own: no metric of a user can have one."""
_KNOWN = (
    *(m for m in METRICS if m != MACRO),
    *BOUNDS,
    *FORMS,
    *(f"{family}5" for family in FAMILIES),
)
_NEVER = {
    *(("lower", op, Fraction(1)) for op in (">=", ">", "==")),
    *(("upper", op, Fraction(0)) for op in ("<=", "<", "==")),
}
"""Bounds that no number of questions reaches: an interval never shrinks to all or to nothing."""
_UNMEASURED = {
    "mc2": "TruthfulQA's mc2 weighs the probabilities of an answer's tokens, which a chat "
    "endpoint does not tell; gate on accuracy",
}
"""Metrics that people know from elsewhere, and why they are none here."""
_MUST_PASS = re.compile(r"must_pass\s*[(（]")


def parse_gate(text: str, own: Collection[str] | None = ()) -> Gate:
    """Read one expression.

    :param own: the names of the user's own metrics; ``None`` where the expression was read before
        and an unknown name can only be one.
    :raises GateError: it tells what is wrong, with a caret under it, and what to write.
    """
    colon = _colon(text)
    scope = None if colon < 0 else _scope(text, colon)
    cursor = Cursor(text, colon + 1, own)
    begin, name = cursor.name("a metric is missing", f"for example {EXAMPLE}")
    read = _FORMS.get(name)
    return _value(cursor, scope, begin, name) if read is None else read(cursor, scope)


def _colon(text: str) -> int:
    """Where the scope ends; -1 without one. In ``must_pass(time=12:30)`` is no such colon."""
    end = len(text)
    for match in _MUST_PASS.finditer(text):
        if text[: match.start()].rstrip()[-1:] in ("", ":", "："):
            end = match.start()
            break
    return max(text.rfind(":", 0, end), text.rfind("：", 0, end))


def _scope(text: str, end: int) -> Scope:
    """The scope that stands before the colon at `end`."""
    said = text[:end]
    start = len(said) - len(said.lstrip())
    stop = len(said.rstrip())
    if start >= stop:
        raise gate_fault(text, 0, end, "there is no scope before ':'", hint=f"write {EXAMPLE}")
    said = said[start:stop]
    if each := re.fullmatch(r"each\s*[(（]\s*([^()（）]*?)\s*[)）]", said):
        if each[1] not in EACH:
            begin, close = start + each.start(1), start + each.end(1)
            raise gate_fault(
                text,
                begin,
                close,
                f"each({each[1]}) is not possible",
                hint="write each(subset) or each(benchmark)",
            )
        return Scope(text=f"each({each[1]})", each=each[1])
    if re.search("[=＝]", said):
        field = _field(said)
        if field is None:
            raise gate_fault(
                text, start, stop, "a scope is FIELD=VALUE", hint="for example level=1: " + EXAMPLE
            )
        return Scope(text="=".join(field), field=field)
    parts = [" ".join(part.split()) for part in re.split("[:：]", said)]
    if len(parts) > 2 or not all(parts):
        raise gate_fault(
            text, start, stop, "a scope is BENCHMARK or BENCHMARK:SUBSET, then a colon"
        )
    subset = parts[1] if len(parts) == 2 else None
    return Scope(text=":".join(parts), benchmark=parts[0], subset=subset)


def _field(said: str) -> tuple[str, str] | None:
    """Name and value of ``FIELD=VALUE``; ``None`` where it is no such thing."""
    found = re.fullmatch(r"\s*([^=＝]*?)\s*[=＝]\s*(.*)", said, re.DOTALL)
    if found is None:
        return None
    name, value = (" ".join(part.split()) for part in found.groups())
    if not re.fullmatch(r"[\w.\- ]+", name) or not value or value[0] in "=＝":
        return None
    return name, value


def _value(cursor: Cursor, scope: Scope | None, begin: int, name: str) -> Gate:
    """``METRIC OP VALUE``, after the first name."""
    bound, level, said = None, 0.95, name
    if name in BOUNDS:
        bound = name
        name, level, said = _bound(cursor, bound)
    else:
        _known_metric(cursor, begin, name)
        if cursor.take("("):
            raise cursor.fault(begin, cursor.at, f"{name} takes no brackets")
    kind = kind_of(name)
    if bound and not kind.has_interval:
        problem = f"{name} is {kind.noun} and has no interval to bound"
        raise cursor.fault(begin, cursor.at, problem)
    op_at, op = cursor.operator()
    number = cursor.number()
    cursor.end()
    threshold, unit = limit_of(cursor.text, name, bound, number)
    if (bound, op, threshold) in _NEVER:
        where = "below 100%" if bound == "lower" else "above 0"
        raise cursor.fault(
            op_at,
            len(cursor.text),
            f"{said} is {where} whatever the replies, so this can never hold",
            f"ask for less, or write {name} {op} {number.text}",
        )
    if kind.only_at_most and (op[0] == ">" or (threshold == 0 and op == "<")):
        raise cursor.fault(
            op_at,
            len(cursor.text),
            f"an {name} gate says how many may be lost",
            f"write {name} <= {number.text or '0'}",
        )
    return Gate(
        condition=f"{said} {op} {number.text}",
        scope=scope,
        metric=name,
        bound=bound,
        level=level,
        op=op,
        threshold=threshold,
        unit=unit,
    )


def _bound(cursor: Cursor, bound: str) -> tuple[str, float, str]:
    """What stands in ``lower(METRIC[, LEVEL])``: metric, level, and all of it as text."""
    cursor.open(bound, "a metric", f"write {bound}(accuracy)")
    begin, name = cursor.name(f"{bound}(...) names no metric", f"write {bound}(accuracy)")
    if name in (*BOUNDS, *FORMS):
        mend = "a bounded drop is not_worse(accuracy, 3pt)" if name == "drop" else None
        raise cursor.fault(begin, cursor.at, f"{bound}({name}(...)) is not possible", mend)
    _known_metric(cursor, begin, name)
    level, said = 0.95, f"{bound}({name})"
    if cursor.take(","):
        number = cursor.number("a level in percent: 95")
        level = float(number.value / 100)
        if not 0.5 <= level < 1 or number.unit not in ("", "%"):
            raise cursor.fault(
                number.start,
                number.end,
                "a level is in percent, at least 50 and below 100",
                f"write {bound}({name}, 95)",
            )
        said = f"{bound}({name}, {number.text})"
    cursor.close(f"write {said} >= 0.6")
    return name, level, said


def _known_metric(cursor: Cursor, begin: int, name: str) -> None:
    """Refuse what is no metric, with the nearest that are."""
    if name in METRICS or family_of(name) is not None or name in (cursor.own or ()):
        return
    end = begin + len(name)
    family = next((f for f in FAMILIES if name.startswith(f)), None)
    if family is not None:
        problem = f"{family} wants how many replies it is about, from 1 to 999"
        raise cursor.fault(begin, end, problem, f"write {family}5")
    if name == "index":
        raise cursor.fault(
            begin,
            end,
            "index is the weighted mean of a suite, and this run has no suite",
            "give each benchmark a gate of its own: " + EXAMPLE,
        )
    if name in _UNMEASURED:
        raise cursor.fault(begin, end, f"there is no metric {name}", _UNMEASURED[name])
    if cursor.own is None:
        return
    known = (*_KNOWN, *cursor.own)
    if "." in name or "macro" in name:  # who mistypes `accuracy` means that
        known = (MACRO, *known)
    if cursor.peek() in known:
        hint: str | None = "a scope ends with a colon: BENCHMARK:SUBSET: METRIC ..."
    else:
        hint = nearest_hint(name, known)
    raise cursor.fault(begin, end, f"unknown metric {name!r}", hint)


def _compared_metric(cursor: Cursor, form: str, mend: str) -> str:
    """The metric in ``drop(METRIC)`` or ``not_worse(METRIC, …)``."""
    cursor.open(form, "a metric", f"write {mend}")
    begin, name = cursor.name(f"{form}(...) names no metric", f"write {mend}")
    if name not in (*BOUNDS, *FORMS):
        _known_metric(cursor, begin, name)
    if name not in COMPARED:
        one_of = f"{', '.join(COMPARED[:-1])} or {COMPARED[-1]}"
        raise cursor.fault(begin, cursor.at, f"{form}({name}) is not possible", f"write {one_of}")
    return name


def _drop(cursor: Cursor, scope: Scope | None) -> Gate:
    metric = _compared_metric(cursor, "drop", "drop(accuracy) <= 3pt")
    cursor.close(f"write drop({metric}) <= 3pt")
    _, op = cursor.operator()
    number = cursor.number("percentage points: 3pt")
    cursor.end()
    return Gate(
        condition=f"drop({metric}) {op} {number.text}",
        form="drop",
        scope=scope,
        metric=metric,
        op=op,
        threshold=points_of(cursor.text, number),
        unit="pt",
    )


def _not_worse(cursor: Cursor, scope: Scope | None) -> Gate:
    metric = _compared_metric(cursor, "not_worse", "not_worse(accuracy, 3pt)")
    mend = f"write not_worse({metric}, 3pt)"
    if not cursor.take(","):
        problem = "not_worse wants to know how much worse is still allowed"
        raise cursor.fault(cursor.at, cursor.at, problem, mend)
    number = cursor.number("percentage points: 3pt")
    cursor.close(mend)
    cursor.end()
    return Gate(
        condition=f"not_worse({metric}, {number.text})",
        form="not_worse",
        scope=scope,
        metric=metric,
        op=">",
        threshold=points_of(cursor.text, number),
        unit="pt",
    )


def _no_regressions(cursor: Cursor, scope: Scope | None) -> Gate:
    mend = "write no_regressions(p < 0.05)"
    cursor.open("no_regressions", "a p value", mend)
    begin, name = cursor.name("no_regressions(...) names no p", mend)
    if name != "p":
        raise cursor.fault(begin, cursor.at, "no_regressions compares p", mend)
    begin, op = cursor.operator()
    if op != "<":
        raise cursor.fault(begin, cursor.at, "no_regressions says below which p it fails", mend)
    number = cursor.number("a probability: 0.05")
    cursor.close(mend)
    cursor.end()
    return Gate(
        condition=f"no_regressions(p < {number.text})",
        form="no_regressions",
        scope=scope,
        metric="no_regressions",
        op="<",
        threshold=probability_of(cursor.text, number),
    )


def _must_pass(cursor: Cursor, scope: Scope | None) -> Gate:
    mend = "for example must_pass(level=1)"
    cursor.open("must_pass", "FIELD=VALUE", mend)
    text, begin = cursor.text, cursor.at
    # A value may hold brackets and colons: the last bracket ends it.
    close = max(text.rfind(")"), text.rfind("）"))
    if close < begin:
        raise cursor.fault(len(text), len(text), "a closing bracket is missing", mend)
    field = _field(text[begin:close])
    if field is None:
        raise cursor.fault(begin, close, "must_pass wants FIELD=VALUE", mend)
    cursor.at = close + 1
    cursor.end()
    return Gate(
        condition=f"must_pass({'='.join(field)})",
        form="must_pass",
        scope=scope,
        metric="must_pass",
        op="==",
        threshold=Fraction(0),
        field=field,
    )


_FORMS: Mapping[str, Callable[[Cursor, Scope | None], Gate]] = {
    "drop": _drop,
    "not_worse": _not_worse,
    "no_regressions": _no_regressions,
    "must_pass": _must_pass,
}
