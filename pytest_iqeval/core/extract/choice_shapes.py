"""Commitments without a cue before the letter: whole lines, openings, "B is the correct answer"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from pytest_iqeval.core.extract.labels import LISTED, WORDLIKE, Found, asked, label_at, withdrawn
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.text import Prepared

_MATCHES_AT_MOST = 2000  # no reply of sense has more; bounds the work on the others
_BEFORE_LINE = r"[\s#>*+(\[{\"'$,:.-]{0,16}"
_LINE = re.compile(
    rf"{_BEFORE_LINE}(?P<said>(?:the\s)?(?:final\s|correct\s)?(?:answer|option|choice)\s|(?:正确)?(?:答案|选项)\s?)?"
    r"[(\[{\"'$]{0,3}(?:\\[a-z]{2,7}\s?\{){0,2}"
    r"(?P<label>[A-Z])(?P<close>[)\]}\"'>$]{0,4})(?P<item>选项|项)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOTHING_MORE = re.compile(r"[\s.,:;!)\]}\"'>$、\U0001f000-\U0001faff\u2600-\u27bf]*", re.DOTALL)
_REASON = re.compile(
    r"[\s.,:;、)-]{0,4}(?:因为|由于|理由|原因|解析|分析|解释|说明|根据|"
    r"because|since|as\s|the reason|"
    r"reason|explanation|rationale|this is)",
    re.IGNORECASE,
)
_ENUMERATED = re.compile(rf"(?<![{WORDLIKE}(])[(\[]?(?P<label>[A-Z])(?:[)\].:、]|选项)")
_AFTER_LABEL = re.compile(r"[\s.:),、\]-]{0,8}")
_SEPARATED = re.compile(r"\s{0,3}(?:[,、]|[.:]\s?(?=[\u3400-\u9fff]))")

# The letter first: `re` skips to capitals fast, and looks back only there.
_LETTER = rf"(?P<label>[A-Z])(?<![{WORDLIKE}][A-Z])(?![{WORDLIKE}])[)\]\"']?"
_FITTING_EN = (
    r"(?:correct|right|best|appropriate|suitable|accurate|closest|likely|final|logical|reasonable)"
)
_FITTING_ZH = r"(?:正确|最佳|合适|恰当|合理|最优|最好|接近|符合题意|符合要求|符合题目要求|符合)"
IS_THE_ANSWER = re.compile(
    rf"{_LETTER}(?:\s(?:is|was|would be|must be|should be|seems|appears to be)\s"
    r"(?:therefore\s|thus\s|clearly\s|indeed\s)?(?:the|my)\s"
    rf"(?:(?:(?:only|most|single|final)\s)?{_FITTING_EN}\s(?:answer|choice|option|one|response)|"
    r"(?:answer|choice))(?![a-z])"
    r"|\s?(?:选项|项)?\s?(?:应该|应|就|才)?(?:是|为)\s?(?:本题|此题|该题|唯一|最终|最)?(?:的)?"
    rf"(?:{_FITTING_ZH}?(?:的)?(?:答案|选项|选择)))"
)
_WITH_TEXT = r"(?:\s?(?:选项|项)?\s?(?:的)?[(\"][^()\"\n]{1,60}[)\"])?"
_REJECTED = re.compile(
    rf"{_LETTER}{_WITH_TEXT}(?:\s(?:is|seems|would be)\s(?:(?:clearly|also)\s)?"
    r"(?:incorrect|wrong|not|false)"
    r"|\s?(?:选项|项)?\s?(?:的(?:说法|描述|观点|表述|做法)?)?(?:显然|也|都|均|就|则|是|并){0,2}(?:不|错|有误|排除|非))"
)
_AFFIRMED = re.compile(
    rf"{_LETTER}{_WITH_TEXT}(?:\s(?:is|must be|would be|seems|appears to be)\s"
    r"(?:therefore\s|thus\s|the\s|most\s){0,2}"
    rf"(?:{_FITTING_EN}|true)(?![a-z]| in | about | that )"
    r"|\s?(?:选项|项)?\s?(?:的(?:说法|描述|观点|表述|做法)?)?(?:应该|应|显然|就|才|也|都|均|同样)?(?:是|为)?(?:最|更)?(?:为)?"
    rf"(?:{_FITTING_ZH}|对的)(?!吗|与否|性|答案))"
)
_MENTIONED = re.compile(_LETTER)
_SAYS_RIGHT = re.compile(rf"{_FITTING_EN}|true|{_FITTING_ZH}|对的")
# A letter of prose ("Vitamin C is the best answer") is told from a label by what stands before.
_LABEL_MAY_STAND = re.compile(
    r"(?:^|[.,;:!?\n\u3400-\u9fff]|(?<![a-z])(?:option|choice|answer|letter|statement|so|therefore|"
    r"thus|hence|that|think|believe|conclude|then|say|is))\s{0,3}[(\[\"']{0,2}$"
)
_HYPOTHETICAL = re.compile(
    r"(?:如果|若|假如|假设|为什么|为何|是否|不是|并非|if|why|whether)[^,.;]{0,12}$"
)
_JOINED = re.compile(
    r"(?<![A-Za-z])[A-Z]\)?\s?(?:选项|项)?(?:[、,/&]|和|与|及|或|and|or)\s?(?:选项)?[(\[]?$"
)
_CONCLUDES = re.compile(
    r"因此|所以|故|综上|可见|由此|(?<![a-z])(?:therefore|thus|hence|so|conclude|conclusion|overall)(?![a-z])"
)
_SENTENCE_MARK = re.compile(r"[!?;\n]|\.(?![0-9A-Za-z])")
_STATED = re.compile(r"(?:(?<![a-z])(?:is|was|be)|是|为)(?=[\s\"'(\[:-]{0,8}[a-z][).:、\]])")
_CORRESPONDS = re.compile(
    r"(?<![a-z])(?:correspond(?:s|ing)?|match(?:es|ing)?|equates?|equivalent|closest|aligns?|consistent)"
    r"(?: most closely| best| directly)?(?: to| with)?(?: the)? "
    r"(?=(?:option|choice|answer|letter)s? )"
    r"|(?<![a-z])which (?:is|matches|means) (?=\(|option |choice |answer )"
    r"|(?:对应(?:于|的是|着|的)?|也就是|即|就是|接近)\s?(?=选项|答案|[\[(]?[a-z][)\]]?(?:选项|项))"
)


def _matches(
    pattern: re.Pattern[str], text: str, end: int, start: int = 0
) -> Iterator[re.Match[str]]:
    return islice(pattern.finditer(text, start, end), _MATCHES_AT_MOST)


def last_line(text: Prepared, end: int, options: Options) -> Found | None:
    """The last line before `end`, if it is a label, alone or with its option's own text."""
    stop = len(text.folded[:end].rstrip())
    start = _line_start(text, stop)
    line = _LINE.match(text.folded[start:stop])
    if line is None:
        return None
    letter, rest = line["label"].upper(), line["rest"]
    span = (start + line.start("label"), start + line.end("label"))
    if _label_of_line_before(text, start) not in (None, letter):
        return None  # the end of a list of options
    if _NOTHING_MORE.fullmatch(rest):
        return Found(letters=letter, span=span)
    if not re.match(r"[\s.:),、-]", line["close"] + rest):
        return None
    named = options.named_by(rest.lstrip(" .:),、-"))
    if named is None:
        return None
    return Found(letters=letter if named == letter else letter + named, span=span)


