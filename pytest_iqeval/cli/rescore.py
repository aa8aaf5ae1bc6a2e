"""`iqeval rescore RUN`: which verdicts of a finished run would change. Writes nothing."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.cli.questions import RUN_HELP, open_run
from pytest_iqeval.cli.rescore_view import as_plain, show
from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.rescoring import Judge, check_questions, rescore
from pytest_iqeval.core.scorers.code import CodeScorer
from pytest_iqeval.core.summary import BenchmarkSummary
from pytest_iqeval.run.scorers import known_scorer, scorer_names
from pytest_iqeval.run.stored import StoredRun, named_scorer, stored_judge
from pytest_iqeval.sandbox.confinement import find_confinement
from pytest_iqeval.sources.definitions import plain_value, read_definition
from pytest_iqeval.store.baseline import read_baseline

_ABOUT = """\
Judges every stored reply of a finished run again, by today's rules or by another scorer, and
prints which verdicts would change and what the gates would say then. It asks no model anything
and writes nothing; to have the new verdicts as a run: pytest --iqeval-replay RUN."""
_EXAMPLES = """\
examples:
  iqeval rescore last
  iqeval rescore outputs/gemma3-4b/20260801_140312 --all
  iqeval rescore last --scorer '{name: choice}' --json

exit code: 0, whatever would change; with --exit-code 1 if anything would; 4 if the command has
to be mended"""
_DEFINITIONS = (".yaml", ".yml")


def add_arguments(parser: Parser) -> None:
    """RUN, another scorer, and how the result is told."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("run", metavar="RUN", help=RUN_HELP)
    parser.add(
        "--scorer",
        metavar="SCORER",
        help="a scorer's name, the name with its options as a definition has them "
        "({name: NAME, OPTION: VALUE}), or a definition's file (the scorer that it names)",
    )
    parser.add(
        "--scorer-option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an option of the scorer (VALUE is JSON, else text); can be given again",
    )
    parser.add(
        "--benchmark",
        action="append",
        default=[],
        metavar="NAME",
        help="the benchmark that --scorer and --scorer-option are for (all of the run); can be "
        "given again",
    )
    parser.add(
        "--allow-code",
        action="store_true",
        help="run the code that the model wrote, in a sandbox, for benchmarks that need it",
    )
    parser.add("--all", action="store_true", help="list every change, not the first 50")
    parser.add("--json", action="store_true", help="print one JSON object, with every change")
    parser.add("--exit-code", action="store_true", help="exit with 1 if anything would change")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Print what would change.

    :raises UsageFault: there is no such run or scorer, or the scorer is not for its questions.
    """
    stored = open_run(arguments.run, start)
    judges = _judges(stored, arguments)
    check_questions(judges, stored.reviewed)
    _allow_code(judges, allowed=arguments.allow_code)
    kept = stored.folder.baseline
    baseline = read_baseline(kept) if kept.is_file() else None
    rescored = rescore(stored.summary, stored.reviewed, judges, baseline=baseline)
    if arguments.json:
        plain = as_plain(stored.folder.path, rescored)
        out.line(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        show(out, stored.folder.path, rescored, every=arguments.all)
    return 1 if arguments.exit_code and rescored.changes else 0


def _judges(stored: StoredRun, arguments: Namespace) -> dict[str, Judge]:
    """The scorer of each benchmark of the run: the user's choice, else the one that judged it."""
    benchmarks = stored.summary.benchmarks
    given = [stored.benchmark(name).name for name in arguments.benchmark]
    chosen = arguments.scorer is not None or bool(arguments.scorer_option)
    if given and not chosen:
        raise SettingsError(
            "--benchmark says which benchmark --scorer is for, and no scorer is given",
            hint="add --scorer NAME or --scorer-option KEY=VALUE",
        )
    return {
        b.name: _chosen(b, arguments.scorer, arguments.scorer_option)
        if chosen and (not given or b.name in given)
        else stored_judge(stored, b)
        for b in benchmarks
    }


def _allow_code(judges: Mapping[str, Judge], *, allowed: bool) -> None:
    """Let scorers run code where the user says so.

    :raises SettingsError: some would have to, and the user does not.
    """
    running = {n: j.scorer for n, j in judges.items() if isinstance(j.scorer, CodeScorer)}
    if running and not allowed:
        raise SettingsError(
            f"to judge {', '.join(running)}, code that the model wrote has to be run",
            hint="add --allow-code to have it run in a sandbox, or --scorer for another scorer",
        )
    if running:
        find_confinement()  # or say at once that it can't be
    for scorer in running.values():
        scorer.allow()


def _chosen(benchmark: BenchmarkSummary, text: str | None, further: Sequence[str]) -> Judge:
    """The scorer that the user names; without a name the benchmark's own, with other options."""
    name, options = named_scorer(benchmark) if text is None else _named(text)
    options = {**options, **dict(map(_pair, further))}
    return Judge(scorer=known_scorer(name, options, where="--scorer: "), name=name, options=options)


def _named(text: str) -> tuple[str, Mapping[str, object]]:
    """What ``--scorer`` says: a definition's file, a mapping, or a name."""
    path = Path(text)
    if path.suffix in _DEFINITIONS and path.is_file():
        definition = read_definition(path, shown=text, scorers=scorer_names())
        return definition.scorer, definition.scorer_options
    if not text.lstrip().startswith("{"):
        return text.strip(), {}
    value = plain_value(text, shown="--scorer")
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise SettingsError(
            f"--scorer {text}: names no scorer",
            hint="write it as a definition does: {name: NAME, OPTION: VALUE}",
        )
    return value["name"], {str(key): one for key, one in value.items() if key != "name"}


def _pair(text: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise SettingsError(
            f"--scorer-option {text!r}: expected KEY=VALUE", hint="for example tolerance=0.01"
        )
    try:
        return key.strip(), json.loads(value)
    except ValueError:
        return key.strip(), value
