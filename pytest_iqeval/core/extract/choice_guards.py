"""What before a cue makes it no commitment: conditions, negations, what other people say.

Each pattern is searched in the folded, lower-case text that ends where the cue begins, as
`sentences.said_before` gives it.
"""

from __future__ import annotations

from pytest_iqeval.core.extract.regex import regex

_OTHERS_EN = (
    r"(?:he|she|they|you|people|someone|somebody|everyone|students?|friends?|teachers?|textbooks?|"
    r"books?|users?|colleagues?|classmates?|others|some|many|most|keys?)"
)
_SAY_EN = (
    r"(?:says?|said|claims?|claimed|thinks?|thought|argues?|argued|believes?|believed|answers?|"
    r"answered|insists?|insisted|wrote|told me)"
)
_OTHERS_ZH = (
    r"(?:有人|有些人|很多人|不少人|人们|的人|同学|学生|朋友|老师|课本|他|她|别人|其他人|网友|"
    r"小[\u4e00-\u9fff]|[甲乙丙丁]|资料|文章|网上|题解)们?"
)
_SAY_ZH = r"(?:会|可能|都|却|则|就|曾|一直){0,2}(?:说|认为|觉得|以为|回答|声称|称|写|选)"
_QUOTED = r"[:,]?\s?[\"']?\s?"
_SAID_BY_OTHERS = regex(
    rf"(?<![a-z]){_OTHERS_EN} (?:[a-z]{{1,12}} )?{_SAY_EN}(?: that)?{_QUOTED}"
    r"(?:the |my |his |her )?(?:correct |right |best |final )?\Z"
    rf"|(?:students?|persons?|friends?|users?|speakers?) \d:\s?[\"']?(?:the )?\Z"
    rf"|(?<![a-z])(?:student|user|candidate|friend|classmate)'s (?:own |first )?\Z"
    rf"|(?:学生|同学|用户|考生)的?\s?\Z"
    rf"|{_OTHERS_ZH}{_SAY_ZH}{_QUOTED}(?:(?:这|本|此)题)?(?:的)?(?:正确)?\Z"
)
_AS_EXAMPLE = regex(
    r"(?:格式|例如|比如|形如|样式|形式|写|写成|写上|输出)[^\n]{0,8}[\"'(]\s?\Z"
    r"|(?:format|e\.g\.|such as|like|for example|form(?: of)?|(?<![a-z])(?:write|output|put|print|"
    r"(?:end|reply|respond|finish) with))[^\n]{0,8}[\"'(]\s?\Z"
    r"|(?:last|final) line[^\n]{0,30}[\"'(]\s?\Z"
)
_SAYS = regex(
    r"say|said|claim|think|thought|argu|believ|answer|insist|wrote|told|'s |\d:"
    r"|学生|同学|用户|考生|称|说|认为|觉得|以为|回答|写|选"
)


def said_by_others(before: str) -> bool:
    """Whether an answer is someone else's: "some students say the answer is …", 小明说答案是."""
    return _SAYS.search(before) is not None and _SAID_BY_OTHERS.search(before) is not None


def as_example(before: str) -> bool:
    """Whether the form of an answer is quoted: a line like "ANSWER: A", 最后一行写“答案：A”."""
    return before.rstrip()[-1:] in ("'", '"', "(") and _AS_EXAMPLE.search(before) is not None


NOT_CONCLUDED = regex(
    r"(?:n't (?:think|believe)|(?<![a-z])(?:if|whether|unless|not|as|nor))\s{1,2}\Z"
    r"|(?:不|非|如果|若|是否|错误|错误的|(?:排除|误选|混淆|干扰|去掉|删去)(?:掉)?的?(?:选项)?)\Z"
)
NOT_SAID_EN = regex(
    r"(?:n't (?:think|believe|mean|say)|(?<![a-z])(?:if|whether|unless|suppose|supposing|"
    r"assume|assuming|doubt|wrong|incorrect|tempting|common|another|possible|not|isn't|"
    r"(?:might|may|could|would|people|some|students|others|many) "
    r"(?:say|think|answer|argue|believe)))"
    r"(?: that)?(?: (?:the|your|my|our|an?))?(?: (?:correct|right|best|final))?\s{0,2}\Z"
)
NOT_SAID_ZH = regex(
    r"(?:不|非|如果|若|假如|假设|要是|即使|倘若|是否|错误|错误的|干扰|为什么|为何|难道|以为|误以为)"
    r"(?:说|是|的)?(?:这题|本题|此题)?(?:的)?(?:正确|最终)?(?:的)?\Z"
)
NOT_CHOSEN_ZH = regex(
    r"(?:(?<!不得)不|别|勿|未|没|没有|误|错|避免|而非|而不是|不是|并非|为什么|为何|为啥|是否|能否|如果|若|"
    r"假如|假设|要是|容易|也许|或|或者|可能|单|多|备|候|可|谁|[a-z]\)?(?:选项|项)?\s?还是)"
    r"(?:能|应|应该|该|可|可以|会|宜|要|建议|推荐|可能|再|去|直接|就|得|想){0,2}\Z"
    rf"|{_OTHERS_ZH}(?:会|可能|都|却|则|就|曾)?\Z"
)
NOT_FITTING_ZH = regex(r"(?:不|非|如果|若|假如|是否|最不|不太|不够)(?:最)?\Z")
CHOOSER = regex(
    r"(?:^|[\n.,:;]|(?<![a-z])(?:i|we|i'd|i'll|i'm|we'd|we'll|let's|us|would|will|should|must|shall|"
    r"to|therefore|so|thus|hence|then|finally|definitely|personally|probably))\s{0,3}\Z"
)
NOT_CHOSEN_EN = regex(
    r"(?<![a-z])(?:if|why|when|whether|people|some|students|you|they|who|not|never|reason|tempted|"
    r"tempting|wrong|might|may|could|were|unless)\s[a-z' ]{0,12}\Z"
    r"|(?<![a-z])was (?:going|about|inclined|ready) to\s\Z"
)
LOOKS_AT = regex(
    r"(?<![a-z])(?:options|choices|analy[sz]|consider|evaluat|examin|look|each|first)[^\n]{0,40}\Z"
    r"|(?:选项|分析|逐|来看|首先|考虑|看)[^\n]{0,20}\Z"
)
"""What opens a discussion of options rather than a sentence that one of them completes."""
CONDITIONAL_BEFORE = regex(
    r"(?:如果|若|假如|要是|倘若|(?<![a-z])(?:if|when)\s)[^\n.;!?]{1,40}[,，]\s?"
    r"(?:那么|则|就|应该?|then |please |you should )?\Z"
)
CONDITIONAL_AFTER = regex(
    r"[\s)\]\"']{0,4}(?:(?:if|when|unless)(?![a-z])|(?:选项|项)?的(?:理由|原因|依据|话|人|同学))"
)
"""A statement under a condition; two of them with different letters are no answer."""
