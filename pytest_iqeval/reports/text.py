"""The summary as lines of text, and the live line; pure functions, no terminal in sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_iqeval.core.clean import inert
from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.metrics import INDEX, MACRO
from pytest_iqeval.core.metrics.values import Metric, shown_share
from pytest_iqeval.core.phrases import ending, live
from pytest_iqeval.core.phrases.signs import COMMA, LIST
from pytest_iqeval.core.summary import GateRow, Summary
from pytest_iqeval.core.told import Told, joined, lines_of, said_in
from pytest_iqeval.core.verdict import FAILED, PASSED
from pytest_iqeval.core.width import cut, display_width, one_line, wrap
from pytest_iqeval.reports.against import compared_text, lost_text, settings_lines
from pytest_iqeval.reports.spread import repeats_told
from pytest_iqeval.reports.subsets import subsets_told
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
    for text in (
        *subsets_told(summary),
        *_own_metrics(summary),
        *_index(summary),
        *_not_rescored(summary),
        *repeats_told(summary),
        _effort(summary),
    ):
        lines += _wrapped(said_in(text, lang), width, None)
    for row in summary.gates:
        lines += _gate_lines(row, width, lang)
    for text, style in (
        *_lock(summary),
        *_baseline(summary),
        *((text, "yellow") for text in _lost(summary)),
        *_cut(summary),
        *((text, "yellow") for text in _warnings(summary)),
    ):
        lines += _wrapped(said_in(text, lang), width, style)
    style = {PASSED: "green", FAILED: "red"}.get(summary.verdict, "yellow")
    return [*lines, *_wrapped(said_in(summary.headline, lang), width, style)]


def file_lines(paths: Sequence[Path], *, lang: Lang = "en") -> list[str]:
    """Where a run's files are: the first whole, to be clicked; the others, beside it, by name."""
    if not paths:
        return []
    first, *others = paths
    names = terminal_words(lang)["comma"].join(path.name for path in others)
    beside = terminal_words(lang)["beside"].format(names=names)
    return [one_line(str(first)), *([f"  {beside}"] if others else [])]


def _lock(summary: Summary) -> Iterator[tuple[str, str | None]]:
    lock = summary.gate_lock
    if lock is not None and lock.told is not None:
        yield lock.told, "yellow" if lock.weaker else None


def _wrapped(text: str, width: int, style: str | None) -> list[Line]:
    indent = "  " if width > 10 else ""
    lines = wrap(one_line(text), width, indent=indent)
    return [Line(cut(inert(line), width), style) for line in lines]


def _own_metrics(summary: Summary) -> Iterator[str]:
    """The user's own metrics, a line each: ``brevity 0.71 n=5 (quiz), IQ 0.70, EQ 0.72``."""
    for benchmark in summary.benchmarks:
        groups = list(benchmark.subsets.values())
        for name, metric in benchmark.metrics.items():
            if name in IN_TABLE or name == MACRO:
                continue
            limits = [row.threshold for row in summary.gates if row.metric == name]
            text = f"{name} {shown_share(metric, limits)} n={metric.n} ({benchmark.name})"
            parts = [f"{g.name} {shown_share(g.metrics[name], limits)}" for g in groups]
            yield ", ".join([text, *(parts if len(parts) > 1 else ())])


def _index(summary: Summary) -> Iterator[Told]:
    """The index, unless it would only repeat a benchmark's accuracy."""
    index = summary.index
    if index is None or not index.says_more:
        return
    if index.value is None:
        yield ending.NO_INDEX(names=joined(index.missing, LIST))
        return
    limits = [row.threshold for row in summary.gates if row.metric == INDEX]
    value = shown_share(
        Metric(value=index.value, low=index.low, high=index.high, n=index.n), limits
    )
    parts = (f"{name} × {weight:g}" for name, weight in index.weights.items())
    yield ending.INDEX(value=value, parts=joined(parts, LIST))


def _not_rescored(summary: Summary) -> Iterator[Told]:
    """The benchmarks whose scores another tool has given."""
    names = [b.name for b in summary.benchmarks if b.scorer["name"] == RECORDED]
    if names:
        yield ending.NOT_RESCORED(names=joined(names, LIST))


def _effort(summary: Summary) -> Told:
    usage = summary.usage
    parts = [ending.REQUESTS(count=usage["requests"])]
    if usage["retries"]:
        parts.append(ending.RETRIES(count=usage["retries"]))
    if usage.get("cached"):
        parts.append(ending.CACHED(count=usage["cached"]))
    if usage.get("unreached"):
        parts.append(ending.UNREACHED(count=usage["unreached"]))
    if said := percentiles(summary.latency):
        parts.append(ending.LATENCY(said=said))
    if said := percentiles(summary.timing.get("first_token", {})):
        parts.append(ending.FIRST_TOKEN(said=said))
    pace = summary.timing.get("tokens_per_s", {}).get("p50")
    if pace is not None:
        parts.append(ending.PACE(pace=f"{pace:.0f}"))
    prompt, completion = usage["prompt_tokens"], usage["completion_tokens"]
    if prompt is not None and completion is not None:
        parts.append(ending.TOKENS(prompt=prompt, completion=completion))
    return joined(parts, COMMA)


