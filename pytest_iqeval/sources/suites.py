"""A suite's file → the suite, and an EvalScope task configuration → the same.

Both are a mapping, in YAML or JSON, and told apart by one key that each must have: a suite has
``benchmarks``, a task configuration ``datasets``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pytest_iqeval.core.errors import AbsentData, DefinitionError, GateError, nearest
from pytest_iqeval.core.evalscope import is_task, parse_task
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.core.suite import Suite
from pytest_iqeval.core.suite_fields import parse_suite
from pytest_iqeval.sources.definitions import line_of_gate, plain_value
from pytest_iqeval.sources.records import Fault, decode

_KINDS = "a suite has `benchmarks:`, an EvalScope task configuration `datasets:`"


def read_suite(path: Path, *, shown: str, start: Path, known: Iterable[str]) -> Suite:
    """The suite in a file.

    :param shown: the file's name in messages.
    :param start: the folder that relative paths of options start from.
    :param known: the names of the benchmarks there are, for names of another system.
    :raises DefinitionError: it can't be read, is neither kind of file, or all that is wrong in it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, shown, error) from None
    text = decode(content)
    if isinstance(text, Fault):
        raise DefinitionError(text.told(shown))
    in_json = path.suffix.lower() == ".json"
    raw = _json(text, shown) if in_json else plain_value(text, shown=shown)

    def place(written: str) -> str:
        return _from_start(path.parent, written, start)

    if not isinstance(raw, Mapping):
        raise DefinitionError(f"{shown}: holds {kind_of(raw)}, not a mapping", hint=_KINDS)
    if "benchmarks" in raw and is_task(raw):
        raise DefinitionError(
            f"{shown}: has `benchmarks` and keys of an EvalScope task configuration", hint=_KINDS
        )
    if is_task(raw):
        suite = parse_task(
            raw, file=shown, known=known, place=place, there=lambda file: (start / file).is_file()
        )
    elif "benchmarks" in raw:
        suite = _suite(raw, file=shown, text=None if in_json else text, place=place)
    else:
        raise DefinitionError(
            f"{shown}: is neither a suite nor an EvalScope task configuration", hint=_KINDS
        )
    return replace(suite, sha256=hashlib.sha256(content).hexdigest())


def holds_suite(path: Path) -> bool:
    """Whether a file is a suite or a task configuration, and no benchmark; it may be at fault."""
    suffix = path.suffix.lower()
    if suffix not in (".yaml", ".yml", ".json") or not path.is_file():
        return False
    try:
        text = decode(path.read_bytes())
        if isinstance(text, Fault):
            return False
        raw = _json(text, "") if suffix == ".json" else plain_value(text, shown="")
    except (OSError, DefinitionError):
        return False
    return isinstance(raw, Mapping) and ("benchmarks" in raw or is_task(raw))


def _unreadable(path: Path, shown: str, error: OSError) -> DefinitionError:
    if not isinstance(error, FileNotFoundError):
        return DefinitionError(f"{shown}: can't be read: {error.strerror or error}")
    try:
        there = [p.name for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml", ".json")]
    except OSError:
        there = []
    near = [str(Path(shown).parent / name) for name in nearest(path.name, there)]
    return AbsentData(
        f"--iqeval-suite {shown}: there is no such file",
        hint=f"did you mean {' or '.join(near)}?" if near else None,
    )


def _json(text: str, shown: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once_each)
    except _Twice as twice:
        raise DefinitionError(f"{shown}: broken JSON: the key '{twice}' stands twice") from None
    except json.JSONDecodeError as error:
        raise DefinitionError(f"{shown}:{error.lineno}: broken JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:  # an integer of thousands of digits; brackets
        raise DefinitionError(f"{shown}: broken JSON: {type(error).__name__}") from None


class _Twice(Exception):
    """A key that a mapping has twice: one of its values would be lost."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _suite(
    raw: Mapping[object, object], *, file: str, text: str | None, place: Callable[[str], str]
) -> Suite:
    """A suite with the line of each gate, 0 where they can't be told (``text`` is YAML, or none).

    :raises DefinitionError: all that is wrong; gates that can't be read each with its line.
    """
    gates = raw.get("gates")
    written = list(enumerate(gates)) if isinstance(gates, list) else []
    lines = tuple(0 if text is None else line_of_gate(text, n) for n, _ in written)
    faults = [
        fault
        for n, gate in written
        if isinstance(gate, str) and (fault := _gate_fault(gate, file=file, line=lines[n]))
    ]
    try:
        suite = parse_suite(raw, file=file, place=place)
    except DefinitionError as others:
        raise DefinitionError([*others.problems, *faults]) from None
    if faults:
        raise DefinitionError(faults)
    return replace(suite, gate_lines=lines)


def _gate_fault(gate: str, *, file: str, line: int) -> str | None:
    try:
        parse_gate(gate, own=None)  # whose metrics the users' hooks give is not known yet
    except GateError as fault:
        where = f"{file}:{line}" if line else file
        hint = f"\n  hint: {fault.hint}" if fault.hint else ""
        return f"{where}: {fault.problem}{hint}"
    return None


def _from_start(folder: Path, written: str, start: Path) -> str:
    """A path beside the suite as one from where pytest was started, as short as it can be said."""
    path = Path(os.path.normpath(folder / written))
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)
