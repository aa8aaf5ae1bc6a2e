"""What is not as it was: between two runs, and since a run that is replayed."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase, Told

# A fact of two runs.
IS_AND_WAS = Phrase("{name} is {now}, it was {was}", "{name} 现为 {now}，原为 {was}")
OF_A_BENCHMARK = Phrase("{name} of {benchmark}", "{benchmark} 的 {name}")
IS_AND_WAS_NOT_SET = Phrase("{name} is {now}, it was not set", "{name} 现为 {now}，原未设置")
IS_NOT_SET_AND_WAS = Phrase("{name} is not set, it was {was}", "{name} 现未设置，原为 {was}")


def is_and_was(name: str, *, now: str | None, was: str | None) -> Told:
    """What a fact is and was; ``None`` where it is or was not set."""
    if now is None:
        return IS_NOT_SET_AND_WAS(name=name, was=was)
    if was is None:
        return IS_AND_WAS_NOT_SET(name=name, now=now)
    return IS_AND_WAS(name=name, now=now, was=was)


# A benchmark since a run asked it.
SAME_QUESTIONS = Phrase(
    "{name}: {what} have changed since; the questions are the same",
    "{name}：{what}有改动，题目未变",
    one="{name}: {what} has changed since; the questions are the same",
)
ITS_PROMPT = Told("its prompt", "提示词")
ITS_DATA = Told("its data", "数据")
OTHER_QUESTIONS = Phrase(
    "{name}: its data has changed since: {what}; {kept} of {of} have the text that was asked",
    "{name}：数据有改动：{what}；{of} 题中有 {kept} 题与当初问的相同",
)
OTHER_TEXT = Phrase(
    "{count} questions with another text",
    "{count} 题文字不同",
    one="{count} question with another text",
)
UNKNOWN_THEN = Phrase(
    "{count} questions that the run did not know",
    "{count} 题当初没有",
    one="{count} question that the run did not know",
)
NO_LONGER_THERE = Phrase(
    "{count} questions no longer there",
    "{count} 题已不存在",
    one="{count} question no longer there",
)
