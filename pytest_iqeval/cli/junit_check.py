"""`iqeval junit-check FILE`: what each dashboard would lose of a JUnit file; splits it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.core.errors import FolderError, SettingsError, UnknownName
from pytest_iqeval.core.width import one_line
from pytest_iqeval.reports.junit.losses import DASHBOARDS, Loss
from pytest_iqeval.reports.junit.split import parts_there, split
from pytest_iqeval.reports.junit.tally import Tally, tally

_ABOUT = """\
Reads a JUnit file, ours or another's, and says what each dashboard would lose of it: test cases
beyond a limit, equal names, what its schema forbids. With --split it writes files that fit."""
_EXAMPLES = """\
examples:
  iqeval junit-check junit.xml
  iqeval junit-check junit.xml --for gitlab,jenkins
  iqeval junit-check junit.xml --split 5000      writes junit.1.xml, junit.2.xml, ...

exit code: 0, nothing would be lost (of the parts, with --split); 1, something would; 4, the file
can't be read, or the command has to be mended"""


def add_arguments(parser: Parser) -> None:
    """FILE, for which dashboards, and how to split it."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("file", metavar="FILE", help="the file that --junitxml wrote")
    parser.add(
        "--for",
        dest="dashboards",
        metavar="NAME[,NAME]",
        help=f"look at these dashboards only: {', '.join(_names())} (all)",
    )
    parser.add(
        "--split",
        type=int,
        metavar="N",
        help="write files of at most N test cases beside FILE: gates in the first, properties "
        "in each",
    )
    parser.add("--force", action="store_true", help="replace the files of an earlier split")


def run(arguments: Namespace, out: Output, start: Path) -> int:  # noqa: ARG001 - a `Command`
    """Check, and split where that is wanted.

    :raises UsageFault: the file can't be read, or the parts would replace others.
    """
    path = Path(arguments.file)
    wanted = _wanted(arguments.dashboards)
    if arguments.split is not None:
        _check_split(path, arguments.split, force=arguments.force)
    elif arguments.force:
        raise SettingsError("--force is for --split", hint="add --split N, or leave it away")
    whole = tally(path)
    _say_what_it_is(out, whole)
    if not whole.counts["tests"]:
        out.line(out.style("no test cases: there is nothing that a dashboard could show", "yellow"))
        return 1
    losses = {name: list(DASHBOARDS[name][1](whole)) for name in wanted}
    if arguments.split is None:
        return _say(out, losses)
    return _say(out, _left_after(out, path, arguments.split, losses))


def _names() -> list[str]:
    return [name for name in DASHBOARDS if name != "every"]


def _wanted(given: str | None) -> list[str]:
    names = _names() if given is None else [one.strip() for one in given.split(",")]
    for name in names:
        if name not in _names():
            raise UnknownName("dashboard", name, _names())
    return [*names, "every"]


def _check_split(path: Path, at_most: int, *, force: bool) -> None:
    if at_most < 1:
        raise SettingsError(f"--split {at_most}: at least 1", hint="for example --split 5000")
    there = parts_there(path) if path.parent.is_dir() else []
    if there and not force:
        named = ", ".join(p.name for p in there[:3]) + (", …" if len(there) > 3 else "")
        raise FolderError(
            f"{path.parent}: {named} would be replaced: an earlier split wrote "
            f"{len(there)} file{'s' * (len(there) > 1)}",
            hint="add --force, or take them away",
        )


def _say_what_it_is(out: Output, found: Tally) -> None:
    counts = found.counts
    gates = f" ({found.gates} of them gates)" if found.gates else ""
    out.heading(
        one_line(
            f"{found.path}: {counts['tests']:,} test cases{gates}, "
            f"{counts['failures']:,} failures, {counts['errors']:,} errors, "
            f"{counts['skipped']:,} skipped, {found.size:,} bytes"
        )
    )


def _left_after(
    out: Output, path: Path, at_most: int, losses: dict[str, list[Loss]]
) -> dict[str, list[Loss]]:
    """What is lost of the parts: what size has nothing to do with, and parts still too large."""
    before = parts_there(path)
    parts = split(path, at_most)
    left = {
        name: [one for one in known if not one.mended_by_split] for name, known in losses.items()
    }
    for part in parts:
        found = tally(part)
        replaced = " (replaced)" if part in before else ""
        out.line(one_line(f"wrote {part}: {found.counts['tests']:,} test cases{replaced}"))
        for name, known in left.items():
            known += [
                replace(one, what=f"{part.name}: {one.what}")
                for one in DASHBOARDS[name][1](found)
                if one.mended_by_split
            ]
    for stale in before:
        if stale not in parts:
            words = f"{stale} is of an earlier split: take it away"
            out.line(out.style(one_line(words), "yellow"))
    return left


def _say(out: Output, losses: dict[str, list[Loss]]) -> int:
    """Print what is lost; the exit code."""
    for name, known in losses.items():
        called = DASHBOARDS[name][0]
        if not known and name != "every":
            out.line(f"{called}: nothing is lost")
        for loss in known:
            out.line(out.style(one_line(f"{called}: {loss.what}"), "red"))
            out.line(f"    to do: {loss.todo}")
            out.line(f"    source: {loss.source}")
    return 1 if any(losses.values()) else 0
