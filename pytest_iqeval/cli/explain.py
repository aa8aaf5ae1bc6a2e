"""`iqeval explain RUN ITEM`: why a reply was judged as it was."""

from __future__ import annotations

import shlex
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.questions import RUN_HELP, find_question, open_run
from pytest_iqeval.cli.reply_view import show_reply, shown
from pytest_iqeval.cli.verdict_view import (
    OUTCOME_STYLES,
    show_rules,
    show_verdict,
    what_was_got,
)
from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.text import reasoning_blocks
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.request import Reply, reply_number
from pytest_iqeval.core.rescoring import same_verdict
from pytest_iqeval.core.result import Result, Reviewed
from pytest_iqeval.core.sample import Sample, labels_in
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers.code import CodeScorer
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.scoring import judge
from pytest_iqeval.core.width import one_line, wrap
from pytest_iqeval.run.stored import StoredRun, named_scorer, stored_judge

_ABOUT = """\
Prints a question of a finished run and its reply with the answer marked, the verdict, the rule
that read the answer, and why the other rules did not. The stored reply is read again by today's
rules; where the run judged it otherwise, that is said."""
_EXAMPLES = """\
examples:
  iqeval explain last iq-017
  iqeval explain outputs/gemma3-4b/20260801_140312 iqeval/iquiz-open::IQ::iq-017
  iqeval explain last EQ::eq-003 --full --reasoning | less"""


def add_arguments(parser: Parser) -> None:
    """RUN ITEM and how much of the reply is shown."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("run", metavar="RUN", help=RUN_HELP)
    parser.add(
        "item",
        metavar="ITEM",
        help="a node id as in any report, SUBSET::ID, an id, or a part of it that names one",
    )
    parser.add("--repeat", type=int, default=1, metavar="N", help="which of its replies (1)")
    parser.add("--full", action="store_true", help="leave nothing of a long reply out")
    parser.add("--reasoning", action="store_true", help="show the reasoning too")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Explain one question.

    :raises UsageFault: there is no such run or question.
    """
    stored = open_run(arguments.run, start)
    one = find_question(stored, arguments.item, arguments.repeat)
    sample = one.result.sample
    now, scorer, trouble = _today(stored, one)
    _head(out, stored, one.result)
    _question(out, sample, now)
    _endpoint(out, one.result)
    _reply(out, one.reply, now, arguments)
    show_verdict(out, sample, now, scorer)
    if trouble is not None:
        out.line()
        for line in str(trouble).split("\n"):
            out.line(out.style(shown(line), "yellow"))
    elif one.reply is not None:
        _difference(out, stored, one.result.score, now)
        if isinstance(scorer, ReadingScorer) and now.outcome is not Outcome.ERROR:
            name, _ = named_scorer(stored.benchmark(sample.benchmark))
            reading: Reading = scorer.read(sample, one.reply.text)
            if one.reply.cut:
                reading = reading.of_cut_reply()
            show_rules(out, name, scorer.rules, reading, one.reply.text)
    return 0


def _today(stored: StoredRun, one: Reviewed) -> tuple[Score, Scorer | None, UsageFault | None]:
    """Today's score, scorer, and why there is no scorer: then the score is the stored one."""
    try:
        scorer = stored_judge(stored, stored.benchmark(one.result.sample.benchmark)).scorer
    except UsageFault as fault:
        return one.result.score, None, fault
    if one.reply is None:
        return one.result.score, scorer, None
    if isinstance(scorer, CodeScorer):
        return _as_it_ran(scorer, one.result, one.reply), scorer, None
    return judge(scorer, one.result.sample, one.reply), scorer, None


def _as_it_ran(scorer: CodeScorer, result: Result, reply: Reply) -> Score:
    """What was made of a reply whose code is not run again to explain it.

    Where today's rules read other code, the verdict of then is not that code's.
    """
    reading = scorer.read(result.sample, reply.text)
    if reading.answer == result.score.extracted:
        return result.score
    note = "today's rules read other code; `iqeval rescore --allow-code` runs it"
    return replace(result.score, extracted=reading.answer, rule=reading.rule, note=note)


