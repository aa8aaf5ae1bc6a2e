"""The definition that a benchmark of EvalScope's has here, or what stands for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pytest_iqeval.core.definition import EACH, Definition
from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.evalscope_names import CUSTOM, our_benchmark
from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.sources.definitions import definition_of, plain_value
from pytest_iqeval.sources.evalscope.questions import taken_apart
from pytest_iqeval.sources.evalscope.values import Record
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder

_CHINESE = re.compile("[\u4e00-\u9fff]")


class Ours(NamedTuple):
    """A benchmark's name here, its definition, and the fields that this was made of.

    ``definition`` is ``None`` where the benchmark is not known here.
    """

    name: str
    definition: Definition | None
    fields: Mapping[str, object]


def ours_of(theirs: str, records: Sequence[Record], *, scorers: Iterable[str]) -> Ours:
    """What a benchmark of theirs is here.

    Of users' own sets (`general_mcq`) the prompts tell what they are.

    :param records: of all its subsets.
    """
    known = tuple(scorers)
    name = our_benchmark(theirs)
    path = datasets_folder() / (name or "") / DEFINITION
    if name is not None and path.is_file():
        content = path.read_bytes()
        definition = definition_of(content, shown=f"{name}/{DEFINITION}", scorers=known)
        plain = plain_value(content.decode("utf-8"), shown=name)
        return Ours(name, definition, dict(plain) if isinstance(plain, Mapping) else {})
    if theirs in CUSTOM:
        scorer = _scorer_of(records)
        if scorer is not None:
            fields = {"language": language_of(records), "scorer": scorer}
            plain = {"name": theirs, "data": "of-theirs.jsonl", **fields}
            definition = parse_definition(plain, file=theirs, scorers=known)
            return Ours(theirs, definition, {**fields, "prompt": definition.prompt})
    return Ours(name or safe_id(theirs), None, {})


def subset_names(definition: Definition | None) -> tuple[str, ...]:
    """The subsets that a definition names; none where the data alone tells them."""
    if definition is None:
        return ()
    named = dict.fromkeys(name for layout in definition.data for name in layout.test)
    return tuple(definition.subsets) or tuple(name for name in named if name != EACH)


def recorded_fields(records: Sequence[Record], ours: Mapping[str, object]) -> Mapping[str, object]:
    """The fields of a definition whose replies keep their scores.

    :param ours: those of our own definition, where its questions are the records'.
    """
    whole = {"language": language_of(records), "prompt": "{question}"}
    return {**whole, **ours, "scorer": RECORDED}


def language_of(records: Iterable[Record]) -> str:
    """The language in which most of the prompts are."""
    asked = [record.asked[-1].content for record in records if record.asked]
    chinese = sum(_CHINESE.search(prompt) is not None for prompt in asked)
    return "zh" if chinese * 2 > len(asked) else "en"


def _scorer_of(records: Sequence[Record]) -> str | None:
    """`choice` or `multi_choice` where all the prompts have options."""
    found = [taken_apart(r.asked[-1].content) if r.asked else None for r in records]
    if not found or any(one is None or not one.choices for one in found):
        return None
    several = any(len("".join(record.targets)) > 1 for record in records)
    return "multi_choice" if several else "choice"
