"""A definition in words: what `iqeval show` says of it, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_iqeval.core.definition import Definition, Fields
from pytest_iqeval.core.phrases import sets as phrases
from pytest_iqeval.core.phrases.signs import LIST, SEMICOLON
from pytest_iqeval.core.plain import size_told
from pytest_iqeval.core.told import joined
from pytest_iqeval.sources.inventory import Entry
from pytest_iqeval.sources.reading import shown_path
from pytest_iqeval.sources.tree import Folder

_FILES = 3  # named one by one


def facts_of(entry: Entry, start: Path) -> Iterator[tuple[str, str]]:
    """What is known of a benchmark: names of `phrases.LABELS`, each with what it says.

    :param start: where the user is, for the names of files.
    """
    benchmark = entry.benchmark
    definition = benchmark.definition if benchmark is not None else entry.definition
    assert definition is not None
    yield "language", phrases.LANGUAGES[definition.language]
    licence = [part for part in (definition.licence, definition.licence_url) if part]
    yield "licence", " ".join(licence) or phrases.NOT_STATED
    if definition.homepage:
        yield "homepage", definition.homepage
    if definition.source:
        yield "source", definition.source
    if benchmark is not None:
        given = definition.revision is not None
        yield (
            "revision",
            (benchmark.revision if given else phrases.FROM_DATA(revision=benchmark.revision)),
        )
        yield "data", _found(entry, start)
    elif definition.revision:
        yield "revision", definition.revision
    if entry.loaded is None or entry.loaded.files.definition is not None:
        yield "definition", definition.file
    yield from _asked(definition)


def _found(entry: Entry, start: Path) -> str:
    assert entry.loaded is not None
    assert entry.where is not None
    folder = entry.loaded.files.folder / entry.loaded.files.where
    files = sorted(map(Folder(folder).own, entry.loaded.files.sha256))
    told = (
        joined((shown_path(folder / name, start) for name in files), LIST)
        if len(files) <= _FILES
        else phrases.FOLDER(count=len(files), folder=shown_path(folder, start))
    )
    return phrases.FOUND_IN(
        where=phrases.WHERE[entry.where], files=told, size=size_told(entry.size)
    )


def _asked(definition: Definition) -> Iterator[tuple[str, str]]:
    yield "asked", phrases.ASKS[definition.asks]
    options = joined((f"{k} {v}" for k, v in definition.scorer_options.items()), LIST)
    scorer = definition.scorer
    yield "scorer", phrases.WITH_OPTIONS(scorer=scorer, options=options) if options else scorer
    yield "fields", _columns(definition.fields)
    for name, text in (("system", definition.system), ("group", definition.group)):
        if text:
            yield name, text
    if definition.few_shot.count:
        yield "few_shot", phrases.EXAMPLES(count=definition.few_shot.count)
    if definition.average == "macro":
        yield "average", phrases.MACRO
    for name, why in definition.unavailable.items():
        yield "unavailable", f"{name}: {why}"
    if definition.gates:
        yield "gates", joined(definition.gates, SEMICOLON)


def _columns(fields: Fields) -> str:
    """The columns that have another name than ours, and the three that every question has."""
    always = ("question", "choices", "answer")
    return joined(
        (
            phrases.COLUMN(
                name=name, column=column if isinstance(column, str) else joined(column, LIST)
            )
            for name, column in fields.items()
            if name in always or column != name
        ),
        SEMICOLON,
    )