def _line_start(text: Prepared, stop: int) -> int:
    """Where the line that ends at `stop` begins, blanks (and reasoning set aside) left out."""
    start = text.folded.rfind("\n", 0, stop) + 1
    return stop - len(text.folded[start:stop].lstrip())


def _label_of_line_before(text: Prepared, start: int) -> str | None:
    before_end = len(text.folded[:start].rstrip())
    before = _LINE.match(text.folded[text.folded.rfind("\n", 0, before_end) + 1 : before_end])
    if before is None or not re.match(r"[.:),、\]]|$", before["close"] + before["rest"].strip()):
        return None
    return before["label"].upper()


def option_text(text: Prepared, end: int, options: Options) -> Found | None:
    """The reply's last line or first sentence, if it is the text of exactly one option."""
    stop = len(text.folded[:end].rstrip())
    start = _line_start(text, stop)
    core = text.folded[start:stop].lstrip(" \t#>*-")
    if (letter := options.named_by(core)) is not None:
        return Found(letters=letter, span=(stop - len(core), stop))
    first = _first_mark(text)
    if (named := options.named_at(text.folded, first)) is None:
        return None
    letter, after = named
    ends = text.folded[after : after + 1]
    return Found(letters=letter, span=(first, after)) if ends in ("", ".", "!", "\n") else None


def _first_mark(text: Prepared) -> int:
    return len(text.folded) - len(text.folded.lstrip())


