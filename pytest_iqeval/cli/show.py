"""`iqeval show NAME`: a benchmark in words, and a few questions as the model will see them."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path

from pytest_iqeval.cli.columns import in_columns
from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.sets import EXIT_CODES, SPEC_HELP, add_surroundings, entry
from pytest_iqeval.cli.show_facts import facts_of
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.options import ANSWER_MODES
from pytest_iqeval.core.phrases import sets as phrases
from pytest_iqeval.core.request import Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.selection import draw_key
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import (
    Examples,
    check_examples,
    examples_there,
    with_examples,
)
from pytest_iqeval.core.width import display_width, one_line, pad, wrap
from pytest_iqeval.sources.catalogue import Loaded
from pytest_iqeval.sources.inventory import Entry

_ABOUT = """\
Prints what a benchmark is (licence, revision, data, prompt, scorer), its subsets, and a few of its
questions exactly as a model will see them. Where the data is not here it says how to get it."""
_EXAMPLES = f"""\
examples:
  iqeval show iquiz-open
  iqeval show my.jsonl --samples 1
  iqeval show mmlu:anatomy --data-dir data --few-shot 2 --answer letter

{EXIT_CODES}"""
_SAMPLES = 3


def add_arguments(parser: Parser) -> None:
    """What is shown, and which questions of it."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("spec", metavar="NAME|PATH", help=SPEC_HELP)
    add_surroundings(parser)
    parser.add(
        "--samples",
        type=int,
        default=_SAMPLES,
        metavar="N",
        help=f"how many questions ({_SAMPLES}; 0: none), drawn as --iqeval-sample does",
    )
    parser.add("--seed", type=int, default=0, metavar="S", help="of the draw (0)")
    parser.add(
        "--few-shot",
        type=int,
        metavar="N",
        help="how many examples before each (the definition's), as --iqeval-few-shot",
    )
    parser.add(
        "--answer",
        choices=ANSWER_MODES,
        default=ANSWER_MODES[0],
        help="how the answer is asked for, as --iqeval-answer",
    )


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print it.

    :raises UsageFault: there is no such benchmark, or it is at fault.
    """
    one = entry(arguments.spec, arguments, start)
    if one.trouble is not None and not one.absent:
        raise one.trouble
    definition = one.benchmark.definition if one.benchmark is not None else one.definition
    assert definition is not None
    title = f"{one.name}: {definition.title}" if definition.title else one.name
    out.heading(one_line(title))
    if definition.description:
        for line in wrap(one_line(out.said(definition.description)), out.width):
            out.line(line)
    _facts(out, one, start)
    if one.loaded is None:
        out.line()
        out.heading(phrases.NO_DATA)
        out.line(visible(str(one.trouble)))
        return 0
    _subsets(out, one.loaded.benchmark)
    _samples(out, with_examples(one.loaded.benchmark, arguments.few_shot), one.loaded, arguments)
    return 0


def _facts(out: Output, one: Entry, start: Path) -> None:
    facts = [(out.said(phrases.LABELS[name]), told) for name, told in facts_of(one, start)]
    width = max(display_width(label) for label, _ in facts)
    out.line()
    for label, told in facts:
        begin = pad(label, width)
        for line in wrap(one_line(out.said(told)), out.width - width - 2):
            out.line(f"{begin}  {line}")
            begin = " " * width


def _subsets(out: Output, benchmark: Benchmark) -> None:
    counts = Counter(one.subset for one in benchmark.samples)
    categories: dict[str, str] = {}
    for one in benchmark.samples:
        category = benchmark.definition.subsets.get(one.subset, {}).get("category", "")
        categories.setdefault(one.subset, str(category))
    out.line()
    questions = phrases.QUESTIONS(count=len(benchmark.samples))
    out.heading(phrases.SUBSETS(count=len(counts), questions=questions))
    rows: list[list[str]] = [[*out.said(list(phrases.SUBSET_COLUMNS.values()))]]
    for subset, count in counts.items():
        examples = len(examples_there(benchmark, subset))
        rows.append([subset, categories[subset], f"{count:,}", f"{examples}" if examples else ""])
    for line in in_columns(rows, width=out.width, right=(2, 3), gives=(0, 1)):
        out.line(f"  {line}")


def _samples(out: Output, benchmark: Benchmark, loaded: Loaded, arguments: Namespace) -> None:
    there = [
        one for one in benchmark.samples if loaded.subsets is None or one.subset in loaded.subsets
    ]
    drawn = sorted(there, key=lambda one: (draw_key(arguments.seed, one.id), one.id))
    drawn = drawn[: max(0, arguments.samples)]
    if not drawn:
        return
    check_examples(benchmark, {one.subset for one in drawn})
    examples = Examples(benchmark, arguments.answer)
    out.line()
    out.heading(phrases.SAMPLES(count=len(drawn), answer=arguments.answer))
    for one in drawn:
        request = chat_request(
            benchmark.definition, one, arguments.answer, examples=examples.of(one)
        )
        _sample(out, one, request)


def _sample(out: Output, sample: Sample, request: Request) -> None:
    out.line()
    out.line(out.style(sample.node_id, "bold"))
    for message in request.messages:
        out.line(f"  [{message.role}]")
        for line in visible(message.content).split("\n"):
            out.line(f"    {line}".rstrip())
    right = " | ".join(sample.targets)
    out.line(f"  [{out.said(phrases.TARGET)}] {out.style(one_line(right), 'green')}")