def _head(out: Output, stored: StoredRun, result: Result) -> None:
    run = stored.summary.run
    which = f", reply {reply_number(result.repeat)}" if run.repeats > 1 or result.repeat else ""
    out.heading(result.sample.node_id + which)
    out.line(shown(f"run {stored.folder.path}, model {run.model}"))


def _question(out: Output, sample: Sample, score: Score) -> None:
    out.line()
    out.heading("question")
    for line in shown(sample.input).split("\n"):
        _wrapped(out, line)
    if not sample.choices:
        return
    out.line()
    out.heading("options")
    right = labels_in(sample.target, sample.labels)
    got = labels_in(score.extracted, sample.labels)
    for label, text in zip(sample.labels, sample.choices, strict=False):
        roles = [role for role, of in (("expected", right), ("got", got)) if label in of]
        mark = f"  <- {', '.join(roles)}" if roles else ""
        style = "" if not roles else "green" if label in right else "red"
        for line in wrap(f"{label}) {one_line(text)}{mark}", out.width - 4, indent="   "):
            out.line("    " + (out.style(line, style) if style else line))


def _wrapped(out: Output, line: str) -> None:
    for part in wrap(line, out.width - 4):
        out.line(f"    {part}".rstrip())


def _endpoint(out: Output, result: Result) -> None:
    usage, attempts = result.usage, result.attempts
    said = [f"finish_reason {result.finish_reason or 'not sent'}"]
    if usage.completion_tokens is not None:
        prompt = "" if usage.prompt_tokens is None else f" ({usage.prompt_tokens} in the prompt)"
        said.append(f"{usage.completion_tokens} tokens{prompt}")
    if result.latency_s is not None:
        said.append(f"{result.latency_s:.2f} s")
    said.append(f"{attempts} attempt{'' if attempts == 1 else 's'}")
    out.line()
    out.heading("endpoint")
    out.line("    " + shown(", ".join(said)))


def _reply(out: Output, reply: Reply | None, score: Score, arguments: Namespace) -> None:
    out.line()
    if reply is None:
        out.heading("no reply")
        return
    cut = ", cut by the length limit" if reply.cut else ""
    out.heading(f"reply, {len(reply.text):,} characters{cut}")
    if reply.text.strip():
        show_reply(
            out,
            reply.text,
            score.span,
            reasoning_blocks(reply.text)[0],
            full=arguments.full,
            with_reasoning=arguments.reasoning,
        )
    for name, text in (("refusal", reply.refusal), ("replaced in it", reply.cleaned)):
        if text:
            out.line(f"    {name}: {one_line(text)}")
    if reply.reasoning:
        rest = "no answer is read in it" if arguments.reasoning else "--reasoning shows it"
        out.line()
        out.heading(f"reasoning sent apart, {len(reply.reasoning):,} characters: {rest}")
        if arguments.reasoning:
            show_reply(out, reply.reasoning, None, full=True)


def _difference(out: Output, stored: StoredRun, before: Score, now: Score) -> None:
    """What the run itself made of the reply, where that is something else."""
    if same_verdict(before, now) and (before.rule, before.span) == (now.rule, now.span):
        return
    out.line()
    version = stored.summary.run.versions.get("pytest-iqeval", "another version")
    if same_verdict(before, now):
        where = "" if before.span is None else f" at {before.span[0]} to {before.span[1]}"
        words = f"the run ({version}) read the same answer by the rule {before.rule}{where}"
        out.line(out.style(shown(words), "yellow"))
        return
    out.line(out.style(f"the run ({version}) judged otherwise:", "yellow"))
    style = OUTCOME_STYLES.get(before.outcome, "yellow")
    got = what_was_got(before)
    what = "" if got is None else f", got {got}"
    by = f" by the rule {before.rule}" if before.rule else ""
    out.line(f"    {out.style(before.outcome.value, style)}{what}{by}")
    if before.note:
        _wrapped(out, one_line(before.note))
    run = shlex.quote(str(stored.folder.path))
    out.line(shown(f"    iqeval rescore {run} shows all that would change"))
