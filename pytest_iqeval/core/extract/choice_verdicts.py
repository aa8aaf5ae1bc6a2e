"""What a reply calls an option: the answer, right, wrong; in a sentence or line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_iqeval.core.extract.choice_shapes import labels_of, matches
from pytest_iqeval.core.extract.labels import WORDLIKE, Found, asked
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

# The letter first: `re` skips to capitals fast, and looks back only there.
_LETTER = rf"(?P<label>[A-Z])(?<![{WORDLIKE}][A-Z])(?![{WORDLIKE}])[)\]\"']?"
_FITTING_EN = (
    r"(?:correct|right|best|appropriate|suitable|accurate|closest|likely|final|logical|reasonable|"
    r"plausible|sensible|fitting)"
)
_FITTING_ZH = r"(?:正确|最佳|合适|恰当|合理|最优|最好|接近|符合题意|符合要求|符合题目要求|符合)"
_SAYS_OF_ZH = r"(?:的(?:说法|描述|观点|表述|做法)?)?"
IS_THE_ANSWER = regex(
    rf"{_LETTER}(?:\s?\([^()\n]{{1,60}}\)|(?:[.:]|(?<=\)))\s?"
    # … its own text, in which no other label has a verdict: "A. On reflection, B is the answer".
    rf"(?:(?!(?<![{WORDLIKE}])[A-Z]\)?\s?(?:is|是))[^.\n]){{1,60}}?(?=\s(?:is|是)))?"
    r"(?:\s(?:is|was|would be|must be|should be|seems|appears to be)\s"
    r"(?:therefore\s|thus\s|clearly\s|indeed\s)?(?:the|my)\s"
    rf"(?:(?:(?:only|most|single|final)\s)?{_FITTING_EN}\s(?:answer|choice|option|one|response)|"
    r"(?:answer|choice))(?![a-z])"
    r"|\s?(?:选项|项)?\s?(?:应该|应|就|才)?(?:是|为)\s?(?:本题|此题|该题|唯一|最终|最)?(?:的)?"
    rf"(?:{_FITTING_ZH}?(?:的)?(?:答案|选项|选择))"
    rf"|(?P<several>\sare\s(?:both\s|all\s)?(?:the\s)?(?:{_FITTING_EN}|valid|acceptable|possible)\s"
    rf"(?:answers|options|choices)|\s?(?:都|均|皆)是?(?:{_FITTING_ZH})?的?答案))"
)
_IS_THE = (
    "is the ",
    "is my ",
    "was the ",
    "be the ",
    "be my ",
    "seems the ",
    " are ",
    "答案",
    "选",
)
_WITH_TEXT = r"(?:\s?(?:选项|项)?\s?(?:的)?[(\"][^()\"\n]{1,60}[)\"])?"
_VERDICT = r"[\s:|→=-]{0,4}"
_REJECTED = regex(
    rf"{_LETTER}{_WITH_TEXT}(?:(?:\s(?:is|seems|would be)\s(?:(?:clearly|also)\s)?|{_VERDICT})"
    r"(?:incorrect|wrong|not|false|no)(?![a-z])"
    rf"|{_VERDICT}[❌✗✘✖×]"
    rf"|[\s:]?(?:选项|项)?[\s:]?{_SAYS_OF_ZH}(?:显然|也|都|均|就|则|是|并){{0,2}}(?:不|错|有误|排除|非))"
)
_AFFIRMED = regex(
    rf"{_LETTER}{_WITH_TEXT}(?:(?:\s(?:is|must be|would be|seems|appears to be)\s"
    rf"(?:therefore\s|thus\s|most\s){{0,2}}|{_VERDICT}(?=correct|right|true|yes))"
    rf"(?:{_FITTING_EN}|true|yes)(?![a-z]| in | about | that )"
    rf"|\s(?:is|must be|would be|seems)\sthe\s(?:most\s)?{_FITTING_EN}"
    r"(?=\s?[.,;!\n]|$|\s(?:one|because|since|as)\s)"
    rf"|{_VERDICT}[✅✓✔√]"
    rf"|[\s:]?(?:选项|项)?[\s:]?{_SAYS_OF_ZH}(?:应该|应|显然|就|才|也|都|均|同样)?(?:是|为)?(?:最|更)?(?:为)?"
    rf"(?:{_FITTING_ZH}|对(?![于应比称照着的])|对的|当选)(?!吗|与否|性|答案)"
    rf"|[^,.;\n]{{1,40}},\s?(?:因此|所以)?(?:就)?是(?:本题)?的?{_FITTING_ZH}的?(?:选择|选项|答案|回应|回答|做法))"
)
_MENTIONED = regex(_LETTER)
# A letter of prose ("Vitamin C is the best answer") is told from a label by what stands before.
_LABEL_MAY_STAND = regex(
    r"(?:^|[.,;:!?\n|\u3400-\u9fff]|(?<![a-z])(?:option|choice|answer|letter|statement|so|therefore|"
    r"thus|hence|that|think|believe|conclude|then|say|is|and|but))\s{0,3}[(\[\"']{0,2}$"
)
_HYPOTHETICAL = regex(
    r"(?:如果|若|假如|假设|为什么|为何|是否|不是|并非|if|why|whether)[^,.;]{0,12}$"
)
_JOINED = regex(
    r"(?<![A-Za-z])(?P<label>[A-Z])\)?\s?(?:选项|项)?(?:\s?[、,/&]\s?|\s?(?:和|与|及|或)\s?|\s(?:and|or)\s)"
    r"(?:选项|option\s)?[(\[]?$"
)
CONCLUDES = regex(
    r"因此|所以|故|综上|可见|由此|(?<![a-z])(?:therefore|thus|hence|so|conclude|conclusion|overall|"
    r"consequently|accordingly)(?![a-z])"
)
SENTENCE_MARK = regex(r"[!?;\n]|\.(?![0-9A-Za-z])")

_SEVERAL = r"[A-Z](?:[)\s]{0,2}(?:[、,和与及/&]|and)?[(\s]{0,2}[A-Z](?![a-z])){1,8}"
# "A、C、D均错误", "A, C and D are wrong", 排除A、C, "rule out A and C"
_SEVERAL_REJECTED = regex(
    rf"(?<![{WORDLIKE}])(?P<labels>{_SEVERAL})(?![{WORDLIKE}])\)?(?:"
    r"\s?[二三四五六两]?个?(?:选项|项)?(?:的说法)?(?:均|都|皆|全|则|是|也){0,2}(?:不|错|有误|非)"
    r"|\s(?:are|were|can be)\s(?:both\s|all\s)?"
    r"(?:wrong|incorrect|false|not|eliminated|ruled|excluded))"
    rf"|(?:排除|eliminate|rule out|exclude)(?:选项|\soptions?)?\s?(?P<excluded>{_SEVERAL})"
)
_LINE_OF_OPTION = regex(
    r"(?:^|\n)[ \t#>*+|(\[-]{0,8}(?:选项|[Oo]ption\s)?(?P<label>[A-Z])"
    r"(?P<rest>(?:[)\].:、|]|(?:选项|项)[,:]|\s{0,3}[-|→:✅✓✔√❌✗✘×])[^\n]{0,300})"
)
_CALLED_WRONG = regex(
    r"(?<![a-z])(?:incorrect|wrong|false|no)(?![a-z])|not (?:correct|right|true)"
    r"|[❌✗✘✖×]|错|不正确|不对|不符"
)
_CALLED_RIGHT = regex(
    r"(?<![a-z])(?<!not )(?:correct|right|true|yes)(?![a-z])|[✅✓✔√]"
    r"|(?<!不)正确|(?<!不)对(?=[.,;!]|$)|(?<!不)符合"
)


def answers(text: Prepared) -> Iterator[re.Match[str]]:
    """Where `IS_THE_ANSWER` matches; few replies have its words, so these are looked for first."""
    if any(words in text.lower for words in _IS_THE):
        return IS_THE_ANSWER.finditer(text.folded)
    return iter(())


def is_the_answer(text: Prepared, match: re.Match[str]) -> Found | None:
    """One match of `IS_THE_ANSWER`, if its letter is a label and the sentence says so plainly."""
    joined = _joined_before(text, match)
    if (joined is None) != (match["several"] is None) or not _may_be_label(text, match, joined):
        return None
    letters = (joined["label"] if joined else "") + match["label"]
    why = "it is asked, not said" if asked(text, match.end()) else None
    return Found(letters=letters, span=match.span("label"), why=why)


def _joined_before(text: Prepared, match: re.Match[str]) -> re.Match[str] | None:
    return _JOINED.search(text.folded[max(0, match.start() - 24) : match.start()])


def _may_be_label(
    text: Prepared, match: re.Match[str], joined: re.Match[str] | None = None
) -> bool:
    before = text.lower[max(0, match.start() - 24) : match.start()]
    if joined is not None:
        return not _HYPOTHETICAL.search(before)
    return bool(_LABEL_MAY_STAND.search(before)) and not _HYPOTHETICAL.search(before)


def affirmed(text: Prepared, end: int, options: Options) -> Found | None:
    """The only option called right: in a closing conclusion, or where each other option that is
    mentioned is called wrong.
    """
    right, wrong = _verdicts_of_list(text, end, options)
    last: re.Match[str] | None = None
    stated = [(match, False) for match in matches(_AFFIRMED, text.folded, end)]
    for match, listed in [*stated, *((match, True) for match in right)]:
        if not listed and not _LABEL_MAY_STAND.search(
            text.lower[max(0, match.start() - 24) : match.start()]
        ):
            continue
        if not listed and _joined_before(text, match):
            return None
        if last is not None and match["label"] != last["label"]:
            return None
        last = match
    if last is None:
        return None
    found = Found(letters=last["label"], span=last.span("label"))
    if _closes_with(text, last, end):
        return found
    others = (set(options.letters) - {last["label"]}) & labels_of(_MENTIONED, text, end)
    return found if others <= wrong | _rejected(text, end) else None


def _rejected(text: Prepared, end: int) -> set[str]:
    """The labels that are called wrong, one by one or several in a row."""
    several = matches(_SEVERAL_REJECTED, text.folded, end)
    in_a_row = "".join(m["labels"] or m["excluded"] for m in several)
    return labels_of(_REJECTED, text, end) | set(in_a_row)


def _verdicts_of_list(
    text: Prepared, end: int, options: Options
) -> tuple[list[re.Match[str]], set[str]]:
    """The lines of a list of options that call theirs right, and the labels of the other lines."""
    right: list[re.Match[str]] = []
    wrong: set[str] = set()
    for line in matches(_LINE_OF_OPTION, text.folded, end):
        own = options.own_text_length(line["label"], text.plain[slice(*line.span("rest"))])
        said = text.lower[line.start("rest") + own : line.end("rest")]
        called_right, called_wrong = _CALLED_RIGHT.search(said), _CALLED_WRONG.search(said)
        if called_right and not called_wrong:
            right.append(line)
        elif called_wrong and not called_right:
            wrong.add(line["label"])
    return right, wrong


def _closes_with(text: Prepared, match: re.Match[str], end: int) -> bool:
    """Whether the statement is a conclusion ("therefore …") and in the text's last sentence."""
    sentence = SENTENCE_MARK.split(text.lower[max(0, match.start() - 60) : match.start()])[-1]
    after = text.folded[match.end() : end].strip()
    ended = SENTENCE_MARK.search(after)
    return bool(CONCLUDES.search(sentence)) and (ended is None or ended.end() == len(after))
