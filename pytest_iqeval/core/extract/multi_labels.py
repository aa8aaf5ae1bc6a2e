"""Several labels where an answer is expected: ``AC``, ``A、C``, ``A and C``, ``A到C``, a list.

What makes letters one answer is that they are joined: written together, by a comma or an
"and", or as a list, a line each. "A or C" leaves open which, and is no answer. "A-C" and
"A to C" are ranges, as a reader takes them; "A-B-D" is a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pytest_iqeval.core.extract.labels import WORDLIKE, asked
from pytest_iqeval.core.extract.multi_offer import Offer
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_BLANK = r"[^\S\n]"
_WRAP = r"\\[a-z]{2,9}\s?\{|\\[(\[{,;! ]"  # \text{, \mathrm{, \(, \{ and thin blanks
_OPEN = regex(
    rf"(?:[\s\"'(\[{{<$:,.>=→-]|{_WRAP}){{0,16}}"
    r"(?:(?:the\s|both\s|only\s|(?:options?|choices?|letters?|answers?|statements?)\s|"
    r"选项|答案|只有|仅有|仅|只|分别是|分别为|选择?)\s?:?\s?){0,4}"
    rf"(?:[\"'(\[{{<$]|{_BLANK}|{_WRAP}){{0,12}}",
    re.IGNORECASE,
)
_WORD_ITEM = regex(rf"(?P<run>[A-Za-z]{{1,26}})(?![{WORDLIKE}])")
_DIGIT_ITEM = regex(r"(?P<run>\d{1,2})(?!\.?\d|,\d{3}|[A-Za-z%°/^=+*])")
_CLOSE = regex(rf"(?:[\"')\]}}$]|{_BLANK}|\\[)\]}}]){{0,8}}")
_NAMED = regex(r"选项|项(?!目)")
_IN_BRACKETS = regex(
    rf"{_BLANK}?[(\[](?!正确|错|不|或|or\s|对[)\]]|(?:in)?correct|true|false|wrong|right)"
    r"[^()\[\]\n]{2,80}[)\]]",
    re.IGNORECASE,
)
# Words behind a label that are not its option's text, up to a next label of the same form.
_FREE_TEXT = regex(
    rf"(?P<form>[.):])(?:(?!错|不|wrong|incorrect|false|not )[^\n.!?,;、]){{1,120}}?"
    rf"(?={_BLANK}?(?:[,;、]|和|与|and{_BLANK}){_BLANK}?(?:and{_BLANK}|和)?[(\[]?[A-Z](?P=form))"
)
_BEFORE_TEXT = regex(rf"[.:)、\]-]{{0,2}}{_BLANK}{{0,3}}[\"']?")
_JUNK = rf"(?:[\"')\]}}$(\[{{]|{_BLANK}|{_WRAP}|\\[)\]}}&]){{0,12}}"
_JOINER = regex(
    rf"{_JUNK}(?:(?P<open>(?:,{_BLANK}?)?(?:and/or|or)(?![a-z])|,?(?:或者?|还是))"
    rf"|(?P<comma>[,;]{_BLANK}{{0,3}}"
    r"(?:\n[ \t]{0,12}(?=[\"'])|(?:and|plus|as well as)(?![a-z])|以及|和|及|&)?)"
    r"|(?P<slash>[/|])"
    r"|(?P<range>(?<!\s)-(?!\s)|~|到|至|to\s|through\s)"
    rf"|、|&|\+|[)\]][(\[]|(?:and|plus|as well as)(?![a-z])|以及|和|与|及|{_BLANK})"
    rf"{_JUNK}(?:(?:both|options?|choices?|选项)\s?)?{_JUNK}",
    re.IGNORECASE,
)
# What goes on after a set; anything else makes the letters part of a name ("AC power", "A股").
_ENDS = regex(
    rf"[.,;:!?)\]}}\">$、…|]|'(?![a-z])|{_BLANK}{{0,3}}(?:\n|$|<|\\)|{_BLANK}?[(\[]"
    rf"|{_BLANK}{{0,3}}[^\sA-Za-z0-9=+<>/^%&×÷~|\\\u3400-\u9fff]"
    rf"|{_BLANK}{{1,3}}(?:because|since|as|for|due|given|which|where|while|when|but|not|and|are|is|"
    r"were|was|based|with|from|by|in|on|so|that|only|here|both|all|would|should|must|seem|"
    r"explanation|reason|rationale)(?![a-z])"
    rf"|{_BLANK}?(?:[两二三四五六这选项因由故所而即是为都均皆全也吧了哦才的不错共有]|正确|理由|符合|对的|成立)"
)
_ENDS_LINE = regex(rf"{_BLANK}{{0,3}}[.,;!?)\]}}\"']{{0,3}}{_BLANK}{{0,3}}(?:\n|$|<)")
_WRONG = regex(
    rf"{_BLANK}?(?:选项|项|[两二三四五六]个?(?:选项|项|者|说法)|这[两二三四五六]项)?(?:的(?:说法|描述|表述|判断)?)?"
    r"(?:都|均|皆|也|是|则|就|显然|并|全){0,3}(?:不(?![仅但只])|错|有误|排除|非)"
    rf"|{_BLANK}(?:is|are|was|were|seem|seems|would be){_BLANK}"
    rf"(?:(?:both|all|also|clearly|therefore|thus|each){_BLANK}){{0,2}}"
    r"(?:wrong|incorrect|false|not|ruled|eliminated|excluded|inaccurate|untrue)(?![a-z])"
    rf"|{_BLANK}(?:isn't|aren't|can be (?:ruled|eliminated|excluded))"
)
_OWN_STATEMENT = regex(
    rf"(?:选项|项)?{_BLANK}?(?:(?:is|isn't|was|has|does|doesn't|would|can|cannot|refers|means|"
    r"describes|says|states)(?![a-z])|[是虽则只也中]|的(?!正确))"
)
_FORMAT = regex(r"[\"'\])]{1,3}\s?(?:的|这样的|这种)?(?:格式|形式|样式|format)")
_LINE_ITEM = regex(
    r"[.,;)\]]{0,2}[ \t]{0,3}\n[ \t]{0,4}(?:[-+•][ \t])?[(\[]?(?P<label>[A-Z])"
    r"[)\].:、]{0,2}[ \t]{0,3}"
)
_REST_OF_LINE = regex(r"[)\].,;]{0,2}[ \t]{0,3}(?=\n|$)")
_LABELS_AT_MOST = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSet:
    """The labels that stand together somewhere, in the order in which they stand.

    ``why`` says why the statement does not count. ``fault`` says why it counts and is no answer
    all the same ("A or C"). ``span`` is from the first label to the last.
    """

    labels: tuple[str, ...]
    span: tuple[int, int]
    why: str | None = None
    fault: str | None = None


class _Item(NamedTuple):
    labels: tuple[str, ...]
    start: int
    end: int  # of the label
    after: int  # of the item, its text included
    joined: str  # how: "", "comma", "slash", "open", "range", "blank", "and"


def set_at(
    text: Prepared, start: int, on_offer: Offer, *, closed: bool = False, plain: bool = False
) -> FoundSet | None:
    """The several labels that stand at `start`, after brackets and the like.

    One label alone is `labels.label_at`'s to judge, but for digits.

    :param closed: the place ends by itself (a box, a JSON string, a tag).
    :param plain: the place is one for labels alone (behind a colon, a whole line): letters
        written together may then be out of order.
    """
    first = opened(text, start)
    if found := all_at(text, first, on_offer):
        return found
    items = list(_items(text, first, on_offer, any_order=plain or closed))
    return _joined(text, items, on_offer, closed=closed)


def opened(text: Prepared, start: int) -> int:
    """Where a set begins that is expected at `start`: behind brackets and words like "options"."""
    opening = _OPEN.match(text.folded, start)
    return opening.end() if opening else start


def labels_at(text: Prepared, start: int, on_offer: Offer) -> tuple[FoundSet, int] | None:
    """The labels, one or several, that stand in running text at `start`, and where they end."""
    items = list(_items(text, start, on_offer, any_order=False, prose=True))
    if not items:
        return None
    labels = _merged(items, on_offer)
    if labels is None:
        return None
    found = FoundSet(labels=labels, span=(items[0].start, items[-1].end))
    if any(item.joined == "open" for item in items):
        found = replace(found, why="it is left open which")
    return found, items[-1].after


def _items(
    text: Prepared, start: int, on_offer: Offer, *, any_order: bool, prose: bool = False
) -> Iterator[_Item]:
    """Label after label from `start`, as long as they are joined and alike."""
    pattern = _DIGIT_ITEM if on_offer.numbered else _WORD_ITEM
    folded, at, joined, lower_case = text.folded, start, "", False
    for count in range(_LABELS_AT_MOST):
        match = pattern.match(folded, at)
        if match is None:
            return
        run = match["run"]
        labels = on_offer.labels_of(run, any_order=any_order)
        if count == 0:
            lower_case = run.islower() and not on_offer.numbered
        if labels is None or (lower_case != run.islower() and not on_offer.numbered):
            return
        if (lower_case or joined == "blank") and (prose or (len(run) > 1 and count)):
            return
        after = _after_item(text, match.end(), labels, on_offer)
        if folded[after : after + 1] == ":" and folded[after - 1 : after] in "\"'":
            return  # a key of a JSON object
        joiner = _JOINER.match(folded, after)
        yield _Item(labels, match.start("run"), match.end("run"), after, joined)
        if joiner is None or (joiner["range"] and text.original[joiner.start("range")] in "—―"):
            return
        joined = joiner.lastgroup or ("and" if joiner.group().strip(" \t\"')]}$([{") else "blank")
        if joined == "blank" and prose:
            return
        at = joiner.end()


def _after_item(text: Prepared, end: int, labels: tuple[str, ...], on_offer: Offer) -> int:
    """Where an item ends whose label ends at `end`: behind 选项, its own text, or a bracket."""
    folded = text.folded
    named = _NAMED.match(folded, end)
    end = named.end() if named else end
    if len(labels) > 1:
        return end
    if before := _BEFORE_TEXT.match(folded, end):
        own = on_offer.own_text_end(labels[0], text.lower, before.end())
        if own is not None:
            return own + (folded[own : own + 1] in tuple("\"')]}"))
    words = _IN_BRACKETS.match(folded, end) or _FREE_TEXT.match(folded, end)
    return words.end() if words else end


def _joined(
    text: Prepared, items: list[_Item], on_offer: Offer, *, closed: bool
) -> FoundSet | None:
    """Items as one statement: those that the sentence goes on with cut off, the rest judged."""
    items = _well_ended(text, items, closed=closed)
    kept = _without_others(text, items)
    if not kept:
        return None
    labels = _merged(kept, on_offer)
    if labels is None:
        return None
    if len(labels) == 1 and kept == items and not on_offer.numbered:
        return _with_lines(text, kept[0], on_offer)
    items = kept
    first, end = items[0].start, items[-1].end
    found = FoundSet(labels=labels, span=(first, end), why=_withdrawn(text, items[-1].after))
    joins = {item.joined for item in items[1:]}
    if "open" in joins:
        return replace(found, fault=f"it leaves open which: {' or '.join(labels)}")
    if joins == {"slash"} and set(labels) == set(on_offer.labels):
        return replace(found, why="it only lists the labels on offer")
    return found


def _well_ended(text: Prepared, items: list[_Item], *, closed: bool) -> list[_Item]:
    """`items` without those at the end that are words or parts of names."""
    while items:
        last = items[-1]
        close = _CLOSE.match(text.folded, last.after)
        after = close.end() if close else last.after
        strict = last.joined == "blank" or text.folded[last.start].islower()
        ends = _ENDS_LINE if strict else _ENDS
        if (
            ends.match(text.folded, last.after)
            or ends.match(text.folded, after)
            or (closed and after > last.after)
        ):
            return items
        items = items[:-1]
    return items


def _without_others(text: Prepared, items: list[_Item]) -> list[_Item]:
    """`items` up to the comma behind which the sentence speaks of others: "A, and C is wrong"."""
    if len(items) < 2:
        return items
    last = items[-1]
    of_others = _WRONG.match(text.lower, last.after) or (
        last.joined == "comma" and _OWN_STATEMENT.match(text.lower, last.end)
    )
    commas = [i for i, item in enumerate(items) if item.joined == "comma"]
    return items[: commas[-1]] if of_others and commas else items


def _merged(items: Sequence[_Item], on_offer: Offer) -> tuple[str, ...] | None:
    """The labels of all items; a lone range is filled in."""
    joins = [item.joined for item in items[1:]]
    if joins == ["range"]:
        return on_offer.between(items[0].labels[-1], items[1].labels[0])
    return tuple(dict.fromkeys(label for item in items for label in item.labels))


def _withdrawn(text: Prepared, end: int) -> str | None:
    if _WRONG.match(text.lower, end):
        return "it is called wrong"
    if _FORMAT.match(text.lower, end):
        return "it only says the form of an answer"
    return "it is asked, not said" if asked(text, end) else None


def _with_lines(text: Prepared, item: _Item, on_offer: Offer) -> FoundSet | None:
    """A label that ends its line and goes on as a list: one a line, alone or with its text."""
    labels, end, after = list(item.labels), item.end, item.after
    if text.folded[item.start].islower():
        return None
    while (line := _LINE_ITEM.match(text.folded, after)) and len(labels) < _LABELS_AT_MOST:
        label, at = line["label"], line.end("label")
        own = on_offer.own_text_end(label, text.lower, line.end())
        bare = _REST_OF_LINE.match(text.folded, at)
        if own is not None and item.after > item.end and _REST_OF_LINE.match(text.folded, own):
            after = own
        elif bare and item.after == item.end:
            after = bare.end()
        else:
            break
        labels.append(label)
        end = at
    if len(labels) == 1:
        return None
    return FoundSet(labels=tuple(dict.fromkeys(labels)), span=(item.start, end))


def all_at(text: Prepared, start: int, on_offer: Offer) -> FoundSet | None:
    """What "all of the above", 以上都对 and the like commit to at `start`."""
    if (said := on_offer.all_at(text.lower, start)) is None:
        return None
    labels, end = said
    return FoundSet(labels=labels, span=(start, end), why=_withdrawn(text, end))


def texts_at(text: Prepared, start: int, on_offer: Offer) -> FoundSet | None:
    """The texts of several options that stand joined at `start`: "Monday and Wednesday"."""
    start = opened(text, start)
    labels: list[str] = []
    at, end, after = start, start, start
    while len(labels) < _LABELS_AT_MOST and (named := on_offer.text_at(text.lower, at)):
        label, end = named
        labels.append(label)
        close = _CLOSE.match(text.folded, end)
        after = close.end() if close else end
        joiner = _JOINER.match(text.folded, after)
        if joiner is None or joiner["open"]:
            break
        at = joiner.end()
    if len(labels) < 2 or not (_ENDS.match(text.folded, end) or _ENDS.match(text.folded, after)):
        return None
    return FoundSet(
        labels=tuple(dict.fromkeys(labels)), span=(start, end), why=_withdrawn(text, end)
    )
