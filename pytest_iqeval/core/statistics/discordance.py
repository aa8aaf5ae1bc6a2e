"""How much two runs over the same questions differ by chance alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Discordance:
    """The mean square of the questions' differences between two runs of one model.

    ``share`` is that of the means over replies: with one right or wrong reply to each question
    in both runs, the share of questions that are right in one of them only. ``measured`` says
    that replies to one question told it, and not an assumption.
    """

    share: float
    measured: bool


def discordance(questions: Sequence[Sequence[float]], replies: int = 1) -> Discordance:
    """What a run tells of the next one, which asks the same questions.

    A reply varies by ``w`` (its variance within a question, by the mean over questions of the
    unbiased one), a mean of ``k`` replies by ``w/k``; so the difference of two means varies by
    ``w/k + w/k'``: E. Miller, "Adding Error Bars to Evals", arXiv:2411.00640 (2024), sections 3
    and 4. For right and wrong, ``2w`` is the mean of ``2p(1-p)``: two replies differ.

    Where no question has two replies, ``w`` is taken as half of the variance of all values: the
    two runs then have the correlation 1/2, and for right and wrong ``2w = p(1-p)`` at accuracy
    ``p``. That is an assumption, and one that suits a temperature above 0 better than 0.

    :param questions: of each question the values (0 to 1) of its replies; there must be some.
    :param replies: how many each question gets in the next run.
    """
    if not questions or replies < 1 or not all(questions):
        raise ValueError("no difference between runs without a reply to each question")
    several = [values for values in questions if len(values) > 1]
    if several:
        within = math.fsum(map(_variance, several)) / len(several)
    else:
        every = [values[0] for values in questions]
        mean = math.fsum(every) / len(every)
        within = math.fsum((value - mean) ** 2 for value in every) / len(every) / 2
    then = math.fsum(1 / len(values) for values in questions) / len(questions)
    return Discordance(
        share=min(1.0, within * (1 / replies + then)),
        measured=bool(several),
    )


def _variance(values: Sequence[float]) -> float:
    """Unbiased; by hand, since `statistics.variance` takes a second for 14,000 questions."""
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
