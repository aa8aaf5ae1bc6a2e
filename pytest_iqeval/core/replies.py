"""The replies to one question, judged: one as a rule, several under `--iqeval-repeats`."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_iqeval.core.clean import inert
from pytest_iqeval.core.failure_text import COLUMNS, failure_text, headline
from pytest_iqeval.core.policy import POLICIES, policy
from pytest_iqeval.core.request import Reply, reply_number
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.width import cut, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One reply with its score; ``reply`` is ``None`` where there was none."""

    repeat: int
    score: Score
    reply: Reply | None

    @property
    def lost(self) -> bool:
        """Whether there is nothing to judge the model by."""
        return self.score.outcome is Outcome.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All that came for one question, in order of repeats; at least one.

    The question passes by ``rule`` (`--iqeval-pass`) over the replies that have a score: what is
    lost is no wrong answer. Of `wanted` replies some may not have been asked for any more.
    """

    sample: Sample
    judged: tuple[Judged, ...]
    wanted: int = 1
    rule: str = "majority"

    @property
    def scored(self) -> list[Score]:
        """The scores, errors left out."""
        return [one.score for one in self.judged if not one.lost]

    @property
    def passed(self) -> bool:
        """Whether the question passes."""
        return policy(self.rule, repeats=self.wanted)(self.scored)

    @property
    def shown(self) -> Judged:
        """The first reply that shows the result: a right one of a question that passes, else a
        wrong one; where there is none, the first that has a score, or the first."""
        scored = [one for one in self.judged if not one.lost]
        showing = [one for one in scored if one.score.correct == self.passed]
        return (showing or scored or self.judged)[0]

    @property
    def count(self) -> str:
        """``3/5 correct``, over the replies that have a score."""
        scored = self.scored
        lost = self.wanted - len(scored)
        right = f"{sum(score.correct for score in scored)}/{len(scored)} correct"
        return f"{right}, {lost} lost" if lost else right

    def failure_text(self, *, baseline: str | None = None) -> str:
        """Why the question does not pass: the only reply, or a line a reply and the first that
        is wrong (where none is, the first) in full.

        :param baseline: an earlier run to which the question was right.
        """
        shown = self.shown
        whole = failure_text(self.sample, shown.score, shown.reply, baseline=baseline)
        if self.wanted == 1:
            return whole
        needed = self.rule if self.rule in POLICIES else f"at least {self.rule}"
        first = f"{self.count}, needed {needed}: {headline(self.sample, shown.score)}"
        lines = [cut(inert(one_line(first)), COLUMNS)]
        lines += [
            cut(inert(f"    {reply_number(one.repeat)} {told(one.score)}"), COLUMNS)
            for one in self.judged
        ]
        return "\n".join([*lines, f"reply {reply_number(shown.repeat)}:", whole])


def told(score: Score) -> str:
    """A score in a few words: ``incorrect: B (rule answer-zh)``."""
    said = str(score.outcome)
    if score.extracted is not None:
        said += f": {score.extracted}" + (f" (rule {score.rule})" if score.rule else "")
    elif score.note:
        said += f": {score.note.partition(chr(10))[0]}"
    return one_line(said)
