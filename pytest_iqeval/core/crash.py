"""What users' own code raised, in one line, and where in that code: never a traceback."""

from __future__ import annotations

import inspect
import traceback
from functools import partial


def said(fault: BaseException) -> str:
    """Type and message on one line: ``KeyError: 'grade'``."""
    return " ".join("".join(traceback.format_exception_only(fault)).split())


def raised_at(fault: BaseException, *code: object) -> str:
    """The last line of `code` that `fault` passed: ``conftest.py:7: return table[answer]``.

    Where a library raised, that is the line that called it. Where no line of `code` is known,
    the first line after the catching one counts.

    :param code: functions, methods or classes; their files are what is the user's own.
    """
    frames = traceback.extract_tb(fault.__traceback__)
    files = {file for one in code for file in _files(one)}
    own = [frame for frame in frames if frame.filename in files] or frames[1:2] or frames
    return f"{own[-1].filename}:{own[-1].lineno}: {own[-1].line}" if own else "an unknown place"


def _files(code: object) -> set[str]:
    """The files that hold a function (what it wraps too) or the methods of a class.

    Read from the code itself: of two modules called ``conftest``, ``sys.modules`` knows one.
    """
    if isinstance(code, type):
        members = [member for base in code.__mro__ for member in vars(base).values()]
        return {file for member in members for file in _files_of_function(member)}
    return _files_of_function(code)


def _files_of_function(function: object) -> set[str]:
    files = set()
    while isinstance(function, partial):
        function = function.func
    for _ in range(20):  # wrappers may go in a circle
        code = getattr(function, "__code__", None)
        if inspect.iscode(code):
            files.add(code.co_filename)
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    return files
