"""The summary as lines of text, and the live line; pure functions, no terminal in sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_iqeval.core.clean import inert
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.metrics.values import Metric, shown_share
from pytest_iqeval.core.summary import GateRow, Summary
from pytest_iqeval.core.verdict import FAILED, PASSED
from pytest_iqeval.core.width import cut, display_width, one_line, wrap
from pytest_iqeval.reports.against import compared_text, lost_text, settings_lines
from pytest_iqeval.reports.spread import repeats_told
from pytest_iqeval.reports.table import IN_TABLE, table_lines
from pytest_iqeval.reports.terminal_words import terminal_words

_MANY = 0.05  # the share of replies from which an outcome says more about the run than the model
_REASONS_SHOWN = 3
_TOKEN_FIELDS = ("max_tokens", "max_completion_tokens")  # as presets name it
_STYLE = {True: "green", False: "red", None: "yellow"}
_WORD = {True: "gate_passed", False: "gate_failed", None: "gate_open"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; ``style`` is ``green``, ``red``, ``yellow``, ``bold`` or none."""

    text: str
    style: str | None = None


def summary_lines(summary: Summary, *, width: int, lang: Lang = "en") -> list[Line]:
    """The end of a run for a terminal of `width` columns; no line is wider, the verdict is last."""
    heading, *rows = table_lines(summary, width=width, lang=lang)
    lines = [Line(heading, "bold"), *map(Line, rows)]
    for text in (*_own_metrics(summary), *repeats_told(summary)):
        lines += _wrapped(text, width, None)
    lines += _wrapped(_effort(summary), width, None)
    for row in summary.gates:
        lines += _gate_lines(row, width, lang)
    lines += _lock_lines(summary, width)
    lines += _baseline_lines(summary, width)
    for text in _lost(summary):
        lines += _wrapped(text, width, "yellow")
    lines += _cut_lines(summary, width)
    for text in _warnings(summary):
        lines += _wrapped(text, width, "yellow")
    style = {PASSED: "green", FAILED: "red"}.get(summary.verdict, "yellow")
    return [*lines, *_wrapped(summary.headline_in(lang), width, style)]


def file_lines(paths: Sequence[Path], *, lang: Lang = "en") -> list[str]:
    """Where a run's files are: the first whole, to be clicked; the others, beside it, by name."""
    if not paths:
        return []
    first, *others = paths
    names = terminal_words(lang)["comma"].join(path.name for path in others)
    beside = terminal_words(lang)["beside"].format(names=names)
    return [one_line(str(first)), *([f"  {beside}"] if others else [])]


def _lock_lines(summary: Summary, width: int) -> list[Line]:
    lock = summary.gate_lock
    if lock is None or lock.told is None:
        return []
    return _wrapped(lock.told, width, "yellow" if lock.weaker else None)


def _wrapped(text: str, width: int, style: str | None) -> list[Line]:
    indent = "  " if width > 10 else ""
    lines = wrap(one_line(text), width, indent=indent)
    return [Line(cut(inert(line), width), style) for line in lines]


def _own_metrics(summary: Summary) -> Iterator[str]:
    """The user's own metrics, a line each: ``brevity 0.71 n=5 (quiz), IQ 0.70, EQ 0.72``."""
    for benchmark in summary.benchmarks:
        groups = list(benchmark.subsets.values())
        for name, metric in benchmark.metrics.items():
            if name in IN_TABLE:
                continue
            limits = [row.threshold for row in summary.gates if row.metric == name]
            text = f"{name} {shown_share(metric, limits)} n={metric.n} ({benchmark.name})"
            parts = [f"{g.name} {shown_share(g.metrics[name], limits)}" for g in groups]
            yield ", ".join([text, *(parts if len(parts) > 1 else ())])


def _effort(summary: Summary) -> str:
    usage = summary.usage
    requests = usage["requests"]
    parts = [f"{requests} request{'' if requests == 1 else 's'}"]
    if usage["retries"]:
        parts.append(f"{usage['retries']} of them retries")
    if usage.get("cached"):
        parts.append(f"{usage['cached']} from the cache")
    if said := percentiles(summary.latency):
        parts.append(f"latency {said}")
    if said := percentiles(summary.timing.get("first_token", {})):
        parts.append(f"first token {said}")
    pace = summary.timing.get("tokens_per_s", {}).get("p50")
    if pace is not None:
        parts.append(f"{pace:.0f} tokens/s while a reply came (p50)")
    prompt, completion = usage["prompt_tokens"], usage["completion_tokens"]
    if prompt is not None and completion is not None:
        parts.append(f"tokens {prompt} in, {completion} out")
    return ", ".join(parts)


def percentiles(seconds: Mapping[str, float | int | None]) -> str:
    """``p50 1.2 s, p95 3.4 s, p99 5.6 s``, as far as they are known; empty where none is."""
    known = ((name, seconds.get(name)) for name in ("p50", "p95", "p99"))
    return ", ".join(
        f"{name} {value:.{1 if value >= 1 or not value else 2}f} s"
        for name, value in known
        if value is not None
    )


def _gate_lines(row: GateRow, width: int, lang: Lang) -> list[Line]:
    """A gate on one line where it fits, its reason on the next where not."""
    head = terminal_words(lang)[_WORD[row.passed]] + one_line(row.title)
    reason = one_line(row.reason)
    style = _STYLE[row.passed]
    one = f"{head}  {reason}"
    if display_width(one) <= width:
        return [Line(one, style)]
    return [*_wrapped(head, width, style), *_wrapped_inside(reason, width, style)]


