"""The process that runs the test: it alone says whether the code passed.

The test calls a stand-in, which asks the process that holds the code. No line of the code runs
here, so nothing that the code does can reach the test, the comparison or the verdict.
"""

from __future__ import annotations

import builtins
import reprlib
from collections.abc import Callable, Mapping
from typing import Any

from pytest_iqeval.sandbox.inside.answer import compiled, lines_in, runnable
from pytest_iqeval.sandbox.inside.wire import GIVEN_BACK, Channel, Gone, decode, encode

_TEST = "<test>"


class _Shown(reprlib.Repr):
    """Short texts of values; Python refuses to write an integer of thousands of digits."""

    def repr_int(self, x: int, level: int) -> str:
        """The integer, or how long it is."""
        try:
            return super().repr_int(x, level)
        except ValueError:
            return f"<an integer of {x.bit_length()} bits>"


_SHOWN = _Shown()
_SHOWN.maxstring = _SHOWN.maxother = _SHOWN.maxlong = 80
_SHOWN.maxlist = _SHOWN.maxtuple = _SHOWN.maxset = _SHOWN.maxdict = 8
_UNSENDABLE = "the test calls {}, which can't be sent to the code"
# Raised in a test, these would end its loops instead of failing it.
_NEVER_RAISED = (StopIteration, StopAsyncIteration, GeneratorExit)


class _Unsendable(Exception):
    """The test hands the code something that can't be sent: the test's fault."""


class _Lost(BaseException):
    """The code's process is gone; a test that catches every `Exception` does not catch it."""


class StandIn:
    """What the test takes for the model's function."""

    def __init__(self, name: str, channel: Channel, first: Callable[[], None]) -> None:
        self.__name__ = name
        self._channel = channel
        self._first = first
        self.calls = 0
        self.last = ""
        self.raised: tuple[Exception, object] | None = None  # and where in the code
        self.lost: str | None = None
        self.unsendable: str | None = None

    def __call__(self, *args: Any, **named: Any) -> Any:
        if not self.calls:
            self._first()
        self.calls += 1
        shown = [*map(_SHOWN.repr, args), *(f"{k}={_SHOWN.repr(v)}" for k, v in named.items())]
        self.last = f"{self.__name__}({', '.join(shown)})"
        call = [encode(args), encode(named)]
        if _has(call, GIVEN_BACK):
            raise TypeError(f"{self.last} hands on what the code gave and the test can't know")
        if _has(call, "foreign"):
            self.unsendable = self.last
            raise _Unsendable(self.last)
        answer = self._ask(call)
        if "raised" in answer:
            kind, said, line = answer["raised"]
            self.last += f" raised {_one_line(said)}"
            self.raised = _exception(kind, said), line
            raise self.raised[0]
        result = decode(answer["gave"])
        if "after" in answer:
            positional, by_name = map(decode, answer["after"])
            for mine, changed in zip(args, positional, strict=True):
                _change(mine, changed)
            for name, mine in named.items():
                _change(mine, by_name[name])
        self.last += f" returned {_SHOWN.repr(result)}"
        return result

    def _ask(self, call: object) -> Any:
        try:
            if self.lost is None:
                self._channel.send(call)
                answer = self._channel.receive()
                if _is_answer(answer):
                    return answer
                raise Gone("no answer")
        except Gone as gone:
            self.lost = str(gone)
        raise _Lost(self.lost)


def examine(job: Mapping[str, Any], channel: Channel, say: Callable[[object], None]) -> None:
    """Run the test, and say the verdict: a mapping with `passed`, `failed`, `lost` or `fault`."""
    try:
        loaded = channel.receive()
    except Gone as gone:
        say({"lost": f"{gone}", "loading": True})
        return
    if not isinstance(loaded, dict) or loaded.get("loaded") is not True:
        said = loaded.get("raised") if isinstance(loaded, dict) else None
        fault = _prompt_fault(job["prompt"])
        unloaded = None if said is None else [_one_line(said[1]), said[2]]
        say({"unloaded": unloaded} if fault is None else {"fault": fault})
        return
    say({"loaded": True})
    entry = StandIn(job["entry_point"], channel, lambda: say({"began": True}))
    try:
        _run(job, entry)
    except _Lost:
        pass
    except BaseException as error:
        say(_failed(error, entry))
        return
    if entry.unsendable is not None:
        say({"fault": _UNSENDABLE.format(entry.unsendable)})
    elif entry.lost is not None:
        say({"lost": entry.lost, "last": entry.last})
    elif not entry.calls:
        say({"fault": f"the test never calls {job['entry_point']}"})
    else:
        say({"passed": True, "calls": entry.calls})


def _prompt_fault(prompt: str) -> str | None:
    """Why the prompt by itself can't be run, if so: nothing that goes on with it could."""
    try:
        exec(runnable(prompt), {"__name__": "test"})
    except BaseException as error:
        return _one_line(f"the prompt itself breaks: {type(error).__name__}: {error}")
    return None


def _run(job: Mapping[str, Any], entry: StandIn) -> None:
    if "random" in job["test"]:
        import random

        random.seed(0)  # a verdict is the same each time
    scope: dict[str, Any] = {"__name__": "test"}
    exec(runnable(job["prompt"]), scope)  # tests use its imports and helpers
    scope[entry.__name__] = entry
    exec(compiled(job["test"], _TEST), scope)
    check = scope.get("check")
    if callable(check):
        check(entry)


def _failed(error: BaseException, entry: StandIn) -> dict[str, object]:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if entry.unsendable is not None or not entry.calls:
        broken = f"the test itself breaks: {said}"
        unsendable = entry.unsendable and _UNSENDABLE.format(entry.unsendable)
        return {"fault": _one_line(unsendable or broken)}
    line = None
    for number in lines_in(_TEST, error.__traceback__):
        line = number
    failed: dict[str, object] = {
        "failed": _one_line(said),
        "line": line,
        "last": _one_line(entry.last),
    }
    if entry.raised is not None and entry.raised[0] is error:
        failed["raised_in"] = entry.raised[1]
    return failed


def _exception(kind: object, said: object) -> Exception:
    """A builtin exception of the kind that the code raised."""
    found = getattr(builtins, kind, None) if isinstance(kind, str) else None
    if not isinstance(found, type) or not issubclass(found, Exception):
        found = RuntimeError  # sys.exit() and its like end the code's process, not the test
    if issubclass(found, _NEVER_RAISED):
        found = RuntimeError
    try:
        error = found(str(said).partition(": ")[2])
    except TypeError:  # a UnicodeError has five arguments
        return RuntimeError(str(said))
    return error if isinstance(error, Exception) else RuntimeError(str(said))


def _is_answer(message: object) -> bool:
    if not isinstance(message, dict):
        return False
    raised = message.get("raised")
    return "gave" in message or (isinstance(raised, list) and len(raised) == 3)


def _change(mine: Any, changed: Any) -> None:
    """Do to an argument what the code did to its copy."""
    if type(mine) is not type(changed):
        return
    if isinstance(mine, list | bytearray):
        mine[:] = changed
    elif isinstance(mine, dict | set):
        mine.clear()
        mine.update(changed)


def _has(plain: object, kind: str) -> bool:
    if isinstance(plain, list):
        return any(_has(one, kind) for one in plain)
    if isinstance(plain, dict):
        return kind in plain or any(_has(one, kind) for one in plain.values())
    return False


def _one_line(text: object) -> str:
    return " ".join(str(text)[:500].split())
