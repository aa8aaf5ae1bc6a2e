"""`iqeval check PATH…`: what is wrong with definitions and their data, before anything is asked."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.sets import SPEC_HELP, add_surroundings, entry, scorers_of
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.doubts import doubts
from pytest_iqeval.core.errors import AbsentData, DefinitionError, UnknownName, UsageFault
from pytest_iqeval.core.phrases import sets as phrases
from pytest_iqeval.core.scoring import check_targets
from pytest_iqeval.core.width import one_line, wrap
from pytest_iqeval.run.scorers import known_scorer, scorer_names
from pytest_iqeval.sources.catalogue import known_names
from pytest_iqeval.sources.inventory import Entry
from pytest_iqeval.sources.reading import shown_path
from pytest_iqeval.sources.suites import holds_suite, read_suite

_ABOUT = """\
Reads definitions and their data as a run would, and prints every fault with file, line, field and
what to do. What is no fault and may be a mistake is told as a note: answers that are mostly one
letter, a question that stands there twice, examples that are questions too. Of a suite it checks
every benchmark that the suite names. It asks nothing."""
_EXAMPLES = """\
examples:
  iqeval check benchmark.yaml
  iqeval check my.jsonl weather/ iquiz-open
  iqeval check release.yaml
  iqeval check benchmark.yaml --strict

exit code: 0, no faults; 1, there are faults (with --strict: or notes); 4, the command has to be
mended (there is no such file)"""
FOUND = 1


def add_arguments(parser: Parser) -> None:
    """What is checked."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("specs", metavar="NAME|PATH", nargs="+", help=SPEC_HELP)
    add_surroundings(parser)
    parser.add("--strict", action="store_true", help="exit with 1 over notes too")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Check each.

    :raises UsageFault: there is no such benchmark or file.
    """
    code = 0
    waiting = list(arguments.specs)
    while waiting:
        spec = waiting.pop(0)
        if holds_suite(start / spec):
            faults, named = _check_suite(spec, out, start)
            waiting, notes = [*named, *waiting], 0
        else:
            faults, notes = _check(spec, arguments, out, start)
        if faults or (notes and arguments.strict):
            code = FOUND
    return code


def _check_suite(spec: str, out: Output, start: Path) -> tuple[int, list[str]]:
    """Print what there is to say of a suite; its faults, and what it names, to be checked next."""
    path = start / spec
    try:
        suite = read_suite(path, shown=shown_path(path, start), start=start, known=known_names())
    except UsageFault as fault:
        return _faults(spec, fault, out), []
    out.line(one_line(out.said(phrases.GOOD_SUITE(spec=spec, count=len(suite.sets)))))
    for told in suite.taken:  # what became of each key of a file of another system
        _wrapped(out, out.said(told))
    return 0, [named for one in suite.sets for named in one.specs]


def _check(spec: str, arguments: Namespace, out: Output, start: Path) -> tuple[int, int]:
    """Print what there is to say of one; how many faults and notes that is."""
    try:
        one = entry(spec, arguments, start)
    except (AbsentData, UnknownName):  # there is nothing to check
        raise
    except UsageFault as fault:  # a data file that came alone
        return _faults(spec, fault, out), 0
    trouble = one.trouble or _scorer_trouble(one, arguments, start)
    # Whoever wrote a definition knows where the data is, unless a hub has it.
    elsewhere = one.definition is not None and (not one.own or bool(one.definition.hub))
    if one.absent and elsewhere:
        out.line(one_line(out.said(phrases.ABSENT_DATA(spec=spec))))
        return 0, 0
    if trouble is not None or one.loaded is None:
        assert trouble is not None
        return _faults(spec, trouble, out), 0
    benchmark = one.loaded.benchmark
    subsets = one.loaded.subsets or benchmark.subsets
    named = sum(sample.subset in subsets for sample in benchmark.samples)
    good = phrases.GOOD(spec=spec, questions=phrases.QUESTIONS(count=named), count=len(subsets))
    out.line(one_line(out.said(good)))
    if one.definition is None:
        _wrapped(out, out.said(benchmark.definition.description))
    notes = doubts(benchmark, shown=lambda file: shown_path(Path(file), start))
    for note in notes:
        _wrapped(out, out.said(phrases.DOUBT(doubt=note)), style="yellow")
    return 0, len(notes)


def _scorer_trouble(one: Entry, arguments: Namespace, start: Path) -> UsageFault | None:
    """What is wrong with the scorer's options, or with the answers that it is to meet."""
    if one.benchmark is None:
        return None
    definition = one.benchmark.definition
    if definition.scorer not in scorer_names():  # a conftest's, which is not loaded here
        assert definition.scorer in scorers_of(arguments)
        return None
    try:
        where = f"{definition.file}: "
        scorer = known_scorer(definition.scorer, definition.scorer_options, where=where)
        check_targets(scorer, one.benchmark, shown=lambda file: shown_path(Path(file), start))
    except UsageFault as fault:
        return fault
    return None


def _faults(spec: str, fault: UsageFault, out: Output) -> int:
    problems = fault.problems if isinstance(fault, DefinitionError) else [fault.problem]
    out.line(out.style(out.said(phrases.FAULTS(spec=spec, count=len(problems))), "red"))
    for problem in problems:
        for line in visible(problem).split("\n"):
            out.line(f"  {line}")
    if fault.hint is not None:
        _wrapped(out, out.said(phrases.HINT(hint=fault.hint)))
    return len(problems)


def _wrapped(out: Output, text: str, *, style: str | None = None) -> None:
    for line in wrap(one_line(text), out.width - 2, indent="  "):
        out.line("  " + (line if style is None else out.style(line, style)))
