"""A benchmark's YAML file → its definition. The only module that imports yaml.

    name: my-set                        # letters, digits, - _ .
    language: zh                        # or en
    data: {easy: easy.jsonl, hard: [hard_test.jsonl, hard.csv]}   # subset: file, or the first of

Those three are needed. The rest, with what holds where it is left out:

    data:                               # or layouts of the files: see core.definition_layouts
      - {test: set_test.csv, dev: set_dev.csv, subset: subject}
      - {test: "test/{subset}.csv", dev: "dev/{subset}.csv", columns: [question, A, B, answer]}
    subsets: {easy: school, hard: {category: university}}   # the names in the data, in its order
    title: …  description: …  licence: …  licence_url: …  homepage: …  source: …
    revision: "1"                       # the data's sha256
    system: …                           # no system message
    prompt: |                           # the general prompt of the language
      {question}
      {options}
    scorer: choice                      # or {name: choice, and its options}
    fields:                             # the data's columns have our names
      question: query
      choices: [A, B, C, D]             # or one column that holds a list
      answer: gold
      id: uid                           # without ids they are made of the content
      level: difficulty                 # likewise category and explanation
      system: persona                   # a row's own system message; taken only where named
    answer_kind: index                  # letter (a label, or the text of an option), letters for
                                        # multi_choice, text for free questions; or position
    labels: digits                      # letters
    gates: ["accuracy >= 0.6"]          # conditions that hold in every run, about its questions
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.errors import DefinitionError, GateError
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.sources.records import Fault, decode


def read_definition(path: Path, *, shown: str, scorers: Iterable[str]) -> Definition:
    """The definition in a YAML file.

    :param shown: the file's name in messages.
    :raises DefinitionError: it can't be read, is no YAML, or describes no benchmark.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DefinitionError(f"{shown}: can't be read: {error.strerror or error}") from None
    return definition_of(content, shown=shown, scorers=scorers)


def plain_value(text: str, *, shown: str) -> object:
    """The value that a piece of YAML stands for, as a definition would have it.

    :raises DefinitionError: it is no YAML.
    """
    return _loaded(text, shown)


def definition_of(content: bytes, *, shown: str, scorers: Iterable[str]) -> Definition:
    """The definition in the bytes of a YAML file; raises as `read_definition`."""
    text = decode(content)
    if isinstance(text, Fault):
        raise DefinitionError(text.told(shown))
    definition = parse_definition(_loaded(text, shown), file=shown, scorers=scorers)
    if definition.gates:
        _check_gates(definition, text, shown)
    return definition


def _check_gates(definition: Definition, text: str, shown: str) -> None:
    """Refuse gates that can't be read, each with its line."""
    # Imported here: most definitions have none, and a worker needs no gates otherwise.
    from pytest_iqeval.core.gates.origins import definition_gate

    faults = []
    for number, gate in enumerate(definition.gates):
        try:
            definition_gate(gate, definition.name, origin=shown)
        except GateError as fault:
            hint = f"\n  hint: {fault.hint}" if fault.hint else ""
            faults.append(f"{shown}:{_line_of_gate(text, number)}: {fault.problem}{hint}")
    if faults:
        raise DefinitionError(faults)


def _line_of_gate(text: str, number: int) -> int:
    """1 where the list comes from elsewhere in the file (YAML's merge key)."""
    root = yaml.compose(text, _Loader)
    assert root is not None
    lists = (value for key, value in root.value if key.value == "gates")
    marks = (gates.value[number].start_mark for gates in lists)
    return next((int(mark.line) + 1 for mark in marks), 1)


def _loaded(text: str, shown: str) -> object:
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        quotes = not isinstance(error, yaml.constructor.ConstructorError)
        raise DefinitionError(_told(error, shown), hint=_HINT if quotes else None) from None
    except (yaml.YAMLError, ValueError, KeyError, AttributeError, RecursionError) as error:
        # PyYAML's constructors let these through for values that a tag promises and the text
        # does not keep (`!!int x`), and for thousands of brackets.
        what = type(error).__name__ if isinstance(error, RecursionError) else error
        raise DefinitionError(f"{shown}: broken YAML: {what}", hint=_HINT) from None


_HINT = "values with `: `, `#`, or a mark at their beginning need quotes"


def _told(error: yaml.MarkedYAMLError, shown: str) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"{shown}:{mark.line + 1}" if mark else shown
    what = ", ".join(part for part in (error.context, error.problem) if part)
    return f"{where}: broken YAML: {what}"


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, where a key stands once and a date is text (`revision: 2024-01-01`)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {quoted(key.value)} stands twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
