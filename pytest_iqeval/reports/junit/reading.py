"""Reads a JUnit file piece by piece: one test case at a time is held, however long the file is.

A document type is refused before anything in it is read: no reporter writes one, and entities
that are made of entities would fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import FolderError

SUITES = ("testsuites", "testsuite")
_DEEPEST = 100  # of elements in elements; a test case of pytest has two
_CHUNK_BYTES = 1 << 16


class Piece(NamedTuple):
    """A piece of a file, in its order.

    ``start`` and ``end`` are those of a ``<testsuites>`` or ``<testsuite>``, with attributes and
    no children; ``whole`` is any other element, with all that is in it.
    """

    kind: Literal["start", "whole", "end"]
    element: Element


def read_pieces(path: Path) -> Iterator[Piece]:
    """The pieces of a JUnit file.

    :raises FolderError: it can't be read, is no XML, has a document type, or is no JUnit file.
    """
    try:
        with path.open("rb") as file:
            yield from _Reader(path).pieces(iter(lambda: file.read(_CHUNK_BYTES), b""))
    except OSError as error:
        raise FolderError(f"{path}: can't be read: {error.strerror or error}") from None


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._ready: list[Piece] = []
        self._suites: list[Element] = []
        self._builder: TreeBuilder | None = None
        self._depth = 0  # below the suites
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def pieces(self, chunks: Iterator[bytes]) -> Iterator[Piece]:
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
                yield from self._taken()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            yield from self._taken()
            raise self._broken(error) from None
        except (LookupError, ValueError) as error:  # an encoding that is not known
            raise FolderError(f"{self._path}: can't be read as XML: {error}") from None
        yield from self._taken()

    def _taken(self) -> list[Piece]:
        taken, self._ready = self._ready, []
        return taken

    def _doctype(self, name: str, *_: object) -> None:
        raise self._fault(
            f"has a document type (<!DOCTYPE {name}>), which may hold entities that never end",
            "no reporter writes one: take it out, or check where the file comes from",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._builder is not None or name not in SUITES:
            if not self._suites:
                raise self._fault(
                    f"is no JUnit file: it begins with <{name}>",
                    "give the file that --junitxml wrote; it begins with <testsuites>",
                )
            self._builder = self._builder or TreeBuilder()
            self._deeper()
            self._builder.start(name, attributes)
            return
        self._suites.append(Element(name, attributes))
        if len(self._suites) > _DEEPEST:
            raise self._too_deep()
        self._ready.append(Piece("start", self._suites[-1]))

    def _end(self, name: str) -> None:
        if self._builder is None:
            self._ready.append(Piece("end", self._suites.pop()))
            return
        self._builder.end(name)
        self._depth -= 1
        if not self._depth:
            self._ready.append(Piece("whole", self._builder.close()))
            self._builder = None

    def _text(self, text: str) -> None:
        if self._builder is not None:  # else the blanks between elements
            self._builder.data(text)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._too_deep()

    def _too_deep(self) -> FolderError:
        return self._fault(f"has more than {_DEEPEST} elements inside each other", None)

    def _fault(self, what: str, hint: str | None) -> FolderError:
        line = self._parser.CurrentLineNumber
        return FolderError(f"{self._path}:{line}: {visible(what)}", hint=hint)

    def _broken(self, error: expat.ExpatError) -> FolderError:
        """What is wrong with the XML, with the characters at the place."""
        said = expat.errors.messages[error.code]
        at = self._parser.ErrorByteIndex
        with self._path.open("rb") as file:
            file.seek(max(0, at))
            found = file.read(12).decode("utf-8", "backslashreplace")
        near = f" at {found!r}" if found else ""
        return FolderError(
            f"{self._path}:{error.lineno}:{error.offset + 1}: is no XML: {said}{near}",
            hint="XML 1.0 has no control characters but tab and line ends, not even as &#27;; "
            "no dashboard reads such a file"
            if said in ("not well-formed (invalid token)", "reference to invalid character number")
            else "the file may have been cut: write it again",
        )
