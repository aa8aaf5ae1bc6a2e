"""A list of options behind the words that declare an answer: a label a line, alone or with text."""

from __future__ import annotations

from pytest_iqeval.core.extract.multi_labels import FoundSet
from pytest_iqeval.core.extract.multi_offer import Offer
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_LIST_LINE = regex(
    r"[ \t]{0,8}(?:[-+•>·][ \t]{0,3}|\d{1,2}[.)][ \t]{1,3})?[(\[\"']?(?:选项|option\s)?"
    r"(?P<label>[A-Z])(?:[)\].:、,\"'-]{1,3}|选项|项|(?=[ \t]{0,3}(?:[(\n]|$)))(?P<rest>[^\n]*)"
)
_LIST_OPENS = regex(r"[^\S\n]{0,3}:?[^\S\n]{0,3}\n\s{0,8}(?=\S)")
_REJECTS = regex(r"错|不正确|不对|不符|不选|×|❌|✗|incorrect|wrong|false|(?<![a-z])not(?![a-z])")
_LABELS_AT_MOST = 26


def list_at(text: Prepared, start: int, on_offer: Offer, *, may_be_all: bool) -> FoundSet | None:
    """A list that begins on the line after `start`, a label a line, alone or with words.

    A list in which an option is called wrong is a discussion. One of all options is a copy of
    them, unless the words before it say that these are the right ones (`may_be_all`).
    """
    opens = _LIST_OPENS.match(text.folded, start)
    if opens is None or on_offer.numbered:
        return None
    at = text.folded.rfind("\n", 0, opens.end()) + 1
    labels: list[str] = []
    span: tuple[int, int] | None = None
    why: str | None = None
    while len(labels) <= _LABELS_AT_MOST and at < len(text.folded):
        line_end = text.folded.find("\n", at)
        line_end = len(text.folded) if line_end < 0 else line_end
        match = _LIST_LINE.match(text.folded, at, line_end)
        if match is not None:
            if _REJECTS.search(text.lower, match.start("rest"), match.end("rest")):
                why = "it discusses the options"
            labels.append(match["label"])
            span = (span or match.span("label"))[0], match.end("label")
        elif text.folded[at:line_end].strip() and not (
            labels and text.folded.startswith(("  ", "\t"), at)
        ):
            break
        at = line_end + 1
    distinct = tuple(dict.fromkeys(labels))
    if span is None or len(distinct) < 2 or len(distinct) < len(labels):
        return None
    if set(distinct) == set(on_offer.labels) and not may_be_all:
        why = why or "it only lists the options"
    return FoundSet(labels=distinct, span=span, why=why)
