"""How EvalScope judged a reply, out of a row of its reviews."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.sources.evalscope.replies import mapping, number, text_of
from pytest_iqeval.sources.evalscope.values import TheirScore

# What the reports of generation 1 call the score of benchmarks that have several.
_HEADLINES = ("prompt_level_strict_acc", "prompt_level_strict")


def score_of(sample_score: object) -> TheirScore | None:
    """The score of generations 2 and 3; ``None`` where there is none that can be used."""
    score = mapping(mapping(sample_score).get("score"))
    values = _numbers(mapping(score.get("value")))
    if not values:
        return None
    named = score.get("main_score_name")
    main = named if isinstance(named, str) and named in values else next(iter(values))
    return TheirScore(
        name=main,
        value=values[main],
        values=values,
        extracted=text_of(score.get("extracted_prediction")) or None,
    )


def score_of_review(review: object, metric: str) -> TheirScore | None:
    """The score of generation 1: ``result`` is a number, or one for each metric.

    :param metric: what the row calls its metric.
    """
    said = mapping(review)
    result = said.get("result")
    values = (
        _numbers(result) if isinstance(result, Mapping) else _numbers({metric or "score": result})
    )
    if not values:
        return None
    main = next((name for name in _HEADLINES if name in values), next(iter(values)))
    return TheirScore(
        name=main,
        value=values[main],
        values=values,
        extracted=text_of(said.get("pred")) or None,
    )


def _numbers(values: Mapping[str, object]) -> dict[str, float]:
    """Those of the values that are numbers; lists hold one for each part of a question."""
    found = {name: number(value) for name, value in values.items()}
    return {name: value for name, value in found.items() if value is not None}
