"""What may stand under a scorer's name, and the options that it takes."""

from __future__ import annotations

import functools
from typing import Any, Self

import pytest

from pytest_iqeval.core.errors import DefinitionError, ScorerUnusable
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.registered import (
    Registered,
    kind_fault,
    name_fault,
    scorer_of,
)

SAMPLE = Sample(benchmark="b", subset="s", id="1", input="?", target="Paris")


class Exact:
    """The smallest class that scores."""

    def __init__(self, fold: bool = False, *, strip: str = " ") -> None:
        self.fold, self.strip = fold, strip

    def score(self, sample: Sample, reply: Reply) -> Score:
        right = reply.text.strip(self.strip) == sample.target
        return Score(outcome=Outcome.CORRECT if right else Outcome.INCORRECT)


class Configured(Exact):
    """Reads its options by itself."""

    @classmethod
    def from_options(cls, options: dict[str, Any], *, where: str) -> Self:
        if "fold" not in options:
            raise DefinitionError(f"{where}scorer: configured: say fold")
        return cls(**options)


def three(sample: Sample, reply: Reply, within: float, /) -> bool:
    """One argument too many that no name can fill."""
    return bool(sample and reply and within)


def all_names(*args: object, **options: object) -> bool:
    """Takes anything."""
    return bool(args and options)


@pytest.mark.parametrize("name", ["strict", "f1", "my-scorer_2.0", "严格"])
def test_letters_of_any_script_make_a_name(name: str) -> None:
    """As for benchmarks."""
    assert name_fault(name) is None


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a/b", " a", None, 5])
def test_anything_else_makes_none(name: object) -> None:
    """It must be writable in a definition and on a command line."""
    assert name_fault(name)


@pytest.mark.parametrize(
    "what",
    [
        Exact,
        Configured,
        lambda *_: True,
        lambda sample, reply, within=0: True,  # noqa: ARG005
        all_names,
        functools.partial(lambda a, b, c: True, c=1),  # noqa: ARG005
        Exact().score,
        max,
    ],
)
def test_functions_and_classes_can_be_registered(what: object) -> None:
    """Partial functions, methods and functions in C too."""
    assert kind_fault(what, "x") is None


def test_a_function_that_needs_a_third_argument_without_a_name_cannot() -> None:
    """Options come by name."""
    fault = kind_fault(three, "x")
    assert fault is not None
    assert fault.startswith("scorer x: three(")
    assert fault.endswith("can't be called with (sample, reply)")


def test_a_class_gets_its_options_by_name() -> None:
    """Positional or keyword-only alike."""
    scorer = scorer_of("exact", Exact, {"fold": True, "strip": "."})
    assert (scorer.fold, scorer.strip) == (True, ".")  # type: ignore[attr-defined]
    assert scorer.score(SAMPLE, Reply(text="Paris.")).outcome is Outcome.CORRECT


def test_from_options_comes_first_and_speaks_for_itself() -> None:
    """What it raises of our family stands as it is."""
    assert scorer_of("c", Configured, {"fold": True}).fold  # type: ignore[attr-defined]
    with pytest.raises(DefinitionError, match=r"^my.yaml: scorer: configured: say fold$"):
        scorer_of("c", Configured, {}, where="my.yaml: ")


def test_a_function_that_takes_any_option_gets_any_but_its_arguments() -> None:
    """Those are filled already."""
    scorer = scorer_of("any", all_names, {"within": 1})
    assert scorer.score(SAMPLE, Reply(text="x")).outcome is Outcome.CORRECT

    def named(sample: object, reply: object, **options: object) -> bool:
        return bool(sample and reply and options)

    with pytest.raises(DefinitionError, match="scorer: any has no option 'sample'"):
        scorer_of("any", named, {"sample": 1})


def test_all_faults_of_the_options_are_told_at_once() -> None:
    """What is unknown, what is near, what is missing, and what there is."""

    def needs(sample: object, reply: object, *, within: float, unit: str) -> bool:
        return bool(sample and reply and within and unit)

    with pytest.raises(DefinitionError) as error:
        scorer_of("close", needs, {"witin": 1, "x y": 2}, where="my.yaml: ")
    assert str(error.value).splitlines() == [
        "my.yaml: scorer: close has no option 'witin'; did you mean within?",
        "my.yaml: scorer: close has no option 'x y'",
        "my.yaml: scorer: close needs the option within: `scorer: {name: …, within: …}`",
        "my.yaml: scorer: close needs the option unit: `scorer: {name: …, unit: …}`",
        "  hint: it takes within, unit",
    ]
    with pytest.raises(DefinitionError, match="hint: it takes no options"):
        scorer_of("plain", lambda *_: True, {"within": 1})


def test_from_options_that_gives_no_scorer_is_told() -> None:
    """Before anything is asked."""

    class Empty(Exact):
        @classmethod
        def from_options(cls, options: object, *, where: str) -> object:
            return options, where

    with pytest.raises(ScorerUnusable, match=r"tuple\.score can't be called with"):
        scorer_of("empty", Empty, {})


def test_make_scorer_takes_scorers_of_any_origin() -> None:
    """By their names, with options and the place of the definition."""
    table = {"mine": Registered(origin="here", make=functools.partial(scorer_of, "mine", Exact))}
    scorer = make_scorer("mine", {"strip": "!"}, scorers=table)
    assert scorer.score(SAMPLE, Reply(text="Paris!")).correct
    with pytest.raises(DefinitionError, match=r"^my.yaml: scorer: mine has no option 'x'"):
        make_scorer("mine", {"x": 1}, where="my.yaml: ", scorers=table)