def answer_first(text: Prepared, end: int, options: Options) -> Found | None:
    """A label with which the reply opens, if it is not the first item of a list."""
    first = _first_mark(text)
    line_end = text.folded.find("\n", first, end)
    line_end = end if line_end < 0 else line_end
    line = _LINE.match(text.folded[first:line_end])
    if line is None:
        return None
    letter, close, rest = line["label"].upper(), line["close"], line["rest"]
    others = [m["label"] for m in _matches(LISTED, text.folded, end, line_end)]
    next_is_listed = bool(others) and _next_line_is_listed(text, line_end)
    found = Found(letters=letter, span=(first + line.start("label"), first + line.end("label")))
    if _NOTHING_MORE.fullmatch(rest):
        return None if next_is_listed and others[0] != letter else found
    after = first + line.end("close")
    if line["label"].islower() or line["said"] or withdrawn(text, after):
        return None
    separated = close or rest[:1] in ".,:;、)"
    if separated and _own_text_follows(text, after, letter, options):
        return None if next_is_listed and others[0] != letter else found
    if _REASON.match(close + rest):
        return found
    enumerated = _labels(text, end, _ENUMERATED)
    if enumerated <= {letter} and (close or line["item"] or _SEPARATED.match(rest)):
        return found
    return None


def _own_text_follows(text: Prepared, start: int, letter: str, options: Options) -> bool:
    """Whether the text of option `letter` stands behind the label, up to the end of a clause."""
    first = _AFTER_LABEL.match(text.folded, start)
    named = options.named_at(text.folded, first.end() if first else start)
    return named is not None and named[0] == letter


def _next_line_is_listed(text: Prepared, line_end: int) -> bool:
    after = text.folded[line_end:]
    blank = len(after) - len(after.lstrip())
    return LISTED.match(text.folded, line_end + after[:blank].rfind("\n")) is not None


def is_the_answer(text: Prepared, match: re.Match[str]) -> Found | None:
    """One match of `IS_THE_ANSWER`, if its letter is a label and the sentence says so plainly."""
    if not _may_be_label(text, match):
        return None
    why = "it is asked, not said" if asked(text, match.end()) else None
    return Found(letters=match["label"], span=match.span("label"), why=why)


def _may_be_label(text: Prepared, match: re.Match[str]) -> bool:
    start = match.start()
    before = text.lower[max(0, start - 24) : start]
    joined = _JOINED.search(text.folded[max(0, start - 24) : start])
    return bool(_LABEL_MAY_STAND.search(before)) and not (joined or _HYPOTHETICAL.search(before))


def affirmed(text: Prepared, end: int, options: Options) -> Found | None:
    """The only option called right: in a closing conclusion, or with all others called wrong, or
    with no other option mentioned.
    """
    if _SAYS_RIGHT.search(text.lower, 0, end) is None:
        return None
    last: re.Match[str] | None = None
    for match in _matches(_AFFIRMED, text.folded, end):
        before = slice(max(0, match.start() - 24), match.start())
        if not _LABEL_MAY_STAND.search(text.lower[before]):
            continue
        if _JOINED.search(text.folded[before]):
            return None
        if last is not None and match["label"] != last["label"]:
            return None
        last = match
    if last is None:
        return None
    found = Found(letters=last["label"], span=last.span("label"))
    others = set(options.letters) - {last["label"]}
    if _closes_with(text, last, end) or not others & _labels(text, end, _MENTIONED):
        return found
    return found if others <= _labels(text, end, _REJECTED) else None


def _labels(text: Prepared, end: int, pattern: re.Pattern[str]) -> set[str]:
    return {m["label"] for m in _matches(pattern, text.folded, end)}


def _closes_with(text: Prepared, match: re.Match[str], end: int) -> bool:
    """Whether the statement is a conclusion ("therefore …") and in the text's last sentence."""
    sentence = _SENTENCE_MARK.split(text.lower[max(0, match.start() - 60) : match.start()])[-1]
    after = text.folded[match.end() : end].strip()
    ended = _SENTENCE_MARK.search(after)
    return bool(_CONCLUDES.search(sentence)) and (ended is None or ended.end() == len(after))


def corresponds(text: Prepared, end: int, options: Options) -> Found | None:
    """The only option that a result is said to correspond to."""
    found: Found | None = None
    for match in _matches(_CORRESPONDS, text.lower, end):
        here = label_at(text, match.end(), options)
        if here is None or here.why:
            continue
        if found is not None and here.letters != found.letters:
            return None
        found = here
    return found


def stated(text: Prepared, end: int, options: Options) -> Found | None:
    """The only option that stands, letter and own text, where a sentence is completed."""
    found: Found | None = None
    for match in _matches(_STATED, text.lower, end):
        here = label_at(text, match.end(), options)
        if here is None or here.why or len(here.letters) > 1:
            continue
        if not _own_text_follows(text, here.span[1], here.letters, options):
            continue
        if found is not None and here.letters != found.letters:
            return None
        found = here
    return found


IMPLIED: Mapping[str, Callable[[Prepared, int, Options], Found | None]] = {
    "affirmed": affirmed,
    "corresponds": corresponds,
    "stated": stated,
    "answer-first": answer_first,
    "option-text": option_text,
}
"""Rule → the shape that it looks for; these count only where nothing is declared."""
