"""The process that holds the model's code: it is told what to call it with, and says what it gave.

It never sees the test. Whatever it says is an answer to be compared, and no verdict.
"""

from __future__ import annotations

import builtins
import sys
import textwrap
from collections.abc import Iterator, Mapping
from types import CodeType, ModuleType, TracebackType
from typing import Any

from pytest_iqeval.sandbox.inside.wire import Channel, decode, encode

CODE = "<answer>"
_TEXT = 500  # code points of an exception's message
_LAZY_ANNOTATIONS = annotations.compiler_flag


def answer(job: Mapping[str, Any], channel: Channel) -> None:
    """Load the code, then answer calls until there are no more."""
    module = ModuleType("answer")
    sys.modules["answer"] = module  # dataclasses, pickle and typing look a class's module up
    scope = vars(module)
    try:
        load(job, scope)
    except BaseException as error:  # the code may raise anything, and end itself
        channel.send({"raised": raised(error, job)})
        return
    function = scope.get(job["entry_point"])
    channel.send({"loaded": callable(function)})
    while callable(function):
        channel.send(_called(function, channel.receive(), job))


def load(job: Mapping[str, Any], scope: dict[str, Any]) -> None:
    """Run the prompt and the code in `scope`, together where the code goes on with the prompt."""
    prompt, code = job["prompt"], job["code"]
    if job["whole"]:
        begun = runnable(prompt)
        exec(begun, scope)
        scope.pop(job["entry_point"], None)  # the prompt's own one is empty
        exec(compiled(code, CODE, begun.co_flags & _LAZY_ANNOTATIONS), scope)
        return
    exec(_joined(prompt, code), scope)


def compiled(source: str, name: str, flags: int = 0) -> CodeType:
    """A source's code, compiled by what it says itself: not by what this module imports."""
    code: CodeType = compile(source, name, "exec", flags, dont_inherit=True)
    return code


def runnable(prompt: str) -> CodeType:
    """A prompt by itself: the function that it begins has a docstring, or needs a body."""
    try:
        return compiled(prompt, "<prompt>")
    except SyntaxError:
        return compiled(f"{prompt}\n    pass\n", "<prompt>")


def _joined(prompt: str, code: str) -> CodeType:
    """The prompt and the body that the code is; a body may have lost its indentation."""
    start = prompt.rstrip() + "\n"
    fault: SyntaxError | None = None
    # As it is; all of it moved in; its first line, which a server or a model has trimmed.
    for body in (code, textwrap.indent(textwrap.dedent(code), "    "), "    " + code.lstrip()):
        try:
            return compiled(start + body, CODE)
        except SyntaxError as error:
            fault = fault or error
    assert fault is not None
    raise fault


def _called(function: Any, call: Any, job: Mapping[str, Any]) -> dict[str, object]:
    try:
        args, named = decode(call[0]), decode(call[1])
        message: dict[str, object] = {"gave": encode(function(*args, **named))}
        after = [encode(args), encode(named)]  # it may be there to change what it is given
    except BaseException as error:
        return {"raised": raised(error, job)}
    return message if after == call else {**message, "after": after}


def raised(error: BaseException, job: Mapping[str, Any]) -> list[object]:
    """The builtin kind of an exception, what it says, and in which line of the code it arose."""
    kind = next(k.__name__ for k in type(error).__mro__ if k.__module__ == builtins.__name__)
    line = None
    if isinstance(error, SyntaxError) and error.filename == CODE:
        said, line = f"{type(error).__name__}: {error.msg}", error.lineno
    else:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    for number in lines_in(CODE, error.__traceback__):
        line = number
    before = 0 if job["whole"] else len(job["prompt"].rstrip().splitlines())
    return [kind, said[:_TEXT], None if line is None else line - before]


def lines_in(name: str, trace: TracebackType | None) -> Iterator[int]:
    """The lines of the source called `name` that a traceback passes, the innermost last."""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            yield trace.tb_lineno
        trace = trace.tb_next
