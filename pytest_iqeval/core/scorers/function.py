"""A user's function as a scorer: it says how good the answer is, the common rule says the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.text import without_reasoning
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, share
from pytest_iqeval.core.scorers.reading import without_answer


class FunctionScorer:
    """``function(sample, reply, **options)`` as a scorer.

    ==========================  =========================================================
    it returns                  outcome
    ==========================  =========================================================
    ``True``, ``1``             correct
    a number between            incorrect, with that value
    ``False``, ``0``            refused or truncated where `without_answer` finds that,
                                else incorrect
    ``None``                    refused, truncated or unparsed, as `without_answer` says
    a `Score`                   that score
    ==========================  =========================================================

    It is not called for a reply without text: that is no answer. Reasoning inside ``reply.text``
    is blanked out, so that it is never taken for the answer; positions stay as they are.
    """

    def __init__(
        self, name: str, function: Callable[..., object], options: Mapping[str, object]
    ) -> None:
        """:param options: keyword arguments of every call."""
        self.name = name
        self.function = function
        self._options = dict(options)

    def score(self, sample: Sample, reply: Reply) -> Score:
        """The judgement.

        :raises ScorerCrash: the function returned what is none.
        """
        readable = replace(reply, text=without_reasoning(reply.text))
        if not readable.text.strip():
            return _no_answer("there is no text to judge", reply)
        verdict = self.function(sample, readable, **self._options)
        if isinstance(verdict, Score):
            return verdict
        if verdict is None:
            return _no_answer(f"scorer {self.name} found no answer", reply)
        value = share(verdict)
        if value is None:
            raise ScorerCrash(
                f"scorer {self.name} gave {_shown(verdict)}",
                hint="return True, False, a number from 0 to 1, None for no answer, or a Score",
            )
        if value == 1.0:
            return Score(outcome=Outcome.CORRECT, value=value)
        note = f"scorer {self.name} gave {value:.6g}"
        if value == 0.0:
            failed = _no_answer(note, reply)
            if failed.outcome is not Outcome.UNPARSED:
                return failed
        return Score(outcome=Outcome.INCORRECT, value=value, note=note)


def _shown(verdict: object) -> str:
    """A number as it is, anything else by its full type: numpy's bool is not the built-in one."""
    kind = type(verdict)
    if kind.__module__ != "builtins":
        return f"a {kind.__module__}.{kind.__qualname__}"
    return quoted(verdict) if isinstance(verdict, int | float) else kind_of(verdict)


def _no_answer(why: str, reply: Reply) -> Score:
    outcome, note = without_answer(Reading(note=why), reply)
    return Score(outcome=outcome, value=0.0, note=note)
