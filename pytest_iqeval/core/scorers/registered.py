"""What may stand under a scorer's name, and how it becomes a scorer with a definition's options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_iqeval.core.crash import raised_at, said
from pytest_iqeval.core.errors import DefinitionError, ScorerUnusable, UsageFault, nearest
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.core.scorers.function import FunctionScorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A scorer that has a name.

    ``origin`` is where it comes from, as messages say it: ``conftest.py``,
    ``package acme 1.0``. ``make(options, where=…)`` sets it up with a definition's options;
    ``where`` is the definition's file, as a prefix of messages. It raises `ScorerUnusable` where
    there is no scorer after all, and `DefinitionError` for options that can't be.
    """

    origin: str
    make: Callable[..., Scorer]


def name_fault(name: object) -> str | None:
    """What makes `name` one that no definition could write."""
    if not isinstance(name, str):
        return f"a scorer's name is text, not {kind_of(name)}"
    if not name or name != safe_id(name):
        return f"{quoted(name)} can't be a scorer's name; use letters, digits, '-', '_' and '.'"
    return None


def kind_fault(what: object, name: str) -> str | None:
    """What makes `what` neither a function nor a class that scores, and how to mend it."""
    fault = _class_fault(what) if isinstance(what, type) else _function_fault(what)
    return None if fault is None else f"scorer {name}: {fault}"


def _class_fault(what: type) -> str | None:
    score = getattr(what, "score", None)
    if not callable(score):
        return f"class {what.__name__} has no score(sample, reply)"
    missing = sorted(getattr(what, "__abstractmethods__", ()))
    if missing:
        return f"class {what.__name__} lacks {', '.join(f'{name}()' for name in missing)}"
    return _async_fault(score, f"{what.__name__}.score")


def _function_fault(what: object) -> str | None:
    if callable(getattr(what, "score", None)):
        return f"is an object of {type(what).__name__}; register the class itself, without ()"
    if not callable(what):
        return f"{kind_of(what)} is neither a function nor a class"
    shown = getattr(what, "__name__", type(what).__name__)
    signature = _signature(what)
    if signature is not None and _taken(signature, 2) is None:
        return f"{shown}{signature} can't be called with (sample, reply)"
    return _async_fault(what, shown)


def scorer_of(name: str, what: object, options: Mapping[str, object], *, where: str = "") -> Scorer:
    """The scorer that `what` makes with a definition's options.

    :param what: a function ``f(sample, reply, **options)``; a class that takes its options as
        keyword arguments, or has ``from_options(options, *, where)``. `kind_fault` has seen it.
    :param where: the definition's file, as a prefix of messages.
    :raises ScorerUnusable: its ``score`` can't be called with a sample and a reply.
    :raises DefinitionError: an option that it does not take, one that is missing, or one that it
        refused.
    """
    place = f"{where}scorer: {name}"
    if not isinstance(what, type):
        _check_options(place, what, options, given=2)
        return FunctionScorer(name, what, options)  # type: ignore[arg-type]  # it is callable
    from_options = getattr(what, "from_options", None)
    if from_options is None:
        _check_options(place, what, options, given=0)
    try:
        made = what(**options) if from_options is None else from_options(options, where=where)
    except UsageFault:
        raise
    except Exception as error:  # a border: a user's class may raise anything
        raise DefinitionError(
            f"{place}: {what.__name__} refused its options: {said(error)}"
            f"\n  at {raised_at(error, what)}"
        ) from None
    score = getattr(made, "score", None)
    signature = _signature(score) if callable(score) else None
    if not callable(score) or (signature is not None and _taken(signature, 2) is None):
        shown = f"{type(made).__name__}.score{signature or ''}"
        raise ScorerUnusable(f"{place}: {shown} can't be called with (sample, reply)")
    scorer: Scorer = made
    return scorer


def _check_options(place: str, what: object, options: Mapping[str, object], *, given: int) -> None:
    """Refuse options that `what` does not take, or lacks.

    :param given: how many arguments it is called with beside the options.
    """
    signature = _signature(what)
    if signature is None:
        return
    taken = _taken(signature, given) or ()
    by_name = {
        p.name: p
        for p in signature.parameters.values()
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and p.name not in taken
    }
    open_ended = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
    faults = []
    for option in options:
        if option in taken or (option not in by_name and not open_ended):
            near = nearest(option, by_name)
            mend = f"; did you mean {' or '.join(near)}?" if near else ""
            faults.append(f"{place} has no option {quoted(option)}{mend}")
    faults += [
        f"{place} needs the option {name}: `scorer: {{name: …, {name}: …}}`"
        for name, parameter in by_name.items()
        if parameter.default is parameter.empty and name not in options
    ]
    if faults:
        raise DefinitionError(
            faults, hint=f"it takes {', '.join(by_name)}" if by_name else "it takes no options"
        )


def _signature(what: object) -> inspect.Signature | None:
    """How `what` is called; ``None`` where Python does not know (some functions in C)."""
    try:
        return inspect.signature(what)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None


def _taken(signature: inspect.Signature, given: int) -> tuple[str, ...] | None:
    """The parameters that the first `given` arguments fill.

    ``None`` where it takes fewer, or needs more that no name can fill.
    """
    try:
        taken = tuple(signature.bind_partial(*[None] * given).arguments)
    except TypeError:
        return None
    nameless = any(
        p.kind is p.POSITIONAL_ONLY and p.default is p.empty and p.name not in taken
        for p in signature.parameters.values()
    )
    return None if nameless else taken


def _async_fault(function: object, shown: str) -> str | None:
    if inspect.iscoroutinefunction(function):
        return f"{shown} is an async function; a scorer answers at once: write `def`"
    return None
