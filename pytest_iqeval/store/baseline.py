"""A baseline as a file: small, sorted, a line a question, so that it lies well in git."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_iqeval.core.comparison import Baseline, Question
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.facts import Facts
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.score import Outcome, Score

SCHEMA_VERSION = 1
_HINT = "make it again: iqeval baseline RUN -o FILE; or take the file as it was from git"
_SCORED = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.ERROR)


def baseline_text(baseline: Baseline) -> str:
    """The content of the file; equal baselines give equal bytes."""
    facts = baseline.facts
    head: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "run": baseline.run,
        "model": baseline.model,
        "settings": dict(facts.settings),
        "benchmarks": {name: dict(facts.benchmarks[name]) for name in facts.benchmarks},
    }
    lines = [f"  {_json(name)}: {_block(value)}," for name, value in head.items()]
    questions = [
        f"    {_json('::'.join(question))}: {_json([_reply(one) for one in scores])}"
        for question, scores in sorted(baseline.scores.items())
    ]
    listed = "{\n" + ",\n".join(questions) + "\n  }" if questions else "{}"
    return "\n".join(["{", *lines, f'  "questions": {listed}', "}"]) + "\n"


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write the file, and the folder that it lies in where there is none.

    :raises FolderError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(baseline_text(baseline), encoding="utf-8", newline="\n")
    except OSError as error:
        raise FolderError(f"{path}: can't be written: {error.strerror or error}") from None


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file.

    :raises FolderError: it can't be read, is damaged (with the line), or of another version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or error
        raise FolderError(f"{path}: can't be read: {said}") from None
    return _Reader(path, text).baseline()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(value: object) -> str:
    """A value of the head, a line a name."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return text.replace("\n", "\n  ")


def _reply(score: Score) -> str:
    """``correct``, ``incorrect 0.5``: the value where the outcome does not say it."""
    value = score.value
    if value is None or value == _usual(score.outcome):
        return score.outcome.value
    return f"{score.outcome.value} {value!r}"


def _usual(outcome: Outcome) -> float:
    return 1.0 if outcome is Outcome.CORRECT else 0.0


class _Reader:
    """Reads one file, and knows the lines of what is wrong with it."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    def baseline(self) -> Baseline:
        plain = self._plain()
        version = plain.get("schema_version")
        if version is None or "questions" not in plain:
            raise self._fault(1, "is no baseline")
        if version != SCHEMA_VERSION:
            raise FolderError(
                f"{self._path}: has schema_version {version!r}, "
                f"and this version reads {SCHEMA_VERSION}",
                hint="upgrade pytest-iqeval",
            )
        benchmarks = self._mapping(plain, "benchmarks")
        questions = self._mapping(plain, "questions")
        return Baseline(
            run=self._told(plain, "run"),
            model=self._told(plain, "model"),
            scores={
                self._question(name): self._scores(name, replies)
                for name, replies in questions.items()
            },
            facts=Facts(
                settings=self._texts(plain, "settings"),
                benchmarks={name: self._texts(benchmarks, name) for name in benchmarks},
            ),
        )

    def _plain(self) -> dict[str, Any]:
        try:
            plain = json.loads(self._text, object_pairs_hook=self._once)
        except json.JSONDecodeError as error:
            words = f"is no JSON from column {error.colno} on: {error.msg}"
            raise self._fault(error.lineno, words) from None
        except RecursionError:
            raise self._fault(1, "is no baseline") from None
        if not isinstance(plain, dict):
            raise self._fault(1, "is no baseline")
        return plain

    def _once(self, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        """A mapping; a name that stands twice (both sides of a merge were kept) is a fault."""
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise self._fault(self._line(name, last=True), f"{quoted(name)} stands there twice")
            found[name] = value
        return found

    def _question(self, name: str) -> Question:
        parts = name.split("::")
        if len(parts) != 3 or not all(parts):
            words = f"{quoted(name)} is no question: BENCHMARK::SUBSET::ID"
            raise self._fault(self._line(name), words)
        return parts[0], parts[1], parts[2]

    def _scores(self, name: str, replies: object) -> tuple[Score, ...]:
        if not isinstance(replies, list):
            words = f"{quoted(name)} has {kind_of(replies)}, where a list of outcomes is expected"
            raise self._fault(self._line(name), words)
        return tuple(self._score(name, reply) for reply in replies)

    def _score(self, name: str, reply: object) -> Score:
        outcome, _, value = reply.partition(" ") if isinstance(reply, str) else ("", "", "")
        if outcome not in _SCORED:
            words = f"{quoted(name)} has the outcome {reply!r}, not one of {', '.join(_SCORED)}"
            raise self._fault(self._line(name), words)
        found = Outcome(outcome)
        if not value:
            return Score(outcome=found, value=_usual(found))
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0.0 <= number <= 1.0:
            words = f"{quoted(name)} has the value {quoted(value)}, not a number from 0 to 1"
            raise self._fault(self._line(name), words)
        return Score(outcome=found, value=number)

    def _mapping(self, plain: Mapping[str, Any], name: str) -> dict[str, Any]:
        value = plain.get(name, {})
        if not isinstance(value, dict):
            raise self._fault(self._line(name), f"{quoted(name)} is {kind_of(value)}")
        return value

    def _texts(self, plain: Mapping[str, Any], name: str) -> dict[str, str]:
        values = self._mapping(plain, name)
        for key in values:
            if not isinstance(values[key], str):
                raise self._fault(self._line(key), f"{quoted(key)} is {kind_of(values[key])}")
        return values

    def _told(self, plain: Mapping[str, Any], name: str) -> str:
        value = plain.get(name)
        if not isinstance(value, str):
            raise self._fault(self._line(name), f"{quoted(name)} is {kind_of(value)}")
        return value

    def _line(self, name: str, *, last: bool = False) -> int:
        """Where a name stands in the file, as it is written there or with escapes."""
        wanted = (f"{_json(name)}:", f"{json.dumps(name)}:")
        lines = self._text.split("\n")
        at = [n for n, line in enumerate(lines, 1) if line.strip().startswith(wanted)]
        return 1 if not at else at[-1] if last else at[0]

    def _fault(self, line: int, words: str) -> FolderError:
        return FolderError(f"{self._path}:{line}: {words}", hint=_HINT)
