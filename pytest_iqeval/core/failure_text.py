"""What a failed question prints: enough to see why, at a glance, and no traceback."""

from __future__ import annotations

import re

from pytest_iqeval.core.clean import inert, visible
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample, labels_in
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.width import cut, one_line, wrap

COLUMNS = 100
_TEXT_COLUMNS = 80  # of what is wrapped: a log's width, and a terminal's as a rule
_QUESTION_LINES = 4
_OPTIONS_AT_MOST = 6
_MARKED_AT_MOST = 4  # of more options only those that matter are shown
_BEFORE, _AFTER = 120, 60  # code points of the reply shown around the answer
_END_OF_REPLY = 240
_REPLY_LINES = 7  # all that is shown of one, also in Chinese


def failure_text(
    sample: Sample, score: Score, reply: Reply | None, *, baseline: str | None = None
) -> str:
    """The text of a question that is not correct: about 20 lines, the first at most 100 columns.

    pytest's short summary prints the first line alone, so it says outcome, expected and got.
    The answer is marked in the reply like »B«; without one, the reply's end is shown.

    :param baseline: an earlier run to which the question was right.
    """
    parts = [
        headline(sample, score),
        *_before(sample, score, baseline),
        *_clipped(f"question: {one_line(sample.input)}", _QUESTION_LINES),
        *_options(sample, score),
    ]
    if score.note and one_line(score.note) not in parts[0]:
        parts += _clipped(f"note: {one_line(score.note)}", 3)
    parts += _reply(score, reply)
    return "\n".join(cut(inert(line), COLUMNS) for line in parts)


def _before(sample: Sample, score: Score, baseline: str | None) -> list[str]:
    if baseline is None or score.correct:
        return []
    answer = f" ({sample.target})" if sample.choices else ""
    return [f"it was right in the baseline {one_line(baseline)}{answer}"]


def headline(sample: Sample, score: Score) -> str:
    """One line of at most 100 columns: ``incorrect: expected B, got A (rule answer-zh)``."""
    note = (score.note or "").split("\n", 1)[0]
    if score.outcome is Outcome.ERROR:
        said = f"error: {note}"
    elif score.extracted is None:
        # A scorer that is a function says how good the reply is, and not what it answered.
        got = "" if score.outcome is Outcome.INCORRECT else ", got no answer"
        said = f"{score.outcome}: expected {_expected(sample)}{got}"
        said += f" ({note})" if note else ""
    elif note and "\n" in score.extracted:  # a program: why it failed says more than its text
        said = f"{score.outcome}: {note}"
    else:
        said = f"{score.outcome}: expected {_expected(sample)}, got {score.extracted}"
        said += f" (rule {score.rule})" if score.rule else ""
    return cut(one_line(said), COLUMNS)


def _expected(sample: Sample) -> str:
    others = len(sample.also)
    if not others:
        return sample.target
    return f"{sample.target} (or {others} other {'text' if others == 1 else 'texts'})"


def _options(sample: Sample, score: Score) -> list[str]:
    if not sample.choices:
        return _clipped(f"expected: {one_line(' or '.join(sample.targets))}", 3)
    labelled = list(zip(sample.labels, sample.choices, strict=False))  # 26 labels at most
    right = labels_in(sample.target, sample.labels)
    got = labels_in(score.extracted, sample.labels)
    if len(labelled) > _OPTIONS_AT_MOST:
        # What was got wrongly says most, then what was missed.
        marked = sorted(
            {*right, *got}, key=lambda n: (n in right, n in got, sample.labels.index(n))
        )
        shown = [one for one in labelled if one[0] in marked[:_MARKED_AT_MOST]]
        left_out = [f"    … and {len(labelled) - len(shown)} more options"]
    else:
        shown, left_out = labelled, []
    lines = []
    for label, text in shown:
        roles = [role for role, of in (("expected", right), ("got", got)) if label in of]
        mark = f"  <- {', '.join(roles)}" if roles else ""
        lines.append(cut(f"    {label}) {one_line(text)}", COLUMNS - len(mark)) + mark)
    return ["options:", *lines, *left_out]


def _reply(score: Score, reply: Reply | None) -> list[str]:
    if reply is None:
        return []
    if score.span is None:
        text = _flat(reply.text)
        if not text and reply.refusal:
            return _clipped(f"refusal: {one_line(reply.refusal)}", 3)
        left_out = "…" if len(text) > _END_OF_REPLY else ""
        return _clipped(
            f"reply ends: {left_out}{text[-_END_OF_REPLY:]}" if text else "reply: (empty)",
            _REPLY_LINES,
        )
    start, end = score.span
    before = _flat(reply.text[max(0, start - 4 * _BEFORE) : start])
    after = _flat(reply.text[end : end + 4 * _AFTER])
    answer = _flat(reply.text[start:end])
    answer = answer if len(answer) <= _AFTER else answer[:_AFTER] + "…"
    cut_before = "…" if len(before) > _BEFORE or start > 4 * _BEFORE else ""
    cut_after = "…" if len(after) > _AFTER or end + 4 * _AFTER < len(reply.text) else ""
    return _clipped(
        f"reply: {cut_before}{before[-_BEFORE:]}»{answer}«{after[:_AFTER]}{cut_after}", _REPLY_LINES
    )


def _flat(text: str) -> str:
    """`text` on one line, control characters written out."""
    return visible(re.sub(r"\s+", " ", text))


def _clipped(text: str, most: int) -> list[str]:
    """`text` as at most `most` lines of at most 80 columns."""
    lines = wrap(text, _TEXT_COLUMNS)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(lines[most - 1], _TEXT_COLUMNS - 1) + "…"]
