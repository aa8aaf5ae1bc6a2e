"""`iqeval init [DIR]`: a benchmark of one's own to begin with, which runs as it stands."""

from __future__ import annotations

import shlex
from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.core.definition_checks import name_fault
from pytest_iqeval.core.definition_schema import SCHEMA_FILE, schema_text
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.phrases import sets as phrases
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.core.width import one_line
from pytest_iqeval.sources.definitions import plain_value
from pytest_iqeval.sources.shipped import DEFINITION

_ABOUT = f"""\
Writes a commented definition, four questions, two examples and the schema by which editors check
the definition: {DEFINITION}, questions.jsonl, examples.jsonl, {SCHEMA_FILE}.
It never replaces a file."""
_EXAMPLES = """\
examples:
  iqeval init my-benchmark
  iqeval init my-benchmark --lang zh

exit code: 0, written; 4, the command has to be mended"""
_STARTER = Path(__file__).with_name("starter")
_FALLBACK = "my-benchmark"


def add_arguments(parser: Parser) -> None:
    """Where, and in which language."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add(
        "folder", metavar="DIR", nargs="?", default=".", help="the folder to write to (this one)"
    )
    parser.add(
        "--lang", choices=("en", "zh"), help="the language of questions and comments (the locale's)"
    )


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Write the files.

    :raises FolderError: one of them is there already, or can't be written.
    """
    folder = start / arguments.folder
    files = _files(folder, arguments.folder, arguments.lang or out.lang)
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise FolderError(
            f"{Path(arguments.folder) / there[0]}: is there already, and is not replaced",
            hint="name another folder: iqeval init DIR",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        raise FolderError(
            f"{arguments.folder}: can't be written: {error.strerror or error}"
        ) from None
    for name in files:
        out.line(one_line(out.said(phrases.WROTE(path=Path(arguments.folder) / name))))
    spec = shlex.quote(_spec(arguments.folder))
    for line in (phrases.LOOK(spec=spec), phrases.CHECK(spec=spec), phrases.ASK(spec=spec)):
        out.line(out.said(line))
    return 0


def _files(folder: Path, given: str, lang: str) -> dict[str, str]:
    """What is written, by name."""
    texts = {path.name: path.read_text("utf-8") for path in sorted((_STARTER / lang).iterdir())}
    definition = texts[DEFINITION].replace("<name>", _name(folder))
    texts[DEFINITION] = definition.replace("<dataset>", shlex.quote(_spec(given)))
    return {DEFINITION: texts.pop(DEFINITION), **texts, SCHEMA_FILE: schema_text()}


def _spec(folder: str) -> str:
    """What ``--iqeval-dataset`` takes."""
    return (Path(folder) / DEFINITION).as_posix()


def _name(folder: Path) -> str:
    """The folder's name as YAML, as far as it can be a benchmark's."""
    name = safe_id(folder.resolve().name).strip(".-")
    if not name or name_fault(name):
        return _FALLBACK
    return name if plain_value(name, shown=DEFINITION) == name else f'"{name}"'  # 42, yes, null
