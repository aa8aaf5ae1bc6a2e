"""What `iqeval rescore` prints: figures before and after, each change, the gates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.reply_view import shown
from pytest_iqeval.cli.verdict_view import OUTCOME_STYLES
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.metrics import MACRO
from pytest_iqeval.core.metrics.values import shown_share
from pytest_iqeval.core.request import reply_number
from pytest_iqeval.core.rescoring import Change, Rescored
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.summary import Group, Summary
from pytest_iqeval.core.width import cut, display_width, one_line, pad, wrap
from pytest_iqeval.reports.subsets import tells_macro

_LISTED = 50
_ANSWER_COLUMNS = 24
_GATE_WORDS = {True: "passed", False: "failed", None: "no number"}
_GATE_STYLES = {True: "green", False: "red", None: "yellow"}


def show(
    out: Output,
    folder: Path,
    rescored: Rescored,
    *,
    every: bool,
) -> None:
    """The whole comparison for people.

    :param every: list all changes, not the first `_LISTED`.
    """
    before, after = rescored.before, rescored.after
    version = before.run.versions.get("pytest-iqeval", "another version")
    out.heading(
        shown(f"{folder}, model {before.run.model}, judged then by pytest-iqeval {version}")
    )
    for old, new in zip(before.benchmarks, after.benchmarks, strict=True):
        out.line()
        _figures(out, old, new, _scorer_words(old.scorer, new.scorer))
        if len(old.subsets) > 1:
            for name, subset in old.subsets.items():
                _metrics(out, subset, new.subsets[name], prefix=f"{one_line(name)}: ")
    out.line()
    _changes(out, rescored, every=every)
    out.line()
    _gates(out, before, after)


def _scorer_words(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    said = _named(new)
    return f"scorer {said}" if new == old else f"scorer {said} in place of {_named(old)}"


def _named(scorer: Mapping[str, object]) -> str:
    options = scorer["options"]
    pairs = options.items() if isinstance(options, Mapping) else ()
    said = ", ".join(f"{key}: {value}" for key, value in pairs)
    return f"{scorer['name']} {{{said}}}" if said else str(scorer["name"])


def _figures(out: Output, old: Group, new: Group, scorer: str) -> None:
    head = f"{one_line(old.name)} ({one_line(scorer)})"
    out.heading(head)
    _row(out, "", "before", "after", "")
    _metrics(out, old, new)
    for name in old.outcomes:
        count, then = old.outcomes[name], new.outcomes.get(name, 0)
        if count or then:
            change = f"{then - count:+}" if then != count else ""
            _row(out, name, str(count), str(then), change)


def _metrics(out: Output, old: Group, new: Group, prefix: str = "") -> None:
    for name in dict.fromkeys([*old.metrics, *new.metrics]):
        if name == MACRO and not tells_macro(new):
            continue
        metrics = [group.metrics.get(name) for group in (old, new)]
        texts = ["absent" if m is None else f"{shown_share(m)} n={m.n}" for m in metrics]
        was, would = (None if m is None else m.value for m in metrics)
        moved = "" if was is None or would is None or was == would else f"{would - was:+.3f}"
        _row(out, prefix + name, texts[0], texts[1], moved)


def _row(out: Output, name: str, old: str, new: str, change: str) -> None:
    out.line(f"  {pad(cut(name, 22), 22)}{pad(old, 26)}{pad(new, 26)}{change}".rstrip())


def _changes(out: Output, rescored: Rescored, *, every: bool) -> None:
    changes = rescored.changes
    judged = sum(sum(b.outcomes.values()) for b in rescored.before.benchmarks)
    outcomes = sum(change.of_outcome for change in changes)
    out.heading(f"{outcomes} of {judged} verdicts would change")
    answers = len(changes) - outcomes
    if answers:
        out.line(f"{answers} more would read another answer, with the same outcome")
    listed = changes if every else changes[:_LISTED]
    for change in listed:
        _change(out, change)
    if len(listed) < len(changes):
        out.line(f"  and {len(changes) - len(listed)} more: --all lists them")


def _value(score: Score) -> str:
    return "-" if score.value is None else f"{score.value:.6g}"


def _change(out: Output, change: Change) -> None:
    old, new = change.before.score, change.after.score
    repeat = f" (reply {reply_number(change.before.repeat)})" if change.before.repeat else ""
    verdict = old.outcome.value
    if change.of_outcome:
        verdict += " -> " + out.style(new.outcome.value, OUTCOME_STYLES.get(new.outcome, "yellow"))
        if old.outcome is new.outcome:
            verdict += f" (value {_value(old)} -> {_value(new)})"
    out.line(f"  {visible(change.before.sample.node_id)}{repeat}")
    rule = f"  rule {one_line(new.rule)}" if new.rule else ""
    out.line(f"      {verdict}  {_answer(old)} -> {_answer(new)}{rule}")
    if new.extracted is None and new.note:
        for line in wrap(one_line(new.note), out.width - 6):
            out.line(f"      {line}")


def _answer(score: Score) -> str:
    return "-" if score.extracted is None else cut(one_line(score.extracted), _ANSWER_COLUMNS)


def _gates(out: Output, before: Summary, after: Summary) -> None:
    """Gates and verdict, then as they are stored and now as they would be."""
    then = {(row.benchmark, row.expression): row for row in before.gates}
    now = {(row.benchmark, row.expression): row for row in after.gates}
    for key in dict.fromkeys([*then, *now]):
        _gate(out, then.get(key), now.get(key))
    changes = (before.verdict, before.exit_code) != (after.verdict, after.exit_code)
    ends = [f"{summary.verdict} (exit code {summary.exit_code})" for summary in (before, after)]
    style = {"passed": "green", "failed": "red"}.get(after.verdict, "yellow")
    words = f"the run's verdict would change: {ends[0]} -> {ends[1]}"
    out.line(out.style(words if changes else f"the run's verdict would stay: {ends[0]}", style))


def _gate(out: Output, old: GateRow | None, new: GateRow | None) -> None:
    row = new or old
    assert row is not None
    head = f"gate {one_line(row.title)}: "
    words = ["absent" if one is None else _GATE_WORDS[one.passed] for one in (old, new)]
    word = words[0] if words[0] == words[1] else f"{words[0]} -> {words[1]}"
    out.line(head + (out.style(word, _GATE_STYLES[row.passed]) if new is not None else word))
    reasons = [("before", old), ("after", new)]
    if old is not None and new is not None and old.reason == new.reason:
        reasons = [("", new)]
    for name, one in reasons:
        if one is not None:
            start = f"  {name}: " if name else "  "
            for line in wrap(one_line(one.reason), out.width - display_width(start)):
                out.line(start + line)


def as_plain(folder: Path, rescored: Rescored) -> dict[str, object]:
    """The comparison for programs: plain JSON values.

    ``before`` and ``after`` are the content of `report.json`, as it is and as it would be;
    ``changes`` are all, with both scores.
    """
    before, after = rescored.before, rescored.after
    return {
        "run": str(folder),
        "changed": sum(change.of_outcome for change in rescored.changes),
        "changes": [_plain(change) for change in rescored.changes],
        "before": before.to_plain(),
        "after": after.to_plain(),
    }


def _plain(change: Change) -> dict[str, object]:
    sample = change.before.sample
    return {
        "id": sample.node_id,
        "repeat": change.before.repeat,
        "before": change.before.score.to_plain(),
        "after": change.after.score.to_plain(),
    }
