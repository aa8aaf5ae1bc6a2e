"""A verdict in words, and what each rule of the scorer had to say."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_iqeval.cli.output import Output
from pytest_iqeval.core.explanation import RuleTried, rules_tried
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Rule
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.width import display_width, one_line, pad, wrap

OUTCOME_STYLES = {Outcome.CORRECT: "green", Outcome.INCORRECT: "red", Outcome.ERROR: "red"}
_BESIDE = 24  # code points of the reply shown at either side of what a rule found
_FOUND_AT_MOST = 60


def show_verdict(out: Output, sample: Sample, score: Score, scorer: Scorer | None) -> None:
    """Outcome, what was expected, what was got, and the rule with what it reads."""
    out.line()
    outcome = out.style(score.outcome.value, OUTCOME_STYLES.get(score.outcome, "yellow"))
    out.line(out.style("verdict:", "bold") + f" {outcome}")
    facts = [("expected", " or ".join(map(one_line, sample.targets)))]
    got = what_was_got(score)
    if got is not None:
        facts.append(("got", got))
    if score.value is not None and 0 < score.value < 1:
        facts.append(("value", f"{score.value:.6g}"))
    if score.span is not None:
        facts.append(("read at", f"{score.span[0]} to {score.span[1]} of the reply's characters"))
    if score.rule is not None:
        rules = scorer.rules if isinstance(scorer, ReadingScorer) else ()
        row = next((rule for rule in rules if rule.name == score.rule), None)
        says = "" if row is None else f": {row.matches} ({_language(row)})"
        facts.append(("rule", one_line(score.rule + says)))
    if score.note:
        facts.append(("note", one_line(score.note)))
    for name, fact in facts:
        _hung(out, f"    {name:8}  ", fact)


def what_was_got(score: Score) -> str | None:
    """The answer, or that there is none; ``None`` where the scorer says how good and not what."""
    if score.extracted is not None:
        return one_line(score.extracted)
    judged = (Outcome.CORRECT, Outcome.INCORRECT, Outcome.ERROR)
    return None if score.outcome in judged else "no answer"


def _language(rule: Rule) -> str:
    return {"zh": "Chinese", "en": "English"}.get(rule.language, "any language")


def show_rules(
    out: Output, scorer: str, rules: Sequence[Rule], reading: Reading, text: str
) -> None:
    """Every rule of the table: read here, what it found and why that does not count, or nothing."""
    tried = rules_tried(rules, reading)
    if not tried:
        return
    out.line()
    out.heading(f"the rules of the scorer {scorer}, in the order of their table")
    width = max(display_width(one.rule.name) for one in tried)
    for one in tried:
        found = _found(one, text)
        # A reader may stop at what counts most: what it did not look at would not count.
        nothing = "found nothing" if reading.answer is None else "nothing that counts"
        if one.rule.matches:
            nothing += f": {one.rule.matches}"
        for position, (sign, words) in enumerate(found or [(" ", nothing)]):
            name = pad(one.rule.name if position == 0 else "", width)
            styled = "bold" if sign == "*" else "" if found else "dim"
            _hung(out, f"  {sign} {name}  ", one_line(words), style=styled)
    if len(reading.tried) >= TRIED_AT_MOST:
        out.line(f"    (of what does not count, the last {TRIED_AT_MOST} are shown)")


def _found(one: RuleTried, text: str) -> list[tuple[str, str]]:
    lines = [] if one.read is None else [("*", f"read here: {_beside(text, one.read)}")]
    for tried in one.dismissed:
        start, end = tried.span
        lines.append(("-", f"found at {start} to {end}, {tried.why}: {_beside(text, tried.span)}"))
    return lines


def _beside(text: str, span: tuple[int, int]) -> str:
    """What stands in a span, with a little of what stands around it."""
    start, end = span
    found = one_line(text[start:end])
    if len(found) > _FOUND_AT_MOST:
        found = found[:_FOUND_AT_MOST] + "..."
    before = one_line("|" + text[max(0, start - _BESIDE) : start] + "|")[1:-1]
    after = one_line("|" + text[end : end + _BESIDE] + "|")[1:-1]
    opened = "..." if start > _BESIDE else ""
    closed = "..." if end + _BESIDE < len(text) else ""
    return f"{opened}{before}»{found}«{after}{closed}"


def _hung(out: Output, head: str, text: str, *, style: str = "") -> None:
    """A fact behind its name, further lines below the first one's text."""
    room = max(20, out.width - display_width(head))
    for position, line in enumerate(wrap(text, room)):
        start = head if position == 0 else " " * display_width(head)
        out.line(start + (out.style(line, style) if style else line))
