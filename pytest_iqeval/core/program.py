"""A program that a model wrote a part of, with the test that it is to pass, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is run: Python.

    ``prompt`` is the beginning that the model was given (imports, helpers, the head of the
    function ``entry_point``). ``code`` is what the model wrote: the ``whole`` function, or the
    rest of the one that the prompt begins. ``test`` defines ``check(candidate)``, or calls
    ``entry_point`` itself.
    """

    prompt: str
    code: str
    whole: bool
    entry_point: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramVerdict:
    """What came of a program: ``why`` it failed, in one sentence for people."""

    passed: bool
    why: str | None = None
