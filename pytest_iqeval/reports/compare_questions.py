"""The questions on which runs differ: a line each, which opens to all answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_iqeval.core.pairwise import Differing
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.sample import Sample, labels_in
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.reports.figures import NOTHING, count
from pytest_iqeval.reports.markup import Html, el, join

# Text signs, so that an outcome does not hang on colour.
SIGNS: Mapping[str, str] = {
    "correct": "✓",
    "incorrect": "✕",
    "unparsed": "?",
    "truncated": "…",
    "refused": "⊘",
    "error": "!",
}
KIND_SIGNS: Mapping[str, str] = {"lost": "▼", "gained": "▲", "mixed": "◆", "flaky": "≈"}
_NOT_ASKED = "·"
_EXCERPT = 160
_LONGEST_REPLY = 4000  # of 10 runs and 1,000 questions: 40 MB at the worst


def question_head(runs: int, said: Mapping[str, str]) -> Html:
    """What stands above the lines, and stays in sight."""
    return el(
        "div",
        el("span", said["id"], class_="cmp-id"),
        el("span", said["question"], class_="cmp-text"),
        el("span", *(el("span", n + 1) for n in range(runs)), class_="cmp-marks"),
        class_="cmp-head",
    )


def question_html(one: Differing, models: Sequence[str], said: Mapping[str, str]) -> Html:
    """One question, closed.

    :param models: of the runs, in their order.
    """
    sample = one.sample
    told = (
        f"{place}: {_told(replies, said)}" for place, replies in enumerate(one.replies, start=1)
    )
    marks = el(
        "span",
        *(_mark(replies) for replies in one.replies),
        class_="cmp-marks",
        role="img",
        aria_label=", ".join(told),
    )
    summary = el(
        "summary",
        el("span", sample.id, class_="cmp-id", title=sample.node_id),
        el("span", " ".join(sample.input[:_EXCERPT].split()), class_="cmp-text"),
        marks,
    )
    answers = (
        el("li", *_answer(f"{place} · {model}", reply, said), class_=_outcome_class((reply,)))
        for place, (model, replies) in enumerate(zip(models, one.replies, strict=True), start=1)
        for reply in (replies or (None,))
    )
    body = el(
        "div",
        el("p", el("code", sample.node_id)),
        el("div", sample.input, class_="text"),
        _options(sample),
        el("p", f"{said['expected']}: ", el("strong", _targets(sample, said))),
        el("ul", *answers, class_="cmp-answers"),
        class_="cmp-body",
    )
    return el(
        "details",
        summary,
        body,
        class_="cmp-q",
        data_benchmark=sample.benchmark,
        data_subset=sample.subset,
        data_change=one.kind,
    )


def _targets(sample: Sample, said: Mapping[str, str]) -> str:
    return f" {said['or']} ".join((sample.target, *sample.also))


def _options(sample: Sample) -> Html | None:
    """The options, of which the right ones are marked and say so."""
    if not sample.choices:
        return None
    rightful = labels_in(sample.target, sample.labels)
    items = (
        el(
            "li",
            el("strong", label),
            el("span", choice, class_="text"),
            el("span", SIGNS["correct"], class_="is-right") if label in rightful else None,
            class_="right" if label in rightful else None,
        )
        for label, choice in zip(sample.labels, sample.choices, strict=True)
    )
    return el("ul", *items, class_="options")


def _outcomes(replies: Sequence[Reviewed | None]) -> list[str]:
    return [one.result.score.outcome.value for one in replies if one is not None]


def _outcome_class(replies: Sequence[Reviewed | None]) -> str | None:
    """The colour of an outcome; none for replies that differ."""
    outcomes = set(_outcomes(replies))
    return f"o-{outcomes.pop()}" if len(outcomes) == 1 else None


def _told(replies: Sequence[Reviewed], said: Mapping[str, str]) -> str:
    return " ".join(said[outcome] for outcome in _outcomes(replies)) or said["not_there"]


def _mark(replies: Sequence[Reviewed]) -> Html:
    """A sign, or of several replies how many are right: ``2/3``."""
    outcomes = _outcomes(replies)
    if not outcomes:
        text = _NOT_ASKED
    elif len(outcomes) == 1:
        text = SIGNS[outcomes[0]]
    else:
        text = f"{outcomes.count(Outcome.CORRECT)}/{len(outcomes)}"
    return el("span", text, class_=_outcome_class(replies))


def _answer(name: str, one: Reviewed | None, said: Mapping[str, str]) -> Iterator[Html]:
    """What a run made of the question, its reply folded."""
    yield el("strong", name)
    if one is None:
        yield join(" — ", said["not_there"])
        return
    score = one.result.score
    sign = SIGNS[score.outcome]
    yield join(f" — {sign} {said[score.outcome]} · {said['got']}: ")
    yield el("code", score.extracted if score.extracted is not None else NOTHING)
    if score.note:
        yield el("div", score.note, class_="iqv-reason")
    if one.reply is None:
        yield el("div", said["no_reply"], class_="iqv-none")
    elif not one.reply.text:
        yield el("div", said["empty_reply"], class_="iqv-none")
    else:
        text = _reply(one.reply.text, score.span, said)
        yield el("details", el("summary", said["reply"]), text)


def _reply(text: str, span: tuple[int, int] | None, said: Mapping[str, str]) -> Html:
    """The reply with what was read of it marked; of a long one the part around that."""
    start, end = span or (0, 0)
    first = max(0, min(start - _LONGEST_REPLY // 2, len(text) - _LONGEST_REPLY))
    last = max(end, first + _LONGEST_REPLY)
    more = said["characters_more"]
    return el(
        "div",
        more.format(n=count(first)) if first else None,
        text[first:start],
        el("mark", text[start:end], title=said["answer_read_here"]) if end > start else None,
        text[end:last] if end > start else text[max(first, start) : last],
        more.format(n=count(len(text) - last)) if len(text) > last else None,
        class_="cmp-reply",
    )
