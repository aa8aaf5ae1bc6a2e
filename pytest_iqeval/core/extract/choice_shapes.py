"""Commitments by the shape of a reply: its last line, its first words, an option's text alone."""

from __future__ import annotations

import re
from itertools import islice

from pytest_iqeval.core.extract.labels import (
    LISTED,
    MARKS,
    WORDLIKE,
    Found,
    more_labels,
    ordinal_at,
    withdrawn,
)
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

# No reply of sense has more; it bounds the work on the others.
_MATCHES_AT_MOST = 1000
_WITHIN = 50_000
_NO_CROSS = "(?![❌❎✗✘✖🚫👎])"
_BEFORE_LINE = (
    rf"(?:[\s#>*+(\[{{\"'$,:.|=→•-]|{_NO_CROSS}[{MARKS}]|\\[(\[]|\\[a-z]{{2,7}}\s?\{{){{0,24}}"
)
_LINE = regex(
    rf"{_BEFORE_LINE}(?P<said>(?:(?:the|my)\s)?(?:final\s|correct\s|best\s)?(?:answer|option|choice|letter|"
    r"guess|pick|selected|selection|decision|verdict|solution|result|response|output)(?:\s{0,2}:|\s)\s{0,3}|"
    r"(?:definitely|probably|certainly|clearly|most\slikely|likely)\s|"
    r"(?:正确)?(?:答案|选项)\s?:?\s?)?"
    r"[(\[{\"'$]{0,3}(?:\\[a-z]{2,7}\s?\{){0,2}"
    r"(?P<label>[A-Z])(?P<close>(?:[)\]}\">$]|'(?![A-Za-z])|\\[)\]]){0,4})"
    r"(?P<item>\s?(?:选项|项))?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOTHING_MORE = regex(rf"[吧哦啦呀]?(?:[\s.,:;!|)\]}}\"'>$、]|{_NO_CROSS}[{MARKS}]|\\[)\]])*")
_BEFORE_TEXT = regex(r"[\s.:),、|-]")
_REASON = regex(
    r"[\s.,:;、)-]{0,4}(?:因为|由于|理由|原因|解析|分析|解释|说明|根据|"
    r"because|since|as\s|the reason|"
    r"reason|explanation|rationale|this is)",
    re.IGNORECASE,
)
_ENUMERATED = regex(rf"(?<![{WORDLIKE}(])[(\[]?(?P<label>[A-Z])(?:[)\].:、]|选项|项)")
_ENDS_TEXT = regex(r"$|[.!\n]|,?\s?(?:because|since|因为|由于)", re.IGNORECASE)
_BREAK = regex(r"\n[ \t#>*+-]{0,8}(?=\S)|[.!?][ ]{1,2}(?=\S)")
_ALONE = regex(r"\s{0,4}\n[\s*(\[]{0,8}(?P<label>[A-Z])[\s*)\].]{0,4}(?=\n|\Z)")
_JOINED_OR_KEY = regex(
    r"\)?(?:\s?[、&/]\s?|\s?[和与及]\s?|\s(?:and|or)\s)[(\[]?(?!I\s)[A-Z](?![A-Za-z])|[\"']\s?:"
)
_LINES_AT_MOST = 100
_AFTER_LABEL = regex(r"[\s.:),、|\]-]{0,8}")
_SEPARATED = regex(r"\s{0,3}(?:[,、]|[.:]\s?(?=[\u3400-\u9fff]))")


def matches(pattern: re.Pattern[str], text: str, end: int, start: int = 0) -> list[re.Match[str]]:
    """The first matches of `pattern` in what counts: a bounded number and stretch before `end`."""
    start = max(start, end - _WITHIN)
    return list(islice(pattern.finditer(text, start, end), _MATCHES_AT_MOST))


def labels_of(pattern: re.Pattern[str], text: Prepared, end: int) -> set[str]:
    """All that the group ``label`` of `pattern` is."""
    return {m["label"] for m in matches(pattern, text.folded, end)}


def last_line(text: Prepared, end: int, options: Options) -> Found | None:
    """The last line before `end`, if it is a label, alone or with its option's own text."""
    stop = len(text.folded[:end].rstrip())
    start = _line_start(text, stop)
    line = _LINE.match(text.folded, start, stop)
    if line is not None and (found := _labelled_line(text, line, options)):
        return found
    place = ordinal_at(text, start, options)
    if place and not place.why and _NOTHING_MORE.fullmatch(text.plain, place.span[1], stop):
        return place
    return None


def _labelled_line(text: Prepared, line: re.Match[str], options: Options) -> Found | None:
    letter, (start, stop) = line["label"].upper(), line.span("rest")
    if not letter.isascii() or _label_of_line_before(text, line.start()) not in (None, letter):
        return None  # the end of a list of options
    if _NOTHING_MORE.fullmatch(text.plain, start, stop):
        return Found(letters=letter, span=line.span("label"))
    if not _BEFORE_TEXT.match(line["close"] + line["rest"]):
        return None
    named = options.named_by(text.plain[start:stop].lstrip(" .:),、|-"))
    if named is None:
        return None
    letters = letter if named == letter else letter + named
    return Found(letters=letters, span=line.span("label"))