def _baseline_lines(summary: Summary, width: int) -> list[Line]:
    """What became of the baseline's questions, and what else is not as it was."""
    baseline = summary.baseline
    if baseline is None:
        return []
    lines = _wrapped(compared_text(baseline), width, None)
    for text in settings_lines(baseline):
        lines += _wrapped(text, width, "yellow")
    lost = lost_text(baseline)
    return lines if lost is None else [*lines, *_wrapped(lost, width, "yellow")]


def _wrapped_inside(text: str, width: int, style: str | None) -> list[Line]:
    if width <= 10:
        return _wrapped(text, width, style)
    return [Line(f"  {cut(inert(line), width - 2)}", style) for line in wrap(text, width - 2)]


def _lost(summary: Summary) -> list[str]:
    """What befell the questions without a score: each reason once, the most frequent first."""
    reasons = Counter(lost.reason for lost in summary.lost)
    first = {lost.reason: lost.id for lost in reversed(summary.lost)}
    lines = []
    for reason, count in reasons.most_common(_REASONS_SHOWN):
        more = f" and {count - 1} more" if count > 1 else ""
        problem, newline, hint = reason.partition("\n")
        lines.append(f"no score: {first[reason]}{more}: {problem}")
        if newline:
            lines.append(hint)
    if len(reasons) > _REASONS_SHOWN:
        lines.append(f"no score: {len(reasons) - _REASONS_SHOWN} more reasons, in report.json")
    missing = summary.not_asked + sum(b.outcomes["error"] for b in summary.benchmarks)
    if summary.run.repeats > 1 and missing:
        lines.append(f"no score: {missing} replies in all, each question was to have several")
    elif missing > len(summary.lost):
        lines.append(f"no score: {missing} questions in all, the first {len(summary.lost)} named")
    return lines


def _totals(summary: Summary) -> tuple[Counter[str], int]:
    """The replies by outcome, and how many were judged."""
    total: Counter[str] = Counter()
    for benchmark in summary.benchmarks:
        total.update(benchmark.outcomes)
    return total, total.total() - total["error"]


def _many(count: int, replies: int) -> bool:
    return count > 0 and count >= _MANY * replies


def _cut_lines(summary: Summary, width: int) -> list[Line]:
    """How many replies the length limit cut; a warning where that cost many an answer."""
    cut = sum(b.cut or 0 for b in summary.benchmarks)
    if not cut:
        return []
    total, replies = _totals(summary)
    answered = max(0, cut - total["truncated"])
    was, they, had = ("was", "it", "it had") if cut == 1 else ("were", "they", "they had")
    if answered == 0:
        when = f" before {they} gave an answer"
    else:
        when = (f", {answered} of them" if answered < cut else "") + f" after {had} answered"
    limits = (summary.run.generation.get(name) for name in _TOKEN_FIELDS)
    limit = next((limit for limit in limits if limit is not None), None)
    now = "" if limit is None else f" (now {limit})"
    text = (
        f"{cut} of {replies} replies {was} cut by the length limit{when}: "
        f"raise --iqeval-max-tokens{now}"
    )
    return _wrapped(text, width, "yellow" if _many(total["truncated"], replies) else None)


def _warnings(summary: Summary) -> list[str]:
    """What the outcomes say about the run rather than about the model, and what to do."""
    total, replies = _totals(summary)
    lines = []
    if _many(total["unparsed"], replies):
        other = "letter" if summary.run.answer == "free" else "json"
        way = "" if summary.run.answer == "json" else f", or try --iqeval-answer {other}"
        lines.append(
            f"{total['unparsed']} of {replies} replies "
            f"{'commits' if total['unparsed'] == 1 else 'commit'} to no answer: "
            f"read them in reviews/{way}"
        )
    if _many(total["refused"], replies):
        verb = "refuses" if total["refused"] == 1 else "refuse"
        lines.append(f"{total['refused']} of {replies} replies {verb} to answer: read reviews/")
    return lines


def live_line(
    *,
    done: int,
    total: int,
    accuracy: Metric,
    errors: int,
    width: int,
    tokens_per_s: float | None = None,
    seconds_left: float | None = None,
    notes: Sequence[str] = (),
    lang: Lang = "en",
) -> str:
    """The state of a run in one line of at most `width` columns; what matters least goes first.

    ``57/120  accuracy 0.62 [0.49, 0.74]  errors 1  143 tokens/s  1:23 left``

    :param notes: what holds the run up, before the pace that it explains.
    """
    said = terminal_words(lang)
    share = f"{said['accuracy']} {shown_share(accuracy)}"
    parts = [f"{done}/{total}", share, f"{said['errors']} {errors}", *notes]
    if tokens_per_s is not None:
        parts.append(f"{tokens_per_s:.0f} tokens/s")
    if seconds_left is not None:
        parts.append(said["left"].format(time=_duration(seconds_left)))
    while len(parts) > 1 and display_width("  ".join(parts)) > width:
        parts.pop()
    return cut("  ".join(parts), width)


def _duration(seconds: float) -> str:
    """``0:07``, ``12:30``, ``1:02:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