def percentiles(seconds: Mapping[str, float | int | None]) -> Told:
    """``p50 1.2 s, p95 3.4 s, p99 5.6 s``, as far as they are known; empty where none is."""
    known = ((name, seconds.get(name)) for name in ("p50", "p95", "p99"))
    told = (
        f"{name} {value:.{1 if value >= 1 or not value else 2}f} s"
        for name, value in known
        if value is not None
    )
    return joined(told, LIST)


def _gate_lines(row: GateRow, width: int, lang: Lang) -> list[Line]:
    """A gate on one line where it fits, its reason on the next where not."""
    head = terminal_words(lang)[_WORD[row.passed]] + one_line(row.title)
    reason = one_line(said_in(row.reason, lang))
    style = _STYLE[row.passed]
    one = f"{head}  {reason}"
    if display_width(one) <= width:
        return [Line(one, style)]
    return [*_wrapped(head, width, style), *_wrapped_inside(reason, width, style)]


def _baseline(summary: Summary) -> Iterator[tuple[str, str | None]]:
    """What became of the baseline's questions, and what else is not as it was."""
    baseline = summary.baseline
    if baseline is None:
        return
    yield compared_text(baseline), None
    for text in settings_lines(baseline):
        yield text, "yellow"
    lost = lost_text(baseline)
    if lost is not None:
        yield lost, "yellow"


def _wrapped_inside(text: str, width: int, style: str | None) -> list[Line]:
    if width <= 10:
        return _wrapped(text, width, style)
    return [Line(f"  {cut(inert(line), width - 2)}", style) for line in wrap(text, width - 2)]


def _lost(summary: Summary) -> list[str]:
    """What befell the questions without a score: each reason once, the most frequent first."""
    reasons = Counter(lost.reason for lost in summary.lost)
    first = {lost.reason: lost.id for lost in reversed(summary.lost)}
    lines: list[str] = []
    for reason, count in reasons.most_common(_REASONS_SHOWN):
        phrase = ending.NO_SCORE_MORE if count > 1 else ending.NO_SCORE
        problem, *more = lines_of(reason)
        lines.append(phrase(id=first[reason], more=count - 1, problem=problem))
        lines += map(_hint, more)
    if len(reasons) > _REASONS_SHOWN:
        lines.append(ending.MORE_REASONS(count=len(reasons) - _REASONS_SHOWN))
    missing = summary.not_asked + sum(b.outcomes["error"] for b in summary.benchmarks)
    if summary.run.repeats > 1 and missing:
        lines.append(ending.REPLIES_MISSING(missing=missing))
    elif missing > len(summary.lost):
        lines.append(ending.QUESTIONS_MISSING(missing=missing, named=len(summary.lost)))
    return lines


def _hint(line: str) -> str:
    """A reason's further line; an error's own text is English, its hint in the reader's words."""
    mark = live.HINT.english.format(hint="")
    if isinstance(line, Told) or not line.startswith(mark):
        return line
    return live.HINT(hint=line.removeprefix(mark))


def _totals(summary: Summary) -> tuple[Counter[str], int]:
    """The replies by outcome, and how many were judged."""
    total: Counter[str] = Counter()
    for benchmark in summary.benchmarks:
        total.update(benchmark.outcomes)
    return total, total.total() - total["error"]


def _many(count: int, replies: int) -> bool:
    return count > 0 and count >= _MANY * replies


def _cut(summary: Summary) -> Iterator[tuple[str, str | None]]:
    """How many replies the length limit cut; a warning where that cost many an answer."""
    cut = sum(b.cut or 0 for b in summary.benchmarks)
    if not cut:
        return
    total, replies = _totals(summary)
    answered = max(0, cut - total["truncated"])
    when = ending.BEFORE_ANSWERS if answered == 0 else ending.AFTER_ANSWERS
    if 0 < answered < cut:
        when = ending.SOME_AFTER_ANSWERS
    limits = (summary.run.generation.get(name) for name in _TOKEN_FIELDS)
    limit = next((limit for limit in limits if limit is not None), None)
    now = "" if limit is None else ending.NOW(limit=limit)
    text = ending.CUT(count=cut, replies=replies, when=when(count=cut, answered=answered), now=now)
    yield text, "yellow" if _many(total["truncated"], replies) else None


def _warnings(summary: Summary) -> Iterator[str]:
    """What the outcomes say about the run rather than about the model, and what to do."""
    total, replies = _totals(summary)
    if _many(total["unparsed"], replies):
        other = "letter" if summary.run.answer == "free" else "json"
        phrase = ending.UNPARSED if summary.run.answer == "json" else ending.UNPARSED_TRY
        yield phrase(count=total["unparsed"], replies=replies, other=other)
    if _many(total["refused"], replies):
        yield ending.REFUSED(count=total["refused"], replies=replies)


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
    parts = [f"{done}/{total}", share, f"{said['errors']} {errors}"]
    parts += [said_in(note, lang) for note in notes]
    if tokens_per_s is not None:
        parts.append(said["pace"].format(pace=f"{tokens_per_s:.0f}"))
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