def _line_start(text: Prepared, stop: int) -> int:
    """Where the line that ends at `stop` begins, blanks (and reasoning set aside) left out."""
    start = text.folded.rfind("\n", 0, stop) + 1
    return stop - len(text.folded[start:stop].lstrip())


def _label_of_line_before(text: Prepared, start: int) -> str | None:
    before_end = len(text.folded[:start].rstrip())
    before = _LINE.match(text.folded, text.folded.rfind("\n", 0, before_end) + 1, before_end)
    if before is None or not re.match(r"[.:),、|\]]|$", before["close"] + before["rest"].strip()):
        return None
    return before["label"].upper()


def option_text(text: Prepared, end: int, options: Options) -> Found | None:
    """The reply's last line or first sentence, if it is the text of exactly one option."""
    stop = len(text.plain[:end].rstrip())
    start = _line_start(text, stop)
    core = text.plain[start:stop].lstrip(" \t#>*-")
    first = _first_mark(text)
    if (letter := options.named_by(core)) is not None:
        found = Found(letters=letter, span=(stop - len(core), stop))
    elif (named := options.named_at(text.plain, first)) and _ENDS_TEXT.match(text.plain, named[1]):
        found = Found(letters=named[0], span=(first, named[1]))
    else:
        return None
    return None if _others_begin_too(text, end, found.letters, options) else found


def _others_begin_too(text: Prepared, end: int, letter: str, options: Options) -> bool:
    """Whether other lines or sentences begin with other options' texts: listed, not chosen."""
    starts = [0, *(m.end() for m in matches(_BREAK, text.plain, end))]
    begun = (options.begun_at(text.plain, s) for s in starts[-_LINES_AT_MOST:])
    return any(other not in (None, letter) for other in begun)


def _first_mark(text: Prepared) -> int:
    return len(text.folded) - len(text.folded.lstrip())


def answer_first(text: Prepared, end: int, options: Options) -> Found | None:
    """A label with which the reply opens, if it is not the first item of a list."""
    first = _first_mark(text)
    line_end = text.folded.find("\n", first, end)
    line_end = end if line_end < 0 else line_end
    line = _LINE.match(text.folded, first, line_end)
    if line is None or not line["label"].isascii():
        return None
    letter, close, rest = line["label"].upper(), line["close"], line["rest"]
    others = [
        m["label"] for m in matches(LISTED, text.folded, min(end, line_end + _WITHIN), line_end)
    ]
    next_is_listed = bool(others) and _next_line_is_listed(text, line_end)
    found = Found(letters=letter, span=line.span("label"))
    if _NOTHING_MORE.fullmatch(rest):
        if _several_alone(text, letter, line_end, end):
            return None
        return None if next_is_listed and others[0] > letter else found
    after = line.end("close")
    if line["label"].islower() or line["said"] or withdrawn(text, after):
        return None
    joined = more_labels(text.folded, line.end("label"))[0]
    if joined or _JOINED_OR_KEY.match(text.folded, line.end("label")):
        return None  # "A、B均不正确", {"A": 0.1}
    separated = close or rest[:1] in ".,:;、)"
    if separated and own_text_follows(text, after, letter, options):
        return None if next_is_listed and others[0] > letter else found
    enumerated = labels_of(_ENUMERATED, text, end)
    if _REASON.match(close + rest):
        # "1. Because …" may be the first of some steps.
        return found if not options.numbered or enumerated <= {letter} else None
    if options.numbered and re.match(r"[.)、]", close + rest):
        return None
    if letter == "I" and not close and re.match(r"\s?,\s?[a-z]", rest):
        return None  # "I, for one, …"
    if enumerated <= {letter} and (close or line["item"] or _SEPARATED.match(rest)):
        return found
    return None


def _several_alone(text: Prepared, letter: str, start: int, end: int) -> bool:
    """Whether lines of other letters alone follow a first one: an order, or a list of answers."""
    alone = matches(_ALONE, text.folded, min(end, start + _WITHIN), start)
    return any(m["label"] != letter for m in alone[:1])


def own_text_follows(text: Prepared, start: int, letter: str, options: Options) -> bool:
    """Whether the text of option `letter` stands behind the label, up to the end of a clause."""
    first = _AFTER_LABEL.match(text.plain, start)
    named = options.named_at(text.plain, first.end() if first else start)
    return named is not None and named[0] == letter


def _next_line_is_listed(text: Prepared, line_end: int) -> bool:
    after = text.folded[line_end:]
    blank = len(after) - len(after.lstrip())
    return LISTED.match(text.folded, line_end + after[:blank].rfind("\n")) is not None
